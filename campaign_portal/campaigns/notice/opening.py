"""From an uploaded file to its text. The content decides what it is, not the name."""

import io
import re
import zipfile
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from itertools import islice

import docx
import pypdf
from docx.table import Table
from docx.text.paragraph import Paragraph
from pypdf.errors import PyPdfError

from .draft import NoticeError
from .script import cleaned

MOST_BYTES = 10 * 1024 * 1024
MOST_CHARACTERS = 1_000_000
MOST_UNPACKED = 60 * 1024 * 1024
MOST_FILES = 2000
MOST_PAGES = 300
MOST_BODY = 16 * 1024 * 1024  # of the document's own XML
MOST_BLOCKS = 60_000  # paragraphs, table cells and nested parts; a real notice has hundreds
MOST_SPAN = 100  # columns that one cell may span
MOST_DRAWING = 2 * 1024 * 1024  # of a PDF page's drawing commands, unpacked
SPAN = re.compile(rb"gridSpan[^>]{0,40}?val=[\"'](\d{1,12})")
BLOCK = re.compile(rb"<w:(?:p|tc|tbl|r)[ />]")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
KINDS = "请上传 .txt、.docx 或带文字的 PDF，也可以直接粘贴正文。"


def open_notice(data: bytes, name: str) -> str:
    """The text of a file: .txt (UTF-8, UTF-16 with BOM, GB18030), .docx, PDF with text. Raises NoticeError."""
    if not data.strip():
        raise NoticeError(f"文件“{name}”是空的。")
    if len(data) > MOST_BYTES:
        raise NoticeError(f"文件“{name}”超过 10 MB。{KINDS}")
    text = cleaned(_reader(data, name)(data, name))
    if len(text) > MOST_CHARACTERS:
        raise NoticeError(f"文件“{name}”的文字超过 100 万字，不像一份通知。")
    if not text.strip():
        raise NoticeError(f"文件“{name}”里没有文字。{KINDS}")
    return text


def _reader(data, name):
    if data[:1024].lstrip().startswith(b"%PDF-"):
        return _pdf
    if data.startswith(b"PK\x03\x04"):
        return _docx
    if data.startswith(OLE):
        raise NoticeError(f"“{name}”是旧版 Word 文件（.doc）。请用 WPS 或 Word 另存为 .docx 再上传，或者直接粘贴正文。")
    return _plain


def _plain(data, name):
    for bom, encoding in ((BOM_UTF8, "utf-8-sig"), (BOM_UTF16_LE, "utf-16"), (BOM_UTF16_BE, "utf-16")):
        if data.startswith(bom):
            return data.decode(encoding, errors="replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if text.count("\0") <= len(text) // 10 + 1:
            return text
    raise NoticeError(f"认不出文件“{name}”的文字。{KINDS}")


# ---- .docx ----


def _docx(data, name):
    _refuse_bombs(data, name)
    try:
        document = docx.Document(io.BytesIO(data))
        return "\n".join(_blocks(document))
    except NoticeError:
        raise
    except Exception as error:  # python-docx lets whatever its XML and archive readers raise through
        raise NoticeError(f"文件“{name}”打不开：不是完整的 .docx 文件。{KINDS}") from error


def _refuse_bombs(data, name):
    """Reads the archive once in small pieces: what its directory says about sizes may be a lie."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if len(archive.infolist()) > MOST_FILES or "word/document.xml" not in archive.namelist():
                raise NoticeError(f"“{name}”不是 Word 文件（.docx）。{KINDS}")
            if any("vbaProject" in entry for entry in archive.namelist()):
                raise NoticeError(f"“{name}”带有宏。请另存为不带宏的 .docx 再上传，或者直接粘贴正文。")
            _refuse_unpacked(archive, name)
            _refuse_heaps(archive.read("word/document.xml"), name)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise NoticeError(f"文件“{name}”打不开：不是完整的 .docx 文件。{KINDS}") from error


def _refuse_unpacked(archive, name):
    unpacked = 0
    for entry in archive.infolist():
        with archive.open(entry) as part:
            while piece := part.read(1024 * 1024):
                unpacked += len(piece)
                if unpacked > MOST_UNPACKED:
                    raise NoticeError(f"文件“{name}”解开后太大，不像一份通知。")


def _refuse_heaps(body, name):
    """A small archive may hold millions of empty paragraphs or a cell over millions of columns: told from the raw XML, before
    anything is made of it."""
    spans = (int(span) for span in SPAN.findall(body))
    if len(body) > MOST_BODY or any(span > MOST_SPAN for span in spans) or _more(BLOCK.finditer(body), MOST_BLOCKS * 4):
        raise NoticeError(f"文件“{name}”的内容太多，不像一份通知。请只留正文，或者直接粘贴文字。")


def _more(found, most):
    return next(islice(found, most, None), None) is not None


def _blocks(document):
    """Paragraphs and tables in the order of the document; a row of a table as cells with | between."""
    for block in document.iter_inner_content():
        if isinstance(block, Paragraph):
            yield block.text
        elif isinstance(block, Table):
            yield from _rows(block)


def _rows(table):
    for row in table.rows:
        cells = []
        for cell in row.cells:  # a merged cell comes once for each column that it spans
            if not cells or cell._tc is not cells[-1]._tc:
                cells.append(cell)
        yield " | ".join(" ".join(cell.text.split()) for cell in cells)


# ---- PDF ----


def _pdf(data, name):
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise NoticeError(f"PDF 文件“{name}”有密码，打不开。")
        if len(reader.pages) > MOST_PAGES:
            raise NoticeError(f"PDF 文件“{name}”超过 {MOST_PAGES} 页，不像一份通知。")
        text = _pages(reader)
    except NoticeError:
        raise
    except (
        PyPdfError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        IndexError,
        RecursionError,
        OSError,
        NotImplementedError,
    ) as error:
        raise NoticeError(f"PDF 文件“{name}”打不开：文件不完整或已损坏。") from error
    if len(text.split()) == 0:
        raise NoticeError(f"PDF 文件“{name}”是扫描件，里面没有文字。请上传 Word 文件，或者直接粘贴正文。")
    return text


def _pages(reader):
    parts, size = [], 0
    for page in reader.pages:
        contents = page.get_contents()
        if contents is not None and len(contents.get_data()) > MOST_DRAWING:
            raise NoticeError("PDF 的内容太复杂，读不了。请上传 Word 文件，或者直接粘贴正文。")
        parts.append(page.extract_text())
        size += len(parts[-1])
        if size > MOST_CHARACTERS:
            break
    return "\n".join(parts)
