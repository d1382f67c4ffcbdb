"""Two people press the same button of a circular at the same moment: it happens once."""

import pytest

from campaign_portal.audit.models import Event
from campaign_portal.circulars import receipts, services
from campaign_portal.circulars.models import Circular
from campaign_portal.reminders.models import Message

from . import builders
from .circulars import Cast, drafted, receipt, send, sent, written
from .test_concurrency import at_once, refusals

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]


def test_of_four_who_send_one_sends_and_everybody_is_told_once():
    cast = Cast()
    circular = drafted(cast.clerk)
    people = [builders.make_user(cast.bureau) for _ in range(3)] + [cast.clerk]

    def press(by):
        return lambda: send(circular, by)

    refused = refusals(at_once(*map(press, people)))
    assert len(refused) == 3
    assert circular.recipients.count() == 3
    assert Message.objects.filter(url=circular.get_absolute_url()).count() == 3


def test_a_double_press_sends_once_and_neither_press_is_refused():
    cast = Cast()
    first = written()
    twins = [written(sent_key=first.sent_key) for _ in range(2)]
    assert refusals(at_once(*(lambda row=row: services.draft(row, by=cast.clerk) for row in twins))) == []
    circular = Circular.objects.get()
    assert refusals(at_once(*[lambda: send(circular, cast.clerk)] * 2)) == []
    assert (circular.recipients.count(), Event.objects.filter(verb="circular.sent").count()) == (3, 1)


def test_of_two_who_read_for_a_home_the_first_stands():
    cast = Cast()
    circular = sent(cast.clerk)
    people = [builders.make_home_user(cast.home) for _ in range(4)]
    row = receipt(circular, cast.home)
    assert refusals(at_once(*(lambda by=by: receipts.confirm_read(row, by=by) for by in people))) == []
    assert Event.objects.about(row).filter(verb="circular.read").count() == 1


def test_two_nudges_at_once_nudge_each_home_once():
    cast = Cast()
    circular = sent(cast.clerk)
    assert len(refusals(at_once(*[lambda: receipts.nudge(circular, by=cast.clerk)] * 2))) == 1
    assert Message.objects.filter(kind="nudge").count() == 3
