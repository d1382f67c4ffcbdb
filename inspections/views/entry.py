import uuid

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render

from campaign_portal import clock
from campaign_portal.accounts import access
from campaign_portal.accounts.access import OFFICERS, Role
from campaign_portal.edges import Refused
from facilities.models import Facility

from .. import services
from ..edges import may_register, may_report
from ..forms import CountyRules, FacilityPick, RegisterForm, ReportForm
from ..models import Hazard


@access.allow(Role.HOME, Role.TOWNSHIP, Role.BUREAU)
def report(request):
    """A home reports a hazard; its supervisor may enter one for it (代填)."""
    if request.user.office.kind == Role.HOME:
        homes = Facility.objects.run_by(request.user)
    else:
        homes = Facility.objects.visible_to(request.user).answered_for_by(request.user.office)
    facility = _facility(request, homes)
    if facility is None:
        return _pick(request, homes, "上报隐患")
    if not may_report(facility, request.user):
        raise PermissionDenied("您不能为这家机构上报隐患。")
    form = ReportForm(
        request.POST or None, request.FILES or None, user=request.user, facility=facility, rules=CountyRules(facility)
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        reason = data.get("proxy_reason", "")

        def save():
            return services.report_hazard(
                form.instance, by=request.user, before=data["before"], after=data["after"], proxy_reason=reason
            )

        return _saved(request, form, save, "inspections/report.html", facility)
    return _entry_page(request, form, "inspections/report.html", facility)


@access.allow(*OFFICERS)
def register(request):
    """An officer enters what a visit found."""
    homes = Facility.objects.visible_to(request.user)
    facility = _facility(request, homes)
    if facility is None:
        return _pick(request, homes, "登记检查发现")
    if not may_register(facility, request.user):
        raise PermissionDenied("您不能登记这家机构的隐患。")
    form = RegisterForm(
        request.POST or None, request.FILES or None, user=request.user, facility=facility, rules=CountyRules(facility)
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data

        def save():
            return services.register_finding(
                form.instance, by=request.user, departments=data["departments"], before=data["before"]
            )

        return _saved(request, form, save, "inspections/register.html", facility)
    return _entry_page(request, form, "inspections/register.html", facility)


@access.allow(*OFFICERS, Role.HOME)
def reported(request, pk):
    """After a report: the number it got, and what happens next."""
    hazard = get_object_or_404(Hazard.objects.visible_to(request.user).for_page(), pk=pk)
    rules = CountyRules(hazard)
    context = {
        "hazard": hazard,
        "limits": rules.limits,
        "verify_by": clock.today() + rules.limits.verify_days * clock.ONE_DAY,
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
    return render(request, template, context, status=status or (422 if form.errors else 200))


def _saved(request, form, save, template, facility):
    """Save, then show the number; a refusal goes beside the form, which keeps what was typed."""
    try:
        hazard = save()
    except Refused as error:
        form.add_error(None, str(error))
        form.data = form.data.copy()
        form.data["sent_key"] = uuid.uuid4()  # nothing was saved under the old one, or something else was
        return _entry_page(request, form, template, facility, status=409)
    return redirect("inspections:reported", hazard.pk)
