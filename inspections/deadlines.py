"""What hazards ask of whom by when, for to-do lists, calendars and reminders."""

from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.urls import reverse

from campaign_portal import clock
from campaign_portal.accounts import access
from campaign_portal.accounts.access import OFFICERS, Role
from campaign_portal.deadlines import moves
from campaign_portal.deadlines.registry import Days, Duty, Entry, Kind, Person, Post, Rung, day_of, register, stream

from .models import Hazard, Part, ProxyEntry, Request
from .models.hazards import is_visible_to

S = Hazard.Status
HOME = frozenset({Role.HOME})
SUPERVISORS = frozenset({Role.TOWNSHIP, Role.BUREAU})


def _title(hazard):
    return f"{hazard.facility} {hazard.summary[:40]}"


def _ledger(**params):
    query = "&".join(f"{name}={value}" for name, value in params.items())
    return lambda user: f"{reverse('inspections:ledger')}?{query}"


def _step(hazard, slug):
    return reverse(f"inspections:hazard-{slug}", args=[hazard.pk])


LIMITS = "本县办理时限"
SEEN = ("facility__name", "facility__short_name", "summary", "grade")  # what a title reads, from a hazard


def _seen(prefix=""):
    return tuple(f"{prefix}{name}" for name in SEEN)


def _entry(row, due_on, posts, *, verb, path="", hazard=None):
    """Of a row of columns: `path` leads from it to its hazard."""
    name, short_name, summary, grade = (getattr(row, f"{path}{column}") for column in SEEN)
    url = reverse("inspections:hazard", args=[hazard or row.pk])
    title = f"{short_name or name} {summary[:40]}"
    return Entry(row.pk, due_on, f"{verb} {title}", url, posts, grade == Hazard.Grade.MAJOR)


def _officers(office, *, needs="is_caseworker"):
    """The ladder of an officers' step: who does it, then who leads the office."""
    return ((Rung.RESPONSIBLE, Post(office, needs)), (Rung.SUPERVISOR, Post(office, "is_approver")))


# The home's side


HOMES_SIDE = ("facility__office_id", "supervisor_id", "responsible", "responsible_phone", "liaison", "liaison_phone")


def _homes_ladder(row):
    """责任人 → 包联责任人 → 监管单位. The two named people need no account."""
    home, supervisor = row.facility__office_id, row.supervisor_id
    posts = [(Rung.RESPONSIBLE, Post(home))]
    if row.responsible:
        posts.append((Rung.RESPONSIBLE, Post(home, person=Person(row.responsible, row.responsible_phone))))
    if row.liaison:
        posts.append((Rung.LIAISON, Post(supervisor, person=Person(row.liaison, row.liaison_phone))))
    return (*posts, (Rung.SUPERVISOR, Post(supervisor)))


def _open_to_home(status):
    """All of a state in which it is the home's move."""
    return lambda: Hazard.objects.filter(status=status)


def _entry_of_home(verb):
    return lambda row: _entry(row, row.due_on, _homes_ladder(row), verb=verb)


def _visible(rows, user):
    return rows & Hazard.objects.visible_to(user)


def _own(user):
    return Hazard.objects.filter(facility__in=access.scope_of(user).runs).select_related("facility", "supervisor")


def _rectify_duty(hazard):
    who = f"责任人 {hazard.responsible}" if hazard.responsible else "责任人未定"
    missing = hazard.missing_assurances()
    slug, action = ("plan", "完善整改方案") if missing else ("submit", "提交整改")
    note = f"{hazard.code} · {hazard.get_source_display()}发现 · {who}"
    if missing:
        note += f" · 五落实还缺{'、'.join(missing)}"
    return Duty(hazard.summary[:60], note, _step(hazard, slug), hazard.due_on, action, hazard.is_major)


register(
    Kind(
        code="rectify",
        label="整改",
        roles=HOME,
        rows=lambda user, today: _own(user).filter(status=S.OPEN).order_by("due_on", "pk"),
        duty=_rectify_duty,
        url=_ledger(state="open"),
        basis=f"核实时确定的整改期限；没有另定的按{LIMITS}，延期须经审批",
        open=_open_to_home(S.OPEN),
        entries=stream(("pk", "due_on", *SEEN, *HOMES_SIDE), _entry_of_home("整改")),
        visible=_visible,
        moves=moves.audited(Hazard, "due_on"),
        seen=lambda user: Hazard.objects.visible_to(user),
    )
)


def _complete_duty(hazard):
    note = f"{hazard.code} · {hazard.supervisor.short_name}退回：{hazard.return_reason}"
    return Duty(hazard.summary[:60], note, _step(hazard, "complete"), hazard.due_on, "补正重报")


register(
    Kind(
        code="complete",
        label="补正",
        roles=HOME,
        rows=lambda user, today: _own(user).filter(status=S.RETURNED).order_by("due_on", "pk"),
        duty=_complete_duty,
        url=_ledger(state="returned"),
        basis="上报时填写的整改期限：退回补正不延长期限",
        open=_open_to_home(S.RETURNED),
        entries=stream(("pk", "due_on", *SEEN, *HOMES_SIDE), _entry_of_home("补正")),
        visible=_visible,
    )
)


DAYS_TO_READ = 3


def _proxy_rows(user, today):
    unread = ProxyEntry.objects.filter(read_at__isnull=True, hazard__facility__in=access.scope_of(user).runs)
    return unread.select_related("hazard", "entered_by__office").order_by("entered_at", "pk")


def _proxy_duty(entry):
    title = f"{entry.entered_by.office.short_name}{entry.entered_by.name}代您填了“{entry.get_what_display()}”，请核对"
    due = day_of(entry.entered_at) + DAYS_TO_READ * clock.ONE_DAY
    return Duty(title, f"{entry.hazard.code} · 原因：{entry.reason}", entry.hazard.get_absolute_url(), due, "核对")


register(
    Kind(
        code="read_proxy",
        label="核对代填",
        roles=HOME,
        rows=_proxy_rows,
        duty=_proxy_duty,
        url=_ledger(state="all"),
    )
)


# The officers' side


def _verify_rows(user, today):
    """Reports of the homes that the office supervises, and on-the-spot ones whose re-check was passed up to it."""
    passed_up = Part.objects.waiting_for(user.office).filter(hazard=OuterRef("pk"))
    mine = Q(supervisor=user.office) | Q(fixed_on_spot=True) & Exists(passed_up)
    rows = Hazard.objects.filter(mine, status=S.REPORTED).select_related("facility")
    return rows.order_by("verify_due_on", "pk")


def _open_to_verify():
    """With `passed_to`, the office to which the re-check of one rectified on the spot was passed up."""
    acting = Part.objects.filter(hazard=OuterRef("pk"), status=Part.Status.OPEN).exclude(acting_office=F("office"))
    passed = acting.filter(hazard__fixed_on_spot=True).values("acting_office")[:1]
    return Hazard.objects.filter(status=S.REPORTED).annotate(passed_to=Subquery(passed))


def _verify_entry(row):
    posts = _officers(row.supervisor_id)
    if row.passed_to and row.passed_to != row.supervisor_id:
        posts = (*posts, (Rung.RESPONSIBLE, Post(row.passed_to)))
    return _entry(row, row.verify_due_on, posts, verb="核实")


def _verify_duty(hazard):
    note = f"{hazard.code} · {'当场整改 · ' if hazard.fixed_on_spot else ''}{hazard.place}"
    return Duty(f"核实 {_title(hazard)}", note, hazard.get_absolute_url(), hazard.verify_due_on, "核实")


register(
    Kind(
        code="verify",
        label="核实上报",
        roles=SUPERVISORS,
        rows=_verify_rows,
        duty=_verify_duty,
        url=_ledger(state="reported"),
        basis=f"{LIMITS}：核实",
        days=Days.WORKING,
        open=_open_to_verify,
        due="verify_due_on",
        entries=stream(("pk", "verify_due_on", "supervisor_id", "passed_to", *SEEN), _verify_entry),
        visible=_visible,
    )
)


def _visible_by_hazard(rows, user):
    return rows.filter(is_visible_to(user, "hazard__"))


def _recheck_rows(user, today):
    parts = Part.objects.waiting_for(user.office).filter(hazard__status=S.SUBMITTED)
    parts = parts.exclude(hazard__submitted_by=user)  # somebody else's to re-check
    return parts.select_related("hazard__facility", "hazard__submitted_by").order_by("hazard__recheck_due_on", "pk")


def _recheck_duty(part):
    hazard = part.hazard
    note = f"{hazard.code} · {hazard.submitted_by.name} {day_of(hazard.submitted_at):%m-%d} 提交"
    if part.acting_office_id != part.office_id:
        note += " · 转县级复查"
    title, url = f"复查 {_title(hazard)}", hazard.get_absolute_url()
    return Duty(title, note, url, hazard.recheck_due_on, "复查", hazard.is_major)


register(
    Kind(
        code="recheck",
        label="复查整改",
        roles=OFFICERS,
        rows=_recheck_rows,
        duty=_recheck_duty,
        url=_ledger(state="submitted"),
        basis=f"{LIMITS}：复查",
        days=Days.WORKING,
        open=lambda: Part.objects.filter(status=Part.Status.OPEN, hazard__status=S.SUBMITTED),
        due="hazard__recheck_due_on",
        entries=stream(
            ("pk", "hazard_id", "hazard__recheck_due_on", "acting_office_id", *_seen("hazard__")),
            lambda row: _entry(
                row,
                row.hazard__recheck_due_on,
                _officers(row.acting_office_id),
                verb="复查",
                path="hazard__",
                hazard=row.hazard_id,
            ),
        ),
        area="hazard__",
        visible=_visible_by_hazard,
    )
)


def _decide_rows(user, today):
    pending = Request.objects.filter(office=user.office, status=Request.Outcome.PENDING).exclude(asked_by=user)
    pending = pending.filter(hazard__status=S.OPEN)
    return pending.select_related("hazard__facility", "asked_by").order_by("decide_due_on", "pk")


def _decide_duty(request):
    hazard = request.hazard
    what = f"延至 {request.new_due_on:%m-%d}" if request.new_due_on else "作废"
    note = f"{hazard.code} · {request.asked_by.name}申请{what} · {request.reason[:40]}"
    title = f"审批 {hazard.facility} {request.get_kind_display()}申请"
    return Duty(title, note, hazard.get_absolute_url(), request.decide_due_on, "审批", hazard.is_major)


register(
    Kind(
        code="decide",
        label="审批申请",
        roles=SUPERVISORS,
        rows=_decide_rows,
        needs="is_approver",
        duty=_decide_duty,
        url=_ledger(state="open"),
        basis=f"{LIMITS}：审批申请",
        days=Days.WORKING,
        open=lambda: Request.objects.filter(status=Request.Outcome.PENDING, hazard__status=S.OPEN),
        due="decide_due_on",
        entries=stream(
            ("pk", "hazard_id", "decide_due_on", "office_id", *_seen("hazard__")),
            lambda row: _entry(
                row,
                row.decide_due_on,
                _officers(row.office_id, needs="is_approver"),
                verb="审批申请",
                path="hazard__",
                hazard=row.hazard_id,
            ),
        ),
        area="hazard__",
        visible=_visible_by_hazard,
    )
)


def _urge_rows(user, today):
    late = Hazard.objects.filter(supervisor=user.office).overdue(on=today)
    return late.select_related("facility").order_by("due_on", "pk")


def _urge_duty(hazard):
    note = f"{hazard.code} · 责任人 {hazard.responsible or '未定'} · 包联 {hazard.liaison or '未定'}"
    return Duty(f"督促 {_title(hazard)}", note, hazard.get_absolute_url(), hazard.due_on, "督促", hazard.is_major)


register(
    Kind(
        code="urge",
        label="督促逾期整改",
        roles=SUPERVISORS,
        rows=_urge_rows,
        duty=_urge_duty,
        url=lambda user: f"{reverse('inspections:ledger')}?due=overdue&supervisor={user.office_id}",
    )
)

from . import (  # noqa: E402 - they register
    counted,  # noqa: F401 - days that move with the calendar
    selfcheck_deadlines,  # noqa: F401 - the duties of self-checks
)
