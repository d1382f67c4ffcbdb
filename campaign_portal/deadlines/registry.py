"""What has to be done by when, and by whom. Apps register kinds of duty in their `deadlines.py`.

The registry knows no hazard and no home. A kind answers two questions. Whose are they: `rows(user, today)` are the open
ones that this user has to act on, and `duty(row)` says what stands on a to-do list. And what is open at all: `open()` with
`entries()`, for reminders, the county's week and the list of what is overdue.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db import models
from django.utils import timezone

from campaign_portal.accounts import access


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


class Rung(models.IntegerChoices):
    """The ladder of who answers for a duty, from the one who has to act up to the county."""

    RESPONSIBLE = 0, "责任人"
    LIAISON = 1, "包联责任人"
    SUPERVISOR = 2, "乡镇（监管单位）"
    COUNTY = 3, "县民政局"


class Person(NamedTuple):
    """Somebody without an account, reached through an office."""

    name: str
    phone: str


class Post(NamedTuple):
    """Who stands on a rung: the people of an office who hold a duty (`needs`, a boolean of User), or one without an account."""

    office: int
    needs: str = "is_caseworker"
    person: Person | None = None


class Entry(NamedTuple):
    """One open object, whoever has to act. `posts` are (Rung, Post) pairs; the county's rung is filled in by the reader."""

    pk: int
    due_on: date
    title: str
    url: str
    posts: tuple
    is_major: bool = False

    def office(self):
        """The office whose move it is; None where nobody's."""
        return next((post.office for rung, post in self.posts if rung == Rung.RESPONSIBLE), None)


class Moved(NamedTuple):
    """A day that was moved: when, from which day to which, by whom and why, in words."""

    at: datetime
    was: date
    now: date
    by: str
    why: str


class Days(models.TextChoices):
    """How the day of a kind comes about."""

    SET = "set", "指定日期"
    CALENDAR = "calendar", "自然日"
    WORKING = "working", "工作日"


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
    basis: str = ""  # the rule and its clause, or whose word sets the day
    days: str = Days.SET
    is_statutory: bool = False  # set by law: not final on a tentative calendar
    # What is open at all. A kind without it is only a view on another one (督促逾期整改), or asks for no more than a look.
    open: Callable | None = None  # () -> queryset of all open ones
    due: str = "due_on"  # the column of the day in it
    entries: Callable | None = None  # queryset of open ones -> iterator of Entry
    area: str = ""  # the path from it to the area columns, e.g. "hazard__"
    visible: Callable | None = (
        None  # (open rows, user) -> those that the user may see; by the area columns if not given
    )
    moves: Callable | None = (
        None  # pks -> (pk, Moved) of days that people moved; the calendar's come from deadlines.moves
    )
    seen: Callable | None = None  # user -> those whose history he may read when they are no longer open

    def asks(self, user):
        """Whether this user's role and duties answer for it."""
        return user.office.kind in self.roles and getattr(user, self.needs)

    def visible_to(self, user):
        """The open ones that the user may see, whoever has to act."""
        rows = self.open()
        if self.visible:
            return self.visible(rows, user)
        scope = access.scope_of(user)
        return rows.filter(_under(self.area, scope)) if scope.areas else rows.none()


def _under(path, scope):
    found = models.Q()
    for column, code in scope.areas:
        found |= models.Q(**{f"{path}{column}": code})
    return found


def stream(columns, make: Callable) -> Callable[[models.QuerySet], Iterable[Entry]]:
    """`entries` of a kind whose Entry can be made from a few columns: `make(row)` gets them as a named tuple."""
    return lambda rows: (make(row) for row in rows.values_list(*columns, named=True).iterator(chunk_size=2000))


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


def is_final(kind, due_on, calendar, *, since=None):
    """Whether a day may be told as settled. One that a law sets, counted in working days (from `since`, if it is known),
    is not while it rests on a year whose calendar is not loaded."""
    if not kind.is_statutory or kind.days != Days.WORKING:
        return True
    return not calendar.is_tentative(since or due_on, due_on)


def planned_kinds():
    """The kinds of which the registry knows everything that is open."""
    return [kind for kind in KINDS.values() if kind.open]


def kinds_of(user):
    """The kinds that this user's role and duties answer for."""
    return [kind for kind in KINDS.values() if kind.asks(user)]


def groups_for(user, *, today):
    """Every kind this user's role answers for, with up to CAP duties, empty ones left out. One query a kind."""
    found = []
    for kind in kinds_of(user):
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
