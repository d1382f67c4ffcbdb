"""An office's group robots: every change of them, and the trial messages of the page of channels."""

import uuid

from django.db import transaction

from campaign_portal import clock
from campaign_portal.audit.recording import name_verbs, record, snapshot
from campaign_portal.edges import Refused

from . import deliveries
from .channels import mail
from .models import Address, Delivery, Message, Robot

name_verbs(
    robot_added="新增群机器人",
    robot_edited="修改群机器人",
    robot_turned_on="启用群机器人",
    robot_turned_off="停用群机器人",
    message_tried="试发消息",
)


@transaction.atomic
def add(robot, *, by):
    """A new robot of the user's office. Its address goes into no log."""
    robot.office = by.office
    robot.save(force_insert=True)
    record("robot.added", robot, by=by)
    return robot


@transaction.atomic
def edit(robot, *, by, version):
    """Save an edited robot, unless somebody was faster."""
    now = _locked(robot)
    if now.version != version:
        raise Refused("这个群机器人刚被同事改过，请重新打开再改。")
    before = snapshot(now) | {"url": robot.url, "secret": robot.secret}
    robot.version = version + 1
    robot.save(update_fields=["name", "kind", "url", "secret", "version"])
    secret = {"地址或密钥": ["", "已更换"]} if (robot.url, robot.secret) != (now.url, now.secret) else {}
    record("robot.edited", robot, by=by, before=before, notes=secret)
    return robot


@transaction.atomic
def switch(robot, *, on, by):
    robot = _locked(robot)
    if robot.is_on == on:
        raise Refused(f"“{robot.name}”已经是{'启用' if on else '停用'}状态。")
    robot.is_on = on
    robot.version += 1
    robot.save(update_fields=["is_on", "version"])
    record("robot.turned_on" if on else "robot.turned_off", robot, by=by)
    return robot


def _locked(robot):
    return Robot.objects.select_for_update(of=("self",), no_key=True).select_related("office").get(pk=robot.pk)


# Trial messages: sent like any other, so the page of deliveries shows what became of them


@transaction.atomic
def try_robot(robot, *, by, url):
    robot = _locked(robot)
    if not robot.is_on:
        raise Refused(f"“{robot.name}”已停用，请先启用。")
    message = _trial(by, title=f"{by.office.name}的测试消息", url=url)
    record("message.tried", robot, by=by)
    return deliveries.add(message, Delivery.Channel.ROBOT, robot.name, robot)


@transaction.atomic
def try_mail(*, by, url):
    if not mail.is_set_up():
        raise Refused("平台还没有设置邮件服务器，请联系维护平台的人员。")
    address = Address.objects.filter(user=by).first()
    if address is None or not address.email or not address.by_email:
        raise Refused("您还没有填写邮箱，或关闭了邮件提醒。请先在“接收设置”里填写。")
    message = _trial(by, title="测试邮件", url=url, user=by, text="收到这封邮件，说明平台的邮件设置可用。")
    record("message.tried", by, by=by)
    return deliveries.add(message, Delivery.Channel.EMAIL, address.email)


def _trial(by, *, title, url, user=None, text=""):
    return Message.objects.create(
        key=f"trial:{uuid.uuid4()}", kind=Message.Kind.SYSTEM, title=title, user=user, office=by.office, text=text,
        url=url, is_urgent=True, read_at=clock.now() if user else None,
    )  # fmt: skip
