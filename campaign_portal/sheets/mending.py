"""The rows that could not be imported, as a workbook to mend and upload again."""

import io
from datetime import date, datetime, time, timedelta
from pathlib import PurePath

import xlsxwriter

from campaign_portal.files.services import store_bytes

from .reading import MEND, Reader

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SPOILED = {"bg_color": "#FDE3E1", "font_color": "#8A1F17"}
COMMON = {"text_wrap": True, "valign": "top"}


def mend_file(reader: Reader, lines, *, name, by):
    """A StoredFile with the original columns of `lines`, what to change in front, and the cells in question coloured.

    Its head is one line that reads like the original, so that the columns are known again when it is uploaded.
    """
    out = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options | {"strings_to_numbers": False}) as book:
        _write(book, reader, lines)
    return store_bytes(out.getvalue(), name=f"{PurePath(name).stem[:80]}-待修改.xlsx", content_type=CONTENT_TYPE, by=by)


def _write(book, reader, lines):
    lines = list(lines)
    sheet = book.add_worksheet(f"待修改（{reader.year}年）")  # days without a year are read by it when it comes back
    head = book.add_format({"bold": True, "bg_color": "#E8EEF5", "border": 1, "text_wrap": True, "valign": "vcenter"})
    formats = {
        (is_spoiled, is_day): book.add_format(
            COMMON | (SPOILED if is_spoiled else {}) | ({"num_format": "yyyy-mm-dd"} if is_day else {})
        )
        for is_spoiled in (False, True)
        for is_day in (False, True)
    }
    texts = reader.head.texts
    kept = [index for index, text in enumerate(texts) if text != MEND]
    missing = _missing(reader, lines)
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, 0, 46)
    sheet.set_column(1, len(kept) + len(missing), 16)
    labels = [reader.importer.column(name).label for name in missing]
    sheet.write_row(0, 0, [MEND, *(texts[index] for index in kept), *labels], head)
    for row, line in enumerate(lines, start=1):
        spoiled = {problem.name for problem in line.problems}
        sheet.write_string(row, 0, _sentences(reader, line), formats[False, False])
        cells = reader.table.rows[line.number - 1]
        for column, index in enumerate(kept, start=1):
            value = cells[index] if index < len(cells) else ""
            _write_cell(sheet, row, column, value, reader.columns.get(index) in spoiled, formats)
        for column, name in enumerate(missing, start=1 + len(kept)):
            _write_cell(sheet, row, column, "", name in spoiled, formats)


def _missing(reader, lines):
    """Columns that some line needs and the file does not have: they are put behind, to be filled in."""
    names = (problem.name for line in lines for problem in line.problems)
    return list(dict.fromkeys(name for name in names if name not in reader.index_of))


def _sentences(reader, line):
    """What to change, by the head of the cell: addresses would be those of the other file."""
    words = []
    for problem in line.problems:
        index = reader.index_of.get(problem.name)
        head = reader.head.texts[index] if index is not None else reader.importer.column(problem.name).label
        words.append(f"{head}：{problem.sentence}")
    return "；\n".join(words)


def _write_cell(sheet, row, column, value, is_spoiled, formats):
    is_day = isinstance(value, date)
    style = formats[is_spoiled, is_day]
    if isinstance(value, datetime):
        sheet.write_datetime(row, column, value.replace(tzinfo=None), style)
    elif is_day:
        sheet.write_datetime(row, column, value, style)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value, style)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, style)
    elif isinstance(value, time | timedelta):
        sheet.write_string(row, column, str(value), style)
    elif value != "":
        sheet.write_string(row, column, value[:32_000], style)
    elif is_spoiled:
        sheet.write_blank(row, column, None, style)
