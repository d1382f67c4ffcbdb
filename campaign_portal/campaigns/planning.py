"""Every change of a campaign's plan and state. Who may is in edges.py."""

from django.db import transaction

from campaign_portal import clock
from campaign_portal.audit.recording import name_verbs, record, snapshot
from campaign_portal.edges import Refused

from . import snapshots
from .edges import CAMPAIGN_EDGES
from .models import Campaign, DateChange, Indicator, Phase, TaskUnit
from .overtaken import refuse_overtaken
from .sent_once import sent_before
from .services import refuse_overlap

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


def begin(row, *, by, version=None):
    """The row of a plan as it stands now, with its campaign, both locked. `version` is the one the user's page showed: if
    somebody was faster, Stale says who and what."""
    campaign = locked(row.campaign, "plan", by=by)
    stored = type(row).objects.select_for_update(of=("self",), no_key=True).filter(pk=row.pk).first()
    if stored is None:
        raise Refused(f"“{row}”刚刚被删除。")
    refuse_overtaken(stored, by, shown=version)
    stored.campaign = campaign
    return stored


# State


@transaction.atomic
def start(campaign, *, by):
    """The draft becomes the campaign: everybody whom it concerns sees it, and new records may belong to it."""
    campaign = locked(campaign, "start", by=by)
    refuse_overlap(campaign)
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

TYPED_OF_TASK = ("parent", "number", "title", "content", "deliverable", "is_work")


@transaction.atomic
def save_task(task, *, by, units=None, version=None):
    """Save a new or edited task; `units` are (part, office or None, name), which replace those it has."""
    if task.pk:
        was = begin(task, by=by, version=version)
        _refuse_circle(task)
        task.version = was.version + 1
        task.save(update_fields=[*TYPED_OF_TASK, "version"])
    else:
        was = None
        campaign = locked(task.campaign, "plan", by=by)
        if twin := sent_before(task, campaign.tasks, TYPED_OF_TASK):
            return twin
        task.order = campaign.tasks.count() if task.order is None else task.order
        task.save()
    if units is not None:
        task.units.all().delete()
        TaskUnit.objects.bulk_create(TaskUnit(task=task, part=p, office=o, name=n) for p, o, n in units)
    record("task.saved", task, by=by, before=was and snapshot(was))
    return task


def _refuse_circle(task):
    if task.parent_id and _is_below(task.parent, task):
        raise Refused("上级不能是这项任务自己的下级。")


def _is_below(task, other):
    while task is not None:
        if task.pk == other.pk:
            return True
        task = task.parent
    return False


@transaction.atomic
def remove_task(task, *, by):
    """Take a task out of the plan, unless somebody has reported on it or it holds others."""
    task = begin(task, by=by)
    if task.children.exists():
        raise Refused("这项下面还有任务，请先移走或删除下级任务。")
    if task.progress.exists():
        raise Refused("这项任务已有进展报送，不能删除；不再做的请办结并写明情况。")
    record("task.removed", task, by=by)
    task.delete()


@transaction.atomic
def finish_task(task, *, by, done=True):
    """Mark a task as done, or take that back."""
    task = begin(task, by=by)
    if done and task.done_on:
        raise Refused(f"这项任务已在 {task.done_on} 办结。")
    if not done and not task.done_on:
        raise Refused("这项任务还没有办结，不用撤销。")
    task.done_on = clock.today() if done else None
    task.version += 1
    task.save(update_fields=["done_on", "version"])
    record("task.done" if done else "task.reopened", task, by=by)
    return task


# Days


@transaction.atomic
def save_milestone(milestone, *, by, version=None):
    """Save a new milestone or the words of one. Its dates move by `move_dates`, which keeps the old ones."""
    if milestone.pk:
        was = begin(milestone, by=by, version=version)
        milestone.version = was.version + 1
        milestone.save(update_fields=["name", "who", "task", "version"])
    else:
        was = None
        campaign = locked(milestone.campaign, "plan", by=by)
        if twin := sent_before(milestone, campaign.milestones, ("name", "who", "task", "starts_on", "due_on")):
            return twin
        milestone.save()
    record("milestone.saved", milestone, by=by, before=was and snapshot(was))
    return milestone


@transaction.atomic
def move_dates(row, first, last, *, by, reason, version=None):
    """Give a phase or a milestone other dates. What they were, why and who stay on file."""
    is_phase = isinstance(row, Phase)
    row = begin(row, by=by, version=version)
    name = "ends_on" if is_phase else "due_on"
    was = row.starts_on, getattr(row, name)
    if was == (first, last):
        raise Refused("日期没有变。")
    _refuse_beyond(row, first, last)
    DateChange.objects.create(
        **{"phase" if is_phase else "milestone": row}, was_from=was[0], was_until=was[1], reason=reason, by=by
    )
    before = snapshot(row)
    row.starts_on = first
    setattr(row, name, last)
    row.version += 1
    row.save(update_fields=["starts_on", name, "version"])
    record("dates.moved", row, by=by, before=before, reason=reason)
    return row


def _refuse_beyond(row, first, last):
    """A phase stays within its campaign."""
    campaign = row.campaign
    if isinstance(row, Phase) and not campaign.starts_on <= first <= last <= campaign.ends_on:
        raise Refused(f"阶段要在行动的起止日期（{campaign.starts_on} 至 {campaign.ends_on}）之内。")


@transaction.atomic
def complete(milestone, *, by, note="", version=None):
    """Say that a milestone has been kept, with what shows it."""
    milestone = begin(milestone, by=by, version=version)
    if milestone.done_on:
        raise Refused(f"这个节点已在 {milestone.done_on} 标为完成。")
    _set_done(milestone, clock.today(), by, note)
    record("milestone.done", milestone, by=by, reason=note)
    return milestone


@transaction.atomic
def reopen(milestone, *, by):
    """Take back that a milestone was kept."""
    milestone = begin(milestone, by=by)
    if not milestone.done_on:
        raise Refused("这个节点还没有标为完成，不用撤销。")
    _set_done(milestone, None, None, "")
    record("milestone.reopened", milestone, by=by)
    return milestone


def _set_done(milestone, on, by, note):
    milestone.done_on, milestone.done_by, milestone.done_note = on, by, note
    milestone.version += 1
    milestone.save(update_fields=["done_on", "done_by", "done_note", "version"])


@transaction.atomic
def remove_milestone(milestone, *, by):
    milestone = begin(milestone, by=by)
    record("milestone.removed", milestone, by=by)
    milestone.delete()


# Indicators


@transaction.atomic
def save_indicator(indicator, *, by, version=None):
    """Save a new or edited indicator. A target that has been shared out changes only together with its shares; one that is
    counted otherwise than before begins its series of days anew."""
    if indicator.pk:
        return _edit_indicator(indicator, by=by, version=version)
    campaign = locked(indicator.campaign, "plan", by=by)
    if twin := sent_before(indicator, campaign.indicators, _typed_of_indicator()):
        return twin
    indicator.order = campaign.indicators.count()
    indicator.save()
    record("indicator.saved", indicator, by=by)
    return indicator


def _typed_of_indicator():
    own = ("id", "campaign", "order")
    return [field.name for field in Indicator._meta.concrete_fields if field.editable and field.name not in own]


def _edit_indicator(indicator, *, by, version):
    was = begin(indicator, by=by, version=version)
    is_shared = was.shares.filter(parent=None).exists()
    if is_shared and (was.value, was.unit, was.per) != (indicator.value, indicator.unit, indicator.per):
        raise Refused("这个指标已分解到单位，目标值、单位和口径不能直接改。请先在“分解”里取消分解。")
    indicator.version = was.version + 1
    indicator.save(update_fields=[*_typed_of_indicator(), "version"])
    notes = {}
    if (was.metric, was.unit, was.per) != (indicator.metric, indicator.unit, indicator.per):
        indicator.days.filter(is_final=False).delete()
        notes = {"每日记录": ["原口径", "按新口径重新开始"]}
    record("indicator.saved", indicator, by=by, before=snapshot(was), notes=notes)
    return indicator


@transaction.atomic
def remove_indicator(indicator, *, by):
    indicator = begin(indicator, by=by)
    if indicator.reported.exists():
        raise Refused("已有单位填报过这个指标，不能删除。")
    record("indicator.removed", indicator, by=by)
    indicator.delete()
