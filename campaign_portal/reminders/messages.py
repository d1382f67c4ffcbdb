"""Telling somebody something: one row in the inbox, and its deliveries by other channels, in the caller's transaction."""

from typing import NamedTuple

from django.db import transaction

from . import deliveries
from .models import Message


class Line(NamedTuple):
    """One thing that a message tells of. `url` is a path in the portal, `due_on` an ISO date or ""."""

    kind: str
    title: str
    note: str = ""
    url: str = ""
    due_on: str = ""
    action: str = ""
    is_major: bool = False
    about: str = ""  # kind and pk of the object, "rectify:12": then its reader may say 暂不提醒


@transaction.atomic
def tell(key, *, kind, title, user=None, office=None, person=None, text="", lines=(), url="", is_urgent=False):
    """Tell a user, a person without an account (`person` with name and phone, reached by `office`), or an office's groups.

    `key` names what is told: a second message with the same key is not made. Returns the new Message, or None if it was
    there already. No resident's name may stand in it, and in an office's message no person's.
    """
    values = {
        "kind": kind,
        "user": user,
        "office": office or user.office,
        "name": person.name if person else "",
        "phone": person.phone if person else "",
        "title": title[:120],
        "text": text,
        "lines": [line._asdict() for line in lines],
        "url": url,
        "is_urgent": is_urgent,
    }
    message, is_new = Message.objects.get_or_create(key=key, defaults=values)
    if not is_new:
        return None
    deliveries.arrange(message)
    return message
