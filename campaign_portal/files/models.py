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


class Upload(models.Model):
    """A picture on its way in, piece by piece, under a key that the phone made. Finished when it has become a file.

    The row stays after that, so that a piece which is sent again is answered as before and never becomes a second file.
    """

    key = models.UUIDField(primary_key=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField("文件名", max_length=120)
    size = models.PositiveBigIntegerField("大小（字节）")
    sha256 = models.CharField(max_length=64)
    received = models.PositiveBigIntegerField("已收到（字节）", default=0)
    stored = models.ForeignKey(StoredFile, models.CASCADE, null=True, related_name="+")
    touched_at = models.DateTimeField("最近收到", default=clock.now, db_index=True)

    class Meta:
        verbose_name = "照片上传"
        constraints = [
            models.CheckConstraint(
                name="upload_receives_no_more_than_its_size",
                condition=models.Q(received__lte=models.F("size")),
                violation_error_message="收到的内容超过了照片的大小。",
            ),
            models.CheckConstraint(
                name="upload_is_stored_only_when_whole",
                condition=models.Q(stored__isnull=True) | models.Q(received=models.F("size")),
                violation_error_message="照片还没有收齐。",
            ),
        ]

    def __str__(self):
        return f"{self.name} {self.received}/{self.size}"

    @property
    def is_whole(self):
        return self.received == self.size


class Receipt(models.Model):
    """A form that a phone's outbox has delivered. The same one sent again gets the same answer and does nothing."""

    key = models.UUIDField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    url = models.CharField("结果页面", max_length=300)
    said = models.TextField("办理结果", blank=True)
    at = models.DateTimeField(default=clock.now, db_index=True)

    class Meta:
        verbose_name = "发件回执"
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="receipt_unique")]

    def __str__(self):
        return self.url


def blob_path(sha256):
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"
