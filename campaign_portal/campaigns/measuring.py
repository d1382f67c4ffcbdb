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
from .models import Indicator
from .reported import reported

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
    months = LENGTHS.get(indicator.per)
    if not months:
        return campaign.starts_on, max(last, campaign.starts_on)
    begins = (day.month - 1) // months * months + 1
    ends = begins + months - 1
    first = date(day.year, begins, 1)
    until = date(day.year, ends, calendar.monthrange(day.year, ends)[1])
    return max(first, campaign.starts_on), until


def measure(indicators, *, on=None):
    """{indicator pk: Measured} of indicators of one campaign, now or as of the end of a past day."""
    indicators = list(indicators)
    if not indicators:
        return {}
    campaign = indicators[0].campaign
    viewer = Overseer(campaign.area, campaign.lead)
    told = _reported(indicators, on)
    with metrics.counted_once():
        return {one.pk: _measured(one, campaign, viewer, told, on) for one in indicators}


def _measured(indicator, campaign, viewer, told, on):
    day = on or clock.today()
    now = _cumulated(indicator, campaign, viewer, told, on)
    first, _ = period_of(indicator, day)
    if indicator.per not in LENGTHS or indicator.is_rate or first <= campaign.starts_on:
        return now
    before = first - clock.ONE_DAY
    earlier = _cumulated(indicator, campaign, viewer, _reported([indicator], before), before)
    whole = now.whole.since(earlier.whole) if now.whole else None
    return now._replace(whole=whole, parts={pk: count.since(earlier.parts.get(pk)) for pk, count in now.parts.items()})


def _reported(indicators, on):
    """{indicator pk: {office pk: Count}} of those that offices report. One query."""
    told = reported([one for one in indicators if one.is_reported], on=on)
    return {pk: {office: Count(*part) for office, part in parts.items()} for pk, parts in told.items()}


def _cumulated(indicator, campaign, viewer, told, on):
    if indicator.is_reported:
        return _from_reports(indicator, told)
    metric = metrics.METRICS.get(indicator.metric)
    if metric is None:
        return Measured(None, {}, {})
    if indicator.per == Per.HOME:
        return _homes_that_reach(indicator, metric.by_home(viewer, campaign, on) if metric.by_home else {})
    figure = metric.count(viewer, campaign, on)
    parts = metric.by_place(viewer, campaign, on) if metric.by_place and campaign.county_code else {}
    urls = {pk: part.url for pk, part in parts.items()} | ({None: figure.url} if figure else {})
    return Measured(_count(figure), {pk: _count(part) for pk, part in parts.items()}, urls)


def _count(figure):
    if figure is None:
        return None
    denominator = None if figure.denominator is None else Decimal(figure.denominator)
    return Count(Decimal(figure.numerator), denominator)


def _homes_that_reach(indicator, figures):
    """Of the homes that a metric tells, those that reach the value: a rate of homes."""
    reached = sum(1 for figure in figures.values() if figure.value is not None and figure.value >= indicator.value)
    urls = {pk: figure.url for pk, figure in figures.items()}
    return Measured(Count(Decimal(reached), Decimal(len(figures))), {pk: _count(f) for pk, f in figures.items()}, urls)


def _from_reports(indicator, told):
    parts = told.get(indicator.pk, {})
    if not parts:
        return Measured(None, {}, {})
    url = reverse("campaigns:indicator", args=[indicator.campaign_id, indicator.pk])
    if indicator.per == Per.HOME:
        reached = sum(1 for count in parts.values() if count.numerator >= indicator.value)
        return Measured(Count(Decimal(reached), Decimal(len(parts))), parts, {None: url})
    bases = [count.denominator for count in parts.values() if count.denominator is not None]
    base = sum(bases) if bases else Decimal(0) if indicator.is_rate else None
    return Measured(Count(sum(count.numerator for count in parts.values()), base), parts, {None: url})
