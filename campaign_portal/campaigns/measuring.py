"""Counting the indicators of a campaign, whole and in parts, now or as of the end of a past day.

Figures are of the campaign's whole area, whoever looks: a township's part of an indicator is the same number on its own
page and on the bureau's.
"""

import calendar
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.urls import reverse

from campaign_portal import clock
from campaign_portal.accounts.access import Overseer

from . import metrics
from .models import Campaign, Indicator, IndicatorDay
from .reported import reported
from .sharing import MEMBERS

Per = Indicator.Per


class Count(NamedTuple):
    """A counted number, or a rate as its two parts. `denominator` None: a plain count."""

    numerator: Decimal
    denominator: Decimal | None = None

    @property
    def value(self):
        """The number, or a percentage with one decimal; None for a rate over nothing."""
        if self.denominator is None:
            return self.numerator
        rate = metrics.percent(self.numerator, self.denominator)
        return None if rate is None else Decimal(str(rate))

    def since(self, earlier):
        """What was added since an earlier count (of a plain count)."""
        return Count(self.numerator - (earlier.numerator if earlier else 0), self.denominator)


class Measured(NamedTuple):
    """An indicator counted as of a day: the whole, and its parts by office (pk). None: nothing has been counted yet."""

    whole: Count | None
    parts: dict
    urls: dict  # office pk, or None for the whole → the rows behind the number


LENGTHS = {Per.MONTH: 1, Per.QUARTER: 3, Per.HALF: 6, Per.YEAR: 12}  # months


def period_of(indicator, day):
    """First and last day over which an indicator counts as of a day: its whole time, or the month, quarter … of the day."""
    campaign = indicator.campaign
    last = indicator.by_on or campaign.ends_on
    months, day = LENGTHS.get(indicator.per), min(day, campaign.ends_on)  # after the end: its last quarter
    if not months:
        return campaign.starts_on, max(last, campaign.starts_on)
    begins = (day.month - 1) // months * months + 1
    ends = begins + months - 1
    first = date(day.year, begins, 1)
    until = date(day.year, ends, calendar.monthrange(day.year, ends)[1])
    return max(first, campaign.starts_on), min(until, campaign.ends_on)


def measure(indicators, *, on=None):
    """{indicator pk: Measured} of indicators of one campaign, now or as of the end of a past day."""
    indicators = list(indicators)
    if not indicators:
        return {}
    campaign = indicators[0].campaign
    if on is None and campaign.status == Campaign.Status.CLOSED:
        return frozen(indicators)
    viewer = Overseer(campaign.area, campaign.lead)
    told = _reported(indicators, on)
    with metrics.counted_once():
        return {
            one.pk: _measured(one, campaign, viewer, told, on, earlier=_earlier(indicators, on)) for one in indicators
        }


def _earlier(indicators, on):
    """told(before): what offices have told about their work up to a day, whenever it was accepted. One query a day."""
    return lambda before: metrics.shared(
        ("reported up to", before, on), lambda: _reported(indicators, on, as_of=before)
    )


def frozen(indicators):
    """The final figures of a campaign that was closed, as they were kept on that day. One query."""
    found = {one.pk: Measured(None, {}, {None: _page(one)}) for one in indicators}
    for day in IndicatorDay.objects.filter(indicator__in=indicators, is_final=True):
        count = Count(day.numerator, day.denominator)
        if day.office_id is None:
            found[day.indicator_id] = found[day.indicator_id]._replace(whole=count)
        else:
            one = found[day.indicator_id]
            one.parts[day.office_id], one.urls[day.office_id] = count, one.urls[None]
    return found


def _page(indicator):
    return reverse("campaigns:indicator", args=[indicator.campaign_id, indicator.pk])


def _measured(indicator, campaign, viewer, told, on, *, earlier):
    """Over its whole time; one per month, quarter … over the present one."""
    first, _ = period_of(indicator, on or clock.today())
    metric = metrics.METRICS.get(indicator.metric)
    if indicator.per not in LENGTHS or indicator.is_rate or first <= campaign.starts_on:
        return _cumulated(indicator, campaign, viewer, told, on)
    if metric and metric.takes_since:
        return _cumulated(indicator, campaign, viewer, told, on, since=first)
    now = _cumulated(indicator, campaign, viewer, told, on)
    before = first - clock.ONE_DAY
    was = _cumulated(indicator, campaign, viewer, earlier(before), before)
    whole = now.whole.since(was.whole) if now.whole else None
    return now._replace(whole=whole, parts={pk: count.since(was.parts.get(pk)) for pk, count in now.parts.items()})


def _reported(indicators, on, as_of=None):
    """{indicator pk: {office pk: Count}} of those that offices report. One query."""
    told = reported([one for one in indicators if one.is_reported], on=on, as_of=as_of)
    return {pk: {office: Count(*part) for office, part in parts.items()} for pk, parts in told.items()}


def _cumulated(indicator, campaign, viewer, told, on, **since):
    if indicator.is_reported:
        return _from_reports(indicator, told)
    metric = metrics.METRICS.get(indicator.metric)
    if metric is None:
        return Measured(None, {}, {})
    if indicator.per == Per.HOME:
        return _homes_that_reach(indicator, metric.by_home(viewer, campaign, on) if metric.by_home else {}, viewer)
    figure = metric.count(viewer, campaign, on, **since)
    parts = metric.by_place(viewer, campaign, on, **since) if metric.by_place and campaign.county_code else {}
    urls = {pk: part.url for pk, part in parts.items()} | ({None: figure.url} if figure else {})
    return Measured(_count(figure), {pk: _count(part) for pk, part in parts.items()}, urls)


def _count(figure):
    if figure is None:
        return None
    denominator = None if figure.denominator is None else Decimal(figure.denominator)
    return Count(Decimal(figure.numerator), denominator)


def _homes_that_reach(indicator, figures, viewer):
    """Of the running homes in sight, those that reach the value: a rate of homes. A home without rows counts 0; without a
    rate it has reached none."""
    homes = {pk for members in MEMBERS for pk in members(viewer).values_list("office", flat=True)} | figures.keys()
    counts = {pk: _count(figures[pk]) if pk in figures else None for pk in homes}
    nothing = None if indicator.is_rate else Decimal(0)
    reached = sum(indicator.reaches(count.value if count else nothing) for count in counts.values())
    told = {pk: count for pk, count in counts.items() if count}
    urls = {pk: figure.url for pk, figure in figures.items()} | {None: _page(indicator)}
    return Measured(Count(Decimal(reached), Decimal(len(homes))), told, urls)


def _from_reports(indicator, told):
    parts = told.get(indicator.pk, {})
    if not parts:
        return Measured(None, {}, {})
    url = _page(indicator)
    bases = [count.denominator for count in parts.values() if count.denominator is not None]
    base = sum(bases) if bases else Decimal(0) if indicator.is_rate else None
    return Measured(Count(sum(count.numerator for count in parts.values()), base), parts, {None: url})
