from django.conf import settings
from django.db import models
from django.db.models import Q

from campaign_portal import clock
from campaign_portal.accounts.models import Office
from campaign_portal.files.models import StoredFile


class BatchQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What the user's own office has uploaded."""
        return self.filter(office=user.office)


class Batch(models.Model):
    """One uploaded sheet: what it is, who confirmed it, and what is needed to take it back as one."""

    class Kind(models.TextChoices):
        IMPORT = "import", "导入"
        ROUND_TRIP = "round_trip", "改后传回"

    class Status(models.TextChoices):
        UPLOADED = "uploaded", "待确认"
        APPLIED = "applied", "已写入"
        UNDONE = "undone", "已撤销"
        DROPPED = "dropped", "已放弃"

    kind = models.CharField(max_length=12, choices=Kind)
    sheet = models.CharField(max_length=20)  # code of a registered Sheet
    status = models.CharField("状态", max_length=10, choices=Status, default=Status.UPLOADED)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="文件")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name="单位")
    options = models.JSONField(default=dict)  # what the user chose: how columns were matched, which cells to take
    counts = models.JSONField(default=dict)  # outcome in numbers, for the list of batches
    report = models.JSONField(default=dict)  # what the last look at the file found, as the preview shows it
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人")
    uploaded_at = models.DateTimeField("上传时间", default=clock.now)
    applied_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    applied_at = models.DateTimeField("写入时间", null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField("撤销时间", null=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = "表格"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["office", "-id"], name="batch_of_office")]
        constraints = [
            models.CheckConstraint(
                name="batch_applied_means_who_and_when",
                condition=Q(status__in=["uploaded", "dropped"], applied_at__isnull=True, applied_by__isnull=True)
                | Q(status__in=["applied", "undone"], applied_at__isnull=False, applied_by__isnull=False),
            ),
            models.CheckConstraint(
                name="batch_undone_means_who_and_when",
                condition=Q(status="undone", undone_at__isnull=False, undone_by__isnull=False)
                | ~Q(status="undone") & Q(undone_at__isnull=True, undone_by__isnull=True),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.file}"


class BatchRow(models.Model):
    """One row that a batch wrote: which, the version it left behind, and what stood there before (None: nothing)."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="rows")
    target_pk = models.BigIntegerField()
    version = models.PositiveIntegerField(default=1)
    before = models.JSONField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "target_pk"], name="batch_row_unique")]


class BatchLine(models.Model):
    """One row of a sheet that came back and says something else than what was downloaded: what it says, what the user
    made of it, what became of it."""

    class Outcome(models.TextChoices):
        WAITING = "", "待确认"
        WRITTEN = "written", "已写入"
        REFUSED = "refused", "未写入"
        LEFT_OUT = "left_out", "未选"

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField()  # row in the sheet, as WPS counts
    target_pk = models.BigIntegerField(null=True)  # None: a row that was added, or that is not ours
    version = models.PositiveIntegerField(default=0)  # of the row when it was downloaded
    seen = models.PositiveIntegerField(default=0)  # of the row when it was last shown beside these cells
    cells = models.JSONField(default=dict)  # {column name: [text downloaded, text now]}
    problems = models.JSONField(default=list)  # sentences about cells that are left out
    choice = models.JSONField(default=dict)  # {column name: taken?} where the user said so; "" stands for the whole row
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.WAITING, blank=True)
    sentence = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="batch_line_unique")]

    def __str__(self):
        return f"{self.batch} 第 {self.number} 行"

    @property
    def is_new(self):
        return self.target_pk is None and bool(self.cells)
