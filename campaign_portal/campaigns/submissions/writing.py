"""Writing a summary: every save is a numbered draft, and two people who write at once lose nothing."""

from django.db import transaction

from campaign_portal import clock
from campaign_portal.audit.recording import name_verbs, record
from campaign_portal.edges import Refused

from ..models import Submission, SubmissionDraft, SubmissionFile
from .edges import SUBMISSION_EDGES

name_verbs(submission_saved="保存总结", submission_restored="恢复旧稿")

REASON = "reason:"
MOST_FILES = 20  # of one part


class Overtaken(Refused):
    """Somebody else has saved other words since the page was opened. Nothing has been kept.

    `theirs` is {key: what stands there now} of what both have changed, `merged` all the rest as it would be kept, and
    `number` that of the newest draft. Whoever has seen them saves again with that number.
    """

    def __init__(self, theirs, merged, drafts):
        self.theirs, self.number = theirs, drafts[0].number
        self.merged = {key: text for key, text in merged.items() if key not in theirs}
        names = dict.fromkeys(draft.saved_by.name for draft in drafts)
        who = f"{'、'.join(names)}在您打开本页以后保存到了第 {self.number} 稿"
        super().__init__(f"{who}，有 {len(theirs)} 处和您改的不一样。您写的还在下面，请对照后再保存一次。")


def content_of(submission):
    """What a summary says now, as a draft keeps it."""
    texts = {str(part.part.order): part.text for part in submission.parts.select_related("part")}
    return texts | {f"{REASON}{code}": reason for code, reason in submission.reasons.items()}


def content_for(submission, user):
    """What this user may read of it: its own office the newest words, others those that were handed in."""
    if submission.office_id == user.office_id or not submission.is_open:
        return content_of(submission)
    draft = submission.drafts.filter(number=submission.sent_number).first()
    return draft.content if draft else {}


@transaction.atomic
def save_submission(*, submission, by, content, seen, added=None, dropped=(), note=""):
    """Keep what a page says. Returns the new SubmissionDraft, or None if nothing was changed.

    `content` is like a draft's (keys that it lacks stay as they are), `seen` the number of the draft that the page
    showed. What only one side has changed since is kept from both; what both have changed raises Overtaken.
    `added` is {a part's order: stored files}, `dropped` pks of SubmissionFile to take away.
    """
    submission = Submission.objects.locked(submission.pk)
    SUBMISSION_EDGES.check(submission, "write", by=by)
    now = content_of(submission)
    merged = _merged(submission, now, content, seen)
    changed = [key for key in merged if merged[key] != now.get(key, "")]
    files = _keep_files(submission, added or {}, dropped, by)
    draft = None
    if changed:
        draft = _keep(submission, merged, changed, by, note)
    if changed or files:
        notes = {"稿次": ["", f"第 {submission.draft_number} 稿"]} if changed else {}
        record("submission.saved", submission, by=by, reason=note, notes=notes | files)
    return draft


def _merged(submission, now, mine, seen):
    """Mine where only I have changed something since `seen`, theirs where only they have. Raises Overtaken."""
    if seen == submission.draft_number:
        return now | mine
    base = _base(submission, seen)
    merged, conflicts = dict(now), {}
    for key, text in mine.items():
        theirs, was = now.get(key, ""), None if base is None else base.get(key, "")
        if text in (was, theirs):
            continue
        if theirs == was:
            merged[key] = text
        else:
            conflicts[key] = theirs
    if conflicts:
        since = submission.drafts.filter(number__gt=0 if base is None else seen)
        raise Overtaken(conflicts, merged, list(since.select_related("saved_by")[:5]))
    return merged


def _base(submission, seen):
    """What the page showed. Before the first draft all was empty; None for a number that never was."""
    if seen == 0:
        return {}
    draft = submission.drafts.filter(number=seen).first()
    return draft.content if draft else None


def _keep(submission, content, changed, by, note):
    for part in submission.parts.select_related("part"):
        if str(part.part.order) in changed:
            part.text = content[str(part.part.order)]
            part.save(update_fields=["text"])
    submission.reasons = {
        key.removeprefix(REASON): text for key, text in content.items() if key.startswith(REASON) and text
    }
    submission.draft_number += 1
    submission.save(update_fields=["reasons", "draft_number"])
    return SubmissionDraft.objects.create(
        submission=submission,
        number=submission.draft_number,
        content=content,
        note=note,
        saved_by=by,
        saved_at=clock.now(),
    )


def _keep_files(submission, added, dropped, by):
    """Add and take away evidence; what was done, for the audit."""
    parts = {part.part.order: part for part in submission.parts.select_related("part")}
    rows = [
        SubmissionFile(part=parts[order], file=file, added_by=by) for order, files in added.items() for file in files
    ]
    standing = SubmissionFile.objects.filter(part__submission=submission, removed_at__isnull=True)
    gone = standing.filter(pk__in=dropped).select_related("file")
    notes = {}
    if names := "、".join(row.file.name for row in gone):
        notes["去掉材料"] = ["", names]
        gone.filter(pk__in=submission.sent_files or ()).update(removed_at=clock.now())  # others still read it
        gone.delete()
    if rows:
        for row in rows:  # one that comes back
            SubmissionFile.objects.filter(part=row.part, file=row.file).update(removed_at=None)
        SubmissionFile.objects.bulk_create(rows, ignore_conflicts=True)
        notes["增加材料"] = ["", "、".join(row.file.name for row in rows)]
    _refuse_heaps(parts.values())
    return notes


def _refuse_heaps(parts):
    for part in parts:
        if part.files.filter(removed_at__isnull=True).count() > MOST_FILES:
            raise Refused(f"“{part.part.title}”的佐证材料超过 {MOST_FILES} 份，请去掉一些，或合并成一个文件。")


@transaction.atomic
def restore_draft(*, submission, number, by):
    """Let an earlier draft stand again, as a new one: nothing in between is lost."""
    submission = Submission.objects.locked(submission.pk)
    SUBMISSION_EDGES.check(submission, "write", by=by)
    old = submission.drafts.filter(number=number).first()
    if old is None:
        raise Refused("没有这一稿。")
    now = content_of(submission)
    content = dict.fromkeys(now, "") | old.content
    changed = [key for key in content if content[key] != now.get(key, "")]
    if not changed:
        raise Refused(f"第 {number} 稿和现在的内容一样，不用恢复。")
    draft = _keep(submission, content, changed, by, f"恢复第 {number} 稿")
    record("submission.restored", submission, by=by, reason=draft.note)
    return draft
