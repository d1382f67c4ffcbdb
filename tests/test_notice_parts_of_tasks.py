"""Who keeps a day of a task has a part in it; what nobody has a part in is said before a plan is made and before it starts."""

import datetime
import re

import pytest

from campaign_portal import clock
from campaign_portal.campaigns import drafting
from campaign_portal.campaigns.models import Campaign, DraftItem, TaskUnit

from .builders import browser, count_queries, make_county, make_user
from .notices import NOTICE
from .plans import make_campaign, make_indicator, make_milestone, make_task

pytestmark = pytest.mark.django_db

BODY = """一、重点任务
（一）排查安全隐患。由县民政局牵头，各乡镇（街道）民政办于4月30日前完成排查。
（二）自查自纠。各养老机构于3月31日前列出隐患清单。
（三）梳理总结。各乡镇（街道）民政办于11月15日前报送工作总结，县民政局于11月30日前报送总结报告。
（四）培养人才。年底前培训社工40名，隐患整改率达到95%。
"""


@pytest.fixture
def county():
    return make_county()


@pytest.fixture
def officer(county):
    return make_user(county.bureau)


@pytest.fixture
def notice(officer):
    notice = drafting.take_in(NOTICE.format(body=BODY, issued="2022年3月1日"), by=officer)
    for kind in DraftItem.Kind:
        drafting.accept_rest(notice, kind, by=officer)
    return notice


def made(notice, officer):
    offices = drafting.offices_of(officer.office)
    known = {name: drafting.guess_offices(name, offices) for name in drafting.names_told(notice.items.all())}
    days = {"starts_on": datetime.date(2022, 3, 1), "ends_on": datetime.date(2022, 12, 31)}
    return drafting.confirm(notice, Campaign(title="行动", code="LM22", lead=officer.office, **days), known, by=officer)


def parts(campaign, title):
    return {(unit.part, unit.office or unit.name) for unit in campaign.tasks.get(title=title).units.all()}


def text_of(response):
    return re.sub(r"\s+", " ", response.content.decode())


# In the plan


def test_who_keeps_its_days_answers_for_a_task_of_nobody_else(notice, officer, county):
    campaign, townships = made(notice, officer), set(county.townships.values())
    answers = {("responsible", office) for office in {*townships, county.bureau}}
    assert parts(campaign, "梳理总结") == answers
    assert parts(campaign, "自查自纠") == {("responsible", "各养老机构")}
    assert parts(campaign, "培养人才") == set()


def test_beside_who_leads_a_task_he_works_along(notice, officer, county):
    campaign = made(notice, officer)
    joint = {("joint", office) for office in county.townships.values()}
    assert parts(campaign, "排查安全隐患") == {("responsible", county.bureau), *joint}


def test_a_day_that_was_left_out_gives_no_part(notice, officer):
    for item in notice.items.filter(kind=DraftItem.Kind.DEADLINE):
        drafting.decide(item, DraftItem.Decision.DROPPED, by=officer)
    assert not made(notice, officer).tasks.filter(title__in=["自查自纠", "梳理总结"], units__isnull=False).exists()


# What is said about it


def test_the_confirming_page_names_tasks_and_targets_of_nobody(notice, officer):
    page = text_of(browser(officer).get(f"/campaigns/notices/{notice.pk}/confirm/"))
    gaps = page.split('id="gaps"')[1].split("</section>")[0]
    assert "1 项任务没有责任单位" in gaps and "培养人才" in gaps
    assert "1 项指标由单位填报" in gaps and "社工" in gaps
    assert "排查安全隐患" not in gaps and "整改率" not in gaps


def test_with_a_unit_for_each_nothing_is_named(notice, officer):
    task = notice.items.get(kind=DraftItem.Kind.TASK, data__title="培养人才")
    drafting.add(notice, DraftItem.Kind.UNIT, {"name": "县民政局", "part": "lead"}, by=officer, parent=task)
    assert 'id="gaps"' not in text_of(browser(officer).get(f"/campaigns/notices/{notice.pk}/confirm/"))


def test_a_unit_without_an_account_reports_no_figure(notice, officer):
    task = notice.items.get(kind=DraftItem.Kind.TASK, data__title="培养人才")
    drafting.add(notice, DraftItem.Kind.UNIT, {"name": "某某学院", "part": "lead"}, by=officer, parent=task)
    page = text_of(browser(officer).get(f"/campaigns/notices/{notice.pk}/confirm/"))
    assert "没有责任单位，" not in page and "1 项指标由单位填报" in page


@pytest.mark.parametrize("page", ["", "plan/"])
def test_a_draft_says_what_nobody_would_get_until_it_is_given_out(county, officer, page):
    campaign = make_campaign(county.bureau, status=Campaign.Status.DRAFT)
    task = make_task(campaign, "培养人才")
    make_indicator(campaign, "社工", task=task)
    client, url = browser(officer), f"/campaigns/{campaign.pk}/{page}"
    said = text_of(client.get(url))
    assert "还有 1 项任务没有责任单位" in said and "还有 1 项指标没有单位填报" in said
    TaskUnit.objects.create(task=task, part="responsible", office=county.bureau, name="县民政局")
    assert "没有责任单位" not in text_of(client.get(url)) and "没有单位填报" not in text_of(client.get(url))
    TaskUnit.objects.all().delete()
    Campaign.objects.update(status=Campaign.Status.RUNNING)
    assert "没有责任单位" not in text_of(client.get(url))


# Whose day it is


def test_a_day_of_every_township_stands_with_each_whoever_answers_for_the_task(county):
    campaign = make_campaign(county.bureau)
    task = make_task(campaign, "梳理总结", offices=[county.bureau])
    make_milestone(task, "报送工作总结", who="各乡镇（街道）民政办", due_on=clock.today())
    for township in county.townships.values():
        clerk = browser(make_user(township))
        for url in (f"/campaigns/{campaign.pk}/own/", f"/campaigns/{campaign.pk}/brief/", "/todo/"):
            assert "报送工作总结" in text_of(clerk.get(url)), url
    fire = browser(make_user(county.departments["fire"]))
    for url in (f"/campaigns/{campaign.pk}/own/", "/todo/"):
        assert "报送工作总结" not in text_of(fire.get(url))


def test_a_day_that_names_another_unit_is_not_asked_of_the_rest(county):
    campaign = make_campaign(county.bureau)
    task = make_task(campaign, "梳理总结", offices=[county.bureau, county.township])
    make_milestone(task, "报送总结报告", who=county.bureau.name, due_on=clock.today())
    make_milestone(task, "开总结会", due_on=clock.today())
    lead, clerk = browser(make_user(county.bureau)), browser(make_user(county.township))
    for url in (f"/campaigns/{campaign.pk}/own/", "/todo/"):
        assert "报送总结报告" in text_of(lead.get(url)) and "开总结会" in text_of(lead.get(url))
        assert "报送总结报告" not in text_of(clerk.get(url)) and "开总结会" in text_of(clerk.get(url))


def test_the_pages_cost_the_same_for_one_such_day_and_for_fifty(county, officer):
    campaign = make_campaign(county.bureau)
    clerk = browser(make_user(county.township))
    urls = [f"/campaigns/{campaign.pk}/own/", f"/campaigns/{campaign.pk}/brief/", "/todo/"]

    def add(number):
        task = make_task(campaign, f"任务{number}", offices=[county.bureau])
        make_milestone(task, who="各乡镇民政办", due_on=clock.today())

    add(0)
    assert all(clerk.get(url).status_code == 200 for url in urls)  # what is counted once a session
    costs = [count_queries(lambda url=url: clerk.get(url)) for url in urls]
    for number in range(1, 50):
        add(number)
    assert [count_queries(lambda url=url: clerk.get(url)) for url in urls] == costs
