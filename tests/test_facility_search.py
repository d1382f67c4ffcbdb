"""A home is found by its present or former name, by pinyin, by initials and by its credit code."""

import pytest

from facilities.credit_code import check_character
from facilities.models import Facility
from facilities.services import edit_facility

from .builders import browser, count_queries, in_days, make_county, make_facility, make_licence, make_user

pytestmark = pytest.mark.django_db

CODE = "52431023MJJ000001" + check_character("52431023MJJ000001")


@pytest.fixture
def homes():
    county = make_county()
    matian = make_facility("马田敬老院", supervisor=county.township, credit_code=CODE)
    make_facility("油麻敬老院", supervisor=county.township)
    return matian


@pytest.mark.parametrize("text", ["七甲敬老院", "七甲敬", "qjjly", "qijia", "七甲示例敬老院"])
def test_a_home_is_found_by_the_short_name_that_lists_show(text):
    home = make_facility("七甲示例敬老院", supervisor=make_county().township)
    home.short_name = "七甲敬老院"
    home.refresh_search_key()
    home.save()
    assert list(Facility.objects.search(text)) == [home]


@pytest.mark.parametrize(
    "text",
    ["马田敬老院", "马田", "田敬", "matian", "MaTian", "mtjly", "MTJ", "马田 敬老", " 马田 ", CODE, CODE.lower()],
)
def test_a_home_is_found_by_what_people_type(homes, text):
    assert list(Facility.objects.search(text)) == [homes]


@pytest.mark.parametrize("text", ["牛田", "mttjly", "马田 油麻", "%", "_"])
def test_other_words_do_not_find_it(homes, text):
    assert homes not in Facility.objects.search(text)


def test_no_words_find_everything(homes):
    assert Facility.objects.search("  ").count() == 2


def test_a_renamed_home_is_still_found_by_its_old_name_and_the_initials_of_it(homes):
    homes.name = "马田镇示范养老中心"
    edit_facility(homes, by=None)
    for text in ("马田敬老院", "mtjly", "示范", "mtzsfylzx"):
        assert list(Facility.objects.search(text)) == [homes]


def test_a_spelling_set_by_hand_wins_over_a_wrong_guess():
    home = make_facility("曾家敬老院", pinyin="zeng jia jing lao yuan")
    assert list(Facility.objects.search("zjjly")) == [home]
    assert list(Facility.objects.search("zengjia")) == [home]


# The list


def names(response):
    assert response.status_code == 200
    return [facility.name for facility in response.context["facilities"]]


def test_the_list_is_searched_and_filtered_together():
    county = make_county()
    matian, bolin = county.townships.values()
    make_facility("马田敬老院", supervisor=matian, kind="relief")
    make_facility("马田康养中心", supervisor=matian, kind="private")
    make_facility("柏林敬老院", supervisor=bolin, kind="relief")
    officer = browser(make_user(county.bureau))
    assert len(names(officer.get("/facilities/"))) == 3
    assert names(officer.get("/facilities/", {"q": "jly", "town": matian.area.code})) == ["马田敬老院"]
    assert names(officer.get("/facilities/", {"kind": "private"})) == ["马田康养中心"]
    assert names(officer.get("/facilities/", {"operation": "public"})) == []
    assert names(officer.get("/facilities/", {"status": "suspended"})) == []


def test_a_filter_that_makes_no_sense_is_left_out():
    home = make_facility()
    officer = browser(make_user(home.supervisor))
    for wrong in (
        {"town": "1'; --"},
        {"kind": "castle"},
        {"after": "x"},
        {"after": "-"},
        {"q": "\0"},
        {"licence": "?"},
    ):
        assert names(officer.get("/facilities/", wrong)) == [home.name]


def test_only_towns_of_the_own_scope_are_offered():
    county, neighbour = make_county(), make_county(towns=["示例西镇"])
    make_facility(supervisor=county.township)
    make_facility(supervisor=neighbour.township)
    page = browser(make_user(county.bureau)).get("/facilities/")
    assert [label for _, label in page.context["form"].fields["town"].choices] == ["全部乡镇", "马田镇"]


def test_licences_that_expire_soon_or_have_expired_are_a_filter():
    county = make_county()
    expired, soon, later = (make_facility(supervisor=county.township) for _ in range(3))
    for home, days in ((expired, -1), (soon, 60), (later, 61)):
        make_licence(home, expires_on=in_days(days))
    officer = browser(make_user(county.township))
    assert names(officer.get("/facilities/", {"licence": "expired"})) == [expired.name]
    page = officer.get("/facilities/", {"licence": "expiring"})
    assert names(page) == [expired.name, soon.name]
    assert "逾期 1 天" in page.content.decode() and "还有 60 天" in page.content.decode()


def test_pages_of_fifty_show_every_home_once():
    county = make_county()
    for number in range(101):
        make_facility(f"第{number}养老院", supervisor=list(county.townships.values())[number % 2])
    officer, seen, after = browser(make_user(county.bureau)), [], ""
    for size in (50, 50, 1):
        page = officer.get("/facilities/", {"after": after})
        assert len(names(page)) == size
        seen += names(page)
        after = page.context["next_after"]
    assert after is None
    assert len(set(seen)) == 101


def test_six_homes_cost_as_many_queries_as_one():
    county = make_county()

    def add():
        home = make_facility(supervisor=county.township)
        home.former_names.create(name=f"{home.name}旧名")
        make_licence(home, expires_on=in_days(5))

    officer = browser(make_user(county.bureau))
    add()
    officer.get("/facilities/")
    one = count_queries(lambda: officer.get("/facilities/"))
    for _ in range(5):
        add()
    assert count_queries(lambda: officer.get("/facilities/")) == one
