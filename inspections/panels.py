"""Charts, each with the table it is drawn from. Templates in templates/inspections/figures/."""

from django.urls import reverse

from campaign_portal.accounts.access import OFFICERS
from campaign_portal.campaigns.metrics import PANELS

from . import metrics
from .metrics import recurrence

FOLDER = "inspections/figures"
MONTH = 30
WORST = 8  # lines of the chart on a first page; the page of figures shows all


def funnel(user, campaign, on=None):
    """From report to striking off, with how often things come back."""
    stages = metrics.stages(user, campaign, on)
    rates = [metrics.on_time_rate(user, campaign, on), recurrence(user, campaign, on)]
    return {"template": f"{FOLDER}/_funnel.html", "stages": stages, "rates": rates, "live": on is None}


def overdue(user, campaign, on=None):
    """Rectification and re-check past their limits, by township or county (for a township: by home), worst first."""
    table = metrics.by_place(user, campaign, on) or metrics.by_home(user, campaign, on)
    late = [line for line in table["lines"] if line["overdue"] or line["recheck"]]
    return {
        "template": f"{FOLDER}/_overdue.html",
        "first": table["first"],
        "lines": late[:WORST],
        "more": len(late[WORST:]),
        "live": on is None,
    }


def trend(user, campaign, on=None, days=MONTH):
    """New, struck off, unfinished and overdue, day by day; the table has the newest day first."""
    points = metrics.trend(user, campaign, on, days=days)
    day_url = f"{reverse('figures')}?campaign={campaign.pk if campaign else ''}&on="
    return {"template": f"{FOLDER}/_trend.html", "points": points[::-1], "days": days, "day_url": day_url}


for code, panel in [("hazards.funnel", funnel), ("hazards.overdue", overdue), ("hazards.trend", trend)]:
    PANELS[code] = lambda user, campaign, panel=panel: panel(user, campaign) if user.office.kind in OFFICERS else None
