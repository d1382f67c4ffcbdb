"""Of two who change the same row the later one hears what the other has done."""

from django.utils import timezone

from campaign_portal.audit.models import Event
from campaign_portal.edges import Refused

VERBS = [
    "campaign.edited",
    "task.saved",
    "task.done",
    "task.reopened",
    "milestone.saved",
    "milestone.done",
    "milestone.reopened",
    "indicator.saved",
    "dates.moved",
]
MOST, LONGEST = 3, 40  # changes told, characters of a word in them


class Stale(Refused):
    """Somebody else changed it after the page was opened."""


def refuse_overtaken(stored, by, *, shown):
    """Raise Stale, with who did what, unless the row (locked, as it stands) has the version that the user's page showed. None
    skips the check, for calls that showed nothing."""
    if shown is not None and shown != stored.version:
        raise Stale(what_happened(stored, by, shown=shown))


def what_happened(row, by, *, shown):
    """Who has changed a row since its version was `shown`, and what from what to what, as a sentence for `by`."""
    since = min(max(row.version - shown, 1), MOST)
    events = Event.objects.about(row).filter(verb__in=VERBS).order_by("-pk")[:since]
    told = [_told(event, by) for event in reversed(events)] or [f"“{row}”在页面打开之后已有变化"]
    return f"{'；'.join(told)}。请核对后再保存，您填写的内容没有丢。"


def _told(event, by):
    who = "您" if event.actor_id == by.pk else f"{event.office_name}{event.actor_name}"
    changes = "，".join(f"{label}由“{_short(was)}”改为“{_short(now)}”" for label, (was, now) in event.changes.items())
    reason = f"，说明：{_short(event.reason)}" if event.reason else ""
    detail = f"（{changes}{reason}）" if changes else ""
    return f"{who}已于 {timezone.localtime(event.at):%m-%d %H:%M} 办理“{event.label}”{detail}"


def _short(words):
    return words if len(words) <= LONGEST else f"{words[:LONGEST]}…"
