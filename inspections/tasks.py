from celery import shared_task

from . import daily


@shared_task(name="inspections.count_days")
def count_days():
    """Every night: yesterday's figures, and those of any night that was missed. Run twice, it finds nothing to do."""
    return daily.count_missing()
