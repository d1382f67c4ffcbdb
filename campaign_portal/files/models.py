from django.conf import settings
from django.core.files.storage import default_storage
from django.db import models

from campaign_portal import clock


class StoredFileQuerySet(models.QuerySet):
    def naming(self, digest):
        """The rows that need these bytes, as the file itself or as its thumbnail."""
        return self.filter(models.Q(sha256=digest) | models.Q(thumbnail_sha256=digest))


class StoredFile(models.Model):
    """Bytes kept by their SHA-256, and what is known about them. Who may read it is decided by the row that owns it.

    Until a row owns it only its uploader may see it; one that nobody owns after a week is swept away.
    """

    class Kind(models.TextChoices):
        PICTURE = "picture", "照片"
        DOCUMENT = "document", "文件"

    kind = models.CharField(max_length=10, choices=Kind)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField("大小（字节）")
    content_type = models.CharField(max_length=100)
    name = models.CharField("文件名", max_length=120)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    taken_at = models.DateTimeField("拍摄时间", null=True)
    thumbnail_sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField("上传时间", default=clock.now, db_index=True)

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        verbose_name = "文件"
        constraints = [
            models.CheckConstraint(
                name="stored_picture_has_size_and_thumbnail",
                condition=~models.Q(kind="picture")
                | models.Q(width__isnull=False, height__isnull=False) & ~models.Q(thumbnail_sha256=""),
            )
        ]

    def __str__(self):
        return self.name

    @property
    def is_picture(self):
        return self.kind == self.Kind.PICTURE

    def open(self, *, thumbnail=False):
        """The stored bytes as an open binary file."""
        return default_storage.open(blob_path(self.thumbnail_sha256 if thumbnail else self.sha256))


def blob_path(sha256):
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"
