"""Deadlines by real clicks: an officer's Monday, from his list over the month and the week to what is to be done."""

import pytest
from icalendar import Calendar

from campaign_portal import clock

from . import hazards
from .browser import expect, follow, press
from .builders import in_days
from .hazards import Cast

pytestmark = [pytest.mark.browser]


@pytest.fixture
def cast(transactional_db):
    cast = Cast()
    hazards.opened(cast, due_on=in_days(2), summary="二楼通道堆物")
    hazards.reported(cast, summary="灭火器过期")
    with clock.at(clock.now() - 20 * clock.ONE_DAY):
        hazards.opened(cast, due_on=in_days(15), summary="早该整改的")
    return cast


def is_within(page):
    """Nothing sticks out at the side."""
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_an_officer_sees_what_is_his_what_the_week_brings_and_whose_move_it_is(cast, desk):
    page = desk(cast.officer)
    follow(page, "期限")
    expect(page.get_by_role("link", name="核实 ").first).to_be_visible()
    follow(page, "月历")
    expect(page.locator("td.is-today")).to_have_count(1)
    assert page.locator("table.due-month").get_by_text("灭火器过期").is_visible() and is_within(page)
    follow(page, "一周")
    page.get_by_role("link", name="整改，一周，1 件").click()
    expect(page.get_by_role("link", name="整改 示例")).to_have_count(1)
    assert is_within(page)
    page.goto("/deadlines/overdue/")
    follow(page, "整改 1")
    page.get_by_role("link", name="早该整改的").click()
    expect(page.get_by_role("heading", name="早该整改的")).to_be_visible()


def test_a_home_subscribes_on_its_phone_and_looks_at_the_month(cast, phone):
    page = phone(cast.manager)
    page.goto("/deadlines/month/?month=" + in_days(2).strftime("%Y-%m"))
    expect(page.get_by_role("link", name="整改：二楼通道堆物")).to_be_visible()
    assert page.locator("table.due-month thead").is_hidden() and is_within(page)
    follow(page, "手机日历")
    press(page, "生成订阅地址")
    address = page.locator("code.feed-address").inner_text()
    assert is_within(page)
    calendar = Calendar.from_ical(page.request.get(address).body())
    assert {str(event["summary"]) for event in calendar.walk("VEVENT")} == {
        "整改：二楼通道堆物",
        "【逾期】整改：早该整改的",
    }
    follow(page, "已收好")
    press(page, "停用")
    page.get_by_role("dialog").get_by_role("button", name="确定").click()
    expect(page.get_by_text("订阅地址已停用")).to_be_visible()
    assert page.request.get(address).status == 404
