"""Rules of reminders and days to stand on. The week of 27 July 2026 has five ordinary working days, and so has the next."""

from datetime import date, datetime

from django.utils import timezone

from campaign_portal import clock
from campaign_portal.deadlines.registry import Rung, planned_kinds
from campaign_portal.reminders import planner, switching
from campaign_portal.reminders.models import Reminder, ReminderRule, ReminderSettings

from . import builders
from .hazards import Cast

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (date(2026, 7, day) for day in range(27, 32))
NEXT_MONDAY, NEXT_TUESDAY, NEXT_WEDNESDAY = (date(2026, 8, day) for day in (3, 4, 5))


def at(day, hour=10, minute=0):
    """Within the block it is ten in the morning of a day."""
    return clock.at(timezone.make_aware(datetime(day.year, day.month, day.day, hour, minute)))


def make_rule(owner, kind="rectify", moment="at", days=0, **columns):
    return ReminderRule.objects.create(owner=owner, kind=kind, moment=moment, days=days, **columns)


class Reminded(Cast):
    """A county whose bureau has no rules but those that the test makes, and an administrator."""

    def __init__(self, **home):
        super().__init__(**home)
        self.administrator = builders.make_user(self.bureau, is_administrator=True)
        for kind in planned_kinds():
            make_rule(self.bureau, kind.code, is_on=False)  # nothing is inherited

    def turn_on(self, **columns):
        switching.turn_on(self.bureau, by=self.administrator)
        ReminderSettings.objects.filter(bureau=self.bureau).update(**columns)

    def plan(self):
        """Plan the day it is. Returns what was added, in order."""
        before = set(Reminder.objects.values_list("pk", flat=True))
        planner.plan(self.bureau)
        return [row for row in Reminder.objects.select_related("rule") if row.pk not in before]


def said(rows):
    """Who is told on which rung: {(who, rung label)}."""
    return {(row.who, Rung(row.rung).label) for row in rows}
