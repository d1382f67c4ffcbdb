"""What a query string asks of the hazard ledger: which rows, in which order, with which columns.

The page, its print, its Excel file and whatever acts on "all that is shown" start from here, so that they show the same.
"""

from dataclasses import dataclass

from django.db.models import Prefetch
from django.http import QueryDict

from campaign_portal.lists.paging import Order

from .columns import DEFAULT, Column, chosen
from .filters import UNFINISHED, LedgerFilter
from .models import Hazard, Part
from .orders import DUE, order_named

FILTERS = tuple(LedgerFilter.base_filters)


@dataclass(frozen=True)
class Ledger:
    """The answer to a query string, for one user."""

    filter: LedgerFilter
    order: Order
    columns: list[Column]

    @property
    def found(self):
        """The user's rows that the filters leave, in no order; nothing if a filter cannot be read."""
        return self.filter.qs

    @property
    def conditions(self):
        """The filters in words, ["状态：待整改", "养老机构：…"], for the head of what leaves the portal."""
        return [f"{chip.label}：{chip.words}" for chip in self.filter.active()] or ["未销号"]

    @property
    def unsorted(self):
        """The same with all that the columns need of other tables, except `prefetches`."""
        joins = [join for column in self.columns for join in column.joins]
        return self.found.select_related("facility", "category", "supervisor", *joins)

    @property
    def prefetches(self):
        with_offices = Prefetch("parts", queryset=Part.objects.select_related("office"))
        return [with_offices, *(name for column in self.columns for name in column.prefetches)]

    @property
    def rows(self):
        """All rows in their order with all they need, not cut into pages. For sheets and prints: iterate in chunks."""
        return self.order.sort(self.unsorted.prefetch_related(*self.prefetches))


def ledger_of(user, query):
    """The ledger that a query string (QueryDict or text) asks for. Never wider than what the user may see now."""
    if isinstance(query, str):
        query = QueryDict(query)
    found = LedgerFilter(query, Hazard.objects.visible_to(user), user=user)
    order = order_named(query.get("sort", ""), is_bounded=found.is_bounded)
    return Ledger(found, order, chosen(query.getlist("columns")))


def ledger_rows(request):
    """The hazards that the query string of a request shows: scoped, filtered, sorted, with what their columns need."""
    return ledger_of(request.user, request.GET).rows


def tidied(query):
    """The query string of a view worth keeping: known names with a value, no page, nothing that goes without saying.

    Equal views have equal strings. The state is always said, so that it is never empty.
    """
    kept = {name: query.get(name, "").strip() for name in (*FILTERS, "sort")}
    kept = {name: value for name, value in kept.items() if value and (name, value) != ("sort", DUE.token)}
    keys = tuple(column.key for column in chosen(query.getlist("columns")))
    tidy = QueryDict(mutable=True)
    tidy.update({"state": UNFINISHED} | kept | ({} if keys == DEFAULT else {"columns": ",".join(keys)}))
    return tidy
