"""The calendar of working days: which days the State Council moved away from Monday to Friday."""

from django.conf import settings
from django.db import models

from campaign_portal import clock

from .feed_address import FeedAddress  # noqa: F401 - a model of this app


class CalendarYear(models.Model):
    """A year whose holiday notice has been taken in. In a year without one, days are counted Monday to Friday and marked 暂定."""

    year = models.PositiveSmallIntegerField("年份", unique=True)
    source = models.CharField("依据", max_length=120)  # the notice's title and number
    text = models.TextField("通知原文", blank=True)
    loaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    loaded_at = models.DateTimeField("录入时间", default=clock.now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = "年度日历"
        ordering = ["-year"]

    def __str__(self):
        return f"{self.year} 年"


class Workday(models.Model):
    """A day that differs from Monday to Friday: a weekday off (放假), or a weekend day worked to make up for it (补班)."""

    day = models.DateField("日期", unique=True)
    is_working = models.BooleanField("上班")
    name = models.CharField("节日", max_length=20, blank=True)
    of_year = models.PositiveSmallIntegerField(
        "通知年份"
    )  # New Year's Day of the next notice reaches into this December

    class Meta:
        verbose_name = "放假和补班日"
        ordering = ["day"]

    def __str__(self):
        return f"{self.day} {'补班' if self.is_working else '放假'}"


class DueChange(models.Model):
    """A due date that moved without a step of its object's own: an extension that was granted, a new year's calendar.

    `kind` and `object_pk` name the object as the registry of duties does (`Entry.pk` of that kind).
    """

    kind = models.CharField("事项", max_length=40)
    object_pk = models.BigIntegerField()
    was = models.DateField("原期限")
    now = models.DateField("新期限")
    reason = models.CharField("原因", max_length=200)
    at = models.DateTimeField("时间", default=clock.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "期限调整"
        ordering = ["pk"]
        indexes = [models.Index(fields=["kind", "object_pk", "id"], name="due_change_of_object")]
        constraints = [
            models.CheckConstraint(name="due_change_moves", condition=~models.Q(was=models.F("now"))),
        ]

    def __str__(self):
        return f"{self.was} → {self.now}"
