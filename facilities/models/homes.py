from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.urls import reverse

from campaign_portal import clock
from campaign_portal.accounts import access
from campaign_portal.accounts.access import RootGrant
from campaign_portal.accounts.models import Area, AreaColumns, Office

from ..credit_code import validate_credit_code
from ..search import search_key


class FacilityQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(access.scope_of(user).as_q("pk"))

    def run_by(self, user):
        """The homes that this user's office runs."""
        return self.filter(pk__in=access.scope_of(user).runs)

    def answered_for_by(self, office):
        """The homes that an office supervises."""
        return self.filter(supervisor=office)

    def search(self, text):
        """Every word of `text` is in a present or former name, its pinyin or its initials, or in the credit code."""
        for word in text.lower().split():
            self = self.filter(Q(search_key__contains=word) | Q(credit_code__contains=word.upper()))
        return self

    def in_register(self, *, on):
        """The homes known on a day, each with `status_then`, its state of that day."""
        period = StatePeriod.objects.covering(on).filter(facility=OuterRef("pk")).values("status")[:1]
        return self.annotate(status_then=Subquery(period)).filter(status_then__isnull=False)

    def for_list(self):
        """All that one row of the list needs, without further queries."""
        rows = self.select_related("area", "supervisor").prefetch_related("former_names", "licences")
        return rows.order_by("town_code", "pk")


class Facility(AreaColumns):
    """A care home: who runs it, where it stands, who answers for it."""

    class Kind(models.TextChoices):
        WELFARE = "welfare", "社会福利院"
        RELIEF = "relief", "特困人员供养服务机构（敬老院）"
        PRIVATE = "private", "养老院、养老公寓"
        NURSING = "nursing", "护理院"

    class Operation(models.TextChoices):
        PUBLIC = "public", "公办公营"
        CONTRACTED = "contracted", "公建民营"
        NONPROFIT = "nonprofit", "民办非营利"
        PROFIT = "profit", "民办营利"

    class Status(models.TextChoices):
        RUNNING = "running", "正常运营"
        SUSPENDED = "suspended", "暂停运营"
        CLOSED = "closed", "停业"
        DEREGISTERED = "deregistered", "注销"

    name = models.CharField("名称", max_length=60)
    short_name = models.CharField("简称", max_length=20, blank=True)
    pinyin = models.CharField(
        "拼音（有多音字时填）", max_length=120, blank=True, help_text="各音节用空格隔开，如 chang sha。"
    )
    search_key = models.TextField(editable=False, default="")
    credit_code = models.CharField(
        "统一社会信用代码",
        max_length=18,
        blank=True,
        validators=[validate_credit_code],
        help_text="18 位，见登记证书。",
    )
    kind = models.CharField("机构类别", max_length=12, choices=Kind)
    operation = models.CharField("运营方式", max_length=12, choices=Operation)
    operator_name = models.CharField("运营主体", max_length=80, blank=True)
    operated_by = models.ForeignKey(
        Office,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="直接运营的政府单位",
        help_text="由乡镇直接运营的敬老院填该乡镇；其重大隐患由县级复查。",
    )
    office = models.OneToOneField(Office, models.PROTECT, related_name="+", verbose_name="账号单位", editable=False)
    supervisor = models.ForeignKey(
        Office, models.PROTECT, related_name="supervised", verbose_name="监管单位", help_text="默认是所在乡镇（街道）。"
    )
    area = models.ForeignKey(Area, models.PROTECT, verbose_name="所在乡镇（街道）")
    address = models.CharField("地址", max_length=120, blank=True)
    director = models.CharField("院长（负责人）", max_length=30)
    director_phone = models.CharField("负责人电话", max_length=20)
    contact = models.CharField("联系人", max_length=30, blank=True)
    contact_phone = models.CharField("联系电话", max_length=20, blank=True)
    liaison = models.CharField(
        "包联责任人", max_length=30, blank=True, help_text="乡镇或部门联系本机构的干部，不需要账号。"
    )
    liaison_phone = models.CharField("包联责任人电话", max_length=20, blank=True)
    filing_number = models.CharField("备案编号", max_length=40, blank=True)
    filed_on = models.DateField("备案日期", null=True, blank=True)
    beds = models.PositiveIntegerField("床位总数", default=0)
    nursing_beds = models.PositiveIntegerField("护理型床位", default=0)
    status = models.CharField("状态", max_length=12, choices=Status, default=Status.RUNNING, editable=False)

    objects = FacilityQuerySet.as_manager()

    class Meta:
        verbose_name = "养老机构"
        permissions = [("run_facility", "运营机构"), ("inspect_facility", "查看机构")]
        indexes = [
            models.Index(fields=["county_code", "town_code"], name="facility_by_area"),
            models.Index(fields=["supervisor"], name="facility_by_supervisor"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["credit_code"],
                condition=~Q(credit_code=""),
                name="facility_credit_code_unique",
                violation_error_message="已有机构使用这个统一社会信用代码。",
            ),
            models.UniqueConstraint(
                fields=["county_code", "name"],
                name="facility_name_unique",
                violation_error_message="本县已有同名机构。",
            ),
            models.CheckConstraint(
                name="facility_nursing_beds_within_beds",
                condition=Q(nursing_beds__lte=F("beds")),
                violation_error_message="护理型床位不能多于床位总数。",
            ),
            models.CheckConstraint(
                name="facility_filing_number_with_date",
                condition=Q(filing_number="") | Q(filed_on__isnull=False),
                violation_error_message="填了备案编号，也要填备案日期。",
            ),
        ]

    def __str__(self):
        return self.short_name or self.name

    def get_absolute_url(self):
        return reverse("facilities:facility", args=[self.pk])

    def refresh_search_key(self):
        """Recompute the key from the present names and the former ones. The caller saves."""
        former = self.former_names.values_list("name", flat=True) if self.pk else []
        self.search_key = search_key([self.name, self.short_name, *former], pinyin=self.pinyin)


@access.home_root
class FacilityGrant(RootGrant):
    content_object = models.ForeignKey(Facility, models.CASCADE)

    class Meta(RootGrant.Meta):
        verbose_name = "机构授权"


class FormerName(models.Model):
    """A name that a home no longer bears, under which people still look for it."""

    facility = models.ForeignKey(Facility, models.CASCADE, related_name="former_names")
    name = models.CharField("曾用名", max_length=60)
    until = models.DateField("使用至", null=True, blank=True)

    class Meta:
        verbose_name = "曾用名"
        ordering = ["-until", "pk"]
        constraints = [models.UniqueConstraint(fields=["facility", "name"], name="former_name_unique")]

    def __str__(self):
        return self.name


class StatePeriodQuerySet(models.QuerySet):
    def covering(self, day):
        return self.filter(Q(until__isnull=True) | Q(until__gte=day), since__lte=day)


class StatePeriod(models.Model):
    """From when to when a home was in a state. The last period has no end."""

    facility = models.ForeignKey(Facility, models.CASCADE, related_name="state_periods")
    status = models.CharField("状态", max_length=12, choices=Facility.Status)
    since = models.DateField("自")
    until = models.DateField("至", null=True, blank=True)
    reason = models.CharField("原因", max_length=200, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)

    objects = StatePeriodQuerySet.as_manager()

    class Meta:
        verbose_name = "状态沿革"
        ordering = ["-since", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["facility"], condition=Q(until__isnull=True), name="state_one_present"),
            models.CheckConstraint(
                name="state_ends_after_start", condition=Q(until__isnull=True) | Q(until__gte=F("since"))
            ),
        ]

    def __str__(self):
        return f"{self.get_status_display()} {self.since}"


RENEW_WITHIN = 60 * clock.ONE_DAY  # a renewal takes the market or health bureau about a month


class LicenceQuerySet(models.QuerySet):
    def expired(self, *, on):
        return self.filter(expires_on__lt=on)

    def due(self, *, on):
        """Expired, or to be renewed by now."""
        return self.filter(expires_on__lte=on + RENEW_WITHIN)


class Licence(models.Model):
    """A paper that a home needs and that may expire."""

    class Kind(models.TextChoices):
        REGISTRATION = "registration", "登记证书"
        FIRE = "fire", "消防验收（备案）"
        FOOD = "food", "食品经营许可证"
        MEDICAL = "medical", "医疗机构执业许可（备案）"
        LIFT = "lift", "电梯使用登记"
        OTHER = "other", "其他证照"

    facility = models.ForeignKey(Facility, models.CASCADE, related_name="licences")
    kind = models.CharField("证照", max_length=12, choices=Kind)
    number = models.CharField("编号", max_length=60, blank=True)
    issued_on = models.DateField("发证日期", null=True, blank=True)
    expires_on = models.DateField("有效期至", null=True, blank=True, help_text="长期有效的不填。")

    objects = LicenceQuerySet.as_manager()

    class Meta:
        verbose_name = "证照"
        ordering = ["kind", "pk"]
        indexes = [models.Index(fields=["expires_on"], name="licence_by_expiry")]
        constraints = [
            models.CheckConstraint(
                name="licence_expires_after_issue",
                condition=Q(issued_on__isnull=True) | Q(expires_on__isnull=True) | Q(expires_on__gte=F("issued_on")),
                violation_error_message="有效期不能早于发证日期。",
            )
        ]

    def __str__(self):
        return f"{self.facility} {self.get_kind_display()}"

    def is_due(self, *, on=None):
        """Expired, or to be renewed by now."""
        return self.expires_on is not None and self.expires_on <= (on or clock.today()) + RENEW_WITHIN
