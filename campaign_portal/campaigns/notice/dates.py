"""Days, months and spans as official Chinese writes them, and which days they mean.

`find(text)` gives the expressions of a piece of flow text (simplified, half width, no spaces). `resolve(point, year)`
gives the days of one end. Which year a missing one is, `Calendar` says.
"""

import calendar
import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice

from .date_words import (
    CUE,
    D31,
    DASH,
    EXPRESSION,
    FIVE_YEARS,
    M12,
    NOON,
    NOW,
    ONE,
    PART,
    SPLIT_NUMERIC,
    SUFFIX,
    Y4,
    YEAR,
)

MOST = 40  # in one sentence


@dataclass(frozen=True)
class Point:
    """One end as written. `year` may be missing or relative (an offset to the year of issue in `shift`)."""

    year: int | None = None
    shift: int | None = None
    month: int | None = None
    month_shift: int | None = None
    day: int | None = None
    part: str = ""  # 上旬 中旬 下旬 初 底 末 中 内; Q1..Q4, H1, H2, Y (whole year), YE 年底, YB 年初, YM 年中; now


@dataclass(frozen=True)
class Expression:
    """A date or a span in a text, with what follows it directly (前, 止)."""

    start: int
    end: int
    left: Point | None
    right: Point
    suffix: str = ""
    words: str = ""

    @property
    def is_span(self):
        return self.left is not None


@dataclass(frozen=True)
class Days:
    first: date
    last: date
    precision: str
    stated: str  # the same, as coarse as it was said
    year_from: str = "stated"


def find(text: str, start: int = 0, end: int | None = None) -> list[Expression]:
    """The first date expressions of text[start:end], left to right."""
    end = len(text) if end is None else end
    found = []
    if not CUE.search(text, start, end):
        return found
    for match in islice(EXPRESSION.finditer(text, start, end), MOST):
        expression = _expression(match)
        if expression:
            tail = SUFFIX.match(text, expression.end, end)
            suffix = match["stop"] or (tail[0] if tail else "")
            stop = tail.end() if tail else expression.end
            found.append(replace(expression, end=stop, suffix=suffix, words=text[expression.start : stop]))
    return found


def _expression(match):
    if match["elided"]:
        ends = _elided(match["elided"])
    elif match["left"]:
        ends = _ends(match["left"], match["right"])
    else:
        ends = None, _point(match["single"])
    if not ends or ends[1] is None:
        return None
    return Expression(match.start(), match.end(), *ends)


def _ends(left_words, right_words):
    left = Point(part="now") if re.match(NOW, left_words) else _point(left_words)
    if right_words in ("结束", "今后", "长期"):
        return None
    right = _right(right_words, left)
    return (left, right) if left and right else None


def _right(words, left):
    """The right end takes from the left what it does not say: 1月24日至26日, 8月上旬至中旬."""
    only_day = re.fullmatch(rf"({D31})[日号]{NOON}", words)
    if only_day:
        return replace(left, day=_number(only_day[1]), part="") if left.month or left.month_shift is not None else None
    if words in ("月底", "月末"):
        return replace(left, day=None, part="底")
    if re.fullmatch(PART, words):
        return replace(left, day=None, part=words) if left.month else None
    right = _point(words)
    if right and right.year is None and right.shift is None and right.part != "now" and left.part != "now":
        right = replace(right, year=left.year, shift=left.shift)
    return right


def _elided(words):
    dotted = re.fullmatch(rf"({M12})\.({D31}){DASH}({M12})\.({D31})", words)
    if dotted:
        a, b, c, d = (_number(x) for x in dotted.groups())
        return Point(month=a, day=b), Point(month=c, day=d)
    years = re.fullmatch(rf"({Y4})(?:年度?)?{DASH}({Y4})年度?", words)
    if years:
        return Point(year=_year(years[1]), part="Y"), Point(year=_year(years[2]), part="Y")
    months = re.fullmatch(rf"({YEAR}?)({M12}){DASH}({M12})月份?({PART}?)", words)
    if months:
        base = _point(months[1]) if months[1] else Point()
        base = replace(base, part="")
        return replace(base, month=_number(months[2])), replace(base, month=_number(months[3]), part=months[4])
    days = re.fullmatch(rf"({YEAR}?)({M12})月({D31}){DASH}({D31})[日号]", words)
    base = replace(_point(days[1]) if days[1] else Point(), part="", month=_number(days[2]))
    return replace(base, day=_number(days[3])), replace(base, day=_number(days[4]))


SHIFTS = {
    "今年": 0,
    "本年": 0,
    "本年度": 0,
    "当年": 0,
    "明年": 1,
    "次年": 1,
    "翌年": 1,
    "去年": -1,
    "上年": -1,
    "前年": -2,
}
MONTH_SHIFTS = {"本月": 0, "当月": 0, "下月": 1, "次月": 1, "下个月": 1}


def _point(words):
    numeric = SPLIT_NUMERIC.fullmatch(words)
    if numeric:
        year, month, day = (int(x) if x else None for x in numeric.groups())
        return Point(year=year, month=month, day=day) if 1 <= month <= 12 and (day or 1) <= 31 else None
    five = re.match(r'"?十([一二三四五六])五', words)
    if five:
        return Point(year=FIVE_YEARS[five[1]], part="YE")
    if re.fullmatch(r"(?:本|当)?月(?:底|末)", words):
        return Point(shift=0, month_shift=0, part="底")
    in_month = re.fullmatch(rf"(?:本|当)月({D31})[日号]", words)
    if in_month:
        return Point(shift=0, month_shift=0, day=_number(in_month[1]))
    if words.startswith("本周"):
        return Point(part="week" + words[2:])
    match = ONE.fullmatch(words)
    return _of_groups(match) if match else None


def _of_groups(match):
    year = _year(match["y"]) if match["y"] else None
    shift = SHIFTS[match["yr"]] if match["yr"] else None
    if match["m"]:
        day = _number(match["d"]) if match["d"] else None
        return Point(year, shift, _number(match["m"]), None, day, match["part"] or "")
    if match["mr"]:
        return Point(
            0 if year else None,
            0,
            None,
            MONTH_SHIFTS[match["mr"]],
            _number(match["d"]) if match["d"] else None,
            match["part"] or "",
        )
    if match["q"]:
        return Point(year, shift, part=f"Q{_number(match['q'])}" + ("B" if match["qp"] == "初" else ""))
    if match["half"]:
        return Point(year, shift, part="H1" if match["half"] == "上" else "H2")
    if match["eve"]:
        return Point(year, shift, part="YE")
    if match["yp"]:
        return Point(year, shift, part={"初": "YB", "中": "YM"}.get(match["yp"], "YE"))
    return Point(year, shift, part="Y") if year or shift is not None else None


def _year(words):
    if words.isdigit() and words.isascii():
        return int(words)
    return int("".join(str("零一二三四五六七八九".index("零" if c in "〇0O" else c)) for c in words))


def _number(words):
    if words == "元":
        return 1
    if words.isascii():
        return int(words)
    words = words.replace("廿", "二十")
    tens, _, ones = words.rpartition("十")
    value = "零一二三四五六七八九".index(ones) if ones else 0
    return value + (10 * ("零一二三四五六七八九".index(tens) if tens else 1) if "十" in words else 0)


# ---- from a point to days ----


@dataclass(frozen=True)
class Calendar:
    """What a missing year is taken from: the day of issue, else a year that the text names."""

    issued_on: date | None
    year: int | None = None
    year_from: str = "text"

    def days(self, point: Point, *, not_before: date | None = None) -> Days | None:
        """The days a point means; None if it cannot be known or does not exist (31 June).

        `not_before` (the phase or the end before it) moves a date without a year into the next one.
        """
        if point.part == "now":
            return self.issued_on and Days(self.issued_on, self.issued_on, "day", str(self.issued_on), "issue")
        if point.part.startswith("week"):
            return self._week(point.part[4:])
        year, said = self._year_of(point)
        if year is None:
            return None
        month = point.month
        if point.month_shift is not None:
            if not self.issued_on:
                return None
            year, month = divmod(year * 12 + self.issued_on.month - 1 + point.month_shift, 12)
            month += 1
        days = _span(year, month, point, said)
        if days and not said.startswith(("stated", "relative")):
            days = self._next_year(days, year, month, point, not_before)
        return days

    def _year_of(self, point):
        if point.year:
            return point.year, "stated"
        if point.shift is not None:
            base = self.issued_on.year if self.issued_on else self.year
            return (base + point.shift, "issue") if base else (None, "")
        if self.issued_on:
            return self.issued_on.year, "issue"
        return self.year, self.year_from

    def _next_year(self, days, year, month, point, not_before):
        """A date without a year that lies long before the notice, or before the phase it follows, is next year's."""
        if not_before and days.last < not_before and (not_before - days.last).days > 60:
            return _span(year + (1 if days.last.replace(day=1) < not_before else 0), month, point, "phase") or days
        if self.issued_on and point.shift is None and (self.issued_on - days.last).days > 183:
            return _span(year + 1, month, point, "next") or days
        return days

    def _week(self, name):
        if not self.issued_on or not name:
            return None
        weekday = {"末": 6, "日": 6}.get(name, "一二三四五六".find(name))
        day = self.issued_on + timedelta(days=weekday - self.issued_on.weekday())
        return Days(day, day, "day", str(day), "issue")


def _span(year, month, point, said):
    if not 1900 <= year <= 2100:
        return None
    if month:
        return _in_month(year, month, point, said)
    return _in_year(year, point.part, said)


def _in_month(year, month, point, said):
    last = calendar.monthrange(year, month)[1]
    if point.day:
        if point.day > last:
            return None
        day = date(year, month, point.day)
        return Days(day, day, "day", str(day), said)
    first, to, precision = {
        "上旬": (1, 10, "ten_day"), "初": (1, 10, "ten_day"), "中旬": (11, 20, "ten_day"), "中": (11, 20, "ten_day"),
        "下旬": (21, last, "ten_day"), "上中旬": (1, 20, "ten_day"), "中下旬": (11, last, "ten_day"),
        "底": (last, last, "month_end"), "末": (last, last, "month_end"), "内": (1, last, "month_end"),
    }.get(point.part, (1, last, "month"))  # fmt: skip
    stated = f"{year}-{month:02}" if precision == "month" else str(date(year, month, to))
    return Days(date(year, month, first), date(year, month, to), precision, stated, said)


def _in_year(year, part, said):
    if part[0] == "Q":
        first = 3 * int(part[1]) - 2
        last = first if part.endswith("B") else first + 2
        to = date(year, last, calendar.monthrange(year, last)[1])
        return Days(date(year, first, 1), to, "quarter", str(to), said)
    first, to, precision = {
        "H1": (date(year, 1, 1), date(year, 6, 30), "half_year"), "H2": (date(year, 7, 1), date(year, 12, 31), "half_year"),
        "YE": (date(year, 12, 31), date(year, 12, 31), "year_end"), "YB": (date(year, 1, 1), date(year, 1, 31), "month"),
        "YM": (date(year, 6, 1), date(year, 6, 30), "month"),
    }.get(part, (date(year, 1, 1), date(year, 12, 31), "year"))  # fmt: skip
    return Days(first, to, precision, str(year) if precision == "year" else str(to), said)


def span_days(
    expression: Expression, known: Calendar, *, not_before: date | None = None
) -> tuple[Days | None, Days | None]:
    """(days of the left end, days of the right end). A right end that would lie before the left is next year's."""
    right = known.days(expression.right, not_before=not_before)
    if expression.left is None:
        return None, right
    left = known.days(expression.left, not_before=not_before)
    if left and right and right.last < left.first and expression.right.year is None:
        right = (
            _span(right.last.year + 1, right.last.month, expression.right, right.year_from)
            if expression.right.month
            else right
        )
    elif left and right and right.last < left.first and expression.left.year == expression.right.year:
        moved = replace(expression.right, year=expression.right.year + 1)
        right = known.days(moved) or right
    return left, right
