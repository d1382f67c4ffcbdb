"""What has to be done by when, and by whom. Apps register kinds of duty in their `deadlines.py`.

The registry knows no hazard and no home: a kind is a function from a user and a day to a queryset, and a function from a
row to a `Duty`. Home pages, to-do lists and (later) calendars and reminders read only this.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.utils import timezone


class Duty(NamedTuple):
    """One thing to do."""

    title: str
    note: str
    url: str
    due_on: date
    action: str  # the button, e.g. "提交整改"
    is_major: bool = False

    def days_left(self, today):
        """Negative when late."""
        return (self.due_on - today).days


@dataclass(frozen=True)
class Kind:
    """A kind of duty. `rows(user, today)` gives the open ones of this user as a queryset ordered by due date."""

    code: str
    label: str
    roles: frozenset[str]
    rows: Callable
    duty: Callable
    url: Callable  # user -> the list of all of them
    needs: str = "is_caseworker"  # a boolean of User: who has no such duty has nothing to do here


KINDS: dict[str, Kind] = {}


def register(kind: Kind):
    KINDS[kind.code] = kind


class Group(NamedTuple):
    """The open duties of one kind: the first few and how many there are (capped)."""

    kind: Kind
    duties: list[Duty]
    count: int
    is_capped: bool
    url: str


CAP = 200


def groups_for(user, *, today):
    """Every kind this user's role answers for, with up to CAP duties, empty ones left out. One query a kind."""
    found = []
    for kind in KINDS.values():
        if user.office.kind not in kind.roles or not getattr(user, kind.needs):
            continue
        duties = [kind.duty(row) for row in kind.rows(user, today)[: CAP + 1]]
        if duties:
            capped = len(duties) > CAP
            found.append(Group(kind, duties[:CAP], min(len(duties), CAP), capped, kind.url(user)))
    return found


def in_order(groups):
    """All duties with their kind, most urgent first: by due date, major ones before others of the same day."""
    pairs = [(duty, group.kind) for group in groups for duty in group.duties]
    return sorted(pairs, key=lambda pair: (pair[0].due_on, not pair[0].is_major))


def day_of(moment: datetime) -> date:
    return timezone.localtime(moment).date()
