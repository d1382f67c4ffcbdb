"""The tasks of a plan."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from campaign_portal import clock
from campaign_portal.accounts import access
from campaign_portal.accounts.access import Role

from . import planning, standing, stepping
from .edges import LEADERS, leads
from .models import Campaign, Task, TaskUnit
from .plan_forms import TaskForm
from .plan_views import READERS, campaign_of, kept_by, may_plan, to_plan
from .progress import REPORTERS, not_yet, reports_on
from .saving import row_form


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
        "not_yet": not_yet(campaign),
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
    return row_form(request, campaign, form, planning.save_task, "任务", _after_task)


def _after_task(row):
    return "campaigns:task", row.campaign_id, row.pk


@access.allow(*LEADERS)
@require_POST
def task_remove(request, pk, task_pk):
    campaign = kept_by(request, pk)
    task = get_object_or_404(campaign.tasks, pk=task_pk)
    return stepping.take(
        request,
        lambda: planning.remove_task(task, by=request.user),
        lambda: task_page(request, pk, task_pk),
        then=to_plan(task),
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
