from celery import shared_task
from django.db import transaction
from django.db.models import ProtectedError

from campaign_portal import clock

from . import services, uploads
from .models import Receipt, StoredFile, Upload

KEPT_PENDING = 7 * clock.ONE_DAY
KEPT_RECEIPTS = 90 * clock.ONE_DAY  # a phone that was away longer than that


@shared_task(name="files.sweep_unattached")
def sweep_unattached():
    """Forget uploads that no row has owned for a week, and their bytes unless another row has the same.

    Every owner protects its file, so the database decides. Pictures that stopped halfway go with them. While a backup is
    made nothing is swept: there is a next day.
    """
    with services.removal(wait=False) as may_remove:
        return _sweep() if may_remove else 0


def _sweep():
    for upload in Upload.objects.filter(touched_at__lt=clock.now() - KEPT_PENDING).iterator():
        uploads.forget(upload.key)
    Receipt.objects.filter(at__lt=clock.now() - KEPT_RECEIPTS).delete()
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
