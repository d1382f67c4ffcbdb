"""What stands in a cell of somebody's own workbook, as text, number or money; cells.py reads the sheets that we made.

Each reader takes what python-calamine gives (str, int, float, bool, date, datetime, time, timedelta; "" for an empty cell)
and raises BadCell with what would be right.
"""

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from campaign_portal.fields import without_control

from .cells import BadCell, remembered

NOTHING = {"", "-", "--", "—", "——", "/", "\\", "无", "暂无", "没有", "空"}
LARGEST = Decimal(999_999)


@remembered
def plain(text):
    """Text as it is compared: full-width forms made narrow, surrounding blanks gone."""
    return unicodedata.normalize("NFKC", text).strip()


@remembered
def words(value):
    """What a cell says, for people: a whole number without its ".0", a day as 2026-03-05. "" for an empty one."""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}" if (value.hour, value.minute) == (0, 0) else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return without_control(str(value)).strip()


def to_text(value, *, most):
    text = words(value).replace("\r\n", "\n")
    if len(text) > most:
        raise BadCell(f"有 {len(text)} 个字，最多 {most} 个，请压缩")
    return text


def to_phone(value):
    text = plain(words(value)).replace("—", "-")
    if text in NOTHING:
        return ""
    if not re.fullmatch(r"\+?[\d\- ()]{5,20}", text):
        raise BadCell("不像一个电话号码，请只写一个，如 13800001234 或 0735-5520000")
    if re.fullmatch(r"1[3-9]\d{8}|1[3-9]\d{10,}", text):
        raise BadCell("像手机号，但不是 11 位，请核对")
    return text


def to_count(value):
    """A whole number that is not negative; None for an empty cell."""
    text = plain(words(value)).rstrip("张床位个人名").strip()
    if text in NOTHING:
        return None
    if not re.fullmatch(r"\d{1,6}", text):
        raise BadCell("不是 0 以上的整数，请只写数字，如 60")
    return int(text)


MONEY = re.compile(r"(约|共|合计)?\s*([¥￥])?\s*(-?[\d,]*\.?\d+)\s*(万元|万|元)?(人民币)?")


def to_money(value, *, in_yuan=False):
    """Money in 万元 with two decimals; None for an empty cell. A bare number is 万元 unless the head says 元; ￥ and 元
    are yuan."""
    text = plain(words(value))
    if text in NOTHING:
        return None
    match = MONEY.fullmatch(text)
    if match is None:
        raise BadCell("不是金额，请写成以万元为单位的数字，如 1.5")
    sign, digits, unit = match[2], match[3], match[4]
    try:
        amount = Decimal(digits.replace(",", ""))
    except InvalidOperation:
        raise BadCell("不是金额，请写成以万元为单位的数字，如 1.5") from None
    if unit == "元" or not unit and (sign or in_yuan):
        amount /= 10_000
    if not 0 <= amount <= LARGEST:
        raise BadCell("不在合理范围，整改资金应在 0 到 999999 万元之间")
    return amount.quantize(Decimal("0.01"))
