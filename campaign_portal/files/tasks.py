from datetime import timedelta

from celery import shared_task
from django.db import transaction
from django.db.models import ProtectedError

from campaign_portal import clock

from . import services
from .models import StoredFile

KEPT_PENDING = timedelta(days=7)


@shared_task(name="files.sweep_unattached")
def sweep_unattached():
    """Forget uploads that no row has owned for a week, and their bytes unless another row has the same.

    Every owner protects its file, so the database decides. While a backup is made nothing is swept: there is a next day.
    """
    with services.removal(wait=False) as may_remove:
        return _sweep() if may_remove else 0


def _sweep():
    swept = 0
    for stored in StoredFile.objects.filter(uploaded_at__lt=clock.now() - KEPT_PENDING).iterator():
        try:
            with transaction.atomic():
                stored.delete()
        except ProtectedError:
            continue
        swept += 1
        for digest in filter(None, (stored.sha256, stored.thumbnail_sha256)):
            services.drop_unused(digest)
    return swept
