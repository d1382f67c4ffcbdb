"""A summary goes up: handed in, sent back with comments, accepted; or noted as sent on paper."""

from django.db import transaction

from campaign_portal import clock
from campaign_portal.audit.recording import name_verbs, record
from campaign_portal.edges import Refused

from ..models import Submission, SubmissionFile
from .edges import SUBMISSION_EDGES
from .figures import gather

S = Submission.Status

name_verbs(
    submission_submit="报送总结",
    submission_send_back="退回总结",
    submission_accept="采用总结",
    submission_dispatch="登记已上报",
)


@transaction.atomic
def submit(*, submission, by, seen=None):
    """Hand a summary in: its figures are counted now and kept, its newest draft is the one that others read.

    `seen` is the number of the draft that the page showed; a newer one is refused, so that nobody hands in unread words.
    """
    submission = Submission.objects.locked(submission.pk)
    SUBMISSION_EDGES.check(submission, "submit", by=by)
    if seen is not None and seen != submission.draft_number:
        raise Refused("打开本页以后总结又有改动。请看过下面的最新内容，再报送。")
    submission.figures = gather(submission, by)
    submission.sent_number = submission.draft_number
    submission.handed_in_on = submission.handed_in_on or clock.today()
    submission.submitted_at, submission.submitted_by = clock.now(), by
    submission.status = S.SUBMITTED
    submission.sent_files = _files_handed_in(submission)
    submission.save(
        update_fields=["figures", "sent_number", "sent_files", "handed_in_on", "submitted_at", "submitted_by", "status"]
    )
    late = submission.days_late(on=clock.today())
    notes = {"稿次": ["", f"第 {submission.sent_number} 稿"], "时限": ["", f"逾期 {late} 天" if late else "按时"]}
    record("submission.submit", submission, by=by, notes=notes)
    return submission


def _files_handed_in(submission):
    """The evidence that goes up with it; what was kept only for the one handed in before is taken away now."""
    files = SubmissionFile.objects.filter(part__submission=submission)
    files.filter(removed_at__isnull=False).delete()
    return list(files.values_list("pk", flat=True))


@transaction.atomic
def send_back(*, submission, by, comments, comment="", seen=None):
    """Ask for changes: `comments` is {a part's order: words}, `comment` is about the whole. At least one of them.

    `seen` is the number of the draft that the page showed.
    """
    submission = _decide(submission, "send_back", by, seen)
    if not comment and not any(comments.values()):
        raise Refused("退回时请写明修改意见，至少写一处。")
    for part in submission.parts.select_related("part"):
        part.comment = comments.get(part.part.order, "")
        part.save(update_fields=["comment"])
    submission.comment = comment
    _close(submission, S.RETURNED, by)
    record("submission.send_back", submission, by=by, reason=comment, notes=_comments(submission))
    return submission


def _comments(submission):
    parts = submission.parts.select_related("part")
    return {part.part.title: ["", part.comment] for part in parts if part.comment}


@transaction.atomic
def accept(*, submission, by, seen=None):
    """Take a summary as it is. It cannot be changed any more."""
    submission = _decide(submission, "accept", by, seen)
    _close(submission, S.ACCEPTED, by)
    record("submission.accept", submission, by=by)
    return submission


@transaction.atomic
def dispatch(*, submission, by, number, on):
    """Note that the own summary has gone up on paper: its 文号 and the day."""
    submission = _decide(submission, "dispatch", by, None)
    if on > clock.today():
        raise Refused("上报日期不能晚于今天。")
    submission.dispatch_number, submission.dispatched_on = number, on
    _close(submission, S.ACCEPTED, by)
    notes = {"发文字号": ["", number], "上报日期": ["", f"{on:%Y-%m-%d}"]}
    record("submission.dispatch", submission, by=by, notes=notes)
    return submission


def _decide(submission, verb, by, seen):
    submission = Submission.objects.locked(submission.pk)
    SUBMISSION_EDGES.check(submission, verb, by=by)
    if seen is not None and seen != submission.sent_number:
        raise Refused("打开本页以后对方重新报送了。请看过下面的最新内容，再审核。")
    return submission


def _close(submission, status, by):
    submission.status, submission.decided_by, submission.decided_at = status, by, clock.now()
    submission.save(update_fields=["status", "decided_by", "decided_at", "comment", "dispatch_number", "dispatched_on"])
