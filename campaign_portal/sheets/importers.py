"""What an old workbook may be imported into. Apps declare theirs in `imports.py`; the pages know no home and no hazard."""

from collections.abc import Callable
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from .foreign import plain, words
from .registry import Column

NEAR = 0.5  # how alike two names must be to be offered for each other
MOST_OFFERED = 6


class Problem(NamedTuple):
    """Why a row cannot be taken as it stands: which cell, and what would be right.

    `choices` ((value, label) pairs) are what the cell's words may have meant: one choice mends every row with these words.
    """

    name: str  # of the column
    sentence: str
    choices: tuple = ()


@dataclass
class Line:
    """One row of the workbook: as it stands (`cells`), as understood (`values`), and what is wrong with it."""

    number: int  # of the row in the sheet, from 1
    cells: dict[str, Any]  # column name → what stands there
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)  # what was filled in for the writer, for him to know
    repeats: str = ""  # which row of the portal or of the file it repeats

    def refuse(self, name, sentence, choices=()):
        self.problems.append(Problem(name, sentence, tuple(choices)))

    @property
    def is_good(self):
        return not self.problems and not self.repeats

    def says(self, name):
        """The words of a cell as they are compared; "" if it is empty or there is no such column."""
        return plain(words(self.cells.get(name, "")))


class Written(NamedTuple):
    """A row that an importer wrote."""

    pk: int
    version: int


class Undone(NamedTuple):
    """What became of an undo: how many rows were taken back, and which were left, each with why."""

    count: int
    kept: list[str]


@dataclass(frozen=True)
class Importer:
    """One kind of list.

    `start(user, options)` gives an object that lives for one pass over a file: `check(lines)` completes values and
    problems of some lines in order, `write(lines, batch)` saves good ones and returns a Written for each. It runs in
    the caller's transaction and writes what the service for a single row would write.

    `undo(rows, batch, by)` takes back the BatchRows that nobody has touched since, as an Undone, in the caller's
    transaction.
    """

    code: str
    label: str
    unit: str  # its measure word: 条, 家
    columns: tuple[Column, ...]
    needed: tuple[str, ...]  # columns without which no row can be taken
    hints: tuple[str, ...]  # columns that by themselves make no row: a town filled down, a serial number
    shown: tuple[str, ...]  # columns of the preview
    may: Callable  # (user) -> bool
    start: Callable
    undo: Callable
    list_url: str  # name of the page where the rows are afterwards
    list_query: str = ""  # and how it shows just them; "{batch}" stands for the batch's pk
    guide: tuple[str, ...] = ()  # what to know before, as sentences
    choices: Callable = lambda user: ()  # further questions of the form: (name, label, [(value, label)])

    def column(self, name):
        return next(column for column in self.columns if column.name == name)


IMPORTERS: dict[str, Importer] = {}


def register(importer: Importer):
    IMPORTERS[importer.code] = importer
    return importer


def importers_for(user):
    return [importer for importer in IMPORTERS.values() if importer.may(user)]


class Meanings:
    """What the words of a column may mean: exact words, words that were chosen on the preview, and near ones to offer."""

    def __init__(self, name, known, *, picked=(), offered=None):
        """`known` maps words (as plain() leaves them) to values; `picked` maps words to a value as text, from the form;
        `offered` are (value, label) pairs, by default the values of `known` by their first words."""
        self.name, self.known = name, known
        self.labels = dict(offered) if offered is not None else {value: said for said, value in known.items()}
        by_text = {str(value): value for value in self.labels}
        self.picked = {said: by_text[text] for said, text in dict(picked).items() if text in by_text}

    def find(self, said):
        """The value that is meant, or None."""
        return self.known.get(said, self.picked.get(said))

    def near(self, said):
        """(value, label) pairs whose words are like these, the likeliest first."""
        best = {}
        for known, value in self.known.items():
            best[value] = max(best.get(value, 0), likeness(said, known))
        likely = sorted((value for value in best if best[value] >= NEAR), key=lambda value: -best[value])
        return [(value, self.labels[value]) for value in likely[:MOST_OFFERED]]

    def all(self):
        return list(self.labels.items())


def likeness(said, known):
    """How alike two names are, 0 to 1; one whose letters all stand in the other, in order, counts as alike."""
    ratio = SequenceMatcher(None, said, known).ratio()
    rest = iter(known)
    return max(ratio, 0.8) if len(said) > 1 and all(letter in rest for letter in said) else ratio
