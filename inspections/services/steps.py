"""What every step of a hazard shares."""

from django.db import IntegrityError
from django.utils import timezone

from campaign_portal import clock
from campaign_portal.accounts.access import Role
from campaign_portal.accounts.bureaus import bureau_of
from campaign_portal.accounts.models import User
from campaign_portal.audit.models import Event
from campaign_portal.audit.recording import name_verbs, record, snapshot
from campaign_portal.deadlines import workdays
from campaign_portal.edges import Refused

from ..edges import EDGES
from ..models import Hazard, HazardHistory, Limits, Part, Photo, ProxyEntry

name_verbs(
    hazard_reported="上报隐患",
    hazard_registered="登记隐患",
    hazard_part_closed="办结本部门部分",
    hazard_extension_granted="同意延期",
    hazard_extension_refused="不同意延期",
    hazard_void_granted="同意作废",
    hazard_void_refused="不同意作废",
    hazard_commented="留言",
    hazard_attached="上传附件",
    hazard_proxy_read="确认代填内容",
    hazard_moved="随机构转交",
    hazard_rescheduled="期限随日历调整",
    **{f"hazard_{edge.verb}": edge.label for edge in EDGES},
)


class Stale(Refused):
    """The row changed after the page was opened."""


def begin(hazard, verb, *, by, version=None):
    """Lock the hazard, refuse a stale page, check the edge. Returns (locked hazard, snapshot before the change).

    `version` is the one the user's page showed; None skips the check (for calls that showed nothing).
    """
    workdays.hold()  # before the row: whoever takes in a new calendar locks in this order
    hazard = Hazard.objects.locked(hazard.pk)
    if version is not None and version != hazard.version:
        raise Stale(_what_happened(hazard, by))
    EDGES.check(hazard, verb, by=by)
    return hazard, snapshot(hazard)


def last_event(hazard):
    return Event.objects.about(hazard).last()


def _what_happened(hazard, by):
    last = last_event(hazard)
    if last is None:
        return f"{hazard.code} 已有变化，请核对后再办理。"
    when = timezone.localtime(last.at)
    who = "您" if last.actor_id == by.pk else f"{last.office_name}{last.actor_name}"
    return (
        f"{who}已于 {when:%m-%d %H:%M} 办理“{last.label}”，{hazard.code} 现在是“{hazard.get_status_display()}”。"
        "请看清下面的最新情况再办理，您填写的内容没有丢。"
    )


def finish(hazard, verb, *, by, before, reason="", notes=None):
    """Save what changed, write the history row and the audit event."""
    hazard.version += 1
    changed = [name for name, value in snapshot(hazard).items() if before[name] != value]
    with refusing_nonsense(Hazard):
        hazard.save(update_fields=changed)
    write_history(hazard)
    record(f"hazard.{verb}", hazard, by=by, before=before, reason=reason, notes=notes)
    return hazard


class refusing_nonsense:
    """Context manager: turns a violated constraint of `model` into Refused with the constraint's own sentence."""

    def __init__(self, model):
        self.model = model

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if not isinstance(error, IntegrityError):
            return
        for constraint in self.model._meta.constraints:
            if self._is_named(constraint, str(error)) and constraint.violation_error_message:
                raise Refused(str(constraint.violation_error_message)) from error

    def _is_named(self, constraint, words):
        """PostgreSQL names every constraint, SQLite names the columns of a unique one."""
        meta = self.model._meta
        columns = [f"{meta.db_table}.{meta.get_field(name).column}" for name in getattr(constraint, "fields", ())]
        return constraint.name in words or (columns and words.endswith(f": {', '.join(columns)}"))


def write_history(hazard):
    """Close the present history row and open the next one, if anything that figures count has changed."""
    present = HazardHistory.objects.filter(hazard=hazard, valid_to__isnull=True).first()
    departments = holders_key(hazard.parts.values_list("office_id", flat=True))
    now = {name: getattr(hazard, name) for name in HazardHistory.FIELDS}
    if present and present.departments == departments and all(getattr(present, n) == v for n, v in now.items()):
        return
    moment = clock.now()
    if present:
        present.valid_to = moment
        present.save(update_fields=["valid_to"])
    history_row(hazard, departments, moment).save(force_insert=True)


def history_row(hazard, departments, moment):
    """How the hazard stands from a moment on, unsaved. `departments` as holders_key() gives it."""
    now = {name: getattr(hazard, name) for name in HazardHistory.FIELDS}
    row = HazardHistory(hazard=hazard, valid_from=moment, departments=departments, **now)
    row.copy_area(hazard)
    return row


def holders_key(office_pks):
    """The offices that hold a part, as a history row keeps them: ",3,17,"."""
    return f",{','.join(str(pk) for pk in sorted(office_pks))},"


def limits_for(hazard):
    """The Limits in force for a hazard's county today; the built-in defaults if nobody set any."""
    rules = Limits.objects.in_force(bureau=bureau_of(hazard), on=clock.today())
    return rules.order_by("-valid_from").first() or Limits()


def last_day_of(step, hazard):
    """By when an officers' step that begins today has to be done, by the limits of the hazard's county."""
    return limits_for(hazard).day_of(step, since=clock.today())


def is_tentative(hazard, pending=None):
    """Whether the officers' day that a hazard waits for (of a `pending` request, if there is one) rests on a calendar that is
    not loaded yet."""
    waits = {
        Hazard.Status.REPORTED: (hazard.reported_at, hazard.verify_due_on),
        Hazard.Status.SUBMITTED: (hazard.submitted_at, hazard.recheck_due_on),
    }
    begun, due = (pending.asked_at, pending.decide_due_on) if pending else waits.get(hazard.status, (None, None))
    return workdays.is_tentative(begun, due, in_workdays=lambda: limits_for(hazard).in_workdays)


LONGEST = 3 * 365 * clock.ONE_DAY  # longer than any supervised listing may take; beyond it the year is mistyped


def check_due(due_on):
    """Refuse a limit that has passed or lies beyond reason."""
    if due_on < clock.today():
        raise Refused("整改期限不能早于今天。")
    if due_on > clock.today() + LONGEST:
        raise Refused(f"整改期限 {due_on:%Y-%m-%d} 太远，请检查年份。")


def set_parts(hazard, offices):
    """Let exactly these offices hold a part. At least one; a part already done is kept."""
    if not offices:
        raise Refused("至少要有一个责任部门。")
    wanted = {office.pk for office in offices}
    hazard.parts.exclude(office__in=wanted).filter(status=Part.Status.OPEN).delete()
    held = set(hazard.parts.values_list("office_id", flat=True))
    Part.objects.bulk_create(
        Part(hazard=hazard, office=office, acting_office=office) for office in offices if office.pk not in held
    )


def assign_rechecks(hazard, *, rectified_by=None):
    """Settle which office re-checks each open part, so that nobody judges their own work."""
    for part in hazard.parts.select_related("office__parent").filter(status=Part.Status.OPEN):
        entered_it_alone = rectified_by and rectified_by.office_id == part.office_id and not has_colleague(rectified_by)
        acting = part.office
        if judges_itself(part.office, hazard, entered_it_alone=entered_it_alone):
            acting = bureau_of(hazard) or part.office
        if part.acting_office_id != acting.pk:
            part.acting_office = acting
            part.save(update_fields=["acting_office"])


def judges_itself(holder, hazard, *, entered_it_alone):
    """Whether an office would re-check its own work: a major hazard of a home that it runs, or a rectification that its
    only officer entered."""
    return bool(entered_it_alone) or hazard.is_major and hazard.facility.operated_by_id == holder.pk


def has_colleague(user):
    """Whether anybody else of the user's office works on hazards."""
    colleagues = User.objects.filter(office=user.office_id, is_active=True).exclude(pk=user.pk)
    return colleagues.filter(is_clerk=True).exists() or colleagues.filter(is_approver=True).exists()


def add_photos(hazard, files, *, stage, by, answers=None):
    """Attach stored pictures. `answers` maps a file's pk to the before-photo that it answers."""
    answers = answers or {}
    Photo.objects.bulk_create(
        Photo(
            hazard=hazard,
            file=file,
            stage=stage,
            round=hazard.round,
            answers=answers.get(file.pk),
            added_by=by,
            added_at=clock.now(),
        )
        for file in files
    )


def note_proxy(hazard, what, *, by, reason):
    """If an officer acts for the home, say so and why, for the home to read. Without a reason it is refused."""
    if by.office.kind == Role.HOME:
        return
    if not reason:
        raise Refused("代机构填报须写明原因，机构会看到。")
    ProxyEntry.objects.create(hazard=hazard, what=what, reason=reason, entered_by=by)


def photo_notes(files, label):
    return {label: ["", f"{len(files)} 张"]} if files else {}
