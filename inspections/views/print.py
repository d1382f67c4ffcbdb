"""The ledger on paper: A4 across, the columns that inspectors ask for, a head on every page, a line for signatures."""

from django.contrib import messages
from django.http import QueryDict
from django.shortcuts import redirect, render

from campaign_portal.accounts import access
from campaign_portal.accounts.access import EVERYONE, Role

from ..filters import LedgerFilter
from ..models import Hazard
from ..selection import chosen_rows, read_picked

MOST = 1000  # rows; more belong into a sheet
READERS = EVERYONE - {Role.ASSOCIATION}


@access.allow(*READERS)
def ledger_print(request):
    """The rows of a ledger's query, or of those the ones ticked (`picked`, as "pk:version")."""
    query = QueryDict(request.GET.urlencode(), mutable=True)
    picked = read_picked(query.pop("picked", []))
    rows = chosen_rows(request.user, picked, query).select_related("found_by", "criterion", "closed_by", "previous")
    found = list(rows.prefetch_related("parts__done_by")[: MOST + 1])
    if len(found) > MOST:
        messages.warning(request, f"一次最多打印 {MOST} 条。请缩小筛选范围，或导出 Excel。")
        return redirect(f"/hazards/?{query.urlencode()}")
    context = {"hazards": found, "conditions": [] if picked else conditions(query, request.user)}
    return render(request, "inspections/ledger_print.html", context)


def conditions(query, user):
    """The filter in words, ["状态：待整改", "机构：…"], for the head of what leaves the portal."""
    form = LedgerFilter(query, Hazard.objects.none(), user=user).form
    if not form.is_valid():
        return []
    words = []
    for name, value in form.cleaned_data.items():
        if value not in (None, ""):
            field = form.fields[name]
            said = dict(getattr(field, "choices", ())).get(value, value) if isinstance(value, str) else value
            words.append(f"{field.label}：{said}")
    return words
