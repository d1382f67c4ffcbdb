"""Long work is watched, stopped and fetched by who started it, and by nobody else."""

import pytest

from campaign_portal.accounts.access import Role
from campaign_portal.files.services import store_bytes
from campaign_portal.jobs import services
from campaign_portal.jobs.models import Job

from . import slow_jobs  # noqa: F401 - its kinds are used here
from .builders import browser, count_queries, make_county, make_office, make_user

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def county():
    return make_county()


@pytest.fixture
def owner(county):
    return make_user(county.township)


@pytest.fixture
def job(owner):
    return start(owner)


def start(owner):
    return services.start("test.breaks", title="马田敬老院隐患台账", by=owner, params={})


def finish(job, owner, **outcome):
    outcome.setdefault("result", store_bytes(b"PK", name="台账.zip", content_type="application/zip", by=owner))
    services._finish(job.pk, Job.Status.DONE, **outcome)


def url(job, step=""):
    return f"/jobs/{job.pk}/{step}"


def test_a_job_under_way_shows_its_progress_and_asks_again_every_two_seconds(job, owner):
    Job.objects.update(status="running", done=3, total=12)
    page = browser(owner).get(url(job)).content.decode()
    assert "已处理 3 / 12" in page
    assert 'hx-trigger="every 2s"' in page and f'hx-get="{url(job)}"' in page
    assert "刷新进度" in page  # without scripts


def test_asked_by_htmx_it_answers_with_the_progress_alone(job, owner):
    answer = browser(owner).get(url(job), headers=HTMX)
    assert 'hx-trigger="every 2s"' in answer.content.decode()
    assert "<html" not in answer.content.decode()
    assert "HX-Refresh" not in answer


def test_once_it_is_over_the_page_is_fetched_anew_and_asks_no_more(job, owner):
    finish(job, owner)
    answer = browser(owner).get(url(job), headers=HTMX)
    assert answer["HX-Refresh"] == "true"
    assert "hx-trigger" not in answer.content.decode()
    page = browser(owner).get(url(job)).content.decode()
    assert "下载 台账.zip" in page and "hx-trigger" not in page


def test_the_result_is_a_download(job, owner):
    assert browser(owner).get(url(job, "result/")).status_code == 404
    finish(job, owner)
    answer = browser(owner).get(url(job, "result/"))
    assert b"".join(answer.streaming_content) == b"PK"
    assert answer["Content-Disposition"].startswith("attachment")


def test_a_job_that_failed_says_why(job, owner):
    services._finish(job.pk, Job.Status.FAILED, message="这家机构已不在您的管理范围内，不能打包。")
    assert "不能打包" in browser(owner).get(url(job)).content.decode()


def test_a_job_is_cancelled_once(job, owner):
    browser(owner).post(url(job, "cancel/"))
    job.refresh_from_db()
    assert job.status == "cancelled"
    page = browser(owner).post(url(job, "cancel/"), follow=True).content.decode()
    assert "任务已取消，不能取消" in page


def test_a_colleague_neither_sees_nor_stops_nor_fetches_it(job, owner, county):
    other = start(owner)
    finish(other, owner)
    colleague = browser(make_user(county.township))
    assert colleague.get(url(job)).status_code == 404
    assert colleague.post(url(job, "cancel/")).status_code == 404
    assert colleague.get(url(other, "result/")).status_code == 404
    assert "马田敬老院" not in colleague.get("/jobs/").content.decode()
    job.refresh_from_db()
    assert job.status == "queued"


def test_an_association_starts_no_jobs(county):
    person = browser(make_user(make_office(Role.ASSOCIATION, area=county.area)))
    assert person.get("/jobs/").status_code == 403


def test_a_link_cancels_nothing(job, owner):
    assert browser(owner).get(url(job, "cancel/")).status_code == 405


def test_the_list_says_what_to_do_first_and_costs_the_same_later(owner):
    reader = browser(owner)
    assert "还没有打包任务" in reader.get("/jobs/").content.decode()
    finish(start(owner), owner)
    one = count_queries(lambda: reader.get("/jobs/"))
    for _ in range(5):
        finish(start(owner), owner)
    assert count_queries(lambda: reader.get("/jobs/")) == one
