"""On which days a rule speaks of an object that is due on a day. All of them are working days."""

from functools import lru_cache

from campaign_portal import clock
from campaign_portal.deadlines import workdays

from .models import ReminderRule

M = ReminderRule.Moment
LONGEST_HOLIDAY = 12  # calendar days without a working day among them, and some


def fire_days(rule, due_on, calendar):
    """The days on which a rule speaks of something due on `due_on`, in order.

    Before and on the day itself what falls on a day off is told on the working day before it, afterwards on the next.
    """
    if rule.moment == M.AT:
        return [calendar.on_or_before(due_on)]
    steps = [rule.days + number * rule.every for number in range(rule.times)]
    if rule.moment == M.AFTER:
        return [_after(due_on, days, rule, calendar) for days in steps]
    ahead = [rule.days - number * rule.every for number in range(rule.times)]
    return [_before(due_on, days, rule, calendar) for days in ahead if days > 0]


def _before(due_on, days, rule, calendar):
    if rule.in_workdays:
        return calendar.add(calendar.on_or_before(due_on), -days)
    return calendar.on_or_before(due_on - days * clock.ONE_DAY)


def _after(due_on, days, rule, calendar):
    return calendar.add(due_on, days) if rule.in_workdays else calendar.on_or_after(due_on + days * clock.ONE_DAY)


def silent_before(rules, on, calendar):
    """What was due before this day is spoken of by none of these rules any more, on day `on` or later. None where none of
    them speaks of what is late."""
    late = [rule for rule in rules if rule.moment == M.AFTER]
    return min((_reached(rule, on, calendar) for rule in late), default=None)


def _reached(rule, on, calendar):
    """The earliest day of which the last of a rule's reminders has not gone by."""
    days = rule.days + rule.every * (rule.times - 1)
    return calendar.add(on, -days) if rule.in_workdays else on - days * clock.ONE_DAY


def due_days(rule, on):
    """The due days of which a rule speaks on day `on`: a frozenset."""
    return _due_days(_Shape.of(rule), on, workdays.calendar())


class _Shape(tuple):
    """What of a rule decides on which days it speaks; many bureaus have the same."""

    moment, days, in_workdays, every, times = (property(lambda self, n=n: self[n]) for n in range(5))

    @classmethod
    def of(cls, rule):
        return cls((rule.moment, rule.days, rule.in_workdays, rule.every, rule.times))


@lru_cache(maxsize=4096)
def _due_days(shape, on, calendar):
    if not calendar.is_workday(on):
        return frozenset()
    reach = (shape.days + shape.every * (shape.times - 1)) * (1.5 if shape.in_workdays else 1) + LONGEST_HOLIDAY
    ahead = 0 if shape.moment == M.AFTER else int(reach)
    behind = int(reach) if shape.moment == M.AFTER else LONGEST_HOLIDAY
    days = (on + number * clock.ONE_DAY for number in range(-behind, ahead + 1))
    return frozenset(day for day in days if on in fire_days(shape, day, calendar))
