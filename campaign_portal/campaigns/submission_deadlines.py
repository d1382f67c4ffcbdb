"""What summaries ask of whom by when: to write and hand in, to look through what has come in."""

from django.db.models import F
from django.urls import reverse

from campaign_portal.deadlines import registry
from campaign_portal.deadlines.registry import Duty, Kind

from .models import Submission
from .submissions.edges import WRITERS

S = Submission.Status


def _to_write(user, today):
    rows = Submission.objects.filter(office=user.office_id, status__in=[S.DUE, S.RETURNED])
    return rows.select_related("round__campaign").order_by("due_on", "pk")


def _write_duty(submission):
    is_returned = submission.status == S.RETURNED
    begun = f"已写到第 {submission.draft_number} 稿" if submission.draft_number else "还没有开始写"
    note = "退回修改，请按意见改好再报" if is_returned else begun
    action = "修改总结" if is_returned else "写总结"
    return Duty(submission.round.title, note, submission.get_absolute_url(), submission.due_on, action)


def _to_decide(user, today):
    """The lead has to have looked through them before its own is due; the office above has no day of its own."""
    rows = Submission.objects.filter(receiver=user.office_id, status=S.SUBMITTED).annotate(
        decide_on=F("round__own_due_on")
    )
    return rows.select_related("round", "office").order_by("decide_on", "pk")


def _decide_duty(submission):
    note = f"{submission.round.title} · {submission.submitted_at:%m-%d} 报送"
    title = f"审核{submission.office.short_name}的总结"
    return Duty(title, note, submission.get_absolute_url(), submission.decide_on, "审核")


def _all(user):
    return reverse("campaigns:summary-rounds")


def register():
    """Hand these kinds to the registry; called once at start-up."""
    registry.register(Kind("summary_write", "报送总结", WRITERS, _to_write, _write_duty, _all))
    registry.register(Kind("summary_decide", "审核总结", WRITERS, _to_decide, _decide_duty, _all))
