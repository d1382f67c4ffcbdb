"""What hazards give to a summary report. Figures are those of metrics/; lists stand as of the report's last day.

Status, grade, limits, funds and responsible offices come from the history of that day. Words (what was found, who sets it
right and how) are kept once, so they are those of the moment the report is made, and the report says so.
"""

from itertools import groupby
from typing import NamedTuple

from django.db.models import Case, Count, IntegerField, Min, Q, When

from campaign_portal import clock
from campaign_portal.accounts.models import Office
from campaign_portal.campaigns.metrics import figure, percent
from campaign_portal.documents import charts
from campaign_portal.documents.registry import Part, Section, register

from . import metrics
from .models import Hazard

MOST_ROWS = 200  # of one list; a longer one is for Excel (a row costs 20 ms and 0.6 MB on paper)
S = Hazard.Status
MAJOR = Q(grade=Hazard.Grade.MAJOR)


# How far the work has come


def progress(order):
    """The main figures at the end of the period and before it began, in sentences, a table and two charts."""
    of = (order.user, order.campaign, order.on)
    before, now = (_standing(order, day) for day in (order.since - clock.ONE_DAY, order.on))
    steps = metrics.funnel(*of)
    return now | {
        "homes": figure("facilities.count", order.user, campaign=order.campaign, on=order.on),
        "unverified": steps[0].numerator - steps[1].numerator,
        "on_time": _rate(metrics.on_time_rate(*of)),
        "changes": [_change(name, before[key], now[key]) for key, name in STANDING],
        "rates": [before["rate"], now["rate"]],
        "before_on": order.since - clock.ONE_DAY,
        "funnel": _funnel(steps) if steps[0].numerator else "",
        "trend": _trend(order),
    }


STANDING = [
    ("confirmed", "确认隐患"),
    ("major", "其中重大隐患"),
    ("closed", "已整改销号"),
    ("open", "待整改"),
    ("submitted", "待复查"),
    ("overdue", "整改逾期"),
    ("recheck_overdue", "复查逾期"),
    ("major_open", "重大隐患未销号"),
]


def _standing(order, day):
    """How many hazards stood where at the end of a day."""
    counted = metrics.tally(order.user, order.campaign, day)
    confirmed, closed = counted.of(*Hazard.COUNTED), counted.of(S.CLOSED)
    return {
        "confirmed": confirmed,
        "closed": closed,
        "rate": _in_words(percent(closed, confirmed)),
        "major": counted.of(*Hazard.COUNTED, grade=Hazard.Grade.MAJOR),
        "major_open": counted.of(S.OPEN, S.SUBMITTED, grade=Hazard.Grade.MAJOR),
        "open": counted.of(S.OPEN),
        "submitted": counted.of(S.SUBMITTED),
        "overdue": counted.of("overdue"),
        "recheck_overdue": counted.of("recheck_overdue"),
    }


class Change(NamedTuple):
    name: str
    before: int
    now: int
    difference: str


def _change(name, before, now):
    return Change(name, before, now, f"{now - before:+d}".replace("-", "−") if now != before else "0")


def _in_words(rate):
    """A rate as it is printed: 84.9%, 100%, or a dash where there was nothing to count."""
    return "—" if rate is None else f"{rate:g}%"


def _plain(value):
    """A number without idle zeros, or a dash."""
    return "—" if value is None else f"{value:.2f}".rstrip("0").rstrip(".")


def _rate(counted):
    return {"part": counted.numerator, "whole": counted.denominator, "rate": _in_words(counted.value)}


def _funnel(steps):
    return charts.funnel([(step.label, step.numerator) for step in steps], title="隐患办理进展")


def _trend(order):
    """Unfinished and overdue hazards day by day; nothing where fewer than three days have been counted."""
    points = metrics.trend(order.user, order.campaign, order.on, (order.on - order.since).days + 1)
    if len(points) < 3 or not any(point.unfinished for point in points):
        return ""
    series = [
        charts.Series("未销号", [point.unfinished for point in points]),
        charts.Series("整改逾期", [point.overdue for point in points]),
    ]
    days = [f"{point.day.month}月{point.day.day}日" for point in points]
    return charts.line_chart(days, series, title="未销号和整改逾期隐患走势")


def by_place(order):
    """A line per township (above the county per county), or per home for a township's own report, with their sum."""
    of = (order.user, order.campaign, order.on)
    table = metrics.by_place(*of) or metrics.by_home(*of)
    lines = [line | {"rate": _in_words(line["rate"])} for line in table["lines"]]
    total = table["total"] | {"rate": _in_words(table["total"]["rate"])}
    more = max(len(lines) - MOST_ROWS, 0)
    return {"table": table, "lines": lines[:MOST_ROWS], "total": total, "more": more}


def by_category(order):
    lines = metrics.by_category(order.user, order.campaign, order.on)["lines"]
    bars = [(line["name"], line["all"]) for line in lines]
    return {"bars": bars, "chart": charts.bar_chart(bars, title="各类隐患数量")}


def official_form(order):
    """The statistics form of work-safety reports, its columns under the heads they share."""
    columns = metrics.official_form(order.user, order.campaign, order.since, order.on, order.on)
    for column in columns:
        column["shown"] = _plain(column["value"])
    heads = [(group, list(held)) for group, held in groupby(columns, key=lambda column: column["group"])]
    return {"columns": columns, "heads": heads}


for code, title, gather in [
    ("progress", "总体进展", progress),
    ("by_place", "各单位进展", by_place),
    ("by_category", "隐患类别", by_category),
    ("official_form", "隐患排查治理情况统计表", official_form),
]:
    register(
        Section(
            code=f"hazards.{code}",
            part=Part.WORK,
            title=title,
            template=f"inspections/sections/{code}.html",
            gather=gather,
        )
    )


# Lists


def _then(order):
    return metrics.rows(order.user, order.campaign, order.on)


def _list(found):
    """The rows of a list with what their lines need, at most MOST_ROWS, and how many there are in all."""
    rows = list(found.select_related("hazard", "facility", "supervisor")[:MOST_ROWS])
    count = found.count() if len(rows) == MOST_ROWS else len(rows)
    return {"rows": rows, "count": count, "more": count - len(rows)}


def _offices_of(rows):
    """The offices that held a part of each row then: {history pk: "消防、住建"}."""
    ids = {row.pk: [int(pk) for pk in row.departments.split(",") if pk] for row in rows}
    offices = Office.objects.in_bulk({pk for held in ids.values() for pk in held})
    return {row: "、".join(offices[pk].label for pk in held if pk in offices) for row, held in ids.items()}


def late(order):
    found = _then(order).overdue(on=order.on).order_by("due_on", "hazard_id")
    counted = found.aggregate(homes=Count("facility", distinct=True), major=Count("pk", MAJOR), first=Min("due_on"))
    listed = _list(found)
    for row in listed["rows"]:
        row.days_late = (order.on - row.due_on).days
    return listed | counted | {"most_days": (order.on - counted["first"]).days if counted["first"] else 0}


def late_rechecks(order):
    listed = _list(_then(order).recheck_overdue(on=order.on).order_by("recheck_due_on", "hazard_id"))
    offices = _offices_of(listed["rows"])
    for row in listed["rows"]:
        row.days_late = (order.on - row.recheck_due_on).days
        row.offices = offices[row.pk]
    return listed


def major(order):
    found = _then(order).in_register().filter(MAJOR)
    counted = found.aggregate(
        closed=Count("pk", Q(status=S.CLOSED)),
        submitted=Count("pk", Q(status=S.SUBMITTED)),
        open=Count("pk", Q(status=S.OPEN)),
    )
    is_closed = Case(When(status=S.CLOSED, then=1), default=0, output_field=IntegerField())
    listed = _list(found.order_by(is_closed, "due_on", "hazard_id"))  # unfinished ones first
    for row in listed["rows"]:
        row.funds_in_words = "缺" if row.funds is None else f"{_plain(row.funds)}万元"
    return listed | counted


def recurring(order):
    of = (order.user, order.campaign, order.on)
    return {"again": _rate(metrics.recurrence(*of)), "pairs": metrics.recurring_pairs(*of)}


def _counted(*names, **narrowed):
    """rows() of a list: as many as the daily figures say, so that a page need not read the list to announce it."""

    def rows(order):
        on = None if order.on == clock.today() else order.on
        return metrics.tally(order.user, order.campaign, on).of(*names, **narrowed)

    return rows


for code, title, gather, rows in [
    ("late", "整改逾期隐患", late, _counted("overdue")),
    ("late_rechecks", "复查逾期隐患", late_rechecks, _counted("recheck_overdue")),
    ("major", "重大隐患", major, _counted(*Hazard.COUNTED, grade=Hazard.Grade.MAJOR)),
    ("recurring", "重复发生的隐患", recurring, None),
]:
    register(
        Section(
            code=f"hazards.{code}",
            part=Part.PROBLEMS,
            title=title,
            template=f"inspections/sections/{code}.html",
            gather=gather,
            rows=rows,
        )
    )
