"""Starting, running and stopping jobs. A kind of job is a function that an app registers with @job."""

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import F

from campaign_portal import clock
from campaign_portal.audit.recording import name_verbs, record
from campaign_portal.edges import Refused

from .models import Job

log = logging.getLogger(__name__)
name_verbs(job_started="提交后台任务", job_cancelled="取消后台任务")

KINDS = {}
MAY_FETCH = {}
MOST_ATTEMPTS = 3  # one that takes its worker down each time would do so for ever
LOST_AFTER = timedelta(minutes=15)  # a job without a sign of life for so long has lost its worker


class Cancelled(Exception):
    """Somebody pressed cancel; raised inside the job by its next progress call."""


class CannotFinish(Exception):
    """The job cannot be done; the message tells the user why and what to do."""


def job(kind, *, may_fetch=lambda job, user: True):
    """Register `function(job, progress) -> StoredFile | None`. It may run twice; it calls progress(done, total) often.

    `may_fetch(job, user)` is asked at each download whether the result may still be read by who may see the job.
    """

    def register(function):
        if kind in KINDS:
            raise ValueError(f"two kinds of job are called {kind}")
        KINDS[kind] = function
        MAY_FETCH[kind] = may_fetch
        return function

    return register


@transaction.atomic
def start(kind, *, title, by, params):
    """Queue a job; the worker takes it after commit."""
    from .tasks import run_job

    new = Job.objects.create(kind=kind, title=title, owner=by, office=by.office, params=params)
    record("job.started", new, by=by)
    run_job.delay_on_commit(new.pk)
    return new


@transaction.atomic
def cancel(*, job, by):
    """Stop a job that has not ended. A running one stops at its next progress call."""
    job = Job.objects.select_for_update(of=("self",), no_key=True).get(pk=job.pk)
    if job.is_over:
        raise Refused(f"任务{job.get_status_display()}，不能取消。")
    _end(job, Job.Status.CANCELLED)
    record("job.cancelled", job, by=by)
    return job


def run(pk):
    """Do a queued job. Called by the worker; a second call for the same job finds it claimed and stops."""
    claimed = Job.objects.filter(pk=pk, status=Job.Status.QUEUED).update(
        status=Job.Status.RUNNING, started_at=clock.now(), beat_at=clock.now(), attempts=F("attempts") + 1
    )
    if not claimed:
        return
    job = Job.objects.select_related("owner__office").get(pk=pk)
    log.info("job %s (%s) begins, attempt %s", pk, job.kind, job.attempts)

    def progress(done, total):
        alive = Job.objects.filter(pk=pk, status=Job.Status.RUNNING)
        if not alive.update(done=done, total=total, beat_at=clock.now()):
            raise Cancelled

    try:
        result = KINDS[job.kind](job, progress)
    except Cancelled:
        return
    except CannotFinish as error:
        _finish(pk, Job.Status.FAILED, message=str(error))
    except Exception:
        log.exception("job %s (%s) failed", pk, job.kind)
        _finish(pk, Job.Status.FAILED, message="程序出错，任务没有完成，管理员可按任务编号查日志。请稍后重试。")
    else:
        _finish(pk, Job.Status.DONE, result=result)


def requeue_lost():
    """Jobs whose worker died go back into the queue, three times at the most. Returns how many."""
    from .tasks import run_job

    lost = Job.objects.filter(status=Job.Status.RUNNING, beat_at__lt=clock.now() - LOST_AFTER)
    waiting = Job.objects.filter(status=Job.Status.QUEUED, created_at__lt=clock.now() - LOST_AFTER)
    for pk in lost.filter(attempts__gte=MOST_ATTEMPTS).values_list("pk", flat=True):
        _finish(pk, Job.Status.FAILED, message="后台进程几次中断，任务没有完成。请缩小范围重试，或联系管理员。")
    pks = list(lost.values_list("pk", flat=True)) + list(waiting.values_list("pk", flat=True))
    lost.update(status=Job.Status.QUEUED)
    for pk in pks:
        run_job.delay(pk)
    return len(pks)


def hold(job):
    """Let nobody cancel a job until the caller's transaction ends, so that what it writes in there is written before the
    job is over. Raises Cancelled if it is over."""
    if (
        Job.objects.select_for_update(of=("self",), no_key=True).filter(pk=job.pk, ended_at__isnull=True).first()
        is None
    ):
        raise Cancelled


def _end(job, status, *, message="", result=None):
    job.status, job.message, job.result, job.ended_at = status, message, result, clock.now()
    job.save(update_fields=["status", "message", "result", "ended_at"])


def _finish(pk, status, **outcome):
    with transaction.atomic():
        job = Job.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)
        if not job.is_over:
            _end(job, status, **outcome)
            log.info("job %s (%s) is %s", pk, job.kind, status)
