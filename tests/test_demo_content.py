"""The demonstration's data hangs together: every name points at something, and every rule the pages rely on holds."""

import io
import re
from collections import Counter

import pytest
from PIL import Image

from campaign_portal.demo import drawings
from campaign_portal.demo.content import AREAS, COUNTY, HAZARDS, HOMES, LIAISONS, NOTES, OFFICES, PEOPLE, SHORT
from campaign_portal.demo.drawings import pen
from inspections.starter_rules import CATEGORIES, CRITERIA, GROUPS, LIMITS, LOCAL, PLACES

FIELDS = {"civil", "fire", "housing", "emergency", "market", "health"}
NAMED_BY_THE_NOTICE = {"县福利院", "县中心敬老院", "马田敬老院", "油麻敬老院", "柏林敬老院"}
AREA = {code: (name, level, parent) for code, name, level, parent in AREAS}
OFFICE = {office["key"]: office for office in OFFICES}
CATEGORY = {row["code"]: row for row in CATEGORIES}
CRITERION = {row["code"]: row for row in CRITERIA}


def assert_unique(values):
    assert [value for value, times in Counter(values).items() if times > 1] == []


# --- Rules ------------------------------------------------------------------------------------------------------------


def test_categories_are_unique_and_have_a_department():
    assert_unique(row["code"] for row in CATEGORIES)
    assert_unique(row["name"] for row in CATEGORIES)
    assert_unique(row["order"] for row in CATEGORIES)
    assert {row["field"] for row in CATEGORIES} == FIELDS
    assert all(re.fullmatch(r"[a-z]{2,12}", row["code"]) for row in CATEGORIES)


def test_criteria_point_at_a_category_and_a_group():
    assert_unique(row["code"] for row in CRITERIA)
    assert {row["category"] for row in CRITERIA} <= CATEGORY.keys()
    assert {row["group"] for row in CRITERIA} == set(GROUPS)


def test_only_articles_that_could_be_read_are_cited():
    cited = {row["source"][-6:] for row in CRITERIA if row["source"] != LOCAL}
    assert cited == {
        "第四条（一）",
        "第四条（二）",
        "第四条（三）",
        "第四条（四）",
        "第五条（一）",
        "第五条（二）",
        "第五条（三）",
    }


def test_places_and_limits():
    assert_unique(PLACES)
    assert PLACES[-1] == "其他"
    assert all(days > 0 for days in LIMITS.values())


# --- Places, offices, homes, people -----------------------------------------------------------------------------------


def test_area_codes_have_twelve_digits_and_nest():
    assert_unique(code for code, *_ in AREAS)
    kept = {"province": 2, "city": 4, "county": 6, "town": 9}
    above = {"city": "province", "county": "city", "town": "county"}
    for code, _, level, parent in AREAS:
        assert re.fullmatch(r"\d{12}", code)
        assert set(code[kept[level] :]) == {"0"}
        if level == "province":
            assert parent is None
        else:
            assert AREA[parent][1] == above[level]
            assert code.startswith(parent[: kept[above[level]]])


def test_the_county_has_its_sixteen_townships():
    names = [name for _, name, level, parent in AREAS if parent == COUNTY]
    assert Counter(name[-2:] if name.endswith("街道") else name[-1] for name in names) == {"街道": 2, "镇": 10, "乡": 4}


def test_offices_are_unique_and_stand_somewhere():
    for column in ("key", "name", "short_name", "number_code"):
        assert_unique(office[column] for office in OFFICES)
    assert OFFICE.keys() == SHORT.keys()
    assert all(re.fullmatch(r"[A-Z]{2}", letters) for letters in SHORT.values())
    assert {office["area"] for office in OFFICES} <= AREA.keys()
    assert {office["field"] for office in OFFICES if office["kind"] == "department"} == FIELDS - {"civil"}
    towns = {office["area"] for office in OFFICES if office["kind"] == "township"}
    assert towns == {code for code, _, level, _ in AREAS if level == "town"}


def test_homes_point_at_their_area_and_supervisor():
    for column in ("name", "short", "username", "phone", "director", "address"):
        assert_unique(home[column] for home in HOMES)
    for home in HOMES:
        assert AREA[home["area"]][1] == "town"
        supervisor = OFFICE[home["supervisor"]]
        expected = "bureau" if home["name"] in ("县福利院", "县中心敬老院") else "township"
        assert supervisor["kind"] == expected
        assert supervisor["area"] == (AREA[home["area"]][2] if expected == "bureau" else home["area"])
        assert home["kind"] in {"welfare", "relief", "private", "nursing"}
        assert home["operation"] in {"public", "contracted", "nonprofit", "profit"}
        assert 0 <= home["residents"] <= home["beds"] and home["nursing_beds"] <= home["beds"]
        assert len(home["staff"]) == 2 and home["licences"]


def test_homes_are_spread_over_every_township():
    towns = Counter(home["area"] for home in HOMES if AREA[home["area"]][2] == COUNTY)
    assert sum(towns.values()) == 30
    assert towns.keys() == {code for code, _, level, parent in AREAS if parent == COUNTY}
    by_name = {AREA[code][0]: count for code, count in towns.items()}
    assert (by_name["便江街道"], by_name["马田镇"], by_name["柏林镇"], by_name["油麻镇"]) == (7, 4, 3, 3)
    assert Counter(home["state"] for home in HOMES) == {"running": 31, "suspended": 1}


def test_homes_that_the_notice_does_not_name_are_plainly_invented():
    assert {home["name"] for home in HOMES} >= NAMED_BY_THE_NOTICE
    assert all("示例" in home["name"] for home in HOMES if home["name"] not in NAMED_BY_THE_NOTICE)


def test_people_belong_to_an_office_or_a_home():
    homes = {home["name"]: home for home in HOMES}
    for column in ("username", "phone", "name"):
        assert_unique(person[column] for person in PEOPLE)
    for person in PEOPLE:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", person["username"])
        assert person["office"] in OFFICE or person["office"] in homes
        assert person["clerk"] or person["approver"] or person["administrator"]
    assert {person["office"] for person in PEOPLE} == OFFICE.keys() | homes.keys()


def test_only_one_township_of_the_county_has_a_single_officer():
    towns = {
        key for key, office in OFFICE.items() if office["kind"] == "township" and office["area"].startswith("431023")
    }
    staff = Counter(person["office"] for person in PEOPLE if person["office"] in towns)
    assert [key for key in towns if staff[key] == 1] == ["longxingshi"]
    (alone,) = [person for person in PEOPLE if person["office"] == "longxingshi"]
    assert alone["clerk"] and alone["approver"] and alone["administrator"]


def test_every_supervisor_has_liaison_officials_without_an_account():
    assert LIAISONS.keys() == {home["supervisor"] for home in HOMES}
    accounts = {person["name"] for person in PEOPLE}
    listed = [row for rows in LIAISONS.values() for row in rows]
    assert_unique(row["phone"] for row in listed)
    assert not accounts & {row["name"] for row in listed}


def test_every_telephone_number_is_fake_and_used_once():
    numbers = [row["phone"] for row in [*PEOPLE, *HOMES, *(row for rows in LIAISONS.values() for row in rows)]]
    assert_unique(numbers)
    assert all(re.fullmatch(r"1380000\d{4}", number) for number in numbers)


# --- Hazards ----------------------------------------------------------------------------------------------------------


def test_hazards_are_many_and_different():
    assert len(HAZARDS) >= 90
    assert_unique(hazard["summary"] for hazard in HAZARDS)
    assert {hazard["category"] for hazard in HAZARDS} == CATEGORY.keys()
    assert {hazard["criterion"] for hazard in HAZARDS} - {None} == CRITERION.keys()


@pytest.mark.parametrize("hazard", HAZARDS, ids=lambda hazard: hazard["summary"])
def test_hazard_template(hazard):
    assert 8 <= len(hazard["summary"]) <= 40
    assert hazard["place"] in PLACES
    assert hazard["measure"] and hazard["done_note"] and hazard["send_back_note"]
    assert set(hazard["fields"]) <= FIELDS and len(set(hazard["fields"])) == len(hazard["fields"]) >= 1
    assert CATEGORY[hazard["category"]]["field"] in hazard["fields"]
    assert hazard["scene"] in drawings.SCENES
    assert 1 <= hazard["days"] <= 90 and hazard["funds"] >= 0
    major = hazard["grade"] == "major"
    assert major == (hazard["criterion"] is not None) == bool(hazard["plan"])
    if major:
        assert CRITERION[hazard["criterion"]]["category"] == hazard["category"]
        assert hazard["days"] >= 30 and hazard["funds"] > 0
        assert not hazard["fixable_on_spot"]


def test_notes_are_there_and_different():
    assert NOTES.keys() >= {
        *("comments", "extension_reasons", "interim_measures", "void_reasons", "return_reasons", "send_back_reasons"),
    }
    for texts in NOTES.values():
        assert_unique(texts)
    assert all(len(pair) == 2 for pair in NOTES["comments"])


# --- Drawings ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", drawings.SCENES)
def test_scene_is_a_jpeg_and_changes_when_fixed(kind):
    before, after = (drawings.draw_scene(kind, fixed=fixed, seed=3, label="示例") for fixed in (False, True))
    assert before != after
    for data in (before, after):
        picture = Image.open(io.BytesIO(data))
        assert (picture.format, picture.size) == ("JPEG", (1280, 960))
        assert not picture.getexif()


@pytest.mark.parametrize("kind", ["corridor", "socket", "medicine"])
def test_same_seed_same_picture_other_seed_another(kind):
    first = drawings.draw_scene(kind, fixed=False, seed=5, label="二楼")
    assert drawings.draw_scene(kind, fixed=False, seed=5, label="二楼") == first
    assert drawings.draw_scene(kind, fixed=False, seed=6, label="二楼") != first


def test_without_the_chinese_font_the_words_are_left_out(monkeypatch):
    pen.font_of.cache_clear()
    monkeypatch.setattr(pen, "FONT_FOLDERS", ["/nowhere"])
    try:
        assert all(
            drawings.draw_scene(kind, fixed=True, seed=1, label="示例")[:2] == b"\xff\xd8" for kind in drawings.SCENES
        )
    finally:
        pen.font_of.cache_clear()


def test_long_and_empty_labels_fit():
    for label in ("", "很长的说明" * 40):
        assert drawings.draw_scene("records", fixed=True, seed=1, label=label)
