"""What becomes of a circular at its recipients: read, replied, told by phone, nudged."""

from django.db import transaction

from campaign_portal import clock
from campaign_portal.audit.recording import name_verbs, record, snapshot
from campaign_portal.deadlines.registry import day_of
from campaign_portal.edges import Refused

from . import telling
from .edges import CIRCULAR_EDGES, RECIPIENT_EDGES
from .models import Circular, CircularFile, Recipient

name_verbs(
    circular_read="确认已阅读",
    circular_replied="回复通报",
    circular_phoned="登记电话告知",
    circular_nudged="催办通报",
)


@transaction.atomic
def confirm_read(recipient, *, by):
    """Somebody of the office says that it has read the circular. The first one stands; a colleague's later one is no error."""
    recipient = Recipient.objects.locked(recipient.pk)
    if recipient.read_at and recipient.office_id == by.office_id:
        return recipient
    RECIPIENT_EDGES.check(recipient, "read", by=by)
    before = snapshot(recipient)
    _mark_read(recipient, by)
    recipient.save(update_fields=["read_at", "read_by"])
    record("circular.read", recipient, by=by, before=before)
    return recipient


@transaction.atomic
def reply(recipient, *, by, text, files=()):
    """The office's answer, which also says that it has read. There is one; sent twice it is one."""
    recipient = Recipient.objects.locked(recipient.pk)
    if recipient.replied_at and (recipient.reply, recipient.replied_by_id) == (text, by.pk):
        return recipient
    RECIPIENT_EDGES.check(recipient, "reply", by=by)
    before = snapshot(recipient)
    _mark_read(recipient, by)
    _write(recipient, by, text)
    recipient.save(update_fields=["read_at", "read_by", "reply", "replied_at", "replied_by"])
    CircularFile.objects.bulk_create(
        CircularFile(circular=recipient.circular, recipient=recipient, file=file) for file in files
    )
    record("circular.replied", recipient, by=by, before=before)
    return recipient


@transaction.atomic
def register_call(recipient, *, by, text=""):
    """The sender has told it by phone; `text` is what was answered, where a reply is asked for."""
    recipient = Recipient.objects.locked(recipient.pk)
    RECIPIENT_EDGES.check(recipient, "phone", by=by)
    before = snapshot(recipient)
    if recipient.read_at is None:
        _mark_read(recipient, by)
        recipient.by_phone = True
    if text and recipient.circular.asks_reply:
        _write(recipient, by, text)
    recipient.save(update_fields=["read_at", "read_by", "by_phone", "reply", "replied_at", "replied_by"])
    record("circular.phoned", recipient, by=by, before=before)
    telling.end_calls(recipient, by=by)
    return recipient


@transaction.atomic
def nudge(circular, *, by):
    """Remind those who have not done what they were asked, each at most once a day. Returns how many were."""
    circular = Circular.objects.locked(circular.pk)
    CIRCULAR_EDGES.check(circular, "nudge", by=by)
    today = clock.today()
    waiting = circular.recipients.waiting().select_for_update(of=("self",), no_key=True)
    rows = [row for row in waiting if not row.nudged_at or day_of(row.nudged_at) < today]
    if not rows:
        raise Refused("刚刚都已办理，不用再催。")
    for row in rows:
        row.nudges, row.nudged_at = row.nudges + 1, clock.now()
    Recipient.objects.bulk_update(rows, ["nudges", "nudged_at"], batch_size=500)
    record("circular.nudged", circular, by=by, notes={"催办": ["", f"{len(rows)} 个单位"]})
    telling.nudge(circular, rows, by=by)
    return len(rows)


def _mark_read(recipient, by):
    if recipient.read_at is None:
        recipient.read_at, recipient.read_by = clock.now(), by


def _write(recipient, by, text):
    recipient.reply, recipient.replied_at, recipient.replied_by = text, clock.now(), by
