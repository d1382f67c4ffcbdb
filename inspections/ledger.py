"""What a query string asks of the hazard ledger: which rows, in which order, with which columns.

The page, its print, its Excel file and whatever acts on "all that is shown" start from here, so that they show the same.
"""

from dataclasses import dataclass

from django.http import QueryDict

from campaign_portal.lists.paging import Order

from .columns import DEFAULT, Column, chosen
from .filters import UNFINISHED, LedgerFilter
from .models import Hazard
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

    def flat(self, *more, **annotations):
        """The found rows, in no order yet, as named tuples of what a list, its columns and its order read, and `more`."""
        of_columns = (path for column in self.columns for path in column.reads)
        paths = dict.fromkeys(["pk", "version", "code", *self.order.columns, *of_columns, *more, *annotations])
        return self.found.annotate(**annotations).values_list(*paths, named=True)

    def beside(self, rows):
        """{column's key: {pk: text}} of the columns whose cells stand in other tables; one query each."""
        pks = [row.pk for row in rows]
        return {column.key: column.beside(pks) for column in self.columns if column.beside and pks}


def ledger_of(user, query):
    """The ledger that a query string (QueryDict or text) asks for. Never wider than what the user may see now."""
    if isinstance(query, str):
        query = QueryDict(query)
    found = LedgerFilter(query, Hazard.objects.visible_to(user), user=user)
    order = order_named(query.get("sort", ""), is_bounded=found.is_bounded)
    return Ledger(found, order, chosen(query.getlist("columns")))


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
