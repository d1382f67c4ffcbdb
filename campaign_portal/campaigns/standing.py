"""Where the indicators of a campaign stand: the figure, what the time that has passed would ask, and a light that says why."""

from decimal import ROUND_FLOOR, Decimal
from typing import NamedTuple

from django.db import models

from campaign_portal import clock
from campaign_portal.accounts.models import Office

from .measuring import LENGTHS, Count, measure, period_of
from .models import Indicator

Per = Indicator.Per
Comparator = Indicator.Comparator
NEARLY = Decimal("0.8")  # of what the time asks: less is 滞后
HAIR = Decimal("0.5")  # percentage points by which a rate may lie below its pace


class Light(models.TextChoices):
    """How an indicator does. A word and a shape beside the colour."""

    DONE = "done", "已完成"
    GOOD = "good", "正常"
    SLOW = "slow", "略慢"
    BEHIND = "behind", "滞后"
    MISSED = "missed", "到期未完成"
    NONE = "none", "暂无数据"


class Standing(NamedTuple):
    """One line of a board: `count` against `target`, with the light and the sentence that explains it."""

    indicator: Indicator
    office: object
    count: Count | None
    target: Decimal
    expected: Decimal | None
    light: Light
    why: str
    url: str

    @property
    def value(self):
        return self.count.value if self.count else None

    @property
    def shown_unit(self):
        """The unit of `value`: of an indicator that every home must reach, the share of homes."""
        is_share = self.office is None and self.indicator.per == Per.HOME
        return "%" if is_share or (self.count and self.count.denominator is not None) else self.indicator.unit

    @property
    def share(self):
        """How much of the target is reached, 0 to 100, for a bar; None where that says nothing."""
        if self.value is None or not self.target or self.indicator.comparator == Comparator.AT_MOST:
            return None
        return int(min(100 * self.value / self.target, 100))


# Pace


def expected(indicator, target, day):
    """What an even pace from the baseline would have reached by the end of a day. Whole numbers for counts.

    None where there is no pace: a target that must not be exceeded holds all the time.
    """
    if indicator.comparator == Comparator.AT_MOST:
        return None
    first, last = period_of(indicator, day)
    passed = min(max((day - first).days + 1, 0), (last - first).days + 1)
    start = Decimal(0) if indicator.per in LENGTHS else indicator.baseline or Decimal(0)
    due = start + (target - start) * passed / ((last - first).days + 1)
    return due.quantize(Decimal("0.1") if indicator.is_rate else Decimal(1), ROUND_FLOOR)


def judge(indicator, count, target, day):
    """(Light, the sentence that says why) of a count against a target as of a day."""
    value = count.value if count else None
    unit = indicator.unit
    _, last = period_of(indicator, day)
    if value is None:
        return (Light.MISSED, "已到完成时限，还没有数据") if day > last else (Light.NONE, "还没有数据")
    if indicator.comparator == Comparator.AT_MOST:
        return _judge_ceiling(value, target, unit, is_over=day > last)
    if value >= target:
        return Light.DONE, f"已达到 {_said(target)}{unit}"
    lack = f"差 {_said(target - value)}{'个百分点' if indicator.is_rate else unit}"
    if day > last:
        return Light.MISSED, f"时限 {last} 已过，{lack}"
    due = expected(indicator, target, day)
    pace = f"按时间进度应达 {_said(due)}{unit}"
    if value >= due - (HAIR if indicator.is_rate else 0):
        return Light.GOOD, f"{pace}，已达 {_said(value)}{unit}"
    light = Light.SLOW if value >= due * NEARLY else Light.BEHIND
    gap = "个百分点" if indicator.is_rate else unit
    return light, f"{pace}，实际 {_said(value)}{unit}，差 {_said(due - value)}{gap}"


def _judge_ceiling(value, target, unit, *, is_over):
    if value <= target:
        return Light.DONE if is_over else Light.GOOD, f"没有超过 {_said(target)}{unit}"
    words = f"现有 {_said(value)}{unit}，应不超过 {_said(target)}{unit}"
    return (Light.MISSED, f"时限已过，{words}") if is_over else (Light.BEHIND, words)


def _said(number):
    return f"{number.normalize():f}" if number else "0"


# Boards


def whole_target(indicator, count):
    """What the whole has to reach: for 每家机构 indicators, all homes."""
    if indicator.per == Per.HOME:
        return Decimal(100)
    return indicator.value


class Board(NamedTuple):
    """Every indicator of a campaign, measured once: the wholes, and a table of offices by indicator."""

    wholes: list
    heads: list  # indicators that have parts
    lines: list  # [(office, [Standing or None for each head])]

    def of(self, office):
        """The Standings of one office, of the indicators of which it has a part."""
        cells = next((cells for its, cells in self.lines if its.pk == office.pk), [])
        return [cell for cell in cells if cell is not None]

    @property
    def lights(self):
        """[(Light, how many of the wholes)], worst first, without those that none has."""
        order = [Light.MISSED, Light.BEHIND, Light.SLOW, Light.GOOD, Light.DONE, Light.NONE]
        counted = [(light, sum(line.light == light for line in self.wholes)) for light in order]
        return [(light, count) for light, count in counted if count]


def board(campaign, *, on=None, kinds=None):
    """The Board of a campaign now or as of a past day. `kinds` of offices that have a line (all)."""
    day = on or campaign.closed_on or clock.today()
    indicators = list(campaign.indicators.select_related("task").prefetch_related("shares"))
    for indicator in indicators:
        indicator.campaign = campaign
    measured = measure(indicators, on=on)
    wholes = [whole_standing(one, measured[one.pk], on=on) for one in indicators]
    shares = {one.pk: {share.office_id: share for share in one.shares.all()} for one in indicators}
    told = {one.pk: shares[one.pk].keys() | measured[one.pk].parts.keys() for one in indicators}
    offices = Office.objects.filter(pk__in=set().union(*told.values())).order_by("kind", "area__code", "pk")
    offices = [office for office in offices if kinds is None or office.kind in kinds]
    heads = [one for one in indicators if any(office.pk in told[one.pk] for office in offices)]
    lines = [(office, [_cell(one, office, shares, measured, day) for one in heads]) for office in offices]
    return Board(wholes, heads, lines)


def _cell(indicator, office, shares, measured, day):
    share, its = shares[indicator.pk].get(office.pk), measured[indicator.pk]
    if share is None and office.pk not in its.parts:
        return None
    return _part_standing(indicator, office, share, its, day)


def whole_standing(indicator, measured, *, on=None):
    """The Standing of the whole of an indicator that has been measured."""
    day = on or indicator.campaign.closed_on or clock.today()
    target = whole_target(indicator, measured.whole)
    light, why = judge(_as_rate(indicator), measured.whole, target, day)
    due = expected(_as_rate(indicator), target, day)
    url = measured.urls.get(None, "")
    return Standing(indicator, None, measured.whole, target, due, light, why, url)


def _as_rate(indicator):
    """The indicator as it is judged: one that every home must reach is judged by the share of homes that do."""
    if indicator.per != Per.HOME:
        return indicator
    judged = Indicator(campaign=indicator.campaign, comparator=Comparator.AT_LEAST, unit="%", by_on=indicator.by_on)
    return judged


def office_standings(indicator, *, on=None, measured=None):
    """The parts of an indicator by office, as Standings: those that hold a share and those that have counted something.

    A share is the target of its office; a rate asks the same of everybody; without a share there is only the number.
    """
    day = on or indicator.campaign.closed_on or clock.today()
    measured = measured or measure([indicator], on=on)[indicator.pk]
    shares = {share.office_id: share for share in indicator.shares.all()}
    offices = Office.objects.filter(pk__in=shares.keys() | measured.parts.keys()).order_by("kind", "area__code", "pk")
    return [_part_standing(indicator, office, shares.get(office.pk), measured, day) for office in offices]


def _part_standing(indicator, office, share, measured, day):
    count = measured.parts.get(office.pk)
    url = measured.urls.get(office.pk, "")
    target = share.value if share else indicator.value if indicator.is_rate or indicator.per == Per.HOME else None
    if target is None:
        return Standing(indicator, office, count, None, None, Light.NONE, "没有分解任务", url)
    judged = indicator
    if indicator.per == Per.HOME and count and count.denominator is not None:  # of its homes, those that reach it
        judged, target = _as_rate(indicator), Decimal(100)
    light, why = judge(judged, count, target, day)
    return Standing(indicator, office, count, target, expected(judged, target, day), light, why, url)
