"""Chromium for the tests that tell the story by real clicks.

A test asks for `phone(user)` or `desk(user)`: a signed-in person's page, each in a browser session of its own. What the
browser's console complains about fails the test, so does an answer of 5xx. Fixtures reach the tests through conftest.
"""

import io
import re
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect, sync_playwright

PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
DESK = {"viewport": {"width": 1366, "height": 768}}
PATIENCE = 10_000  # milliseconds for a click or an expectation
AXE = Path(__file__).resolve().parent.parent / "node_modules" / "axe-core" / "axe.min.js"

CHROMIUM = {
    "executable_path": "/usr/bin/chromium",
    "args": [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--lang=zh-CN",
    ],
}  # fmt: skip

# How the portal answers a form that is not right, or that came too late: a page with these states, not an error.
FORM_ANSWERS = ("status of 401", "status of 409", "status of 422")


@pytest.fixture(scope="module")
def chromium():
    """One Chromium for a file of tests. Not for the whole run: while Playwright is up, its event loop runs in this
    thread and Django takes every query for an async one, which only these tests may ignore."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(**CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture
def complaints():
    """What the browsers complained about. A test that provokes a complaint clears it."""
    found = []
    yield found
    assert not found, "\n".join(found)


@pytest.fixture
def visit(chromium, live_server, complaints):
    """visit(user, **device): a new browser session on the live server. With a user: signed in, on the first page."""
    from . import builders  # here, so that screenshots.py reads this file without Django

    contexts = []
    expect.set_options(timeout=PATIENCE)

    def open_session(user=None, **device):
        # A service worker stands between page and network, where routes of a test do not see it: only where it is the point.
        usual = {
            "base_url": live_server.url,
            "locale": "zh-CN",
            "timezone_id": "Asia/Shanghai",
            "service_workers": "block",
        }
        context = chromium.new_context(**(usual | DESK | device))
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        context.on("page", lambda page: listen(page, complaints))
        page = context.new_page()
        if user is not None:
            session = builders.browser(user).cookies["sessionid"].value
            context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
            page.goto("/")
        return page

    yield open_session
    for context in contexts:
        context.close()


@pytest.fixture
def desk(visit):
    """desk(user): the page of somebody at an office computer."""
    return lambda user, **device: visit(user, **device)


@pytest.fixture
def phone(visit):
    """phone(user): the page of somebody with a phone in the hand."""
    return lambda user, **device: visit(user, **(PHONE | device))


def listen(page: Page, complaints: list):
    def on_console(message):
        if message.type == "error" and not any(answer in message.text for answer in FORM_ANSWERS):
            complaints.append(f"{page.url}: {message.text} {message.location.get('url', '')}")

    page.on("console", on_console)
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))


def sign_in(page: Page, username, password):
    page.goto("/accounts/sign-in/")
    page.get_by_label("账号").fill(username)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()
    expect(page.locator(".frame")).to_be_visible()


def field(page: Page, label):
    """The form field with just this label, whether or not it may be left empty."""
    return page.get_by_label(re.compile(rf"^{re.escape(label)}(选填)?$"))


def press(page: Page, name):
    page.get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name):
    page.get_by_role("link", name=name, exact=True).first.click()


# Photos


def shot(colour="#8a6d4b", name="IMG_0001.jpg"):
    """A photo as a phone would hand it over: a JPEG of some size with something on it."""
    image = Image.new("RGB", (1600, 1200), colour)
    ImageDraw.Draw(image).rectangle((500, 300, 1100, 1100), fill="#d8d2c4")
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return {"name": name, "mimeType": "image/jpeg", "buffer": out.getvalue()}


def take_photos(page: Page, label, *shots):
    """Choose photos in the field with this label and wait until all have arrived."""
    chooser = field(page, label)
    chooser.set_input_files(list(shots))
    box = page.locator("[data-pictures]").filter(has=chooser)
    expect(box.locator("input[type=hidden]")).to_have_count(len(shots))


# Accessibility


def axe_violations(page: Page):
    """Serious and critical violations, a readable line each. Evaluated, not injected: our CSP forbids inline scripts."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    grave = [violation for violation in found["violations"] if violation["impact"] in ("serious", "critical")]
    return [f"{v['id']}: {v['help']} — {_where(v['nodes'])}" for v in grave]


def _where(nodes):
    return "; ".join(f"{' '.join(map(str, node['target']))} {node['html'][:120]}" for node in nodes[:3])
