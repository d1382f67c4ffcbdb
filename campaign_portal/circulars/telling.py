"""Telling the recipients of a circular: who has an account by a message, who has none by phone."""

from django.db.models import Q

from campaign_portal.accounts.models import User
from campaign_portal.deadlines.registry import day_of
from campaign_portal.jobs import services as jobs
from campaign_portal.reminders import calls
from campaign_portal.reminders.messages import Line, tell
from campaign_portal.reminders.models import Delivery, Message

from .models import Circular, Recipient
from .registry import AUDIENCES

TOLD_AT_ONCE = 100  # while the sender waits; more are told by the worker, within the minute
STEP = 50
JOB = "circulars.tell"


def tell_of(circular, *, by):
    """Tell all recipients of a circular that is being sent."""
    _tell(circular, list(circular.recipients.values_list("pk", flat=True)), by=by, is_nudge=False)


def nudge(circular, recipients, *, by):
    """Tell these recipients once more. Each has been counted as nudged (`nudges`) already."""
    _tell(circular, [one.pk for one in recipients], by=by, is_nudge=True)


def _tell(circular, pks, *, by, is_nudge):
    if len(pks) <= TOLD_AT_ONCE:
        tell_recipients(circular, pks, is_nudge=is_nudge)
        return
    verb = "催办" if is_nudge else "通知"
    params = {"circular": circular.pk, "recipients": pks, "is_nudge": is_nudge}
    jobs.start(JOB, title=f"{verb}{len(pks)} 个收文单位：{circular.title}", by=by, params=params)


@jobs.job(JOB)
def tell_many(job, progress):
    """The same by the worker. Run twice, it tells nobody twice: every message has its key."""
    circular, pks = Circular.objects.get(pk=job.params["circular"]), job.params["recipients"]
    for start in range(0, len(pks), STEP):
        progress(start, len(pks))
        tell_recipients(circular, pks[start : start + STEP], is_nudge=job.params["is_nudge"])
    progress(len(pks), len(pks))


def tell_recipients(circular, pks, *, is_nudge):
    """One message to each caseworker of these recipients' offices; a call to who has no account. Who has done it in the
    meantime is not told."""
    rows = Recipient.objects.filter(pk__in=pks).select_related("circular__office", "office")
    waiting = [row for row in rows if row.is_waiting]
    users = caseworkers_of({row.office_id for row in waiting})
    without = [row.office_id for row in waiting if row.office_id not in users]
    people = contacts_of(circular, without) if without else {}
    for row in waiting:
        for user in users.get(row.office_id, ()):
            tell(f"{_key(row, is_nudge)}:u{user.pk}", user=user, **_words(row, is_nudge))
        if person := people.get(row.office_id):
            # The sender's office reaches him: it wants the answer, and sees on its page who has not been reached.
            tell(_key(row, is_nudge), office=row.circular.office, person=person, **_words(row, is_nudge))


def caseworkers_of(offices):
    """{office pk: [user]} of those who are at work there."""
    rows = User.objects.filter(Q(is_clerk=True) | Q(is_approver=True), office__in=offices, is_active=True)
    found = {}
    for user in rows.select_related("office__area").order_by("pk"):
        found.setdefault(user.office_id, []).append(user)
    return found


def contacts_of(circular, offices):
    """{office pk: Person} of those recipients who can be called."""
    audience = AUDIENCES.get(circular.choice.get("audience"))
    return audience.contacts(offices) if audience else {}


def end_calls(row, *, by):
    """The sender's calls to this recipient that are still to be made have been made."""
    keys = Q(message__key=_key(row, False)) | Q(message__key__startswith=f"{_key(row, False)}:n")
    for call in calls.visible_to(by).filter(keys, status=Delivery.Status.WAITING):
        if calls.CALL_EDGES.allows(call, "told", by=by):
            calls.told(call, by=by, note="已在通报页面登记")


def _key(row, is_nudge):
    nudge = f":n{row.nudges}" if is_nudge else ""
    return f"circular:{row.circular_id}:o{row.office_id}{nudge}"


def _words(row, is_nudge):
    circular = row.circular
    sender, kind = circular.office.short_name, circular.get_kind_display()
    action = "回复" if circular.asks_reply else "阅读"
    line = Line(
        kind=kind,
        title=circular.title,
        note=f"{sender} {day_of(circular.sent_at):%m-%d} 发出，请{action}",
        url=circular.get_absolute_url(),
        due_on=f"{circular.due_on:%Y-%m-%d}",
        action=action,
        about=f"{'circular_reply' if circular.asks_reply else 'circular_read'}:{row.pk}",
    )
    return {
        "kind": Message.Kind.NUDGE if is_nudge else Message.Kind.CIRCULAR,
        "title": f"{sender}{'催办' if is_nudge else '发来'}{kind}：{circular.title}",
        "lines": [line],
        "url": circular.get_absolute_url(),
        "is_urgent": circular.is_urgent,
    }
