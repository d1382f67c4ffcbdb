"""电话通知单: the office that reaches somebody phones him and says so, once."""

import pytest
from django.urls import reverse

from campaign_portal.audit.models import Event
from campaign_portal.edges import NotYours, Refused
from campaign_portal.reminders import calls, digests
from campaign_portal.reminders.models import Delivery, Message

from . import builders, hazards
from .builders import browser, count_queries
from .hazards import Cast
from .inboxes import line_of, make_call
from .reminding import MONDAY, Reminded, at, make_rule

pytestmark = pytest.mark.django_db

PAGE = reverse("reminders:calls")


@pytest.fixture
def cast():
    return Cast()


def told(user, call, **data):
    return browser(user).post(reverse("reminders:call-told", args=[call.pk]), data)


def test_a_township_phones_for_itself_and_for_its_homes_and_not_for_its_neighbours(cast):
    own, homes = make_call(cast.township, name="包联人"), make_call(cast.home.office, name="责任人")
    neighbour = make_call(cast.county.townships["柏林镇"], name="邻镇人", phone="13711112222")
    page = browser(cast.officer).get(PAGE).content.decode()
    assert "包联人" in page and "责任人" in page and 'href="tel:13800001234"' in page
    assert "邻镇人" not in page and "13711112222" not in page
    assert [told(cast.officer, call).status_code for call in (own, homes, neighbour)] == [302, 302, 404]
    assert Delivery.objects.get(pk=neighbour.pk).status == "waiting"
    seen_by_home = browser(cast.manager).get(PAGE, {"show": "done"}).content.decode()
    assert "责任人" in seen_by_home and "包联人" not in seen_by_home


def test_a_call_is_done_once_by_somebody_with_a_note(cast):
    call = make_call(cast.home.office)
    told(cast.officer, call, note="本人已答应明天整改")
    call.refresh_from_db()
    assert (call.status, call.ended_by, call.note) == ("sent", cast.officer, "本人已答应明天整改")
    event = Event.objects.get(verb="delivery.told")
    assert (event.target_pk, event.reason) == (call.pk, "本人已答应明天整改")
    again = browser(cast.leader).post(reverse("reminders:call-told", args=[call.pk]), follow=True)
    assert "已经登记过" in again.content.decode()
    done = browser(cast.officer).get(PAGE, {"show": "done"}).content.decode()
    assert "本人已答应明天整改" in done and cast.officer.name in done
    with pytest.raises(Refused):
        calls.told(call, by=cast.officer)


def test_a_note_that_is_too_long_is_refused_and_stays(cast):
    call, note = make_call(cast.township), "长" * 301
    page = told(cast.officer, call, note=note)
    assert page.status_code == 422 and note in page.content.decode() and "300" in page.content.decode()
    assert Delivery.objects.get(pk=call.pk).status == "waiting"


def test_an_administrator_alone_reads_the_list_and_does_not_phone(cast):
    call = make_call(cast.township)
    administrator = builders.make_user(cast.township, is_clerk=False, is_administrator=True)
    assert "已电话通知</button>" not in browser(administrator).get(PAGE).content.decode()
    assert told(administrator, call).status_code == 403
    with pytest.raises(NotYours):
        calls.told(call, by=administrator)


def test_what_has_been_done_meanwhile_need_not_be_said(cast):
    hazard = hazards.opened(cast)
    make_call(cast.home.office, line_of(hazard))
    client = browser(cast.officer)
    assert "不用再通知" not in client.get(PAGE).content.decode()
    call = Delivery.objects.get()
    told(cast.officer, call, spare="1")
    with pytest.raises(Refused, match="还有没办完的事项"):
        calls.spare(call, by=cast.officer)
    hazards.submit(hazard, by=cast.manager)
    page = client.get(PAGE).content.decode()
    assert "不用再通知" in page and "已电话通知</button>" not in page
    told(cast.officer, call, spare="1")
    call.refresh_from_db()
    assert (call.status, call.ended_by) == ("dropped", cast.officer)
    assert Event.objects.get(verb="delivery.spared").target_pk == call.pk
    assert "没有要打的电话" in client.get(PAGE).content.decode()


def test_an_empty_list_says_what_would_stand_in_it_and_a_long_one_costs_the_same(cast):
    client = browser(cast.officer)
    assert "没有要打的电话" in client.get(PAGE).content.decode()
    hazard = hazards.opened(cast)
    make_call(cast.home.office, line_of(hazard))
    few = count_queries(lambda: client.get(PAGE))
    for number, copy in enumerate(hazards.copies(hazard, 49)):
        make_call(cast.home.office, line_of(copy), name=f"职工{number}")
    assert count_queries(lambda: client.get(PAGE)) == few
    assert len(client.get(PAGE).context["rows"]) == 50


def composed():
    """A county in which a home's responsible person, who has no account, has to be phoned on the day."""
    with at(MONDAY):
        county = Reminded()
        make_rule(county.bureau)
        hazards.opened(county, due_on=MONDAY, responsible="王建国", responsible_phone="13800001234")
        county.turn_on()
        county.plan()
        for who in list(digests.waiting(county.bureau, urgent_only=False)):
            digests.compose(who, urgent_only=False)
    return county


def asked_to_phone(county):
    """Who is told that there are calls to make, by one more look."""
    with at(MONDAY):
        calls.tell_callers(county.bureau)
    return [message.user for message in Message.objects.filter(key__startswith="calls:").order_by("pk")]


def test_who_has_to_phone_somebody_hears_of_it_once_a_day():
    county = composed()
    assert asked_to_phone(county) == [county.manager]
    assert asked_to_phone(county) == [county.manager]


def test_for_a_home_without_an_account_the_township_phones_and_hears_of_it():
    county = composed()
    type(county.manager).objects.filter(pk=county.manager.pk).update(is_active=False)
    assert set(asked_to_phone(county)) == {county.officer, county.leader}


def test_nobody_hears_of_calls_that_have_been_made():
    county = composed()
    with at(MONDAY):
        calls.told(Delivery.objects.get(channel="call"), by=county.manager)
    assert asked_to_phone(county) == []
