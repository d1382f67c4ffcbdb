"""What fits a phone: one main action, nothing wider than the screen, what to do before the figures."""

import pytest
from playwright.sync_api import expect

from . import hazards
from .hazards import Cast

pytestmark = [pytest.mark.browser]


@pytest.fixture
def cast(transactional_db):
    return Cast()


def width_of(page):
    return page.evaluate("document.documentElement.scrollWidth")


def test_a_hazard_without_its_assurances_shows_the_plan_as_the_one_main_action(cast, phone):
    hazard = hazards.major(cast)
    page = phone(cast.manager)
    page.goto(hazard.get_absolute_url())
    main = page.get_by_role("navigation", name="下一步").locator(".btn-primary")
    expect(main).to_have_count(1)
    expect(main).to_have_text("完善整改方案")
    assert width_of(page) <= 360


def test_an_officer_on_a_phone_sees_what_to_do_before_the_tables(cast, phone):
    hazards.reported(cast)
    page = phone(cast.officer)
    todo, table = page.locator(".todo"), page.locator("table.ledger").first
    assert todo.bounding_box()["y"] < table.bounding_box()["y"]
    assert width_of(page) <= 360


def test_the_bar_that_confirms_several_is_not_under_the_bar_at_the_foot(cast, phone):
    for _ in range(6):
        hazards.reported(cast)
    page = phone(cast.officer)
    page.goto("/hazards/?state=reported")
    page.get_by_role("checkbox", name="选中").first.check()
    bar, tabs = page.locator(".foot.picked").bounding_box(), page.locator(".tabs").bounding_box()
    assert bar["y"] + bar["height"] <= tabs["y"] + 1
