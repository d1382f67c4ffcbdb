"""A list as .xlsx: typed cells, drop-downs, ready to print and to be sent back. Memory does not grow with its rows."""

import re
from datetime import date
from itertools import count, islice
from operator import itemgetter
from tempfile import TemporaryFile

import xlsxwriter
from django.http import FileResponse
from django.utils import timezone
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from campaign_portal import clock
from campaign_portal.audit.recording import name_verbs, record

from .cells import as_text, is_date_cell, is_number_cell, remembered
from .registry import CHOICE, DATE, MONEY, TEXT, At, Several
from .signing import Signer

name_verbs(sheet_exported="导出表格")

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MARK_HEAD = "系统标记（勿改）"
ROWS_SHEET, CHOICES_SHEET, ABOUT_SHEET = "_rows", "_choices", "说明"
CHUNK = 2000
STEP = 500  # rows between two calls of progress
NARROW = 20  # codes, names and telephones: what WPS must not turn into numbers
PKS_A_CELL = 2000
SPARE_ROWS = 500  # below the list, where added rows get drop-downs too


def export(sheet, *, user, query, out, progress=lambda done: None):
    """Write what the user may see of a list, filtered by `query`, into the binary file `out`. Returns the number of rows.

    `progress(done)` is called every few hundred rows.
    """
    lines = _flat_lines(sheet, user, query) if sheet.is_flat else _lines(sheet, user, query)
    with xlsxwriter.Workbook(out, {"constant_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        return _Writer(book, sheet, user).write(lines, progress, words=sheet.in_words(user, query))


def _lines(sheet, user, query):
    """(pk, version, values of the columns) of each row that the user may see."""
    for row in sheet.rows(user, query).iterator(chunk_size=CHUNK):
        if sheet.prepare:
            sheet.prepare(row, user)
        yield row.pk, getattr(row, "version", 0), [column.value(row) for column in sheet.columns]


def _flat_lines(sheet, user, query):
    """The same read as tuples: a model's rows take two thirds of an export's time."""
    places = {column.value.path: None for column in sheet.columns if isinstance(column.value, At)}
    paths = ["pk", *(["version"] if sheet.comes_back else []), *places]
    rows = sheet.rows(user, query).select_related(None).prefetch_related(None)
    found = rows.values_list(*paths).iterator(chunk_size=CHUNK)
    while chunk := list(islice(found, CHUNK)):
        pks = [row[0] for row in chunk]
        readers = [_reader(column.value, paths, pks) for column in sheet.columns]
        for row in chunk:
            yield row[0], row[1] if sheet.comes_back else 0, [read(row) for read in readers]


def _reader(value, paths, pks):
    """What reads a column's value from one of a chunk's tuples."""
    if isinstance(value, Several):
        texts = value.of(pks)
        return lambda row: texts.get(row[0], "")
    place, show = paths.index(value.path), value.show
    if show is None:
        return itemgetter(place)
    return lambda row: None if row[place] is None else show(row[place])


def recorded(sheet, *, user, query, rows):
    """Write down who took how many rows of what with him. Call it in a transaction."""
    notes = {"清单": ["", sheet.label], "行数": ["", str(rows)]}
    if words := sheet.in_words(user, query):
        notes["筛选"] = ["", words]
    record("sheet.exported", user.office, by=user, notes=notes)


def file_name(sheet):
    return f"{sheet.label}{timezone.localtime(clock.now()):%Y%m%d-%H%M}.xlsx"


def download(sheet, *, user, query):
    """The list as a response that streams from a temporary file. Returns (response, number of rows)."""
    out = TemporaryFile()  # noqa: SIM115 - the response closes it
    rows = export(sheet, user=user, query=query, out=out)
    out.seek(0)
    return FileResponse(out, as_attachment=True, filename=file_name(sheet), content_type=CONTENT_TYPE), rows


ZERO = date(1899, 12, 30)  # day 0 of a spreadsheet, for days from 1900-03-01 on
LOOKS_ESCAPED = re.compile("_(?=x[0-9a-fA-F]{4}_)")
CONTROL = re.compile("[\x00-\x08\x0b-\x1f]")


def _escaped(text):
    """Text as it may stand in the XML of a cell: control characters as _x0001_, and text that looks like that escaped."""
    text = LOOKS_ESCAPED.sub("_x005F_", text)
    text = CONTROL.sub(lambda match: f"_x{ord(match[0]):04X}_", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


class RowsWorksheet(Worksheet):
    """A worksheet in constant memory that takes whole rows of ready XML.

    XlsxWriter's own way costs three times as much a cell, and takes text such as "<r>…</r>" for markup. The rows pass
    through its table of the current row like any cell, so that its own methods may be mixed in.
    """

    def write_line(self, row, pieces, *, last):
        """Write `pieces` ("<c …>…</c>" each), the cells of a row below all that were written, up to column `last`."""
        if row > self.previous_row:
            self._write_single_row(row)
        self._check_dimensions(row, 0)
        self._check_dimensions(row, last)
        self.table[row][0] = "".join(pieces)

    def _write_cell(self, row, col, cell):
        if isinstance(cell, str):
            self.fh.write(cell)
        else:
            super()._write_cell(row, col, cell)


class _Writer:
    def __init__(self, book, sheet, user):
        self.book, self.sheet, self.user = book, sheet, user
        self.signer = Signer(sheet, user.office_id) if sheet.comes_back else None
        self.last = len(sheet.columns) - 1
        self.page = book.add_worksheet(sheet.label, worksheet_class=RowsWorksheet)
        self.about = book.add_worksheet(ABOUT_SHEET)
        self.formats = [book.add_format(self._style(column)) for column in sheet.columns]
        quoted = [book.add_format(self._style(column) | {"quote_prefix": True}) for column in sheet.columns]
        letters = [xl_col_to_name(index) for index in range(len(sheet.columns) + 1)]
        self.mark_place = letters[-1]
        self.places = [
            (column.name, letter, plain._get_xf_index(), quote._get_xf_index())
            for column, letter, plain, quote in zip(sheet.columns, letters, self.formats, quoted, strict=False)
        ]

    @staticmethod
    def _style(column):
        style = {"valign": "top", "border": 1, "border_color": "#D5DBE3", "text_wrap": column.kind in (TEXT, CHOICE)}
        if column.kind == DATE:
            style["num_format"] = "yyyy-mm-dd"
        elif column.kind == MONEY:
            style["num_format"] = "#,##0.00"
        elif column.kind == TEXT and column.width <= NARROW:
            style["num_format"] = "@"
        return style

    def write(self, lines, progress, *, words):
        self._head()
        pks, number = [], 0
        for number, (pk, version, values) in enumerate(lines, start=1):
            self._row(number, pk, version, values)
            pks.append(pk)
            if number % STEP == 0:
                progress(number)
        self.page.autofilter(0, 0, max(number, 1), self.last)
        self._drop_downs(number)
        if self.signer:
            self._list_rows(pks)
        self._explain(words, number)
        return number

    # The list

    def _head(self):
        common = {"bold": True, "valign": "vcenter", "align": "center", "text_wrap": True, "border": 1}
        fixed = self.book.add_format(common | {"bg_color": "#E3E8EF", "border_color": "#B9C3D0"})
        editable = self.book.add_format(common | {"bg_color": "#CFE0F7", "border_color": "#8FB3E3"})
        page = self.page
        for index, column in enumerate(self.sheet.columns):
            page.set_column(index, index, column.width + 2, self.formats[index])
        page.set_row(0, 32)
        for index, column in enumerate(self.sheet.columns):
            page.write_string(0, index, column.label, editable if column.verb else fixed)
        if self.signer:
            page.set_column(
                self.last + 1, self.last + 1, 4, self.book.add_format({"num_format": "@"}), {"hidden": True}
            )
            page.write_string(0, self.last + 1, MARK_HEAD, fixed)
        page.freeze_panes(1, self.sheet.frozen)
        page.set_landscape()
        page.set_paper(9)  # A4
        page.fit_to_pages(1, 0)
        page.repeat_rows(0)
        page.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
        page.set_header(f"&C&14{self.sheet.label}")
        page.set_footer(f"&L{self._exported()}&R第 &P 页，共 &N 页")
        page.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})

    def _exported(self):
        moment = timezone.localtime(clock.now())
        return f"{self.user.office.name} {self.user.name} {moment:%Y-%m-%d %H:%M} 导出".replace("&", "&&")

    def _row(self, number, pk, version, values):
        texts, pieces, line = {}, [], number + 1
        for (name, letter, style, quoted), value in zip(self.places, values, strict=True):
            texts[name], xml, is_quoted = _cell(value)
            if xml:
                pieces.append(f'<c r="{letter}{line}" s="{quoted if is_quoted else style}"{xml}</c>')
        if self.signer:
            mark = self.signer.mark(pk, version, texts)
            pieces.append(f'<c r="{self.mark_place}{line}"{_inline(mark)}</c>')
        self.page.write_line(number, pieces, last=self.last + bool(self.signer))

    def _drop_downs(self, rows):
        choosing = [(i, column) for i, column in enumerate(self.sheet.columns) if column.choices]
        lists = [(i, column, list(column.choices(self.user))) for i, column in choosing]
        lists = [(i, column, words) for i, column, words in lists if words]
        if not lists:
            return
        hidden = self.book.add_worksheet(CHOICES_SHEET)
        hidden.hide()
        for row in range(max(len(words) for _, _, words in lists)):  # row by row, as constant memory demands
            for place, (_, _, words) in enumerate(lists):
                if row < len(words):
                    hidden.write_string(row, place, words[row])
        for place, (index, column, words) in enumerate(lists):
            letter = xl_col_to_name(place)
            self.page.data_validation(1, index, rows + SPARE_ROWS, index, {
                "validate": "list",
                "source": f"={CHOICES_SHEET}!${letter}$1:${letter}${len(words)}",
                "show_error": not column.several,
                "error_title": column.label[:32],
                "error_message": "请从下拉列表里选。",
            })  # fmt: skip

    def _list_rows(self, pks):
        """Which rows went out, so that those missing from what comes back can be named."""
        hidden = self.book.add_worksheet(ROWS_SHEET)
        hidden.very_hidden()
        for line, start in zip(count(), range(0, len(pks), PKS_A_CELL), strict=False):
            hidden.write_string(line, 0, ",".join(map(str, pks[start : start + PKS_A_CELL])))

    # What a reader should know

    def _explain(self, words, rows):
        title = self.book.add_format({"bold": True, "font_size": 14})
        label = self.book.add_format({"bold": True, "valign": "top"})
        text = self.book.add_format({"text_wrap": True, "valign": "top"})
        self.about.set_column(0, 0, 14)
        self.about.set_column(1, 1, 90)
        self.about.write_string(0, 0, f"{self.sheet.label} 导出说明", title)
        for line, (name, value) in enumerate(self._facts(words, rows), start=2):
            self.about.write_string(line, 0, name, label)
            self.about.write_string(line, 1, value, text)

    def _facts(self, words, rows):
        moment = timezone.localtime(clock.now())
        yield "内容", f"{self.sheet.label}，共 {rows} 行"
        yield "筛选条件", words or "无（可见范围内全部）"
        yield "数据截至", f"{moment:%Y-%m-%d %H:%M}"
        yield "导出人", f"{self.user.office.name} {self.user.name}"
        if not self.signer:
            return
        yield (
            "怎样改",
            f"只有蓝色表头的列能改：{'、'.join(column.label for column in self.sheet.editable)}。其他列改了也不会写入。",
        )
        yield "", "可以排序、筛选、隐藏行；不要删除表头，也不要改动最右边隐藏的“系统标记”列，系统靠它认出每一行。"
        yield "", "日期写成 2026-11-30；几个单位之间用顿号（、）隔开。要新增，在末尾另起一行填写。"
        yield "怎样传回", "保存后在系统“表格往来”页上传。系统先列出每一处改动，您确认后才写入；删掉的行不会被删除。"
        yield "注意", "本表只供本单位使用，含联系电话，请勿外传。"


@remembered
def _cell(value):
    """(text, the rest of the cell's XML, whether it is quoted so that no spreadsheet takes it for a formula)."""
    text = as_text(value)
    if text == "":
        return "", "", False
    if not isinstance(value, str) and (number := _number_of(value)):
        return text, f"><v>{number}</v>", False
    return text, _inline(text), text[0] in "=+-@\t\r'"


def _inline(text):
    return f' t="inlineStr"><is><t xml:space="preserve">{_escaped(text)}</t></is>'


def _number_of(value):
    """What stands in a number's or a day's cell; "" for what a spreadsheet would not keep, which is written as text."""
    if is_date_cell(value):
        return str((value - ZERO).days)
    return as_text(value) if is_number_cell(value) else ""
