"""Figures about the register of homes."""

from django.db.models import Count, Q
from django.urls import reverse

from campaign_portal.accounts.access import Role
from campaign_portal.campaigns.metrics import Figure, Metric, register

from .models import Facility


def count_homes(user, campaign, on):
    """Running homes; the note says how many are in the register. `on` a past day: by the states of that day."""
    visible = Facility.objects.visible_to(user)
    if on is None:
        is_running = Q(status=Facility.Status.RUNNING)
    else:
        visible = visible.in_register(on=on)
        is_running = Q(status_then=Facility.Status.RUNNING)
    counts = visible.aggregate(running=Count("pk", filter=is_running), all=Count("pk"))
    return Figure(
        label="正常运营的养老机构",
        unit="家",
        numerator=counts["running"],
        denominator=None,
        url=reverse("facilities:facilities") + "?status=running",
        note=f"登记在册 {counts['all']} 家",
    )


register(
    Metric(
        code="facilities.count",
        roles=frozenset({Role.BUREAU, Role.TOWNSHIP, Role.ASSOCIATION}),
        count=count_homes,
    )
)
