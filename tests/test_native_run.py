"""The commands of docker-compose.yml, run as they stand but without an engine: two web processes, two workers and a
scheduler on a real PostgreSQL and Redis, with production's settings. One of each is killed; the rest goes on."""

import http.client
import json
import os
import re
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.conf import settings as django_settings
from django.db import connection

from campaign_portal import clock
from campaign_portal.celery import app
from campaign_portal.jobs import services
from campaign_portal.jobs.models import Job
from campaign_portal.jobs.tasks import requeue_lost

from . import (
    builders,
    compose,
    hazards,
    slow_jobs,  # noqa: F401 - its kinds are started here
)
from .hazards import Cast
from .services import free_ports
from .test_jobs import eventually, status

HOST = compose.GIVEN["PORTAL_ALLOWED_HOSTS"]
S = Job.Status


class Process:
    """One service's command with its environment, in a process group of its own."""

    def __init__(self, service, folder, *arguments, name=None, **environment):
        name = name or service
        self.run_folder = folder / "run" / name
        self.log = folder / f"{name}.log"
        described = compose.services(given=compose.GIVEN | {"PORTAL_WEB_PROCESSES": "1"})[service]
        program, *rest = described["command"]
        row = connection.settings_dict
        given = {key: value for key, value in described["environment"].items() if value is not None}  # else not in .env
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [Path(sys.executable).with_name(program), *rest, *arguments],
                cwd=django_settings.BASE_DIR,
                env={"PATH": os.environ["PATH"]} | given | {
                    "DATABASE_URL": f"postgres://{row['USER']}@{row['HOST']}:{row['PORT']}/{row['NAME']}",
                    "REDIS_URL": django_settings.REDIS_URL,
                    "PORTAL_DATA_DIR": str(folder),
                    "PORTAL_STATIC_DIR": str(folder / "static"),
                    "PORTAL_RUN_DIR": str(self.run_folder),
                } | environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )  # fmt: skip

    def kill(self):
        """As when the machine loses power."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def stop(self):
        """As Docker and systemd do. Returns the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=40)

    def entries(self):
        """Its log, whose every line is a JSON object."""
        lines = self.log.read_text().splitlines(keepends=True)
        return [json.loads(line) for line in lines if line.startswith("{") and line.endswith("}\n")]

    def is_alive(self):
        """What the health checks of worker and scheduler ask, but for the age."""
        return any(self.run_folder.glob("*.alive"))


class Visitor:
    """A browser behind the proxy: the proxy has taken TLS off and says so."""

    def __init__(self):
        self.cookies = {}

    def ask(self, port, path, form=None, **headers):
        """(status, headers, text) of a GET, or of a POST of `form`."""
        sent = {
            "Host": HOST,
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": "203.0.113.9",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }
        body = None
        if form is not None:
            body = urlencode(form | {"csrfmiddlewaretoken": self.cookies["csrftoken"]})
            sent |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"https://{HOST}"}
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        try:
            connection.request("POST" if form is not None else "GET", path, body, sent | headers)
            answer = connection.getresponse()
            for cookie in answer.msg.get_all("Set-Cookie", []):
                assert "; Secure" in cookie or "; Max-Age=0" in cookie
                name, value = cookie.split(";")[0].split("=", 1)
                self.cookies[name] = value
            return answer.status, answer.headers, answer.read().decode()
        finally:
            connection.close()


def ready(port):
    """What /readyz says to a checker who calls by IP in clear text; nothing while the port is shut."""
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", "/readyz")
        return json.loads(connection.getresponse().read())
    except OSError:
        return {}
    finally:
        connection.close()


@pytest.fixture
def start(settings, tmp_path):
    """Starts processes; those that still run at the end are killed."""
    if connection.vendor != "postgresql" or not settings.REDIS_URL:
        pytest.skip("docker-compose.yml is about PostgreSQL and Redis")
    settings.MEDIA_ROOT = tmp_path / "files"
    (tmp_path / "static").mkdir()
    app.control.purge()  # what other tests left in the queue
    started = []

    def start(service, *arguments, **options):
        started.append(Process(service, tmp_path, *arguments, **options))
        return started[-1]

    yield start
    for process in started:
        process.kill()


@pytest.fixture
def manager(settings):
    """The manager of a home with one open hazard, whose password production can check."""
    settings.PASSWORD_HASHERS = ["campaign_portal.accounts.passwords.BoundedArgon2Hasher"]
    cast = Cast()
    hazards.opened(cast)
    cast.manager.set_password(builders.PASSWORD)
    cast.manager.save(update_fields=["password"])
    return cast.manager


@pytest.mark.django_db(transaction=True)
def test_one_web_process_and_one_worker_die_and_nothing_is_lost(start, manager, tmp_path):
    ports, webs, workers, scheduler = all_started(start)
    visitor = signed_in(manager, *ports)
    pack_at(visitor, ports[1], workers)

    # One of each dies in the middle of a job
    gate = tmp_path / "gate"
    job = services.start("test.waits", title="打包", by=manager, params={"until": str(gate)})
    begun = re.compile(rf"job {job.pk} .* begins")
    (victim,) = eventually(
        lambda: [worker for worker in workers if any(begun.match(entry["message"]) for entry in worker.entries())]
    )
    (survivor,) = (worker for worker in workers if worker is not victim)
    victim.kill()
    webs[0].kill()

    # The others go on: the session, the pages, new jobs
    assert ready(ports[0]) == {}
    assert visitor.ask(ports[1], "/")[0] == 200
    assert visitor.ask(ports[1], "/hazards/pack/", {})[0] == 302
    eventually(lambda: Job.objects.filter(status=S.DONE).count() == 2)

    taken_up(job, gate)
    assert any(begun.match(entry["message"]) for entry in survivor.entries())
    all_stopped(webs, survivor, scheduler)
    assert victim.is_alive()  # its file grows old instead, which the health check sees


def all_started(start):
    """Migrated; two web processes, two workers and the scheduler, each answering or giving signs of life."""
    migrate = start("migrate")
    assert migrate.process.wait(timeout=60) == 0, migrate.log.read_text()
    ports = free_ports(2)
    webs = [start("web", name=f"web{port}", PORT=str(port)) for port in ports]
    workers = [start("worker", "--include", "tests.slow_jobs", name=f"worker{number}") for number in (1, 2)]
    scheduler = start("scheduler")
    for port, web in zip(ports, webs, strict=True):
        eventually(lambda port=port: ready(port).get("ready"), within=60)
        assert web.process.poll() is None
    for process in (*workers, scheduler):
        eventually(process.is_alive, within=60)
    return ports, webs, workers, scheduler


def signed_in(manager, here, there):
    """A visitor who signed in at one web process and is known at the other. Without the proxy's word everything is sent on
    to HTTPS."""
    visitor = Visitor()
    assert visitor.ask(here, "/", **{"X-Forwarded-Proto": "http"})[0] == 301
    assert visitor.ask(here, "/accounts/sign-in/")[0] == 200
    signed = visitor.ask(here, "/accounts/sign-in/", {"username": manager.username, "password": builders.PASSWORD})
    assert signed[0] == 302, signed[2]
    status_code, headers, page = visitor.ask(there, "/")
    assert status_code == 200 and manager.name in page
    assert headers["Strict-Transport-Security"].startswith("max-age=31536000")
    return visitor


def pack_at(visitor, port, workers):
    """A job asked for at a page, done by a worker, whose log has the proxy's id of that request."""
    given = "0123456789abcdef0123456789abcdef"
    packed = visitor.ask(port, "/hazards/pack/", {}, **{"X-Request-ID": given})
    assert (packed[0], packed[1]["X-Request-ID"]) == (302, given)
    eventually(lambda: Job.objects.filter(status=S.DONE).count() == 1)
    told = [entry for worker in workers for entry in worker.entries() if entry["request_id"] == given]
    ends = [entry["message"].split(" ")[-1] for entry in told if entry["logger"].endswith("jobs.services")]
    assert ends == ["1", "done"]


def taken_up(job, gate):
    """The lost job is taken up as soon as the timetable's task finds it silent."""
    assert status(job) == S.RUNNING
    Job.objects.filter(pk=job.pk).update(beat_at=clock.now() - services.LOST_AFTER - timedelta(seconds=1))
    gate.touch()
    requeue_lost.delay()
    eventually(lambda: status(job) == S.DONE)
    assert Job.objects.get(pk=job.pk).attempts == 2


def all_stopped(webs, survivor, scheduler):
    """Told to stop, each ends in good order, takes its sign of life away, and has logged nothing worse than a warning."""
    assert [process.stop() for process in (webs[1], survivor, scheduler)] == [0, 0, 0]
    assert not survivor.is_alive() and not scheduler.is_alive()
    logged = [entry for process in (*webs, survivor, scheduler) for entry in process.entries()]
    assert {entry["level"] for entry in logged} <= {"INFO", "WARNING"}
    assert {"/accounts/sign-in/", "/hazards/pack/"} <= {entry.get("path") for entry in logged}
    assert "/readyz" not in {entry.get("path") for entry in logged}
