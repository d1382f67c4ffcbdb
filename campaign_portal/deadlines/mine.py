"""The open duties of one user, ahead of their day. His list, his month and his calendar feed read the same."""

from datetime import date
from typing import NamedTuple

from campaign_portal import clock

from . import registry, workdays
from .registry import CAP, Days, Duty, Kind
from .workdays import after

HORIZON = 60  # days ahead


class Item(NamedTuple):
    kind: Kind
    pk: int
    duty: Duty
    is_tentative: bool = False  # counted in working days of a year whose calendar is not loaded

    @property
    def key(self):
        """What tells it from all others."""
        return f"{self.kind.code}-{self.pk}"

    @property
    def words(self):
        """What it is in one line: the kind stands before a title that does not begin with what to do."""
        title = self.duty.title
        return title if title.startswith(self.duty.action) else f"{self.kind.label}：{title}"


class Upcoming(NamedTuple):
    items: list[Item]  # by day
    capped: list[str]  # labels of the kinds of which only the first CAP are here


def horizon():
    return after(clock.today(), HORIZON, in_workdays=False)


def kinds_for(user):
    """The kinds of which this user may have duties with a day."""
    return [kind for kind in registry.kinds_of(user) if kind.open]


def upcoming(user, *, until, since=None):
    """What is due up to a day (from `since` on, late ones included if not given). One query a kind and one for the calendar."""
    found, calendar = Upcoming([], []), workdays.calendar()
    for kind in kinds_for(user):
        rows = list(_rows(kind, user, since, until)[: CAP + 1])
        if len(rows) > CAP:
            found.capped.append(kind.label)
        found.items.extend(_item(kind, row, calendar) for row in rows[:CAP])
    found.items.sort(key=lambda item: (item.duty.due_on, not item.duty.is_major, item.kind.code, item.pk))
    return found


def _item(kind, row, calendar):
    duty = kind.duty(row)
    return Item(kind, row.pk, duty, is_tentative(kind, duty.due_on, calendar))


def is_tentative(kind, due_on, calendar):
    """Whether a day may still move with the calendar of its year."""
    return kind.days == Days.WORKING and not calendar.covers(due_on.year)


def _rows(kind, user, since, until):
    """Kinds that show up some days before their day are asked as of `until`."""
    rows = kind.rows(user, max(until, clock.today())).filter(**{f"{kind.due}__lte": until})
    return rows.filter(**{f"{kind.due}__gte": since}) if since else rows


class Group(NamedTuple):
    title: str
    items: list[Item]


def by_nearness(items, *, today: date):
    """Late, today, up to Sunday, later; groups without any are left out."""
    sunday = after(today, 6 - today.weekday(), in_workdays=False)
    bounds = [
        ("已逾期", lambda day: day < today),
        ("今天到期", lambda day: day == today),
        ("本周内", lambda day: today < day <= sunday),
        ("以后", lambda day: day > sunday),
    ]
    groups = [Group(title, [item for item in items if holds(item.duty.due_on)]) for title, holds in bounds]
    return [group for group in groups if group.items]
