"""One page for a township's own government: how its part of a campaign stands, what was done, what needs help, what comes."""

from urllib.parse import quote

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string

from campaign_portal import clock
from campaign_portal.accounts import access
from campaign_portal.accounts.access import Role
from campaign_portal.checks import missing_pdf_packages
from campaign_portal.documents.pdf import make_pdf

from . import metrics
from .models import Milestone, Progress, TaskUnit
from .sharing_views import visible_campaign
from .work import latest_returns, problems_of, standings_of

MOST = {"figures": 8, "standings": 8, "returns": 4, "problems": 3, "dates": 6}  # what one page holds; of dates, lines
LINE, DATE_WORDS = 50, 18  # characters of a line; those around a date's name and task
TOLD = (Progress.Status.SUBMITTED, Progress.Status.ACCEPTED)  # what was sent back is not yet fit to be shown


@access.allow(Role.TOWNSHIP)
def brief(request, pk):
    """The brief as a page, to look at and to print."""
    campaign = visible_campaign(request, pk)
    return render(request, "campaigns/brief.html", contents(request.user, campaign))


@access.allow(Role.TOWNSHIP)
def brief_pdf(request, pk):
    """The same as a file to send on. One page takes a second, so nobody needs to wait for a job."""
    campaign = visible_campaign(request, pk)
    if missing := missing_pdf_packages():
        messages.error(request, f"这台服务器还不能生成 PDF，请联系管理员安装 {' '.join(missing)}。可以先打印本页。")
        return redirect("campaigns:brief", campaign.pk)
    html = render_to_string("campaigns/brief_paper.html", contents(request.user, campaign))
    name = f"{campaign.title[:60]}工作简报（{request.user.office.short_name}，{clock.today()}）.pdf"
    response = HttpResponse(make_pdf(html), content_type="application/pdf")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def contents(user, campaign):
    """All that stands in the brief of the user's township today; of a campaign that is over, as of the day it closed."""
    office, today = user.office, clock.today()
    with metrics.counted_once():
        figures = metrics.figures_for(user, campaign=campaign, on=campaign.closed_on)
        standings = [
            standing for standing in standings_of(user, campaign) if standing.share or standing.value is not None
        ]
    returns = latest_returns(office, campaign, statuses=TOLD)
    titles = dict(campaign.tasks.filter(pk__in=returns).values_list("pk", "title"))
    newest = sorted(returns.values(), key=lambda row: row.as_of, reverse=True)
    dates = Milestone.objects.filter(campaign=campaign, done_on__isnull=True)
    dates = list(dates.asked_of(office, parts=TaskUnit.Part.values).select_related("task"))
    shown = _that_fit(dates)
    return {
        "campaign": campaign,
        "office": office,
        "government": government_of(office.area.name),
        "today": today,
        "figures": figures[: MOST["figures"]],
        "standings": standings[: MOST["standings"]],
        "more_standings": max(0, len(standings) - MOST["standings"]),
        "returns": [(titles[row.task_id], row) for row in newest[: MOST["returns"]]],
        "problems": problems_of(office, campaign)[: MOST["problems"]],
        "dates": shown,
        "more_dates": len(dates) - len(shown),
    }


def _that_fit(milestones):
    """The first of them, unshortened, as many as the page has lines for; the very first in any case."""
    used, shown = 0, []
    for milestone in milestones:
        used += 1 + (len(milestone.name) + len(str(milestone.task or "")) + DATE_WORDS) // LINE
        if shown and used > MOST["dates"]:
            break
        shown.append(milestone)
    return shown


def government_of(area):
    """Whom a township reports to: its own party committee and government; a subdistrict's are called otherwise."""
    if area.endswith("街道"):
        return f"{area}党工委、{area}办事处"
    return f"{area}党委、{area}人民政府"
