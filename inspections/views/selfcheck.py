"""Pages of self-checks: a bureau opens a round, homes fill in and sign, everybody who answers for them sees who is late."""

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from campaign_portal import clock
from campaign_portal.accounts import access
from campaign_portal.accounts.access import OFFICERS, Role
from campaign_portal.accounts.models import Office
from campaign_portal.edges import Refused
from campaign_portal.files.outbox import form_page
from campaign_portal.files.responses import send_file
from campaign_portal.lists.paging import Order, page_of

from ..edges import SELF_CHECK_EDGES, runs
from ..models import Answer, AnswerPhoto, Hazard, SelfCheck, SelfCheckRound
from ..selfcheck_forms import PartForm, RoundForm, SignForm
from ..selfcheck_metrics import SETS, condition, counts, counts_by_round, coverage_of, hazard_counts
from ..selfchecks import Sheet
from ..services import selfcheck as services
from ..services.steps import Stale

READERS = OFFICERS | {Role.HOME}
FILLERS = SELF_CHECK_EDGES["fill"].roles
ROUNDS_SHOWN = 50


# Rounds


@access.allow(*READERS)
def rounds(request):
    """Officers: the rounds with their coverage, newest first. A home: its own checks."""
    if request.user.office.kind == Role.HOME:
        return _own_checks(request)
    today = clock.today()
    found = SelfCheckRound.objects.visible_to(request.user).select_related("check_list", "campaign", "office")
    if (campaign := _number(request.GET.get("campaign"))) is not None:
        found = found.filter(campaign=campaign)
    checks, whose = _narrowed(request, SelfCheck.objects.visible_to(request.user))
    if (before := _number(request.GET.get("before"))) is not None:
        found = found.filter(pk__lt=before)
    page = list(found.order_by("-pk")[: ROUNDS_SHOWN + 1])
    shown = page[:ROUNDS_SHOWN]
    counted = counts_by_round(checks.filter(round__in=shown), on=today)
    none = dict.fromkeys(SETS, 0)
    lines = [counted.get(row.pk, none) | {"round": row} for row in shown]
    for line in lines:
        line["coverage"] = coverage_of(line)
    context = {
        "lines": lines,
        "campaign": shown[0].campaign if shown and campaign is not None else None,
        "whose": whose,
        "before": shown[-1].pk if len(page) > ROUNDS_SHOWN else None,
        "may_open": services.may_open_round(request.user),
    }
    return render(request, "inspections/selfcheck_rounds.html", context)


def _narrowed(request, checks):
    """Those of a township's homes (?supervisor=) or of one home (?home=, its office), and whose they are; else all."""
    for param, column in [("supervisor", "supervisor"), ("home", "facility__office")]:
        if (office := _number(request.GET.get(param))) is not None:
            checks = checks.filter(**{column: office})
            return checks, Office.objects.filter(pk=office, pk__in=checks.order_by().values(column)).first()
    return checks, None


def _own_checks(request):
    today = clock.today()
    checks = SelfCheck.objects.filter(facility__in=access.scope_of(request.user).runs, round__opens_on__lte=today)
    rows = checks.with_duty(on=today).for_rows().order_by("-due_on", "-pk")[:ROUNDS_SHOWN]
    return render(request, "inspections/selfcheck_own.html", {"checks": rows})


BY_TOWN = Order("town", "乡镇", ("town_code",))


@access.allow(Role.BUREAU)
def round_new(request):
    if not services.may_open_round(request.user):
        raise PermissionDenied("自查由县（市、区）民政局的经办或审批人员布置。")
    form = RoundForm(request.POST or None, user=request.user)
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        try:
            opened = services.open_round(form.instance, by=request.user)
        except Refused as error:
            form.add_error(None, str(error))
            status = 409
        else:
            asked = opened.checks.count()
            messages.success(request, f"“{opened}”已布置，本县正常运营的 {asked} 家机构都会在手机首页看到。")
            return redirect(opened)
    return render(request, "inspections/selfcheck_round_new.html", {"form": form}, status=status)


@access.allow(*OFFICERS)
def round_page(request, pk):
    """Who has submitted, who is late and how to reach them; every number leads to its rows."""
    today = clock.today()
    rounds = SelfCheckRound.objects.visible_to(request.user).select_related("check_list", "campaign", "office")
    check_round = get_object_or_404(rounds, pk=pk)
    checks = SelfCheck.objects.visible_to(request.user).filter(round=check_round)
    offices = Office.objects.filter(pk__in=checks.order_by().values("supervisor")).order_by("-kind", "area__code")
    checks, whose = _narrowed(request, checks)
    state = request.GET.get("state", "")
    rows = checks.with_duty(on=today)
    if state:
        rows = rows.filter(condition(state, on=today)) if state in SETS else rows.none()
    query = request.GET
    page = page_of(rows.for_rows(), BY_TOWN, after=query.get("after", ""), before=query.get("before", ""))
    counted = counts(checks, on=today)
    context = {
        "round": check_round,
        "counted": counted,
        "coverage": coverage_of(counted),
        "hazards": hazard_counts(checks, on=today),
        "views": [{"state": name, "label": label, "count": counted[name]} for name, label in SETS.items()],
        "state": state,
        "lines": _with_progress(page.rows),
        "page": page,
        "offices": offices if request.user.office.kind != Role.TOWNSHIP else [],
        "supervisor": _number(request.GET.get("supervisor")),
        "whose": whose,
        "sections": check_round.check_list.sections.prefetch_related("items"),
        "item_count": sum(len(section.items.all()) for section in check_round.check_list.sections.all()),
    }
    return render(request, "inspections/selfcheck_round.html", context)


def _with_progress(checks):
    """Rows with how many items those not yet submitted have answered. One query."""
    waiting = [check.pk for check in checks if not check.is_submitted]
    answers = Answer.objects.filter(self_check__in=waiting).values_list("self_check", flat=True)
    answered = {}
    for pk in answers.order_by():
        answered[pk] = answered.get(pk, 0) + 1
    return [{"check": check, "answered": answered.get(check.pk, 0)} for check in checks]


def _number(text):
    """A number from the query string: None if absent, -1 (which finds nothing) if it is none."""
    if not text:
        return None
    return int(text) if text.isdecimal() and len(text) < 19 else -1


# One home's check


def _visible_check(request, pk):
    return get_object_or_404(SelfCheck.objects.visible_to(request.user).for_page(), pk=pk)


@access.allow(*READERS)
def check_page(request, pk):
    """How far it is, with the way on; once submitted, the signed sheet."""
    check, user = _visible_check(request, pk), request.user
    sheet = Sheet(check)
    may_fill = SELF_CHECK_EDGES.allows(check, "fill", by=user)
    context = {
        "check": check,
        "sheet": sheet,
        "may_fill": may_fill,
        "is_proxy": may_fill and user.office.kind != Role.HOME,
        "shows_answers": check.is_submitted or not may_fill,
        "visible": _visible_hazards(sheet, user),
        "may_confirm_read": check.waits_for_reading and runs(check, user),
        "may_call": user.office.kind in OFFICERS,
    }
    return render(request, "inspections/selfcheck_check.html", context)


def _visible_hazards(sheet, user):
    """The hazards of a sheet whose pages this user may open."""
    named = [line.answer.hazard_id for line in sheet.not_met if line.answer.hazard_id]
    return set(Hazard.objects.visible_to(user).filter(pk__in=named).values_list("pk", flat=True))


@access.allow(*FILLERS)
def part(request, pk, section_pk):
    """One part of the list. What is said is kept even if it is not complete; then on to the next part."""
    check, opened_at = _visible_check(request, pk), clock.now()
    sheet = Sheet(check)
    here = sheet.part_of(section_pk)
    if here is None:
        raise Http404
    try:
        SELF_CHECK_EDGES.check(check, "fill", by=request.user)
    except Refused as error:
        messages.error(request, str(error))
        return redirect(check)
    hazards = Hazard.objects.unfinished().filter(facility=check.facility).order_by("-found_on", "-pk")[:60]
    form = PartForm(
        request.POST or None, request.FILES or None, check=check, part=here, hazards=hazards, user=request.user
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.save_answers(check=check, by=request.user, entries=list(form.entries()), seen=_seen(request))
            return _after_saving(request, check, section_pk)
        except services.Overtaken as error:
            for item, sentence in error.sentences.items():
                form.add_error(f"answer_{item}", sentence)
        except Refused as error:  # submitted meanwhile from another phone
            messages.error(request, str(error))
            return redirect(check)
    context = {
        "check": check,
        "sheet": sheet,
        "part": here,
        "form": form,
        "opened_at": opened_at.isoformat(),
        "is_last": sheet.after(here) is None,
        "is_proxy": request.user.office.kind != Role.HOME,
    }
    return form_page(request, "inspections/selfcheck_part.html", context)


def _seen(request):
    """When the page that is sent was opened; None if it does not say."""
    try:
        moment = datetime.fromisoformat(request.POST.get("seen", ""))
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _after_saving(request, check, section_pk):
    """Stay where a 不符合 lacks something; else on to the next part, after the last to the summary."""
    sheet = Sheet(check)
    here = sheet.part_of(section_pk)
    left = len(here.lines) - here.answered
    messages.success(request, f"“{here.section}”已保存{f'，还有 {left} 项没填' if left else ''}。")
    if gaps := [f"第 {line.number} 项{line.gap}" for line in here.lines if line.gap]:
        messages.warning(request, f"{'；'.join(gaps)}。")
        return redirect("selfcheck:part", check.pk, section_pk)
    following = sheet.after(here)
    if following is None:
        return redirect("selfcheck:submit", check.pk)
    return redirect("selfcheck:part", check.pk, following.section.pk)


@access.allow(*FILLERS)
def submit(request, pk):
    """The summary, the zero report to be ticked, the signature."""
    check, user = _visible_check(request, pk), request.user
    try:
        SELF_CHECK_EDGES.check(check, "submit", by=user)
    except Refused as error:
        return _already_submitted(request, check, str(error))
    sheet = Sheet(check)
    form = SignForm(request.POST or None, check=check, user=user, has_findings=bool(sheet.not_met))
    if request.method != "POST" or not form.is_valid():
        return _sign_page(request, check, sheet, form, status=422 if form.errors else 200)
    data = form.cleaned_data
    try:
        done = services.submit_check(
            check=check,
            by=user,
            signer=data["signer"],
            signature=data["signature"],
            is_zero=data.get("is_zero", False),
            proxy_reason=data.get("proxy_reason", ""),
            version=data["version"],
        )
    except Refused as error:
        return _not_submitted(request, pk, form, error)
    late = f"，逾期 {(done.submitted_on - done.due_on).days} 天，已注明" if done.is_late else ""
    found = "零报告" if done.is_zero else f"{done.not_met_count} 项不符合，已列入隐患台账"
    messages.success(request, f"自查已提交（{found}）{late}。")
    return redirect(done)


def _already_submitted(request, check, sentence):
    """A second press of one's own finds it done: that is good news, not an error."""
    if request.method == "POST" and check.submitted_by_id == request.user.pk:
        messages.info(request, "您刚才已经提交，不用再提交。")
    else:
        messages.error(request, sentence)
    return redirect(check)


def _not_submitted(request, pk, form, error):
    """What was typed stays, beside the check as it stands now."""
    check = _visible_check(request, pk)
    if check.is_submitted:
        return _already_submitted(request, check, str(error))
    for sentence in getattr(error, "gaps", [str(error)]):
        form.add_error(None, sentence)
    if isinstance(error, Stale):
        form.data = form.data.copy()
        form.data["version"] = check.version
    status = 422 if isinstance(error, services.Incomplete) else 409
    return _sign_page(request, check, Sheet(check), form, status=status)


def _sign_page(request, check, sheet, form, *, status):
    context = {
        "check": check,
        "sheet": sheet,
        "form": form,
        "missing": sheet.missing(),
        "late_days": max((clock.today() - check.due_on).days, 0),
        "is_proxy": request.user.office.kind != Role.HOME,
    }
    return render(request, "inspections/selfcheck_submit.html", context, status=status)


@access.allow(Role.HOME)
@require_POST
def confirm_read(request, pk):
    """The home confirms that it has read what was entered for it."""
    check = _visible_check(request, pk)
    try:
        services.confirm_check_read(check=check, by=request.user)
    except Refused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "已确认知晓。如与实际不符，请联系代填单位。")
    return redirect(check)


# Files


@access.allow(*READERS)
def photo(request, pk, photo_pk, thumbnail=False):
    checks = SelfCheck.objects.visible_to(request.user).filter(pk=pk)
    owned = AnswerPhoto.objects.select_related("file").filter(answer__self_check__in=checks)
    return send_file(request, get_object_or_404(owned, pk=photo_pk).file, thumbnail=thumbnail)


@access.allow(*READERS)
def signature(request, pk):
    check = get_object_or_404(SelfCheck.objects.visible_to(request.user).select_related("signature"), pk=pk)
    if check.signature is None:
        raise Http404
    return send_file(request, check.signature)
