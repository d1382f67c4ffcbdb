"""A deadline that is being counted while a new year is taken in is moved too: the loader waits for it, or it for the loader."""

import datetime
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from campaign_portal import clock
from campaign_portal.deadlines import loading
from campaign_portal.deadlines.holiday_notice import read

from . import builders, hazards
from .hazards import Cast
from .holiday_notices import notice
from .test_calendar_moving import THURSDAY, D

pytestmark = pytest.mark.django_db(transaction=True)


def in_thread(pool, act):
    def run():
        try:
            with clock.at(THURSDAY):
                return act()
        finally:
            connection.close()

    return pool.submit(run)


def waiting_for_the_calendar():
    """Whether some session waits for an advisory lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        return cursor.fetchone()[0] > 0


def until(holds, patience=20):
    end = datetime.datetime.now() + datetime.timedelta(seconds=patience)
    while not holds():
        assert datetime.datetime.now() < end, "it never came to that"


def load(admin):
    reading = read(notice(2027))
    given = {"year": 2027, "days": reading.days, "source": reading.source, "shown": loading.seal(2027, reading.days)}
    return loading.load_year(by=admin, **given)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_what_is_counted_but_not_yet_committed_is_waited_for_and_moved():
    cast = Cast()
    admin = builders.make_user(cast.bureau, is_administrator=True)
    counted, may_commit = threading.Event(), threading.Event()

    def report():
        with transaction.atomic():
            hazard = hazards.reported(cast)
            counted.set()
            assert may_commit.wait(30)
            return hazard

    with ThreadPoolExecutor(2) as pool:
        reporting = in_thread(pool, report)
        assert counted.wait(30)
        loading_it = in_thread(pool, lambda: load(admin))
        until(waiting_for_the_calendar)
        may_commit.set()
        hazard, (_, done) = reporting.result(30), loading_it.result(30)
    assert hazard.verify_due_on == D(2027, 2, 9) and [move.pk for move in done["verify"]] == [hazard.pk]
    hazard.refresh_from_db()
    assert hazard.verify_due_on == D(2027, 2, 17)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_a_step_that_comes_while_a_year_is_taken_in_counts_by_the_new_one_and_neither_blocks_the_other(monkeypatch):
    cast = Cast()
    admin = builders.make_user(cast.bureau, is_administrator=True)
    with clock.at(THURSDAY):
        hazard, other = hazards.opened(cast), hazards.submitted(cast)
    moving, may_go_on = threading.Event(), threading.Event()
    move_all = loading.moving.move_all

    def slowly(*args, **kwargs):
        moving.set()
        assert may_go_on.wait(30)
        return move_all(*args, **kwargs)

    monkeypatch.setattr(loading.moving, "move_all", slowly)
    with ThreadPoolExecutor(2) as pool:
        loading_it = in_thread(pool, lambda: load(admin))
        assert moving.wait(30)
        submitting = in_thread(pool, lambda: hazards.submit(hazard, by=cast.manager))
        until(waiting_for_the_calendar)
        may_go_on.set()
        loading_it.result(30)
        assert submitting.result(30).recheck_due_on == D(2027, 2, 19)
    other.refresh_from_db()
    assert other.recheck_due_on == D(2027, 2, 19)
