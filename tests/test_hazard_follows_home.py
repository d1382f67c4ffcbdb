"""A home gets another supervisor: its open hazards go along, what is over stays where it was decided."""

import pytest

from campaign_portal.audit.models import Event
from facilities.models import Facility
from facilities.services import edit_facility
from inspections.models import Hazard, HazardHistory

from . import builders, hazards
from .builders import in_days
from .hazards import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def give_to(cast, office):
    home = Facility.objects.get(pk=cast.home.pk)
    home.supervisor = office
    return edit_facility(home, by=cast.clerk, fields=["supervisor"])


def test_open_hazards_follow_and_closed_ones_stay():
    cast = Cast()
    over, waiting, found = hazards.closed(cast), hazards.submitted(cast), hazards.major(cast)
    give_to(cast, cast.bureau)
    over.refresh_from_db()
    waiting.refresh_from_db()
    assert (over.supervisor, waiting.supervisor) == (cast.township, cast.bureau)
    assert [part.acting_office for part in waiting.parts.all()] == [cast.bureau]
    assert {part.office for part in found.parts.all()} == {cast.fire.office, cast.housing.office}
    assert Event.objects.about(waiting).last().verb == "hazard.moved"
    assert HazardHistory.objects.get(hazard=waiting, valid_to=None).supervisor == cast.bureau
    assert hazards.close(waiting, by=cast.clerk).status == "closed"


def test_numbers_stay_and_do_not_collide_with_those_of_the_new_supervisor():
    cast = Cast()
    other = cast.county.townships["柏林镇"]
    theirs = hazards.reported(cast)
    neighbour = builders.make_facility(supervisor=other)
    manager = builders.make_home_user(neighbour)
    same_number = hazards.services.report_hazard(hazards.draft(neighbour), by=manager, before=[])
    assert theirs.number == same_number.number
    give_to(cast, other)
    theirs.refresh_from_db()
    assert theirs.supervisor == other
    assert len({theirs.code, same_number.code}) == 2


def test_a_part_that_the_new_supervisor_had_closed_opens_again():
    cast = Cast()
    hazard = hazards.finding(cast, departments=[cast.township, cast.bureau])
    hazard = hazards.close(hazards.submit(hazard, by=cast.manager), by=cast.clerk)
    give_to(cast, cast.bureau)
    assert [part.status for part in hazard.parts.all()] == ["open"]
    assert hazards.close(hazard, by=cast.clerk).status == "closed"


def test_a_pending_request_is_decided_by_the_new_supervisor():
    cast = Cast()
    hazard = hazards.opened(cast)
    request = hazards.services.ask_extension(hazard=hazard, by=cast.manager, new_due_on=in_days(20), reason="等配件")
    give_to(cast, cast.bureau)
    request.refresh_from_db()
    assert request.office == cast.bureau
    hazards.services.decide_request(request=request, by=cast.approver, granted=True)
    assert Hazard.objects.get(pk=hazard.pk).due_on == in_days(20)
