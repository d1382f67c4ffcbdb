"""Days of officers' steps that are counted in working days, and move with the calendar."""

from campaign_portal.accounts.access import Role
from campaign_portal.accounts.models import Office
from campaign_portal.deadlines.moving import Counted, register

from . import services
from .models import Limits


def counties_in_calendar_days():
    """Codes of the counties whose limits count calendar days; mostly nobody's do, which one query tells."""
    if not Limits.objects.filter(in_workdays=False).exists():
        return frozenset()
    bureaus = Office.objects.filter(kind=Role.BUREAU).exclude(county_code="").select_related("parent")
    return frozenset(one.county_code for one in bureaus if not services.limits_for(one).in_workdays)


COUNTY = {"counties_otherwise": counties_in_calendar_days, "lock": services.lock_hazards}

register(Counted("verify", begins="reported_at", county="county_code", move=services.move_verifications, **COUNTY))
register(
    Counted(
        "recheck",
        begins="hazard__submitted_at",
        holder="hazard_id",
        county="hazard__county_code",
        move=services.move_rechecks,
        **COUNTY,
    )
)
register(
    Counted(
        "decide",
        begins="asked_at",
        holder="hazard_id",
        county="hazard__county_code",
        move=services.move_decisions,
        **COUNTY,
    )
)
