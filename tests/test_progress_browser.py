"""By real clicks: a target is shared out, a township reports with a photo, the bureau sends back and then accepts."""

import pytest
from playwright.sync_api import expect

from campaign_portal.campaigns.models import Progress
from campaign_portal.campaigns.reported import reported_value

from . import builders, hazards, plans
from .browser import field, follow, press, shot, take_photos
from .progresses import Plan
from .test_accessible_browser import findings_on

pytestmark = [pytest.mark.browser, pytest.mark.sqlite]


@pytest.fixture
def plan(transactional_db):
    plan = Plan()
    builders.make_facility(supervisor=plan.township, beds=90)
    builders.make_facility(supervisor=plan.next_town, beds=30)
    return plan


def base(plan):
    return f"/campaigns/{plan.campaign.pk}/"


def is_no_wider_than_the_phone(page):
    return page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_target_goes_down_and_its_figure_comes_back_up(plan, desk, phone):
    bureau = desk(plan.lead)
    bureau.goto(f"{base(plan)}indicators/{plan.indicator.pk}/share/?by=beds")
    first, second = bureau.locator("[data-part]").all()
    expect(first).to_have_value("30")
    expect(second).to_have_value("10")
    first.fill("29")
    expect(bureau.locator("output")).to_have_text("39（还差 1）")
    second.fill("11")
    expect(bureau.locator("output")).to_have_text("40（正好）")
    press(bureau, "保存分解")
    expect(bureau.get_by_text("已分解到 2 个单位")).to_be_visible()

    township = phone(plan.clerk)
    township.goto(f"{base(plan)}own/")
    expect(township.get_by_text("/ 29名")).to_be_visible()
    follow(township, "报送进展")
    field(township, "培训养老护理员（名）").fill("12")
    field(township, "进展情况").fill("已开班两期，覆盖全部机构。")
    field(township, "需要协调解决的问题").fill("缺师资")
    take_photos(township, "照片", shot())
    assert is_no_wider_than_the_phone(township)
    press(township, "报送")
    expect(township.get_by_text("已报送，等待牵头单位审核。")).to_be_visible()

    bureau.goto(f"{base(plan)}progress/")
    follow(bureau, plan.township.short_name)
    expect(bureau.locator(".evidence img")).to_have_count(1)
    press(bureau, "退回修改")
    expect(bureau.get_by_text("请写明退回的原因")).to_be_visible()
    field(bureau, "审核意见").fill("请核对人数")
    press(bureau, "退回修改")
    expect(bureau.get_by_text("已退回，报送单位会看到审核意见。")).to_be_visible()

    township.goto(f"{base(plan)}own/")
    follow(township, "修改重报")
    expect(township.get_by_text("请核对人数")).to_be_visible()
    field(township, "培训养老护理员（名）").fill("11")
    press(township, "报送")
    expect(township.get_by_text("已报送，等待牵头单位审核。")).to_be_visible()

    bureau.goto(f"{base(plan)}progress/?state=problems")
    bureau.get_by_label(f"答复{plan.township.short_name}").fill("县里统一派")
    press(bureau, "发出答复")
    expect(bureau.get_by_text("没有待答复的问题")).to_be_visible()
    bureau.goto(f"{base(plan)}progress/")
    follow(bureau, plan.township.short_name)
    press(bureau, "采纳")
    expect(bureau.get_by_text("已采纳，填报数已计入。")).to_be_visible()
    township.goto(f"{base(plan)}own/")
    expect(township.get_by_text("11 / 29名")).to_be_visible()
    expect(township.get_by_text("县里统一派")).to_be_visible()
    assert (reported_value(plan.indicator).numerator, Progress.objects.get().status) == (11, "accepted")


def test_the_pages_have_no_finding_of_axe(plan, desk):
    rate = plans.make_indicator(plan.campaign, "责任书签订率", unit="%", value=100, task=plan.task)
    plan.share(25, 15)
    row = plan.submitted(problem="缺师资", files=(hazards.picture(plan.clerk),))
    draft = plan.start(3, by=plan.neighbour)
    share = f"{base(plan)}indicators/{plan.indicator.pk}/share/"
    bureau = [
        share, f"{base(plan)}indicators/{rate.pk}/share/", f"{base(plan)}tasks/{plan.task.pk}/assign/",
        f"{base(plan)}progress/", f"{base(plan)}progress/?state=problems", f"{base(plan)}progress/{row.pk}/",
    ]  # fmt: skip
    found = findings_on(desk(plan.lead), bureau)
    found += findings_on(desk(plan.clerk), [f"{base(plan)}own/", f"{base(plan)}brief/", share])
    found += findings_on(desk(plan.neighbour), [f"{base(plan)}progress/{draft.pk}/edit/", f"{base(plan)}own/"])
    assert not found, "\n".join(found)
