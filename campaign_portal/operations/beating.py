"""Signs of life of the processes that serve no page: each touches a file of its own in PORTAL_RUN_DIR.

A health check asks whether one was touched lately (docker-compose.yml): `celery inspect ping` would start a whole
Python for the same answer, and cannot see the scheduler.
"""

import os

from celery import bootsteps
from celery.beat import PersistentScheduler
from django.conf import settings

EVERY = 20  # seconds


def sign_of_life(role):
    return settings.RUN_DIR / f"{role}-{os.getpid()}.alive"


class BeatingWorker(bootsteps.StartStopStep):
    """A step of the worker: its main loop touches the file, and a worker that stops in good order takes it away."""

    requires = {"celery.worker.components:Timer"}

    def start(self, worker):
        self.path = sign_of_life("worker")
        self.path.touch()
        self.timer = worker.timer.call_repeatedly(EVERY, self.path.touch)

    def stop(self, worker):
        self.timer.cancel()
        self.path.unlink(missing_ok=True)


class BeatingScheduler(PersistentScheduler):
    """Touches the file at every look at the timetable, of which there is one at least every `beat_max_loop_interval`."""

    def tick(self, *args, **kwargs):
        sign_of_life("scheduler").touch()
        return super().tick(*args, **kwargs)

    def close(self):
        sign_of_life("scheduler").unlink(missing_ok=True)
        super().close()
