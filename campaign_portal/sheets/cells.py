"""Values and cells: how a value stands in a cell, and how what a clerk left there is read."""

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache, wraps

from .registry import DATE, MONEY, NUMBER

LONGEST = 32_767  # what a cell holds, in UTF-16 units
CUT = "…（内容过长，未全部导出）"
MOST_DIGITS = 15  # more than a spreadsheet's numbers keep
MOST_ZEROS = 40
SHORT = 120  # characters
EPOCH = date(1900, 3, 1)  # before it spreadsheets disagree about the calendar
NONCHARACTERS = re.compile("[\x00\ufffe\uffff]")  # what XML cannot say
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")


def remembered(function):
    """A function of what stands in a cell that remembers its last few thousand answers: a ledger says the same few things
    again and again. Long texts are worked out anew, or a file full of them would stay in memory."""
    kept = lru_cache(2**13, typed=True)(function)

    @wraps(function)
    def asked(value, **how):
        return function(value, **how) if isinstance(value, str) and len(value) > SHORT else kept(value, **how)

    return asked


class BadCell(Exception):
    """What stands in a cell cannot be what its column holds. The message says what to write instead."""


def as_text(value) -> str:
    """One spelling a value: 2026-11-30, 1.5, text as it is (cut to what a cell holds)."""
    if value is None or value == "":
        return ""
    if isinstance(value, str):
        return _fitting(NONCHARACTERS.sub("\ufffd", value))
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal | float):
        return _plain_number(Decimal(str(value)))
    return str(value)


def _fitting(text):
    if len(text) <= LONGEST // 2 or len(text.encode("utf-16-le")) // 2 <= LONGEST:
        return text
    room = (LONGEST - len(CUT)) * 2
    return text.encode("utf-16-le")[:room].decode("utf-16-le", errors="ignore") + CUT


def _plain_number(number):
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def is_number_cell(value) -> bool:
    """Whether a spreadsheet keeps every digit of it."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return False
    return len(Decimal(value).as_tuple().digits) <= MOST_DIGITS and abs(value) < 10**MOST_DIGITS


def is_date_cell(value) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime) and value >= EPOCH


def read(column, raw) -> str:
    """The text of a cell that came back, spelt as as_text() spells it. Raises BadCell."""
    if raw is None or raw == "":
        return ""
    if column.kind == DATE:
        return _read_date(raw)
    if column.kind in (NUMBER, MONEY):
        return _read_number(raw)
    if isinstance(raw, bool):
        return "TRUE" if raw else "FALSE"
    if isinstance(raw, int | float):
        return _plain_number(Decimal(repr(raw)))  # WPS makes a number of a telephone number
    if not isinstance(raw, str):
        raise BadCell(f"“{raw}”被表格软件当成了日期或时间，请把单元格设为“文本”后重新填写")
    return tidy(raw)


def tidy(text) -> str:
    """Text without blanks around it, with one kind of line break and without control characters: how texts compare."""
    text = NONCHARACTERS.sub("\ufffd", text).replace("\r\n", "\n").replace("\r", "\n")
    return CONTROL.sub("", text).strip()


NUMERIC_DATE = re.compile(r"^(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?(?:\s+0{1,2}:00(?::00)?)?$")


def _read_date(raw):
    if isinstance(raw, datetime):
        return raw.date().isoformat()
    if isinstance(raw, date):
        return raw.isoformat()
    shown = tidy(str(raw))
    if shown == "":
        return ""
    if match := NUMERIC_DATE.match(shown):
        try:
            return date(*map(int, match.groups())).isoformat()
        except ValueError:
            pass
    raise BadCell(f"“{_short(shown)}”不是日期，请写成 2026-11-30")


def _read_number(raw):
    if isinstance(raw, str):
        shown = tidy(raw)
        if shown == "":
            return ""
        raw = shown.replace(",", "").replace("，", "").removesuffix("万元").removesuffix("元").strip()
    elif isinstance(raw, bool) or not isinstance(raw, int | float):
        shown = str(raw)
        raw = ""
    else:
        shown = raw = repr(raw)
    try:
        number = Decimal(raw)
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite() or abs(number.adjusted()) > MOST_ZEROS:  # 1e999999999 is a gigabyte
        raise BadCell(f"“{_short(shown)}”不是数字，请只写数字，如 1.5")
    return _plain_number(number)


def _short(text):
    return text if len(text) <= 20 else f"{text[:20]}…"


def value_of(column, text):
    """The value of a spelt cell, for the service that writes it: date, Decimal, int or str; None for an empty one that
    is not text."""
    if column.kind == DATE:
        return date.fromisoformat(text) if text else None
    if column.kind == MONEY:
        return Decimal(text) if text else None
    if column.kind == NUMBER:
        return int(Decimal(text)) if text else None
    return text
