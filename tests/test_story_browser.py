"""The story of the hazard ledger, told by real clicks: a home's 360-pixel phone, an officer's 1366-pixel screen."""

import re

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from campaign_portal import clock
from inspections.models import Hazard

from . import builders, hazards
from .browser import axe_violations, field, follow, press, shot, sign_in, take_photos
from .builders import in_days
from .hazards import Cast

pytestmark = [pytest.mark.browser, pytest.mark.sqlite]

BEFORE, BEFORE_TOO, AFTER = shot("#8a6d4b", "前一.jpg"), shot("#6d8a4b", "前二.jpg"), shot("#4b6d8a", "后.jpg")


@pytest.fixture
def cast(transactional_db):
    return Cast()


def day(date):
    return f"{date:%Y-%m-%d}"


def in_words(date):
    return f"{date.year}年{date.month}月{date.day}日"


def status_of(page):
    return page.locator(".main .tag").first


def start_report(page, summary="二楼疏散通道堆放杂物"):
    """The first two questions of a report, from the first page of the home."""
    page.locator(".tiles").get_by_role("link", name="上报隐患").click()
    page.get_by_label("隐患部位").select_option("走廊和疏散通道")
    page.get_by_label("类别").select_option(label="消防安全")
    press(page, "下一步")
    take_photos(page, "隐患照片", BEFORE, BEFORE_TOO)
    page.get_by_label("隐患描述").fill(summary)
    press(page, "下一步")


def report(page):
    """A whole report, up to the page with its number."""
    start_report(page)
    page.get_by_label("整改措施").fill("清空通道，每日巡查")
    field(page, "责任人").fill("陈秀英")
    press(page, "提交上报")
    expect(page.get_by_text("上报成功")).to_be_visible()


def submit_rectification(page, *, done="已清空，通道畅通"):
    """From the open hazard's page: an after-photo beside the first before-photo, and what was done."""
    follow(page, "提交整改")
    take_photos(page, "整改后", AFTER)
    page.get_by_label("整改情况").fill(done)
    press(page, "提交整改")
    expect(status_of(page)).to_have_text("待复查")


def recheck(page, *, finding="现场复查，整改到位。"):
    follow(page, "复查销号")
    page.get_by_label("复查结论").fill(finding)
    press(page, "复查销号")


# 2. The home reports


def test_a_manager_reports_from_her_phone_and_sees_the_number_and_what_happens_next(cast, phone):
    page = phone(None)
    sign_in(page, cast.manager.username, builders.PASSWORD)
    start_report(page)
    page.get_by_label("整改措施").fill("清空通道，每日巡查")
    field(page, "责任人").fill("陈秀英")
    page.get_by_label("整改期限").fill(day(in_days(8)))
    press(page, "提交上报")

    expect(page.get_by_text("上报成功")).to_be_visible()
    hazard = Hazard.objects.get()
    expect(page.locator(".big-number")).to_have_text(hazard.code)
    next_steps = page.locator(".todo-list")
    expect(next_steps).to_contain_text("核实、定级、确认整改期限")
    expect(next_steps).to_contain_text(f"陈秀英按措施整改，{in_words(in_days(8))} 前")
    assert (hazard.responsible, hazard.due_on, hazard.photos.count()) == ("陈秀英", in_days(8), 2)


def test_no_page_of_the_report_is_wider_than_the_phone(cast, phone):
    page = phone(cast.manager)
    for path in ("/", "/hazards/report/", "/hazards/?state=all", "/facilities/"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path


def test_what_was_fixed_on_the_spot_is_struck_off_after_one_look(cast, phone, desk):
    home = phone(cast.manager)
    start_report(home)
    home.get_by_label("已经当场整改好了").check()
    take_photos(home, "整改后照片", AFTER)
    home.get_by_label("整改措施").fill("当场清走杂物")
    press(home, "提交上报")
    expect(home.locator(".todo-list")).to_contain_text("核实无误即销号")

    officer = desk(cast.officer)
    follow(officer, "待办")
    officer.get_by_role("link", name="核实").first.click()
    follow(officer, "核实销号")
    press(officer, "核实销号")
    expect(status_of(officer)).to_have_text("已销号")


def test_a_report_with_a_gap_keeps_everything_and_shows_the_gap(cast, phone):
    page = phone(cast.manager)
    start_report(page)
    field(page, "责任人").fill("陈秀英")
    page.get_by_label("整改措施").evaluate("field => field.removeAttribute('required')")
    press(page, "提交上报")
    expect(page.get_by_text("还有内容要改，已填的都在")).to_be_visible()
    expect(page.get_by_label("整改措施")).to_be_visible()  # the step with the gap is the one shown
    page.get_by_label("整改措施").fill("清空通道")
    press(page, "提交上报")
    expect(page.get_by_text("上报成功")).to_be_visible()
    assert Hazard.objects.get().photos.count() == 2


# 3. The township verifies


def test_an_officer_finds_a_report_in_her_list_and_confirms_it(cast, desk):
    hazard = hazards.reported(cast)
    page = desk(cast.officer)
    follow(page, "待办")
    page.get_by_role("link", name="核实").first.click()
    expect(status_of(page)).to_have_text("待核实")
    follow(page, "核实确认")
    expect(field(page, "包联责任人")).to_have_value("周敏")
    page.get_by_label("整改期限").fill(day(in_days(6)))
    press(page, "核实确认")

    expect(status_of(page)).to_have_text("待整改")
    hazard.refresh_from_db()
    assert (hazard.grade, hazard.liaison, hazard.due_on) == ("normal", "周敏", in_days(6))


def test_a_criterion_is_asked_for_a_major_hazard_only(cast, desk):
    hazard = hazards.reported(cast)
    page = desk(cast.officer)
    page.goto(f"/hazards/{hazard.pk}/verify/")
    expect(page.get_by_label("判定依据")).to_be_hidden()
    page.get_by_label("重大", exact=True).check()
    press(page, "核实确认")
    expect(page.get_by_text("定为重大隐患，请选择判定依据")).to_be_visible()
    page.get_by_label("判定依据").select_option(index=1)
    press(page, "核实确认")
    expect(page.locator("h1 .major")).to_have_text("重大")


def test_several_clean_reports_are_confirmed_in_one_go(cast, desk):
    for summary in ("扶手松动", "地面湿滑", "灯不亮"):
        hazards.reported(cast, summary=summary)
    hazards.reported(cast, summary="插座松动", fixed_on_spot=True)
    page = desk(cast.officer)
    follow(page, "隐患台账")
    follow(page, "待核实")
    page.get_by_label("全选本页").check()
    expect(page.locator("[data-picked]")).to_have_text("4")
    expect(page.get_by_text("当场整改的要看整改后照片")).to_be_visible()
    page.locator("#bulk").get_by_role("button", name="核实确认").click()
    expect(page.get_by_text("办理 3 条，另有 1 条不办理")).to_be_visible()  # the doubtful one wants a look of its own
    assert axe_violations(page) == []
    press(page, "核实确认")
    expect(page.get_by_text("已办理 3 条")).to_be_visible()
    expect(page).to_have_url(re.compile("state=reported"))  # back where the list was
    assert Hazard.objects.filter(status="open").count() == 3


def test_a_report_is_returned_and_comes_back_completed(cast, desk, phone):
    hazard = hazards.reported(cast)
    officer = desk(cast.officer)
    officer.goto(hazard.get_absolute_url())
    follow(officer, "退回补正")
    officer.get_by_label("原因").fill("照片太暗，请重拍")
    press(officer, "退回补正")
    expect(status_of(officer)).to_have_text("退回补正")

    home = phone(cast.manager)
    follow(home, "补正重报")
    expect(home.get_by_text("照片太暗，请重拍")).to_be_visible()
    take_photos(home, "补充隐患照片", BEFORE)
    press(home, "补正重报")
    expect(status_of(home)).to_have_text("待核实")
    assert hazard.photos.count() == 2


def test_a_mistake_is_voided_with_a_reason(cast, desk):
    hazard = hazards.reported(cast)
    page = desk(cast.officer)
    page.goto(hazard.get_absolute_url())
    follow(page, "作废")
    press(page, "作废")
    expect(page.locator(".errors")).to_be_visible()  # not without a reason
    page.get_by_label("原因").fill("与上一条重复")
    press(page, "作废")
    expect(status_of(page)).to_have_text("已作废")
    expect(page.locator(".timeline")).to_contain_text("与上一条重复")


# 4. The home rectifies, the officer re-checks


def test_after_photos_stand_beside_before_photos_and_the_line_is_struck_off(cast, phone, desk):
    hazard = hazards.opened(cast)
    home = phone(cast.manager)
    home.goto(hazard.get_absolute_url())
    submit_rectification(home)

    officer = desk(cast.officer)
    follow(officer, "待办")
    officer.get_by_role("link", name="复查").first.click()
    follow(officer, "复查销号")
    pair = officer.locator(".pair").first.locator("img")
    expect(pair).to_have_count(2)
    before, after = pair.nth(0).bounding_box(), pair.nth(1).bounding_box()
    assert abs(before["y"] - after["y"]) < 2 and before["x"] < after["x"]
    press(officer, "复查销号")
    expect(status_of(officer)).to_have_text("已销号")


def test_what_is_not_good_goes_back_with_a_new_limit(cast, desk, phone):
    hazard = hazards.submitted(cast)
    officer = desk(cast.officer)
    officer.goto(hazard.get_absolute_url())
    follow(officer, "退回整改")
    officer.get_by_label("不合格的地方").fill("防火门仍不能自闭")
    officer.get_by_label("新的整改期限").fill(day(in_days(4)))
    press(officer, "退回整改")
    expect(status_of(officer)).to_have_text("待整改")

    home = phone(cast.manager)
    follow(home, "提交整改")
    expect(home.get_by_text("防火门仍不能自闭")).to_be_visible()
    expect(home.get_by_text(in_words(in_days(4)))).to_be_visible()


def test_more_time_is_asked_by_the_home_and_decided_by_somebody_else(cast, phone, desk):
    hazard = hazards.opened(cast)
    home = phone(cast.manager)
    home.goto(hazard.get_absolute_url())
    follow(home, "申请延期")
    home.get_by_label("申请延至").fill(day(in_days(20)))
    home.get_by_label("延期理由").fill("配件要从厂家发货")
    home.get_by_label("延期期间的防控措施").fill("专人看守，夜间加巡")
    press(home, "申请延期")
    expect(home.get_by_text("延期申请已提交")).to_be_visible()

    clerk = desk(cast.officer)
    clerk.goto(hazard.get_absolute_url())
    expect(clerk.get_by_role("link", name="去审批")).to_have_count(0)  # deciding is an approver's duty
    leader = desk(cast.leader)
    follow(leader, "待办")
    leader.get_by_role("link", name="审批").first.click()
    follow(leader, "去审批")
    leader.get_by_label("同意", exact=True).check()
    press(leader, "提交审批")
    expect(leader.get_by_text("已同意延期，期限延至")).to_be_visible()
    hazard.refresh_from_db()
    assert hazard.due_on == in_days(20)


def test_an_officer_enters_for_a_home_and_somebody_else_rechecks(cast, desk, phone):
    hazard = hazards.opened(cast)
    officer = desk(cast.officer)
    officer.goto(hazard.get_absolute_url())
    follow(officer, "代填：提交整改")
    take_photos(officer, "整改后", AFTER)
    officer.get_by_label("整改情况").fill("已清空")
    officer.get_by_label("代填原因").fill("院长住院，电话口述")
    press(officer, "提交整改")
    expect(officer.locator(".mark", has_text="代填")).to_be_visible()
    expect(officer.get_by_role("link", name="复查销号")).to_have_count(0)

    home = phone(cast.manager)
    follow(home, "核对")
    expect(home.get_by_text("院长住院，电话口述").first).to_be_visible()
    press(home, "内容属实，已知晓")
    expect(home.get_by_text("已确认知晓")).to_be_visible()

    leader = desk(cast.leader)
    leader.goto(hazard.get_absolute_url())
    recheck(leader)
    expect(status_of(leader)).to_have_text("已销号")


def test_an_officer_reports_for_a_home_and_it_is_marked(cast, desk):
    page = desk(cast.officer)
    page.goto(f"/hazards/report/?facility={cast.home.pk}")
    expect(page.locator(".mark", has_text="代填")).to_be_visible()
    page.get_by_label("隐患部位").select_option("厨房")
    page.get_by_label("类别").select_option(label="食品安全")
    press(page, "下一步")
    take_photos(page, "隐患照片", BEFORE)
    page.get_by_label("隐患描述").fill("留样不足")
    press(page, "下一步")
    page.get_by_label("整改措施").fill("补齐留样盒")
    page.get_by_label("代填原因").fill("院长不会用手机")
    press(page, "提交上报")
    follow(page, "查看这条")
    expect(page.get_by_text("机构尚未确认")).to_be_visible()


# 5. A major hazard, shared by departments; a home that answers to the county


def test_a_fire_officer_registers_a_major_hazard_shared_with_housing(cast, desk):
    page = desk(cast.fire)
    follow(page, "登记检查发现")
    if page.get_by_label("养老机构").count():
        page.get_by_label("养老机构").select_option(label=cast.home.name)
        press(page, "下一步")
    page.get_by_label("隐患部位").select_option("走廊和疏散通道")
    page.get_by_label("类别").select_option(label="消防安全")
    page.get_by_label("隐患描述").fill("防火分区被打通，常闭防火门拆除")
    take_photos(page, "隐患照片", BEFORE)
    page.get_by_label("重大", exact=True).check()
    page.get_by_label("判定依据").select_option(index=1)
    page.get_by_label("住建", exact=True).check()
    press(page, "登记")

    expect(page.get_by_text("登记成功")).to_be_visible()
    expect(page.locator(".todo-list")).to_contain_text("责任、措施、资金、时限、预案")
    hazard = Hazard.objects.get()
    assert hazard.status == "open"
    assert {part.office for part in hazard.parts.all()} == {cast.fire.office, cast.housing.office}


def test_a_home_fills_the_five_assurances_before_it_may_submit(cast, phone):
    hazards.major(cast)
    page = phone(cast.manager)
    follow(page, "完善整改方案")
    page.get_by_label("整改措施").fill("恢复防火分区")
    field(page, "责任人").fill("王建国")
    page.get_by_label("整改资金").fill("3.5")
    press(page, "完善整改方案")
    expect(page.locator(".errors")).to_have_count(1)  # the plan is still missing
    page.get_by_label("临时防控措施和应急预案").fill("专人值守，火情先疏散")
    press(page, "完善整改方案")
    expect(page.get_by_role("link", name="提交整改")).to_be_visible()


def test_each_department_closes_its_own_part(cast, desk):
    hazard = hazards.submit(plan(hazards.major(cast), by=cast.manager), by=cast.manager)
    fire, housing = desk(cast.fire), desk(cast.housing)
    fire.goto(hazard.get_absolute_url())
    recheck(fire)
    expect(status_of(fire)).to_have_text("待复查")
    follow(housing, "待办")
    housing.get_by_role("link", name="复查").first.click()
    recheck(housing)
    expect(status_of(housing)).to_have_text("已销号")


def plan(hazard, *, by):
    from inspections import services

    return services.plan_work(hazard=hazard, by=by, changes=hazards.PLAN)


def test_a_home_that_answers_to_the_county_is_not_verified_by_the_township_it_stands_in(cast, desk):
    county_home = builders.make_facility("县福利院", supervisor=cast.bureau, area=cast.county.town)
    manager = builders.make_home_user(county_home)
    hazard = hazards.services.report_hazard(hazards.draft(county_home), by=manager, before=[hazards.picture(manager)])

    township = desk(cast.officer)
    township.goto(hazard.get_absolute_url())
    expect(status_of(township)).to_have_text("待核实")  # it may look
    expect(township.get_by_role("navigation", name="下一步")).to_have_count(0)
    bureau = desk(cast.clerk)
    bureau.goto(hazard.get_absolute_url())
    expect(bureau.get_by_role("link", name="核实确认")).to_be_visible()


# 6. The bureau reads the ledger


UNFINISHED = 8  # lines before the first filter


@pytest.fixture
def ledger(cast, desk):
    """The ledger before the bureau's clerk: nine lines, one of them closed; each filter below leaves a single one."""
    other = builders.make_facility("油麻敬老院", supervisor=cast.county.townships["柏林镇"])
    manager = builders.make_home_user(other)
    report_hazard, draft = hazards.services.report_hazard, hazards.draft
    report_hazard(draft(other, summary="别镇的"), by=manager, before=[hazards.picture(manager)])
    hazards.reported(cast, summary="刚上报的")
    hazards.submitted(cast, summary="改好的")
    hazards.opened(cast, summary="食堂的", category=hazards.Category.objects.get(code="food", owner=None))
    hazards.finding(cast, summary="暗访的", source="covert")
    hazards.opened(cast, summary="上月的", found_on=in_days(-30))
    hazards.closed(cast, summary="销了的")
    hazards.major(cast, summary="重大的")
    late = hazards.opened(cast, summary="逾期的")
    Hazard.objects.filter(pk=late.pk).update(found_on=in_days(-9), due_on=in_days(-2))
    page = desk(cast.clerk)
    follow(page, "隐患台账")
    return page


def shown(page):
    return page.locator("td.summary")


FILTERS = [  # which filter, which choice, the only line it leaves
    ("supervisor", "柏林镇民政办", "别镇的"),
    ("facility", "油麻敬老院", "别镇的"),
    ("state", "待复查", "改好的"),
    ("state", "已销号", "销了的"),
    ("grade", "重大", "重大的"),
    ("category", "食品安全", "食堂的"),
    ("department", "住建", "重大的"),
    ("source", "暗访", "暗访的"),
    ("due", "整改逾期", "逾期的"),
]


def test_a_bureau_clerk_filters_the_ledger_by_a_choice(ledger):
    for name, choice, only_line in FILTERS:
        choose(ledger, name, choice)
        expect(shown(ledger)).to_have_count(1)
        expect(shown(ledger)).to_contain_text(only_line)
        follow(ledger, "清除筛选")
        expect(shown(ledger)).to_have_count(UNFINISHED)


def choose(page, name, choice):
    select = page.locator(f"[data-filter] select[name={name}]")
    if not select.is_visible():
        page.locator(".filters summary").click()
    value = select.locator("option").filter(has_text=re.compile(f"^(.*县)?{choice}$")).first.get_attribute("value")
    select.select_option(value)
    page.wait_for_url(re.compile(rf"[?&]{name}=[^&]"))


def test_a_bureau_clerk_filters_the_ledger_by_dates_and_text(ledger):
    ledger.locator(".filters summary").click()
    ledger.locator("[name=found_to]").fill(day(in_days(-20)))
    ledger.wait_for_url(re.compile("found_to=2"))
    expect(shown(ledger)).to_have_count(1)
    expect(shown(ledger)).to_contain_text("上月的")
    follow(ledger, "清除筛选")
    ledger.locator("[name=q]").fill("食堂")
    ledger.locator("[name=q]").press("Enter")
    ledger.wait_for_url(re.compile("q=%"))
    expect(shown(ledger)).to_have_count(1)


def test_the_ledger_shows_nine_rows_or_more_on_an_office_screen(cast, desk):
    for number in range(12):
        hazards.reported(cast, summary=f"第 {number} 条隐患，二楼东侧疏散通道堆放杂物")
    page = desk(cast.clerk)
    page.goto("/hazards/")
    bottoms = page.locator("table.ledger tbody tr").evaluate_all(
        "rows => rows.map(r => r.getBoundingClientRect().bottom)"
    )
    assert sum(bottom <= 768 for bottom in bottoms) >= 9


def test_a_line_opens_with_its_whole_history(cast, desk):
    hazard = hazards.closed(cast)
    page = desk(cast.clerk)
    follow(page, "隐患台账")
    follow(page, "已销号")
    follow(page, hazard.code)
    follow(page, "打开整页")
    history = page.locator(".timeline li")
    expect(history).to_have_count(4)
    for index, (step, who) in enumerate(
        [("上报隐患", cast.manager), ("核实确认", cast.officer), ("提交整改", cast.manager), ("复查销号", cast.officer)]
    ):
        expect(history.nth(index)).to_contain_text(step)
        expect(history.nth(index)).to_contain_text(who.name)
    expect(page.locator(".pair img")).to_have_count(2)


# Nothing typed is lost


def be_away(minutes):
    """Age every session, as if nobody had touched the page for so long."""
    for row in Session.objects.all():
        session = SessionStore(row.session_key)
        session["seen_at"] = session["seen_at"] - minutes * 60
        session.save()


def test_what_was_typed_survives_the_idle_time_out(cast, phone):
    page = phone(cast.manager)
    start_report(page)
    page.get_by_label("整改措施").fill("清空通道，每日巡查")
    be_away(minutes=31)
    press(page, "提交上报")
    expect(page.get_by_text("请登录后继续发送")).to_be_visible()
    follow(page, "去登录")
    page.get_by_label("账号").fill(cast.manager.username)
    page.get_by_label("密码").fill(builders.PASSWORD)
    press(page, "登录")
    follow(page, "查看")
    expect(page.get_by_text("上报成功")).to_be_visible()
    hazard = Hazard.objects.get()
    assert (hazard.summary, hazard.photos.count()) == ("二楼疏散通道堆放杂物", 2)


def test_a_photo_taken_after_the_time_out_waits_for_the_sign_in(cast, phone):
    page = phone(cast.manager)
    page.goto("/hazards/report/")
    page.get_by_label("隐患部位").select_option("厨房")
    page.get_by_label("类别").select_option(label="食品安全")
    press(page, "下一步")
    be_away(minutes=31)
    with page.expect_response("**/files/uploads/**") as answer:
        page.get_by_label("隐患照片").set_input_files([BEFORE])
    assert answer.value.status == 401
    expect(page.get_by_text("等待信号")).to_be_visible()
    other = page.context.new_page()
    sign_in(other, cast.manager.username, builders.PASSWORD)
    page.evaluate("outbox.retry()")  # what coming back to this window does
    expect(page.get_by_text("已送达 1/1")).to_be_visible()


def test_a_draft_survives_closing_the_page(cast, phone):
    page = phone(cast.manager)
    start_report(page)
    page.get_by_label("整改措施").fill("换锁")
    context = page.context
    page.close()

    again = context.new_page()
    again.goto("/hazards/report/")
    expect(again.get_by_text("已接着上次没提交的内容")).to_be_visible()
    expect(again.get_by_label("隐患部位")).to_have_value("走廊和疏散通道")
    press(again, "下一步")
    expect(again.get_by_label("隐患描述")).to_have_value("二楼疏散通道堆放杂物")
    expect(again.locator(".thumb img").first).to_be_visible()
    press(again, "下一步")
    expect(again.get_by_label("整改措施")).to_have_value("换锁")
    press(again, "提交上报")
    expect(again.get_by_text("上报成功")).to_be_visible()
    assert Hazard.objects.get().photos.count() == 2

    again.goto("/hazards/report/")
    expect(again.get_by_label("隐患部位")).to_have_value("")  # what was sent is not offered again


def test_a_double_click_gives_one_hazard(cast, phone):
    page = phone(cast.manager)
    start_report(page)
    page.get_by_label("整改措施").fill("清空")
    page.get_by_role("button", name="提交上报").dblclick()
    expect(page.get_by_text("上报成功")).to_be_visible()
    assert Hazard.objects.count() == 1


def without_storage(page):
    """A browser that keeps nothing: pictures are sent as soon as they are chosen, as long as somebody looks on."""
    page.add_init_script("Object.defineProperty(window, 'indexedDB', {value: undefined})")


def to_the_photos(page):
    page.goto("/hazards/report/")
    page.get_by_label("隐患部位").select_option("厨房")
    page.get_by_label("类别").select_option(label="食品安全")
    press(page, "下一步")


def test_where_nothing_can_be_kept_a_photo_that_did_not_get_through_is_sent_again(cast, phone, complaints):
    page = phone(cast.manager)
    without_storage(page)
    to_the_photos(page)
    page.route("**/files/pictures/", lambda route: route.abort())
    page.get_by_label("隐患照片").set_input_files([BEFORE])
    expect(page.get_by_text("照片还在")).to_be_visible()
    complaints.clear()  # the network error that this test made
    page.unroute("**/files/pictures/")
    page.get_by_role("button", name="重试").click()
    expect(page.get_by_text("已送达 1/1")).to_be_visible()
    expect(page.get_by_role("button", name="重试")).to_have_count(0)


def test_where_nothing_can_be_kept_a_form_does_not_leave_without_its_photo(cast, phone, complaints):
    page = phone(cast.manager)
    without_storage(page)
    page.route("**/files/pictures/", lambda route: route.abort())
    to_the_photos(page)
    page.get_by_label("隐患照片").set_input_files([BEFORE])
    expect(page.get_by_text("照片还在")).to_be_visible()
    page.get_by_label("隐患描述").fill("留样不足")
    press(page, "下一步")
    page.get_by_label("整改措施").fill("补齐")
    press(page, "提交上报")
    expect(page.get_by_text("还有照片没有准备好")).to_be_visible()
    assert not Hazard.objects.exists()
    complaints.clear()


def test_without_javascript_the_plain_form_takes_photos_too(cast, phone):
    page = phone(cast.manager, java_script_enabled=False)
    page.locator(".tiles").get_by_role("link", name="上报隐患").click()
    page.get_by_label("隐患部位").select_option("走廊和疏散通道")
    page.get_by_label("类别").select_option(label="消防安全")
    page.get_by_label("隐患照片").set_input_files([BEFORE, BEFORE_TOO])
    page.get_by_label("隐患描述").fill("二楼疏散通道堆放杂物")
    press(page, "提交上报")
    expect(page.get_by_text("还有内容要改")).to_be_visible()  # the measure is missing; the photos have arrived
    page.get_by_label("整改措施").fill("清空通道")
    press(page, "提交上报")
    expect(page.get_by_text("上报成功")).to_be_visible()
    assert Hazard.objects.get().photos.count() == 2


def test_the_due_date_shown_is_todays_in_shanghai(cast, phone):
    page = phone(cast.manager)
    page.goto("/hazards/report/")
    expect(page.get_by_label("发现日期")).to_have_value(day(clock.today()))
