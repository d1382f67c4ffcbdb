"""How many homes run: the same number on the first page, in its list, and as of a past day."""

import pytest

from campaign_portal.campaigns import metrics
from facilities.services import change_state

from .builders import browser, count_queries, in_days, make_county, make_facility, make_home_user, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def county():
    return make_county()


def figure(user, on=None):
    return metrics.figure("facilities.count", user, on=on)


def test_running_homes_are_counted_against_all_in_the_register(county):
    matian, bolin = county.townships.values()
    make_facility(supervisor=matian)
    closed = make_facility(supervisor=bolin)
    make_facility(supervisor=make_county().township)
    change_state(facility=closed, status="closed", since=in_days(-2), reason="停业", by=None)
    of_county = figure(make_user(county.bureau))
    assert (of_county.value, of_county.note) == (1, "登记在册 2 家")
    assert figure(make_user(bolin)).value == 0


def test_the_number_leads_to_its_rows(county):
    make_facility(supervisor=county.township)
    change_state(
        facility=make_facility(supervisor=county.township), status="closed", since=in_days(0), reason="", by=None
    )
    officer = make_user(county.bureau)
    page = browser(officer).get(figure(officer).url)
    assert len(page.context["facilities"]) == figure(officer).value == 1


def test_a_past_day_is_counted_by_the_states_of_that_day(county):
    home = make_facility(supervisor=county.township, since=in_days(-30))
    change_state(facility=home, status="suspended", since=in_days(-10), reason="改造", by=None)
    officer = make_user(county.bureau)
    counted = {
        days: (figure(officer, in_days(days)).value, figure(officer, in_days(days)).note)
        for days in (-31, -30, -11, -10)
    }
    assert counted == {
        -31: (0, "登记在册 0 家"),
        -30: (1, "登记在册 1 家"),
        -11: (1, "登记在册 1 家"),
        -10: (0, "登记在册 1 家"),
    }


def test_it_is_one_query_and_not_for_homes(county):
    officer = make_user(county.bureau)
    figure(officer)
    assert count_queries(lambda: figure(officer)) == 1
    codes = {metric.code for metric in metrics.METRICS.values() if "home" in metric.roles}
    assert "facilities.count" not in codes
    assert make_home_user().office.kind == "home"
