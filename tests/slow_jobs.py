"""Kinds of job for tests, which a real worker loads with --include tests.slow_jobs."""

import time
from pathlib import Path

from campaign_portal.jobs.services import job

PATIENCE = 60


@job("test.waits")
def waits(job, progress):
    """Works until the file that params["until"] names exists, reporting as it goes."""
    deadline = time.monotonic() + PATIENCE
    done = 0
    while not Path(job.params["until"]).exists() and time.monotonic() < deadline:
        done += 1
        progress(done, 10_000)
        time.sleep(0.02)


@job("test.breaks")
def breaks(job, progress):
    raise ZeroDivisionError("this one is meant")
