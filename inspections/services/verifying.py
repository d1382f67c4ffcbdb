"""What the supervisor does with a report: confirm, strike off at once, return, void; and what it may still adjust."""

from django.db import transaction

from campaign_portal import clock
from campaign_portal.deadlines import workdays
from campaign_portal.edges import Refused

from ..edges import leads
from ..models import Hazard, Part
from .steps import assign_rechecks, begin, check_due, finish, limits_for, set_parts


@transaction.atomic
def verify_hazard(
    *, hazard, by, grade, due_on, criterion=None, category=None, liaison=None, departments=(), version=None
):
    """Confirm a report: grade it, set the due date and the offices that hold a part. From now on the home's clock runs.

    `liaison` is (name, phone) or None to keep; `departments` empty means the supervisor alone.
    """
    hazard, was = begin(hazard, "verify", by=by, version=version)
    check_due(due_on)
    hazard.grade, hazard.criterion = grade, criterion
    hazard.category = category or hazard.category
    hazard.due_on = due_on
    if liaison is not None:
        hazard.liaison, hazard.liaison_phone = liaison
    hazard.status = Hazard.Status.OPEN
    hazard.fixed_on_spot = False
    hazard.submitted_at = hazard.submitted_by = hazard.rectified_on = None
    hazard.verified_at, hazard.verified_by = clock.now(), by
    set_parts(hazard, list(departments) or [hazard.supervisor])
    assign_rechecks(hazard)
    return finish(hazard, "verify", by=by, before=was, notes=_holders_note(hazard))


@transaction.atomic
def verify_fixed(*, hazard, by, note="", version=None):
    """Confirm a report of something fixed on the spot and strike it off, in one act."""
    hazard, was = begin(hazard, "verify_fixed", by=by, version=version)
    now = clock.now()
    hazard.parts.filter(status=Part.Status.OPEN).update(status=Part.Status.DONE, done_at=now, done_by=by, note=note)
    hazard.status = Hazard.Status.CLOSED
    hazard.verified_at, hazard.verified_by = now, by
    hazard.closed_at, hazard.closed_by = now, by
    hazard.rechecked_on, hazard.recheck_note = clock.today(), note
    return finish(hazard, "verify_fixed", by=by, before=was, reason=note)


def verify_as_it_stands(*, hazard, by, version=None):
    """Confirm a clean report as it stands, graded 一般. One that wants a look is refused, with why."""
    if doubts := doubts_about(hazard):
        raise Refused(f"{'、'.join(doubts)}，请单独核实")
    return verify_hazard(hazard=hazard, by=by, grade=Hazard.Grade.NORMAL, due_on=hazard.due_on, version=version)


def doubts_about(hazard, *, has_photos=None, normal_days=None):
    """Why a report should not be confirmed unseen, as words; empty for a clean one. A list knows `has_photos` and
    `normal_days` for all its rows at once."""
    normal_days = normal_days or limits_for(hazard).normal_days
    if has_photos is None:
        has_photos = hazard.photos.exists()
    doubts = {
        "当场整改的要看整改后照片": hazard.fixed_on_spot,
        "没有照片": not has_photos,
        "没写整改措施": not hazard.measure,
        "没写责任人": not hazard.responsible,
        "期限已过": hazard.due_on < clock.today(),
        f"期限超过 {normal_days} 天": hazard.due_on > workdays.after(clock.today(), normal_days, in_workdays=False),
        "是再次出现的隐患": hazard.previous_id is not None,
    }
    return [words for words, is_so in doubts.items() if is_so]


@transaction.atomic
def send_for_completion(*, hazard, by, reason, version=None):
    """Return a report to the home to be completed."""
    hazard, was = begin(hazard, "send_for_completion", by=by, version=version)
    hazard.status = Hazard.Status.RETURNED
    hazard.return_reason = reason
    return finish(hazard, "send_for_completion", by=by, before=was, reason=reason)


@transaction.atomic
def void_report(*, hazard, by, reason, version=None):
    """Void a report that was a mistake, before it was confirmed. It keeps its number."""
    hazard, was = begin(hazard, "void", by=by, version=version)
    hazard.status = Hazard.Status.VOID
    hazard.fixed_on_spot = False
    return finish(hazard, "void", by=by, before=was, reason=reason)


@transaction.atomic
def regrade(*, hazard, by, grade, reason, criterion=None, version=None):
    """Change 一般 to 重大 or back while the hazard is open. A criterion belongs to 重大 only."""
    hazard, was = begin(hazard, "regrade", by=by, version=version)
    if hazard.is_major and grade == Hazard.Grade.NORMAL and not leads(hazard, by):
        raise Refused("重大隐患降为一般，由县民政局办理。")
    if grade == hazard.grade and criterion == hazard.criterion:
        raise Refused(f"当前等级已经是“{hazard.get_grade_display()}”。")
    hazard.grade, hazard.criterion = grade, criterion
    assign_rechecks(hazard)
    return finish(hazard, "regrade", by=by, before=was, reason=reason)


@transaction.atomic
def share(*, hazard, by, departments, reason, version=None):
    """Set which offices hold a part of an open hazard. Each closes its own; the last one strikes it off.

    Whoever answers for the hazard adds offices; only the county's bureau takes one out again.
    """
    hazard, was = begin(hazard, "share", by=by, version=version)
    _refuse_to_drop_others(hazard, by, departments)
    before = _holders_note(hazard)["责任部门"][1]
    set_parts(hazard, departments)
    if not hazard.parts.filter(status=Part.Status.OPEN).exists():
        raise Refused("留下的部门都已办结，至少要有一个部门尚待复查。")
    assign_rechecks(hazard)
    notes = {"责任部门": [before, _holders_note(hazard)["责任部门"][1]]}
    return finish(hazard, "share", by=by, before=was, reason=reason, notes=notes)


def _refuse_to_drop_others(hazard, by, departments):
    if leads(hazard, by):
        return
    kept = {office.pk for office in departments} | {by.office_id}
    dropped = hazard.parts.exclude(office__in=kept).filter(status=Part.Status.OPEN).select_related("office")
    if names := "、".join(part.office.label for part in dropped):
        raise Refused(f"{names}的责任部分只能由县民政局撤下。")


@transaction.atomic
def set_liaison(*, hazard, by, liaison, liaison_phone="", version=None):
    """Name the official tied to this hazard (包联责任人), who needs no account."""
    hazard, was = begin(hazard, "set_liaison", by=by, version=version)
    hazard.liaison, hazard.liaison_phone = liaison, liaison_phone
    return finish(hazard, "set_liaison", by=by, before=was)


def _holders_note(hazard):
    names = [part.office.label for part in Part.objects.filter(hazard=hazard).select_related("office")]
    return {"责任部门": ["", "、".join(names)]}
