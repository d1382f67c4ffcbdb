from django.db import models


class Sourced(models.Model):
    """What was read out of a notice: the exact phrase, and where it stands in Notice.text (characters from 0)."""

    source = models.CharField("原文", max_length=300, blank=True, default="", editable=False)
    source_start = models.PositiveIntegerField(null=True, editable=False)
    source_end = models.PositiveIntegerField(null=True, editable=False)

    class Meta:
        abstract = True
