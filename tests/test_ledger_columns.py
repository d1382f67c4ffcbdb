"""Columns to choose, and what a page of the ledger may cost: queries and bytes, whoever reads it."""

from urllib.parse import parse_qs

import pytest

from campaign_portal import clock
from campaign_portal.accounts.access import Role
from campaign_portal.accounts.models import Area
from inspections import services
from inspections.columns import COLUMNS, DEFAULT, MOST, chosen
from inspections.ledger import Ledger, ledger_of
from inspections.orders import DUE

from . import builders, hazards
from .builders import browser, count_queries, in_days
from .hazards import Cast, copies

pytestmark = pytest.mark.django_db

LONG = "二楼东侧疏散通道堆放轮椅和纸箱，防火门不能自闭，夜间值班人员不掌握开启方法，应急照明两处损坏，要求限期整改到位并报民政办复查后销号。"


@pytest.fixture
def cast():
    return Cast()


def columns_of(response):
    return [column.key for column in response.context["columns"]]


def heads(response):
    return [head["label"] for head in response.context["heads"]]


def test_without_a_choice_the_usual_columns_stand(cast):
    hazards.opened(cast)
    response = browser(cast.clerk).get("/hazards/")
    assert heads(response) == ["编号 / 来源", "机构", "隐患", "责任部门", "责任人", "状态", "整改期限"]


def test_the_chosen_columns_stand_in_their_order(cast):
    hazard = hazards.closed(cast, measure="清空通道")
    response = browser(cast.clerk).get("/hazards/?state=all&columns=code&columns=closed_at&columns=measure,round")
    page = response.content.decode()
    assert columns_of(response) == ["code", "closed_at", "measure", "round"]
    assert "<td" in page and "第 1 轮" in page and "清空通道" in page
    assert f"{clock.today():%Y-%m-%d}" in page
    assert hazard.facility.name not in page.split("<tbody>")[1].split("</tbody>")[0]


@pytest.mark.parametrize(
    "given, expected",
    [
        ([], DEFAULT),
        (["nonsense", "password"], DEFAULT),
        ([""], DEFAULT),
        (["measure"], ("code", "measure")),
        (["measure,measure,code"], ("measure", "code")),
        (["measure", "nonsense", "code"], ("measure", "code")),
        ([",".join(COLUMNS)], tuple(COLUMNS)[:MOST]),
        ([",".join(reversed(COLUMNS))], ("code", *list(reversed(COLUMNS))[: MOST - 1])),
    ],
)
def test_a_choice_of_columns_is_tidied(given, expected):
    assert tuple(column.key for column in chosen(given)) == tuple(expected)


def test_a_column_moves_left_by_a_press_and_the_address_stays_clean(cast):
    response = browser(cast.clerk).get("/hazards/?state=all&grade=normal&columns=code,home,due&left=due&after=x")
    assert response.status_code == 302
    assert parse_qs(response.url.partition("?")[2]) == {
        "state": ["all"],
        "grade": ["normal"],
        "columns": ["code,due,home"],
    }
    for left in ("code", "nonsense", "measure"):
        moved = browser(cast.clerk).get(f"/hazards/?columns=code,home,due&left={left}")
        assert parse_qs(moved.url.partition("?")[2])["columns"] == ["code,home,due"]


def test_filtering_and_sorting_keep_the_columns(cast):
    hazards.opened(cast)
    page = browser(cast.clerk).get("/hazards/?columns=code,due&sort=-due").content.decode()
    assert '<input type="hidden" name="columns" value="code,due">' in page
    assert '<input type="hidden" name="sort" value="-due">' in page
    assert "columns=code%2Cdue&amp;sort=due" in page  # the head that turns the order round


def one_of_each(cast):
    asked = hazards.opened(cast, summary=LONG, measure=LONG)
    services.ask_extension(hazard=asked, by=cast.manager, new_due_on=in_days(20), reason="等配件")
    return [asked, hazards.reported(cast, summary=LONG), hazards.major(cast, summary=LONG), hazards.closed(cast)]


def test_every_column_has_a_text_for_every_hazard(cast):
    hazards_of_each = one_of_each(cast)
    shown = Ledger(ledger_of(cast.clerk, "state=all").filter, DUE, list(COLUMNS.values()))
    rows = list(hazards.whole(shown))
    beside = shown.beside(rows)
    assert len(rows) == len(hazards_of_each) and beside.keys() == {"parts", "requests"}
    for row in rows:
        assert all(isinstance(column.value(row), str) for column in COLUMNS.values() if column.value)
    assert beside["requests"] == {hazards_of_each[0].pk: "延期待审批"}
    fire_and_housing = f"{cast.fire.office.label}、{cast.housing.office.label}"
    assert set(beside["parts"].values()) == {cast.township.short_name, fire_and_housing}


def test_every_column_sorts_by_an_order_that_exists():
    from inspections.orders import ORDERS

    assert {column.order for column in COLUMNS.values()} - {""} <= set(ORDERS)


# What a page costs


@pytest.fixture
def readers(cast):
    """Somebody of every scope: a home, a township, a department, a county, a city, a province; an evaluator."""
    city = Area.objects.get(level="city")
    evaluator = builders.make_office(Role.EVALUATOR, area=cast.county.area)
    builders.access.grant(evaluator, "inspect_facility", cast.home)
    above = [builders.make_office(Role.BUREAU, area=area, name=f"{area}民政局") for area in (city, city.parent)]
    people = [builders.make_user(office) for office in (evaluator, *above)]
    return [cast.manager, cast.officer, cast.fire, cast.clerk, *people]


QUERIES = [
    "state=all",
    "state=reported",
    "state=all&sort=-closed",
    "state=all&sort=home",
    "state=all&category=424242&found_from=2026-05-02&found_to=2026-05-01",
    f"state=all&columns={','.join(list(COLUMNS)[:MOST])}",
    f"state=all&columns={','.join(list(COLUMNS)[1 - MOST :])}",
]


def test_a_page_costs_twelve_queries_at_most_and_the_same_for_one_row_and_for_fifty(cast, readers):
    clients = [browser(user) for user in readers]
    kinds = one_of_each(cast)

    def costs():
        found = {}
        for query in QUERIES:
            for user, client in zip(readers, clients, strict=True):
                client.get(f"/hazards/?{query}")
                found[query, user.office.name] = count_queries(lambda c=client, q=query: c.get(f"/hazards/?{q}"))
        return found

    with clock.at(clock.now()):  # a session that grows a minute older notes when it was last seen
        few = costs()
        for number, hazard in enumerate(kinds):
            copies(hazard, 20, first=1000 * number)
        many = costs()
    confirming = "state=reported"  # the county's limits, for the rows that may be ticked
    assert {visit: cost for visit, cost in many.items() if cost > (14 if visit[0] == confirming else 12)} == {}
    gaps = "state=all&sort=-closed"  # one query more where the closed ones end
    assert {visit: (few[visit], many[visit]) for visit in few if many[visit] != few[visit] and visit[0] != gaps} == {}


def test_a_page_of_fifty_long_rows_stays_small_for_every_scope(cast, readers):
    for number in range(40):
        builders.make_facility(f"示例{number:02d}号中心敬老院", supervisor=cast.township)
    for number, hazard in enumerate(one_of_each(cast)):
        copies(hazard, 20, first=1000 * number, summary=LONG)
    sizes = {}
    for user in readers:
        response = browser(user).get("/hazards/?state=all")
        sizes[user.office.name] = (len(response.context["rows"]), len(response.content))
    assert sizes[cast.clerk.office.name][0] == 50
    too_big = {name: size for name, size in sizes.items() if size[1] > 60_000}
    assert too_big == {}  # every description cut at its longest; of usual ones a page has 55 kB (bench/README.md)
