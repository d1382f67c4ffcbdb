"""A month of somebody's duties, as a calendar with the working days of the State Council."""

from calendar import Calendar
from datetime import date
from typing import NamedTuple

from . import workdays
from .mine import upcoming
from .models import Workday

BACK, AHEAD = 12, 24  # months that can be looked at
SHOWN = 4  # titles a day; a day with one more shows it too


class Day(NamedTuple):
    day: date
    is_outside: bool  # of the month before or after
    is_rest: bool
    mark: str  # 休 or 班 where the State Council moved it
    name: str  # of the holiday
    items: list
    count: int


class Month(NamedTuple):
    first: date
    weeks: list[list[Day]]
    count: int
    capped: list[str]
    is_tentative: bool
    is_this: bool
    before: date | None  # first days of the months beside it, as far as they can be looked at
    after: date | None


def asked(text, *, today):
    """The first day of the month that a query string names, and a sentence if it names none that can be shown."""
    this = today.replace(day=1)
    if not text:
        return this, ""
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        return this, f"“{text[:20]}”不是月份，请写成 2026-09 这样。下面是本月。"
    if not _is_in_reach(first, this):
        return this, f"只能看前 {BACK} 个月到后 {AHEAD} 个月，看不到 {first:%Y-%m}。下面是本月。"
    return first, ""


def month_of(user, first, *, today):
    """One query a kind, and two for the calendar."""
    weeks = Calendar().monthdatescalendar(first.year, first.month)
    last = max(day for day in weeks[-1] if day.month == first.month)
    found, of_day = upcoming(user, since=first, until=last), {}
    for item in found.items:
        of_day.setdefault(item.duty.due_on, []).append(item)
    working = workdays.calendar()
    names = dict(Workday.objects.filter(day__range=(weeks[0][0], weeks[-1][-1])).values_list("day", "name"))
    rows = [[_day(day, first, of_day.get(day, []), working, names) for day in week] for week in weeks]
    before, later = beside(first, -1), beside(first, 1)
    this = today.replace(day=1)
    return Month(
        first=first,
        weeks=rows,
        count=len(found.items),
        capped=found.capped,
        is_tentative=not working.covers(first.year),
        is_this=first == this,
        before=before if _is_in_reach(before, this) else None,
        after=later if _is_in_reach(later, this) else None,
    )


def _day(day, first, items, working, names):
    shown = items if len(items) <= SHOWN + 1 else items[:SHOWN]
    return Day(
        day=day,
        is_outside=day.month != first.month,
        is_rest=not working.is_workday(day),
        mark=mark_of(day, working),
        name=names.get(day, ""),
        items=shown,
        count=len(items),
    )


def mark_of(day, working):
    """休 of a weekday off, 班 of a weekend day worked, "" of all others."""
    return {True: "班", False: "休"}.get(working.moved.get(day), "")


def beside(first, months):
    """The first day of a month so many months later."""
    number = _number(first) + months
    return date(number // 12, number % 12 + 1, 1)


def _number(first):
    return first.year * 12 + first.month - 1


def _is_in_reach(first, this):
    return -BACK <= _number(first) - _number(this) <= AHEAD
