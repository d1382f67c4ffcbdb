"""What offices have reported towards indicators: of each office the latest return that counts, together the whole.

An office tells what it has reached since the campaign began (累计数), so its later return replaces its earlier one, and a
township's figure includes its homes': these are not asked for it again (progress.is_asked), and what such a home had
reported before counts no more once its township has.
"""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from campaign_portal import clock
from campaign_portal.accounts.access import Role

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


def reported(indicators, *, on=None, as_of=None, office=None):
    """{indicator pk: {office pk: Reported}} for many indicators, or for one office's part in them. One query.

    `on`: what had been accepted by the end of that day. `as_of`: what returns tell of up to that day, whenever they were
    accepted; so the difference of two days is what was done between them.
    """
    figures = ProgressFigure.objects.filter(indicator__in=indicators, progress__in=Progress.objects.counted())
    if on is not None:
        figures = figures.filter(progress__decided_at__lt=clock.start_of(on + clock.ONE_DAY))
    if as_of is not None:
        figures = figures.filter(progress__as_of__lte=as_of)
    if office is not None:
        figures = figures.filter(progress__office=office)
    return {pk: _without_included(rows) for pk, rows in _newest(figures).items()}


def latest(figures):
    """Of some ProgressFigures the latest of each indicator and office: {indicator pk: {office pk: Reported}}."""
    return {pk: {office: row.told for office, row in rows.items()} for pk, rows in _newest(figures).items()}


class _Row(NamedTuple):
    told: Reported
    as_of: date
    township: int | None  # the office's supervisor, if that is a township


def _newest(figures):
    """{indicator pk: {office pk: _Row}}"""
    newest = [F("progress__as_of").desc(), F("progress__decided_at").desc(), F("progress").desc()]
    place = Window(RowNumber(), partition_by=["indicator", "progress__office"], order_by=newest)
    rows = figures.annotate(place=place).filter(place=1)
    found = {}
    above = ("progress__office__parent", "progress__office__parent__kind")
    columns = ("indicator", "progress__office", "value", "base", "progress__as_of", *above)
    for indicator, office, value, base, as_of, parent, kind in rows.values_list(*columns):
        township = parent if kind == Role.TOWNSHIP else None
        found.setdefault(indicator, {})[office] = _Row(Reported(value, base), as_of, township)
    return found


def _without_included(rows):
    """{office pk: Reported} without the homes whose township has reported since, or on the same day."""
    return {
        office: row.told
        for office, row in rows.items()
        if row.township not in rows or rows[row.township].as_of < row.as_of
    }


def total(indicator, by_office):
    """The parts of one indicator together."""
    numerator = sum((part.numerator for part in by_office.values()), ZERO)
    if not indicator.is_rate:
        return Reported(numerator)
    return Reported(numerator, sum((part.denominator or ZERO for part in by_office.values()), ZERO))
