"""Photos, attachments and comments of a hazard. Each row owns its file: who sees the hazard sees them."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from campaign_portal import clock
from campaign_portal.files.models import StoredFile

from .hazards import Hazard


class Photo(models.Model):
    """A picture of the hazard before or after rectification; an after-picture may name the before it answers."""

    class Stage(models.TextChoices):
        BEFORE = "before", "整改前"
        AFTER = "after", "整改后"

    hazard = models.ForeignKey(Hazard, models.CASCADE, related_name="photos")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    stage = models.CharField(max_length=6, choices=Stage)
    round = models.PositiveSmallIntegerField("整改轮次", default=1)
    answers = models.ForeignKey("self", models.PROTECT, null=True, related_name="answered_by")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "照片"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="photo_only_after_answers", condition=Q(stage="after") | Q(answers__isnull=True)
            )
        ]


class Attachment(models.Model):
    """A document that belongs to a hazard: a contract, a test report, a notice."""

    hazard = models.ForeignKey(Hazard, models.CASCADE, related_name="attachments")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "附件"
        ordering = ["pk"]


class Comment(models.Model):
    """A word between home and officers on a hazard. Never changed or removed."""

    hazard = models.ForeignKey(Hazard, models.CASCADE, related_name="comments")
    text = models.CharField("留言", max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "留言"
        ordering = ["pk"]
