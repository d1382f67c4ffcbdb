"""What the scheduler and the worker run. Each may run twice, and at the same time."""

from datetime import time

from celery import shared_task
from django.utils import timezone

from campaign_portal import clock
from campaign_portal.accounts.models import Office

from . import digests, hours, planner
from .models import PlanRun, ReminderSettings

PLAN_FROM = time(7, 0)  # nobody is woken
PLAN_AGAIN_AFTER = 10  # minutes; what has come up since the morning is planned too
AT_ONCE = 50  # people to one task


@shared_task(name="reminders.run")
def run():
    """Every minute: for each bureau whose reminders are on, plan if it is time, and hand out what may be told now."""
    now = timezone.localtime(clock.now())
    if now.time() < PLAN_FROM:
        return
    for settings in ReminderSettings.objects.filter(is_on=True).select_related("bureau"):
        if _is_to_plan(settings.bureau_id, now):
            plan.delay(settings.bureau_id)
        else:
            hand_out(settings)


def _is_to_plan(bureau, now):
    last = PlanRun.objects.filter(bureau=bureau, day=now.date()).values_list("planned_at", flat=True).first()
    return last is None or not 0 <= (now - last).total_seconds() < PLAN_AGAIN_AFTER * 60


@shared_task(name="reminders.plan")
def plan(bureau_pk):
    bureau = Office.objects.select_related("area", "parent").get(pk=bureau_pk)
    planner.plan(bureau)
    hand_out(ReminderSettings.objects.select_related("bureau").get(bureau=bureau))


def hand_out(settings):
    """Give what may be told now to the worker: what is urgent at any hour, the digests in working hours."""
    _share_out(digests.waiting(settings.bureau, urgent_only=True), urgent_only=True)
    if hours.is_open(settings):
        _share_out(digests.waiting(settings.bureau, urgent_only=False), urgent_only=False)
        digests.tell_groups(settings.bureau, clock.today())


def _share_out(people, *, urgent_only):
    people = list(people)
    for first in range(0, len(people), AT_ONCE):
        compose.delay(people[first : first + AT_ONCE], urgent_only=urgent_only)


@shared_task(name="reminders.compose")
def compose(people, *, urgent_only):
    for who in people:
        digests.compose(who, urgent_only=urgent_only)
