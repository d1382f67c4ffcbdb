"""The plan of a campaign: read by everybody whom the campaign concerns, kept by the office that leads it."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from campaign_portal import clock
from campaign_portal.accounts import access
from campaign_portal.accounts.access import EVERYONE, Role
from campaign_portal.edges import Refused

from . import gantt, planning, stepping
from .edges import CAMPAIGN_EDGES, LEADERS
from .models import Campaign, Phase, Unit
from .views import campaign_page

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


def to_plan(row):
    return "campaigns:plan", row.campaign_id


# State


@access.allow(*LEADERS)
@require_POST
def campaign_start(request, pk):
    return _state(
        request, pk, planning.start, "已启动。有关单位现在能看到方案和各自的任务，节点到期前 15 天列入它们的待办。"
    )


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
