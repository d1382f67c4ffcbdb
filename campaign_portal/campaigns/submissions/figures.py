"""The figures of a summary: counted over what its office answers for, kept as they were when it was handed in, and added
up for the office above.

Counts add. A rate is never averaged: numerators and denominators are added, and the rate is taken of the sums.
"""

from decimal import Decimal
from typing import NamedTuple

from campaign_portal import clock

from .. import metrics
from ..metrics import Figure, percent
from ..models import YearFigure
from .rounds import metrics_for


class Kept(NamedTuple):
    """A figure as a summary keeps it: what a Figure said that day, with the code it was counted by."""

    code: str
    label: str
    unit: str
    value: int | float | None
    numerator: int
    denominator: int | None
    url: str
    note: str = ""

    @classmethod
    def of(cls, code, figure):
        return cls(code, figure.label, figure.unit, figure.value, *figure[2:5], figure.note)

    @property
    def is_rate(self):
        return self.denominator is not None


def day_of(summary_round):
    """The day as of which figures are counted today: the round's day once it has come, until then today."""
    return min(summary_round.figures_on, clock.today())


def counted(summary_round, user):
    """The round's figures over what the user's office answers for: [Kept]."""
    day = day_of(summary_round)
    on = None if day == clock.today() else day
    chosen = [metric for metric in metrics_for(user.office.kind) if metric.code in summary_round.metrics]
    with metrics.counted_once():
        figures = [(metric.code, _figure(metric, user, summary_round.campaign, on)) for metric in chosen]
    return [Kept.of(code, figure) for code, figure in figures if figure is not None]


def _figure(metric, user, campaign, on):
    """A township's part of the whole where the figure can tell it: it follows the supervisor, not the map."""
    if metric.by_place is None or user.office.kind != "township":
        return metric.count(user, campaign, on)
    found = metric.by_place(user, campaign, on)
    if user.office_id in found:
        return found[user.office_id]
    return Figure(metric.name, metric.unit, 0, 0 if metric.unit == "%" else None, url="")


def add_up(figures):
    """The sum of the same figure of several offices, or None where there is none. It has no rows of its own to lead to."""
    figures = [figure for figure in figures if figure is not None]
    if not figures:
        return None
    first = figures[0]
    numerator = sum(figure.numerator for figure in figures)
    if first.denominator is None:
        return first._replace(value=numerator, numerator=numerator, url="", note="")
    denominator = sum(figure.denominator or 0 for figure in figures)
    value = percent(numerator, denominator)
    return first._replace(value=value, numerator=numerator, denominator=denominator, url="", note="")


# What is kept: plain JSON, so that a page of a handed-in summary needs nothing but it


def gather(submission, user):
    """Everything counted that stands in a summary, as of now: {"as_of", "figures", "years", "below", "missing"}."""
    summary_round = submission.round
    figures = counted(summary_round, user)
    below, missing = _below(submission) if submission.is_own else ([], [])
    return {
        "as_of": day_of(summary_round).isoformat(),
        "figures": [figure._asdict() for figure in figures],
        "years": review(summary_round, submission.office, figures),
        "below": below,
        "missing": missing,
    }


def figures_shown(submission, user):
    """What a page shows: its own office counts anew while it writes, otherwise what was kept."""
    if submission.is_open and submission.office_id == user.office_id:
        return gather(submission, user)
    return submission.figures


def _below(submission):
    """The figures of the offices below as they handed them in, and the names of those that have not."""
    others = submission.round.submissions.exclude(office=submission.office_id).select_related("office")
    found, missing = [], []
    for other in others:
        if other.is_handed_in:
            kept = {"name": other.office.short_name, "pk": other.pk}
            found.append(kept | {"as_of": other.figures["as_of"], "figures": other.figures["figures"]})
        else:
            missing.append(other.office.short_name)
    return found, missing


# The sum of the offices below beside the own count


class Column(NamedTuple):
    """One figure of the comparison: what each office below said, their sum, the own count and what is between them."""

    code: str
    label: str
    unit: str
    parts: list
    summed: Kept | None
    own: Kept | None
    reason: str
    is_complete: bool = True  # without those that have not handed in the sum says nothing beside the own count

    @property
    def difference(self):
        """Own count less the sum; None where either has no value, or some are missing."""
        if (
            not self.is_complete
            or self.summed is None
            or self.own is None
            or None in (self.summed.value, self.own.value)
        ):
            return None
        return round(self.own.value - self.summed.value, 1)

    @property
    def differs(self):
        """Whether the sum is another one. Two rates may be equal by chance: what they are made of counts."""
        if not self.is_complete or self.summed is None or self.own is None:
            return False
        return self.summed[4:6] != self.own[4:6]


def comparison(kept, reasons):
    """The columns of the table 各乡镇合计 / 本级统计 / 差额, from what gather() gave."""
    own = {row["code"]: Kept(**row) for row in kept["figures"]}
    below = [{row["code"]: Kept(**row) for row in office["figures"]} for office in kept["below"]]
    columns = []
    for code, figure in _all_of(own, below).items():
        parts = [office.get(code) for office in below]
        columns.append(
            Column(
                code,
                figure.label,
                figure.unit,
                parts,
                add_up(parts),
                own.get(code),
                reasons.get(code, ""),
                is_complete=not kept["missing"],
            )
        )
    return columns


def _all_of(own, below):
    """Every figure that anybody has, in the own order first."""
    every = dict(own)
    for office in below:
        for code, figure in office.items():
            every.setdefault(code, figure)
    return every


# The review of earlier years


def review(summary_round, office, figures):
    """The years of the round side by side: {"years", "rows"}; the last column holds the campaign's own figures.

    A figure stands in one row with the entered one of the same name and unit.
    """
    years = summary_round.years
    rows = {}
    for entered in YearFigure.objects.filter(office=office, year__in=years):
        cells = rows.setdefault((entered.name, entered.unit), [None] * len(years))
        cells[years.index(entered.year)] = _plain(entered.value)
    for figure in figures:
        rows.setdefault((figure.label, figure.unit), [None] * len(years))[-1] = figure.value
    own = {(figure.label, figure.unit) for figure in figures}
    lines = [{"name": key[0], "unit": key[1], "values": cells, "is_counted": key in own} for key, cells in rows.items()]
    return {"years": years, "rows": sorted(lines, key=lambda line: not line["is_counted"])}


MOST_LINES = 4  # that a chart can tell apart


def trend(reviewed):
    """The rates of a review() by year, newest first, for a chart: {"names", "rows"}; None without two years to join.

    Only rates: figures of different units do not stand on one scale.
    """
    rates = [row for row in reviewed["rows"] if row["unit"] == "%" and sum(v is not None for v in row["values"]) > 1]
    if not rates:
        return None
    rates = rates[:MOST_LINES]
    by_year = zip(reviewed["years"], zip(*(row["values"] for row in rates), strict=True), strict=True)
    return {"names": [row["name"] for row in rates], "rows": list(by_year)[::-1]}


def _plain(value: Decimal):
    """A number as JSON has it: whole ones without a fraction."""
    return int(value) if value == value.to_integral_value() else float(value)
