"""What inspections know about homes, as filters of the recipients of a circular."""

from django.db.models import Exists, OuterRef

from campaign_portal import clock
from facilities.audiences import CONDITIONS, Condition

from .models import Hazard

UNDER_WAY = [Hazard.Status.OPEN, Hazard.Status.SUBMITTED]


def _with(hazards):
    return lambda homes: homes.filter(Exists(hazards().filter(facility=OuterRef("pk"))))


CONDITIONS += [
    Condition("overdue", "有逾期未整改的隐患", _with(lambda: Hazard.objects.overdue(on=clock.today()))),
    Condition("major", "有未销号的重大隐患", _with(lambda: Hazard.objects.filter(grade="major", status__in=UNDER_WAY))),
]
