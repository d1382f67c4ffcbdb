"""Two people at the same moment: one draft after the other, one handing in, one decision."""

import pytest

from campaign_portal.audit.models import Event
from campaign_portal.campaigns.models import Submission, SummaryRound
from campaign_portal.campaigns.submissions import steps, writing

from . import builders, summaries
from .summaries import Cast
from .test_concurrency import at_once, refusals

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]


@pytest.fixture
def cast():
    return Cast()


@pytest.fixture
def submission(cast):
    return summaries.of(summaries.ordered(cast), cast.first.office)


def test_two_who_save_the_same_part_at_once_one_is_kept_and_the_other_told(cast, submission):
    people = [cast.first, *(builders.make_user(cast.townships[0]) for _ in range(3))]

    def save(person, number):
        content = {"1": f"第{number}人写的"}
        return lambda: writing.save_submission(submission=submission, by=person, content=content, seen=0)

    outcomes = at_once(*(save(person, number) for number, person in enumerate(people)))
    told = refusals(outcomes)
    assert len(told) == 3 and all(isinstance(refused, writing.Overtaken) for refused in told)
    draft = submission.drafts.get()
    assert draft.number == 1
    assert submission.parts.first().text == draft.content["1"]
    assert all(refused.theirs == {"1": draft.content["1"]} for refused in told)


def test_four_who_save_different_parts_at_once_all_keep_theirs(cast, submission):
    people = [cast.first, *(builders.make_user(cast.townships[0]) for _ in range(3))]

    def save(person, order):
        return lambda: writing.save_submission(submission=submission, by=person, content={order: "我的"}, seen=0)

    outcomes = at_once(*(save(person, str(order)) for order, person in enumerate(people, start=1)))
    assert refusals(outcomes) == []
    assert [part.text for part in submission.parts.all()] == ["我的"] * 4
    assert sorted(submission.drafts.values_list("number", flat=True)) == [1, 2, 3, 4]


def test_handed_in_twice_at_once_is_once(cast, submission):
    summaries.save(submission, cast.first)
    outcomes = at_once(*[lambda: steps.submit(submission=submission, by=cast.first, seen=1)] * 3)
    assert len(refusals(outcomes)) == 2
    assert Event.objects.filter(verb="submission.submit").count() == 1


def test_a_save_beside_the_handing_in_is_either_in_it_or_refused(cast, submission):
    summaries.save(submission, cast.first)
    colleague = builders.make_user(cast.townships[0])
    saved, handed_in = at_once(
        lambda: writing.save_submission(submission=submission, by=colleague, content={"1": "赶着改"}, seen=1),
        lambda: steps.submit(submission=submission, by=cast.first),
    )
    done = Submission.objects.get(pk=submission.pk)
    assert done.sent_number == done.draft_number == (1 if refusals([saved]) else 2)
    assert refusals([handed_in]) == []


def test_accepted_and_sent_back_at_once_is_one_of_both(cast, submission):
    summaries.save(submission, cast.first)
    steps.submit(submission=submission, by=cast.first)
    outcomes = at_once(
        lambda: steps.accept(submission=submission, by=cast.clerk),
        lambda: steps.send_back(submission=submission, by=cast.approver, comments={}, comment="改"),
    )
    assert len(refusals(outcomes)) == 1
    decided = Event.objects.filter(verb__in=["submission.accept", "submission.send_back"])
    assert decided.count() == 1


def test_a_round_ordered_twice_at_once_is_one():
    cast = Cast()
    outcomes = at_once(*[lambda: summaries.ordered(cast)] * 3)
    assert len(refusals(outcomes)) == 2
    assert SummaryRound.objects.get().submissions.count() == 3
