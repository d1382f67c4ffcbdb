"""A new year's calendar moves what is open and was counted by the old one, all at once, and nothing else."""

import datetime

import pytest

from campaign_portal import clock
from campaign_portal.audit.models import Event
from campaign_portal.campaigns import progress
from campaign_portal.deadlines import loading, moving, workdays
from campaign_portal.deadlines.holiday_notice import read
from campaign_portal.deadlines.models import CalendarYear, DueChange, Workday
from campaign_portal.edges import NotYours, Refused
from inspections import services
from inspections.models import Hazard, HazardHistory, Limits

from . import builders, hazards, progresses
from .builders import fresh
from .hazards import Cast
from .holiday_notices import notice

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

THURSDAY = datetime.datetime(2027, 2, 4, 10, tzinfo=datetime.timezone(datetime.timedelta(hours=8)))
D = datetime.date


@pytest.fixture
def cast():
    return Cast()


@pytest.fixture
def admin(cast):
    return builders.make_user(cast.bureau, is_administrator=True)


def load(by, text=None, **changes):
    """Take in the notice of 2027, under which Spring Festival lasts from 5 to 13 February."""
    reading = read(text or notice(2027))
    days = loading.together(reading)
    given = {"year": reading.year, "days": days, "source": reading.source, "shown": loading.seal(reading.year, days)}
    return loading.load_year(by=by, **(given | changes))


def test_every_kind_that_is_counted_moves_with_history_audit_and_reason(cast, admin):
    with clock.at(THURSDAY):
        reported = hazards.reported(cast)
        submitted = hazards.submitted(cast)
        asked = hazards.opened(cast)
        request = services.ask_extension(
            hazard=asked, by=cast.manager, new_due_on=D(2027, 3, 20), reason="等配件", interim="专人值守"
        )
        assert (reported.verify_due_on, submitted.recheck_due_on) == (D(2027, 2, 9), D(2027, 2, 11))
        _, done = load(admin)
    for row in (reported, submitted, request):
        row.refresh_from_db()
    assert reported.verify_due_on == D(2027, 2, 17)  # 15, 16, 17 February are the next working days
    assert submitted.recheck_due_on == D(2027, 2, 19)
    assert request.decide_due_on == D(2027, 2, 17)
    assert {code: len(moves) for code, moves in done.items()} == {"verify": 1, "recheck": 1, "decide": 1}
    present = HazardHistory.objects.get(hazard=submitted, valid_to__isnull=True)
    assert present.recheck_due_on == D(2027, 2, 19) and HazardHistory.objects.filter(hazard=submitted).count() == 4
    told = Event.objects.about(reported).last()
    assert (told.label, told.reason, told.actor) == ("期限随日历调整", "2027年节假日安排", admin)
    assert told.changes == {"核实期限": ["2027-02-09", "2027-02-17"]}
    change = DueChange.objects.get(kind="recheck")
    assert change.object_pk == submitted.parts.get().pk
    assert (change.was, change.now, change.reason) == (D(2027, 2, 11), D(2027, 2, 19), "2027年节假日安排")


def test_returns_on_tasks_move_too(cast, admin):
    with clock.at(THURSDAY):
        plan = progresses.Plan()
        waiting = plan.submitted()
        plan.clerk, plan.township = plan.neighbour, plan.next_town
        sent_back = progress.send_back(plan.submitted(), by=plan.other, comment="补充数据")
        assert waiting.due_on == sent_back.due_on == D(2027, 2, 9)
        load(admin)
    for row in (waiting, sent_back):
        row.refresh_from_db()
        assert row.due_on == D(2027, 2, 17)
        assert Event.objects.about(row).last().changes == {"办理期限": ["2027-02-09", "2027-02-17"]}


def test_what_is_not_counted_in_working_days_or_is_over_stays(cast, admin):
    with clock.at(THURSDAY):
        opened, closed = hazards.opened(cast), hazards.closed(cast)
        by_hand = hazards.reported(cast)
        Hazard.objects.filter(pk=by_hand.pk).update(verify_due_on=D(2027, 2, 14))  # a Sunday: nobody counted it
        _, done = load(admin)
    assert done == {} and not DueChange.objects.exists()
    was = opened.due_on, closed.recheck_due_on
    opened.refresh_from_db()
    closed.refresh_from_db()
    by_hand.refresh_from_db()
    assert (opened.due_on, closed.recheck_due_on) == was and by_hand.verify_due_on == D(2027, 2, 14)


def test_a_county_that_counts_calendar_days_is_left_out(cast, admin):
    Limits.objects.create(owner=cast.bureau, valid_from=D(2020, 1, 1), in_workdays=False)
    there = Cast()
    with clock.at(THURSDAY):
        here, beyond = hazards.reported(cast), hazards.reported(there)
        Hazard.objects.filter(pk=here.pk).update(
            verify_due_on=D(2027, 2, 9)
        )  # a day that counting could have given too
        _, done = load(admin)
    assert [move.pk for move in done["verify"]] == [beyond.pk]


def test_taken_in_again_nothing_moves_twice_and_a_corrected_notice_moves_back(cast, admin):
    with clock.at(THURSDAY):
        hazard = hazards.reported(cast)
        load(admin)
    with clock.at(THURSDAY + datetime.timedelta(hours=1)):
        assert load(admin)[1] == {}
        _, done = load(
            admin,
            notice(2027).replace("2月5日（农历除夕、周五）至13日（农历正月初八、周六）放假调休，共9天", "2月12日放假"),
        )
    hazard.refresh_from_db()
    assert hazard.verify_due_on == D(2027, 2, 9) and [move.now for move in done["verify"]] == [D(2027, 2, 9)]
    year = CalendarYear.objects.get(year=2027)
    assert year.version == 3 and Workday.objects.filter(of_year=2027, name="春节", is_working=False).count() == 1


def test_a_notice_that_adjusts_one_festival_keeps_the_others(admin):
    load(admin)
    later = clock.now() + datetime.timedelta(hours=1)
    with clock.at(later):
        load(admin, "现将2027年劳动节假期调整如下：2027年5月1日至3日放假，共3天。")
    named = dict(Workday.objects.filter(of_year=2027).values_list("day", "name"))
    assert D(2027, 5, 3) in named and D(2027, 5, 4) not in named and D(2027, 4, 25) not in named
    assert named[D(2027, 2, 5)] == "春节" and workdays.calendar().is_workday(D(2027, 5, 4))


def test_only_an_administrator_of_a_bureau_takes_a_year_in_and_nothing_else_is_changed(cast, admin):
    for who in (cast.clerk, cast.leader, cast.manager):
        with pytest.raises(NotYours):
            load(fresh(who))
    with pytest.raises(loading.Overtaken):
        load(admin, shown="of another page")
    with pytest.raises(Refused, match="不在 2027 年"):
        load(admin, days=[loading.Day(D(2028, 5, 1), False, "劳动节")])
    assert not CalendarYear.objects.filter(year=2027).exists()
    load(admin)
    assert workdays.calendar().covers(2027)
    told = Event.objects.get(verb="calendar.loaded")
    assert told.actor == admin and "放假 02-05 春节" in told.changes["放假和补班"][1]


def test_if_moving_fails_the_year_is_not_taken_in_either(cast, admin, monkeypatch):
    with clock.at(THURSDAY):
        hazard = hazards.reported(cast)

        def fail(*args, **kwargs):
            raise RuntimeError("no audit")

        monkeypatch.setattr("inspections.services.rescheduling.record_many", fail)
        with pytest.raises(RuntimeError):
            load(admin)
    hazard.refresh_from_db()
    assert hazard.verify_due_on == D(2027, 2, 9) and not CalendarYear.objects.filter(year=2027).exists()
    assert not workdays.calendar().covers(2027)


def test_a_thousand_deadlines_move_in_a_few_statements(cast, admin):
    with clock.at(THURSDAY):
        hazards.copies(hazards.reported(cast), 1_000)
        queries = builders.count_queries(lambda: load(admin))
    assert Hazard.objects.filter(verify_due_on=D(2027, 2, 17)).count() == 1_001
    assert DueChange.objects.count() == Event.objects.filter(verb="hazard.rescheduled").count() == 1_001
    assert queries < 100


def test_changed_days_are_those_on_which_the_calendars_differ():
    old = workdays.Calendar({D(2027, 2, 5): False}, [2027])
    assert moving.changed_days(old, old) is None
    new = workdays.Calendar({D(2027, 2, 5): False, D(2027, 2, 6): True, D(2027, 5, 3): False}, [2027])
    assert moving.changed_days(old, new) == (D(2027, 2, 6), D(2027, 5, 3))


def test_a_granted_extension_leaves_the_change_of_its_day(cast):
    hazard = hazards.opened(cast)
    was = hazard.due_on
    asked = {"by": cast.manager, "new_due_on": builders.in_days(30), "reason": "等配件", "interim": "专人值守"}
    refused = services.ask_extension(hazard=hazard, **asked)
    services.decide_request(request=refused, by=cast.leader, granted=False, decision="理由不足")
    assert not DueChange.objects.exists()
    granted = services.ask_extension(hazard=hazard, **asked)
    services.decide_request(request=granted, by=cast.leader, granted=True)
    change = DueChange.objects.get()
    assert (change.kind, change.object_pk, change.was, change.now) == (
        "rectify", hazard.pk, was, builders.in_days(30),
    )  # fmt: skip
    assert (change.reason, change.by) == ("同意延期：等配件", cast.leader)
