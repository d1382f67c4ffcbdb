"""The panel beside the ledger: the hazard in short, under the same right to see it."""

import pytest

from campaign_portal.audit.recording import record
from inspections import services

from . import builders, hazards
from .builders import browser, count_queries
from .hazards import Cast

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def cast():
    return Cast()


def panel(user, hazard):
    return browser(user).get(f"{hazard.get_absolute_url()}panel/", headers=HTMX)


def test_the_panel_shows_what_where_who_and_what_next(cast):
    hazard = hazards.submitted(cast, summary="防火门坏了")
    page = panel(cast.officer, hazard).content.decode()
    for words in (
        "防火门坏了",
        hazard.code,
        "现场复查",
        "复查销号",
        "上报隐患",
        "提交整改",
        "清空通道",
        str(cast.home),
    ):
        assert words in page, words
    assert page.count("/thumbnail/") == 2
    assert "<html" not in page
    assert "复查销号" not in panel(cast.clerk, hazard).content.decode()  # its steps are the township's


def test_asked_for_as_a_page_the_page_comes(cast):
    hazard = hazards.opened(cast)
    response = browser(cast.clerk).get(f"{hazard.get_absolute_url()}panel/")
    assert (response.status_code, response.url) == (302, hazard.get_absolute_url())


def test_who_may_not_see_the_hazard_gets_no_panel(cast):
    hazard = hazards.opened(cast)
    for user in (Cast().clerk, cast.fire):
        assert panel(user, hazard).status_code == 404
    assert (
        panel(builders.make_user(builders.make_office("association", area=cast.county.area)), hazard).status_code == 403
    )


def test_the_panel_costs_the_same_for_a_short_story_and_a_long_one(cast):
    hazard = hazards.submitted(cast)
    client = browser(cast.officer)

    def cost():
        url = f"{hazard.get_absolute_url()}panel/"
        client.get(url, headers=HTMX)
        return count_queries(lambda: client.get(url, headers=HTMX))

    few = cost()
    for _ in range(6):
        services.steps.add_photos(hazard, [hazards.picture(cast.officer)], stage="after", by=cast.officer)
        record("hazard.commented", hazard, by=cast.officer, reason="请尽快")
    assert cost() == few
