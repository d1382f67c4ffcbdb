from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse

from campaign_portal import clock
from campaign_portal.accounts import access
from campaign_portal.accounts.access import Role
from campaign_portal.accounts.models import AreaColumns, Office
from campaign_portal.campaigns.models import Campaign
from campaign_portal.sheets.models import Batch
from facilities.models import Facility

from .rules import Category, MajorCriterion


def is_overdue(*, on):
    """Rectification past its limit. Waiting for a re-check is the officer's clock, not the home's."""
    return Q(status="open", due_on__lt=on)


def is_planned():
    """A major one whose five assurances (五落实) are complete; the date is never missing."""
    return Q(grade="major", funds__isnull=False) & ~Q(responsible="") & ~Q(measure="") & ~Q(plan="")


def is_visible_to(user, path=""):
    """What the user's scope covers; of that, a department sees the hazards of which it holds a part.

    An association looks after training and pairing, not after ledgers. `path` leads to the hazard from rows that hang on
    one: asked as a list within a list (hazard__in), PostgreSQL once took a minute for a thousand rows.
    """
    scope = access.scope_of(user)
    if scope.role == Role.ASSOCIATION:
        return Q(pk__in=())
    seen = scope.as_q(f"{path}facility_id", path=path)
    if scope.role == Role.DEPARTMENT:
        seen &= Q(Exists(Part.objects.filter(hazard=OuterRef(f"{path}pk"), office=scope.office)))
    return seen


class HazardQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(is_visible_to(user))

    def unfinished(self):
        return self.filter(status__in=Hazard.UNFINISHED)

    def overdue(self, *, on):
        return self.filter(is_overdue(on=on))

    def recheck_overdue(self, *, on):
        return self.filter(status=Hazard.Status.SUBMITTED, recheck_due_on__lt=on)

    def planned(self):
        return self.filter(is_planned())

    def in_register(self):
        """What counts in figures: neither void nor still unverified."""
        return self.filter(status__in=Hazard.COUNTED)

    def for_ledger(self):
        """All that one ledger row needs: with its parts prefetched, two queries whatever the number of rows."""
        return self.select_related("facility__area", "category", "supervisor").prefetch_related("parts__office")

    def for_page(self):
        return self.select_related(
            "facility__area",
            "facility__office",
            "supervisor__parent",
            "category",
            "criterion",
            "campaign",
            "reported_by__office",
            "found_by",
            "submitted_by__office",
            "submitted_by__password_set_by",
            "closed_by",
            "verified_by",
            "previous",
            "imported_in__file",
        ).prefetch_related("parts__office", "parts__acting_office", "parts__done_by")

    def locked(self, pk):
        """The row, locked for a change. Joined rows stay free; the foreign keys of other rows may still point here."""
        rows = self.select_related("facility", "supervisor__parent")
        return rows.select_for_update(of=("self",), no_key=True).get(pk=pk)


class Hazard(AreaColumns):
    """One line of a home's hazard ledger: found, graded, rectified, re-checked on site, struck off."""

    class Status(models.TextChoices):
        REPORTED = "reported", "待核实"
        RETURNED = "returned", "退回补正"
        OPEN = "open", "待整改"
        SUBMITTED = "submitted", "待复查"
        CLOSED = "closed", "已销号"
        VOID = "void", "已作废"

    class Grade(models.TextChoices):
        NORMAL = "normal", "一般"
        MAJOR = "major", "重大"

    class Source(models.TextChoices):
        SELF = "self", "机构自查"
        JOINT = "joint", "联合检查"
        DAILY = "daily", "日常检查"
        COVERT = "covert", "暗访"
        RANDOM = "random", "双随机抽查"
        THIRD = "third", "第三方评估"
        REPORT = "report", "投诉举报"

    UNFINISHED = (Status.REPORTED, Status.RETURNED, Status.OPEN, Status.SUBMITTED)
    COUNTED = (Status.OPEN, Status.SUBMITTED, Status.CLOSED)

    # Where it belongs
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="hazards", verbose_name="专项行动")
    facility = models.ForeignKey(Facility, models.PROTECT, related_name="hazards", verbose_name="机构")
    supervisor = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name="监管单位")
    number = models.PositiveIntegerField(editable=False)
    code = models.CharField("隐患编号", max_length=30, editable=False)
    old_code = models.CharField("原编号", max_length=40, blank=True, default="", editable=False)  # in an old ledger
    imported_in = models.ForeignKey(
        Batch, models.PROTECT, null=True, related_name="+", editable=False, verbose_name="由旧台账导入"
    )

    # What was found
    source = models.CharField("排查方式", max_length=10, choices=Source, default=Source.SELF)
    found_on = models.DateField("排查日期")
    found_by = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name="排查单位")
    finders = models.CharField("排查人员", max_length=100, blank=True)
    place = models.CharField("隐患部位", max_length=60)
    summary = models.CharField("隐患描述", max_length=500)
    category = models.ForeignKey(Category, models.PROTECT, related_name="+", verbose_name="类别")
    grade = models.CharField("等级", max_length=10, choices=Grade, default=Grade.NORMAL)
    criterion = models.ForeignKey(
        MajorCriterion, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="判定依据"
    )
    previous = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="recurrences", verbose_name="再次出现自"
    )

    # Who sets it right, how and by when. For a major one these are the five assurances (五落实).
    measure = models.CharField("整改措施", max_length=500, blank=True)
    responsible = models.CharField("责任人", max_length=30, blank=True)
    responsible_phone = models.CharField("责任人电话", max_length=20, blank=True)
    liaison = models.CharField("包联责任人", max_length=30, blank=True)
    liaison_phone = models.CharField("包联责任人电话", max_length=20, blank=True)
    funds = models.DecimalField(
        "整改资金（万元）", max_digits=8, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    plan = models.TextField("临时防控措施和应急预案", blank=True, max_length=1000)
    due_on = models.DateField("整改期限")

    # Where it stands
    status = models.CharField("状态", max_length=10, choices=Status, editable=False)
    fixed_on_spot = models.BooleanField("当场整改", default=False)
    reported_at = models.DateTimeField("上报时间", editable=False)
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上报人")
    verify_due_on = models.DateField("核实期限", null=True, editable=False)
    return_reason = models.CharField("退回原因", max_length=300, blank=True)
    verified_at = models.DateTimeField("核实时间", null=True, editable=False)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False, verbose_name="核实人"
    )
    submitted_at = models.DateTimeField("提交整改时间", null=True, editable=False)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False, verbose_name="提交整改人"
    )
    rectified_on = models.DateField("整改完成日期", null=True, blank=True)
    rectification = models.CharField("整改情况", max_length=500, blank=True)
    round = models.PositiveSmallIntegerField("整改轮次", default=1, editable=False)
    recheck_due_on = models.DateField("复查期限", null=True, editable=False)
    rechecked_on = models.DateField("复查日期", null=True, blank=True)
    recheck_note = models.CharField("复查结论", max_length=500, blank=True)
    closed_at = models.DateTimeField("销号时间", null=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False, verbose_name="销号人"
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    sent_key = models.UUIDField(
        null=True, unique=True, editable=False
    )  # one a form shown: sent twice, it is one hazard

    objects = HazardQuerySet.as_manager()

    class Meta:
        verbose_name = "隐患"
        indexes = [
            # One per level of grant: the list is ordered by (due_on, id) within a scope, mostly within a state.
            models.Index(fields=["county_code", "status", "due_on", "id"], name="hazard_county_status"),
            models.Index(fields=["county_code", "due_on", "id"], name="hazard_county_due"),
            models.Index(fields=["town_code", "due_on", "id"], name="hazard_town_due"),
            # Above the county a state is read off the index, or thousands of lines were fetched to be left out.
            models.Index(fields=["city_code", "due_on", "id", "status"], name="hazard_city_due"),
            models.Index(fields=["province_code", "due_on", "id", "status"], name="hazard_province_due"),
            models.Index(fields=["province_code", "due_on", "id"], condition=Q(grade="major"), name="hazard_major_due"),
            models.Index(fields=["facility", "due_on", "id"], name="hazard_facility_due"),
            models.Index(fields=["supervisor", "status", "due_on", "id"], name="hazard_supervisor_status"),
            models.Index(
                fields=["supervisor", "verify_due_on", "id"], condition=Q(status="reported"), name="hazard_verify_due"
            ),
            # A bureau's two other daily orders (inspections/orders.py).
            models.Index(fields=["county_code", "found_on", "id"], name="hazard_county_found"),
            models.Index(
                fields=["county_code", "closed_at", "id"],
                condition=Q(closed_at__isnull=False),
                name="hazard_county_closed",
            ),
        ]
        constraints = [
            # The code says campaign, supervisor of that day and number: a home may get another supervisor later.
            models.UniqueConstraint(
                fields=["county_code", "code"],
                name="hazard_code_unique_in_county",
                violation_error_message="隐患编号重复：专项行动或监管单位的编号代码与别的相同，请联系县民政局核对。",
            ),
            models.CheckConstraint(
                name="hazard_due_not_before_found",
                condition=Q(due_on__gte=F("found_on")),
                violation_error_message="整改期限不能早于排查日期。",
            ),
            models.CheckConstraint(
                name="hazard_major_means_criterion",
                condition=Q(grade="major", criterion__isnull=False) | Q(grade="normal", criterion__isnull=True),
                violation_error_message="重大隐患要选判定依据，一般隐患不选。",
            ),
            models.CheckConstraint(
                name="hazard_major_work_needs_five_assurances",
                condition=~Q(grade="major", status__in=["submitted", "closed"])
                | (~Q(responsible="") & ~Q(measure="") & ~Q(plan="") & Q(funds__isnull=False)),
                violation_error_message="重大隐患须先落实责任、措施、资金、时限、预案，才能提交整改。",
            ),
            models.CheckConstraint(
                name="hazard_closed_means_who_and_when",
                condition=Q(status="closed", closed_at__isnull=False, closed_by__isnull=False)
                | (~Q(status="closed") & Q(closed_at__isnull=True, closed_by__isnull=True)),
            ),
            models.CheckConstraint(
                name="hazard_submitted_means_who_when_and_what",
                # One struck off on paper was submitted by nobody here. Its import names who recorded it.
                condition=~Q(status__in=["submitted", "closed"])
                | Q(submitted_at__isnull=False, submitted_by__isnull=False, rectified_on__isnull=False)
                | Q(status="closed", imported_in__isnull=False, submitted_by__isnull=True, rectified_on__isnull=False),
            ),
            models.CheckConstraint(
                name="hazard_rectified_not_before_found",
                condition=Q(rectified_on__isnull=True) | Q(rectified_on__gte=F("found_on")),
                violation_error_message="整改完成日期不能早于排查日期。",
            ),
            models.CheckConstraint(
                name="hazard_closed_by_another",
                condition=Q(closed_by__isnull=True) | ~Q(closed_by=F("submitted_by")),
                violation_error_message="提交整改的人不能自己销号。",
            ),
            models.CheckConstraint(
                name="hazard_reported_means_verified_by_when",
                condition=~Q(status="reported") | Q(verify_due_on__isnull=False),
            ),
            models.CheckConstraint(
                name="hazard_unverified_only_before_open",
                condition=Q(status__in=["reported", "returned", "void"]) | Q(verified_at__isnull=False),
            ),
        ]

    def __str__(self):
        return self.code

    def get_absolute_url(self):
        return reverse("inspections:hazard", args=[self.pk])

    @property
    def is_major(self):
        return self.grade == self.Grade.MAJOR

    @property
    def is_over(self):
        return self.status in (self.Status.CLOSED, self.Status.VOID)

    @property
    def was_closed_on_paper(self):
        """Struck off before it came here: an imported old ledger says so, `closed_by` only recorded it."""
        return self.status == self.Status.CLOSED and self.imported_in_id is not None and self.submitted_by_id is None

    def missing_assurances(self):
        """Which of the five assurances (五落实) of a major hazard are still missing, as words."""
        if not self.is_major:
            return []
        have = {"责任": self.responsible, "措施": self.measure, "资金": self.funds is not None, "预案": self.plan}
        return [word for word, filled in have.items() if not filled]

    @property
    def is_planned(self):
        """A major one whose five assurances are complete."""
        return self.is_major and not self.missing_assurances()

    def pending_request(self):
        return next((request for request in self.requests.all() if request.status == Request.Outcome.PENDING), None)


class PartQuerySet(models.QuerySet):
    def waiting_for(self, office):
        """Parts that this office has to re-check now."""
        return self.filter(acting_office=office, status=Part.Status.OPEN)


class Part(models.Model):
    """One office's share in a hazard. The last one done closes the hazard.

    `acting_office` re-checks: the holder itself, or the county bureau where the holder would judge its own work
    (a township with a single officer who entered the rectification; a major hazard of a home that the township runs).
    """

    class Status(models.TextChoices):
        OPEN = "open", "未办结"
        DONE = "done", "已办结"

    hazard = models.ForeignKey(Hazard, models.CASCADE, related_name="parts")
    office = models.ForeignKey(Office, models.PROTECT, related_name="parts", verbose_name="责任部门")
    acting_office = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name="复查单位")
    status = models.CharField(max_length=6, choices=Status, default=Status.OPEN)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    note = models.CharField("复查情况", max_length=500, blank=True)

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = "责任部分"
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["office", "status", "hazard"], name="part_of_office"),
            models.Index(fields=["acting_office", "hazard"], condition=Q(status="open"), name="part_to_recheck"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["hazard", "office"], name="part_office_unique"),
            models.CheckConstraint(
                name="part_done_means_who_and_when",
                condition=Q(status="done", done_at__isnull=False, done_by__isnull=False)
                | Q(status="open", done_at__isnull=True, done_by__isnull=True),
            ),
        ]

    def __str__(self):
        return f"{self.hazard} {self.office.label}"

    @property
    def is_done(self):
        return self.status == self.Status.DONE


class Request(models.Model):
    """Something that one person asks and another decides: more time, or voiding a confirmed hazard."""

    class Kind(models.TextChoices):
        EXTENSION = "extension", "延期"
        VOID = "void", "作废"

    class Outcome(models.TextChoices):
        PENDING = "pending", "待审批"
        GRANTED = "granted", "同意"
        REFUSED = "refused", "不同意"
        WITHDRAWN = "withdrawn", "已撤回"

    hazard = models.ForeignKey(Hazard, models.CASCADE, related_name="requests")
    kind = models.CharField("申请", max_length=10, choices=Kind)
    reason = models.CharField("理由", max_length=500)
    interim = models.CharField("延期期间的防控措施", max_length=500, blank=True)
    old_due_on = models.DateField("原期限")
    new_due_on = models.DateField("申请延至", null=True, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="申请人")
    asked_at = models.DateTimeField("申请时间", default=clock.now)
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name="审批单位")
    decide_due_on = models.DateField("审批期限")
    status = models.CharField("结果", max_length=10, choices=Outcome, default=Outcome.PENDING)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField("审批时间", null=True)
    decision = models.CharField("审批意见", max_length=500, blank=True)

    class Meta:
        verbose_name = "申请"
        ordering = ["pk"]
        indexes = [models.Index(fields=["office", "decide_due_on"], condition=Q(status="pending"), name="request_open")]
        constraints = [
            models.UniqueConstraint(
                fields=["hazard"], condition=Q(status="pending"), name="request_one_pending_a_hazard"
            ),
            models.CheckConstraint(
                name="request_decided_by_another",
                condition=Q(status="pending", decided_by__isnull=True, decided_at__isnull=True)
                | Q(status="withdrawn", decided_by__isnull=True, decided_at__isnull=False)
                | Q(status__in=["granted", "refused"], decided_by__isnull=False, decided_at__isnull=False)
                & ~Q(decided_by=F("asked_by")),
            ),
            models.CheckConstraint(
                name="request_extension_moves_later",
                condition=Q(kind="extension", new_due_on__gt=F("old_due_on")) | Q(kind="void", new_due_on__isnull=True),
                violation_error_message="延期后的日期要晚于原期限。",
            ),
        ]


class ProxyEntry(models.Model):
    """What an officer entered for a home that could not (代填). The home is shown it until it confirms having read it."""

    class What(models.TextChoices):
        REPORT = "report", "上报隐患"
        COMPLETION = "completion", "补正"
        PLAN = "plan", "整改方案"
        RECTIFICATION = "rectification", "提交整改"
        EXTENSION = "extension", "延期申请"

    hazard = models.ForeignKey(Hazard, models.CASCADE, related_name="proxy_entries")
    what = models.CharField("代填内容", max_length=15, choices=What)
    reason = models.CharField("代填原因", max_length=200)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(default=clock.now)
    read_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    read_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "代填"
        ordering = ["pk"]
        indexes = [models.Index(fields=["hazard"], condition=Q(read_at__isnull=True), name="proxy_unread")]


class Counter(models.Model):
    """The last number given out, one row for each campaign and supervisor. Locked last in the inserting transaction."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="+")
    supervisor = models.ForeignKey(Office, models.PROTECT, related_name="+")
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "supervisor"], name="counter_unique")]
