"""What the rules read in a notice, kept as items that wait for a person."""

import re
from decimal import Decimal

from django.db import transaction

from campaign_portal.accounts.models import Office
from campaign_portal.audit.recording import name_verbs, record
from campaign_portal.edges import NotYours

from ..edges import LEADERS
from ..models import Campaign, DraftItem, Notice, Unit
from ..notice import read_notice
from ..notice.script import to_simplified
from ..sent_once import sent_before
from .figures import propose_figures
from .proposing import campaign_title

name_verbs(notice_read="录入通知")

Kind = DraftItem.Kind
BATCH = 2000  # rows of a statement
READINGS = [  # beside the tasks, in which they stand
    (Kind.PHASE, "phases"),
    (Kind.DEADLINE, "deadlines"),
    (Kind.TARGET, "targets"),
    (Kind.UNIT, "units"),
]


@transaction.atomic
def take_in(text, *, by, file=None, sent_key=None):
    """Keep a notice's text and what the rules read in it, every item but mere headings waiting for a decision. Returns the
    Notice; that of the first time where the same form is sent again."""
    if by.office.kind not in LEADERS or not by.is_caseworker:
        raise NotYours("通知由民政局或协会的经办、审批人员录入。")
    reading = read_notice(text, known_numbers=known_numbers(by.office))
    notice = Notice(
        sent_key=sent_key,
        office=by.office,
        title=_title(reading),
        text=reading.text,
        simplified=reading.simplified if reading.simplified != reading.text else "",
        file=file,
        header=_header(reading),
        reading=reading.as_json(),
        read_by=by,
    )
    Office.objects.select_for_update(of=("self",), no_key=True).get(pk=by.office_id)  # of two at once one is first
    if twin := sent_before(notice, Notice.objects.filter(office=by.office), ("title", "text")):
        return twin
    notice.save(force_insert=True)
    _keep_items(notice, reading)
    record("notice.read", notice, by=by)
    return notice


def known_numbers(office):
    """文号 of documents that the office's county has on file: of its campaigns."""
    column = office.area.column if office.county_code == "" else "county_code"
    found = Campaign.objects.filter(**{column: getattr(office, column)}).exclude(document_number="")
    return set(found.values_list("document_number", flat=True))


def _title(reading):
    named = reading.title or reading.plan_title or reading.campaign_name
    return (_plain(named) or reading.text.strip()[:40] or "未命名通知")[:200]


def _plain(phrase):
    """A phrase in simplified characters, as its value reads; "" for none."""
    if phrase is None:
        return ""
    return " ".join(to_simplified(phrase.value).split())


def _header(reading):
    """What the head of the notice says, as the confirming form shows it first."""
    period = reading.period
    return {
        "title": campaign_title(_plain(reading.campaign_name), _plain(reading.title), reading.simplified)
        or _title(reading),
        "document_number": _plain(reading.document_number),
        "issued_on": reading.issue_date.value if reading.issue_date else "",
        "starts_on": period.starts_on.isoformat() if period else "",
        "ends_on": period.ends_on.isoformat() if period else "",
    }


def _keep_items(notice, reading):
    tasks, work = [], _work(reading)
    for order, item in enumerate(reading.tasks):
        tasks.append(_row(notice, reading, Kind.TASK, order, item))
        tasks[order].data["is_work"] = order in work
        if order not in work:  # a mere heading is nothing to decide about: it goes with what hangs below it
            tasks[order].decision = DraftItem.Decision.ACCEPTED
    for level in _levels(reading.tasks):  # what holds others first, so that they can name it
        for number in level:
            above = reading.tasks[number].parent
            tasks[number].parent = tasks[above] if above is not None else None
        DraftItem.objects.bulk_create([tasks[number] for number in level], batch_size=BATCH)
    rows = []
    for kind, name in READINGS:
        for order, item in enumerate(getattr(reading, name)):
            if _is_kept(kind, item):
                row = _row(notice, reading, kind, order, item)
                row.parent = tasks[item.task] if getattr(item, "task", None) is not None else None
                rows.append(row)
    _propose_figures(notice, reading, [row for row in rows if row.kind == Kind.TARGET])
    DraftItem.objects.bulk_create(rows, batch_size=BATCH)


def _propose_figures(notice, reading, rows):
    """Let targets stand on the figures that notices call so; the person who goes through them sees and may change it."""
    told = [(row.data, _around(reading, item)) for row, item in zip(rows, reading.targets, strict=True)]
    for number, code in propose_figures(told, notice.office).items():
        rows[number].data["metric"] = code


def _around(reading, item):
    """What says what a target counts: its sentence up to its end, and the titles of the headings above it."""
    titles, above = [], item.task
    while above is not None:
        titles.append(reading.tasks[above].title)
        above = reading.tasks[above].parent
    return to_simplified("\n".join([reading.simplified[item.sentence_start : item.end], *titles]))


def _levels(tasks):
    """The numbers of the tasks by how deep they hang, from the top."""
    depths, levels = [], []
    for number, task in enumerate(tasks):
        depth = 0 if task.parent is None else depths[task.parent] + 1
        depths.append(depth)
        levels += [[]] if depth == len(levels) else []
        levels[depth].append(number)
    return levels


def _is_kept(kind, item):
    if kind == Kind.UNIT:
        return item.part in Unit.Part.values  # to whom it is sent is no part in the work
    return not getattr(item, "is_relative", False)  # a rule ("within 20 working days of …") has no day of its own


def _row(notice, reading, kind, order, item):
    data = _simple(_DATA[kind](reading, item))
    return DraftItem(notice=notice, kind=kind, order=order, data=data, start=item.start, end=item.end)


def _simple(data):
    """Draft data in simplified characters: the plan is written in them, whatever the notice was."""
    return {name: to_simplified(value) if isinstance(value, str) else value for name, value in data.items()}


def _shown(reading, item):
    return reading.simplified[item.start : item.end]


def _phase_data(reading, item):
    return {
        "name": item.name[:40],
        "starts_on": _iso(item.starts_on),
        "ends_on": _iso(item.ends_on),
        "is_estimate": item.is_estimate,
    }


def _task_data(reading, item):
    content = reading.simplified[item.body_start : item.body_end].strip()
    return {
        "level": item.level,
        "number": item.number[:20],
        "title": item.title[:120],
        "content": content[:5000],
    }


def _work(reading):
    """The numbers of the tasks that somebody has to do: lines with a day or a target of their own, else those that the rules
    take for work and that no other hangs below."""
    dated = [due for due in reading.deadlines if not due.is_relative]
    own = {item.task for item in [*dated, *reading.targets]}
    answered_for = {due.task for due in dated if due.who}
    above = {task.parent for task in reading.tasks}
    return {
        number
        for number, task in enumerate(reading.tasks)
        if number in answered_for or task.is_work and (number in own or number not in above)
    }


def _deadline_data(reading, item):
    return {
        "name": (item.what or _shown(reading, item))[:120],
        "who": item.who[:80],
        "starts_on": _iso(item.starts_on),
        "due_on": _iso(item.day),
        "recurrence": item.recurrence or "",
        **(_day_in_period(_shown(reading, item)) if item.recurrence else {}),
    }


DAY = re.compile(r"(?:(\d{1,2})月)?(\d{1,2})日")


def _day_in_period(phrase):
    """Which day of its month a recurring duty is due ("每月25日前", "每季度第一个月10日前"), where the phrase says it."""
    found = DAY.search(phrase)
    if not found:
        return {}
    month, day = found.groups()
    first = "第一个月" in phrase or "首月" in phrase
    return {"on_day": int(day), "on_month": int(month) if month else None, "in_first_month": first}


COMPARATORS = {">=": "ge", "=": "eq", "<=": "le", "range": "range"}
PERS = {"季度": "quarter", "月": "month", "年": "year", "半年": "half", "所": "home", "家": "home", "个": "home"}


def _target_data(reading, item):
    return {
        "name": (item.name or _shown(reading, item))[:60],
        "comparator": COMPARATORS[item.comparator],
        "value": _number(item.value),
        "high": _number(item.high),
        "unit": item.unit.split("/")[0][:12],
        "per": PERS.get(item.per, ""),
        "by_on": item.by or "",
        "is_tentative": item.is_tentative,
    }


def _number(value):
    """1800.0 as "1800", 2.5 as "2.5", nothing as ""."""
    return "" if value is None else f"{Decimal(str(value)).normalize():f}"


def _unit_data(reading, item):
    return {"name": item.name[:80], "part": item.part}


def _iso(day):
    return day.isoformat() if day else ""


_DATA = {
    Kind.PHASE: _phase_data,
    Kind.TASK: _task_data,
    Kind.DEADLINE: _deadline_data,
    Kind.TARGET: _target_data,
    Kind.UNIT: _unit_data,
}
