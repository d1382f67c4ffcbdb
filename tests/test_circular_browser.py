"""A fire in another county: the bureau warns the homes of one town, a director answers by phone, the rest are nudged."""

import pytest
from playwright.sync_api import expect

from campaign_portal.circulars.models import Recipient
from campaign_portal.reminders.models import Message

from .browser import axe_violations, field, follow, press, shot, take_photos
from .builders import in_days
from .circulars import Cast, drafted

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TITLE = "关于外县养老机构火灾事故的风险提示"


@pytest.fixture
def cast():
    return Cast()


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def send_warning(page):
    """From the list of homes, filtered by town, to the sent warning; one home is unticked on the way."""
    follow(page, "养老机构")
    page.get_by_label("全部乡镇").select_option("马田镇")
    follow(page, "给这些机构发通报")
    page.get_by_label("风险提示", exact=True).check()
    field(page, "标题").fill(TITLE)
    field(page, "正文").fill("近日外县一养老机构因电热毯起火，请立即排查用电，三天内回复排查情况。")
    page.get_by_label("要求回复").check()
    page.get_by_label("回复期限").fill(f"{in_days(3):%Y-%m-%d}")
    take_photos(page, "图片", shot())
    press(page, "保存，选发给谁")
    expect(page.get_by_text("没有账号，由本单位电话通知 李院长")).to_be_visible()
    expect(page.get_by_text("柏林镇敬老院")).to_have_count(0)
    expect(page.locator("[data-picked]")).to_have_text("2")
    assert axe_violations(page) == [] and fits(page)
    press(page, "发出")
    page.get_by_role("button", name="确定", exact=True).click()
    expect(page.get_by_text("已发给 2 家养老机构。")).to_be_visible()


def answer_on_the_phone(page):
    card = page.locator(".card-duty").filter(has_text=TITLE)
    card.get_by_role("link", name="回复").click()
    assert fits(page) and axe_violations(page) == []
    press(page, "我已阅读")
    expect(page.get_by_text("您已阅读")).to_be_visible()
    field(page, "回复内容").fill("已排查，更换老化插座两处。")
    take_photos(page, "照片", shot("#446688"))
    press(page, "回复")
    expect(page.get_by_role("heading", name="本单位的回复")).to_be_visible()
    expect(page.locator(".album img")).to_have_count(2)
    assert fits(page)


def test_a_warning_goes_out_is_answered_on_a_phone_and_the_rest_are_nudged(cast, desk, phone):
    page = desk(cast.clerk)
    send_warning(page)
    answer_on_the_phone(phone(cast.manager))

    page.reload()
    expect(page.get_by_role("row").filter(has_text="马田镇敬老院")).to_contain_text("已排查，更换老化插座两处。")
    waiting = page.get_by_role("row").filter(has_text="马田镇幸福院")
    expect(waiting).to_contain_text("李院长")
    expect(waiting).to_contain_text("13800000042")
    press(page, "催一下")
    page.get_by_role("button", name="确定", exact=True).click()
    expect(page.get_by_text("已催 1 个单位。")).to_be_visible()
    expect(page.get_by_text("今天已经催过")).to_be_visible()
    assert Message.objects.get(kind="nudge").name == "李院长"

    waiting.get_by_role("link", name="登记电话告知").click()
    field(page, "对方答复").fill("李院长说已排查。")
    press(page, "登记")
    expect(page.get_by_text("都已回复，不用再催。")).to_be_visible()
    assert axe_violations(page) == []
    assert set(Recipient.objects.values_list("by_phone", flat=True)) == {True, False}


def test_all_homes_of_a_place_are_ticked_at_once(cast, desk, phone):
    draft = drafted(cast.clerk)
    for page in (desk(cast.clerk), phone(cast.clerk)):
        page.goto(f"{page.url.rstrip('/')}/circulars/{draft.pk}/recipients/")
        picked, whole = page.locator("[data-picked]"), page.locator("[data-pick-places]")
        whole.get_by_text("按监管单位勾选").click()
        whole.get_by_label("全部").uncheck()
        expect(picked).to_have_text("0")
        whole.get_by_label("马田镇").check()
        expect(picked).to_have_text("2")
        page.get_by_label("马田镇敬老院").uncheck()
        expect(whole.get_by_label("马田镇")).not_to_be_checked()
        expect(picked).to_have_text("1")
        assert axe_violations(page) == [] and fits(page)
