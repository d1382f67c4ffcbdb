"""From planned reminders to messages: one digest a person and day, and only what is still true."""

import pytest

from campaign_portal.accounts import access
from campaign_portal.deadlines.registry import Rung
from campaign_portal.reminders import digests, hours, tasks
from campaign_portal.reminders.models import Absence, Delivery, Message, Mute, Reminder, ReminderSettings, Robot
from inspections import services

from . import builders, hazards
from .reminding import FRIDAY, MONDAY, NEXT_MONDAY, THURSDAY, TUESDAY, WEDNESDAY, Reminded, at, make_rule

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def planned(*, rules=({},), on=MONDAY, **columns):
    """A county in which the home's manager is to be told of one hazard due that day."""
    with at(MONDAY):
        county = Reminded()
        for values in rules:
            make_rule(county.bureau, **values)
        county.hazard = hazards.opened(county, **({"due_on": MONDAY, "responsible": ""} | columns))
        county.turn_on()
    with at(on):
        county.plan()
    return county


def compose_all(county, *, urgent_only=False):
    return [
        message
        for who in list(digests.waiting(county.bureau, urgent_only=urgent_only))
        if (message := digests.compose(who, urgent_only=urgent_only))
    ]


def what_became_of():
    return set(Reminder.objects.values_list("status", "reason"))


def test_a_person_gets_one_digest_a_day_with_all_that_is_due():
    county = planned()
    with at(MONDAY):
        hazards.opened(county, due_on=MONDAY, summary="灭火器过期", responsible="")
        county.plan()
        (message,) = compose_all(county)
        assert message.user == county.manager and message.key == f"digest:u{county.manager.pk}:2026-07-27"
        assert message.title == "7月27日提醒：2 项今天到期"
        assert {line["title"] for line in message.lines} == {"二楼疏散通道堆放杂物", "灭火器过期"}
        assert message.lines[0]["action"] == "提交整改" and message.lines[0]["due_on"] == "2026-07-27"
        assert what_became_of() == {("sent", "")}
        assert compose_all(county) == []


def test_of_many_a_message_lists_those_nearest_to_today_and_counts_the_rest(monkeypatch):
    monkeypatch.setattr(digests, "MOST_LINES", 2)
    county = planned(rules=[{"moment": "at"}, {"moment": "after", "days": 1}, {"moment": "before", "days": 1}])
    with at(MONDAY):
        for due_on in (MONDAY, TUESDAY):
            hazards.opened(county, due_on=due_on, summary=f"{due_on}到期", responsible="")
    with at(TUESDAY):
        county.plan()
        (message,) = compose_all(county)
    assert [line["due_on"] for line in message.lines][-1] == f"{TUESDAY}" and len(message.lines) == 2
    assert message.text == "另有 1 项没有列出，请到待办查看全部。"


def test_what_comes_up_after_the_digest_waits_for_the_next_day():
    county = planned()
    with at(MONDAY):
        compose_all(county)
        hazards.opened(county, due_on=MONDAY, summary="灭火器过期", responsible="")
        assert len(county.plan()) == 1
        assert compose_all(county) == []
        assert digests.compose(f"u{county.manager.pk}", urgent_only=False) is None
    with at(TUESDAY):
        (message,) = compose_all(county)
        assert [line["title"] for line in message.lines] == ["灭火器过期"]
        assert message.title == "7月28日提醒：1 项逾期"


def test_nothing_is_said_of_what_was_done_meanwhile():
    county = planned()
    with at(MONDAY):
        hazards.submit(county.hazard, by=county.manager)
        assert compose_all(county) == []
    assert what_became_of() == {("dropped", "over")}


def test_nothing_is_said_of_a_day_that_has_moved_meanwhile():
    county = planned()
    with at(MONDAY):
        asked = services.ask_extension(hazard=county.hazard, by=county.manager, new_due_on=THURSDAY, reason="等配件")
        services.decide_request(request=asked, by=county.leader, granted=True, decision="同意")
        assert compose_all(county) == []
    assert what_became_of() == {("dropped", "over")}


def test_rights_are_asked_again_when_it_is_sent():
    county = planned(rules=[{"moment": "after", "days": 1, "rung": Rung.SUPERVISOR}], on=TUESDAY)
    with at(TUESDAY):
        access.revoke(county.township, "oversee_area", county.township.area)
        messages = compose_all(county)
        assert {message.user for message in messages} == {county.manager}  # who was passed over still may
    assert set(Reminder.objects.exclude(user=county.manager).values_list("status", "reason")) == {("dropped", "rights")}


def test_who_has_left_is_told_nothing():
    county = planned()
    with at(MONDAY):
        type(county.manager).objects.filter(pk=county.manager.pk).update(is_active=False)
        assert compose_all(county) == []
    assert what_became_of() == {("dropped", "rights")}


def test_one_muted_is_left_out_until_it_is_late():
    county = planned(rules=[{"moment": "before", "days": 1}, {"moment": "after", "days": 1}], on=MONDAY, due_on=TUESDAY)
    with at(MONDAY):
        Mute.objects.create(user=county.manager, kind="rectify", object_pk=county.hazard.pk, label="x", until=FRIDAY)
        assert compose_all(county) == []
        assert what_became_of() == {("dropped", "muted")}
    with at(WEDNESDAY):
        county.plan()
        assert len(compose_all(county)) == 1


def test_of_days_made_up_for_only_the_newest_reminder_of_an_object_speaks():
    county = planned(rules=[{"moment": "at"}, {"moment": "after", "days": 1}], on=TUESDAY)
    with at(TUESDAY):
        (message,) = compose_all(county)
    assert len(message.lines) == 1
    assert what_became_of() == {("sent", ""), ("dropped", "older")}


def test_a_deputy_of_the_same_office_gets_it_too_while_one_is_away():
    county = planned()
    with at(MONDAY):
        deputy = builders.make_user(county.home.office)
        Reminder.objects.filter(user=deputy).delete()
        Absence.objects.create(user=county.manager, since=MONDAY, until=TUESDAY, deputy=deputy)
        compose_all(county)
    assert set(Message.objects.values_list("user", "kind")) == {
        (county.manager.pk, "digest"),
        (deputy.pk, "deputy"),
    }
    assert Message.objects.get(user=deputy).title.startswith(f"代{county.manager.name}：")


def test_a_deputy_is_told_nothing_after_the_last_day():
    county = planned(rules=[{"moment": "after", "days": 1}], on=TUESDAY)
    with at(TUESDAY):
        Absence.objects.create(
            user=county.manager, since=MONDAY, until=MONDAY, deputy=builders.make_user(county.home.office)
        )
        assert len(compose_all(county)) == 1 == Message.objects.count()


def test_a_deputy_is_told_of_each_only_once():
    with at(MONDAY):
        county = Reminded()
        for moment, days in [("at", 0), ("after", 1)]:
            make_rule(county.bureau, moment=moment, days=days, urgent="major")
        hazards.major(county, due_on=TUESDAY)
        hazards.opened(county, due_on=MONDAY, responsible="")  # told twice by Tuesday: the newest speaks
        county.turn_on()
    with at(TUESDAY):
        county.plan()
        deputy = builders.make_user(county.home.office)
        Absence.objects.create(user=county.manager, since=MONDAY, until=TUESDAY, deputy=deputy)
        compose_all(county, urgent_only=True)
        compose_all(county)
    messages = Message.objects.filter(user=deputy, kind="deputy").order_by("pk")
    assert [(one.is_urgent, len(one.lines)) for one in messages] == [(True, 1), (False, 1)]
    assert messages[0].lines != messages[1].lines


def test_a_deputy_reads_how_many_are_not_listed(monkeypatch):
    monkeypatch.setattr(digests, "MOST_LINES", 1)
    county = planned()
    with at(MONDAY):
        hazards.opened(county, due_on=MONDAY, summary="灭火器过期", responsible="")
        county.plan()
        deputy = builders.make_user(county.home.office)
        Absence.objects.create(user=county.manager, since=MONDAY, until=TUESDAY, deputy=deputy)
        compose_all(county)
    message = Message.objects.get(user=deputy)
    assert len(message.lines) == 1 and "另有 1 项没有列出" in message.text


def test_somebody_without_an_account_is_told_in_few_words_through_his_office():
    county = planned(responsible="王建国", responsible_phone="13900002222")
    with at(MONDAY):
        compose_all(county)
    message = Message.objects.get(user=None)
    assert (message.name, message.phone, message.office) == ("王建国", "13900002222", county.home.office)
    assert "二楼疏散通道堆放杂物" in message.lines[0]["title"] and message.lines[0]["url"] == ""


def test_somebody_whom_nobody_has_called_yet_is_called_once_about_all_of_it():
    county = planned(rules=[{"moment": "at"}], responsible="王建国")
    with at(MONDAY):
        compose_all(county)
        hazards.opened(county, due_on=TUESDAY, summary="灭火器过期", responsible="王建国")
    with at(TUESDAY):
        county.plan()
        compose_all(county)
    calls = Delivery.objects.filter(channel="call").order_by("pk")
    assert [(call.status, len(call.message.lines)) for call in calls] == [("dropped", 1), ("waiting", 2)]


def test_somebody_without_an_account_who_is_not_responsible_any_more_is_not_called():
    county = planned(responsible="王建国", responsible_phone="13900002222")
    with at(MONDAY):
        services.plan_work(hazard=county.hazard, by=county.manager, changes={"responsible": "赵军"})
        compose_all(county)
    assert not Message.objects.filter(user=None).exists()
    assert Reminder.objects.get(user=None).reason == "rights"


def test_the_officer_above_reads_who_has_not_done_what():
    county = planned(rules=[{"moment": "after", "days": 1, "rung": Rung.COUNTY}], on=TUESDAY)
    with at(TUESDAY):
        compose_all(county)
    line = Message.objects.get(user=county.approver).lines[0]
    assert line["url"] == county.hazard.get_absolute_url() and "县民政局" in line["note"]
    passed = Message.objects.get(user=county.manager).lines[0]
    assert passed["note"] == "逾期未办，已报告县民政局"


def test_the_officer_above_a_home_without_accounts_is_not_told_before_the_day_that_it_is_late():
    county = planned(rules=[{"moment": "before", "days": 1}], due_on=FRIDAY)
    type(county.manager).objects.filter(pk=county.manager.pk).update(is_active=False)
    type(county.hazard).objects.update(liaison="")
    with at(THURSDAY):
        county.plan()
        compose_all(county)
    notes = [line["note"] for message in Message.objects.filter(user=county.officer) for line in message.lines]
    assert notes == ["尚未办理，按规定提醒乡镇（监管单位）"]


def asked_of_a_township_without_approver():
    """An extension that is to be decided by a township whose only approver has left."""
    with at(MONDAY):
        county = Reminded()
        make_rule(county.bureau, kind="decide")
        hazard = hazards.opened(county, due_on=FRIDAY)
        asked = services.ask_extension(hazard=hazard, by=county.manager, new_due_on=NEXT_MONDAY, reason="等配件")
        type(county.leader).objects.filter(pk=county.leader.pk).update(is_active=False)
        county.turn_on()
    with at(asked.decide_due_on):
        county.plan()
    return county, asked


def test_where_nobody_may_approve_the_clerks_are_told_so():
    county, asked = asked_of_a_township_without_approver()
    with at(asked.decide_due_on):
        (message,) = compose_all(county)
    assert message.user == county.officer
    assert message.lines[0]["note"] == "尚未办理，本单位没有人有这项办理权限，请报告负责人"


def test_where_somebody_may_approve_again_the_clerks_are_not_told():
    county, asked = asked_of_a_township_without_approver()
    type(county.leader).objects.filter(pk=county.leader.pk).update(is_active=True)
    with at(asked.decide_due_on):
        assert compose_all(county) == []
    assert what_became_of() == {("dropped", "rights")}


# When it is sent


def test_one_whose_message_cannot_be_made_keeps_nobody_else_waiting(monkeypatch):
    county = planned()
    with at(MONDAY):
        colleague = builders.make_home_user(county.home)
        county.plan()
        told_by = digests._for_user

        def broken(rows, user):
            return 1 // 0 if user == county.manager else told_by(rows, user)

        monkeypatch.setattr(digests, "_for_user", broken)
        with pytest.raises(ZeroDivisionError):
            tasks.compose([f"u{county.manager.pk}", f"u{colleague.pk}"], urgent_only=False)
    assert list(Message.objects.values_list("user", flat=True)) == [colleague.pk]


def handed_out(monkeypatch, county):
    """Who would be written to now: (key, is it only what is urgent)."""
    sent = []
    monkeypatch.setattr(
        tasks.compose, "delay", lambda people, urgent_only: sent.extend((p, urgent_only) for p in people)
    )
    tasks.hand_out(ReminderSettings.objects.get(bureau=county.bureau))
    return sent


@pytest.mark.parametrize("hour, minute, goes", [(8, 29, False), (8, 30, True), (17, 29, True), (17, 30, False)])
def test_digests_go_out_in_working_hours(monkeypatch, hour, minute, goes):
    county = planned()
    with at(MONDAY, hour, minute):
        assert handed_out(monkeypatch, county) == ([(f"u{county.manager.pk}", False)] if goes else [])


def test_a_major_hazard_is_told_at_once_at_any_hour(monkeypatch):
    with at(MONDAY):
        county = Reminded()
        make_rule(county.bureau, urgent="major")
        hazards.major(county, due_on=MONDAY)
        hazards.opened(county, due_on=MONDAY, responsible="")
        county.turn_on()
    with at(MONDAY, 20):
        county.plan()
        assert handed_out(monkeypatch, county) == [(f"u{county.manager.pk}", True)]
        (message,) = compose_all(county, urgent_only=True)
        assert (message.kind, message.is_urgent, len(message.lines)) == ("urgent", True, 1)
    with at(TUESDAY):
        (digest,) = compose_all(county)
        assert len(digest.lines) == 1


def test_an_urgent_one_does_not_wait_behind_the_digest_of_the_day(monkeypatch):
    with at(MONDAY):
        county = Reminded()
        make_rule(county.bureau, urgent="major")
        hazards.opened(county, due_on=MONDAY, responsible="")
        county.turn_on()
        county.plan()
        compose_all(county)
        hazards.major(county, due_on=MONDAY)
        county.plan()
        assert handed_out(monkeypatch, county) == [(f"u{county.manager.pk}", True)]


def test_the_next_opening_is_in_the_hours_of_a_working_day():
    settings = ReminderSettings()
    for moment, opening in [((FRIDAY, 12), (FRIDAY, 12)), ((FRIDAY, 6), (FRIDAY, 8)), ((THURSDAY, 18), (FRIDAY, 8))]:
        with at(*moment):
            found = hours.next_opening(settings)
        with at(*opening):
            from django.utils import timezone

            local = timezone.localtime(found)
            assert (local.date(), local.hour) == opening
    with at(FRIDAY, 18):
        assert timezone.localtime(hours.next_opening(settings)).date().isoformat() == "2026-08-03"


def test_nothing_is_planned_before_seven_in_the_morning(monkeypatch):
    county = planned(on=MONDAY)
    planned_for = []
    monkeypatch.setattr(tasks.plan, "delay", planned_for.append)
    with at(TUESDAY, 6, 59):
        tasks.run()
    assert planned_for == []
    with at(TUESDAY, 7, 0):
        tasks.run()
    assert planned_for == [county.bureau.pk]


# The office's group


def test_a_group_reads_counts_once_a_day_and_no_name():
    county = planned(responsible="王建国", responsible_phone="13900002222")
    Robot.objects.create(office=county.home.office, kind="wecom", name="本院群", url="https://qyapi.weixin.qq.com/x")
    with at(MONDAY):
        digests.tell_groups(county.bureau, MONDAY)
        digests.tell_groups(county.bureau, MONDAY)
    message = Message.objects.get()
    assert (message.user, message.office) == (None, county.home.office)
    assert message.title == "7月27日提醒：1 项今天到期" and "整改 1 项" in message.text
    assert "王建国" not in f"{message.title}{message.text}{message.lines}"


def test_a_group_reads_nothing_of_a_plan_that_is_held_back():
    county = planned(responsible="")
    Robot.objects.create(office=county.home.office, kind="wecom", name="本院群", url="https://qyapi.weixin.qq.com/x")
    Reminder.objects.update(status="held")
    with at(MONDAY):
        digests.tell_groups(county.bureau, MONDAY)
        assert not Message.objects.exists()
        Reminder.objects.update(status="planned")
        digests.tell_groups(county.bureau, MONDAY)
    assert Message.objects.count() == 1


def test_a_city_bureau_has_working_hours_of_its_own():
    county = builders.make_county()
    city = builders.make_office("bureau", area=county.area.parent)
    ReminderSettings.objects.create(bureau=city, send_from="11:00", send_until="12:00")
    with at(MONDAY):
        assert not hours.is_open(hours.settings_of(city)) and hours.is_open(hours.settings_of(county.bureau))
