"""What a user does with his messages: read them, and ask not to be reminded of something for some days."""

from datetime import date
from typing import NamedTuple

from django.db import transaction

from campaign_portal import clock
from campaign_portal.audit.recording import name_verbs, record
from campaign_portal.deadlines.registry import KINDS
from campaign_portal.edges import Refused

from .models import Message, Mute

name_verbs(mute_set="暂不提醒", mute_ended="恢复提醒")

DAYS_QUIET = 30  # at the most


class Card(NamedTuple):
    """A line of a message as its page shows it now. `due_on` is the day as it stands, None where there is none."""

    number: int
    kind: str
    title: str
    note: str
    url: str
    due_on: date | None
    action: str
    is_major: bool
    about: tuple | None  # (code of the kind, pk)
    is_over: bool = False
    is_moved: bool = False  # has another day than when the message was written


def cards_of(message):
    """The lines of a message. What is over by now, or has another day, says so: a query for each kind in it."""
    return cards_of_many([message])[message.pk]


def cards_of_many(messages):
    """{pk of a message: its lines}, in no more queries than for one."""
    cards = {one.pk: [_card(number, line) for number, line in enumerate(one.lines)] for one in messages}
    now = _days_now({card.about for of_one in cards.values() for card in of_one if card.about})
    return {pk: [_as_it_stands(card, now) for card in of_one] for pk, of_one in cards.items()}


def _card(number, line):
    return Card(
        number=number,
        kind=line["kind"],
        title=line["title"],
        note=line.get("note", ""),
        url=own_path(line.get("url", "")),
        due_on=date.fromisoformat(line["due_on"]) if line.get("due_on") else None,
        action=line.get("action") or "查看",
        is_major=line.get("is_major", False),
        about=_about(line.get("about", "")),
    )


def own_path(url):
    """The address, if it leads into the portal."""
    return url if url.startswith("/") and not url.startswith("//") else ""


def _about(text):
    code, _, pk = text.partition(":")
    kind = KINDS.get(code)
    return (code, int(pk)) if kind and kind.open and pk.isdecimal() else None


def _days_now(objects):
    """{(code, pk): due day} of those that are still open."""
    found = {}
    for code in {code for code, _ in objects}:
        pks = [pk for of, pk in objects if of == code]
        kind = KINDS[code]
        found |= {(code, pk): day for pk, day in kind.open().filter(pk__in=pks).values_list("pk", kind.due)}
    return found


def _as_it_stands(card, now):
    if not card.about:
        return card
    day = now.get(card.about)
    return card._replace(is_over=day is None, is_moved=day not in (None, card.due_on), due_on=day or card.due_on)


# Reading. The moment stands on the message; an audit row for each message that somebody has read would say no more.


def read(message):
    """Its user has it before him. The first time counts."""
    Message.objects.filter(pk=message.pk, read_at__isnull=True).update(read_at=clock.now())


def read_all(user, *, upto):
    """All that was there when the page was shown: what has come since stays unread. Returns how many."""
    return Message.objects.visible_to(user).unread().filter(pk__lte=upto).update(read_at=clock.now())


# 暂不提醒


def why_not_muted(message, card):
    """Why nothing can be muted, or None: what is late or urgent is told all the same."""
    if card.about is None:
        return "这一项不是单件事项，不能暂停提醒。"
    if card.is_over:
        return "这一项已经办结，不会再提醒。"
    if card.due_on < clock.today():
        return "已经逾期的事项不能暂停提醒，请先办理。"
    if message.is_urgent or card.is_major:
        return "紧急提醒和重大隐患不能暂停提醒。"
    return None


@transaction.atomic
def mute(*, message, card, until, by):
    """Nothing more about the object of this line up to and with a day."""
    if sentence := why_not_muted(message, card):
        raise Refused(sentence)
    code, pk = card.about
    label = f"{card.kind}：{card.title}"[:120]
    row, _ = Mute.objects.update_or_create(user=by, kind=code, object_pk=pk, defaults={"until": until, "label": label})
    record("mute.set", row, by=by, notes={"至": ["", f"{until}"]})
    return row


@transaction.atomic
def unmute(row, *, by):
    """Take it back: reminders come again from the next plan on."""
    record("mute.ended", row, by=by)
    row.delete()
