"""The register is kept up: by the home its contacts, by its supervisor and the county everything."""

import pytest

from campaign_portal.accounts import access
from campaign_portal.accounts.access import Role
from campaign_portal.accounts.models import Office
from campaign_portal.audit.models import Event
from campaign_portal.edges import Refused
from facilities.forms import FacilityForm
from facilities.models import Facility, Licence
from facilities.services import change_state, edit_facility

from .builders import (
    LONG_AGO,
    browser,
    count_queries,
    fresh,
    in_days,
    make_county,
    make_facility,
    make_home_user,
    make_licence,
    make_office,
    make_user,
)

pytestmark = pytest.mark.django_db

CONTACTS = {
    "address": "示例路 1 号",
    "director": "新院长",
    "director_phone": "13800000002",
    "contact": "",
    "contact_phone": "",
    "beds": "70",
    "nursing_beds": "30",
}


@pytest.fixture
def county():
    return make_county()


@pytest.fixture
def home(county):
    return make_facility("马田敬老院", supervisor=county.township)


def everything(home, **typed):
    """The whole form as it stands, with some fields typed anew."""
    bureau = Office.objects.filter(kind=Role.BUREAU, county_code=home.county_code).get()
    form = FacilityForm(instance=home, user=make_user(bureau))
    values = {field.html_name: field.value() for field in form}
    return {name: "" if value is None else value for name, value in (values | typed).items()}


def edit(user, home, typed):
    return browser(user).post(f"/facilities/{home.pk}/edit/", typed)


# Contacts


def test_a_home_keeps_its_own_contacts_up_to_date(home):
    assert edit(make_home_user(home), home, CONTACTS).status_code == 302
    home.refresh_from_db()
    assert (home.director, home.beds, home.address) == ("新院长", 70, "示例路 1 号")


def test_a_home_cannot_change_its_name_or_supervisor_by_sending_them_along(home, county):
    edit(
        make_home_user(home), home, CONTACTS | {"name": "五星养老院", "supervisor": county.bureau.pk, "kind": "nursing"}
    )
    home.refresh_from_db()
    assert (home.name, home.supervisor, home.kind) == ("马田敬老院", county.township, "private")


def test_a_home_cannot_edit_another_home(home, county):
    other = make_facility(supervisor=county.township)
    assert edit(make_home_user(other), home, CONTACTS).status_code == 404
    home.refresh_from_db()
    assert home.director == "王建国"


def test_a_refused_form_keeps_what_was_typed(home):
    response = edit(make_home_user(home), home, CONTACTS | {"nursing_beds": "71"})
    assert response.status_code == 422
    assert "护理型床位不能多于床位总数" in response.content.decode()
    assert 'value="新院长"' in response.content.decode()
    home.refresh_from_db()
    assert home.director == "王建国"


def test_contacts_saved_from_an_old_page_do_not_undo_what_the_county_changed_meanwhile(home, county):
    on_the_page = Facility.objects.get(pk=home.pk)
    home.supervisor = county.bureau
    edit_facility(home, by=None)
    on_the_page.director = "新院长"
    edit_facility(on_the_page, by=None, fields=("director",))
    home.refresh_from_db()
    assert (home.director, home.supervisor) == ("新院长", county.bureau)


# Everything


def test_the_supervisor_edits_all_but_what_decides_who_re_checks_it(home, county):
    typed = {"area": county.towns["柏林镇"].pk, "supervisor": county.bureau.pk, "operated_by": county.bureau.pk}
    assert edit(make_user(home.supervisor), home, everything(home, **typed)).status_code == 302
    fresh_home = Facility.objects.get(pk=home.pk)
    assert (fresh_home.area, fresh_home.supervisor, fresh_home.operated_by) == (home.area, home.supervisor, None)


def test_the_supervisor_edits_the_rest(home):
    typed = everything(home, name="马田镇示范敬老院", liaison="周敏", liaison_phone="13800000009")
    assert edit(make_user(home.supervisor), home, typed).status_code == 302
    home.refresh_from_db()
    assert (home.name, home.liaison) == ("马田镇示范敬老院", "周敏")


def test_the_bureau_of_the_county_edits_everything(home, county):
    typed = everything(home, supervisor=county.bureau.pk)
    assert edit(make_user(county.bureau), home, typed).status_code == 302
    home.refresh_from_db()
    assert home.supervisor == county.bureau


def test_a_township_reads_but_does_not_edit_a_home_in_its_area_that_the_county_supervises(county):
    home = make_facility(supervisor=county.bureau, area=county.town)
    officer = make_user(county.township)
    assert browser(officer).get(home.get_absolute_url()).status_code == 200
    assert edit(officer, home, everything(home, name="改名")).status_code == 403
    assert browser(officer).get(f"/facilities/{home.pk}/state/").status_code == 403
    home.refresh_from_db()
    assert home.name != "改名"


@pytest.mark.parametrize("kind", [Role.DEPARTMENT, Role.ASSOCIATION, Role.EVALUATOR])
def test_who_may_only_look_gets_403(home, county, kind):
    office = make_office(kind, area=county.area)
    access.grant(office, "inspect_facility", home)
    person = make_user(office)
    assert browser(person).get(home.get_absolute_url()).status_code == 200
    assert edit(person, home, everything(home)).status_code == 403


def test_a_neighbouring_township_or_county_does_not_even_find_it(home, county):
    for stranger in (make_user(county.townships["柏林镇"]), make_user(make_county().bureau)):
        assert browser(stranger).get(home.get_absolute_url()).status_code == 404
        assert edit(stranger, home, everything(home, name="改名")).status_code == 404
        assert browser(stranger).get(f"/facilities/{home.pk}/state/").status_code == 404
        assert browser(stranger).get(f"/facilities/{home.pk}/licences/new/").status_code == 404


def test_what_a_colleague_changed_meanwhile_is_not_put_back(home):
    officer = make_user(home.supervisor)
    shown = {f"initial-{name}": value for name, value in everything(home).items()}
    edit(make_home_user(home), home, CONTACTS | {"director_phone": "13800000077"})
    edit(officer, home, shown | everything(home, liaison="周敏"))
    home.refresh_from_db()
    assert (home.director_phone, home.liaison) == ("13800000077", "周敏")


def test_offices_of_another_county_are_not_offered_and_not_taken(home, county):
    elsewhere = make_county()
    for typed in (
        {"supervisor": elsewhere.township.pk},
        {"area": elsewhere.town.pk},
        {"operated_by": elsewhere.bureau.pk},
    ):
        assert edit(make_user(county.bureau), home, everything(home, **typed)).status_code == 422


def test_a_home_whose_supervisor_is_disabled_or_stands_elsewhere_can_still_be_edited(county):
    elsewhere = make_county().township
    home = make_facility(supervisor=elsewhere, area=county.town)
    Office.objects.filter(pk=elsewhere.pk).update(is_active=False)
    assert edit(make_user(county.bureau), home, everything(home, director="新院长")).status_code == 302
    home.refresh_from_db()
    assert (home.director, home.supervisor) == ("新院长", elsewhere)


def test_a_name_taken_in_the_county_is_refused_and_the_page_keeps_its_title(home, county):
    make_facility("柏林敬老院", supervisor=county.townships["柏林镇"])
    response = edit(make_user(home.supervisor), home, everything(home, name="柏林敬老院"))
    assert response.status_code == 422
    assert "本县已有同名机构" in response.content.decode()
    assert "<title>修改马田敬老院资料" in response.content.decode()


# A new name


def test_a_renamed_home_leaves_its_old_name_to_be_found_and_renames_its_office(home):
    edit(make_user(home.supervisor), home, everything(home, name="马田康养中心", short_name="康养"))
    home = Facility.objects.get(pk=home.pk)
    assert [former.name for former in home.former_names.all()] == ["马田敬老院"]
    assert (home.office.name, home.office.short_name) == ("马田康养中心", "康养")
    assert Event.objects.about(home).last().changes["名称"] == ["马田敬老院", "马田康养中心"]


def test_a_name_taken_up_again_is_no_longer_a_former_one(home):
    for name in ("马田康养中心", "马田敬老院", "马田康养中心"):
        home.name = name
        home = edit_facility(home, by=None)
    assert [former.name for former in home.former_names.all()] == ["马田敬老院"]


# A new supervisor, another place


def test_a_new_supervisor_takes_over_the_accounts_and_the_old_one_loses_sight(county):
    matian, bolin = county.townships.values()
    home = make_facility(supervisor=matian, area=bolin.area)
    before, after = make_user(matian), make_user(bolin)
    assert home in Facility.objects.visible_to(before)

    edit(make_user(county.bureau), home, everything(home, supervisor=bolin.pk))
    assert home not in Facility.objects.visible_to(fresh(before))
    assert home in Facility.objects.visible_to(fresh(after))
    assert list(Office.objects.managed_by(after)) == [home.office]
    assert not Office.objects.managed_by(before).exists()


def test_a_home_that_moves_to_another_town_stays_in_sight_of_its_supervisor(home, county):
    home.area = county.towns["柏林镇"]
    home = edit_facility(home, by=None)
    assert home.town_code == county.towns["柏林镇"].code == home.office.town_code
    assert home in Facility.objects.visible_to(make_user(county.township))
    assert home in Facility.objects.visible_to(make_user(county.townships["柏林镇"]))


def test_an_edit_that_moves_nothing_leaves_the_grants_as_they_were(county):
    home = make_facility(supervisor=county.township, area=county.towns["柏林镇"])
    group = county.township.group
    home.facilitygrant_set.filter(group=group).update(valid_from=LONG_AGO)
    home.director = "新院长"
    edit_facility(home, by=None)
    assert home.facilitygrant_set.get(group=group).valid_from == LONG_AGO


# State


def set_state(user, home, status="suspended", since=None, reason="消防改造"):
    typed = {"status": status, "since": since or in_days(0), "reason": reason}
    return browser(user).post(f"/facilities/{home.pk}/state/", typed)


def test_the_supervisor_suspends_a_home_from_a_day_on(home):
    officer = make_user(home.supervisor)
    assert set_state(officer, home, since=in_days(-3)).status_code == 302
    home.refresh_from_db()
    present, past = home.state_periods.all()
    assert home.status == "suspended"
    assert (present.since, present.until, present.reason, present.recorded_by) == (
        in_days(-3),
        None,
        "消防改造",
        officer,
    )
    assert (past.status, past.until) == ("running", in_days(-4))
    event = Event.objects.about(home).last()
    assert (event.verb, event.changes["状态"]) == ("facility.state", ["正常运营", "暂停运营"])


@pytest.mark.parametrize(
    "typed, sentence",
    [
        ({"status": "running"}, "不在可用的选项中"),
        ({"since": "2020-01-01"}, "变更日期要晚于现状态的开始日期（2020-01-01）"),
        ({"since": "2999-01-01"}, "变更日期不能晚于今天"),
        ({"reason": ""}, "请填写“原因”。"),
    ],
)
def test_a_state_that_cannot_be_is_refused_in_words(home, typed, sentence):
    response = set_state(make_user(home.supervisor), home, **typed)
    assert response.status_code == 422
    home.refresh_from_db()
    assert home.status == "running" and home.state_periods.count() == 1
    assert sentence in response.content.decode()


def test_the_same_state_twice_is_refused_by_the_service_too(home):
    with pytest.raises(Refused, match="当前已是“正常运营”"):
        change_state(facility=home, status="running", since=in_days(0), reason="", by=None)


def test_a_home_does_not_change_its_own_state(home):
    assert set_state(make_home_user(home), home).status_code == 403
    home.refresh_from_db()
    assert home.status == "running"


# Licences


def test_a_home_enters_renews_and_removes_a_licence(home):
    person = browser(make_home_user(home))
    typed = {"kind": "food", "number": "JY1", "issued_on": "2024-01-01", "expires_on": "2026-01-01"}
    person.post(f"/facilities/{home.pk}/licences/new/", typed)
    licence = home.licences.get()
    person.post(f"/facilities/{home.pk}/licences/{licence.pk}/", typed | {"expires_on": "2031-01-01"})
    licence.refresh_from_db()
    assert str(licence.expires_on) == "2031-01-01"
    person.post(f"/facilities/{home.pk}/licences/{licence.pk}/remove/")
    assert not home.licences.exists()
    verbs = [event.verb for event in Event.objects.about(home)][1:]
    assert verbs == ["facility.licence", "facility.licence", "facility.licence_removed"]


def test_a_licence_does_not_expire_before_it_is_issued(home):
    typed = {"kind": "food", "number": "JY1", "issued_on": "2024-01-01", "expires_on": "2023-12-31"}
    response = browser(make_home_user(home)).post(f"/facilities/{home.pk}/licences/new/", typed)
    assert response.status_code == 422
    assert "有效期不能早于发证日期" in response.content.decode()
    assert 'value="JY1"' in response.content.decode()


def test_a_licence_of_another_home_is_out_of_reach(home, county):
    licence = make_licence(make_facility(supervisor=county.township))
    person = browser(make_home_user(home))
    for path in (f"{home.pk}/licences/{licence.pk}", f"{licence.facility_id}/licences/{licence.pk}"):
        assert person.get(f"/facilities/{path}/").status_code == 404
        assert person.post(f"/facilities/{path}/remove/").status_code == 404
    assert Licence.objects.get() == licence


def test_a_licence_is_never_removed_by_a_link(home):
    licence = make_licence(home)
    assert browser(make_home_user(home)).get(f"/facilities/{home.pk}/licences/{licence.pk}/remove/").status_code == 405
    assert home.licences.exists()


# The page


def page(user, home):
    return browser(user).get(home.get_absolute_url()).content.decode()


def test_the_page_offers_each_role_what_it_may_do(home, county):
    everything = ("修改资料", "变更状态", "添加证照", "变更记录", "查看本机构隐患台账", "13800000001")
    offered = {
        make_user(home.supervisor): everything,
        make_user(county.bureau): everything,
        make_home_user(home): ("修改资料", "添加证照", "变更记录", "查看本机构隐患台账", "13800000001"),
        make_user(county.departments["fire"]): ("变更记录", "查看本机构隐患台账", "13800000001"),
    }
    association = make_office(Role.ASSOCIATION, area=county.area)
    access.grant(association, "inspect_facility", home)
    offered[make_user(association)] = ("138****0001",)
    for user, words in offered.items():
        shown = page(user, home)
        for word in (*everything, "138****0001"):
            assert (word in shown) == (word in words), (user.office.kind, word)


def test_only_who_looks_after_the_accounts_sees_them(home, county):
    assert "还没有账号" in page(make_user(home.supervisor), home)
    person = make_home_user(home)
    assert person.username in page(make_user(home.supervisor), home)
    assert person.username not in page(make_user(county.departments["fire"]), home)


def test_the_page_costs_the_same_however_much_it_shows(home):
    officer = browser(make_user(home.supervisor))
    officer.get(home.get_absolute_url())
    few = count_queries(lambda: officer.get(home.get_absolute_url()))
    for number in range(5):
        make_licence(home, expires_on=in_days(number))
        make_home_user(home)
        home.former_names.create(name=f"旧名{number}")
    assert count_queries(lambda: officer.get(home.get_absolute_url())) == few
