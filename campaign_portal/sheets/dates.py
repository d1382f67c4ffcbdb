"""Days as people have written them into ledgers for years, and what to answer when one cannot be read."""

import re
from datetime import date, datetime, timedelta

from .cells import BadCell, remembered
from .foreign import plain

SEPARATED = re.compile(r"(\d{4})\s*[-./年、,]\s*(\d{1,2})\s*[-./月、,]\s*(\d{1,2})\s*[日号]?")
TOGETHER = re.compile(r"(\d{4})(\d{2})(\d{2})")
WITHOUT_YEAR = re.compile(r"(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*[日号]?")
TIME = re.compile(
    r"[T\s]*(上午|下午)?\s*\d{1,2}\s*[:：时]\s*\d{1,2}\s*(分|[:：]\s*\d{1,2}(\.\d+)?|秒)*(Z|[+-]\d{2}:?\d{2})?$"
)

EPOCH = date(1899, 12, 30)  # day 0 of Excel's count, as it comes out right from March 1900 on
SERIALS = range(20_000, 80_000)  # 1954 to 2119: what a day looks like in a cell that was never formatted as one
AS_IT_SHOULD_BE = "请写成 2026-03-05 这样的日期"


def to_date(value, *, year):
    """The day that a cell means; None for an empty one. `year` is meant where none is written (3月5日).

    Takes what the reader gives: date, datetime, a number or text in any of the usual spellings, full-width too, with a
    time behind or not. Raises BadCell with what would be right.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise BadCell(f"不是日期，{AS_IT_SHOULD_BE}")
    return _from_number(value) if isinstance(value, int | float) else _from_text(plain(value), year=year)


def _from_number(number):
    if number != number or abs(number) > 99_999_999:
        raise BadCell(f"不是日期，{AS_IT_SHOULD_BE}")
    if int(number) in SERIALS:
        return EPOCH + timedelta(days=int(number))
    if number == int(number) and (match := TOGETHER.fullmatch(str(int(number)))):
        return _day(*match.groups())
    if number != int(number):  # 3.1 may have been 3.10
        raise BadCell(f"被表格存成了小数，看不出是哪一天，{AS_IT_SHOULD_BE}")
    raise BadCell(f"不是日期，{AS_IT_SHOULD_BE}")


@remembered
def _from_text(text, *, year):
    text = TIME.sub("", text).strip()
    if not text:
        return None
    if match := SEPARATED.fullmatch(text) or TOGETHER.fullmatch(text):
        return _day(*match.groups())
    if match := WITHOUT_YEAR.fullmatch(text):
        return _day(year, *match.groups())
    if text.isdecimal() and int(text) in SERIALS:
        return EPOCH + timedelta(days=int(text))
    raise BadCell(f"不是日期，{AS_IT_SHOULD_BE}")


def _day(year, month, day):
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise BadCell(f"没有这一天，{AS_IT_SHOULD_BE}") from None
