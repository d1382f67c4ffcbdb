"""A bureau's rules of reminding, whether and when its portal speaks, and what it would say on a day."""

from django.contrib import messages
from django.db.models import Count
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from campaign_portal import clock
from campaign_portal.accounts import access
from campaign_portal.accounts.access import Role
from campaign_portal.accounts.bureaus import bureaus_above
from campaign_portal.deadlines.registry import Rung
from campaign_portal.edges import Refused

from . import rehearsal, rules, switching
from .forms import MOST_RULES, RehearsalForm, RuleFormSet, SettingsForm, initial_of
from .models import PlanRun, Reminder, ReminderSettings

RUNS = 30  # recent plans on the page
STARTER = "平台默认"


@access.allow(Role.BUREAU)
def rules_page(request):
    """Every kind with the sentences of its rules and whose they are."""
    bureau = request.user.office
    owners = _owners(bureau)
    context = {
        "sets": [(one, owners[one.owner]) for one in rules.sets_of(bureau)],
        "may_edit": request.user.is_administrator,
        "settings": _settings(bureau),
    }
    return render(request, "reminders/rules.html", context)


def _owners(bureau):
    """{pk: whose the rules are, in words}."""
    above = {one.pk: f"上级：{one.name}" for one in bureaus_above(bureau)}
    return above | {bureau.pk: "本局", None: STARTER}


def _settings(bureau):
    return ReminderSettings.objects.filter(bureau=bureau).first() or ReminderSettings(bureau=bureau)


@access.allow(Role.BUREAU, duty="is_administrator")
def rules_edit(request, kind):
    bureau = request.user.office
    shown = _set_or_404(bureau, kind)
    if request.method != "POST":
        return _edit_page(request, shown, _formset(shown))
    formset = _formset(shown, request.POST)
    if not formset.is_valid():
        return _edit_page(request, shown, formset, seen=request.POST.get("seen"), status=422)
    seen, wanted = request.POST.get("seen", ""), formset.wanted()
    try:
        changed = rules.write_rules(bureau=bureau, code=kind, wanted=wanted, seen=seen, by=request.user)
    except rules.Overtaken as error:
        return _edit_page(request, _set_or_404(bureau, kind), formset, overtaken=str(error), status=409)
    messages.success(request, f"“{shown.kind.label}”的规则已保存。" if changed else "规则没有变化。")
    return redirect("reminders:rules")


def _set_or_404(bureau, code):
    found = rules.set_of(bureau, code)
    if found is None:
        raise Http404
    return found


def _formset(shown, data=None):
    return RuleFormSet(data, initial=initial_of(shown.rules) if data is None else None)


def _edit_page(request, shown, formset, *, seen=None, overtaken="", status=200):
    """`seen` is what the page showed when these rules were typed; after a refusal it is what stands now."""
    context = {
        "shown": shown,
        "owner": _owners(request.user.office)[shown.owner],
        "is_own": shown.owner == request.user.office_id,
        "formset": formset,
        "seen": shown.stamp if seen is None else seen,
        "overtaken": overtaken,
        "most": MOST_RULES,
    }
    return render(request, "reminders/rules_edit.html", context, status=status)


@access.allow(Role.BUREAU, duty="is_administrator")
@require_POST
def rules_restore(request, kind):
    shown = _set_or_404(request.user.office, kind)
    seen = request.POST.get("seen", "")
    try:
        rules.restore_rules(bureau=request.user.office, code=kind, seen=seen, by=request.user)
    except Refused as error:
        messages.error(request, str(error))
        return redirect("reminders:rules-edit", kind)
    messages.success(request, f"“{shown.kind.label}”已恢复默认规则。")
    return redirect("reminders:rules")


# Settings, and plans that were held back


@access.allow(Role.BUREAU, duty="is_administrator")
def settings_page(request):
    settings = _settings(request.user.office)
    form = SettingsForm(request.POST or None, instance=settings)
    if request.method != "POST":
        return _settings_page(request, form)
    if not form.is_valid():
        return _settings_page(request, form, status=422)
    values = {name: form.cleaned_data[name] for name in SettingsForm.Meta.fields}
    try:
        seen = form.cleaned_data["version"]
        rules.change_settings(bureau=request.user.office, seen=seen, by=request.user, **values)
    except rules.Overtaken as error:
        form.renew(_settings(request.user.office).version)
        form.add_error(None, str(error))
        return _settings_page(request, form, status=409)
    messages.success(request, "设置已保存。")
    return redirect("reminders:settings")


def _settings_page(request, form, *, status=200):
    bureau = request.user.office
    runs = PlanRun.objects.filter(bureau=bureau).select_related("decided_by")
    context = {
        "form": form,
        "settings": _settings(bureau),
        "held": _with_offices(runs.filter(status=PlanRun.Status.HELD)),
        "runs": runs[:RUNS],
    }
    return render(request, "reminders/settings.html", context, status=status)


def _with_offices(held):
    """Plans that were held back, each with whom it would reach: (office, people, reminders), the most first."""
    held = list(held)
    waiting = Reminder.objects.filter(status=Reminder.Status.HELD, bureau__in={run.bureau_id for run in held})
    counts = waiting.values_list("on", "office__name").annotate(people=Count("who", distinct=True), count=Count("pk"))
    by_day = {}
    for day, *office in counts.order_by("-people", "office__name"):
        by_day.setdefault(day, []).append(office)
    return [(run, by_day.get(run.day, [])) for run in held]


def _try(request, act, success):
    try:
        act()
    except Refused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, success)
    return redirect("reminders:settings")


@access.allow(Role.BUREAU, duty="is_administrator")
@require_POST
def turn(request):
    """On or off."""
    bureau, way = request.user.office, request.POST.get("to")
    if way == "on":
        word = "提醒已启用，今天起按规则发送。"
        return _try(request, lambda: switching.turn_on(bureau, by=request.user), word)
    if way == "off":
        word = "提醒已停用，没有发出的不再发。"
        return _try(request, lambda: switching.turn_off(bureau, by=request.user), word)
    messages.error(request, "请点“启用提醒”或“停用提醒”。")
    return redirect("reminders:settings")


def _own_run(request, pk):
    return get_object_or_404(PlanRun, pk=pk, bureau=request.user.office)


@access.allow(Role.BUREAU, duty="is_administrator")
@require_POST
def run_release(request, pk):
    run = _own_run(request, pk)
    return _try(request, lambda: switching.release(run, by=request.user), "已放行，工作时间内发出。")


@access.allow(Role.BUREAU, duty="is_administrator")
@require_POST
def run_drop(request, pk):
    run = _own_run(request, pk)
    return _try(request, lambda: switching.drop(run, by=request.user), "这一次的提醒不发了。")


# Rehearsal


@access.allow(Role.BUREAU)
def rehearsal_page(request):
    """Who would get what on a day, and why."""
    bureau = request.user.office
    form = RehearsalForm({"on": request.GET.get("on") or clock.today()})
    office, kind = request.GET.get("office", ""), request.GET.get("kind", "")
    context = {"form": form, "settings": _settings(bureau), "office": office, "kind": kind, "plan": None, "on": None}
    if not form.is_valid():
        return render(request, "reminders/rehearsal.html", context, status=422)
    on = form.cleaned_data["on"]
    number = int(office) if office.isascii() and office.isdecimal() and len(office) < 19 else None
    plan = rehearsal.rehearse(bureau, on, office=number, kind=kind)
    context |= {"plan": plan, "on": on, "is_filtered": bool(number or kind), "rungs": Rung.labels}
    return render(request, "reminders/rehearsal.html", context)
