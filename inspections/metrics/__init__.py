"""Figures of the hazard ledger. Each is counted over what the user may see, now or as of a past day, and links to its rows.

The links lead to the ledger as it stands now: for a past day the number stays true, the rows behind it have moved on.
Each chapter has its kind of figure; what indicators, first pages and boards read is registered here.
"""

from campaign_portal.accounts.access import EVERYONE, Role
from campaign_portal.campaigns import metrics
from campaign_portal.campaigns.metrics import Metric

from ..daily import rows, tally, trend
from ..models import Hazard
from .divided import CLOSED, CLOSED_RATE, FOUND, MAJOR_OPEN, ON_TIME_RATE, OVERDUE, RECHECK_OVERDUE
from .funnels import funnel, funnel_by_grade, stages
from .official import official_form
from .single import (
    closed,
    closed_rate,
    found,
    major_open,
    on_time_rate,
    overdue,
    recheck_overdue,
    recurrence,
    waiting,
)
from .tables import by_category, by_home, by_place, by_source, recurring_pairs

__all__ = ["by_category", "by_home", "by_place", "by_source", "recurring_pairs"]
__all__ += ["closed_rate", "major_open", "on_time_rate", "overdue", "recheck_overdue", "recurrence"]
__all__ += ["funnel", "funnel_by_grade", "stages", "official_form"]
__all__ += ["rows", "tally", "trend"]

READERS = EVERYONE - {Role.ASSOCIATION}
ON_HOME_PAGES = READERS - {Role.EVALUATOR}
NOWHERE_AT_FIRST = frozenset()

SAID_AS = {  # how notices call them; a rate of major hazards, or of those of one kind, is another figure
    "hazards.closed_rate": (
        "隐患整改销号率",
        "隐患销号率",
        "隐患整改率",
        "隐患整改完成率",
        "安全隐患整改率",
        "安全隐患整改销号率",
        "问题隐患整改率",
        "问题隐患整改销号率",
        "整改销号率",
        "销号率",
        "整改率",
    ),
    "hazards.on_time_rate": ("按期整改率", "按时整改率", "隐患按期整改率", "隐患按时整改率", "隐患限期整改率"),
    "hazards.overdue": ("整改逾期隐患", "逾期隐患", "逾期未整改隐患", "隐患逾期未整改"),
    "hazards.major_open": ("重大隐患未销号", "未销号重大隐患", "未整改重大隐患"),
}

for code, roles, count, told in [
    ("hazards.closed_rate", ON_HOME_PAGES, closed_rate, CLOSED_RATE),
    ("hazards.overdue", ON_HOME_PAGES, overdue, OVERDUE),
    ("hazards.major_open", ON_HOME_PAGES, major_open, MAJOR_OPEN),
    ("hazards.waiting", ON_HOME_PAGES, waiting, None),
    ("hazards.recheck_overdue", NOWHERE_AT_FIRST, recheck_overdue, RECHECK_OVERDUE),
    ("hazards.on_time_rate", NOWHERE_AT_FIRST, on_time_rate, ON_TIME_RATE),
    ("hazards.recurrence", NOWHERE_AT_FIRST, recurrence, None),
    ("hazards.found", NOWHERE_AT_FIRST, found, FOUND),
    ("hazards.closed", NOWHERE_AT_FIRST, closed, CLOSED),
]:
    offered = (
        {"name": told.label, "unit": told.unit, "by_place": told.by_place, "by_home": told.by_home} if told else {}
    )
    metrics.register(Metric(code, roles, count, readers=READERS, said_as=SAID_AS.get(code, ()), **offered))

metrics.TABLES["hazards.by_place"] = by_place
metrics.TABLES["hazards.by_home"] = by_home
metrics.NUMBERED.append(lambda campaign: Hazard.objects.filter(campaign=campaign).exists())

from .. import selfcheck_metrics  # noqa: E402, F401 - registers the figures of self-checks, after those of hazards
