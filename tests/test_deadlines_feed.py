"""The calendar feed: what somebody's phone reads under his secret address, and that nothing else opens with it."""

import json
from datetime import date

import pytest
from django.urls import reverse
from icalendar import Calendar

from campaign_portal import clock
from campaign_portal.accounts.models import Office, User
from campaign_portal.audit.logs import SECRET
from campaign_portal.audit.models import Event
from campaign_portal.deadlines import services
from campaign_portal.deadlines.feed_address import FeedAddress
from inspections.services import ask_extension

from . import builders, hazards
from .builders import browser, in_days
from .hazards import Cast
from .test_logs import heard, requests_in  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return Cast()


def address(token):
    return reverse("deadlines:feed", args=[token])


def events(token):
    response = browser().get(address(token))
    assert (response.status_code, response["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    return {str(event["uid"]): event for event in Calendar.from_ical(response.content).walk("VEVENT")}


def test_each_duty_is_a_whole_day_with_its_rule_and_the_way_to_it(cast):
    hazard = hazards.opened(cast, due_on=in_days(9), summary="二楼通道堆物")
    token = services.make_feed_address(by=cast.manager)
    (event,) = events(token).values()
    assert event.start == in_days(9) and type(event.start) is date and event.end == in_days(10)
    assert event["uid"] == f"rectify-{hazard.pk}@campaign-portal"
    assert event["summary"] == "整改：二楼通道堆物"
    assert "依据：核实时确定的整改期限" in event["description"]
    assert event["url"] == f"http://testserver/hazards/{hazard.pk}/submit/"
    calendar = Calendar.from_ical(browser().get(address(token)).content)
    assert calendar["x-wr-calname"] == f"{cast.manager.office.short_name}期限"
    assert calendar["refresh-interval"].params["VALUE"] == "DURATION"


def test_what_is_late_is_in_it_and_what_is_far_is_not(cast):
    with clock.at(clock.now() - 9 * clock.ONE_DAY):
        hazards.opened(cast, due_on=in_days(3), summary="早该改的")
    hazards.opened(cast, due_on=in_days(61), summary="还远的")
    (event,) = events(services.make_feed_address(by=cast.manager)).values()
    assert event["summary"] == "【逾期】整改：早该改的"


def test_it_holds_nobodys_name_and_nobodys_words(cast):
    """Notes of duties stay in the portal: here, who asked for what and why."""
    asked = hazards.opened(cast, due_on=in_days(20), responsible="王建国")
    ask_extension(hazard=asked, by=cast.manager, new_due_on=in_days(30), reason="李奶奶住院")
    for user in (cast.manager, cast.leader):
        content = browser().get(address(services.make_feed_address(by=user))).content.decode()
        assert "BEGIN:VEVENT" in content
        assert not [word for word in ("王建国", "李奶奶", cast.manager.name) if word in content.replace("\r\n ", "")]


def test_it_follows_the_rights_and_the_work_of_the_moment(cast):
    hazard = hazards.opened(cast)
    home, neighbour = (
        services.make_feed_address(by=user)
        for user in (cast.manager, builders.make_home_user(builders.make_facility(supervisor=cast.township)))
    )
    assert list(events(home)) == [f"rectify-{hazard.pk}@campaign-portal"] and events(neighbour) == {}
    hazards.submit(hazard, by=cast.manager)
    assert events(home) == {}
    officer = services.make_feed_address(by=cast.officer)
    assert len(events(officer)) == 1
    User.objects.filter(pk=cast.officer.pk).update(office=list(cast.county.townships.values())[1])
    assert events(officer) == {}


def test_an_unchanged_calendar_is_not_sent_twice(cast):
    url = address(services.make_feed_address(by=cast.manager))
    hazards.opened(cast)
    tag = browser().get(url)["ETag"]
    assert browser().get(url, headers={"If-None-Match": tag}).status_code == 304
    hazards.opened(cast)
    assert browser().get(url, headers={"If-None-Match": tag}).status_code == 200


# The address


def made(user):
    """What a click on the page gives: the token of the address that is shown."""
    page = browser(user).post("/deadlines/subscription/new/")
    assert page.status_code == 200 and "只显示这一次" in page.content.decode()
    assert page["Cache-Control"].startswith("max-age=0")
    assert page.context["told"] in page.content.decode()
    return page.context["told"].removesuffix(".ics").rpartition("/")[2]


def test_it_is_shown_once_and_only_its_hash_is_kept(cast):
    token = made(cast.manager)
    assert events(token) == {}
    page = browser(cast.manager).get("/deadlines/subscription/").content.decode()
    assert token not in page and "换一个新地址" in page
    row = FeedAddress.objects.get(user=cast.manager)
    assert len(row.token_hash) == 64 and row.token_hash != token
    event = Event.objects.get(verb="feed.made")
    assert event.actor == cast.manager and token not in json.dumps(event.changes) + event.target_label


def test_a_new_one_ends_the_old_one_and_ending_it_ends_it(cast):
    first, second = made(cast.manager), made(cast.manager)
    assert browser().get(address(first)).status_code == 404
    assert browser().get(address(second)).status_code == 200
    assert browser(cast.manager).post("/deadlines/subscription/end/").status_code == 302
    assert browser().get(address(second)).status_code == 404
    assert Event.objects.filter(verb="feed.ended", actor=cast.manager).count() == 1
    refused = browser(cast.manager).post("/deadlines/subscription/end/")
    assert refused.status_code == 409 and "没有正在使用的订阅地址" in refused.content.decode()


def test_a_colleagues_address_stays_as_it_is(cast):
    theirs = made(cast.officer)
    made(cast.leader)
    browser(cast.leader).post("/deadlines/subscription/end/")
    assert browser().get(address(theirs)).status_code == 200


def test_a_forged_one_opens_nothing(cast):
    token = made(cast.manager)
    stored = FeedAddress.objects.get().token_hash
    for forged in (token[:-1], token.swapcase(), f"{token}0", stored, "0", "a" * 5000):
        assert browser().get(address(forged)).status_code == 404


def test_who_has_left_or_whose_office_is_closed_reads_nothing(cast):
    token = made(cast.officer)
    User.objects.filter(pk=cast.officer.pk).update(is_active=False)
    assert browser().get(address(token)).status_code == 404
    User.objects.filter(pk=cast.officer.pk).update(is_active=True)
    Office.objects.filter(pk=cast.township.pk).update(is_active=False)
    assert browser().get(address(token)).status_code == 404


def test_no_line_of_the_log_holds_it_whether_it_opens_or_not(cast, heard):  # noqa: F811
    token = services.make_feed_address(by=cast.manager)
    browser().get(address(token))
    services.end_feed_address(by=cast.manager)
    browser().get(address(token))
    browser().get(address(token).removesuffix(".ics"))
    assert [entry["status"] for entry in requests_in(heard)][:2] == [200, 404]
    written = "\n".join(heard["line"] + heard["json"])
    assert "/deadlines/feed/…" in written and token not in written


def test_the_log_knows_where_addresses_are():
    assert SECRET.fullmatch(address("x" * 43))
