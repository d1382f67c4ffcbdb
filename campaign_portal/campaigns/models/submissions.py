"""The summary that goes up at the end: who has to write it by when, what each office wrote, what it was when handed in."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from campaign_portal import clock
from campaign_portal.accounts.models import Office
from campaign_portal.files.models import StoredFile

from .campaigns import Campaign

FIRST_YEAR, LAST_YEAR = 2000, 2099
MOST_YEARS = 10
YEAR = [MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)]


class SummaryRoundQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those that the user's office ordered, has to write for, or gets the summary of."""
        of_submissions = Submission.objects.visible_to(user).values("round")
        return self.filter(Q(office=user.office_id) | Q(pk__in=of_submissions))


class SummaryRound(models.Model):
    """What the lead office of a campaign asks for: summaries from the offices below it, then its own to the office above.

    `office` is the lead. The earlier years of the review end with `last_year`, the year of the campaign itself.
    """

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="summary_rounds", verbose_name="专项行动")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name="布置单位", editable=False)
    title = models.CharField("名称", max_length=80)
    figures_on = models.DateField("数据截至", help_text="到这一天以后，各单位的数据都按这一天日终统计；之前按当天。")
    due_on = models.DateField("下级报送截止", help_text="各乡镇（街道）报到本单位的最后一天。")
    own_due_on = models.DateField("本级上报截止", help_text="本单位报到上级的最后一天。")
    first_year = models.PositiveSmallIntegerField("回顾自（年）", validators=YEAR)
    last_year = models.PositiveSmallIntegerField("回顾至（年）", validators=YEAR, help_text="行动所在的年份。")
    receiver_name = models.CharField("上报到", max_length=80, help_text="收取本级总结的单位，如 郴州市民政局。")
    metrics = models.JSONField("填入的数据", default=list)
    ordered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    ordered_at = models.DateTimeField("布置时间", default=clock.now, editable=False)

    objects = SummaryRoundQuerySet.as_manager()

    class Meta:
        verbose_name = "总结报送"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "title"],
                name="summary_round_title_unique",
                violation_error_message="这个行动已有同名的总结报送，请换一个名称。",
            ),
            models.CheckConstraint(
                name="summary_round_own_after_theirs",
                condition=Q(own_due_on__gte=F("due_on")),
                violation_error_message="本级上报的截止日期不能早于下级报送的截止日期。",
            ),
            models.CheckConstraint(
                name="summary_round_years_in_order",
                condition=Q(last_year__gte=F("first_year"), last_year__lt=F("first_year") + MOST_YEARS),
                violation_error_message=f"回顾的年份要从早到晚，最多 {MOST_YEARS} 年。",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("campaigns:summary-round", args=[self.pk])

    @property
    def years(self):
        return list(range(self.first_year, self.last_year + 1))


class SummaryPart(models.Model):
    """One of the four parts that every summary of a round has. The first one carries the figures."""

    round = models.ForeignKey(SummaryRound, models.CASCADE, related_name="parts")
    order = models.PositiveSmallIntegerField()
    title = models.CharField("标题", max_length=40)
    guidance = models.TextField("写作提示", blank=True, max_length=500)

    class Meta:
        verbose_name = "总结的部分"
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["round", "order"], name="summary_part_order_unique")]

    def __str__(self):
        return self.title

    @property
    def has_figures(self):
        return self.order == 1


class SubmissionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The own office's, and what has been handed in to it."""
        return self.filter(Q(office=user.office_id) | Q(receiver=user.office_id, handed_in_on__isnull=False))

    def counted(self):
        """Those that stand as handed in: not the ones that are being mended."""
        return self.filter(status__in=Submission.HANDED_IN)

    def locked(self, pk):
        row = self.select_for_update(of=("self",), no_key=True).get(pk=pk)
        row.round = SummaryRound.objects.select_related("campaign", "office").get(pk=row.round_id)
        return row


class Submission(models.Model):
    """An office's summary for a round. The lead has one too: `receiver` is then the office above it, or None where that
    has no account here and the dispatch on paper is noted by hand.

    `draft_number` is the newest draft, `sent_number` the one last handed in: others than the office itself read that one,
    with the evidence `sent_files`.
    `figures` is what was counted when it was handed in; it never changes afterwards, unless it is handed in again.
    """

    class Status(models.TextChoices):
        DUE = "due", "待报送"
        SUBMITTED = "submitted", "已报送"
        RETURNED = "returned", "退回修改"
        ACCEPTED = "accepted", "已采用"

    HANDED_IN = (Status.SUBMITTED, Status.ACCEPTED)  # one that was sent back is not, until it comes again

    round = models.ForeignKey(SummaryRound, models.CASCADE, related_name="submissions")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name="报送单位")
    receiver = models.ForeignKey(Office, models.PROTECT, null=True, related_name="+", verbose_name="收取单位")
    due_on = models.DateField("报送截止")
    status = models.CharField("状态", max_length=10, choices=Status, default=Status.DUE)
    draft_number = models.PositiveIntegerField(default=0, editable=False)
    sent_number = models.PositiveIntegerField(null=True, editable=False)
    sent_files = models.JSONField(null=True, editable=False)  # pks of its SubmissionFiles when it was handed in
    reasons = models.JSONField(default=dict, editable=False)  # {a figure's code: why it differs from the sum below}
    figures = models.JSONField(null=True, editable=False)
    handed_in_on = models.DateField("首次报送日期", null=True, editable=False)
    submitted_at = models.DateTimeField("报送时间", null=True, editable=False)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="报送人", editable=False
    )
    comment = models.TextField("总的意见", blank=True, max_length=1000)
    decided_at = models.DateTimeField("审核时间", null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="审核人", editable=False
    )
    dispatch_number = models.CharField("发文字号", max_length=40, blank=True)
    dispatched_on = models.DateField("上报日期", null=True, blank=True)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = "总结"
        ordering = ["office__area__code", "pk"]
        indexes = [
            models.Index(fields=["office", "status", "due_on"], name="submission_of_office"),
            models.Index(fields=["receiver", "status"], name="submission_to_decide"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["round", "office"], name="submission_once_an_office"),
            models.CheckConstraint(
                name="submission_handed_in_means_who_when_what",
                condition=Q(status="due", handed_in_on__isnull=True)
                | ~Q(status="due")
                & Q(
                    handed_in_on__isnull=False,
                    submitted_at__isnull=False,
                    submitted_by__isnull=False,
                    sent_number__isnull=False,
                    figures__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="submission_decided_means_who_and_when",
                condition=Q(status__in=["returned", "accepted"], decided_at__isnull=False, decided_by__isnull=False)
                | Q(status__in=["due", "submitted"]),
            ),
        ]

    def __str__(self):
        return f"{self.office}：{self.round}"

    def get_absolute_url(self):
        return reverse("campaigns:submission", args=[self.pk])

    def get_status_display(self):
        """The lead's own, sent up on paper, was accepted by nobody here."""
        return "已上报" if self.dispatched_on else self.Status(self.status).label

    @property
    def sent_on(self):
        """The day on which it was last handed in."""
        return self.submitted_at and timezone.localtime(self.submitted_at).date()

    @property
    def is_own(self):
        """The lead's own, assembled from the others."""
        return self.office_id == self.round.office_id

    @property
    def is_open(self):
        """Whether its office still writes."""
        return not self.is_handed_in

    @property
    def is_handed_in(self):
        """What `counted` asks of many."""
        return self.status in self.HANDED_IN

    def days_late(self, *, on):
        """By how many days it was handed in late, or is late by now; 0 for none."""
        return max(0, ((self.handed_in_on or on) - self.due_on).days)


class SubmissionPart(models.Model):
    """The text of one part as it stands now, and what the receiver said about it."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="parts")
    part = models.ForeignKey(SummaryPart, models.CASCADE, related_name="+")
    text = models.TextField("正文", blank=True)
    comment = models.TextField("修改意见", blank=True, max_length=1000)

    class Meta:
        verbose_name = "总结的一部分"
        ordering = ["part__order"]
        constraints = [models.UniqueConstraint(fields=["submission", "part"], name="submission_part_once")]


class SubmissionDraft(models.Model):
    """What a summary said after one save. Numbered from 1, never changed.

    `content` has the text of each part by its order ("1" … "4") and the reasons of differences by "reason:<code>".
    """

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="drafts")
    number = models.PositiveIntegerField("稿次")
    content = models.JSONField(default=dict)
    note = models.CharField("说明", max_length=60, blank=True)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "草稿"
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["submission", "number"], name="draft_number_unique")]

    def __str__(self):
        return f"第 {self.number} 稿"


class SubmissionFile(models.Model):
    """A picture or document that shows what a part says. Who sees the summary sees it, others than its office once it has
    been handed in. One that its office took away afterwards (`removed_at`) they read until the next handing in.
    """

    part = models.ForeignKey(SubmissionPart, models.CASCADE, related_name="files")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=clock.now)
    removed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = "总结的佐证材料"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["part", "file"], name="submission_file_once")]


class YearFigureQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The own office's, and for who keeps the figures of a place: those of the offices below it."""
        return self.filter(Q(office=user.office_id) | Q(office__parent=user.office_id, office__kind="township"))


class YearFigure(models.Model):
    """A figure of an earlier year, from before the portal: typed in or imported, with where it was taken from."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name="单位名称")
    year = models.PositiveSmallIntegerField("年份", validators=YEAR)
    name = models.CharField("指标", max_length=60)
    unit = models.CharField("单位", max_length=12, blank=True)
    value = models.DecimalField("数值", max_digits=14, decimal_places=2)
    source = models.CharField("来源", max_length=120, blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    entered_at = models.DateTimeField(default=clock.now, editable=False)

    objects = YearFigureQuerySet.as_manager()

    class Meta:
        verbose_name = "往年数据"
        ordering = ["name", "unit", "year"]
        constraints = [
            models.UniqueConstraint(fields=["office", "name", "unit", "year"], name="year_figure_once"),
            models.CheckConstraint(
                name="year_figure_not_negative", condition=Q(value__gte=0), violation_error_message="数值不能小于 0。"
            ),
        ]

    def __str__(self):
        return f"{self.office} {self.year}年 {self.name}"
