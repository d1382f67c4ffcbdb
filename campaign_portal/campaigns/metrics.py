"""Named figures. Apps register them in their `metrics.py`; dashboards, exports and reports read the same ones.

A figure is counted over the rows a user may see, today or as of a past day, and says against what it was counted and
where its rows are.
"""

from collections.abc import Callable
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import NamedTuple

from campaign_portal.accounts.access import EVERYONE


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


SAME_UNIT = {"人": "名", "位": "名", "家": "所", "个": "所", "场": "次", "期": "次"}


@dataclass(frozen=True)
class Metric:
    """`count(user, campaign, on)` gives a Figure over what the user may see; `on` None means now.

    None instead of a Figure: there is nothing to count yet, and home pages leave it out.
    `roles` are those on whose home page it stands; a figure without roles is asked for by its code.

    With a `name` and a `unit` an indicator of that unit may stand on it. `by_place(user, campaign, on)` then tells its
    parts by the office that answers for the homes (a township), `by_home` by the home's own office: {office pk: Figure}.
    Counts of the parts add up to the whole; of rates, numerators and denominators do. Activities are the exception: one
    in which homes of two townships took part counts for both, so their parts may exceed the whole, and attendances that
    nobody split among several townships or homes belong to none, so those parts may fall short of it.

    `readers` are the roles whose people may open the rows: only a lead of such a role may let an indicator stand on it.

    `said_as`: what notices call the figure, in whole: a target of this name and unit stands on it without being asked.
    Words that count another base (新增护理型床位, 重大隐患整改率) are no names of it.

    `takes_since`: the three also take `since`, and then count what happened from that day on. An indicator per quarter
    asks such a figure for the quarter; of the others it takes the difference to the end of the quarter before.
    """

    code: str
    roles: frozenset[str]
    count: Callable
    name: str = ""
    unit: str = ""
    by_place: Callable | None = None
    by_home: Callable | None = None
    takes_since: bool = False
    readers: frozenset[str] = EVERYONE
    said_as: tuple[str, ...] = ()

    def counts_in(self, unit):
        """Whether an indicator of this unit may stand on it: 场 and 次 are the same, 人次 and 人 are not."""
        return SAME_UNIT.get(self.unit, self.unit) == SAME_UNIT.get(unit, unit)

    def may_serve(self, lead):
        """Whether an indicator of a campaign that the office `lead` leads may stand on it."""
        return bool(self.name) and lead.kind in self.readers


_at_hand: ContextVar[dict | None] = ContextVar("counted", default=None)


@contextmanager
def counted_once():
    """Within the block a count that several figures share is made once: one page, one moment."""
    token = _at_hand.set({} if _at_hand.get() is None else _at_hand.get())
    try:
        yield
    finally:
        _at_hand.reset(token)


def shared(key, count):
    """count(), or what it gave for this key before in the same `counted_once` block."""
    at_hand = _at_hand.get()
    if at_hand is None:
        return count()
    if key not in at_hand:
        at_hand[key] = count()
    return at_hand[key]


METRICS: dict[str, Metric] = {}


def register(metric: Metric):
    METRICS[metric.code] = metric


def figure(code, user, *, campaign=None, on=None) -> Figure | None:
    return METRICS[code].count(user, campaign, on)


def figures_for(user, *, campaign=None, on=None):
    """The figures of a role's home page, in order of registration."""
    with counted_once():
        counted = [metric.count(user, campaign, on) for metric in METRICS.values() if user.office.kind in metric.roles]
    return [figure for figure in counted if figure is not None]


# Tables of figures, e.g. one line per township. table(user, campaign, on=None) -> a table for templates (title, first,
# lines), or None if not for this role.
TABLES: dict[str, Callable] = {}

# Charts of the first page, each with its table. panel(user, campaign) -> a dict that names its `template`, or None.
PANELS: dict[str, Callable] = {}

# Asked before a campaign's code may change: has anything been numbered in it? Apps that number rows add a test.
NUMBERED: list[Callable] = []


def is_numbered(campaign) -> bool:
    return bool(campaign.pk) and any(test(campaign) for test in NUMBERED)
