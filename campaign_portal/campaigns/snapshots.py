"""Where the indicators stood at the end of each day, kept in a table: trends read it, and so does whoever asks for a past
day of a figure that has no history of its own."""

from django.db import transaction

from campaign_portal import clock

from .measuring import measure
from .models import Campaign, IndicatorDay

MOST_DAYS = 31  # caught up at once after the worker stood still; older days are counted when somebody asks


def count_missing():
    """Yesterday and the days before it that no night has counted, of every running campaign. Returns how many days."""
    return sum(count_missing_of(campaign) for campaign in _running())


def _running():
    return Campaign.objects.filter(status=Campaign.Status.RUNNING, indicators__isnull=False).distinct()


def count_missing_of(campaign):
    """The days of one campaign that are missing. Returns how many were counted."""
    yesterday = clock.today() - clock.ONE_DAY
    kept = IndicatorDay.objects.filter(indicator__campaign=campaign).order_by("-day").values_list("day", flat=True)
    first = max(
        kept.first() + clock.ONE_DAY if kept.exists() else campaign.starts_on,
        yesterday - (MOST_DAYS - 1) * clock.ONE_DAY,
    )
    days = [first + n * clock.ONE_DAY for n in range(max(0, (yesterday - first).days + 1))]
    for day in days:
        count_day(campaign, day)
    return len(days)


@transaction.atomic
def count_day(campaign, day, *, is_final=False):
    """Keep where every indicator stood at the end of a day. Counted again, the day's rows are written anew; what was frozen
    when the campaign closed is never touched."""
    indicators = list(campaign.indicators.all())
    if IndicatorDay.objects.filter(indicator__in=indicators, day=day, is_final=True).exists():
        return
    for indicator in indicators:
        indicator.campaign = campaign
    measured = measure(indicators, on=day if day < clock.today() else None)
    IndicatorDay.objects.filter(indicator__in=indicators, day=day).delete()
    IndicatorDay.objects.bulk_create(
        IndicatorDay(
            indicator=indicator,
            day=day,
            office_id=office,
            numerator=count.numerator,
            denominator=count.denominator,
            is_final=is_final,
        )
        for indicator in indicators
        for office, count in _counts(measured[indicator.pk])
    )


def _counts(measured):
    whole = [(None, measured.whole)] if measured.whole else []
    return whole + [(office, count) for office, count in measured.parts.items() if count]


def trend(indicator, *, days=90):
    """The kept days of the whole of an indicator, oldest first."""
    since = clock.today() - days * clock.ONE_DAY
    return list(IndicatorDay.objects.filter(indicator=indicator, office=None, day__gte=since).order_by("day"))
