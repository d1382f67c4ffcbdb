"""Keyset pages over any order: page 2,000 costs what page 1 costs.

A page begins after (or ends before) a row, never at an offset. The row is named by a cursor in the query string: the
order, the row's values in it and its id, signed. A cursor that is forged, damaged or of another order is no cursor: the
first page comes.
"""

from typing import NamedTuple

from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import Count, ExpressionWrapper, F, Q
from django.db.models.fields import BooleanField

SIZE = 50
CAP = 10_000
WIDE_CAP = 1_000  # of a list that no county bounds
SALT = "lists.page"


class Order(NamedTuple):
    """An order of a list: by `columns`, then by id, all in one direction, so that one index serves both ways round.

    With `has_gaps` there is one column and it may be null; rows without a value come last, whichever way round.
    """

    key: str
    label: str
    columns: tuple[str, ...]
    has_gaps: bool = False
    is_descending: bool = False

    @property
    def token(self):
        """What stands in the query string: "due" or "-due"."""
        return f"-{self.key}" if self.is_descending else self.key

    @property
    def turned(self):
        return self._replace(is_descending=not self.is_descending)

    def sort(self, rows):
        """All rows in this order, for whoever needs them without pages."""
        return rows.order_by(*_ordering([*self.columns, "pk"], rising=not self.is_descending, nulls_last=self.has_gaps))


class Page(NamedTuple):
    rows: list
    after: str  # cursor of the next page, "" on the last
    before: str  # cursor of the page before, "" on the first


def page_of(rows, order, *, after="", before="", size=SIZE):
    """One page of a queryset. One query; two where the rows with a value end on this page, or going back to the first."""
    if start := _read(before, order, rows.model):
        found = _walk(rows, order, start, backwards=True, limit=size + 1)
        if len(found) > size:
            found = found[size - 1 :: -1]
            return Page(found, _cursor(found[-1], order), _cursor(found[0], order))
        return page_of(rows, order, size=size)  # back at the beginning: a whole page from there
    start = _read(after, order, rows.model)
    found = _walk(rows, order, start, backwards=False, limit=size + 1)
    if start and not found:  # what stood there is gone
        return page_of(rows, order, size=size)
    more, found = len(found) > size, found[:size]
    return Page(found, _cursor(found[-1], order) if more else "", _cursor(found[0], order) if start else "")


def _walk(rows, order, start, *, backwards, limit):
    found = []
    for part in _parts(rows, order, start, backwards):
        if len(found) < limit:
            found += part[: limit - len(found)]
    return found


def _parts(rows, order, start, backwards):
    """The list from `start` on, in the direction of reading. With gaps in two parts: an index ends where nulls begin."""
    rising = order.is_descending == backwards
    keys = [*order.columns, "pk"]
    if not order.has_gaps:
        return [_beyond(rows, keys, start, rising)]
    (column,) = order.columns
    filled, empty = rows.filter(**{f"{column}__isnull": False}), rows.filter(**{f"{column}__isnull": True})
    if start and start[0] is None:
        here = _beyond(empty, ["pk"], start[1:], rising)
        return [here, _beyond(filled, keys, None, rising)] if backwards else [here]
    here = _beyond(filled, keys, start, rising)
    return [here] if backwards else [here, _beyond(empty, ["pk"], None, rising)]


def _beyond(rows, keys, start, rising):
    rows = rows.order_by(*_ordering(keys, rising=rising))
    return rows.filter(_after(list(zip(keys, start, strict=True)), "gt" if rising else "lt")) if start else rows


def _after(keys, way):
    """Beyond these values. Written so that an index gives the range of the first; only its first value is filtered on."""
    (key, value), *rest = keys
    if not rest:
        return Q(**{f"{key}__{way}": value})
    return Q(**{f"{key}__{way}e": value}) & (Q(**{f"{key}__{way}": value}) | _after(rest, way))


def _ordering(keys, *, rising, nulls_last=False):
    last = True if nulls_last else None
    return [F(key).asc(nulls_last=last) if rising else F(key).desc(nulls_last=last) for key in keys]


def _cursor(row, order):
    values = [getattr(row, name) for name in (*order.columns, "pk")]
    return signing.dumps([order.token, *(None if value is None else str(value) for value in values)], salt=SALT)


def _read(cursor, order, model):
    """The values that a cursor of this order names, or None."""
    try:
        token, *values = signing.loads(cursor, salt=SALT)
        if token != order.token or len(values) != len(order.columns) + 1:
            return None
        fields = [model._meta.get_field(name) for name in order.columns] + [model._meta.pk]
        return [field.to_python(value) for field, value in zip(fields, values, strict=True)]
    except (signing.BadSignature, ValidationError, ValueError, TypeError):
        return None


class Counts(NamedTuple):
    count: int
    is_capped: bool
    among: int | None  # how many of them meet a condition; None beyond the cap, where nobody has counted


def capped_counts(rows, among, *, cap=CAP):
    """How many rows, and how many of them meet the condition `among` (a Q). One query."""
    marked = rows.order_by().annotate(is_among=ExpressionWrapper(among, output_field=BooleanField()))
    marked = marked.values("is_among")[: cap + 1]
    found = marked.aggregate(count=Count("*"), among=Count("is_among", filter=Q(is_among=True)))
    is_capped = found["count"] > cap
    return Counts(min(found["count"], cap), is_capped, None if is_capped else found["among"])
