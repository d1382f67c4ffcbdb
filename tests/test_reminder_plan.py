"""The plan of a day: by which rule who is told of what, once."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest

from campaign_portal.accounts.access import Role
from campaign_portal.accounts.models import User
from campaign_portal.deadlines.registry import KINDS, Rung
from campaign_portal.deadlines.workdays import Calendar, calendar
from campaign_portal.edges import NotYours, Refused
from campaign_portal.reminders import planner, switching
from campaign_portal.reminders.firing import due_days, fire_days
from campaign_portal.reminders.models import Message, PlanRun, Reminder, ReminderRule
from inspections import services
from inspections.models import Hazard

from . import builders, hazards
from .reminding import (
    FRIDAY,
    MONDAY,
    NEXT_MONDAY,
    NEXT_TUESDAY,
    NEXT_WEDNESDAY,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    Reminded,
    at,
    make_rule,
    said,
)

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

SATURDAY = date(2026, 8, 1)
PLAIN_WEEKS = Calendar({}, [2026])


def rule(moment, days=0, *, in_workdays=True, every=0, times=1):
    return SimpleNamespace(moment=moment, days=days, in_workdays=in_workdays, every=every, times=times)


@pytest.mark.parametrize(
    "a_rule, due_on, days",
    [
        (rule("at"), THURSDAY, [THURSDAY]),
        (rule("at"), SATURDAY, [FRIDAY]),  # told before the weekend, not behind it
        (rule("before", 1), SATURDAY, [THURSDAY]),
        (rule("before", 2), NEXT_TUESDAY, [FRIDAY]),
        (rule("before", 2, in_workdays=False), NEXT_TUESDAY, [FRIDAY]),  # Sunday
        (rule("before", 5, every=2, times=3), NEXT_WEDNESDAY, [WEDNESDAY, FRIDAY, NEXT_TUESDAY]),
        (rule("before", 2, every=2, times=3), FRIDAY, [WEDNESDAY]),  # never on the day itself
        (rule("after", 1), FRIDAY, [NEXT_MONDAY]),
        (rule("after", 1), SATURDAY, [NEXT_MONDAY]),
        (rule("after", 1, in_workdays=False), FRIDAY, [NEXT_MONDAY]),
        (rule("after", 1, every=2, times=3), MONDAY, [TUESDAY, THURSDAY, NEXT_MONDAY]),
    ],
)
def test_a_rule_speaks_on_working_days(a_rule, due_on, days):
    assert fire_days(a_rule, due_on, PLAIN_WEEKS) == days


def test_the_due_days_of_a_day_are_those_of_which_the_rule_speaks_on_it():
    for moment, days, every, times in [
        ("at", 0, 0, 1),
        ("before", 10, 3, 3),
        ("after", 1, 3, 10),
        ("after", 60, 60, 3),
    ]:
        for in_workdays in (True, False):
            one = rule(moment, days, in_workdays=in_workdays, every=every, times=times)
            for due_on in due_days(one, THURSDAY):
                assert THURSDAY in fire_days(one, due_on, calendar())
    assert due_days(rule("at"), SATURDAY) == frozenset()
    assert {SATURDAY, date(2026, 8, 2), FRIDAY} == due_days(rule("at"), FRIDAY)


def test_the_home_is_told_before_on_the_day_and_after_and_each_only_once():
    with at(MONDAY):
        county = Reminded()
        for moment, days in [("before", 1), ("at", 0), ("after", 1)]:
            make_rule(county.bureau, moment=moment, days=days)
        hazards.opened(county, due_on=THURSDAY)
        county.turn_on()
    told = {}
    for day in (MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, NEXT_MONDAY):
        with at(day):
            rows = [row for row in county.plan() if row.user_id and row.rule]
            assert county.plan() == []  # a second plan plans nothing
        told[day] = [(row.user_id, row.rule.moment) for row in rows]
    manager = county.manager.pk
    assert told == {
        MONDAY: [], TUESDAY: [], WEDNESDAY: [(manager, "before")], THURSDAY: [(manager, "at")],
        FRIDAY: [(manager, "after")], NEXT_MONDAY: [],
    }  # fmt: skip


def test_what_is_not_open_is_told_to_nobody():
    with at(MONDAY):
        county = Reminded()
        make_rule(county.bureau)
        hazards.submitted(county, due_on=MONDAY)
        hazards.closed(county, due_on=MONDAY)
        county.turn_on()
        assert county.plan() == []


def test_a_late_one_climbs_the_ladder_and_who_was_passed_over_is_told():
    with at(MONDAY):
        county = Reminded()
        for days, rung in [(1, Rung.LIAISON), (2, Rung.SUPERVISOR), (3, Rung.COUNTY)]:
            make_rule(county.bureau, moment="after", days=days, rung=rung)
        hazards.opened(county, due_on=MONDAY, responsible="", liaison="周敏", liaison_phone="13800009999")
        county.turn_on()
    home, office = f"u{county.manager.pk}", county.township.pk
    with at(TUESDAY):
        assert said(county.plan()) == {(f"p{office}:13800009999:周敏", "包联责任人"), (home, "责任人")}
    with at(WEDNESDAY):
        rows = county.plan()
        officers = {(f"u{one.pk}", "乡镇（监管单位）") for one in (county.officer, county.leader)}
        assert said(rows) == officers | {(home, "责任人")}
        assert [row.who for row in rows if row.is_passed_over] == [home]
    with at(THURSDAY):
        rows = county.plan()
        assert {(row.user_id, row.is_passed_over) for row in rows if row.rung == Rung.COUNTY} == {
            (county.approver.pk, False)
        }
        assert {row.user_id for row in rows if row.is_passed_over} == {
            county.manager.pk,
            county.officer.pk,
            county.leader.pk,
        }


def test_a_named_person_with_an_account_is_told_in_it_and_one_without_is_reached_through_the_office():
    with at(MONDAY):
        county = Reminded()
        make_rule(county.bureau)
        builders.make_user(county.home.office, name="李秀兰", phone="139 0000 1111")
        hazards.opened(county, due_on=MONDAY, responsible="李秀兰", responsible_phone="13900001111")
        hazards.opened(county, due_on=MONDAY, responsible="王建国", responsible_phone="13900002222")
        county.turn_on()
        rows = county.plan()
    without_account = {(row.name, row.phone, row.office_id) for row in rows if not row.user_id}
    assert without_account == {("王建国", "13900002222", county.home.office_id)}


def test_nobody_without_an_account_is_called_before_the_day_has_come():
    with at(MONDAY):
        county = Reminded()
        make_rule(county.bureau, moment="before", days=1)
        hazards.opened(county, due_on=TUESDAY, responsible="王建国", responsible_phone="13900002222")
        county.turn_on()
        assert said(county.plan()) == {(f"u{county.manager.pk}", "责任人")}


def test_where_a_home_has_no_account_the_next_on_the_ladder_is_told():
    with at(MONDAY):
        county = Reminded()
        make_rule(county.bureau)
        hazards.opened(county, due_on=MONDAY, responsible="")
        User.objects.filter(office=county.home.office).update(is_active=False)
        county.turn_on()
        assert said(county.plan()) == {(f"p{county.township.pk}:13800009999:周敏", "包联责任人")}
        Hazard.objects.update(liaison="")
        officers = {(f"u{one.pk}", "乡镇（监管单位）") for one in (county.officer, county.leader)}
        assert said(county.plan()) == officers


def test_a_granted_extension_is_told_anew_on_its_own_day():
    with at(MONDAY):
        county = Reminded()
        make_rule(county.bureau)
        hazard = hazards.opened(county, due_on=TUESDAY, responsible="")
        asked = services.ask_extension(hazard=hazard, by=county.manager, new_due_on=THURSDAY, reason="等配件")
        county.turn_on()
        services.decide_request(request=asked, by=county.leader, granted=True, decision="同意")
    with at(TUESDAY):
        assert county.plan() == []
    with at(THURSDAY):
        assert [row.due_on for row in county.plan()] == [THURSDAY]


def test_one_moved_on_its_day_to_the_weekend_is_told_anew_on_that_very_day():
    with at(MONDAY):
        county = Reminded()
        make_rule(county.bureau)
        hazard = hazards.opened(county, due_on=FRIDAY, responsible="")
        county.turn_on()
    with at(FRIDAY):
        assert [row.due_on for row in county.plan()] == [FRIDAY]
        asked = services.ask_extension(hazard=hazard, by=county.manager, new_due_on=SATURDAY, reason="等配件")
        services.decide_request(request=asked, by=county.leader, granted=True, decision="同意")
        assert [row.due_on for row in county.plan()] == [SATURDAY]


def test_days_on_which_nothing_ran_are_made_up_for():
    with at(MONDAY):
        county = Reminded()
        make_rule(county.bureau)
        for day in (TUESDAY, WEDNESDAY, THURSDAY):
            hazards.opened(county, due_on=day, responsible="")
        county.turn_on()
        county.plan()
    with at(THURSDAY):
        assert sorted(row.on for row in county.plan()) == [TUESDAY, WEDNESDAY, THURSDAY]


def test_a_clock_that_is_set_back_plans_nothing_twice():
    with at(MONDAY):
        county = Reminded()
        make_rule(county.bureau, moment="at")
        make_rule(county.bureau, moment="after", days=1)
        hazards.opened(county, due_on=TUESDAY, responsible="")
        county.turn_on()
    for day in (TUESDAY, WEDNESDAY):
        with at(day):
            assert len(county.plan()) == 1
    with at(TUESDAY):
        assert county.plan() == []
    with at(WEDNESDAY):
        assert county.plan() == []


def test_a_day_ends_at_midnight_in_china_and_a_year_on_its_last_day():
    last, first = date(2026, 12, 31), date(2027, 1, 4)
    with at(date(2026, 12, 30)):
        county = Reminded()
        make_rule(county.bureau, moment="at")
        make_rule(county.bureau, moment="after", days=1)
        hazards.opened(county, due_on=last, responsible="")
        county.turn_on()
    with at(date(2026, 12, 30), 23, 59):
        assert county.plan() == []
    with at(last, 0, 1):
        assert [row.rule.moment for row in county.plan()] == ["at"]
    with at(last, 23, 59):
        assert county.plan() == []
    with at(first):
        rows = county.plan()  # Friday the first or Monday the fourth, as the calendar of 2027 will say
    assert [row.rule.moment for row in rows] == ["after"]
    assert {row.on for row in rows} <= {date(2027, 1, 1), first}


def test_a_neighbouring_county_is_not_told():
    with at(MONDAY):
        county, other = Reminded(), Reminded()
        make_rule(county.bureau)
        make_rule(other.bureau)
        hazards.opened(other, due_on=MONDAY, responsible="")
        county.turn_on()
        assert county.plan() == []


# Turned on over an old ledger


def test_turned_on_at_a_weekend_the_summary_comes_on_the_next_working_day():
    with at(MONDAY):
        county = Reminded()
        make_rule(county.bureau, "rectify")
        hazards.opened(county, due_on=TUESDAY, responsible="", liaison="")
    with at(SATURDAY):
        county.turn_on()
        assert county.plan() == []
    with at(NEXT_MONDAY):
        assert {row.user for row in county.plan() if row.rule is None} >= {county.manager, county.officer}
    with at(NEXT_TUESDAY):
        assert county.plan() == []


def turned_off_and_on(county):
    switching.turn_off(county.bureau, by=county.administrator)
    switching.turn_on(county.bureau, by=county.administrator)


def test_turned_off_and_on_again_on_the_same_day_what_is_due_is_planned_once_more():
    with at(MONDAY):
        county = Reminded()
        make_rule(county.bureau)
        hazards.opened(county, due_on=MONDAY, responsible="")
        county.turn_on()
        county.plan()
        turned_off_and_on(county)
        assert [(row.user, row.status) for row in county.plan()] == [(county.manager, "planned")]
        Reminder.objects.update(status="sent")
        turned_off_and_on(county)
        assert county.plan() == []  # told already


def test_what_an_administrator_decided_not_to_send_does_not_come_back_by_turning_on_again():
    with at(MONDAY):
        county = Reminded()
        make_rule(county.bureau)
        hazards.opened(county, due_on=MONDAY)
        county.turn_on(most_people=1)
        county.plan()
        switching.drop(PlanRun.objects.get(), by=county.administrator)
        turned_off_and_on(county)
        assert county.plan() == []
    assert set(Reminder.objects.values_list("status", flat=True)) == {"dropped"}


def test_turning_on_over_an_old_ledger_makes_one_summary_each_and_again_after_five_working_days():
    with at(date(2026, 7, 1)):
        county = Reminded()
        make_rule(county.bureau, moment="after", days=1, every=1, times=30)
        for _ in range(7):
            hazards.opened(county, due_on=date(2026, 7, 3), responsible="")
    with at(MONDAY):
        county.turn_on()
        rows = county.plan()
        assert {(row.user_id, row.count, row.due_on) for row in rows} == {
            (one.pk, 7, date(2026, 7, 3)) for one in (county.manager, county.officer, county.leader, county.approver)
        }
        assert county.plan() == []
    with at(TUESDAY):
        assert county.plan() == []
    with at(NEXT_MONDAY):
        assert {row.count for row in county.plan()} == {7}


def test_what_no_rule_speaks_of_any_more_is_told_in_summaries():
    with at(date(2026, 7, 13)):
        county = Reminded()
        make_rule(county.bureau, moment="after", days=1, every=2, times=2)
        hazards.opened(county, due_on=date(2026, 7, 14), responsible="")
        county.turn_on()
    counts = {}
    for day in (date(2026, 7, 15), date(2026, 7, 17), date(2026, 7, 20), MONDAY):
        with at(day):
            counts[day] = [(row.rule is not None, row.count) for row in county.plan() if row.user == county.manager]
    assert counts == {
        date(2026, 7, 15): [(True, 1)],
        date(2026, 7, 17): [(True, 1)],
        date(2026, 7, 20): [(False, 1)],  # five working days after reminders were turned on, and again
        MONDAY: [(False, 1)],
    }


def test_a_fault_in_one_kind_does_not_silence_the_others(monkeypatch, caplog):
    with at(MONDAY):
        county = Reminded()
        make_rule(county.bureau)
        make_rule(county.bureau, "licence_expiry")
        builders.make_licence(county.home, expires_on=MONDAY)
        hazards.opened(county, due_on=MONDAY, responsible="")
        county.turn_on()
        broken = replace(KINDS["rectify"], entries=lambda rows: 1 / 0)
        monkeypatch.setitem(KINDS, "rectify", broken)
        assert {row.kind for row in county.plan()} == {"licence_expiry"}
        assert "rectify could not be planned" in caplog.text


def test_off_means_that_nothing_is_planned_and_what_waits_is_not_sent():
    with at(MONDAY):
        county = Reminded()
        make_rule(county.bureau)
        hazards.opened(county, due_on=MONDAY, responsible="")
        assert planner.plan(county.bureau) is None
        county.turn_on()
        assert len(county.plan()) == 1
        switching.turn_off(county.bureau, by=county.administrator)
        assert set(Reminder.objects.values_list("status", "reason")) == {("dropped", "stopped")}
        with pytest.raises(Refused, match="已经停用"):
            switching.turn_off(county.bureau, by=county.administrator)


def test_off_and_on_again_on_one_day_loses_nothing_of_that_day():
    with at(MONDAY):
        county = Reminded()
        make_rule(county.bureau)
        hazards.opened(county, due_on=MONDAY, responsible="")
        county.turn_on()
        planned = said(county.plan())
        switching.turn_off(county.bureau, by=county.administrator)
        county.turn_on()
        assert said(county.plan()) == planned
        assert set(Reminder.objects.values_list("status", flat=True)) == {"planned"}


@pytest.mark.parametrize("status", ["sent", "dropped"])
def test_off_and_on_again_repeats_nothing_that_was_sent_or_decided(status):
    with at(MONDAY):
        county = Reminded()
        make_rule(county.bureau)
        hazards.opened(county, due_on=MONDAY, responsible="")
        county.turn_on(most_people=1 if status == "sent" else 0)
        assert len(county.plan()) == 1
        if status == "sent":
            Reminder.objects.update(status="sent")
        else:
            switching.drop(PlanRun.objects.get(), by=county.administrator)
        switching.turn_off(county.bureau, by=county.administrator)
        county.turn_on()
        assert county.plan() == []
        assert set(Reminder.objects.values_list("status", flat=True)) == {status}


def test_only_an_administrator_of_the_bureau_turns_reminders_on():
    with at(MONDAY):
        county = Reminded()
        for somebody in (county.clerk, county.approver, county.leader):
            with pytest.raises(NotYours):
                switching.turn_on(county.bureau, by=somebody)


def test_a_rehearsal_says_what_a_plan_would_and_writes_nothing():
    with at(MONDAY):
        county = Reminded()
        make_rule(county.bureau)
        hazards.opened(county, due_on=MONDAY, responsible="")
        foreseen = planner.rehearse(county.bureau, MONDAY)
        assert not Reminder.objects.exists() and not PlanRun.objects.exists()
        county.turn_on()
        planned = county.plan()
    assert [(one.who, one.entry.pk, one.rule) for one in foreseen] == [
        (row.who, row.object_pk, row.rule) for row in planned
    ]


# Too many at once


def held(county):
    make_rule(county.bureau)
    hazards.opened(county, due_on=MONDAY, responsible="王建国", responsible_phone="13900002222")
    county.turn_on(most_people=1)
    county.plan()
    return PlanRun.objects.get()


def test_a_plan_that_would_reach_too_many_waits_for_an_administrator_who_is_told():
    with at(MONDAY):
        county = Reminded()
        run = held(county)
        assert (run.status, run.people, run.planned) == ("held", 2, 2)
        assert set(Reminder.objects.values_list("status", flat=True)) == {"held"}
        assert [message.user for message in Message.objects.all()] == [county.administrator]
        county.plan()
        assert Message.objects.count() == 1
        with pytest.raises(NotYours):
            switching.release(run, by=county.clerk)
        switching.release(run, by=county.administrator)
        assert set(Reminder.objects.values_list("status", flat=True)) == {"planned"}
        with pytest.raises(Refused, match="已放行"):
            switching.drop(run, by=county.administrator)
        county.plan()
        assert PlanRun.objects.get().status == "released"


def test_a_held_plan_that_is_dropped_tells_nobody():
    with at(MONDAY):
        county = Reminded()
        switching.drop(held(county), by=county.administrator)
        assert set(Reminder.objects.values_list("status", "reason")) == {("dropped", "stopped")}


# Whose rules


def test_a_bureau_without_rules_of_its_own_has_those_of_the_nearest_above_it():
    county = Reminded()
    kind = "licence_expiry"
    ReminderRule.objects.filter(kind=kind).delete()
    starter = make_rule(None, kind)
    assert ReminderRule.objects.in_force(county.bureau)[kind] == [starter]
    county.bureau.parent = builders.make_office(Role.BUREAU, area=county.county.area.parent)
    county.bureau.save(update_fields=["parent"])
    above = make_rule(county.bureau.parent, kind)
    assert ReminderRule.objects.in_force(county.bureau)[kind] == [above]
    make_rule(county.bureau, kind, is_on=False)
    assert ReminderRule.objects.in_force(county.bureau)[kind] == []  # turned off, not inherited
