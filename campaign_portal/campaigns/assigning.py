"""Who answers for a task, who works along, who watches over it."""

import hashlib

from django.db import transaction
from django.db.models import Q

from campaign_portal.accounts.access import Role
from campaign_portal.accounts.models import Level, Office
from campaign_portal.audit.recording import name_verbs, record
from campaign_portal.edges import Refused

from .edges import CAMPAIGN_EDGES
from .models import Task, TaskUnit
from .overtaken import Stale
from .sharing import is_member, locked_campaign

name_verbs(task_assigned="任务分工")

P = TaskUnit.Part
GROUPS = [  # in the order of the page
    (Role.BUREAU, "民政局"),
    (Role.DEPARTMENT, "部门"),
    (Role.TOWNSHIP, "乡镇（街道）"),
    (Role.ASSOCIATION, "协会"),
    (Role.HOME, "养老机构"),
]
ABOVE_THE_COUNTY = (Role.BUREAU, Role.DEPARTMENT, Role.ASSOCIATION)  # townships and homes are assigned by their county


def candidates(campaign, user):
    """The offices of the campaign's area to which the user may give a part, by kind; of the homes those that he sees."""
    area = campaign.area
    offices = Office.objects.filter(is_active=True, **{area.column: area.code}).order_by("kind", "area__code", "pk")
    if area.level in (Level.PROVINCE, Level.CITY):
        return offices.filter(kind__in=ABOVE_THE_COUNTY)
    others = [kind for kind, _ in GROUPS if kind != Role.HOME]
    return offices.filter(Q(kind__in=others) | Q(is_member(user), kind=Role.HOME))


@transaction.atomic
def assign(task, units, *, by, shown=None):
    """Let exactly these have a part: (part, office or None, name). A name without an office is a body without an account.

    `shown` is the seal() of what the user's page showed.
    """
    CAMPAIGN_EDGES.check(locked_campaign(task.campaign_id), "plan", by=by)
    task = Task.objects.select_for_update(of=("self",), no_key=True).filter(pk=task.pk).first()
    if task is None:
        raise Refused("这项任务刚刚被删除，不能再分工。")
    held = list(task.units.all())
    if shown is not None and shown != seal(held):
        raise Stale("页面打开之后，这项任务的分工有了变化（可能是同事刚刚保存）。请核对现在的分工，再保存。")
    wanted = {(part, name): office for part, office, name in units}
    task.units.exclude(pk__in=[unit.pk for unit in held if _is_kept(unit, wanted)]).delete()
    kept = {(unit.part, unit.name) for unit in held if _is_kept(unit, wanted)}
    TaskUnit.objects.bulk_create(
        TaskUnit(task=task, part=part, office=office, name=name)
        for (part, name), office in wanted.items()
        if (part, name) not in kept
    )
    record("task.assigned", task, by=by, notes=_notes(held, wanted))
    return list(task.units.all())


def seal(units):
    """A word for how the parts stood on a page."""
    rows = sorted((unit.part, unit.name, unit.office_id or 0) for unit in units)
    return hashlib.sha256(repr(rows).encode()).hexdigest()[:16]


def _is_kept(unit, wanted):
    key = (unit.part, unit.name)
    return key in wanted and unit.office_id == (wanted[key] and wanted[key].pk)


def _notes(held, wanted):
    changed = {}
    for part in P:
        was = "、".join(unit.name for unit in held if unit.part == part)
        now = "、".join(name for of, name in wanted if of == part)
        if was != now:
            changed[part.label] = [was or "—", now or "—"]
    return changed
