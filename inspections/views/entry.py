import uuid
from collections.abc import Callable
from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render

from campaign_portal.accounts import access
from campaign_portal.accounts.access import OFFICERS, Role
from campaign_portal.edges import Refused
from campaign_portal.files.outbox import form_page
from facilities.models import Facility

from .. import services
from ..edges import may_register, may_report
from ..forms import CountyRules, FacilityPick, RegisterForm, ReportForm
from ..models import Hazard


@access.allow(Role.HOME, Role.TOWNSHIP, Role.BUREAU)
def report(request):
    """A home reports a hazard; its supervisor may enter one for it (代填)."""
    user = request.user
    homes = (
        Facility.objects.run_by(user)
        if user.office.kind == Role.HOME
        else Facility.objects.visible_to(user).answered_for_by(user.office)
    )

    def save(hazard, data):
        reason = data.get("proxy_reason", "")
        return services.report_hazard(hazard, by=user, before=data["before"], after=data["after"], proxy_reason=reason)

    title = "上报隐患" if user.office.kind == Role.HOME else "代机构上报"
    entry = Entry(title, ReportForm, "inspections/report.html", may_report, save)
    return _enter(request, homes, entry)


@access.allow(*OFFICERS)
def register(request):
    """An officer enters what a visit found."""
    user = request.user
    homes = Facility.objects.visible_to(user)
    if user.office.kind == Role.TOWNSHIP:  # it only reads the others that stand in its area
        homes = homes.answered_for_by(user.office)

    def save(hazard, data):
        return services.register_finding(hazard, by=user, departments=data["departments"], before=data["before"])

    entry = Entry("登记检查发现", RegisterForm, "inspections/register.html", may_register, save)
    return _enter(request, homes, entry)


class Entry(NamedTuple):
    """What differs between a report and a finding. `may(facility, user)`; `save(hazard, cleaned_data)`."""

    title: str
    form: type
    template: str
    may: Callable
    save: Callable


def _enter(request, homes, entry):
    facility = _facility(request, homes)
    if facility is None:
        return _pick(request, homes, entry.title)
    if not entry.may(facility, request.user):
        raise PermissionDenied(f"您的单位或岗位不能为这家机构{entry.title}。")
    rules = CountyRules(facility)
    form = entry.form(request.POST or None, request.FILES or None, user=request.user, facility=facility, rules=rules)
    if request.method != "POST" or not form.is_valid():
        return _entry_page(request, form, entry.template, facility)
    try:
        hazard = entry.save(form.instance, form.cleaned_data)
    except Refused as error:
        form.add_error(None, str(error))
        form.data = form.data.copy()
        form.data["sent_key"] = uuid.uuid4()  # nothing was saved under the old one, or something else was
        return _entry_page(request, form, entry.template, facility, status=409)
    return redirect("inspections:reported", hazard.pk)


@access.allow(*OFFICERS, Role.HOME)
def reported(request, pk):
    """After a report: the number it got, and what happens next."""
    hazard = get_object_or_404(Hazard.objects.visible_to(request.user).for_page(), pk=pk)
    rules = CountyRules(hazard)
    context = {
        "hazard": hazard,
        "limits": rules.limits,
        "verify_by": hazard.verify_due_on,
        "is_tentative": services.is_tentative(hazard),
    }
    return render(request, "inspections/reported.html", context)


def _facility(request, homes):
    """The chosen home, or the only one there is."""
    homes = homes.select_related("supervisor", "office", "area")
    pk = request.GET.get("facility", "") or request.POST.get("facility", "")
    if pk:
        return get_object_or_404(homes, pk=int(pk) if pk.isdecimal() and len(pk) < 19 else 0)
    first_two = list(homes[:2])
    return first_two[0] if len(first_two) == 1 else None


def _pick(request, homes, title):
    form = FacilityPick(homes=homes.order_by("town_code", "pk"))
    return render(request, "inspections/pick_facility.html", {"form": form, "title": title, "any": homes.exists()})


def _entry_page(request, form, template, facility, status=None):
    context = {"form": form, "facility": facility, "limits": form.rules.limits}
    return form_page(request, template, context, status=status)
