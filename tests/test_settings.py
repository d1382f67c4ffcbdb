"""What production insists on: a secret, safe headers, no inline code, and a word about what the machine lacks."""

import os
import re
import subprocess
import sys
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command

from campaign_portal import checks

from . import builders, hazards
from .builders import browser
from .hazards import Cast

SECRET = "p8nPq0-vY3kq7s_LzT4mW9xXbR2cD5eF6gH1jK0lMnOpQrStUv"


def run(*command, **environment):
    """A command with a production's environment: nothing of this test run leaks in."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        command, cwd=settings.BASE_DIR, env=kept | environment, capture_output=True, text=True, timeout=60
    )


def program(name):
    return os.path.join(os.path.dirname(sys.executable), name)


# Secrets


SERVERS = [
    ["gunicorn", "campaign_portal.wsgi", "--check-config"],
    ["celery", "-A", "campaign_portal", "report"],
]


@pytest.mark.parametrize("command", SERVERS, ids=lambda command: command[0])
def test_a_server_does_not_start_without_its_secret(command, tmp_path):
    name, *arguments = command
    refused = run(program(name), *arguments, PORTAL_DATA_DIR=str(tmp_path))
    assert refused.returncode != 0
    assert "Set PORTAL_SECRET_KEY" in refused.stderr + refused.stdout
    started = run(program(name), *arguments, PORTAL_DATA_DIR=str(tmp_path), PORTAL_SECRET_KEY=SECRET)
    assert started.returncode == 0, started.stderr


def test_two_commands_without_a_secret_do_not_share_a_guessable_one(tmp_path):
    show = "from django.conf import settings; print(settings.SECRET_KEY)"
    environment = {"PORTAL_DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "campaign_portal.settings"}
    first, second = (run(sys.executable, "-c", show, **environment).stdout.strip() for _ in range(2))
    assert len(first) >= 50
    assert first != second


def test_production_passes_djangos_own_examination(tmp_path):
    environment = {
        "PORTAL_DATA_DIR": str(tmp_path),
        "PORTAL_SECRET_KEY": SECRET,
        "PORTAL_ALLOWED_HOSTS": "portal.example",
    }
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    assert run(*command, **environment).returncode == 0, run(*command, **environment).stderr
    careless = run(*command, **environment | {"PORTAL_DEBUG": "1", "PORTAL_HTTPS": "0"})
    assert careless.returncode != 0
    assert "security.W018" in careless.stderr  # DEBUG
    assert "security.W012" in careless.stderr  # a session cookie without HTTPS


# Headers


@pytest.mark.django_db
@pytest.mark.sqlite
def test_every_page_carries_its_safety_headers():
    cast = Cast()
    hazard = hazards.opened(cast)
    for client, path in [
        (browser(), "/accounts/sign-in/"),
        (browser(cast.manager), f"/hazards/{hazard.pk}/"),
        (browser(cast.manager), "/hazards/0/"),
        (browser(cast.manager), "/events/"),
    ]:
        response = client.get(path)
        policy = response["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self'" in policy and "style-src 'self'" in policy
        assert "unsafe-inline" not in policy and "unsafe-eval" not in policy
        assert "frame-ancestors 'none'" in policy and "form-action 'self'" in policy
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["X-Frame-Options"] == "DENY"
        assert response["Referrer-Policy"] == "same-origin"
        assert response["X-Request-ID"]


@pytest.mark.django_db
def test_with_https_the_cookies_are_safe_and_plain_requests_are_sent_on(settings):
    settings.SECURE_SSL_REDIRECT, settings.SECURE_HSTS_SECONDS = True, 31_536_000
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    plain = browser().get("/accounts/sign-in/")
    assert (plain.status_code, plain.url) == (301, "https://testserver/accounts/sign-in/")
    user = builders.make_user(password=builders.PASSWORD)
    client = browser()
    signed = client.post("/accounts/sign-in/", {"username": user.username, "password": builders.PASSWORD}, secure=True)
    assert signed["Strict-Transport-Security"].startswith("max-age=31536000")
    cookie = client.cookies["sessionid"]
    assert cookie["secure"] and cookie["httponly"] and cookie["samesite"] == "Lax"


# No inline code in any template


INLINE = {
    "script": re.compile(r"<script(?![^>]*\bsrc=)[^>]*>", re.IGNORECASE),
    "style element": re.compile(r"<style\b", re.IGNORECASE),
    "style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "event handler": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=\s*[\"']", re.IGNORECASE),
    "javascript address": re.compile(r"javascript:", re.IGNORECASE),
    "foreign address": re.compile(r"(?:src|href)\s*=\s*[\"'](?:https?:)?//", re.IGNORECASE),
    "unescaped": re.compile(r"(?<!help_text)\|\s*safe\b|{%\s*autoescape off"),  # help texts are ours, some with a list
}


def inline_code(text):
    return [kind for kind, pattern in INLINE.items() if pattern.search(text)]


def test_no_template_has_inline_code_or_foreign_addresses():
    templates = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
    assert len(templates) > 30
    found = {
        str(path.relative_to(settings.BASE_DIR)): inline_code(path.read_text(encoding="utf-8")) for path in templates
    }
    assert {path: kinds for path, kinds in found.items() if kinds} == {}


@pytest.mark.parametrize(
    "text, kind",
    [
        ("<script>alert(1)</script>", "script"),
        ('<p class="a" style="color:red">', "style attribute"),
        ("<STYLE>p {}</STYLE>", "style element"),
        ('<a onclick="go()">', "event handler"),
        ('<script src="https://cdn.example/x.js"></script>', "foreign address"),
        ("{{ text|safe }}", "unescaped"),
    ],
)
def test_inline_code_would_be_found(text, kind):
    assert inline_code(text) == [kind]


# What the machine lacks


def test_missing_pdf_libraries_are_named_with_their_packages(monkeypatch):
    there = {"pango-1.0"}
    monkeypatch.setattr(checks, "find_library", lambda name: f"lib{name}.so" if name in there else None)
    (warning,) = checks.pdf_libraries(None)
    assert warning.hint == "apt-get install libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk"
    there |= set(checks.PDF_LIBRARIES)
    assert checks.pdf_libraries(None) == []


def test_the_check_runs_under_its_tag_and_does_not_stop_anything(monkeypatch):
    monkeypatch.setattr(checks, "find_library", lambda name: None)
    said = StringIO()
    call_command("check", "--deploy", "--tag", "pdf", stdout=StringIO(), stderr=said)
    assert "apt-get install libpango-1.0-0" in said.getvalue()


def test_the_packages_of_the_makefile_are_those_of_the_check():
    makefile = (settings.BASE_DIR / "Makefile").read_text()
    (named,) = re.findall(r"^PDF_PACKAGES := (.*)$", makefile, re.MULTILINE)
    assert named.split() == list(checks.PDF_LIBRARIES.values())
    assert "check --deploy --tag pdf" in makefile
