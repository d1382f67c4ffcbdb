"""The plan as bars on a time scale, ready to draw: phases, tasks with their milestones, today."""

import calendar
from datetime import date, timedelta
from typing import NamedTuple

from campaign_portal import clock

WIDTH, LABEL, ROW, HEAD = 1060, 250, 26, 30  # units of the drawing
BESIDE = timedelta(days=92)  # how far outside its campaign a day still widens the scale


class Month(NamedTuple):
    label: str
    x: float
    width: float


class Mark(NamedTuple):
    """A milestone on its row: state is done, late, soon or open."""

    milestone: object
    x: float
    y: float
    state: str


class Bar(NamedTuple):
    """A phase or a task: its row and, where it has days, its bar."""

    label: str
    title: str
    url: str
    kind: str
    y: float
    x: float
    width: float
    marks: list


class Chart(NamedTuple):
    months: list
    bars: list
    today: float | None
    width: int
    height: float


class _Scale:
    def __init__(self, first, last):
        self.first, self.days = first, max((last - first).days + 1, 1)

    def x(self, day):
        passed = min(max((day - self.first).days, 0), self.days)
        return round(LABEL + (WIDTH - LABEL - 12) * passed / self.days, 1)


def draw(campaign, phases, tasks, milestones, *, url_of, on=None):
    """The Chart of a plan. `tasks` are those to be done, each with a list `marks_of[task.pk]` among `milestones`;
    `url_of(row)` gives where a row leads. Tasks without a day are left to the table; a milestone far outside the campaign's
    time stands at the edge of the scale."""
    today = on or clock.today()
    near = [m.due_on for m in milestones if campaign.starts_on - BESIDE <= m.due_on <= campaign.ends_on + BESIDE]
    days = [campaign.starts_on, campaign.ends_on, *near]
    scale = _Scale(min(days), max(days))
    bars = []
    for phase in phases:
        bars.append(_bar(scale, len(bars), phase, "phase", phase.starts_on, phase.ends_on, [], url_of, today))
    by_task = {}
    for milestone in milestones:
        by_task.setdefault(milestone.task_id, []).append(milestone)
    for task in tasks:
        mine = by_task.get(task.pk, [])
        if not mine:
            continue
        first = min((m.starts_on or campaign.starts_on for m in mine), default=None)
        last = max((m.due_on for m in mine), default=None)
        bars.append(_bar(scale, len(bars), task, "task", first, last, mine, url_of, today))
    now = scale.x(today) if scale.first <= today <= max(days) else None
    return Chart(_months(scale, min(days), max(days)), bars, now, WIDTH, HEAD + ROW * len(bars) + 6)


def _bar(scale, row, thing, kind, first, last, milestones, url_of, today):
    y = HEAD + ROW * row
    x = scale.x(first) if first else 0
    width = max(scale.x(last + clock.ONE_DAY) - x, 3) if last else 0
    marks = [Mark(m, scale.x(m.due_on), y + ROW / 2, _state(m, today)) for m in milestones]
    name = str(thing)
    return Bar(name[:16] + ("…" if len(name) > 16 else ""), name, url_of(thing), kind, y, x, round(width, 1), marks)


def _state(milestone, today):
    if milestone.done_on:
        return "done"
    if milestone.due_on < today:
        return "late"
    return "soon" if (milestone.due_on - today).days <= 15 else "open"


def _months(scale, first, last):
    """A column a month; where they are narrow only every third, and every January, bears its name."""
    found, day = [], date(first.year, first.month, 1)
    while day <= last:
        until = date(day.year, day.month, calendar.monthrange(day.year, day.month)[1])
        x, end = scale.x(max(day, first)), scale.x(min(until, last) + clock.ONE_DAY)
        found.append(Month(_month_name(day, end - x, is_first=not found), x, round(end - x, 1)))
        day = until + clock.ONE_DAY
    return found


def _month_name(day, width, *, is_first):
    if day.month == 1 or is_first:
        return f"{day.year}年{day.month}月" if width > 66 else f"{day.year % 100}年{day.month}月"
    return f"{day.month}月" if width > 34 or day.month in (4, 7, 10) else ""
