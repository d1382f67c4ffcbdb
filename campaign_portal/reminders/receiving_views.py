"""接收设置: where else a user gets messages, who stands in for him, and what he does not want to hear of for now."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from campaign_portal import clock
from campaign_portal.accounts import access
from campaign_portal.accounts.access import Role
from campaign_portal.edges import Refused

from . import inbox, receiving
from .forms import AbsenceForm, AddressForm
from .models import Absence, Mute

MOST_ENDED = 20  # absences that are over, on the page


@access.allow(*Role)
def receiving_page(request):
    form = AddressForm(request.POST or None, instance=receiving.address_of(request.user))
    if request.method == "POST" and form.is_valid():
        receiving.save_address(by=request.user, **form.cleaned_data)
        messages.success(request, "接收方式已保存。")
        return redirect("reminders:receiving")
    return _page(request, address_form=form, status=422 if form.errors else 200)


def _page(request, *, address_form=None, absence_form=None, status=200):
    user, today = request.user, clock.today()
    absences = Absence.objects.filter(user=user).select_related("deputy")
    context = {
        "address_form": address_form or AddressForm(instance=receiving.address_of(user)),
        "absence_form": absence_form or AbsenceForm(user=user),
        "ways": receiving.ways(),
        "has_colleagues": receiving.colleagues_of(user).exists(),
        "absences": absences.filter(until__gte=today).order_by("since"),
        "ended": absences.filter(until__lt=today)[:MOST_ENDED],
        "standing_in": Absence.objects.filter(deputy=user, until__gte=today).select_related("user").order_by("since"),
        "mutes": Mute.objects.filter(user=user, until__gte=today),
    }
    return render(request, "reminders/receiving.html", context, status=status)


@access.allow(*Role)
@require_POST
def absence_new(request):
    form = AbsenceForm(request.POST, user=request.user)
    if not form.is_valid():
        return _page(request, absence_form=form, status=422)
    try:
        receiving.go_away(by=request.user, **form.cleaned_data)
    except Refused as error:
        form.add_error(None, str(error))
        return _page(request, absence_form=form, status=409)
    messages.success(request, f"已登记。这段日子的提醒同时发给{form.cleaned_data['deputy'].name}。")
    return redirect("reminders:receiving")


@access.allow(*Role)
@require_POST
def absence_end(request, pk):
    absence = get_object_or_404(Absence, pk=pk, user=request.user)
    try:
        receiving.come_back(absence, by=request.user)
    except Refused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "已结束，从今天起提醒只发给您本人。")
    return redirect("reminders:receiving")


@access.allow(*Role)
@require_POST
def mute_end(request, pk):
    inbox.unmute(get_object_or_404(Mute, pk=pk, user=request.user), by=request.user)
    messages.success(request, "已恢复提醒。")
    return redirect("reminders:receiving")
