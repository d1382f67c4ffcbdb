"""No serious or critical finding of axe on the main pages of any role, on the office screen and on the phone."""

import pytest

from inspections import services

from . import builders, hazards
from .browser import DESK, PHONE, axe_violations, expect
from .builders import in_days
from .hazards import Cast

pytestmark = [pytest.mark.browser]


@pytest.fixture
def cast(transactional_db):
    """A county with a hazard in each state, a licence that runs out, and one more home."""
    cast = Cast(credit_code="")
    cast.administrator = builders.make_user(cast.bureau, is_administrator=True)
    cast.licence = builders.make_licence(cast.home, expires_on=in_days(20))
    builders.make_facility("油麻敬老院", supervisor=cast.township)
    cast.reported = hazards.reported(cast)
    cast.on_spot = hazards.reported(cast, fixed_on_spot=True)
    cast.returned = services.send_for_completion(hazard=hazards.reported(cast), by=cast.officer, reason="照片太暗")
    cast.opened = hazards.opened(cast)
    cast.submitted = hazards.submitted(cast, by=cast.officer)
    cast.closed = hazards.closed(cast)
    cast.major = hazards.major(cast, departments=[cast.township, cast.fire.office, cast.housing.office])
    services.say(hazard=cast.opened, by=cast.manager, text="配件已订货")
    cast.asked = services.ask_extension(
        hazard=hazards.opened(cast), by=cast.manager, new_due_on=in_days(20), reason="等配件", interim="加巡"
    )
    return cast


def act(hazard, slug=""):
    return f"/hazards/{hazard.pk}/{slug}"


def findings_on(page, paths):
    """What axe finds on these pages at both sizes; a page that does not open is a finding too."""
    found = []
    for path in paths:
        answer = page.goto(path)
        if answer.status != 200:
            found.append(f"{path}: {answer.status}")
            continue
        for size, device in (("desk", DESK), ("phone", PHONE)):
            page.set_viewport_size(device["viewport"])
            found += [f"{path} ({size}) {violation}" for violation in axe_violations(page)]
    return found


def home_pages(cast):
    return [
        "/", "/todo/", "/deadlines/", "/deadlines/month/", "/deadlines/subscription/",
        "/hazards/", "/hazards/?state=all", "/hazards/report/", act(cast.reported, "reported/"),
        act(cast.opened), act(cast.opened, "submit/"), act(cast.opened, "ask-extension/"),
        act(cast.major, "plan/"), act(cast.returned, "complete/"), act(cast.submitted),
        cast.home.get_absolute_url(), f"{cast.home.get_absolute_url()}edit/", "/jobs/", "/accounts/password/",
    ]  # fmt: skip


def township_pages(cast):
    return [
        "/", "/todo/", "/hazards/?state=reported", "/hazards/register/", f"/hazards/register/?facility={cast.home.pk}",
        f"/hazards/report/?facility={cast.home.pk}", act(cast.reported), act(cast.reported, "verify/"),
        act(cast.on_spot, "verify-fixed/"), act(cast.reported, "send-for-completion/"), act(cast.reported, "void/"),
        act(cast.submitted), act(cast.submitted, "close/"), act(cast.submitted, "send-back/"),
        f"/hazards/{cast.asked.hazard_id}/requests/{cast.asked.pk}/", act(cast.opened, "share/"), "/facilities/",
        "/facilities/new/", f"{cast.home.get_absolute_url()}licences/{cast.licence.pk}/", "/accounts/users/",
        "/accounts/users/new/", f"/accounts/users/{cast.manager.pk}/",
    ]  # fmt: skip


def department_pages(cast):
    return [
        "/", "/todo/", "/deadlines/overdue/", "/hazards/", f"/hazards/register/?facility={cast.home.pk}", act(cast.major), "/facilities/",
        cast.home.get_absolute_url(), "/accounts/users/", "/campaigns/",
    ]  # fmt: skip


def bureau_pages(cast):
    return [
        "/", "/todo/", "/deadlines/week/", "/deadlines/rows/", f"/deadlines/history/rectify/{cast.opened.pk}/",
        "/hazards/", "/hazards/?q=没有这样的隐患", act(cast.closed), act(cast.major, "regrade/"),
        "/facilities/", cast.home.get_absolute_url(), f"{cast.home.get_absolute_url()}edit/",
        f"{cast.home.get_absolute_url()}state/", "/accounts/users/", f"/accounts/users/{cast.leader.pk}/", "/events/",
        "/campaigns/", f"/campaigns/{cast.opened.campaign_id}/", "/jobs/", "/reports/",
    ]  # fmt: skip


PAGES = {
    "manager": home_pages,
    "leader": township_pages,
    "fire": department_pages,
    "administrator": bureau_pages,
}


@pytest.mark.parametrize("who", PAGES)
def test_the_pages_of_a_role_have_no_serious_findings(cast, desk, who):
    page = desk(getattr(cast, who))
    assert not (found := findings_on(page, PAGES[who](cast))), "\n".join(found)


def test_the_pages_before_signing_in_have_no_serious_findings(visit):
    assert findings_on(visit(), ["/accounts/sign-in/", "/accounts/sign-in/?next=/hazards/"]) == []


def test_a_form_with_errors_has_no_serious_findings(cast, phone):
    page = phone(cast.manager)
    page.goto("/hazards/report/")
    page.locator("form[data-steps]").evaluate("form => form.submit()")
    expect(page.get_by_text("还有内容要改")).to_be_visible()
    assert axe_violations(page) == []


def test_an_open_menu_and_an_open_question_have_no_serious_findings(cast, phone):
    page = phone(cast.leader)
    page.locator(".who summary").click()
    assert axe_violations(page) == []
    page.goto(f"/accounts/users/{cast.manager.pk}/")
    page.get_by_role("button", name="重置密码").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert axe_violations(page) == []


def test_the_way_from_the_keyboard_reaches_the_main_text(cast, desk):
    page = desk(cast.officer)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
