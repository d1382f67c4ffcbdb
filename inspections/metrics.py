"""Figures of the hazard ledger. Each is counted over what the user may see, now or as of a past day, and links to its rows.

The links lead to the ledger as it stands now: for a past day the number stays true, the rows behind it have moved on.
"""

from collections import Counter
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from django.db.models import Count, Q, Sum
from django.urls import reverse

from campaign_portal import clock
from campaign_portal.accounts.access import EVERYONE, OFFICERS, Role
from campaign_portal.accounts.models import Area, Office
from campaign_portal.campaigns import metrics
from campaign_portal.campaigns.metrics import Figure, Metric
from facilities.metrics import homes_by_place
from facilities.models import Facility

from .daily import place_of, rows, stock, tally, trend
from .models import Category, Hazard
from .models.hazards import is_planned

__all__ = ["rows", "tally", "trend"]

READERS = EVERYONE - {Role.ASSOCIATION}
S = Hazard.Status
G = Hazard.Grade
REPORTED = (S.REPORTED, S.RETURNED, *Hazard.COUNTED)  # whatever is not void
HANDED_IN = (S.SUBMITTED, S.CLOSED)


@cache
def _ledger():
    """The ledger's address. A board names it hundreds of times."""
    return reverse("inspections:ledger")


def ledger_url(campaign, **params):
    """The ledger with the rows that a figure counted."""
    pairs = params | ({"campaign": campaign.pk} if campaign else {})
    return f"{_ledger()}?" + "&".join(f"{name}={value}" for name, value in pairs.items())


# Single figures


def closed_rate(user, campaign, on=None):
    counted = tally(user, campaign, on)
    url = ledger_url(campaign, state=S.CLOSED)
    return Figure("隐患整改销号率", "%", counted.of(S.CLOSED), counted.of(*Hazard.COUNTED), url, note="条")


def on_time_rate(user, campaign, on=None):
    """Of the hazards struck off, those rectified within the limit that held when they were (extensions included)."""
    counted = tally(user, campaign, on)
    url = ledger_url(campaign, state=S.CLOSED, on_time="yes")
    return Figure("按期整改率", "%", counted.of("on_time"), counted.of(S.CLOSED), url, note="条已销号隐患")


def recurrence(user, campaign, on=None):
    """Of the hazards in the register, those that name a struck-off one which they repeat."""
    counted = tally(user, campaign, on)
    url = ledger_url(campaign, state="registered", recurs="yes")
    return Figure("隐患重复发生率", "%", counted.of("recurring"), counted.of(*Hazard.COUNTED), url, note="条")


def overdue(user, campaign, on=None):
    counted = tally(user, campaign, on)
    late, major = counted.of("overdue"), counted.of("overdue", grade=G.MAJOR)
    note = f"其中重大 {major} 条" if major else "整改超过期限"
    return Figure("整改逾期", "条", late, None, ledger_url(campaign, due="overdue"), note=note, is_bad=late > 0)


def recheck_overdue(user, campaign, on=None):
    late = tally(user, campaign, on).of("recheck_overdue")
    url = ledger_url(campaign, due="recheck")
    return Figure("复查逾期", "条", late, None, url, note="提交整改后超过复查期限", is_bad=late > 0)


def major_open(user, campaign, on=None):
    counted = tally(user, campaign, on)
    unfinished = counted.of(S.OPEN, S.SUBMITTED, grade=G.MAJOR)
    url = ledger_url(campaign, grade=G.MAJOR, state="active")
    note = f"待复查 {counted.of(S.SUBMITTED, grade=G.MAJOR)} 条 · 目标 0"
    return Figure("重大隐患未销号", "条", unfinished, None, url, note=note, is_bad=unfinished > 0)


def waiting(user, campaign, on=None):
    counted = tally(user, campaign, on)
    late = counted.of("recheck_overdue")
    url = ledger_url(campaign, state=S.SUBMITTED)
    note = f"其中超过复查期限 {late} 条" if late else "均在复查期限内"
    return Figure("等待复查", "条", counted.of(S.SUBMITTED), None, url, note=note)


# The same by place and by home, for indicators


class Told(NamedTuple):
    """What a figure counts: names in `daily.stock` over each other, of a grade; `params` lead to its rows."""

    label: str
    unit: str
    numerator: tuple
    params: dict
    denominator: tuple = ()
    grade: str | None = None

    def by_place(self, user, campaign, on=None):
        """{supervisor's (county's) key: Figure}."""
        counted = tally(user, campaign, on)
        param = PLACES[place_of(user)][0]
        return {place: self._of(counted, campaign, place, param) for place in counted.places()}

    def _of(self, counted, campaign, place, param):
        whole = counted.of(*self.denominator, place=place, grade=self.grade) if self.denominator else None
        number = counted.of(*self.numerator, place=place, grade=self.grade)
        return Figure(self.label, self.unit, number, whole, ledger_url(campaign, **self.params, **{param: place}))

    def by_home(self, user, campaign, on=None):
        """{the home's own office's pk: Figure}."""
        day = on or clock.today()
        found = rows(user, campaign, on)
        found = found.filter(grade=self.grade) if self.grade else found
        conditions = stock(day, of="hazard__" if on else "")
        counts = {name: Count("pk", filter=conditions[name]) for name in {*self.numerator, *self.denominator}}
        groups = (
            found.order_by()
            .values("facility", "facility__office")
            .annotate(**{f"n_{name}": count for name, count in counts.items()})
        )
        return {group["facility__office"]: self._of_home(group, campaign) for group in groups}

    def _of_home(self, group, campaign):
        number, whole = (sum(group[f"n_{name}"] for name in names) for names in (self.numerator, self.denominator))
        url = ledger_url(campaign, **self.params, facility=group["facility"])
        return Figure(self.label, self.unit, number, whole if self.denominator else None, url)


CLOSED_RATE = Told("隐患整改销号率", "%", (S.CLOSED,), {"state": S.CLOSED}, Hazard.COUNTED)
ON_TIME_RATE = Told("按期整改率", "%", ("on_time",), {"state": S.CLOSED, "on_time": "yes"}, (S.CLOSED,))
OVERDUE = Told("整改逾期隐患", "条", ("overdue",), {"due": "overdue"})
RECHECK_OVERDUE = Told("复查逾期隐患", "条", ("recheck_overdue",), {"due": "recheck"})
MAJOR_OPEN = Told("重大隐患未销号", "条", (S.OPEN, S.SUBMITTED), {"grade": G.MAJOR, "state": "active"}, grade=G.MAJOR)
FOUND = Told("排查发现隐患", "条", tuple(Hazard.COUNTED), {"state": "registered"})
CLOSED = Told("已销号隐患", "条", (S.CLOSED,), {"state": S.CLOSED})


def found(user, campaign, on=None):
    number = tally(user, campaign, on).of(*Hazard.COUNTED)
    return Figure(FOUND.label, "条", number, None, ledger_url(campaign, state="registered"))


def closed(user, campaign, on=None):
    return Figure(
        CLOSED.label, "条", tally(user, campaign, on).of(S.CLOSED), None, ledger_url(campaign, state=S.CLOSED)
    )


ON_HOME_PAGES = READERS - {Role.EVALUATOR}
NOWHERE_AT_FIRST = frozenset()

for code, roles, count, told in [
    ("hazards.closed_rate", ON_HOME_PAGES, closed_rate, CLOSED_RATE),
    ("hazards.overdue", ON_HOME_PAGES, overdue, OVERDUE),
    ("hazards.major_open", ON_HOME_PAGES, major_open, MAJOR_OPEN),
    ("hazards.waiting", ON_HOME_PAGES, waiting, None),
    ("hazards.recheck_overdue", NOWHERE_AT_FIRST, recheck_overdue, RECHECK_OVERDUE),
    ("hazards.on_time_rate", NOWHERE_AT_FIRST, on_time_rate, ON_TIME_RATE),
    ("hazards.recurrence", NOWHERE_AT_FIRST, recurrence, None),
    ("hazards.found", NOWHERE_AT_FIRST, found, FOUND),
    ("hazards.closed", NOWHERE_AT_FIRST, closed, CLOSED),
]:
    offered = (
        {"name": told.label, "unit": told.unit, "by_place": told.by_place, "by_home": told.by_home} if told else {}
    )
    metrics.register(Metric(code, roles, count, **offered))


# The funnel

STAGES = [
    ("上报登记", REPORTED, "valid"),
    ("已核实", Hazard.COUNTED, "registered"),
    ("已提交整改", HANDED_IN, "handed_in"),
    ("已销号", (S.CLOSED,), S.CLOSED),
]


def funnel(user, campaign, on=None, grade=None):
    """How far the hazards have come, as four Figures, each at most the one before it.

    上报登记: all but void ones, those not yet verified (待核实、退回补正) included; 已核实: in the register; 已提交整改: waiting
    for the re-check or struck off (one that was sent back is open again and no longer counts here); 已销号. Void ones count
    nowhere. `grade` narrows it to 一般 ("normal") or 重大 ("major").
    """
    counted = tally(user, campaign, on)
    narrowed = {"grade": grade} if grade else {}
    return [
        Figure(label, "条", counted.of(*states, grade=grade), None, ledger_url(campaign, state=state, **narrowed))
        for label, states, state in STAGES
    ]


def funnel_by_grade(user, campaign, on=None):
    """[("一般", funnel), ("重大", funnel)]."""
    return [(grade.label, funnel(user, campaign, on, grade)) for grade in G]


def stages(user, campaign, on=None):
    """The funnel as lines of a table: all, 一般 and 重大 at each stage, and the share of what was reported."""
    every = funnel(user, campaign, on)
    normal, major = (figures for _, figures in funnel_by_grade(user, campaign, on))
    return [
        {"all": one, "normal": two, "major": three, "share": metrics.percent(one.value, every[0].value)}
        for one, two, three in zip(every, normal, major, strict=True)
    ]


# Tables: {"title", "first" (head of the first column), "counts_homes", "lines"}


def by_place(user, campaign, on=None):
    """One line per township (supervisor), above the county one per county, for bureaus and departments, worst first.

    None for other roles. "drills" says whether a line leads to its homes.
    """
    if user.office.kind not in (Role.BUREAU, Role.DEPARTMENT):
        return None
    key = ("hazards.by_place", user.pk, campaign and campaign.pk, on)
    return metrics.shared(key, lambda: _by_place(user, campaign, on))


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
    return words | {"template": PROGRESS, "counts_homes": True, "lines": _worst_first(lines), "total": _sum(lines)}


PROGRESS = "inspections/figures/_progress.html"
PLACES = {  # column → (the ledger's filter, what the table says)
    "supervisor": ("supervisor", {"title": "乡镇进度", "first": "乡镇（监管单位）", "drills": True}),
    "county_code": ("county", {"title": "各县进度", "first": "县（市、区）", "drills": False}),
}


def _names(place, keys):
    if place == "supervisor":
        return {pk: office.short_name for pk, office in Office.objects.in_bulk(keys).items()}
    known = dict(Area.objects.filter(code__in=keys).values_list("code", "name"))
    return {code: known.get(code, "未定县") for code in keys}


def by_home(user, campaign, on=None, supervisor=None):
    """One line per home for townships, worst first; for the other officers the homes of one supervisor. Else None."""
    if user.office.kind != Role.TOWNSHIP and not (supervisor and user.office.kind in OFFICERS):
        return None
    key = ("hazards.by_home", user.pk, campaign and campaign.pk, on, supervisor and supervisor.pk)
    return metrics.shared(key, lambda: _by_home(user, campaign, on, supervisor))


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
    return words | {"lines": _worst_first(lines), "total": _sum(lines)}


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
    counted = NOTHING | counted
    return counted | {
        "name": name,
        "homes": homes,
        "rate": metrics.percent(counted["closed"], counted["all"]),
        "all_url": ledger_url(campaign, state="registered", **params),
        "closed_url": ledger_url(campaign, state=S.CLOSED, **params),
        "overdue_url": ledger_url(campaign, due="overdue", **params),
        "recheck_url": ledger_url(campaign, due="recheck", **params),
        "major_open_url": ledger_url(campaign, state="active", grade=G.MAJOR, **params),
        "params": params,
    }


ADDED = ("homes", "all", "closed", "overdue", "recheck", "major_open")


def _sum(lines):
    """The line under a table of places or of homes: each hazard and each home stands in one line."""
    total = {name: sum(line[name] for line in lines) for name in ADDED}
    return total | {"rate": metrics.percent(total["closed"], total["all"])}


def _worst_first(lines):
    return sorted(lines, key=lambda line: (-line["overdue"] - line["recheck"], -line["all"]))


def _most_first(lines):
    return sorted(lines, key=lambda line: (-line["all"], line["name"]))


metrics.TABLES["hazards.by_place"] = by_place
metrics.TABLES["hazards.by_home"] = by_home
metrics.NUMBERED.append(lambda campaign: Hazard.objects.filter(campaign=campaign).exists())


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


# The official form


def official_form(user, campaign, start, end, on=None):
    """The statistics form of work-safety reports, twelve columns, for hazards found from `start` to `end`, as of day `on`.

    Columns are dicts of `group`, `label`, `value` (a number, a Decimal of 万元, or None where there is nothing to say),
    `unit`, `url` and `note`. Found means in the register (neither void nor unverified), by the day of the inspection.
    """
    of = "hazard__" if on else ""
    found = rows(user, campaign, on).in_register().filter(**{f"{of}found_on__range": (start, end)})
    counts = {}
    for grade in G:
        counts |= {f"{grade}_all": Q(grade=grade), f"{grade}_closed": Q(grade=grade, status=S.CLOSED)}
    in_work = Q(grade=G.MAJOR, status__in=[S.OPEN, S.SUBMITTED])
    planned = Q(is_planned=True) if on else is_planned()
    counted = found.aggregate(
        homes=Count("facility", distinct=True),
        in_work=Count("pk", filter=in_work),
        planned=Count("pk", filter=in_work & planned),
        funds=Sum("funds"),
        **{name: Count("pk", filter=q) for name, q in counts.items()},
    )

    def url(**params):
        period = {"found_from": start, "found_to": end}
        return ledger_url(campaign, **({"state": "registered"} | params | period))

    columns = [_column("", "排查单位", counted["homes"], "家", "", "有隐患记录的机构；没查出隐患的排查尚未登记")]
    for grade, group, fixed in ((G.NORMAL, "一般隐患", "已整改"), (G.MAJOR, "重大隐患", "已整改销号")):
        every, closed = counted[f"{grade}_all"], counted[f"{grade}_closed"]
        columns += [
            _column(group, "排查发现", every, "条", url(grade=grade)),
            _column(group, fixed, closed, "条", url(grade=grade, state=S.CLOSED)),
            _column(group, "整改率", metrics.percent(closed, every), "%", ""),
        ]
    active = {"grade": G.MAJOR, "state": "active"}
    not_yet = "挂牌督办尚未在本系统办理"
    return [
        *columns,
        _column("重大隐患", "列入治理计划", counted["in_work"], "条", url(**active), "未销号、已有整改期限的"),
        _column("重大隐患", "其中五落实", counted["planned"], "条", url(**active, planned="yes")),
        _column("重大隐患", "挂牌督办", None, "条", "", not_yet),
        _column("重大隐患", "其中省级挂牌", None, "条", "", not_yet),
        _column("", "累计落实资金", round(counted["funds"] or Decimal(), 2), "万元", ""),
    ]


def _column(group, label, value, unit, url, note=""):
    return {"group": group, "label": label, "value": value, "unit": unit, "url": url, "note": note}


from . import selfcheck_metrics  # noqa: E402, F401 - registers the figures of self-checks, after those of hazards
