"""Every order of the ledger, page by page, forwards and backwards: each row exactly once, whatever the ties and gaps."""

import sys
from datetime import timedelta
from functools import partial

import pytest
from django.core import signing
from django.db import connection
from django.http import QueryDict

from campaign_portal import clock
from campaign_portal.accounts.access import Role
from campaign_portal.accounts.models import Area
from campaign_portal.lists import paging
from campaign_portal.lists.paging import capped_counts, page_of
from inspections.ledger import ledger_of
from inspections.models import Hazard
from inspections.models.hazards import is_overdue
from inspections.orders import DUE, ORDERS, order_named

from . import builders, hazards
from .builders import browser, in_days
from .hazards import Cast, copies

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

WAYS = [way.token for order in ORDERS.values() for way in (order, order.turned)]


@pytest.fixture
def cast():
    """Thirty lines in two homes: days that repeat, some closed in the same moment, some waiting for a re-check."""
    cast = Cast()
    other = builders.make_facility(supervisor=cast.county.townships["柏林镇"])
    opened, closed, submitted = hazards.opened(cast), hazards.closed(cast), hazards.submitted(cast)
    copies(opened, 9, first=100, due_on=lambda n: in_days(5 + n % 3), found_on=lambda n: in_days(-n // 2))
    copies(opened, 4, first=200, facility=other, town_code=other.town_code, due_on=in_days(6))
    copies(closed, 7, first=300, closed_at=lambda n: clock.now() - timedelta(days=n // 3), found_on=in_days(-30))
    copies(submitted, 6, first=400, recheck_due_on=lambda n: in_days(n % 2))
    hazards.major(cast)
    cast.total = 30
    return cast


def listed(cast, token):
    return ledger_of(cast.clerk, QueryDict(f"state=all&sort={token}"))


def walk(rows, order, *, size, backwards=False, start=None):
    """All pages from the first, or from `start` back to the first."""
    pages, page = [], start or page_of(rows, order, size=size)
    while True:
        pages.append([row.pk for row in page.rows])
        cursor = page.before if backwards else page.after
        if not cursor:
            return pages, page
        page = page_of(rows, order, size=size, **{"before" if backwards else "after": cursor})


@pytest.mark.parametrize("size", [1, 4, 30, 50])
def test_all_pages_together_show_each_row_once_and_in_order(cast, size):
    for token in WAYS:
        pages_are_whole(cast, token, size)


def pages_are_whole(cast, token, size):
    ledger = listed(cast, token)
    assert ledger.order.token == token
    whole = [row.pk for row in hazards.whole(ledger)]
    assert len(whole) == len(set(whole)) == cast.total
    pages, last = walk(ledger.flat(), ledger.order, size=size)
    assert [pk for page in pages for pk in page] == whole
    assert all(len(page) == size for page in pages[:-1])
    back, first = walk(ledger.flat(), ledger.order, size=size, backwards=True, start=last)
    assert back[-1] == pages[0] and first.before == ""
    if len(pages) > 1:
        assert sorted({pk for page in back for pk in page}) == sorted(whole)
        assert back[1:-1] == pages[-2:0:-1]


def test_the_order_is_what_its_name_says_and_rows_without_a_value_come_last(cast):
    for token in WAYS:
        ledger = listed(cast, token)
        (column, *_) = ledger.order.columns
        values = [getattr(row, column) for row in hazards.whole(ledger)]
        given = [value for value in values if value is not None]
        assert given == sorted(given, reverse=token.startswith("-")), token
        assert values[: len(given)] == given, token


def test_the_major_ones_come_first_when_sorted_by_grade(cast):
    assert [row.grade for row in hazards.whole(listed(cast, "grade"))][:2] == ["major", "normal"]


def test_a_row_that_comes_or_goes_between_two_pages_neither_repeats_nor_hides_another(cast):
    ledger = listed(cast, "found")
    first = page_of(ledger.flat(), ledger.order, size=10)
    whole = [row.pk for row in hazards.whole(ledger)]
    Hazard.objects.get(pk=next(row.pk for row in first.rows if row.code.startswith("X-"))).delete()
    copies(hazards.opened(cast), 1, first=900, found_on=in_days(-60))  # before everything
    second = page_of(ledger.flat(), ledger.order, size=10, after=first.after)
    assert [row.pk for row in second.rows] == whole[10:20]


def test_going_back_to_the_beginning_shows_a_whole_page(cast):
    ledger = listed(cast, "due")
    rows = list(hazards.whole(ledger))
    cursor = paging._cursor(rows[3], ledger.order)
    page = page_of(ledger.flat(), ledger.order, size=10, before=cursor)
    assert ([row.pk for row in page.rows], page.before) == ([row.pk for row in rows[:10]], "")


def forged(cast):
    ledger, other = listed(cast, "found"), listed(cast, "due")
    good = page_of(ledger.flat(), ledger.order, size=3).after
    stale = page_of(other.flat(), other.order, size=3).after
    salt = paging.SALT
    return {
        "empty": "",
        "old form": "2026-11-22,17",
        "text": "x",
        "cut": good[:-2],
        "changed": "A" + good[1:],
        "another order": stale,
        "too few": signing.dumps(["found", "2026-01-01"], salt=salt),
        "no list": signing.dumps("found", salt=salt),
        "no date": signing.dumps(["found", "soon", "1"], salt=salt),
        "another signature": signing.dumps(["found", "2026-01-01", "1"], salt="else"),
        "nul": "\0",
    }


def test_a_forged_or_stale_cursor_is_the_first_page(cast):
    client = browser(cast.clerk)
    first = [row.pk for row in client.get("/hazards/?state=all&sort=found").context["rows"]]
    for kind, cursor in forged(cast).items():
        for name in ("after", "before"):
            response = client.get("/hazards/", {"state": "all", "sort": "found", name: cursor})
            assert [row.pk for row in response.context["rows"]] == first, (kind, name)


def test_the_page_leads_on_and_back(cast, monkeypatch):
    view = sys.modules["inspections.views.ledger"]  # the package's name for it is the view function
    monkeypatch.setattr(view, "page_of", partial(page_of, size=10))
    client, seen, query = browser(cast.clerk), [], "state=all&sort=closed"
    while query:
        response = client.get(f"/hazards/?{query}")
        seen += [row.pk for row in response.context["rows"]]
        after = response.context["page"].after
        query = after and f"state=all&sort=closed&after={after}"
    assert len(seen) == len(set(seen)) == cast.total
    page = response.content.decode()
    assert "上一页" in page and "没有更多了" in page
    before = response.context["page"].before
    response = client.get("/hazards/", {"state": "all", "sort": "closed", "before": before})
    assert [row.pk for row in response.context["rows"]] == seen[10:20]


# Which orders are offered


def test_above_the_county_only_the_due_date_orders_until_a_county_is_chosen(cast):
    city = Area.objects.get(level="city")
    user = builders.make_user(builders.make_office(Role.BUREAU, area=city, name="市民政局"))
    client, county = browser(user), cast.county.area.code
    asked = client.get("/hazards/?sort=-found").context
    assert asked["order"] == DUE
    assert [head["token"] for head in asked["heads"] if head["token"]] == ["-due"]
    assert client.get(f"/hazards/?sort=-found&county={county}").context["order"].token == "-found"


@pytest.mark.parametrize("token", ["", "-", "x", "--due", "due,found", "-due", "found\0"])
def test_an_order_that_does_not_exist_is_that_by_due_date(token):
    assert order_named(token, is_bounded=True).key == "due"


def test_a_head_turns_the_order_round_and_drops_the_page(cast):
    response = browser(cast.clerk).get("/hazards/?state=all&sort=code&after=x&grade=normal")
    heads = {head["label"]: head for head in response.context["heads"]}
    assert (heads["编号 / 来源"]["token"], heads["编号 / 来源"]["direction"]) == ("-code", "ascending")
    assert (heads["整改期限"]["token"], heads["整改期限"]["direction"]) == ("due", "")
    assert '<a href="?state=all&amp;grade=normal&amp;sort=-code">' in response.content.decode()


INDEXED = {
    "due": "hazard_county_due",
    "-found": "hazard_county_found",
    "closed": "hazard_county_closed",
    "code": "hazard_code_unique_in_county",
}


def test_a_page_of_a_county_reads_its_index_in_order(cast):
    """Structure, not time: with sorting forbidden where it can be avoided, the index gives the order and the range."""
    if connection.vendor != "postgresql":
        pytest.skip("asks PostgreSQL for its plan")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off")
    for token, index in INDEXED.items():
        ledger = listed(cast, token)
        after = page_of(ledger.flat(), ledger.order, size=3).after
        start = paging._read(after, ledger.order, Hazard)
        (rows, *_) = paging._parts(ledger.found, ledger.order, start, False)
        plan = rows[:51].explain()
        assert index in plan, plan
        assert ledger.order.columns[0] in plan.split("Index Cond")[1].splitlines()[0], plan


# Counts


def test_counts_stop_at_the_cap_and_say_so(cast, monkeypatch):
    Hazard.objects.filter(code__in=["X-100", "X-101"]).update(found_on=in_days(-9), due_on=in_days(-1))
    late = is_overdue(on=clock.today())
    assert capped_counts(Hazard.objects.all(), late) == (cast.total, False, 2)
    assert capped_counts(Hazard.objects.all(), late, cap=10) == (10, True, None)
    assert capped_counts(Hazard.objects.none(), late) == (0, False, 0)
    monkeypatch.setattr(sys.modules["inspections.views.ledger"], "CAP", 1)
    client = browser(cast.clerk)
    page = client.get("/hazards/?state=all").content.decode()
    assert "1+ 条" in page and "其中逾期的" in page
    for narrow in ("state=closed", "state=all&due=overdue", "state=submitted"):  # no overdue ones, or nothing else
        page = client.get(f"/hazards/?{narrow}").content.decode()
        assert "1+ 条" in page and "其中逾期的" not in page, narrow
