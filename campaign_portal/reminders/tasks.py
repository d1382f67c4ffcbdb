"""What the scheduler and the worker run. Each may run twice, and at the same time."""

import logging
from datetime import time
from time import monotonic, sleep

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from campaign_portal import clock
from campaign_portal.accounts.models import Office

from . import calls, channels, deliveries, digests, hours, planner
from .models import PlanRun, ReminderSettings

log = logging.getLogger(__name__)
PATIENCE = 20  # seconds for a database that is being restarted to take an answer that we have
PLAN_FROM = time(7, 0)  # nobody is woken
PLAN_AGAIN_AFTER = 10  # minutes; what has come up since the morning is planned too
AT_ONCE = 50  # people to one task


@shared_task(name="reminders.run")
def run():
    """Every minute: for each bureau whose reminders are on, plan if it is time, and hand out what may be told now."""
    now = timezone.localtime(clock.now())
    if now.time() < PLAN_FROM:
        return
    of_all = ReminderSettings.objects.filter(is_on=True).select_related("bureau")
    _each(of_all, lambda one: plan.delay(one.bureau_id) if _is_to_plan(one.bureau_id, now) else hand_out(one))


def _is_to_plan(bureau, now):
    last = PlanRun.objects.filter(bureau=bureau, day=now.date()).values_list("planned_at", flat=True).first()
    return last is None or not 0 <= (now - last).total_seconds() < PLAN_AGAIN_AFTER * 60


@shared_task(name="reminders.plan")
def plan(bureau_pk):
    bureau = Office.objects.select_related("area", "parent").get(pk=bureau_pk)
    planner.plan(bureau)
    hand_out(ReminderSettings.objects.select_related("bureau").get(bureau=bureau))


def hand_out(of_bureau):
    """Give what may be told now to the worker: what is urgent at any hour, the digests in working hours."""
    _share_out(digests.waiting(of_bureau.bureau, urgent_only=True), urgent_only=True)
    if hours.is_open(of_bureau):
        _share_out(digests.waiting(of_bureau.bureau, urgent_only=False), urgent_only=False)
        digests.tell_groups(of_bureau.bureau, clock.today())
        calls.tell_callers(of_bureau.bureau)


def _share_out(people, *, urgent_only):
    people = list(people)
    for first in range(0, len(people), AT_ONCE):
        compose.delay(people[first : first + AT_ONCE], urgent_only=urgent_only)


@shared_task(name="reminders.compose")
def compose(people, *, urgent_only):
    """One whose message cannot be made keeps nobody else waiting."""
    _each(people, lambda who: digests.compose(who, urgent_only=urgent_only))


def _each(things, act):
    """Do it with each; what fails with one fails behind the last."""
    errors = []
    for thing in things:
        try:
            act(thing)
        except Exception as error:
            errors.append(error)
    if errors:
        raise errors[0]


# By other channels than the inbox


@shared_task(name="reminders.deliver", soft_time_limit=max(settings.MESSAGE_LEASE // 2, 1))
def deliver(pk):
    """Send one delivery. Run twice, the second run finds it answered or claimed and stops."""
    attempt = deliveries.begin(pk)
    if attempt is None:
        return
    try:
        answer = channels.send(attempt)
    except channels.Failed as error:
        _kept(deliveries.failed, attempt, error)
    except (channels.Unanswered, SoftTimeLimitExceeded) as error:
        _kept(deliveries.unanswered, attempt, error if str(error) else "对方一直没有答完。")
    else:
        _kept(deliveries.answered, attempt, answer)


@shared_task(name="reminders.sweep", ignore_result=True)
def sweep():
    deliveries.sweep()


def _kept(keep, attempt, answer):
    """Write down an answer. A database that is away for a moment is waited for: a lost answer means a second letter."""
    deadline = monotonic() + PATIENCE
    while True:
        try:
            return keep(attempt, answer)
        except (OperationalError, InterfaceError):
            if monotonic() > deadline:
                raise
            log.warning("the database is away; an answer waits for it")
            connection.close()
            sleep(0.5)
