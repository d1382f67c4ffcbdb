"""Reading a sheet that comes back from WPS: what differs, cell by cell, from what was downloaded. Touches no row.

What stood in each row when it was downloaded is in the row's own hidden mark (signing.py). So rows may be sorted, copied,
inserted and deleted, columns moved or removed, the sheet renamed: each row still says which one it is and what was changed.
"""

from dataclasses import dataclass, field

from xlsxwriter.utility import xl_col_to_name

from . import cells
from .opening import BadSheet, merged_ranges, numbered_rows, rows_of
from .registry import SHEETS
from .signing import Signer, fingerprint
from .writing import ABOUT_SHEET, CHOICES_SHEET, MARK_HEAD, ROWS_SHEET

HEAD_WITHIN = 20  # rows from the top in which the head is looked for
MOST_LINES = 20_000  # changed rows in one go
MOST_NEW = 100  # added rows; more are an import
MOST_SHOWN = 200  # rows removed from the sheet that are named

NO_MARKS = (
    "文件里没有找到“系统标记”列：它不是从本系统导出的，或者隐藏的最后一列被删掉了。"
    "请重新导出一份再改；原有的台账请用“导入”。"
)
NOT_OURS = "这一行不是从本系统下载的（或是别的单位下载的），没有处理。请从本单位的台账页重新导出。"
NO_MARK = "这一行没有系统标记，无法认出是哪一条，没有处理。"


@dataclass
class Line:
    """One row that says something: `cells` maps columns to (text downloaded, text now)."""

    number: int
    pk: int | None = None
    version: int = 0
    cells: dict[str, tuple[str, str]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


@dataclass
class Reading:
    """A whole sheet that came back."""

    lines: list[Line] = field(default_factory=list)
    unchanged: int = 0
    notes: list[str] = field(default_factory=list)  # about the sheet as a whole
    removed: list[int] = field(default_factory=list)  # pks that were downloaded and are not in it any more


def read(book, *, user):
    """(sheet, Reading) of an opened workbook. Raises BadSheet if it is not one of ours."""
    name, sheet, head, places = _find(book)
    reader = _Reader(sheet, user, places, width=len(head))
    reading = reader.reading
    reading.notes += _notes_on_head(sheet, head, places)
    spans = _merged_rows(book, name)
    head_row = places[""]
    for number, row in numbered_rows(book, name):
        if number > head_row:
            reader.take(number, row, spans)
        if len(reading.lines) > MOST_LINES:
            raise BadSheet(f"有改动的行超过 {MOST_LINES} 行，请分几次传回。")
    reading.removed = _removed(book, reader.seen)
    return sheet, reading


def _find(book):
    """(name of the worksheet, sheet, its head, {column name: index}); under "" the number of the head's row, and under
    MARK_HEAD the index of the mark. The worksheet may have been renamed, the head moved down."""
    for name in book.sheet_names:
        if name in (ABOUT_SHEET, CHOICES_SHEET, ROWS_SHEET):
            continue
        for number, row in numbered_rows(book, name):
            if number > HEAD_WITHIN:
                break
            head = [cells.tidy(str(cell)) for cell in row]
            if MARK_HEAD in head and (sheet := _sheet_with(head)):
                places = {column.name: head.index(column.label) for column in sheet.columns if column.label in head}
                return name, sheet, head, places | {"": number, MARK_HEAD: head.index(MARK_HEAD)}
    raise BadSheet(NO_MARKS)


def _sheet_with(head):
    """The list whose head has the most of these columns."""
    back = [sheet for sheet in SHEETS.values() if sheet.comes_back]
    known = {sheet.code: sum(column.label in head for column in sheet.columns) for sheet in back}
    return max(back, key=lambda sheet: known[sheet.code], default=None)


def _notes_on_head(sheet, head, places):
    if missing := [column.label for column in sheet.editable if column.name not in places]:
        yield f"表头里没有：{'、'.join(missing)}。这些列按没有改动处理。"
    labels = {column.label for column in sheet.columns} | {MARK_HEAD}
    if strange := list(dict.fromkeys(label for label in head if label and label not in labels)):
        yield f"多出来的列没有读：{'、'.join(strange[:10])}。"
    if twice := list(dict.fromkeys(label for label in head if label in labels and head.count(label) > 1)):
        yield f"表头重复的列只读第一个：{'、'.join(twice)}。"


def _merged_rows(book, name):
    """Numbers of rows with cells that were merged over several rows: only the first of them still says what it said."""
    rows = set()
    for (top, _), (bottom, _) in merged_ranges(book, name):
        if bottom > top:
            rows.update(range(top + 1, bottom + 2))
    return rows


def _removed(book, seen):
    if ROWS_SHEET not in book.sheet_names:
        return []
    pks = [pk for row in rows_of(book, ROWS_SHEET) for cell in row[:1] for pk in str(cell).split(",")]
    return [int(pk) for pk in pks if pk.isdecimal() and len(pk) < 19 and int(pk) not in seen]


class _Reader:
    def __init__(self, sheet, user, places, *, width):
        self.sheet, self.user, self.places, self.width = sheet, user, places, width
        self.signer = Signer(sheet, user.office_id)
        self.columns = [(column, places[column.name]) for column in sheet.columns if column.name in places]
        self.choices = {column.name: set(column.choices(user)) for column in sheet.editable if column.choices}
        self.reading = Reading()
        self.seen = {}  # pk → (number of its row, its cells as they stand)
        self.added = 0

    def take(self, number, row, merged_rows):
        row = row + [""] * (self.width - len(row))
        if not any(cell not in ("", None) for cell in row):
            return
        text = row[self.places[MARK_HEAD]]
        if text in ("", None):
            line = self._added(number, row)
        elif (mark := self.signer.read(str(text))) is None:
            line = Line(number, problems=[NOT_OURS])
        elif mark.pk in self.seen:
            line = self._again(number, row, mark)
        else:
            self.seen[mark.pk] = (number, [row[place] for _, place in self.columns])
            line = self._compared(number, row, mark, is_merged=number in merged_rows)
        if line is None:
            self.reading.unchanged += 1
        else:
            self.reading.lines.append(line)

    def _again(self, number, row, mark):
        """A row that was copied: the same again says nothing; another content leaves both out, as one cannot be told
        from the other."""
        first, content = self.seen[mark.pk]
        if content == [row[place] for _, place in self.columns]:
            return Line(number, problems=[f"与第 {first} 行是同一条（复制出来的），内容相同，只按第 {first} 行处理。"])
        sentence = f"第 {first} 行和第 {number} 行是同一条，内容却不一样，两行都没有处理。请删去多余的一行再传。"
        for line in self.reading.lines:
            if line.number == first:
                line.cells, line.problems = {}, [sentence]
        return Line(number, problems=[sentence])

    def _compared(self, number, row, mark, *, is_merged):
        line = Line(number, mark.pk, mark.version)
        for column, place in self.columns:
            address = f"{column.label}（{xl_col_to_name(place)}{number}）"
            try:
                text = cells.read(column, row[place])
            except cells.BadCell as error:
                line.problems.append(f"第 {number} 行 {address}：{error}。")
                continue
            if not column.verb:
                if fingerprint(text) != mark.prints[column.name]:
                    why = column.read_only or "这一列由系统记录，不能在表里改"
                    line.problems.append(f"第 {number} 行 {address}：{why}，没有写入。")
                continue
            was = mark.was[column.name]
            if same(column, was, text):
                continue
            if sentence := self._refused(column, text):
                line.problems.append(f"第 {number} 行 {address}：{sentence}。")
            else:
                line.cells[column.name] = (was, text)
        if is_merged and (line.cells or line.problems):
            line.cells = {}
            line.problems = [f"第 {number} 行有合并的单元格，分不清内容属于哪一行，没有处理。请取消合并再传。"]
        return line if line.cells or line.problems else None

    def _refused(self, column, text):
        """Why this text cannot be written into an editable column, or ""."""
        if text == "":
            return "不能清空；如果写的是公式，请改成文字" if column.needed else ""
        if column.longest and len(text) > column.longest:
            return f"有 {len(text)} 个字，最多 {column.longest} 个字"
        known = self.choices.get(column.name)
        words = split(text) if column.several else [text]
        if known and (strange := [word for word in words if word not in known]):
            return f"“{'、'.join(strange)[:30]}”不在可填的里面，可填：{'、'.join(sorted(known))}"
        return column.check(text) if column.check else ""

    def _added(self, number, row):
        texts, problems = {}, []
        for column, place in self.columns:
            try:
                texts[column.name] = cells.read(column, row[place])
            except cells.BadCell as error:
                problems.append(f"第 {number} 行 {column.label}（{xl_col_to_name(place)}{number}）：{error}。")
        texts = {name: text for name, text in texts.items() if text}
        if not texts and not problems:
            return Line(number, problems=[NO_MARK])
        self.added += 1
        if self.sheet.add is None or self.added > MOST_NEW:
            return Line(number, problems=[f"{NO_MARK}新增的行较多（或是原有台账），请用“导入”。"])
        problems = problems or self.sheet.problems_of_new(texts, self.user)
        if problems:
            why = [f"第 {number} 行：{problem.removesuffix('。')}。" for problem in problems if "第 " not in problem]
            lead = "这一行没有系统标记，按新增读取，但还缺内容，没有处理；补齐再传，或用“导入”。"
            return Line(number, problems=[lead, *(why or problems)])
        return Line(number, cells={name: ("", text) for name, text in texts.items()})


def split(text):
    for mark in "，,;；/ \n\t":
        text = text.replace(mark, "、")
    return list(filter(None, text.split("、")))


def same(column, one, other):
    """Whether two texts of a cell mean the same."""
    if column.several:
        return set(split(one)) == set(split(other))
    return cells.tidy(one) == cells.tidy(other)
