from celery import shared_task

from . import snapshots


@shared_task(name="campaigns.count_days")
def count_days():
    """Every night: where the indicators stood yesterday, and on any day that was missed. Run twice, it finds nothing to do."""
    return snapshots.count_missing()
