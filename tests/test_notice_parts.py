"""A long notice is gone through part by part: every item is on one page, beside its phrase, and nothing is lost."""

import datetime
import html
import re

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from campaign_portal.campaigns import drafting
from campaign_portal.campaigns.models import Campaign, DraftItem, Milestone, Task
from campaign_portal.campaigns.parts import MOST_CHARACTERS, MOST_ITEMS, part_at, parts_of

from .builders import browser, count_queries, make_county, make_user
from .notices import WHOLE, long_notice

pytestmark = pytest.mark.django_db

Kind, Decision = DraftItem.Kind, DraftItem.Decision
MOST_BYTES = 300_000


@pytest.fixture
def officer():
    return make_user(make_county().bureau)


@pytest.fixture
def client(officer):
    return browser(officer)


@pytest.fixture
def notice(officer):
    """Some 600 items."""
    return drafting.take_in(long_notice(120), by=officer)


def url_of(notice, path=""):
    return f"/campaigns/notices/{notice.pk}/{path}"


def pages_of(client, notice):
    """The pages of all parts."""
    first = client.get(url_of(notice)).content.decode()
    count = int(re.search(r"分 (\d+) 部分", first)[1])
    return [client.get(url_of(notice, f"?part={number}")).content.decode() for number in range(1, count + 1)]


def items_on(page):
    return [int(pk) for pk in re.findall(r'id="item-(\d+)"', page)]


def text_on(page):
    """The notice's text that a page shows."""
    body = re.search(r'<div class="notice-body" data-text>(.*?)</div>', page, re.DOTALL)[1]
    return html.unescape(re.sub(r"<[^>]*>", "", body))


# Where a notice is cut

PIECES = st.sampled_from(["一、任务", "\n", "。", "；", "于4月30日前完成。", "\n\n", "长" * 300, "长" * 5000])


@given(st.lists(PIECES, max_size=40).map("".join), st.lists(st.tuples(st.integers(0, 9000), st.integers(1, 400))))
def test_parts_follow_each_other_without_a_gap_and_cut_no_phrase(text, places):
    phrases = [(start, min(start + length, len(text))) for start, length in places if start < len(text)]
    parts = parts_of(text, phrases)
    assert [part.start for part in parts] == [0, *(part.end for part in parts[:-1])]
    assert parts[-1].end == len(text)
    for start, end in phrases:
        part = part_at(parts, start)
        assert part.start <= start < end <= part.end


@pytest.mark.parametrize(
    "text", ["行。\n" * 20_000, "一句话。" * 20_000, "没有标点" * 20_000], ids=["lines", "one line", "one run"]
)
def test_no_part_is_longer_than_a_page_carries(text):
    phrases = [(start, start + 3) for start in range(0, len(text), 20)]
    parts = parts_of(text, phrases)
    assert all(part.end - part.start <= MOST_CHARACTERS for part in parts)
    assert all(sum(part.start <= start < part.end for start, _ in phrases) <= MOST_ITEMS for part in parts)


def test_where_a_phrase_runs_over_the_end_of_a_line_the_cut_comes_later():
    text = "一行文字。\n" * 5000
    plain = parts_of(text, [])
    assert len(plain) > 2
    phrases = [(part.start - 3, part.start + 8) for part in plain[1:]]
    parts = parts_of(text, phrases)
    assert len(parts) == len(plain)
    assert all(part_at(parts, start).end >= end for start, end in phrases)


def test_a_cut_falls_between_lines_where_lines_are_short():
    text = "于4月30日前完成排查。\n" * 3000
    assert all(text[part.start - 1] == "\n" for part in parts_of(text, [])[1:])


# The pages


def test_an_ordinary_notice_is_one_page(client, officer):
    notice = drafting.take_in(WHOLE, by=officer)
    page = client.get(url_of(notice)).content.decode()
    assert "draft-parts" not in page and "全文" not in page
    assert sorted(items_on(page)) == sorted(notice.items.values_list("pk", flat=True))


def test_every_item_stands_on_one_page_beside_its_phrase_and_the_text_is_whole(client, notice):
    pages = pages_of(client, notice)
    shown = [pk for page in pages for pk in items_on(page)]
    assert sorted(shown) == sorted(notice.items.values_list("pk", flat=True))
    for page in pages:
        assert set(map(int, re.findall(r'id="phrase-(\d+)"', page))) == set(items_on(page))
        assert len(page.encode()) < MOST_BYTES
    assert re.sub(r"\n+", "\n", "".join(map(text_on, pages))) == re.sub(r"\n+", "\n", notice.text)


def test_a_notice_of_a_million_bytes_and_five_thousand_items_comes_in_light_pages(client, officer):
    notice = drafting.take_in(long_notice(950, padding=10), by=officer)
    assert len(notice.text.encode()) > 1_000_000
    assert notice.items.count() > 4_500
    for path in ("", "?part=2", "?part=30", "?part=999"):
        page = client.get(url_of(notice, path))
        assert len(page.content) < MOST_BYTES
        assert len(items_on(page.content.decode())) <= MOST_ITEMS


def test_findings_stand_in_the_part_of_which_they_speak(client, notice):
    findings = notice.reading["findings"]
    assert len(findings) > 100
    shown = [page.count("<q>") for page in pages_of(client, notice)]
    assert sum(shown) == sum(f["to"] > f["from"] for f in findings)
    assert max(shown) < len(findings)


@pytest.mark.parametrize("number", ["0", "-1", "x", "9" * 30, "٣"])
def test_a_part_that_there_is_not_gives_one_that_there_is(client, notice, number):
    for name in ("part", "item", "at"):
        page = client.get(url_of(notice, f"?{name}={number}"))
        assert page.status_code == 200
        assert items_on(page.content.decode())


def test_a_link_opens_the_part_with_an_item_or_a_place(client, notice):
    last = notice.items.filter(kind=Kind.DEADLINE).order_by("-start").first()
    assert last.pk not in items_on(client.get(url_of(notice)).content.decode())
    for path in (f"?item={last.pk}", f"?at={last.start}"):
        page = client.get(url_of(notice, path)).content.decode()
        assert last.pk in items_on(page)
        assert f'id="at-{last.start}"' in page


# Going through it


def test_who_decides_about_an_item_of_a_later_part_comes_back_to_it(client, notice):
    last = notice.items.filter(kind=Kind.DEADLINE).order_by("-start").first()
    answer = client.post(url_of(notice, f"items/{last.pk}/decide/"), {"decision": "accepted"})
    assert answer.url == url_of(notice, f"?item={last.pk}#item-{last.pk}")
    sent = {"name": "改过的节点", "due_on": "2026-05-01", "version": 1}
    assert client.post(url_of(notice, f"items/{last.pk}/"), sent).url == answer.url


def test_what_was_added_by_hand_without_a_place_is_found_as_well(client, notice):
    sent = {"name": "开总结会", "due_on": "2026-12-01", "version": 0}
    answer = client.post(url_of(notice, "add/deadline/"), sent)
    added = notice.items.get(is_added=True)
    assert added.pk in items_on(client.get(answer.url.partition("#")[0]).content.decode())
    assert [page.count(f'id="item-{added.pk}"') for page in pages_of(client, notice)].count(1) == 1


def test_the_rest_is_accepted_in_all_parts_and_one_stays_where_one_was(client, notice):
    first = notice.items.filter(kind=Kind.TARGET).first()
    client.post(url_of(notice, f"items/{first.pk}/decide/"), {"decision": "dropped"})
    answer = client.post(url_of(notice, "accept/target/"), {"part": "3"})
    assert answer.url == url_of(notice, "?part=3#target")
    targets = notice.items.filter(kind=Kind.TARGET)
    assert not targets.filter(decision=Decision.PENDING).exists()
    assert targets.filter(decision=Decision.DROPPED).get() == first
    assert "其余全部采用（全文）" in client.get(answer.url).content.decode()  # of the other kinds


def test_a_refused_step_shows_the_part_where_it_was_pressed(client, officer, notice):
    last = notice.items.filter(kind=Kind.DEADLINE).order_by("-start").first()
    drafting.drop(notice, by=officer)
    page = client.post(url_of(notice, f"items/{last.pk}/decide/"), {"decision": "accepted"})
    assert page.status_code == 409
    assert last.pk in items_on(page.content.decode())


def test_confirming_names_and_makes_all(client, officer, notice):
    for kind in Kind:
        client.post(url_of(notice, f"accept/{kind}/"))
    page = client.get(url_of(notice, "confirm/")).content.decode()
    for kind in Kind:
        assert f"{kind.label} {notice.items.filter(kind=kind).count()}" in page
    campaign = confirmed(notice, officer)
    assert campaign.tasks.count() == notice.items.filter(kind=Kind.TASK).count()
    assert campaign.indicators.count() == notice.items.filter(kind=Kind.TARGET).count()
    assert campaign.milestones.count() >= notice.items.filter(kind=Kind.DEADLINE).count()
    work = campaign.tasks.get(title__startswith="开展第7批排查")
    assert work.parent.title.startswith("重点任务")
    assert work.milestones.get().source in notice.text and work.indicators.count() == 2
    assert sorted(unit.name for unit in work.units.all())


def confirmed(notice, officer, code="LM26"):
    days = {"starts_on": datetime.date(2026, 3, 2), "ends_on": datetime.date(2026, 12, 31)}
    head = Campaign(title="安全提升行动", code=code, lead=officer.office, **days)
    return drafting.confirm(notice, head, {}, by=officer)


# What it costs


def test_taking_in_going_through_and_making_cost_the_same_for_50_items_and_for_500(client, officer):
    costs = [_costs(client, officer, count, code) for count, code in [(10, "LM1"), (10, "LM2"), (110, "LM3")]]
    extra = [more - few for few, more in zip(costs[1], costs[2], strict=True)]  # the first one fills what is remembered
    most = 0 if connection.vendor == "postgresql" else 10  # SQLite takes fewer rows a statement
    assert max(extra) <= most


def _costs(client, officer, count, code):
    made = []
    read = count_queries(lambda: made.append(drafting.take_in(long_notice(count), by=officer)))
    [notice] = made
    assert notice.items.count() >= count * 4.5
    shown = count_queries(lambda: client.get(url_of(notice)))
    for kind in Kind:
        drafting.accept_rest(notice, kind, by=officer)
    asked = count_queries(lambda: client.get(url_of(notice, "confirm/")))
    making = count_queries(lambda: confirmed(notice, officer, code))
    assert Task.objects.filter(campaign__code=code).count() >= count
    assert Milestone.objects.filter(campaign__code=code).count() >= count
    return read, shown, asked, making
