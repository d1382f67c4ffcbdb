"""A step that is refused answers 409 on the page the user was on, with the sentence; one that is taken leads on."""

import pytest

from campaign_portal.campaigns import drafting, planning
from campaign_portal.campaigns.models import Campaign

from .builders import browser, in_days, make_county, make_user
from .notices import WHOLE
from .plans import make_campaign, make_indicator, make_milestone, make_task
from .progresses import Plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def county():
    return make_county()


@pytest.fixture
def boss(county):
    return make_user(county.bureau, is_approver=True)


@pytest.fixture
def client(boss):
    return browser(boss)


@pytest.fixture
def campaign(county):
    return make_campaign(county.bureau)


def refused(response, sentence, heading):
    """409, the sentence, and the page on which the button stands."""
    page = response.content.decode()
    assert response.status_code == 409
    assert f'<p class="note note-error">{sentence}' in page
    assert heading in page


@pytest.mark.parametrize(("where", "heading"), [("plan", "时间进度"), ("board", "基本情况")])
def test_an_empty_draft_does_not_start_and_says_so_where_it_was_pressed(client, county, where, heading):
    campaign = make_campaign(county.bureau, status=Campaign.Status.DRAFT)
    url = f"/campaigns/{campaign.pk}/start/"
    refused(client.post(url, {"page": where}), "还没有任务和阶段", heading)
    make_task(campaign)
    assert client.post(url, {"page": where}).url == f"/campaigns/{campaign.pk}/"


def test_the_board_says_that_it_is_the_board(client, county):
    campaign = make_campaign(county.bureau, status=Campaign.Status.DRAFT)
    make_task(campaign)
    assert (
        '<input type="hidden" name="page" value="board">' in client.get(f"/campaigns/{campaign.pk}/").content.decode()
    )


def test_a_campaign_that_has_ended_does_not_end_again(client, campaign):
    url = f"/campaigns/{campaign.pk}/close/"
    assert client.post(url).status_code == 302
    refused(client.post(url), "当前为“已结束”，不能结束", "时间进度")


def test_a_task_with_others_below_or_with_returns_is_not_removed(client, campaign):
    above = make_task(campaign, "重点任务", is_work=False)
    below = make_task(campaign, "排查", parent=above)
    url = f"/campaigns/{campaign.pk}/tasks/"
    refused(client.post(f"{url}{above.pk}/remove/"), "这项下面还有任务", "<h1>重点任务</h1>")
    assert client.post(f"{url}{below.pk}/remove/").url == f"/campaigns/{campaign.pk}/plan/"
    assert client.post(f"{url}{above.pk}/remove/").status_code == 302
    plan = Plan()
    plan.submitted()
    page = browser(plan.lead).post(f"/campaigns/{plan.campaign.pk}/tasks/{plan.task.pk}/remove/")
    refused(page, "这项任务已有进展报送", plan.task.title)


def test_a_task_is_done_once_and_taken_back_once(client, campaign):
    task = make_task(campaign, "排查")
    url = f"/campaigns/{campaign.pk}/tasks/{task.pk}/done/"
    assert client.post(url).status_code == 302
    refused(client.post(url), "这项任务已在", "<h1>排查</h1>")
    assert client.post(url, {"undo": "1"}).status_code == 302
    refused(client.post(url, {"undo": "1"}), "这项任务还没有办结", "<h1>排查</h1>")


def test_a_milestone_is_taken_back_once(client, campaign, boss):
    milestone = make_milestone(make_task(campaign, "排查"))
    url = f"/campaigns/{campaign.pk}/milestones/{milestone.pk}/done/"
    planning.complete(milestone, by=boss)
    assert client.post(url, {"undo": "1"}).status_code == 302
    refused(client.post(url, {"undo": "1"}), "这个节点还没有标为完成", "<h1>排查</h1>")


def test_an_indicator_that_was_reported_is_not_removed():
    plan = Plan()
    plan.submitted()
    url = f"/campaigns/{plan.campaign.pk}/indicators/"
    page = browser(plan.lead).post(f"{url}{plan.indicator.pk}/remove/")
    refused(page, "已有单位填报过这个指标", f"<h1>{plan.indicator.name}</h1>")
    other = make_indicator(plan.campaign, "别的")
    assert browser(plan.lead).post(f"{url}{other.pk}/remove/").status_code == 302


STEPS = {
    "tasks/{task}/remove/": {},
    "tasks/{task}/done/": {},
    "milestones/{milestone}/done/": {"undo": "1"},
    "milestones/{milestone}/remove/": {},
    "indicators/{indicator}/remove/": {},
    "tasks/new/": {"title": "我写的", "is_work": "on", "sent_key": "8f7f0b0e-3f0f-4b7e-9d7b-0a1b2c3d4e5f"},
    "tasks/{task}/edit/": {"title": "我写的", "is_work": "on", "version": 0},
    "milestones/{milestone}/dates/": {"ends_on": in_days(3), "reason": "我写的", "version": 0},
    "milestones/{milestone}/done/ note": {"note": "我写的", "version": 0},
}


@pytest.mark.parametrize("path", STEPS)
def test_of_a_campaign_that_has_ended_nothing_changes_and_what_was_typed_stays(client, campaign, boss, path):
    task = make_task(campaign)
    rows = {"task": task, "milestone": make_milestone(task), "indicator": make_indicator(campaign, task=task)}
    planning.close(campaign, by=boss)
    url = f"/campaigns/{campaign.pk}/" + path.removesuffix(" note").format(**{name: r.pk for name, r in rows.items()})
    before = {name: type(row).objects.values().get(pk=row.pk) for name, row in rows.items()}
    page = client.post(url, STEPS[path])
    assert page.status_code == 409
    assert "当前为“已结束”，不能修改方案" in page.content.decode()
    assert "我写的" in page.content.decode() or "我写的" not in STEPS[path].values()
    assert {name: type(row).objects.values().get(pk=row.pk) for name, row in rows.items()} == before


def test_who_does_not_lead_hears_that_before_anything_else(county, campaign, boss):
    task = make_task(campaign)
    planning.close(campaign, by=boss)
    neighbour = browser(make_user(make_county().bureau))
    assert neighbour.post(f"/campaigns/{campaign.pk}/tasks/{task.pk}/done/").status_code == 404
    administrator = browser(make_user(county.bureau, is_clerk=False, is_administrator=True))
    assert administrator.post(f"/campaigns/{campaign.pk}/tasks/{task.pk}/done/").status_code == 403
    assert browser(boss).get(f"/campaigns/{campaign.pk}/tasks/{task.pk}/edit/").status_code == 403


def test_steps_of_a_draft_that_was_given_up_are_refused_beside_it(client, boss):
    notice = drafting.take_in(WHOLE, by=boss)
    url, item = f"/campaigns/notices/{notice.pk}/", notice.items.first()
    assert client.post(f"{url}items/{item.pk}/decide/", {"decision": "accepted"}).status_code == 302
    assert client.post(f"{url}drop/").status_code == 302
    for path, sent in [(f"items/{item.pk}/decide/", {"decision": "dropped"}), ("accept/task/", {}), ("drop/", {})]:
        refused(client.post(url + path, sent), "这份通知的草案已放弃", 'class="notice-pair"')
