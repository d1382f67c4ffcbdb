"""A figure is called the same wherever it stands: on a first page, as a township's part, as an indicator, in a summary."""

import pytest

from campaign_portal.campaigns import metrics

from . import hazards, selfchecks

pytestmark = pytest.mark.django_db

HAZARDS = ["hazards.closed_rate", "hazards.overdue", "hazards.recheck_overdue", "hazards.major_open"]


@pytest.fixture
def cast():
    cast = hazards.Cast()
    hazards.opened(cast)
    selfchecks.opened_round(cast.clerk)
    return cast


def test_whole_and_parts_of_every_named_figure_have_its_name_and_unit(cast):
    seen = set()
    for code, metric in metrics.METRICS.items():
        if not metric.name:
            continue
        by = (metric.by_place, metric.by_home)
        found = [
            metric.count(cast.clerk, None, None),
            *(f for of in by if of for f in of(cast.clerk, None, None).values()),
        ]
        seen |= {code for figure in found if figure is not None}
        assert {(f.label, f.unit) for f in found if f is not None} <= {(metric.name, metric.unit)}, code
    assert seen >= {*HAZARDS, "selfcheck.coverage_so_far", "facilities.beds"}


@pytest.mark.parametrize("code", HAZARDS)
def test_county_and_township_read_the_same_name(cast, code):
    whole = metrics.figure(code, cast.clerk)
    part = metrics.METRICS[code].by_place(cast.officer, None)[cast.township.pk]
    assert (whole.label, whole.unit) == (part.label, part.unit)
