"""What a campaign asks of one office, and how far it is: for its work page and its brief."""

from typing import NamedTuple

from django.db.models import F, Prefetch, Q, Window
from django.db.models.functions import RowNumber

from .measuring import Count, measure
from .models import Indicator, Milestone, Progress, Share, Task, TaskUnit
from .progress import HANDED_IN, WRITABLE, is_asked

MOST_DATES = 3  # of one task


class Standing(NamedTuple):
    """An indicator as one office sees it: its share, and what it has reached by its returns or by the portal's count."""

    indicator: Indicator
    share: Share | None
    numerator: object  # None: nothing has been counted or reported yet
    denominator: object = None
    url: str = ""

    @property
    def value(self):
        """A count; a rate in percent with one decimal where there is a denominator; None where there is nothing to say."""
        return None if self.numerator is None else Count(self.numerator, self.denominator).value

    @property
    def unit(self):
        """That of `value`: of a figure for every home the whole is a rate of homes."""
        return self.indicator.unit if self.denominator is None else "%"

    @property
    def goal(self):
        """What the office has to reach: its share. Where nothing was shared out, nothing is asked of it alone."""
        return self.share.value if self.share else None

    @property
    def is_passed_on(self):
        """Given by an office between: that one reports for both."""
        return self.share is not None and self.share.parent_id is not None


class Line(NamedTuple):
    """A task of the office's work page."""

    task: Task
    parts: list[str]  # 责任, 配合, 督导; what brings it here where it has none
    dates: list[Milestone]  # the next ones
    more_dates: int
    standings: list[Standing]
    latest: Progress | None
    reports: bool

    @property
    def is_writable(self):
        """Whether the latest return is still being written, or was sent back."""
        return self.latest is not None and self.latest.status in WRITABLE

    @property
    def is_waiting(self):
        return self.latest is not None and self.latest.status == Progress.Status.SUBMITTED


def lines_of(user, campaign):
    """(lines of the tasks in which the user's office has a part or a share, standings of the campaign's own indicators)."""
    office = user.office
    open_dates = Milestone.objects.filter(campaign=campaign, done_on__isnull=True)
    dated = Q(pk__in=open_dates.of_every_township(office).values("task"))  # whoever answers for the task
    mine = Q(is_work=True) & (Q(units__office=office) | Q(indicators__shares__office=office)) | dated
    own_units = Prefetch("units", TaskUnit.objects.filter(office=office), to_attr="own_units")
    undone = Prefetch("milestones", open_dates.not_of_others(office), to_attr="undone")
    tasks = campaign.tasks.filter(mine).distinct().prefetch_related(own_units, undone)
    by_task = {}
    for standing in standings_of(user, campaign):
        by_task.setdefault(standing.indicator.task_id, []).append(standing)
    latest = latest_returns(office, campaign)
    lines = [_line(task, by_task.get(task.pk, []), latest.get(task.pk)) for task in tasks]
    return lines, by_task.get(None, [])


def _line(task, standings, latest):
    parts = {unit.part for unit in task.own_units}
    reports = bool(parts & {TaskUnit.Part.RESPONSIBLE, TaskUnit.Part.JOINT}) or any(
        standing.share and not standing.is_passed_on for standing in standings
    )
    labels = [part.label for part in TaskUnit.Part if part in parts] or ["承担指标" if standings else "时间节点"]
    rest = max(0, len(task.undone) - MOST_DATES)
    return Line(task, labels, task.undone[:MOST_DATES], rest, standings, latest, reports)


def standings_of(user, campaign):
    """The indicators in which the user's office has a share or for which it is asked to report, in order. The figures are
    those of the board: the office's part of what is measured over the whole area, for the lead the whole."""
    office = user.office
    shares = Share.objects.filter(office=office, indicator__campaign=campaign).select_related("parent__office")
    held = {share.indicator_id: share for share in shares}
    found = list(campaign.indicators.filter(Q(pk__in=held) | is_asked(office)))
    for indicator in found:
        indicator.campaign = campaign
    measured = measure(found)
    return [_standing(indicator, held, measured[indicator.pk], office) for indicator in found]


def _standing(indicator, held, measured, office):
    share = held.get(indicator.pk)
    is_whole = office.pk == indicator.campaign.lead_id and not indicator.is_reported
    count = measured.whole if is_whole else measured.parts.get(office.pk)
    url = measured.urls.get(None if is_whole else office.pk, "")
    return Standing(indicator, share, count and count.numerator, count and count.denominator, url)


def latest_returns(office, campaign, *, statuses=None):
    """The office's latest return on each task of the campaign: {task pk: Progress}. One query."""
    newest = Window(RowNumber(), partition_by=["task"], order_by=[F("as_of").desc(), F("pk").desc()])
    rows = Progress.objects.filter(office=office, task__campaign=campaign)
    rows = rows.filter(status__in=statuses) if statuses else rows
    return {row.task_id: row for row in rows.annotate(place=newest).filter(place=1)}


def problems_of(office, campaign):
    """What the office has asked for help with, the unanswered first."""
    rows = Progress.objects.filter(office=office, task__campaign=campaign, status__in=HANDED_IN).exclude(problem="")
    return rows.select_related("task", "answered_by__office").order_by(F("answered_at").desc(nulls_first=True), "-pk")
