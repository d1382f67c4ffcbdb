"""Two people at the same moment: one step happens, the other is told; a target is shared out once."""

import pytest

from campaign_portal.audit.models import Event
from campaign_portal.campaigns import planning, progress
from campaign_portal.campaigns.assigning import assign
from campaign_portal.campaigns.models import Progress
from campaign_portal.campaigns.reported import reported_value
from campaign_portal.campaigns.sharing import Whole, seal, share_out

from . import builders
from .builders import in_days
from .progresses import Plan
from .test_concurrency import at_once, refusals

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]


def test_accepting_while_it_is_taken_back_is_one_or_the_other():
    plan = Plan()
    row = plan.submitted()
    shown = row.version
    outcomes = at_once(
        lambda: progress.accept(row, by=plan.lead, version=shown),
        lambda: progress.take_back(row, by=plan.colleague, version=shown),
    )
    (sentence,) = refusals(outcomes)
    row.refresh_from_db()
    winner = plan.lead if row.status == "accepted" else plan.colleague
    assert row.status in ("accepted", "draft")
    assert f"{winner.name}已于" in str(sentence)
    assert Event.objects.about(row).filter(verb__in=["progress.accept", "progress.take_back"]).count() == 1
    assert reported_value(plan.indicator).numerator == (12 if row.status == "accepted" else 0)


def test_without_having_seen_a_page_the_edge_still_lets_only_one_through():
    plan = Plan()
    row = plan.submitted()
    officers = [builders.make_user(plan.bureau) for _ in range(6)]

    def decide(number, officer):
        if number % 2:
            return lambda: progress.send_back(row, by=officer, comment="补材料")
        return lambda: progress.accept(row, by=officer)

    outcomes = at_once(*(decide(number, officer) for number, officer in enumerate(officers)))
    assert len(refusals(outcomes)) == 5
    assert Event.objects.about(row).filter(verb__in=["progress.accept", "progress.send_back"]).count() == 1


def test_two_answers_at_once_are_one_and_the_other_hears_whose():
    plan = Plan()
    row = plan.submitted(problem="缺师资")
    outcomes = at_once(
        lambda: progress.answer(row, by=plan.lead, text="县里统一派"),
        lambda: progress.answer(row, by=plan.other, text="自行解决"),
    )
    (sentence,) = refusals(outcomes)
    row.refresh_from_db()
    assert str(sentence) == f"{row.answered_by.name}已经答复过这个问题。"


def test_two_colleagues_begin_a_return_at_once_and_there_is_one():
    plan = Plan()
    outcomes = at_once(
        lambda: plan.start(12),
        lambda: plan.start(13, by=plan.colleague),
        lambda: plan.start(14, by=builders.fresh(plan.clerk), as_of=in_days(-1)),
    )
    assert len(refusals(outcomes)) == 2
    assert Progress.objects.count() == 1
    assert Progress.objects.get().figures.count() == 1


def test_two_officers_share_out_at_once_and_the_later_is_told():
    plan = Plan()
    shown = seal(Whole(plan.indicator, None, plan.indicator.value), [])
    outcomes = at_once(
        lambda: plan.share(25, 15, shown=shown),
        lambda: share_out(plan.indicator, {plan.township: 10, plan.next_town: 30}, by=plan.other, shown=shown),
    )
    (sentence,) = refusals(outcomes)
    assert "分解数有了变化" in str(sentence)
    assert sum(plan.indicator.shares.values_list("value", flat=True)) == 40
    assert Event.objects.about(plan.indicator).filter(verb="indicator.shared").count() == 1


@pytest.mark.parametrize("step", ["share_out", "share_on", "assign", "start"])
def test_nothing_of_the_plan_changes_once_the_campaign_has_closed(step):
    plan = Plan()
    home = builders.make_facility(supervisor=plan.township).office
    boss = builders.make_user(plan.bureau, is_approver=True)
    if step == "share_on":
        plan.share()
    acts = {
        "share_out": lambda: plan.share(10, 30),
        "share_on": lambda: share_out(plan.indicator, {home: 25}, by=plan.clerk, parent=plan.share_of(plan.township)),
        "assign": lambda: assign(plan.task, [], by=plan.lead),
        "start": lambda: plan.start(),
    }
    verbs = ["indicator.shared", "task.assigned", "progress.write"]
    before = Event.objects.filter(verb__in=verbs).count()
    outcomes = at_once(lambda: planning.close(plan.campaign, by=boss), acts[step])
    closed = Event.objects.get(verb="campaign.closed")
    new = list(Event.objects.filter(verb__in=verbs).order_by("pk"))[before:]
    assert len(new) + len(refusals(outcomes)) == 1
    assert all(event.pk < closed.pk for event in new)


def test_lowering_a_share_while_it_is_shared_on_never_leaves_the_homes_with_more():
    plan = Plan()
    home = builders.make_facility(supervisor=plan.township).office
    plan.share(25, 15)
    parent = plan.share_of(plan.township)
    outcomes = at_once(
        lambda: plan.share(20, 20),
        lambda: share_out(plan.indicator, {home: 25}, by=plan.clerk, parent=parent),
    )
    assert len(refusals(outcomes)) == 1
    given = plan.share_of(plan.township)
    passed_on = sum(given.children.values_list("value", flat=True))
    assert passed_on in (0, given.value)
