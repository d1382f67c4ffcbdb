"""What offices have reported towards indicators: of each office the latest return that counts, together the whole.

An office tells what it has reached since the campaign began (累计数), so its later return replaces its earlier one, and a
township's figure includes its homes': these are not asked for it again (progress.asked_of).
"""

from decimal import Decimal
from typing import NamedTuple

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from campaign_portal import clock

from .models import Progress, ProgressFigure

ZERO = Decimal(0)


class Reported(NamedTuple):
    """A reported figure. Only rates have a denominator; one of 0 has no value."""

    numerator: Decimal
    denominator: Decimal | None = None


def reported_value(indicator, *, on=None):
    """(numerator, denominator) over all offices, as of the end of day `on` (by when it was accepted); None means now.

    The denominator of a count is None. Where nobody has reported, a count is 0 and a rate is 0 of 0. One query.
    """
    return total(indicator, reported_by_office(indicator, on=on))


def reported_by_office(indicator, on=None):
    """{office pk: Reported}, offices without a counted return left out. One query."""
    return reported([indicator], on=on).get(indicator.pk, {})


def reported(indicators, *, on=None, office=None):
    """{indicator pk: {office pk: Reported}} for many indicators, or for one office's part in them. One query."""
    figures = ProgressFigure.objects.filter(indicator__in=indicators, progress__in=Progress.objects.counted())
    if on is not None:
        figures = figures.filter(progress__decided_at__lt=clock.start_of(on + clock.ONE_DAY))
    if office is not None:
        figures = figures.filter(progress__office=office)
    return latest(figures)


def latest(figures):
    """Of some ProgressFigures the latest of each indicator and office: {indicator pk: {office pk: Reported}}."""
    newest = [F("progress__as_of").desc(), F("progress__decided_at").desc(), F("progress").desc()]
    place = Window(RowNumber(), partition_by=["indicator", "progress__office"], order_by=newest)
    found = {}
    rows = figures.annotate(place=place).filter(place=1)
    for indicator, office, value, base in rows.values_list("indicator", "progress__office", "value", "base"):
        found.setdefault(indicator, {})[office] = Reported(value, base)
    return found


def total(indicator, by_office):
    """The parts of one indicator together."""
    numerator = sum((part.numerator for part in by_office.values()), ZERO)
    if not indicator.is_rate:
        return Reported(numerator)
    return Reported(numerator, sum((part.denominator or ZERO for part in by_office.values()), ZERO))
