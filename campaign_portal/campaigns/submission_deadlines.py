"""What summaries ask of whom by when: to write and hand in, to look through what has come in."""

from django.db.models import F, Q
from django.urls import reverse

from campaign_portal.deadlines import registry
from campaign_portal.deadlines.registry import Duty, Entry, Kind, Post, Rung, stream

from .models import Campaign, Submission
from .services import specials_at_hand
from .submissions.edges import WRITERS

S = Submission.Status


def _to_write(user, today):
    mine = Submission.objects.filter(office=user.office_id, status__in=[S.DUE, S.RETURNED])
    rows = mine.filter(round__campaign__in=specials_at_hand(user))
    return rows.select_related("round__campaign").order_by("due_on", "pk")


def _write_duty(submission):
    is_returned = submission.status == S.RETURNED
    begun = f"已写到第 {submission.draft_number} 稿" if submission.draft_number else "还没有开始写"
    note = "退回修改，请按意见改好再报" if is_returned else begun
    action = "修改总结" if is_returned else "写总结"
    return Duty(submission.round.title, note, submission.get_absolute_url(), submission.due_on, action)


def _to_decide(user, today):
    """The lead has to have looked through them before its own is due; the office above has no day of its own."""
    received = Submission.objects.filter(receiver=user.office_id, status=S.SUBMITTED)
    rows = received.filter(round__campaign__in=specials_at_hand(user)).annotate(decide_on=F("round__own_due_on"))
    return rows.select_related("round", "office").order_by("decide_on", "pk")


def _decide_duty(submission):
    note = f"{submission.round.title} · {submission.submitted_at:%m-%d} 报送"
    title = f"审核{submission.office.short_name}的总结"
    return Duty(title, note, submission.get_absolute_url(), submission.decide_on, "审核")


def _all(user):
    return reverse("campaigns:summary-rounds")


BEGUN = ~Q(round__campaign__status=Campaign.Status.DRAFT)
READ = ("pk", "round_id", "office_id", "receiver_id", "office__short_name", "round__title")


def _entry(row, due_on, office, verb):
    posts = (Rung.RESPONSIBLE, Post(office)), (Rung.SUPERVISOR, Post(office, "is_approver"))
    title = f"{verb}{row.office__short_name} {row.round__title}"
    return Entry(row.pk, due_on, title, reverse("campaigns:summary-round", args=[row.round_id]), posts)


def _visible(rows, user):
    """The own office's, and those that it waits for: their day is no secret, their text is until it comes."""
    return rows.filter(Q(office=user.office_id) | Q(receiver=user.office_id))


def register():
    """Hand these kinds to the registry; called once at start-up."""
    registry.register(
        Kind(
            code="summary_write",
            label="报送总结",
            roles=WRITERS,
            rows=_to_write,
            duty=_write_duty,
            url=_all,
            basis="布置总结报送时定的截止日期",
            open=lambda: Submission.objects.filter(BEGUN, status__in=[S.DUE, S.RETURNED]),
            entries=stream((*READ, "due_on"), lambda row: _entry(row, row.due_on, row.office_id, "报送总结 ")),
            area="round__campaign__",
            visible=_visible,
        )
    )
    registry.register(
        Kind(
            code="summary_decide",
            label="审核总结",
            roles=WRITERS,
            rows=_to_decide,
            duty=_decide_duty,
            url=_all,
            basis="本级上报的截止日期：在这以前审完",
            open=lambda: Submission.objects.filter(BEGUN, status=S.SUBMITTED, receiver__isnull=False),
            due="round__own_due_on",
            entries=stream(
                (*READ, "round__own_due_on"),
                lambda row: _entry(row, row.round__own_due_on, row.receiver_id, "审核总结 "),
            ),
            area="round__campaign__",
            visible=_visible,
        )
    )
