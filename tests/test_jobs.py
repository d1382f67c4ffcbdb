"""Long work: a real worker in a process of its own does it, reports, stops when told to, and is survived."""

import csv
import io
import os
import signal
import subprocess
import sys
import time
import zipfile
from datetime import timedelta

import pytest
from django.db import connection

from campaign_portal import clock
from campaign_portal.accounts import access
from campaign_portal.celery import app
from campaign_portal.files.models import StoredFile
from campaign_portal.jobs import services
from campaign_portal.jobs.models import Job
from campaign_portal.jobs.tasks import requeue_lost, run_job
from inspections.sheets import COLUMNS

from . import (
    builders,
    hazards,
    slow_jobs,  # noqa: F401 - its kinds are run here too
)
from .builders import browser
from .hazards import Cast

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]

S = Job.Status


def eventually(is_so, *, within=40):
    """Wait until `is_so()`, and give back what it said."""
    deadline = time.monotonic() + within
    while not (said := is_so()):
        assert time.monotonic() < deadline, "did not happen"
        time.sleep(0.02)
    return said


def status(job):
    return Job.objects.values_list("status", flat=True).get(pk=job.pk)


@pytest.fixture(autouse=True)
def _storage(settings):
    """Where the worker keeps its files."""
    settings.MEDIA_ROOT = settings.DATA_DIR / "files"


class Worker:
    """A Celery worker on the test's database and broker, with its own process group."""

    def __init__(self, settings, log):
        row = connection.settings_dict
        is_file = connection.vendor == "sqlite"
        url = (
            f"sqlite:///{row['NAME']}"
            if is_file
            else f"postgres://{row['USER']}@{row['HOST']}:{row['PORT']}/{row['NAME']}"
        )
        environment = os.environ | {
            "DATABASE_URL": url,
            "REDIS_URL": settings.REDIS_URL,
            "PORTAL_DATA_DIR": str(settings.DATA_DIR),
            "DJANGO_SETTINGS_MODULE": "campaign_portal.settings",
        }
        celery = [sys.executable, "-m", "celery", "-A", "campaign_portal", "worker"]
        self.log = log.open("w")
        self.process = subprocess.Popen(
            [*celery, "--include", "tests.slow_jobs", "--concurrency", "1", "--loglevel", "INFO"],
            cwd=settings.BASE_DIR,
            env=environment,
            stdout=self.log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def kill(self):
        """As when the machine loses power. Also the quickest way to end a test."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.log.close()


@pytest.fixture
def start_worker(settings, tmp_path):
    """Starts workers; those that still run are stopped at the end."""
    app.control.purge()  # what other tests left in the queue
    workers = []

    def start():
        workers.append(Worker(settings, tmp_path / f"worker{len(workers)}.log"))
        return workers[-1]

    yield start
    for worker in workers:
        worker.kill()


def start(cast, kind="test.waits", **params):
    return services.start(kind, title="打包", by=cast.manager, params=params)


def test_a_home_packs_its_ledger_watches_a_long_job_and_cancels_another(start_worker, tmp_path):
    """One worker, one story: starting one takes longer than its work."""
    start_worker()
    cast = Cast()
    closed, opened = hazards.closed(cast), hazards.opened(cast, summary="=1+1")
    home = browser(cast.manager)

    # Packed: queued → done, with progress and the result
    page = home.post("/hazards/pack/", follow=True)
    job = Job.objects.get()
    assert page.redirect_chain == [(f"/jobs/{job.pk}/", 302)]
    eventually(lambda: status(job) == S.DONE)
    job.refresh_from_db()
    assert (job.done, job.total) == (2, 2)
    assert job.created_at <= job.started_at <= job.beat_at <= job.ended_at
    answer = home.get(f"/jobs/{job.pk}/result/")
    assert answer["Content-Disposition"].startswith("attachment")
    with zipfile.ZipFile(io.BytesIO(b"".join(answer))) as archive:
        assert archive.testzip() is None
        names = sorted(archive.namelist())
        lines = list(csv.DictReader(io.StringIO(archive.read("隐患台账.csv").decode("utf-8-sig"))))
    assert names == [
        f"照片/{closed.code}_01_整改前.jpg", f"照片/{closed.code}_02_整改后.jpg", f"照片/{opened.code}_01_整改前.jpg",
        "隐患台账.csv",
    ]  # fmt: skip
    assert [(line["隐患编号"], line["状态"], line["隐患描述"]) for line in lines] == [
        (closed.code, "已销号", "二楼疏散通道堆放杂物"),
        (opened.code, "待整改", "'=1+1"),
    ]
    assert list(lines[0]) == [column.label for column in COLUMNS]

    # Sent to the worker again: it finds it done
    for _ in range(2):
        run_job.delay(job.pk)

    # Long: running, with progress that can be seen, then done
    gate = tmp_path / "gate"
    long = start(cast, until=str(gate))
    eventually(lambda: Job.objects.filter(pk=long.pk, status=S.RUNNING, done__gte=3))
    assert b"progress" in home.get(f"/jobs/{long.pk}/", headers={"HX-Request": "true"}).content
    waiting = start(cast, until=str(gate))
    gate.touch()
    eventually(lambda: status(long) == S.DONE and status(waiting) == S.DONE)

    # Cancelled while it runs, and while it waits: the worker goes on to the next
    shut = tmp_path / "never"
    running, queued = start(cast, until=str(shut)), start(cast, until=str(shut))
    eventually(lambda: status(running) == S.RUNNING)
    assert status(queued) == S.QUEUED
    for stopped in (queued, running):
        home.post(f"/jobs/{stopped.pk}/cancel/")
        assert status(stopped) == S.CANCELLED
    last = start(cast, until=str(gate))
    eventually(lambda: status(last) == S.DONE)
    assert (status(running), status(queued)) == (S.CANCELLED, S.CANCELLED)
    assert Job.objects.get(pk=queued.pk).started_at is None

    assert Job.objects.get(pk=job.pk).result == job.result  # the two extra calls made no second archive
    assert StoredFile.objects.filter(content_type="application/zip").count() == 1


def test_a_job_whose_worker_was_killed_runs_again(start_worker, tmp_path):
    worker = start_worker()
    cast, gate = Cast(), tmp_path / "gate"
    job = start(cast, until=str(gate))
    eventually(lambda: status(job) == S.RUNNING)
    worker.kill()
    assert status(job) == S.RUNNING  # nobody has noticed yet
    gate.touch()
    start_worker()
    Job.objects.filter(pk=job.pk).update(beat_at=clock.now() - services.LOST_AFTER - timedelta(seconds=1))
    assert services.requeue_lost() == 1
    eventually(lambda: status(job) == S.DONE)


# Without a worker: the rules one by one


def pack(cast, by=None):
    return services.start("hazards.pack", title="打包", by=by or cast.manager, params={"facility": cast.home.pk})


def test_a_job_is_done_once_however_often_it_is_sent():
    cast = Cast()
    hazards.reported(cast)
    job = pack(cast)
    services.run(job.pk)
    first = Job.objects.get(pk=job.pk)
    services.run(job.pk)
    assert first.status == S.DONE
    assert Job.objects.get(pk=job.pk).result == first.result
    assert StoredFile.objects.filter(content_type="application/zip").count() == 1


def test_a_job_that_another_worker_has_taken_is_left_alone():
    cast = Cast()
    job = pack(cast)
    Job.objects.filter(pk=job.pk).update(status=S.RUNNING, beat_at=clock.now())
    services.run(job.pk)
    assert (status(job), StoredFile.objects.count()) == (S.RUNNING, 0)


def test_who_has_lost_access_before_it_runs_is_told_so_and_gets_nothing():
    cast = Cast()
    evaluator = builders.make_user(builders.make_office("evaluator", area=cast.county.area))
    access.grant(evaluator.office, "inspect_facility", cast.home, valid_from=builders.LONG_AGO)
    job = pack(cast, by=evaluator)
    access.revoke(evaluator.office, "inspect_facility", cast.home)
    services.run(job.pk)
    job.refresh_from_db()
    assert (job.status, job.result) == (S.FAILED, None)
    assert "已不在您的管理范围内" in job.message


def test_a_disabled_account_gets_nothing_either():
    cast = Cast()
    job = pack(cast)
    cast.manager.is_active = False
    cast.manager.save()
    services.run(job.pk)
    assert status(job) == S.FAILED


def test_a_fault_of_ours_ends_the_job_with_a_sentence_and_a_traceback_in_the_log(caplog):
    job = start(Cast(), "test.breaks")
    services.run(job.pk)
    job.refresh_from_db()
    assert (job.status, job.result) == (S.FAILED, None)
    assert "程序出错" in job.message
    assert "ZeroDivisionError" not in job.message
    assert "this one is meant" in caplog.text


def test_lost_jobs_go_back_into_the_queue_and_living_ones_stay():
    cast = Cast()
    long_ago = clock.now() - services.LOST_AFTER - timedelta(minutes=1)
    lost, living, forgotten, ended = (pack(cast) for _ in range(4))
    Job.objects.filter(pk=lost.pk).update(status=S.RUNNING, beat_at=long_ago)
    Job.objects.filter(pk=living.pk).update(status=S.RUNNING, beat_at=clock.now())
    Job.objects.filter(pk=forgotten.pk).update(created_at=long_ago)  # its message never reached the broker
    Job.objects.filter(pk=ended.pk).update(status=S.DONE, ended_at=long_ago, beat_at=long_ago)
    assert services.requeue_lost() == 2
    assert [status(job) for job in (lost, living, forgotten, ended)] == [S.QUEUED, S.RUNNING, S.QUEUED, S.DONE]


def test_a_job_that_takes_its_worker_down_each_time_is_given_up_with_a_sentence():
    job = pack(Cast())
    long_ago = clock.now() - 2 * services.LOST_AFTER
    Job.objects.filter(pk=job.pk).update(status="running", beat_at=long_ago, attempts=services.MOST_ATTEMPTS)
    assert services.requeue_lost() == 0
    job.refresh_from_db()
    assert job.status == Job.Status.FAILED
    assert "几次中断" in job.message


def test_a_job_that_was_cancelled_while_it_worked_keeps_no_result(tmp_path):
    cast = Cast()
    hazards.reported(cast)
    job = pack(cast)
    services.cancel(job=job, by=cast.manager)
    services.run(job.pk)
    assert status(job) == S.CANCELLED


def test_every_task_on_the_timetable_exists():
    app.loader.import_default_modules()
    named = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert named <= set(app.tasks)
    assert {requeue_lost.name} <= named


def test_every_task_is_acknowledged_late_so_that_a_killed_worker_loses_none():
    app.loader.import_default_modules()
    ours = [task for name, task in app.tasks.items() if not name.startswith("celery.")]
    assert ours
    assert all(task.acks_late and task.reject_on_worker_lost for task in ours)
