"""The ledger on paper: A4 across, the columns that inspectors ask for, a head on every page, a line for signatures."""

from django.contrib import messages
from django.http import QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from campaign_portal.accounts import access
from campaign_portal.accounts.access import EVERYONE, Role

from ..ledger import ledger_of
from ..selection import chosen_rows, read_picked

MOST = 1000  # rows; more belong into a sheet
READERS = EVERYONE - {Role.ASSOCIATION}


@access.allow(*READERS)
def ledger_print(request):
    """The rows of a ledger's query; or, posted from the ledger, those ticked."""
    picked = read_picked(request.POST.getlist("picked"))
    query = QueryDict(request.POST.get("query", "")) if request.method == "POST" else request.GET
    rows = chosen_rows(request.user, picked, query).select_related("found_by", "criterion", "closed_by", "previous")
    found = list(rows.prefetch_related("parts__done_by")[: MOST + 1])
    if len(found) > MOST:
        messages.warning(request, f"一次最多打印 {MOST} 条。请缩小筛选范围，或导出 Excel。")
        return redirect(f"{reverse('inspections:ledger')}?{query.urlencode()}")
    context = {
        "hazards": found,
        "conditions": [] if picked else ledger_of(request.user, query).conditions,
        "query": query.urlencode(),
    }
    return render(request, "inspections/ledger_print.html", context)
