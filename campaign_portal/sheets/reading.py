"""From a workbook to lines: merged cells filled, head found, columns matched, rows that are no rows left out."""

import re
import zipfile
from dataclasses import dataclass, field
from typing import NamedTuple
from xml.etree import ElementTree

from . import matching
from .dates import to_date
from .foreign import BadCell, plain, to_count, to_money, to_text, words
from .importers import Importer, Line
from .opening import BadSheet, merged_ranges, open_workbook, rows_of
from .registry import DATE, MONEY, NUMBER

MEND = "要改的地方"  # the first column of a file to mend
NO_ERROR = frozenset()


class Place(NamedTuple):
    """What the reader does not tell about a sheet: cells with an error (#REF!), rows and columns that are hidden."""

    errors: frozenset  # (row, column) from 0
    hidden_rows: int
    hidden_columns: int


@dataclass
class Table:
    """One sheet of a workbook. `rows[i][j]` is row i + 1, column j + 1; a cell merged over rows stands in each of them.

    `tops` are the first rows again, in which a merged cell stands in all its columns too: a head is looked for there.
    """

    name: str
    rows: list[list]
    errors: frozenset = NO_ERROR
    hidden_rows: int = 0
    hidden_columns: int = 0
    tops: list[list] = field(default_factory=list)
    filled: set = field(default_factory=set)  # (row, column) that got their value from a merged cell above

    def fill(self, ranges):
        """Let merged cells stand in all their rows. `ranges` are ((top, left), (bottom, right)) from 0."""
        self.tops = [list(row) for row in self.rows[: matching.LOOKED_AT + 1]]
        for (top, left), (bottom, right) in ranges:
            if top < len(self.rows) and left < len(self.rows[top]) and self.rows[top][left] != "":
                self._fill_one(top, left, min(bottom, len(self.rows) - 1), min(right, len(self.rows[top]) - 1))

    def _fill_one(self, top, left, bottom, right):
        value = self.rows[top][left]
        for row in range(top, bottom + 1):
            if row < len(self.tops):
                self.tops[row][left : right + 1] = [value] * (right + 1 - left)
            if row > top:
                self.rows[row][left] = value
                self.filled.add((row, left))


class Workbook:
    """An uploaded workbook. Raises BadSheet if it cannot be read."""

    def __init__(self, file):
        self.file = file
        self.book = open_workbook(file)
        self.names = [sheet.name for sheet in self.book.sheets_metadata if str(sheet.typ).endswith("WorkSheet")]
        self.hidden = {s.name for s in self.book.sheets_metadata if not str(s.visible).endswith(".Visible")}
        if not self.names:
            raise BadSheet("这个工作簿里没有工作表。请检查后重新选择。")

    def table(self, name) -> Table:
        rows = rows_of(self.book, name)
        place = look_into(self.file, name)
        table = Table(name, rows, *place)
        table.fill(merged_ranges(self.book, name))
        return table

    def guess(self, columns):
        """The sheet that most likely holds the list: the first with a head that we know, else the longest. Its Table."""
        tables = [self.table(name) for name in self.names[:12]]
        shown = [table for table in tables if table.name not in self.hidden] or tables
        with_head = (table for table in shown if matching.find_head(table.tops, columns))
        return next(with_head, max(shown, key=lambda table: len(table.rows)))


# What python-calamine leaves out is read from the archive itself

NAMESPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
ERROR = re.compile(rb"""<c\b(?=[^>]*\st="e")[^>]*?\sr="([A-Z]{1,3})(\d{1,7})\"""")
HIDDEN_ROW = re.compile(rb"""<row\b[^>]*\shidden="(?:1|true)\"""")
HIDDEN_COLUMNS = re.compile(rb"""<col\b(?=[^>]*\shidden="(?:1|true)")[^>]*>""")
SPAN = re.compile(rb"""\s(min|max)="(\d+)\"""")
MOST_ERRORS = 10_000


def look_into(file, sheet_name) -> Place:
    """What stands in the sheet's XML. A file that is laid out in another way gives nothing rather than an error."""
    file.seek(0)
    errors, hidden_rows, hidden_columns = set(), 0, 0
    try:
        with zipfile.ZipFile(file) as archive:
            for piece in _pieces(archive, _member_of(archive, sheet_name)):
                found = ERROR.findall(piece) if len(errors) < MOST_ERRORS else ()
                errors.update((int(row) - 1, column_index(column.decode())) for column, row in found)
                hidden_rows += len(HIDDEN_ROW.findall(piece))
                hidden_columns += sum(map(_width, HIDDEN_COLUMNS.findall(piece)))
    except (KeyError, ValueError, StopIteration, zipfile.BadZipFile, ElementTree.ParseError):
        return Place(NO_ERROR, 0, 0)
    return Place(frozenset(errors), hidden_rows, hidden_columns)


def _pieces(archive, member):
    """A member in pieces that end where a tag ends."""
    rest = b""
    with archive.open(member) as stream:
        while piece := stream.read(1024 * 1024):
            piece = rest + piece
            end = piece.rfind(b">") + 1
            yield piece[:end]
            rest = piece[end:]


def _member_of(archive, sheet_name):
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    wanted = next(s.get(RELATION) for s in book.iter(f"{NAMESPACE}sheet") if s.get("name") == sheet_name)
    target = next(link.get("Target") for link in links if link.get("Id") == wanted)
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _width(column):
    span = {name: int(number) for name, number in SPAN.findall(column)}
    width = span.get(b"max", 0) - span.get(b"min", 0) + 1
    return width if width < 1000 else 1  # all to the sheet's end


# Addresses


def column_index(letters):
    """ "A" is 0, "AA" is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def column_letters(index):
    """0 is "A", 26 is "AA"."""
    letters, number = "", index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


# Lines


class Skipped(NamedTuple):
    """A row that is no row of the list, and why."""

    number: int
    why: str


TOTAL = re.compile(r"(小\s*计|合\s*计|总\s*计|累\s*计|共\s*计)")
NOTE = re.compile(r"(注|备注|说明|填表说明|填报人|填表人|填报单位|制表人|制表|审核人|审核|联系人|填报日期)\s*[:：]")


class Reader:
    """Reads the lines of one table, as the user settled head and columns.

    `columns` maps a column's index to the name of one of the importer's columns.
    """

    def __init__(self, importer: Importer, table: Table, *, head: matching.Head, columns, year):
        self.importer, self.table, self.head, self.year = importer, table, head, year
        self.columns = columns
        self.index_of = {name: index for index, name in columns.items()}
        self.kinds = {column.name: column.kind for column in importer.columns}
        self.bare_heads = {i: matching.bare(text.split(" ")[-1]) for i, text in enumerate(head.texts)}
        self.rows_with_errors = {row for row, column in table.errors if column in columns}
        self.in_yuan = {name for index, name in columns.items() if re.search(r"[(（]元[)）]", head.texts[index])}

    @property
    def height(self):
        return len(self.table.rows) - self.head.bottom

    def address(self, line_number, name):
        """Where a cell of ours stands, e.g. "G17"; the row alone for a column that the sheet does not have."""
        index = self.index_of.get(name)
        if index is None:
            return f"第 {line_number} 行（没有“{self.importer.column(name).label}”列）"
        return f"{column_letters(index)}{line_number}"

    def __iter__(self):
        """Line for a row of the list, Skipped for one that is none."""
        for number, row in enumerate(self.table.rows[self.head.bottom :], start=self.head.bottom + 1):
            why = self._why_no_row(number - 1, row)
            yield Skipped(number, why) if why else self._line(number, row)

    def _why_no_row(self, index, row):
        own = [(column, words(cell)) for column, cell in enumerate(row) if cell != ""]
        own = [(column, text) for column, text in own if text and (index, column) not in self.table.filled]
        if not own and index not in self.rows_with_errors:
            return "空行"
        if any(TOTAL.match(plain(text)) for _, text in own[:3]):
            return "小计、合计"
        if len(own) <= 2 and NOTE.match(plain(own[0][1] if own else "")):
            return "表下的说明"
        if own and all(matching.bare(text) == self.bare_heads.get(column) for column, text in own):
            return "重复的表头"
        facts = {self.columns.get(column) for column, _ in own} - {None, *self.importer.hints}
        if not facts and index not in self.rows_with_errors:
            return "没有内容" if len(own) < 3 else "要导入的列都是空的"
        return ""

    def _line(self, number, row):
        cells = {name: row[index] if index < len(row) else "" for index, name in self.columns.items()}
        line = Line(number, cells)
        for name, value in cells.items():
            if (number - 1, self.index_of[name]) in self.table.errors:
                line.refuse(name, "公式出错（如 #REF!），请直接填上内容")
            else:
                self._understand(line, name, value)
        return line

    def _understand(self, line, name, value):
        try:
            line.values[name] = self._value(name, value)
        except BadCell as error:
            line.refuse(name, f"“{shorten(words(value))}”{error}")

    def _value(self, name, value):
        kind = self.kinds[name]
        if value == "":
            return None if kind in (DATE, NUMBER, MONEY) else ""
        if kind == DATE:
            return None if plain(words(value)) in ("-", "—", "——", "/", "无") else to_date(value, year=self.year)
        if kind == NUMBER:
            return to_count(value)
        if kind == MONEY:
            return to_money(value, in_yuan=name in self.in_yuan)
        return to_text(value, most=100_000)


def shorten(text, most=20):
    text = text.replace("\n", " ")
    return text if len(text) <= most else f"{text[:most]}…"


YEAR = re.compile(r"(?<!\d)(20[0-4]\d)(?!\d)")


def guess_year(*texts, default):
    """The year that a file's or a sheet's name or title speaks of."""
    found = (match for text in texts if (match := YEAR.search(plain(text))))
    match = next(found, None)
    return int(match[1]) if match else default
