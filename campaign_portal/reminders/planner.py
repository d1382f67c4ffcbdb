"""The plan of a day: who is told of what, by which rule. Rows first; sending is another matter (digests.py).

A plan may be made any number of times, by any number of schedulers: each reminder is unique for a person, an object, a rule
and a day. Days on which nothing ran (the machine was off) are made up for, two weeks at the most.
"""

import logging
from collections import Counter
from datetime import date
from itertools import islice
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q

from campaign_portal import clock
from campaign_portal.deadlines import workdays
from campaign_portal.deadlines.registry import Entry, Rung, planned_kinds

from .firing import due_days, silent_before
from .models import PlanRun, Reminder, ReminderRule, ReminderSettings
from .recipients import People
from .switching import tell_administrators

log = logging.getLogger(__name__)

CHUNK = 2000
DAYS_BACK = 14  # days made up for after an interruption, as one over a long holiday
BACKLOG_EVERY = 5  # working days between two summaries of what no rule speaks of any more
S = Reminder.Status


class Planned(NamedTuple):
    """A reminder as it would be planned. Without `entry` and `rule` it tells of `count` late ones of a kind."""

    who: str
    user: int | None
    office: int
    name: str
    phone: str
    kind: str
    entry: Entry | None
    rule: ReminderRule | None
    rung: Rung
    is_passed_over: bool
    is_urgent: bool
    on: date
    due_on: date
    count: int = 1


def rehearse(bureau, on):
    """What a plan of day `on` would make, written nowhere. A bureau that has not turned reminders on is taken as if it did
    so on that day."""
    return list(_whole_day(bureau, on, _since(bureau) or on))


def plan(bureau, today=None):
    """Plan today, and the days since the last plan that were missed. Returns the PlanRun of today."""
    today = today or clock.today()
    since = _since(bureau)
    if since is None:
        return None
    last = PlanRun.objects.filter(bureau=bureau, day__lt=today).order_by("-day").values_list("day", flat=True).first()
    after_last = last + clock.ONE_DAY if last else since
    first = max(since, today - DAYS_BACK * clock.ONE_DAY, after_last)
    days = [first + number * clock.ONE_DAY for number in range((today - first).days)]
    for day in [*days, today]:
        run = _plan_day(bureau, day, since)
    return run


def _since(bureau):
    """The day since when a bureau's reminders are on, or None."""
    return ReminderSettings.objects.filter(bureau=bureau, is_on=True).values_list("on_since", flat=True).first()


def _plan_day(bureau, day, since):
    """Write what is due to be told on a day. Whatever is there already stays as it is."""
    rows = (_row(planned, bureau) for planned in _whole_day(bureau, day, since))
    while chunk := list(islice(rows, CHUNK)):
        Reminder.objects.bulk_create(chunk, ignore_conflicts=True)
    return _close_run(bureau, day)


def _row(planned, bureau):
    values = planned._asdict()
    entry, user, office, rule = (values.pop(name) for name in ("entry", "user", "office", "rule"))
    pks = {"user_id": user, "office_id": office, "rule_id": rule and rule.pk, "object_pk": entry and entry.pk}
    return Reminder(bureau=bureau, **values, **pks)


@transaction.atomic
def _close_run(bureau, day):
    """Write down what the plan of a day came to. Hold it back if it would reach too many people at once; forget it if
    reminders were turned off while it was made."""
    settings = ReminderSettings.objects.select_for_update(of=("self",), no_key=True).get(bureau=bureau)
    PlanRun.objects.bulk_create([PlanRun(bureau=bureau, day=day)], ignore_conflicts=True)
    run = PlanRun.objects.select_for_update(of=("self",), no_key=True).get(bureau=bureau, day=day)
    of_day = Reminder.objects.filter(bureau=bureau, on=day)
    waiting = of_day.filter(status=S.PLANNED)
    if not settings.is_on:
        waiting.update(status=S.DROPPED, reason=Reminder.Reason.STOPPED)
    run.planned, run.people = of_day.count(), waiting.values("who").distinct().count()
    if run.status == PlanRun.Status.DONE and run.people > settings.most_people:
        run.status = PlanRun.Status.HELD
        tell_administrators(run, most=settings.most_people)
    if run.status == PlanRun.Status.HELD:
        waiting.update(status=S.HELD)
        run.people = of_day.filter(status=S.HELD).values("who").distinct().count()
    run.planned_at = clock.now()
    run.save(update_fields=["planned", "people", "status", "planned_at"])
    return run


# What is told on a day


def _whole_day(bureau, day, since):
    people, rules = People(bureau), ReminderRule.objects.in_force(bureau)
    for kind in planned_kinds():
        try:
            yield from _day_of_kind(kind, rules.get(kind.code, []), bureau, day, since, people)
        except Exception:  # a fault in one kind must not silence the others
            log.exception("reminders of %s could not be planned", kind.code)


def _day_of_kind(kind, rules, bureau, day, since, people):
    yield from _told(kind, rules, bureau, day, since, people)
    if rules and _tells_backlog(day, since):
        yield from _backlog(kind, rules, bureau, day, since, people)


def _told(kind, rules, bureau, day, since, people):
    """Of one kind, rule by rule. What was late before reminders were turned on is told in summaries only."""
    speaking = [(rule, due_days(rule, day)) for rule in rules]
    due = {one for rule, days in speaking for one in days if one >= since or rule.moment != ReminderRule.Moment.AFTER}
    if not due:
        return
    rows = kind.open().filter(_of(bureau, kind), **{f"{kind.due}__in": due})
    for entry in _with_people(kind.entries(rows), people):
        for rule, days in speaking:
            if entry.due_on in days and rule.concerns(entry):
                yield from _by_rule(kind, rule, entry, day, people)


def _by_rule(kind, rule, entry, day, people):
    """The recipients of one rule for one object; where it climbs, those passed over as well."""
    rung, recipients = people.on(rule.rung, entry)
    told = {one.who for one in recipients}
    is_urgent = rule.is_urgent_for(is_major=entry.is_major)
    for one in recipients:
        if one.user or rule.moment != ReminderRule.Moment.BEFORE:  # nobody is called before the day has come
            yield Planned(*one, kind.code, entry, rule, rung, False, is_urgent, day, entry.due_on)
    for below in range(rung) if rule.rung else ():
        for one in people.on(below, entry)[1]:
            if one.user and one.who not in told:
                told.add(one.who)
                yield Planned(*one, kind.code, entry, rule, Rung(below), True, False, day, entry.due_on)


def _tells_backlog(day, since):
    calendar = workdays.calendar()
    first = calendar.on_or_after(since)
    return day >= first and calendar.is_workday(day) and calendar.between(first, day) % BACKLOG_EVERY == 0


def _backlog(kind, rules, bureau, day, since, people):
    """For each person on the ladder how many of a kind are so late that no rule speaks of them: late before reminders were
    turned on, or after the last repeat."""
    counts, oldest = Counter(), {}
    before = max(since, silent_before(rules, day, workdays.calendar()) or since)
    rows = kind.open().filter(_of(bureau, kind), **{f"{kind.due}__lt": before})
    for entry in _with_people(kind.entries(rows), people):
        for one in _accounts_on_the_ladder(entry, people):
            counts[one] += 1
            oldest[one] = min(oldest.get(one, entry.due_on), entry.due_on)
    for one, count in counts.items():
        yield Planned(*one, kind.code, None, None, Rung.RESPONSIBLE, False, False, day, oldest[one], count)


def _accounts_on_the_ladder(entry, people):
    found = (people.on(rung, entry)[1] for rung in (Rung.RESPONSIBLE, Rung.SUPERVISOR, Rung.COUNTY))
    return {one for recipients in found for one in recipients if one.user}


def _of(bureau, kind):
    """A filter on the open rows of a kind: those of the bureau's area, and of no bureau below it."""
    column = bureau.area.column
    place = {f"{kind.area}{column}": bureau.area.code}
    return Q(**place) if column == "county_code" else Q(**place, **{f"{kind.area}{BELOW[column]}": ""})


BELOW = {"province_code": "city_code", "city_code": "county_code"}


def _with_people(entries, people):
    """The entries, with the people of their offices read for many at once."""
    entries = iter(entries)
    while chunk := list(islice(entries, CHUNK)):
        people.ready({people.bureau.pk} | {post.office for entry in chunk for _, post in entry.posts})
        yield from chunk
