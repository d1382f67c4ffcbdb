"""Returns on tasks: who may report what, and every change of a return's state."""

from datetime import date
from typing import NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from campaign_portal import clock
from campaign_portal.accounts.access import Role
from campaign_portal.audit.models import Event
from campaign_portal.audit.recording import name_verbs, record, snapshot
from campaign_portal.deadlines import workdays
from campaign_portal.edges import Edge, Edges, NotYours, Refused

from . import rewriting
from .edges import LEADERS, leads
from .models import Campaign, Evidence, Indicator, Progress, ProgressFigure, Share, Task, TaskUnit
from .overtaken import Stale
from .sharing import locked_campaign, plain

REPORTERS = frozenset({Role.BUREAU, Role.DEPARTMENT, Role.TOWNSHIP, Role.ASSOCIATION, Role.HOME})
S = Progress.Status
WRITABLE = frozenset({S.DRAFT, S.RETURNED})
HANDED_IN = frozenset({S.SUBMITTED, S.RETURNED, S.ACCEPTED})
DAYS_TO_CORRECT = DAYS_TO_DECIDE = 3  # working days


# Whose return it is, and what a rule refuses


def is_own(progress, user):
    return progress.office_id == user.office_id


def is_decided_by(progress, user):
    """The office that leads the campaign decides about returns, also about its own."""
    return leads(progress.task.campaign, user)


def _not_running(progress, user):
    campaign = progress.task.campaign
    if campaign.status == Campaign.Status.CLOSED:
        return "行动已结束，数据已冻结，不能再报送或审核。"
    if campaign.status == Campaign.Status.DRAFT:
        return "行动还没有启动，不能报送。"


def not_yet(campaign):
    """From when on returns are taken, as a sentence, while the campaign's first day lies ahead; "" from then on."""
    first, today = campaign.starts_on, clock.today()
    year = "" if first.year == today.year else f"{first.year}年"
    return f"{year}{first.month}月{first.day}日起可以报送。" if today < first else ""


def _cannot_write(progress, user):
    return _not_running(progress, user) or not_yet(progress.task.campaign)


def _cannot_submit(progress, user):
    if sentence := _cannot_write(progress, user):
        return sentence
    later = Progress.objects.counted().filter(task=progress.task_id, office=progress.office_id)
    if last := later.filter(as_of__gt=rewriting.as_of_written(progress)).first():
        return f"已采纳的最近一次报送截至 {last.as_of:%Y-%m-%d}，这次的截至日期不能更早。"
    if not rewriting.text_written(progress).strip():
        return "请先写明进展情况。"


def _own_words(progress, user):
    if user.pk in (progress.submitted_by_id, progress.written_by_id):
        return "这份进展是您本人填写或报送的，须由另一位同志审核。"
    return _not_running(progress, user)


def _nothing_to_answer(progress, user):
    if not progress.problem:
        return "这份报送没有提出需要协调的问题。"
    if progress.answer:
        return f"{progress.answered_by.name}已经答复过这个问题。"


def _edge(verb, label, sources, targets, roles, *, who, unless=_not_running):
    sources, targets = frozenset(sources), frozenset(targets)
    return Edge(verb, label, sources, targets, frozenset(roles), who=who, unless=unless, duty="is_caseworker")


PROGRESS_EDGES = Edges(
    _edge("write", "填写", WRITABLE, WRITABLE, REPORTERS, who=is_own, unless=_cannot_write),
    _edge("submit", "报送", WRITABLE, {S.SUBMITTED}, REPORTERS, who=is_own, unless=_cannot_submit),
    _edge("take_back", "撤回", {S.SUBMITTED}, {S.DRAFT}, REPORTERS, who=is_own),
    _edge("accept", "采纳", {S.SUBMITTED}, {S.ACCEPTED}, LEADERS, who=is_decided_by, unless=_own_words),
    _edge("send_back", "退回修改", {S.SUBMITTED}, {S.RETURNED}, LEADERS, who=is_decided_by, unless=_own_words),
    _edge("answer", "答复问题", HANDED_IN, HANDED_IN, LEADERS, who=is_decided_by, unless=_nothing_to_answer),
)

name_verbs(progress_rescheduled="期限随日历调整", **{f"progress_{edge.verb}": edge.label for edge in PROGRESS_EDGES})


# Who reports what


REAL = Q(value__gt=0) | Q(indicator__value=0)  # a share of 0 is no task, unless nothing at all is to happen


def reports_on(task, office):
    """Whether an office is asked for returns on a task: it answers for it, works along, or holds a share given by the lead."""
    mine = Q(units__office=office, units__part__in=[TaskUnit.Part.RESPONSIBLE, TaskUnit.Part.JOINT])
    given = Share.objects.filter(REAL, indicator__task=task, office=office, parent__isnull=True)
    mine |= Q(Exists(given))
    return Task.objects.to_be_done().filter(mine, pk=task.pk).exists()


def is_asked(office):
    """A filter on indicators: those whose figures returns of this office tell.

    Where a target has been shared out, those report who got a share from the lead; else whoever answers for the task. A
    home that got its part from a township does not report: the township's figure includes it.
    """
    given = Share.objects.filter(REAL, indicator=OuterRef("pk"), parent__isnull=True)
    answers = TaskUnit.objects.filter(task=OuterRef("task"), office=office, part=TaskUnit.Part.RESPONSIBLE)
    return Q(Exists(given.filter(office=office))) | Q(~Exists(given), Exists(answers))


def asked_of(task, office):
    """The indicators that a return of this office on this task tells: the task's own, then those of the whole campaign."""
    of_task = Q(task=task) | Q(task__isnull=True)
    found = Indicator.objects.filter(of_task, is_asked(office), campaign=task.campaign_id, metric="")
    return sorted(found, key=lambda indicator: indicator.task_id is None)


# The services


class Words(NamedTuple):
    """What a return says. `figures` is {Indicator: (value, base or None)}; `dropped` are pks of evidence to leave out."""

    as_of: date
    text: str
    problem: str = ""
    figures: dict = {}
    files: tuple = ()
    dropped: tuple = ()


@transaction.atomic
def start(task, *, by, words):
    """A new draft of by's office. Refused while an earlier one is open: there is one return at a time."""
    task = _locked(task)
    if not by.is_caseworker or by.office.kind not in REPORTERS or not reports_on(task, by.office):
        raise NotYours("这项任务没有分给您的单位，不用报送。")
    progress = Progress(task=task, office=by.office, as_of=words.as_of, written_by=by)
    if sentence := _cannot_write(progress, by):
        raise Refused(sentence)
    if earlier := open_return(task, by.office):
        raise Refused(f"本单位这项任务还有一份“{earlier.get_status_display()}”的报送，请先办完那一份。")
    _refuse_second_of_a_day(progress, words.as_of)
    progress.text, progress.problem = words.text, words.problem
    progress.save(force_insert=True)
    notes = _save_details(progress, words)
    record("progress.write", progress, by=by, notes=notes)
    return progress


@transaction.atomic
def rewrite(progress, *, by, words, version=None):
    """Change a draft. One that was sent back is written beside what was handed in: others read that until it is handed in
    again."""
    task = _locked(progress.task)
    progress, was = _begin(progress, "write", by=by, version=version)
    progress.task = task
    _refuse_second_of_a_day(progress, words.as_of)
    if progress.status == S.RETURNED:
        _refuse_strangers(progress, words)
        rewriting.hold(progress, words, by=by)
        return _finish(progress, "write", by=by, before=was)
    if words.problem != progress.problem and progress.answer:
        rewriting.forget_answer(progress)
    progress.as_of, progress.text, progress.problem, progress.written_by = words.as_of, words.text, words.problem, by
    return _finish(progress, "write", by=by, before=was, notes=_save_details(progress, words))


@transaction.atomic
def submit(progress, *, by, version=None):
    """Hand a draft in, or a rewrite; its figures count once the lead has accepted them."""
    locked_campaign(progress.task.campaign_id)  # no indicator of a rewrite goes meanwhile
    progress, was = _begin(progress, "submit", by=by, version=version)
    notes = rewriting.put_in(progress) if progress.rewrite else {}
    progress.status, progress.submitted_by, progress.submitted_at = S.SUBMITTED, by, clock.now()
    progress.decided_by = progress.decided_at = None
    progress.due_on = workdays.after(clock.today(), DAYS_TO_DECIDE, in_workdays=True)
    return _finish(progress, "submit", by=by, before=was, notes=_figures_in_words(progress) | notes)


@transaction.atomic
def take_back(progress, *, by, version=None):
    """Back to a draft, before it has been decided about."""
    progress, was = _begin(progress, "take_back", by=by, version=version)
    progress.status, progress.submitted_by, progress.submitted_at = S.DRAFT, None, None
    progress.due_on = None
    return _finish(progress, "take_back", by=by, before=was)


@transaction.atomic
def accept(progress, *, by, comment="", reply="", version=None):
    """Let a return's figures count. By another person than who wrote or handed it in. A `reply` answers its problem."""
    locked_campaign(progress.task.campaign_id)  # nothing is added while it closes
    version = _answered_first(progress, reply, by=by, version=version)
    progress, was = _begin(progress, "accept", by=by, version=version)
    return _decide(progress, S.ACCEPTED, "accept", by=by, comment=comment, before=was)


@transaction.atomic
def send_back(progress, *, by, comment, reply="", version=None):
    """Ask for a correction, and say which. A `reply` answers its problem."""
    version = _answered_first(progress, reply, by=by, version=version)
    progress, was = _begin(progress, "send_back", by=by, version=version)
    if not comment.strip():
        raise Refused("请写明退回的原因和要改的地方。")
    return _decide(progress, S.RETURNED, "send_back", by=by, comment=comment, before=was)


@transaction.atomic
def answer(progress, *, by, text, version=None):
    """Answer the problem that a return raises. Changes nothing of its state."""
    progress, was = _begin(progress, "answer", by=by, version=version)
    progress.answer, progress.answered_by, progress.answered_at = text, by, clock.now()
    return _finish(progress, "answer", by=by, before=was)


def _answered_first(progress, reply, *, by, version):
    """Send the answer that was typed beside a decision. Returns the version that is left to decide about."""
    return answer(progress, by=by, text=reply, version=version).version if reply else version


def open_return(task, office):
    """The office's return on a task that has not been accepted yet, or None."""
    return Progress.objects.filter(task=task, office=office).exclude(status=S.ACCEPTED).first()


def _locked(task):
    """The task with its campaign, both locked: it neither closes nor loses the task or an indicator meanwhile."""
    campaign = locked_campaign(task.campaign_id)
    task = Task.objects.select_for_update(of=("self",), no_key=True).filter(pk=task.pk).first()
    if task is None:
        raise Refused("这项任务刚刚被删除，不用再报送。")
    task.campaign = campaign
    return task


def _refuse_second_of_a_day(progress, as_of):
    same = Progress.objects.filter(task=progress.task, office=progress.office, as_of=as_of).exclude(pk=progress.pk)
    if same.exists():
        raise Refused("本单位这项任务这一天的进展已有一份，请另选截至日期。")


def _begin(progress, verb, *, by, version):
    """Lock the return, refuse a stale page, check the edge. Returns (locked return, snapshot before the change)."""
    workdays.hold()  # before the row: whoever takes in a new calendar locks in this order
    progress = Progress.objects.locked(progress.pk)
    if version is not None and version != progress.version:
        raise Stale(what_happened(progress, by))
    PROGRESS_EDGES.check(progress, verb, by=by)
    return progress, snapshot(progress)


def what_happened(progress, user):
    """Who was faster, as a sentence."""
    last = Event.objects.about(progress).last()
    who = "您" if last.actor_id == user.pk else f"{last.office_name}{last.actor_name}"
    return (
        f"{who}已于 {timezone.localtime(last.at):%m-%d %H:%M} 办理“{last.label}”，"
        f"这份报送现在是“{progress.get_status_display()}”。请看清最新情况再办理。"
    )


def _decide(progress, status, verb, *, by, comment, before):
    progress.status, progress.comment = status, comment
    progress.decided_by, progress.decided_at = by, clock.now()
    is_returned = status == S.RETURNED
    progress.due_on = workdays.after(clock.today(), DAYS_TO_CORRECT, in_workdays=True) if is_returned else None
    return _finish(progress, verb, by=by, before=before, reason=comment)


def _finish(progress, verb, *, by, before, reason="", notes=None):
    progress.version += 1
    changed = [name for name, value in snapshot(progress).items() if before[name] != value]
    progress.save(update_fields=changed)
    record(f"progress.{verb}", progress, by=by, before=before, reason=reason, notes=notes)
    return progress


def _save_details(progress, words):
    """Figures and evidence as the words have them. Returns what changed, for the audit."""
    _refuse_strangers(progress, words)
    was = {figure.indicator: figure for figure in progress.figures.select_related("indicator")}
    progress.figures.all().delete()
    ProgressFigure.objects.bulk_create(
        ProgressFigure(progress=progress, indicator=indicator, value=value, base=base)
        for indicator, (value, base) in words.figures.items()
    )
    progress.evidence.filter(pk__in=words.dropped).delete()
    Evidence.objects.bulk_create(Evidence(progress=progress, file=file) for file in words.files)
    notes = {"佐证材料": ["", f"新增 {len(words.files)} 个"]} if words.files else {}
    return notes | _changed_figures(was, words.figures)


def _refuse_strangers(progress, words):
    if strangers := words.figures.keys() - set(asked_of(progress.task, progress.office)):
        raise Refused(f"“{min(map(str, strangers))}”不由本单位填报。")


def _changed_figures(was, now):
    old = {indicator.name: _in_words(figure.value, figure.base) for indicator, figure in was.items()}
    new = {indicator.name: _in_words(*pair) for indicator, pair in now.items()}
    return {name: [old.get(name, "—"), new.get(name, "—")] for name in old | new if old.get(name) != new.get(name)}


def _figures_in_words(progress):
    figures = progress.figures.select_related("indicator")
    return {figure.indicator.name: ["", _in_words(figure.value, figure.base)] for figure in figures}


def _in_words(value, base):
    return plain(value) if base is None else f"{plain(value)} / {plain(base)}"
