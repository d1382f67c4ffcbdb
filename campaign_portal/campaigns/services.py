from datetime import date

from django.db import transaction

from campaign_portal.accounts.access import Role
from campaign_portal.accounts.models import Office
from campaign_portal.audit.recording import name_verbs, record

from .models import Campaign

name_verbs(campaign_opened="建立专项行动")


def bureau_of(row):
    """The county bureau that answers for a row with area columns."""
    return Office.objects.filter(kind=Role.BUREAU, county_code=row.county_code).order_by("pk").first()


@transaction.atomic
def campaign_for(row, *, on):
    """The campaign that takes a new record about `row` (it has area columns) on a day.

    The running special campaign of the county, else the bureau's routine supervision of that year, which is made on
    first use. A record always belongs to one.
    """
    special = (
        Campaign.objects.running(on=on).filter(kind=Campaign.Kind.SPECIAL, county_code=row.county_code).order_by("pk")
    ).first()
    return special or routine_campaign(bureau_of(row), year=on.year)


def routine_campaign(bureau, *, year):
    """The bureau's 日常监管 campaign of a year, made on first use."""
    campaign, is_new = Campaign.objects.get_or_create(
        kind=Campaign.Kind.ROUTINE,
        lead=bureau,
        starts_on=date(year, 1, 1),
        defaults={
            "ends_on": date(year, 12, 31),
            "status": Campaign.Status.RUNNING,
            "code": f"{bureau.number_code}{year % 100:02d}R",
            "title": f"{year}年日常监管",
            "area": bureau.area,
        },
    )
    if is_new:
        record("campaign.opened", campaign, by=None)
    return campaign


def current_campaign(user, *, on):
    """The campaign whose name stands at the top of the user's pages: the newest running one that concerns the office."""
    running = Campaign.objects.visible_to(user).running(on=on)
    return running.order_by("-kind", "-starts_on").first()
