"""One page for every bulk step: which rows it takes, which it leaves out and why; then it does what was shown."""

from django.contrib import messages
from django.http import QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from campaign_portal.accounts import access

from ..bulk import BULK_ACTS, MOST, do_many, preview
from ..forms import CountyRules
from ..selection import chosen_rows, read_picked

TOLD = 10  # refusals named one by one


def _bulk_view(act):
    @access.allow(*act.roles)
    @require_POST
    def view(request):
        versions, back = read_picked(request.POST.getlist("picked")), back_to(request)
        hazards = _chosen(request, versions)
        if not hazards:
            messages.info(request, "没有选中任何隐患。请先在左边打勾。")
            return redirect(back)
        if len(hazards) > MOST:
            messages.warning(request, f"一次最多办理 {MOST} 条，请先缩小筛选范围。")
            return redirect(back)
        is_sent = "confirmed" in request.POST
        rules = CountyRules(hazards[0])
        form = act.form(request.POST if is_sent else None, user=request.user, rules=rules)
        if is_sent and form.is_valid():
            pairs = [(hazard, versions[hazard.pk]) for hazard in hazards if hazard.pk in versions]
            _tell(request, act, do_many(act, pairs, by=request.user, data=form.cleaned_data))
            return redirect(back)
        lines = preview(act, hazards, by=request.user)
        context = {
            "act": act,
            "form": form,
            "fit": [line.hazard for line in lines if not line.refusal],
            "left_out": [line for line in lines if line.refusal],
            "versions": versions,
            "back": back,
        }
        return render(request, "inspections/bulk.html", context, status=422 if form.errors else 200)

    view.__name__ = f"bulk_{act.slug}"
    return view


def _chosen(request, versions):
    """The hazards of the step: those ticked, or all that the ledger finds. Up to one more than a go takes."""
    if not versions and not request.POST.get("all"):
        return []
    rows = chosen_rows(request.user, versions, QueryDict(request.POST.get("query", "")))
    return list(rows.prefetch_related("requests", "parts__acting_office")[: MOST + 1])


def back_to(request):
    """The ledger as it was left; never anybody else's address."""
    back = request.POST.get("back", "")
    return back if back.startswith("/hazards/?") else "inspections:ledger"


def _tell(request, act, lines):
    done = sum(not line.refusal for line in lines)
    refused = [line for line in lines if line.refusal]
    if done:
        messages.success(request, f"{act.label}：已办理 {done} 条。")
    for line in refused[:TOLD]:
        messages.warning(request, f"{line.hazard.code} 没有办理：{line.refusal}")
    if len(refused) > TOLD:
        messages.warning(request, f"还有 {len(refused) - TOLD} 条没有办理，请在台账中逐条查看。")


bulk_views = [(act, _bulk_view(act)) for act in BULK_ACTS]
