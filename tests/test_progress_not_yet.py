"""A campaign that runs, but whose first day lies ahead, takes no returns yet and says from when on it does."""

import datetime

import pytest

from campaign_portal import clock
from campaign_portal.campaigns import progress
from campaign_portal.campaigns.models import Campaign, Progress
from campaign_portal.edges import Refused

from .builders import browser
from .progresses import Plan
from .test_progress_pages import new_url, text_of, typed, url

pytestmark = pytest.mark.django_db

FIRST = datetime.date(2026, 12, 1)
SENTENCE = "12月1日起可以报送。"


@pytest.fixture
def plan():
    plan = Plan()
    Campaign.objects.filter(pk=plan.campaign.pk).update(starts_on=FIRST, ends_on=datetime.date(2027, 3, 31))
    for row in (plan.campaign, plan.task.campaign):
        row.refresh_from_db()
    return plan


@pytest.fixture(params=[datetime.date(2026, 11, 1), datetime.date(2026, 11, 30)])
def before(request):
    with clock.at(noon(request.param)):
        yield


@pytest.fixture
def first_day():
    with clock.at(noon(FIRST)):
        yield


def noon(day):
    return datetime.datetime.combine(day, datetime.time(4), datetime.UTC)


def pages(plan):
    client = browser(plan.clerk)
    return [text_of(client.get(url(plan, name))) for name in ("own/", f"tasks/{plan.task.pk}/")]


def test_no_button_before_the_first_day_but_the_day(plan, before):
    for page in pages(plan):
        assert "报送进展</a>" not in page and SENTENCE in page


def test_from_the_first_day_on_the_button(plan, first_day):
    for page in pages(plan):
        assert "报送进展</a>" in page and "起可以报送" not in page


def test_the_service_refuses_with_the_day(plan, before):
    with pytest.raises(Refused, match=SENTENCE):
        plan.start()
    assert not Progress.objects.exists()


@pytest.mark.parametrize("as_of", ["today", FIRST])
def test_what_was_typed_before_the_first_day_comes_back(plan, before, as_of):
    as_of = clock.today() if as_of == "today" else as_of
    response = browser(plan.clerk).post(new_url(plan), typed(plan, as_of=as_of))
    assert response.status_code == 409 and SENTENCE in text_of(response)
    assert "已开班两期" in text_of(response) and "截至日期不能" not in text_of(response)
    assert not Progress.objects.exists()


def test_the_empty_form_leads_to_the_work_page(plan, before):
    response = browser(plan.clerk).get(new_url(plan), follow=True)
    assert response.redirect_chain[-1][0] == url(plan, "own/") and SENTENCE in text_of(response)


def test_on_the_first_day_a_return_of_that_day_is_taken(plan, first_day):
    assert browser(plan.clerk).post(new_url(plan), typed(plan, as_of=FIRST)).status_code == 302
    response = browser(plan.neighbour).post(new_url(plan), typed(plan, as_of=FIRST - clock.ONE_DAY))
    assert response.status_code == 422 and "行动从 2026-12-01 开始" in text_of(response)
    assert Progress.objects.get().status == "submitted"


def test_a_draft_waits_when_the_first_day_is_put_off_and_what_waits_is_still_decided():
    plan = Plan()
    draft, sent = plan.start(), plan.submitted(3, by=plan.neighbour)
    Campaign.objects.update(starts_on=clock.today() + clock.ONE_DAY)
    page = text_of(browser(plan.clerk).get(url(plan, "", draft)))
    assert "继续填写" not in page
    with pytest.raises(Refused, match="起可以报送"):
        progress.submit(draft, by=plan.clerk)
    progress.accept(sent, by=plan.lead)
    sent.refresh_from_db()
    assert sent.status == "accepted"


def test_next_year_is_named():
    campaign = Campaign(starts_on=datetime.date(2027, 1, 5))
    with clock.at(noon(FIRST)):
        assert progress.not_yet(campaign) == "2027年1月5日起可以报送。"
    with clock.at(noon(datetime.date(2027, 1, 4))):
        assert progress.not_yet(campaign) == "1月5日起可以报送。"
