"""What the ledger's filters leave, what they say when they cannot be read, and how each is taken off again."""

from datetime import datetime
from urllib.parse import parse_qs, urlencode

import pytest
from django.utils import timezone

from campaign_portal.accounts.access import Role
from campaign_portal.accounts.models import Area
from inspections.ledger import ledger_of
from inspections.models import Category, Hazard
from inspections.views.ledger import VIEWS

from . import builders, hazards
from .builders import browser, in_days
from .hazards import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def cast():
    return Cast()


def shown(user, **query):
    """The summaries that the page lists, in its order."""
    response = browser(user).get(f"/hazards/?{urlencode(query, doseq=True)}")
    assert response.status_code == 200
    return [row.summary for row in response.context["rows"]]


def opened(user, query):
    return browser(user).get(f"/hazards/?{query}")


# Days


def test_each_range_of_days_counts_both_its_days(cast):
    hazards.opened(cast, summary="早", found_on=in_days(-20), due_on=in_days(5))
    hazards.opened(cast, summary="晚", found_on=in_days(-2), due_on=in_days(15))
    for first, last, day in [("found_from", "found_to", in_days(-20)), ("due_from", "due_to", in_days(5))]:
        assert shown(cast.clerk, **{first: day, last: day}) == ["早"]
        assert shown(cast.clerk, **{first: day + (in_days(1) - in_days(0))}) == ["晚"]


def test_a_closing_day_is_a_day_of_the_county_not_of_greenwich(cast):
    """Struck off at 00:30 in China is the day before in Greenwich."""
    hazard = hazards.closed(cast, summary="半夜销号")
    midnight = timezone.make_aware(datetime(2026, 3, 5, 0, 30))
    Hazard.objects.filter(pk=hazard.pk).update(closed_at=midnight)
    days = {"state": "closed"}
    assert shown(cast.clerk, closed_from="2026-03-05", closed_to="2026-03-05", **days) == ["半夜销号"]
    assert shown(cast.clerk, closed_to="2026-03-04", **days) == []
    assert shown(cast.clerk, closed_from="2026-03-06", **days) == []


@pytest.mark.parametrize("name", ["found", "due", "closed"])
def test_a_range_that_ends_before_it_begins_is_said_in_words(cast, name):
    hazards.opened(cast)
    response = opened(cast.clerk, f"{name}_from=2026-05-02&{name}_to=2026-05-01")
    page = response.content.decode()
    assert "起止反了：从 2026-05-02 到 2026-05-01 之间没有日子" in page
    assert response.context["rows"] == []
    assert "没有符合条件" not in page


@pytest.mark.parametrize("day", ["2026-02-30", "昨天", "0001-01-01", "9999-12-31", "2026-05-01\0"])
@pytest.mark.parametrize("name", ["closed_from", "closed_to", "found_to"])
def test_a_day_that_is_none_is_named(cast, name, day):
    response = opened(cast.clerk, urlencode({name: day}))
    (problem,) = response.context["problems"]
    assert "读不懂" in problem["sentence"] and problem["label"] in problem["sentence"]


# Parts


def test_the_state_of_my_offices_part(cast):
    both = [cast.fire.office, cast.housing.office]
    waiting = hazards.finding(cast, by=cast.fire, departments=both, summary="都没办")
    done = hazards.finding(cast, by=cast.fire, departments=both, summary="消防办了")
    for hazard in (waiting, done):
        hazards.submit(hazard, by=cast.manager)
    hazards.close(done, by=cast.fire)
    assert shown(cast.fire, part="mine_open", state="all") == ["都没办"]
    assert shown(cast.fire, part="mine_done", state="all") == ["消防办了"]
    assert shown(cast.housing, part="mine_open", state="all") == ["都没办", "消防办了"]
    assert shown(cast.housing, part="mine_done", state="all") == []


def test_the_state_of_a_chosen_departments_part_and_of_anybodys(cast):
    done = hazards.finding(cast, by=cast.fire, departments=[cast.fire.office, cast.housing.office], summary="消防办了")
    hazards.submit(done, by=cast.manager)
    hazards.close(done, by=cast.fire)
    hazards.opened(cast, summary="乡镇的")
    fire, housing = cast.fire.office_id, cast.housing.office_id
    assert shown(cast.clerk, department=fire, part="done") == ["消防办了"]
    assert shown(cast.clerk, department=fire, part="open") == []
    assert shown(cast.clerk, department=housing, part="open") == ["消防办了"]
    assert shown(cast.clerk, part="done") == ["消防办了"]
    assert sorted(shown(cast.clerk, part="open")) == ["乡镇的", "消防办了"]


def test_who_holds_no_part_is_offered_no_part_of_his_own(cast):
    response = opened(cast.manager, "part=mine_open")
    assert [problem["name"] for problem in response.context["problems"]] == ["part"]
    assert "本单位未办结" not in opened(cast.manager, "").content.decode()


# What cannot be read, and taking off


def test_a_category_that_is_gone_does_not_pass_for_an_empty_list(cast):
    hazards.opened(cast, summary="还在")
    response = opened(cast.clerk, "category=424242&grade=normal")
    page = response.content.decode()
    assert "有筛选条件读不懂：“类别”" in page
    assert "没有符合条件" not in page and "符合条件 0" not in page
    (problem,) = response.context["problems"]
    assert [row.summary for row in opened(cast.clerk, problem["url"][1:]).context["rows"]] == ["还在"]


@pytest.mark.parametrize("name", ["campaign", "supervisor", "facility", "category", "department"])
@pytest.mark.parametrize("value", ["x", "-1", "1" * 30, "１", "1 OR 1=1", "\0"])
def test_a_forged_row_is_named_whatever_it_is(cast, name, value):
    response = opened(cast.clerk, urlencode({name: value}))
    assert response.status_code == 200
    assert [problem["name"] for problem in response.context["problems"]] == [name]


def test_a_neighbours_row_is_no_choice(cast):
    other = Cast()
    own = {"facility": cast.home, "supervisor": cast.township, "department": cast.fire.office}
    for name, row in {"facility": other.home, "supervisor": other.township, "department": other.fire.office}.items():
        assert opened(cast.clerk, f"{name}={row.pk}").context["problems"], name
        assert not opened(cast.clerk, f"{name}={own[name].pk}").context["problems"], name


def test_every_filter_that_is_set_stands_as_a_chip_that_drops_just_it(cast):
    hazard = hazards.opened(cast, summary="防火门")
    category = Category.objects.get(code="fire", owner=None)
    query = {
        "q": "防火门", "state": "open", "campaign": hazard.campaign_id, "supervisor": cast.township.pk,
        "facility": cast.home.pk, "grade": "normal", "category": category.pk, "department": cast.township.pk,
        "part": "open", "source": "self", "found_from": in_days(-9), "found_to": in_days(0),
        "due_from": in_days(0), "due_to": in_days(99), "sort": "-found", "columns": "home,measure",
    }  # fmt: skip
    response = opened(cast.clerk, urlencode(query))
    assert [row.pk for row in response.context["rows"]] == [hazard.pk]
    filters = {name: str(value) for name, value in query.items() if value and name not in ("sort", "columns")}
    chips = {chip["name"]: chip for chip in response.context["chips"]}
    assert set(chips) == set(filters)
    assert (chips["category"]["words"], chips["supervisor"]["words"]) == (category.name, cast.township.short_name)
    for name, chip in chips.items():
        left = {key: values[0] for key, values in parse_qs(chip["url"][1:]).items()}
        expected = filters | {"sort": "-found", "columns": "code,home,measure"}
        expected |= {"state": "unfinished"} if name == "state" else {}
        expected = {key: value for key, value in expected.items() if key != name or name == "state"}
        assert left == expected, name


def test_the_plain_ledger_has_no_chips(cast):
    assert opened(cast.clerk, "").context["chips"] == []
    assert opened(cast.clerk, "state=unfinished&q=&grade=").context["chips"] == []


def test_an_office_is_called_by_one_name_on_the_page(cast):
    cast.township.short_name = "马田"
    cast.township.save(update_fields=["short_name"])
    hazards.opened(cast)
    page = opened(cast.clerk, f"supervisor={cast.township.pk}").content.decode()
    assert "马田" in page
    assert cast.township.name not in page


# Above the county


@pytest.fixture
def city(cast):
    """A clerk of the city's bureau, who sees two counties."""
    hazards.opened(cast, summary="甲县的")
    other = Cast()
    hazards.opened(other, summary="乙县的")
    area = Area.objects.get(level="city")
    user = builders.make_user(builders.make_office(Role.BUREAU, area=area, name="郴州市民政局"))
    return user, cast, other


def test_a_city_is_offered_its_counties_instead_of_thousands_of_homes(city):
    user, cast, other = city
    page = opened(user, "").content.decode()
    assert f'value="{cast.county.area.code}"' in page
    assert cast.home.name in page  # in the row
    assert f'<option value="{cast.home.pk}">{cast.home}</option>' not in page
    assert shown(user, county=cast.county.area.code) == ["甲县的"]
    assert sorted(shown(user)) == ["乙县的", "甲县的"]


def test_links_of_a_city_may_name_a_home_and_nobody_elses(city):
    user, cast, other = city
    assert shown(user, facility=other.home.pk) == ["乙县的"]
    assert shown(user, supervisor=cast.township.pk) == ["甲县的"]
    response = opened(user, f"facility={other.home.pk}")
    assert f'<input type="hidden" name="facility" value="{other.home.pk}"' in response.content.decode()
    assert opened(user, "facility=424242").context["problems"]
    assert opened(user, "county=110101000000").context["problems"]


def test_who_sees_one_county_is_asked_for_none(cast):
    assert "county" not in opened(cast.clerk, "").context["filter"].form.fields


def test_the_menu_names_the_home_whose_ledger_it_packs(cast):
    page = opened(cast.clerk, f"state=all&facility={cast.home.pk}").content.decode()
    assert f"{cast.home}的全部台账，连同照片" in page


# For other views


def test_the_rows_of_a_query_string_for_whoever_needs_them(cast):
    for number in range(3):
        hazards.opened(cast, summary=f"第{number}条", due_on=in_days(9 - number))
    hazards.closed(cast)
    asked = ledger_of(cast.clerk, "grade=normal&sort=-due&after=x")
    assert [row.summary for row in hazards.whole(asked)] == ["第0条", "第1条", "第2条"]
    other = Cast()
    assert list(hazards.whole(ledger_of(other.clerk, "state=all"))) == []


@pytest.mark.parametrize("label, params, kinds", VIEWS)
def test_every_ready_made_view_opens_and_is_marked(cast, label, params, kinds):
    user = cast.fire if kinds == {Role.DEPARTMENT} else cast.clerk
    views = {view["label"]: view for view in opened(user, "").context["views"]}
    response = opened(user, views[label]["url"][1:])
    assert response.context["problems"] == []
    assert [view["label"] for view in response.context["views"] if view["is_here"]] == [label]


def test_a_ready_made_view_stays_in_the_place_and_keeps_the_columns(cast):
    page = opened(cast.clerk, f"supervisor={cast.township.pk}&columns=home,due&sort=-due&category=1")
    views = {view["label"]: view["url"] for view in page.context["views"]}
    kept = parse_qs(views["待整改"][1:])
    assert kept == {
        "state": ["open"],
        "supervisor": [str(cast.township.pk)],
        "columns": ["code,home,due"],
        "sort": ["-due"],
    }
    here = opened(cast.clerk, views["待整改"][1:]).context["views"]
    assert [view["label"] for view in here if view["is_here"]] == ["待整改"]
    assert parse_qs(page.context["cleared"]) == {
        "state": ["unfinished"],
        "columns": ["code,home,due"],
        "sort": ["-due"],
    }


def test_a_search_that_finds_nothing_unfinished_offers_all_states(cast):
    closed = hazards.closed(cast)
    page = opened(cast.clerk, f"q={closed.code}").content.decode()
    assert "未销号的隐患里没有找到" in page and f"?q={closed.code}&amp;state=all" in page
    assert closed.code in opened(cast.clerk, f"q={closed.code}&state=all").content.decode()


def test_a_very_long_description_does_not_fill_the_page(cast):
    long = "二楼东侧" * 125
    hazard = hazards.opened(cast, summary=long)
    assert long not in opened(cast.clerk, "").content.decode()
    page = browser(cast.clerk).get(hazard.get_absolute_url()).content.decode()
    assert page.count(long) == 1  # among the facts; the title is cut
