"""Every change of a self-check: the round is opened, answers are saved, the check is signed and frozen."""

from dataclasses import dataclass, field

from django.db import transaction

from campaign_portal import clock
from campaign_portal.accounts.access import Role
from campaign_portal.accounts.bureaus import bureau_of
from campaign_portal.audit.recording import name_verbs, record, snapshot
from campaign_portal.edges import NotYours, Refused
from facilities.models import Facility

from ..edges import SELF_CHECK_EDGES, runs
from ..models import Answer, AnswerPhoto, Category, CheckItem, Hazard, SelfCheck, SelfCheckRound
from ..selfchecks import Sheet
from .reporting import report_hazard
from .steps import Stale, limits_for, refusing_nonsense

name_verbs(
    selfcheck_opened="布置自查",
    selfcheck_submit="提交自查",
    selfcheck_read="确认代填的自查",
)

BATCH = 500  # homes asked in one statement


class Incomplete(Refused):
    """Something is still missing before the check can be signed. `gaps` are sentences that name the items."""

    def __init__(self, gaps):
        self.gaps = gaps
        super().__init__("".join(gaps))


class Overtaken(Refused):
    """Somebody else has answered items since the page was opened. `sentences` says so for each item's pk."""

    def __init__(self, sentences):
        self.sentences = sentences
        super().__init__("".join(sentences.values()))


# The round


def may_open_round(user):
    """A county's bureau; what a city or province asks for, its counties open as their own."""
    return user.office.kind == Role.BUREAU and user.office.county_code != "" and user.is_caseworker


@transaction.atomic
def open_round(check_round, *, by):
    """Open a round (an unsaved SelfCheckRound) and ask every home that runs in the county now.

    Homes that begin to run before the due day are asked then (`ask_newcomer`).
    """
    if not may_open_round(by):
        raise NotYours("自查由县（市、区）民政局布置。")
    if check_round.due_on < clock.today():
        raise Refused("截止日期不能早于今天。")
    check_round.office, check_round.opened_by, check_round.opened_at = by.office, by, clock.now()
    check_round.copy_area(by.office)
    with refusing_nonsense(SelfCheckRound):
        check_round.save(force_insert=True)
    asked = _ask(check_round)
    record("selfcheck.opened", check_round, by=by, notes={"机构": ["", f"{asked} 家"]})
    return check_round


def _ask(check_round):
    """A check for each running home, in batches; returns how many."""
    homes = Facility.objects.filter(county_code=check_round.county_code, status=Facility.Status.RUNNING)
    batch, asked = [], 0
    for facility in homes.order_by("town_code", "pk").iterator(chunk_size=BATCH):
        batch.append(_check_for(check_round, facility))
        if len(batch) == BATCH:
            asked += len(SelfCheck.objects.bulk_create(batch))
            batch = []
    return asked + len(SelfCheck.objects.bulk_create(batch))


def _check_for(check_round, facility):
    check = SelfCheck(
        round=check_round, facility=facility, supervisor_id=facility.supervisor_id, due_on=check_round.due_on
    )
    check.copy_area(facility)
    return check


def ask_newcomer(facility):
    """A home begins to run: the rounds of its county that are not over ask it too. Runs in the caller's transaction."""
    unfinished = SelfCheckRound.objects.filter(county_code=facility.county_code, due_on__gte=clock.today())
    rows = [_check_for(check_round, facility) for check_round in unfinished.exclude(checks__facility=facility)]
    SelfCheck.objects.bulk_create(rows)


def forget_newcomer(facility):
    """A home is removed as if it had never been registered: what it was asked goes along, unless somebody has begun it."""
    SelfCheck.objects.filter(facility=facility, status=SelfCheck.Status.DUE, answers__isnull=True).delete()


def follow_home(facility, old_supervisor, *, by):
    """What a home has still to check goes along to its present supervisor and place; signed checks stay as they were."""
    codes = {column: getattr(facility, column) for column in SelfCheck.AREA_COLUMNS}
    due = SelfCheck.objects.filter(facility=facility, status=SelfCheck.Status.DUE)
    due.update(supervisor=facility.supervisor, **codes)


# The home's answers


@dataclass
class Entry:
    """What a page says to one item. For 不符合: `hazard`, one that is already open, or what a new one will say."""

    item: CheckItem
    answer: str
    place: str = ""
    note: str = ""
    measure: str = ""
    responsible: str = ""
    rectify_by: object = None
    hazard: Hazard | None = None
    photos: list = field(default_factory=list)  # stored pictures to add
    dropped: list = field(default_factory=list)  # pks of AnswerPhoto to take away

    def kept(self):
        """The columns of Answer that keep it: words only for a new 不符合, as a hazard of the ledger has its own."""
        hazard = self.hazard if self.answer == Answer.Kind.NOT_MET else None
        says = self.answer == Answer.Kind.NOT_MET and hazard is None
        words = {name: getattr(self, name) if says else "" for name in ("place", "note", "measure", "responsible")}
        return {"answer": self.answer, "hazard": hazard, "rectify_by": self.rectify_by if says else None} | words


@transaction.atomic
def save_answers(*, check, by, entries, seen=None):
    """Keep what one page says. It need not be complete; nothing is lost that was said on another page.

    `seen` is the moment when the page was opened. Where somebody else has answered otherwise since (the home on its
    phone, the township for it), nothing is kept and Overtaken names the items. None skips that.
    """
    check = SelfCheck.objects.locked(check.pk)
    SELF_CHECK_EDGES.check(check, "fill", by=by)
    known = {answer.item_id: answer for answer in check.answers.select_related("saved_by__office")}
    _refuse_to_overtake([(entry, known[entry.item.pk]) for entry in entries if entry.item.pk in known], by, seen)
    for entry in entries:
        _keep(entry, known.get(entry.item.pk) or Answer(self_check=check, item=entry.item), by)
    check.version += 1
    check.save(update_fields=["version"])
    return check


def _refuse_to_overtake(pairs, by, seen):
    if seen is None:
        return
    sentences = {
        entry.item.pk: f"打开本页以后，{answer.saved_by.office.short_name}{answer.saved_by.name}把这一项填成了"
        f"“{answer.get_answer_display()}”。确认以您填的为准，请再保存一次；否则请返回查看。"
        for entry, answer in pairs
        if answer.saved_at > seen and answer.saved_by_id != by.pk and not _says_the_same(entry, answer)
    }
    if sentences:
        raise Overtaken(sentences)


def _says_the_same(entry, answer):
    return all(getattr(answer, name) == value for name, value in entry.kept().items())


def _keep(entry, answer, by):
    answer.saved_by, answer.saved_at = by, clock.now()
    for name, value in entry.kept().items():
        setattr(answer, name, value)
    answer.found_on = (answer.found_on or clock.today()) if answer.is_not_met else None
    answer.was_known = answer.hazard is not None
    answer.save()
    if answer.is_not_met and not answer.was_known:
        answer.photos.filter(pk__in=entry.dropped).delete()
        rows = [AnswerPhoto(answer=answer, file=file) for file in entry.photos]
        AnswerPhoto.objects.bulk_create(rows, ignore_conflicts=True)
    else:
        answer.photos.all().delete()


@transaction.atomic
def submit_check(*, check, by, signer, signature=None, is_zero=False, proxy_reason="", version=None):
    """Sign a check and freeze it; every 不符合 that names no hazard becomes one (`report_hazard`).

    `signer` is the person in charge by name, `signature` the stored picture of what he drew (None: typed and confirmed).
    `is_zero` is ticked exactly when nothing is wrong. An officer who enters it for the home gives `proxy_reason`.
    Raises Incomplete while something is missing.
    """
    check = SelfCheck.objects.locked(check.pk)
    SELF_CHECK_EDGES.check(check, "submit", by=by)
    if version is not None and version != check.version:
        raise Stale("打开本页后，自查内容又有改动。请看清下面的最新情况，再签名提交。")
    if by.office.kind != Role.HOME and not proxy_reason:
        raise Refused("代机构填报须写明原因，机构会看到。")
    sheet = Sheet(check)
    _refuse_gaps(sheet, is_zero)
    before = snapshot(check)
    for line in sheet.to_report:
        _report(line, check, by, proxy_reason)
    check.status = SelfCheck.Status.SUBMITTED
    check.submitted_at, check.submitted_on, check.submitted_by = clock.now(), clock.today(), by
    check.signer, check.signature, check.is_zero = signer, signature, is_zero
    check.item_count, check.not_met_count = len(sheet.lines), len(sheet.not_met)
    check.proxy_reason = proxy_reason if by.office.kind != Role.HOME else ""
    check.version += 1
    with refusing_nonsense(SelfCheck):
        check.save(update_fields=[name for name, value in snapshot(check).items() if before[name] != value])
    reason = f"代填：{check.proxy_reason}" if check.proxy_reason else ""
    record("selfcheck.submit", check, by=by, reason=reason, notes=_notes(check))
    return check


def _refuse_gaps(sheet, is_zero):
    if not sheet.lines:
        raise Refused("这份清单没有检查项目，请联系县民政局。")
    if gaps := sheet.missing():
        raise Incomplete(gaps)
    if is_zero and sheet.not_met:
        raise Refused(f"有 {len(sheet.not_met)} 项不符合，不能零报告。")
    if not is_zero and not sheet.not_met:
        raise Refused("没有不符合的项目，请勾选“零报告：本次自查未发现隐患”。")


def _report(line, check, by, proxy_reason):
    answer, facility = line.answer, check.facility
    responsible = answer.responsible or facility.director
    hazard = Hazard(
        facility=facility,
        category=_category(line.item.category, facility),
        place=answer.place or line.item.place,
        summary=answer.note,
        measure=answer.measure,
        responsible=responsible,
        responsible_phone=facility.director_phone if responsible == facility.director else "",
        found_on=answer.found_on,
        due_on=answer.rectify_by or limits_for(facility).day_for(Hazard.Grade.NORMAL, since=clock.today()),
    )
    photos = [photo.file for photo in answer.photos.all()]
    answer.hazard = report_hazard(hazard, by=by, before=photos, proxy_reason=proxy_reason)
    answer.save(update_fields=["hazard"])


def _category(code, facility):
    """The county's category of this code today; the last of its set if it has none (by custom 其他)."""
    categories = list(Category.objects.in_force(bureau=bureau_of(facility), on=clock.today()))
    return next((category for category in categories if category.code == code), categories[-1])


def _notes(check):
    result = "零报告" if check.is_zero else f"{check.not_met_count} 项不符合"
    return {
        "结果": ["", f"{check.item_count} 项，{result}"],
        "负责人": ["", f"{check.signer}（{'手写签名' if check.signature_id else '键入姓名确认'}）"],
        "时限": ["", "逾期提交" if check.is_late else "按时提交"],
    }


@transaction.atomic
def confirm_check_read(*, check, by):
    """The home has read what an officer entered for it."""
    check = SelfCheck.objects.locked(check.pk)
    if not runs(check, by):
        raise NotYours("只有机构自己能确认代填内容。")
    if not check.waits_for_reading:
        raise Refused("没有要确认的代填内容，或已经确认过了。")
    check.read_by, check.read_at = by, clock.now()
    check.save(update_fields=["read_by", "read_at"])
    record("selfcheck.read", check, by=by)
    return check
