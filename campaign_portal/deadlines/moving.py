"""What moves when the calendar changes: deadlines that were counted in working days and are still open.

An app registers each such kind as `Counted`. So many working days as lay between its beginning and its day by the old
calendar lie between its beginning and its new day by the new one. A day that was not counted (set by hand, or in
calendar days) is left where it is.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.utils import timezone

from campaign_portal import clock

from .models import DueChange
from .registry import KINDS


class Move(NamedTuple):
    """One open object of a kind. `holder` is the row that keeps the day, where that is another (a part's hazard)."""

    pk: int
    holder: int
    was: date
    now: date


@dataclass(frozen=True)
class Counted:
    """A kind of duty whose day is counted in working days from a moment.

    `lock(rows)` locks what the steps of these rows would lock, lowest id first; it gets the open ones of all kinds that
    name the same `lock`. `move(moves, by, reason)` moves the locked ones, with history and audit.
    """

    code: str  # of the Kind
    begins: str  # path to the moment from which it is counted
    lock: Callable  # set of holders
    move: Callable
    holder: str = "pk"  # path to the row that keeps the day
    county: str = ""  # path to its county code, if a county may count otherwise
    counties_otherwise: Callable = lambda: frozenset()  # () -> codes of counties that count calendar days

    @property
    def kind(self):
        return KINDS[self.code]

    def rows(self, first, last):
        """The open ones whose span touches the days from `first` to `last`."""
        within = {f"{self.kind.due}__gte": first, f"{self.begins}__lt": clock.start_of(last + clock.ONE_DAY)}
        found = self.kind.open().filter(**within)
        if self.county and (others := self.counties_otherwise()):
            found = found.exclude(**{f"{self.county}__in": others})
        return found.order_by("pk")


COUNTED: dict[str, Counted] = {}


def register(counted: Counted):
    COUNTED[counted.code] = counted


def changed_days(old, new):
    """(first, last) day on which two calendars differ, or None."""
    differing = {day for day in old.moved.keys() | new.moved.keys() if old.is_workday(day) != new.is_workday(day)}
    return (min(differing), max(differing)) if differing else None


def moves_of(counted, old, new):
    """Every move of a kind from one calendar to another, in order of pk."""
    span = changed_days(old, new)
    if span is None:
        return []
    columns = ("pk", counted.holder, counted.begins, counted.kind.due)
    found = []
    for pk, holder, begun, due in counted.rows(*span).values_list(*columns).iterator(chunk_size=2000):
        day = _moved(timezone.localtime(begun).date(), due, old, new)
        if day != due:
            found.append(Move(pk, holder, due, day))
    return found


def _moved(begun, due, old, new):
    days = old.between(begun, due)
    if days <= 0 or old.add(begun, days) != due:  # not counted, or no day left to count
        return due
    return new.add(begun, days)


def all_moves(old, new):
    """{code: [Move]} of every kind, without kinds of which nothing moves."""
    found = {code: moves_of(counted, old, new) for code, counted in COUNTED.items()}
    return {code: moves for code, moves in found.items() if moves}


def move_all(old, new, *, by, reason):
    """Move what is open now. In a transaction that holds the calendar alone. Returns {code: [Move]} as it was done."""
    for lock, holders in _to_lock(all_moves(old, new)).items():
        lock(holders)
    done = all_moves(old, new)  # as they stand under the locks
    for code, moves in done.items():
        COUNTED[code].move(moves, by=by, reason=reason)
        DueChange.objects.bulk_create(
            [
                DueChange(kind=code, object_pk=move.pk, was=move.was, now=move.now, reason=reason, by=by)
                for move in moves
            ],
            batch_size=2000,
        )
    return done


def _to_lock(moves):
    """{lock: holders} over all kinds, so that each table is locked once and in one order."""
    found = defaultdict(set)
    for code, some in moves.items():
        found[COUNTED[code].lock].update(move.holder for move in some)
    return found


def once(moves):
    """One for each row that keeps a day: two parts of a hazard are one deadline."""
    return list({move.holder: move for move in moves}.values())


def in_chunks(values, size=500):
    """Sorted and cut, for statements that name each: SQLite takes a limited number of values."""
    values = sorted(values)
    return [values[start : start + size] for start in range(0, len(values), size)]
