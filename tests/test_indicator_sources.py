"""An indicator stands on a figure of the portal only where those who lead the campaign may open its rows."""

import pytest

from campaign_portal.accounts.access import Role
from campaign_portal.campaigns import drafting

from .builders import browser, make_county, make_office, make_user
from .notices import WHOLE
from .plans import make_campaign, make_indicator

pytestmark = pytest.mark.django_db

OPEN_TO_ALL = {"facilities.nursing_beds", "activities.training"}
OF_THE_LEDGER = {"hazards.closed_rate", "selfcheck.coverage_so_far"}


@pytest.fixture
def county():
    return make_county()


def lead_of(county, kind):
    return county.bureau if kind == Role.BUREAU else make_office(kind, area=county.area)


def offered(response):
    return {code for code, _ in response.context["form"].fields["metric"].choices}


@pytest.mark.parametrize(
    "kind, served, held_back",
    [("bureau", OPEN_TO_ALL | OF_THE_LEDGER, set()), ("association", OPEN_TO_ALL, OF_THE_LEDGER)],
)
def test_a_lead_is_offered_the_figures_whose_rows_it_may_open(county, kind, served, held_back):
    lead = lead_of(county, kind)
    campaign = make_campaign(lead)
    codes = offered(browser(make_user(lead)).get(f"/campaigns/{campaign.pk}/indicators/new/"))
    assert served <= codes
    assert not held_back & codes


def test_an_association_cannot_send_what_it_was_not_offered(county):
    lead = lead_of(county, "association")
    campaign = make_campaign(lead)
    sent = {"name": "隐患整改销号率", "comparator": "ge", "value": "95", "unit": "%", "metric": "hazards.closed_rate"}
    response = browser(make_user(lead)).post(f"/campaigns/{campaign.pk}/indicators/new/", sent)
    assert response.status_code == 422
    assert "metric" in response.context["form"].errors
    assert not campaign.indicators.exists()


def test_an_indicator_that_stands_on_such_a_figure_already_keeps_it(county):
    lead = lead_of(county, "association")
    indicator = make_indicator(make_campaign(lead), metric="hazards.closed_rate", unit="%", value=90)
    codes = offered(browser(make_user(lead)).get(f"/campaigns/{indicator.campaign_id}/indicators/{indicator.pk}/edit/"))
    assert "hazards.closed_rate" in codes
    assert "hazards.overdue" not in codes


def test_the_same_holds_while_a_notice_is_read(county):
    clerk = make_user(lead_of(county, "association"))
    notice = drafting.take_in(WHOLE, by=clerk)
    codes = offered(browser(clerk).get(f"/campaigns/notices/{notice.pk}/add/target/"))
    assert codes >= OPEN_TO_ALL
    assert not OF_THE_LEDGER & codes
