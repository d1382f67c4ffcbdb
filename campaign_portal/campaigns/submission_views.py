"""Pages of summaries: the lead orders a round, offices write and hand in, the lead decides and assembles its own."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from campaign_portal import clock
from campaign_portal.accounts import access
from campaign_portal.accounts.access import Role
from campaign_portal.audit.models import Event
from campaign_portal.edges import Refused
from campaign_portal.files.responses import send_file

from .edges import LEADERS
from .models import Campaign, Submission, SubmissionFile, SummaryRound
from .submission_forms import DispatchForm, RoundForm, SendBackForm, WriteForm, initial_round
from .submissions import rounds as ordering
from .submissions import steps, writing
from .submissions.assembly import paragraphs, sources_for, with_paragraphs
from .submissions.comparing import compare
from .submissions.edges import SUBMISSION_EDGES, WRITERS
from .submissions.figures import Kept, comparison, figures_shown, trend
from .submissions.writing import REASON, content_for

SHOWN = 30


# Rounds


@access.allow(*WRITERS)
def rounds(request):
    """What the user's office has to hand in, and what it has asked for, newest first."""
    user = request.user
    found = ordering.with_progress(SummaryRound.objects.visible_to(user)).select_related("campaign", "office")
    if (before := _number(request.GET.get("before"))) is not None:
        found = found.filter(pk__lt=before)
    page = list(found.order_by("-pk")[: SHOWN + 1])
    shown = page[:SHOWN]
    own = {s.round_id: s for s in Submission.objects.filter(office=user.office_id, round__in=shown)}
    received = {s.round_id: s for s in Submission.objects.visible_to(user).filter(round__in=shown)}
    lines = [
        {
            "round": row,
            "is_lead": row.office_id == user.office_id,
            "submission": own.get(row.pk) or received.get(row.pk),
        }
        for row in shown
    ]
    led = Campaign.objects.filter(lead=user.office_id, status=Campaign.Status.RUNNING).order_by("-kind", "-starts_on")
    context = {
        "lines": lines,
        "before": shown[-1].pk if len(page) > SHOWN else None,
        "campaigns": led[:5] if user.is_caseworker and user.office.kind in LEADERS else [],
        "is_writer": user.office.kind == Role.TOWNSHIP,
    }
    return render(request, "campaigns/submission_rounds.html", context)


def _number(text):
    """A number from the query string: None if absent, -1 (which finds nothing) if it is none."""
    if not text:
        return None
    return int(text) if text.isdecimal() and len(text) < 19 else -1


@access.allow(*LEADERS)
def round_new(request, pk):
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user), pk=pk)
    if not ordering.may_order(campaign, request.user):
        raise PermissionDenied("总结由专项行动牵头单位的经办或审批人员布置。")
    summary_round = SummaryRound(campaign=campaign, office=request.user.office)
    form = RoundForm(
        request.POST or None, instance=summary_round, user=request.user, initial=initial_round(campaign, request.user)
    )
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        form.save_metrics()
        try:
            made = ordering.order_round(form.instance, form.chosen_parts(), form.chosen_offices(), by=request.user)
        except Refused as error:
            form.add_error(None, str(error))
            status = 409
        else:
            messages.success(request, f"“{made}”已布置，{len(form.chosen_offices())} 个单位会在待办里看到。")
            return redirect(made)
    context = {"form": form, "campaign": campaign}
    return render(request, "campaigns/submission_round_form.html", context, status=status)


@access.allow(*LEADERS)
def round_edit(request, pk):
    summary_round = _round(request, pk)
    if summary_round.office_id != request.user.office_id or not request.user.is_caseworker:
        raise PermissionDenied("总结报送由布置它的单位调整。")
    form = RoundForm(request.POST or None, instance=summary_round, user=request.user)
    if request.method == "POST" and form.is_valid():
        form.save_metrics()
        ordering.change_round(form.instance, form.chosen_offices(), by=request.user)
        messages.success(request, "已保存。已经报送的仍按原来的截止日期算。")
        return redirect(summary_round)
    context = {"form": form, "campaign": summary_round.campaign, "round": summary_round}
    return render(request, "campaigns/submission_round_form.html", context, status=422 if form.errors else 200)


def _round(request, pk):
    rounds = SummaryRound.objects.visible_to(request.user).select_related("campaign", "office")
    return get_object_or_404(rounds, pk=pk)


@access.allow(*WRITERS)
def round_page(request, pk):
    """For the lead: who has handed in, who has not, whom to call. The others are led to their summary."""
    summary_round, today = _round(request, pk), clock.today()
    if summary_round.office_id != request.user.office_id:
        return redirect(Submission.objects.visible_to(request.user).filter(round=summary_round).first())
    submissions = list(summary_round.submissions.select_related("office", "receiver"))
    people = ordering.people_of([row.office_id for row in submissions if row.is_open])
    below = []
    for row in submissions:
        row.round = summary_round
        if not row.is_own:
            late = row.days_late(on=today)
            below.append({"submission": row, "late": late, "people": people.get(row.office_id, ())})
    context = {
        "round": summary_round,
        "own": next((row for row in submissions if row.is_own), None),
        "lines": below,
        "handed_in": sum(line["submission"].handed_in_on is not None for line in below),
        "waiting": sum(line["submission"].status == Submission.Status.SUBMITTED for line in below),
        "late": sum(line["submission"].handed_in_on is None and line["late"] > 0 for line in below),
        "may_edit": request.user.is_caseworker and request.user.office.kind in LEADERS,
    }
    return render(request, "campaigns/submission_round.html", context)


# One summary


def _submission(request, pk):
    rows = Submission.objects.visible_to(request.user)
    rows = rows.select_related("round__campaign", "round__office", "office", "receiver", "submitted_by", "decided_by")
    return get_object_or_404(rows, pk=pk)


def _parts(submission):
    return list(submission.parts.select_related("part").prefetch_related("files__file"))


def _figures(submission, user):
    """The figures of a page: {"figures", "columns", "years", "as_of", "missing", "below", "is_live"}."""
    kept = figures_shown(submission, user)
    columns = comparison(kept, submission.reasons) if submission.is_own else []
    below = zip(kept["below"], zip(*(column.parts for column in columns), strict=True), strict=False)
    return kept | {
        "figures": [Kept(**row) for row in kept["figures"]],
        "columns": columns,
        "trend": trend(kept["years"]),
        "below": [{"name": office["name"], "as_of": office["as_of"], "cells": cells} for office, cells in below],
        "is_live": submission.is_open and submission.office_id == user.office_id,
    }


def _read(submission, user):
    """The parts as this user may read them."""
    content = content_for(submission, user)
    return [
        {"part": row.part, "paragraphs": paragraphs(content.get(str(row.part.order), "")), "row": row}
        for row in _parts(submission)
    ]


@access.allow(*WRITERS)
def submission_page(request, pk):
    return _page(request, _submission(request, pk))


def _page(request, submission, *, send_back=None, dispatch=None, status=200):
    user, today = request.user, clock.today()
    parts = _read(submission, user)
    allowed = SUBMISSION_EDGES.verbs_for(submission, by=user)
    if "send_back" in allowed and send_back is None:
        send_back = SendBackForm(initial={"version": submission.sent_number}, parts=[row["row"] for row in parts])
    if "dispatch" in allowed and dispatch is None:
        dispatch = DispatchForm(initial={"on": today})
    context = {
        "submission": submission,
        "round": submission.round,
        "parts": parts,
        "figures": _figures(submission, user),
        "late": submission.days_late(on=today),
        "may_write": "write" in allowed,
        "may_submit": "submit" in allowed,
        "hindrance": _hindrance(submission, user),
        "may_accept": "accept" in allowed,
        "send_back": send_back if "send_back" in allowed else None,
        "dispatch": dispatch if "dispatch" in allowed else None,
        "is_mine": submission.office_id == user.office_id,
        "events": _events(submission, user),
    }
    return render(request, "campaigns/submission.html", context, status=status)


def _hindrance(submission, user):
    """Why the user's own office cannot hand in yet, or ""."""
    edge = SUBMISSION_EDGES["submit"]
    is_theirs = SUBMISSION_EDGES.allows(submission, "write", by=user)
    return (edge.unless(submission, user) or "") if is_theirs else ""


def _events(submission, user):
    """What happened, newest first; only its own office reads of every save."""
    events = Event.objects.about(submission)
    if submission.office_id != user.office_id:
        events = events.exclude(verb__in=["submission.saved", "submission.restored"])
    return events.order_by("-pk")[:20]


@access.allow(*WRITERS)
def submission_print(request, pk):
    submission = _submission(request, pk)
    context = {
        "submission": submission,
        "round": submission.round,
        "parts": _read(submission, request.user),
        "figures": _figures(submission, request.user),
    }
    return render(request, "campaigns/submission_print.html", context)


@access.allow(*WRITERS)
def submission_file(request, pk, file_pk):
    submission = _submission(request, pk)
    row = get_object_or_404(SubmissionFile.objects.select_related("file"), pk=file_pk, part__submission=submission)
    return send_file(request, row.file)


# Writing


@access.allow(*WRITERS)
def submission_write(request, pk):
    """Write the four parts. The lead has the paragraphs of the offices below beside its own, to tick and take over."""
    submission, user = _submission(request, pk), request.user
    try:
        SUBMISSION_EDGES.check(submission, "write", by=user)
    except Refused as error:
        messages.error(request, str(error))
        return redirect(submission)
    figures = _figures(submission, user)
    columns = [column for column in figures["columns"] if column.differs or column.reason]
    sources = sources_for(submission) if submission.is_own else {}
    fixed = {"parts": _parts(submission), "columns": columns, "sources": sources, "user": user}
    form = WriteForm(request.POST or None, request.FILES or None, initial={"version": submission.draft_number}, **fixed)
    status, theirs = 422 if form.errors else 200, {}
    if request.method == "POST" and form.is_valid():
        try:
            return _saved(request, submission, form)
        except writing.Overtaken as error:
            form, theirs, status = _seen_anew(request, form, error, fixed), error.theirs, 409
        except Refused as error:
            form.add_error(None, str(error))
            status = 409
    context = {
        "submission": submission,
        "round": submission.round,
        "form": form,
        "rows": [_row(form, row, sources, theirs) for row in fixed["parts"]],
        "reasons": [_reason(form, column, theirs) for column in columns],
        "figures": figures,
    }
    return render(request, "campaigns/submission_write.html", context, status=status)


def _saved(request, submission, form):
    content, taken = form.content(), form.chosen("take")
    if taken:
        content = with_paragraphs(submission, content, taken)
    version = form.cleaned_data["version"]
    dropped = [int(pk) for pk in form.chosen("drop")]
    added = form.added()
    draft = writing.save_submission(
        submission=submission,
        by=request.user,
        content=content,
        seen=version,
        added=added,
        dropped=dropped,
        note=f"汇总下级段落 {len(taken)} 段" if taken else "",
    )
    _say_saved(request, draft, version, bool(dropped or any(added.values())))
    stays = taken or "leave" not in request.POST
    return redirect("campaigns:submission-write", submission.pk) if stays else redirect(submission)


def _say_saved(request, draft, seen, has_files):
    if draft is None:
        messages.success(request, "佐证材料已保存。" if has_files else "内容没有改动，没有另存新稿。")
    elif draft.number > seen + 1:
        messages.success(
            request, f"已保存为第 {draft.number} 稿。同事在此期间也保存过，两边改的已经合在一起，请通读一遍。"
        )
    else:
        messages.success(request, f"已保存为第 {draft.number} 稿。")


def _seen_anew(request, form, error, fixed):
    """The form as it was sent, but having seen the newest draft: saved again, it stands."""
    form.add_error(None, str(error))
    sent = request.POST.copy()
    sent["version"] = error.number
    form.data = sent
    return form


def _row(form, part, sources, theirs):
    order = part.part.order
    return {
        "part": part,
        "text": form[f"text_{order}"],
        "files": form[f"files_{order}"],
        "drop": form[f"drop_{order}"] if part.files.all() else None,
        "sources": _ticks(form, order, sources.get(order, ())),
        "take_errors": form[f"take_{order}"].errors,
        "theirs": theirs.get(str(order)),
    }


def _ticks(form, order, of_part):
    """What the offices below wrote, each paragraph with whether it is ticked and whether it stands in the text already."""
    field = form[f"take_{order}"]
    ticked = set(field.value() or ())
    lines = set(paragraphs(form[f"text_{order}"].value() or ""))
    return [
        {
            "source": source,
            "name": field.html_name,
            "lines": [(p, p.key in ticked, p.marked in lines) for p in source.paragraphs],
        }
        for source in of_part
    ]


def _reason(form, column, theirs):
    return {"column": column, "field": form[f"reason_{column.code}"], "theirs": theirs.get(f"{REASON}{column.code}")}


@access.allow(*WRITERS)
def submission_drafts(request, pk):
    """Every draft, newest first, and two of them side by side. Only for the office that writes."""
    submission = _submission(request, pk)
    if submission.office_id != request.user.office_id:
        raise PermissionDenied("草稿只有报送单位自己能看。")
    drafts = list(submission.drafts.defer("content").select_related("saved_by"))
    pair = _pair(request, submission)
    context = {
        "submission": submission,
        "drafts": drafts,
        "pair": pair,
        "compared": _compared(submission, *pair) if pair else [],
        "may_write": SUBMISSION_EDGES.allows(submission, "write", by=request.user),
    }
    return render(request, "campaigns/submission_drafts.html", context)


def _pair(request, submission):
    """The two drafts that the query string names, older first; by default the newest beside the one before it."""
    newest = submission.draft_number
    if newest < 2:
        return None
    asked = [_number(request.GET.get(name)) or default for name, default in (("old", newest - 1), ("new", newest))]
    found = {draft.number: draft for draft in submission.drafts.filter(number__in=asked)}
    if set(asked) - set(found):
        raise Http404
    return [found[number] for number in sorted(asked)]


def _compared(submission, old, new):
    parts = submission.round.parts.all()
    pairs = [
        (part, compare(old.content.get(str(part.order), ""), new.content.get(str(part.order), ""))) for part in parts
    ]
    return [(part, lines, any(line.is_changed for line in lines)) for part, lines in pairs]


@access.allow(*WRITERS)
@require_POST
def submission_restore(request, pk):
    submission = _submission(request, pk)
    number = _number(request.POST.get("number"))
    return _done(
        request,
        submission,
        lambda: writing.restore_draft(submission=submission, number=number or 0, by=request.user),
        f"第 {number} 稿的内容已恢复，存为新的一稿。",
    )


# Steps


@access.allow(*WRITERS)
@require_POST
def submission_submit(request, pk):
    submission = _submission(request, pk)
    seen = _number(request.POST.get("version"))
    return _done(
        request,
        submission,
        lambda: steps.submit(submission=submission, by=request.user, seen=seen),
        f"总结已报送{submission.receiver.short_name if submission.receiver else '，请打印盖章后上报'}。",
    )


@access.allow(*LEADERS)
@require_POST
def submission_accept(request, pk):
    submission = _submission(request, pk)
    seen = _number(request.POST.get("version"))
    return _done(
        request,
        submission,
        lambda: steps.accept(submission=submission, by=request.user, seen=seen),
        f"已采用{submission.office.short_name}的总结。",
    )


def _done(request, submission, step, said):
    """Take a step that has nothing to type and go back to the summary, with what came of it."""
    try:
        step()
    except Refused as error:
        messages.error(request, str(error))
        return _page(request, _submission(request, submission.pk), status=409)
    messages.success(request, said)
    return redirect(submission)


@access.allow(*LEADERS)
@require_POST
def submission_return(request, pk):
    submission = _submission(request, pk)
    form = SendBackForm(request.POST, parts=_parts(submission))
    status = 422
    if form.is_valid():
        data = form.cleaned_data
        try:
            steps.send_back(
                submission=submission,
                by=request.user,
                comments=form.comments(),
                comment=data["comment"],
                seen=data["version"],
            )
        except Refused as error:
            messages.error(request, str(error))  # the form is not shown any more if the state is another one
            status = 409
        else:
            messages.success(request, f"已退回{submission.office.short_name}修改，对方会在待办里看到意见。")
            return redirect(submission)
    return _page(request, _submission(request, pk), send_back=form, status=status)


@access.allow(Role.BUREAU)
@require_POST
def submission_dispatch(request, pk):
    submission, form = _submission(request, pk), DispatchForm(request.POST)
    status = 422
    if form.is_valid():
        try:
            steps.dispatch(submission=submission, by=request.user, **form.cleaned_data)
        except Refused as error:
            messages.error(request, str(error))
            status = 409
        else:
            messages.success(request, f"已登记：报{submission.round.receiver_name}。")
            return redirect(submission)
    return _page(request, _submission(request, pk), dispatch=form, status=status)
