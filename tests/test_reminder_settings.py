"""Turning reminders on and off, hours and cap, and what becomes of a plan that was held back."""

import pytest
from django.urls import reverse

from campaign_portal import clock
from campaign_portal.audit.models import Event
from campaign_portal.reminders.models import Reminder, ReminderSettings

from . import builders
from .builders import browser
from .inboxes import hold_run

pytestmark = pytest.mark.django_db

PAGE, TURN = reverse("reminders:settings"), reverse("reminders:turn")


@pytest.fixture
def administrator():
    return builders.make_user(builders.make_county().bureau, is_administrator=True)


def typed(**changes):
    return {"send_from": "09:00", "send_until": "18:00", "most_people": 300, "version": 1} | changes


def test_turning_on_and_off_is_said_on_the_page_and_written_down(administrator):
    client = browser(administrator)
    assert "每人每类事项先发一条汇总" in client.get(PAGE).content.decode()
    assert "已启用" in client.post(TURN, {"to": "on"}, follow=True).content.decode()
    settings = ReminderSettings.objects.get(bureau=administrator.office)
    assert (settings.is_on, settings.on_since) == (True, clock.today())
    assert "提醒已经启用" in client.post(TURN, {"to": "on"}, follow=True).content.decode()
    client.post(TURN, {"to": "off"})
    client.post(TURN, {})
    verbs = Event.objects.filter(verb__startswith="remindersettings").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["remindersettings.on", "remindersettings.off"]


def test_hours_and_cap_are_kept_and_what_was_before_is_written_down(administrator):
    browser(administrator).post(PAGE, typed())
    settings = ReminderSettings.objects.get(bureau=administrator.office)
    assert (f"{settings.send_from:%H:%M}", f"{settings.send_until:%H:%M}", settings.most_people) == (
        "09:00",
        "18:00",
        300,
    )
    assert Event.objects.get(verb="remindersettings.changed").changes["每次最多提醒"] == ["500", "300"]


@pytest.mark.parametrize(
    "changes, sentence",
    [({"send_until": "08:00"}, "工作时间的结束要晚于开始"), ({"most_people": 0}, "1"), ({"send_from": ""}, "请填写")],
)
def test_hours_that_make_no_sense_are_refused_and_stay_as_typed(administrator, changes, sentence):
    page = browser(administrator).post(PAGE, typed(**changes))
    assert page.status_code == 422 and sentence in page.content.decode()
    assert 'value="09:00"' in page.content.decode() or changes.get("send_from") == ""
    assert not ReminderSettings.objects.exists()


def test_of_two_who_save_at_once_the_second_is_told(administrator):
    client = browser(administrator)
    client.post(PAGE, typed())
    page = client.post(PAGE, typed(most_people=900))
    assert (
        page.status_code == 409 and "设置已经改过" in page.content.decode() and 'value="900"' in page.content.decode()
    )
    assert ReminderSettings.objects.get().most_people == 300
    client.post(PAGE, typed(most_people=900, version=page.context["form"]["version"].value()))
    assert ReminderSettings.objects.get().most_people == 900


@pytest.mark.parametrize("step, status", [("release", "released"), ("drop", "dropped")])
def test_a_plan_that_was_held_back_is_released_or_dropped_once(administrator, step, status):
    run, client = hold_run(administrator.office), browser(administrator)
    page = client.get(PAGE).content.decode()
    assert "等您放行" in page and "700 人" in page
    url = reverse(f"reminders:run-{step}", args=[run.pk])
    client.post(url)
    run.refresh_from_db()
    assert (run.status, run.decided_by) == (status, administrator)
    assert "不用再办" in client.post(url, follow=True).content.decode()
    assert "等您放行" not in client.get(PAGE).content.decode()


def test_who_would_be_reached_by_a_plan_that_was_held_back_is_listed_by_office(administrator):
    run, office = hold_run(administrator.office), builders.make_office(name="马田镇民政办")
    for who, kind in [("u1", "rectify"), ("u1", "verify"), ("u2", "rectify")]:
        Reminder.objects.create(
            bureau=run.bureau, who=who, name=who, office=office, kind=kind, rung=0, on=run.day, due_on=run.day,
            status=Reminder.Status.HELD,
        )  # fmt: skip
    assert "马田镇民政办 2 人 3 项" in browser(administrator).get(PAGE).content.decode()
