"""A password alone does not open a bureau's account: the code of a phone follows it, or a recovery code."""

import re
import time
from binascii import unhexlify

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from campaign_portal.accounts import second_factor
from campaign_portal.accounts.access import Role
from campaign_portal.audit.models import Event

from .builders import PASSWORD, browser, make_county, make_home_user, make_office, make_user

pytestmark = pytest.mark.django_db
SETUP, CODE, PAGE = (reverse(f"accounts:second-factor{name}") for name in ("-setup", "-code", ""))


@pytest.fixture(autouse=True)
def _required(settings):
    settings.SECOND_FACTOR_ROLES = {"bureau", "department"}


@pytest.fixture
def clerk():
    return make_user(make_office(Role.BUREAU))


def code_of(device, *, steps=0):
    """What the phone shows now, or `steps` times thirty seconds later."""
    totp = TOTP(unhexlify(device.key), digits=device.digits)
    totp.time = time.time() + 30 * steps
    return f"{totp.token():06d}"


def bind(client, user):
    """Go through the set-up page as a person would. Returns the recovery codes that were shown."""
    page = client.get(SETUP).content.decode()
    key = re.search(r'name="key" value="([^"]+)"', page)[1]
    device = second_factor.from_signed_key(key, user)
    page = client.post(SETUP, {"key": key, "code": code_of(device)})
    assert page.status_code == 200
    return re.findall(r"<code>(\w{4} \w{4})</code>", page.content.decode())


def password_only(user, **more):
    client = Client()
    page = client.post(reverse("accounts:sign-in"), {"username": user.username, "password": PASSWORD, **more})
    return client, page


def later(user):
    """The next code of the user's phone: one that was used to bind it is not taken again."""
    return code_of(TOTPDevice.objects.get(user=user), steps=1)


def test_a_bureau_binds_a_phone_before_anything_else_and_a_township_need_not(clerk):
    assert browser(clerk).get("/hazards/").url == SETUP
    assert browser(make_user()).get("/hazards/").status_code == 200
    client = browser(clerk)
    assert len(bind(client, clerk)) == 10
    assert client.get("/hazards/").status_code == 200
    assert Event.objects.filter(verb="user.second_factor_on", actor=clerk).count() == 1


def test_after_the_password_comes_the_code_and_then_the_page_that_was_asked_for(clerk):
    bind(browser(clerk), clerk)
    client, page = password_only(clerk, next="/todo/")
    assert "验证码" in page.content.decode()
    for path in ("/", "/hazards/", PAGE, SETUP, reverse("accounts:password")):
        assert client.get(path).url == CODE, path
    assert client.post(CODE, {"code": later(clerk), "next": "/todo/"}).url == "/todo/"
    assert client.get("/todo/").status_code == 200


def test_no_prefix_of_an_address_leads_past_the_code(clerk):
    """A server may be told to take the beginning of the path for the place where the portal is mounted."""
    bind(browser(clerk), clerk)
    client, _ = password_only(clerk)
    assert client.get("/hazards/", SCRIPT_NAME="/static").status_code == 302
    assert client.get("/static/none.css").status_code == 302


def test_scripts_are_told_rather_than_sent_to_a_page(clerk):
    bind(browser(clerk), clerk)
    client, _ = password_only(clerk)
    told = client.post("/files/pictures/", headers={"x-requested-with": "fetch"})
    assert told.status_code == 401 and "已填内容还在" in told.json()["error"]
    assert client.get("/hazards/", headers={"hx-request": "true"}).headers["HX-Redirect"] == CODE


def test_a_wrong_code_is_refused_and_makes_the_next_try_wait(clerk):
    bind(browser(clerk), clerk)
    client, _ = password_only(clerk)
    page = client.post(CODE, {"code": "000000"})
    assert page.status_code == 422
    assert "秒后再试" in page.content.decode()
    assert client.post(CODE, {"code": later(clerk)}).status_code == 422  # right, but too soon
    assert client.get("/hazards/").url == CODE


def test_a_code_is_taken_once(clerk):
    bind(browser(clerk), clerk)
    code = later(clerk)
    first, _ = password_only(clerk)
    assert first.post(CODE, {"code": code}).status_code == 302
    second, _ = password_only(clerk)
    assert second.post(CODE, {"code": code}).status_code == 422


def test_a_recovery_code_opens_once(clerk):
    codes = bind(browser(clerk), clerk)
    client, _ = password_only(clerk)
    assert client.post(CODE, {"code": codes[0].upper()}).status_code == 302
    assert second_factor.codes_left(clerk) == 9
    again, _ = password_only(clerk)
    assert again.post(CODE, {"code": codes[0]}).status_code == 422
    passed = Event.objects.get(verb="user.second_factor_passed", actor=clerk)
    assert passed.changes == {"方式": ["", "恢复码"]}


def test_a_form_that_outlived_its_session_is_offered_after_the_code(clerk):
    from campaign_portal.accounts import kept

    bind(browser(clerk), clerk)
    request = type("R", (), {})()
    request.POST = type("Q", (), {"lists": lambda self: [("text", ["写到一半"])]})()
    request.FILES = type("F", (), {"lists": lambda self: []})()
    request.idle_user, request.get_full_path = clerk.pk, lambda: "/hazards/1/comment/"
    text = kept.pack(request)
    client, page = password_only(clerk, kept=text)
    assert "还在" in page.content.decode()
    assert "写到一半" in client.post(CODE, {"code": later(clerk), "kept": text}).content.decode()


def test_the_key_of_the_page_is_signed_and_bound_to_its_reader(clerk):
    other = make_user(make_office(Role.BUREAU))
    candidate = second_factor.candidate(other)
    client = browser(clerk)
    for key in (second_factor.sign_key(candidate), "forged"):
        assert client.post(SETUP, {"key": key, "code": code_of(candidate)}).status_code == 422
    assert not TOTPDevice.objects.exists()


def test_a_wrong_first_code_leaves_the_old_phone_bound(clerk):
    client = browser(clerk)
    bind(client, clerk)
    old = TOTPDevice.objects.get(user=clerk)
    key = second_factor.sign_key(second_factor.candidate(clerk))
    assert client.post(SETUP, {"key": key, "code": "000000"}).status_code == 422
    assert TOTPDevice.objects.get(user=clerk) == old
    bind(client, clerk)
    assert TOTPDevice.objects.get(user=clerk) != old


def test_who_knows_only_the_password_cannot_bind_another_phone(clerk):
    bind(browser(clerk), clerk)
    client = browser(clerk)  # a session that never showed the code
    assert client.get(SETUP).url == CODE
    for name in ("recovery-codes", "second-factor-off"):
        assert client.post(reverse(f"accounts:{name}")).url == CODE
    assert second_factor.is_on(clerk)


def test_a_township_may_turn_it_on_and_off_and_a_bureau_may_not_turn_it_off(clerk):
    officer = make_user()
    for user, stays in ((officer, False), (clerk, True)):
        client = browser(user)
        bind(client, user)
        page = client.post(reverse("accounts:second-factor-off"), follow=True).content.decode()
        assert second_factor.is_on(user) == stays
        assert ("不能关闭" in page) == stays


def test_new_recovery_codes_end_the_old_ones(clerk):
    client = browser(clerk)
    old = bind(client, clerk)
    page = client.post(reverse("accounts:recovery-codes")).content.decode()
    new = re.findall(r"<code>(\w{4} \w{4})</code>", page)
    assert len(new) == 10 and not set(new) & set(old)


def test_an_administrator_takes_away_a_colleagues_lost_factor_and_not_the_own(settings):
    bureau = make_county().bureau
    chief, clerk = make_user(bureau, is_administrator=True), make_user(bureau)
    client = browser(chief)
    bind(client, chief)
    bind(browser(clerk), clerk)
    for person, stays in ((clerk, False), (chief, True)):
        client.post(reverse("accounts:user-reset-second-factor", args=[person.pk]))
        assert second_factor.is_on(person) == stays
    stranger = make_home_user()
    assert browser(stranger).post(reverse("accounts:user-reset-second-factor", args=[chief.pk])).status_code == 404


def test_an_open_session_ends_with_the_factor_that_opened_it(clerk):
    """A stolen notebook stays signed in; after the reset it must not be the first to bind a phone."""
    stolen = browser(clerk)
    bind(stolen, clerk)
    second_factor.reset(user=clerk, by=None)
    for path in (SETUP, "/hazards/"):
        assert stolen.get(path).url.startswith(reverse("accounts:sign-in")), path
    assert browser(clerk).get("/hazards/").url == SETUP


def test_who_turns_his_factor_off_works_on(clerk):
    officer = make_user()
    client = browser(officer)
    bind(client, officer)
    client.post(reverse("accounts:second-factor-off"))
    assert client.get("/hazards/").status_code == 200


def test_the_last_administrator_is_helped_from_the_command_line(clerk, capsys):
    with pytest.raises(CommandError, match="没有启用"):
        call_command("reset_second_factor", clerk.username)
    bind(browser(clerk), clerk)
    call_command("reset_second_factor", clerk.username)
    assert not second_factor.is_on(clerk)
    with pytest.raises(CommandError, match="没有账号"):
        call_command("reset_second_factor", "nobody")
