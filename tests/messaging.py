"""Messages and the ways they go, made by the portal's own services."""

import uuid
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from campaign_portal import clock
from campaign_portal.deadlines.registry import Person
from campaign_portal.reminders import channels, deliveries, robots
from campaign_portal.reminders.messages import Line, tell
from campaign_portal.reminders.models import Address, Attempt, Delivery, Message, Robot

from . import builders

MORNING = timezone.make_aware(datetime(2026, 3, 4, 10))  # a Wednesday within working hours
EVENING = timezone.make_aware(datetime(2026, 3, 6, 20))  # a Friday
MONDAY = timezone.make_aware(datetime(2026, 3, 9, 8, 30))

WECOM = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key="
S, Outcome = Delivery.Status, Attempt.Outcome


def later(moment, **span):
    return clock.at(moment + timedelta(**span))


def reader(office=None, *, email="zhang@example.gov.cn", **columns):
    """A user with an e-mail address."""
    user = builders.make_user(office, **columns)
    Address.objects.create(user=user, email=email)
    return user


def message(user=None, *, key="digest:1", title="今天有 2 件事要办", **columns):
    """A message to a user, or by `office=`, `person=`."""
    columns = {"url": "/"} | columns
    return tell(key, kind=Message.Kind.DIGEST, title=title, user=user, **columns)


def person(phone="13800001111"):
    return Person("李四", phone)


def lines(*titles, **columns):
    return [Line("整改", title, url="/hazards/1/", due_on="2026-03-09", **columns) for title in titles]


def robot(office, url, *, name="工作群", kind=Robot.Kind.WECOM, secret="", by=None):
    by = by or builders.make_user(office, is_administrator=True)
    return robots.add(Robot(name=name, kind=kind, url=url, secret=secret), by=by)


def belonging(office):
    """What hangs on an office: a robot, and a dead letter."""
    key = str(uuid.uuid4())
    own = Robot.objects.create(office=office, kind="wecom", name=key, url=f"{WECOM}{key}")
    told = message(key=key, office=office, person=person())
    letter = Delivery.objects.create(message=told, channel="sms", address="1", status=S.DEAD, ended_at=clock.now())
    return SimpleNamespace(robot=own, letter=letter)


def arguments(own):
    """What the addresses of these pages name."""
    of_robot = {f"deliveries:{name}": [own.robot.pk] for name in ("robot", "robot-switch", "robot-try")}
    return of_robot | {"deliveries:resend": [own.letter.pk]}


def deliver(delivery):
    """What the worker's task does, without its patience for a database that is away."""
    attempt = deliveries.begin(delivery.pk)
    if attempt is None:
        return None
    try:
        deliveries.answered(attempt, channels.send(attempt))
    except channels.Failed as error:
        deliveries.failed(attempt, error)
    except channels.Unanswered as error:
        deliveries.unanswered(attempt, error)
    attempt.refresh_from_db()
    return attempt


def set_mail(settings, server, **more):
    """Settings as with PORTAL_SMTP_HOST and the like."""
    values = {
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": server.port if server else 9,
        "EMAIL_USE_SSL": False,
        "EMAIL_TIMEOUT": 5,
        "DEFAULT_FROM_EMAIL": "portal@example.gov.cn",
        "ADDRESS": "https://yl.example.gov.cn",
    }
    for name, value in (values | more).items():
        setattr(settings, name, value)


def let_in(settings, *servers):
    """Local servers are called only if they are named in all three lists."""
    for name in ("MESSAGE_HOSTS", "PRIVATE_HOSTS", "PLAIN_HOSTS"):
        setattr(settings, name, [*getattr(settings, name), *(server.host for server in servers)])


@pytest.fixture
def working_hours():
    with clock.at(MORNING):
        yield
