from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from campaign_portal import clock
from campaign_portal.accounts import access
from campaign_portal.accounts.access import EVERYONE, OFFICERS, Role
from campaign_portal.jobs import services as jobs
from facilities.models import Facility

from ..edges import EDGES
from ..filters import LedgerFilter
from ..imports import may_import
from ..models import Hazard
from ..paging import capped_count, page_of
from ..services.steps import limits_for
from ..services.verifying import doubts_about

READERS = EVERYONE - {Role.ASSOCIATION}


# Filters that stand folded away until one of them is set.
MORE = ("campaign", "source", "due", "found_from", "found_to", "due_from", "due_to")


@access.allow(*READERS)
def ledger(request):
    """The hazard ledger: what the user may see, filtered, in order of due date."""
    scoped = Hazard.objects.visible_to(request.user)
    found = LedgerFilter(request.GET, scoped, user=request.user)
    page = page_of(found.qs.for_ledger(), request.GET.get("after", ""))
    count, is_capped = capped_count(found.qs)
    picking = _picking(page.rows, request)
    context = {
        "filter": found,
        "more_set": any(request.GET.get(name) for name in MORE),
        "is_set": {name for name, value in found.form.cleaned_data.items() if value and name != "state"},
        "rows": page.rows,
        "lines": [
            {"hazard": row, "may_pick": row.pk in picking, "doubt": picking.get(row.pk, "")} for row in page.rows
        ],
        "next_after": page.next_after,
        "count": count,
        "is_capped": is_capped,
        "late": capped_count(found.qs.overdue(on=clock.today()))[0],
        "views": _views(request),
        "picking": picking,
        "facility": found.form.cleaned_data.get("facility"),
        "may_register": request.user.office.kind in OFFICERS,
        "may_report": request.user.office.kind == Role.HOME,
        "may_import": may_import(request.user),
    }
    return render(request, "inspections/ledger.html", context)


VIEWS = [
    ("未销号", {}),
    ("待核实", {"state": "reported"}),
    ("待整改", {"state": "open"}),
    ("整改逾期", {"due": "overdue"}),
    ("7 天内到期", {"due": "week"}),
    ("待复查", {"state": "submitted"}),
    ("重大隐患", {"grade": "major", "state": "active"}),
    ("已销号", {"state": "closed"}),
    ("全部", {"state": "all"}),
]


def _views(request):
    """The ready-made views, keeping the chosen campaign; the one that is shown is marked."""
    kept = {name: request.GET[name] for name in ("campaign",) if request.GET.get(name)}
    own = {name: value for name, value in request.GET.items() if value and name not in (*kept, "after")}
    return [
        {"label": label, "url": f"?{urlencode(params | kept)}", "is_here": own == params} for label, params in VIEWS
    ]


def _picking(rows, request):
    """Which rows may be confirmed in one go: pk -> "" for a clean one, else why not. Empty unless that is being shown."""
    if request.GET.get("state") != Hazard.Status.REPORTED or not rows:
        return {}
    if request.user.office.kind not in EDGES["verify"].roles:
        return {}
    mine = [row for row in rows if EDGES.allows(row, "verify", by=request.user)]
    with_photos = Hazard.objects.filter(pk__in=[row.pk for row in mine], photos__isnull=False)
    shown = set(with_photos.values_list("pk", flat=True))
    days = limits_for(rows[0]).normal_days
    return {row.pk: "、".join(doubts_about(row, has_photos=row.pk in shown, normal_days=days)) for row in mine}


@access.allow(*OFFICERS, Role.HOME)
@require_POST
def pack(request):
    """Start packing one home's ledger with its photos into a ZIP."""
    homes = Facility.objects.visible_to(request.user)
    pk = request.POST.get("facility")
    own = Facility.objects.run_by(request.user).first()
    facility = own if own and not pk else get_object_or_404(homes, pk=_number(pk))
    job = jobs.start(
        "hazards.pack", title=f"{facility} 隐患台账及照片", by=request.user, params={"facility": facility.pk}
    )
    messages.success(request, "已开始打包，完成后可在这里下载。")
    return redirect(reverse("jobs:job", args=[job.pk]))


def _number(text):
    return int(text) if text and text.isdecimal() and len(text) < 19 else 0
