"""The one place that asks what time it is.

Services, deadlines and figures take "now" and "today" from here, so that a test can stand on a chosen day and the
demo can live through a campaign in order, with every recorded moment true to its step.
"""

from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time, timedelta

from django.utils import timezone

ONE_DAY = timedelta(days=1)

_travelled: ContextVar[datetime | None] = ContextVar("clock", default=None)


def now() -> datetime:
    """The present moment, aware."""
    return _travelled.get() or timezone.now()


def today() -> date:
    """The present day in Asia/Shanghai."""
    return timezone.localtime(now()).date()


def start_of(day: date) -> datetime:
    """The first moment of a day in Asia/Shanghai. What was recorded before the next day's start counts as of `day`."""
    return timezone.make_aware(datetime.combine(day, time.min))


@contextmanager
def at(moment: datetime):
    """Within the block it is `moment` (aware). For tests and the demo only."""
    token = _travelled.set(moment)
    try:
        yield
    finally:
        _travelled.reset(token)
