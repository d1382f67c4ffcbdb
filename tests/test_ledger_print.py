"""The ledger on paper: what the filter finds or what is ticked, with the facts an inspector asks for."""

import pytest

from . import hazards
from .builders import browser, count_queries
from .hazards import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return Cast()


def printed(user, query=""):
    return browser(user).get(f"/hazards/print/?{query}")


def printed_ticked(user, *rows):
    return browser(user).post("/hazards/print/", {"picked": [f"{row.pk}:{row.version}" for row in rows] + ["x"]})


def test_a_struck_off_line_names_who_checked_it_and_when(cast):
    hazard = hazards.closed(cast)
    page = printed(cast.clerk, "state=closed").content.decode()
    for words in (
        hazard.code,
        cast.home.name,
        "王建国",
        "周敏",
        "现场复查合格",
        cast.officer.name,
        "单位负责人",
        "状态：已销号",
    ):
        assert words in page, words


def test_the_filter_holds_and_so_does_the_scope(cast):
    mine, other = hazards.opened(cast), hazards.opened(Cast())
    assert printed(cast.clerk, "state=all").context["hazards"] == [mine]
    assert printed_ticked(cast.clerk, other).context["hazards"] == []


def test_ticked_rows_alone_are_printed(cast):
    rows = [hazards.opened(cast) for _ in range(3)]
    page = printed_ticked(cast.clerk, rows[0], rows[2])
    assert page.context["hazards"] == [rows[0], rows[2]]


def test_more_than_fits_on_paper_is_said(cast, monkeypatch):
    monkeypatch.setattr("inspections.views.print.MOST", 1)
    for _ in range(2):
        hazards.opened(cast)
    page = browser(cast.clerk).get("/hazards/print/?state=open", follow=True)
    assert "导出 Excel" in page.content.decode()


def test_it_costs_the_same_for_one_row_as_for_ten(cast):
    hazards.closed(cast)
    client = browser(cast.clerk)
    client.get("/hazards/print/?state=all")
    one = count_queries(lambda: client.get("/hazards/print/?state=all"))
    for _ in range(9):
        hazards.closed(cast)
    assert count_queries(lambda: client.get("/hazards/print/?state=all")) == one
