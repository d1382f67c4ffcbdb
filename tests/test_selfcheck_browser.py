"""A self-check by real taps on a 360-pixel phone: answers, a photo, a name on the glass; and what an officer sees."""

import pytest
from playwright.sync_api import expect

from inspections.models import Hazard, SelfCheck

from . import hazards, selfchecks
from .browser import axe_violations, follow, press, shot
from .hazards import Cast
from .test_accessible_browser import findings_on

pytestmark = [pytest.mark.browser, pytest.mark.sqlite]


@pytest.fixture
def cast(transactional_db):
    return Cast()


@pytest.fixture
def check(cast):
    return selfchecks.check_of(selfchecks.opened_round(cast.clerk), cast.home)


def choose(page, number, answer):
    page.locator(f"#item-{number}").get_by_text(answer, exact=True).click()


def sign(page):
    """Draw on the glass as a mouse or a finger does."""
    canvas = page.locator("canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 40)
    page.mouse.down()
    for step in range(1, 6):
        page.mouse.move(box["x"] + 40 + step * 35, box["y"] + 40 + (step % 2) * 70)
    page.mouse.up()
    expect(page.get_by_text("已签名。")).to_be_visible()


def is_no_wider_than_the_phone(page):
    return page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_home_checks_itself_takes_a_photo_signs_and_finds_the_hazard_in_its_ledger(cast, check, phone):
    page = phone(cast.manager)
    follow(page, "开始自查")
    page.locator(".btn-big").click()
    choose(page, 1, "符合")
    expect(page.locator("#item-2 .finding")).to_be_hidden()
    choose(page, 2, "不符合")
    finding = page.locator("#item-2 .finding")
    expect(finding).to_be_visible()
    finding.get_by_label("哪里不符合").fill("二楼疏散通道堆放纸箱")
    finding.locator("input[type=file]").set_input_files([shot()])
    expect(finding.locator("input[type=hidden]")).to_have_count(1)
    assert is_no_wider_than_the_phone(page)
    press(page, "保存，下一部分")
    expect(page.locator("#item-2 .gap")).to_have_text("还要写整改措施。")  # kept, and said what is missing
    expect(page.locator("#item-2 .saved-photos img")).to_have_count(1)
    page.locator("#item-2").get_by_label("怎么整改").fill("当天搬走")
    press(page, "保存，下一部分")
    expect(page.locator("#item-3")).to_be_visible()  # kept: the next part stands there

    page.goto("/")  # called away, and back
    follow(page, "继续自查")
    page.locator(".btn-big").click()
    choose(page, 3, "符合")
    choose(page, 4, "不涉及")
    press(page, "保存，去核对签名")

    expect(page.get_by_text("列入隐患台账（1 条）")).to_be_visible()
    assert is_no_wider_than_the_phone(page)
    sign(page)
    press(page, "提交自查")
    expect(page.get_by_text("自查已提交（1 项不符合，已列入隐患台账）")).to_be_visible()
    drawn = page.get_by_alt_text("王建国的手写签名")
    expect(drawn).to_be_visible()
    assert drawn.evaluate("image => image.naturalWidth") > 200

    page.goto("/hazards/")
    expect(page.get_by_text("二楼疏散通道堆放纸箱")).to_be_visible()
    done = SelfCheck.objects.get(pk=check.pk)
    assert (done.not_met_count, done.signature.is_picture) == (1, True)
    assert Hazard.objects.get().photos.count() == 1


def test_a_cleared_drawing_is_no_signature_and_a_typed_name_will_do(cast, check, phone):
    selfchecks.answer_all(check, by=cast.manager)
    page = phone(cast.manager)
    page.goto(f"{check.get_absolute_url()}submit/")
    sign(page)
    press(page, "清除重签")
    page.get_by_label("零报告：本次自查未发现隐患").check()
    press(page, "提交自查")
    expect(page.get_by_text("请在上面的框里签名")).to_be_visible()
    expect(page.get_by_text("请在上面的框里签名")).to_be_in_viewport()  # not below the fold of the phone
    page.get_by_label("本人确认").check()
    press(page, "提交自查")
    expect(page.get_by_text("键入姓名并确认")).to_be_visible()
    assert SelfCheck.objects.get(pk=check.pk).is_zero


def test_a_drawing_survives_a_page_that_comes_back(cast, check, phone):
    selfchecks.answer_all(check, by=cast.manager)
    page = phone(cast.manager)
    page.goto(f"{check.get_absolute_url()}submit/")
    sign(page)
    press(page, "提交自查")  # forgot the zero report
    expect(page.get_by_text("请勾选“零报告")).to_be_visible()
    expect(page.get_by_text("已签名。")).to_be_visible()
    page.get_by_label("零报告：本次自查未发现隐患").check()
    press(page, "提交自查")
    expect(page.get_by_alt_text("王建国的手写签名")).to_be_visible()


def test_a_finger_draws_too(cast, check, phone):
    selfchecks.answer_all(check, by=cast.manager)
    page = phone(cast.manager)
    page.goto(f"{check.get_absolute_url()}submit/")
    page.locator("canvas").scroll_into_view_if_needed()
    page.evaluate(
        """() => {
          const canvas = document.querySelector("canvas"), box = canvas.getBoundingClientRect();
          const touch = (type, x, y) => {
            const point = new Touch({identifier: 1, target: canvas, clientX: box.left + x, clientY: box.top + y});
            const ended = type === "touchend";
            canvas.dispatchEvent(new TouchEvent(type, {
              bubbles: true, cancelable: true, touches: ended ? [] : [point], changedTouches: [point],
            }));
          };
          touch("touchstart", 30, 30); touch("touchmove", 120, 90); touch("touchmove", 200, 40); touch("touchend", 200, 40);
        }"""
    )
    expect(page.get_by_text("已签名。")).to_be_visible()
    assert page.locator("[name=signature]").input_value().startswith("data:image/png;base64,")


def test_without_scripts_the_check_is_filled_and_signed_by_typing(cast, check, phone):
    page = phone(cast.manager, java_script_enabled=False)
    page.goto(check.get_absolute_url())
    page.locator(".btn-big").click()
    for part in (1, 3):
        choose(page, part, "符合")
        choose(page, part + 1, "符合")
        page.locator("form .acts .btn-primary").click()
    expect(page.locator("canvas")).to_be_hidden()
    page.get_by_label("零报告：本次自查未发现隐患").check()
    page.get_by_label("本人确认").check()
    press(page, "提交自查")
    expect(page.get_by_text("键入姓名并确认")).to_be_visible()


def test_the_pages_have_no_serious_findings(cast, check, phone, desk):
    known = hazards.opened(cast)
    signed = selfchecks.opened_round(cast.clerk, title="上一轮", check_list=check.round.check_list)
    done = selfchecks.submitted(selfchecks.check_of(signed, cast.home), by=cast.manager, not_met=[1])
    selfchecks.answer_all(check, by=cast.manager, not_met=[1], hazard=known)
    first = check.round.check_list.sections.first().pk
    base = check.get_absolute_url()
    home = phone(cast.manager)
    assert findings_on(home, ["/selfchecks/", base, f"{base}parts/{first}/", f"{base}submit/"]) == []
    home.goto(f"{base}parts/{first}/")
    choose(home, 2, "不符合")
    assert axe_violations(home) == []
    bureau = desk(cast.clerk)
    pages = ["/selfchecks/", "/selfchecks/new/", check.round.get_absolute_url(), done.get_absolute_url(), base]
    assert findings_on(bureau, pages) == []
