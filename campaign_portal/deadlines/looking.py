"""What is open in the eyes of an officer, whoever has to act: the week by kind, what is overdue by office, and the rows."""

from collections import Counter
from datetime import date
from typing import NamedTuple

from django.db.models import Count, F, Q

from campaign_portal.accounts import access
from campaign_portal.accounts.models import Area, Office
from campaign_portal.lists.paging import CAP

from .registry import Entry, Kind, Rung, planned_kinds

MOST = 5000  # entries of a kind that are told by office, the oldest first
LISTED = 200  # rows of a page
PLACES = 100  # lines of the page of what is overdue


def within(kind, user, *, since=None, until=None, county=""):
    """The open ones of a kind that the user may see, due between two days (both count), in a county."""
    rows = kind.visible_to(user)
    if since:
        rows = rows.filter(**{f"{kind.due}__gte": since})
    if until:
        rows = rows.filter(**{f"{kind.due}__lte": until})
    return rows.filter(**{f"{kind.area}county_code": county}) if county else rows


# The week


class Cell(NamedTuple):
    day: date
    count: int
    is_partial: bool  # there are more than were counted


class WeekLine(NamedTuple):
    kind: Kind
    cells: list[Cell]
    count: int
    is_capped: bool


def week(user, days, *, cap=CAP):
    """How many of each kind are due on each day; kinds with none are left out. One query a kind, counting up to `cap`."""
    lines = [_week_line(kind, user, days, cap) for kind in planned_kinds()]
    return [line for line in lines if line.count]


def _week_line(kind, user, days, cap):
    rows = within(kind, user, since=days[0], until=days[-1]).annotate(due_day=F(kind.due))
    sums = {f"on_{number}": Count("pk", filter=Q(due_day=day)) for number, day in enumerate(days)}
    found = rows.order_by(kind.due, "pk").values("pk", "due_day")[: cap + 1].aggregate(**sums)
    counts = [found[name] for name in sums]
    is_capped = sum(counts) > cap
    reached = max((day for day, count in zip(days, counts, strict=True) if count), default=days[-1])
    cells = [Cell(day, count, is_capped and day >= reached) for day, count in zip(days, counts, strict=True)]
    return WeekLine(kind, cells, min(sum(counts), cap), is_capped)


# The rows


class Found(NamedTuple):
    pairs: list[tuple[Kind, Entry]]  # earliest due first
    capped: list[str]  # labels of the kinds of which only the first ones are here


def entries(user, kinds, *, most, since=None, until=None, county=""):
    """Up to `most` of each kind, the earliest due. Two queries a kind."""
    found = Found([], [])
    for kind in kinds:
        rows = within(kind, user, since=since, until=until, county=county)
        pks = list(rows.order_by(kind.due, "pk").values_list("pk", flat=True)[: most + 1])
        if len(pks) > most:
            found.capped.append(kind.label)
        if pks:
            found.pairs.extend((kind, entry) for entry in kind.entries(kind.open().filter(pk__in=pks[:most])))
    found.pairs.sort(key=lambda pair: (pair[1].due_on, not pair[1].is_major, pair[0].code, pair[1].pk))
    return found


def answering(entry):
    """The offices whose move it is; a milestone of every township has many."""
    return {post.office for rung, post in entry.posts if rung == Rung.RESPONSIBLE}


def of_office(found, office):
    return found._replace(pairs=[pair for pair in found.pairs if office in answering(pair[1])])


def offices_named(pairs):
    """The offices of these entries, by id. One query."""
    return Office.objects.in_bulk({office for _, entry in pairs for office in answering(entry)})


# What is overdue, and whose move it is


class Burden(NamedTuple):
    """What is overdue at one place: an office, or above the county a county."""

    key: object  # id of the office or code of the county; None where nobody's
    name: str
    oldest: date
    count: int
    kinds: list[tuple[Kind, int]]


class Overdue(NamedTuple):
    burdens: list[Burden]  # the most first
    left_out: int  # places that the page has no room for
    count: int
    capped: list[str]
    by_county: bool


def overdue(user, *, today, before, county=""):
    """Whatever is past its day (up to `before`), by who has to act. Above the county by county, until one is chosen."""
    found = entries(user, planned_kinds(), most=MOST, until=before, county=county)
    offices = offices_named(found.pairs)
    by_county = not county and not access.scope_of(user).is_within_county
    name_of = _counties(offices) if by_county else {pk: office.name for pk, office in offices.items()}
    burdens = _burdens(found.pairs, _keys_of(offices) if by_county else answering, name_of)
    return Overdue(burdens[:PLACES], max(0, len(burdens) - PLACES), len(found.pairs), found.capped, by_county)


def _burdens(pairs, keys_of, name_of):
    oldest, counts = {}, {}
    for kind, entry in pairs:  # the oldest come first
        for key in keys_of(entry) or {None}:
            oldest.setdefault(key, entry.due_on)
            counts.setdefault(key, Counter())[kind.code] += 1
    kinds = {kind.code: kind for kind, _ in pairs}
    made = [
        Burden(
            key,
            name_of.get(key, "没有定到单位"),
            oldest[key],
            counted.total(),
            [(kinds[code], number) for code, number in counted.most_common()],
        )
        for key, counted in counts.items()
    ]
    return sorted(made, key=lambda burden: (-burden.count, burden.oldest, burden.name))


def _keys_of(offices):
    """entry -> the counties of the offices that answer for it."""
    return lambda entry: {offices[pk].county_code for pk in answering(entry) if offices[pk].county_code}


def _counties(offices):
    codes = {office.county_code for office in offices.values()}
    return dict(Area.objects.filter(code__in=codes).values_list("code", "name"))
