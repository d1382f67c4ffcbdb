"""What campaigns ask of whom by when: returns to correct and to decide, milestones that come near."""

from datetime import timedelta

from django.db.models import Exists, OuterRef
from django.urls import reverse

from campaign_portal.deadlines.registry import Duty, Kind, day_of, register

from . import submission_deadlines
from .edges import LEADERS
from .models import Campaign, Milestone, Progress, TaskUnit
from .progress import REPORTERS, not_yet
from .services import specials_at_hand

DAYS_TO_CORRECT = DAYS_TO_DECIDE = 3
DAYS_AHEAD = 15
REPORTED = [TaskUnit.Part.RESPONSIBLE, TaskUnit.Part.JOINT]  # parts whose offices send returns
RUNNING = Campaign.Status.RUNNING


def _campaigns(user):
    return reverse("campaigns:campaigns")


def _page(progress):
    return reverse("campaigns:return", args=[progress.task.campaign_id, progress.pk])


def _running(user):
    return [campaign for campaign in specials_at_hand(user) if campaign.status == RUNNING]


def _of_running(user, status, **columns):
    rows = Progress.objects.filter(status=status, task__campaign__in=_running(user), **columns)
    return rows.select_related("task__campaign", "office")


def _correct_rows(user, today):
    return _of_running(user, Progress.Status.RETURNED, office=user.office).order_by("decided_at", "pk")


def _correct_duty(progress):
    due_on = day_of(progress.decided_at) + timedelta(days=DAYS_TO_CORRECT)
    note = f"{progress.task.campaign} · 退回意见：{progress.comment[:60]}"
    return Duty(f"修改进展 {progress.task.title[:40]}", note, _page(progress), due_on, "修改重报")


register(
    Kind(
        code="progress_correct",
        label="修改退回的进展",
        roles=REPORTERS,
        rows=_correct_rows,
        duty=_correct_duty,
        url=_campaigns,
    )
)


def _decide_rows(user, today):
    led = [campaign for campaign in _running(user) if campaign.lead_id == user.office_id]
    rows = _of_running(user, Progress.Status.SUBMITTED).filter(task__campaign__in=led)
    return rows.exclude(submitted_by=user).exclude(written_by=user).order_by("submitted_at", "pk")


def _decide_duty(progress):
    due_on = day_of(progress.submitted_at) + timedelta(days=DAYS_TO_DECIDE)
    note = f"{progress.task.campaign} · {day_of(progress.submitted_at):%m-%d} 报送"
    title = f"审核 {progress.office.short_name} {progress.task.title[:40]}"
    return Duty(title, f"{note}{' · 有问题需要协调' if progress.problem else ''}", _page(progress), due_on, "审核")


register(
    Kind(
        code="progress_decide",
        label="审核进展报送",
        roles=LEADERS,
        rows=_decide_rows,
        duty=_decide_duty,
        url=_campaigns,
    )
)


def _milestone_rows(user, today):
    """Those near or past on tasks for which the office answers, those of 各乡镇 if it is one, and for the lead those for which
    no office answers."""
    rows = Milestone.objects.filter(done_on__isnull=True, campaign__in=_running(user))
    near = rows.filter(due_on__lte=today + timedelta(days=DAYS_AHEAD))
    asked = near.asked_of(user.office, parts=[TaskUnit.Part.RESPONSIBLE]) | near.of_nobody(lead=user.office)
    told = TaskUnit.objects.filter(task=OuterRef("task"), office=user.office, part__in=REPORTED)
    asked = asked.with_answer().annotate(is_reported=Exists(told))
    return asked.select_related("task", "campaign").order_by("due_on", "pk")


def _task(task):
    return reverse("campaigns:task", args=[task.campaign_id, task.pk])


def _milestone_duty(milestone):
    work = f"{reverse('campaigns:work', args=[milestone.campaign_id])}#task-{milestone.task_id}"
    url = work if milestone.is_answered_for or not milestone.task else _task(milestone.task)
    note = f"{milestone.campaign} · {milestone.task.title[:40]}" if milestone.task else str(milestone.campaign)
    may_report = milestone.is_reported and not not_yet(milestone.campaign)
    return Duty(milestone.name[:60], note, url, milestone.due_on, "报送进展" if may_report else "看任务")


register(
    Kind(
        code="milestone",
        label="任务节点",
        roles=REPORTERS,
        rows=_milestone_rows,
        duty=_milestone_duty,
        url=_campaigns,
    )
)

submission_deadlines.register()
