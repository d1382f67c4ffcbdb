"""The pages on which a lead shares targets out and says who answers for a task; a township shares on to its homes."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render

from campaign_portal.accounts import access
from campaign_portal.accounts.access import Role
from campaign_portal.audit.models import Event
from campaign_portal.edges import Refused

from . import assigning, sharing
from .edges import CAMPAIGN_EDGES, LEADERS
from .models import Campaign
from .sharing_forms import AssignForm, ShareForm


def visible_campaign(request, pk):
    return get_object_or_404(Campaign.objects.visible_to(request.user).select_related("lead", "area"), pk=pk)


@access.allow(Role.BUREAU, Role.ASSOCIATION, Role.TOWNSHIP)
def indicator_share(request, pk, indicator_pk):
    """Share a target out: by weights, then by hand. 预览 adds up, 保存分解 keeps and goes on to the indicator, 收回分解 takes
    all back."""
    campaign = visible_campaign(request, pk)
    indicator = get_object_or_404(campaign.indicators.select_related("task"), pk=indicator_pk)
    indicator.campaign = campaign
    whole = sharing.whole_of(indicator, request.user)
    if (
        campaign.status == Campaign.Status.CLOSED and request.method != "POST"
    ):  # the service refuses, what was typed stays
        messages.error(request, "行动已结束，指标不再分解。")
        return redirect("campaigns:campaign", campaign.pk)
    shares = list(whole.shares())
    group, offices = _takers(request, shares)
    ways = sharing.proposals(whole, offices)
    form = _share_form(request, whole, shares, offices, ways)
    if request.method == "POST" and "preview" not in request.POST:
        return _save_shares(request, whole, shares, form, group, ways)
    status = 422 if form.is_bound and form.errors and "preview" not in request.POST else 200
    return _share_page(request, whole, shares, form, group, ways, status)


def _takers(request, shares):
    """The group of offices that the page shows: the one asked for, else the one that holds the present shares."""
    groups = sharing.takers(request.user)
    held = {share.office_id for share in shares}
    asked = request.POST.get("to") or request.GET.get("to")
    if asked not in groups:
        asked = next((name for name, (_, found) in groups.items() if held <= {o.pk for o in found}), "")
    asked = asked or next(iter(groups))
    chosen = {name: label for name, (label, _) in groups.items()}
    return (asked, chosen), list(groups[asked][1])


def _share_form(request, whole, shares, offices, ways):
    given = {"whole": whole, "offices": offices}
    if request.method == "POST":
        form = ShareForm(request.POST, **given)
        form.is_valid()
        return form
    way = request.GET.get("by")
    parts = {share.office: share.value for share in shares if share.office in offices}
    if way in ways:
        parts = dict(zip(offices, ways[way][1], strict=True))
    elif not shares:
        first = next(iter(ways), None)
        parts = dict(zip(offices, ways[first][1], strict=True)) if first else dict.fromkeys(offices, whole.value)
    initial = ShareForm.initial_of(parts, whole) | {"shown": sharing.seal(whole, shares)}
    return ShareForm(initial=initial, **given)


def _save_shares(request, whole, shares, form, group, ways):
    takes_back = "take_back" in request.POST
    if not takes_back and not form.is_valid():
        return _share_page(request, whole, shares, form, group, ways, 422)
    parts, shown = ({}, request.POST.get("shown", "")[:16]) if takes_back else (form.typed(), form["shown"].value())
    try:
        sharing.share_out(whole.indicator, parts, by=request.user, parent=whole.parent, shown=shown)
    except Refused as error:
        messages.error(request, str(error))
        fresh = list(whole.shares())
        form.data = _with(form.data, shown=sharing.seal(whole, fresh))
        return _share_page(request, whole, fresh, form, group, ways, 409)
    where = whole.indicator.campaign_id, whole.indicator.pk
    if takes_back:
        messages.success(request, "分解数已全部收回。")
        return redirect("campaigns:indicator-share", *where)
    messages.success(request, f"“{whole.indicator}”已分解到 {len(parts)} 个单位。")
    return redirect("campaigns:indicator", *where)


def _with(data, **changes):
    """What was typed, beside what the page now shows."""
    data = data.copy()
    for name, value in changes.items():
        data[name] = value
    return data


def _share_page(request, whole, shares, form, group, ways, status):
    (asked, groups), now = group, {share.office_id: share.value for share in shares}
    lines = [
        {"office": office, "field": field, "now": now.get(office.pk), "ways": [parts[i] for _, parts in ways.values()]}
        for i, (office, field) in enumerate(form.rows())
    ]
    events = Event.objects.about(whole.indicator).filter(verb="indicator.shared", actor__office=request.user.office_id)
    context = {
        "campaign": whole.indicator.campaign,
        "whole": whole,
        "form": form,
        "lines": lines,
        "ways": [(name, label) for name, (label, _) in ways.items()],
        "group": asked,
        "groups": groups.items(),
        "is_shared": bool(shares),
        "shared_sum": sum(now.values()),
        "left": whole.value - form.sum,
        "events": list(events),
    }
    return render(request, "campaigns/share.html", context, status=status)


@access.allow(*LEADERS)
def task_assign(request, pk, task_pk):
    """Say who answers for a task, who works along, who watches over it."""
    campaign = visible_campaign(request, pk)
    task = get_object_or_404(campaign.tasks, pk=task_pk)
    try:
        CAMPAIGN_EDGES.check(campaign, "plan", by=request.user)
    except Refused as error:
        if request.method != "POST":
            messages.error(request, str(error))
            return redirect("campaigns:campaign", campaign.pk)
    units = list(task.units.select_related("office"))
    sent = request.POST if request.method == "POST" else None
    given = {"offices": assigning.candidates(campaign, request.user), "units": units}
    form = AssignForm(sent, initial={"shown": assigning.seal(units)}, **given)
    if sent is None:
        return _assign_page(request, campaign, task, form, 200)
    return _save_units(request, campaign, task, form)


def _save_units(request, campaign, task, form):
    if not form.is_valid():
        return _assign_page(request, campaign, task, form, 422)
    try:
        assigning.assign(task, form.wanted(), by=request.user, shown=form.cleaned_data["shown"])
    except Refused as error:
        form.add_error(None, str(error))
        form.data = _with(form.data, shown=assigning.seal(task.units.all()))
        return _assign_page(request, campaign, task, form, 409)
    messages.success(request, f"“{task.title}”的分工已保存。")
    return redirect("campaigns:task", campaign.pk, task.pk)


def _assign_page(request, campaign, task, form, status):
    context = {
        "campaign": campaign,
        "task": task,
        "form": form,
        "parts": assigning.P.choices,
        "names": [form[f"{part}_names"] for part in assigning.P],
        "groups": form.groups(),
        "events": list(Event.objects.about(task).filter(verb="task.assigned")),
    }
    return render(request, "campaigns/assign.html", context, status=status)
