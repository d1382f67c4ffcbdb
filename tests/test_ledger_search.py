"""Searching the ledger's words, within a county and above it, where an index has to answer."""

import pytest
from django.db import connection

from campaign_portal.accounts import access
from campaign_portal.accounts.access import Role
from campaign_portal.accounts.models import Area, Level
from facilities.models import Facility
from facilities.services import edit_facility
from inspections.ledger import ledger_of
from inspections.models import Hazard
from inspections.search import matching

from . import builders, hazards
from .builders import LONG_AGO
from .hazards import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def cast():
    cast = Cast()
    cast.hazard = hazards.opened(cast, summary="二楼Stairs扶手松动", responsible="欧阳明月")
    hazards.opened(cast, summary="留样不足")
    hazards.opened(Cast(), summary="扶手松动，在别的县")
    province = Area.objects.get(level=Level.PROVINCE)
    bureau = builders.make_office(Role.BUREAU, area=province, name="省民政厅")
    cast.province = builders.make_user(bureau)
    access.grant(bureau, "oversee_area", province, valid_from=LONG_AGO)
    return cast


def found(user, words):
    return {hazard.summary for hazard in hazards.whole(ledger_of(user, f"state=all&q={words}"))}


@pytest.mark.parametrize("words", ["扶手", "手松动", "Stairs扶手", "欧阳明月", "二", "扶手 松动", "扶手 欧阳明月"])
def test_a_county_and_a_province_find_the_same_line_by_its_words(cast, words):
    for user in (cast.clerk, cast.province):
        assert "二楼Stairs扶手松动" in found(user, words), words


def test_a_code_is_found_in_small_letters_and_a_home_by_its_name(cast):
    for user in (cast.clerk, cast.province):
        assert "二楼Stairs扶手松动" in found(user, cast.hazard.code.lower())  # other counties count from 1 too
        assert found(user, cast.home.name) == {"二楼Stairs扶手松动", "留样不足"}


def test_a_home_that_moved_away_is_still_found_by_what_it_left_behind(cast):
    hazards.closed(cast, summary="搬走前销号的")
    home = Facility.objects.get(pk=cast.home.pk)
    home.area, home.supervisor = cast.county.towns["柏林镇"], cast.county.townships["柏林镇"]
    edit_facility(home, by=cast.clerk, fields=["area", "supervisor"])
    officer = builders.fresh(cast.officer)
    assert home not in Facility.objects.visible_to(officer)
    assert found(officer, home.name) == {"搬走前销号的"}


def test_pairs_of_characters_in_another_order_are_no_match(cast):
    assert found(cast.province, "松动扶手") == set()
    assert found(cast.province, "扶手松动 留样") == set()


def test_above_the_county_only_what_the_scope_covers_is_found(cast):
    assert found(cast.province, "扶手") == {"二楼Stairs扶手松动", "扶手松动，在别的县"}
    assert found(cast.clerk, "扶手") == {"二楼Stairs扶手松动"}


@pytest.mark.skipif("connection.vendor != 'postgresql'")
def test_above_the_county_the_index_of_pairs_answers(cast):
    rows = matching(Hazard.objects.all(), "扶手", user=cast.province, is_wide=True)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
        assert "hazard_pairs" in rows.order_by().explain()
