"""Who has a part in which task, as a draft tells it; and what a plan made of it would leave without anybody."""

from typing import NamedTuple

from .. import metrics
from ..models import DraftItem, TaskUnit

Kind = DraftItem.Kind
Part = TaskUnit.Part
TASK_PARTS = {
    "lead": Part.RESPONSIBLE,
    "responsible": Part.RESPONSIBLE,
    "take_part": Part.RESPONSIBLE,
    "joint": Part.JOINT,
    "support": Part.JOINT,
    "guide": Part.SUPERVISING,
}


def task_above(pk, above, tasks):
    """Of the draft items `tasks` (by pk) the nearest one above an item, else None. `above` is {pk: pk of its parent}."""
    pk, seen = above[pk], {pk}
    while pk is not None and pk not in tasks and pk not in seen:
        seen.add(pk)
        pk = above[pk]
    return pk if pk in tasks else None


def parts_told(items, task_of):
    """[(task, part, name in the notice)] of accepted items; `task_of` gives the task of one, or None.

    Who keeps a day of a task has a part in it: answers for it where the notice says of nobody that he does, else works along.
    """
    named = [
        (task_of(item), TASK_PARTS.get(item.data["part"]), item.data["name"]) for item in items if _is(item, Kind.UNIT)
    ]
    told = [(task, part, name) for task, part, name in named if task and part]
    answered_for = {task for task, part, _ in told if part == Part.RESPONSIBLE}
    known = {(task, name) for task, _, name in told}
    for item in items:
        task, who = task_of(item), item.data.get("who")
        if _is(item, Kind.DEADLINE) and who and task and task.data["is_work"] and (task, who) not in known:
            told.append((task, Part.JOINT if task in answered_for else Part.RESPONSIBLE, who))
            known.add((task, who))
    return told


def _is(item, kind):
    return item.kind == kind


def names_told(items):
    """The names in accepted items that may mean an office, each once: units, and who keeps a day."""
    of_units = [item.data["name"] for item in items if item.kind == Kind.UNIT]
    of_days = [item.data["who"] for item in items if item.kind == Kind.DEADLINE and item.data["who"]]
    return list(dict.fromkeys(of_units + of_days))


class Gaps(NamedTuple):
    """What a plan made of a draft would leave without anybody: tasks that nobody answers for, targets that nobody reports."""

    tasks: list
    targets: list


def gaps(notice, offices):
    """The Gaps of what has been accepted so far; `offices` is {name: [Office, …]} as chosen or guessed."""
    items = list(notice.items.all())
    above = {item.pk: item.parent_id for item in items}
    items = [item for item in items if item.decision == DraftItem.Decision.ACCEPTED]
    tasks = {item.pk: item for item in items if item.kind == Kind.TASK}

    def task_of(item):
        return tasks.get(task_above(item.pk, above, tasks))

    answered = [(task, name) for task, part, name in parts_told(items, task_of) if part == Part.RESPONSIBLE]
    owned = {task for task, _ in answered}
    reporting = {task for task, name in answered if offices.get(name)}
    reported = [i for i in items if i.kind == Kind.TARGET and i.data.get("metric", "") not in metrics.METRICS]
    return Gaps(
        [task for task in tasks.values() if task.data["is_work"] and task not in owned],
        [target for target in reported if task_of(target) not in reporting],
    )
