"""The page of figures, and the charts of the first pages: every number leads to its rows, a past day stays as it was."""

import re

import pytest

from campaign_portal import clock
from campaign_portal.accounts.access import Role
from campaign_portal.accounts.models import Area
from inspections import daily

from . import builders, hazards
from .builders import browser, count_queries, fresh, in_days
from .test_figures import OFFICERS, Story, ledger_count, rows_behind
from .test_queries import County

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    story = Story()
    old = hazards.closed(story)
    hazards.opened(story, previous=old)
    daily.count_missing()
    return story


def main_of(response):
    assert response.status_code == 200
    return response.content.decode().partition('<main class="main"')[2]


def linked_numbers(html):
    """[(url, number)] of every link to the ledger whose text is a number."""
    found = re.findall(r'<a [^>]*href="(/hazards/[^"]*)">(\d+)</a>', html)
    return [(url.replace("&amp;", "&"), int(number)) for url, number in found]


@pytest.mark.parametrize("path", ["/", "/figures/", "/figures/?campaign=&days=90", "/figures/?supervisor={township}"])
def test_every_number_of_a_page_is_the_number_of_rows_behind_it(story, path):
    for who in OFFICERS:
        client = browser(getattr(story, who))
        numbers = linked_numbers(main_of(client.get(path.format(township=story.township.pk))))
        assert len(numbers) > 10
        user = fresh(getattr(story, who))
        assert numbers == [(url, ledger_count(user, url)) for url, _ in numbers], who


def test_each_figure_at_the_top_leads_to_its_rows(story):
    for who in OFFICERS:
        client = browser(getattr(story, who))
        figures = client.get("/figures/").context["figures"]
        assert len(figures) == 6
        assert [f.numerator for f in figures] == [rows_behind(client, f.url) for f in figures], who


def test_the_page_as_of_a_past_day_is_the_same_later(story):
    path = f"/figures/?on={in_days(-2)}&supervisor={story.township.pk}&days=90"
    clients = [browser(getattr(story, who)) for who in OFFICERS]
    before = [re.sub(r'name="csrfmiddlewaretoken".*?>', "", main_of(client.get(path))) for client in clients]
    for hazard in (hazards.opened(story), hazards.closed(story)):
        hazards.reported(story, previous=hazard if hazard.status == "closed" else None)
    builders.make_facility(supervisor=story.township, since=clock.today())
    daily.count_days(in_days(-5), in_days(-1))
    after = [re.sub(r'name="csrfmiddlewaretoken".*?>', "", main_of(client.get(path))) for client in clients]
    assert after == before
    for page in before:
        assert f"截至 {in_days(-2)} 日终" in page
        assert linked_numbers(page) == []
    assert main_of(clients[0].get("/figures/")) != before[0]


def test_today_is_now(story):
    context = browser(story.clerk).get(f"/figures/?on={clock.today()}").context
    assert context["live"]
    assert context["figures"] == browser(story.clerk).get("/figures/").context["figures"]


def test_a_township_leads_to_its_homes(story):
    client = browser(story.clerk)
    page = client.get("/figures/")
    assert page.context["homes"] is None
    (line,) = [x for x in page.context["places"]["lines"] if x["params"]["supervisor"] == story.township.pk]
    narrowed = client.get(f"/figures/?supervisor={story.township.pk}")
    assert f"supervisor={story.township.pk}#homes" in page.content.decode()
    homes = narrowed.context["homes"]["lines"]
    for name in ("all", "closed", "overdue", "recheck", "major_open"):
        assert sum(home[name] for home in homes) == line[name]
    officers = browser(story.officer).get("/figures/").context
    assert officers["places"] is None
    for table in (page.context["places"], narrowed.context["homes"]):
        for name in ("homes", "all", "closed", "overdue", "recheck", "major_open"):
            assert table["total"][name] == sum(line[name] for line in table["lines"])
    assert page.context["places"]["total"]["all"] == page.context["figures"][0].denominator
    assert {home["name"] for home in officers["homes"]["lines"]} >= {home["name"] for home in homes}


def test_above_the_county_the_places_are_counties(story):
    city = Area.objects.get(level="city")
    user = builders.make_user(builders.make_office(Role.BUREAU, area=city, name="市民政局"))
    page = browser(user).get("/figures/")
    counties = page.context["places"]["lines"]
    (line,) = [x for x in counties if x["params"]["county"] == story.county.area.code]
    officers = browser(story.clerk).get("/figures/").context["places"]["lines"]
    assert line["name"] == story.county.area.name
    for name in ("homes", "all", "closed", "overdue", "recheck", "major_open"):
        assert line[name] == sum(township[name] for township in officers)
    assert line["all"] == rows_behind(browser(user), line["all_url"]) > 0
    assert "点乡镇看它的机构" not in page.content.decode()


@pytest.mark.parametrize(
    "query, says",
    [
        ("on={tomorrow}", "截至日期不能晚于今天"),
        ("on=2026-13-45", "有效的日期"),
        ("on=😀", "有效的日期"),
        ("supervisor=999999", "没有这个监管单位"),
        ("campaign==cmd()", "没有这个专项行动"),
        ("days=7", "选择一个有效的选项"),
        ("start=2026-05-01&end=2026-04-01", "开始日期不能晚于结束日期"),
    ],
)
def test_what_cannot_be_read_gives_no_figures_and_says_why(story, query, says):
    response = browser(story.clerk).get("/figures/?" + query.format(tomorrow=in_days(1)))
    page = main_of(response)
    assert says in page
    assert "figures" not in response.context or not linked_numbers(page)
    assert "隐患流转" not in page


def test_a_neighbours_township_or_campaign_is_none_of_ours(story):
    elsewhere = builders.make_county()
    page = main_of(browser(story.clerk).get(f"/figures/?supervisor={elsewhere.township.pk}"))
    assert "没有这个监管单位" in page


def test_a_county_without_hazards_says_so_and_draws_nothing():
    county = builders.make_county()
    builders.make_facility(supervisor=county.township)
    for office in (county.bureau, county.township, county.departments["fire"]):
        client = browser(builders.make_user(office))
        page = main_of(client.get("/"))
        assert "没有逾期的整改" in page
        assert "没有再次出现的隐患" in main_of(client.get("/figures/"))


def test_only_officers_pages_load_charts(story):
    for who, expected in [("clerk", True), ("officer", True), ("fire", True), ("manager", False)]:
        assert ("echarts" in browser(getattr(story, who)).get("/").content.decode()) is expected, who


def test_a_bureaus_first_page_costs_at_most_twenty_queries_and_as_many_for_a_full_ledger():
    county = County()
    daily.count_missing()
    client = browser(county.clerk)

    def cost(path):
        client.get(path)
        return count_queries(lambda: client.get(path))

    paths = ["/", "/figures/", f"/figures/?supervisor={county.township.pk}", f"/figures/?on={in_days(-3)}"]
    few = [cost(path) for path in paths]
    assert few[0] <= 20
    county.grow()
    assert [cost(path) for path in paths] == few
