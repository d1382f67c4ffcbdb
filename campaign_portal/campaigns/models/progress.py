"""What townships and other offices say about their tasks."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from campaign_portal import clock
from campaign_portal.accounts.models import Office
from campaign_portal.files.models import StoredFile

from .indicators import Indicator
from .plan import Task


class ProgressQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The own office's, and those of campaigns that it leads: only once they have been handed in."""
        led = Q(task__campaign__lead=user.office_id) & ~Q(status=Progress.Status.DRAFT)
        return self.filter(Q(office=user.office_id) | led)

    def counted(self):
        """Those whose figures count."""
        return self.filter(status=Progress.Status.ACCEPTED)

    def for_page(self):
        """All that a page or a step needs of one, without further queries."""
        people = ("written_by", "submitted_by__office", "decided_by__office", "answered_by__office")
        return self.select_related("task__campaign__lead", "office", *people)

    def locked(self, pk):
        """Locked alone and then read: what is joined while waiting for a lock is as it was before the wait."""
        self.select_for_update(of=("self",), no_key=True).get(pk=pk)
        return self.for_page().get(pk=pk)


class Progress(models.Model):
    """An office's return on a task as of a day: text, figures, evidence, and what it needs help with."""

    class Status(models.TextChoices):
        DRAFT = "draft", "未报送"
        SUBMITTED = "submitted", "待审核"
        RETURNED = "returned", "退回修改"
        ACCEPTED = "accepted", "已采纳"

    task = models.ForeignKey(Task, models.CASCADE, related_name="progress")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name="报送单位")
    as_of = models.DateField("截至日期")
    status = models.CharField("状态", max_length=10, choices=Status, default=Status.DRAFT, editable=False)
    text = models.TextField("进展情况", max_length=3000)
    problem = models.TextField("需要协调解决的问题", blank=True, max_length=2000)
    answer = models.TextField("问题答复", blank=True, max_length=2000)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    answered_at = models.DateTimeField("答复时间", null=True, editable=False)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    submitted_at = models.DateTimeField("报送时间", null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    decided_at = models.DateTimeField("审核时间", null=True, editable=False)
    comment = models.CharField("审核意见", max_length=500, blank=True)
    due_on = models.DateField("办理期限", null=True, editable=False)  # to decide about it, or to correct it
    version = models.PositiveIntegerField(default=0, editable=False)
    # What its office has written since it was sent back (rewriting.py). Every column above stays as it was handed in.
    rewrite = models.JSONField(null=True, editable=False)

    objects = ProgressQuerySet.as_manager()

    class Meta:
        verbose_name = "进展报送"
        ordering = ["-as_of", "-pk"]
        indexes = [models.Index(fields=["task", "office", "-as_of"], name="progress_latest")]
        constraints = [
            models.UniqueConstraint(
                fields=["task", "office", "as_of"],
                name="progress_once_a_day",
                violation_error_message="本单位这项任务这一天的进展已有一份，请修改那一份或另选截至日期。",
            ),
            models.CheckConstraint(
                name="progress_submitted_means_who_and_when",
                condition=Q(status="draft") | Q(submitted_by__isnull=False, submitted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="progress_decided_by_another",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("submitted_by")),
                violation_error_message="报送和审核不能是同一人。",
            ),
            models.CheckConstraint(
                name="progress_decided_means_who_and_when",
                condition=Q(status__in=["accepted", "returned"], decided_by__isnull=False, decided_at__isnull=False)
                | Q(status__in=["draft", "submitted"]),
            ),
            models.CheckConstraint(
                name="progress_waits_up_to_a_day",
                condition=Q(status__in=["submitted", "returned"], due_on__isnull=False)
                | Q(status__in=["draft", "accepted"], due_on__isnull=True),
            ),
            models.CheckConstraint(
                name="progress_answer_means_who_and_when",
                condition=Q(answer="", answered_by__isnull=True) | ~Q(answer="") & Q(answered_by__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.office}：{self.task}（截至 {self.as_of}）"


class ProgressFigure(models.Model):
    """A figure in a return: what the office has reached since the campaign began (累计数), not what is new."""

    progress = models.ForeignKey(Progress, models.CASCADE, related_name="figures")
    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="reported")
    value = models.DecimalField("累计完成", max_digits=12, decimal_places=2)
    base = models.DecimalField("其中总数（分母）", max_digits=12, decimal_places=2, null=True, blank=True)

    class Meta:
        verbose_name = "填报数"
        constraints = [
            models.UniqueConstraint(fields=["progress", "indicator"], name="progress_figure_once"),
            models.CheckConstraint(
                name="progress_figure_not_negative",
                condition=Q(value__gte=0),
                violation_error_message="填报数不能小于 0。",
            ),
        ]


class EvidenceQuerySet(models.QuerySet):
    def as_handed_in(self):
        return self.filter(is_new=False)

    def as_written(self):
        return self.filter(is_dropped=False)


class Evidence(models.Model):
    """A picture or document that shows what a return says. Who sees the return sees it, as it was handed in; its office sees
    what it has added (`is_new`) and taken away (`is_dropped`) since it was sent back."""

    progress = models.ForeignKey(Progress, models.CASCADE, related_name="evidence")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=clock.now)
    is_new = models.BooleanField(default=False, db_default=False)
    is_dropped = models.BooleanField(default=False, db_default=False)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = "佐证材料"
        ordering = ["pk"]

    def __str__(self):
        return self.file.name
