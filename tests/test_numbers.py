"""The number of a hazard: campaign, supervisor, and a count of their own; codes are chosen county by county."""

import pytest

from campaign_portal.edges import Refused
from inspections.models import Hazard

from . import builders, hazards
from .hazards import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def test_two_counties_with_the_same_code_letters_each_count_from_one():
    here, elsewhere = hazards.reported(Cast()), hazards.reported(Cast())
    assert here.code == elsewhere.code
    assert here.campaign != elsewhere.campaign
    assert here.county_code != elsewhere.county_code


def test_each_supervisor_counts_for_itself():
    cast, beside = Cast(), Cast()
    beside.home = builders.make_facility(supervisor=cast.county.townships["柏林镇"])
    beside.manager = builders.make_home_user(beside.home)
    assert [hazards.reported(cast).number, hazards.reported(beside).number, hazards.reported(cast).number] == [1, 1, 2]


def test_two_offices_without_a_code_of_their_own_are_told_so_instead_of_sharing_a_number():
    cast, beside = Cast(), Cast()
    for township in cast.county.townships.values():
        township.number_code = ""
        township.save()
    beside.home = builders.make_facility(supervisor=cast.county.townships["柏林镇"])
    beside.manager = builders.make_home_user(beside.home)
    hazards.reported(cast)
    with pytest.raises(Refused, match="编号重复"):
        hazards.reported(beside)
    assert Hazard.objects.count() == 1
