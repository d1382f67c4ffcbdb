"""A form for a new row that is sent twice (a double press, the back button) makes one row; another one is not swallowed."""

import re
import uuid

import pytest

from campaign_portal.campaigns import drafting
from campaign_portal.campaigns.models import Notice, Progress
from campaign_portal.edges import Refused

from .builders import browser, in_days, make_county, make_user
from .notices import WHOLE
from .plans import make_campaign, make_task
from .progresses import Plan

pytestmark = pytest.mark.django_db

FORMS = {
    "tasks": {"title": "结对帮扶", "is_work": "on"},
    "milestones": {"name": "报送总结", "due_on": in_days(30)},
    "indicators": {"name": "结对", "comparator": "ge", "value": "5", "unit": "对"},
}


@pytest.fixture
def county():
    return make_county()


@pytest.fixture
def client(county):
    return browser(make_user(county.bureau))


@pytest.fixture
def campaign(county):
    return make_campaign(county.bureau)


def key_on(page):
    return re.search(r'name="sent_key" value="([^"]+)"', page.content.decode())[1]


@pytest.mark.parametrize("kind", FORMS)
def test_the_same_form_sent_twice_is_one_row(client, campaign, kind):
    url = f"/campaigns/{campaign.pk}/{kind}/new/"
    sent = FORMS[kind] | {"sent_key": key_on(client.get(url))}
    once, again = client.post(url, sent), client.post(url, sent)
    assert (once.status_code, again.status_code) == (302, 302)
    assert once.url == again.url
    assert getattr(campaign, kind).count() == 1


@pytest.mark.parametrize("kind", FORMS)
def test_two_forms_with_the_same_words_are_two_rows(client, campaign, kind):
    url = f"/campaigns/{campaign.pk}/{kind}/new/"
    for _ in range(2):
        client.post(url, FORMS[kind] | {"sent_key": key_on(client.get(url))})
    assert getattr(campaign, kind).count() == 2


@pytest.mark.parametrize("kind", FORMS)
def test_something_else_typed_after_going_back_is_told_and_saved_when_pressed_again(client, campaign, kind):
    url = f"/campaigns/{campaign.pk}/{kind}/new/"
    sent = FORMS[kind] | {"sent_key": key_on(client.get(url))}
    client.post(url, sent)
    name = "title" if kind == "tasks" else "name"
    other = sent | {name: "另外一项"}
    page = client.post(url, other)
    assert page.status_code == 409
    assert f"已经存为“{sent[name]}”" in page.content.decode() and "另外一项" in page.content.decode()
    assert getattr(campaign, kind).count() == 1
    assert client.post(url, other | {"sent_key": key_on(page)}).status_code == 302
    assert getattr(campaign, kind).count() == 2


@pytest.mark.parametrize("key", ["", "x", None])
def test_a_form_without_its_key_is_not_taken(client, campaign, key):
    sent = FORMS["tasks"] | ({} if key is None else {"sent_key": key})
    page = client.post(f"/campaigns/{campaign.pk}/tasks/new/", sent)
    assert page.status_code == 422
    assert "请重新打开再填" in page.content.decode()
    assert not campaign.tasks.exists()


def test_a_key_of_another_campaign_is_no_ones_business(client, county, campaign):
    key = uuid.uuid4()
    for one in (campaign, make_campaign(county.bureau, takes_records=False)):
        assert client.post(f"/campaigns/{one.pk}/tasks/new/", FORMS["tasks"] | {"sent_key": key}).status_code == 302
        assert one.tasks.count() == 1


def test_a_notice_and_an_item_that_are_sent_twice_are_one_each(client):
    sent = {"pasted": WHOLE, "sent_key": key_on(client.get("/campaigns/notices/new/"))}
    assert client.post("/campaigns/notices/new/", sent).url == client.post("/campaigns/notices/new/", sent).url
    notice = Notice.objects.get()
    count, url = notice.items.count(), f"/campaigns/notices/{notice.pk}/add/deadline/"
    item = {"name": "开总结会", "due_on": "2026-12-01", "version": 0, "sent_key": key_on(client.get(url))}
    assert client.post(url, item).url == client.post(url, item).url
    assert notice.items.count() == count + 1
    assert client.post(url, item | {"name": "另开一次会"}).status_code == 409
    assert notice.items.count() == count + 1


def test_another_notice_is_not_swallowed_by_an_old_form(county):
    key, officer = uuid.uuid4(), make_user(county.bureau)
    drafting.take_in(WHOLE, by=officer, sent_key=key)
    with pytest.raises(Refused, match="已经存为"):
        drafting.take_in(WHOLE.replace("300人次", "400人次"), by=officer, sent_key=key)
    assert Notice.objects.count() == 1


def test_a_return_sent_twice_is_one_and_its_office_is_led_to_it():
    plan = Plan()
    client = browser(plan.clerk)
    url = f"/campaigns/{plan.campaign.pk}/tasks/{plan.task.pk}/progress/new/"
    sent = {"as_of": in_days(0), "text": "已开班两期。", f"value_{plan.indicator.pk}": 12}
    once, again = client.post(url, sent), client.post(url, sent)
    assert once.url == again.url == f"/campaigns/{plan.campaign.pk}/progress/{Progress.objects.get().pk}/"


def test_a_removed_task_can_be_entered_again(client, campaign):
    make_task(campaign, "别的")
    url = f"/campaigns/{campaign.pk}/tasks/new/"
    sent = FORMS["tasks"] | {"sent_key": key_on(client.get(url))}
    client.post(url, sent)
    client.post(f"/campaigns/{campaign.pk}/tasks/{campaign.tasks.get(title='结对帮扶').pk}/remove/")
    client.post(url, sent)
    assert campaign.tasks.filter(title="结对帮扶").count() == 1
