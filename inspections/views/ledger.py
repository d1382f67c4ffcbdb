from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from campaign_portal import clock
from campaign_portal.accounts import access
from campaign_portal.accounts.access import EVERYONE, OFFICERS, Role
from campaign_portal.jobs import services as jobs
from campaign_portal.lists.models import SavedView
from campaign_portal.lists.paging import CAP, WIDE_CAP, capped_counts, page_of
from facilities.models import Facility

from .. import cells, columns
from ..bulk import MOST, bulk_acts_of
from ..edges import EDGES
from ..filters import RANGES, UNFINISHED
from ..imports import may_import
from ..ledger import ledger_of, tidied
from ..lists import HAZARDS
from ..models import Hazard, Photo
from ..models.hazards import is_overdue
from ..orders import DUE, ORDERS
from ..services.steps import limits_for
from ..services.verifying import doubts_about

READERS = EVERYONE - {Role.ASSOCIATION}

# The filters beside the search, and those that stand folded away, with the ranges of days, until one of them is set.
QUICK = ("state", "county", "supervisor", "facility", "grade", "category", "department")
MORE = ("campaign", "batch", "part", "source", "due", "recurs", "on_time", "planned")


@access.allow(*READERS)
def ledger(request):
    """The hazard ledger: what the user may see, filtered, sorted, with the columns that were chosen."""
    if moved := request.GET.get("left"):
        return redirect(HAZARDS.address(_moved_left(request.GET, moved).urlencode()))
    saved = list(SavedView.objects.of_list(HAZARDS.code, user=request.user))
    first = next((view for view in saved if view.is_first), None)
    if first and not request.GET:
        return redirect(first.address)
    shown = ledger_of(request.user, request.GET)
    page, beside = _page(shown, request)
    tidy = tidied(request.GET)
    doubts = _doubts(page.rows) if _is_verifying(request) else {}
    chips = _chips(shown.filter, tidy)
    bulk_acts = bulk_acts_of(request.user)
    context = {
        "filter": shown.filter,
        "chips": chips,
        "problems": [chip for chip in chips if chip["sentence"]],
        **_fields(shown.filter.form),
        "more_set": any(chip["name"] not in (*QUICK, "q") for chip in chips),
        "tidy": tidy,
        "cleared": urlencode(
            {"state": UNFINISHED} | {name: tidy[name] for name in ("columns", "sort") if name in tidy}
        ),
        "page": page,
        "rows": page.rows,
        "lines": cells.rows(page.rows, shown.columns, beside=beside, may_pick=bool(bulk_acts), doubts=doubts),
        "counts": capped_counts(
            shown.found, is_overdue(on=clock.today()), cap=CAP if shown.filter.is_bounded else WIDE_CAP
        ),
        "views": _ready_made(request.user, tidy),
        "saved": saved,
        "saved_here": next((view for view in saved if view.query == tidy.urlencode()), None),
        "may_share": request.user.is_caseworker,
        **_columns_and_order(shown, tidy),
        "bulk_acts": bulk_acts,
        "most_at_once": MOST,
        "facility": shown.filter.form.cleaned_data.get("facility"),
        "may_register": request.user.office.kind in OFFICERS,
        "may_report": request.user.office.kind == Role.HOME,
        "may_import": may_import(request.user),
    }
    return render(request, "inspections/ledger.html", context)


def _page(shown, request):
    """The page that the query string asks for, and what stands beside its rows in other tables."""
    query = request.GET
    rows = shown.flat(*WEIGHED, has_photos=HAS_PHOTOS) if _is_verifying(request) else shown.flat()
    page = page_of(rows, shown.order, after=query.get("after", ""), before=query.get("before", ""))
    return page, shown.beside(page.rows)


def _fields(form):
    """The fields of the filters as they stand on the page. One too long to offer is there only while it is set."""
    shown = {name: form[name] for name in (*QUICK, *MORE) if name in form.fields}
    return {
        "quick_fields": [shown[name] for name in QUICK if name in shown and not shown[name].is_hidden],
        "more_fields": [shown[name] for name in MORE if name in shown and not shown[name].is_hidden],
        "hidden_fields": [field for field in shown.values() if field.is_hidden and field.value()],
        "ranges": [(label, form[first], form[last]) for first, last, label in RANGES],
    }


# What is set, and how to drop it


def _without(tidy, **changes):
    """The address of the present view with some values changed; None drops one. Always the first page."""
    query = tidy.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = value
    return f"?{query.urlencode()}"


def _chips(found, tidy):
    """One for each filter that is set, with the link that drops it."""
    return [
        chip._asdict() | {"url": _without(tidy, **{chip.name: UNFINISHED if chip.name == "state" else None})}
        for chip in found.active()
    ]


# Ready-made views: (label, what it sets, for which kinds of office)
VIEWS = [
    ("未销号", {}, READERS),
    ("本单位未办结", {"part": "mine_open"}, frozenset({Role.DEPARTMENT})),
    ("待核实", {"state": "reported"}, READERS),
    ("待整改", {"state": "open"}, READERS),
    ("整改逾期", {"due": "overdue"}, READERS),
    ("7 天内到期", {"due": "week"}, READERS),
    ("待复查", {"state": "submitted"}, READERS),
    ("重大隐患", {"grade": "major", "state": "active"}, READERS),
    ("已销号", {"state": "closed"}, READERS),
    ("全部", {"state": "all"}, READERS),
]


# Of what is set, when a ready-made view is opened: where one looks, and how.
KEPT = ("campaign", "county", "supervisor", "facility", "columns", "sort")


def _ready_made(user, tidy):
    """The ready-made views, within the chosen campaign and place and with the chosen columns; the one shown is marked."""
    kept = {name: tidy[name] for name in KEPT if name in tidy}
    own = {name: value for name, value in tidy.items() if name not in KEPT}
    views = [(label, {"state": UNFINISHED} | params) for label, params, kinds in VIEWS if user.office.kind in kinds]
    return [
        {"label": label, "url": f"?{urlencode(params | kept)}", "is_here": own == params} for label, params in views
    ]


# Columns and order


def _columns_and_order(shown, tidy):
    bounded = shown.filter.is_bounded
    offered = [order for order in ORDERS.values() if bounded or order == DUE]
    others = [column for column in columns.COLUMNS.values() if column not in shown.columns]
    return {
        "columns": shown.columns,
        "other_columns": others,
        "most_columns": columns.MOST,
        "usual_columns": _without(tidy, columns=None),
        "order": shown.order,
        "orders": [way for order in offered for way in (order, order.turned)],
        "is_bounded": bounded,
        "heads": [_head(column, shown.order, offered) for column in shown.columns],
    }


def _head(column, order, offered):
    """A column's head: what a press on it sorts by, and how the list is sorted by it now."""
    own = ORDERS.get(column.order)
    if own not in offered:
        return {"label": column.label, "token": "", "direction": "", "arrow": ""}
    if own.key != order.key:
        return {"label": column.label, "token": own.token, "direction": "", "arrow": ""}
    direction, arrow = ("descending", "↓") if order.is_descending else ("ascending", "↑")
    return {"label": column.label, "token": order.turned.token, "direction": direction, "arrow": arrow}


def _moved_left(query, key):
    """The tidy query with one column moved a place to the left."""
    keys = [column.key for column in columns.chosen(query.getlist("columns"))]
    if key in keys[1:]:
        place = keys.index(key)
        keys[place - 1 : place + 1] = key, keys[place - 1]
    query = query.copy()
    query["columns"] = ",".join(keys)
    return tidied(query)


# Reports that wait to be confirmed


def _is_verifying(request):
    return request.GET.get("state") == Hazard.Status.REPORTED and request.user.office.kind in EDGES["verify"].roles


# What decides whether a report may be confirmed together with others (services.verifying.doubts_about).
WEIGHED = ("county_code", "fixed_on_spot", "measure", "responsible", "due_on", "previous_id")
HAS_PHOTOS = Exists(Photo.objects.filter(hazard=OuterRef("pk")))


def _doubts(rows):
    """Why a report should not be confirmed together with others: pk -> words."""
    if not rows:
        return {}
    days = limits_for(rows[0]).normal_days
    return {row.pk: "、".join(doubts_about(row, has_photos=row.has_photos, normal_days=days)) for row in rows}


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
