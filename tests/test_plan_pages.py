"""The plan of a campaign: the leading office keeps it, others read it; moved dates stay on file."""

import uuid

import pytest

from campaign_portal import clock
from campaign_portal.audit.models import Event
from campaign_portal.campaigns import planning
from campaign_portal.campaigns.models import Campaign, DateChange, IndicatorDay, Phase, Share, Task
from campaign_portal.campaigns.services import edit_campaign
from campaign_portal.edges import NotYours, Refused

from .builders import (
    browser,
    count_queries,
    in_days,
    make_county,
    make_facility,
    make_home_user,
    make_office,
    make_user,
)
from .plans import make_campaign, make_indicator, make_milestone, make_phase, make_task

pytestmark = pytest.mark.django_db


@pytest.fixture
def county():
    return make_county()


@pytest.fixture
def clerk(county):
    return make_user(county.bureau)


@pytest.fixture
def campaign(county):
    return make_campaign(county.bureau)


def draft(county, **columns):
    campaign = make_campaign(county.bureau, status=Campaign.Status.DRAFT, **columns)
    make_task(campaign)
    return campaign


# State


def test_a_draft_is_the_leading_offices_own_until_it_starts(county, clerk):
    campaign = draft(county)
    township = browser(make_user(county.township))
    assert township.get(f"/campaigns/{campaign.pk}/plan/").status_code == 404
    browser(clerk).post(f"/campaigns/{campaign.pk}/start/")
    campaign.refresh_from_db()
    assert campaign.status == "running"
    assert township.get(f"/campaigns/{campaign.pk}/plan/").status_code == 200
    assert Event.objects.about(campaign).get().verb == "campaign.started"


def test_an_empty_draft_does_not_start(county, clerk):
    campaign = make_campaign(county.bureau, status=Campaign.Status.DRAFT)
    with pytest.raises(Refused, match="还没有任务和阶段"):
        planning.start(campaign, by=clerk)


def test_two_that_take_hazards_do_not_run_side_by_side(county, clerk, campaign):
    with pytest.raises(Refused, match="时间重叠"):
        planning.start(draft(county), by=clerk)
    planning.start(draft(county, takes_records=False), by=clerk)


def test_an_association_that_leads_keeps_the_plan_and_the_bureau_reads_it(county, clerk):
    secretary = make_user(make_office("association", area=county.area))
    campaign = make_campaign(secretary.office, takes_records=False)
    task = make_task(campaign)
    planning.finish_task(task, by=secretary)
    with pytest.raises(NotYours):
        planning.finish_task(task, by=clerk)
    assert browser(clerk).get(f"/campaigns/{campaign.pk}/plan/").status_code == 200
    assert browser(clerk).post(f"/campaigns/{campaign.pk}/tasks/{task.pk}/done/").status_code == 403


def test_only_who_may_approve_ends_it_and_then_nothing_changes_any_more(county, clerk, campaign):
    task = make_task(campaign)
    with pytest.raises(NotYours):
        planning.close(campaign, by=clerk)
    planning.close(campaign, by=make_user(county.bureau, is_approver=True))
    campaign.refresh_from_db()
    assert campaign.closed_on is not None
    with pytest.raises(Refused, match="已结束"):
        planning.finish_task(task, by=clerk)


# Days


def test_a_moved_date_keeps_the_old_one_the_reason_and_who(county, clerk, campaign):
    milestone = make_milestone(make_task(campaign), due_on=in_days(10))
    url = f"/campaigns/{campaign.pk}/milestones/{milestone.pk}/dates/"
    sent = {"starts_on": "", "ends_on": in_days(20), "reason": "汛期延后", "version": 0}
    browser(clerk).post(url, sent)
    milestone.refresh_from_db()
    assert milestone.due_on == in_days(20)
    change = DateChange.objects.get()
    assert (change.was_until, change.reason, change.by) == (in_days(10), "汛期延后", clerk)
    assert "汛期延后" in browser(make_user(county.township)).get(f"/campaigns/{campaign.pk}/plan/").content.decode()


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"ends_on": "", "reason": "延后"}, "请填写“截止日期”。"),
        ({"starts_on": in_days(9), "ends_on": in_days(3), "reason": "延后"}, "截止日期不能早于开始日期"),
        ({"ends_on": in_days(20), "reason": ""}, "请填写“调整原因”。"),
    ],
)
def test_a_move_without_day_or_reason_is_refused(clerk, campaign, sent, sentence):
    milestone = make_milestone(make_task(campaign), due_on=in_days(10))
    page = browser(clerk).post(f"/campaigns/{campaign.pk}/milestones/{milestone.pk}/dates/", {"version": 0} | sent)
    assert page.status_code == 422
    assert sentence in page.content.decode()
    milestone.refresh_from_db()
    assert milestone.due_on == in_days(10)


def test_a_phase_moves_the_same_way(clerk, campaign):
    phase = make_phase(campaign)
    planning.move_dates(phase, in_days(-30), in_days(50), by=clerk, reason="提前收尾")
    assert phase.date_changes.get().was_until == campaign.ends_on
    with pytest.raises(Refused, match="日期没有变"):
        planning.move_dates(phase, in_days(-30), in_days(50), by=clerk, reason="再来")


# Tasks and indicators


def test_tasks_hang_below_each_other_and_never_below_themselves(clerk, campaign):
    above, below = make_task(campaign, "重点任务", is_work=False), make_task(campaign, "排查")
    below.parent = above
    planning.save_task(below, by=clerk)
    above.parent = below
    with pytest.raises(Refused, match="自己的下级"):
        planning.save_task(above, by=clerk)
    with pytest.raises(Refused, match="下面还有任务"):
        planning.remove_task(above, by=clerk)


def test_a_task_and_an_indicator_are_added_by_hand(clerk, campaign):
    client = browser(clerk)
    client.post(
        f"/campaigns/{campaign.pk}/tasks/new/", {"title": "结对帮扶", "is_work": "on", "sent_key": uuid.uuid4()}
    )
    task = campaign.tasks.get()
    sent = {"name": "结对", "task": task.pk, "comparator": "ge", "value": "5", "unit": "对"}
    sent["sent_key"] = uuid.uuid4()
    client.post(f"/campaigns/{campaign.pk}/indicators/new/", sent)
    assert campaign.indicators.get().task == task
    page = client.get(f"/campaigns/{campaign.pk}/tasks/{task.pk}/").content.decode()
    assert "不少于 5 对" in page


def test_a_milestone_is_kept_with_a_note_and_not_twice(clerk, campaign):
    milestone = make_milestone(make_task(campaign))
    planning.complete(milestone, by=clerk, note="16 个乡镇全部报齐")
    with pytest.raises(Refused, match="已在"):
        planning.complete(milestone, by=clerk)
    planning.reopen(milestone, by=clerk)
    milestone.refresh_from_db()
    assert milestone.done_on is None


# Pages


def test_everybody_whom_it_concerns_reads_plan_board_task_and_indicator(county, campaign):
    task = make_task(campaign)
    indicator = make_indicator(campaign, task=task, metric="hazards.closed_rate", unit="%", value=90)
    home = make_facility(supervisor=county.township)
    people = [make_user(county.bureau), make_user(county.township), make_user(county.departments["fire"])]
    for person in [*people, make_home_user(home)]:
        for path in ("", "plan/", f"tasks/{task.pk}/", f"indicators/{indicator.pk}/"):
            assert browser(person).get(f"/campaigns/{campaign.pk}/{path}").status_code == 200
    neighbour = browser(make_user(make_county().bureau))
    for path in ("", "plan/", "wall/", f"tasks/{task.pk}/", f"indicators/{indicator.pk}/"):
        assert neighbour.get(f"/campaigns/{campaign.pk}/{path}").status_code == 404


@pytest.mark.parametrize("path", ["", "plan/", "wall/"])
def test_a_page_costs_the_same_for_one_task_and_for_fifty(clerk, campaign, path):
    client, url = browser(clerk), f"/campaigns/{campaign.pk}/{path}"

    def fill(count):
        for _ in range(count):
            task = make_task(campaign, offices=[campaign.lead])
            make_milestone(task, due_on=in_days(5))
            make_indicator(campaign, task=task)
        make_phase(campaign)

    fill(1)
    client.get(url)
    few = count_queries(lambda: client.get(url))
    fill(49)
    assert count_queries(lambda: client.get(url)) == few


def test_the_wall_is_not_for_homes(county, campaign):
    home = make_home_user(make_facility(supervisor=county.township))
    assert browser(home).get(f"/campaigns/{campaign.pk}/wall/").status_code == 403


# What must not happen


def test_who_is_only_an_administrator_plans_nothing(county, campaign):
    administrator = make_user(county.bureau, is_clerk=False, is_administrator=True)
    task = make_task(campaign)
    with pytest.raises(NotYours):
        planning.finish_task(task, by=administrator)
    assert browser(administrator).get("/campaigns/new/").status_code == 403
    assert browser(administrator).get(f"/campaigns/{campaign.pk}/edit/").status_code == 403


def test_an_associations_campaign_takes_no_hazards(county):
    secretary = make_user(make_office("association", area=county.area))
    campaign = make_campaign(secretary.office, status=Campaign.Status.DRAFT)
    make_task(campaign)
    with pytest.raises(Refused, match="民政局牵头的行动"):
        planning.start(campaign, by=secretary)


def test_a_home_reads_its_own_part_of_an_indicator_and_no_other_homes(county, campaign):
    indicator = make_indicator(campaign, metric="hazards.found", unit="条", per="home", value=1)
    home, other = (make_facility(supervisor=county.township) for _ in range(2))
    for one in (home, other):
        Share.objects.create(indicator=indicator, office=one.office, value=1)
    page = browser(make_home_user(home)).get(f"/campaigns/{campaign.pk}/indicators/{indicator.pk}/").content.decode()
    assert home.office.short_name in page
    assert other.office.short_name not in page


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "20226-01-01"])
def test_a_slip_of_the_keyboard_in_a_date_is_noticed(clerk, campaign, day):
    sent = {"name": "完成排查", "due_on": day, "sent_key": uuid.uuid4()}
    page = browser(clerk).post(f"/campaigns/{campaign.pk}/milestones/new/", sent)
    assert page.status_code == 422
    assert not campaign.milestones.exists()


def test_an_edited_task_does_not_undo_what_a_colleague_has_done_since(clerk, campaign):
    task = make_task(campaign)
    opened = Task.objects.get(pk=task.pk)
    planning.finish_task(task, by=clerk)
    opened.title = "改了的标题"
    planning.save_task(opened, by=clerk)
    task.refresh_from_db()
    assert (task.title, task.done_on is not None) == ("改了的标题", True)


def test_an_indicator_counted_otherwise_begins_its_days_anew(clerk, campaign):
    indicator = make_indicator(campaign, metric="hazards.found", unit="条")
    IndicatorDay.objects.create(indicator=indicator, day=in_days(-1), numerator=3)
    indicator.value = 50
    planning.save_indicator(indicator, by=clerk)
    assert indicator.days.count() == 1
    indicator.metric = "hazards.closed"
    planning.save_indicator(indicator, by=clerk)
    assert indicator.days.count() == 0


def test_a_phase_keeps_its_sentence_when_an_earlier_one_is_taken_out(county, clerk):
    campaign = draft(county)
    one, two = make_phase(campaign, "动员部署"), make_phase(campaign, "组织实施")
    Phase.objects.filter(pk=two.pk).update(source="第二句")
    edit_campaign(campaign, [("组织实施", two.starts_on, two.ends_on)], by=clerk)
    [left] = campaign.phases.all()
    assert (left.name, left.source) == ("组织实施", "第二句")
    assert one.name == "动员部署"


def test_a_day_moved_beyond_the_campaign_is_kept_and_pointed_out(clerk, campaign):
    milestone = make_milestone(make_task(campaign), due_on=in_days(10))
    client, url = browser(clerk), f"/campaigns/{campaign.pk}/milestones/{milestone.pk}/dates/"
    for version, day in enumerate([campaign.ends_on, campaign.ends_on + 20 * clock.ONE_DAY]):
        page = client.post(
            url, {"ends_on": day, "reason": "报送总结", "version": version}, follow=True
        ).content.decode()
        assert ("晚于行动结束日期" in page) == (day > campaign.ends_on)
