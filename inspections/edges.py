"""The one table of what may happen to a hazard: from which state, to which, by whom. Read by services, pages and tests."""

from campaign_portal import clock
from campaign_portal.accounts import access
from campaign_portal.accounts.access import Role
from campaign_portal.accounts.models import User
from campaign_portal.edges import Edge, Edges
from facilities.models import Facility

from .models import Hazard, Request, SelfCheck

S = Hazard.Status


# Whose row it is


def runs(hazard, user):
    """The home itself."""
    return user.office.kind == Role.HOME and hazard.facility_id in access.scope_of(user).runs


def answers_for(hazard, user):
    """The office that supervises the home."""
    return hazard.supervisor_id == user.office_id


def runs_or_enters(hazard, user):
    """The home, or its supervisor entering for it (代填)."""
    return runs(hazard, user) or (user.office.kind != Role.HOME and answers_for(hazard, user))


def answers_or_leads(hazard, user):
    """The supervisor, or the bureau of the county."""
    return answers_for(hazard, user) or leads(hazard, user)


def _parts_of(hazard, user):
    return [part for part in hazard.parts.all() if part.acting_office_id == user.office_id]


def leads(hazard, user):
    """The bureau of the county."""
    return user.office.kind == Role.BUREAU and user.office.county_code == hazard.county_code


def rechecks(hazard, user):
    """An office that re-checks a part of it."""
    return bool(_parts_of(hazard, user))


def may_report(facility, user):
    """Whether the user may report a hazard of this home: the home itself, or its supervisor entering for it."""
    if not user.is_caseworker:
        return False
    if user.office.kind == Role.HOME:
        return facility.pk in access.scope_of(user).runs
    return user.office.kind in (Role.TOWNSHIP, Role.BUREAU) and facility.supervisor_id == user.office_id


def may_register(facility, user):
    """Whether the user may enter a finding of a visit to this home. A township only reads those it does not supervise."""
    if user.office.kind not in access.OFFICERS or not user.is_caseworker:
        return False
    if user.office.kind == Role.TOWNSHIP:
        return facility.supervisor_id == user.office_id
    column, code = user.office.area.column, user.office.area.code
    return facility.supervisor_id == user.office_id or getattr(facility, column) == code


# What a rule refuses, as a sentence


def own_rectification(hazard, user):
    if hazard.submitted_by_id == user.pk:
        return "整改是您本人提交（代填）的，须由其他人复查。"


def nothing_left_to_recheck(hazard, user):
    if all(part.is_done for part in _parts_of(hazard, user)):
        return "本单位负责的部分已经办结，还在等待其他部门复查。"
    return own_rectification(hazard, user)


def rechecks_already(hazard, user):
    if all(part.is_done or part.acting_office_id == user.office_id for part in hazard.parts.all()):
        return "已经由本单位复查。"


def not_fixed_on_spot(hazard, user):
    if not hazard.fixed_on_spot:
        return "这条隐患不是当场整改的，请按“核实确认”办理。"
    if hazard.is_major:
        return "重大隐患不能当场销号，请先核实确认。"
    return own_rectification(hazard, user)


def assurances_missing(hazard, user):
    if missing := hazard.missing_assurances():
        return f"重大隐患须先落实责任、措施、资金、时限、预案，还缺：{'、'.join(missing)}。请先完善整改方案。"


def request_pending(hazard, user):
    if request := hazard.pending_request():
        return f"已有一项{request.get_kind_display()}申请等待审批，办结后再操作。"


def too_late_to_ask(hazard, user):
    if hazard.due_on < clock.today():
        return f"整改期限（{hazard.due_on:%Y-%m-%d}）已过，延期须在到期前申请。请尽快提交整改，并在留言中说明情况。"
    return request_pending(hazard, user)


HOME_SIDE = frozenset({Role.HOME, Role.TOWNSHIP, Role.BUREAU})
SUPERVISORS = frozenset({Role.TOWNSHIP, Role.BUREAU})


def _edge(verb, label, sources, targets, roles, *, duty="is_caseworker", **rest):
    return Edge(verb, label, frozenset(sources), frozenset(targets), frozenset(roles), duty=duty, **rest)


EDGES = Edges(
    _edge("verify", "核实确认", [S.REPORTED], [S.OPEN], SUPERVISORS, who=answers_for),
    _edge("verify_fixed", "核实销号", [S.REPORTED], [S.CLOSED], SUPERVISORS, who=rechecks, unless=not_fixed_on_spot),
    _edge("send_for_completion", "退回补正", [S.REPORTED], [S.RETURNED], SUPERVISORS, who=answers_for),
    _edge("complete", "补正重报", [S.RETURNED], [S.REPORTED], HOME_SIDE, who=runs_or_enters),
    _edge("void", "作废", [S.REPORTED, S.RETURNED], [S.VOID], SUPERVISORS, who=answers_for),
    _edge("plan", "完善整改方案", [S.OPEN], [S.OPEN], HOME_SIDE, who=runs_or_enters),
    _edge("submit", "提交整改", [S.OPEN], [S.SUBMITTED], HOME_SIDE, who=runs_or_enters, unless=assurances_missing),
    _edge(
        "close",
        "复查销号",
        [S.SUBMITTED],
        [S.SUBMITTED, S.CLOSED],
        access.OFFICERS,
        who=rechecks,
        unless=nothing_left_to_recheck,
    ),
    _edge(
        "send_back", "退回整改", [S.SUBMITTED], [S.OPEN], access.OFFICERS, who=rechecks, unless=nothing_left_to_recheck
    ),
    _edge(
        "take_over",
        "转本级复查",
        [S.SUBMITTED],
        [S.SUBMITTED],
        [Role.BUREAU],
        who=leads,
        unless=rechecks_already,
    ),
    _edge("ask_extension", "申请延期", [S.OPEN], [S.OPEN], HOME_SIDE, who=runs_or_enters, unless=too_late_to_ask),
    _edge("regrade", "调整等级", [S.OPEN], [S.OPEN], SUPERVISORS, who=answers_or_leads, unless=request_pending),
    _edge("share", "调整责任部门", [S.OPEN], [S.OPEN], SUPERVISORS, who=answers_or_leads),
    _edge(
        "set_liaison", "指定包联责任人", [S.OPEN, S.SUBMITTED], [S.OPEN, S.SUBMITTED], SUPERVISORS, who=answers_or_leads
    ),
    _edge("ask_void", "申请作废", [S.OPEN], [S.OPEN], SUPERVISORS, who=answers_for, unless=request_pending),
)


def _decides(request, user):
    """The office asked; or the county's bureau, where that office has no approver left but who asked."""
    if request.office_id == user.office_id:
        return True
    approvers = User.objects.filter(office=request.office_id, is_active=True, is_approver=True)
    return leads(request.hazard, user) and not approvers.exclude(pk=request.asked_by_id).exists()


def _asked_it(request, user):
    if request.asked_by_id == user.pk:
        return "申请是您本人提出的，须由其他人审批。"


REQUEST_EDGES = Edges(
    _edge(
        "decide",
        "审批",
        [Request.Outcome.PENDING],
        [Request.Outcome.GRANTED, Request.Outcome.REFUSED],
        SUPERVISORS,
        who=_decides,
        unless=_asked_it,
        duty="is_approver",
    ),
)


def _not_asked_now(check, user):
    if check.round.opens_on > clock.today():
        return f"自查 {check.round.opens_on:%Y-%m-%d} 才开始。"
    if check.facility.status != Facility.Status.RUNNING:
        return f"机构目前“{check.facility.get_status_display()}”，不用自查。"


C = SelfCheck.Status
SELF_CHECK_EDGES = Edges(
    _edge("fill", "填写自查", [C.DUE], [C.DUE], HOME_SIDE, who=runs_or_enters, unless=_not_asked_now),
    _edge("submit", "提交自查", [C.DUE], [C.SUBMITTED], HOME_SIDE, who=runs_or_enters, unless=_not_asked_now),
)
