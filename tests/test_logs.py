"""The log: one line an event, with the id of its request, in the web and in the worker; nothing a client sends can
begin a line of its own, and nobody's search words are in it."""

import json
import logging
import re
import sys

import pytest
from celery.contrib.django.task import DjangoTask
from django.core.exceptions import PermissionDenied

from campaign_portal.audit.carrying import HEADER
from campaign_portal.audit.context import NO_REQUEST, RequestContext, current, during
from campaign_portal.audit.logs import LineFormatter, ObjectFormatter, RequestIdFilter, access
from campaign_portal.audit.models import Event
from campaign_portal.celery import app
from campaign_portal.jobs.tasks import run_job

from . import builders
from .builders import browser
from .test_settings import SECRET, run

EVIL = "/hazards/x\n2026-08-01 00:00:00 INFO 0123 portal.access: GET /forged 200"


def line_formatter():
    return LineFormatter("{asctime} {levelname} {request_id} {name}: {message}", style="{")


@pytest.fixture
def heard(caplog):
    """What the portal writes, formatted in both ways: {"line": [...], "json": [...]}."""
    written = {"line": [], "json": []}

    class Ear(logging.Handler):
        def emit(self, record):
            written["line"].append(line_formatter().format(record))
            written["json"].append(ObjectFormatter().format(record))

    ear, root = Ear(), logging.getLogger()
    ear.addFilter(RequestIdFilter())
    root.addHandler(ear)
    caplog.set_level(logging.INFO)
    caplog.set_level(logging.INFO, logger=access.name)
    yield written
    root.removeHandler(ear)


def requests_in(written):
    return [entry for entry in map(json.loads, written["json"]) if entry["logger"] == "portal.access"]


# One line a request


@pytest.mark.django_db
@pytest.mark.sqlite
def test_a_request_is_one_line_that_says_who_what_and_how_it_ended(heard):
    user = builders.make_user()
    response = browser(user).get("/facilities/?q=王建国", REMOTE_ADDR="10.1.2.3")
    (entry,) = requests_in(heard)
    assert isinstance(entry.pop("ms"), int)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+08:00", entry.pop("time"))
    assert entry.pop("message").startswith("GET /facilities/ 200 ")
    assert entry == {
        "level": "INFO", "logger": "portal.access", "request_id": response["X-Request-ID"], "method": "GET",
        "path": "/facilities/", "status": 200, "user": user.pk, "office": user.office_id, "address": "10.1.2.3",
    }  # fmt: skip
    assert "王建国" not in "".join(heard["line"] + heard["json"])


@pytest.mark.django_db
def test_who_has_just_signed_in_is_named_and_a_stranger_is_nobody(heard):
    user = builders.make_user(password=builders.PASSWORD)
    client = browser()
    client.get("/accounts/sign-in/")
    client.post("/accounts/sign-in/", {"username": user.username, "password": builders.PASSWORD})
    assert [entry["user"] for entry in requests_in(heard)] == [None, user.pk]
    assert builders.PASSWORD not in "".join(heard["line"] + heard["json"])


@pytest.mark.django_db
def test_logging_asks_the_database_nothing(heard, django_assert_num_queries):
    with django_assert_num_queries(0):
        browser().get("/no/such/page/")
    assert requests_in(heard)[-1]["status"] in (302, 404)


def test_static_files_and_health_checks_leave_no_line(heard, client):
    client.get("/static/portal.css")
    client.get("/healthz")
    assert requests_in(heard) == []


@pytest.mark.django_db
def test_every_line_of_a_request_bears_its_id(heard):
    """Django's own line about a refusal comes after the last middleware has ended."""
    response = browser(builders.make_user()).get("/no/such/page/")
    assert response.status_code == 404
    loggers = {entry["logger"]: entry["request_id"] for entry in map(json.loads, heard["json"])}
    assert loggers == {"django.request": response["X-Request-ID"], "portal.access": response["X-Request-ID"]}


# Nothing forged


@pytest.mark.django_db
def test_a_line_break_in_path_name_or_header_begins_no_line(heard):
    client = browser()
    client.get(EVIL.replace("\n", "%0A"), HTTP_USER_AGENT="x\nforged: agent", HTTP_X_REQUEST_ID="x\nforged")
    client.post("/accounts/sign-in/", {"username": "x\nforged 1", "password": "y\u2028z"})
    logging.getLogger("anything").error("said: %s", "a\r\nb\u2028c\x85d\x1b[2J")
    assert heard["line"] and all(len(line.splitlines()) == 1 for line in heard["line"] + heard["json"])
    assert "forged: agent" not in "".join(heard["line"])
    assert requests_in(heard)[0]["path"] == EVIL  # whole, as data
    assert r"a\u000d\u000ab\u2028c\u0085d\u001b[2J" in heard["line"][-1]


def test_the_lines_of_a_traceback_do_not_look_like_events(heard):
    try:
        raise ValueError("bad\n2026-08-01 00:00:00 INFO - portal.access: forged")
    except ValueError:
        logging.getLogger("anything").exception("went wrong")
    first, *rest = heard["line"][-1].splitlines()
    assert "went wrong" in first
    assert "Traceback" in rest[0] and all(line.startswith("    ") for line in rest)
    assert "ValueError: bad" in json.loads(heard["json"][-1])["traceback"]


def test_a_refusal_is_logged_without_traceback(heard):
    try:
        raise PermissionDenied("no")
    except PermissionDenied:
        logging.getLogger("anything").warning("refused", exc_info=True)
    assert len(heard["line"][-1].splitlines()) == 1
    assert "traceback" not in json.loads(heard["json"][-1])


# The id


@pytest.mark.parametrize("given", ["0123456789abcdef", "8d1f0c6e-6a5b-4f59-9f3e-0a4e4d6b1c2d", "A" * 32])
def test_behind_the_proxy_its_id_is_taken_over(settings, client, given):
    settings.BEHIND_PROXY = True
    assert client.get("/static/x", headers={"X-Request-ID": given})["X-Request-ID"] == given


@pytest.mark.parametrize(
    "given", ["", "abc", "a" * 33, "0123456789abcdeg", "<script>alert()</script>", "12345678\nx", "١٢٣٤٥٦٧٨"]
)
def test_what_is_no_id_is_replaced(settings, client, given):
    settings.BEHIND_PROXY = True
    made = client.get("/static/x", headers={"X-Request-ID": given})["X-Request-ID"]
    assert re.fullmatch("[0-9a-f]{16}", made)


def test_without_a_proxy_nobody_chooses_his_id(settings, client):
    settings.BEHIND_PROXY = False
    assert client.get("/static/x", headers={"X-Request-ID": "a" * 16})["X-Request-ID"] != "a" * 16


@pytest.mark.django_db
@pytest.mark.sqlite
def test_a_proxys_uuid_fits_into_the_audit_and_stands_on_the_error_page(settings):
    settings.BEHIND_PROXY = True
    given = "8d1f0c6e-6a5b-4f59-9f3e-0a4e4d6b1c2d"
    user = builders.make_user(password=builders.PASSWORD)
    client = browser()
    sent = {"username": user.username, "password": builders.PASSWORD}
    client.post("/accounts/sign-in/", sent, headers={"X-Request-ID": given})
    assert Event.objects.get(verb="user.signed_in").request_id == given
    missing = client.get("/hazards/0/", headers={"X-Request-ID": given})
    assert missing.status_code == 404
    assert f"编号 {given}" in missing.content.decode()


# Into the worker


def test_every_task_carries_the_id_of_the_request_that_sent_it(monkeypatch):
    sent = {}
    monkeypatch.setattr(DjangoTask, "apply_async", lambda *args, **options: sent.update(options))
    with during(RequestContext(id="0123456789abcdef", address="10.1.2.3")):
        run_job.delay(1)
    assert sent["headers"] == {HEADER: "0123456789abcdef"}


def test_a_task_runs_under_the_id_it_carries_and_under_its_own_without_one():
    seen = []

    @app.task(name="tests.notes_its_id")
    def notes_its_id():
        seen.append(current().id)

    for headers in ({HEADER: "0123456789abcdef"}, {}, {}):
        notes_its_id.push_request(**headers)
        notes_its_id()
        notes_its_id.pop_request()
    carried, first, second = seen
    assert carried == "0123456789abcdef"
    assert re.fullmatch("[0-9a-f]{16}", first) and first != second
    assert current() is NO_REQUEST
    app.tasks.pop("tests.notes_its_id")


# The setting


def test_json_is_chosen_by_the_environment_and_nothing_else_is_accepted(tmp_path):
    say = "import django, logging; django.setup(); logging.getLogger('x').warning('您好\\n')"
    environment = {"PORTAL_DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "campaign_portal.settings",
                   "PORTAL_SECRET_KEY": SECRET}  # fmt: skip
    entry = json.loads(run(sys.executable, "-c", say, **environment, PORTAL_LOG="json").stderr)
    assert (entry["level"], entry["logger"], entry["message"], entry["request_id"]) == ("WARNING", "x", "您好\n", "-")
    assert " WARNING - x: 您好\\u000a\n" in run(sys.executable, "-c", say, **environment).stderr
    refused = run(sys.executable, "-c", say, **environment, PORTAL_LOG="xml")
    assert refused.returncode != 0 and "PORTAL_LOG is either line or json" in refused.stderr
