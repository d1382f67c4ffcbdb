"""A person goes through the items of a draft."""

from django.db import transaction

from campaign_portal import clock
from campaign_portal.audit.recording import name_verbs, record
from campaign_portal.edges import NotYours, Refused

from ..edges import LEADERS
from ..models import DraftItem, Notice
from ..sent_once import sent_before

name_verbs(notice_dropped="放弃通知草案")

Decision = DraftItem.Decision


def open_draft(notice, by):
    """The notice, locked, if this person may still work on its draft."""
    notice = Notice.objects.select_for_update(of=("self",), no_key=True).get(pk=notice.pk)
    if notice.office_id != by.office_id or by.office.kind not in LEADERS or not by.is_caseworker:
        raise NotYours("这份通知由录入它的单位整理。")
    if notice.campaigns.exists():
        raise Refused("这份通知已生成方案，请在方案里修改。")
    if notice.dropped_at:
        raise Refused("这份通知的草案已放弃。")
    return notice


@transaction.atomic
def decide(item, decision, *, by):
    """Accept an item or leave it out, or take that back (pending)."""
    open_draft(item.notice, by)
    item.refresh_from_db()
    item.decision = Decision(decision)
    item.version += 1
    item.save(update_fields=["decision", "version"])
    return item


@transaction.atomic
def accept_rest(notice, kind, *, by):
    """Accept every item of a kind that nobody has decided about. Returns how many."""
    open_draft(notice, by)
    pending = notice.items.filter(kind=kind, decision=Decision.PENDING)
    return pending.update(decision=Decision.ACCEPTED)


@transaction.atomic
def change(item, data, *, by, version, parent=None):
    """Save a changed item, which accepts it. What the rules had read stays beside it."""
    open_draft(item.notice, by)
    item.refresh_from_db()
    if item.version != version:
        raise Refused("这一条刚被别人改过，请看过现在的内容再改。您填的内容还在下面。")
    if is_below(parent, item):
        raise Refused("上级不能是它自己的下级。")
    if item.original is None and not item.is_added and item.data != data:
        item.original = item.data
    item.data, item.parent, item.decision = data, parent, Decision.ACCEPTED
    item.version += 1
    item.save(update_fields=["data", "original", "parent", "decision", "version"])
    return item


def is_below(item, other):
    """Whether a draft item is another one, or hangs below it."""
    seen = set()
    while item is not None and item.pk not in seen:
        if item.pk == other.pk:
            return True
        seen.add(item.pk)
        item = item.parent
    return False


@transaction.atomic
def add(notice, kind, data, *, by, parent=None, start=None, end=None, sent_key=None):
    """An item that the rules had not found; with the phrase it stands on, if a person marked one."""
    open_draft(notice, by)
    item = DraftItem(notice=notice, kind=kind, parent=parent, data=data, start=start, end=end, sent_key=sent_key)
    if twin := sent_before(item, notice.items, ("kind", "parent", "data", "start", "end")):
        return twin
    last = notice.items.filter(kind=kind).order_by("-order").values_list("order", flat=True).first()
    item.order = 0 if last is None else last + 1
    item.is_added, item.decision = True, Decision.ACCEPTED
    item.save(force_insert=True)
    return item


@transaction.atomic
def drop(notice, *, by):
    """Give the draft up. The notice stays on file."""
    notice = open_draft(notice, by)
    notice.dropped_at = clock.now()
    notice.save(update_fields=["dropped_at"])
    record("notice.dropped", notice, by=by)
