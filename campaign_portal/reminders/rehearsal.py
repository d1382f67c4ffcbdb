"""Who would get what on a day, and why: the plan of that day, grouped by person. Nothing is written."""

from collections import Counter
from typing import NamedTuple

from campaign_portal.accounts.models import Office, User
from campaign_portal.deadlines.registry import KINDS, Rung

from . import planner

MOST_PEOPLE = 200  # on one page


class Line(NamedTuple):
    """One thing that a person would be told of."""

    kind: str
    title: str
    url: str
    due_on: object
    why: str
    rung: str
    is_urgent: bool
    is_major: bool


class Recipient(NamedTuple):
    name: str
    office: str
    phone: str  # of somebody without an account
    has_account: bool
    lines: list


class Total(NamedTuple):
    """How many reminders of a kind, by rung."""

    kind: str
    by_rung: list
    count: int


class Rehearsal(NamedTuple):
    recipients: list  # the first MOST_PEOPLE
    people: int
    reminders: int
    digests: int  # messages: one for each person with something that is not urgent
    urgent: int
    without_account: int
    totals: list
    offices: list  # (pk, name) of all that would hear something, to choose from
    kinds: list  # (code, label)

    @property
    def is_cut(self):
        return self.people > len(self.recipients)


def rehearse(bureau, on, *, office=None, kind="", most=MOST_PEOPLE):
    """The plan of day `on`, narrowed to the people of an office or to a kind. Three queries beside those of the plan."""
    whole = planner.rehearse(bureau, on)
    names = dict(Office.objects.filter(pk__in={one.office for one in whole}).values_list("pk", "name"))
    chosen = [one for one in whole if office in (None, one.office) and kind in ("", one.kind)]
    by_person = _by_person(chosen)
    return Rehearsal(
        recipients=_recipients(by_person, names, most),
        people=len(by_person),
        reminders=len(chosen),
        digests=len({one.who for one in chosen if not one.is_urgent}),
        urgent=sum(one.is_urgent for one in chosen),
        without_account=len({one.who for one in chosen if not one.user}),
        totals=_totals(chosen),
        offices=sorted(names.items(), key=lambda pair: pair[1]),
        kinds=[(code, KINDS[code].label) for code in KINDS if code in {one.kind for one in whole}],
    )


def _by_person(planned):
    """{who: [planned, …]}, an office's people together, what is urgent and oldest first."""
    found = {}
    in_order = sorted(planned, key=lambda one: (one.office, one.who, not one.is_urgent, one.due_on, one.rung))
    for one in in_order:
        found.setdefault(one.who, []).append(one)
    return found


def _recipients(by_person, names, most):
    shown = list(by_person.values())[:most]
    users = User.objects.in_bulk({rows[0].user for rows in shown if rows[0].user})
    return [_recipient(rows, names, users) for rows in shown]


def _recipient(rows, names, users):
    first = rows[0]
    name = users[first.user].name if first.user else first.name or "未填姓名"
    return Recipient(name, names[first.office], first.phone, bool(first.user), [_line(one) for one in rows])


def _line(one):
    label = KINDS[one.kind].label
    if one.entry is None:
        why = f"启用以前已逾期的 {one.count} 件合在一起提醒一次"
        return Line(label, f"{label}：{one.count} 件逾期已久", "", one.due_on, why, "", one.is_urgent, False)
    why = f"告知：{one.rule.words}" if one.is_passed_over else one.rule.words
    entry = one.entry
    return Line(label, entry.title, entry.url, one.due_on, why, one.rung.label, one.is_urgent, entry.is_major)


def _totals(planned):
    counts = Counter((one.kind, int(one.rung)) for one in planned)
    found = []
    for code in KINDS:
        by_rung = [counts[code, rung] for rung in Rung.values]
        if any(by_rung):
            found.append(Total(KINDS[code].label, by_rung, sum(by_rung)))
    return found
