from django.conf import settings
from django.db import models
from django.db.models import Q

from campaign_portal import clock
from campaign_portal.accounts.models import Office
from campaign_portal.files.models import StoredFile


class JobQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A job is its starter's own, as long as he works where he started it."""
        return self.filter(owner=user, office=user.office_id)


class Job(models.Model):
    """Long work that somebody asked for: its progress, its result, and a way to stop it."""

    class Status(models.TextChoices):
        QUEUED = "queued", "排队中"
        RUNNING = "running", "进行中"
        DONE = "done", "已完成"
        FAILED = "failed", "未完成"
        CANCELLED = "cancelled", "已取消"

    kind = models.CharField(max_length=60)
    title = models.CharField("名称", max_length=120)
    params = models.JSONField(default=dict)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    status = models.CharField("状态", max_length=10, choices=Status, default=Status.QUEUED)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    message = models.TextField(blank=True)
    result = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField("提交时间", default=clock.now)
    started_at = models.DateTimeField(null=True)
    beat_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = "后台任务"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["owner", "-id"], name="job_of_owner")]
        constraints = [
            models.CheckConstraint(
                name="job_ended_means_when",
                condition=Q(status__in=["done", "failed", "cancelled"], ended_at__isnull=False)
                | Q(status__in=["queued", "running"], ended_at__isnull=True),
            )
        ]

    def __str__(self):
        return self.title

    @property
    def is_over(self):
        return self.ended_at is not None
