"""How often and when a message is tried: hours, back-off, dead letters, the robot's limit, and what is dropped instead."""

import pytest

from campaign_portal import clock
from campaign_portal.audit.models import Event
from campaign_portal.edges import NotYours, Refused
from campaign_portal.reminders import deliveries
from campaign_portal.reminders.channels import Failed
from campaign_portal.reminders.models import Attempt, Delivery, Message

from . import builders, hazards, mail_servers, messaging
from .hazards import Cast
from .mail_servers import MailServer
from .messaging import MORNING, Outcome, S
from .web_servers import WebServer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_hours")]
working_hours = messaging.working_hours


@pytest.fixture
def server(settings):
    with MailServer() as running:
        messaging.set_mail(settings, running)
        yield running


@pytest.fixture
def group(settings):
    with WebServer() as running:
        messaging.let_in(settings, running)
        yield running


def mailed(user=None, **columns):
    return messaging.message(user or messaging.reader(), **columns).deliveries.get()


def state(delivery):
    delivery.refresh_from_db()
    return delivery.status, delivery.note


# When


@pytest.mark.sqlite
def test_nothing_leaves_outside_working_hours_but_what_is_urgent(server):
    with clock.at(messaging.EVENING):
        user = messaging.reader()
        usual, urgent = mailed(user), mailed(user, key="2", is_urgent=True, title="紧急")
        assert messaging.deliver(usual) is None and messaging.deliver(urgent)
    usual.refresh_from_db()
    assert (usual.next_at, usual.tries) == (messaging.MONDAY, 0)
    with clock.at(messaging.MONDAY):
        assert messaging.deliver(usual).outcome == Outcome.OK
    assert server.subjects() == ["紧急", "今天有 2 件事要办"]


def test_a_refused_letter_waits_1_5_15_60_240_minutes_and_is_dead_after_that(settings):
    messaging.set_mail(settings, None)
    delivery = mailed(is_urgent=True)
    waited = []
    moment = MORNING
    while state(delivery)[0] == S.WAITING:
        with clock.at(moment):
            assert messaging.deliver(delivery).outcome == Outcome.FAILED
        delivery.refresh_from_db()
        waited.append(round((delivery.next_at - moment).total_seconds() / 60))
        moment = delivery.next_at
    assert waited[:5] == [1, 5, 15, 60, 240]
    assert (delivery.tries, delivery.status, delivery.attempts.count()) == (6, S.DEAD, 6)


def test_one_that_is_never_answered_is_not_repeated_for_ever(server, settings):
    delivery = mailed(is_urgent=True)
    moment = MORNING
    for _ in range(6):
        with clock.at(moment):
            assert deliveries.begin(delivery.pk)  # and its worker is killed
        delivery.refresh_from_db()
        moment = delivery.next_at
    with clock.at(moment):
        assert deliveries.begin(delivery.pk) is None
    assert state(delivery) == (S.DEAD, "多次发送都没有回音")
    assert list(delivery.attempts.values_list("is_repeat", flat=True)) == [False] + [True] * 5


def test_an_answer_that_comes_after_the_lease_still_counts(server, settings):
    delivery = mailed()
    slow = deliveries.begin(delivery.pk)
    with messaging.later(MORNING, seconds=settings.MESSAGE_LEASE):
        second = deliveries.begin(delivery.pk)
    deliveries.answered(slow, "收到")
    deliveries.failed(second, Failed("拒收", is_permanent=True))
    assert state(delivery)[0] == S.SENT


def test_the_sweep_hands_over_what_is_due_and_calls_nobody(monkeypatch):
    handed = []
    monkeypatch.setattr(deliveries, "hand_over", lambda pks: handed.extend(pks) or True)
    office = builders.make_office()
    call = messaging.message(key="1", office=office, person=messaging.person())
    due, later, sent = (deliveries.add(call, Delivery.Channel.SMS, f"1380000000{n}") for n in range(3))
    Delivery.objects.filter(pk=later.pk).update(next_at=messaging.MONDAY)
    Delivery.objects.filter(pk=sent.pk).update(status=S.SENT, ended_at=MORNING)
    handed.clear()
    assert deliveries.sweep() == 1
    assert handed == [due.pk]


# What is not wanted any more


def test_rights_and_address_are_looked_at_again_before_sending(server):
    def gone(user):
        user.is_active = False

    def moved(user):
        user.office = builders.make_office()

    def closed(user):
        user.office.is_active = False
        user.office.save()

    def changed(user):
        user.address.email = "other@example.gov.cn"
        user.address.save()

    said = []
    for number, change in enumerate((gone, moved, closed, changed)):
        user = messaging.reader(email=f"u{number}@example.gov.cn")
        delivery = mailed(user, key=str(number))
        change(user)
        user.save()
        assert messaging.deliver(delivery) is None
        said.append(state(delivery))
    assert said == [
        (S.DROPPED, "账号已停用"), (S.DROPPED, "本人已调离原单位"), (S.DROPPED, "单位已停用"),
        (S.DROPPED, "本人已更换邮箱或关闭邮件提醒"),
    ]  # fmt: skip
    assert (server.letters, Attempt.objects.count()) == ([], 0)


def test_what_was_closed_meanwhile_is_left_out_and_a_letter_of_nothing_else_is_not_sent(server):
    with clock.at(MORNING - 5 * clock.ONE_DAY):
        cast = Cast()
        still, done = hazards.opened(cast), hazards.submitted(cast)
    user = messaging.reader(cast.home.office)

    def about(key, *found):
        lines = [line for one in found for line in messaging.lines(f"第{one.pk}条", about=f"rectify:{one.pk}")]
        return mailed(user, key=key, lines=lines)

    both, only = about("1", still, done), about("2", done)
    assert messaging.deliver(both) and messaging.deliver(only) is None
    assert state(only) == (S.DROPPED, "所提醒的事项都已办结或不再由本人办理")
    text = server.letters[0].get_body(["plain"]).get_content()
    assert f"第{still.pk}条" in text and f"第{done.pk}条" not in text


# The robot's limit


def test_a_robot_gets_twenty_messages_in_any_minute_and_waiting_is_not_a_try(group):
    office = builders.make_office()
    messaging.robot(office, f"{group.url}/send?key=k")
    sent = [messaging.message(key=str(number), office=office).deliveries.get() for number in range(23)]
    for number, delivery in enumerate(sent):
        with messaging.later(MORNING, seconds=number):
            messaging.deliver(delivery)
    assert len(group.calls) == 20
    for number, delivery in enumerate(sent[20:]):
        delivery.refresh_from_db()
        assert (delivery.tries, delivery.status, (delivery.next_at - MORNING).seconds) == (0, S.WAITING, 60)
        with messaging.later(MORNING, seconds=60 + number):
            assert messaging.deliver(delivery).outcome == Outcome.OK


# Dead letters


def test_administrators_of_the_bureau_hear_of_dead_letters_once_a_day_for_each_channel(server):
    server.behaviour = mail_servers.UNKNOWN
    county = builders.make_county()
    keeper = builders.make_user(county.bureau, is_administrator=True)
    for number in range(2):
        user = messaging.reader(county.township, email=f"u{number}@example.gov.cn")
        messaging.deliver(mailed(user, key=str(number)))
    told = Message.objects.get(user=keeper)
    assert (told.kind, told.title) == ("system", "有电子邮件发送失败")
    assert "550" in told.text and told.url == "/deliveries/?status=dead"
    with messaging.later(MORNING, days=1):
        messaging.deliver(mailed(messaging.reader(county.township, email="u9@example.gov.cn"), key="9"))
    assert Message.objects.filter(user=keeper).count() == 2


def test_a_dead_letter_is_sent_again_by_an_administrator_with_all_its_tries(server):
    server.behaviour = mail_servers.UNKNOWN
    county = builders.make_county()
    keeper = builders.make_user(county.bureau, is_administrator=True)
    delivery = mailed(messaging.reader(county.township))
    messaging.deliver(delivery)
    server.behaviour = mail_servers.TAKE
    with pytest.raises(NotYours):
        deliveries.resend(delivery=delivery, by=builders.make_user(county.bureau))
    deliveries.resend(delivery=delivery, by=keeper)
    with pytest.raises(Refused, match="待发送"):
        deliveries.resend(delivery=delivery, by=keeper)
    attempt = messaging.deliver(delivery)
    assert (attempt.number, attempt.is_repeat, state(delivery)[0]) == (2, False, S.SENT)
    event = Event.objects.get(verb="delivery.resent")
    assert event.changes["消息"] == ["", "今天有 2 件事要办"]


def test_one_for_somebody_who_has_left_is_not_sent_again(server):
    server.behaviour = mail_servers.UNKNOWN
    keeper = builders.make_user(builders.make_county().bureau, is_administrator=True)
    delivery = mailed()
    messaging.deliver(delivery)
    user = delivery.message.user
    user.is_active = False
    user.save()
    with pytest.raises(Refused, match="账号已停用，不能重新发送"):
        deliveries.resend(delivery=delivery, by=keeper)
