"""Accounts are made, edited, reset, handed over, moved and disabled by those who look after them, and by nobody else."""

import pytest

from campaign_portal.accounts import services
from campaign_portal.accounts.access import Role
from campaign_portal.accounts.models import User
from campaign_portal.audit.models import Event
from campaign_portal.edges import Refused

from .builders import (
    PASSWORD,
    browser,
    count_queries,
    make_county,
    make_facility,
    make_home_user,
    make_office,
    make_user,
)

pytestmark = pytest.mark.django_db

NEW = "/accounts/users/new/"


@pytest.fixture
def county():
    return make_county()


@pytest.fixture
def township(county):
    return county.township


@pytest.fixture
def administrator(township):
    return make_user(township, name="周丽娟", is_administrator=True)


def typed(office, **more):
    return {"office": office.pk, "username": "liuyang", "name": "刘洋", "phone": "", "is_clerk": "on"} | more


def post(user, person, step="", **data):
    return browser(user).post(f"/accounts/users/{person.pk}/{step}", data)


def last_event(person):
    return Event.objects.about(person).last()


# The list


def test_an_administrator_sees_the_own_office_first_and_those_below_it(county, administrator):
    home = make_facility("马田敬老院", supervisor=county.township)
    make_user(county.bureau, name="县里的人")
    page = browser(administrator).get("/accounts/users/")
    assert [office.name for office in page.context["offices"]] == ["马田镇民政办", "马田敬老院"]
    assert "机构不能登录上报" in page.content.decode()  # a home without an account is pointed out
    assert f"{NEW}?office={home.office_id}" in page.content.decode()
    assert "县里的人" not in page.content.decode()


def test_a_township_clerk_looks_after_the_homes_only(county):
    clerk = make_user(county.township)
    home = make_facility(supervisor=county.township)
    page = browser(clerk).get("/accounts/users/")
    assert [office.pk for office in page.context["offices"]] == [home.office_id]


def test_who_looks_after_nobody_reads_the_colleagues_without_links(county):
    office = county.departments["fire"]
    clerk, colleague = make_user(office), make_user(office, name="邓队长", is_administrator=True)
    page = browser(clerk).get("/accounts/users/").content.decode()
    assert "邓队长" in page and "管理员" in page
    assert f"/accounts/users/{colleague.pk}/" not in page and NEW not in page


def test_people_are_found_by_name_account_telephone_and_office(county, administrator):
    home = make_facility("马田敬老院", supervisor=county.township)
    make_home_user(home, name="何志强", username="matian_home", phone="13800005003")
    for text in ("何志", "matian_", "5003", "敬老院"):
        page = browser(administrator).get("/accounts/users/", {"q": text})
        assert [person.name for office in page.context["offices"] for person in office.people] == ["何志强"]
    assert "没有找到" in browser(administrator).get("/accounts/users/", {"q": "查无此人"}).content.decode()


def test_the_list_costs_the_same_for_one_home_as_for_six(county, administrator):
    make_home_user(make_facility(supervisor=county.township))
    watcher = browser(administrator)
    watcher.get("/accounts/users/")
    one = count_queries(lambda: watcher.get("/accounts/users/"))
    for _ in range(5):
        make_home_user(make_facility(supervisor=county.township))
    assert count_queries(lambda: watcher.get("/accounts/users/")) == one


# A new account


def test_a_new_account_signs_in_with_the_password_told_once_and_must_change_it(county, administrator):
    page = browser(administrator).post(NEW, typed(county.township))
    person = User.objects.get(username="liuyang")
    told = page.context["password"]
    assert told in page.content.decode() and "no-store" in page["Cache-Control"]
    client = browser()
    assert client.post("/accounts/sign-in/", {"username": "liuyang", "password": told}).status_code == 302
    assert client.get("/accounts/users/").url == "/accounts/password/"
    assert person.office == county.township and list(person.groups.all()) == [county.township.group]
    assert told not in str(Event.objects.values_list("changes", "reason"))


def test_a_home_may_keep_the_password_it_was_given(county):
    home = make_facility(supervisor=county.township)
    browser(make_user(county.township)).post(NEW, typed(home.office))
    assert not User.objects.get(username="liuyang").must_change_password


def test_an_account_in_somebody_elses_office_is_refused(county, administrator):
    for office in (county.bureau, county.townships["柏林镇"]):
        assert browser(administrator).post(NEW, typed(office)).status_code == 422
    assert not User.objects.filter(username="liuyang").exists()


def test_a_clerk_of_a_department_makes_no_accounts(county):
    office = county.departments["fire"]
    assert browser(make_user(office)).post(NEW, typed(office)).status_code == 403
    assert browser(make_user(office)).get(NEW).status_code == 403


def test_a_name_in_use_and_an_account_without_a_duty_are_refused_in_words(county, administrator):
    make_user(county.township, username="liuyang")
    response = browser(administrator).post(NEW, typed(county.township))
    assert response.status_code == 422 and "这个账号已有人使用" in response.content.decode()
    no_duty = typed(county.township, username="other")
    del no_duty["is_clerk"]
    response = browser(administrator).post(NEW, no_duty)
    assert response.status_code == 422 and "至少要有一项岗位" in response.content.decode()
    assert 'value="刘洋"' in response.content.decode()


def test_the_only_office_is_chosen_already(county):
    home = make_facility(supervisor=county.township)
    page = browser(make_user(county.township)).get(NEW)
    assert page.context["form"]["office"].value() == home.office_id


# Editing


def test_duties_are_edited_and_written_down(administrator, township):
    person = make_user(township, name="王小明")
    post(administrator, person, name="王小明", is_clerk="on", is_approver="on")
    person.refresh_from_db()
    assert person.is_approver
    assert last_event(person).changes == {"审批": ["否", "是"]}


def test_nobody_is_left_without_a_duty(administrator, township):
    person = make_user(township, name="王小明")
    response = post(administrator, person, name="王大明")
    page = response.content.decode()
    assert response.status_code == 422 and "至少要有一项岗位" in page
    assert 'value="王大明"' in page and "<h1>王小明</h1>" in page
    person.refresh_from_db()
    assert person.is_clerk


def test_the_last_administrator_keeps_the_duty(administrator):
    response = post(administrator, administrator, name="周丽娟", is_clerk="on")
    assert response.status_code == 302
    administrator.refresh_from_db()
    assert administrator.is_administrator


@pytest.mark.parametrize("step", ["", "reset-password/", "active/", "move/", "hand-over/"])
def test_a_stranger_does_not_find_the_account_and_changes_nothing(county, administrator, step):
    stranger = make_user(county.townships["柏林镇"], is_administrator=True)
    before = User.objects.filter(pk=administrator.pk).values().get()
    data = {"active": "0", "office": stranger.office_id, "taker": stranger.pk, "name": "改名", "is_clerk": "on"}
    assert post(stranger, administrator, step, **data).status_code == 404
    assert User.objects.filter(pk=administrator.pk).values().get() == before


@pytest.mark.parametrize("step", ["reset-password/", "active/", "move/", "hand-over/"])
def test_links_change_nothing(administrator, township, step):
    person = make_user(township)
    assert browser(administrator).get(f"/accounts/users/{person.pk}/{step}").status_code == 405


# Passwords


def test_a_reset_password_replaces_the_old_one_and_ends_open_sessions(county):
    clerk, director = make_user(county.township), make_home_user(make_facility(supervisor=county.township))
    session = browser(director)
    page = post(clerk, director, "reset-password/")
    told = page.context["password"]
    assert session.get("/").url.startswith("/accounts/sign-in/")
    director.refresh_from_db()
    assert director.check_password(told) and not director.check_password(PASSWORD)
    assert last_event(director).verb == "user.password_reset"
    assert told not in str(last_event(director).changes)


def test_who_resets_the_own_password_stays_signed_in(administrator):
    client = browser(administrator)
    client.post(f"/accounts/users/{administrator.pk}/reset-password/")
    assert client.get("/accounts/users/").url == "/accounts/password/"  # signed in, asked to change it


# Disabling


def test_a_disabled_account_is_out_at_once_and_back_when_enabled(administrator, township):
    person = make_user(township)
    session = browser(person)
    post(administrator, person, "active/", active="0")
    assert session.get("/accounts/users/").url.startswith("/accounts/sign-in/")
    assert last_event(person).verb == "user.disabled"
    post(administrator, person, "active/", active="1")
    assert session.get("/accounts/users/").status_code == 200
    assert last_event(person).verb == "user.enabled"


def test_nobody_disables_the_own_account(administrator):
    page = browser(administrator).get(f"/accounts/users/{administrator.pk}/").content.decode()
    assert "停用账号" not in page
    post(administrator, administrator, "active/", active="0")
    administrator.refresh_from_db()
    assert administrator.is_active


def test_the_page_asks_before_disabling(administrator, township):
    page = browser(administrator).get(f"/accounts/users/{make_user(township).pk}/").content.decode()
    assert 'data-confirm="停用' in page


def test_the_last_administrator_is_not_disabled_from_above(county, administrator):
    above = make_user(county.bureau, is_administrator=True)
    post(above, administrator, "active/", active="0")
    administrator.refresh_from_db()
    assert administrator.is_active


def test_an_account_without_a_duty_is_not_enabled(administrator, township):
    person = make_user(township)
    User.objects.filter(pk=person.pk).update(is_active=False, is_clerk=False)
    with pytest.raises(Refused, match="没有岗位"):
        services.set_active(user=person, active=True, by=administrator)


# Handing over


def test_duties_are_handed_over_and_the_giver_leaves(county):
    leader = make_user(county.bureau, is_administrator=True)
    giver = make_user(county.township, name="老何", is_approver=True, is_administrator=True)
    taker = make_user(county.township, name="小周")
    post(leader, giver, "hand-over/", taker=taker.pk, disable="on")
    giver.refresh_from_db(), taker.refresh_from_db()
    assert not giver.is_active
    assert taker.is_approver and taker.is_administrator
    assert last_event(taker).reason == "接手老何的岗位：经办、审批、管理员"
    assert last_event(giver).reason == "已交接给小周"


def test_duties_stay_in_the_office(administrator, township, county):
    giver, elsewhere = make_user(township, is_approver=True), make_user(county.bureau)
    post(administrator, giver, "hand-over/", taker=elsewhere.pk)
    elsewhere.refresh_from_db()
    assert not elsewhere.is_approver
    with pytest.raises(Refused, match="本单位的另一位同事"):
        services.hand_over(giver=giver, taker=elsewhere, by=administrator, disable=False)


def test_handing_over_is_offered_only_with_a_colleague_and_moving_only_with_another_office(county):
    leader = make_user(county.departments["fire"], is_administrator=True)
    page = browser(leader).get(f"/accounts/users/{leader.pk}/")
    assert page.context["hand_over_form"] is None and page.context["move_form"] is None
    make_user(county.departments["fire"])
    make_office(Role.DEPARTMENT, area=county.area, parent=leader.office)
    page = browser(leader).get(f"/accounts/users/{leader.pk}/")
    assert page.context["hand_over_form"] and page.context["move_form"]


# Moving


def test_who_moves_sees_what_the_new_office_sees(county):
    leader = make_user(county.bureau, is_administrator=True)
    matian, bolin = county.townships.values()
    person = make_user(matian)
    old, new = make_facility(supervisor=matian), make_facility(supervisor=bolin)
    session = browser(person)
    assert session.get(old.get_absolute_url()).status_code == 200
    post(leader, person, "move/", office=bolin.pk)
    assert session.get(old.get_absolute_url()).status_code == 404
    assert session.get(new.get_absolute_url()).status_code == 200
    assert last_event(person).changes["单位"] == [matian.name, bolin.name]


def test_nobody_is_moved_to_an_office_out_of_reach(administrator, township, county):
    person = make_user(township)
    post(administrator, person, "move/", office=county.bureau.pk)
    person.refresh_from_db()
    assert person.office == township
