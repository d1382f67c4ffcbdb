"""Notices, warnings and circulars that one office sends to many, and what each of them made of it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.urls import reverse

from campaign_portal import clock
from campaign_portal.accounts import access
from campaign_portal.accounts.access import Role
from campaign_portal.accounts.models import AreaColumns, Office
from campaign_portal.files.models import StoredFile


class CircularQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What the office has written; what it has been sent; what bureaus, townships and associations of a bureau's area
        have sent."""
        received = Recipient.objects.filter(office=user.office_id).values("circular")
        return self.filter(self._overseen(user) | Q(pk__in=received))

    def overseen_by(self, user):
        """Those of which the user may see what every recipient made of them: the office's own, and for a bureau those
        sent in its area."""
        return self.filter(self._overseen(user))

    @staticmethod
    def _overseen(user):
        own, scope = Q(office=user.office_id), access.scope_of(user)
        is_bureau = user.office.kind == Role.BUREAU and scope.areas
        return own | Q(status=Circular.Status.SENT) & scope.areas_q() if is_bureau else own

    def sent(self):
        return self.filter(status=Circular.Status.SENT)

    def with_counts(self):
        """Adds `number` of recipients, how many have read and how many have replied."""
        return self.annotate(
            number=Count("recipients"),
            read=Count("recipients", filter=Q(recipients__read_at__isnull=False)),
            replied=Count("recipients", filter=Q(recipients__replied_at__isnull=False)),
        )

    def locked(self, pk):
        return self.select_for_update(of=("self",), no_key=True).get(pk=pk)


class Circular(AreaColumns):
    """A draft until it is sent; from then on its text, files and recipients never change. A mistake is put right by
    another circular that names this one (`corrects`). The area is that of the office that sends it."""

    class Kind(models.TextChoices):
        NOTICE = "notice", "通知"
        WARNING = "warning", "风险提示"
        REPORT = "report", "情况通报"

    class Status(models.TextChoices):
        DRAFT = "draft", "草稿"
        SENT = "sent", "已发出"

    office = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name="发文单位")
    kind = models.CharField("类别", max_length=10, choices=Kind)
    title = models.CharField("标题", max_length=80)
    text = models.TextField("正文", max_length=5000)
    asks_reply = models.BooleanField("要求回复", default=False)
    reply_by = models.DateField("回复期限", null=True, blank=True)
    status = models.CharField("状态", max_length=10, choices=Status, default=Status.DRAFT, editable=False)
    # Whom a draft is meant for, and whom a sent one was chosen by: {"audience", "query", "left_out": [pk of an office]}
    choice = models.JSONField(default=dict, editable=False)
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="corrections", editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    made_at = models.DateTimeField("起草时间", default=clock.now, editable=False)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False)
    sent_at = models.DateTimeField("发出时间", null=True, editable=False)
    due_on = models.DateField("办理期限", null=True, editable=False)  # to reply; without a reply, to read
    version = models.PositiveIntegerField(default=1, editable=False)
    sent_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)  # of the form that made it

    objects = CircularQuerySet.as_manager()

    class Meta:
        verbose_name = "通报"
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["office", "status", "-id"], name="circular_of_office"),
            models.Index(fields=["county_code", "status", "-id"], name="circular_of_county"),
        ]
        constraints = [
            models.CheckConstraint(
                name="circular_sent_means_who_and_when",
                condition=Q(status="draft", sent_by__isnull=True, sent_at__isnull=True, due_on__isnull=True)
                | Q(status="sent", sent_by__isnull=False, sent_at__isnull=False, due_on__isnull=False),
            ),
            models.CheckConstraint(
                name="circular_reply_has_a_day",
                condition=Q(asks_reply=True, reply_by__isnull=False) | Q(asks_reply=False, reply_by__isnull=True),
                violation_error_message="要求回复的请填回复期限；不要求回复的不填。",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("circulars:circular", args=[self.pk])

    @property
    def is_draft(self):
        return self.status == self.Status.DRAFT

    @property
    def paragraphs(self):
        return [line.strip() for line in self.text.splitlines() if line.strip()]

    @property
    def is_urgent(self):
        """A warning does not wait for working hours."""
        return self.kind == self.Kind.WARNING


class RecipientQuerySet(models.QuerySet):
    def waiting(self):
        """Those who have not done what they were asked: reply, or else read."""
        return self.filter(
            Q(circular__asks_reply=True, replied_at__isnull=True) | Q(circular__asks_reply=False, read_at__isnull=True)
        )

    def locked(self, pk):
        rows = self.select_for_update(of=("self",), no_key=True)
        return rows.select_related("circular__office", "office", "read_by").get(pk=pk)


class Recipient(models.Model):
    """An office that has been sent a circular: `label` and `place` are what it was called then. Read means that somebody of
    it has said so, or that the sender has told it by phone (`by_phone`)."""

    class Status(models.TextChoices):
        UNREAD = "unread", "未读"
        READ = "read", "已读"
        REPLIED = "replied", "已回复"

    circular = models.ForeignKey(Circular, models.PROTECT, related_name="recipients")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name="单位")
    label = models.CharField("单位", max_length=80)
    place = models.CharField("乡镇（街道）", max_length=40, blank=True)
    read_at = models.DateTimeField("阅读时间", null=True)
    read_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    by_phone = models.BooleanField("电话告知", default=False)
    reply = models.TextField("回复", max_length=2000, blank=True)
    replied_at = models.DateTimeField("回复时间", null=True)
    replied_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    nudges = models.PositiveSmallIntegerField("催办次数", default=0)
    nudged_at = models.DateTimeField("最近催办", null=True)

    objects = RecipientQuerySet.as_manager()

    class Meta:
        verbose_name = "收文单位"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["circular", "office"], name="recipient_once"),
            models.CheckConstraint(
                name="recipient_read_means_who_and_when",
                condition=Q(read_at__isnull=True, read_by__isnull=True, by_phone=False)
                | Q(read_at__isnull=False, read_by__isnull=False),
            ),
            models.CheckConstraint(
                name="recipient_replied_means_who_when_and_what",
                condition=Q(replied_at__isnull=True, replied_by__isnull=True, reply="")
                | Q(replied_at__isnull=False, replied_by__isnull=False, read_at__isnull=False) & ~Q(reply=""),
            ),
            models.CheckConstraint(
                name="recipient_nudged_means_when",
                condition=Q(nudges=0, nudged_at__isnull=True) | Q(nudges__gt=0, nudged_at__isnull=False),
            ),
        ]

    def __str__(self):
        return self.label

    def get_absolute_url(self):
        return self.circular.get_absolute_url()

    @property
    def status(self):
        if self.replied_at:
            return self.Status.REPLIED
        return self.Status.READ if self.read_at else self.Status.UNREAD

    def get_status_display(self):
        return self.status.label

    @property
    def is_waiting(self):
        """Whether it has not done yet what it was asked. The circular is at hand."""
        return self.replied_at is None if self.circular.asks_reply else self.read_at is None


class CircularFile(models.Model):
    """A file of a circular; with a `recipient`, one that came with its reply."""

    circular = models.ForeignKey(Circular, models.CASCADE, related_name="files")
    recipient = models.ForeignKey(Recipient, models.PROTECT, null=True, related_name="files")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "通报附件"
        ordering = ["pk"]

    def __str__(self):
        return self.file.name
