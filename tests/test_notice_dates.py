"""Every day of several years is the same day in every form that notices write it in."""

import calendar
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign_portal.campaigns.notice import dates, read_notice

pytestmark = pytest.mark.text

KNOWN = dates.Calendar(date(2022, 3, 1))
DIGITS = "〇一二三四五六七八九"


def chinese(number):
    tens, ones = divmod(number, 10)
    if tens == 0:
        return DIGITS[ones]
    return ("" if tens == 1 else DIGITS[tens]) + "十" + (DIGITS[ones] if ones else "")


def year_in_characters(year):
    return "".join(DIGITS[int(c)] for c in str(year))


DAY_FORMS = [
    "{d.year}年{d.month}月{d.day}日",
    "{d.year}年{d.month}月{d.day}日前",
    "{d.year}年{d.month}月{d.day}号以前",
    "{d:%Y}年{d:%m}月{d:%d}日",
    "{d:%Y-%m-%d}",
    "{d.year}/{d.month}/{d.day}",
    "{d.year}.{d.month}.{d.day}",
    "{d.year}年{d.month}月{d.day}日（星期五）下午5:00前",
    "{cy}年{cm}月{cd}日",
]


def written(form, day):
    words = form.format(d=day, cy=year_in_characters(day.year), cm=chinese(day.month), cd=chinese(day.day))
    return words.replace("（", "(").replace("）", ")")


def meant(words, known=KNOWN):
    """(first, last) day of the only expression in `words`."""
    (expression,) = dates.find(words)
    left, right = dates.span_days(expression, known)
    return (left or right).first, right.last


def every_day(first, last):
    return (date(first, 1, 1) + timedelta(days=n) for n in range((date(last + 1, 1, 1) - date(first, 1, 1)).days))


@pytest.mark.parametrize("form", DAY_FORMS)
def test_every_day_of_five_years_is_read_as_itself(form):
    for day in every_day(2020, 2024):
        assert meant(written(form, day)) == (day, day)


def test_every_day_without_a_year_is_one_of_the_year_of_issue_or_the_next():
    for issued in (date(2020, 2, 29), date(2021, 9, 23), date(2022, 12, 28)):
        known = dates.Calendar(issued)
        for day in every_day(2023, 2023):
            first, last = meant(f"{day.month}月{day.day}日前", known)
            assert first == last and (last.month, last.day) == (day.month, day.day)
            assert issued - timedelta(days=183) <= last <= issued + timedelta(days=366)


@given(st.dates(date(2005, 1, 1), date(2030, 12, 31)), st.integers(0, 400))
def test_a_span_has_the_ends_that_are_written(start, length):
    end = min(start + timedelta(days=length), date(2030, 12, 31))
    for dash in ("至", "到", "-", "--"):
        words = f"{start.year}年{start.month}月{start.day}日{dash}{end.year}年{end.month}月{end.day}日"
        assert meant(words) == (start, end)
    if start.year == end.year:
        assert meant(f"{start.year}年{start.month}月{start.day}日至{end.month}月{end.day}日") == (start, end)
    if (start.year, start.month) == (end.year, end.month):
        assert meant(f"{start.year}年{start.month}月{start.day}日至{end.day}日") == (start, end)
        assert meant(f"{start.year}年{start.month}月{start.day}-{end.day}日") == (start, end)


@given(st.integers(2005, 2030), st.integers(1, 12), st.integers(1, 12))
def test_months_from_and_to_reach_over_the_turn_of_the_year(year, first, last):
    known = dates.Calendar(date(year, first, 1))
    ends = year if last >= first else year + 1
    expected = (date(year, first, 1), date(ends, last, calendar.monthrange(ends, last)[1]))
    for words in (
        f"{year}年{first}月至{last}月",
        f"{first}月至{last}月",
        f"{first}-{last}月",
        f"{year}年{first}月到{ends}年{last}月",
    ):
        assert meant(words, known) == expected, words


@pytest.mark.parametrize("month", range(1, 13))
@pytest.mark.parametrize("year", range(2019, 2026))
def test_the_parts_of_a_month_end_on_their_last_day(year, month):
    last = calendar.monthrange(year, month)[1]
    for part, first, to in (
        ("初", 1, 10),
        ("上旬", 1, 10),
        ("中旬", 11, 20),
        ("下旬", 21, last),
        ("底", last, last),
        ("末", last, last),
    ):
        assert meant(f"{year}年{month}月{part}") == (date(year, month, first), date(year, month, to))
    assert (
        meant(f"{year}年{month}月") == meant(f"{year}年{month}月份") == (date(year, month, 1), date(year, month, last))
    )


@pytest.mark.parametrize(
    "words, last",
    [
        ("年内", "2022-12-31"),
        ("年底前", "2022-12-31"),
        ("今年底", "2022-12-31"),
        ("明年底前", "2023-12-31"),
        ("2023年底", "2023-12-31"),
        ("2025年", "2025-12-31"),
        ("十四五末", "2025-12-31"),
        ("上半年", "2022-06-30"),
        ("一季度", "2022-03-31"),
        ("2023年第三季度末前", "2023-09-30"),
        ("本月底前", "2022-03-31"),
        ("下月10日前", "2022-04-10"),
        ("即日起至12月底", "2022-12-31"),
        ("3月20前", "2022-03-20"),
        ("二〇二二年十月底前", "2022-10-31"),
    ],
)
def test_words_without_figures_mean_a_day(words, last):
    assert str(meant(words)[1]) == last


@pytest.mark.parametrize("words", ["2月30日", "6月31日前", "13月1日", "3个月", "第3次", "一年内", "三年内", "2022号"])
def test_what_is_no_date_is_not_made_one(words):
    assert [dates.span_days(e, KNOWN)[1] for e in dates.find(words)] in ([], [None])


def test_without_a_day_of_issue_a_missing_year_is_not_invented():
    (expression,) = dates.find("10月底前")
    assert dates.span_days(expression, dates.Calendar(None)) == (None, None)
    assert dates.span_days(expression, dates.Calendar(None, 2005, "text"))[1].last == date(2005, 10, 31)


def test_without_a_day_of_issue_the_year_of_the_number_is_taken_and_told():
    reading = read_notice("永民发〔2019〕7号\n关于开展检查的通知\n各镇：\n请于5月20日前报送总结。\n")
    assert [(str(d.day), d.year_from) for d in reading.deadlines] == [("2019-05-20", "number")]
    assert any("按文号中的年份" in f.message for f in reading.findings)
