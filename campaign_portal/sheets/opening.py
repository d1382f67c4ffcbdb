"""Opening an uploaded workbook: what a clerk may send instead of one, and what he reads about it then."""

import re
import zipfile
from contextlib import contextmanager
from xml.parsers import expat

import python_calamine as calamine

MOST_BYTES = 20 * 1024 * 1024
MOST_UNPACKED = 600 * 1024 * 1024  # 100,000 rows of the ledger are about 200 MB of XML
MOST_CELLS = 8_000_000  # the reader lays out every cell between the outermost two that are filled
CHUNK = 1024 * 1024

SAVE_AS = "请用 WPS 或 Excel 打开它，“另存为”选“Excel 工作簿（.xlsx）”，再上传新文件。"
DAMAGED = (
    "文件已损坏，打不开。请用 WPS 或 Excel 打开原文件，“另存为”一份新的 .xlsx 再上传；也可能是上传中断，可重试一次。"
)
CELLS = b"sheetData"  # the element that holds the cells of a sheet
CELL = re.compile(rb"""<(?:[^\s<>/!?]*:)?c(?=[\s/>])(?: r="([A-Z]{1,3})([0-9]{1,7})")?""")  # no groups: an odd one
LONGEST_TAG = 64 * 1024


class BadSheet(Exception):
    """The upload is not a workbook that can be read. The message is a sentence for the user."""


def open_workbook(upload) -> calamine.CalamineWorkbook:
    """The workbook in `upload` (a Django upload or any file with read and seek).

    Its content decides, not its name. Raises BadSheet for anything that is not a whole .xlsx of bearable size: the
    archive is unpacked once in small pieces to know that before the reader allocates.
    """
    _refuse_other_kinds(upload)
    _refuse_outsize(upload)
    upload.seek(0)
    with _refusals():
        book = calamine.load_workbook(upload)
    upload.seek(0)  # whoever keeps the file reads it from its start
    return book


def rows_of(book, sheet_name) -> list[list]:
    """All rows of one sheet, from row 1 and column A on, empty ones too, so that an index is an address.

    A cell is str ("" if empty), int, float, bool, date, datetime, time or timedelta. Raises BadSheet.
    """
    with _refusals():
        return book.get_sheet_by_name(sheet_name).to_python(skip_empty_area=False)


def numbered_rows(book, sheet_name):
    """The rows of one sheet as (number as the spreadsheet counts, cells from column A on), one at a time: for sheets of
    100,000 rows. Rows above the first filled cell are left out."""
    with _refusals():
        sheet = book.get_sheet_by_name(sheet_name)
        start = sheet.start
        if start is None:
            return
        top, left = start
        for number, cells in enumerate(sheet.iter_rows(), start=top + 1):
            yield number, [""] * left + cells


def merged_ranges(book, sheet_name):
    """The merged cells of one sheet as ((row, column), (row, column)), counted from 0."""
    with _refusals():
        ranges = book.get_sheet_by_name(sheet_name).merged_cell_ranges or []
    if sum(bottom - top for (top, _), (bottom, _) in ranges) > MOST_CELLS:  # no sheet is so long, unless they overlap
        raise BadSheet(DAMAGED)
    return ranges


@contextmanager
def _refusals():
    try:
        yield
    except calamine.PasswordError:
        raise BadSheet(ENCRYPTED) from None
    except (calamine.CalamineError, OSError, ValueError):
        raise BadSheet(DAMAGED) from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # how a fault inside the reader arrives; no class to import
            raise
        raise BadSheet(DAMAGED) from None


ENCRYPTED = "文件加了打开密码，系统读不了。请在 WPS 或 Excel 里去掉密码（文件 → 文档加密／保护工作簿），保存后再上传。"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of old .xls and .et, and of an encrypted .xlsx
OTHER_KINDS = (
    (b"%PDF-", "这是 PDF 文件，不是表格。请上传 Excel 工作簿（.xlsx）。"),
    (b"\x89PNG", "这是图片，不是表格。请上传 Excel 工作簿（.xlsx）。"),
    (b"\xff\xd8\xff", "这是图片，不是表格。请上传 Excel 工作簿（.xlsx）。"),
    (b"Rar!", "这是压缩包。请解压后上传里面的 Excel 工作簿（.xlsx）。"),
    (b"7z\xbc\xaf", "这是压缩包。请解压后上传里面的 Excel 工作簿（.xlsx）。"),
)


def _refuse_other_kinds(upload):
    size = _size(upload)
    if size == 0:
        raise BadSheet("文件是空的，里面没有内容。请检查后重新选择。")
    if size > MOST_BYTES:
        raise BadSheet(f"文件有 {size // 1024 // 1024} MB，超过 20 MB。请删去图片或拆成几份再传。")
    upload.seek(0)
    head = upload.read(4096)
    if head.startswith(b"PK"):
        return
    if head.startswith(OLE):
        upload.seek(0)
        is_encrypted = "EncryptedPackage".encode("utf-16-le") in upload.read()
        raise BadSheet(ENCRYPTED if is_encrypted else f"这是旧版表格（.xls 或 .et）。{SAVE_AS}")
    for start, sentence in OTHER_KINDS:
        if head.startswith(start):
            raise BadSheet(sentence)
    raise BadSheet(_about_text(head))


def _size(upload):
    upload.seek(0, 2)
    return upload.tell()


def _about_text(head):
    start = head.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith((b"<html", b"<!doctype", b"<table", b"<?xml")):
        return f"这是网页或 XML 格式的表格，不是 Excel 工作簿。{SAVE_AS}"
    if b"\0" not in head:
        return f"这是文本（如 .csv）文件，不是 Excel 工作簿。{SAVE_AS}"
    return f"这不是 Excel 工作簿（.xlsx）。{SAVE_AS}"


def _refuse_outsize(upload):
    try:
        with zipfile.ZipFile(upload) as archive:
            members = archive.infolist()
            _refuse_other_archives([member.filename for member in members])
            if sum(member.file_size for member in members) > MOST_UNPACKED:
                raise BadSheet("文件展开后太大，不像一份台账。请只留需要的工作表和行，另存后再传。")
            for member in members:
                _read_through(archive, member)
    except BadSheet:
        raise
    except Exception:  # zipfile raises what it likes on a crafted or torn file
        raise BadSheet(DAMAGED) from None


def _refuse_other_archives(names):
    if "xl/workbook.xml" in names:
        return
    if any(name.startswith("word/") for name in names):
        raise BadSheet("这是 Word 文件，不是表格。请把表格粘贴到 Excel 里另存为 .xlsx，再上传。")
    if any(name.startswith("xl/") for name in names):
        raise BadSheet(f"这种工作簿（如 .xlsb）读不了。{SAVE_AS}")
    raise BadSheet(f"这是压缩包，不是 Excel 工作簿。请解压后上传里面的 .xlsx；若本来就是表格，{SAVE_AS}")


def _read_through(archive, member):
    """Unpack a member in pieces: its length and checksum must be true, and its filled area bearable.

    Any member may be named as a worksheet, whatever it is called. Cells as spreadsheets write them are found by their
    bytes, which is fast; a sheet with any others is parsed.
    """
    is_sheet = is_odd = False
    columns, last_row, rest = set(), 0, b""
    with archive.open(member) as stream:
        while piece := stream.read(CHUNK):
            piece = rest + piece
            end = piece.rfind(b"<")
            found = CELL.findall(piece, 0, max(end, 0))
            rest = piece[end:] if end >= 0 else b""
            is_odd = is_odd or (b"", b"") in found or len(rest) > LONGEST_TAG
            rest = rest[:LONGEST_TAG]
            is_sheet = is_sheet or CELLS in piece
            columns.update(column for column, _ in found)
            last_row = max(last_row, max((int(row or 0) for _, row in found), default=0))
    if is_sheet and is_odd:
        _parse_through(archive, member)
    elif is_sheet:
        _refuse_wide(last_row, max((_index(column.decode()) for column in columns), default=0))


def _parse_through(archive, member):
    area = _Area()
    with archive.open(member) as stream:
        while piece := stream.read(CHUNK):
            area.parser.Parse(piece)
        area.parser.Parse(b"", True)


def _refuse_wide(last_row, last_column):
    if last_row * last_column > MOST_CELLS:
        raise BadSheet(
            f"工作表一直用到第 {last_row} 行、第 {last_column} 列，太大了。"
            "往往是很远的地方误填了一个格：请删去台账以外的行和列，保存后再传。"
        )


class _Area:
    """Follows how far a sheet's cells reach, as the reader will lay them out: with an address in any spelling, without one
    behind the cell before. A real parser, since the reader ends the whole process if it cannot have the memory."""

    def __init__(self):
        self.row = self.column = self.last_row = self.last_column = 0
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start

    def _start(self, name, attributes):
        if name == "c" or name.endswith(":c"):
            if address := attributes.get("r"):
                letters = address.rstrip("0123456789")
                self.column, self.row = _index(letters), int(address[len(letters) :])
            else:
                self.column += 1
            self._reach()
        elif name == "row" or name.endswith(":row"):
            self.column, self.row = 0, int(attributes.get("r") or self.row + 1)

    def _reach(self):
        self.last_row, self.last_column = max(self.last_row, self.row), max(self.last_column, self.column)
        _refuse_wide(self.last_row, self.last_column)


def _index(letters):
    """A is 1, AA is 27; small letters count as well."""
    number = 0
    for letter in letters.upper():
        if not "A" <= letter <= "Z":
            raise ValueError(letters)
        number = number * 26 + ord(letter) - 64
    return number
