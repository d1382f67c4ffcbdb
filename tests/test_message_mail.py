"""E-mail to a real SMTP server: what arrives, and what is made of each way in which it can go wrong."""

import pytest

from campaign_portal.reminders.models import Delivery

from . import mail_servers, messaging
from .mail_servers import MailServer
from .messaging import Outcome, S

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_hours")]
working_hours = messaging.working_hours


@pytest.fixture
def server(settings):
    with MailServer() as running:
        messaging.set_mail(settings, running)
        yield running


def a_letter(**columns):
    lines = messaging.lines("幸福院 <二楼>通道堵塞", note="重大隐患")
    return messaging.message(messaging.reader(name="张三"), lines=lines, url="/inbox/", **columns).deliveries.get()


@pytest.mark.sqlite
def test_a_letter_has_every_line_with_its_absolute_link_as_text_and_as_html(server):
    delivery = a_letter()
    attempt = messaging.deliver(delivery)
    delivery.refresh_from_db()
    assert (attempt.outcome, attempt.is_repeat, delivery.status) == (Outcome.OK, False, S.SENT)
    (letter,) = server.letters
    assert (letter["Subject"], letter["To"]) == ("今天有 2 件事要办", "zhang@example.gov.cn")
    assert letter["Message-ID"] == f"<delivery-{delivery.pk}@yl.example.gov.cn>"
    text, html = (letter.get_body(kind).get_content() for kind in (["plain"], ["html"]))
    for words in ("张三：", "https://yl.example.gov.cn/hazards/1/", "期限 2026-03-09", "重大隐患"):
        assert words in text and words in html
    assert "幸福院 <二楼>通道堵塞" in text
    assert "幸福院 &lt;二楼&gt;通道堵塞" in html
    assert "https://yl.example.gov.cn/inbox/" in text


def test_what_is_sent_is_not_sent_again(server):
    delivery = a_letter()
    assert messaging.deliver(delivery) and not messaging.deliver(delivery)
    assert len(server.letters) == 1


def test_a_busy_server_is_asked_again_and_nothing_is_marked(server):
    server.behaviour = mail_servers.BUSY
    delivery = a_letter()
    assert messaging.deliver(delivery).outcome == Outcome.FAILED
    delivery.refresh_from_db()
    assert delivery.status == S.WAITING and "451 try later" in delivery.note
    server.behaviour = mail_servers.TAKE
    assert messaging.deliver(delivery) is None  # not due yet
    with messaging.later(messaging.MORNING, minutes=1):
        assert messaging.deliver(delivery).outcome == Outcome.OK
    assert server.subjects() == ["今天有 2 件事要办"]


def test_a_letter_that_is_refused_for_good_is_dead_at_once(server):
    server.behaviour = mail_servers.UNKNOWN
    delivery = a_letter()
    assert messaging.deliver(delivery).outcome == Outcome.REFUSED
    delivery.refresh_from_db()
    assert delivery.status == S.DEAD and "550 no such user here" in delivery.note


@pytest.mark.parametrize("behaviour", [mail_servers.HANG_UP, mail_servers.HANG])
def test_a_letter_whose_answer_got_lost_is_sent_again_after_its_lease_and_marked(server, behaviour, settings):
    settings.EMAIL_TIMEOUT = 1
    server.behaviour = behaviour
    delivery = a_letter()
    attempt = messaging.deliver(delivery)
    assert (attempt.outcome, attempt.ended_at) == (Outcome.OPEN, None) and attempt.answer
    server.behaviour = mail_servers.TAKE
    with messaging.later(messaging.MORNING, seconds=settings.MESSAGE_LEASE - 1):
        assert messaging.deliver(delivery) is None
    with messaging.later(messaging.MORNING, seconds=settings.MESSAGE_LEASE):
        assert messaging.deliver(delivery).is_repeat
    assert server.subjects() == ["今天有 2 件事要办", "【可能重复】今天有 2 件事要办"]
    first, second = server.letters
    assert first["Message-ID"] == second["Message-ID"]
    assert "可能已经发过" in second.get_body(["plain"]).get_content()


def test_a_server_that_is_down_is_asked_for_one_letter_not_for_each(settings):
    messaging.set_mail(settings, None)  # nobody listens there
    first = a_letter()
    second = messaging.message(messaging.reader(email="li@example.gov.cn"), key="2").deliveries.get()
    assert messaging.deliver(first).outcome == Outcome.FAILED
    assert messaging.deliver(second) is None
    second.refresh_from_db()
    assert (second.tries, second.status) == (0, S.WAITING)
    with MailServer() as server, messaging.later(messaging.MORNING, minutes=1):
        settings.EMAIL_PORT = server.port
        assert messaging.deliver(second) and messaging.deliver(first)
    assert set(Delivery.objects.values_list("status", flat=True)) == {S.SENT}
