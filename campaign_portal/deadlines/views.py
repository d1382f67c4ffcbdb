"""Pages of deadlines: a user's own list and month, the week of his area, what is overdue there, and how a day came about."""

from urllib.parse import urlencode

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse

from campaign_portal import clock
from campaign_portal.accounts import access
from campaign_portal.accounts.access import EVERYONE, OFFICERS, Role
from campaign_portal.accounts.bureaus import bureau_of
from campaign_portal.accounts.models import Area, Office

from . import looking, workdays
from . import month as months
from .forms import MineForm, OverdueForm, RowsForm
from .mine import HORIZON, by_nearness, horizon, is_tentative, kinds_for, upcoming
from .moves import moved, moves_of
from .registry import CAP, KINDS, Rung, planned_kinds

ACTORS = EVERYONE - {Role.EVALUATOR}  # who has a to-do list

PAGES = [
    ("mine", "我的期限", ACTORS),
    ("month", "月历", ACTORS),
    ("week", "一周", OFFICERS),
    ("overdue", "逾期与责任", OFFICERS),
    ("subscription", "手机日历", ACTORS),
]


def pages_for(user):
    return [(name, label, reverse(f"deadlines:{name}")) for name, label, roles in PAGES if user.office.kind in roles]


def _page(request, name, context, *, status=200):
    return render(
        request,
        f"deadlines/{name}.html",
        {"pages": pages_for(request.user), "here": name, **context},
        status=status,
    )


def _problems(form):
    return [f"{form.fields[name].label or ''} {error}".strip() if name in form.fields else error
            for name, errors in form.errors.items() for error in errors]  # fmt: skip


# One's own


@access.allow(*ACTORS)
def mine(request):
    """What the user has to do in the next weeks, the late first; of one kind or of one day if asked."""
    kinds = kinds_for(request.user)
    form = MineForm(request.GET, kinds=kinds)
    asked = form.cleaned_data if form.is_valid() else {}
    code, on = asked.get("kind", ""), asked.get("on")
    found = upcoming(request.user, since=on, until=on or horizon())
    items = [item for item in found.items if not code or item.kind.code == code]
    context = {
        "groups": by_nearness(items, today=clock.today()),
        "count": len(items),
        "capped": found.capped,
        "cap": CAP,
        "views": _kind_views(found.items, code, on),
        "on": on,
        "horizon": HORIZON,
        "moved": moved(items),
        "problems": _problems(form),
    }
    return _page(request, "mine", context, status=422 if form.errors else 200)


def _kind_views(items, code, on):
    """A link for all and one for each kind that there is: (label, count, address, whether it is shown now)."""
    day = {"on": f"{on:%Y-%m-%d}"} if on else {}
    labels = {item.kind.code: item.kind.label for item in items}
    counts = {key: sum(item.kind.code == key for item in items) for key in labels}
    links = [("全部", len(items), urlencode(day), not code)]
    links += [(labels[key], counts[key], urlencode({"kind": key} | day), key == code) for key in labels]
    return links


@access.allow(*ACTORS)
def month(request):
    today = clock.today()
    first, problem = months.asked(request.GET.get("month", ""), today=today)
    context = {"month": months.month_of(request.user, first, today=today), "problem": problem, "cap": CAP}
    return _page(request, "month", context, status=422 if problem else 200)


# What an office looks over


DAYS = 7


@access.allow(*OFFICERS)
def week(request):
    """How many of each kind are due on each of the next seven days; each number leads to its rows."""
    today, working = clock.today(), workdays.calendar()
    days = [workdays.after(today, number, in_workdays=False) for number in range(DAYS)]
    lines = looking.week(request.user, days)
    context = {
        "place": request.user.office.area.name,
        "days": [(day, months.mark_of(day, working), not working.is_workday(day)) for day in days],
        "lines": lines,
        "totals": [_total(column) for column in zip(*(line.cells for line in lines), strict=True)],
        "count": sum(line.count for line in lines),
        "cap": looking.CAP,
        "is_capped": any(line.is_capped for line in lines),
        "first": days[0],
        "last": days[-1],
        "is_tentative": working.is_tentative(days[0], days[-1]),
    }
    return _page(request, "week", context)


def _total(cells):
    return looking.Cell(cells[0].day, sum(cell.count for cell in cells), any(cell.is_partial for cell in cells))


@access.allow(*OFFICERS)
def overdue(request):
    """What is past its day in the user's area, by whose move it is; the most first."""
    form, today = OverdueForm(request.GET), clock.today()
    county = form.cleaned_data["county"] if form.is_valid() else ""
    found = looking.overdue(request.user, today=today, before=today - clock.ONE_DAY, county=county)
    context = {
        "found": found,
        "burdens": [(burden, _address(burden, found.by_county, county)) for burden in found.burdens],
        "place": _county_name(county) if found.count else "",
        "county": county,
        "most": looking.MOST,
        "problems": ["没有这样的县（市、区）。"] if form.errors else [],
    }
    return _page(request, "overdue", context, status=422 if form.errors else 200)


def _address(burden, by_county, county):
    """Of the rows behind a line, to which a kind can be added."""
    asked = {"county": burden.key} if by_county else {"office": burden.key, "county": county}
    query = urlencode({"state": "overdue"} | {name: value for name, value in asked.items() if value})
    return f"{reverse('deadlines:rows')}?{query}"


def _county_name(code):
    return Area.objects.filter(code=code).values_list("name", flat=True).first() or "" if code else ""


@access.allow(*OFFICERS)
def rows(request):
    """The open ones behind a number of the week or of what is overdue."""
    form = RowsForm(request.GET)
    found, name = looking.Found([], []), ""
    if form.is_valid():
        found = _rows(request.user, form.cleaned_data)
        name = _office_name(form.cleaned_data["office"]) if found.pairs else ""
    listed = found.pairs[: looking.LISTED]
    context = {
        "form": form,
        "problems": _problems(form),
        "lines": _lines(listed),
        "count": len(found.pairs),
        "is_cut": bool(found.capped) or len(found.pairs) > looking.LISTED,
        "listed": looking.LISTED,
        "office": name,
    }
    return _page(request, "rows", context, status=422 if form.errors else 200)


def _rows(user, asked):
    """Where one office is asked for, as many are read as the page of what is overdue counts."""
    kinds = [kind for kind in planned_kinds() if asked["kind"] in ("", kind.code)]
    until = asked["until"]
    if asked["state"] == "overdue":
        yesterday = clock.today() - clock.ONE_DAY
        until = min(until, yesterday) if until else yesterday
    office = asked["office"]
    most = looking.MOST if office else looking.LISTED
    found = looking.entries(user, kinds, most=most, since=asked["since"], until=until, county=asked["county"])
    return looking.of_office(found, office) if office else found


def _lines(pairs):
    """(kind, entry, names of the offices whose move it is)."""
    offices = looking.offices_named(pairs)
    return [(kind, entry, _names(entry, offices)) for kind, entry in pairs]


NAMED = 3  # offices a line; the rest are a number


def _names(entry, offices):
    names = sorted(offices[pk].short_name for pk in looking.answering(entry) if pk in offices)
    more = f"等 {len(names)} 个单位" if len(names) > NAMED else ""
    return "、".join(names[:NAMED]) + more


def _office_name(pk):
    return Office.objects.filter(pk=pk).values_list("name", flat=True).first() or "" if pk else ""


# How a day came about


@access.allow(*Role)
def history(request, code, pk):
    """One deadline: on which rule it stands, who answers for it, and the days it had before."""
    kind = KINDS.get(code)
    if kind is None or kind.open is None:
        raise Http404
    row = _readable(kind, request.user, pk)
    entry = next(iter(kind.entries(kind.open().filter(pk=pk))), None)
    context = {
        "kind": kind,
        "row": row,
        "entry": entry,
        "is_tentative": bool(entry) and is_tentative(kind, entry.due_on, workdays.calendar()),
        "ladder": _ladder(entry) if entry else [],
        "moves": moves_of(kind, [pk]).get(pk, []),
    }
    return _page(request, "history", context)


def _readable(kind, user, pk):
    """The row if it is open and in the user's sight, his own to do, or of those whose history he may read; else 404."""
    ways = [kind.seen(user)] if kind.seen else [kind.visible_to(user)]
    ways += [kind.rows(user, horizon())] if kind in kinds_for(user) else []
    for rows in ways:
        if row := rows.filter(pk=pk).first():
            return row
    raise Http404


def _ladder(entry):
    """[(rung in words, who stands on it)], from who has to act up to the county."""
    offices = Office.objects.in_bulk({post.office for _, post in entry.posts})
    found = {}
    for rung, post in entry.posts:
        who = post.person.name if post.person else offices[post.office].name
        found.setdefault(rung, []).append(who)
    acting = next((offices[post.office] for _, post in entry.posts), None)
    if Rung.COUNTY not in found and acting and (bureau := bureau_of(acting)):
        found[Rung.COUNTY] = [bureau.name]
    return [(rung.label, "、".join(dict.fromkeys(found[rung]))) for rung in sorted(found)]
