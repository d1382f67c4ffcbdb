"""Keyset pages over (due_on, id): page 2,000 costs what page 1 costs."""

from datetime import date
from typing import NamedTuple

from django.db.models import Q

SIZE = 50
CAP = 10_000


class Page(NamedTuple):
    rows: list
    next_after: str  # value of ?after= for the next page, "" on the last


def page_of(queryset, after, *, size=SIZE):
    """One page in (due_on, id) order, after the row that `after` ("2026-11-22,17") names."""
    rows = queryset.order_by("due_on", "pk")
    if key := _key(after):
        day, pk = key
        # Written so that the index gives the range of days and only its first day is filtered by id.
        rows = rows.filter(Q(due_on__gt=day) | Q(pk__gt=pk), due_on__gte=day)
    found = list(rows[: size + 1])
    last = found[size - 1] if len(found) > size else None
    return Page(found[:size], f"{last.due_on:%Y-%m-%d},{last.pk}" if last else "")


def capped_count(queryset):
    """How many rows, counted up to CAP: (count, is_capped)."""
    count = queryset.order_by()[: CAP + 1].count()
    return min(count, CAP), count > CAP


def _key(text):
    try:
        day, pk = text.split(",")
        return date.fromisoformat(day), int(pk)
    except ValueError:
        return None
