"""A campaign is shown to those whom it concerns, with where it stands today."""

import datetime

import pytest

from campaign_portal import clock
from campaign_portal.campaigns.models import Campaign

from .builders import browser, count_queries, in_days, make_county, make_facility, make_home_user, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def county():
    return make_county()


def make_campaign(county, title="养老院服务质量建设专项行动", *, starts_on=None, ends_on=None):
    campaign = Campaign.objects.create(
        title=title,
        code=f"C{Campaign.objects.count()}",
        status=Campaign.Status.RUNNING,
        lead=county.bureau,
        area=county.area,
        starts_on=starts_on or in_days(-10),
        ends_on=ends_on or in_days(20),
    )
    for order, (name, first, last) in enumerate([("制定方案", -10, -1), ("组织实施", 0, 9), ("梳理总结", 10, 20)]):
        campaign.phases.create(order=order, name=name, starts_on=in_days(first), ends_on=in_days(last))
    return campaign


def test_the_page_says_which_phase_it_is_and_how_many_days_are_left(county):
    campaign = make_campaign(county)
    page = browser(make_user(county.bureau)).get(f"/campaigns/{campaign.pk}/").content.decode()
    assert '<li class="past">制定方案' in page
    assert '<li class="now" aria-current="step">组织实施' in page
    assert "<li >梳理总结" in page
    assert "剩 20 天" in page


def test_one_that_has_run_past_its_end_says_so(county):
    campaign = make_campaign(county)
    officer = make_user(county.bureau)
    with clock.at(clock.now() + datetime.timedelta(days=21)):
        assert "已过结束日期" in browser(officer).get(f"/campaigns/{campaign.pk}/").content.decode()


def test_everybody_in_the_county_sees_it_and_the_neighbour_does_not(county):
    campaign = make_campaign(county)
    home = make_facility(supervisor=county.township)
    for person in (make_user(county.township), make_user(county.departments["fire"]), make_home_user(home)):
        assert browser(person).get(f"/campaigns/{campaign.pk}/").status_code == 200
        assert campaign.title in browser(person).get("/campaigns/").content.decode()
    neighbour = browser(make_user(make_county().bureau))
    assert neighbour.get(f"/campaigns/{campaign.pk}/").status_code == 404
    assert "还没有专项行动" in neighbour.get("/campaigns/").content.decode()


def test_the_list_costs_the_same_for_one_campaign_as_for_six(county):
    make_campaign(county)
    reader = browser(make_user(county.bureau))
    reader.get("/campaigns/")
    one = count_queries(lambda: reader.get("/campaigns/"))
    for number in range(5):
        make_campaign(county, f"第{number}次行动")
    assert count_queries(lambda: reader.get("/campaigns/")) == one
