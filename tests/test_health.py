"""/healthz and /readyz: what a health checker, who calls by IP in clear text, is told about this process."""

import logging
from threading import Event

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from campaign_portal.operations import readiness, views

pytestmark = pytest.mark.sqlite

BY_IP = {"HTTP_HOST": "172.18.0.5:8000"}  # in nobody's ALLOWED_HOSTS
ALL_WELL = {"ready": True, "database": "ok", "migrations": "ok", "broker": "ok", "storage": "ok"}


@pytest.fixture(autouse=True)
def _production(settings, monkeypatch):
    settings.SECURE_SSL_REDIRECT = True
    monkeypatch.setattr(views, "_last_said", {})


def ready(client):
    response = client.get("/readyz", **BY_IP)
    return response.status_code, response.json()


def test_alive_needs_neither_database_nor_host_nor_https(client):
    """Without the django_db mark any query would fail the test."""
    response = client.get("/healthz", **BY_IP)
    assert (response.status_code, response.json()) == (200, {"alive": True})
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies
    assert client.get("/accounts/sign-in/", **BY_IP).status_code == 400  # any other page does look at the host


def test_health_checks_are_only_read(client):
    assert [client.post(path, **BY_IP).status_code for path in ("/healthz", "/readyz")] == [405, 405]


@pytest.mark.django_db(transaction=True)
def test_ready_when_everything_answers(client, settings):
    assert ready(client) == (200, ALL_WELL)
    assert list(settings.MEDIA_ROOT.iterdir()) == []  # the trial file is gone again


@pytest.mark.django_db(transaction=True)
def test_a_migration_that_is_not_applied(client):
    recorder = MigrationRecorder(connection)
    recorder.record_unapplied("jobs", "0001_initial")
    try:
        assert ready(client) == (503, ALL_WELL | {"ready": False, "migrations": "1 migrations not applied"})
    finally:
        recorder.record_applied("jobs", "0001_initial")


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_gone(client, settings, tmp_path):
    settings.REDIS_URL = "redis://:a-password@127.0.0.1:1/0"
    status, said = ready(client)
    assert (status, said["broker"], said["database"]) == (503, "ConnectionError", "ok")
    settings.REDIS_URL, settings.BROKER_DIR = "", tmp_path / "missing"
    assert ready(client)[1]["broker"] == "FileNotFoundError"


@pytest.mark.django_db(transaction=True)
def test_a_storage_that_takes_nothing(client, settings, tmp_path):
    (tmp_path / "file").touch()
    settings.MEDIA_ROOT = tmp_path / "file"  # a folder in name only; a read-only one would not stop root
    status, said = ready(client)
    assert (status, said["storage"], said["database"]) == (503, "FileExistsError", "ok")


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_gone(client, monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "PORT", "1")
    monkeypatch.setitem(connection.settings_dict, "NAME", "/no/such/folder/database")
    status, said = ready(client)
    assert (status, said["database"], said["migrations"]) == (503, "OperationalError", "OperationalError")
    assert "127.0.0.1" not in str(said) and "/no/such" not in str(said)


def test_a_check_that_hangs_is_not_waited_for(client, monkeypatch):
    release = Event()
    monkeypatch.setattr(readiness, "OVERALL", 0.05)
    monkeypatch.setattr(readiness, "CHECKS", {"storage": release.wait})
    assert ready(client) == (503, {"ready": False, "storage": "no answer in time"})
    release.set()


def test_only_a_change_is_logged(client, monkeypatch, caplog):
    caplog.set_level(logging.INFO)
    outcome = {"broken": True}

    def check():
        if outcome["broken"]:
            raise OSError("/secret/place")

    monkeypatch.setattr(readiness, "CHECKS", {"storage": check})
    for broken in (False, False, True, True, False, False):
        outcome["broken"] = broken
        ready(client)
    ours = [record for record in caplog.records if "readiness" in record.getMessage()]
    assert [record.levelname for record in ours] == ["WARNING", "INFO"]
    assert "/secret/place" not in caplog.text
