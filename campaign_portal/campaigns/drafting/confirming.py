"""The campaign that a person has confirmed, made from the accepted items of a notice."""

from datetime import date

from django.db import transaction

from campaign_portal.audit.recording import name_verbs, record
from campaign_portal.edges import Refused

from ..models import Campaign, DraftItem, Indicator, Milestone, Phase, Task, TaskUnit, Unit
from .deciding import open_draft
from .recurring import occurrences

name_verbs(campaign_drafted="由通知生成方案")

Kind = DraftItem.Kind
Decision = DraftItem.Decision


@transaction.atomic
def confirm(notice, campaign, offices, *, by):
    """Make the campaign that a person has confirmed, as a draft with its whole plan.

    `campaign` is an unsaved Campaign with title, code, lead, dates and so on; `offices` says which registered offices a
    name in the notice stands for: {name: [Office, …]}. Only accepted items are taken.
    """
    notice = open_draft(notice, by)
    if notice.items.filter(decision=Decision.PENDING).exists():
        raise Refused("还有没处理的条目。请逐条采用或不采用，也可以按类“其余全部采用”。")
    campaign.status, campaign.notice, campaign.area = Campaign.Status.DRAFT, notice, campaign.lead.area
    campaign.save(force_insert=True)
    _Writing(campaign, notice, offices).write()
    record("campaign.drafted", campaign, by=by, notes={"通知": ["", notice.title]})
    return campaign


class _Writing:
    """Writes the accepted items of a notice as the plan of a campaign."""

    def __init__(self, campaign, notice, offices):
        self.campaign, self.notice, self.offices = campaign, notice, offices
        self.tasks = {}

    def write(self):
        accepted = list(self.notice.items.filter(decision=Decision.ACCEPTED).order_by("order", "pk"))
        for kind, write in [
            (Kind.PHASE, self._phase),
            (Kind.TASK, self._task),
            (Kind.DEADLINE, self._milestones),
            (Kind.TARGET, self._indicator),
            (Kind.UNIT, self._unit),
        ]:
            for order, item in enumerate(item for item in accepted if item.kind == kind):
                write(order, item)

    def _sourced(self, item):
        if item.start is None:
            return {}
        phrase = self.notice.shown[item.start : item.end]
        return {"source": phrase[:300], "source_start": item.start, "source_end": item.end}

    def _phase(self, order, item):
        data = item.data
        Phase.objects.create(
            campaign=self.campaign,
            order=order,
            name=data["name"],
            starts_on=date.fromisoformat(data["starts_on"]),
            ends_on=date.fromisoformat(data["ends_on"]),
            **self._sourced(item),
        )

    def _task(self, order, item):
        data = item.data
        task = Task.objects.create(
            campaign=self.campaign,
            parent=self._task_of(item),
            order=order,
            number=data["number"],
            title=data["title"],
            content=data["content"],
            is_work=data["is_work"],
            **self._sourced(item),
        )
        self.tasks[item.pk] = task

    def _task_of(self, item):
        """The task that an item belongs to: the nearest one above it that was accepted."""
        above = item.parent
        while above is not None and above.pk not in self.tasks:
            above = above.parent
        return self.tasks[above.pk] if above else None

    def _milestones(self, order, item):
        data = item.data
        for name, starts_on, due_on in occurrences(data, self.campaign):
            Milestone.objects.create(
                campaign=self.campaign,
                task=self._task_of(item),
                name=name,
                who=data["who"],
                starts_on=starts_on,
                due_on=due_on,
                recurrence=data["recurrence"],
                **self._sourced(item),
            )

    def _indicator(self, order, item):
        data = item.data
        Indicator.objects.create(
            campaign=self.campaign,
            task=self._task_of(item),
            order=order,
            name=data["name"],
            comparator=data["comparator"],
            value=data["value"],
            high=data["high"] or None,
            unit=data["unit"],
            per=data["per"],
            by_on=data["by_on"] or None,
            metric=data.get("metric", ""),
            is_tentative=data["is_tentative"],
            **self._sourced(item),
        )

    def _unit(self, order, item):
        data = item.data
        known = self.offices.get(data["name"], [])
        if data["part"] in TASK_PARTS and (task := self._task_of(item)):
            part = TASK_PARTS[data["part"]]
            for name, office in [(office.name, office) for office in known] or [(data["name"], None)]:
                TaskUnit.objects.get_or_create(task=task, part=part, name=name, defaults={"office": office})
        if data["part"] in Unit.Part.values:
            office = known[0] if len(known) == 1 else None
            Unit.objects.get_or_create(
                campaign=self.campaign,
                part=data["part"],
                name=data["name"],
                defaults={"office": office, "order": order},
            )


TASK_PARTS = {
    "lead": TaskUnit.Part.RESPONSIBLE,
    "responsible": TaskUnit.Part.RESPONSIBLE,
    "take_part": TaskUnit.Part.RESPONSIBLE,
    "joint": TaskUnit.Part.JOINT,
    "support": TaskUnit.Part.JOINT,
    "guide": TaskUnit.Part.SUPERVISING,
}
