"""Which ways a message goes: decided when it is made, by what its reader wants and what the portal has."""

import pytest

from campaign_portal.reminders.messages import tell
from campaign_portal.reminders.models import Delivery, Message

from . import builders, messaging

pytestmark = pytest.mark.django_db


@pytest.fixture
def both(settings):
    """A mail server and an SMS gateway are set up."""
    messaging.set_mail(settings, None)
    settings.SMS_URL = "https://sms.example.gov.cn/send"


def ways(message):
    return list(message.deliveries.values_list("channel", "address"))


@pytest.mark.sqlite
def test_a_user_gets_mail_and_only_what_is_urgent_by_sms_too(both):
    user = messaging.reader(phone="138 0000 1111")
    assert ways(messaging.message(user)) == [("email", "zhang@example.gov.cn")]
    urgent = messaging.message(user, key="urgent:1", is_urgent=True)
    assert ways(urgent) == [("email", "zhang@example.gov.cn"), ("sms", "13800001111")]


def test_who_turned_a_way_off_or_never_gave_an_address_has_the_inbox(both):
    user = messaging.reader(phone="13800001111")
    user.address.by_email = user.address.by_sms = False
    user.address.save()
    assert ways(messaging.message(user, is_urgent=True)) == []
    bare = builders.make_user(phone="0735-5521234")  # a landline
    assert ways(messaging.message(bare, key="2", is_urgent=True)) == []


def test_without_mail_server_and_gateway_nothing_is_promised(settings):
    user = messaging.reader(phone="13800001111")
    assert ways(messaging.message(user, is_urgent=True)) == []


def test_somebody_without_an_account_gets_an_sms_or_is_listed_for_a_call(both, settings):
    office = builders.make_office()
    mobile = messaging.message(key="1", office=office, person=messaging.person())
    landline = messaging.message(key="2", office=office, person=messaging.person("0735-5521234"))
    settings.SMS_URL = ""
    no_gateway = messaging.message(key="3", office=office, person=messaging.person())
    assert ways(mobile) == [("sms", "13800001111")]
    assert ways(landline) == [("call", "0735-5521234")]
    assert ways(no_gateway) == [("call", "13800001111")]


def test_an_office_is_told_by_each_of_its_robots_that_is_on():
    office, other = builders.make_office(), builders.make_office()
    base = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key="
    for name in ("甲群", "乙群"):
        messaging.robot(office, f"{base}{name}", name=name)
    off = messaging.robot(office, f"{base}off", name="丙群")
    off.is_on = False
    off.save()
    messaging.robot(other, f"{base}other")
    assert ways(messaging.message(office=office)) == [("robot", "甲群"), ("robot", "乙群")]


def test_a_message_told_twice_is_sent_once(both):
    user = messaging.reader()
    assert messaging.message(user) is not None
    assert messaging.message(user) is None
    assert Delivery.objects.count() == 1


def test_it_is_handed_to_the_worker_only_after_the_commit_of_its_message(
    both, monkeypatch, django_capture_on_commit_callbacks
):
    handed = []
    monkeypatch.setattr("campaign_portal.reminders.deliveries.hand_over", handed.extend)
    user = messaging.reader()
    with django_capture_on_commit_callbacks(execute=True):
        told = tell("x", kind=Message.Kind.URGENT, title="通知", user=user)
        assert handed == []
    assert handed == [told.deliveries.get().pk]
