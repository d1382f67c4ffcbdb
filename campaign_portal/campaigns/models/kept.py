from django.db import models


class Versioned(models.Model):
    """A row that people keep by forms. `version` grows with every change, so that of two who change it the later is told."""

    version = models.PositiveIntegerField(default=0, db_default=0, editable=False)

    class Meta:
        abstract = True


class SentOnce(models.Model):
    """A row that a form makes. The form carries a key of its own, so that sent twice it is still one row."""

    sent_key = models.UUIDField(null=True, editable=False)

    class Meta:
        abstract = True
