"""The holiday notices of many years are read to the day; what does not agree within one is said."""

from datetime import date

import pytest

from campaign_portal.deadlines import starter_calendar
from campaign_portal.deadlines.holiday_notice import read

from .holiday_notices import ADJUSTING, CLAUSES, notice

pytestmark = pytest.mark.text


def differing(reading):
    return {(day, is_working) for day, is_working, _ in reading.days}


def known(year):
    return {(day, is_working) for day, is_working, _ in starter_calendar.days_of(year)}


@pytest.mark.parametrize("year", [year for year in CLAUSES if year in starter_calendar.YEARS])
def test_the_notice_of_a_year_is_read_to_the_day(year):
    reading = read(notice(year))
    assert (reading.year, differing(reading)) == (year, known(year))
    assert reading.findings == () and reading.is_whole == (year > 2007)
    assert reading.source == f"国务院办公厅关于{year}年部分节假日安排的通知（国办发明电〔{year - 1}〕7号）"


def test_days_carry_the_names_of_their_festival():
    names = {day.day: day.name for day in read(notice(2023)).days}
    assert names[date(2023, 1, 2)] == "元旦" and names[date(2023, 10, 8)] == "中秋节、国庆节"
    assert read(notice(2007)).festivals == ("元旦", "春节", "劳动节", "国庆节")


def test_the_same_text_in_one_line_with_blanks_and_full_width_figures_says_the_same():
    text = notice(2026).replace("\n", "  ").replace("1月4日", "１月４日").replace("至", " — ")
    assert differing(read(text)) == known(2026)


@pytest.mark.parametrize("year", ADJUSTING)
def test_a_notice_that_adjusts_one_holiday_gives_just_its_days(year):
    reading = read(ADJUSTING[year])
    assert reading.year == year and not reading.is_whole and reading.findings == ()
    assert differing(reading) < known(year) and len(reading.days) >= 3


def test_new_years_day_may_reach_into_the_year_before():
    text = notice(2026).replace(
        "1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班",
        "2025年12月31日（周三）至1月2日（周五）放假调休，共3天。12月28日（周日）上班",
    )
    days = differing(read(text))
    assert {(date(2025, 12, 31), False), (date(2025, 12, 28), True), (date(2026, 1, 2), False)} <= days
    assert read(text).findings == ()


WRONG = [
    ("共9天", "共8天", "春节写明共8天，读出的是9天。"),
    ("5月9日（周六）上班", "5月9日（周日）上班", "5月9日是周六，通知写的是周日。"),
    ("5月9日（周六）上班", "5月8日上班", "5月8日写的是上班，但它本来就是工作日（周五）。"),
    ("2月28日（周六）上班", "2月30日（周六）上班", "“2月30日(周六)”不是一个完整的日期。"),
    ("1月4日（周日）上班", "1月3日（周六）上班", "1月3日既写放假又写上班。"),
    ("6月19日（周五）至21日（周日）", "6月21日（周日）至19日（周五）", "端午节的“6月21日至6月19日”前后颠倒或太长。"),
    ("2月14日（周六）", "2021年2月14日（周日）", "“2021年2月14日(周日)”不在2026年。"),
    ("中秋节：9月25日（周五）至27日（周日）放假，共3天。", "中秋节：另行通知。", "通知里没有读到中秋节。"),
]


@pytest.mark.parametrize("right, wrong, sentence", WRONG)
def test_what_does_not_agree_is_said(right, wrong, sentence):
    text = notice(2026)
    assert right in text
    assert sentence in read(text.replace(right, wrong)).findings


def test_a_text_without_a_year_asks_for_it_and_takes_the_one_that_is_named():
    clauses = CLAUSES[2026]
    assert read(clauses).findings == ("没有读出是哪一年的通知，请填写年份。",)
    assert differing(read(clauses, year=2026)) == known(2026)


def test_another_year_than_the_chosen_one_is_said():
    assert "通知写的是2026年，您选的是2027年，请核对。" in read(notice(2026), year=2027).findings


@pytest.mark.parametrize(
    "text", ["", "今天天气很好。", "2026年放假安排另行通知。", "一、" * 5000, "1月" * 9000, "1日、" * 6000 + "放假"]
)
def test_a_text_that_is_no_notice_gives_no_days_and_a_sentence(text):
    reading = read(text)
    assert reading.days == () and reading.findings
