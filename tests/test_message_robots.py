"""Group robots and SMS gateways, as real HTTP servers: what they get, and what their answers mean."""

import base64
import hashlib
import hmac
from urllib.parse import parse_qs, urlsplit

import pytest

from campaign_portal.reminders.models import Robot
from campaign_portal.reminders.robot_forms import RobotForm

from . import builders, messaging
from .messaging import Outcome, S
from .web_servers import WebServer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_hours")]
working_hours = messaging.working_hours


@pytest.fixture
def server(settings):
    settings.ADDRESS = "https://yl.example.gov.cn"
    with WebServer() as running:
        messaging.let_in(settings, running)
        yield running


def to_group(server, *, kind=Robot.Kind.WECOM, secret="", **columns):
    office = builders.make_office()
    messaging.robot(office, f"{server.url}/send?key=k1", kind=kind, secret=secret)
    return messaging.message(office=office, title="本周有 3 件事到期", **columns).deliveries.get()


def test_a_group_reads_titles_and_days_but_neither_notes_nor_text(server):
    delivery = to_group(
        server, lines=messaging.lines("通道堵塞", note="责任人王建国"), text="请王建国办理", url="/todo/"
    )
    assert messaging.deliver(delivery).outcome == Outcome.OK
    (call,) = server.calls
    assert (call.method, call.path) == ("POST", "/send?key=k1")
    said = call.json()["text"]["content"]
    assert said.splitlines() == ["本周有 3 件事到期", "· 通道堵塞（2026-03-09）", "https://yl.example.gov.cn/todo/"]


def test_a_long_list_is_cut_to_what_wecom_takes_and_says_how_many_there_are(server):
    assert messaging.deliver(to_group(server, lines=messaging.lines(*["疏散通道堵塞" * 6] * 60)))
    said = server.calls[0].json()["text"]["content"]
    assert len(said.encode()) <= 2048
    assert "……共 60 项" in said


def test_dingtalk_is_signed_by_the_secret_and_the_moment(server):
    assert messaging.deliver(to_group(server, kind=Robot.Kind.DINGTALK, secret="SECabc"))
    query = {name: values[0] for name, values in parse_qs(urlsplit(server.calls[0].path).query).items()}
    moment = str(round(messaging.MORNING.timestamp() * 1000))
    digest = hmac.new(b"SECabc", f"{moment}\nSECabc".encode(), hashlib.sha256).digest()
    assert query == {"key": "k1", "timestamp": moment, "sign": base64.b64encode(digest).decode()}


@pytest.mark.parametrize(
    "kind, code, status",
    [
        ("wecom", 93000, S.DEAD), ("wecom", 45009, S.WAITING), ("wecom", -1, S.WAITING),
        ("dingtalk", 310000, S.DEAD), ("dingtalk", 410100, S.WAITING),
    ],
)  # fmt: skip
def test_a_wrong_key_is_final_and_a_busy_robot_is_not(server, kind, code, status):
    server.answer = {"errcode": code, "errmsg": "no"}
    delivery = to_group(server, kind=kind)
    messaging.deliver(delivery)
    delivery.refresh_from_db()
    assert (delivery.status, delivery.note) == (status, f"群机器人拒收：{code} no")


def test_an_answer_that_says_nothing_leaves_the_attempt_open(server):
    server.answer = "<html>ok"
    assert messaging.deliver(to_group(server)).outcome == Outcome.OPEN


# SMS


def an_sms(settings, server, **more):
    given = {"SMS_URL": f"{server.url}/sms", "SMS_SUCCESS": "data.code=0"}
    for name, value in (given | more).items():
        setattr(settings, name, value)
    office = builders.make_office()
    text = '幸福院的整改"明天"到期'
    return messaging.message(office=office, person=messaging.person(), title="整改提醒", text=text).deliveries.get()


def test_a_gateway_gets_phone_and_text_in_the_form_it_wants(server, settings):
    server.answer = {"data": {"code": 0}}
    headers = "Content-Type: application/json|Authorization: Bearer t"
    delivery = an_sms(settings, server, SMS_HEADERS=headers, SMS_BODY='{"to": ["{phone}"], "msg": "{text}"}')
    assert messaging.deliver(delivery).outcome == Outcome.OK
    (call,) = server.calls
    assert call.json() == {"to": ["13800001111"], "msg": '整改提醒：幸福院的整改"明天"到期'}
    assert call.headers["Authorization"] == "Bearer t"


def test_a_gateway_that_wants_a_form_or_a_query_gets_that(server, settings):
    server.answer = "<r>SUCCESS</r>"
    form = "application/x-www-form-urlencoded"
    delivery = an_sms(
        settings, server, SMS_SUCCESS="SUCCESS", SMS_HEADERS=f"Content-Type: {form}", SMS_BODY="m={phone}&c={text}"
    )
    assert messaging.deliver(delivery).outcome == Outcome.OK
    assert parse_qs(server.calls[0].body.decode())["c"] == ['整改提醒：幸福院的整改"明天"到期']


def test_what_a_gateway_does_not_take_is_tried_again_and_in_the_end_somebody_calls(server, settings):
    server.answer = {"data": {"code": 7}}
    delivery = an_sms(settings, server)
    assert messaging.deliver(delivery).outcome == Outcome.FAILED
    server.status = 403
    with messaging.later(messaging.MORNING, minutes=1):
        assert messaging.deliver(delivery).outcome == Outcome.REFUSED
    assert list(delivery.message.deliveries.values_list("channel", "status")) == [("sms", S.DEAD), ("call", S.WAITING)]


def test_the_address_of_the_sms_gateway_is_nobodys_robot(settings):
    settings.MESSAGE_HOSTS = [*settings.MESSAGE_HOSTS, "sms.example.gov.cn"]
    settings.SMS_URL = "https://sms.example.gov.cn/send"
    robot = Robot(office=builders.make_office())
    form = RobotForm({"kind": "wecom", "name": "群", "url": "https://sms.example.gov.cn/admin?x=1"}, instance=robot)
    assert form.errors["url"] == ["这是短信网关的地址，不是群机器人的。"]
