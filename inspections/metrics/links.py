"""What the chapters share: where a figure leads, and by which places the figures are told apart."""

from functools import cache

from django.urls import reverse

from ..models import Hazard

S = Hazard.Status
G = Hazard.Grade
PLACES = {  # column → (the ledger's filter, what the table says)
    "supervisor": ("supervisor", {"title": "乡镇进度", "first": "乡镇（监管单位）", "drills": True}),
    "county_code": ("county", {"title": "各县进度", "first": "县（市、区）", "drills": False}),
}


@cache
def _ledger():
    """The ledger's address. A board names it hundreds of times."""
    return reverse("inspections:ledger")


def ledger_url(campaign, **params):
    """The ledger with the rows that a figure counted."""
    pairs = params | ({"campaign": campaign.pk} if campaign else {})
    return f"{_ledger()}?" + "&".join(f"{name}={value}" for name, value in pairs.items())
