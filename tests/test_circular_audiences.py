"""Whom a circular can be sent to: homes and offices within the sender's own reach, by filters, never beyond."""

import pytest

from campaign_portal.accounts.access import Role
from campaign_portal.circulars.models import Circular
from campaign_portal.circulars.registry import audiences_of
from facilities.models import Facility
from facilities.services import change_state

from . import builders, hazards
from .builders import in_days
from .circulars import Cast, choose, in_time
from .hazards import Cast as County

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def cast():
    return Cast()


def found(user, query):
    return [one.label for one in choose(Circular(), user, query).found]


def test_each_reaches_its_own_homes(cast):
    assert found(cast.clerk, "audience=homes") == ["马田镇敬老院", "马田镇幸福院", "柏林镇敬老院"]
    assert found(cast.officer, "audience=homes") == ["马田镇敬老院", "马田镇幸福院"]
    assert found(cast.secretary, "audience=homes") == ["马田镇敬老院"]
    assert found(cast.beyond, "audience=homes") == []


def test_a_township_reaches_a_home_it_supervises_and_not_one_that_merely_stands_there(cast):
    builders.make_facility("县福利院", supervisor=cast.bureau, area=cast.township.area)
    assert "县福利院" not in found(cast.officer, "audience=homes")
    assert "县福利院" in found(cast.clerk, "audience=homes&supervisor=own")


def test_filters_narrow_the_list_and_nonsense_is_left_out(cast):
    builders.make_licence(cast.home, expires_on=in_days(9))
    assert found(cast.clerk, "audience=homes&licence=expiring") == ["马田镇敬老院"]
    assert found(cast.clerk, f"audience=homes&town={cast.other_township.area.code}") == ["柏林镇敬老院"]
    assert len(found(cast.clerk, "audience=homes&kind=castle")) == 3
    assert found(cast.officer, "audience=offices") == found(cast.officer, "audience=homes")


def test_a_closed_home_is_left_out_unless_asked_for(cast):
    change_state(facility=cast.home, by=cast.clerk, status=Facility.Status.CLOSED, since=in_days(0), reason="停业")
    assert "马田镇敬老院" not in found(cast.clerk, "audience=homes")
    assert found(cast.clerk, "audience=homes&status=closed") == ["马田镇敬老院"]


def test_homes_with_overdue_hazards_can_be_chosen():
    county = County()
    calm = builders.make_facility(supervisor=county.township)
    hazards.opened(county, due_on=in_days(3))
    assert found(county.clerk, "audience=homes&having=overdue") == []
    with in_time(4):
        assert found(county.clerk, "audience=homes&having=overdue") == [county.home.name]
    assert calm.name in found(county.clerk, "audience=homes")


def test_a_bureau_reaches_the_offices_of_its_area_by_kind(cast):
    names = found(cast.clerk, "audience=offices&kind=township")
    assert names == [cast.township.name, cast.other_township.name]
    everyone = found(cast.clerk, "audience=offices")
    assert cast.bureau.name not in everyone and cast.association.name in everyone and len(everyone) == 5


def test_only_a_bureau_writes_to_offices_and_some_write_to_nobody(cast):
    codes = {name: [one.code for one in audiences_of(getattr(cast, name))] for name in ("clerk", "officer", "manager")}
    assert (set(codes["clerk"]), codes["officer"], codes["manager"]) == ({"homes", "offices"}, ["homes"], [])


def test_a_bureau_above_reaches_the_bureaus_below(cast):
    city = builders.make_office(Role.BUREAU, area=cast.county.area.parent)
    assert cast.bureau.name in found(builders.make_user(city), "audience=offices&kind=bureau")
