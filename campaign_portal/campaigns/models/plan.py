"""The plan of a campaign: what is to be done, by whom, by when."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from campaign_portal import clock
from campaign_portal.accounts.access import Role
from campaign_portal.accounts.models import Office

from ..groups import every_township_in
from .campaigns import Campaign, Phase
from .kept import SentOnce, Versioned
from .sourced import Sourced


class TaskQuerySet(models.QuerySet):
    def to_be_done(self):
        """Tasks somebody has to do; the other lines of the tree are its headings."""
        return self.filter(is_work=True)

    def of_nobody(self):
        """Tasks somebody has to do, for which nobody answers."""
        answers = TaskUnit.objects.filter(task=OuterRef("pk"), part=TaskUnit.Part.RESPONSIBLE)
        return self.to_be_done().filter(~Exists(answers))


class Task(Sourced, Versioned, SentOnce):
    """A line of the plan's tree. Headings hold it together; `is_work` marks what somebody has to do."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="tasks")
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="children")
    order = models.PositiveIntegerField()
    number = models.CharField("序号", max_length=20, blank=True)
    title = models.CharField("任务", max_length=120)
    content = models.TextField("内容", blank=True, max_length=5000)
    deliverable = models.CharField("成果", max_length=200, blank=True)
    is_work = models.BooleanField("需要落实", default=True)
    done_on = models.DateField("办结日期", null=True, blank=True, editable=False)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = "任务"
        ordering = ["order", "pk"]
        indexes = [models.Index(fields=["campaign", "order"], name="task_in_order")]
        constraints = [models.UniqueConstraint(fields=["campaign", "sent_key"], name="task_sent_once")]

    def __str__(self):
        return f"{self.number}{self.title}"


class TaskUnit(models.Model):
    """Who answers for a task, who works along, who watches over it."""

    class Part(models.TextChoices):
        RESPONSIBLE = "responsible", "责任"
        JOINT = "joint", "配合"
        SUPERVISING = "supervising", "督导"

    task = models.ForeignKey(Task, models.CASCADE, related_name="units")
    part = models.CharField("分工", max_length=12, choices=Part)
    office = models.ForeignKey(
        Office, models.PROTECT, null=True, blank=True, related_name="task_parts", verbose_name="账号单位"
    )
    name = models.CharField("单位", max_length=80)

    class Meta:
        verbose_name = "任务分工"
        ordering = ["part", "pk"]
        constraints = [models.UniqueConstraint(fields=["task", "part", "name"], name="task_unit_once_a_part")]

    def __str__(self):
        return self.name


class MilestoneQuerySet(models.QuerySet):
    def asked_of(self, office, *, parts):
        """Those that an office has to keep: of tasks in which it has one of these parts, unless they name another unit of the
        task; for a township also those of 各乡镇, whoever answers for the task."""
        mine = TaskUnit.objects.filter(task=OuterRef("task"), office=office, part__in=parts)
        return self.filter(_every_township(office) | Q(Exists(mine))).not_of_others(office)

    def not_of_others(self, office):
        """Without those that name another unit of their task."""
        others = TaskUnit.objects.filter(task=OuterRef("task")).exclude(office=office)
        named = Q(name=OuterRef("who")) | Q(office__name=OuterRef("who")) | Q(office__short_name=OuterRef("who"))
        return self.filter(_every_township(office) | ~Exists(others.filter(named)))

    def of_nobody(self, *, lead):
        """Those of the campaigns of a lead for which no office answers."""
        return self.filter(~every_township_in("who"), ~Exists(_answering()), campaign__lead=lead)

    def with_answer(self):
        """Each with `is_answered_for`: whether an office answers for its task."""
        return self.annotate(is_answered_for=Exists(_answering()))

    def of_every_township(self, office):
        """Those of 各乡镇, if the office is a township."""
        return self.filter(_every_township(office))


def _answering():
    return TaskUnit.objects.filter(task=OuterRef("task"), part=TaskUnit.Part.RESPONSIBLE, office__isnull=False)


def _every_township(office):
    """A filter on milestones: those that every township has to keep; none for an office of another kind."""
    return every_township_in("who") if office.kind == Role.TOWNSHIP else Q(pk__in=())


class Milestone(Sourced, Versioned, SentOnce):
    """A day by which something has to be done. One of a series (每季度 …) is a row of its own."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="milestones")
    task = models.ForeignKey(
        Task, models.SET_NULL, null=True, blank=True, related_name="milestones", verbose_name="任务"
    )
    name = models.CharField("节点", max_length=120)
    starts_on = models.DateField("开始日期", null=True, blank=True)
    due_on = models.DateField("完成时限")
    who = models.CharField("责任单位", max_length=80, blank=True)
    recurrence = models.CharField("周期", max_length=12, blank=True, editable=False)
    done_on = models.DateField("完成日期", null=True, blank=True, editable=False)
    done_note = models.CharField("完成情况", max_length=300, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        verbose_name = "时间节点"
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["campaign", "due_on"], name="milestone_by_due_date")]
        constraints = [
            models.CheckConstraint(
                name="milestone_ends_after_start",
                condition=Q(starts_on__isnull=True) | Q(due_on__gte=F("starts_on")),
                violation_error_message="完成时限不能早于开始日期。",
            ),
            models.UniqueConstraint(fields=["campaign", "sent_key"], name="milestone_sent_once"),
            models.CheckConstraint(
                name="milestone_done_means_who_and_when",
                condition=Q(done_on__isnull=True, done_by__isnull=True)
                | Q(done_on__isnull=False, done_by__isnull=False),
            ),
        ]

    def __str__(self):
        return self.name

    def is_late(self, *, on):
        return self.done_on is None and self.due_on < on


class DateChange(models.Model):
    """What the dates of a phase or a milestone were before somebody moved them, why, and who. Never changed."""

    phase = models.ForeignKey(Phase, models.CASCADE, null=True, related_name="date_changes")
    milestone = models.ForeignKey(Milestone, models.CASCADE, null=True, related_name="date_changes")
    was_from = models.DateField("原开始日期", null=True)
    was_until = models.DateField("原截止日期")
    reason = models.CharField("调整原因", max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "日期调整"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="date_change_of_one_thing",
                condition=Q(phase__isnull=False, milestone__isnull=True)
                | Q(phase__isnull=True, milestone__isnull=False),
            ),
            models.CheckConstraint(
                name="date_change_has_a_reason",
                condition=~Q(reason=""),
                violation_error_message="请写明调整原因。",
            ),
        ]
