"""Licences that expire are a duty of the home and of its supervisor, from 60 days before."""

import pytest

from campaign_portal import clock
from campaign_portal.accounts.access import Role
from campaign_portal.deadlines import registry
from facilities.services import change_state, save_licence

from .builders import (
    browser,
    count_queries,
    in_days,
    make_county,
    make_facility,
    make_home_user,
    make_licence,
    make_user,
)

pytestmark = pytest.mark.django_db

KIND = registry.KINDS["licence_expiry"]


@pytest.fixture
def county():
    return make_county()


@pytest.fixture
def home(county):
    return make_facility("马田敬老院", supervisor=county.township)


def duties(user):
    return [KIND.duty(row) for row in KIND.rows(user, clock.today())]


@pytest.mark.parametrize("days, is_due", [(-400, True), (0, True), (60, True), (61, False), (None, False)])
def test_a_licence_is_due_sixty_days_before_it_expires(home, days, is_due):
    make_licence(home, expires_on=None if days is None else in_days(days))
    assert bool(duties(make_home_user(home))) == is_due


def test_the_duty_says_which_paper_of_which_home_and_leads_to_it(home):
    licence = make_licence(home, kind="food", number="JY143", expires_on=in_days(10))
    person = make_home_user(home)
    (duty,) = duties(person)
    assert duty.title == "马田敬老院 食品经营许可证"
    assert duty.note == f"编号 JY143 · 有效期至 {in_days(10):%Y-%m-%d}"
    assert duty.due_on == licence.expires_on
    assert browser(person).get(duty.url).status_code == 200


def test_home_and_supervisor_have_it_and_nobody_else(home, county):
    make_licence(home, expires_on=in_days(10))
    assert duties(make_home_user(home)) and duties(make_user(county.township))
    assert not duties(make_user(county.bureau)) and not duties(make_user(county.townships["柏林镇"]))
    assert not duties(make_home_user(make_facility(supervisor=county.township)))
    assert KIND.roles == {Role.HOME, Role.TOWNSHIP, Role.BUREAU}


def test_a_home_that_does_not_run_has_nothing_to_renew(home):
    make_licence(home, expires_on=in_days(10))
    change_state(facility=home, status="suspended", since=in_days(0), reason="改造", by=None)
    assert not duties(make_home_user(home))


def test_a_renewed_licence_is_off_the_list(home):
    licence = make_licence(home, expires_on=in_days(-1))
    licence.expires_on = in_days(1000)
    save_licence(licence, by=None)
    assert not duties(make_home_user(home))


def test_the_most_urgent_comes_first(home):
    for days in (30, -5, 10):
        make_licence(home, expires_on=in_days(days))
    assert [duty.due_on for duty in duties(make_user(home.supervisor))] == [in_days(-5), in_days(10), in_days(30)]


def test_the_link_to_all_shows_the_same_homes(home, county):
    make_licence(home, expires_on=in_days(10))
    by_the_county = make_facility(supervisor=county.bureau, area=county.town)
    make_licence(by_the_county, expires_on=in_days(10))
    officer = make_user(county.township)
    page = browser(officer).get(KIND.url(officer))
    assert list(page.context["facilities"]) == [home]


def test_ten_duties_cost_one_query(home):
    for days in range(10):
        make_licence(home, expires_on=in_days(days))
    officer = make_user(home.supervisor)
    assert count_queries(lambda: duties(officer)) == 1
