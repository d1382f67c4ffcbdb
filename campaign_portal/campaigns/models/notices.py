"""A notice as it came in, and the draft that was read out of it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from campaign_portal import clock
from campaign_portal.accounts.models import Office
from campaign_portal.files.models import StoredFile

from .campaigns import Campaign
from .kept import SentOnce


class NoticeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Notices that the user's office has taken in, and those of campaigns that it sees."""
        shown = Campaign.objects.visible_to(user).filter(notice__isnull=False).values("notice")
        return self.filter(Q(office=user.office_id) | Q(pk__in=shown))


class Notice(SentOnce):
    """An official notice: its text as read, the file it came in, and what the rules made of it.

    `text` is never changed after reading: every item's offsets point into it. `header` holds what a person confirmed of
    the head (title, numbers, dates), `reading` what the rules gave (NoticeReading.as_json()).
    """

    office = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name="录入单位")
    title = models.CharField("标题", max_length=200)
    text = models.TextField("正文", editable=False)
    simplified = models.TextField(editable=False, default="")  # of the same length; "" where it is the same
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+", editable=False)
    header = models.JSONField(default=dict, editable=False)
    reading = models.JSONField(default=dict, editable=False)
    read_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    read_at = models.DateTimeField("录入时间", default=clock.now, editable=False)
    dropped_at = models.DateTimeField(null=True, editable=False)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "通知"
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["office", "sent_key"], name="notice_sent_once")]

    def __str__(self):
        return self.title

    @property
    def shown(self):
        """The text in simplified characters, of the same length."""
        return self.simplified or self.text


class DraftItem(SentOnce):
    """One thing that a notice seems to say, until a person has decided about it."""

    class Kind(models.TextChoices):
        PHASE = "phase", "阶段"
        TASK = "task", "任务"
        DEADLINE = "deadline", "时间节点"
        TARGET = "target", "指标"
        UNIT = "unit", "单位分工"

    class Decision(models.TextChoices):
        PENDING = "pending", "待确认"
        ACCEPTED = "accepted", "采用"
        DROPPED = "dropped", "不采用"

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="items")
    kind = models.CharField(max_length=10, choices=Kind)
    order = models.PositiveIntegerField()
    parent = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="children")
    decision = models.CharField("处理", max_length=10, choices=Decision, default=Decision.PENDING)
    is_added = models.BooleanField("人工添加", default=False)
    data = models.JSONField(default=dict)
    original = models.JSONField(null=True)  # what the rules had read, once a person has changed it
    start = models.PositiveIntegerField(null=True)
    end = models.PositiveIntegerField(null=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "草案条目"
        ordering = ["kind", "order", "pk"]
        indexes = [models.Index(fields=["notice", "kind", "order"], name="draft_item_in_order")]
        constraints = [
            models.UniqueConstraint(fields=["notice", "sent_key"], name="draft_item_sent_once"),
            models.CheckConstraint(
                name="draft_item_phrase_has_both_ends",
                condition=Q(start__isnull=True, end__isnull=True) | Q(start__isnull=False, end__gt=F("start")),
            ),
        ]

    def __str__(self):
        return self.words

    @property
    def follows(self):
        """Whether it is a heading that nobody has decided about: it goes with what hangs below it."""
        is_heading = self.kind == self.Kind.TASK and not self.data["is_work"]
        return is_heading and self.decision == self.Decision.ACCEPTED and self.version == 0 and not self.is_added

    @property
    def is_changed(self):
        return self.original is not None

    @property
    def level(self):
        """The level of a task's heading, 1 to 4; 0 for the other kinds."""
        return self.data.get("level", 0)

    @property
    def words(self):
        """What it says, for a list."""
        return self.data.get("title") or self.data.get("name", "")

    @property
    def was(self):
        """What the rules had read before a person changed it, in a few words."""
        said = self.original or {}
        words = [said.get(name, "") for name in ("name", "title", "starts_on", "due_on", "ends_on", "value", "unit")]
        return " ".join(word for word in words if word)
