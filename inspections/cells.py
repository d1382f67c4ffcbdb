"""The rows of the ledger as HTML, written in Python rather than in templates.

Fifty rows of eight cells are four hundred includes, which were three quarters of the page's time; this is a twentieth of
that (bench/README.md). Only the ledger's rows are worth it. Everything goes through format_html, which escapes.
"""

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from campaign_portal import clock
from campaign_portal.campaigns.templatetags.portal import due_class, due_words, short_date

from .models import Hazard

S = Hazard.Status
SUMMARY = 50  # characters of a description in a row
NOTHING = mark_safe("—")


def rows(hazards, columns, *, may_pick, doubts):
    """The `<tr>`s of some hazards. `doubts` (pk → words) stand beside the description; `may_pick` gives a tick box each."""
    today, link = clock.today(), reverse("inspections:hazard", args=[0]).replace("/0/", "/{}/")
    openings = [_opening(column) for column in columns]
    makers = [COMPOSITE.get(column.key) or _plain(column) for column in columns]
    written = []
    for hazard in hazards:
        known = {"today": today, "url": link.format(hazard.pk), "doubt": doubts.get(hazard.pk, "")}
        cells = [open_ + make(hazard, known) + CLOSING for open_, make in zip(openings, makers, strict=True)]
        written.append(mark_safe(f"<tr>{_pick(hazard) if may_pick else ''}{''.join(cells)}</tr>"))  # of escaped parts
    return mark_safe("\n".join(written))


CLOSING = mark_safe("</td>")


def _opening(column):
    """The cell's opening tag: on a phone a card shows the label, unless the cell says itself what it is."""
    css = format_html(' class="{}"', column.css) if column.css else ""
    label = "" if column.says_itself else format_html(' data-label="{}"', column.label)
    return format_html("<td{}{}>", css, label)


def _pick(hazard):
    box = '<td><input type="checkbox" name="picked" value="{}:{}" form="bulk" aria-label="选中 {}"></td>'
    return format_html(box, hazard.pk, hazard.version, hazard.code)


def _plain(column):
    return lambda hazard, known: format_html("{}", column.value(hazard)) or NOTHING


def _code(hazard, known):
    found, source = short_date(hazard.found_on, known["today"]), hazard.get_source_display()
    return format_html('<a href="{}">{}</a><small>{} {}</small>', known["url"], hazard.code, found, source)


def _home(hazard, known):
    return format_html("{}<small>{}</small>", hazard.facility, hazard.supervisor.short_name)


def _summary(hazard, known):
    major = mark_safe('<span class="major">重大</span>') if hazard.is_major else ""
    text = hazard.summary if len(hazard.summary) <= SUMMARY else f"{hazard.summary[: SUMMARY - 1]}…"
    doubt = format_html(' · <span class="mark">{}</span>', known["doubt"]) if known["doubt"] else ""
    return format_html("<div>{}{}</div><small>{} · {}{}</small>", major, text, hazard.category, hazard.place, doubt)


def _responsible(hazard, known):
    liaison = format_html("<small>包联 {}</small>", hazard.liaison) if hazard.liaison else ""
    return format_html("{}{}", hazard.responsible or "—", liaison)


def _status(hazard, known):
    return format_html('<span class="tag {}">{}</span>', hazard.status, hazard.get_status_display())


def _due(hazard, known):
    today = known["today"]
    day = short_date(hazard.due_on, today)
    if hazard.status == S.OPEN:
        how, words = due_class(hazard.due_on, today), due_words(hazard.due_on, today)
        return format_html('{}<br><span class="{}">{}</span>', day, how, words)
    if hazard.status == S.SUBMITTED and hazard.recheck_due_on:
        how, words = due_class(hazard.recheck_due_on, today), due_words(hazard.recheck_due_on, today)
        return format_html('{}<small class="{}">复查{}</small>', day, how, words)
    if hazard.status == S.CLOSED:
        return format_html("{}<small>{} 销号</small>", day, short_date(hazard.closed_at, today))
    return format_html("{}", day)


# Two things that are read together, one under the other.
COMPOSITE = {
    "code": _code,
    "home": _home,
    "summary": _summary,
    "responsible": _responsible,
    "status": _status,
    "due": _due,
}
