"""What a web process needs before it can work: database, migrations, broker, storage. Each is asked with a time limit."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from contextlib import closing
from functools import cache
from pathlib import Path

import redis
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.loader import MigrationLoader

OK = "ok"
PATIENCE = 2  # seconds a server gets to answer
OVERALL = 4  # seconds a check gets, whatever hangs

_threads = ThreadPoolExecutor(max_workers=8, thread_name_prefix="readiness")


class NotReady(Exception):
    """What is missing, in words that may be shown to anybody."""


def look():
    """{what: "ok" or why not} of every check. Never raises; errors are named by their kind, as their text may hold
    addresses and names."""
    running = {name: _threads.submit(check) for name, check in CHECKS.items()}
    return {name: _outcome(future) for name, future in running.items()}


def _outcome(future):
    try:
        future.result(timeout=OVERALL)
    except TooLate:
        return "no answer in time"
    except NotReady as error:
        return str(error)
    except Exception as error:
        return type(error).__name__
    return OK


def database():
    with closing(_own_connection()) as own, own.cursor() as cursor:
        cursor.execute("SELECT 1")


def migrations():
    with closing(_own_connection()) as own, own.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        waiting = known_migrations() - set(cursor.fetchall())
    if waiting:
        raise NotReady(f"{len(waiting)} migrations not applied")


@cache
def known_migrations():
    """{(app, name)} of every migration that this code brings."""
    return frozenset(MigrationLoader(None).graph.nodes)


def _own_connection():
    """A new connection that gives up soon; the checks run in threads, which do not share the request's."""
    own = connection.copy()
    timeout = {"connect_timeout": PATIENCE} if own.vendor == "postgresql" else {"timeout": PATIENCE}
    own.settings_dict["OPTIONS"] = own.settings_dict.get("OPTIONS", {}) | timeout
    return own


def broker():
    if settings.REDIS_URL:
        limits = {"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE}
        with redis.Redis.from_url(settings.REDIS_URL, **limits) as client:
            client.ping()
    else:
        _write_and_remove(Path(settings.BROKER_DIR) / "control" / _trial_name())


def _write_and_remove(path):
    path.write_bytes(b"ready?")
    path.unlink()


def storage():
    name = default_storage.save(_trial_name(), ContentFile(b"ready?"))
    default_storage.delete(name)


def _trial_name():
    return f"ready-{uuid.uuid4().hex}"


CHECKS = {"database": database, "migrations": migrations, "broker": broker, "storage": storage}
