"""Getting in, staying in, and not losing what was typed when a session has ended."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from campaign_portal.accounts.passwords import KindsOfCharactersValidator, readable_password
from campaign_portal.audit.models import Event
from inspections.models import Comment

from . import hazards
from .builders import PASSWORD, browser, make_home_user, make_office, make_user
from .hazards import Cast

pytestmark = pytest.mark.django_db
SIGN_IN = "/accounts/sign-in/"


def sign_in(client, user, password=PASSWORD, **rest):
    return client.post(SIGN_IN, {"username": user.username, "password": password, **rest})


def test_the_right_password_leads_to_the_page_that_was_asked_for():
    user, client = make_user(), Client()
    assert client.get("/todo/").url == f"{SIGN_IN}?next=/todo/"
    assert sign_in(client, user, next="/todo/").url == "/todo/"
    assert Event.objects.filter(verb="user.signed_in", actor=user).count() == 1


def test_it_never_leads_to_somebody_elses_site():
    assert sign_in(Client(), make_user(), next="https://example.com/").url == "/"


def test_a_wrong_password_is_said_plainly_and_the_name_stays():
    user = make_user()
    page = sign_in(Client(), user, "wrong")
    assert page.status_code == 422
    assert "账号或密码不对" in page.content.decode()
    assert user.username in page.content.decode()


def test_five_wrong_passwords_lock_the_account_at_that_address():
    user, client = make_user(), Client()
    for _ in range(5):
        page = sign_in(client, user, "wrong")
    assert page.status_code == 429
    assert "锁定 10 分钟" in page.content.decode()
    assert sign_in(client, user).status_code == 429  # the right one no longer helps
    other = Client(REMOTE_ADDR="10.0.0.9")
    assert sign_in(other, user).status_code == 302  # a stranger does not lock the owner out elsewhere


def test_a_disabled_account_or_office_is_out_at_the_next_click():
    user = make_user()
    client = browser(user)
    assert client.get("/").status_code == 200
    user.office.is_active = False
    user.office.save()
    assert client.get("/").status_code == 302
    assert sign_in(Client(), user).status_code == 422


def test_an_office_changes_a_password_that_somebody_else_chose_and_a_home_need_not():
    officer, manager = make_user(), make_home_user()
    for user in (officer, manager):
        user.must_change_password = user is officer
        user.save()
    assert browser(officer).get("/").url == reverse("accounts:password")
    assert browser(manager).get("/").status_code == 200


def test_passwords_of_homes_need_two_kinds_of_characters_and_of_offices_three():
    check = KindsOfCharactersValidator().validate
    check("abcd1234", make_home_user())
    check("Abcd1234", make_user())
    with pytest.raises(ValidationError, match="三种"):
        check("abcd1234", make_user())
    with pytest.raises(ValidationError, match="字母和数字"):
        check("abcdefgh", make_home_user())
    check(readable_password(), make_user())


def expire(client, settings):
    settings.IDLE_MINUTES = -1


def test_an_idle_session_ends_and_says_where_to_go_on(settings):
    client = browser(make_user())
    client.get("/")
    expire(client, settings)
    assert client.get("/todo/").url == f"{SIGN_IN}?next=/todo/"


def test_a_form_sent_too_late_is_kept_through_the_sign_in_and_saved_afterwards(settings):
    cast = Cast()
    hazard = hazards.reported(cast)
    client = browser(cast.officer)
    client.get("/")
    expire(client, settings)
    late = client.post(f"/hazards/{hazard.pk}/comment/", {"text": "明天上午到现场看"})
    assert late.status_code == 401
    kept = re.search(r'name="kept" value="([^"]+)"', late.content.decode())[1]
    settings.IDLE_MINUTES = 30
    page = sign_in(client, cast.officer, kept=kept).content.decode()
    assert "继续提交" in page
    assert 'value="明天上午到现场看"' in page
    assert not Comment.objects.exists()  # nothing is sent before the user says so
    client.post(f"/hazards/{hazard.pk}/comment/", {"text": "明天上午到现场看"})
    assert Comment.objects.get().by == cast.officer


def test_what_one_user_typed_is_not_offered_to_another(settings):
    cast = Cast()
    client = browser(cast.officer)
    client.get("/")
    expire(client, settings)
    late = client.post(f"/hazards/{hazards.reported(cast).pk}/comment/", {"text": "只给本人"})
    kept = re.search(r'name="kept" value="([^"]+)"', late.content.decode())[1]
    settings.IDLE_MINUTES = 30
    assert sign_in(client, cast.leader, kept=kept).status_code == 302
    assert sign_in(Client(), cast.officer, kept=kept[:-3] + "abc").status_code == 302  # forged


def test_a_picture_sent_too_late_is_answered_in_words(settings):
    cast = Cast()
    client = browser(cast.manager)
    client.get("/")
    expire(client, settings)
    answer = client.post("/files/pictures/", {"file": hazards.upload()}, headers={"X-Requested-With": "fetch"})
    assert answer.status_code == 401
    assert "登录已过期" in answer.json()["error"]


def test_signing_out_is_a_post_and_is_recorded():
    user = make_user(make_office())
    client = browser(user)
    assert client.get("/accounts/sign-out/").status_code == 405
    client.post("/accounts/sign-out/")
    assert client.get("/").status_code == 302
    assert Event.objects.filter(verb="user.signed_out", actor=user).exists()
