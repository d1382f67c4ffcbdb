"""The hazards that homes and inspectors of the county find, in the order of their categories."""

from . import care, danger, running

HAZARDS = danger.HAZARDS + care.HAZARDS + running.HAZARDS
