"""A day is the same day in whatever way it has been written; what is no day is told so, with what would be right."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign_portal.sheets.dates import EPOCH, to_date
from campaign_portal.sheets.foreign import BadCell, to_count, to_money, to_phone, to_text

DAYS = st.dates(min_value=datetime.date(1960, 1, 1), max_value=datetime.date(2099, 12, 31))
FULL_WIDTH = str.maketrans("0123456789-./", "０１２３４５６７８９－．／")

SPELLINGS = [
    lambda d: f"{d.year}-{d.month}-{d.day}",
    lambda d: f"{d:%Y-%m-%d}",
    lambda d: f"{d.year}.{d.month}.{d.day}",
    lambda d: f"{d:%Y/%m/%d}",
    lambda d: f"{d.year}年{d.month}月{d.day}日",
    lambda d: f"{d.year} 年 {d.month} 月 {d.day} 号",
    lambda d: f"{d:%Y%m%d}",
    lambda d: int(f"{d:%Y%m%d}"),
    lambda d: float(f"{d:%Y%m%d}"),
    lambda d: f"{d.month}月{d.day}日",
    lambda d: f"{d.month}-{d.day}",
    lambda d: f"{d.month}/{d.day}",
    lambda d: d,
    lambda d: datetime.datetime(d.year, d.month, d.day, 15, 30),
    lambda d: (d - EPOCH).days,
    lambda d: float((d - EPOCH).days) + 0.625,
    lambda d: str((d - EPOCH).days),
    lambda d: f"{d:%Y-%m-%d} 09:30",
    lambda d: f"{d.year}年{d.month}月{d.day}日 上午9时30分",
    lambda d: f"{d:%Y-%m-%d}T09:30:00",
    lambda d: f"  {d:%Y-%m-%d} 9:05:59 ",
    lambda d: f"{d.year}-{d.month}-{d.day}".translate(FULL_WIDTH),
    lambda d: f"{d:%Y%m%d}".translate(FULL_WIDTH),
]


@given(DAYS, st.sampled_from(SPELLINGS))
def test_a_day_is_the_same_in_every_spelling(day, spell):
    assert to_date(spell(day), year=day.year) == day


@given(st.text())
def test_any_text_is_a_day_nothing_or_a_sentence(text):
    try:
        answer = to_date(text, year=2026)
    except BadCell as error:
        answer = str(error)
    assert answer is None or isinstance(answer, datetime.date) or "请写成 2026-03-05" in answer


@pytest.mark.parametrize(
    "value", ["明年", "2026-13-01", "2026-02-30", "2026年", "3.5.7.9", 3.1, True, datetime.time(9), 1e300, float("nan")]
)
def test_what_is_no_day_is_told_what_to_write(value):
    with pytest.raises(BadCell, match="2026-03-05"):
        to_date(value, year=2026)


def test_days_far_off_are_still_days_for_the_ledger_to_refuse():
    assert to_date(datetime.date(1899, 12, 31), year=2026).year == 1899
    assert to_date("2099-01-01", year=2026).year == 2099


@pytest.mark.parametrize(
    "value, amount",
    [("1.5", "1.50"), (2, "2.00"), ("￥20000", "2.00"), ("￥20,000元", "2.00"), ("1.5万元", "1.50"), ("约3万", "3.00"),
     ("０．５万", "0.50"), ("无", None), ("", None), ("—", None)],
)  # fmt: skip
def test_money_is_in_ten_thousands(value, amount):
    assert to_money(value) is None if amount is None else str(to_money(value)) == amount


def test_money_under_a_head_in_yuan():
    assert str(to_money(15000, in_yuan=True)) == "1.50"


@pytest.mark.parametrize("value", ["-1", "很多", "99999999999万", "一万"])
def test_what_is_no_money_is_told_so(value):
    with pytest.raises(BadCell):
        to_money(value)


def test_phones_arrive_as_numbers():
    assert to_phone(13800000001.0) == "13800000001"
    assert to_phone("0735-5520000") == "0735-5520000"
    assert to_phone("无") == ""
    with pytest.raises(BadCell, match="电话"):
        to_phone("13800000001/13900000002 张三")


def test_counts_are_whole_and_not_negative():
    assert (to_count(60.0), to_count("６０张"), to_count("")) == (60, 60, None)
    for value in (-5, "2.5", "很多"):
        with pytest.raises(BadCell, match="整数"):
            to_count(value)


def test_text_loses_control_characters_and_keeps_everything_else():
    assert to_text("=cmd()\x00\x07 😀\n二行", most=50) == "=cmd() 😀\n二行"
    with pytest.raises(BadCell, match="有 3000 个字，最多 500 个"):
        to_text("长" * 3000, most=500)
