"""The wall calendar, and taking a notice in on the page: preview first, then everything at once."""

import datetime
import re

import pytest

from campaign_portal import clock
from campaign_portal.deadlines.models import CalendarYear, Workday

from . import builders, hazards, progresses
from .builders import browser, count_queries
from .hazards import Cast
from .holiday_notices import notice
from .test_calendar_moving import THURSDAY, D

pytestmark = pytest.mark.django_db
LOAD = "/calendar/load/"


@pytest.fixture
def cast():
    return Cast()


@pytest.fixture
def admin(cast):
    return builders.make_user(cast.bureau, is_administrator=True)


@pytest.fixture(autouse=True)
def _on_that_day():
    with clock.at(THURSDAY):
        yield


def shown(response):
    return re.sub(r"<[^>]+>|\s+", " ", response.content.decode())


def hidden(response):
    """What the form of a draft carries."""
    page = response.content.decode()
    form = page[page.rindex('value="confirm"') :]
    return dict(re.findall(r'name="(year|text|days|shown)" value="([^"]*)"', form))


def draft(client, text=None):
    return client.post(LOAD, {"step": "read", "text": text or notice(2027)})


def confirm(client, page, **changes):
    sent = {"step": "confirm", "source": "国务院办公厅关于2027年部分节假日安排的通知"} | hidden(page) | changes
    return client.post(LOAD, sent)


def test_a_year_shows_days_off_and_days_worked(cast):
    page = shown(browser(cast.manager).get("/calendar/?year=2026"))
    assert "2026 年工作日历" in page and "国办发明电〔2025〕7号" in page
    assert "2月16日 、 2月17日" in page and "2月14日（星期六）" in page
    html = browser(cast.manager).get("/calendar/?year=2026").content.decode()
    assert len(re.findall("<b>休</b>", html)) == 33 and len(re.findall("<b>班</b>", html)) == 6
    assert "录入节假日安排</a>" not in html


def test_a_year_without_a_calendar_says_so_and_nonsense_shows_this_year(cast):
    assert "还没有录入节假日安排，按周一至周五计" in shown(browser(cast.officer).get("/calendar/?year=2031"))
    for year in ("", "abc", "1999", "٢٠٢٦", "99999", "2026'"):
        assert "2027 年工作日历" in shown(browser(cast.officer).get("/calendar/", {"year": year}))


def test_pasted_previewed_and_confirmed(cast, admin):
    hazard = hazards.reported(cast)
    beyond = hazards.reported(Cast(), summary="别县的隐患")
    client = browser(admin)
    page = draft(client)
    said = shown(page)
    assert page.status_code == 200 and not CalendarYear.objects.filter(year=2027).exists()
    assert "共 2 条" in said and hazard.summary in said and "2027-02-09" in said and "2027-02-17" in said
    assert "别县的隐患" not in said
    answer = confirm(client, page)
    assert (answer.status_code, answer["Location"]) == (302, "/calendar/?year=2027")
    after = shown(client.get(answer["Location"]))
    assert "2027年节假日安排已录入，2 条期限随之调整。" in after and cast.bureau.name in after
    for row in (hazard, beyond):
        row.refresh_from_db()
        assert row.verify_due_on == D(2027, 2, 17)
    timeline = shown(browser(cast.officer).get(hazard.get_absolute_url()))
    assert "期限随日历调整" in timeline and "2027年节假日安排" in timeline and "2027-02-17" in timeline


def test_a_calendar_that_changed_meanwhile_comes_back_as_a_fresh_preview(cast, admin):
    client = browser(admin)
    page = draft(client)
    other = draft(browser(admin), notice(2027).replace("6月9日（周三）放假1天，不调休", "6月9日（周三）放假1天"))
    assert confirm(browser(admin), other).status_code == 302
    refused = confirm(client, page)
    assert refused.status_code == 409 and "日历刚刚有了变化" in shown(refused)
    assert f"由{cast.bureau.name}{admin.name}于" in shown(refused)
    assert confirm(client, refused).status_code == 302


def test_what_does_not_agree_has_to_be_ticked(admin):
    client = browser(admin)
    page = draft(client, notice(2027).replace("共9天", "共8天"))
    assert "春节写明共8天，读出的是9天。" in shown(page)
    refused = confirm(client, page)
    assert refused.status_code == 422 and not CalendarYear.objects.filter(year=2027).exists()
    assert confirm(client, refused, is_checked="on").status_code == 302


def test_a_day_changed_by_hand_goes_into_the_draft_and_a_wrong_one_says_why(admin):
    client = browser(admin)
    page = draft(client)
    edit = {"step": "edit", "source": "x"} | hidden(page)
    changed = client.post(LOAD, edit | {"day": "2027-09-03", "what": "off", "name": "纪念日"})
    assert changed.status_code == 200 and "2027-09-03 0 纪念日" in hidden(changed)["days"]
    usual = client.post(LOAD, edit | {"day": "2027-02-20", "what": "usual"})
    assert "2027-02-20" not in hidden(usual)["days"] and "2027-01-30" in hidden(usual)["days"]
    for day, what, sentence in [
        ("2027-02-06", "off", "这一天是周末"),
        ("2027-03-01", "work", "这一天本来就是工作日"),
        ("2028-01-01", "off", "这里只能改 2027 年的日子"),
        ("", "off", "请填写“日期”"),
    ]:
        wrong = client.post(LOAD, edit | {"day": day, "what": what})
        assert wrong.status_code == 422 and sentence in shown(wrong) and hidden(wrong)["days"] == edit["days"]
    assert confirm(client, changed).status_code == 302
    assert Workday.objects.get(day=D(2027, 9, 3)).name == "纪念日"


def test_a_loaded_year_is_changed_without_a_text(admin):
    client = browser(admin)
    page = client.get(f"{LOAD}?year=2026")
    assert "2026-02-16 0 春节" in hidden(page)["days"] and "没有期限需要调整" in shown(page)
    empty = client.get(f"{LOAD}?year=2028")
    assert confirm(client, empty).status_code == 409


@pytest.mark.parametrize("text", ["", "今天天气很好。", "一" * 30_000])
def test_a_text_that_is_no_notice_keeps_what_was_typed(admin, text):
    answer = browser(admin).post(LOAD, {"step": "read", "text": text})
    assert answer.status_code == 422 and text[:20] in answer.content.decode() and "年份" in shown(answer)


@pytest.mark.parametrize("sent", [
    {},
    {"step": "confirm"},
    {"step": "edit", "year": "x"},
    {"step": "confirm", "year": "2027", "days": "2027-13-01 0 春节", "source": "x"},
    {"step": "confirm", "year": "2027", "days": "DROP TABLE", "source": "x"},
    {"step": "edit", "year": "1", "days": "", "day": "2027-01-01", "what": "off"},
])  # fmt: skip
def test_a_forged_draft_is_refused(admin, sent):
    assert browser(admin).post(LOAD, sent).status_code == 422
    assert not CalendarYear.objects.filter(year=2027).exists()


def test_only_administrators_of_a_bureau_load(cast):
    for user in (cast.clerk, cast.leader, cast.manager):
        assert browser(user).get(LOAD).status_code == 403
        assert browser(user).post(LOAD, {"step": "confirm"}).status_code == 403


def test_the_preview_costs_the_same_for_one_row_and_for_fifty(cast, admin):
    hazard = hazards.reported(cast)
    client = browser(admin)
    draft(client)
    one = count_queries(lambda: draft(client))
    hazards.copies(hazard, 49)
    assert count_queries(lambda: draft(client)) == one


# A year without a calendar is reported, and what rests on it marked


def test_a_missing_year_is_told_to_administrators_of_the_bureau_on_their_first_page(cast, admin):
    words = "2027 年还没有录入节假日安排"
    assert words in shown(browser(admin).get("/"))
    for user in (cast.clerk, cast.leader):
        assert words not in shown(browser(user).get("/"))
    assert words in shown(browser(cast.clerk).get("/calendar/"))
    client = browser(admin)
    confirm(client, draft(client))
    assert words not in shown(client.get("/"))


@pytest.mark.parametrize("today, told", [((2026, 10, 31), False), ((2026, 11, 1), True), ((2026, 12, 31), True)])
def test_the_next_year_is_asked_for_from_november_on(admin, today, told):
    with clock.at(datetime.datetime(*today, 9, tzinfo=THURSDAY.tzinfo)):
        assert ("2027 年还没有录入" in shown(browser(admin).get("/"))) == told


def test_a_deadline_in_an_uncovered_year_is_told_at_once(cast, admin):
    with clock.at(datetime.datetime(2026, 8, 3, 9, tzinfo=THURSDAY.tzinfo)):
        hazard = hazards.reported(cast)
        assert "还没有录入" not in shown(browser(admin).get("/"))
        type(hazard).objects.filter(pk=hazard.pk).update(verify_due_on=D(2027, 1, 5))
        page = shown(browser(admin).get("/"))
        assert "2027 年还没有录入节假日安排。 已有按工作日计的期限落在这一年。" in page.replace("  ", " ")
        elsewhere = builders.make_user(Cast().bureau, is_administrator=True)
        assert "还没有录入" not in shown(browser(elsewhere).get("/"))


def test_days_counted_without_a_calendar_are_marked_until_it_is_there(cast, admin):
    hazard, plan = hazards.reported(cast), progresses.Plan()
    waiting = plan.submitted()
    pages = [
        (cast.officer, hazard.get_absolute_url()),
        (cast.manager, f"/hazards/{hazard.pk}/reported/"),
        (plan.lead, f"/campaigns/{plan.campaign.pk}/progress/{waiting.pk}/"),
    ]
    for user, url in pages:
        assert "暂定" in shown(browser(user).get(url)), url
    client = browser(admin)
    confirm(client, draft(client))
    for user, url in pages:
        assert "暂定" not in shown(browser(user).get(url)), url
