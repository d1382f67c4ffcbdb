from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render

from campaign_portal import clock
from campaign_portal.accounts import access
from campaign_portal.accounts.access import EVERYONE, OFFICERS, Role
from campaign_portal.deadlines import coverage, loading, registry
from campaign_portal.edges import Refused

from . import metrics, services, standing
from .edges import CAMPAIGN_EDGES, LEADERS, leads
from .forms import CampaignForm, PhaseFormSet
from .models import Campaign, Progress
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
    with metrics.counted_once():
        figures, tables, panels = (
            metrics.figures_for(user, campaign=campaign),
            _made(metrics.TABLES, user, campaign),
            _made(metrics.PANELS, user, campaign),
        )
    context = {
        "campaign": campaign,
        "frame_campaign": campaign,
        "phases": campaign.phases.all() if campaign else [],
        "duties": duties[:SHOWN],
        "duty_count": sum(group.count for group in groups),
        "late_count": sum(duty.due_on < today for duty, _ in duties),
        "today_count": sum(duty.due_on == today for duty, _ in duties),
        "figures": figures,
        "tables": tables,
        "panels": panels,
        "gaps": coverage.gaps_at_hand(user, groups, today=today) if loading.may_load(user) else [],
    }
    template = "home_phone.html" if user.office.kind == Role.HOME else "home.html"
    return render(request, template, context)


def _made(registry, user, campaign, *on):
    """What the apps have to show for this role; of a table as of day `on`, if it is given."""
    return [made for made in (make(user, campaign, *on) for make in registry.values()) if made]


@access.allow(*(EVERYONE - {Role.EVALUATOR}))
def todo(request):
    """Everything the user has to do, by kind."""
    groups = registry.groups_for(request.user, today=clock.today())
    groups.sort(key=lambda group: min(duty.due_on for duty in group.duties))
    return render(request, "todo.html", {"groups": groups, "count": sum(group.count for group in groups)})


@access.allow(*Role)
def campaigns(request):
    rows = Campaign.objects.visible_to(request.user).select_related("lead", "area").prefetch_related("phases")
    context = {"campaigns": rows[:100], "may_open": _may_open(request.user)}
    return render(request, "campaigns/campaigns.html", context)


@access.allow(*Role)
def campaign_page(request, pk):
    """Where a campaign stands: days left, phases, indicators against pace, places compared, what is due next.

    The whole for officers and the lead; a township and a home see their own part first.
    """
    return render(request, "campaigns/campaign.html", _board(request, pk))


@access.allow(*OFFICERS, Role.ASSOCIATION)
def campaign_wall(request, pk):
    """The same figures for the screen in the meeting room. It fetches itself anew every minute."""
    context = _board(request, pk)
    told = {line.url for line in context["board"].wholes}
    context["without_data"] = [line for line in context["board"].wholes if line.value is None]
    context["figures"] = [figure for figure in context["figures"] if figure.url not in told]
    return render(request, "campaigns/wall.html", context)


def _board(request, pk):
    rows = Campaign.objects.visible_to(request.user).select_related("lead", "area").prefetch_related("phases")
    campaign = get_object_or_404(rows, pk=pk)
    office = request.user.office
    board, figures, tables = _counted(request.user, campaign)
    return {
        "campaign": campaign,
        "phases": campaign.phases.all(),
        "figures": figures,
        "board": board,
        "own": board.of(office),
        "sees_all": sees_all(campaign, request.user),
        "links": office.kind in (Role.BUREAU, Role.ASSOCIATION),
        "tables": tables,
        "due": _due_next(campaign, clock.today()),
        **_for_the_lead(campaign, request.user),
        "is_ended": campaign.status == Campaign.Status.CLOSED,
        "live": campaign.status != Campaign.Status.CLOSED,
        "may_edit": _leads(campaign, request.user),
        "verbs": CAMPAIGN_EDGES.verbs_for(campaign, by=request.user),
    }


def sees_all(campaign, user):
    """Who compares places: bureaus, departments, and whoever leads. Townships and homes see the whole and their own part."""
    return user.office.kind in (Role.BUREAU, Role.DEPARTMENT) or campaign.lead_id == user.office_id


def _counted(user, campaign):
    """Everything on a board that is counted: (Board, figures of the role, tables of places)."""
    with metrics.counted_once():
        return (
            standing.board(campaign, kinds=PLACES if user.office.kind != Role.HOME else None),
            metrics.figures_for(user, campaign=campaign, on=campaign.closed_on),
            _made(metrics.TABLES, user, campaign, campaign.closed_on),
        )


def _for_the_lead(campaign, user):
    """What waits for the office that leads: problems without an answer, and how many returns nobody has decided."""
    if not leads(campaign, user):
        return {"problems": [], "waiting": 0}
    handed_in = Progress.objects.filter(task__campaign=campaign).exclude(status=Progress.Status.DRAFT)
    problems = handed_in.filter(answer="").exclude(problem="").select_related("office", "task").order_by("submitted_at")
    waiting = handed_in.filter(status=Progress.Status.SUBMITTED).count()
    return {"problems": problems[:SHOWN], "waiting": waiting}


PLACES = (Role.TOWNSHIP, Role.BUREAU, Role.ASSOCIATION)
NEXT_DAYS = 45


def _due_next(campaign, today):
    """Milestones that are late or due before long, earliest first; none of a campaign that is over."""
    if campaign.status == Campaign.Status.CLOSED:
        return campaign.milestones.none()
    until = today + NEXT_DAYS * clock.ONE_DAY
    return campaign.milestones.filter(done_on=None, due_on__lte=until).select_related("task")[:SHOWN]


def _leads(campaign, user):
    """A special campaign that has not ended is kept by the office that leads it."""
    return campaign.kind == Campaign.Kind.SPECIAL and CAMPAIGN_EDGES.allows(campaign, "plan", by=user)


def _may_open(user):
    """A county's bureau; what a city or province asks for, its counties open as their own."""
    return user.office.kind == Role.BUREAU and user.office.county_code != "" and user.is_caseworker


@access.allow(Role.BUREAU)
def campaign_new(request):
    if not _may_open(request.user):
        raise PermissionDenied("专项行动由县（市、区）民政局建立。")
    return _edit(request, Campaign(lead=request.user.office, area=request.user.office.area))


@access.allow(*LEADERS)
def campaign_edit(request, pk):
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user), pk=pk)
    if not _leads(campaign, request.user):
        raise PermissionDenied("只有牵头单位可以修改进行中的专项行动。")
    return _edit(request, campaign)


def _edit(request, campaign):
    form = CampaignForm(request.POST or None, instance=campaign, may_change_code=not metrics.is_numbered(campaign))
    phases = PhaseFormSet(request.POST or None, instance=campaign) if _phases_are_open(campaign) else None
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid() and (phases is None or phases.is_valid()):
        try:
            _save(form, _typed(phases), by=request.user)
        except Refused as error:
            form.add_error(None, str(error))
            form.renew()
            status = 409
        else:
            messages.success(request, f"{campaign.title}已保存。")
            return redirect("campaigns:campaign", campaign.pk)
    context = {"campaign": campaign, "form": form, "phases": phases}
    return render(request, "campaigns/campaign_edit.html", context, status=status)


def _save(form, phases, *, by):
    if form.instance.pk is None:
        return services.open_campaign(form.instance, phases, by=by)
    return services.edit_campaign(form.instance, phases, by=by, version=form.cleaned_data["version"])


def _phases_are_open(campaign):
    """Phases are typed freely until the campaign runs; then each moves by itself, with a reason."""
    return campaign.pk is None or campaign.status == Campaign.Status.DRAFT or not campaign.phases.exists()


def _typed(phases):
    if phases is None:
        return None
    return [tuple(f.cleaned_data[name] for name in ("name", "starts_on", "ends_on")) for f in phases.filled()]
