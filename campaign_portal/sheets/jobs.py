"""Long work with sheets: exports of many rows, batches of many changes."""

from tempfile import TemporaryFile

from django.db import transaction
from django.http import QueryDict

from campaign_portal.accounts import access
from campaign_portal.edges import Refused
from campaign_portal.files.services import store_bytes
from campaign_portal.jobs.services import Cancelled, CannotFinish, hold, job

from . import round_trip, writing
from .models import Batch
from .registry import SHEETS

STEP = 50  # rows between two commits


@job("sheets.export")
def export_list(job, progress):
    """params: {"sheet": code, "query": query string, "total": rows when asked}. Takes what the owner may see when it runs."""
    sheet, query, user = SHEETS[job.params["sheet"]], QueryDict(job.params["query"]), job.owner
    if not access.scope_of(user).office:
        raise CannotFinish("您的账号已停用，不能导出。")
    if user.office_id != job.office_id:
        raise CannotFinish("提交导出之后您换了单位，请在新单位重新导出。")
    total = job.params["total"]
    progress(0, total)
    with TemporaryFile() as out:
        rows = writing.export(
            sheet, user=user, query=query, out=out, progress=lambda done: progress(done, max(done, total))
        )
        progress(rows, rows)
        out.seek(0)
        with transaction.atomic():
            file = store_bytes(out.read(), name=writing.file_name(sheet), content_type=writing.CONTENT_TYPE, by=user)
            writing.recorded(sheet, user=user, query=query, rows=rows)
    return file


def _batch_of(job):
    """The batch that the job works on, if it still waits for just this job."""
    batch = Batch.objects.get(pk=job.params["batch"])
    if batch.options.get("job") != job.pk:
        return None
    if job.owner.office_id != batch.office_id or not job.owner.is_active:
        _release(batch, job)
        raise CannotFinish("您已不在提交时的单位，没有写入。")
    return batch


def _locked(batch, job):
    """The batch as it is now, or None if it does not wait for this job any more: once a job is cancelled, somebody may go
    on with the batch before the job has noticed."""
    batch = Batch.objects.select_for_update(of=("self",), no_key=True).get(pk=batch.pk)
    return batch if batch.options.get("job") == job.pk else None


@transaction.atomic
def _release(batch, job):
    if batch := _locked(batch, job):
        batch.options.pop("job")
        batch.save(update_fields=["options"])


@job("sheets.accept")
def accept_batch(job, progress):
    """params: {"batch": pk}. Writes some rows at a time; cancelled half-way, what is written stays and can be undone."""
    if (batch := _batch_of(job)) is None:
        return
    pks = list(round_trip.waiting(batch).values_list("pk", flat=True))
    try:
        for start in range(0, len(pks), STEP):
            progress(start, len(pks))
            with transaction.atomic():
                hold(job)
                lines = batch.lines.filter(pk__in=pks[start : start + STEP])
                round_trip.write_lines(batch, lines, by=job.owner)
        progress(len(pks), len(pks))
    except Cancelled:
        if batch.rows.exists():
            _conclude(batch, job)
        else:
            _release(batch, job)
        raise
    _conclude(batch, job)


@transaction.atomic
def _conclude(batch, job):
    if batch := _locked(batch, job):
        round_trip.conclude(batch, by=job.owner)


@job("sheets.undo")
def undo_batch(job, progress):
    """params: {"batch": pk}. In one transaction: a batch is undone or it is not."""
    if (batch := _batch_of(job)) is None:
        return
    total = batch.rows.count()
    progress(0, total)
    try:
        with transaction.atomic():
            hold(job)
            left = round_trip.restore_rows(batch, batch.rows.order_by("pk"), by=job.owner)
            round_trip.conclude_undo(batch, by=job.owner, left=left)
    except Refused as error:
        _release(batch, job)
        raise CannotFinish(str(error)) from error
