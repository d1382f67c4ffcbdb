"""A planned activity whose day has come is a duty of its organiser, until somebody has said how it went."""

import pytest

from campaign_portal import clock
from campaign_portal.accounts.access import Role
from campaign_portal.campaigns.models import Campaign
from campaign_portal.deadlines import registry
from facilities import activities as services

from . import builders
from .activities import Cast, planned, recorded
from .builders import browser, count_queries, fresh, in_days

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

KIND = registry.KINDS["activity_held"]


@pytest.fixture
def cast():
    return Cast()


def duties(user):
    return [KIND.duty(row) for row in KIND.rows(user, clock.today())]


def in_time(days):
    return clock.at(clock.now() + days * clock.ONE_DAY)


@pytest.mark.parametrize("days, is_due", [(9, False), (10, True), (30, True)])
def test_it_is_due_from_its_day_on(cast, days, is_due):
    planned(cast, held_on=in_days(10))
    with in_time(days):
        assert bool(duties(cast.secretary)) == is_due


def test_one_of_several_days_is_due_when_it_is_over_and_can_be_told(cast):
    planned(cast, held_on=in_days(10), until_on=in_days(12))
    with in_time(11):
        assert not duties(cast.secretary)
    with in_time(12):
        assert [duty.due_on for duty in duties(cast.secretary)] == [clock.today()]


def test_the_duty_says_which_and_leads_to_the_form(cast):
    activity = planned(cast, title="护理员论坛", kind="forum", place="县委党校")
    with in_time(11):
        (duty,) = duties(cast.secretary)
        assert (duty.title, duty.note, duty.due_on) == ("护理员论坛", "论坛、县委党校", activity.held_on)
        assert duty.action == "登记开展情况"
        assert browser(cast.secretary).get(duty.url).status_code == 200


def test_only_the_office_that_organises_it_has_it(cast):
    planned(cast)
    with in_time(10):
        colleague = builders.make_user(cast.association)
        others = (cast.clerk, cast.officer, cast.manager, cast.beyond)
        assert duties(cast.secretary) and duties(colleague)
        assert not any(duties(user) for user in others)
    assert KIND.roles == set(Role) - {Role.EVALUATOR}


def test_what_was_told_voided_or_belongs_to_a_campaign_that_is_over_is_off_the_list(cast):
    told, void = planned(cast, title="办了的"), planned(cast, title="取消的")
    planned(cast, title="还没登记的")
    recorded(cast)
    with in_time(10):
        services.hold_activity(activity=told, by=cast.secretary)
        services.void_activity(activity=void, by=cast.secretary, reason="下雨取消")
        assert [duty.title for duty in duties(cast.secretary)] == ["还没登记的"]
        Campaign.objects.filter(pk=cast.campaign.pk).update(status="closed", closed_on=clock.today())
        assert not duties(cast.secretary)


def test_it_stands_on_the_first_page_of_who_organises_and_all_of_them_on_the_list(cast):
    planned(cast, title="后一场", held_on=in_days(4))
    planned(cast, title="前一场", held_on=in_days(3))
    planned(cast, title="还早", held_on=in_days(30))
    planned(cast, title="镇里的", by=cast.officer, homes=[cast.home], held_on=in_days(3))
    with in_time(5):
        shown = browser(cast.secretary).get("/").context["duties"]
        assert [duty.title for duty, _ in shown] == ["前一场", "后一场"]
        page = browser(cast.secretary).get(KIND.url(cast.secretary)).context["page"]
        assert {row.title for row in page.rows} == {"前一场", "后一场"}


@pytest.mark.parametrize("number", [0, 1, 20])
def test_however_many_cost_one_query(cast, number):
    for day in range(1, number + 1):
        planned(cast, held_on=in_days(day))
    user = fresh(cast.secretary)
    with in_time(40):
        assert count_queries(lambda: duties(user)) == 1
        assert len(duties(user)) == number
