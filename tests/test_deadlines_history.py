"""A day that was moved shows its history: which day it was, which it is, when, who and why; and who answers for it."""

import pytest

from campaign_portal import clock
from campaign_portal.campaigns.planning import move_dates
from campaign_portal.deadlines.models import DueChange
from inspections import services

from . import builders, hazards, plans
from .builders import browser, in_days
from .hazards import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return Cast()


def history(user, kind, pk):
    response = browser(user).get(f"/deadlines/history/{kind}/{pk}/")
    assert response.status_code == 200
    return response


def told(response):
    return [(move.was, move.now, move.by, move.why) for move in response.context["moves"]]


def extended(cast):
    hazard = hazards.opened(cast, due_on=in_days(10))
    asked = services.ask_extension(hazard=hazard, by=cast.manager, new_due_on=in_days(30), reason="等配件")
    services.decide_request(request=asked, by=cast.leader, granted=True, decision="可以")
    return hazard


def test_an_extension_leaves_the_day_before_it_who_granted_it_and_why(cast):
    hazard = extended(cast)
    response = history(cast.manager, "rectify", hazard.pk)
    who = f"{cast.township.name} {cast.leader.name}"
    assert told(response) == [(in_days(10), in_days(30), who, "同意延期：等配件")]
    assert f"{in_days(10)} → {in_days(30)}" in response.content.decode()


def test_an_extension_of_before_changes_were_written_down_is_told_as_it_was_recorded(cast):
    hazard = extended(cast)
    DueChange.objects.all().delete()
    who = f"{cast.township.name} {cast.leader.name}"
    assert told(history(cast.manager, "rectify", hazard.pk)) == [(in_days(10), in_days(30), who, "同意延期：可以")]


def test_a_moved_day_is_marked_on_the_list_and_on_the_hazards_page_and_an_unmoved_one_is_not(cast):
    moved, unmoved = extended(cast), hazards.opened(cast, due_on=in_days(10))
    page = browser(cast.manager).get("/deadlines/")
    assert page.context["moved"] == {f"rectify-{moved.pk}"}
    link = f'<a class="mark" href="/deadlines/history/rectify/{moved.pk}/">期限有调整</a>'
    assert link in page.content.decode()
    assert link in browser(cast.officer).get(moved.get_absolute_url()).content.decode()
    assert "期限有调整" not in browser(cast.officer).get(unmoved.get_absolute_url()).content.decode()
    assert "没有调整过" in history(cast.manager, "rectify", unmoved.pk).content.decode()


def test_a_limit_set_anew_at_verification_or_when_sent_back_counts_as_moved(cast):
    hazard = services.verify_hazard(
        hazard=hazards.reported(cast, due_on=in_days(10)), by=cast.officer, grade="normal", due_on=in_days(5)
    )
    hazards.submit(hazard, by=cast.manager)
    services.send_back(hazard=hazard, by=cast.officer, reason="还有杂物", due_on=in_days(8))
    moves = history(cast.manager, "rectify", hazard.pk).context["moves"]
    assert [(move.was, move.now) for move in moves] == [(in_days(10), in_days(5)), (in_days(5), in_days(8))]


def test_a_milestone_keeps_each_of_its_earlier_days(cast):
    task = plans.make_task(plans.make_campaign(cast.bureau), offices=[cast.township])
    milestone = plans.make_milestone(task, due_on=in_days(10))
    for day, reason in [(in_days(12), "会期推迟"), (in_days(11), "又提前一天")]:
        milestone.refresh_from_db()
        move_dates(milestone, None, day, by=cast.clerk, reason=reason)
    who = f"{cast.bureau.name} {cast.clerk.name}"
    assert told(history(cast.officer, "milestone", milestone.pk)) == [
        (in_days(10), in_days(12), who, "会期推迟"),
        (in_days(12), in_days(11), who, "又提前一天"),
    ]


def test_what_a_new_calendar_moved_is_told_with_its_notice(cast):
    hazard = hazards.reported(cast)
    columns = {"kind": "verify", "object_pk": hazard.pk, "was": in_days(3), "now": in_days(5)}
    DueChange.objects.create(**columns, reason="2026 年国庆节放假通知", by=cast.clerk)
    DueChange.objects.create(**columns | {"object_pk": hazard.pk + 1}, reason="别人的", by=None)
    who = f"{cast.bureau.name} {cast.clerk.name}"
    assert told(history(cast.officer, "verify", hazard.pk)) == [(in_days(3), in_days(5), who, "2026 年国庆节放假通知")]
    assert browser(cast.officer).get("/deadlines/").context["moved"] == {f"verify-{hazard.pk}"}


def test_the_ladder_names_who_answers_from_the_home_up_to_the_county(cast):
    hazard = hazards.opened(cast)
    assert history(cast.manager, "rectify", hazard.pk).context["ladder"] == [
        ("责任人", f"{cast.home.office.name}、王建国"),
        ("包联责任人", "周敏"),
        ("乡镇（监管单位）", cast.township.name),
        ("县民政局", cast.bureau.name),
    ]


def test_the_history_of_what_is_over_can_still_be_read(cast):
    hazard = extended(cast)
    hazards.submit(hazard, by=cast.manager)
    page = history(cast.manager, "rectify", hazard.pk)
    assert len(page.context["moves"]) == 1 and "已经办完，或者已转到下一步" in page.content.decode()


def test_a_neighbour_and_an_unknown_kind_are_not_found(cast):
    hazard = extended(cast)
    stranger = builders.make_home_user(builders.make_facility(supervisor=cast.township))
    far = builders.make_user(builders.make_county("邻县").bureau)
    for user, kind in [(stranger, "rectify"), (far, "rectify"), (cast.manager, "nonsense"), (cast.clerk, "urge")]:
        assert browser(user).get(f"/deadlines/history/{kind}/{hazard.pk}/").status_code == 404
    with clock.at(clock.now() + clock.ONE_DAY):
        assert browser(cast.clerk).get("/deadlines/history/verify/999999/").status_code == 404
