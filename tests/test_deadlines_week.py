"""The week of an area by kind, what is overdue there by whose move it is, and the rows behind every number."""

import re
from html import unescape

import pytest

from campaign_portal import clock
from campaign_portal.accounts import access
from campaign_portal.accounts.models import Area
from campaign_portal.deadlines import looking
from campaign_portal.deadlines.workdays import after

from . import builders, hazards, plans
from .builders import LONG_AGO, browser, fresh, in_days
from .hazards import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return Cast()


def page(user, address, **query):
    response = browser(user).get(address, query)
    assert response.status_code == 200
    return response


def days():
    return [after(clock.today(), number, in_workdays=False) for number in range(7)]


def counts(user):
    return {line.kind.code: [cell.count for cell in line.cells] for line in looking.week(fresh(user), days())}


def number_links(response):
    """(number, address) of every number on the page that leads to rows."""
    found = re.findall(r'href="(/deadlines/rows/[^"]*)"[^>]*>(?:[^<\d]* )?(\d+)\+?</a>', response.content.decode())
    return [(int(number), unescape(address)) for address, number in found]


def late(cast, **columns):
    """A hazard whose limit has passed by now."""
    with clock.at(clock.now() - 30 * clock.ONE_DAY):
        return hazards.opened(cast, due_on=in_days(20), **columns)


# The week


def test_the_week_counts_by_kind_and_day_whoever_has_to_act(cast):
    hazards.opened(cast, due_on=in_days(0))
    hazards.opened(cast, due_on=in_days(6))
    hazards.opened(cast, due_on=in_days(7))
    late(cast)
    builders.make_licence(cast.home, expires_on=in_days(2))
    assert counts(cast.clerk) == {"rectify": [1, 0, 0, 0, 0, 0, 1], "licence_expiry": [0, 0, 1, 0, 0, 0, 0]}


def test_every_number_leads_to_exactly_its_rows(cast):
    with clock.at(clock.now() - 20 * clock.ONE_DAY):
        hazards.reported(cast)  # its verification is late
    late(cast), late(cast)
    hazards.opened(cast, due_on=in_days(3)), hazards.opened(cast, due_on=in_days(4))
    hazards.submitted(cast)
    plans.make_milestone(
        plans.make_task(plans.make_campaign(cast.bureau), offices=[cast.township]), due_on=in_days(-3), who="各乡镇"
    )
    for address in ("/deadlines/week/", "/deadlines/overdue/"):
        links = number_links(page(cast.clerk, address))
        assert len(links) >= 5, address
        for number, link in links:
            rows = page(cast.clerk, link)
            assert (rows.context["count"], len(rows.context["lines"])) == (number, number), link


def test_each_sees_what_it_may_and_nothing_of_its_neighbour(cast):
    hazard = hazards.opened(cast, due_on=in_days(1), summary="只归本镇")
    next_town = builders.make_user(list(cast.county.townships.values())[1])
    assert counts(cast.officer) == counts(cast.clerk) == {"rectify": [0, 1, 0, 0, 0, 0, 0]}
    for stranger in (next_town, cast.fire, builders.make_user(builders.make_county("邻县").bureau)):
        assert counts(stranger) == {}
        assert "这一周没有到期的事项" in page(stranger, "/deadlines/week/").content.decode()
        assert hazard.summary not in page(stranger, "/deadlines/rows/").content.decode()


def test_what_was_not_counted_to_its_end_is_marked(cast):
    for number in (0, 1, 1, 2):
        hazards.opened(cast, due_on=in_days(number))
    (line,) = looking.week(fresh(cast.clerk), days(), cap=2)
    assert (line.count, line.is_capped) == (2, True)
    assert [(cell.count, cell.is_partial) for cell in line.cells[:3]] == [(1, False), (2, True), (0, True)]


# What is overdue


def burdens(user, **query):
    return {b.name: (b.count, b.oldest) for b, _ in page(user, "/deadlines/overdue/", **query).context["burdens"]}


def test_what_is_overdue_stands_by_whose_move_it_is(cast):
    hazard, _ = late(cast), late(cast)
    with clock.at(clock.now() - 20 * clock.ONE_DAY):
        waiting = hazards.reported(cast)
    hazards.opened(cast, due_on=in_days(0))  # due today is not late
    assert burdens(cast.clerk) == {
        cast.home.office.name: (2, hazard.due_on),
        cast.township.name: (1, waiting.verify_due_on),
    }
    assert list(burdens(cast.clerk))[0] == cast.home.office.name, "the most first"
    assert burdens(builders.make_user(list(cast.county.townships.values())[1])) == {}


def test_a_milestone_of_every_township_is_the_move_of_each(cast):
    task = plans.make_task(plans.make_campaign(cast.bureau), offices=list(cast.county.townships.values()))
    plans.make_milestone(task, due_on=in_days(-3), who="各乡镇")
    assert burdens(cast.clerk) == {office.name: (1, in_days(-3)) for office in cast.county.townships.values()}


def test_above_the_county_it_stands_by_county_until_one_is_chosen(cast):
    elsewhere = builders.make_county("邻县")
    builders.make_licence(builders.make_facility(supervisor=elsewhere.township), expires_on=in_days(-2))
    first, second = late(cast), late(cast)
    city = Area.objects.get(level="city")
    bureau = builders.make_office("bureau", area=city, name="郴州市民政局")
    access.grant(bureau, "oversee_area", city, valid_from=LONG_AGO)
    user = builders.make_user(bureau)
    assert burdens(user) == {cast.county.area.name: (2, first.due_on), elsewhere.area.name: (1, in_days(-2))}
    chosen = page(user, "/deadlines/overdue/", county=cast.county.area.code)
    assert [burden.name for burden, _ in chosen.context["burdens"]] == [cast.home.office.name]
    for number, link in number_links(chosen) + number_links(page(user, "/deadlines/overdue/")):
        assert page(user, link).context["count"] == number
    assert second.summary in page(user, number_links(chosen)[0][1]).content.decode()


def test_only_the_oldest_are_told_by_office_where_there_are_too_many_and_the_page_says_so(cast, monkeypatch):
    late(cast), late(cast)
    monkeypatch.setattr(looking, "MOST", 1)
    response = page(cast.clerk, "/deadlines/overdue/")
    assert response.context["found"].count == 1
    assert "只统计最早逾期的 1 件" in response.content.decode()


# The rows


def test_a_list_that_is_too_long_says_that_it_shows_the_earliest(cast, monkeypatch):
    hazards.opened(cast, due_on=in_days(5), summary="晚一些"), hazards.opened(cast, due_on=in_days(2), summary="早一些")
    monkeypatch.setattr(looking, "LISTED", 1)
    text = page(cast.clerk, "/deadlines/rows/", kind="rectify").content.decode()
    assert "只列最早到期的 1 件" in text and "早一些" in text and "晚一些" not in text


@pytest.mark.parametrize(
    "query, kept",
    [
        ({"since": "2026-11-30", "until": "2026-11-01"}, "2026-11-30"),
        ({"since": "2026-02-30"}, "2026-02-30"),
        ({"kind": "nonsense"}, ""),
        ({"office": "x"}, ""),
        ({"office": "9" * 30}, ""),
        ({"county": "1 OR 1=1"}, ""),
    ],
)
def test_what_cannot_be_asked_for_is_said_and_what_was_typed_is_kept(cast, query, kept):
    hazards.opened(cast)
    response = browser(cast.clerk).get("/deadlines/rows/", query)
    assert response.status_code == 422
    assert 'role="alert"' in response.content.decode() and kept in response.content.decode()
    assert response.context["lines"] == []
