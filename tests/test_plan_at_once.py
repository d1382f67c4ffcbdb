"""Two people change a plan at the same moment: one is told, nothing is half done."""

import pytest

from campaign_portal.campaigns import planning
from campaign_portal.campaigns.models import Campaign

from .builders import make_county, make_user
from .plans import make_campaign, make_task
from .test_concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_campaigns_that_take_hazards_one_starts():
    county = make_county()
    drafts = [make_campaign(county.bureau, status=Campaign.Status.DRAFT) for _ in range(2)]
    people = [make_user(county.bureau) for _ in range(2)]
    for one in drafts:
        make_task(one)
    at_once(
        *(lambda draft=draft, by=by: planning.start(draft, by=by) for draft, by in zip(drafts, people, strict=True))
    )
    assert Campaign.objects.filter(status=Campaign.Status.RUNNING).count() == 1
