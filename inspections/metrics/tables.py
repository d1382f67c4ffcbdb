"""Tables: {"title", "first" (head of the first column), "counts_homes", "lines"}, and where hazards come back."""

from collections import Counter

from django.db.models import Count, Q

from campaign_portal import clock
from campaign_portal.accounts.access import OFFICERS, Role
from campaign_portal.accounts.models import Area, Office
from campaign_portal.campaigns.metrics import percent, shared
from facilities.metrics import homes_by_place
from facilities.models import Facility

from ..daily import place_of, rows, stock, tally
from ..models import Category, Hazard
from .links import PLACES, G, S, ledger_url

PROGRESS = "inspections/figures/_progress.html"


def by_place(user, campaign, on=None):
    """One line per township (supervisor), above the county one per county, for bureaus and departments, worst first.

    None for other roles. "drills" says whether a line leads to its homes.
    """
    if user.office.kind not in (Role.BUREAU, Role.DEPARTMENT):
        return None
    key = ("hazards.by_place", user.pk, campaign and campaign.pk, on)
    return shared(key, lambda: _by_place(user, campaign, on))


def _by_place(user, campaign, on):
    place = place_of(user)
    homes = Counter()
    for (its, _), number in homes_by_place(user, on).items():
        homes[its] += number
    counted = tally(user, campaign, on)
    names = _names(place, set(homes) | counted.places())
    param, words = PLACES[place]
    lines = [
        _line(name, _from_tally(counted, key), campaign, homes=homes.get(key, 0), **{param: key})
        for key, name in names.items()
    ]
    total = _sum(lines, campaign)
    return words | {"template": PROGRESS, "counts_homes": True, "lines": _worst_first(lines), "total": total}


def _names(place, keys):
    if place == "supervisor":
        return dict(Office.objects.filter(pk__in=keys).order_by("pk").values_list("pk", "short_name"))
    known = dict(Area.objects.filter(code__in=keys).values_list("code", "name"))
    return {code: known.get(code, "未定县") for code in keys}


def by_home(user, campaign, on=None, supervisor=None):
    """One line per home for townships, worst first; for the other officers the homes of one supervisor. Else None."""
    if user.office.kind != Role.TOWNSHIP and not (supervisor and user.office.kind in OFFICERS):
        return None
    key = ("hazards.by_home", user.pk, campaign and campaign.pk, on, supervisor and supervisor.pk)
    return shared(key, lambda: _by_home(user, campaign, on, supervisor))


def _by_home(user, campaign, on, supervisor):
    found, homes = rows(user, campaign, on), _homes(user, on)
    if supervisor:
        found, homes = found.filter(supervisor=supervisor), homes.filter(supervisor=supervisor)
    counted, homes = _grouped(found, "facility", on), homes.in_bulk()
    homes |= Facility.objects.in_bulk(counted.keys() - homes.keys())  # that have left, but not their hazards
    narrowed = {"supervisor": supervisor.pk} if supervisor else {}
    lines = [
        _line(str(home), counted.get(pk, {}), campaign, homes=1, facility=pk, **narrowed) for pk, home in homes.items()
    ]
    title = f"{supervisor.short_name}的机构" if supervisor else "机构进度"
    words = {"title": title, "first": "机构", "counts_homes": False, "template": PROGRESS}
    return words | {"lines": _worst_first(lines), "total": _sum(lines, campaign, **narrowed)}


def by_category(user, campaign, on=None):
    """One line per category of hazards in the register, most first."""
    counted = _grouped(rows(user, campaign, on), "category", on)
    names = Category.objects.in_bulk(set(counted))
    lines = [_line(names[pk].name, of_it, campaign, category=pk) for pk, of_it in counted.items()]
    return {"title": "隐患类别", "first": "类别", "counts_homes": False, "lines": _most_first(lines)}


def by_source(user, campaign, on=None):
    """One line per way in which hazards were found, most first."""
    counted = _grouped(rows(user, campaign, on), "hazard__source" if on else "source", on)
    lines = [_line(Hazard.Source(source).label, of_it, campaign, source=source) for source, of_it in counted.items()]
    return {"title": "排查方式", "first": "排查方式", "counts_homes": False, "lines": _most_first(lines)}


def recurring_pairs(user, campaign, on=None, most=10):
    """Where the same kind of hazard comes back most: dicts of home, category, times and url, most first."""
    of = "hazard__" if on else ""
    again = rows(user, campaign, on).in_register().filter(**{f"{of}previous__isnull": False}).order_by()
    pairs = again.values("facility", "category").annotate(times=Count("pk")).order_by("-times", "facility", "category")
    pairs = list(pairs[:most])
    homes = Facility.objects.in_bulk({pair["facility"] for pair in pairs})
    categories = Category.objects.in_bulk({pair["category"] for pair in pairs})
    return [
        {
            "home": homes[pair["facility"]],
            "category": categories[pair["category"]],
            "times": pair["times"],
            "url": ledger_url(
                campaign, state="registered", recurs="yes", facility=pair["facility"], category=pair["category"]
            ),
        }
        for pair in pairs
    ]


def _homes(user, on):
    homes = Facility.objects.visible_to(user)
    return homes.in_register(on=on) if on else homes


def _grouped(found, group, on):
    """What the lines of a table need, by `group`, over the hazards in the register."""
    day = on or clock.today()
    conditions = stock(day, of="hazard__" if on else "")
    counts = {
        "all": Q(),
        "closed": conditions[S.CLOSED],
        "overdue": conditions["overdue"],
        "recheck": conditions["recheck_overdue"],
        "major_open": Q(grade=G.MAJOR, status__in=[S.OPEN, S.SUBMITTED]),
    }
    counted = found.in_register().order_by().values(group)
    counted = counted.annotate(**{f"n_{name}": Count("pk", filter=q) for name, q in counts.items()})
    return {line[group]: {name: line[f"n_{name}"] for name in counts} for line in counted}


def _from_tally(counted, place):
    return {
        "all": counted.of(*Hazard.COUNTED, place=place),
        "closed": counted.of(S.CLOSED, place=place),
        "overdue": counted.of("overdue", place=place),
        "recheck": counted.of("recheck_overdue", place=place),
        "major_open": counted.of(S.OPEN, S.SUBMITTED, place=place, grade=G.MAJOR),
    }


NOTHING = {"all": 0, "closed": 0, "overdue": 0, "recheck": 0, "major_open": 0}


def _line(name, counted, campaign, homes=None, **params):
    counted = NOTHING | {"homes": homes} | counted
    return counted | {
        "name": name,
        "rate": percent(counted["closed"], counted["all"]),
        "all_url": ledger_url(campaign, state="registered", **params),
        "closed_url": ledger_url(campaign, state=S.CLOSED, **params),
        "overdue_url": ledger_url(campaign, due="overdue", **params),
        "recheck_url": ledger_url(campaign, due="recheck", **params),
        "major_open_url": ledger_url(campaign, state="active", grade=G.MAJOR, **params),
        "params": params,
    }


ADDED = ("homes", "all", "closed", "overdue", "recheck", "major_open")


def _sum(lines, campaign, **params):
    """The line under a table of places or of homes: each hazard and each home stands in one line."""
    return _line("合计", {name: sum(line[name] for line in lines) for name in ADDED}, campaign, **params)


def _worst_first(lines):
    return sorted(lines, key=lambda line: (-line["overdue"] - line["recheck"], -line["all"]))


def _most_first(lines):
    return sorted(lines, key=lambda line: (-line["all"], line["name"]))
