"""By real clicks: a bureau rehearses its reminders and turns them on; a home finds one in its inbox and acts from it."""

import re

import pytest
from playwright.sync_api import expect

from campaign_portal import clock
from campaign_portal.deadlines import workdays
from campaign_portal.reminders import digests, planner
from campaign_portal.reminders.models import Message

from . import builders, hazards
from .browser import follow, press
from .hazards import Cast
from .inboxes import hold_run, line_of, make_call, make_message
from .reminding import at
from .test_accessible_browser import findings_on

pytestmark = [pytest.mark.browser]


@pytest.fixture
def cast(transactional_db):
    cast = Cast()
    cast.administrator = builders.make_user(cast.bureau, is_administrator=True)
    calendar = workdays.calendar()
    cast.day = calendar.on_or_after(clock.today())  # whatever day the tests run on
    cast.hazard = hazards.opened(cast, due_on=calendar.add(cast.day, 1))
    return cast


def tell_everybody(cast):
    """What scheduler and worker do in the morning of that day."""
    with at(cast.day):
        planner.plan(cast.bureau)
        for who in list(digests.waiting(cast.bureau, urgent_only=False)):
            digests.compose(who, urgent_only=False)


def is_no_wider_than_the_phone(page):
    return page.evaluate("document.documentElement.scrollWidth") <= 360


def test_rehearse_turn_on_read_and_act(cast, desk, phone):
    bureau = desk(cast.administrator)
    follow(bureau, "提醒规则")
    follow(bureau, "预演")
    expect(bureau.get_by_text("提醒还没有启用")).to_be_visible()
    bureau.get_by_label("日期").fill(f"{cast.day}")
    person = bureau.locator("tbody").filter(has_text=cast.manager.name)
    expect(person).to_contain_text(cast.hazard.summary)
    expect(person).to_contain_text("到期前 1 个工作日提醒责任人")
    follow(bureau, "设置和启用")
    press(bureau, "启用提醒")
    press(bureau, "确定")
    expect(bureau.get_by_text("提醒已启用，今天起按规则发送。")).to_be_visible()

    tell_everybody(cast)
    home = phone(cast.manager)
    expect(home.locator(".tabs .unread")).to_have_text("1")
    home.locator(".tabs").get_by_text("消息").click()
    assert is_no_wider_than_the_phone(home)
    home.get_by_role("link", name=re.compile("1 项快到期")).click()
    expect(home.get_by_text(re.compile("^已读"))).to_be_visible()  # the page said so by itself
    expect(home.locator(".tabs .unread")).to_have_text("")
    assert Message.objects.get(user=cast.manager).read_at
    home.get_by_text("暂不提醒", exact=True).click()
    home.get_by_label(re.compile("暂停到")).fill(f"{cast.hazard.due_on}")
    press(home, "确定")
    expect(home.get_by_text(re.compile("不再提醒这一项"))).to_be_visible()
    assert is_no_wider_than_the_phone(home)
    follow(home, "提交整改")
    expect(home).to_have_url(re.compile(rf"/hazards/{cast.hazard.pk}/submit/"))


def test_the_pages_have_no_finding_of_axe(cast, desk):
    message = make_message(cast.manager, line_of(cast.hazard), text="请及时整改。")
    make_call(cast.township, line_of(cast.hazard))
    hold_run(cast.bureau)
    rules = "/inbox/rules/"
    found = findings_on(desk(cast.manager), ["/inbox/", message.get_absolute_url(), "/inbox/receiving/"])
    found += findings_on(desk(cast.officer), ["/inbox/calls/"])
    found += findings_on(
        desk(cast.administrator),
        [rules, f"{rules}of/rectify/", f"{rules}settings/", f"{rules}rehearsal/?on={cast.day}"],
    )
    assert not found, "\n".join(found)
