"""What the scheduler and the worker run. Each may run twice, and at the same time."""

import logging
import time

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

from . import channels, deliveries

log = logging.getLogger(__name__)
PATIENCE = 20  # seconds for a database that is being restarted to take an answer that we have


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
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return keep(attempt, answer)
        except (OperationalError, InterfaceError):
            if time.monotonic() > deadline:
                raise
            log.warning("the database is away; an answer waits for it")
            connection.close()
            time.sleep(0.5)
