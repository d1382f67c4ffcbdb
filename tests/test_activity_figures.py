"""Counts of activities: of all kinds, by place and home, as of a day; each leads to exactly its rows."""

from datetime import timedelta

import pytest

from campaign_portal import clock
from campaign_portal.accounts.access import Overseer
from campaign_portal.campaigns import metrics
from facilities import activities as services
from facilities.models import Activity
from facilities.services import change_state, edit_facility

from . import builders, plans
from .activities import Cast, planned, recorded, taking_part
from .builders import browser, count_queries, fresh, in_days

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

TIMES, ATTENDANCES = "activities.training", "activities.training.attendances"


@pytest.fixture
def cast():
    return Cast()


def at_day(number):
    """The same time of day so many days from now."""
    return clock.at(clock.now() + timedelta(days=number))


def value(code, user, **of):
    return metrics.figure(code, fresh(user), **of).value


def parts(code, user, by="by_place", **of):
    """{office: value} of a metric's parts."""
    found = getattr(metrics.METRICS[code], by)(fresh(user), of.get("campaign"), of.get("on"))
    return {office: figure.value for office, figure in found.items()}


def rows_at(figure, user):
    """The activities on the list that a figure leads to."""
    page = browser(user).get(figure.url).context["page"]
    return [activity.pk for activity in page.rows]


# What counts


def test_held_activities_of_the_campaign_count_by_kind_and_plans_and_void_ones_do_not(cast):
    other = plans.make_campaign(cast.county.bureau, starts_on=in_days(-9))
    recorded(cast, attendances=45, people=30)
    recorded(cast)
    recorded(cast, kind="forum")
    recorded(cast, campaign=other, task=None, attendances=5)
    planned(cast)
    services.void_activity(activity=recorded(cast, attendances=9), by=cast.secretary, reason="重复")
    counted = {code: value(code, cast.clerk, campaign=cast.campaign) for code in (TIMES, ATTENDANCES)}
    assert counted == {TIMES: 2, ATTENDANCES: 45}
    assert value("activities.forum", cast.clerk, campaign=cast.campaign) == 1
    assert value("activities.oath", cast.clerk, campaign=cast.campaign) == 0
    assert value(TIMES, cast.clerk) == 3
    assert metrics.figure(ATTENDANCES, cast.clerk, campaign=cast.campaign).note == "另有 1 次没有统计人次"


def test_there_is_no_figure_in_people_and_each_kind_has_its_own(cast):
    offered = {code: metric for code, metric in metrics.METRICS.items() if code.startswith("activities.")}
    assert {metric.unit for metric in offered.values()} == {"次", "人次"}
    assert {f"activities.{kind}" for kind in Activity.Kind} <= set(offered)
    assert all(metric.name and metric.by_place and metric.by_home and not metric.roles for metric in offered.values())


def test_all_kinds_on_one_page_are_one_query(cast):
    recorded(cast)
    user = fresh(cast.clerk)
    metrics.figure(TIMES, user)

    def page():
        with metrics.counted_once():
            for kind in Activity.Kind:
                metrics.figure(f"activities.{kind}", user, campaign=cast.campaign)
            metrics.figure(ATTENDANCES, user, campaign=cast.campaign)

    assert count_queries(page) == 1


def costs(codes, user, campaign, *ways):
    """Queries of a page that shows these figures with their parts."""

    def page():
        with metrics.counted_once():
            for metric in map(metrics.METRICS.get, codes):
                for way in ways:
                    getattr(metric, way)(user, campaign, None)

    return count_queries(page)


@pytest.mark.parametrize("way, number", [("count", 1), ("by_place", 2), ("by_home", 1)])
def test_the_parts_of_ten_kinds_cost_what_those_of_one_cost(cast, way, number):
    recorded(cast)
    recorded(cast, by=cast.officer, kind="forum", homes=[])
    user = fresh(cast.clerk)
    codes = [f"activities.{kind}" for kind in Activity.Kind][:10]
    metrics.figure(TIMES, user)  # the first time resolves the scope
    assert (costs(codes[:1], user, cast.campaign, way), costs(codes, user, cast.campaign, way)) == (number, number)


def test_a_board_of_twenty_indicators_costs_what_one_of_each_kind_of_figure_costs(cast):
    recorded(cast, attendances=9)
    user, ways = fresh(cast.clerk), ("count", "by_place", "by_home")
    beds = ["facilities.beds", "facilities.nursing_beds", "facilities.nursing_share"]
    few, many = [TIMES, ATTENDANCES, beds[0]], [*(f"activities.{kind}" for kind in Activity.Kind), ATTENDANCES, *beds]
    metrics.figure(TIMES, user)
    assert costs(few, user, cast.campaign, *ways) == costs(many + many[:4], user, cast.campaign, *ways) == 13


def test_figures_that_share_a_count_are_those_counted_alone(cast):
    """Neither kinds, campaigns, days nor users are mixed up on one page."""
    other = plans.make_campaign(cast.county.bureau, starts_on=in_days(-9))
    recorded(cast, attendances=50, homes=[taking_part(cast.home, 20), taking_part(cast.far_home, 5)])
    recorded(cast, by=cast.officer, kind="forum", homes=[], attendances=12)
    recorded(cast, by=cast.officer, kind="forum", homes=[cast.home], campaign=other, task=None)
    recorded(cast, kind="oath", homes=[cast.far_home], held_on=in_days(-5))
    asked = [
        (code, way, user, campaign, on)
        for code in ("activities.training", "activities.forum", "activities.oath", ATTENDANCES, "facilities.beds")
        for way in ("count", "by_place", "by_home")
        for user in (fresh(cast.clerk), fresh(cast.officer), fresh(cast.neighbour))
        for campaign in (None, cast.campaign, other)
        for on in (None, in_days(-2))
    ]

    def tell(code, way, *of):
        return getattr(metrics.METRICS[code], way)(*of)

    alone = [tell(*of) for of in asked]
    with metrics.counted_once():
        assert [tell(*of) for of in asked] == alone
    users = (cast.clerk, cast.officer, cast.neighbour)
    assert [value("activities.forum", user) for user in users] == [2, 2, 0]  # there was something to mix up


def test_an_area_is_looked_over_without_a_user(cast):
    recorded(cast, attendances=45)
    eyes = Overseer(cast.county.area, cast.county.bureau)
    assert metrics.figure(ATTENDANCES, eyes, campaign=cast.campaign).value == 45


# As of a day


def test_figures_of_past_days_never_change(cast):
    """Recorded late, corrected, voided: each counts from its day on, and the days before stay as they were told then."""
    days = range(-20, 1)
    told = {}
    late = first = None
    for day in days:
        with at_day(day):
            if day == -20:
                first = recorded(cast, attendances=40)
            if day == -15:
                late = recorded(cast, held_on=in_days(-4), attendances=10)
            if day == -10:
                services.edit_activity(
                    activity=first, by=cast.secretary, changes={"attendances": 44}, homes=[taking_part(cast.home, 44)]
                )
            if day == -5:
                services.void_activity(activity=late, by=cast.secretary, reason="重复")
            if day == -2:
                services.edit_activity(activity=first, by=cast.secretary, changes={"kind": "forum"})
            told[day] = snapshot(cast)
    assert {day: snapshot(cast, on=in_days(day)) for day in days} == told
    sums = [told[day]["sum"] for day in (-20, -16, -15, -11, -10, -6, -5, -3, -2, 0)]
    assert sums == [40, 40, 50, 50, 54, 54, 44, 44, 0, 0]


def snapshot(cast, on=None):
    of = {"campaign": cast.campaign, "on": on}
    return {
        "times": value(TIMES, cast.clerk, **of),
        "sum": value(ATTENDANCES, cast.clerk, **of),
        "places": parts(TIMES, cast.clerk, **of),
        "sums": parts(ATTENDANCES, cast.clerk, **of),
        "homes": parts(TIMES, cast.clerk, "by_home", **of),
        "neighbour": value(TIMES, cast.neighbour, **of),
    }


def test_a_figure_of_a_past_day_leads_to_the_rows_as_they_stood(cast):
    with at_day(-9):
        activity = recorded(cast, attendances=40)
    services.edit_activity(activity=activity, by=cast.secretary, changes={"kind": "forum"})
    past = metrics.figure(TIMES, fresh(cast.clerk), on=in_days(-1))
    assert rows_at(past, cast.clerk) == [activity.editions.get().pk]
    assert rows_at(metrics.figure(TIMES, fresh(cast.clerk)), cast.clerk) == []
    assert rows_at(metrics.figure("activities.forum", fresh(cast.clerk)), cast.clerk) == [activity.pk]
    edition = browser(cast.clerk).get(f"/activities/{activity.editions.get().pk}/")
    assert edition.url == activity.get_absolute_url()


def test_a_home_that_moves_to_another_supervisor_leaves_the_past_where_it_was(cast):
    recorded(cast, homes=[cast.home])
    cast.home.supervisor = cast.other_township
    edit_facility(cast.home, by=cast.clerk, fields=("supervisor",))
    assert parts(TIMES, cast.clerk) == {cast.township.pk: 1}
    figure = metrics.METRICS[TIMES].by_place(fresh(cast.clerk), None, None)[cast.township.pk]
    assert len(rows_at(figure, cast.clerk)) == 1


# Its parts


def test_a_joint_activity_counts_for_each_place_and_home(cast):
    recorded(cast)
    recorded(cast, homes=[cast.home])
    assert parts(TIMES, cast.clerk) == {cast.township.pk: 2, cast.other_township.pk: 1}
    assert parts(TIMES, cast.clerk, "by_home") == {cast.home.office_id: 2, cast.far_home.office_id: 1}
    assert value(TIMES, cast.clerk) == 2


def test_what_a_township_organises_without_naming_a_home_counts_for_it(cast):
    recorded(cast, by=cast.officer, homes=[], attendances=12)
    recorded(cast, homes=[], attendances=100)  # the association's: for no place
    assert parts(TIMES, cast.clerk) == {cast.township.pk: 1}
    assert parts(ATTENDANCES, cast.clerk) == {cast.township.pk: 12}
    assert parts(TIMES, cast.clerk, "by_home") == {}


def test_attendances_go_to_whom_they_were_counted_for_and_are_never_doubled(cast):
    recorded(cast, attendances=50, homes=[taking_part(cast.home, 20), taking_part(cast.far_home, 5)])
    recorded(cast, attendances=70)  # of two places, and nobody split it
    recorded(cast, attendances=8, homes=[cast.home])
    assert parts(ATTENDANCES, cast.clerk) == {cast.township.pk: 28, cast.other_township.pk: 5}
    assert parts(ATTENDANCES, cast.clerk, "by_home") == {cast.home.office_id: 28, cast.far_home.office_id: 5}
    assert value(ATTENDANCES, cast.clerk) == 128


def test_two_homes_of_one_place_share_its_attendances_as_a_place_but_not_as_homes(cast):
    second = builders.make_facility(supervisor=cast.township)
    recorded(cast, by=cast.clerk, attendances=30, homes=[cast.home, second])
    assert parts(ATTENDANCES, cast.clerk) == {cast.township.pk: 30}
    assert parts(ATTENDANCES, cast.clerk, "by_home") == {}


def test_a_township_is_told_of_its_own_homes_only(cast):
    recorded(cast)
    assert parts(TIMES, cast.officer) == {cast.township.pk: 1}
    assert parts(TIMES, cast.officer, "by_home") == {cast.home.office_id: 1}


@pytest.mark.parametrize("by", ["by_place", "by_home"])
def test_each_part_leads_to_its_rows(cast, by):
    recorded(cast)
    recorded(cast, homes=[cast.home], attendances=3)
    recorded(cast, by=cast.officer, homes=[])
    recorded(cast, by=cast.officer, kind="forum", homes=[])
    found = getattr(metrics.METRICS[TIMES], by)(fresh(cast.clerk), cast.campaign, None)
    assert len(found) == 2
    for figure in found.values():
        assert len(rows_at(figure, cast.clerk)) == figure.value


# Beds


def test_beds_and_the_share_of_nursing_beds_of_running_homes(cast):
    more = builders.make_facility(supervisor=cast.township, beds=40, nursing_beds=30)
    closed = builders.make_facility(supervisor=cast.township, beds=99)
    change_state(facility=closed, status="closed", since=in_days(-1), reason="停业", by=None)
    of = {
        code: metrics.figure(f"facilities.{code}", fresh(cast.clerk))
        for code in ("beds", "nursing_beds", "nursing_share")
    }
    assert [figure.value for figure in of.values()] == [160, 70, 43.8]
    assert (of["nursing_share"].numerator, of["nursing_share"].denominator) == (70, 160)
    assert parts("facilities.beds", cast.clerk) == {cast.township.pk: 100, cast.other_township.pk: 60}
    assert parts("facilities.nursing_share", cast.clerk, "by_home")[more.office_id] == 75.0
    assert value("facilities.beds", cast.clerk, on=in_days(-2)) == 259


def test_a_share_over_no_beds_has_no_value():
    officer = builders.make_user(builders.make_county().bureau)
    assert metrics.figure("facilities.nursing_share", officer).value is None


def test_the_beds_of_a_place_lead_to_its_homes(cast):
    figure = metrics.METRICS["facilities.beds"].by_place(fresh(cast.clerk), None, None)[cast.township.pk]
    page = browser(cast.clerk).get(figure.url).context["facilities"]
    assert page == [cast.home]
    own = metrics.METRICS["facilities.beds"].by_home(fresh(cast.clerk), None, None)[cast.home.office_id]
    assert own.url == cast.home.get_absolute_url()
