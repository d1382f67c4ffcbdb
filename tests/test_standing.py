"""Where an indicator stands: its figure against the target, what the time that has passed would ask, and why."""

import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign_portal import clock
from campaign_portal.campaigns import standing
from campaign_portal.campaigns.measuring import Count, period_of
from campaign_portal.campaigns.models import Campaign, Indicator, Progress, ProgressFigure, Share

from . import hazards
from .builders import make_county, make_facility, make_user
from .hazards import Cast
from .plans import make_campaign, make_indicator, make_task

YEAR = {"starts_on": datetime.date(2026, 1, 1), "ends_on": datetime.date(2026, 12, 31)}


def indicator_of(**columns):
    """An unsaved indicator of a campaign that runs through 2026."""
    columns = {"value": Decimal(40), "unit": "名", "comparator": "ge"} | columns
    return Indicator(campaign=Campaign(**YEAR), **columns)


def judged(number, day, *, denominator=None, **columns):
    indicator = indicator_of(**columns)
    return standing.judge(indicator, Count(Decimal(number), denominator), indicator.value, day)


HALF_YEAR = datetime.date(2026, 7, 2)  # 183 of 365 days


def test_a_reached_target_is_done_before_its_day():
    light, why = judged(40, HALF_YEAR)
    assert (light.label, why) == ("已完成", "已达到 40名")


def test_who_keeps_the_pace_is_told_what_the_time_asks():
    light, why = judged(25, HALF_YEAR)
    assert (light.label, why) == ("正常", "按时间进度应达 20名，已达 25名")


@pytest.mark.parametrize(("number", "label"), [(20, "正常"), (19, "略慢"), (16, "略慢"), (15, "滞后"), (0, "滞后")])
def test_how_far_behind_the_pace_decides_the_light(number, label):
    assert judged(number, HALF_YEAR)[0].label == label


def test_on_its_last_day_a_target_is_not_missed_yet_and_the_day_after_it_is():
    last = datetime.date(2026, 6, 30)
    assert judged(35, last, by_on=last)[0].label == "略慢"
    light, why = judged(35, last + clock.ONE_DAY, by_on=last)
    assert (light.label, why) == ("到期未完成", "时限 2026-06-30 已过，差 5名")


def test_a_rate_over_nothing_is_no_zero():
    light, why = judged(0, HALF_YEAR, denominator=Decimal(0), unit="%", value=Decimal(60))
    assert (light.label, why) == ("暂无数据", "还没有数据")
    assert Count(Decimal(0), Decimal(0)).value is None


def test_a_rate_is_compared_as_a_rate():
    light, why = judged(12, HALF_YEAR, denominator=Decimal(20), unit="%", value=Decimal(60))
    assert (light.label, why) == ("已完成", "已达到 60%")


def test_a_ceiling_holds_all_the_time():
    assert judged(0, HALF_YEAR, comparator="le", value=Decimal(0))[0].label == "正常"
    light, why = judged(3, HALF_YEAR, comparator="le", value=Decimal(0), unit="条")
    assert (light.label, why) == ("滞后", "现有 3条，应不超过 0条")
    assert judged(0, datetime.date(2027, 1, 1), comparator="le", value=Decimal(0))[0].label == "已完成"
    assert standing.expected(indicator_of(comparator="le"), Decimal(0), HALF_YEAR) is None


def test_a_range_is_reached_at_its_lower_end():
    assert judged(1, HALF_YEAR, comparator="range", value=Decimal(1), high=Decimal(2))[0].label == "已完成"


def test_the_pace_starts_from_the_baseline():
    assert standing.expected(indicator_of(baseline=Decimal(10)), Decimal(40), HALF_YEAR) == 25
    assert standing.expected(indicator_of(), Decimal(40), datetime.date(2025, 12, 31)) == 0


def test_a_quarterly_target_counts_within_its_quarter():
    drills = indicator_of(per="quarter", value=Decimal(4), unit="次")
    assert period_of(drills, HALF_YEAR) == (datetime.date(2026, 7, 1), datetime.date(2026, 9, 30))
    assert standing.expected(drills, Decimal(4), datetime.date(2026, 9, 30)) == 4


@given(st.dates(datetime.date(2025, 12, 1), datetime.date(2027, 2, 1)), st.integers(0, 100000))
def test_the_pace_never_falls_and_never_passes_the_target(day, target):
    indicator = indicator_of(value=Decimal(target))
    now = standing.expected(indicator, Decimal(target), day)
    assert 0 <= now <= target
    assert now <= standing.expected(indicator, Decimal(target), day + clock.ONE_DAY)


# With what offices report


@pytest.fixture
def county(db):
    return make_county()


@pytest.fixture
def campaign(county):
    return make_campaign(county.bureau)


def report(task, office, indicator, value, *, status="accepted", base=None, as_of=None, decider=None):
    by = make_user(office)
    decided = {"decided_by": decider or make_user(task.campaign.lead), "decided_at": clock.now()}
    progress = Progress.objects.create(
        task=task,
        office=office,
        as_of=as_of or clock.today(),
        text="已开展",
        status=status,
        written_by=by,
        submitted_by=by,
        submitted_at=clock.now(),
        due_on=clock.today() if status in ("submitted", "returned") else None,
        **(decided if status in ("accepted", "returned") else {}),
    )
    return ProgressFigure.objects.create(progress=progress, indicator=indicator, value=value, base=base)


def whole(campaign):
    [line] = standing.board(campaign).wholes
    return line


@pytest.mark.sqlite
def test_the_newest_accepted_return_of_each_office_counts(county, campaign):
    indicator, task = make_indicator(campaign), make_task(campaign)
    one, two = county.townships.values()
    report(task, one, indicator, 5, as_of=clock.today() - clock.ONE_DAY)
    report(task, one, indicator, 8)
    report(task, two, indicator, 4)
    assert whole(campaign).value == 12


@pytest.mark.sqlite
def test_what_waits_or_was_returned_does_not_count(county, campaign):
    indicator, task = make_indicator(campaign), make_task(campaign)
    one, two = county.townships.values()
    report(task, one, indicator, 5, status="submitted")
    report(task, two, indicator, 4, status="returned")
    assert (whole(campaign).value, whole(campaign).light.label) == (None, "暂无数据")


@pytest.mark.sqlite
def test_rates_are_put_together_from_their_parts_and_never_averaged(county, campaign):
    indicator, task = make_indicator(campaign, value=60, unit="%"), make_task(campaign)
    one, two = county.townships.values()
    report(task, one, indicator, 1, base=1)
    report(task, two, indicator, 2, base=9)
    assert whole(campaign).value == 30


@pytest.mark.sqlite
def test_each_office_stands_against_its_own_share(county, campaign):
    indicator, task = make_indicator(campaign, value=40), make_task(campaign)
    one, two = county.townships.values()
    Share.objects.create(indicator=indicator, office=one, value=30)
    Share.objects.create(indicator=indicator, office=two, value=10)
    report(task, one, indicator, 2)
    report(task, two, indicator, 10)
    lines = {line.office: line for line in standing.office_standings(indicator)}
    assert (lines[one].light.label, lines[one].target) == ("滞后", 30)
    assert (lines[two].light.label, lines[two].target) == ("已完成", 10)


@pytest.mark.sqlite
def test_offices_tell_how_many_of_their_homes_reach_what_every_home_must(county, campaign):
    indicator, task = make_indicator(campaign, "新增护理型床位", value=25, unit="张", per="home"), make_task(campaign)
    one, two = county.townships.values()
    report(task, one, indicator, 1, base=1)
    report(task, two, indicator, 1, base=3)
    line = whole(campaign)
    assert (line.count.numerator, line.count.denominator, line.value, line.shown_unit) == (2, 4, 50, "%")
    parts = {part.office: part for part in standing.office_standings(indicator)}
    assert (parts[one].light.label, parts[two].value) == ("已完成", Decimal("33.3"))


@pytest.mark.django_db
@pytest.mark.sqlite
@pytest.mark.parametrize(("comparator", "value", "reached"), [("ge", 1, 1), ("le", 0, 1), ("le", 1, 2)])
def test_homes_without_rows_count_too_and_a_ceiling_is_kept_below(comparator, value, reached):
    cast = Cast()
    make_facility(supervisor=cast.township)
    campaign = make_campaign(cast.bureau)
    make_indicator(campaign, metric="hazards.found", unit="条", per="home", comparator=comparator, value=value)
    hazards.opened(cast)
    line = whole(campaign)
    assert (line.count.numerator, line.count.denominator) == (reached, 2)
