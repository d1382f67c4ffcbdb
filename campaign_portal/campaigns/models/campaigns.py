from django.db import models
from django.db.models import F, Q

from campaign_portal import clock
from campaign_portal.accounts import access
from campaign_portal.accounts.models import Area, AreaColumns, Office

from .kept import Versioned
from .sourced import Sourced


class CampaignQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Campaigns of the areas above the user's office and of those it oversees; drafts only for who leads them."""
        office = user.office
        concerned = Q(province_code=office.province_code, city_code="")
        if office.city_code:
            concerned |= Q(city_code=office.city_code, county_code="")
        if office.county_code:
            concerned |= Q(county_code=office.county_code)
        shown = ~Q(status=Campaign.Status.DRAFT) | Q(lead=office)
        return self.filter(concerned | access.scope_of(user).areas_q()).filter(shown)

    def running(self, *, on):
        return self.filter(status=Campaign.Status.RUNNING, starts_on__lte=on, ends_on__gte=on)


class Campaign(AreaColumns, Versioned):
    """What the work is for: a campaign with a notice and a period, or a bureau's yearly routine supervision."""

    class Kind(models.TextChoices):
        SPECIAL = "special", "专项行动"
        ROUTINE = "routine", "日常监管"

    class Status(models.TextChoices):
        DRAFT = "draft", "草案"
        RUNNING = "running", "进行中"
        CLOSED = "closed", "已结束"

    kind = models.CharField("类别", max_length=10, choices=Kind, default=Kind.SPECIAL)
    status = models.CharField("状态", max_length=10, choices=Status, default=Status.DRAFT)
    code = models.CharField("编号代码", max_length=10, help_text="隐患编号的开头，如 YX26。")
    title = models.CharField("名称", max_length=80)
    lead = models.ForeignKey(Office, models.PROTECT, related_name="campaigns", verbose_name="牵头单位")
    area = models.ForeignKey(Area, models.PROTECT, verbose_name="范围")
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期")
    takes_records = models.BooleanField(
        "收录新登记的隐患",
        default=True,
        help_text="行动期间本县新登记的隐患归入本行动。一个县同一时间只有一个这样的行动；协会牵头的提升类行动一般不收录。",
    )
    goal = models.TextField("总体目标", blank=True, max_length=2000)
    notice = models.ForeignKey(
        "campaigns.Notice",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="campaigns",
        verbose_name="通知",
        editable=False,
    )
    document_number = models.CharField("文号", max_length=40, blank=True)
    issued_on = models.DateField("印发日期", null=True, blank=True)
    previous = models.ManyToManyField("self", symmetrical=False, blank=True, verbose_name="往年行动")
    closed_on = models.DateField("结束办理日期", null=True, blank=True, editable=False)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = "专项行动"
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="campaign_ends_after_start",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message="结束日期不能早于开始日期。",
            ),
            models.UniqueConstraint(
                fields=["lead", "code"],  # not nationwide: two counties may well have the same initials
                name="campaign_code_unique_for_lead",
                violation_error_message="本单位已有专项行动使用这个编号代码。",
            ),
            models.UniqueConstraint(
                fields=["lead", "starts_on"], condition=Q(kind="routine"), name="campaign_one_routine_a_year"
            ),
            models.CheckConstraint(
                name="campaign_closed_means_when",
                condition=Q(status="closed", closed_on__isnull=False) | ~Q(status="closed") & Q(closed_on__isnull=True),
            ),
        ]

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        self.copy_area(self.area)
        super().save(*args, **kwargs)

    def is_running(self, *, on):
        """What `running` asks of many."""
        return self.status == self.Status.RUNNING and self.starts_on <= on <= self.ends_on

    def days_left(self, *, on=None):
        return (self.ends_on - (on or clock.today())).days


class Phase(Sourced, Versioned):
    """A stretch of a campaign, in order."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="phases")
    order = models.PositiveSmallIntegerField()
    name = models.CharField("阶段", max_length=40)
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期")

    class Meta:
        verbose_name = "阶段"
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "order"], name="phase_order_unique"),
            models.CheckConstraint(
                name="phase_ends_after_start",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message="阶段的结束日期不能早于开始日期。",
            ),
        ]

    def __str__(self):
        return self.name


class Unit(models.Model):
    """A body that the notice names, with its part in the campaign. One that has no account here is only a name."""

    class Part(models.TextChoices):
        ISSUER = "issuer", "联合印发"
        LEAD = "lead", "牵头"
        JOINT = "joint", "会同"
        SUPPORT = "support", "配合"
        GUIDE = "guide", "指导"
        RESPONSIBLE = "responsible", "责任"
        TAKE_PART = "take_part", "参加"

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="units")
    order = models.PositiveSmallIntegerField(default=0)
    part = models.CharField("分工", max_length=12, choices=Part)
    name = models.CharField("单位", max_length=80)
    office = models.ForeignKey(Office, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="账号单位")

    class Meta:
        verbose_name = "参加单位"
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["campaign", "part", "name"], name="unit_once_a_part")]

    def __str__(self):
        return self.name
