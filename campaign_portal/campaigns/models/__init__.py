from .campaigns import Campaign, Phase, Unit
from .indicators import Indicator, IndicatorDay, Share
from .notices import DraftItem, Notice
from .plan import DateChange, Milestone, Task, TaskUnit
from .progress import Evidence, Progress, ProgressFigure
from .submissions import (
    Submission,
    SubmissionDraft,
    SubmissionFile,
    SubmissionPart,
    SummaryPart,
    SummaryRound,
    YearFigure,
)

__all__ = [
    "Campaign",
    "DateChange",
    "DraftItem",
    "Evidence",
    "Indicator",
    "IndicatorDay",
    "Milestone",
    "Notice",
    "Phase",
    "Progress",
    "ProgressFigure",
    "Share",
    "Submission",
    "SubmissionDraft",
    "SubmissionFile",
    "SubmissionPart",
    "SummaryPart",
    "SummaryRound",
    "Task",
    "TaskUnit",
    "Unit",
    "YearFigure",
]
