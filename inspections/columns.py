"""The one table of the ledger's columns: what a list, a print and a sheet can show of a hazard."""

from collections.abc import Callable
from typing import NamedTuple

from django.utils import timezone


class Column(NamedTuple):
    """One column. `value(hazard)` is its plain text; cells.py shows more of some in a list.

    `order` is the key in orders.ORDERS that its head sorts by; `joins` and `prefetches` are what the rows need for it
    beyond `for_ledger()`; `css` the class of its cells.
    """

    key: str
    label: str
    value: Callable
    order: str = ""
    joins: tuple[str, ...] = ()
    prefetches: tuple[str, ...] = ()
    css: str = ""
    says_itself: bool = False  # a card on a phone shows it without its label


def _day(value):
    """2026-11-22, from a date or a moment; "" for none."""
    if not value:
        return ""
    return f"{timezone.localtime(value) if hasattr(value, 'tzinfo') else value:%Y-%m-%d}"


def _cut(name):
    """The text of a long field, short enough for a row."""

    def value(hazard):
        text = getattr(hazard, name)
        return text if len(text) <= 40 else f"{text[:39]}…"

    return value


def _asked(hazard):
    asked = hazard.requests.all()
    return "、".join(f"{request.get_kind_display()}{request.get_status_display()}" for request in asked)


COLUMNS = {
    column.key: column
    for column in (
        # Composite in a list (cells.py): two things that are read together.
        Column("code", "编号 / 来源", lambda h: h.code, order="code", css="no", says_itself=True),
        Column("home", "机构", lambda h: str(h.facility), order="home", css="who", says_itself=True),
        Column(
            "summary",
            "隐患",
            lambda h: h.summary,
            order="grade",
            css="summary",
            says_itself=True,
        ),
        Column("parts", "责任部门", lambda h: "、".join(part.office.short_name for part in h.parts.all()), css="names"),
        Column("responsible", "责任人", lambda h: h.responsible, css="who"),
        Column("status", "状态", lambda h: h.get_status_display(), says_itself=True),
        Column("due", "整改期限", lambda h: _day(h.due_on), order="due", css="no"),
        # One thing each.
        Column("found_on", "排查日期", lambda h: _day(h.found_on), order="found", css="no"),
        Column("source", "排查方式", lambda h: h.get_source_display(), css="who"),
        Column("found_by", "排查单位", lambda h: h.found_by.short_name, css="who", joins=("found_by",)),
        Column("supervisor", "监管单位", lambda h: h.supervisor.short_name, css="who"),
        Column("place", "部位", lambda h: h.place),
        Column("category", "类别", lambda h: h.category.name, css="who"),
        Column("grade", "等级", lambda h: h.get_grade_display(), order="grade"),
        Column("measure", "整改措施", _cut("measure"), css="long"),
        Column("funds", "资金（万元）", lambda h: "" if h.funds is None else str(h.funds), css="num"),
        Column("liaison", "包联责任人", lambda h: h.liaison, css="who"),
        Column("rectified_on", "整改完成日期", lambda h: _day(h.rectified_on), css="no"),
        Column("recheck_due_on", "复查期限", lambda h: _day(h.recheck_due_on), order="recheck", css="no"),
        Column("rechecked_on", "复查日期", lambda h: _day(h.rechecked_on), css="no"),
        Column("recheck_note", "复查结论", _cut("recheck_note"), css="long"),
        Column("closed_at", "销号日期", lambda h: _day(h.closed_at), order="closed", css="no"),
        Column("round", "轮次", lambda h: f"第 {h.round} 轮", css="who"),
        Column("requests", "延期 / 作废申请", _asked, css="long", prefetches=("requests",)),
        Column("campaign", "专项行动", lambda h: h.campaign.title, css="long", joins=("campaign",)),
    )
}
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
