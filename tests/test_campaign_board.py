"""The board of a campaign: one count for everybody, each number leading to its rows; who leads sees what waits for it."""

import re

import pytest

from campaign_portal.campaigns import progress
from campaign_portal.campaigns.models import Share

from . import hazards
from .builders import browser, make_facility, make_home_user, make_user
from .hazards import Cast
from .plans import make_campaign, make_indicator
from .progresses import Plan

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def cast():
    """A county with hazards of two townships in a campaign: three found, one struck off."""
    cast = Cast()
    cast.campaign = make_campaign(cast.bureau)
    hazards.closed(cast)
    hazards.opened(cast)
    hazards.reported(cast)
    hazards.opened(cast)
    return cast


def text_of(client, path):
    return client.get(path).content.decode()


def test_a_number_on_the_board_leads_to_as_many_rows(cast):
    make_indicator(cast.campaign, "排查发现", value=10, unit="条", metric="hazards.found")
    client = browser(cast.clerk)
    page = text_of(client, f"/campaigns/{cast.campaign.pk}/")
    [(url, number)] = re.findall(r'data-label="现在"><a href="([^"]+)">(\d+)条</a>', page)
    assert number == "3"
    assert f"符合条件 {number} 条" in text_of(client, url.replace("&amp;", "&"))


def test_bureau_and_township_read_the_same_number_of_the_township(cast):
    rate = make_indicator(cast.campaign, "销号率", value=90, unit="%", metric="hazards.closed_rate")
    boards = [text_of(browser(who), f"/campaigns/{cast.campaign.pk}/") for who in (cast.clerk, cast.officer)]
    parts = [re.findall(r">(33\.3)%", board) for board in boards]
    assert all(parts)
    page = text_of(browser(cast.officer), f"/campaigns/{cast.campaign.pk}/indicators/{rate.pk}/")
    assert "1 / 3" in page


def test_a_share_is_the_target_of_its_office():
    plan = Plan(value=40)
    plan.share(first=25, second=15)
    plan.accepted(5)
    page = text_of(browser(plan.clerk), f"/campaigns/{plan.campaign.pk}/")
    own = page[page.index('id="own-indicators"') : page.index('id="indicators"')]
    assert "25 名" in own
    assert "5名" in own
    assert Share.objects.get(office=plan.township).value == 25
    assert 'id="own-indicators"' not in text_of(browser(plan.lead), f"/campaigns/{plan.campaign.pk}/")


def test_an_office_that_has_not_reported_stands_beside_its_share():
    plan = Plan(value=40)
    plan.share(first=25, second=15)
    plan.accepted(5)
    page = text_of(browser(plan.lead), f"/campaigns/{plan.campaign.pk}/")
    assert "未报<small>/ 15</small>" in page
    assert "未报<small>/ 25</small>" not in page


def test_who_leads_sees_what_waits_and_others_do_not():
    plan = Plan()
    plan.submitted(problem="缺少授课老师")
    lead = text_of(browser(plan.lead), f"/campaigns/{plan.campaign.pk}/")
    assert "缺少授课老师" in lead
    assert "有 1 份进展待审核" in lead
    fire = make_user(plan.county.departments["fire"])
    for who in (plan.neighbour, fire, make_home_user(make_facility(supervisor=plan.township))):
        assert "缺少授课老师" not in text_of(browser(who), f"/campaigns/{plan.campaign.pk}/")


def test_an_answered_problem_waits_no_longer():
    plan = Plan()
    row = plan.accepted(problem="缺少授课老师")
    progress.answer(row, by=plan.lead, text="已协调")
    assert "缺少授课老师" not in text_of(browser(plan.lead), f"/campaigns/{plan.campaign.pk}/")


def test_the_wall_shows_a_figure_once(cast):
    make_indicator(cast.campaign, "销号率", value=90, unit="%", metric="hazards.closed_rate")
    wall = text_of(browser(cast.clerk), f"/campaigns/{cast.campaign.pk}/wall/")
    assert wall.count("33.3<small>%") == 1


def test_a_campaign_without_indicators_still_has_a_board(cast):
    page = browser(cast.clerk).get(f"/campaigns/{cast.campaign.pk}/")
    assert page.status_code == 200
    assert 'id="indicators"' not in page.content.decode()
