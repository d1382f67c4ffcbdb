"""When whom to remind: data, owned by a bureau and inherited from the nearest above it."""

from datetime import time

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from campaign_portal.accounts.bureaus import bureaus_above
from campaign_portal.accounts.models import Office
from campaign_portal.deadlines.registry import Rung


class ReminderRuleQuerySet(models.QuerySet):
    def nearest(self, bureau):
        """{kind: (pk of the owner or None, [rule, …])} for a bureau: for each kind its own rules if it has any, else those
        of the nearest bureau above, else the starter set. With those that are turned off."""
        chain = [one.pk for one in bureaus_above(bureau)]
        by_kind = {}
        rules = self.filter(Q(owner__in=chain) | Q(owner=None), retired_at=None)
        for rule in rules.order_by("kind", "order", "pk"):
            by_kind.setdefault(rule.kind, {}).setdefault(rule.owner_id, []).append(rule)
        owners = {kind: next(pk for pk in [*chain, None] if pk in own) for kind, own in by_kind.items()}
        return {kind: (owner, by_kind[kind][owner]) for kind, owner in owners.items()}

    def in_force(self, bureau):
        """{kind: [rule, …]} of a bureau. Rules that are turned off are left out, but keep their kind from being inherited."""
        return {kind: [rule for rule in rules if rule.is_on] for kind, (_, rules) in self.nearest(bureau).items()}


class ReminderRule(models.Model):
    """One rule of a kind of duty: so many days before, at or after the day, remind who stands on this rung."""

    class Moment(models.TextChoices):
        BEFORE = "before", "到期前"
        AT = "at", "到期当天"
        AFTER = "after", "逾期后"

    class Urgent(models.TextChoices):
        NEVER = "", "汇总提醒"
        MAJOR = "major", "重大隐患立即提醒"
        ALWAYS = "always", "立即提醒"

    owner = models.ForeignKey(Office, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="制定单位")
    kind = models.CharField("事项", max_length=40)
    order = models.PositiveSmallIntegerField(default=0)
    moment = models.CharField("时间", max_length=10, choices=Moment)
    days = models.PositiveSmallIntegerField("天数", default=0, validators=[MaxValueValidator(365)])
    in_workdays = models.BooleanField("按工作日计", default=True)
    every = models.PositiveSmallIntegerField(
        "以后每隔", default=0, validators=[MaxValueValidator(60)], help_text="天；0 为只提醒一次。"
    )
    times = models.PositiveSmallIntegerField(
        "最多提醒", default=1, validators=[MinValueValidator(1), MaxValueValidator(30)], help_text="次。"
    )
    rung = models.PositiveSmallIntegerField("提醒", choices=Rung, default=Rung.RESPONSIBLE)
    urgent = models.CharField("方式", max_length=10, choices=Urgent, blank=True, default=Urgent.NEVER)
    is_major_only = models.BooleanField("只限重大隐患", default=False)
    is_on = models.BooleanField("启用", default=True)
    # Never changed: a new row takes its place, and this one stays for the reminders that were made by it.
    retired_at = models.DateTimeField("停止使用", null=True, editable=False)

    objects = ReminderRuleQuerySet.as_manager()

    class Meta:
        verbose_name = "提醒规则"
        ordering = ["kind", "order", "pk"]
        constraints = [
            models.CheckConstraint(
                name="reminder_rule_at_means_that_day",
                condition=~Q(moment="at") | Q(days=0, every=0, times=1),
                violation_error_message="到期当天的提醒不填天数，也不重复。",
            ),
            models.CheckConstraint(
                name="reminder_rule_other_days_counted",
                condition=Q(moment="at") | Q(days__gte=1),
                violation_error_message="到期前、逾期后的提醒至少 1 天。",
            ),
            models.CheckConstraint(
                name="reminder_rule_repeats_with_a_gap",
                condition=Q(times=1, every=0) | Q(times__gt=1, every__gte=1),
                violation_error_message="多次提醒的要填每隔几天；只提醒一次的，间隔填 0。",
            ),
            models.CheckConstraint(
                name="reminder_rule_climbs_only_when_late",
                condition=Q(rung=0) | Q(moment="after"),
                violation_error_message="上一级只在逾期后提醒。",
            ),
        ]

    def __str__(self):
        return self.words

    @property
    def words(self):
        """The rule as a sentence, e.g. "逾期 3 个工作日后提醒乡镇（监管单位），以后每 5 个工作日一次，最多 4 次"."""
        unit = "个工作日" if self.in_workdays else "天"
        when = {"before": f"到期前 {self.days} {unit}", "at": "到期当天", "after": f"逾期 {self.days} {unit}后"}[
            self.moment
        ]
        again = f"，以后每 {self.every} {unit}一次，最多 {self.times} 次" if self.times > 1 else ""
        only = "（只限重大隐患）" if self.is_major_only else ""
        return f"{when}提醒{self.get_rung_display()}{again}{only}"

    def concerns(self, entry):
        return entry.is_major or not self.is_major_only

    def is_urgent_for(self, *, is_major):
        return self.urgent == self.Urgent.ALWAYS or (self.urgent == self.Urgent.MAJOR and is_major)


class ReminderSettings(models.Model):
    """Whether a bureau's portal sends reminders, when, and how many people one run may reach."""

    bureau = models.OneToOneField(Office, models.PROTECT, related_name="+", verbose_name="单位")
    is_on = models.BooleanField("已启用", default=False)
    on_since = models.DateField("启用日期", null=True, blank=True, editable=False)
    send_from = models.TimeField("工作时间自", default=time(8, 30))
    send_until = models.TimeField("至", default=time(17, 30))
    most_people = models.PositiveIntegerField(
        "每次最多提醒",
        default=500,
        validators=[MinValueValidator(1)],
        help_text="人。超过的先不发，由管理员看过名单再放行。",
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = "提醒设置"
        constraints = [
            models.CheckConstraint(
                name="reminder_hours_in_order",
                condition=Q(send_until__gt=F("send_from")),
                violation_error_message="工作时间的结束要晚于开始。",
            ),
            models.CheckConstraint(
                name="reminders_on_means_since_when", condition=Q(is_on=False) | Q(on_since__isnull=False)
            ),
        ]

    def __str__(self):
        return f"{self.bureau} 提醒设置"
