"""The loop of a summary by real clicks: a township writes on its phone, the county returns, accepts and assembles."""

import pytest
from playwright.sync_api import expect

from campaign_portal.campaigns.models import Submission

from . import summaries
from .browser import axe_violations, field, follow, press
from .summaries import Cast

pytestmark = [pytest.mark.browser, pytest.mark.sqlite]
TITLES = ["主要工作及成效", "存在突出问题", "意见建议", "下一步工作打算"]


@pytest.fixture
def cast(transactional_db):
    return Cast()


def write(page, *texts):
    for title, text in zip(TITLES, texts, strict=True):
        field(page, f"{title}正文").fill(text)


def confirm(page):
    page.locator("#confirm").get_by_role("button", name="确定").click()


def is_no_wider_than(page, width):
    return page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_summary_goes_from_a_township_to_the_county_and_on_to_the_city(cast, phone, desk):
    cast.home(cast.townships[0])
    ordered = summaries.ordered(cast)
    summaries.handed_in(ordered, cast.second)

    township = phone(cast.first)
    township.goto("/campaigns/summaries/")
    follow(township, "专项行动总结")
    expect(township.get_by_text("还没有写：主要工作及成效")).to_be_visible()
    follow(township, "开始写")
    write(township, "排查全部机构\n整改隐患", "消防水源不足", "无", "建立长效机制")
    assert is_no_wider_than(township, 360)
    assert axe_violations(township) == []
    press(township, "保存并返回")
    expect(township.get_by_text("已保存为第 1 稿。")).to_be_visible()
    press(township, f"报送{cast.bureau.short_name}")
    confirm(township)
    expect(township.get_by_text("总结已报送")).to_be_visible()

    county = desk(cast.approver)
    county.goto(ordered.get_absolute_url())
    follow(county, cast.townships[0].name)
    county.get_by_text("退回修改", exact=True).first.click()
    field(county, "对“存在突出问题”的意见").fill("写明哪几家院")
    press(county, "退回修改")
    expect(county.get_by_text("对方会在待办里看到意见")).to_be_visible()

    township.goto("/campaigns/summaries/")
    follow(township, "专项行动总结")
    expect(township.get_by_text("修改意见：写明哪几家院")).to_be_visible()
    follow(township, "继续写")
    field(township, "存在突出问题正文").fill("马田敬老院消防水源不足")
    press(township, "保存并返回")
    township.get_by_role("button", name="报送").click()
    confirm(township)
    expect(township.get_by_text("总结已报送")).to_be_visible()

    county.reload()
    press(county, "采用")
    expect(county.get_by_text("已采用马田镇民政办的总结")).to_be_visible()
    county.goto(ordered.get_absolute_url())
    follow(county, "汇总写本级总结")
    write(county, "全县情况", "", "统筹消防资金", "每季互查")
    county.get_by_label("马田敬老院消防水源不足").check()
    press(county, "保存，并入勾选的段落")
    expect(field(county, "存在突出问题正文")).to_have_value("【马田镇民政办】马田敬老院消防水源不足")
    assert axe_violations(county) == []
    assert is_no_wider_than(county, 1366)
    press(county, "保存并返回")
    press(county, "报送")
    confirm(county)
    expect(county.get_by_text("总结已报送，请打印盖章后上报")).to_be_visible()
    field(county, "发文字号").fill("永民发〔2026〕31号")
    press(county, "登记")
    expect(county.get_by_text("已报郴州市民政局：永民发〔2026〕31号")).to_be_visible()
    assert Submission.objects.get(office=cast.bureau).status == "accepted"


def test_two_colleagues_write_at_once_and_the_second_sees_both(cast, desk):
    ordered = summaries.ordered(cast)
    submission = summaries.of(ordered, cast.first.office)
    page = desk(cast.first)
    page.goto(f"{submission.get_absolute_url()}write/")
    summaries.save(submission, cast.first, {"1": "同事先写的"})
    field(page, "主要工作及成效正文").fill("我写的")
    press(page, "保存")
    expect(page.get_by_text("在您打开本页以后保存到了第 1 稿")).to_be_visible()
    expect(page.get_by_text("同事先写的")).to_be_visible()
    expect(field(page, "主要工作及成效正文")).to_have_value("我写的")
    press(page, "保存")
    expect(page.get_by_text("已保存为第 2 稿。")).to_be_visible()
