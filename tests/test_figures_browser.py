"""The charts in Chromium: drawn beside their tables without a complaint of the content policy, on both sizes of screen."""

import re

import pytest

from inspections import daily

from . import hazards
from .browser import DESK, PHONE, axe_violations, expect
from .hazards import Cast
from .test_figures import days_ago

pytestmark = [pytest.mark.browser]


@pytest.fixture
def cast(transactional_db):
    """A township with something overdue, something to re-check too late, and something struck off."""
    with days_ago(20):
        cast = Cast()
        hazards.opened(cast)
        hazards.submitted(cast)
        hazards.closed(cast)
        hazards.major(cast)
    hazards.reported(cast)
    daily.count_missing()
    return cast


@pytest.mark.parametrize("device", [DESK, PHONE], ids=["desk", "phone"])
def test_charts_are_drawn_beside_their_tables_and_numbers_lead_to_their_rows(cast, visit, device):
    page = visit(cast.clerk, **device)
    for path in ("/", "/figures/"):
        page.goto(path)
        charts = page.locator("[data-chart]")
        expect(charts).to_have_count(3)
        for chart in charts.all():
            expect(chart.locator("svg")).to_be_visible()
            assert "。" in chart.get_attribute("aria-label")
            assert page.locator(f"#{chart.get_attribute('data-table')}").is_visible()
        assert nothing_covers(charts), f"something lies over a chart on {path}"
        assert axe_violations(page) == []
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= device["viewport"]["width"], f"{path} scrolls sideways"
    link = page.locator("#place-data a.late").first
    number = link.inner_text()
    link.click()
    expect(page.locator(".head .sub")).to_contain_text(f"符合条件 {number} 条")


def nothing_covers(charts):
    """Whether the middle of each chart belongs to that chart: no section floats above the page."""
    top = "chart => { chart.scrollIntoView({block: 'center', behavior: 'instant'}); const box = chart.getBoundingClientRect(); "
    top += "return chart.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)); }"
    return all(chart.evaluate(top) for chart in charts.all())


def test_a_press_on_a_bar_leads_to_its_rows_and_charts_follow_the_window(cast, desk):
    page = desk(cast.officer, reduced_motion="reduce")  # no scrolling away under the pointer
    chart = page.locator("[data-chart=stack]")
    bar = chart.locator("svg path[fill='rgb(180,35,42)'], svg path[fill='#b4232a']").first  # then the legend's
    before = chart.locator("svg").bounding_box()["width"]
    page.set_viewport_size({"width": 800, "height": 700})
    expect(chart.locator("svg")).not_to_have_attribute("width", str(int(before)))
    bar.hover()
    page.mouse.down()  # where it points; under the pointer the bar changes its colour, so that `bar` finds it no more
    page.mouse.up()
    expect(page).to_have_url(re.compile("due=overdue"))


def test_without_scripts_the_tables_say_it_all(cast, visit):
    page = visit(cast.clerk, java_script_enabled=False)
    page.goto("/figures/")
    expect(page.locator("[data-chart]").first).to_be_hidden()
    expect(page.locator("#funnel-data")).to_contain_text("上报登记")
    expect(page.locator("#trend-data tbody tr")).to_have_count(21)
