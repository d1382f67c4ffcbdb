"""The loop of a hazard, at the level of services: found, verified, rectified, re-checked, struck off."""

import pytest

from campaign_portal import clock
from campaign_portal.audit.models import Event
from campaign_portal.edges import NotYours, Refused
from inspections import services
from inspections.models import Hazard, HazardHistory, Photo

from . import builders, hazards
from .builders import in_days
from .hazards import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def verbs(hazard):
    return list(Event.objects.about(hazard).values_list("verb", flat=True))


def test_a_report_gets_a_number_and_waits_for_its_township():
    cast = Cast()
    hazard = hazards.reported(cast)
    assert hazard.status == Hazard.Status.REPORTED
    assert hazard.code.endswith(f"-{cast.township.number_code}-0001")
    assert hazard.supervisor == cast.township
    assert hazard.liaison == "周敏"
    assert [part.office for part in hazard.parts.all()] == [cast.township]
    assert hazards.reported(cast).number == 2


def test_the_whole_loop_and_who_did_what():
    cast = Cast()
    hazard = hazards.closed(cast)
    assert hazard.status == Hazard.Status.CLOSED
    assert (hazard.closed_by, hazard.submitted_by) == (cast.officer, cast.manager)
    assert verbs(hazard) == ["hazard.reported", "hazard.verify", "hazard.submit", "hazard.close"]
    stages = [row.status for row in HazardHistory.objects.filter(hazard=hazard).order_by("pk")]
    assert stages == ["reported", "open", "submitted", "closed"]
    assert HazardHistory.objects.filter(hazard=hazard, valid_to=None).count() == 1


def test_a_hazard_always_belongs_to_a_campaign_and_the_yearly_routine_takes_what_belongs_to_no_other():
    cast = Cast()
    hazard = hazards.reported(cast)
    assert hazard.campaign.kind == "routine"
    assert hazard.campaign.lead == cast.bureau
    assert hazard.campaign.title == f"{clock.today().year}年日常监管"
    assert hazards.reported(cast).campaign == hazard.campaign


def test_what_was_fixed_on_the_spot_is_verified_and_closed_in_one_act():
    cast = Cast()
    hazard = hazards.reported(cast, fixed_on_spot=True)
    hazard = services.verify_fixed(hazard=hazard, by=cast.officer, note="照片清楚")
    assert hazard.status == Hazard.Status.CLOSED
    assert all(part.is_done for part in hazard.parts.all())


def test_on_the_spot_needs_an_after_photo():
    cast = Cast()
    with pytest.raises(Refused, match="整改后的照片"):
        services.report_hazard(
            hazards.draft(cast.home, fixed_on_spot=True), by=cast.manager, before=[hazards.picture(cast.manager)]
        )
    assert not Hazard.objects.exists()


def test_a_report_not_fixed_on_the_spot_cannot_be_closed_at_once():
    cast = Cast()
    with pytest.raises(Refused, match="不是当场整改"):
        services.verify_fixed(hazard=hazards.reported(cast), by=cast.officer)


def test_a_return_is_completed_and_comes_back():
    cast = Cast()
    hazard = services.send_for_completion(hazard=hazards.reported(cast), by=cast.officer, reason="照片太暗")
    assert (hazard.status, hazard.return_reason) == ("returned", "照片太暗")
    hazard = services.complete_report(
        hazard=hazard, by=cast.manager, changes={"summary": "补充说明"}, before=[hazards.picture(cast.manager)]
    )
    assert (hazard.status, hazard.summary, hazard.photos.count()) == ("reported", "补充说明", 2)


def test_a_mistake_is_voided_with_a_reason_and_keeps_its_number():
    cast = Cast()
    first = services.void_report(hazard=hazards.reported(cast), by=cast.officer, reason="重复上报")
    assert first.status == Hazard.Status.VOID
    assert hazards.reported(cast).number == first.number + 1
    assert Event.objects.about(first).last().reason == "重复上报"


def test_a_rectification_that_is_not_good_goes_back_with_a_new_limit():
    cast = Cast()
    hazard = services.send_back(
        hazard=hazards.submitted(cast), by=cast.officer, reason="门仍不能自闭", due_on=in_days(5)
    )
    assert (hazard.status, hazard.due_on, hazard.round) == ("open", in_days(5), 2)
    hazard = hazards.submit(hazard, by=cast.manager)
    assert set(hazard.photos.filter(stage=Photo.Stage.AFTER).values_list("round", flat=True)) == {1, 2}
    assert hazards.close(hazard, by=cast.officer).status == "closed"


def test_a_submission_needs_an_after_photo_and_a_day_that_has_come():
    cast = Cast()
    hazard = hazards.opened(cast)
    rest = {"hazard": hazard, "by": cast.manager, "rectification": "已清空"}
    with pytest.raises(Refused, match="至少一张整改后的照片"):
        services.submit_rectification(**rest, rectified_on=clock.today(), after=[])
    with pytest.raises(Refused, match="不能晚于今天"):
        services.submit_rectification(**rest, rectified_on=in_days(1), after=[hazards.picture(cast.manager)])


def test_nobody_outside_the_responsible_office_decides():
    cast = Cast()
    other = builders.make_user(cast.county.townships["柏林镇"])
    hazard = hazards.reported(cast)
    for stranger in (other, cast.clerk, cast.fire):
        with pytest.raises(NotYours):
            services.verify_hazard(hazard=hazard, by=stranger, grade="normal", due_on=in_days(3))
    with pytest.raises(NotYours):
        hazards.close(hazards.submitted(cast), by=cast.clerk)


def test_a_home_cannot_report_for_its_neighbour():
    cast = Cast()
    neighbour = builders.make_facility(supervisor=cast.township)
    with pytest.raises(NotYours):
        services.report_hazard(hazards.draft(neighbour), by=cast.manager, before=[])


def test_the_same_form_sent_twice_is_one_hazard():
    import uuid

    cast = Cast()
    key = uuid.uuid4()
    first = services.report_hazard(hazards.draft(cast.home, sent_key=key), by=cast.manager)
    second = services.report_hazard(hazards.draft(cast.home, sent_key=key), by=cast.manager)
    assert first.pk == second.pk
    assert Hazard.objects.count() == 1


def test_another_report_from_the_same_page_is_not_swallowed():
    import uuid

    cast = Cast()
    key = uuid.uuid4()
    first = services.report_hazard(hazards.draft(cast.home, sent_key=key), by=cast.manager)
    with pytest.raises(Refused, match=f"已经上报为 {first.code}"):
        services.report_hazard(hazards.draft(cast.home, sent_key=key, summary="另一处"), by=cast.manager)


def test_a_limit_beyond_reason_is_a_slip_of_the_pen():
    cast = Cast()
    with pytest.raises(Refused, match="检查年份"):
        hazards.reported(cast, due_on=in_days(9999))


def test_a_recurrence_is_a_new_line_that_names_the_old_one():
    cast = Cast()
    old = hazards.closed(cast)
    again = hazards.reported(cast, previous=old)
    assert list(old.recurrences.all()) == [again]
    assert services.verifying.doubts_about(again) == ["是再次出现的隐患"]


def test_a_confirmed_due_date_is_not_moved_by_any_other_step():
    cast = Cast()
    hazard = hazards.opened(cast)
    due_on = hazard.due_on
    services.plan_work(hazard=hazard, by=cast.manager, changes=hazards.PLAN | {"due_on": in_days(99)})
    services.set_liaison(hazard=hazard, by=cast.officer, liaison="李勇")
    hazard.refresh_from_db()
    assert hazard.due_on == due_on


def test_when_the_audit_fails_nothing_is_saved(monkeypatch):
    cast = Cast()
    hazard = hazards.reported(cast)

    def broken(*args, **kwargs):
        raise RuntimeError("audit is down")

    monkeypatch.setattr("inspections.services.steps.record", broken)
    with pytest.raises(RuntimeError):
        services.verify_hazard(hazard=hazard, by=cast.officer, grade="normal", due_on=hazard.due_on)
    hazard.refresh_from_db()
    assert hazard.status == "reported"
    assert HazardHistory.objects.filter(hazard=hazard).count() == 1
