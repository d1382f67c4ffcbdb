"""One step on many hazards: shown first with what is left out and why, then done as shown, row by row by its own rules."""

import pytest

from campaign_portal.audit.models import Event
from inspections import services
from inspections.bulk import MOST
from inspections.models import Hazard

from . import builders, hazards
from .builders import browser, count_queries, in_days
from .hazards import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return Cast()


def post(user, slug, rows, **data):
    picked = [f"{row.pk}:{row.version}" for row in rows]
    return browser(user).post(f"/hazards/bulk/{slug}/", {"picked": picked, **data}, follow=True)


def told(response):
    return [str(message) for message in response.context["messages"]]


LIAISON = {"liaison": "李主任", "liaison_phone": "0735-5520000"}


def test_the_preview_says_what_is_left_out_and_why_and_changes_nothing(cast):
    clean, on_spot, done = hazards.reported(cast), hazards.reported(cast, fixed_on_spot=True), hazards.opened(cast)
    page = post(cast.officer, "verify", [clean, on_spot, done])
    assert [hazard.pk for hazard in page.context["fit"]] == [clean.pk]
    why = {line.hazard.pk: line.refusal for line in page.context["left_out"]}
    assert "当场整改" in why[on_spot.pk] and "待整改" in why[done.pk]
    assert Hazard.objects.get(pk=clean.pk).status == "reported"


def test_clean_reports_are_confirmed_and_the_doubtful_one_stays(cast):
    clean = [hazards.reported(cast) for _ in range(3)]
    on_spot = hazards.reported(cast, fixed_on_spot=True)
    page = post(cast.officer, "verify", [*clean, on_spot], confirmed="1")
    assert Hazard.objects.filter(status="open").count() == 3
    first, second = told(page)
    assert "已办理 3 条" in first and on_spot.code in second and "当场整改" in second


def test_a_liaison_is_named_for_all_and_each_has_its_own_event(cast):
    rows = [hazards.opened(cast), hazards.submitted(cast)]
    post(cast.clerk, "liaison", rows, confirmed="1", **LIAISON)
    assert set(Hazard.objects.values_list("liaison", "liaison_phone")) == {("李主任", "0735-5520000")}
    assert Event.objects.filter(verb="hazard.set_liaison", actor=cast.clerk).count() == 2


def test_an_officer_says_why_he_names_the_homes_person_and_the_home_need_not(cast):
    row = hazards.opened(cast)
    page = post(cast.officer, "person", [row], confirmed="1", responsible="刘护士长", responsible_phone="")
    assert page.status_code == 422 and "刘护士长" in page.content.decode()
    post(cast.manager, "person", [row], confirmed="1", responsible="刘护士长", responsible_phone="")
    row.refresh_from_db()
    assert (row.responsible, row.measure) == ("刘护士长", "清空通道，每日巡查")


def test_departments_are_added_and_none_is_taken_away(cast):
    rows = [hazards.opened(cast), hazards.finding(cast, departments=[cast.fire.office])]
    sent = {"departments": [cast.fire.office.pk], "reason": "消防一起看", "confirmed": "1"}
    page = post(cast.clerk, "departments", rows, **sent)
    held = [set(row.parts.values_list("office", flat=True)) for row in rows]
    assert held == [{cast.township.pk, cast.fire.office.pk}, {cast.fire.office.pk}]
    assert any("都已是责任部门" in sentence for sentence in told(page))


def test_what_changed_after_the_preview_is_left_and_told(cast):
    row = hazards.opened(cast)
    services.set_liaison(hazard=row, by=cast.officer, liaison="周敏二", version=row.version)
    page = post(cast.clerk, "liaison", [row], confirmed="1", **LIAISON)
    assert Hazard.objects.get(pk=row.pk).liaison == "周敏二"
    assert "已于" in told(page)[0]


def test_sent_twice_it_is_done_once(cast):
    row = hazards.opened(cast)
    for _ in range(2):
        post(cast.clerk, "liaison", [row], confirmed="1", **LIAISON)
    assert Event.objects.filter(verb="hazard.set_liaison").count() == 1


def test_no_due_date_moves_in_bulk(cast):
    row = hazards.opened(cast)
    for slug in ("verify", "liaison", "person", "departments"):
        later = {"due_on": str(in_days(90)), "departments": [cast.fire.office.pk], "reason": "x", "proxy_reason": "x"}
        post(cast.officer, slug, [row], confirmed="1", responsible="甲", **LIAISON, **later)
    assert Hazard.objects.get(pk=row.pk).due_on == row.due_on


def test_a_neighbours_row_is_not_even_shown(cast):
    other = Cast()
    row = hazards.opened(other)
    assert "没有选中" in told(post(cast.clerk, "liaison", [row], confirmed="1", **LIAISON))[0]
    assert Hazard.objects.get(pk=row.pk).liaison != "李主任"


def test_all_that_the_ledger_finds_can_be_taken_without_ticking(cast):
    rows = [hazards.opened(cast) for _ in range(3)]
    hazards.reported(cast)
    page = post(cast.clerk, "liaison", [], all="1", query="state=open")
    assert {hazard.pk for hazard in page.context["fit"]} == {row.pk for row in rows}


def test_too_many_for_one_go_are_refused_in_words(cast, monkeypatch):
    monkeypatch.setattr("inspections.views.bulk.MOST", 2)
    assert MOST > 2
    page = post(cast.clerk, "liaison", [hazards.opened(cast) for _ in range(3)], confirmed="1", **LIAISON)
    assert "一次最多办理 2 条" in told(page)[0]
    assert not Event.objects.filter(verb="hazard.set_liaison").exists()


def test_the_preview_costs_the_same_for_one_row_as_for_twelve(cast):
    rows = [hazards.reported(cast) for _ in range(12)]
    client = browser(cast.officer)

    def preview(some):
        return count_queries(lambda: client.post("/hazards/bulk/verify/", {"picked": some}))

    picked = [f"{row.pk}:{row.version}" for row in rows]
    preview(picked)
    assert preview(picked[:1]) == preview(picked)


def test_a_reader_takes_no_bulk_step(cast):
    evaluator = builders.make_user(builders.make_office("evaluator", area=cast.county.area))
    assert post(evaluator, "liaison", [], confirmed="1", **LIAISON).status_code == 403


def test_departments_get_no_part_in_another_county(cast):
    """An office may supervise homes of two counties; the page offers the departments of the first row's."""
    far = builders.make_county()
    abroad = Cast.__new__(Cast)
    abroad.__dict__ = cast.__dict__ | {
        "home": builders.make_facility(supervisor=cast.bureau, area=far.town),
        "officer": cast.clerk,
    }
    abroad.manager = builders.make_home_user(abroad.home)
    rows = [hazards.opened(cast), hazards.opened(abroad, due_on=in_days(20))]
    fire = cast.county.departments["fire"]
    page = post(cast.clerk, "departments", rows, confirmed="1", departments=[fire.pk], reason="属消防职责")
    here, there = (set(row.parts.values_list("office", flat=True)) for row in rows)
    assert fire.pk in here and fire.pk not in there
    assert any("不是这条隐患所在县" in sentence for sentence in told(page))
