"""Reminders as planned rows: who is told of what, on which day, by which rule, and what became of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from campaign_portal import clock
from campaign_portal.accounts.models import Office
from campaign_portal.deadlines.registry import Rung

from .rules import ReminderRule


class PlanRun(models.Model):
    """A bureau's plan of a day. One that would reach too many people is held until an administrator has looked at it."""

    class Status(models.TextChoices):
        DONE = "done", "已计划"
        HELD = "held", "待放行"
        RELEASED = "released", "已放行"
        DROPPED = "dropped", "不发"

    bureau = models.ForeignKey(Office, models.PROTECT, related_name="+")
    day = models.DateField("日期")
    status = models.CharField("状态", max_length=10, choices=Status, default=Status.DONE)
    planned = models.PositiveIntegerField("提醒", default=0)
    people = models.PositiveIntegerField("人数", default=0)
    planned_at = models.DateTimeField(default=clock.now)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "提醒计划"
        ordering = ["-day", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["bureau", "day"], name="plan_run_once_a_day"),
            models.CheckConstraint(
                name="plan_run_decided_means_who_and_when",
                condition=Q(status__in=["released", "dropped"], decided_by__isnull=False, decided_at__isnull=False)
                | Q(status__in=["done", "held"], decided_by__isnull=True, decided_at__isnull=True),
            ),
        ]

    def __str__(self):
        return f"{self.bureau} {self.day}"


class Reminder(models.Model):
    """Somebody is told of one open object on a day, by one rule. Or of all of a kind that are late
    and that no rule speaks of: then there is no rule and no object, and `count` says how many.

    `who` is "u12" for a user, "p7:13900000000:张三" for somebody without an account whom office 7 reaches.
    """

    class Status(models.TextChoices):
        PLANNED = "planned", "待发"
        HELD = "held", "待放行"
        SENT = "sent", "已发"
        DROPPED = "dropped", "不发"

    class Reason(models.TextChoices):
        NONE = "", ""
        OVER = "over", "事项已办结或期限已改"
        RIGHTS = "rights", "已不归本人办理"
        MUTED = "muted", "本人设了暂不提醒"
        OLDER = "older", "同一事项有更新的提醒"
        STOPPED = "stopped", "管理员决定不发"

    bureau = models.ForeignKey(Office, models.PROTECT, related_name="+")
    who = models.CharField(max_length=80)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    office = models.ForeignKey(
        Office, models.PROTECT, related_name="+"
    )  # the user's, or the one that reaches the person
    name = models.CharField(max_length=30, blank=True)  # of somebody without an account
    phone = models.CharField(max_length=20, blank=True)
    kind = models.CharField(max_length=40)
    object_pk = models.BigIntegerField(null=True)
    count = models.PositiveIntegerField(default=1)
    rule = models.ForeignKey(ReminderRule, models.PROTECT, null=True, related_name="+")
    rung = models.PositiveSmallIntegerField(choices=Rung)
    is_passed_over = models.BooleanField(default=False)  # told that somebody above has been told
    is_urgent = models.BooleanField(default=False)
    on = models.DateField("提醒日期")
    due_on = models.DateField("期限")  # of the object, the oldest of many
    status = models.CharField("状态", max_length=10, choices=Status, default=Status.PLANNED)
    reason = models.CharField(max_length=10, choices=Reason, blank=True, default=Reason.NONE)
    message = models.ForeignKey("reminders.Message", models.PROTECT, null=True, related_name="reminders")
    planned_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "提醒"
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["bureau", "is_urgent", "who"], condition=Q(status="planned"), name="reminder_to_send"),
            models.Index(fields=["kind", "object_pk"], name="reminder_of_object"),
            models.Index(fields=["bureau", "on"], name="reminder_of_day"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["who", "kind", "object_pk", "rule", "on", "due_on"],  # a day that moves is told anew
                condition=Q(rule__isnull=False),
                name="reminder_once",
            ),
            models.UniqueConstraint(
                fields=["who", "kind", "on"], condition=Q(rule__isnull=True), name="reminder_of_backlog_once"
            ),
            models.CheckConstraint(
                name="reminder_user_or_person", condition=Q(user__isnull=False) | ~Q(name="") | ~Q(phone="")
            ),
            models.CheckConstraint(
                name="reminder_rule_means_object",
                condition=Q(rule__isnull=False, object_pk__isnull=False) | Q(rule__isnull=True, object_pk__isnull=True),
            ),
        ]
