"""From the notice to the board by real clicks: read, go through, confirm, start, see where it stands."""

import pytest

from campaign_portal.campaigns import drafting
from campaign_portal.campaigns.models import Campaign, DraftItem

from .browser import DESK, PHONE, axe_violations, expect, field, follow, press
from .builders import make_county, make_user
from .notices import WHOLE as NOTICE
from .notices import long_notice
from .plans import make_campaign, make_indicator, make_milestone, make_phase, make_task

pytestmark = [pytest.mark.browser]


@pytest.fixture
def county(transactional_db):
    return make_county()


def test_a_notice_becomes_a_campaign_that_shows_where_it_stands(county, desk):
    page = desk(make_user(county.bureau, is_approver=True))
    follow(page, "专项行动")
    follow(page, "录入通知")
    field(page, "粘贴通知全文").fill(NOTICE)
    press(page, "读取通知")
    expect(page.get_by_role("heading", level=1)).to_contain_text("安全提升行动实施方案")

    # either side shows the other
    page.locator("#deadline .draft-item", has_text="完成全部养老机构安全排查").get_by_text("原文").click()
    expect(page.locator(".phrase.is-shown").first).to_be_in_viewport()
    page.locator(".phrase.is-target", has_text="300人次").click()
    expect(page.locator("#target .is-shown").filter(has_text="300 人次")).to_be_visible()
    assert axe_violations(page) == []

    # one dropped, one changed, the rest accepted
    page.locator("#target .draft-item", has_text="60 张").get_by_role("button", name="不采用").click()
    expect(page.locator("#target .dropped")).to_have_count(1)
    page.locator("#target .draft-item", has_text="300 人次").get_by_role("link", name="修改").click()
    field(page, "目标值").fill("360")
    press(page, "保存并采用")
    expect(page.locator("#target .accepted", has_text="360 人次")).to_contain_text("原来读的是")
    while page.get_by_role("button", name="其余全部采用").count():
        before = page.get_by_role("button", name="其余全部采用").count()
        page.get_by_role("button", name="其余全部采用").first.click()
        expect(page.get_by_role("button", name="其余全部采用")).to_have_count(before - 1)

    follow(page, "下一步：生成方案")
    field(page, "编号代码").fill("LM26")
    press(page, "生成方案草案")
    expect(page.get_by_text("这是草案")).to_be_visible()
    press(page, "启动")
    page.get_by_role("button", name="确定").click()
    expect(page.locator(".head .tag")).to_have_text("进行中")
    expect(page.locator("#indicators tr", has_text="360 人次")).to_be_visible()
    assert Campaign.objects.get(code="LM26").indicators.filter(value=360).exists()


def test_a_marked_phrase_becomes_an_item_with_its_place_in_the_text(county, desk):
    page = desk(make_user(county.bureau))
    page.goto("/campaigns/notices/new/")
    field(page, "粘贴通知全文").fill(NOTICE)
    press(page, "读取通知")
    page.evaluate(
        """() => {
          const walker = document.createTreeWalker(document.querySelector("[data-text]"), NodeFilter.SHOW_TEXT);
          while (walker.nextNode()) {
            const at = walker.currentNode.data.indexOf("建立隐患台账");
            if (at >= 0) { getSelection().setBaseAndExtent(walker.currentNode, at, walker.currentNode, at + 6); return; }
          }
        }"""
    )
    page.locator("[data-marked] [data-kind=target]").click()
    expect(page.locator(".quoted")).to_contain_text("建立隐患台账")
    expect(field(page, "指标")).to_have_value("建立隐患台账")
    field(page, "目标值").fill("1")
    field(page, "单位").fill("份")
    press(page, "添加")
    added = page.locator("#target .draft-item", has_text="1 份")
    added.get_by_text("原文").click()
    expect(page.locator(".phrase.is-shown", has_text="建立隐患台账")).to_be_visible()


@pytest.mark.parametrize("device", [DESK, PHONE], ids=["desk", "phone"])
def test_a_long_notice_is_gone_through_part_by_part(county, visit, device):
    officer = make_user(county.bureau)
    notice = drafting.take_in(long_notice(60), by=officer)
    count, page = notice.items.filter(decision="pending").count(), visit(officer, **device)
    page.goto(f"/campaigns/notices/{notice.pk}/")
    waiting = page.locator(".note [data-pending]")
    expect(waiting).to_have_text(str(count))
    page.locator("#target .draft-item").first.get_by_role("button", name="采用", exact=True).click()
    expect(waiting).to_have_text(str(count - 1))  # of the whole notice, not of this part
    follow(page, "下一部分 ›")
    expect(page.locator(".draft-parts .on")).to_contain_text("2")
    expect(waiting).to_have_text(str(count - 1))
    card = page.locator("#deadline .draft-item").first
    card.get_by_text("原文").click()
    expect(page.locator(".phrase.is-shown").first).to_be_in_viewport()
    page.locator(".phrase.is-deadline").first.click()
    expect(page.locator("#deadline .is-shown").first).to_be_in_viewport()
    assert axe_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= device["viewport"]["width"]

    last = notice.items.filter(kind="deadline").order_by("-start").first()
    page.goto(f"/campaigns/notices/{notice.pk}/?item={last.pk}#item-{last.pk}")
    expect(page.locator(f"#item-{last.pk}")).to_be_in_viewport()
    expect(page.locator(".phrase.is-shown").first).to_be_attached()


@pytest.mark.parametrize("device", [DESK, PHONE], ids=["desk", "phone"])
def test_what_nobody_would_get_is_said_before_it_is_made_and_before_it_starts(county, visit, device):
    officer = make_user(county.bureau)
    notice = drafting.take_in(NOTICE, by=officer)
    for kind in DraftItem.Kind:
        drafting.accept_rest(notice, kind, by=officer)
    page = visit(officer, **device)
    page.goto(f"/campaigns/notices/{notice.pk}/")
    expect(page.locator("#task")).to_contain_text("随下级采用")
    assert axe_violations(page) == []
    page.goto(f"/campaigns/notices/{notice.pk}/confirm/")
    expect(page.locator("#gaps")).to_contain_text("没有责任单位")
    assert axe_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= device["viewport"]["width"]
    field(page, "编号代码").fill("LM26")
    press(page, "生成方案草案")
    follow(page, "方案")
    expect(page.locator(".note-warning")).to_contain_text("没有责任单位")
    assert axe_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= device["viewport"]["width"]


@pytest.fixture
def campaign(county):
    campaign = make_campaign(county.bureau)
    task = make_task(campaign, offices=[county.bureau])
    make_milestone(task)
    make_indicator(campaign, task=task, metric="hazards.closed_rate", unit="%", value=95)
    make_phase(campaign)
    return campaign


@pytest.mark.parametrize("device", [DESK, PHONE], ids=["desk", "phone"])
def test_the_pages_of_a_campaign_are_accessible_and_do_not_scroll_sideways(county, campaign, visit, device):
    page = visit(make_user(county.bureau, is_approver=True), **device)
    indicator, task = campaign.indicators.get(), campaign.tasks.get()
    for path in ("", "plan/", "wall/", f"indicators/{indicator.pk}/", f"tasks/{task.pk}/"):
        page.goto(f"/campaigns/{campaign.pk}/{path}")
        assert axe_violations(page) == [], path
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= device["viewport"]["width"], f"{path} scrolls sideways"
