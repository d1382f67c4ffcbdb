"""Every night keeps where the indicators stood; the same day counted again later gives the same figures."""

import datetime

import pytest

from campaign_portal import clock
from campaign_portal.campaigns import planning, snapshots, standing
from campaign_portal.campaigns.measuring import measure
from campaign_portal.campaigns.models import IndicatorDay

from . import hazards
from .builders import in_days, make_county, make_user
from .hazards import Cast
from .plans import make_campaign, make_indicator, make_task
from .test_standing import report

pytestmark = pytest.mark.django_db


def at_noon(days):
    """Noon of the day so many days from today."""
    return clock.at(clock.start_of(in_days(days)) + datetime.timedelta(hours=12))


def kept(indicator, day, office=None):
    row = IndicatorDay.objects.get(indicator=indicator, day=day, office=office)
    return row.numerator, row.denominator


@pytest.fixture
def cast():
    return Cast()


def test_figures_of_a_day_counted_again_from_history_equal_the_snapshot_of_that_day(cast):
    """The closing rate and the number found, day by day through the life of hazards, whole and by township."""
    with at_noon(-6):
        campaign = make_campaign(cast.bureau, starts_on=in_days(-1))
        rate = make_indicator(campaign, "销号率", value=90, unit="%", metric="hazards.closed_rate")
        found = make_indicator(campaign, "排查发现", value=10, unit="条", metric="hazards.found")
    acts = [
        lambda: hazards.opened(cast),
        lambda: hazards.submitted(cast),
        lambda: hazards.closed(cast),
        lambda: hazards.reported(cast),
    ]
    for days, act in zip(range(-5, -1), acts, strict=True):
        with at_noon(days):
            act()
        with clock.at(clock.start_of(in_days(days + 1)) + datetime.timedelta(minutes=30)):
            snapshots.count_missing()
    for days in range(-5, -1):
        day = in_days(days)
        again = measure([rate, found], on=day)
        for indicator in (rate, found):
            whole = again[indicator.pk].whole
            assert kept(indicator, day) == (whole.numerator, whole.denominator)
            for office, count in again[indicator.pk].parts.items():
                assert kept(indicator, day, office) == (count.numerator, count.denominator)
    assert [kept(found, in_days(days))[0] for days in range(-5, -1)] == [1, 2, 3, 3]
    assert kept(rate, in_days(-3)) == (1, 3)


def test_reported_figures_too_are_those_of_the_day_on_which_they_were_accepted(cast):
    campaign = make_campaign(cast.bureau)
    indicator, task = make_indicator(campaign), make_task(campaign)
    with at_noon(-3):
        report(task, cast.township, indicator, 5)
    with at_noon(-1):
        report(task, cast.township, indicator, 8)
    snapshots.count_missing()
    assert [kept(indicator, in_days(days))[0] for days in (-3, -2, -1)] == [5, 5, 8]
    assert not IndicatorDay.objects.filter(indicator=indicator, day=in_days(-4)).exists()


def test_a_missed_night_is_made_up_for_and_counting_twice_changes_nothing(cast):
    campaign = make_campaign(cast.bureau, starts_on=in_days(-4))
    make_indicator(campaign, metric="hazards.found", unit="条")
    assert snapshots.count_missing() == 4
    before = list(IndicatorDay.objects.order_by("pk").values_list("indicator", "day", "office", "numerator"))
    assert snapshots.count_missing() == 0
    assert list(IndicatorDay.objects.order_by("pk").values_list("indicator", "day", "office", "numerator")) == before


def test_a_closed_campaign_keeps_its_final_figures_whatever_happens_to_the_ledger(cast):
    approver = make_user(cast.bureau, is_approver=True)
    hazards.closed(cast)
    campaign = make_campaign(cast.bureau, code="ZZ")
    other = make_indicator(campaign, "已销号", metric="hazards.closed", unit="条", value=1)
    planning.close(campaign, by=approver)
    final = kept(other, clock.today())
    hazards.closed(cast)
    snapshots.count_day(campaign, clock.today())
    assert kept(other, clock.today()) == final
    assert snapshots.count_missing() == 0


def test_a_quarterly_indicator_starts_anew_with_its_quarter():
    county = make_county()
    with clock.at(clock.start_of(datetime.date(2026, 6, 29)) + datetime.timedelta(hours=12)):
        campaign = make_campaign(
            county.bureau, starts_on=datetime.date(2026, 4, 1), ends_on=datetime.date(2026, 12, 31)
        )
        drills, task = make_indicator(campaign, "演练", value=2, unit="次", per="quarter"), make_task(campaign)
        report(task, county.township, drills, 3)
    drills.campaign = campaign
    with clock.at(clock.start_of(datetime.date(2026, 7, 5))):
        assert measure([drills])[drills.pk].whole.numerator == 0
        report(task, county.township, drills, 4)
        assert measure([drills])[drills.pk].whole.numerator == 1
    assert measure([drills], on=datetime.date(2026, 6, 30))[drills.pk].whole.numerator == 3


def test_the_board_of_a_closed_campaign_shows_the_figures_that_were_frozen(cast):
    campaign = make_campaign(cast.bureau, starts_on=in_days(-20))
    done = make_indicator(campaign, "已销号", metric="hazards.closed", unit="条", value=2)
    hazards.closed(cast)
    planning.close(campaign, by=make_user(cast.bureau, is_approver=True))
    hazards.closed(cast)
    campaign.refresh_from_db()
    for days in (0, 30):
        with at_noon(days):
            shown = standing.board(campaign)
            [line] = shown.wholes
            assert (line.indicator, line.value) == (done, kept(done, campaign.closed_on)[0])
            assert line.light == standing.board(campaign, on=campaign.closed_on).wholes[0].light
            parts = [cell for _, cells in shown.lines for cell in cells if cell]
            assert parts and all(part.url == f"/campaigns/{campaign.pk}/indicators/{done.pk}/" for part in parts)


def test_last_quarters_work_that_is_accepted_late_does_not_count_for_this_one():
    county = make_county()
    with clock.at(clock.start_of(datetime.date(2026, 10, 8))):
        first, last = datetime.date(2026, 4, 1), datetime.date(2026, 12, 31)
        campaign = make_campaign(county.bureau, starts_on=first, ends_on=last)
        drills, task = make_indicator(campaign, "演练", value=4, unit="次", per="quarter"), make_task(campaign)
        report(task, county.township, drills, 4, as_of=datetime.date(2026, 9, 30))
    drills.campaign = campaign
    with clock.at(clock.start_of(datetime.date(2026, 10, 9))):
        assert measure([drills])[drills.pk].whole.numerator == 0
