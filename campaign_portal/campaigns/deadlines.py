"""What campaigns ask of whom by when: returns to correct and to decide, milestones that come near."""

from django.db.models import Exists, OuterRef
from django.urls import reverse

from campaign_portal import clock
from campaign_portal.accounts import access
from campaign_portal.accounts.access import Role
from campaign_portal.accounts.models import Office
from campaign_portal.deadlines.registry import Days, Duty, Entry, Kind, Moved, Post, Rung, day_of, register, stream

from . import counted, submission_deadlines
from .edges import LEADERS
from .groups import means_every_township
from .models import Campaign, DateChange, Milestone, Progress, TaskUnit
from .progress import REPORTERS, not_yet
from .services import specials_at_hand

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
    return _of_running(user, Progress.Status.RETURNED, office=user.office).order_by("due_on", "pk")


def _correct_duty(progress):
    note = f"{progress.task.campaign} · 退回意见：{progress.comment[:60]}"
    return Duty(f"修改进展 {progress.task.title[:40]}", note, _page(progress), progress.due_on, "修改重报")


def _returns(status):
    """All in a state, of campaigns that run."""
    return lambda: Progress.objects.filter(status=status, task__campaign__status=RUNNING)


RETURN = (
    "pk",
    "due_on",
    "office_id",
    "office__short_name",
    "task__title",
    "task__campaign_id",
    "task__campaign__lead_id",
)


def _return_entry(row, office, verb):
    url = reverse("campaigns:return", args=[row.task__campaign_id, row.pk])
    title = f"{verb}{row.office__short_name} {row.task__title[:40]}"
    posts = (Rung.RESPONSIBLE, Post(office)), (Rung.SUPERVISOR, Post(office, "is_approver"))
    return Entry(row.pk, row.due_on, title, url, posts)


def _visible_returns(rows, user):
    """Those that the user may open, and for who oversees its area those of its campaigns."""
    return rows & Progress.objects.visible_to(user)


register(
    Kind(
        code="progress_correct",
        label="修改退回的进展",
        roles=REPORTERS,
        rows=_correct_rows,
        duty=_correct_duty,
        url=_campaigns,
        basis="本平台约定：退回的进展 3 个工作日内改好重报",
        days=Days.WORKING,
        open=_returns(Progress.Status.RETURNED),
        entries=stream(RETURN, lambda row: _return_entry(row, row.office_id, "修改进展 ")),
        area="task__campaign__",
        visible=_visible_returns,
    )
)


def _decide_rows(user, today):
    led = [campaign for campaign in _running(user) if campaign.lead_id == user.office_id]
    rows = _of_running(user, Progress.Status.SUBMITTED).filter(task__campaign__in=led)
    return rows.exclude(submitted_by=user).exclude(written_by=user).order_by("due_on", "pk")


def _decide_duty(progress):
    note = f"{progress.task.campaign} · {day_of(progress.submitted_at):%m-%d} 报送"
    title = f"审核 {progress.office.short_name} {progress.task.title[:40]}"
    return Duty(
        title, f"{note}{' · 有问题需要协调' if progress.problem else ''}", _page(progress), progress.due_on, "审核"
    )


register(
    Kind(
        code="progress_decide",
        label="审核进展报送",
        roles=LEADERS,
        rows=_decide_rows,
        duty=_decide_duty,
        url=_campaigns,
        basis="本平台约定：报送的进展 3 个工作日内审核",
        days=Days.WORKING,
        open=_returns(Progress.Status.SUBMITTED),
        entries=stream(RETURN, lambda row: _return_entry(row, row.task__campaign__lead_id, "审核进展 ")),
        area="task__campaign__",
        visible=_visible_returns,
    )
)


def _milestone_rows(user, today):
    """Those near or past on tasks for which the office answers, those of 各乡镇 if it is one, and for the lead those for which
    no office answers."""
    rows = Milestone.objects.filter(done_on__isnull=True, campaign__in=_running(user))
    near = rows.filter(due_on__lte=today + DAYS_AHEAD * clock.ONE_DAY)
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


def _open_milestones():
    return Milestone.objects.filter(done_on__isnull=True, campaign__status=RUNNING)


def _visible_milestones(rows, user):
    """Of the campaigns that the user's area has, else what its office has to keep."""
    if access.scope_of(user).areas and user.office.kind in (Role.BUREAU, Role.DEPARTMENT):
        return rows.filter(campaign__in=Campaign.objects.visible_to(user))
    asked = rows.asked_of(user.office, parts=[TaskUnit.Part.RESPONSIBLE]) | rows.of_nobody(lead=user.office)
    return asked.distinct()


def _milestone_entries(rows):
    """With the offices that have to keep each: those named, 各乡镇, else the lead. Two queries more for each thousand."""
    rows = rows.select_related("campaign", "task").order_by("pk")
    for chunk in _chunks(rows.iterator(chunk_size=1000), 1000):
        answering, townships = _answering(chunk), _townships(chunk)
        for row in chunk:
            yield _milestone_entry(row, _offices_of(row, answering, townships))


def _chunks(rows, size):
    chunk = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _answering(milestones):
    """{task: [unit]} of the tasks of these milestones."""
    tasks = {row.task_id for row in milestones if row.task_id}
    found = {}
    for unit in TaskUnit.objects.filter(task__in=tasks).select_related("office"):
        found.setdefault(unit.task_id, []).append(unit)
    return found


def _townships(milestones):
    """{county: [office]} for the milestones that every township has to keep."""
    counties = {row.campaign.county_code for row in milestones if means_every_township(row.who)} - {""}
    townships = Office.objects.filter(kind=Role.TOWNSHIP, is_active=True, county_code__in=counties)
    found = {}
    for pk, county in townships.values_list("pk", "county_code"):
        found.setdefault(county, []).append(pk)
    return found


def _offices_of(milestone, answering, townships):
    """As Milestone.objects.asked_of() and of_nobody() have it, for one that has been read."""
    if means_every_township(milestone.who):
        return townships.get(milestone.campaign.county_code, [])
    units = answering.get(milestone.task_id, [])
    named = [unit for unit in units if milestone.who and milestone.who in _names(unit)]
    asked = [unit.office_id for unit in named or units if unit.office and unit.part == TaskUnit.Part.RESPONSIBLE]
    return asked or [milestone.campaign.lead_id]


def _names(unit):
    return (unit.name, unit.office.name, unit.office.short_name) if unit.office else (unit.name,)


def _milestone_moves(pks):
    """Each change keeps the day before it; the day after it is that of the next change, or the present one."""
    changes = DateChange.objects.filter(milestone__in=pks).select_related("milestone", "by__office").order_by("-pk")
    present = {}
    for change in changes:
        now = present.get(change.milestone_id, change.milestone.due_on)
        who = f"{change.by.office.name} {change.by.name}"
        yield change.milestone_id, Moved(change.at, change.was_until, now, who, change.reason)
        present[change.milestone_id] = change.was_until


def _milestone_entry(milestone, offices):
    posts = tuple((Rung.RESPONSIBLE, Post(office)) for office in offices)
    posts += tuple((Rung.SUPERVISOR, Post(office, "is_approver")) for office in offices)
    url = _task(milestone.task) if milestone.task else reverse("campaigns:plan", args=[milestone.campaign_id])
    return Entry(milestone.pk, milestone.due_on, milestone.name[:60], url, posts)


register(
    Kind(
        code="milestone",
        label="任务节点",
        roles=REPORTERS,
        rows=_milestone_rows,
        duty=_milestone_duty,
        url=_campaigns,
        basis="通知原文写明的时限，见任务页的原文出处",
        open=_open_milestones,
        entries=_milestone_entries,
        area="campaign__",
        visible=_visible_milestones,
        moves=_milestone_moves,
    )
)

submission_deadlines.register()
counted.register()
