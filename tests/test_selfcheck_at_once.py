"""Two phones of one home at the same moment: one submission, one set of hazards, one round of a title."""

import pytest

from campaign_portal.audit.models import Event
from campaign_portal.edges import Refused
from inspections.models import Hazard, SelfCheck, SelfCheckRound
from inspections.services import selfcheck as services

from . import builders, selfchecks
from .hazards import Cast
from .test_concurrency import at_once, refusals

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]


def test_two_submissions_at_once_are_one():
    cast = Cast()
    check = selfchecks.check_of(selfchecks.opened_round(cast.clerk), cast.home)
    selfchecks.answer_all(check, by=cast.manager, not_met=[1, 3])
    people = [builders.make_home_user(cast.home) for _ in range(4)]
    outcomes = at_once(*(lambda by=by: services.submit_check(check=check, by=by, signer="王建国") for by in people))
    assert len(refusals(outcomes)) == 3
    assert all("已提交" in str(refused) for refused in refusals(outcomes))
    assert Hazard.objects.count() == 2
    assert Event.objects.filter(verb="selfcheck.submit").count() == 1
    assert SelfCheck.objects.get(pk=check.pk).not_met_count == 2


def test_an_answer_saved_while_another_submits_is_either_in_or_refused():
    cast = Cast()
    check = selfchecks.check_of(selfchecks.opened_round(cast.clerk), cast.home)
    selfchecks.answer_all(check, by=cast.manager)
    photo = selfchecks.hazards.picture(cast.manager)
    item = selfchecks.Sheet(check).lines[0].item
    late = selfchecks.Entry(item, "not_met", note="刚发现", measure="清空", photos=[photo])
    colleague = builders.make_home_user(cast.home)
    saved, submitted = at_once(
        lambda: services.save_answers(check=check, by=colleague, entries=[late]),
        lambda: services.submit_check(check=check, by=cast.manager, signer="王建国", is_zero=True),
    )
    done = SelfCheck.objects.get(pk=check.pk)
    assert isinstance(saved, Refused) != isinstance(submitted, Refused)
    assert (done.status == "submitted") == isinstance(saved, Refused)
    assert done.answers.filter(answer="not_met").count() == (0 if done.is_submitted else 1)


def test_a_round_opened_twice_at_once_is_one():
    cast = Cast()
    own = selfchecks.short_list(cast.bureau)
    campaign = selfchecks.routine_campaign(cast.bureau, year=2026)
    drafts = [selfchecks.draft_round(cast.clerk, check_list=own, campaign=campaign) for _ in range(3)]
    outcomes = at_once(*(lambda d=draft: services.open_round(d, by=cast.clerk) for draft in drafts))
    assert len(refusals(outcomes)) == 2
    assert SelfCheckRound.objects.get().checks.count() == 1
