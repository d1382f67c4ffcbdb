from .figures import CountedDay, DailyFigure
from .files import Attachment, Comment, Photo
from .hazards import Counter, Hazard, Part, ProxyEntry, Request
from .history import HazardHistory
from .rules import Category, Limits, MajorCriterion
from .selfcheck import Answer, AnswerPhoto, CheckItem, CheckList, CheckSection, SelfCheck, SelfCheckRound

__all__ = [
    "Answer",
    "AnswerPhoto",
    "Attachment",
    "Category",
    "CheckItem",
    "CheckList",
    "CheckSection",
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
    "SelfCheck",
    "SelfCheckRound",
]
