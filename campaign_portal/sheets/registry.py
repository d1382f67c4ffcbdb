"""Lists that leave the portal as .xlsx and come back. Apps declare theirs in `sheets.py`: a column list each."""

from collections.abc import Callable
from dataclasses import dataclass

TEXT, DATE, NUMBER, MONEY, CHOICE = "text", "date", "number", "money", "choice"


@dataclass(frozen=True)
class Column:
    """One column. `value(row)` gives what stands in the cell: str, date, int or Decimal; None or "" leaves it empty."""

    name: str  # stable: a downloaded sheet names it
    label: str  # the head, as a civil servant writes it
    value: Callable
    kind: str = TEXT
    width: int = 12  # in characters, two for a Chinese one
    also: tuple[str, ...] = ()  # other heads under which an old ledger has it


@dataclass(frozen=True)
class Sheet:
    """One list. `rows(user, query)` gives what the user may see of it, filtered and in order, with all that its columns
    need; `query` is the QueryDict of the list's page."""

    code: str
    label: str
    columns: tuple[Column, ...]
    rows: Callable


SHEETS: dict[str, Sheet] = {}


def register(sheet: Sheet):
    SHEETS[sheet.code] = sheet
    return sheet
