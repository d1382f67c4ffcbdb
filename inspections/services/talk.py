"""Words and papers about a hazard, which change nothing of its state."""

from django.db import transaction

from campaign_portal import clock
from campaign_portal.audit.recording import record
from campaign_portal.edges import NotYours, Refused

from ..edges import runs
from ..models import Attachment, Comment, ProxyEntry


@transaction.atomic
def say(*, hazard, by, text):
    """Leave a word on a hazard. Whoever sees the hazard reads it."""
    comment = Comment.objects.create(hazard=hazard, by=by, text=text, at=clock.now())
    record("hazard.commented", hazard, by=by, reason=text)
    return comment


@transaction.atomic
def attach_document(*, hazard, by, file):
    attachment = Attachment.objects.create(hazard=hazard, file=file, added_by=by, added_at=clock.now())
    record("hazard.attached", hazard, by=by, notes={"附件": ["", file.name]})
    return attachment


@transaction.atomic
def confirm_proxy_read(*, hazard, by, shown=None):
    """The home has read what was entered for it. `shown` are the ids that its page showed; None means all."""
    if not runs(hazard, by):
        raise NotYours("只有机构自己能确认代填内容。")
    unread = ProxyEntry.objects.select_for_update(of=("self",)).filter(hazard=hazard, read_at__isnull=True)
    if shown is not None:
        unread = unread.filter(pk__in=shown)
    if not unread:
        raise Refused("代填内容已经确认过了。")
    words = "、".join(entry.get_what_display() for entry in unread)
    unread.update(read_by=by, read_at=clock.now())
    record("hazard.proxy_read", hazard, by=by, reason=words)
