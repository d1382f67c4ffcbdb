"""Working days are counted by the State Council's calendar, make-up days included, and one way everywhere."""

from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from campaign_portal.deadlines import registry, starter_calendar
from campaign_portal.deadlines.registry import Days, Kind
from campaign_portal.deadlines.workdays import Calendar

pytestmark = pytest.mark.text

YEARS = range(2004, 2027)
MOVED = {day: is_working for year in YEARS for day, is_working, _ in starter_calendar.days_of(year)}
CALENDAR = Calendar(MOVED, YEARS)
BARE = Calendar({}, [])

# A busy machine is no finding.
settings.register_profile("workdays", deadline=None, suppress_health_check=[HealthCheck.too_slow])
at_leisure = settings.get_profile("workdays")

days = some.dates(date(2004, 1, 1), date(2026, 12, 31))
counts = some.integers(-300, 300)


def test_every_day_of_the_covered_years_is_as_the_published_calendar_has_it():
    number = (date(2026, 12, 31) - date(2004, 1, 1)).days + 1
    every = [date(2004, 1, 1) + timedelta(days=index) for index in range(number)]
    wrong = [day for day in every if CALENDAR.is_workday(day) != chinese_calendar.is_workday(day)]
    assert len(every) == 8401 and wrong == []
    assert set(YEARS) == set(starter_calendar.YEARS)


def test_only_days_that_differ_from_monday_to_friday_are_kept_once():
    known = [entry for year in YEARS for entry in starter_calendar.days_of(year)]
    assert len({day for day, *_ in known}) == len(known)
    assert all(is_working == (day.weekday() >= 5) for day, is_working, _ in known)


@at_leisure
@given(days, counts)
def test_adding_and_counting_are_each_others_inverse(day, count):
    there = CALENDAR.add(day, count)
    if count:
        assert CALENDAR.is_workday(there)
    if count >= 0 or CALENDAR.is_workday(day):
        assert CALENDAR.between(day, there) == count


@at_leisure
@given(days, days, counts)
def test_who_begins_later_is_never_due_earlier(one, other, count):
    first, last = sorted([one, other])
    assert CALENDAR.add(first, count) <= CALENDAR.add(last, count)
    assert CALENDAR.add(first, abs(count)) <= CALENDAR.add(first, abs(count) + 1)


@at_leisure
@given(days, some.integers(1, 60), some.integers(1, 60))
def test_counting_on_is_counting_at_once(day, some_days, more):
    assert CALENDAR.add(CALENDAR.add(day, some_days), more) == CALENDAR.add(day, some_days + more)


@at_leisure
@given(days, days)
def test_days_between_are_as_many_as_can_be_counted_one_by_one(one, other):
    first, last = min(one, other), min(max(one, other), min(one, other) + timedelta(days=400))
    span = [first + timedelta(days=index) for index in range(1, (last - first).days + 1)]
    assert CALENDAR.between(first, last) == sum(map(CALENDAR.is_workday, span)) == -CALENDAR.between(last, first)


@at_leisure
@given(days, some.integers(1, 40))
def test_back_from_a_working_day_and_forth_again_is_the_same_day(day, count):
    here = CALENDAR.on_or_after(day)
    assert CALENDAR.add(CALENDAR.add(here, -count), count) == here


@at_leisure
@given(some.dates(date(2030, 1, 1), date(2040, 12, 31)), some.integers(0, 200))
def test_without_a_calendar_monday_to_friday_count_and_the_day_is_tentative(day, count):
    due = CALENDAR.add(day, count)
    assert due == BARE.add(day, count) and CALENDAR.is_tentative(day, due)
    weeks, rest = divmod(count, 5)
    if day.weekday() < 5 and rest == 0:
        assert due == day + timedelta(weeks=weeks)


KNOWN = [
    (date(2026, 2, 13), 1, date(2026, 2, 14)),  # the Saturday before Spring Festival is worked
    (date(2026, 2, 14), 1, date(2026, 2, 24)),
    (date(2026, 2, 24), -2, date(2026, 2, 13)),
    (date(2026, 9, 30), 3, date(2026, 10, 10)),  # over National Day to the Saturday worked for it
    (date(2018, 12, 28), 2, date(2019, 1, 2)),  # over New Year, whose notice reaches into December
    (date(2026, 5, 2), 0, date(2026, 5, 2)),
    (date(2026, 5, 2), 1, date(2026, 5, 6)),
]


@pytest.mark.parametrize("day, count, due", KNOWN)
def test_known_days(day, count, due):
    assert CALENDAR.add(day, count) == due


def test_a_count_that_reaches_into_a_year_without_calendar_is_tentative():
    assert not CALENDAR.is_tentative(date(2026, 12, 1), date(2026, 12, 31))
    assert CALENDAR.is_tentative(date(2026, 12, 29), date(2027, 1, 4))
    assert CALENDAR.is_tentative(date(2027, 1, 4), date(2026, 12, 29))


@pytest.mark.parametrize("is_statutory, counted, due, settled", [
    (True, Days.WORKING, date(2027, 1, 4), False),
    (True, Days.WORKING, date(2026, 12, 30), True),
    (True, Days.SET, date(2027, 1, 4), True),
    (False, Days.WORKING, date(2027, 1, 4), True),
])  # fmt: skip
def test_a_statutory_day_is_never_final_on_a_tentative_calendar(is_statutory, counted, due, settled):
    kind = Kind("x", "", frozenset(), None, None, None, days=counted, is_statutory=is_statutory)
    assert registry.is_final(kind, due, CALENDAR, since=date(2026, 12, 28)) == settled


def test_beyond_all_calendars_nothing_is_counted():
    with pytest.raises(OverflowError):
        CALENDAR.add(date(9998, 12, 1), 500)
