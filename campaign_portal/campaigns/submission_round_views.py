"""Pages of rounds of summaries: the lead orders one and sees who has handed in."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render

from campaign_portal import clock
from campaign_portal.accounts import access
from campaign_portal.accounts.access import Role
from campaign_portal.edges import Refused

from .edges import LEADERS
from .models import Campaign, Submission, SummaryRound
from .submission_forms import RoundForm, initial_round
from .submissions import rounds as ordering
from .submissions.edges import WRITERS
from .submissions.reading import number_of

SHOWN = 30


@access.allow(*WRITERS)
def rounds(request):
    """What the user's office has to hand in, and what it has asked for, newest first."""
    user = request.user
    found = ordering.with_progress(SummaryRound.objects.visible_to(user)).select_related("campaign", "office")
    if (before := number_of(request.GET.get("before"))) is not None:
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
        "handed_in": sum(line["submission"].is_handed_in for line in below),
        "returned": sum(line["submission"].status == Submission.Status.RETURNED for line in below),
        "waiting": sum(line["submission"].status == Submission.Status.SUBMITTED for line in below),
        "late": sum(line["submission"].handed_in_on is None and line["late"] > 0 for line in below),
        "may_edit": request.user.is_caseworker and request.user.office.kind in LEADERS,
    }
    return render(request, "campaigns/submission_round.html", context)
