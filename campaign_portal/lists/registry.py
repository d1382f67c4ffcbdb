"""The lists of which views can be saved. An app registers its own in a module `lists.py`, found at start-up."""

from collections.abc import Callable
from typing import NamedTuple

from django.urls import reverse


class SavableList(NamedTuple):
    """`tidied(QueryDict)` gives the QueryDict worth keeping: known names only, no page, never empty."""

    code: str
    label: str
    url_name: str
    tidied: Callable

    def address(self, query=""):
        return reverse(self.url_name) + (f"?{query}" if query else "")


LISTS: dict[str, SavableList] = {}


def register(some_list: SavableList):
    LISTS[some_list.code] = some_list
