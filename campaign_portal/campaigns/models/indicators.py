"""What a campaign wants to reach, how it is shared out, and where it stood each day."""

from django.db import models
from django.db.models import F, Q

from campaign_portal.accounts.models import Office

from ..metrics import percent
from .campaigns import Campaign
from .kept import SentOnce, Versioned
from .plan import Task
from .sourced import Sourced


class Indicator(Sourced, Versioned, SentOnce):
    """A target with its unit and day. Its figure comes from a metric of the registry, or offices report it.

    人次 (attendances) and 人 (people) are different units and never added to each other: a metric serves only indicators
    of its own unit.
    """

    class Comparator(models.TextChoices):
        AT_LEAST = "ge", "不少于"
        EXACTLY = "eq", "完成"
        AT_MOST = "le", "不超过"
        RANGE = "range", "范围"

    class Per(models.TextChoices):
        WHOLE = "", "全程合计"
        MONTH = "month", "每月"
        QUARTER = "quarter", "每季度"
        HALF = "half", "每半年"
        YEAR = "year", "每年"
        HOME = "home", "每家机构"

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="indicators")
    task = models.ForeignKey(
        Task, models.SET_NULL, null=True, blank=True, related_name="indicators", verbose_name="任务"
    )
    order = models.PositiveIntegerField(default=0)
    name = models.CharField("指标", max_length=60)
    comparator = models.CharField("要求", max_length=5, choices=Comparator, default=Comparator.AT_LEAST)
    value = models.DecimalField("目标值", max_digits=12, decimal_places=2)
    high = models.DecimalField("上限", max_digits=12, decimal_places=2, null=True, blank=True)
    unit = models.CharField("单位", max_length=12)
    per = models.CharField("统计口径", max_length=10, choices=Per, blank=True, default=Per.WHOLE)
    by_on = models.DateField("完成时限", null=True, blank=True)
    baseline = models.DecimalField(
        "起点值", max_digits=12, decimal_places=2, null=True, blank=True, help_text="行动开始时的数值，不填按 0 计。"
    )
    metric = models.CharField("数据来源", max_length=60, blank=True, help_text="不选系统数据的，由各单位填报。")
    is_tentative = models.BooleanField("力争性目标", default=False, help_text="通知写“争取、力争”的。")

    class Meta:
        verbose_name = "指标"
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "sent_key"], name="indicator_sent_once"),
            models.CheckConstraint(
                name="indicator_range_has_both_ends",
                condition=Q(comparator="range", high__isnull=False, high__gte=F("value"))
                | ~Q(comparator="range") & Q(high__isnull=True),
                violation_error_message="选“范围”的要填上限，且上限不小于目标值；其他要求不填上限。",
            ),
            models.CheckConstraint(
                name="indicator_value_not_negative",
                condition=Q(value__gte=0),
                violation_error_message="目标值不能小于 0。",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def is_rate(self):
        """Told as a part of a whole: in percent, and reported ones that every home must reach (homes that do, of all)."""
        return self.unit == "%" or (self.per == self.Per.HOME and not self.metric)

    def reaches(self, value):
        """Whether a counted value meets the target; nothing counted meets none."""
        if value is None:
            return False
        return value <= self.value if self.comparator == self.Comparator.AT_MOST else value >= self.value

    @property
    def is_reported(self):
        return not self.metric


class Share(models.Model):
    """The part of a target that an office answers for; `parent` is the share that it was split from."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="shares")
    office = models.ForeignKey(Office, models.PROTECT, related_name="shares", verbose_name="承担单位")
    parent = models.ForeignKey("self", models.CASCADE, null=True, related_name="children")
    value = models.DecimalField("分解数", max_digits=12, decimal_places=2)

    class Meta:
        verbose_name = "指标分解"
        ordering = ["office__area__code", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "office"], name="share_once_an_office"),
            models.CheckConstraint(
                name="share_not_negative", condition=Q(value__gte=0), violation_error_message="分解数不能小于 0。"
            ),
        ]

    def __str__(self):
        return f"{self.office} {self.value}"


class IndicatorDay(models.Model):
    """Where an indicator stood at the end of a day: the whole (no office), or an office's part.

    A count has no denominator. A rate over nothing is kept with a denominator of 0 and has no value.
    """

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="days")
    day = models.DateField()
    office = models.ForeignKey(Office, models.CASCADE, null=True, related_name="+")
    numerator = models.DecimalField(max_digits=14, decimal_places=2)
    denominator = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    is_final = models.BooleanField(default=False)  # of a campaign that was closed: never counted again

    class Meta:
        verbose_name = "指标日值"
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "day"], condition=Q(office__isnull=True), name="indicator_day_whole_once"
            ),
            models.UniqueConstraint(
                fields=["indicator", "day", "office"], condition=Q(office__isnull=False), name="indicator_day_part_once"
            ),
        ]

    @property
    def value(self):
        """As measuring.Count.value."""
        if self.denominator is None:
            return self.numerator
        return percent(self.numerator, self.denominator)
