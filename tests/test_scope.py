"""What an office sees follows its grants: areas by level, homes by name, both only for as long as they are given."""

import datetime

import pytest
from django.contrib.auth.models import AnonymousUser

from campaign_portal import clock
from campaign_portal.accounts import access
from campaign_portal.accounts.access import Role, scope_of
from campaign_portal.accounts.models import Area, Level, Office
from facilities.models import Facility
from facilities.rules import may_edit_contacts, may_manage, runs

from .builders import (
    browser,
    count_queries,
    fresh,
    in_days,
    make_area,
    make_county,
    make_facility,
    make_home_user,
    make_office,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def county():
    return make_county()


def seen_by(user):
    return set(Facility.objects.visible_to(fresh(user)))


# Areas by level


def test_each_level_sees_what_lies_in_its_area(county):
    matian, bolin = county.townships.values()
    in_matian, in_bolin = make_facility(supervisor=matian), make_facility(supervisor=bolin)
    next_door = make_facility(supervisor=make_county().township)
    city = make_user(make_office(Role.BUREAU, area=county.area.parent))
    province = make_user(make_office(Role.BUREAU, area=county.area.parent.parent))
    assert seen_by(make_user(matian)) == {in_matian}
    assert seen_by(make_user(county.bureau)) == {in_matian, in_bolin}
    assert seen_by(make_user(county.departments["fire"])) == {in_matian, in_bolin}
    assert seen_by(city) == seen_by(province) == {in_matian, in_bolin, next_door}


def test_a_code_that_ends_in_zeros_is_cut_by_its_level():
    """431000000000 is a city although the digits of its county part are zeros; 431023100000 is a town."""
    city = Area(code="431000000000", level=Level.CITY)
    town = Area(code="431023100000", level=Level.TOWN)
    assert city.codes() == {
        "province_code": "430000000000",
        "city_code": "431000000000",
        "county_code": "",
        "town_code": "",
    }
    assert town.codes() == {
        "province_code": "430000000000",
        "city_code": "431000000000",
        "county_code": "431023000000",
        "town_code": "431023100000",
    }


def test_a_city_whose_code_begins_like_anothers_county_sees_only_itself(county):
    other_city = make_area("衡阳市", level=Level.CITY, parent=county.area.parent.parent, code="430400000000")
    make_facility(supervisor=county.township)
    assert seen_by(make_user(make_office(Role.BUREAU, area=other_city))) == set()


def test_several_areas_add_up(county):
    matian, bolin = county.townships.values()
    homes = {make_facility(supervisor=matian), make_facility(supervisor=bolin)}
    evaluator = make_office(Role.EVALUATOR, area=county.area)
    access.grant(evaluator, "oversee_area", matian.area)
    access.grant(evaluator, "oversee_area", bolin.area)
    assert seen_by(make_user(evaluator)) == homes


# Grants that begin and end


def test_a_grant_holds_from_its_first_to_its_last_day(county):
    home = make_facility(supervisor=county.township)
    evaluator = make_office(Role.EVALUATOR, area=county.area)
    access.grant(evaluator, "inspect_facility", home, valid_from=in_days(2), valid_until=in_days(4))
    person = make_user(evaluator)
    for days, sees in ((0, False), (1, False), (2, True), (4, True), (5, False)):
        with clock.at(clock.now() + datetime.timedelta(days=days)):
            assert (home in seen_by(person)) == sees, days


def test_an_area_given_for_a_while_is_gone_after_it(county):
    home = make_facility(supervisor=county.township)
    helper = make_office(Role.EVALUATOR, area=county.area)
    access.grant(helper, "oversee_area", county.town, valid_until=in_days(0))
    person = make_user(helper)
    assert seen_by(person) == {home}
    with clock.at(clock.now() + clock.ONE_DAY):
        assert seen_by(person) == set()
        assert browser(person).get(home.get_absolute_url()).status_code == 404


def test_a_grant_taken_back_ends_at_once_and_stays_explained(county):
    home = make_facility(supervisor=county.township)
    helper = make_office(Role.EVALUATOR, area=county.area)
    grant = access.grant(helper, "inspect_facility", home, valid_from=in_days(-9))
    access.revoke(helper, "inspect_facility", home)
    assert seen_by(make_user(helper)) == set()
    grant.refresh_from_db()
    assert (grant.valid_from, grant.valid_until) == (in_days(-9), in_days(-1))


def test_taking_back_what_has_ended_does_not_change_when_it_ended(county):
    home = make_facility(supervisor=county.township)
    helper = make_office(Role.EVALUATOR, area=county.area)
    grant = access.grant(helper, "inspect_facility", home, valid_from=in_days(-9), valid_until=in_days(-5))
    access.revoke(helper, "inspect_facility", home)
    grant.refresh_from_db()
    assert grant.valid_until == in_days(-5)


def test_a_grant_taken_back_may_be_given_again(county):
    home = make_facility(supervisor=county.township)
    helper = make_office(Role.EVALUATOR, area=county.area)
    for act in (access.grant, access.revoke, access.grant):
        act(helper, "inspect_facility", home)
    assert seen_by(make_user(helper)) == {home}


def test_grants_belong_to_the_office_not_to_other_offices_of_its_kind(county):
    home = make_facility(supervisor=county.township)
    one, other = (make_office(Role.ASSOCIATION, area=county.area) for _ in range(2))
    access.grant(one, "inspect_facility", home)
    assert seen_by(make_user(one)) == {home}
    assert seen_by(make_user(other)) == set()


# Homes


def test_a_supervised_home_that_stands_elsewhere_is_seen_through_a_grant(county):
    matian, bolin = county.townships.values()
    home = make_facility(supervisor=matian, area=bolin.area)
    neighbour = make_facility(supervisor=bolin)
    supervisor = make_user(matian)
    assert seen_by(supervisor) == {home}
    assert neighbour not in seen_by(supervisor)
    assert seen_by(make_user(bolin)) == {home, neighbour}  # it stands there: reading
    assert may_manage(home, supervisor) and not may_manage(home, make_user(bolin))


def test_to_inspect_is_not_to_run(county):
    own, partner = (make_facility(supervisor=county.township) for _ in range(2))
    access.grant(own.office, "inspect_facility", partner)
    person = make_home_user(own)
    assert seen_by(person) == {own, partner}
    assert set(Facility.objects.run_by(person)) == {own}
    assert runs(own, person) and may_edit_contacts(own, person)
    assert not runs(partner, person) and not may_edit_contacts(partner, person)
    assert browser(person).get(partner.get_absolute_url()).status_code == 200
    assert browser(person).post(f"/facilities/{partner.pk}/edit/").status_code == 403


def test_a_home_that_sees_two_gets_a_list(county):
    own, partner = (make_facility(supervisor=county.township) for _ in range(2))
    person = make_home_user(own)
    assert browser(person).get("/facilities/").url == own.get_absolute_url()
    access.grant(own.office, "inspect_facility", partner)
    assert set(browser(person).get("/facilities/").context["facilities"]) == {own, partner}


def test_an_operator_of_two_homes_sees_both(county):
    one, two = (make_facility(supervisor=county.township) for _ in range(2))
    access.grant(one.office, "run_facility", two)
    assert set(Facility.objects.run_by(make_home_user(one))) == {one, two}
    assert set(Facility.objects.run_by(make_home_user(two))) == {two}


def test_no_role_that_only_looks_manages(county):
    home = make_facility(supervisor=county.township)
    for kind in (Role.DEPARTMENT, Role.ASSOCIATION, Role.EVALUATOR, Role.HOME):
        office = make_office(kind, area=county.area)
        access.grant(office, "inspect_facility", home)
        assert not may_edit_contacts(home, make_user(office)), kind


def test_a_city_bureau_sees_but_leaves_managing_to_the_county(county):
    home = make_facility(supervisor=county.township)
    city = make_user(make_office(Role.BUREAU, area=county.area.parent))
    assert home in seen_by(city)
    assert not may_manage(home, city)
    assert browser(city).get("/facilities/new/").status_code == 403


# Nothing by accident


def test_an_office_without_grants_a_disabled_user_and_a_stranger_see_nothing(county):
    make_facility(supervisor=county.township)
    assert seen_by(make_user(make_office(Role.EVALUATOR, area=county.area))) == set()
    disabled = make_user(county.bureau)
    disabled.is_active = False
    assert not Facility.objects.visible_to(disabled).exists()
    assert not Facility.objects.visible_to(AnonymousUser()).exists()


def test_people_of_a_disabled_office_are_out(county):
    person = make_user(county.township)
    Office.objects.filter(pk=county.township.pk).update(is_active=False)
    assert browser(person).get("/facilities/").url.startswith("/accounts/sign-in/")


def test_a_scope_is_resolved_once_with_one_query(county):
    person = make_user(county.bureau)
    assert count_queries(lambda: scope_of(person)) == 1
    assert count_queries(lambda: scope_of(person)) == 0


def test_a_user_with_one_kind_of_grant_gets_a_query_without_or(county):
    assert " OR " not in str(Facility.objects.visible_to(make_user(county.bureau)).query)
    assert " OR " not in str(Facility.objects.visible_to(make_home_user()).query)
