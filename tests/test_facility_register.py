"""A home enters the register: by whom, with what, and what comes with it."""

import pytest

from campaign_portal import clock
from campaign_portal.accounts import access
from campaign_portal.accounts.access import Role
from campaign_portal.accounts.models import Office
from campaign_portal.audit.models import Event
from facilities.credit_code import check_character
from facilities.models import Facility
from facilities.services import edit_facility

from .builders import (
    browser,
    in_days,
    make_county,
    make_facility,
    make_home_user,
    make_office,
    make_user,
)

pytestmark = pytest.mark.django_db

URL = "/facilities/new/"
TYPED = {
    "name": "马田敬老院",
    "kind": "relief",
    "operation": "public",
    "director": "何志强",
    "director_phone": "13800000001",
    "beds": "80",
    "nursing_beds": "25",
}


def send(user, **typed):
    return browser(user).post(URL, TYPED | {name: str(value) for name, value in typed.items()})


def refused(response, sentence):
    """The form came back with the sentence and with what was typed; no home was made."""
    page = response.content.decode()
    assert response.status_code == 422
    assert sentence in page
    assert 'value="何志强"' in page
    return not Facility.objects.filter(name=TYPED["name"]).exists()


# Who


def test_a_township_registers_a_home_of_its_own(county):
    officer = make_user(county.township)
    response = send(officer)
    home = Facility.objects.get()
    assert response.url == home.get_absolute_url()
    assert (home.area, home.supervisor, home.status) == (county.town, county.township, "running")
    assert home.county_code == county.area.code and home.town_code == county.town.code


def test_a_township_cannot_place_a_home_elsewhere(county):
    elsewhere = county.townships["柏林镇"]
    send(make_user(county.township), area=elsewhere.area.pk, supervisor=elsewhere.pk)
    home = Facility.objects.get()
    assert (home.area, home.supervisor) == (county.town, county.township)


def test_for_a_bureau_the_township_of_the_place_supervises_unless_it_chooses(county):
    officer = make_user(county.bureau)
    send(officer, area=county.town.pk)
    send(officer, area=county.town.pk, supervisor=county.bureau.pk, name="县福利院")
    assert Facility.objects.get(name="马田敬老院").supervisor == county.township
    assert Facility.objects.get(name="县福利院").supervisor == county.bureau


def test_a_town_without_an_office_needs_a_supervisor_to_be_chosen(county):
    Office.objects.filter(pk=county.township.pk).update(is_active=False)
    assert refused(send(make_user(county.bureau), area=county.town.pk), "请选择由哪个单位监管")


def test_a_bureau_registers_nothing_in_another_county(county):
    neighbour = make_county()
    assert refused(send(make_user(county.bureau), area=neighbour.town.pk), "")
    assert refused(send(make_user(county.bureau), area=county.town.pk, supervisor=neighbour.township.pk), "")


@pytest.mark.parametrize("kind", [Role.DEPARTMENT, Role.ASSOCIATION, Role.EVALUATOR])
def test_others_do_not_register_homes(county, kind):
    office = make_office(kind, area=county.area)
    assert send(make_user(office)).status_code == 403
    assert browser(make_user(office)).get(URL).status_code == 403
    assert not Facility.objects.exists()


def test_a_home_does_not_register_homes():
    assert send(make_home_user()).status_code == 403


def test_who_is_not_signed_in_is_sent_to_sign_in():
    assert browser().get(URL).url.startswith("/accounts/sign-in/")


# What


@pytest.mark.parametrize(
    "wrong, sentence",
    [
        ({"credit_code": "91350100M000100Y44"}, "校验位不符"),
        ({"nursing_beds": 81}, "护理型床位不能多于床位总数"),
        ({"filing_number": "永民备〔2026〕1号"}, "也要填备案日期"),
        ({"director_phone": "打总机转"}, "电话只写数字"),
        ({"name": ""}, "请填写“名称”。"),
        ({"since": "2999-01-01"}, "不能晚于今天"),
        ({"name": "马田敬老院\0"}, ""),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(county, wrong, sentence):
    assert refused(send(make_user(county.township), **wrong), sentence)


def test_a_code_pasted_with_spaces_and_small_letters_is_taken(county):
    send(make_user(county.township), credit_code="91350100 m000100y43"[:18])
    assert not Facility.objects.exists()  # cut short by the browser's own limit: refused
    code = "52431023MJJ000001" + check_character("52431023MJJ000001")
    send(make_user(county.township), credit_code=f" {code.lower()} ")
    assert Facility.objects.get().credit_code == code


def test_two_homes_of_a_county_do_not_bear_one_name_or_one_credit_code(county):
    make_facility("马田敬老院", supervisor=county.townships["柏林镇"], credit_code="91350100M000100Y43")
    officer = make_user(county.township)
    response = send(officer)
    assert response.status_code == 422 and "本县已有同名机构" in response.content.decode()
    response = send(officer, name="另一家", credit_code="91350100M000100Y43")
    assert response.status_code == 422 and "已有机构使用这个统一社会信用代码" in response.content.decode()
    assert Facility.objects.count() == 1


def test_another_county_may_have_a_home_of_the_same_name(county):
    make_facility("马田敬老院", supervisor=make_county().township)
    assert send(make_user(county.township)).status_code == 302


def test_a_name_given_up_by_a_home_may_be_taken_by_a_new_one_in_the_same_town(county):
    old = make_facility("马田敬老院", supervisor=county.township)
    old.name = "马田康养中心"
    edit_facility(old, by=None)
    assert send(make_user(county.township)).status_code == 302
    assert Facility.objects.count() == 2


# What comes with it


def test_the_home_gets_an_office_whose_people_see_it_and_nothing_else(county):
    send(make_user(county.township))
    home, other = Facility.objects.get(), make_facility(supervisor=county.township)
    assert home.office.kind == Role.HOME and home.office.parent == county.township
    person = make_home_user(home)
    assert list(Facility.objects.visible_to(person)) == [home]
    assert browser(person).get("/facilities/").url == home.get_absolute_url()
    assert browser(person).get(other.get_absolute_url()).status_code == 404


def test_its_first_state_begins_when_it_opened(county):
    send(make_user(county.township), since=in_days(-30))
    (period,) = Facility.objects.get().state_periods.all()
    assert (period.status, period.since, period.until) == ("running", in_days(-30), None)
    with clock.at(clock.now() - 30 * clock.ONE_DAY):
        assert Facility.objects.run_by(make_home_user(Facility.objects.get())).exists()


def test_the_registration_is_written_down(county):
    officer = make_user(county.township)
    send(officer)
    event = Event.objects.about(Facility.objects.get()).get()
    assert (event.verb, event.actor, event.office_name) == ("facility.registered", officer, county.township.name)


def test_when_the_record_fails_nothing_is_saved(county, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("disk full")

    officer = make_user(county.township)
    offices = Office.objects.count()
    monkeypatch.setattr("facilities.services.record", fail)
    with pytest.raises(RuntimeError):
        send(officer)
    assert not Facility.objects.exists()
    assert Office.objects.count() == offices


def test_looking_at_the_form_writes_nothing(county):
    events = Event.objects.count()
    assert browser(make_user(county.township)).get(URL).status_code == 200
    assert Event.objects.count() == events + 1  # the account just made
    assert not Facility.objects.exists()


def test_who_supervises_a_home_that_stands_elsewhere_may_look_at_it(county):
    home = make_facility(supervisor=county.township, area=county.towns["柏林镇"])
    officer = make_user(county.township)
    assert list(Facility.objects.visible_to(officer)) == [home]
    assert access.scope_of(officer).inspects == (home.pk,)


@pytest.fixture
def county():
    return make_county()
