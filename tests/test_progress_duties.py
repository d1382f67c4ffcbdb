"""Who is asked for what by when: returns to correct, returns to decide, milestones that come near."""

import pytest

from campaign_portal import clock
from campaign_portal.campaigns import progress
from campaign_portal.campaigns.models import Campaign
from campaign_portal.deadlines import registry

from . import builders, plans
from .builders import browser, count_queries, fresh, in_days
from .progresses import Plan

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

KINDS = ("progress_correct", "progress_decide", "milestone")


def duties(user):
    """{kind: titles} of the duties that campaigns give."""
    groups = registry.groups_for(builders.fresh(user), today=clock.today())
    return {group.kind.code: [duty.title for duty in group.duties] for group in groups if group.kind.code in KINDS}


def test_a_returned_report_is_its_offices_duty_three_days_long():
    plan = Plan()
    row = progress.send_back(plan.submitted(), by=plan.lead, comment="补签到表")
    assert "progress_correct" in duties(plan.clerk) and "progress_correct" not in duties(plan.neighbour)
    kind = registry.KINDS["progress_correct"]
    duty = kind.duty(kind.rows(plan.clerk, clock.today())[0])
    assert (duty.due_on, "补签到表" in duty.note) == (in_days(3), True)
    assert browser(plan.clerk).get(duty.url).status_code == 200
    progress.submit(progress.rewrite(row, by=plan.clerk, words=plan.words(13)), by=plan.clerk)
    assert "progress_correct" not in duties(plan.clerk)


def test_what_was_handed_in_waits_for_the_lead_but_not_for_who_handed_it_in():
    plan = Plan()
    plan.submitted(problem="缺师资")
    assert duties(plan.lead)["progress_decide"] == [f"审核 {plan.township.short_name} {plan.task.title}"]
    assert "progress_decide" not in duties(plan.clerk)
    own = plans.make_task(plan.campaign, "县级任务", offices=[plan.bureau])
    progress.submit(progress.start(own, by=plan.lead, words=plan.words(None)), by=plan.lead)
    assert len(duties(plan.lead)["progress_decide"]) == 1
    assert len(duties(plan.other)["progress_decide"]) == 2
    administrator = builders.make_user(plan.bureau, is_clerk=False, is_administrator=True)
    assert duties(administrator) == {}


def test_a_milestone_is_a_duty_from_fifteen_days_before_until_it_is_done():
    plan = Plan()
    far = plans.make_milestone(plan.task, "总结", due_on=in_days(16))
    late = plans.make_milestone(plan.task, "制定方案", due_on=in_days(-3))
    assert duties(plan.clerk)["milestone"] == ["制定方案", "完成排查"]
    type(late).objects.filter(pk=late.pk).update(done_on=in_days(0), done_by=plan.clerk)
    type(far).objects.filter(pk=far.pk).update(due_on=in_days(15))
    assert duties(plan.clerk)["milestone"] == ["完成排查", "总结"]


def test_a_milestone_asks_only_who_answers_for_its_task():
    plan = Plan()
    fire = builders.make_user(plan.county.departments["fire"])
    plan.task.units.create(part="joint", office=fire.office, name=fire.office.name)
    assert "milestone" not in duties(fire)
    plan.task.units.filter(office=fire.office).update(part="responsible")
    assert "milestone" in duties(fire)


def test_a_day_for_which_no_office_answers_is_the_leads():
    plan = Plan()
    task = plans.make_task(plan.campaign, "举办论坛")
    task.units.create(part="responsible", name="各协会会员单位")  # named, without an account
    milestone = plans.make_milestone(task, "举办高峰论坛", due_on=in_days(-3))
    assert "举办高峰论坛" in duties(plan.lead)["milestone"]
    assert "举办高峰论坛" not in duties(plan.clerk).get("milestone", [])
    kind = registry.KINDS["milestone"]
    duty = next(kind.duty(row) for row in kind.rows(fresh(plan.lead), clock.today()) if row.pk == milestone.pk)
    assert browser(plan.lead).get(duty.url).status_code == 200
    task.units.create(part="responsible", office=plan.township, name=plan.township.name)
    assert "举办高峰论坛" not in duties(plan.lead).get("milestone", [])
    assert "举办高峰论坛" in duties(plan.clerk)["milestone"]


def test_a_campaign_that_is_over_asks_for_nothing():
    plan = Plan()
    plan.submitted()
    progress.send_back(plan.submitted(1, by=plan.neighbour), by=plan.lead, comment="补")
    Campaign.objects.update(status="closed", closed_on=in_days(0))
    assert [duties(user) for user in (plan.clerk, plan.neighbour, plan.lead)] == [{}, {}, {}]


def test_duties_cost_a_query_a_kind_however_many_there_are():
    plan = Plan()

    def cost(user):
        visitor = fresh(user)
        return count_queries(lambda: registry.groups_for(visitor, today=clock.today()))

    plan.submitted()
    progress.send_back(plan.submitted(1, by=plan.neighbour), by=plan.lead, comment="补")
    one = [cost(user) for user in (plan.clerk, plan.neighbour, plan.lead)]
    for number in range(49):
        task = plans.make_task(plan.campaign, f"任务{number}", offices=[plan.township, plan.next_town])
        plans.make_milestone(task, due_on=in_days(5))
        for user in (plan.clerk, plan.neighbour):
            row = progress.submit(progress.start(task, by=user, words=plan.words(None)), by=user)
            if user == plan.neighbour:
                progress.send_back(row, by=plan.lead, comment="补")
    assert [cost(user) for user in (plan.clerk, plan.neighbour, plan.lead)] == one


def test_pages_cost_the_same_for_one_task_and_for_fifty():
    plan = Plan()
    plan.share()
    row = plan.submitted(problem="缺师资")
    base = f"/campaigns/{plan.campaign.pk}/"
    clerk, lead = browser(plan.clerk), browser(plan.lead)
    pages = [
        (clerk, f"{base}own/"),
        (clerk, f"{base}brief/"),
        (clerk, f"{base}progress/{row.pk}/"),
        (lead, f"{base}progress/"),
        (lead, f"{base}progress/?state=problems"),
        (lead, f"{base}progress/{row.pk}/"),
    ]

    def costs():
        return [count_queries(lambda: client.get(page)) for client, page in pages]  # noqa: B023

    costs()  # the sessions note when they were last seen
    one = costs()
    for number in range(49):
        task = plans.make_task(plan.campaign, f"任务{number}", offices=[plan.township])
        plans.make_milestone(task, due_on=in_days(5))
        indicator = plans.make_indicator(plan.campaign, f"指标{number}", task=task)
        words = plan.words(None, figures={indicator: (3, None)}, problem="缺场地")
        progress.submit(progress.start(task, by=plan.clerk, words=words), by=plan.clerk)
    assert costs() == one
    assert max(one) < 30
