from django.shortcuts import render

from campaign_portal import clock
from campaign_portal.accounts import access
from campaign_portal.accounts.access import OFFICERS
from campaign_portal.campaigns.metrics import counted_once
from campaign_portal.campaigns.services import current_campaign

from .. import metrics, panels
from ..forms import FiguresForm

HEADLINES = [
    metrics.closed_rate,
    metrics.on_time_rate,
    metrics.recurrence,
    metrics.overdue,
    metrics.recheck_overdue,
    metrics.major_open,
]


@access.allow(*OFFICERS)
def figures(request):
    """Every figure of the ledger, for a campaign and as of a day; a supervisor's line leads to its homes."""
    form = FiguresForm(request.GET, user=request.user, campaign=current_campaign(request.user, on=clock.today()))
    context = {"form": form, "live": True}
    if form.is_valid():
        with counted_once():
            context |= _counted(request.user, **form.cleaned_data)
    return render(request, "inspections/figures.html", context)


def _counted(user, *, campaign, on, days, supervisor, start, end):
    return {
        "live": on is None,
        "on": on,
        "as_of": on or clock.today(),
        "campaign": campaign,
        "figures": [count(user, campaign, on) for count in HEADLINES],
        "funnel": panels.funnel(user, campaign, on),
        "trend": panels.trend(user, campaign, on, days),
        "places": metrics.by_place(user, campaign, on),
        "homes": metrics.by_home(user, campaign, on, supervisor),
        "supervisor": supervisor,
        "categories": metrics.by_category(user, campaign, on),
        "sources": metrics.by_source(user, campaign, on),
        "pairs": metrics.recurring_pairs(user, campaign, on),
        "official": metrics.official_form(user, campaign, start, end, on),
        "start": start,
        "end": end,
    }
