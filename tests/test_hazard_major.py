"""A major hazard: a criterion, five assurances before work, several departments that each close their part."""

import pytest

from campaign_portal.edges import NotYours, Refused
from inspections import services
from inspections.models import Hazard

from . import builders, hazards
from .builders import in_days
from .hazards import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def test_a_fire_officers_finding_starts_at_open_and_is_shared():
    cast = Cast()
    hazard = hazards.major(cast)
    assert hazard.status == "open"
    assert {part.office for part in hazard.parts.all()} == {cast.fire.office, cast.housing.office}
    assert hazard.missing_assurances() == ["责任", "措施", "资金", "预案"]


def test_the_finders_own_department_always_holds_a_part():
    cast = Cast()
    hazard = hazards.major(cast, departments=[cast.housing.office])
    assert cast.fire.office in {part.office for part in hazard.parts.all()}


def test_work_on_it_is_not_taken_before_the_five_assurances():
    cast = Cast()
    hazard = hazards.major(cast)
    with pytest.raises(Refused, match="还缺：责任、措施、资金、预案"):
        hazards.submit(hazard, by=cast.manager)
    services.plan_work(hazard=hazard, by=cast.manager, changes=hazards.PLAN | {"plan": ""})
    with pytest.raises(Refused, match="还缺：预案"):
        hazards.submit(hazard, by=cast.manager)
    services.plan_work(hazard=hazard, by=cast.manager, changes=hazards.PLAN)
    assert hazards.submit(hazard, by=cast.manager).status == "submitted"


def test_it_closes_only_when_each_department_has_closed_its_part():
    cast = Cast()
    hazard = hazards.major(cast)
    services.plan_work(hazard=hazard, by=cast.manager, changes=hazards.PLAN)
    hazard = hazards.submit(hazard, by=cast.manager)
    hazard = hazards.close(hazard, by=cast.fire)
    assert hazard.status == "submitted"
    with pytest.raises(Refused, match="已经办结"):
        hazards.close(hazard, by=cast.fire)  # its part is done
    with pytest.raises(NotYours):
        hazards.close(hazard, by=cast.officer)  # the township holds none
    hazard = hazards.close(hazard, by=cast.housing)
    assert (hazard.status, hazard.closed_by) == ("closed", cast.housing)


def test_a_part_done_stays_done_when_the_other_department_sends_it_back():
    cast = Cast()
    hazard = hazards.major(cast)
    services.plan_work(hazard=hazard, by=cast.manager, changes=hazards.PLAN)
    hazard = hazards.close(hazards.submit(hazard, by=cast.manager), by=cast.fire)
    hazard = services.send_back(hazard=hazard, by=cast.housing, reason="缺报告", due_on=in_days(7))
    hazard = hazards.submit(hazard, by=cast.manager)
    assert hazards.close(hazard, by=cast.housing).status == "closed"


def test_regrading_needs_a_criterion_for_major_and_takes_it_away_for_normal():
    cast = Cast()
    hazard = hazards.opened(cast)
    with pytest.raises(Refused, match="判定依据"):
        services.regrade(hazard=hazard, by=cast.officer, grade="major", reason="面积大")
    hazard = services.regrade(
        hazard=hazard, by=cast.officer, grade="major", criterion=hazards.criterion(), reason="面积大"
    )
    assert hazard.is_major
    with pytest.raises(Refused, match="由县民政局办理"):
        services.regrade(hazard=hazard, by=cast.officer, grade="normal", reason="复核后降级")
    hazard = services.regrade(hazard=hazard, by=cast.clerk, grade="normal", reason="复核后降级")
    assert hazard.criterion is None


def test_departments_can_be_added_and_the_last_open_one_cannot_be_taken_away():
    cast = Cast()
    hazard = hazards.opened(cast)
    services.share(hazard=hazard, by=cast.officer, departments=[cast.township, cast.fire.office], reason="涉及消防")
    assert hazard.parts.count() == 2
    with pytest.raises(Refused, match="至少要有一个责任部门"):
        services.share(hazard=hazard, by=cast.clerk, departments=[], reason="撤")


def test_a_township_does_not_take_a_finding_away_from_the_department_that_made_it():
    cast = Cast()
    hazard = hazards.major(cast)
    with pytest.raises(Refused, match="只能由县民政局撤下"):
        services.share(hazard=hazard, by=cast.officer, departments=[cast.township], reason="自己复查")
    services.share(hazard=hazard, by=cast.clerk, departments=[cast.fire.office], reason="与住建无关")
    assert [part.office for part in hazard.parts.all()] == [cast.fire.office]


def test_a_township_only_reads_a_home_that_the_county_supervises():
    cast = Cast()
    cast.home = builders.make_facility(supervisor=cast.bureau, area=cast.county.town)
    with pytest.raises(NotYours):
        hazards.finding(cast, by=cast.officer)
    assert hazards.finding(cast, by=cast.clerk).status == "open"


def test_a_department_sees_the_hazards_of_which_it_holds_a_part_and_no_others():
    cast = Cast()
    shared, plain = hazards.major(cast), hazards.opened(cast)
    seen = Hazard.objects.visible_to(builders.fresh(cast.housing))
    assert shared in seen
    assert plain not in seen


def test_a_home_that_answers_to_the_county_is_not_verified_by_the_township_it_stands_in():
    cast = Cast()
    cast.home = builders.make_facility(supervisor=cast.bureau, area=cast.county.town)
    cast.manager = builders.make_home_user(cast.home)
    hazard = hazards.reported(cast)
    assert hazard.supervisor == cast.bureau
    assert hazard in Hazard.objects.visible_to(builders.fresh(cast.officer))  # reading
    with pytest.raises(NotYours):
        services.verify_hazard(hazard=hazard, by=cast.officer, grade="normal", due_on=in_days(9))
    services.verify_hazard(hazard=hazard, by=cast.clerk, grade="normal", due_on=in_days(9))
