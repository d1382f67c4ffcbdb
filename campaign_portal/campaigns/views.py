from django.shortcuts import get_object_or_404, render

from campaign_portal import clock
from campaign_portal.accounts import access
from campaign_portal.accounts.access import EVERYONE, Role
from campaign_portal.deadlines import registry

from . import metrics
from .models import Campaign
from .services import current_campaign

SHOWN = 8


@access.allow(*Role)
def home(request):
    """The first page of every role: what to do today in order of urgency, and figures that lead to their rows."""
    today = clock.today()
    user = request.user
    groups = registry.groups_for(user, today=today)
    duties = registry.in_order(groups)
    campaign = current_campaign(user, on=today)
    context = {
        "campaign": campaign,
        "phases": campaign.phases.all() if campaign else [],
        "duties": duties[:SHOWN],
        "duty_count": sum(group.count for group in groups),
        "late_count": sum(duty.due_on < today for duty, _ in duties),
        "today_count": sum(duty.due_on == today for duty, _ in duties),
        "figures": metrics.figures_for(user, campaign=campaign),
        "tables": [table for table in (make(user, campaign) for make in metrics.TABLES.values()) if table],
    }
    template = "home_phone.html" if user.office.kind == Role.HOME else "home.html"
    return render(request, template, context)


@access.allow(*(EVERYONE - {Role.ASSOCIATION, Role.EVALUATOR}))
def todo(request):
    """Everything the user has to do, by kind."""
    groups = registry.groups_for(request.user, today=clock.today())
    return render(request, "todo.html", {"groups": groups, "count": sum(group.count for group in groups)})


@access.allow(*Role)
def campaigns(request):
    rows = Campaign.objects.visible_to(request.user).select_related("lead", "area").prefetch_related("phases")
    return render(request, "campaigns/campaigns.html", {"campaigns": rows[:100]})


@access.allow(*Role)
def campaign_page(request, pk):
    rows = Campaign.objects.visible_to(request.user).select_related("lead", "area").prefetch_related("phases")
    campaign = get_object_or_404(rows, pk=pk)
    context = {"campaign": campaign, "figures": metrics.figures_for(request.user, campaign=campaign)}
    return render(request, "campaigns/campaign.html", context)
