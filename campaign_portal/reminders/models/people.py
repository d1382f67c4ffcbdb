"""How a user wants to be reminded: by e-mail too, by whom while away, of what not for some days."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Address(models.Model):
    """Where a user gets messages besides the inbox."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="address")
    email = models.EmailField("电子邮箱", blank=True)
    by_email = models.BooleanField("提醒同时发到邮箱", default=True)
    by_sms = models.BooleanField("紧急提醒同时发短信", default=True)

    class Meta:
        verbose_name = "接收方式"

    def __str__(self):
        return self.email


class Absence(models.Model):
    """From when to when a user is away, and which colleague gets the reminders meanwhile. Both days count."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="absences")
    since = models.DateField("自")
    until = models.DateField("至")
    deputy = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="代管人")

    class Meta:
        verbose_name = "休假代管"
        ordering = ["-since", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="absence_ends_after_start",
                condition=Q(until__gte=F("since")),
                violation_error_message="结束日期不能早于开始日期。",
            ),
            models.CheckConstraint(
                name="absence_deputy_is_another",
                condition=~Q(deputy=F("user")),
                violation_error_message="代管人不能是本人。",
            ),
        ]

    def __str__(self):
        return f"{self.user} {self.since}—{self.until}"


class Mute(models.Model):
    """A user wants no reminder of one object (or of a whole kind) up to a day. What is late, or urgent, is told all the same."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mutes")
    kind = models.CharField("事项", max_length=40)
    object_pk = models.BigIntegerField(null=True, blank=True)
    label = models.CharField(max_length=120)
    until = models.DateField("至")

    class Meta:
        verbose_name = "暂不提醒"
        ordering = ["until", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "object_pk"], name="mute_once"),
        ]

    def __str__(self):
        return self.label
