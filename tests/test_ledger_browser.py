"""The ledger worked at a desk: keys, the panel beside it, a view that is kept; and as cards on a phone."""

import re

import pytest
from playwright.sync_api import expect

from campaign_portal.lists.models import SavedView

from . import hazards
from .browser import axe_violations, follow
from .builders import in_days
from .hazards import Cast

pytestmark = [pytest.mark.browser]


@pytest.fixture
def cast(transactional_db):
    cast = Cast()
    cast.rows = [hazards.reported(cast, summary=f"第{n}条", due_on=in_days(3 + n)) for n in range(3)]
    return cast


def at(page):
    return page.locator("tr[aria-current]")


def test_keys_move_tick_and_search_and_keep_out_of_what_is_typed(cast, desk):
    page = desk(cast.officer)
    page.goto("/hazards/?state=reported")
    expect(page.get_by_text("全部按键")).to_be_visible()
    page.keyboard.press("j")
    expect(at(page)).to_contain_text("第0条")
    expect(page.get_by_role("link", name=cast.rows[0].code)).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.get_by_label(f"选中 {cast.rows[1].code}")).to_be_checked()
    expect(page.locator("[data-picked]")).to_have_text("1")
    expect(page.locator("[data-ledger-say]")).to_have_text("已打勾")
    for _ in range(3):
        page.keyboard.press("k")
    expect(at(page)).to_contain_text("第0条")
    expect(page.locator("[data-ledger-say]")).to_have_text("已是本页第一条")
    page.keyboard.press("/")
    search = page.get_by_label("查找")
    expect(search).to_be_focused()
    page.keyboard.type("jkx?/")
    expect(search).to_have_value("jkx?/")
    expect(at(page)).to_contain_text("第0条")


def test_the_list_of_keys_opens_and_turns_them_off(cast, desk):
    page = desk(cast.officer)
    page.goto("/hazards/")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="键盘操作")).to_be_visible()
    assert axe_violations(page) == []
    page.get_by_label("启用这些按键").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(at(page)).to_have_count(0)
    page.reload()
    page.keyboard.press("j")
    expect(at(page)).to_have_count(0)
    page.get_by_role("button", name="全部按键").click()
    page.get_by_label("启用这些按键").check()
    page.get_by_role("button", name="知道了").click()
    page.keyboard.press("j")
    expect(at(page)).to_have_count(1)


def test_a_hazard_opens_beside_the_list_and_the_keys_take_it_along(cast, desk):
    page = desk(cast.officer)
    page.goto("/hazards/?state=reported")
    panel = page.get_by_role("complementary", name="隐患详情")
    follow(page, cast.rows[0].code)
    expect(panel.get_by_role("heading", name=cast.rows[0].code)).to_be_visible()
    expect(panel.get_by_role("link", name="核实确认")).to_be_visible()
    expect(panel).to_be_focused()
    assert page.url.endswith("/hazards/?state=reported")
    page.keyboard.press("j")
    expect(panel.get_by_role("heading", name=cast.rows[1].code)).to_be_visible()
    expect(at(page)).to_contain_text("第1条")
    assert axe_violations(page) == []
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(page.get_by_role("link", name=cast.rows[1].code)).to_be_focused()
    page.keyboard.press("Enter")
    expect(panel.get_by_role("heading", name=cast.rows[1].code)).to_be_visible()
    follow(page, "打开整页")
    expect(page).to_have_url(re.compile(rf"/hazards/{cast.rows[1].pk}/$"))


def test_with_ctrl_or_little_room_the_whole_page_opens(cast, desk):
    page = desk(cast.officer)
    page.goto("/hazards/")
    link = page.get_by_role("link", name=cast.rows[0].code)
    with page.context.expect_page() as opened:
        link.click(modifiers=["Control"])
    expect(opened.value).to_have_url(re.compile(rf"/hazards/{cast.rows[0].pk}/$"))
    expect(page.locator("#panel")).to_be_hidden()
    page.set_viewport_size({"width": 1100, "height": 768})
    link.click()
    expect(page).to_have_url(re.compile(rf"/hazards/{cast.rows[0].pk}/$"))


def test_a_view_is_kept_found_again_and_opened_first(cast, desk):
    hazards.closed(cast, summary="销了的")
    page = desk(cast.clerk)
    page.goto("/hazards/?state=closed")
    page.get_by_text("列和排序", exact=True).click()
    page.get_by_label("排序", exact=True).select_option("-closed")
    page.get_by_role("checkbox", name="销号日期").check()
    page.get_by_role("checkbox", name="责任人", exact=True).uncheck()
    page.get_by_role("button", name="应用").click()
    expect(page.locator("thead")).to_contain_text("销号日期 ↓")
    expect(page.locator("thead")).not_to_contain_text("责任人")
    page.get_by_text("保存视图", exact=True).click()
    page.get_by_label("起个名称").fill("新近销号")
    assert axe_violations(page) == []
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("视图“新近销号”已保存")).to_be_visible()
    follow(page, "待整改")
    page.get_by_text("我的视图", exact=True).click()
    follow(page, "新近销号")
    expect(page.locator("thead")).to_contain_text("销号日期 ↓")
    page.goto("/views/")
    assert axe_violations(page) == []
    page.get_by_role("button", name="设为先看").click()
    page.goto("/hazards/")
    expect(page.locator("thead")).to_contain_text("销号日期 ↓")
    assert SavedView.objects.get().query.startswith("state=closed")
    follow(page, "清除筛选")
    expect(page.locator("td.summary")).to_have_count(3)


def test_chips_say_why_the_list_is_short_and_drop_one_each(cast, desk):
    page = desk(cast.clerk)
    page.goto("/hazards/?grade=major&source=self")
    expect(page.get_by_text("没有符合条件的隐患")).to_be_visible()
    page.get_by_role("link", name="去掉条件：等级 重大").click()
    expect(page.locator("td.summary")).to_have_count(3)
    expect(page.locator(".chips a")).to_have_count(1)


def test_on_a_phone_the_ledger_is_cards_and_a_press_opens_the_page(cast, phone):
    page = phone(cast.manager)
    page.goto("/hazards/?columns=code,summary,measure,source,status,due")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    expect(page.locator("td[data-label=整改措施]").first).to_contain_text("清空通道")
    expect(page.locator("thead")).to_be_hidden()
    assert axe_violations(page) == []
    page.keyboard.press("j")
    expect(at(page)).to_have_count(0)
    follow(page, cast.rows[0].code)
    expect(page).to_have_url(re.compile(rf"/hazards/{cast.rows[0].pk}/$"))


def test_an_officers_phone_has_room_for_the_tools(cast, phone):
    page = phone(cast.officer)
    page.goto("/hazards/?state=reported")
    page.get_by_text("列和排序", exact=True).click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert axe_violations(page) == []
    page.get_by_label("排序", exact=True).select_option("-due")
    page.get_by_role("button", name="应用").click()
    expect(page.locator("td.summary").first).to_contain_text("第2条")
