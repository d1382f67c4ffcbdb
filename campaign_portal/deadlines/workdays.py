"""Days, counted one way everywhere: calendar days, and working days by the State Council's calendar.

A lint rule keeps `timedelta` out of other modules: whoever moves a date asks here (or `clock.ONE_DAY` for the day before
and after). In a year whose calendar is not loaded, Monday to Friday count as working days and the result is tentative
(暂定).
"""

from bisect import bisect_left, bisect_right
from datetime import MAXYEAR, MINYEAR, date
from functools import lru_cache

from django.db import connection
from django.db.models import Count, Max, Sum
from django.utils import timezone

from campaign_portal import clock

from .models import CalendarYear, Workday


class Calendar:
    """The working days as loaded. `moved` is {day: does it count as a working day} for the days that differ from Mon–Fri."""

    def __init__(self, moved, years):
        self.moved = moved
        self.years = frozenset(years)
        self._of_year = lru_cache(maxsize=64)(self._days_of)

    def covers(self, year):
        return year in self.years

    def is_workday(self, day):
        return self.moved.get(day, day.weekday() < 5)

    def is_tentative(self, first, last):
        """Whether a count from one day to another runs through a year whose calendar is not loaded (暂定)."""
        return any(year not in self.years for year in range(min(first, last).year, max(first, last).year + 1))

    def add(self, day, days):
        """The working day that is `days` working days after `day` (before it where negative; `day` itself at 0).

        The day itself is not counted: one working day after a Friday, or after the Saturday behind it, is Monday.
        """
        if days == 0:
            return day
        step, left, year = (1, days, day.year) if days > 0 else (-1, -days, day.year)
        while MINYEAR < year < MAXYEAR:
            own = self._of_year(year)
            ahead = own[bisect_right(own, day) :] if step > 0 else own[: bisect_left(own, day)][::-1]
            if len(ahead) >= left:
                return ahead[left - 1]
            left -= len(ahead)
            year += step
        raise OverflowError("beyond the calendar")

    def between(self, first, last):
        """How many working days lie after `first` and up to `last`; negative the other way round."""
        if last < first:
            return -self.between(last, first)
        counted = 0
        for year in range(first.year, last.year + 1):
            own = self._of_year(year)
            counted += bisect_right(own, last) - bisect_right(own, first)
        return counted

    def on_or_before(self, day):
        """The day, or the working day before it."""
        return day if self.is_workday(day) else self.add(day, -1)

    def on_or_after(self, day):
        return day if self.is_workday(day) else self.add(day, 1)

    def _days_of(self, year):
        first, last = date(year, 1, 1), date(year, 12, 31)
        days = (date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1))
        return [day for day in days if self.is_workday(day)]


def stamp():
    """Differs whenever the calendar does."""
    return tuple(CalendarYear.objects.aggregate(Count("pk"), Sum("version"), Max("loaded_at")).values())


_kept: tuple = (None, None)


def calendar() -> Calendar:
    """The calendar as it is loaded now. Kept in the process; one small query asks whether it has changed."""
    global _kept
    present = stamp()
    if _kept[0] != present:
        moved = dict(Workday.objects.values_list("day", "is_working"))
        _kept = (present, Calendar(moved, CalendarYear.objects.values_list("year", flat=True)))
    return _kept[1]


def after(day, days, *, in_workdays):
    """The one way to count a limit: `days` after `day` (before it where negative), in working or in calendar days."""
    if not in_workdays:
        return day + days * clock.ONE_DAY
    hold()
    return calendar().add(day, days)


def is_tentative(begun, due, *, in_workdays=True):
    """Whether a day that was counted from a moment may still move, for the mark 暂定 beside it. `in_workdays` may be a function:
    it is asked only where it matters."""
    if begun is None or due is None or not calendar().is_tentative(timezone.localtime(begun).date(), due):
        return False
    return in_workdays() if callable(in_workdays) else in_workdays


LOCK = 0x1B0CA1  # of nobody else in this database


def hold(*, alone=False):
    """Until the transaction ends nobody changes the calendar; `alone`: nobody else counts by it either.

    What is counted and not yet committed while a new year is taken in would be moved by nobody. A step that locks rows
    holds the calendar first, for the loader does so too. SQLite has one writer at a time.
    """
    if connection.vendor != "postgresql" or not connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock{'' if alone else '_shared'}(%s)", [LOCK])
