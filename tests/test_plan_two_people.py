"""Two colleagues change the same row of a plan: the later one is told who changed what, and what was typed stays."""

import re

import pytest

from campaign_portal.campaigns import planning
from campaign_portal.campaigns.models import Campaign, DateChange
from campaign_portal.campaigns.services import edit_campaign
from campaign_portal.edges import Refused

from .builders import browser, in_days, make_county, make_user
from .plans import make_campaign, make_indicator, make_milestone, make_phase, make_task

pytestmark = pytest.mark.django_db


@pytest.fixture
def county():
    return make_county()


@pytest.fixture
def clerk(county):
    return make_user(county.bureau, name="张三")


@pytest.fixture
def colleague(county):
    return make_user(county.bureau, name="李四")


@pytest.fixture
def campaign(county):
    return make_campaign(county.bureau)


NO_PHASES = {f"phases-{name}_FORMS": 0 for name in ("TOTAL", "INITIAL")}


def version_on(page):
    return int(re.search(r'name="version" value="(\d+)"', page.content.decode())[1])


def row_and_change(campaign, kind):
    """A row of the plan, the path of its form, what is sent, and the column that shows it."""
    if kind == "campaign":
        days = {"starts_on": campaign.starts_on, "ends_on": campaign.ends_on}
        return campaign, "edit/", {"title": "我的行动", "code": campaign.code, **days, **NO_PHASES}, "title"
    task = make_task(campaign, "排查隐患")
    if kind == "task":
        return task, f"tasks/{task.pk}/edit/", {"title": "我的标题", "is_work": "on"}, "title"
    if kind == "milestone":
        row = make_milestone(task, "完成排查")
        return row, f"milestones/{row.pk}/edit/", {"name": "我的节点", "task": task.pk}, "name"
    if kind == "indicator":
        row = make_indicator(campaign, task=task)
        sent = {"name": "我的指标", "task": task.pk, "comparator": "ge", "value": "45", "unit": "名"}
        return row, f"indicators/{row.pk}/edit/", sent, "name"
    if kind == "dates":
        row = make_milestone(task, due_on=in_days(10))
        return row, f"milestones/{row.pk}/dates/", {"ends_on": in_days(20), "reason": "我的原因"}, "due_on"
    row = make_phase(campaign)
    sent = {"starts_on": campaign.starts_on, "ends_on": in_days(40), "reason": "我的原因"}
    return row, f"phases/{row.pk}/dates/", sent, "ends_on"


def faster(row, kind, by):
    """What the colleague does meanwhile: (the words that tell it)."""
    if kind == "dates":
        planning.move_dates(row, None, in_days(15), by=by, reason="汛期延后")
        return f"完成时限由“{in_days(10)}”改为“{in_days(15)}”，说明：汛期延后"
    if kind == "phase":
        planning.move_dates(row, row.starts_on, in_days(30), by=by, reason="提前收尾")
        return f"结束日期由“{row.ends_on}”改为“{in_days(30)}”，说明：提前收尾"
    if kind == "campaign":
        theirs, was = Campaign.objects.get(pk=row.pk), row.title
        theirs.title = "同事的名称"
        edit_campaign(theirs, None, by=by)
        return f"名称由“{was}”改为“同事的名称”"
    save = {"task": planning.save_task, "milestone": planning.save_milestone, "indicator": planning.save_indicator}
    column = "title" if kind == "task" else "name"
    label = {"task": "任务", "milestone": "节点", "indicator": "指标"}[kind]
    was = getattr(row, column)
    setattr(row, column, "同事的名称")
    save[kind](row, by=by)
    return f"{label}由“{was}”改为“同事的名称”"


KINDS = ["campaign", "task", "milestone", "indicator", "dates", "phase"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_later_is_told_and_keeps_what_was_typed_and_may_then_save(campaign, clerk, colleague, kind):
    row, path, sent, column = row_and_change(campaign, kind)
    client, url = browser(clerk), f"/campaigns/{campaign.pk}/{path}"
    shown = version_on(client.get(url))
    told = faster(row, kind, colleague)
    row.refresh_from_db()
    theirs = getattr(row, column)

    page = client.post(url, sent | {"version": shown})
    text = page.content.decode()
    assert page.status_code == 409
    assert f"{colleague.name}已于" in text and told in text
    assert str(sent.get("reason") or sent[column]) in text
    row.refresh_from_db()
    assert getattr(row, column) == theirs

    assert version_on(page) == row.version
    assert client.post(url, sent | {"version": version_on(page)}).status_code == 302
    row.refresh_from_db()
    assert getattr(row, column) != theirs


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_is_told_where_nobody_was_faster(campaign, clerk, kind):
    row, path, sent, column = row_and_change(campaign, kind)
    client, url = browser(clerk), f"/campaigns/{campaign.pk}/{path}"
    was = getattr(row, column)
    assert client.post(url, sent | {"version": version_on(client.get(url))}).status_code == 302
    row.refresh_from_db()
    assert (getattr(row, column) != was, row.version) == (True, 1)


@pytest.mark.parametrize("version", ["", "x", None])
def test_a_form_that_does_not_say_what_it_showed_is_not_taken(campaign, clerk, version):
    task = make_task(campaign, "排查隐患")
    sent = {"title": "我的标题", "is_work": "on"} | ({} if version is None else {"version": version})
    page = browser(clerk).post(f"/campaigns/{campaign.pk}/tasks/{task.pk}/edit/", sent)
    assert page.status_code == 422
    assert "请重新打开再填" in page.content.decode()
    task.refresh_from_db()
    assert task.title == "排查隐患"


@pytest.mark.parametrize("version", ["-1", "9" * 30])
def test_a_version_that_no_page_showed_is_an_old_one(campaign, clerk, version):
    milestone = make_milestone(make_task(campaign), due_on=in_days(10))
    sent = {"ends_on": in_days(20), "reason": "延后", "version": version}
    page = browser(clerk).post(f"/campaigns/{campaign.pk}/milestones/{milestone.pk}/dates/", sent)
    assert page.status_code == 409
    assert not DateChange.objects.exists()


def test_a_row_that_a_colleague_has_removed_is_not_saved(campaign, clerk, colleague):
    milestone = make_milestone(make_task(campaign))
    planning.remove_milestone(milestone, by=colleague)
    with pytest.raises(Refused, match="刚刚被删除"):
        planning.move_dates(milestone, None, in_days(20), by=clerk, reason="延后", version=0)


def test_phases_that_were_edited_with_the_draft_are_not_moved_from_an_old_page(county, clerk):
    campaign = make_campaign(county.bureau, status="draft")
    phase = make_phase(campaign)
    edit_campaign(campaign, [(phase.name, campaign.starts_on, in_days(30))], by=clerk)
    with pytest.raises(Refused, match="页面打开之后已有变化"):
        planning.move_dates(phase, campaign.starts_on, in_days(40), by=clerk, reason="延后", version=0)


def test_a_long_text_is_told_in_a_few_words(campaign, clerk, colleague):
    task = make_task(campaign, content="旧" * 3000)
    task.content = "新" * 3000
    planning.save_task(task, by=colleague)
    with pytest.raises(Refused) as refused:
        planning.save_task(task, by=clerk, version=0)
    assert "新新…" in str(refused.value) and len(str(refused.value)) < 250


def test_a_task_is_not_done_twice_nor_taken_back_twice(campaign, clerk, colleague):
    task = make_task(campaign)
    planning.finish_task(task, by=colleague)
    with pytest.raises(Refused, match="办结"):
        planning.finish_task(task, by=clerk)
    planning.finish_task(task, by=clerk, done=False)
    with pytest.raises(Refused, match="还没有办结"):
        planning.finish_task(task, by=clerk, done=False)
