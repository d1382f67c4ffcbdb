"""A township reads on an indicator's page how it stands itself; what is judged of the county stands below under its name."""

import re

import pytest

from campaign_portal.campaigns.models import Campaign

from . import builders, plans
from .builders import browser, count_queries, in_days
from .progresses import Plan
from .test_progress_pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan():
    """Of 30 the first township has 2, which it has done; the second has done nothing of its 28."""
    plan = Plan(value=30)
    Campaign.objects.update(ends_on=in_days(1))
    plan.share(2, 28)
    plan.accepted(2)
    return plan


def page_of(user, plan):
    response = browser(user).get(f"/campaigns/{plan.campaign.pk}/indicators/{plan.indicator.pk}/")
    assert response.status_code == 200
    return text_of(response)


def head_of(page):
    return re.sub(r"<[^>]+>", " ", page[page.index("<h1>") : page.index('<div class="cols">')]).split()


def section(page, heading):
    start = page.index(f"<h2>{heading}</h2>")
    return page[start : page.index("</section>", start)]


def test_its_own_part_comes_first_with_its_own_light(plan):
    page = page_of(plan.clerk, plan)
    assert head_of(page)[1:3] == ["本单位", "已完成"]
    own = section(page, "本单位")
    assert "<dd>2名</dd>" in own and "已完成" in own and "已达到 2名" in own and "滞后" not in own
    assert page.index("<h2>本单位</h2>") < page.index("本单位和所属机构") < page.index(f"{plan.campaign.area.name}目标")


def test_the_countys_judgement_stands_under_the_countys_name(plan):
    page = page_of(plan.clerk, plan)
    whole = section(page, f"{plan.campaign.area.name}目标")
    assert "滞后" in whole and "已完成" not in whole and "<dd>2名</dd>" in whole
    assert f"<h2>{plan.campaign.area.name}每日变化</h2>" in page
    assert plan.next_town.short_name not in page


def test_its_neighbour_which_has_done_nothing_is_told_so(plan):
    page = page_of(plan.neighbour, plan)
    assert head_of(page)[1] == "本单位" and "28名" in section(page, "本单位")
    assert "已完成" not in section(page, "本单位")


def test_the_bureau_reads_the_whole_and_all_parts(plan):
    page = page_of(plan.lead, plan)
    assert head_of(page)[1] == "滞后" and "本单位" not in page
    assert plan.township.short_name in section(page, "各单位") and plan.next_town.short_name in section(page, "各单位")
    assert "<h2>目标</h2>" in page


def test_an_office_without_a_part_reads_whose_light_it_is(plan):
    third = builders.make_office(
        area=builders.make_area("高亭镇", parent=plan.county.area), name="高亭镇民政办", parent=plan.bureau
    )
    page = page_of(builders.make_user(third), plan)
    assert head_of(page)[1:3] == [plan.campaign.area.name, "滞后"] and "<h2>本单位</h2>" not in page


def test_a_figure_of_its_own_without_a_share_has_no_light_of_its_own():
    plan = Plan(value=30)
    plan.accepted(12)
    page = page_of(plan.clerk, plan)
    assert head_of(page)[1] == plan.campaign.area.name
    own = section(page, "本单位")
    assert "没有分解任务" in own and "<dd>12名</dd>" in own and 'class="light' not in own


def test_a_home_reads_its_own_part_first():
    plan = Plan()
    campaign, home = plan.campaign, builders.make_facility(supervisor=plan.township)
    indicator = plans.make_indicator(campaign, metric="hazards.found", unit="条", per="home", value=1)
    indicator.shares.create(office=home.office, value=1)
    plan.indicator = indicator
    page = page_of(builders.make_home_user(home), plan)
    assert head_of(page)[1] == "本单位" and "所属机构" not in page


def test_the_page_costs_a_township_the_same_for_one_home_and_for_fifty(plan):
    def cost():
        page_of(plan.clerk, plan)
        return count_queries(lambda: page_of(plan.clerk, plan))

    parent = plan.share_of(plan.township)
    for number in (1, 49):
        for _ in range(number):
            home = builders.make_facility(supervisor=plan.township)
            plan.indicator.shares.create(office=home.office, value=1, parent=parent)
        if number == 1:
            one = cost()
    assert cost() == one
