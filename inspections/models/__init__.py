from .figures import CountedDay, DailyFigure
from .files import Attachment, Comment, Photo
from .hazards import Counter, Hazard, Part, ProxyEntry, Request
from .history import HazardHistory
from .rules import Category, Limits, MajorCriterion

__all__ = [
    "Attachment",
    "Category",
    "Comment",
    "CountedDay",
    "Counter",
    "DailyFigure",
    "Hazard",
    "HazardHistory",
    "Limits",
    "MajorCriterion",
    "Part",
    "Photo",
    "ProxyEntry",
    "Request",
]
