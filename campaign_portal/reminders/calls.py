"""Calls to people whom no message reaches: an officer phones them and says here that he has."""

from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from campaign_portal import clock
from campaign_portal.accounts.access import Role
from campaign_portal.accounts.models import Office, User
from campaign_portal.audit.recording import name_verbs, record, snapshot
from campaign_portal.edges import Edge, Edges, Refused

from .inbox import cards_of
from .messages import tell
from .models import Delivery, Message

name_verbs(delivery_told="电话通知", delivery_spared="不用电话通知")

S = Delivery.Status
CALLERS = frozenset({Role.BUREAU, Role.TOWNSHIP, Role.HOME})


def _reaches(delivery, user):
    office = delivery.message.office
    return user.office_id == office.pk or (office.kind == Role.HOME and office.parent_id == user.office_id)


CALL_EDGES = Edges(
    Edge(
        "told",
        "登记电话通知",
        sources=frozenset({S.WAITING}),
        targets=frozenset({S.SENT}),
        roles=CALLERS,
        who=_reaches,
        duty="is_caseworker",
    ),
    Edge(
        "spare",
        "移出通知单",
        sources=frozenset({S.WAITING}),
        targets=frozenset({S.DROPPED}),
        roles=CALLERS,
        who=_reaches,
        duty="is_caseworker",
    ),
)


def is_needless(cards):
    """Whether all that should be said has been done meanwhile."""
    return bool(cards) and all(card.is_over for card in cards)


def visible_to(user):
    """The calls that a user's office has to make: its own, and those of the homes that it looks after."""
    homes = Q(message__office__parent=user.office_id, message__office__kind=Role.HOME)
    rows = Delivery.objects.filter(Q(message__office=user.office_id) | homes, channel=Delivery.Channel.CALL)
    return rows.select_related("message__office", "ended_by")


def tell_callers(bureau):
    """Whoever has to phone somebody because of today's reminders hears of it, once a day: nobody opens the list unasked."""
    today, users = clock.today(), {}
    calls = Delivery.objects.filter(channel=Delivery.Channel.CALL, status=S.WAITING, message__reminders__bureau=bureau)
    of_today = calls.filter(message__made_at__gte=clock.start_of(today))
    offices = dict(Office.objects.filter(pk__in=of_today.values("message__office")).values_list("pk", "parent"))
    at_work = User.objects.filter(Q(is_clerk=True) | Q(is_approver=True), is_active=True)
    for user in at_work.filter(office__in={*offices, *offices.values()}).select_related("office"):
        users.setdefault(user.office_id, []).append(user)
    callers = {
        f"calls:u{user.pk}:{today}": user for pk in offices for user in users.get(pk) or users.get(offices[pk], ())
    }
    known = set(Message.objects.filter(key__in=callers).values_list("key", flat=True))
    text = "有人没有账号，要打电话告诉他到期的事项。请到“电话通知单”逐个通知，并登记结果。"
    for key in callers.keys() - known:
        to = {"user": callers[key], "url": reverse("reminders:calls")}
        tell(key, kind=Message.Kind.SYSTEM, title=f"{today.month}月{today.day}日有电话要打", text=text, **to)


@transaction.atomic
def told(delivery, *, by, note=""):
    """The person has been told by phone."""
    return _end(delivery, "told", S.SENT, by=by, note=note)


@transaction.atomic
def spare(delivery, *, by):
    """Nobody needs to be called any more: what should be said has been done."""
    if not is_needless(cards_of(delivery.message)):
        raise Refused("还有没办完的事项，请打电话通知。")
    return _end(delivery, "spare", S.DROPPED, by=by, note="事项已办结，没有再打电话")


def _end(delivery, verb, status, *, by, note):
    rows = Delivery.objects.select_for_update(of=("self",), no_key=True).select_related("message__office")
    delivery = rows.get(pk=delivery.pk)
    if delivery.status == S.SENT and _reaches(delivery, by):
        raise Refused("这个电话已经登记过，不用再登记。")
    CALL_EDGES.check(delivery, verb, by=by)
    before = snapshot(delivery)
    delivery.status, delivery.ended_at, delivery.ended_by, delivery.note = status, clock.now(), by, note
    delivery.save(update_fields=["status", "ended_at", "ended_by", "note"])
    record("delivery.told" if verb == "told" else "delivery.spared", delivery, by=by, before=before, reason=note)
    return delivery
