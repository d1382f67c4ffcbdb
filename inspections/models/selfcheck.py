"""Self-checks (自查): the list of a round, what each home answered, and who signed."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Least
from django.urls import reverse

from campaign_portal import clock
from campaign_portal.accounts import access
from campaign_portal.accounts.access import Role
from campaign_portal.accounts.models import AreaColumns, Office
from campaign_portal.campaigns.models import Campaign
from campaign_portal.files.models import StoredFile
from facilities.models import Facility, StatePeriod

from .hazards import Hazard
from .rules import Rule


class CheckList(Rule):
    """An edition of the list that homes go through. A new text is a new edition: signed checks keep the one they had."""

    title = models.CharField("名称", max_length=60)
    edition = models.CharField("版本", max_length=20)
    source = models.CharField("来源说明", max_length=200)

    class Meta:
        verbose_name = "自查清单"
        ordering = ["-valid_from", "pk"]
        constraints = [models.UniqueConstraint(fields=["owner", "title", "edition"], name="check_list_edition_unique")]

    def __str__(self):
        return f"{self.title}（{self.edition}）"


class CheckSection(models.Model):
    """A part of a list that fills one screen of a phone."""

    check_list = models.ForeignKey(CheckList, models.CASCADE, related_name="sections")
    order = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=30)

    class Meta:
        verbose_name = "自查部分"
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["check_list", "order"], name="check_section_order_unique")]

    def __str__(self):
        return self.title


class CheckItem(models.Model):
    """One thing to look at.

    `category` is the code of a Category, not a row: a county's own set of categories may replace the one that stood
    when the list was written, so it is looked up on the day that a hazard is made of the item.
    """

    section = models.ForeignKey(CheckSection, models.CASCADE, related_name="items")
    order = models.PositiveSmallIntegerField()
    text = models.CharField("检查内容", max_length=200)
    basis = models.CharField("依据", max_length=100, blank=True)
    category = models.CharField("类别代码", max_length=20)
    place = models.CharField("部位", max_length=60)

    class Meta:
        verbose_name = "自查项目"
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["section", "order"], name="check_item_order_unique")]

    def __str__(self):
        return self.text


class RoundQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The rounds of the user's own county and of the areas it oversees."""
        county = user.office.county_code
        own = Q(county_code=county) if county else Q(pk__in=())
        return self.filter(own | access.scope_of(user).areas_q())


class SelfCheckRound(AreaColumns):
    """A bureau asks every running home of its county to go through a list by a day."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="+", verbose_name="专项行动")
    check_list = models.ForeignKey(CheckList, models.PROTECT, related_name="+", verbose_name="自查清单")
    title = models.CharField("名称", max_length=60)
    opens_on = models.DateField("开始日期")
    due_on = models.DateField("截止日期")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", editable=False, verbose_name="布置单位")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    opened_at = models.DateTimeField("布置时间", default=clock.now, editable=False)

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = "自查"
        ordering = ["-due_on", "-pk"]
        indexes = [models.Index(fields=["county_code", "due_on"], name="self_check_round_of_county")]
        constraints = [
            models.CheckConstraint(
                name="self_check_round_due_after_opening",
                condition=Q(due_on__gte=F("opens_on")),
                violation_error_message="截止日期不能早于开始日期。",
            ),
            # Also stops a second press of the button.
            models.UniqueConstraint(
                fields=["office", "title"],
                name="self_check_round_title_unique",
                violation_error_message="本局已经布置过同名的自查，请换一个名称。",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("selfcheck:round", args=[self.pk])


class SelfCheckQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What the user's scope covers. Evaluators and associations have nothing to do with self-checks."""
        scope = access.scope_of(user)
        if scope.role in (Role.ASSOCIATION, Role.EVALUATOR):
            return self.none()
        return self.filter(scope.as_q())

    def with_duty(self, *, on):
        """Adds `is_asked`: whether the home ran on the due day, or runs on day `on` if that is earlier.

        Who was suspended or closed on that day is asked for nothing and counts nowhere.
        """
        day = Least(OuterRef("due_on"), Value(on, output_field=models.DateField()))
        running = StatePeriod.objects.covering(day).filter(
            facility=OuterRef("facility"), status=Facility.Status.RUNNING
        )
        return self.annotate(is_asked=Exists(running))

    def for_rows(self):
        """All that a row of a round needs, without further queries."""
        return self.select_related("facility__area", "supervisor", "round")

    def for_page(self):
        return self.select_related(
            "round__check_list",
            "round__campaign",
            "facility__office",
            "facility__area",
            "facility__supervisor",
            "supervisor",
            "submitted_by__office",
            "signature",
            "read_by",
        )

    def locked(self, pk):
        rows = self.select_related("round__check_list", "facility__supervisor", "facility__office")
        return rows.select_for_update(of=("self",), no_key=True).get(pk=pk)


class SelfCheck(AreaColumns):
    """One home's copy of a round: filled in part by part, then signed and frozen."""

    class Status(models.TextChoices):
        DUE = "due", "待自查"
        SUBMITTED = "submitted", "已提交"

    round = models.ForeignKey(SelfCheckRound, models.PROTECT, related_name="checks", verbose_name="自查")
    facility = models.ForeignKey(Facility, models.PROTECT, related_name="+", verbose_name="机构")
    supervisor = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name="监管单位")
    due_on = models.DateField("截止日期")  # the round's: lists are filtered and ordered by it
    status = models.CharField("状态", max_length=10, choices=Status, default=Status.DUE, editable=False)
    # What was signed. The counts are frozen with it.
    submitted_at = models.DateTimeField("提交时间", null=True, editable=False)
    submitted_on = models.DateField("提交日期", null=True, editable=False)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False, verbose_name="提交人"
    )
    signer = models.CharField("负责人签名", max_length=30, blank=True)
    signature = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+", editable=False)
    is_zero = models.BooleanField("零报告", default=False)
    item_count = models.PositiveSmallIntegerField("检查项", default=0)
    not_met_count = models.PositiveSmallIntegerField("不符合", default=0)
    # Entered by an officer (代填), until the home has read it.
    proxy_reason = models.CharField("代填原因", max_length=200, blank=True)
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False, verbose_name="知晓人"
    )
    read_at = models.DateTimeField("知晓时间", null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = SelfCheckQuerySet.as_manager()

    class Meta:
        verbose_name = "自查表"
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["facility", "status", "due_on"], name="self_check_of_home"),
            models.Index(fields=["supervisor", "due_on"], condition=Q(status="due"), name="self_check_to_urge"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["round", "facility"], name="self_check_one_a_home"),
            models.CheckConstraint(
                name="self_check_submitted_means_who_when_and_signed",
                condition=Q(
                    ~Q(signer=""),
                    status="submitted",
                    submitted_at__isnull=False,
                    submitted_on__isnull=False,
                    submitted_by__isnull=False,
                    item_count__gt=0,
                )
                | Q(
                    status="due",
                    submitted_at__isnull=True,
                    submitted_on__isnull=True,
                    submitted_by__isnull=True,
                    signer="",
                    signature__isnull=True,
                    is_zero=False,
                ),
                violation_error_message="提交自查要有负责人签名。",
            ),
            models.CheckConstraint(
                name="self_check_zero_means_no_hazard",
                condition=Q(status="due") | Q(is_zero=True, not_met_count=0) | Q(is_zero=False, not_met_count__gt=0),
                violation_error_message="有不符合项的不能零报告；没有不符合项的要勾选零报告。",
            ),
            models.CheckConstraint(
                name="self_check_read_means_who_and_when",
                condition=Q(read_by__isnull=True, read_at__isnull=True)
                | Q(~Q(proxy_reason=""), read_by__isnull=False, read_at__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.facility} {self.round}"

    def get_absolute_url(self):
        return reverse("selfcheck:check", args=[self.pk])

    @property
    def is_submitted(self):
        return self.status == self.Status.SUBMITTED

    @property
    def is_late(self):
        """Submitted after the due day, or not yet submitted and the day is over."""
        return (self.submitted_on or clock.today()) > self.due_on

    @property
    def standing(self):
        """How it stands today: (kind of tag, words). A row of `with_duty` that is not asked says so."""
        if not getattr(self, "is_asked", True):
            return "void", "不计入"
        if self.is_submitted:
            return "done", "逾期提交" if self.is_late else "按时提交"
        return ("refused", "逾期未交") if self.is_late else ("open", "未提交")

    @property
    def waits_for_reading(self):
        return self.proxy_reason != "" and self.read_at is None


class Answer(models.Model):
    """What a home says to one item. A 不符合 becomes a hazard when the check is submitted, or names one already open."""

    class Kind(models.TextChoices):
        MET = "met", "符合"
        NOT_MET = "not_met", "不符合"
        NA = "na", "不涉及"

    self_check = models.ForeignKey(SelfCheck, models.CASCADE, related_name="answers")
    item = models.ForeignKey(CheckItem, models.PROTECT, related_name="+")
    answer = models.CharField(max_length=8, choices=Kind)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(default=clock.now)
    # For 不符合: what the hazard will say. Limits are the hazard's own.
    found_on = models.DateField(null=True)
    place = models.CharField("部位", max_length=60, blank=True)
    note = models.CharField("情况", max_length=500, blank=True)
    measure = models.CharField("整改措施", max_length=500, blank=True)
    responsible = models.CharField("责任人", max_length=30, blank=True)
    rectify_by = models.DateField("整改期限", null=True)
    hazard = models.ForeignKey(Hazard, models.PROTECT, null=True, related_name="self_check_answers")
    was_known = models.BooleanField(default=False)  # `hazard` stood in the ledger before: it is not reported again

    class Meta:
        verbose_name = "自查答案"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["self_check", "item"], name="answer_one_an_item"),
            models.CheckConstraint(
                name="answer_only_not_met_says_more",
                condition=Q(answer="not_met", found_on__isnull=False)
                | Q(~Q(answer="not_met"), hazard__isnull=True, found_on__isnull=True, note=""),
            ),
            models.CheckConstraint(
                name="answer_known_means_hazard", condition=Q(was_known=False) | Q(hazard__isnull=False)
            ),
        ]

    def __str__(self):
        return f"{self.item_id} {self.get_answer_display()}"

    @property
    def is_not_met(self):
        return self.answer == self.Kind.NOT_MET


class AnswerPhoto(models.Model):
    """A picture taken beside an item that is not met. The hazard made of it gets the same file."""

    answer = models.ForeignKey(Answer, models.CASCADE, related_name="photos")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "自查照片"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["answer", "file"], name="answer_photo_once")]
