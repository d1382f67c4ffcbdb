"""An office's own side of a campaign: its work page, its returns, their evidence."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from campaign_portal import clock
from campaign_portal.accounts import access
from campaign_portal.accounts.access import Role
from campaign_portal.audit.models import Event
from campaign_portal.deadlines import workdays
from campaign_portal.edges import Refused
from campaign_portal.files.responses import send_file

from . import inbox, rewriting
from . import progress as services
from .models import Campaign, Evidence, Progress, ProgressFigure
from .progress import PROGRESS_EDGES, REPORTERS
from .progress_forms import AnswerForm, DecideForm, ProgressForm
from .reported import latest, reported
from .sharing_views import visible_campaign
from .work import lines_of, problems_of

SHOWN = 20


@access.allow(*REPORTERS)
def work(request, pk):
    """What the campaign asks of the user's office, task by task, and what it has said about it."""
    campaign = visible_campaign(request, pk)
    lines, overall = lines_of(request.user, campaign)
    is_running, not_yet = campaign.status == Campaign.Status.RUNNING, services.not_yet(campaign)
    context = {
        "campaign": campaign,
        "lines": lines,
        "overall": overall,
        "problems": problems_of(request.user.office, campaign)[:SHOWN],
        "is_running": is_running,
        "not_yet": not_yet if is_running else "",
        "may_report": is_running and not not_yet and request.user.is_caseworker,
        "has_brief": request.user.office.kind == Role.TOWNSHIP,
    }
    return render(request, "campaigns/work.html", context)


# Writing a return


@access.allow(*REPORTERS)
def progress_new(request, pk, task_pk):
    """Report on a task. Where a return is under way already, that one is shown."""
    campaign = visible_campaign(request, pk)
    task = get_object_or_404(campaign.tasks.to_be_done(), pk=task_pk)
    task.campaign = campaign
    if not request.user.is_caseworker or not services.reports_on(task, request.user.office):
        raise PermissionDenied("这项任务没有分给您的单位，不用报送。")
    if earlier := services.open_return(task, request.user.office):
        messages.info(request, f"这项任务还有一份“{earlier.get_status_display()}”的报送，请先办完这一份。")
        return redirect("campaigns:return", campaign.pk, earlier.pk)
    if request.method != "POST" and (sentence := services.not_yet(campaign)):
        messages.error(request, sentence)
        return redirect("campaigns:work", campaign.pk)
    asked, before = _figures_before(task, request.user.office)
    form = _form(request, campaign, asked, before, initial=_first_words(task, request.user.office, before))
    if request.method != "POST" or not form.is_valid():
        return _form_page(request, task, form)
    return _save(request, task, form, lambda words: services.start(task, by=request.user, words=words))


@access.allow(*REPORTERS)
def progress_edit(request, pk, progress_pk):
    """Go on with a draft, or correct what was sent back."""
    progress = _visible_return(request, pk, progress_pk)
    try:
        PROGRESS_EDGES.check(progress, "write", by=request.user)
    except Refused as error:
        if request.method != "POST":  # what was typed is told by the service, and stays
            messages.error(request, str(error))
            return redirect("campaigns:return", pk, progress.pk)
    asked, before = _figures_before(progress.task, progress.office)
    written = rewriting.as_written(progress)
    initial = _words_of(written) | {"version": progress.version}
    form = _form(request, progress.task.campaign, asked, before, initial=initial, evidence=written.evidence)
    if request.method != "POST" or not form.is_valid():
        return _form_page(request, progress.task, form, progress)
    version = form.cleaned_data["version"]

    def rewrite(words):
        return services.rewrite(progress, by=request.user, words=words, version=version)

    return _save(request, progress.task, form, rewrite, progress)


def _figures_before(task, office):
    """The indicators that are asked, and what of each was accepted last: {indicator pk: Reported}."""
    asked = services.asked_of(task, office)
    told = reported(asked, office=office)
    return asked, {pk: by_office[office.pk] for pk, by_office in told.items()}


def _form(request, campaign, asked, before, *, initial, evidence=()):
    is_draft = request.method == "POST" and "draft" in request.POST
    given = {"campaign": campaign, "asked": asked, "before": before, "evidence": evidence, "is_draft": is_draft}
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    return ProgressForm(*sent, user=request.user, initial=initial, **given)


def _first_words(task, office, before):
    """A new return starts with the last figures of its task: mostly they have grown a little."""
    own = task.indicators.filter(pk__in=before).values_list("pk", flat=True)
    return {"as_of": clock.today()} | ProgressForm.initial_of({pk: before[pk] for pk in own})


def _words_of(written):
    figures = {figure.indicator_id: (figure.value, figure.base) for figure in written.figures}
    words = {name: getattr(written, name) for name in ("as_of", "text", "problem")}
    return words | ProgressForm.initial_of(figures)


def _save(request, task, form, write, progress=None):
    """Keep what was typed and, with 报送, hand it in: both or neither."""
    try:
        with transaction.atomic():
            saved = write(form.words())
            if not form.is_draft:
                services.submit(saved, by=request.user)
    except Refused as error:
        form.add_error(None, str(error))
        if progress is not None:
            form.data = form.data.copy()
            form.data["version"] = Progress.objects.values_list("version", flat=True).get(pk=progress.pk)
        return _form_page(request, task, form, progress, status=409)
    messages.success(request, "草稿已保存，还没有报送。" if form.is_draft else "已报送，等待牵头单位审核。")
    return redirect("campaigns:return", task.campaign_id, saved.pk)


def _form_page(request, task, form, progress=None, status=None):
    context = {
        "campaign": task.campaign,
        "task": task,
        "progress": progress,
        "form": form,
        "figures": list(form.figure_rows()),
        "has_evidence": bool(form.fields["dropped"].choices),
        "milestones": task.milestones.filter(done_on__isnull=True)[:3],
        "cancel_url": reverse("campaigns:work", args=[task.campaign_id]),
    }
    return render(request, "campaigns/progress_edit.html", context, status=status or (422 if form.errors else 200))


# One return, and its steps


def _visible_return(request, pk, progress_pk):
    campaign = visible_campaign(request, pk)
    rows = Progress.objects.visible_to(request.user).for_page().filter(task__campaign=campaign)
    return get_object_or_404(rows, pk=progress_pk)


@access.allow(*REPORTERS)
def progress_page(request, pk, progress_pk):
    """One return with everything about it; the lead decides and answers here."""
    return _page(request, _visible_return(request, pk, progress_pk))


def _page(request, progress, *, decide=None, answer=None, status=200):
    user = request.user
    verbs = PROGRESS_EDGES.verbs_for(progress, by=user)
    said = _said_to(user, progress)
    may_answer = "answer" in verbs and said.problem == progress.problem
    context = {
        "campaign": progress.task.campaign,
        "progress": progress,
        "said": said,
        "figures": _figures(progress, said),
        "pictures": [row for row in said.evidence if row.file.is_picture],
        "documents": [row for row in said.evidence if not row.file.is_picture],
        "is_answered": bool(progress.answer) and said.problem == progress.problem,
        "is_own": services.is_own(progress, user),
        "leads": services.is_decided_by(progress, user),
        "may_write": "write" in verbs,
        "may_take_back": "take_back" in verbs,
        "may_decide": "accept" in verbs,
        "may_answer": may_answer,
        "unsent": "" if may_answer or answer is None else answer["text"].value(),
        "is_tentative": _is_tentative(progress),
        "why_not": _why_not(progress, user, verbs),
        "decide": decide or DecideForm(initial={"version": progress.version}),
        "answer": answer or AnswerForm(),
        "events": list(Event.objects.about(progress)),
    }
    return render(request, "campaigns/progress.html", context, status=status)


def _is_tentative(progress):
    begun = progress.submitted_at if progress.status == Progress.Status.SUBMITTED else progress.decided_at
    return workdays.is_tentative(begun, progress.due_on)


def _why_not(progress, user, verbs):
    """Why somebody of the lead may not decide about a return that waits; "" where there is nothing to explain."""
    waits = progress.status == Progress.Status.SUBMITTED and services.is_decided_by(progress, user)
    if not waits or "accept" in verbs or not user.is_caseworker:
        return ""
    return PROGRESS_EDGES["accept"].unless(progress, user) or ""


def _said_to(user, progress):
    """What this user reads of a return: its own office what it has written last, others what was handed in."""
    return rewriting.as_written(progress) if services.is_own(progress, user) else rewriting.as_handed_in(progress)


def _figures(progress, said):
    """The figures of a return, each with the office's share and what was accepted before it."""
    indicators = [figure.indicator for figure in said.figures]
    shares = {share.indicator_id: share for share in progress.office.shares.filter(indicator__in=indicators)}
    earlier = ProgressFigure.objects.filter(
        indicator__in=indicators,
        progress__office=progress.office,
        progress__status=Progress.Status.ACCEPTED,
        progress__as_of__lt=said.as_of,
    )
    before = {pk: by_office[progress.office_id] for pk, by_office in latest(earlier).items()}
    return [
        {
            "figure": figure,
            "share": shares.get(figure.indicator_id),
            "before": before.get(figure.indicator_id),
            "is_lower": _is_lower(figure, before.get(figure.indicator_id)),
        }
        for figure in said.figures
    ]


def _is_lower(figure, before):
    return before is not None and figure.base is None and figure.value < before.numerator


@access.allow(*REPORTERS)
@require_POST
def progress_take_back(request, pk, progress_pk):
    progress = _visible_return(request, pk, progress_pk)
    return _step(request, progress, services.take_back, "已撤回，改好后再报送。", version=_shown(request))


def _shown(request):
    """The version that the user's page showed; one that no page showed where it is missing or nonsense."""
    version = request.POST.get("version", "")
    return int(version) if version.isascii() and version.isdecimal() and len(version) < 10 else -1


def _step(request, progress, service, success, *, then="", fail=None, **words):
    """Do a step and lead to `then`, or back to the return. Refused, its page says why; a second press of one's own is good
    news. `fail(return)` gives the forms that keep what was typed."""
    own_page = reverse("campaigns:return", args=[progress.task.campaign_id, progress.pk])
    try:
        service(progress, by=request.user, **words)
    except Refused as error:
        fresh = Progress.objects.for_page().get(pk=progress.pk)
        if _did_it_just_now(fresh, service, request.user):
            messages.info(request, "您刚才已经办过这一步，不用再提交。")
            return redirect(own_page)
        messages.error(request, str(error))
        return _page(request, fresh, status=409, **(fail(fresh) if fail else {}))
    messages.success(request, success)
    return redirect(then or own_page)


def _did_it_just_now(progress, service, user):
    last = Event.objects.about(progress).last()
    return last.verb == f"progress.{service.__name__}" and last.actor_id == user.pk


# What the lead says to it


@access.allow(*PROGRESS_EDGES["accept"].roles)
@require_POST
def progress_accept(request, pk, progress_pk):
    return _decide(request, pk, progress_pk, services.accept, "已采纳，填报数已计入。")


@access.allow(*PROGRESS_EDGES["send_back"].roles)
@require_POST
def progress_send_back(request, pk, progress_pk):
    return _decide(request, pk, progress_pk, services.send_back, "已退回，报送单位会看到审核意见。", needs_comment=True)


def _decide(request, pk, progress_pk, service, success, *, needs_comment=False):
    """One form holds the decision and the answer to the problem: whichever button is pressed, both go."""
    progress = _return_to_lead(request, pk, progress_pk)
    form, answer = DecideForm(request.POST, needs_comment=needs_comment), AnswerForm(request.POST, is_beside=True)
    if not (form.is_valid() & answer.is_valid()):
        return _page(request, progress, decide=form, answer=answer, status=422)
    words = form.cleaned_data | {"reply": answer.cleaned_data["text"]}

    def fail(fresh):
        return {"decide": _undecided(fresh, words["comment"]), "answer": answer}

    then = reverse("campaigns:progress", args=[pk])
    said = f"{success}答复也已发出。" if words["reply"] else success
    return _step(request, progress, service, said, then=then, fail=fail, **words)


def _undecided(progress, comment):
    return DecideForm(initial={"version": progress.version, "comment": comment})


@access.allow(*PROGRESS_EDGES["answer"].roles)
@require_POST
def progress_answer(request, pk, progress_pk):
    """Answer the problem, on the return's page or in the inbox. A comment typed beside it stays in its box."""
    progress = _return_to_lead(request, pk, progress_pk)
    if "inbox" in request.POST:
        return inbox.answer_there(request, progress)
    form, comment = AnswerForm(request.POST), request.POST.get("comment", "")
    if not form.is_valid():
        return _page(request, progress, decide=_undecided(progress, comment), answer=form, status=422)

    def fail(fresh):
        return {"decide": _undecided(fresh, comment), "answer": form}

    text = form.cleaned_data["text"]
    response = _step(request, progress, services.answer, "答复已发出。", fail=fail, text=text)
    if response.status_code == 302 and comment.strip():
        messages.info(request, "审核意见还没有发出，仍在框里。")
        fresh = _visible_return(request, pk, progress_pk)
        return _page(request, fresh, decide=_undecided(fresh, comment))
    return response


def _return_to_lead(request, pk, progress_pk):
    progress = _visible_return(request, pk, progress_pk)
    if not services.is_decided_by(progress, request.user):
        raise PermissionDenied("进展由牵头单位审核和答复。")
    return progress


@access.allow(*REPORTERS)
def evidence(request, pk, progress_pk, evidence_pk, thumbnail=False):
    """A picture or document of a return, for whoever sees the return; what has not been handed in yet for its office only."""
    progress = _visible_return(request, pk, progress_pk)
    rows = Evidence.objects.filter(progress=progress).select_related("file")
    is_own = services.is_own(progress, request.user)
    row = get_object_or_404(rows if is_own else rows.as_handed_in(), pk=evidence_pk)
    if thumbnail and not row.file.is_picture:
        raise Http404
    return send_file(request, row.file, thumbnail=thumbnail)
