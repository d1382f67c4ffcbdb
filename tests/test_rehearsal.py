"""Rehearsal: who would get what on a day and why, on a page and as a table of text; nothing is written."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from campaign_portal.accounts.access import Role
from campaign_portal.reminders import rehearsal
from campaign_portal.reminders.models import Message, PlanRun, Reminder

from . import builders, hazards
from .builders import browser, count_queries
from .reminding import FRIDAY, MONDAY, NEXT_WEDNESDAY, TUESDAY, Reminded, at, make_rule

pytestmark = pytest.mark.django_db

PAGE = reverse("reminders:rehearsal")


class Rehearsed(Reminded):
    """On Monday a home has a hazard that was due on Friday before the last; the bureau's rules tell the home, and after a
    working day the township."""

    def __init__(self):
        super().__init__()
        make_rule(self.bureau, moment="before", days=1)
        make_rule(self.bureau, moment="after", days=1, rung=2, urgent="always")
        self.hazard = hazards.opened(self, found_on=MONDAY, due_on=FRIDAY, responsible="赵无号", responsible_phone="")


@pytest.fixture
def cast():
    with at(MONDAY):
        yield Rehearsed()


def text_of(user, **query):
    return browser(user).get(PAGE, query).content.decode()


def test_the_page_names_person_thing_day_and_rule_and_writes_nothing(cast):
    page = text_of(cast.clerk, on="2026-07-30")
    for words in (
        cast.manager.name,
        cast.hazard.summary,
        "到期前 1 个工作日提醒责任人",
        cast.hazard.get_absolute_url(),
    ):
        assert words in page
    assert "还没有启用" in page
    assert not (Reminder.objects.exists() or Message.objects.exists() or PlanRun.objects.exists())
    cast.turn_on()
    assert "还没有启用" not in text_of(cast.clerk, on="2026-07-30")


def test_what_climbs_says_who_is_told_at_once_and_who_was_passed_over(cast):
    cast.turn_on()
    plan = rehearsal.rehearse(cast.bureau, NEXT_WEDNESDAY.replace(day=3))
    by_name = {one.name: one.lines for one in plan.recipients}
    assert by_name[cast.officer.name][0].is_urgent and by_name[cast.officer.name][0].rung == "乡镇（监管单位）"
    assert by_name[cast.manager.name][0].why.startswith("告知：逾期 1 个工作日后提醒乡镇")
    counted = (plan.people, plan.reminders, sum(total.count for total in plan.totals))
    assert counted == (len(by_name), sum(map(len, by_name.values())), plan.reminders)
    assert plan.urgent == sum(line.is_urgent for lines in by_name.values() for line in lines) > 0
    assert plan.digests == sum(any(not line.is_urgent for line in lines) for lines in by_name.values())


def test_it_is_narrowed_to_an_office_and_to_a_kind(cast):
    on = "2026-08-03"
    cast.turn_on()
    page = text_of(cast.clerk, on=on, office=cast.township.pk)
    assert cast.officer.name in page and cast.manager.name not in page
    assert "没有人会收到" in text_of(cast.clerk, on=on, kind="licence_expiry")


def test_a_person_without_an_account_is_marked_and_his_number_hidden(cast):
    cast.hazard.responsible_phone = "13812345678"
    cast.hazard.save(update_fields=["responsible_phone"])
    make_rule(cast.bureau, moment="at")
    page = text_of(cast.clerk, on="2026-07-31")
    assert "赵无号" in page and "无账号 138****5678" in page and "13812345678" not in page


@pytest.mark.parametrize("on", ["2026-02-30", "明天", "2030-01-01"])
def test_a_day_that_is_none_or_too_far_is_refused_and_stays_in_its_box(cast, on):
    page = browser(cast.clerk).get(PAGE, {"on": on})
    assert page.status_code == 422 and f'value="{on}"' in page.content.decode()
    assert 'role="alert"' in page.content.decode()


def test_the_first_people_are_listed_and_all_are_counted(cast, monkeypatch):
    plan = rehearsal.rehearse(cast.bureau, NEXT_WEDNESDAY.replace(day=3), most=1)
    assert len(plan.recipients) == 1 and plan.people > 1 and plan.is_cut


def test_the_page_costs_the_same_for_one_hazard_and_for_fifty(cast):
    client = browser(cast.clerk)
    cast.turn_on()
    client.get(PAGE, {"on": "2026-08-03"})
    few = count_queries(lambda: client.get(PAGE, {"on": "2026-08-03"}))
    hazards.copies(cast.hazard, 49)
    assert count_queries(lambda: client.get(PAGE, {"on": "2026-08-03"})) == few


def test_the_command_prints_the_same(cast):
    out = io.StringIO()
    call_command("rehearse_reminders", "--on", "2026-07-30", "--bureau", str(cast.bureau.pk), stdout=out)
    printed = out.getvalue()
    for words in (f"{cast.bureau} 2026-07-30", "未启用", cast.manager.name, cast.hazard.summary, "到期前 1 个工作日"):
        assert words in printed
    same = io.StringIO()
    call_command("rehearse_reminders", "--on", "2026-07-30", "--bureau", cast.bureau.area.code[:6], stdout=same)
    assert same.getvalue() == printed
    for wrong in ("999999", "县局", "12"):
        with pytest.raises(CommandError):
            call_command("rehearse_reminders", "--bureau", wrong, stdout=out)


def test_a_bureau_above_rehearses_its_own_and_not_the_countys(cast):
    city = builders.make_office(Role.BUREAU, area=cast.bureau.area.parent)
    with at(TUESDAY):
        assert cast.hazard.summary not in text_of(builders.make_user(city), on="2026-07-30")
