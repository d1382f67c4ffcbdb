"""The indicators of a plan."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from campaign_portal.accounts import access
from campaign_portal.accounts.access import Role

from . import planning, snapshots, standing, stepping
from .edges import LEADERS, leads
from .models import Campaign, Indicator
from .plan_forms import IndicatorForm
from .plan_views import READERS, campaign_of, kept_by, may_plan, to_plan
from .saving import row_form
from .views import sees_all


@access.allow(*READERS)
def indicator_page(request, pk, indicator_pk):
    """One indicator: where it stands and why, its days, its parts by office. Who does not compare places reads its own part
    first, and what is judged of the whole under the name of the area."""
    campaign = campaign_of(request, pk)
    indicator = get_object_or_404(campaign.indicators.select_related("task"), pk=indicator_pk)
    indicator.campaign = campaign
    measured = standing.measure([indicator])[indicator.pk]
    parts = standing.office_standings(indicator, measured=measured)
    compares = sees_all(campaign, request.user)
    own = next((part for part in parts if part.office.pk == request.user.office_id), None)
    context = {
        "campaign": campaign,
        "indicator": indicator,
        "whole": standing.whole_standing(indicator, measured),
        "own": None if compares else own,
        "compares": compares,
        "parts": parts if compares else _parts_of(request.user, parts),
        "links": request.user.office.kind in (Role.BUREAU, Role.ASSOCIATION),
        "days": snapshots.trend(indicator)[::-1],
        "may_plan": may_plan(campaign, request.user),
        "may_share": _may_share(indicator, campaign, request.user),
    }
    return render(request, "campaigns/indicator.html", context)


def _parts_of(user, parts):
    """The user's own office's and those of its homes."""
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
    return row_form(request, campaign, form, planning.save_indicator, "指标", _after_indicator)


@access.allow(*LEADERS)
def indicator_edit(request, pk, indicator_pk):
    campaign = kept_by(request, pk)
    indicator = get_object_or_404(campaign.indicators, pk=indicator_pk)
    form = IndicatorForm(request.POST or None, instance=indicator, campaign=campaign)
    return row_form(request, campaign, form, planning.save_indicator, "指标", _after_indicator)


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
        then=to_plan(indicator),
        said="指标已删除。",
    )
