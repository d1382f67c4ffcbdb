"""The one table of the ledger's columns: what a list can show of a hazard.

A page of the ledger reads rows, not hazards: named tuples of the few values that its columns read. Making fifty hazards
with their homes, categories and offices took three times as long as asking for them (bench/README.md).
"""

from collections import defaultdict
from collections.abc import Callable
from typing import NamedTuple

from django.utils import timezone

from campaign_portal.accounts.models import Office

from .models import Hazard, Part, Request


class Column(NamedTuple):
    """One column. `value(row)` is what its cells say, unless cells.py writes them itself (COMPOSITE).

    `reads` are the paths from a hazard that the cells need, by which a row has them: row.facility__name. What a row
    cannot hold, as there may be several, comes from `beside(pks)` → {pk: text}, one query for a page. `order` is the key
    in orders.ORDERS that the head sorts by; `css` the class of the cells.
    """

    key: str
    label: str
    value: Callable | None
    reads: tuple[str, ...] = ()
    beside: Callable | None = None
    order: str = ""
    css: str = ""
    says_itself: bool = False  # a card on a phone shows it without its label


def _day(value):
    """2026-11-22, from a date or a moment; "" for none."""
    if not value:
        return ""
    return f"{timezone.localtime(value) if hasattr(value, 'tzinfo') else value:%Y-%m-%d}"


def _plain(name, show=str):
    """A column's `value` and `reads` where it is one value shown as it is, or by `show`."""
    return {"value": lambda row: show(getattr(row, name)), "reads": (name,)}


def _cut(text):
    """A long text, short enough for a row."""
    return text if len(text) <= 40 else f"{text[:39]}…"


def home_of(row):
    """What a row's home is called, as str(Facility) has it."""
    return row.facility__short_name or row.facility__name


def _joined(rows):
    """{pk: texts with 、 between} of (pk, text) pairs."""
    texts = defaultdict(list)
    for pk, text in rows:
        texts[pk].append(text)
    return {pk: "、".join(found) for pk, found in texts.items()}


def holders_of(pks):
    """{pk of a hazard: the labels of the offices that hold its parts}. One query."""
    offices = [f"office__{name}" for name in Office.LABELLED_BY]
    parts = Part.objects.filter(hazard__in=pks).order_by("pk").values_list("hazard", *offices)
    return _joined((pk, Office.labelled(*office)) for pk, *office in parts)


def _asked(pks):
    asked = Request.objects.filter(hazard__in=pks).order_by("pk").values_list("hazard", "kind", "status")
    return _joined((pk, f"{KINDS[kind]}{OUTCOMES[status]}") for pk, kind, status in asked)


SOURCES, GRADES, STATES = dict(Hazard.Source.choices), dict(Hazard.Grade.choices), dict(Hazard.Status.choices)
KINDS, OUTCOMES = dict(Request.Kind.choices), dict(Request.Outcome.choices)
HOME = ("facility__name", "facility__short_name")

COLUMNS = {
    column.key: column
    for column in (
        # Composite in a list (cells.py): two things that are read together.
        Column("code", "编号 / 来源", None, ("code", "found_on", "source"), order="code", css="no", says_itself=True),
        Column("home", "机构", None, (*HOME, "supervisor__short_name"), order="home", css="who", says_itself=True),
        Column("summary", "隐患", None, ("summary", "grade", "category__name", "place"), css="summary", says_itself=True),
        Column("parts", "责任部门", None, beside=holders_of, css="names"),
        Column("responsible", "责任人", None, ("responsible", "liaison"), css="who"),
        Column("status", "状态", None, ("status",), says_itself=True),
        Column("due", "整改期限", None, ("due_on", "status", "recheck_due_on", "closed_at"), order="due", css="no"),
        # One thing each.
        Column("found_on", "排查日期", **_plain("found_on", _day), order="found", css="no"),
        Column("source", "排查方式", **_plain("source", SOURCES.get), css="who"),
        Column("found_by", "排查单位", **_plain("found_by__short_name"), css="who"),
        Column("supervisor", "监管单位", **_plain("supervisor__short_name"), css="who"),
        Column("place", "部位", **_plain("place")),
        Column("category", "类别", **_plain("category__name"), css="who"),
        Column("grade", "等级", **_plain("grade", GRADES.get), order="grade"),
        Column("measure", "整改措施", **_plain("measure", _cut), css="long"),
        Column("funds", "资金（万元）", **_plain("funds", lambda funds: "" if funds is None else str(funds)), css="num"),
        Column("liaison", "包联责任人", **_plain("liaison"), css="who"),
        Column("rectified_on", "整改完成日期", **_plain("rectified_on", _day), css="no"),
        Column("recheck_due_on", "复查期限", **_plain("recheck_due_on", _day), order="recheck", css="no"),
        Column("rechecked_on", "复查日期", **_plain("rechecked_on", _day), css="no"),
        Column("recheck_note", "复查结论", **_plain("recheck_note", _cut), css="long"),
        Column("closed_at", "销号日期", **_plain("closed_at", _day), order="closed", css="no"),
        Column("round", "轮次", **_plain("round", lambda number: f"第 {number} 轮"), css="who"),
        Column("requests", "延期 / 作废申请", None, beside=_asked, css="long"),
        Column("campaign", "专项行动", **_plain("campaign__title"), css="long"),
    )
}  # fmt: skip
DEFAULT = ("code", "home", "summary", "parts", "responsible", "status", "due")
FIRST = "code"  # leads to the hazard, so it is always there
MOST = 14  # more of them fit no screen


def chosen(names):
    """The columns that a query string names, in its order, each once; the usual ones if it names none that exist.

    `names` are the values of `columns`, each one key or several with commas between them.
    """
    keys = [key for name in names for key in name.split(",")]
    keys = list(dict.fromkeys(key for key in keys if key in COLUMNS))
    keys = (keys or list(DEFAULT))[:MOST]
    if FIRST not in keys:
        keys = [FIRST, *keys[: MOST - 1]]
    return [COLUMNS[key] for key in keys]
