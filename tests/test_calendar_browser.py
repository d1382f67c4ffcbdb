"""A holiday notice in the browser: pasted, previewed, confirmed; the deadline has moved. On desk and phone."""

import pytest
from playwright.sync_api import expect

from campaign_portal import clock
from campaign_portal.deadlines import workdays

from . import builders, hazards
from .browser import axe_violations, field, follow, press
from .hazards import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def day_off_soon():
    """A weekday among the next three working days, and the notice that gives it off."""
    calendar, today = workdays.calendar(), clock.today()
    day = next(day for day in (calendar.add(today, number) for number in (1, 2, 3)) if day.weekday() < 5)
    return day, f"关于{day.year}年纪念日放假的通知\n{day.year}年{day.month}月{day.day}日放假1天，不调休。"


def test_a_new_notice_is_previewed_and_moves_a_deadline(desk, phone):
    cast = Cast()
    admin = builders.make_user(cast.bureau, is_administrator=True)
    hazard = hazards.reported(cast)
    day, notice = day_off_soon()
    old, new = hazard.verify_due_on, workdays.calendar().add(hazard.verify_due_on, 1)

    page = desk(admin)
    page.goto("/calendar/")
    assert axe_violations(page) == []
    page.get_by_role("link", name="录入节假日安排", exact=True).click()
    field(page, "通知全文").fill(notice)
    press(page, "读取通知")
    moved = page.get_by_role("row").filter(has_text=hazard.summary)
    expect(moved).to_contain_text(f"{old:%Y-%m-%d}")
    expect(moved).to_contain_text(f"{new:%Y-%m-%d}")
    assert axe_violations(page) == []
    press(page, "确认录入")
    expect(page.get_by_text(f"{day.year}年节假日安排已录入，1 条期限随之调整。")).to_be_visible()
    marked = page.locator(f"#m{day.month} td", has_text="休").filter(has_text=str(day.day))
    expect(marked.first).to_be_visible()
    page.goto(hazard.get_absolute_url())
    expect(page.locator(".timeline")).to_contain_text(f"{new:%Y-%m-%d}")

    small = phone(cast.officer)
    small.goto("/calendar/")
    assert small.evaluate("document.documentElement.scrollWidth") <= 360
    follow(small, str(day.year))
    expect(small.locator(".wall-calendar table")).to_have_count(12)
