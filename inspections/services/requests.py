"""What one person asks and another decides: more time, or voiding a confirmed hazard."""

from django.db import transaction

from campaign_portal import clock
from campaign_portal.accounts.bureaus import bureau_of
from campaign_portal.accounts.models import User
from campaign_portal.audit.recording import snapshot
from campaign_portal.deadlines.models import DueChange
from campaign_portal.edges import Refused

from ..edges import REQUEST_EDGES
from ..models import Hazard, ProxyEntry, Request
from .steps import begin, finish, last_day_of, note_proxy, refusing_nonsense


@transaction.atomic
def ask_extension(*, hazard, by, new_due_on, reason, interim="", version=None, proxy_reason=""):
    """Ask for a later due date, before the present one has passed. Somebody else decides."""
    hazard, was = begin(hazard, "ask_extension", by=by, version=version)
    request = _ask(hazard, Request.Kind.EXTENSION, by=by, reason=reason, interim=interim, new_due_on=new_due_on)
    note_proxy(hazard, ProxyEntry.What.EXTENSION, by=by, reason=proxy_reason)
    finish(hazard, "ask_extension", by=by, before=was, reason=reason, notes=_dates(request))
    return request


@transaction.atomic
def ask_void(*, hazard, by, reason, version=None):
    """Ask that a confirmed hazard be voided as a mistake. A second person decides."""
    hazard, was = begin(hazard, "ask_void", by=by, version=version)
    request = _ask(hazard, Request.Kind.VOID, by=by, reason=reason)
    finish(hazard, "ask_void", by=by, before=was, reason=reason)
    return request


@transaction.atomic
def decide_request(*, request, by, granted, decision="", version=None):
    """Grant or refuse a pending request. A granted extension moves the due date; a granted voiding ends the hazard.

    `version` is the hazard's, as the page showed it.
    """
    hazard = Hazard.objects.locked(request.hazard_id)
    request = Request.objects.select_for_update(of=("self",), no_key=True).get(pk=request.pk)
    REQUEST_EDGES.check(request, "decide", by=by)
    if version is not None and version != hazard.version:
        raise Refused("页面打开之后这条隐患有了变化，请看清最新情况再审批。")
    if hazard.status != Hazard.Status.OPEN:
        raise Refused(f"隐患当前为“{hazard.get_status_display()}”，这项申请已不需要审批。")
    was = snapshot(hazard)
    request.status = Request.Outcome.GRANTED if granted else Request.Outcome.REFUSED
    request.decided_by, request.decided_at, request.decision = by, clock.now(), decision
    request.save(update_fields=["status", "decided_by", "decided_at", "decision"])
    if granted and request.kind == Request.Kind.EXTENSION:
        _extend(hazard, request, by=by)
    elif granted:
        hazard.status = Hazard.Status.VOID
    outcome = "granted" if granted else "refused"
    finish(hazard, f"{request.kind}_{outcome}", by=by, before=was, reason=decision)
    return request


def _extend(hazard, request, *, by):
    moved = {"was": hazard.due_on, "now": request.new_due_on, "reason": f"同意延期：{request.reason}"[:200]}
    DueChange.objects.create(kind="rectify", object_pk=hazard.pk, at=clock.now(), by=by, **moved)
    hazard.due_on = request.new_due_on


def _ask(hazard, kind, *, by, reason, interim="", new_due_on=None):
    request = Request(
        hazard=hazard,
        kind=kind,
        reason=reason,
        interim=interim,
        old_due_on=hazard.due_on,
        new_due_on=new_due_on,
        asked_by=by,
        asked_at=clock.now(),
        office=_deciding_office(hazard, by),
        decide_due_on=last_day_of("decide", hazard),
    )
    with refusing_nonsense(Request):
        request.save(force_insert=True)
    return request


def _deciding_office(hazard, asker):
    """The supervisor, or the county bureau where the supervisor has no approver other than who asks."""
    others = User.objects.filter(office=hazard.supervisor, is_active=True, is_approver=True).exclude(pk=asker.pk)
    if others.exists():
        return hazard.supervisor
    bureau = bureau_of(hazard)
    if bureau is None:
        raise Refused("没有可以审批的人：请先在监管单位指定一位审批人。")
    return bureau


def _dates(request):
    return {"申请延至": [f"{request.old_due_on:%Y-%m-%d}", f"{request.new_due_on:%Y-%m-%d}"]}
