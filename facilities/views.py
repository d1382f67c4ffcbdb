import re
from copy import copy

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from campaign_portal import clock
from campaign_portal.accounts import access
from campaign_portal.accounts.access import EVERYONE, Role
from campaign_portal.accounts.models import Office
from campaign_portal.audit.models import Event
from campaign_portal.edges import Refused
from campaign_portal.sheets.views import export_response

from . import rules, services
from .forms import ContactsForm, FacilityFilter, FacilityForm, LicenceForm, NewFacilityForm, StateForm
from .models import Facility, Licence
from .sheets import REGISTER

PAGE = 50
EVENTS = 30
READS_LEDGER = EVERYONE - {Role.ASSOCIATION}
SUPERVISORS = (Role.TOWNSHIP, Role.BUREAU)
SENDERS = (*SUPERVISORS, Role.ASSOCIATION)  # who may write to homes
CONTACTS_EDITORS = (*SUPERVISORS, Role.HOME)


# The register


@access.allow(*Role)
def facilities(request):
    """The homes a user may see. Who sees exactly one, a home as a rule, goes straight to it."""
    user = request.user
    visible = Facility.objects.visible_to(user)
    if user.office.kind == Role.HOME and len(only := visible[:2]) == 1:
        return redirect(only[0])
    form = FacilityFilter(request.GET, user=user)
    found = form.apply(visible)
    rows = list(_after(found.for_list(), request.GET.get("after", ""))[: PAGE + 1])
    page = rows[:PAGE]
    for facility in page:
        facility.licences_due = [licence for licence in facility.licences.all() if licence.is_due()]
        facility.shows_phone = rules.may_edit_contacts(facility, user)
    context = {
        "facilities": page,
        "count": found.count(),
        "form": form,
        "next_after": f"{page[-1].town_code}-{page[-1].pk}" if len(rows) > PAGE else None,
        "may_register": rules.may_register(user),
        "may_write": user.office.kind in SENDERS and user.is_caseworker,
    }
    return render(request, "facilities/facilities.html", context)


@access.allow(*Role)
@require_POST
def facilities_export(request):
    """The filtered register as .xlsx."""
    return export_response(request, REGISTER)


def _after(facilities, mark):
    """The part of the list behind the last row of the page before, "<town code>-<pk>"."""
    if not (match := re.fullmatch(r"(\d{0,12})-(\d{1,18})", mark, re.ASCII)):
        return facilities
    town, pk = match[1], int(match[2])
    return facilities.filter(Q(town_code__gt=town) | Q(pk__gt=pk), town_code__gte=town)


@access.allow(*SUPERVISORS)
def facility_new(request):
    user = request.user
    if not rules.may_register(user):
        raise PermissionDenied("登记机构由乡镇（街道）或县级民政局办理。")
    form = NewFacilityForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        facility = services.register_facility(form.instance, by=user, since=form.cleaned_data["since"])
        messages.success(request, f"{facility}已登记。接下来请补齐证照，并为机构新建账号。")
        return redirect(facility)
    return render(request, "facilities/facility_new.html", {"form": form}, status=422 if form.errors else 200)


# One home


def _facility(request, pk):
    rows = Facility.objects.visible_to(request.user).select_related("area", "supervisor", "office", "operated_by")
    return get_object_or_404(rows, pk=pk)


def _editable(request, pk, may, sentence):
    """The home, if the user may see it (else 404) and `may` change it (else 403 with the sentence)."""
    facility = _facility(request, pk)
    if not may(facility, request.user):
        raise PermissionDenied(sentence)
    return facility


def _managed(request, pk):
    return _editable(request, pk, rules.may_manage, "这项由监管单位或县民政局办理。")


def _kept_up(request, pk):
    return _editable(request, pk, rules.may_edit_contacts, "机构资料由机构本身、监管单位或县民政局修改。")


@access.allow(*Role)
def facility_page(request, pk):
    user = request.user
    facility = _facility(request, pk)
    may_call = rules.may_call(facility, user)
    manages_accounts = Office.objects.managed_by(user).filter(pk=facility.office_id).exists()
    context = {
        "facility": facility,
        "licences": facility.licences.all(),
        "former_names": facility.former_names.all(),
        "periods": facility.state_periods.select_related("recorded_by"),
        "events": Event.objects.about(facility).order_by("-pk")[:EVENTS] if may_call else None,
        "accounts": facility.office.users.filter(is_active=True) if manages_accounts else None,
        "may_call": may_call,
        "can_edit": rules.may_edit_contacts(facility, user),
        "can_manage": rules.may_manage(facility, user),
        "reads_ledger": user.office.kind in READS_LEDGER,
    }
    return render(request, "facilities/facility.html", context)


@access.allow(*CONTACTS_EDITORS)
def facility_edit(request, pk):
    facility = _kept_up(request, pk)
    data, instance = request.POST or None, copy(facility)  # a refused form must not show its name in the page's title
    if is_manager := rules.may_manage(facility, request.user):
        form = FacilityForm(data, instance=instance, user=request.user)
    else:
        form = ContactsForm(data, instance=instance)
    if request.method == "POST" and form.is_valid():
        services.edit_facility(form.instance, by=request.user, fields=tuple(form.changed_data))
        return _saved(request, pk, "机构资料已保存。")
    context = {"facility": facility, "form": form, "is_manager": is_manager}
    return render(request, "facilities/facility_edit.html", context, status=422 if form.errors else 200)


def _saved(request, pk, sentence):
    """Back to the home, or to the list where the change has taken it out of the user's sight."""
    messages.success(request, sentence)
    access.forget_scope(request.user)
    if Facility.objects.visible_to(request.user).filter(pk=pk).exists():
        return redirect("facilities:facility", pk)
    messages.info(request, "这家机构已不在您的管理范围内。")
    return redirect("facilities:facilities")


@access.allow(*SUPERVISORS)
def facility_state(request, pk):
    facility = _managed(request, pk)
    form = StateForm(request.POST or None, facility=facility, initial={"since": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            facility = services.change_state(facility=facility, by=request.user, **form.cleaned_data)
        except Refused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"{facility}已变更为“{facility.get_status_display()}”。")
            return redirect(facility)
    context = {"facility": facility, "form": form, "present": facility.state_periods.first()}
    return render(request, "facilities/facility_state.html", context, status=422 if form.errors else 200)


# Its licences


@access.allow(*CONTACTS_EDITORS)
def licence_new(request, pk):
    facility = _kept_up(request, pk)
    return _licence_form(request, facility, Licence(facility=facility))


@access.allow(*CONTACTS_EDITORS)
def licence_edit(request, pk, licence_pk):
    facility = _kept_up(request, pk)
    return _licence_form(request, facility, get_object_or_404(facility.licences, pk=licence_pk))


def _licence_form(request, facility, licence):
    form = LicenceForm(request.POST or None, instance=copy(licence))
    if request.method == "POST" and form.is_valid():
        services.save_licence(form.instance, by=request.user)
        messages.success(request, f"{form.instance.get_kind_display()}已保存。")
        return redirect(facility)
    context = {"facility": facility, "licence": licence, "form": form}
    return render(request, "facilities/licence.html", context, status=422 if form.errors else 200)


@access.allow(*CONTACTS_EDITORS)
@require_POST
def licence_remove(request, pk, licence_pk):
    facility = _kept_up(request, pk)
    licence = get_object_or_404(facility.licences, pk=licence_pk)
    services.remove_licence(licence, by=request.user)
    messages.success(request, f"{licence.get_kind_display()}已删除。")
    return redirect(facility)
