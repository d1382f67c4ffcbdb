"""The campaign that a person has confirmed, made from the accepted items of a notice."""

from datetime import date

from django.db import transaction

from campaign_portal.audit.recording import name_verbs, record
from campaign_portal.edges import NotYours, Refused

from .. import metrics
from ..edges import may_be_led_by
from ..models import Campaign, DraftItem, Indicator, Milestone, Phase, Task, TaskUnit, Unit
from .deciding import open_draft
from .parts import parts_told, task_above
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
    if not may_be_led_by(by.office).filter(pk=campaign.lead_id).exists():
        raise NotYours("行动由本单位牵头，或由县民政局交给本县的协会牵头。")
    if notice.items.filter(decision=Decision.PENDING).exists():
        raise Refused("还有没处理的条目。请逐条采用或不采用，也可以按类“其余全部采用”。")
    campaign.status, campaign.notice, campaign.area = Campaign.Status.DRAFT, notice, campaign.lead.area
    campaign.save(force_insert=True)
    _Writing(campaign, notice, offices).write()
    record("campaign.drafted", campaign, by=by, notes={"通知": ["", notice.title]})
    return campaign


BATCH = 1000  # rows of a statement


class _Writing:
    """Writes the accepted items of a notice as the plan of a campaign, each kind in one statement."""

    def __init__(self, campaign, notice, offices):
        self.campaign, self.notice, self.offices = campaign, notice, offices
        self.above = dict(notice.items.values_list("pk", "parent"))
        self.tasks = {}  # by the pk of the item

    def write(self):
        accepted = _without_empty_headings(
            self.notice.items.filter(decision=Decision.ACCEPTED).order_by("order", "pk"), self.above
        )
        of = {kind: [item for item in accepted if item.kind == kind] for kind in Kind}
        self._write(Phase, [self._phase(order, item) for order, item in enumerate(of[Kind.PHASE])])
        self._tasks(of[Kind.TASK])
        self._write(Milestone, [row for item in of[Kind.DEADLINE] for row in self._milestones(item)])
        self._write(Indicator, [self._indicator(order, item) for order, item in enumerate(of[Kind.TARGET])])
        self._write(TaskUnit, self._task_units(accepted))
        self._write(Unit, self._units(of[Kind.UNIT]))

    def _write(self, model, rows):
        model.objects.bulk_create(rows, batch_size=BATCH)

    def _sourced(self, item):
        if item.start is None:
            return {}
        phrase = self.notice.shown[item.start : item.end]
        return {"source": phrase[:300], "source_start": item.start, "source_end": item.end}

    def _phase(self, order, item):
        data = item.data
        return Phase(
            campaign=self.campaign,
            order=order,
            name=data["name"],
            starts_on=date.fromisoformat(data["starts_on"]),
            ends_on=date.fromisoformat(data["ends_on"]),
            **self._sourced(item),
        )

    def _tasks(self, items):
        """All of them, then every one below its parent: one that was added later may stand above an earlier one."""
        self.tasks = {item.pk: self._task(order, item) for order, item in enumerate(items)}
        self._write(Task, self.tasks.values())
        for pk, task in self.tasks.items():
            task.parent = self._task_of(pk)
        hung = [task for task in self.tasks.values() if task.parent]
        Task.objects.bulk_update(hung, ["parent"], batch_size=BATCH)

    def _task(self, order, item):
        data = item.data
        return Task(
            campaign=self.campaign,
            order=order,
            number=data["number"],
            title=data["title"],
            content=data["content"],
            is_work=data["is_work"],
            **self._sourced(item),
        )

    def _task_of(self, pk):
        """The task that an item belongs to: the nearest one above it that was accepted."""
        return self.tasks.get(task_above(pk, self.above, self.tasks))

    def _milestones(self, item):
        data = item.data
        return [
            Milestone(
                campaign=self.campaign,
                task=self._task_of(item.pk),
                name=name,
                who=self._who(data["who"]),
                starts_on=starts_on,
                due_on=due_on,
                recurrence=data["recurrence"],
                **self._sourced(item),
            )
            for name, starts_on, due_on in occurrences(data, self.campaign)
        ]

    def _who(self, name):
        """Who keeps a day; by the office's full name where the notice's name means just one, so that others are not asked."""
        known = self.offices.get(name, [])
        return known[0].name[:80] if len(known) == 1 else name

    def _indicator(self, order, item):
        data = item.data
        return Indicator(
            campaign=self.campaign,
            task=self._task_of(item.pk),
            order=order,
            name=data["name"],
            comparator=data["comparator"],
            value=data["value"],
            high=data["high"] or None,
            unit=data["unit"],
            per=data["per"],
            by_on=data["by_on"] or None,
            metric=self._metric(data.get("metric", "")),
            is_tentative=data["is_tentative"],
            **self._sourced(item),
        )

    def _metric(self, code):
        """The figure that was proposed or chosen, unless who leads may not open its rows: a bureau may hand its notice on."""
        metric = metrics.METRICS.get(code)
        return code if metric and metric.may_serve(self.campaign.lead) else ""

    def _task_units(self, items):
        """Who has a part in which task, each once; who answers for it does not also work along."""
        found = {}
        lines = {item.pk: item for item in items if item.kind == Kind.TASK}
        told = parts_told(items, lambda item: lines.get(task_above(item.pk, self.above, lines)))
        for line, part, name in sorted(told, key=lambda row: row[1] != TaskUnit.Part.RESPONSIBLE):
            task, known = self.tasks[line.pk], self.offices.get(name, [])
            for called, office in [(office.name, office) for office in known] or [(name, None)]:
                row = TaskUnit(task=task, part=part, name=called, office=office)
                if part != TaskUnit.Part.JOINT or (task.pk, TaskUnit.Part.RESPONSIBLE, called) not in found:
                    found.setdefault((task.pk, part, called), row)
        return found.values()

    def _units(self, items):
        """Who has a part in the whole, each once; of two names of one office the first."""
        found = {}
        for order, item in enumerate(items):
            name, part, known = item.data["name"], item.data["part"], self.offices.get(item.data["name"], [])
            if part in Unit.Part.values:
                office = known[0] if len(known) == 1 else None
                row = Unit(campaign=self.campaign, part=part, name=name, office=office, order=order)
                found.setdefault((part, office or name), row)
        return found.values()


def _without_empty_headings(accepted, above):
    """The accepted items without headings that nobody decided about and of which all that hung below was left out."""
    accepted, held = list(accepted), set(above.values())
    kept = {item.pk for item in accepted if not (item.follows and item.pk in held)}
    for pk in list(kept):
        while (pk := above[pk]) is not None and pk not in kept:
            kept.add(pk)
    return [item for item in accepted if item.pk in kept]
