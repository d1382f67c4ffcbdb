"""The reminders of the last weeks, planned and told each morning as the county's life went on, so that inboxes live."""

import random
from datetime import datetime, time, timedelta

from django.utils import timezone

from campaign_portal import clock
from campaign_portal.reminders import digests, planner, switching
from campaign_portal.reminders.models import Message

DAYS = 12
PLAN_AT = time(8, 40)


def mornings(world):
    """One life for lives.live(): the administrator turns reminders on, then every morning brings its digests."""
    bureau = world.county.offices["bureau"]
    dice = random.Random(DAYS)  # its own, so that the lives of hazards stay as they are
    today = timezone.localtime(world.now).date()
    first = today - timedelta(days=DAYS)
    yield _at(first, time(7, 30))
    switching.turn_on(bureau, by=world.county.people["bureau_admin"])
    for number in range(DAYS + 1):
        yield _at(first + timedelta(days=number), PLAN_AT)
        _read_some(dice)
        _tell(bureau)


def _at(day, hour):
    return timezone.make_aware(datetime.combine(day, hour))


def _tell(bureau):
    planner.plan(bureau)
    for urgent_only in (True, False):
        for who in list(digests.waiting(bureau, urgent_only=urgent_only)):
            digests.compose(who, urgent_only=urgent_only)


def _read_some(dice):
    """Most people have read what came the days before."""
    for message in Message.objects.filter(user__isnull=False).unread().order_by("pk"):
        if dice.random() < 0.7:
            Message.objects.filter(pk=message.pk).update(read_at=clock.now())
