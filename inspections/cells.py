"""The rows of the ledger as HTML, written in Python rather than in templates.

Fifty rows of eight cells are four hundred includes, which were three quarters of the page's time; this is a fiftieth of
that (bench/README.md). Only the ledger's rows are worth it. Whatever comes from a row goes through `escape`; the
standard library's, since Django's looks for lazy texts first, which takes five times as long. Cells and rows have no
end tags, as HTML allows: two kilobytes a page.
"""

from html import escape

from django.urls import reverse
from django.utils.safestring import mark_safe

from campaign_portal import clock
from campaign_portal.campaigns.templatetags.portal import due_class, due_words, short_date

from .columns import SOURCES, STATES, home_of
from .models import Hazard

S = Hazard.Status
SUMMARY = 50  # characters of a description in a row
NOTHING = "—"


def rows(rows, columns, *, beside, may_pick, doubts):
    """The `<tr>`s of some rows of Ledger.flat(). `beside` is Ledger.beside() of them; `doubts` (pk → words) stand beside
    the description; `may_pick` gives a tick box each."""
    today, link = clock.today(), reverse("inspections:hazard", args=[0]).replace("/0/", "/{}/")
    makers = [(_opening(column), _maker(column, beside)) for column in columns]
    written = []
    for row in rows:
        known = {"today": today, "url": link.format(row.pk), "doubt": doubts.get(row.pk, "")}
        cells = "".join([f"{opening}{make(row, known)}" for opening, make in makers])
        written.append(f"<tr>{_pick(row) if may_pick else ''}{cells}")
    return mark_safe("\n".join(written))  # of escaped parts


def _opening(column):
    """The cell's opening tag: on a phone a card shows the label, unless the cell says itself what it is."""
    css = f' class="{column.css}"' if column.css else ""
    label = "" if column.says_itself else f' data-label="{escape(column.label)}"'
    return f"<td{css}{label}>"


def _maker(column, beside):
    """How a column's cells are written: from a row and what is known of it."""
    if column.key in COMPOSITE:
        return COMPOSITE[column.key]
    if column.beside:
        texts = beside.get(column.key, {})
        return lambda row, known: escape(texts.get(row.pk, "")) or NOTHING
    return lambda row, known: escape(column.value(row)) or NOTHING


def _pick(row):
    code = escape(row.code)
    return (
        f'<td><input type="checkbox" name="picked" value="{row.pk}:{row.version}" form="bulk" aria-label="选中 {code}">'
    )


def _code(row, known):
    found = short_date(row.found_on, known["today"])
    return f'<a href="{known["url"]}">{escape(row.code)}</a><small>{found} {SOURCES[row.source]}</small>'


def _home(row, known):
    return f"{escape(home_of(row))}<small>{escape(row.supervisor__short_name)}</small>"


def _summary(row, known):
    major = '<span class="major">重大</span>' if row.grade == Hazard.Grade.MAJOR else ""
    text = row.summary if len(row.summary) <= SUMMARY else f"{row.summary[: SUMMARY - 1]}…"
    doubt = f' · <span class="mark">{escape(known["doubt"])}</span>' if known["doubt"] else ""
    about = f"{escape(row.category__name)} · {escape(row.place)}"
    return f"<div>{major}{escape(text)}</div><small>{about}{doubt}</small>"


def _responsible(row, known):
    liaison = f"<small>包联 {escape(row.liaison)}</small>" if row.liaison else ""
    return f"{escape(row.responsible) or NOTHING}{liaison}"


def _status(row, known):
    return f'<span class="tag {row.status}">{STATES[row.status]}</span>'


def _marked(due_on, today):
    """How far a day is, in red or amber where it presses."""
    how, words = due_class(due_on, today), due_words(due_on, today)
    return f'<span class="{how}">{words}</span>' if how else words


def _due(row, known):
    today = known["today"]
    day = short_date(row.due_on, today)
    if row.status == S.OPEN:
        return f"{day}<br> {_marked(row.due_on, today)}"
    if row.status == S.SUBMITTED and row.recheck_due_on:
        return f"{day}<small>复查{_marked(row.recheck_due_on, today)}</small>"
    if row.status == S.CLOSED:
        return f"{day}<small>{short_date(row.closed_at, today)} 销号</small>"
    return day


# Two things that are read together, one under the other.
COMPOSITE = {
    "code": _code,
    "home": _home,
    "summary": _summary,
    "responsible": _responsible,
    "status": _status,
    "due": _due,
}
