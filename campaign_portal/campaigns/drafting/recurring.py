"""The days of a deadline that comes back."""

import calendar
from datetime import date

from campaign_portal import clock


def occurrences(data, campaign):
    """The milestones of a deadline: (name, first day or None, last day). A recurring one has one for each period that ends
    within the campaign; what recurs oftener than monthly is the daily work of the task, not a row for every day."""
    name, recurrence = data["name"], data["recurrence"]
    starts_on = date.fromisoformat(data["starts_on"]) if data["starts_on"] else None
    months = MONTHS.get(recurrence)
    if not months:
        due_on = date.fromisoformat(data["due_on"]) if data["due_on"] else campaign.ends_on
        return [(name, starts_on if starts_on and starts_on <= due_on else None, due_on)]
    ends = _period_ends(campaign.starts_on, campaign.ends_on, months)
    if data.get("on_day"):
        ends = list(_on_its_day(ends, data, campaign))
    return [(f"{name[:100]}（{_period_name(end, months)}）", first, end) for first, end in ends[:MOST]]


MOST = 60  # five years of months: a plan that runs longer is drawn up anew
MONTHS = {"monthly": 1, "bimonthly": 2, "quarterly": 3, "half_yearly": 6, "yearly": 12}


def _period_ends(first, last, months):
    """(first day, last day) of each calendar month, quarter, half or year within [first, last], cut at both ends."""
    found, start = [], first
    while start <= last:
        end_month = (start.month - 1) // months * months + months
        end = date(start.year, end_month, calendar.monthrange(start.year, end_month)[1])
        found.append((start, min(end, last)))
        start = end + clock.ONE_DAY
    return found


def _on_its_day(ends, data, campaign):
    """The same periods with the day that the notice names within them; those whose day lies outside the campaign drop out."""
    for first, end in ends:
        month = data.get("on_month") or (first.month if data.get("in_first_month") else end.month)
        day = date(end.year, month, min(data["on_day"], calendar.monthrange(end.year, month)[1]))
        if campaign.starts_on <= day <= campaign.ends_on:
            yield min(first, day), day


def _period_name(end, months):
    if months == 1:
        return f"{end.year}年{end.month}月"
    if months == 2:
        return f"{end.year}年{end.month - 1}、{end.month}月"
    if months == 3:
        return f"{end.year}年第{'一二三四'[(end.month - 1) // 3]}季度"
    if months == 6:
        return f"{end.year}年{'上' if end.month <= 6 else '下'}半年"
    return f"{end.year}年"
