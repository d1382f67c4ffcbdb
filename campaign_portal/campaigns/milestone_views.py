"""The days of a plan: milestones, and the phases whose dates move."""

from functools import partial

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from campaign_portal.accounts import access

from . import planning, stepping
from .edges import LEADERS
from .models import Milestone
from .plan_forms import DatesForm, DoneForm, MilestoneForm
from .plan_views import kept_by, plan_page, to_plan
from .saving import Page, end, row_form
from .task_views import task_page


@access.allow(*LEADERS)
def milestone_new(request, pk):
    campaign = kept_by(request, pk)
    milestone = Milestone(campaign=campaign)
    form = MilestoneForm(
        request.POST or None, instance=milestone, campaign=campaign, initial={"task": request.GET.get("task")}
    )
    return row_form(request, campaign, form, planning.save_milestone, "时间节点", _after_milestone)


@access.allow(*LEADERS)
def milestone_edit(request, pk, milestone_pk):
    campaign = kept_by(request, pk)
    milestone = get_object_or_404(campaign.milestones, pk=milestone_pk)
    form = MilestoneForm(request.POST or None, instance=milestone, campaign=campaign)
    return row_form(request, campaign, form, planning.save_milestone, "时间节点", _after_milestone)


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
        moved = planning.move_dates(row, data["starts_on"], data["ends_on"], by=request.user, **said)
        if data["ends_on"] > campaign.ends_on:
            messages.warning(request, f"新的时限 {data['ends_on']} 晚于行动结束日期 {campaign.ends_on}，请核对。")
        return moved

    context = {"campaign": campaign, "form": form, "row": row, "changes": row.date_changes.select_related("by")}
    page = Page("campaigns/dates.html", context)
    return end(request, form, move, page, "日期已调整，原日期和原因都留着。", to_plan)


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
    return end(request, form, complete, page, f"“{milestone.name}”已标为完成。", _after_milestone)


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
        then=to_plan(milestone),
        said="时间节点已删除。",
    )
