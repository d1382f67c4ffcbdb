"""Pages of one summary: read, handed in, returned, accepted, sent up on paper."""

from functools import partial

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from campaign_portal import clock
from campaign_portal.accounts import access
from campaign_portal.accounts.access import Role
from campaign_portal.audit.models import Event
from campaign_portal.edges import Refused
from campaign_portal.files.responses import send_file

from .edges import LEADERS
from .models import Submission
from .stepping import take
from .submission_forms import DispatchForm, SendBackForm
from .submissions import steps
from .submissions.edges import SUBMISSION_EDGES, WRITERS
from .submissions.reading import figures_of, files_for, number_of, parts_of, read_by


def submission_seen(request, pk):
    """The summary if this user may see it, else 404."""
    rows = Submission.objects.visible_to(request.user)
    rows = rows.select_related("round__campaign", "round__office", "office", "receiver", "submitted_by", "decided_by")
    return get_object_or_404(rows, pk=pk)


@access.allow(*WRITERS)
def submission_page(request, pk):
    return _page(request, submission_seen(request, pk))


def _page(request, submission, *, send_back=None, dispatch=None, status=200):
    user, today = request.user, clock.today()
    parts = read_by(submission, user)
    allowed = SUBMISSION_EDGES.verbs_for(submission, by=user)
    if "send_back" in allowed and send_back is None:
        send_back = SendBackForm(initial={"version": submission.sent_number}, parts=[row["row"] for row in parts])
    if "dispatch" in allowed and dispatch is None:
        dispatch = DispatchForm(initial={"on": today})
    context = {
        "submission": submission,
        "round": submission.round,
        "parts": parts,
        "figures": figures_of(submission, user),
        "late": submission.days_late(on=today),
        "undecided": _undecided(submission),
        "below_word": "乡镇" if submission.round.office.county_code else "单位",
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


def _undecided(submission):
    """How many of the offices below the lead has not accepted yet, while it writes its own."""
    if not (submission.is_own and submission.is_open):
        return 0
    others = submission.round.submissions.exclude(office=submission.office_id)
    return others.exclude(status=Submission.Status.ACCEPTED).count()


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
    submission = submission_seen(request, pk)
    context = {
        "submission": submission,
        "round": submission.round,
        "parts": read_by(submission, request.user),
        "figures": figures_of(submission, request.user),
    }
    return render(request, "campaigns/submission_print.html", context)


@access.allow(*WRITERS)
def submission_file(request, pk, file_pk):
    submission = submission_seen(request, pk)
    row = get_object_or_404(files_for(submission, request.user), pk=file_pk)
    return send_file(request, row.file)


# Steps


@access.allow(*WRITERS)
@require_POST
def submission_submit(request, pk):
    submission = submission_seen(request, pk)
    seen = number_of(request.POST.get("version"))
    return done(
        request,
        submission,
        lambda: steps.submit(submission=submission, by=request.user, seen=seen),
        f"总结已报送{submission.receiver.short_name if submission.receiver else '，请打印盖章后上报'}。",
    )


@access.allow(*LEADERS)
@require_POST
def submission_accept(request, pk):
    submission = submission_seen(request, pk)
    seen = number_of(request.POST.get("version"))
    return done(
        request,
        submission,
        lambda: steps.accept(submission=submission, by=request.user, seen=seen),
        f"已采用{submission.office.short_name}的总结。",
    )


def done(request, submission, step, said):
    """Take a step that has nothing to type and go back to the summary, with what came of it."""
    page = partial(submission_page, request, submission.pk)
    return take(request, step, page, then=[submission], said=said)


@access.allow(*LEADERS)
@require_POST
def submission_return(request, pk):
    submission = submission_seen(request, pk)
    form = SendBackForm(request.POST, parts=parts_of(submission, request.user))
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
            form.data = form.data.copy()
            form.data["version"] = submission_seen(request, pk).sent_number  # the page now shows that one
        else:
            messages.success(request, f"已退回{submission.office.short_name}修改，对方会在待办里看到意见。")
            return redirect(submission)
    return _page(request, submission_seen(request, pk), send_back=form, status=status)


@access.allow(Role.BUREAU)
@require_POST
def submission_dispatch(request, pk):
    submission, form = submission_seen(request, pk), DispatchForm(request.POST)
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
    return _page(request, submission_seen(request, pk), dispatch=form, status=status)
