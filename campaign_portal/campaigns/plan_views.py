"""The plan of a campaign: read by everybody whom the campaign concerns, kept by the office that leads it."""

from functools import partial
from typing import NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from campaign_portal import clock
from campaign_portal.accounts import access
from campaign_portal.accounts.access import EVERYONE, Role
from campaign_portal.edges import Refused

from . import gantt, planning, snapshots, standing, stepping
from .edges import CAMPAIGN_EDGES, LEADERS, leads
from .models import Campaign, Indicator, Milestone, Phase, Task, TaskUnit, Unit
from .plan_forms import DatesForm, DoneForm, IndicatorForm, MilestoneForm, TaskForm
from .progress import REPORTERS, reports_on
from .views import campaign_page, sees_all

READERS = EVERYONE - {Role.EVALUATOR}


def campaign_of(request, pk):
    rows = Campaign.objects.visible_to(request.user).select_related("lead", "area", "notice")
    return get_object_or_404(rows, pk=pk)


def kept_by(request, pk):
    """The campaign, for a page that changes its plan: 403 unless the user's office leads it. Of one that has ended no form is
    shown; what is sent all the same the service refuses."""
    campaign = campaign_of(request, pk)
    try:
        CAMPAIGN_EDGES.check(campaign, "plan", by=request.user)
    except Refused as error:
        if request.method != "POST":
            raise PermissionDenied(f"{error}已结束的行动不能再改。") from error
    return campaign


def may_plan(campaign, user):
    return CAMPAIGN_EDGES.allows(campaign, "plan", by=user)


PARTS = Unit.Part.values  # in the order in which they are told


@access.allow(*READERS)
def plan_page(request, pk):
    """The whole plan on a page: time scale, tasks with who and by when, indicators, units."""
    campaign = campaign_of(request, pk)
    tasks = list(campaign.tasks.prefetch_related("units__office", "milestones", "indicators"))
    milestones = list(campaign.milestones.prefetch_related("date_changes__by"))
    phases = list(campaign.phases.prefetch_related("date_changes__by"))
    work = [task for task in tasks if task.is_work]
    context = {
        "campaign": campaign,
        "chart": gantt.draw(campaign, phases, work, milestones, url_of=_url_of),
        "phases": phases,
        "tree": in_tree_order(tasks),
        "milestones": milestones,
        "indicators": campaign.indicators.select_related("task"),
        "units": sorted(campaign.units.select_related("office"), key=lambda unit: PARTS.index(unit.part)),
        "may_plan": may_plan(campaign, request.user),
        "verbs": CAMPAIGN_EDGES.verbs_for(campaign, by=request.user),
        "today": clock.today(),
    }
    return render(request, "campaigns/plan.html", context)


def in_tree_order(tasks):
    """[(depth, task)]: every task below its parent, in order."""
    below = {}
    for task in tasks:
        below.setdefault(task.parent_id, []).append(task)
    found, waiting = [], [(0, task) for task in reversed(below.get(None, []))]
    while waiting:
        depth, task = waiting.pop()
        found.append((depth, task))
        waiting += [(depth + 1, child) for child in reversed(below.get(task.pk, []))]
    return found


def _url_of(row):
    if isinstance(row, Phase):
        return f"#phase-{row.pk}"
    return reverse("campaigns:task", args=[row.campaign_id, row.pk])


# State


@access.allow(*LEADERS)
@require_POST
def campaign_start(request, pk):
    return _state(request, pk, planning.start, "已启动。现在起有关单位都能看到，任务出现在它们的工作台。")


@access.allow(*LEADERS)
@require_POST
def campaign_close(request, pk):
    return _state(request, pk, planning.close, "已结束，各项指标的数已定格。")


def _state(request, pk, act, sentence):
    """The button stands on the board and on the plan; a refusal is said where it was pressed."""
    campaign = campaign_of(request, pk)
    page = campaign_page if request.POST.get("page") == "board" else plan_page
    return stepping.take(
        request,
        lambda: act(campaign, by=request.user),
        lambda: page(request, pk),
        then=["campaigns:campaign", pk],
        said=f"{campaign.title}{sentence}",
    )


# Tasks


@access.allow(*READERS)
def task_page(request, pk, task_pk):
    """One task: what the notice says, who, by when, its figures, what has been reported."""
    campaign = campaign_of(request, pk)
    task = get_object_or_404(campaign.tasks.select_related("parent"), pk=task_pk)
    indicators = [s for s in standing.board(campaign).wholes if s.indicator.task_id == task.pk]
    context = {
        "campaign": campaign,
        "task": task,
        "units": _by_part(task),
        "milestones": task.milestones.prefetch_related("date_changes__by"),
        "standings": indicators,
        "links": request.user.office.kind in (Role.BUREAU, Role.ASSOCIATION),
        "children": task.children.all(),
        "returns": task.progress.visible_to(request.user).select_related("office", "written_by")[:20],
        "may_plan": may_plan(campaign, request.user),
        "may_remove": not task.children.exists() and not task.progress.exists(),
        "may_report": _may_report(task, campaign, request.user),
        "may_record": _works_on(campaign, request.user),
        "leads": leads(campaign, request.user),
        "today": clock.today(),
    }
    return render(request, "campaigns/task.html", context)


def _works_on(campaign, user):
    return campaign.status == Campaign.Status.RUNNING and user.office.kind in REPORTERS and user.is_caseworker


def _may_report(task, campaign, user):
    return task.is_work and _works_on(campaign, user) and reports_on(task, user.office)


def _by_part(task):
    units = list(task.units.select_related("office"))
    return [(part.label, [unit for unit in units if unit.part == part]) for part in TaskUnit.Part]


@access.allow(*LEADERS)
def task_new(request, pk):
    campaign = kept_by(request, pk)
    return _task_form(request, campaign, Task(campaign=campaign))


@access.allow(*LEADERS)
def task_edit(request, pk, task_pk):
    campaign = kept_by(request, pk)
    return _task_form(request, campaign, get_object_or_404(campaign.tasks, pk=task_pk))


def _task_form(request, campaign, task):
    initial = {"parent": request.GET.get("parent")} if not task.pk else None
    form = TaskForm(request.POST or None, instance=task, campaign=campaign, initial=initial)
    return _row_form(request, campaign, form, planning.save_task, "任务", _after_task)


def _after_task(row):
    return "campaigns:task", row.campaign_id, row.pk


def _row_form(request, campaign, form, save, what, target):
    """A form of a task, a milestone or an indicator, new or standing."""
    context = {"campaign": campaign, "form": form, "what": what, "is_new": form.instance.pk is None}
    page = Page("campaigns/plan_form.html", context)

    def keep():
        return save(form.instance, by=request.user, version=form.cleaned_data.get("version"))

    return _end(request, form, keep, page, f"{what}已保存。", target)


class Page(NamedTuple):
    """Where a form is shown."""

    template: str
    context: dict


def _end(request, form, save, page, sentence, target):
    """The shared end of every form of a plan: `save()` and go on to `target(row)`, or show the page again with what is
    wrong."""
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            row = save()
        except Refused as error:
            form.add_error(None, str(error))
            form.renew()
            status = 409
        else:
            messages.success(request, sentence)
            return redirect(*target(row))
    return render(request, page.template, page.context, status=status)


@access.allow(*LEADERS)
@require_POST
def task_remove(request, pk, task_pk):
    campaign = kept_by(request, pk)
    task = get_object_or_404(campaign.tasks, pk=task_pk)
    return stepping.take(
        request,
        lambda: planning.remove_task(task, by=request.user),
        lambda: task_page(request, pk, task_pk),
        then=_to_plan(task),
        said="任务已删除。",
    )


@access.allow(*LEADERS)
@require_POST
def task_done(request, pk, task_pk):
    campaign = kept_by(request, pk)
    task = get_object_or_404(campaign.tasks, pk=task_pk)
    done = "undo" not in request.POST
    return stepping.take(
        request,
        lambda: planning.finish_task(task, by=request.user, done=done),
        lambda: task_page(request, pk, task_pk),
        then=_after_task(task),
    )


# Milestones and phases


@access.allow(*LEADERS)
def milestone_new(request, pk):
    campaign = kept_by(request, pk)
    milestone = Milestone(campaign=campaign)
    form = MilestoneForm(
        request.POST or None, instance=milestone, campaign=campaign, initial={"task": request.GET.get("task")}
    )
    return _row_form(request, campaign, form, planning.save_milestone, "时间节点", _after_milestone)


@access.allow(*LEADERS)
def milestone_edit(request, pk, milestone_pk):
    campaign = kept_by(request, pk)
    milestone = get_object_or_404(campaign.milestones, pk=milestone_pk)
    form = MilestoneForm(request.POST or None, instance=milestone, campaign=campaign)
    return _row_form(request, campaign, form, planning.save_milestone, "时间节点", _after_milestone)


def _after_milestone(row):
    return ("campaigns:task", row.campaign_id, row.task_id) if row.task_id else ("campaigns:plan", row.campaign_id)


@access.allow(*LEADERS)
def milestone_move(request, pk, milestone_pk):
    campaign = kept_by(request, pk)
    milestone = get_object_or_404(campaign.milestones, pk=milestone_pk)
    return _move(request, campaign, milestone, milestone.due_on, needs_start=False)


@access.allow(*LEADERS)
def phase_move(request, pk, phase_pk):
    campaign = kept_by(request, pk)
    phase = get_object_or_404(campaign.phases, pk=phase_pk)
    return _move(request, campaign, phase, phase.ends_on, needs_start=True)


def _move(request, campaign, row, ends_on, *, needs_start):
    initial = {"starts_on": row.starts_on, "ends_on": ends_on}
    form = DatesForm(request.POST or None, initial=initial, row=row, needs_start=needs_start)

    def move():
        data = form.cleaned_data
        said = {"reason": data["reason"], "version": data["version"]}
        return planning.move_dates(row, data["starts_on"], data["ends_on"], by=request.user, **said)

    context = {"campaign": campaign, "form": form, "row": row, "changes": row.date_changes.select_related("by")}
    page = Page("campaigns/dates.html", context)
    return _end(request, form, move, page, "日期已调整，原日期和原因都留着。", _to_plan)


def _to_plan(row):
    return "campaigns:plan", row.campaign_id


@access.allow(*LEADERS)
def milestone_done(request, pk, milestone_pk):
    """Say that a milestone was kept, or take that back."""
    campaign = kept_by(request, pk)
    milestone = get_object_or_404(campaign.milestones, pk=milestone_pk)
    if request.method == "POST" and "undo" in request.POST:
        step = partial(planning.reopen, milestone, by=request.user)
        return stepping.take(request, step, lambda: _page_of(request, milestone), then=_after_milestone(milestone))
    form = DoneForm(request.POST or None, row=milestone)

    def complete():
        return planning.complete(milestone, by=request.user, **form.cleaned_data)

    page = Page("campaigns/milestone_done.html", {"campaign": campaign, "form": form, "milestone": milestone})
    return _end(request, form, complete, page, f"“{milestone.name}”已标为完成。", _after_milestone)


def _page_of(request, milestone):
    """The page that shows the buttons of a milestone."""
    if milestone.task_id:
        return task_page(request, milestone.campaign_id, milestone.task_id)
    return plan_page(request, milestone.campaign_id)


@access.allow(*LEADERS)
@require_POST
def milestone_remove(request, pk, milestone_pk):
    campaign = kept_by(request, pk)
    milestone = get_object_or_404(campaign.milestones, pk=milestone_pk)
    return stepping.take(
        request,
        lambda: planning.remove_milestone(milestone, by=request.user),
        lambda: _page_of(request, milestone),
        then=_to_plan(milestone),
        said="时间节点已删除。",
    )


# Indicators


@access.allow(*READERS)
def indicator_page(request, pk, indicator_pk):
    """One indicator: where it stands and why, its days, its parts by office."""
    campaign = campaign_of(request, pk)
    indicator = get_object_or_404(campaign.indicators.select_related("task"), pk=indicator_pk)
    indicator.campaign = campaign
    measured = standing.measure([indicator])[indicator.pk]
    context = {
        "campaign": campaign,
        "indicator": indicator,
        "whole": standing.whole_standing(indicator, measured),
        "parts": _parts_for(request.user, campaign, standing.office_standings(indicator, measured=measured)),
        "links": request.user.office.kind in (Role.BUREAU, Role.ASSOCIATION),
        "days": snapshots.trend(indicator)[::-1],
        "may_plan": may_plan(campaign, request.user),
        "may_share": _may_share(indicator, campaign, request.user),
    }
    return render(request, "campaigns/indicator.html", context)


def _parts_for(user, campaign, parts):
    """The parts that a user may read: all for who compares places; its own and its homes' for the others."""
    if sees_all(campaign, user):
        return parts
    return [part for part in parts if user.office_id in (part.office.pk, part.office.parent_id)]


def _may_share(indicator, campaign, user):
    """Its lead shares an indicator out, a township what it was given."""
    if campaign.status == Campaign.Status.CLOSED or not user.is_caseworker:
        return False
    is_holder = user.office.kind == Role.TOWNSHIP and indicator.shares.filter(office=user.office).exists()
    return leads(campaign, user) or is_holder


@access.allow(*LEADERS)
def indicator_new(request, pk):
    campaign = kept_by(request, pk)
    indicator = Indicator(campaign=campaign)
    form = IndicatorForm(
        request.POST or None, instance=indicator, campaign=campaign, initial={"task": request.GET.get("task")}
    )
    return _row_form(request, campaign, form, planning.save_indicator, "指标", _after_indicator)


@access.allow(*LEADERS)
def indicator_edit(request, pk, indicator_pk):
    campaign = kept_by(request, pk)
    indicator = get_object_or_404(campaign.indicators, pk=indicator_pk)
    form = IndicatorForm(request.POST or None, instance=indicator, campaign=campaign)
    return _row_form(request, campaign, form, planning.save_indicator, "指标", _after_indicator)


def _after_indicator(row):
    return "campaigns:indicator", row.campaign_id, row.pk


@access.allow(*LEADERS)
@require_POST
def indicator_remove(request, pk, indicator_pk):
    campaign = kept_by(request, pk)
    indicator = get_object_or_404(campaign.indicators, pk=indicator_pk)
    return stepping.take(
        request,
        lambda: planning.remove_indicator(indicator, by=request.user),
        lambda: indicator_page(request, pk, indicator_pk),
        then=_to_plan(indicator),
        said="指标已删除。",
    )
