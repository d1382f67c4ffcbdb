"""Lists of this app of which a user may save views."""

from campaign_portal.lists.registry import SavableList, register

from .ledger import tidied

HAZARDS = SavableList("hazards", "隐患台账", "inspections:ledger", tidied)
register(HAZARDS)
