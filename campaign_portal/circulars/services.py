"""Writing a circular, choosing whom it is for, and sending it."""

from django.db import transaction
from django.utils import timezone

from campaign_portal import clock
from campaign_portal.audit.models import Event
from campaign_portal.audit.recording import name_verbs, record, snapshot
from campaign_portal.deadlines import workdays
from campaign_portal.edges import NotYours, Refused

from . import telling
from .edges import CIRCULAR_EDGES, WRITERS, sends
from .models import Circular, CircularFile, Recipient
from .registry import AUDIENCES, MOST

name_verbs(
    circular_drafted="起草通报",
    circular_edited="修改通报",
    circular_dropped="删除通报草稿",
    circular_sent="发出通报",
)

DAYS_TO_READ = 2  # working days, where no reply is asked for
EDITED = ("kind", "title", "text", "asks_reply", "reply_by")


def may_write(user):
    return user.office.kind in WRITERS and user.is_caseworker


@transaction.atomic
def draft(circular, *, by, files=()):
    """Save a new circular (an unsaved one). Sent twice under one `sent_key`, it is one draft."""
    if not may_write(by) or (circular.corrects and not sends(circular.corrects, by)):
        raise NotYours("您的岗位不能发通报。")
    circular.office, circular.made_by = by.office, by
    circular.copy_area(by.office)
    columns = (*EDITED, "choice", "corrects", "office", "made_by", *circular.AREA_COLUMNS)
    given = {name: getattr(circular, name) for name in columns}
    made, is_new = Circular.objects.get_or_create(sent_key=circular.sent_key, defaults=given)
    if is_new:
        _attach(made, files)
        record("circular.drafted", made, by=by)
    elif made.made_by_id != by.pk or any(getattr(made, name) != getattr(circular, name) for name in EDITED):
        raise Refused(f"这份表单已经存为“{made}”。要另写一份，请再点一次保存；要改那一份，请到它的页面修改。")
    return made


@transaction.atomic
def edit(circular, *, by, files=(), dropped=(), version):
    """Save the edited text of a draft. `dropped` are files that it no longer has."""
    edited = circular
    circular = _begin(circular, "edit", by=by, version=version)
    before = snapshot(circular)
    for name in EDITED:
        setattr(circular, name, getattr(edited, name))
    circular.files.filter(pk__in=[row.pk for row in dropped]).delete()
    _attach(circular, files)
    _save(circular, EDITED)
    record("circular.edited", circular, by=by, before=before)
    return circular


@transaction.atomic
def drop(circular, *, by):
    """Delete a draft."""
    circular = _begin(circular, "drop", by=by)
    record("circular.dropped", circular, by=by)
    circular.delete()


@transaction.atomic
def keep_choice(circular, *, by, choice, version):
    """Remember whom a draft is meant for: {"audience", "query", "left_out"}."""
    circular = _begin(circular, "edit", by=by, version=version)
    circular.choice = choice
    _save(circular, ["choice"])
    record("circular.edited", circular, by=by, notes={"收文范围": ["", AUDIENCES[choice["audience"]].label]})
    return circular


@transaction.atomic
def send(circular, *, by, choice, addressees, version):
    """Send a draft to `addressees`: all of them or, if anything fails, none. Pressed twice, it is sent once."""
    circular = Circular.objects.select_related("office").locked(circular.pk)
    if _is_sent_just_so(circular, addressees, by=by):
        return circular
    _check(circular, "send", by=by, version=version)
    if not addressees:
        raise Refused("请至少勾选一家。")
    if len(addressees) > MOST:
        raise Refused(f"一次最多发给 {MOST} 家，请用筛选分几次发。")
    circular.status, circular.sent_by, circular.sent_at = Circular.Status.SENT, by, clock.now()
    circular.due_on = circular.reply_by or workdays.after(clock.today(), DAYS_TO_READ, in_workdays=True)
    circular.choice = choice
    _save(circular, ["status", "sent_by", "sent_at", "due_on", "choice"])
    Recipient.objects.bulk_create(
        Recipient(circular=circular, office_id=one.office, label=one.label, place=one.place) for one in addressees
    )
    record("circular.sent", circular, by=by, notes={"收文单位": ["", str(len(addressees))]})
    telling.tell_of(circular, by=by)
    return circular


def _is_sent_just_so(circular, addressees, *, by):
    """Whether the same person has sent it to the same offices a moment ago: a double press."""
    if circular.sent_by_id != by.pk:
        return False
    return set(circular.recipients.values_list("office", flat=True)) == {one.office for one in addressees}


def _attach(circular, files):
    CircularFile.objects.bulk_create(CircularFile(circular=circular, file=file) for file in files)


def _begin(circular, verb, *, by, version=None):
    """The circular, locked, if `by` may take this step on it now."""
    circular = Circular.objects.locked(circular.pk)
    _check(circular, verb, by=by, version=version)
    return circular


def _check(circular, verb, *, by, version):
    CIRCULAR_EDGES.check(circular, verb, by=by)
    if version is not None and version != circular.version:
        last = Event.objects.about(circular).last()
        who = f"{last.actor_name}已于 {_moment(last.at)} " if last else ""
        raise Refused(f"{who}改过这份草稿，请看过现在的内容再{CIRCULAR_EDGES[verb].label}。")


def _moment(at):
    return f"{timezone.localtime(at):%m-%d %H:%M}"


def _save(circular, columns):
    circular.version += 1
    circular.save(update_fields=[*columns, "version"])
