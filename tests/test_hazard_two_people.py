"""Nobody judges their own work: re-checks, extensions, voiding, and entries made for a home (代填)."""

import pytest

from campaign_portal import clock
from campaign_portal.edges import NotYours, Refused
from inspections import services
from inspections.models import ProxyEntry, Request

from . import builders, hazards
from .builders import in_days
from .hazards import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def test_an_officer_may_enter_the_rectification_for_a_home_but_another_re_checks_it():
    cast = Cast()
    hazard = hazards.submitted(cast, by=cast.officer)
    with pytest.raises(Refused, match="本人提交"):
        hazards.close(hazard, by=cast.officer)
    assert hazards.close(hazard, by=cast.leader).status == "closed"


def test_an_entry_for_a_home_needs_a_reason_and_is_shown_to_the_home_until_it_confirms():
    cast = Cast()
    with pytest.raises(Refused, match="写明原因"):
        services.report_hazard(hazards.draft(cast.home), by=cast.officer, before=[], proxy_reason="")
    hazard = hazards.reported(cast, by=cast.officer)
    entry = ProxyEntry.objects.get(hazard=hazard)
    assert (entry.reason, entry.read_at) == ("院长外出", None)
    with pytest.raises(NotYours):
        services.confirm_proxy_read(hazard=hazard, by=cast.officer)
    services.confirm_proxy_read(hazard=hazard, by=cast.manager)
    entry.refresh_from_db()
    assert entry.read_by == cast.manager
    with pytest.raises(Refused, match="已经确认"):
        services.confirm_proxy_read(hazard=hazard, by=cast.manager)


def test_a_township_with_a_single_officer_passes_the_re_check_of_its_own_entry_to_the_county():
    cast = Cast()
    lonely = cast.county.townships["柏林镇"]
    only = builders.make_user(lonely, is_approver=True, is_administrator=True)
    cast.home = builders.make_facility(supervisor=lonely)
    cast.manager = builders.make_home_user(cast.home)
    hazard = hazards.reported(cast, by=only)
    hazard = services.verify_hazard(hazard=hazard, by=only, grade="normal", due_on=in_days(9))
    hazard = hazards.submit(hazard, by=only)
    assert [part.acting_office for part in hazard.parts.all()] == [cast.bureau]
    with pytest.raises(NotYours):
        hazards.close(hazard, by=only)
    assert hazards.close(hazard, by=cast.clerk).status == "closed"


def test_the_major_hazard_of_a_home_that_the_township_runs_is_re_checked_by_the_county():
    cast = Cast()
    cast.home.operated_by = cast.township
    cast.home.save()
    hazard = hazards.finding(cast, grade="major", criterion=hazards.criterion())
    services.plan_work(hazard=hazard, by=cast.manager, changes=hazards.PLAN)
    hazard = hazards.submit(hazard, by=cast.manager)
    with pytest.raises(NotYours):
        hazards.close(hazard, by=cast.officer)
    assert hazards.close(hazard, by=cast.clerk).status == "closed"


def test_a_normal_one_of_the_same_home_stays_with_the_township():
    cast = Cast()
    cast.home.operated_by = cast.township
    cast.home.save()
    assert hazards.closed(cast).status == "closed"


def test_an_extension_is_asked_before_expiry_and_decided_by_another():
    cast = Cast()
    hazard = hazards.opened(cast)
    request = services.ask_extension(hazard=hazard, by=cast.manager, new_due_on=in_days(20), reason="等配件")
    with pytest.raises(NotYours):
        services.decide_request(request=request, by=cast.officer, granted=True)  # a clerk approves nothing
    services.decide_request(request=request, by=cast.leader, granted=True, decision="同意")
    hazard.refresh_from_db()
    assert hazard.due_on == in_days(20)


def test_a_refused_extension_leaves_the_limit_where_it_was():
    cast = Cast()
    hazard = hazards.opened(cast)
    request = services.ask_extension(hazard=hazard, by=cast.manager, new_due_on=in_days(20), reason="等配件")
    services.decide_request(request=request, by=cast.leader, granted=False, decision="本地可购")
    hazard.refresh_from_db()
    assert hazard.due_on == in_days(10)
    with pytest.raises(Refused, match="不同意"):
        services.decide_request(request=request, by=cast.leader, granted=True)


def test_an_extension_after_the_limit_is_refused():
    with clock.at(clock.now() - 20 * clock.ONE_DAY):
        cast = Cast()
        hazard = hazards.opened(cast)
    with pytest.raises(Refused, match="已过"):
        services.ask_extension(hazard=hazard, by=cast.manager, new_due_on=in_days(20), reason="等配件")


def test_an_extension_must_move_the_limit_later():
    cast = Cast()
    hazard = hazards.opened(cast)
    with pytest.raises(Refused, match="晚于原期限"):
        services.ask_extension(hazard=hazard, by=cast.manager, new_due_on=hazard.due_on, reason="等配件")
    assert not Request.objects.exists()


def test_an_approver_who_asked_for_the_home_does_not_decide_it():
    cast = Cast()
    hazard = hazards.opened(cast)
    request = services.ask_extension(
        hazard=hazard, by=cast.leader, new_due_on=in_days(20), reason="等配件", proxy_reason="院长住院"
    )
    assert request.office == cast.bureau  # the township has no other approver
    with pytest.raises(NotYours):
        services.decide_request(request=request, by=cast.leader, granted=True)
    services.decide_request(request=request, by=cast.approver, granted=True)
    hazard.refresh_from_db()
    assert hazard.due_on == in_days(20)


def test_submitting_withdraws_an_extension_that_nobody_has_decided():
    cast = Cast()
    hazard = hazards.opened(cast)
    request = services.ask_extension(hazard=hazard, by=cast.manager, new_due_on=in_days(20), reason="等配件")
    hazards.submit(hazard, by=cast.manager)
    request.refresh_from_db()
    assert request.status == Request.Outcome.WITHDRAWN


def test_a_confirmed_hazard_is_voided_only_by_a_second_person():
    cast = Cast()
    hazard = hazards.opened(cast)
    request = services.ask_void(hazard=hazard, by=cast.officer, reason="误报")
    hazard.refresh_from_db()
    assert hazard.status == "open"
    with pytest.raises(NotYours):
        services.decide_request(request=request, by=cast.officer, granted=True)
    services.decide_request(request=request, by=cast.leader, granted=True)
    hazard.refresh_from_db()
    assert hazard.status == "void"


def test_a_voiding_that_nobody_decides_does_not_hold_the_home_up():
    cast = Cast()
    hazard = hazards.opened(cast)
    request = services.ask_void(hazard=hazard, by=cast.officer, reason="误报")
    assert hazards.submit(hazard, by=cast.manager).status == "submitted"
    request.refresh_from_db()
    assert request.status == Request.Outcome.WITHDRAWN


def test_the_county_decides_where_the_township_has_no_approver_left():
    cast = Cast()
    hazard = hazards.opened(cast)
    request = services.ask_extension(hazard=hazard, by=cast.manager, new_due_on=in_days(20), reason="等配件")
    with pytest.raises(NotYours):
        services.decide_request(request=request, by=cast.approver, granted=True)
    type(cast.leader).objects.filter(pk=cast.leader.pk).update(is_active=False)
    services.decide_request(request=request, by=cast.approver, granted=True)
    hazard.refresh_from_db()
    assert hazard.due_on == in_days(20)


def test_the_county_takes_over_a_re_check_that_nobody_below_can_make():
    cast = Cast()
    hazard = hazards.submitted(cast, by=cast.officer)
    type(cast.leader).objects.filter(pk=cast.leader.pk).update(is_active=False)
    with pytest.raises(NotYours):
        hazards.close(hazard, by=cast.clerk)
    hazard = services.take_over(hazard=hazard, by=cast.clerk, reason="柏林镇暂无他人")
    assert hazards.close(hazard, by=cast.clerk).status == "closed"


def test_an_administrator_alone_works_on_no_hazard():
    cast = Cast()
    administrator = builders.make_user(cast.township, is_clerk=False, is_administrator=True)
    with pytest.raises(NotYours):
        services.verify_hazard(hazard=hazards.reported(cast), by=administrator, grade="normal", due_on=in_days(5))


def test_the_database_itself_refuses_who_closes_what_they_rectified():
    from django.db import IntegrityError, transaction

    from inspections.models import Hazard

    hazard = hazards.submitted(Cast())
    with pytest.raises(IntegrityError), transaction.atomic():
        Hazard.objects.filter(pk=hazard.pk).update(
            status="closed", closed_by=hazard.submitted_by, closed_at=clock.now()
        )
