"""A round of self-checks from the bureau's desk to the signed sheet, and what is refused on the way."""

import pytest
from django.db import IntegrityError, transaction

from campaign_portal import clock
from campaign_portal.audit.models import Event
from campaign_portal.deadlines import registry
from campaign_portal.edges import NotYours, Refused
from facilities.services import change_state, edit_facility
from inspections.models import Answer, CheckItem, CheckList, Hazard, ProxyEntry, SelfCheck
from inspections.selfchecks import Sheet
from inspections.services import selfcheck as services
from inspections.services.selfcheck import Entry, Incomplete
from inspections.services.steps import Stale
from inspections.starter_rules import CATEGORIES, PLACES

from . import builders, hazards, selfchecks
from .builders import in_days
from .hazards import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def cast():
    return Cast()


@pytest.fixture
def check(cast):
    return selfchecks.check_of(selfchecks.opened_round(cast.clerk), cast.home)


def duties(user):
    return {group.kind.code: group.duties for group in registry.groups_for(user, today=clock.today())}


# The starter list


def test_every_item_of_the_starter_list_leads_to_a_category_and_a_place_of_the_county():
    starter = CheckList.objects.get(owner=None)
    assert starter.edition == "2026-1"
    assert "本县试行清单" in starter.title
    items = CheckItem.objects.filter(section__check_list=starter)
    assert items.count() >= 30
    assert {item.category for item in items} <= {row["code"] for row in CATEGORIES}
    assert {item.place for item in items} <= set(PLACES)


def test_a_bureaus_own_list_replaces_the_starter_one(cast):
    own = selfchecks.short_list(cast.bureau)
    elsewhere = builders.make_county("邻县").bureau
    assert list(CheckList.objects.in_force(bureau=cast.bureau, on=clock.today())) == [own]
    assert list(CheckList.objects.in_force(bureau=elsewhere, on=clock.today())) == [selfchecks.check_list()]


# The round


def test_opening_a_round_asks_every_running_home_of_the_county_and_no_other(cast):
    running, _ = selfchecks.add_home(cast)
    suspended, _ = selfchecks.add_home(cast)
    change_state(facility=suspended, status="suspended", since=in_days(0), reason="装修", by=None)
    builders.make_facility(supervisor=builders.make_county("邻县").township)
    opened = selfchecks.opened_round(cast.clerk)
    assert set(opened.checks.values_list("facility", flat=True)) == {cast.home.pk, running.pk}
    assert Event.objects.get(verb="selfcheck.opened").changes["机构"] == ["", "2 家"]


def test_a_large_county_is_asked_in_batches(cast, monkeypatch):
    monkeypatch.setattr(services, "BATCH", 3)
    for _ in range(6):
        selfchecks.add_home(cast)
    assert selfchecks.opened_round(cast.clerk).checks.count() == 7


@pytest.mark.parametrize("who", ["officer", "manager", "fire"])
def test_only_a_bureau_opens_a_round(cast, who):
    with pytest.raises(NotYours):
        services.open_round(selfchecks.draft_round(cast.clerk), by=getattr(cast, who))


def test_a_round_whose_days_make_no_sense_or_whose_title_is_taken_is_refused(cast):
    with pytest.raises(Refused, match="不能早于今天"):
        selfchecks.opened_round(cast.clerk, opens_on=in_days(-9), due_on=in_days(-1))
    own = CheckList.objects.get(owner=cast.bureau)
    with pytest.raises(Refused, match="不能早于开始日期"), transaction.atomic():
        selfchecks.opened_round(cast.clerk, check_list=own, opens_on=in_days(9), due_on=in_days(3))
    selfchecks.opened_round(cast.clerk, check_list=own)
    with pytest.raises(Refused, match="同名"), transaction.atomic():
        selfchecks.opened_round(cast.clerk, check_list=own)


def test_a_home_that_begins_to_run_before_the_due_day_is_asked_then_and_later_ones_are_not(cast):
    closed, _ = selfchecks.add_home(cast)
    change_state(facility=closed, status="suspended", since=in_days(-2), reason="装修", by=None)
    opened = selfchecks.opened_round(cast.clerk)
    new, _ = selfchecks.add_home(cast)
    change_state(facility=closed, status="running", since=in_days(0), reason="装修完", by=None)
    assert set(opened.checks.values_list("facility", flat=True)) == {cast.home.pk, new.pk, closed.pk}
    with clock.at(clock.now() + 11 * clock.ONE_DAY):
        selfchecks.add_home(cast)
    assert opened.checks.count() == 3


def test_what_is_still_to_check_follows_a_home_to_its_new_supervisor_and_what_is_signed_stays(cast, check):
    old = selfchecks.submitted(
        selfchecks.check_of(
            selfchecks.opened_round(cast.clerk, title="上一轮", check_list=check.round.check_list), cast.home
        ),
        by=cast.manager,
    )
    cast.home.supervisor = cast.county.townships["柏林镇"]
    cast.home.area = cast.county.towns["柏林镇"]
    edit_facility(cast.home, by=cast.clerk)
    for row in (check, old):
        row.refresh_from_db()
    assert (check.supervisor, check.town_code) == (cast.home.supervisor, cast.home.area.code)
    assert old.supervisor == cast.township


# The home's way


def test_the_home_sees_the_duty_goes_through_the_list_and_ends_with_hazards_in_the_ledger(cast, check):
    assert [duty.action for duty in duties(cast.manager)["selfcheck"]] == ["开始自查"]
    selfchecks.answer_all(check, by=cast.manager, not_met=[2])
    assert [duty.action for duty in duties(cast.manager)["selfcheck"]] == ["继续自查"]
    done = services.submit_check(check=check, by=cast.manager, signer="王建国")

    hazard = Hazard.objects.get()
    assert (hazard.status, hazard.source, hazard.found_on) == ("reported", "self", clock.today())
    assert (hazard.place, hazard.category.code) == ("走廊和疏散通道", "fire")
    assert (hazard.summary, hazard.measure, hazard.responsible) == ("通道堆物", "清空", cast.home.director)
    assert hazard.due_on == in_days(15)  # the county's limit for normal ones
    assert hazard.photos.get(stage="before").file == Answer.objects.get(answer="not_met").photos.get().file
    assert (done.item_count, done.not_met_count, done.is_zero, done.is_late) == (4, 1, False, False)
    assert "selfcheck" not in duties(cast.manager)
    assert Event.objects.get(verb="selfcheck.submit").changes["结果"] == ["", "4 项，1 项不符合"]


def test_a_zero_report_is_ticked_explicitly_and_only_when_nothing_is_wrong(cast, check):
    selfchecks.answer_all(check, by=cast.manager)
    with pytest.raises(Refused, match="请勾选“零报告"):
        services.submit_check(check=check, by=cast.manager, signer="王建国")
    selfchecks.answer_all(check, by=cast.manager, not_met=[1])
    with pytest.raises(Refused, match="1 项不符合，不能零报告"):
        services.submit_check(check=check, by=cast.manager, signer="王建国", is_zero=True)
    assert not Hazard.objects.exists()
    selfchecks.answer_all(check, by=cast.manager)
    assert services.submit_check(check=check, by=cast.manager, signer="王建国", is_zero=True).is_zero
    assert not Hazard.objects.exists()


def test_what_is_missing_is_named_by_its_number(cast, check):
    lines = Sheet(check).lines
    services.save_answers(
        check=check, by=cast.manager, entries=[Entry(lines[0].item, "met"), Entry(lines[2].item, "not_met")]
    )
    with pytest.raises(Incomplete) as refused:
        services.submit_check(check=check, by=cast.manager, signer="王建国")
    assert refused.value.gaps == ["第 2、4 项还没有回答。", "第 3 项不符合，还要写明情况、拍照、写整改措施。"]
    assert SelfCheck.objects.get(pk=check.pk).status == "due"


def test_answers_are_kept_page_by_page_and_the_next_part_is_where_one_left_off(cast, check):
    sheet = Sheet(check)
    first, second = sheet.parts
    services.save_answers(check=check, by=cast.manager, entries=[Entry(line.item, "na") for line in first.lines])
    sheet = Sheet(check)
    assert (sheet.answered, sheet.na_count, sheet.next_part.section) == (2, 2, second.section)
    services.save_answers(check=check, by=cast.manager, entries=[Entry(second.lines[0].item, "met")])
    assert Sheet(check).answered == 3


def test_a_hazard_that_stands_in_the_ledger_is_named_and_not_reported_again(cast, check):
    known = hazards.opened(cast)
    selfchecks.answer_all(check, by=cast.manager, not_met=[1], hazard=known)
    done = services.submit_check(check=check, by=cast.manager, signer="王建国")
    assert (done.not_met_count, Hazard.objects.count()) == (1, 1)
    assert Answer.objects.get(answer="not_met").was_known


def test_a_named_hazard_that_was_struck_off_meanwhile_cannot_stand_for_the_item(cast, check):
    known = hazards.submitted(cast)
    selfchecks.answer_all(check, by=cast.manager, not_met=[1], hazard=known)
    hazards.close(known, by=cast.officer)
    with pytest.raises(Incomplete, match=f"{known.code} 已不在整改中"):
        services.submit_check(check=check, by=cast.manager, signer="王建国")


def test_a_day_for_rectification_that_has_passed_is_asked_for_again(cast, check):
    selfchecks.answer_all(check, by=cast.manager, not_met=[1], rectify_by=in_days(3))
    with clock.at(clock.now() + 5 * clock.ONE_DAY), pytest.raises(Incomplete, match="改整改期限"):
        services.submit_check(check=check, by=cast.manager, signer="王建国")


def test_an_answer_turned_back_forgets_its_finding(cast, check):
    selfchecks.answer_all(check, by=cast.manager, not_met=[1])
    selfchecks.answer_all(check, by=cast.manager)
    answer = Answer.objects.first()
    assert (answer.note, answer.found_on, answer.photos.count()) == ("", None, 0)


def test_a_submitted_check_is_frozen(cast, check):
    done = selfchecks.submitted(check, by=cast.manager)
    item = Sheet(done).lines[0].item
    with pytest.raises(Refused, match="已提交"):
        services.save_answers(check=done, by=cast.manager, entries=[Entry(item, "na")])
    with pytest.raises(Refused, match="已提交"):
        services.submit_check(check=done, by=cast.manager, signer="王建国", is_zero=True)
    assert Event.objects.filter(verb="selfcheck.submit").count() == 1


def test_after_the_due_day_it_may_still_be_submitted_and_says_so(cast, check):
    with clock.at(clock.now() + 12 * clock.ONE_DAY):
        assert [duty.days_left(clock.today()) for duty in duties(cast.manager)["selfcheck"]] == [-2]
        (urged,) = duties(cast.officer)["selfcheck_urge"]
        assert cast.home.director_phone in urged.note
        done = selfchecks.submitted(check, by=cast.manager)
        assert (done.is_late, done.standing) == (True, ("done", "逾期提交"))
        assert "selfcheck_urge" not in duties(cast.officer)
    assert Event.objects.get(verb="selfcheck.submit").changes["时限"] == ["", "逾期提交"]


def test_before_its_first_day_a_round_is_not_shown_and_takes_no_answers(cast):
    check = selfchecks.check_of(selfchecks.opened_round(cast.clerk, opens_on=in_days(2)), cast.home)
    assert "selfcheck" not in duties(cast.manager)
    with pytest.raises(Refused, match="才开始"):
        selfchecks.answer_all(check, by=cast.manager)


def test_a_suspended_home_has_nothing_to_check_and_nobody_urges_it(cast, check):
    change_state(facility=cast.home, status="suspended", since=in_days(0), reason="装修", by=None)
    assert "selfcheck" not in duties(cast.manager)
    with clock.at(clock.now() + 12 * clock.ONE_DAY):
        assert "selfcheck_urge" not in duties(cast.officer)
    with pytest.raises(Refused, match="暂停运营"):
        selfchecks.answer_all(check, by=cast.manager)


def test_what_changed_after_the_summary_was_opened_is_shown_before_it_is_signed(cast, check):
    selfchecks.answer_all(check, by=cast.manager)
    shown = SelfCheck.objects.get(pk=check.pk).version
    selfchecks.answer_all(check, by=builders.make_home_user(cast.home), not_met=[1])
    with pytest.raises(Stale, match="又有改动"):
        services.submit_check(check=check, by=cast.manager, signer="王建国", is_zero=True, version=shown)


# For a home that cannot


def test_the_township_enters_it_with_a_reason_and_the_home_confirms_having_read_it(cast, check):
    selfchecks.answer_all(check, by=cast.officer, not_met=[1])
    with pytest.raises(Refused, match="写明原因"):
        services.submit_check(check=check, by=cast.officer, signer=cast.officer.name)
    services.submit_check(check=check, by=cast.officer, signer=cast.officer.name, proxy_reason="院长住院")
    assert ProxyEntry.objects.get().reason == "院长住院"
    (duty,) = duties(cast.manager)["selfcheck_read"]
    assert "代您填了" in duty.title
    with pytest.raises(NotYours):
        services.confirm_check_read(check=check, by=cast.officer)
    services.confirm_check_read(check=check, by=cast.manager)
    assert "selfcheck_read" not in duties(cast.manager)
    with pytest.raises(Refused, match="已经确认过"):
        services.confirm_check_read(check=check, by=cast.manager)


@pytest.mark.parametrize("who", ["clerk", "fire"])
def test_who_neither_runs_nor_supervises_the_home_enters_nothing(cast, check, who):
    with pytest.raises(NotYours):
        selfchecks.answer_all(check, by=getattr(cast, who))


def test_another_home_neither_sees_nor_fills_it(cast, check):
    _, stranger = selfchecks.add_home(cast)
    assert not SelfCheck.objects.visible_to(stranger).filter(pk=check.pk).exists()
    with pytest.raises(NotYours):
        selfchecks.answer_all(check, by=stranger)


# What the database refuses by itself


@pytest.mark.parametrize(
    "columns",
    [
        {"status": "submitted"},
        {"signer": "王建国"},
        {"is_zero": True},
        {"read_at": clock.now()},
    ],
)
def test_the_database_refuses_half_a_submission(check, columns):
    with pytest.raises(IntegrityError), transaction.atomic():
        SelfCheck.objects.filter(pk=check.pk).update(**columns)


def test_the_database_refuses_a_zero_report_with_a_finding(cast, check):
    done = selfchecks.submitted(check, by=cast.manager, not_met=[1])
    with pytest.raises(IntegrityError), transaction.atomic():
        SelfCheck.objects.filter(pk=done.pk).update(is_zero=True)


def test_the_database_refuses_a_second_check_for_a_home(check):
    with pytest.raises(IntegrityError), transaction.atomic():
        SelfCheck.objects.create(
            round=check.round, facility=check.facility, supervisor=check.supervisor, due_on=check.due_on
        )
