"""A township reports, takes back, is sent back, reports again; the bureau's second person accepts, and then it counts."""

from decimal import Decimal

import pytest

from campaign_portal.audit.models import Event
from campaign_portal.campaigns import progress
from campaign_portal.campaigns.models import Share
from campaign_portal.campaigns.reported import Reported, reported, reported_by_office, reported_value
from campaign_portal.campaigns.sharing import Stale
from campaign_portal.clock import at, now
from campaign_portal.edges import NotYours, Refused

from . import builders, plans
from .builders import in_days
from .progresses import Plan

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def verbs_of(row):
    return list(Event.objects.about(row).values_list("verb", flat=True))


def test_a_return_goes_from_draft_to_accepted_and_each_step_is_recorded():
    plan = Plan()
    row = plan.start(12)
    assert row.status == "draft"
    row = progress.submit(row, by=plan.clerk)
    row = progress.send_back(row, by=plan.lead, comment="请补签到表")
    row = progress.rewrite(row, by=plan.clerk, words=plan.words(13))
    assert row.status == "returned"
    row = progress.submit(row, by=plan.clerk)
    assert (row.comment, row.decided_by) == ("请补签到表", None)
    row = progress.accept(row, by=plan.lead)
    row.refresh_from_db()
    assert (row.status, row.decided_by, row.submitted_by) == ("accepted", plan.lead, plan.clerk)
    assert [verb.partition(".")[2] for verb in verbs_of(row)] == [
        "write", "submit", "send_back", "write", "submit", "accept",
    ]  # fmt: skip


def test_only_an_accepted_return_counts():
    plan = Plan()
    row = plan.submitted(12)
    assert reported_value(plan.indicator) == Reported(Decimal(0))
    progress.accept(row, by=plan.lead)
    assert reported_value(plan.indicator) == Reported(Decimal(12))
    assert reported_by_office(plan.indicator) == {plan.township.pk: Reported(Decimal(12))}


def test_a_later_figure_replaces_an_earlier_one_and_the_offices_add_up():
    plan = Plan()
    with at(now() - 5 * builders.clock.ONE_DAY):
        plan.accepted(12)
    plan.accepted(20)
    plan.accepted(7, by=plan.neighbour)
    assert reported_value(plan.indicator).numerator == 27
    assert reported_value(plan.indicator, on=in_days(-5)).numerator == 12
    assert reported_value(plan.indicator, on=in_days(-6)).numerator == 0


def test_a_figure_counts_from_the_day_it_was_accepted_not_from_the_day_it_tells_of():
    plan = Plan()
    plan.accepted(12, as_of=in_days(-3))
    assert reported_value(plan.indicator, on=in_days(-1)).numerator == 0
    assert reported_value(plan.indicator, on=in_days(0)).numerator == 12


def test_what_was_done_by_a_day_counts_for_that_day_even_if_it_was_accepted_later():
    plan = Plan()
    plan.accepted(12, as_of=in_days(-3))
    plan.accepted(20)
    before = reported([plan.indicator], as_of=in_days(-3))[plan.indicator.pk]
    assert before == {plan.township.pk: Reported(Decimal(12))}
    assert reported([plan.indicator], as_of=in_days(-4)) == {}
    assert reported([plan.indicator], as_of=in_days(-3), on=in_days(-1)) == {}


def test_a_home_that_was_asked_before_counts_no_more_once_its_township_reports_it():
    plan = Plan()
    manager = builders.make_home_user(builders.make_facility(supervisor=plan.township))
    plan.task.units.create(part="responsible", office=manager.office, name=manager.office.name)
    plan.accepted(5, by=manager, as_of=in_days(-2))
    plan.accepted(3, as_of=in_days(-4))
    assert reported_value(plan.indicator).numerator == 8  # the township's is older and cannot hold it
    plan.accepted(9, as_of=in_days(-2))
    assert reported_by_office(plan.indicator) == {plan.township.pk: Reported(Decimal(9))}


def test_what_the_bureau_reports_of_its_own_takes_nothing_from_its_townships():
    plan = Plan()
    plan.task.units.create(part="responsible", office=plan.bureau, name=plan.bureau.name)
    plan.accepted(7)
    own = progress.submit(plan.start(2, by=plan.other), by=plan.other)
    progress.accept(own, by=plan.lead)
    assert reported_value(plan.indicator).numerator == 9


def test_a_rate_adds_parts_and_wholes_and_over_nothing_is_nothing_of_nothing():
    plan = Plan(unit="%", value=95)
    assert reported_value(plan.indicator) == (0, 0)
    plan.accepted(30, base=40)
    plan.accepted(10, base=10, by=plan.neighbour)
    assert reported_value(plan.indicator) == (40, 50)


def test_figures_of_many_indicators_are_one_query():
    plan = Plan()
    more = [plans.make_indicator(plan.campaign, f"指标{number}", task=plan.task) for number in range(5)]
    plan.accepted(12, figures=dict.fromkeys([plan.indicator, *more], (3, None)))
    plan.accepted(5, by=plan.neighbour)
    assert builders.count_queries(lambda: reported([plan.indicator, *more])) == 1
    assert builders.count_queries(lambda: reported_value(plan.indicator)) == 1
    assert builders.count_queries(lambda: reported_by_office(plan.indicator)) == 1
    found = reported([plan.indicator, *more])
    assert found[more[0].pk] == {plan.township.pk: (3, None)}
    assert set(found[plan.indicator.pk]) == {plan.township.pk, plan.next_town.pk}


def test_nobody_accepts_what_he_wrote_or_handed_in():
    plan = Plan()
    own = plans.make_task(plan.campaign, "县级任务", offices=[plan.bureau])
    words = plan.words(None)
    row = progress.submit(progress.start(own, by=plan.other, words=words), by=plan.lead)
    for person in (plan.other, plan.lead):
        with pytest.raises(Refused, match="须由另一位同志审核"):
            progress.accept(row, by=person)
    third = builders.make_user(plan.bureau)
    assert progress.accept(row, by=third).status == "accepted"


def test_the_database_refuses_what_the_edge_refuses():
    from django.db import IntegrityError, transaction

    from campaign_portal.campaigns.models import Progress

    plan = Plan()
    row = plan.submitted()
    rows = Progress.objects.filter(pk=row.pk)
    with pytest.raises(IntegrityError, match="progress_decided_by_another"), transaction.atomic():
        rows.update(status="accepted", decided_by=plan.clerk, decided_at=now())
    with pytest.raises(IntegrityError, match="progress_submitted_means_who_and_when"), transaction.atomic():
        rows.update(submitted_by=None)


@pytest.mark.parametrize("step", ["accept", "send_back", "answer"])
def test_only_the_lead_decides_and_answers(step):
    plan = Plan()
    row = plan.submitted(problem="缺师资")
    acts = {
        "accept": lambda by: progress.accept(row, by=by),
        "send_back": lambda by: progress.send_back(row, by=by, comment="补材料"),
        "answer": lambda by: progress.answer(row, by=by, text="已协调"),
    }
    for stranger in (plan.colleague, plan.neighbour, builders.make_user(builders.make_county().bureau)):
        with pytest.raises(NotYours):
            acts[step](stranger)
    with pytest.raises(NotYours):  # looks after accounts only
        acts[step](builders.make_user(plan.bureau, is_clerk=False, is_administrator=True))
    acts[step](plan.lead)


@pytest.mark.parametrize("step", ["rewrite", "submit", "take_back"])
def test_only_the_office_itself_writes_and_takes_back(step):
    plan = Plan()
    row = plan.submitted() if step == "take_back" else plan.start()
    acts = {
        "rewrite": lambda by: progress.rewrite(row, by=by, words=plan.words(1)),
        "submit": lambda by: progress.submit(row, by=by),
        "take_back": lambda by: progress.take_back(row, by=by),
    }
    for stranger in (plan.lead, plan.neighbour):
        with pytest.raises(NotYours):
            acts[step](stranger)
    acts[step](plan.colleague)


def test_what_has_been_decided_is_not_taken_back_or_changed():
    plan = Plan()
    row = plan.accepted()
    for act in (
        lambda: progress.take_back(row, by=plan.clerk),
        lambda: progress.rewrite(row, by=plan.clerk, words=plan.words(99)),
        lambda: progress.submit(row, by=plan.clerk),
        lambda: progress.send_back(row, by=plan.lead, comment="再改"),
        lambda: progress.accept(row, by=plan.lead),
    ):
        with pytest.raises(Refused, match="当前为“已采纳”"):
            act()
    assert reported_value(plan.indicator).numerator == 12


def test_sending_back_needs_a_comment():
    plan = Plan()
    row = plan.submitted()
    with pytest.raises(Refused, match="退回的原因"):
        progress.send_back(row, by=plan.lead, comment="  ")
    assert progress.send_back(row, by=plan.lead, comment="补签到表").status == "returned"


def test_one_return_at_a_time_and_one_a_day():
    plan = Plan()
    row = plan.start()
    with pytest.raises(Refused, match="还有一份“未报送”的报送"):
        plan.start(as_of=in_days(-1))
    progress.accept(progress.submit(row, by=plan.clerk), by=plan.lead)
    with pytest.raises(Refused, match="这一天的进展已有一份"):
        plan.start()
    earlier = plan.start(as_of=in_days(-1))
    with pytest.raises(Refused, match="截至日期不能更早"):
        progress.submit(earlier, by=plan.clerk)
    with pytest.raises(Refused, match="这一天的进展已有一份"):
        progress.rewrite(earlier, by=plan.clerk, words=plan.words())


def test_without_words_it_is_not_handed_in():
    plan = Plan()
    row = plan.start(text=" ")
    with pytest.raises(Refused, match="写明进展情况"):
        progress.submit(row, by=plan.clerk)


def test_who_has_no_part_in_a_task_does_not_report_on_it():
    plan = Plan()
    stranger = builders.make_user(plan.county.departments["fire"])
    with pytest.raises(NotYours):
        plan.start(by=stranger)
    plan.task.units.create(part="supervising", office=stranger.office, name=stranger.office.name)
    with pytest.raises(NotYours):
        plan.start(by=stranger)
    plan.task.units.create(part="joint", office=stranger.office, name=stranger.office.name)
    assert plan.start(None, by=stranger).office == stranger.office


def test_a_heading_of_the_plan_is_not_reported_on():
    plan = Plan()
    heading = plans.make_task(plan.campaign, "工作任务", offices=[plan.township], is_work=False)
    with pytest.raises(NotYours):
        progress.start(heading, by=plan.clerk, words=plan.words(None))


def test_figures_are_asked_from_whoever_got_a_share_and_no_longer_from_all_who_answer():
    plan = Plan()
    assert progress.asked_of(plan.task, plan.township) == [plan.indicator]
    from campaign_portal.campaigns.sharing import share_out

    share_out(plan.indicator, {plan.next_town: 40}, by=plan.lead)
    assert progress.asked_of(plan.task, plan.township) == []
    assert progress.asked_of(plan.task, plan.next_town) == [plan.indicator]
    with pytest.raises(Refused, match="不由本单位填报"):
        plan.start(12)


def test_a_share_of_nothing_asks_for_nothing():
    plan = Plan()
    Share.objects.create(indicator=plan.indicator, office=plan.township, value=0)
    Share.objects.create(indicator=plan.indicator, office=plan.next_town, value=40)
    assert progress.asked_of(plan.task, plan.township) == []
    assert progress.asked_of(plan.task, plan.next_town) == [plan.indicator]
    plan.task.units.all().delete()
    assert not progress.reports_on(plan.task, plan.township)
    assert progress.reports_on(plan.task, plan.next_town)


def test_a_home_that_got_its_part_from_its_township_is_not_counted_twice():
    from campaign_portal.campaigns.sharing import share_out

    plan = Plan()
    home = builders.make_facility(supervisor=plan.township)
    plan.share()
    share_out(plan.indicator, {home.office: 25}, by=plan.clerk, parent=plan.share_of(plan.township))
    plan.task.units.create(part="responsible", office=home.office, name=home.office.name)
    assert progress.asked_of(plan.task, home.office) == []
    assert progress.asked_of(plan.task, plan.township) == [plan.indicator]


def test_a_figure_that_the_portal_counts_itself_is_not_asked():
    plan = Plan()
    plans.make_indicator(plan.campaign, "隐患整改销号率", unit="%", value=100, task=plan.task, metric="hazards.closed")
    assert progress.asked_of(plan.task, plan.township) == [plan.indicator]


def test_a_problem_is_answered_once_and_asked_anew_when_it_changes():
    plan = Plan()
    row = plan.submitted(problem="缺师资")
    progress.answer(row, by=plan.lead, text="县里统一派")
    with pytest.raises(Refused, match=f"{plan.lead.name}已经答复过"):
        progress.answer(row, by=plan.other, text="再答一次")
    progress.take_back(row, by=plan.clerk)
    progress.rewrite(row, by=plan.clerk, words=plan.words(problem="缺师资"))
    row.refresh_from_db()
    assert row.answer == "县里统一派"
    progress.rewrite(row, by=plan.clerk, words=plan.words(problem="缺场地"))
    row.refresh_from_db()
    assert (row.answer, row.answered_by) == ("", None)


def test_without_a_problem_there_is_nothing_to_answer():
    plan = Plan()
    with pytest.raises(Refused, match="没有提出"):
        progress.answer(plan.submitted(), by=plan.lead, text="好")


@pytest.mark.parametrize("status, sentence", [("closed", "数据已冻结"), ("draft", "还没有启动")])
def test_only_a_running_campaign_takes_returns(status, sentence):
    plan = Plan()
    row = plan.submitted()
    closed_on = in_days(0) if status == "closed" else None
    type(plan.campaign).objects.filter(pk=plan.campaign.pk).update(status=status, closed_on=closed_on)
    for act in (lambda: plan.start(by=plan.neighbour), lambda: progress.accept(row, by=plan.lead)):
        with pytest.raises(Refused, match=sentence):
            act()


def test_a_page_opened_before_a_change_is_refused_and_says_who_was_faster():
    plan = Plan()
    row = plan.submitted()
    shown = row.version
    progress.take_back(row, by=plan.colleague, version=shown)
    with pytest.raises(Stale, match=f"{plan.township.name}{plan.colleague.name}已于 .* 办理“撤回”"):
        progress.accept(row, by=plan.lead, version=shown)
    row.refresh_from_db()
    assert row.status == "draft"


def test_the_audit_says_the_figures_that_were_handed_in():
    plan = Plan()
    row = plan.submitted(12)
    last = Event.objects.about(row).last()
    assert last.changes["培训养老护理员"] == ["", "12"]
    progress.take_back(row, by=plan.clerk)
    progress.rewrite(row, by=plan.clerk, words=plan.words(15))
    assert Event.objects.about(row).last().changes["培训养老护理员"] == ["12", "15"]
