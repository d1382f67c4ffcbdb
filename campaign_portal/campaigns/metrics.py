"""Named figures. Apps register them in their `metrics.py`; dashboards, exports and reports read the same ones.

A figure is counted over the rows a user may see, today or as of a past day, and says against what it was counted and
where its rows are.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple


def percent(part, whole):
    """A rate in percent with one decimal, 100 only when nothing is missing. None over nothing."""
    if not whole:
        return None
    return 100.0 if part >= whole else min(round(100 * part / whole, 1), 99.9)


class Figure(NamedTuple):
    """A counted figure. `denominator` is None for a plain count; a rate over nothing has no value."""

    label: str
    unit: str
    numerator: int
    denominator: int | None
    url: str
    note: str = ""
    is_bad: bool = False

    @property
    def value(self):
        """The count, or a percentage with one decimal; None for a rate whose denominator is 0 (shown as “—”)."""
        if self.denominator is None:
            return self.numerator
        return percent(self.numerator, self.denominator)

    @property
    def is_rate(self):
        return self.denominator is not None


@dataclass(frozen=True)
class Metric:
    """`count(user, campaign, on)` gives a Figure over what the user may see; `on` None means now.

    None instead of a Figure: there is nothing to count yet, and home pages leave it out.
    """

    code: str
    roles: frozenset[str]
    count: Callable


METRICS: dict[str, Metric] = {}


def register(metric: Metric):
    METRICS[metric.code] = metric


def figure(code, user, *, campaign=None, on=None) -> Figure | None:
    return METRICS[code].count(user, campaign, on)


def figures_for(user, *, campaign=None, on=None):
    """The figures of a role's home page, in order of registration."""
    counted = (metric.count(user, campaign, on) for metric in METRICS.values() if user.office.kind in metric.roles)
    return [figure for figure in counted if figure is not None]


# Tables of figures, e.g. one line per township. table(user, campaign) -> rows for templates, or None if not for this role.
TABLES: dict[str, Callable] = {}

# Asked before a campaign's code may change: has anything been numbered in it? Apps that number rows add a test.
NUMBERED: list[Callable] = []


def is_numbered(campaign) -> bool:
    return bool(campaign.pk) and any(test(campaign) for test in NUMBERED)
