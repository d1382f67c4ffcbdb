"""Whether the calendar covers what it is asked: a year without one is reported, never passed over."""

from datetime import date
from typing import NamedTuple

from django.db.models import Max

from campaign_portal import clock
from campaign_portal.accounts import access

from . import workdays
from .registry import Days, planned_kinds

NOTICE_IS_OUT = 11  # the State Council announces the next year in October or November


class Gap(NamedTuple):
    """A year without a calendar, and why that matters now."""

    year: int
    why: str


def gaps(user, *, today=None):
    """The years that have to be taken in now: this one, the next from November on, and those in which a deadline lies that
    the user may see. Two queries."""
    today = today or clock.today()
    return _gaps(today, _latest_deadline(user, after=date(today.year, 12, 31)), workdays.calendar().covers)


def gaps_at_hand(user, groups, *, today):
    """The same for a first page, without a query: of deadlines only the user's own duties (`groups`) are looked at."""
    days = [duty.due_on for group in groups if group.kind.days == Days.WORKING for duty in group.duties]
    return _gaps(today, max(days, default=None), lambda year: year <= (user.calendar_until or 0))


def _gaps(today, latest, covers):
    asked = {latest.year: "已有按工作日计的期限落在这一年。"} if latest and latest.year > today.year else {}
    if today.month >= NOTICE_IS_OUT:
        asked[today.year + 1] = "国务院办公厅的安排一般已经公布。"
    asked[today.year] = "今年的工作日只能按周一至周五计。"
    return [Gap(year, why) for year, why in sorted(asked.items()) if not covers(year)]


def _latest_deadline(user, *, after):
    """The last open day counted in working days that lies beyond a day, of those that the user may see. None above the
    county, where looking would mean going through the whole ledger, and where each county is told itself."""
    if not access.scope_of(user).is_within_county:
        return None
    kinds = [kind for kind in planned_kinds() if kind.days == Days.WORKING]
    found = [_days_beyond(kind, user, after) for kind in kinds]
    rows = found[0].union(*found[1:], all=True) if found else []
    return max((day for (day,) in rows), default=None)


def _days_beyond(kind, user, after):
    rows = kind.visible_to(user).order_by().filter(**{f"{kind.due}__gt": after})
    return rows.values_list(Max(kind.due))
