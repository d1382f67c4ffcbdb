"""From the text of a notice to what it says."""

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import replace
from datetime import date

from . import dates, deadlines, header, lines, lint, outline, phases, several, targets, units
from .draft import Period, Reading
from .page import Page
from .script import cleaned

MOST_CHARACTERS = 1_000_000
YEAR_NAMED = re.compile(r"((?:19|20)\d{2})年(?!以来|至今|来|底?前的|[至到-])")


def read_notice(text: str, known_numbers: Collection[str] | None = None) -> Reading:
    """Everything the rules find in `text`. Takes any string; what is not there stays empty.

    `known_numbers` are the numbers of documents on file: others that the notice cites become findings.
    """
    text = cleaned(text)[:MOST_CHARACTERS]
    simplified, rules = lines.rules_text(text)
    rows = lines.lines_of(text, rules)
    starts = several.beginnings(rows)
    reading = several.joined([_read(text, simplified, rules, part) for part in several.parts_of(rows, starts)])
    found = lint.findings(reading, known_numbers)
    found += [lint.another_notice(rows[i].start, rows[i].end) for i in starts]
    return replace(reading, findings=found)


def _read(text, simplified, rules, rows):
    head = header.read_header(rows, text)
    page = _page(text, rules, rows, head)
    steps, used = phases.read_phases(page)
    due, period = deadlines.read_deadlines(page, used, steps)
    return Reading(
        text=text, simplified=simplified, title=head.title, document_number=head.document_number, issuers=head.issuers,
        addressees=head.addressees, issue_date=head.issue_date, publish_date=head.publish_date, campaign_name=head.campaign_name,
        plan_title=head.plan_title, period=period or _derived(steps), phases=steps, tasks=page.tasks, deadlines=due,
        targets=targets.read_targets(page, due, steps, head.title.value if head.title else ""),
        units=units.named_above(head, text) + units.read_units(page), cited=units.read_cited(page, head.document_number),
        furniture=[(r.start, r.end) for r in rows if r.kind in ("page", "value", "number", "table")],
    )  # fmt: skip


def _page(text, rules, rows, head):
    body = [_as_text(row, i, head) for i, row in enumerate(rows)]
    flow = lines.Flow(body, rules)
    issued = date.fromisoformat(head.issue_date.value) if head.issue_date else None
    known = dates.Calendar(issued, *(() if issued else _year_of(head, flow.text)))
    return Page(text, flow, known, outline.read_outline(flow, text))


def _as_text(row, i, head):
    """A line as the rules shall see it: titles and signature are no text, a table behind the head is."""
    if i in head.used:
        return replace(row, kind="head")
    if row.kind == "table" and i > head.body_line and not lines.is_metadata(row):
        return replace(row, kind="body")
    return row


def _year_of(head, text):
    """The year of a text without a day of issue: that of its title or number, else the one it names most, the later of two."""
    for phrase, said in ((head.title, "title"), (head.plan_title, "title"), (head.document_number, "number")):
        match = re.search(r"(?:19|20)\d{2}", phrase.value) if phrase else None
        if match:
            return int(match[0]), said
    years = Counter(int(y) for y in YEAR_NAMED.findall(text[:200_000]))
    return (max(years, key=lambda y: (years[y], y)), "text") if years else (None, "")


def _derived(steps):
    if not steps:
        return None
    return Period(
        min(s.starts_on for s in steps), max(s.ends_on for s in steps), steps[0].start, steps[-1].end, is_derived=True
    )
