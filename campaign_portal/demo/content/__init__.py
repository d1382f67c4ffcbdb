"""What the demonstration county is made of: places, bodies, homes, people and the texts they would write.

Plain data, no Django. Five homes bear the names of the real notice; everything else about them, and every other home
and person, is invented. Telephone numbers all start 1380000, which no one holds.
"""

from .hazards import HAZARDS
from .homes import HOMES
from .notes import NOTES
from .people import LIAISONS, PEOPLE
from .places import AREAS, COUNTY, OFFICES, SHORT

__all__ = ["AREAS", "COUNTY", "HAZARDS", "HOMES", "LIAISONS", "NOTES", "OFFICES", "PEOPLE", "SHORT"]
