"""What people get: messages in the inbox, their deliveries by other channels, and each attempt to deliver."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from campaign_portal import clock
from campaign_portal.accounts.models import Office


class MessageQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A message is read by who got it."""
        return self.filter(user=user)

    def unread(self):
        return self.filter(read_at__isnull=True)


class Message(models.Model):
    """What one person (or an office's group chat) is told at once. `key` says what it is, so that it is made only once.

    `lines` are dicts of plain words: {"kind", "title", "note", "url", "due_on" (ISO or ""), "action", "is_major"}. `url` is a
    path in the portal. A message of a user stands in his inbox; one for a person without an account goes by phone; one
    without either is an office's, for its group robots. No resident's name, and in an office's message no person's.
    """

    class Kind(models.TextChoices):
        DIGEST = "digest", "每日提醒"
        URGENT = "urgent", "紧急提醒"
        DEPUTY = "deputy", "代管提醒"
        CIRCULAR = "circular", "通报"
        NUDGE = "nudge", "催办"
        SYSTEM = "system", "系统通知"

    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField("类别", max_length=10, choices=Kind)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="messages")
    office = models.ForeignKey(
        Office, models.PROTECT, related_name="+"
    )  # the user's; who reaches the person; whose group
    name = models.CharField(max_length=30, blank=True)  # of a person without an account
    phone = models.CharField(max_length=20, blank=True)
    title = models.CharField("标题", max_length=120)
    text = models.TextField("内容", blank=True)
    lines = models.JSONField(default=list)
    url = models.CharField(max_length=300, blank=True)
    is_urgent = models.BooleanField(default=False)
    made_at = models.DateTimeField("时间", default=clock.now)
    read_at = models.DateTimeField("阅读时间", null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = "消息"
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["user", "-id"], condition=Q(user__isnull=False), name="message_of_user"),
            models.Index(fields=["user"], condition=Q(user__isnull=False, read_at__isnull=True), name="message_unread"),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("reminders:message", args=[self.pk])


class Robot(models.Model):
    """A group robot of an office's chat group: WeCom (企业微信) or DingTalk (钉钉). Its address is a secret."""

    class Kind(models.TextChoices):
        WECOM = "wecom", "企业微信群机器人"
        DINGTALK = "dingtalk", "钉钉群机器人"

    office = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name="单位")
    kind = models.CharField("类别", max_length=10, choices=Kind)
    name = models.CharField("群名称", max_length=40)
    url = models.CharField("机器人地址", max_length=300)
    secret = models.CharField("加签密钥", max_length=120, blank=True)  # DingTalk signs by it
    is_on = models.BooleanField("启用", default=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = "群机器人"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["office", "name"],
                name="robot_name_unique_in_office",
                violation_error_message="本单位已有同名的群机器人。",
            ),
            models.UniqueConstraint(  # its limit of messages a minute is counted by row
                fields=["url"], name="robot_url_unique", violation_error_message="这个机器人地址已经登记过。"
            ),
        ]

    def __str__(self):
        return self.name


class DeliveryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What the user's own office and those below it were sent, or sent."""
        own = user.office_id
        below = Q(message__office__parent=own) | Q(message__office__parent__parent=own)
        return self.filter(Q(message__office=own) | below)


class Delivery(models.Model):
    """One message by one channel to one address."""

    class Channel(models.TextChoices):
        EMAIL = "email", "电子邮件"
        SMS = "sms", "短信"
        ROBOT = "robot", "群机器人"
        CALL = "call", "电话通知"  # by a person of the office, who says here that it was done

    class Status(models.TextChoices):
        WAITING = "waiting", "待发送"
        SENT = "sent", "已送达"
        DEAD = "dead", "发送失败"
        DROPPED = "dropped", "不再发送"

    message = models.ForeignKey(Message, models.CASCADE, related_name="deliveries")
    channel = models.CharField("渠道", max_length=10, choices=Channel)
    address = models.CharField("地址", max_length=254)  # e-mail, phone number, or the robot's name
    robot = models.ForeignKey(Robot, models.PROTECT, null=True, related_name="+")
    status = models.CharField("状态", max_length=10, choices=Status, default=Status.WAITING)
    tries = models.PositiveSmallIntegerField("次数", default=0)
    next_at = models.DateTimeField("下次发送", default=clock.now)
    handed_at = models.DateTimeField(null=True, editable=False)  # when the worker was given it, until it takes it
    ended_at = models.DateTimeField("结束时间", null=True)
    note = models.CharField("说明", max_length=300, blank=True)  # why it failed; of a call, what was said
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")  # of a call

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = "发送"
        ordering = ["pk"]
        indexes = [models.Index(fields=["next_at"], condition=Q(status="waiting"), name="delivery_to_send")]
        constraints = [
            models.UniqueConstraint(fields=["message", "channel", "address"], name="delivery_once"),
            models.CheckConstraint(
                name="delivery_ended_means_when",
                condition=Q(status="waiting", ended_at__isnull=True) | ~Q(status="waiting") & Q(ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="delivery_robot_named", condition=Q(channel="robot", robot__isnull=False) | ~Q(channel="robot")
            ),
        ]

    def __str__(self):
        return f"{self.get_channel_display()} {self.address}"

    @property
    def state(self):
        """Its state in words: a call is made, not sent."""
        calls = {self.Status.WAITING: "待打电话", self.Status.SENT: "已打电话"}
        label = self.get_status_display()
        return calls.get(self.status, label) if self.channel == self.Channel.CALL else label

    @property
    def tag(self):
        """The look of its state on a page."""
        return {self.Status.WAITING: "due", self.Status.SENT: "done", self.Status.DEAD: "failed"}.get(
            self.status, "void"
        )


class Attempt(models.Model):
    """One call of a channel: committed before it, answered after it. One without an answer may have arrived."""

    class Outcome(models.TextChoices):
        OPEN = "", "没有回音"
        OK = "ok", "已送达"
        REFUSED = "refused", "被拒绝"
        FAILED = "failed", "没有送出"

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    is_repeat = models.BooleanField("可能重复", default=False)
    begun_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True, default=Outcome.OPEN)
    answer = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = "发送记录"
        ordering = ["pk"]
        indexes = [models.Index(fields=["begun_at"], name="attempt_by_time")]
        constraints = [
            models.UniqueConstraint(fields=["delivery", "number"], name="attempt_number_unique"),
            models.CheckConstraint(
                name="attempt_answered_means_when",
                condition=Q(outcome="", ended_at__isnull=True) | ~Q(outcome="") & Q(ended_at__isnull=False),
            ),
        ]
