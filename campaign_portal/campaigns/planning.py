"""Every change of a campaign's plan and state. Who may is in edges.py."""

from django.db import transaction

from campaign_portal import clock
from campaign_portal.audit.recording import name_verbs, record, snapshot
from campaign_portal.edges import Refused

from . import snapshots
from .edges import CAMPAIGN_EDGES
from .models import Campaign, DateChange, Milestone, Phase, Task, TaskUnit
from .services import overlap_of

name_verbs(
    campaign_started="启动专项行动",
    campaign_closed="结束专项行动",
    task_saved="修改任务",
    task_removed="删除任务",
    task_done="办结任务",
    task_reopened="撤销办结",
    milestone_saved="修改时间节点",
    milestone_removed="删除时间节点",
    milestone_done="完成时间节点",
    milestone_reopened="撤销完成",
    dates_moved="调整日期",
    indicator_saved="修改指标",
    indicator_removed="删除指标",
)


def locked(campaign, verb, *, by):
    """The campaign, locked, if `by` may do `verb` to it now."""
    campaign = Campaign.objects.select_for_update(of=("self",), no_key=True).get(pk=campaign.pk)
    CAMPAIGN_EDGES.check(campaign, verb, by=by)
    return campaign


# State


@transaction.atomic
def start(campaign, *, by):
    """The draft becomes the campaign: everybody whom it concerns sees it, and new records may belong to it."""
    campaign = locked(campaign, "start", by=by)
    clash = overlap_of(campaign.area, campaign.starts_on, campaign.ends_on, but=campaign.pk)
    if campaign.takes_records and clash:
        raise Refused(clash)
    campaign.status = Campaign.Status.RUNNING
    campaign.save(update_fields=["status"])
    record("campaign.started", campaign, by=by)
    return campaign


@transaction.atomic
def close(campaign, *, by, reason=""):
    """End it: the figures of today are frozen as the final ones, and nothing of the plan changes any more."""
    campaign = locked(campaign, "close", by=by)
    snapshots.count_missing_of(campaign)
    snapshots.count_day(campaign, clock.today(), is_final=True)
    campaign.status, campaign.closed_on = Campaign.Status.CLOSED, clock.today()
    campaign.save(update_fields=["status", "closed_on"])
    record("campaign.closed", campaign, by=by, reason=reason)
    return campaign


# The tree of tasks


@transaction.atomic
def save_task(task, *, by, units=None):
    """Save a new or edited task; `units` are (part, office or None, name), which replace those it has."""
    campaign = locked(task.campaign, "plan", by=by)
    before = snapshot(Task.objects.get(pk=task.pk)) if task.pk else None
    if task.parent_id and _is_below(task.parent, task):
        raise Refused("上级不能是这项任务自己的下级。")
    if task.order is None:
        task.order = campaign.tasks.count()
    task.save()
    if units is not None:
        task.units.all().delete()
        TaskUnit.objects.bulk_create(TaskUnit(task=task, part=p, office=o, name=n) for p, o, n in units)
    record("task.saved", task, by=by, before=before)
    return task


def _is_below(task, other):
    while task is not None:
        if task.pk == other.pk:
            return True
        task = task.parent
    return False


@transaction.atomic
def remove_task(task, *, by):
    """Take a task out of the plan, unless somebody has reported on it or it holds others."""
    locked(task.campaign, "plan", by=by)
    if task.children.exists():
        raise Refused("这项下面还有任务，请先移走或删除下级任务。")
    if task.progress.exists():
        raise Refused("这项任务已有进展报送，不能删除；不再做的请办结并写明情况。")
    record("task.removed", task, by=by)
    task.delete()


@transaction.atomic
def finish_task(task, *, by, done=True):
    """Mark a task as done, or take that back."""
    locked(task.campaign, "plan", by=by)
    task = Task.objects.select_for_update(of=("self",), no_key=True).get(pk=task.pk)
    task.done_on = clock.today() if done else None
    task.save(update_fields=["done_on"])
    record("task.done" if done else "task.reopened", task, by=by)
    return task


# Days


@transaction.atomic
def save_milestone(milestone, *, by):
    """Save a new milestone or the words of one. Its dates move by `move_dates`, which keeps the old ones."""
    locked(milestone.campaign, "plan", by=by)
    if not milestone.pk:
        milestone.save()
        record("milestone.saved", milestone, by=by)
        return milestone
    before = snapshot(Milestone.objects.get(pk=milestone.pk))
    milestone.save(update_fields=["name", "who", "task"])
    record("milestone.saved", milestone, by=by, before=before)
    return milestone


@transaction.atomic
def move_dates(row, first, last, *, by, reason):
    """Give a phase or a milestone other dates. What they were, why and who stay on file."""
    is_phase = isinstance(row, Phase)
    locked(row.campaign, "plan", by=by)
    row = type(row).objects.select_for_update(of=("self",), no_key=True).get(pk=row.pk)
    name = "ends_on" if is_phase else "due_on"
    was = row.starts_on, getattr(row, name)
    if was == (first, last):
        raise Refused("日期没有变。")
    DateChange.objects.create(
        **{"phase" if is_phase else "milestone": row}, was_from=was[0], was_until=was[1], reason=reason, by=by
    )
    before = snapshot(row)
    row.starts_on = first
    setattr(row, name, last)
    row.save(update_fields=["starts_on", name])
    record("dates.moved", row, by=by, before=before, reason=reason)
    return row


@transaction.atomic
def complete(milestone, *, by, note=""):
    """Say that a milestone has been kept, with what shows it."""
    locked(milestone.campaign, "plan", by=by)
    milestone = Milestone.objects.select_for_update(of=("self",), no_key=True).get(pk=milestone.pk)
    if milestone.done_on:
        raise Refused(f"这个节点已在 {milestone.done_on} 标为完成。")
    milestone.done_on, milestone.done_by, milestone.done_note = clock.today(), by, note
    milestone.save(update_fields=["done_on", "done_by", "done_note"])
    record("milestone.done", milestone, by=by, reason=note)
    return milestone


@transaction.atomic
def reopen(milestone, *, by):
    """Take back that a milestone was kept."""
    locked(milestone.campaign, "plan", by=by)
    milestone = Milestone.objects.select_for_update(of=("self",), no_key=True).get(pk=milestone.pk)
    milestone.done_on = milestone.done_by = None
    milestone.save(update_fields=["done_on", "done_by"])
    record("milestone.reopened", milestone, by=by)
    return milestone


@transaction.atomic
def remove_milestone(milestone, *, by):
    locked(milestone.campaign, "plan", by=by)
    record("milestone.removed", milestone, by=by)
    milestone.delete()


# Indicators


@transaction.atomic
def save_indicator(indicator, *, by):
    """Save a new or edited indicator. A target that has been shared out changes only together with its shares."""
    campaign = locked(indicator.campaign, "plan", by=by)
    before = None
    if indicator.pk:
        was = indicator.__class__.objects.get(pk=indicator.pk)
        before = snapshot(was)
        is_shared = indicator.shares.filter(parent=None).exists()
        if is_shared and (was.value, was.unit, was.per) != (indicator.value, indicator.unit, indicator.per):
            raise Refused("这个指标已分解到单位，目标值、单位和口径不能直接改。请先在“分解”里取消分解。")
    else:
        indicator.order = campaign.indicators.count()
    indicator.save()
    record("indicator.saved", indicator, by=by, before=before)
    return indicator


@transaction.atomic
def remove_indicator(indicator, *, by):
    locked(indicator.campaign, "plan", by=by)
    if indicator.reported.exists():
        raise Refused("已有单位填报过这个指标，不能删除。")
    record("indicator.removed", indicator, by=by)
    indicator.delete()
