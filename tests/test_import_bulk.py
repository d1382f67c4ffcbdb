"""Many rows: the same queries for two rows as for sixty, two clicks at once, a worker that does it, one that stops."""

import pytest

from campaign_portal.audit.models import Event
from campaign_portal.jobs import services as jobs
from campaign_portal.jobs.models import Job
from campaign_portal.jobs.services import Cancelled
from campaign_portal.sheets import importing
from campaign_portal.sheets.models import Batch
from inspections.imports import LedgerImport
from inspections.models import Counter, Hazard, HazardHistory

from . import builders
from . import import_books as books
from .builders import count_queries
from .hazards import Cast
from .import_books import Desk
from .test_concurrency import at_once, refusals
from .test_jobs import eventually, start_worker, status  # noqa: F401 - a fixture

pytestmark = [pytest.mark.django_db(transaction=True)]


def many(number, home="柏林院"):
    return books.ledger([books.row(home, summary=f"第{n}处") for n in range(number)])


@pytest.fixture(autouse=True)
def _storage(settings):
    """Where the worker looks for the uploaded file."""
    settings.MEDIA_ROOT = settings.DATA_DIR / "files"


@pytest.fixture
def cast():
    return Cast(name="柏林镇敬老院", short_name="柏林院")


def test_sixty_rows_cost_the_queries_of_two(cast):
    desk = Desk(cast.clerk)
    desk.apply(desk.check(books.ledger([books.row("柏林院")])))  # the campaign and its counter are there
    costs = []
    for number, place in ((2, "甲"), (60, "乙")):
        data = books.ledger([books.row("柏林院", summary=f"{place}{n}") for n in range(number)])
        url = desk.upload(data)["Location"]
        checked = count_queries(lambda url=url: desk.settle(url))
        batch = Batch.objects.first()
        user = builders.fresh(cast.clerk)
        written = count_queries(lambda batch=batch, user=user: importing.apply(batch, by=user))
        taken_back = count_queries(lambda batch=batch, user=user: importing.undo(batch, by=user))
        costs.append((checked, written, taken_back))
    assert costs[0] == costs[1]


def test_the_list_of_batches_costs_the_same_for_one_and_for_many(cast):
    desk = Desk(cast.clerk)
    costs = []
    for number in (1, 20):
        for _ in range(number):
            desk.upload(many(1))
        costs.append(count_queries(lambda: desk.client.get("/sheets/import/")))
    assert costs[0] == costs[1]


def test_two_clicks_at_once_write_once(cast):
    batch = Desk(cast.clerk).check(many(5))
    users = [builders.fresh(cast.clerk) for _ in range(2)]
    outcomes = at_once(*(lambda user=user: importing.apply(batch, by=user) for user in users))
    (sentence,) = refusals(outcomes)
    assert "不会重复导入" in str(sentence)
    assert sorted(Hazard.objects.values_list("number", flat=True)) == [1, 2, 3, 4, 5]
    assert Counter.objects.get().last == 5


def test_two_offices_importing_at_once_number_without_gap_or_double(cast):
    town, other = cast.county.townships.values()
    second = builders.make_facility("夕阳红", supervisor=other)
    bureau = Desk(cast.clerk).check(
        books.ledger([books.row(h, summary=f"{n}") for n in range(9) for h in ("柏林院", "夕阳红")])
    )
    own = Desk(cast.officer).check(books.ledger([books.row("柏林院", summary=f"乡{n}") for n in range(9)]))
    outcomes = at_once(
        lambda: importing.apply(bureau, by=builders.fresh(cast.clerk)),
        lambda: importing.apply(own, by=builders.fresh(cast.officer)),
    )
    assert refusals(outcomes) == []
    numbers = Hazard.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers.filter(supervisor=town)) == list(range(1, 19))
    assert list(numbers.filter(facility=second)) == list(range(1, 10))


def test_a_worker_checks_and_imports_a_long_file_and_takes_it_back(cast, start_worker, monkeypatch):  # noqa: F811
    """From AT_ONCE rows on nobody waits at the page: progress there, the outcome when it is done."""
    monkeypatch.setattr(importing, "AT_ONCE", 3)
    start_worker()
    desk = Desk(cast.clerk)

    batch = desk.check(many(8))
    job = Job.objects.get(kind="imports.look")
    eventually(lambda: status(job) == "done")
    page = desk.client.get(f"/sheets/import/{batch.pk}/")
    assert page.context["batch"].counts["good"] == 8
    assert not Hazard.objects.exists()

    desk.press("apply", batch)
    job = Job.objects.get(kind="imports.write")
    assert "正在处理这个文件" in desk.press("apply", batch).content.decode() or status(job) == "done"
    eventually(lambda: status(job) == "done")
    batch.refresh_from_db()
    assert (batch.status, batch.counts["written"], Hazard.objects.count()) == ("applied", 8, 8)
    assert (job.owner, Event.objects.about(batch).get().actor) == (cast.clerk, cast.clerk)

    desk.press("undo", batch)
    job = Job.objects.get(kind="imports.undo")
    eventually(lambda: status(job) == "done")
    assert set(Hazard.objects.values_list("status", flat=True)) == {"void"}


def test_a_job_that_is_stopped_leaves_whole_rows_and_goes_on_where_it_was(cast, monkeypatch):
    monkeypatch.setattr(importing, "CHUNK", 2)
    desk = Desk(cast.clerk)
    batch = desk.check(many(5))
    user = builders.fresh(cast.clerk)
    job = Job.objects.create(
        kind="imports.write", title="导入", owner=user, office=user.office, params={"batch": batch.pk}
    )

    def stop(done, total):
        if done >= 4:
            raise Cancelled

    with pytest.raises(Cancelled):
        importing.write_job(job, stop)
    batch.refresh_from_db()
    assert (batch.status, batch.counts["written"], batch.options["unfinished"]) == ("applied", 4, True)
    assert Hazard.objects.count() == HazardHistory.objects.count() == 4
    assert "没有做完" in desk.client.get(f"/sheets/import/{batch.pk}/").content.decode()

    batch = desk.apply(batch)
    assert (batch.counts["written"], batch.counts["repeats"], "unfinished" in batch.options) == (5, 0, False)
    assert sorted(Hazard.objects.values_list("number", flat=True)) == [1, 2, 3, 4, 5]
    desk.press("undo", batch)
    assert set(Hazard.objects.values_list("status", flat=True)) == {"void"}


def job_for(batch, kind, user):
    return Job.objects.create(kind=kind, title="导入", owner=user, office=user.office, params={"batch": batch.pk})


def test_nothing_is_written_any_more_once_the_job_is_cancelled(cast, monkeypatch):
    """Cancelled between two signs of life: whoever then goes on or takes back must not be overtaken by the old job."""
    desk = Desk(cast.clerk)
    batch, user = desk.check(many(3)), builders.fresh(cast.clerk)
    job, check = job_for(batch, "imports.write", user), LedgerImport.check

    def cancelled_meanwhile(self, lines):
        check(self, lines)
        jobs.cancel(job=job, by=user)

    monkeypatch.setattr(LedgerImport, "check", cancelled_meanwhile)
    with pytest.raises(Cancelled):
        importing.write_job(job, lambda done, total: None)
    batch.refresh_from_db()
    assert (batch.status, Hazard.objects.count()) == ("uploaded", 0)


def test_a_second_job_does_not_hide_the_one_that_writes(cast, monkeypatch):
    desk = Desk(cast.clerk)
    batch = desk.check(many(4))
    monkeypatch.setattr(importing, "AT_ONCE", 3)
    desk.press("apply", batch)
    assert "后台正在处理这个文件" in desk.press("mend", batch).content.decode()
    assert list(Job.objects.values_list("kind", flat=True)) == ["imports.write"]


def test_who_was_blocked_imports_nothing_by_a_job_either(cast):
    batch, user = Desk(cast.clerk).check(many(1)), builders.fresh(cast.clerk)
    job = job_for(batch, "imports.write", user)
    user.is_active = False
    with pytest.raises(jobs.CannotFinish, match="不能办理"):
        importing.write_job(job, lambda done, total: None)


def test_a_taking_back_that_was_stopped_goes_on_where_it_was(cast, monkeypatch):
    monkeypatch.setattr(importing, "CHUNK", 2)
    desk = Desk(cast.clerk)
    batch = desk.apply(desk.check(many(5)))
    user = builders.fresh(cast.clerk)
    job = Job.objects.create(
        kind="imports.undo", title="撤销", owner=user, office=user.office, params={"batch": batch.pk}
    )

    def stop(done, total):
        raise Cancelled

    with pytest.raises(Cancelled):
        importing.undo_job(job, stop)
    assert Hazard.objects.filter(status="void").count() == 2
    batch = desk.press("undo", batch).context["batch"]
    assert (batch.status, batch.counts["undone"], batch.counts["kept"]) == ("undone", 5, 0)
