"""What a bureau may set for itself: categories, criteria for major hazards, limits. Versioned by the days they hold."""

from django.db import models
from django.db.models import Q

from campaign_portal.accounts.bureaus import bureaus_above
from campaign_portal.accounts.models import Office
from campaign_portal.deadlines import workdays


class RuleQuerySet(models.QuerySet):
    def in_force(self, *, bureau, on):
        """The rules that hold for a bureau on a day: its own if it has any, else the nearest above it, else the starter set.

        A bureau's own set replaces the inherited one whole; mixing two versions would make a ledger ambiguous.
        """
        holding = self.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=on), valid_from__lte=on)
        owners = set(holding.filter(owner__isnull=False).values_list("owner_id", flat=True).distinct())
        nearest = next((one for one in bureaus_above(bureau) if one.pk in owners), None) if owners else None
        return holding.filter(owner=nearest)


class Rule(models.Model):
    """A row that an office owns and that holds from a day on. Without an owner it is part of the starter set."""

    owner = models.ForeignKey(Office, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="制定单位")
    valid_from = models.DateField("自")
    valid_until = models.DateField("至", null=True, blank=True)

    objects = RuleQuerySet.as_manager()

    class Meta:
        abstract = True


class Category(Rule):
    """A kind of hazard, and the field of the department that usually answers for it."""

    code = models.CharField(max_length=20)
    name = models.CharField("类别", max_length=30)
    field = models.CharField("对口部门", max_length=12, choices=Office.Field)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "隐患类别"
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["owner", "code", "valid_from"], name="category_version_unique")]

    def __str__(self):
        return self.name


class MajorCriterion(Rule):
    """One of the situations that make a hazard major (重大事故隐患判定标准, 2023, or its successor)."""

    code = models.CharField(max_length=20)
    group = models.CharField("大类", max_length=40)
    text = models.CharField("判定情形", max_length=200)
    source = models.CharField("依据", max_length=100)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "重大隐患判定依据"
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["owner", "code", "valid_from"], name="criterion_version_unique")]

    def __str__(self):
        return self.text


class Limits(Rule):
    """How many days each step may take unless somebody sets another day. Local defaults, not law.

    A home's limits are calendar days: a hazard does not rest at the weekend. The officers' are working days (`in_workdays`).
    """

    normal_days = models.PositiveSmallIntegerField("一般隐患整改", default=15)
    major_days = models.PositiveSmallIntegerField("重大隐患整改", default=60)
    in_workdays = models.BooleanField("核实、复查、审批按工作日计", default=True)
    verify_days = models.PositiveSmallIntegerField("核实", default=3)
    recheck_days = models.PositiveSmallIntegerField("复查", default=5)
    decide_days = models.PositiveSmallIntegerField("审批申请", default=3)

    class Meta:
        verbose_name = "办理时限"

    def day_for(self, grade, *, since):
        """The last day of a home's rectification that begins on a day, unless somebody sets another."""
        days = self.major_days if grade == "major" else self.normal_days
        return workdays.after(since, days, in_workdays=False)

    def day_of(self, step, *, since):
        """The last day of an officers' step ("verify", "recheck", "decide") that begins on a day."""
        return workdays.after(since, getattr(self, f"{step}_days"), in_workdays=self.in_workdays)
