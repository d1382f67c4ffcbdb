"""Two schedulers, two workers: a reminder is planned once and told once. Real connections, real commits."""

import pytest

from campaign_portal.reminders import digests, planner, switching
from campaign_portal.reminders.models import Message, PlanRun, Reminder, ReminderSettings

from . import hazards
from .reminding import MONDAY, TUESDAY, Reminded, at, make_rule
from .test_concurrency import at_once, refusals

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]


def county_of_many():
    with at(MONDAY):
        county = Reminded()
        make_rule(county.bureau)
        for number in range(6):
            hazards.opened(county, due_on=MONDAY, responsible=f"职工{number}", responsible_phone=f"1390000222{number}")
        county.turn_on()
    return county


def on_monday(act, *args, **kwargs):
    """To be run in a thread of its own: the day is a context variable."""

    def run():
        with at(MONDAY):
            return act(*args, **kwargs)

    return run


def test_six_schedulers_plan_each_reminder_once():
    county = county_of_many()
    at_once(*[on_monday(planner.plan, county.bureau)] * 6)
    assert Reminder.objects.count() == 12  # the manager and the person named, for each hazard
    assert PlanRun.objects.get().planned == 12


def test_six_workers_make_one_digest_of_a_person():
    county = county_of_many()
    with at(MONDAY):
        county.plan()
    who = f"u{county.manager.pk}"
    made = at_once(*[on_monday(digests.compose, who, urgent_only=False)] * 6)
    assert len([message for message in made if message]) == 1
    assert Message.objects.filter(user=county.manager).count() == 1
    assert set(Reminder.objects.filter(who=who).values_list("status", flat=True)) == {"sent"}


def test_of_two_who_decide_about_a_held_plan_the_second_is_told():
    county = county_of_many()
    with at(MONDAY):
        ReminderSettings.objects.update(most_people=1)
        county.plan()
        run = PlanRun.objects.get()
    outcomes = at_once(
        on_monday(switching.release, run, by=county.administrator),
        on_monday(switching.drop, run, by=county.administrator),
    )
    assert len(refusals(outcomes)) == 1
    assert set(Reminder.objects.values_list("status", flat=True)) in ({"planned"}, {"dropped"})


def test_a_plan_that_is_made_while_reminders_are_turned_off_leaves_nothing_to_be_sent():
    county = county_of_many()
    at_once(
        on_monday(planner.plan, county.bureau), on_monday(switching.turn_off, county.bureau, by=county.administrator)
    )
    with at(TUESDAY):
        assert planner.plan(county.bureau) is None
        assert list(digests.waiting(county.bureau, urgent_only=False)) == []
