"""What every test stands on. Builders are plain functions in builders.py and hazards.py."""

import gc
from datetime import date

import pytest
from django.db import connection

from campaign_portal.deadlines import starter_calendar
from campaign_portal.deadlines.models import CalendarYear, Workday
from campaign_portal.reminders import starter_rules as starter_reminders
from campaign_portal.reminders.models import ReminderRule
from inspections import starter_rules
from inspections.models import Category, Limits, MajorCriterion

from .browser import chromium, complaints, desk, phone, visit  # noqa: F401 - fixtures

gc.set_threshold(200_000, 50, 100)  # thousands of small tests: looking for cycles was a tenth of their time


@pytest.fixture(autouse=True)
def _storage(settings, tmp_path_factory):
    """Files of a test go where nobody else looks."""
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("files")


def commits(item):
    """Whether a test commits for real, so that threads, workers and browsers see what it does."""
    marked = item.get_closest_marker("django_db")
    needs = {"transactional_db", "live_server"} & set(item.fixturenames)
    return bool(needs or marked and marked.kwargs.get("transaction"))


@pytest.hookimpl(tryfirst=True)  # before -m chooses
def pytest_collection_modifyitems(items):
    for item in items:
        if commits(item):
            item.add_marker("commits")


@pytest.fixture(autouse=True)
def _emptied_database(request):
    """A test with real transactions empties the tables afterwards: put back what migrations filled in, and on SQLite
    (which empties by DELETE) lift the trigger that guards the audit for just that."""
    if not commits(request.node):
        yield
        return
    request.getfixturevalue("transactional_db")
    if not Category.objects.exists():
        starter_rules.load(Category, MajorCriterion, Limits, since=date(2017, 1, 1))
        starter_calendar.load(CalendarYear, Workday)
    if not ReminderRule.objects.exists():
        starter_reminders.load(ReminderRule)
    _guard_audit()
    yield
    _unguard_audit()


GUARD = """CREATE TRIGGER IF NOT EXISTS audit_event_no_delete BEFORE DELETE ON audit_event
BEGIN SELECT RAISE(ABORT, 'audit events are never changed or removed'); END"""


def _guard_audit():
    if connection.vendor == "sqlite":
        _run(GUARD)


def _unguard_audit():
    if connection.vendor == "sqlite":
        _run("DROP TRIGGER IF EXISTS audit_event_no_delete")


def _run(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
