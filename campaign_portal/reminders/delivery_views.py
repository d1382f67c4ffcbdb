"""The pages of channels: what is set up, the office's group robots, and what became of each delivery."""

from django.conf import settings
from django.contrib import messages
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from campaign_portal.accounts import access
from campaign_portal.accounts.access import Role
from campaign_portal.edges import Refused

from . import deliveries, robots
from .channels import mail, sms
from .models import Attempt, Delivery, Robot
from .robot_forms import RobotForm, masked

KEEPERS = (Role.BUREAU, Role.TOWNSHIP)
PAGE = 50


@access.allow(*KEEPERS, duty="is_administrator")
def channels(request):
    """Which ways out there are, and the own office's robots."""
    own = Robot.objects.filter(office=request.user.office_id).order_by("-is_on", "pk")
    context = {
        "mail_from": settings.DEFAULT_FROM_EMAIL if mail.is_set_up() else "",
        "has_sms": sms.is_set_up(),
        "robots": [(robot, masked(robot.url)) for robot in own],
        "dead": Delivery.objects.visible_to(request.user).filter(status=Delivery.Status.DEAD).count(),
    }
    return render(request, "reminders/channels.html", context)


def _own_robot(request, pk):
    return get_object_or_404(Robot.objects.select_related("office"), pk=pk, office=request.user.office_id)


@access.allow(*KEEPERS, duty="is_administrator")
def robot_new(request):
    form = RobotForm(request.POST or None, instance=Robot(office=request.user.office))
    if request.method == "POST" and form.is_valid():
        robot = robots.add(form.instance, by=request.user)
        messages.success(request, f"已添加“{robot.name}”。可以先试发一条。")
        return redirect("deliveries:channels")
    return _robot_page(request, form)


@access.allow(*KEEPERS, duty="is_administrator")
def robot_edit(request, pk):
    robot = _own_robot(request, pk)
    version = robot.version
    form = RobotForm(request.POST or None, instance=robot)
    if request.method == "POST" and form.is_valid():
        given = request.POST.get("version", "")
        try:
            robots.edit(form.instance, by=request.user, version=int(given) if given.isdecimal() else 0)
        except Refused as error:
            return _robot_page(request, form, robot=robot, version=version, sentence=str(error), status=409)
        messages.success(request, "已保存。")
        return redirect("deliveries:channels")
    return _robot_page(request, form, robot=robot, version=version)


def _robot_page(request, form, *, robot=None, version=1, sentence="", status=200):
    context = {"form": form, "robot": robot, "version": version, "sentence": sentence}
    return render(request, "reminders/robot.html", context, status=422 if form.errors else status)


@access.allow(*KEEPERS, duty="is_administrator")
@require_POST
def robot_switch(request, pk):
    robot, on = _own_robot(request, pk), request.POST.get("on") == "1"
    word = f"“{robot.name}”已{'启用' if on else '停用'}。"
    return _try(request, lambda: robots.switch(robot, on=on, by=request.user), word)


@access.allow(*KEEPERS, duty="is_administrator")
@require_POST
def robot_try(request, pk):
    robot = _own_robot(request, pk)
    act = lambda: robots.try_robot(robot, by=request.user, url=reverse("deliveries:channels"))  # noqa: E731
    return _try(request, act, f"测试消息已交给“{robot.name}”，请到群里看；结果在发送记录里。")


@access.allow(*KEEPERS, duty="is_administrator")
@require_POST
def mail_try(request):
    act = lambda: robots.try_mail(by=request.user, url=reverse("deliveries:channels"))  # noqa: E731
    return _try(request, act, "测试邮件已交给邮件服务器，请到邮箱里看；结果在发送记录里。")


def _try(request, act, success, *, to="deliveries:channels"):
    try:
        act()
    except Refused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, success)
    return redirect(to)


@access.allow(*KEEPERS, duty="is_administrator")
def deliveries_page(request):
    """What was sent by the offices that the user's office answers for, the newest first; keyset pages."""
    status, before = request.GET.get("status", ""), request.GET.get("before", "")
    rows = Delivery.objects.visible_to(request.user)
    if status in Delivery.Status.values:
        rows = rows.filter(status=status)
    if before.isdecimal():
        rows = rows.filter(pk__lt=int(before[:18]))
    attempts = Prefetch("attempts", Attempt.objects.order_by("number"), to_attr="made")
    rows = rows.select_related("message__office", "message__user").prefetch_related(attempts)
    found = list(rows.order_by("-pk")[: PAGE + 1])
    context = {
        "deliveries": found[:PAGE],
        "next_before": found[PAGE - 1].pk if len(found) > PAGE else None,
        "before": before,
        "status": status,
        "statuses": Delivery.Status.choices,
    }
    return render(request, "reminders/deliveries.html", context)


@access.allow(*KEEPERS, duty="is_administrator")
@require_POST
def delivery_resend(request, pk):
    delivery = get_object_or_404(Delivery.objects.visible_to(request.user), pk=pk)
    try:
        deliveries.resend(delivery=delivery, by=request.user)
    except Refused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "已重新排队，一会儿就发。")
    return redirect(f"{reverse('deliveries:deliveries')}?status={Delivery.Status.DEAD}")
