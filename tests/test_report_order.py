"""Ordering a summary report: what the page shows beforehand, what it refuses, who gets the file."""

from datetime import date

import pytest

from campaign_portal import clock
from campaign_portal.accounts import access
from campaign_portal.campaigns.models import Campaign
from campaign_portal.campaigns.reports import forms, services
from campaign_portal.jobs import services as jobs
from campaign_portal.jobs.models import Job

from . import builders, hazards
from .builders import browser, count_queries, in_days
from .hazards import Cast
from .test_concurrency import at_once, refusals
from .test_figures import Story, days_ago
from .test_jobs import eventually, start_worker  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db

PAGE = "/reports/"


@pytest.fixture
def plain(monkeypatch):
    """The file is the report's HTML: what these tests ask is not how it looks."""
    monkeypatch.setattr(services, "make_pdf", lambda html: html.encode())


class Town(Cast):
    """A township thirty days into a campaign, with a hazard that is overdue by now; `beside` works in the next one."""

    def __init__(self):
        with days_ago(30):
            super().__init__()
            period = {"starts_on": clock.today(), "ends_on": in_days(90)}
            lead = {"lead": self.bureau, "area": self.county.area}
            self.campaign = Campaign.objects.create(
                kind="special", status="running", code="YX", title="敬老院专项行动", **lead, **period
            )
            hazards.opened(self)
        self.beside = builders.make_user(self.county.townships["柏林镇"])


@pytest.fixture
def story():
    return Town()


def asked(story, **changes):
    """A filled-in form."""
    period = {"campaign": story.campaign.pk, "since": in_days(-20), "on": in_days(-1)}
    return period | {"advice": "请县里统筹资金", "plan": "逐条督办", "order": "1"} | changes


def order(story, who="clerk", **changes):
    """A report that was ordered, not yet made."""
    browser(getattr(story, who)).post(PAGE, asked(story, **changes))
    return Job.objects.filter(kind=services.KIND).first()


def made(story, who="clerk", **changes):
    job = order(story, who, **changes)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.status == "done", job.message
    return job


def page_of(user, **query):
    return browser(user).get(PAGE, query)


def text_of(response):
    return response.content.decode()


# Looking


@pytest.mark.sqlite
def test_the_page_opens_on_the_whole_campaign_until_today_with_the_figures_of_the_first_page():
    story = Story()
    for user in (story.clerk, story.officer):
        page = page_of(user)
        assert page.context["form"].initial == {
            "campaign": story.campaign, "since": story.campaign.starts_on, "on": clock.today(),
        }  # fmt: skip
        home = {figure.label: figure.value for figure in browser(user).get("/").context["figures"]}
        assert {figure.label: figure.value for figure in page.context["preview"]["figures"]} == home
        lists = dict(page.context["preview"]["lists"])
        assert lists["整改逾期隐患"] == home["整改逾期隐患"] > 0
        assert f"<dt>整改逾期隐患</dt><dd>{lists['整改逾期隐患']} 条</dd>" in text_of(page)


def test_a_quick_period_changes_the_days_and_keeps_what_was_typed(story):
    with clock.at(clock.now().replace(year=2027, month=1, day=14, hour=4)):
        story.campaign.starts_on, story.campaign.ends_on = date(2026, 12, 20), date(2027, 3, 1)
        story.campaign.save()
        for name, since in [
            ("week", "2027-01-11"),
            ("month", "2027-01-01"),
            ("quarter", "2027-01-01"),
            ("all", "2026-12-20"),
        ]:
            sent = asked(story, period=name, since="坏了")
            del sent["order"]
            page = browser(story.clerk).post(PAGE, sent)
            assert page.status_code == 200
            assert f'value="{since}"' in text_of(page) and 'value="2027-01-14"' in text_of(page)
            assert "请县里统筹资金" in text_of(page)
    assert not Job.objects.exists()


def test_a_quick_period_never_begins_before_the_campaign(story):
    story.campaign.starts_on = in_days(-1)
    since, on = forms.period("quarter", story.campaign, today=clock.today())
    assert (since, on) == (in_days(-1), clock.today())


def test_looking_at_another_day_shows_that_days_figures_and_orders_nothing(story):
    sent = asked(story, on=in_days(-25), since=in_days(-28), look="1")
    del sent["order"]
    page = browser(story.clerk).post(PAGE, sent)
    then = {figure.label: figure.numerator for figure in page.context["preview"]["figures"]}
    now = {figure.label: figure.numerator for figure in page_of(story.clerk).context["preview"]["figures"]}
    assert then["整改逾期隐患"] == 0 < now["整改逾期隐患"]
    assert "数据截至 " + f"{in_days(-25).year}年" in text_of(page)
    assert not Job.objects.exists()


WRONG = {
    "从晚于至": ({"since": 0, "on": -5}, "开始日期不能晚于截止日期"),
    "还没到": ({"since": -5, "on": 1}, "截止日期还没有到"),
    "早于行动": ({"since": -300, "on": -5}, "报告期不能更早"),
    "不是日期": ({"since": "2026-02-31", "on": -5}, "输入一个有效的日期"),
    "没有填": ({"since": "", "on": ""}, "请填写“至”。"),
    "太长": ({"since": -5, "on": -1, "advice": "长" * (forms.MOST_TEXT + 1)}, f"{forms.MOST_TEXT}"),
    "空字符": ({"since": -5, "on": -1, "plan": "甲\x00乙"}, "空字符"),
    "别的行动": ({"since": -5, "on": -1, "campaign": 10**12}, "选择一个有效的选项"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_bad_form_is_refused_with_a_sentence_and_keeps_what_was_typed(story, name):
    changes, sentence = WRONG[name]
    days = {
        key: in_days(value) if key in ("since", "on") and isinstance(value, int) else value
        for key, value in changes.items()
    }
    page = browser(story.clerk).post(PAGE, asked(story, **({"plan": "逐条督办"} | days)))
    assert page.status_code == 422
    assert sentence in text_of(page)
    assert "请县里统筹资金" in text_of(page) or "长长长" in text_of(page)
    assert not Job.objects.exists()


def test_another_countys_campaign_cannot_be_chosen(story):
    elsewhere = Cast()
    other = browser(elsewhere.clerk).post(PAGE, asked(story))
    assert other.status_code == 422 and f'value="{story.campaign.pk}"' not in text_of(other)
    assert not Job.objects.exists()


def test_where_there_is_no_campaign_yet_the_page_says_what_to_do():
    assert "还没有可以汇总的专项行动" in text_of(page_of(Cast().clerk))


# Made, kept, fetched


@pytest.mark.sqlite
def test_an_ordered_report_is_made_kept_for_the_office_and_fetched_by_its_people(story, plain):
    job = order(story, "officer")
    assert job.params["since"] == in_days(-20).isoformat() and job.params["on"] == in_days(-1).isoformat()
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.status == "done" and job.done == job.total > 4
    colleague = page_of(story.leader)
    assert [report.pk for report in colleague.context["reports"]] == [job.pk]
    assert story.officer.name in text_of(colleague) and f"{in_days(-20)} 至 {in_days(-1)}" in text_of(colleague)
    for user in (story.officer, story.leader):
        answer = browser(user).get(f"{PAGE}{job.pk}/download/")
        assert "请县里统筹资金" in b"".join(answer.streaming_content).decode()
        assert answer["Content-Disposition"].startswith("attachment")


def test_another_office_neither_sees_nor_fetches_it(story, plain):
    job = made(story, "officer")
    for user in (story.beside, story.clerk, Cast().clerk):
        assert browser(user).get(f"{PAGE}{job.pk}/download/").status_code == 404
        assert page_of(user, again=job.pk).status_code == 404
        assert page_of(user).context["reports"] == []


def test_who_left_the_office_takes_nothing_along(story, plain):
    job = made(story, "officer")
    story.officer.office = story.beside.office
    story.officer.save()
    assert browser(story.officer).get(f"{PAGE}{job.pk}/download/").status_code == 404
    assert page_of(story.officer).context["reports"] == []


def test_an_office_that_no_longer_oversees_the_area_cannot_fetch_its_old_reports(story, plain):
    job = made(story, "officer")
    addresses = [f"{PAGE}{job.pk}/download/", f"/jobs/{job.pk}/result/"]
    for url in addresses:
        assert b"<html" in b"".join(browser(story.officer).get(url).streaming_content)
    access.revoke(story.township, "oversee_area", story.township.area)
    assert [browser(story.officer).get(url).status_code for url in addresses] == [404, 404]


def test_a_report_that_is_not_done_has_nothing_to_fetch_and_shows_only_to_its_owner(story):
    job = order(story)
    assert browser(story.clerk).get(f"{PAGE}{job.pk}/download/").status_code == 404
    assert [report.pk for report in page_of(story.clerk).context["reports"]] == [job.pk]
    assert page_of(story.approver).context["reports"] == []


def test_an_earlier_report_fills_in_the_form_for_the_next(story, plain):
    job = made(story, advice="一是\n二是")
    page = text_of(page_of(story.clerk, again=job.pk))
    assert "一是\n二是" in page and f'value="{in_days(-20)}"' in page
    assert page_of(story.clerk, again="x").status_code == 404


# Refused or stopped


def test_the_same_report_is_not_made_twice_at_a_time(story, plain):
    first = order(story)
    again = browser(story.clerk).post(PAGE, asked(story, advice="别的话"))
    assert again.status_code == 409
    assert "正在生成" in text_of(again) and f'href="/jobs/{first.pk}/"' in text_of(again)
    assert "别的话" in text_of(again)
    assert Job.objects.count() == 1
    assert order(story, "approver").pk != first.pk  # a colleague's is his own
    jobs.run(first.pk)
    assert order(story).pk != first.pk  # done: a newer one may be wanted


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_a_double_click_orders_one_report():
    story = Town()
    words = {"campaign": story.campaign.pk, "since": "2026-09-01", "on": "2026-09-30", "advice": "", "plan": ""}
    people = [builders.fresh(story.clerk) for _ in range(4)]
    outcomes = at_once(*(lambda by=by: services.order_report(by=by, words=words) for by in people))
    assert len(refusals(outcomes)) == 3
    (job,) = Job.objects.all()
    assert {refused.job for refused in refusals(outcomes)} == {job}


def test_nobody_fills_the_queue(story):
    for days in range(services.MOST_OPEN):
        order(story, on=in_days(-1 - days))
    refused = browser(story.clerk).post(PAGE, asked(story, on=in_days(-9)))
    assert refused.status_code == 409 and "请等做完或取消" in text_of(refused)
    assert Job.objects.count() == services.MOST_OPEN
    jobs.cancel(job=Job.objects.first(), by=story.clerk)
    assert browser(story.clerk).post(PAGE, asked(story, on=in_days(-9))).status_code == 302


def test_cancelled_while_the_figures_are_counted_it_lays_out_no_page(story, monkeypatch):
    job = order(story)
    really = services.gather

    def gather(order):
        jobs.cancel(job=job, by=story.clerk)
        return really(order)

    monkeypatch.setattr(services, "gather", gather)
    monkeypatch.setattr(services, "make_pdf", lambda html: pytest.fail("went on"))
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.status, job.result) == ("cancelled", None)


def test_who_lost_the_area_before_it_runs_gets_nothing(story):
    job = order(story, "officer")
    access.revoke(story.township, "oversee_area", story.township.area)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.status, job.result) == ("failed", None)
    assert "不能再生成" in job.message


def test_who_moved_or_was_disabled_before_it_runs_gets_nothing(story):
    moved, disabled = order(story, "officer"), order(story, "clerk")
    story.officer.office = story.beside.office
    story.officer.save()
    story.clerk.is_active = False
    story.clerk.save()
    for job in (moved, disabled):
        jobs.run(job.pk)
        job.refresh_from_db()
        assert (job.status, job.result) == ("failed", None)


def test_a_machine_that_cannot_make_pdfs_says_what_to_install_and_keeps_the_words(story, monkeypatch):
    job = order(story, advice="写了很久的话")
    monkeypatch.setattr(services, "missing_pdf_packages", lambda: ["libpango-1.0-0"])
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.status == "failed" and "libpango-1.0-0" in job.message
    assert "写了很久的话" in text_of(page_of(story.clerk, again=job.pk))


def test_the_page_costs_the_same_for_one_report_and_for_many(story, plain):
    first = made(story)
    client = browser(story.clerk)
    client.get(PAGE)
    few = count_queries(lambda: client.get(PAGE))
    for _ in range(30):
        Job.objects.create(
            kind=services.KIND, title=first.title, owner=story.approver, office=story.bureau, params=first.params,
            status="done", ended_at=clock.now(), result=first.result,
        )  # fmt: skip
    assert count_queries(lambda: client.get(PAGE)) == few
    page = client.get(PAGE)
    assert len(page.context["reports"]) == 20
    older = client.get(PAGE, {"before": page.context["next_before"]})
    assert len(older.context["reports"]) == 11 and older.context["next_before"] is None


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_a_real_worker_makes_the_pdf(start_worker, settings):  # noqa: F811
    settings.MEDIA_ROOT = settings.DATA_DIR / "files"  # where the worker keeps its files
    start_worker()
    cast = Cast()
    with days_ago(3):
        hazards.opened(cast, due_on=in_days(1))
    client = browser(cast.clerk)
    campaign = client.get(PAGE).context["form"].initial["campaign"]
    page = client.post(
        PAGE, {"campaign": campaign.pk, "since": in_days(-3), "on": clock.today(), "order": "1"}, follow=True
    )
    job = Job.objects.get()
    assert page.redirect_chain == [(f"/jobs/{job.pk}/", 302)]
    eventually(lambda: Job.objects.get(pk=job.pk).is_over)
    job.refresh_from_db()
    assert (job.status, job.message) == ("done", "")
    answer = client.get(f"{PAGE}{job.pk}/download/")
    assert answer["Content-Type"] == "application/pdf"
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")
