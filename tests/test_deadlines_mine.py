"""My deadlines: what a user has to do in the next weeks, as a list by nearness and as a month with its working days."""

import re
from datetime import date, datetime

import pytest
from django.utils import timezone

from campaign_portal import clock
from campaign_portal.deadlines.models import CalendarYear, Workday
from campaign_portal.deadlines.month import AHEAD, BACK, SHOWN, beside

from . import builders, hazards, plans
from .builders import browser, in_days
from .hazards import Cast

pytestmark = pytest.mark.django_db

MONDAY = timezone.make_aware(datetime(2026, 11, 23, 9))


@pytest.fixture(autouse=True)
def _monday():
    with clock.at(MONDAY):
        yield


@pytest.fixture
def cast():
    return Cast()


def shown(user, address="/deadlines/", **query):
    response = browser(user).get(address, query)
    assert response.status_code == 200
    return response


def titles(response):
    return {group.title: [item.duty.title for item in group.items] for group in response.context["groups"]}


def test_duties_stand_by_nearness_the_late_first(cast):
    with clock.at(MONDAY - 5 * clock.ONE_DAY):
        hazards.opened(cast, summary="早过了期", due_on=in_days(2))
    for summary, days in [("今天的", 0), ("周日的", 6), ("下周一的", 7), ("六十天后的", 60), ("太远的", 61)]:
        hazards.opened(cast, summary=summary, due_on=in_days(days))
    assert titles(shown(cast.manager)) == {
        "已逾期": ["早过了期"],
        "今天到期": ["今天的"],
        "本周内": ["周日的"],
        "以后": ["下周一的", "六十天后的"],
    }


def test_a_line_says_by_when_on_which_rule_and_how_it_is_counted_and_its_button_works(cast):
    hazard = hazards.opened(cast, due_on=in_days(3))
    page = shown(cast.manager).content.decode()
    for words in (hazard.summary, "还有 3 天", "11月26日", "延期须经审批", "指定日期", "提交整改"):
        assert words in page
    assert browser(cast.manager).get(f"/hazards/{hazard.pk}/submit/").status_code == 200
    hazards.submit(hazard, by=cast.manager)
    page = shown(cast.officer).content.decode()
    assert "工作日" in page and f"/deadlines/history/recheck/{hazard.parts.get().pk}/" in page


def test_what_is_known_ahead_of_its_day_is_here_before_it_is_a_to_do(cast):
    """The to-do list waits until a milestone is near; who plans his weeks sees it now."""
    task = plans.make_task(plans.make_campaign(cast.bureau), offices=[cast.township])
    plans.make_milestone(task, "报送年度小结", due_on=in_days(40))
    assert "报送年度小结" not in browser(cast.officer).get("/todo/").content.decode()
    assert titles(shown(cast.officer)) == {"以后": ["报送年度小结"]}


def test_a_neighbours_duties_are_absent_and_an_empty_list_says_so(cast):
    hazards.opened(cast)
    stranger = builders.make_home_user(builders.make_facility(supervisor=cast.township))
    assert "近期没有要到期的事项" in shown(stranger).content.decode()
    assert "这个月没有要到期的事项" in shown(stranger, "/deadlines/month/").content.decode()


def test_one_kind_or_one_day_can_be_asked_for(cast):
    hazards.opened(cast, summary="三天后的", due_on=in_days(3))
    hazards.opened(cast, summary="九天后的", due_on=in_days(9))
    builders.make_licence(cast.home, expires_on=in_days(3))
    response = shown(cast.manager, kind="licence_expiry")
    assert response.context["count"] == 1
    assert [(label, number) for label, number, *_ in response.context["views"]] == [
        ("全部", 3), ("证照到期", 1), ("整改", 2),
    ]  # fmt: skip
    assert shown(cast.manager, on="2026-11-26").context["count"] == 2
    assert "这一天没有到期的事项" in shown(cast.manager, on="2026-11-27").content.decode()


@pytest.mark.parametrize("query", [{"kind": "nonsense"}, {"on": "2026-02-30"}, {"on": "9999-12-31"}])
def test_what_cannot_be_asked_for_is_said(cast, query):
    response = browser(cast.manager).get("/deadlines/", query)
    assert response.status_code == 422
    assert 'role="alert"' in response.content.decode()


def test_a_day_that_may_still_move_with_the_calendar_is_marked(cast):
    hazards.submit(hazards.opened(cast), by=cast.manager)
    assert "暂定" not in shown(cast.officer).content.decode()
    CalendarYear.objects.filter(year=2026).delete()
    hazards.opened(cast, due_on=in_days(3))
    assert "暂定" in shown(cast.officer).content.decode()
    assert "暂定" not in shown(cast.manager).content.decode(), "a limit that was set is no matter of working days"


# The month


def day_in(response, day):
    return next(cell for week in response.context["month"].weeks for cell in week if cell.day == day)


def test_the_month_has_each_duty_on_its_day_and_counts_what_it_has_no_room_for(cast):
    for number in range(SHOWN + 2):
        hazards.opened(cast, summary=f"第{number}条", due_on=date(2026, 11, 26))
    hazards.opened(cast, summary="下个月的", due_on=date(2026, 12, 3))
    response = shown(cast.manager, "/deadlines/month/")
    cell = day_in(response, date(2026, 11, 26))
    assert ([item.duty.title for item in cell.items], cell.count) == ([f"第{n}条" for n in range(SHOWN)], SHOWN + 2)
    assert f'href="/deadlines/?on=2026-11-26">共 {SHOWN + 2} 件' in response.content.decode()
    assert shown(cast.manager, on="2026-11-26").context["count"] == SHOWN + 2
    assert "下个月的" not in response.content.decode()
    assert "下个月的" in shown(cast.manager, "/deadlines/month/", month="2026-12").content.decode()


def test_days_off_and_days_worked_to_make_up_are_marked(cast):
    CalendarYear.objects.update_or_create(year=2026, defaults={"source": "国办发明电〔2025〕号"})
    Workday.objects.filter(day__year=2026).delete()
    Workday.objects.bulk_create([
        Workday(day=date(2026, 10, 1), is_working=False, name="国庆节", of_year=2026),
        Workday(day=date(2026, 10, 10), is_working=True, name="国庆节", of_year=2026),
    ])  # fmt: skip
    response = shown(cast.manager, "/deadlines/month/", month="2026-10")
    marks = {
        cell.day.day: (cell.mark, cell.is_rest) for cell in (day_in(response, date(2026, 10, d)) for d in (1, 4, 9, 10))
    }
    assert marks == {1: ("休", True), 4: ("", True), 9: ("", False), 10: ("班", False)}
    assert "暂定" not in response.content.decode()


def test_a_month_without_a_calendar_says_that_its_days_off_are_tentative(cast):
    CalendarYear.objects.filter(year=2027).delete()
    assert "2027 年的节假日安排还没有录入" in shown(cast.manager, "/deadlines/month/", month="2027-03").content.decode()


def test_months_lead_on_as_far_as_they_can_be_looked_at(cast):
    this = date(2026, 11, 1)
    for months, missing in [(-BACK, "上月"), (AHEAD, "下月")]:
        page = shown(cast.manager, "/deadlines/month/", month=f"{beside(this, months):%Y-%m}").content.decode()
        assert missing not in page and len(re.findall("上月|下月", page)) == 1
        beyond = beside(this, months + (1 if months > 0 else -1))
        refused = browser(cast.manager).get("/deadlines/month/", {"month": f"{beyond:%Y-%m}"})
        assert refused.status_code == 422 and "只能看" in refused.content.decode()


@pytest.mark.parametrize("text", ["2026-13", "九月", "2026", "0000-01", "<b>"])
def test_what_is_no_month_is_said_and_this_month_is_shown(cast, text):
    response = browser(cast.manager).get("/deadlines/month/", {"month": text})
    assert response.status_code == 422
    assert "不是月份" in response.content.decode() and response.context["month"].first == date(2026, 11, 1)
    assert "<b>”" not in response.content.decode()
