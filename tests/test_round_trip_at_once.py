"""A double click on 写入, two colleagues at one sheet, an undo pressed twice: each happens once."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from campaign_portal.audit.models import Event
from campaign_portal.sheets import round_trip
from campaign_portal.sheets.models import BatchRow
from inspections import services
from inspections.models import Hazard

from . import builders, hazards
from .hazards import Cast
from .sheets import edited, exported

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]


def at_once(*acts):
    """Run the acts in threads that start together; each returns what it returned."""
    barrier = threading.Barrier(len(acts))

    def start(act):
        try:
            connection.ensure_connection()
            barrier.wait(30)
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(start, acts))


def sent_back(cast):
    rows = [hazards.opened(cast) for _ in range(3)]
    with edited(exported(cast.manager)) as page:
        for hazard in rows:
            page.put(hazard, "整改措施", "换闭门器")
    return rows, round_trip.receive(page.file, by=cast.manager)


def test_six_presses_write_once_and_undo_once():
    cast = Cast()
    rows, batch = sent_back(cast)
    people = [builders.make_home_user(cast.home) for _ in range(6)]
    at_once(*(lambda user=user: round_trip.accept(batch, by=user, reason="") for user in people))
    assert Event.objects.filter(verb="hazard.plan").count() == BatchRow.objects.count() == 3
    assert Event.objects.filter(verb="sheet.applied").count() == 1
    at_once(*(lambda user=user: round_trip.undo(batch, by=user) for user in people))
    assert Event.objects.filter(verb="hazard.plan").count() == 6
    assert Event.objects.filter(verb="sheet.undone").count() == 1
    assert set(Hazard.objects.values_list("measure", flat=True)) == {rows[0].measure}


def test_somebody_who_works_on_a_row_at_that_very_moment_is_not_overwritten():
    cast = Cast()
    (hazard, *_), batch = sent_back(cast)
    version = hazard.version

    def plan():
        try:
            services.plan_work(
                hazard=hazard, by=cast.officer, changes={"measure": "他人的措施"}, version=version, proxy_reason="电话"
            )
        except services.Stale:
            return "late"
        return "first"

    _, outcome = at_once(lambda: round_trip.accept(batch, by=cast.manager, reason=""), plan)
    line = batch.lines.get(target_pk=hazard.pk)
    measure = Hazard.objects.get(pk=hazard.pk).measure
    if outcome == "first":
        assert (measure, line.outcome) == ("他人的措施", "refused")
        assert "最新情况" in line.sentence or "又有人办理过" in line.sentence
    else:
        assert (measure, line.outcome) == ("换闭门器", "written")
