"""Lists that leave the portal as .xlsx and come back. Apps declare theirs in `sheets.py`: a column list each."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

TEXT, DATE, NUMBER, MONEY, CHOICE = "text", "date", "number", "money", "choice"


@dataclass(frozen=True)
class At:
    """A column's `value` that the database has as it stands: under a path from the row, changed by `show` for the cell.

    A list all of whose columns are `At` or `Several` is exported without making a single row of a model.
    """

    path: str  # "facility__area__name"
    show: Callable | None = None  # never asked about None

    def __call__(self, row):
        for name in self.path.split("__"):
            row = getattr(row, name)
            if row is None:
                return None
        return self.show(row) if self.show else row


@dataclass(frozen=True)
class Several:
    """A column's `value` that stands in rows of another table: `one(row)` reads it off a row that has them at hand,
    `of(pks)` gives {pk: text} for thousands at once."""

    one: Callable
    of: Callable

    def __call__(self, row):
        return self.one(row)


@dataclass(frozen=True)
class Column:
    """One column. `value(row)` gives what stands in the cell: str, date, int or Decimal; None or "" leaves it empty.

    A column with a `verb` may be edited in a downloaded sheet and comes back by that step; all others are read-only.
    """

    name: str  # stable: a downloaded sheet names it
    label: str  # the head, as a civil servant writes it
    value: Callable
    kind: str = TEXT
    width: int = 12  # in characters, two for a Chinese one
    also: tuple[str, ...] = ()  # other heads under which an old ledger has it
    verb: str = ""
    longest: int = 0  # most characters that the cell may come back with; 0 is no limit
    needed: bool = False  # may not come back empty
    choices: Callable | None = None  # choices(user): the words of its drop-down
    several: bool = False  # more than one of the choices, with 、 between
    check: Callable | None = None  # check(text): a sentence if the text cannot be right, else ""
    read_only: str = ""  # why it cannot be edited in a sheet, where that is not plain


@dataclass(frozen=True)
class Sheet:
    """One list. `rows(user, query)` gives what the user may see of it, filtered and in order, with all that its columns
    need; `query` is the QueryDict of the list's page.

    A list that comes back also gives:

    - `find(user, pks)`: those of the rows that the user may see, with all that its columns need; rows carry `version`;
    - `refusal(row, verb, user)`: why the user may not take this step on the row now, or "";
    - `write(row, by, changes, version, reason)`: write {column name: value} by the services of the columns' verbs and
      return the row; raises Refused or PermissionDenied;
    - `asks_reason(user, verbs)`: what the user must give a reason for (a sentence), or "";
    - `problems_of_new(texts, user)` and `add(texts, by, key)`: what is missing in a row {column name: text} that was
      added in the sheet, and the service that enters it (`key`: one UUID a row, entered twice it is one).
    """

    code: str
    label: str
    columns: tuple[Column, ...]
    rows: Callable
    list_url: str = ""  # name of the list's URL
    frozen: int = 2  # columns that stay in sight
    in_words: Callable = lambda user, query: ""  # the filter as words, "" for none
    title: Callable = str  # title(row): what a person calls it
    prepare: Callable | None = None  # prepare(row, user), before its cells are read
    find: Callable | None = None
    refusal: Callable | None = None
    write: Callable | None = None
    asks_reason: Callable = lambda user, verbs: ""
    problems_of_new: Callable | None = None
    add: Callable | None = None

    @cached_property
    def editable(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.verb)

    @cached_property
    def by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    @property
    def comes_back(self):
        return self.write is not None

    @cached_property
    def is_flat(self):
        """Whether its cells can be read without making rows of the model."""
        return not self.prepare and all(isinstance(column.value, At | Several) for column in self.columns)


SHEETS: dict[str, Sheet] = {}


def register(sheet: Sheet):
    SHEETS[sheet.code] = sheet
    return sheet
