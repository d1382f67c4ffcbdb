"""How a message reaches people outside the inbox: one Delivery for each channel and address, one Attempt for each call.

An attempt is committed before its channel is called and answered after. One that nobody answered may have arrived: when
its lease is over the message is sent again, marked 可能重复. `next_at` says when a delivery is due next; the sweep finds
by it what a lost queue, a killed worker or a back-off left behind.
"""

import logging
import time
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from kombu.exceptions import OperationalError as QueueError

from campaign_portal import clock
from campaign_portal.accounts.access import Role
from campaign_portal.audit.recording import name_verbs, record
from campaign_portal.edges import Edge, Edges

from . import alarms, hours, wanted
from .channels import mail, sms
from .models import Address, Attempt, Delivery, Message, Robot
from .phones import mobile

log = logging.getLogger(__name__)
name_verbs(delivery_resent="重新发送")

BACK_OFF = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240)]
PAUSE = timedelta(minutes=1)  # of a channel that is down
ROBOT_LIMIT, ROBOT_SPAN = 20, timedelta(minutes=1)  # both platforms take no more
MOST_SWEPT = 2000
IN_QUEUE = timedelta(minutes=10)
QUEUE_PAUSE = 10  # seconds without asking a queue that has just been gone: a plan makes thousands of messages
ALARMED_AFTER = 3  # tries of a channel that is down

C, S, Outcome = Delivery.Channel, Delivery.Status, Attempt.Outcome
REMINDERS = (Message.Kind.DIGEST, Message.Kind.URGENT)

DELIVERY_EDGES = Edges(
    Edge(
        "resend", "重新发送", frozenset({S.DEAD}), frozenset({S.WAITING}),
        frozenset({Role.BUREAU, Role.TOWNSHIP}), duty="is_administrator",
        unless=lambda delivery, user: f"{why}，不能重新发送。" if (why := wanted.why_not(delivery)) else None,
    ),
)  # fmt: skip


# Which ways a message goes


def arrange(message):
    """Make the deliveries that a new message needs. Runs in the transaction that makes the message."""
    if message.user_id:
        ways = _ways_to_user(message)
    elif message.phone or message.name:
        ways = [_way_to_person(message)]
    else:
        ways = [(C.ROBOT, robot.name, robot) for robot in Robot.objects.filter(office=message.office_id, is_on=True)]
    for channel, address, robot in ways:
        add(message, channel, address, robot)


def add(message, channel, address, robot=None):
    """One more delivery of a message, handed to the worker after commit."""
    new = Delivery.objects.create(message=message, channel=channel, address=address, robot=robot)
    if channel == C.CALL:
        _drop_earlier_calls(new)
    else:
        transaction.on_commit(partial(hand_over, [new.pk]))
    return new


def _drop_earlier_calls(call):
    """Somebody whom nobody has called yet is called once: today's reminder repeats what has not been said (digests.py)."""
    message = call.message
    if message.kind not in REMINDERS:
        return
    same = {f"message__{name}": getattr(message, name) for name in ("office", "name", "phone")}
    waiting = Delivery.objects.filter(channel=C.CALL, status=S.WAITING, message__kind__in=REMINDERS, **same)
    earlier = waiting.exclude(pk=call.pk).select_for_update(of=("self",), no_key=True)
    pks = list(earlier.values_list("pk", flat=True))
    Delivery.objects.filter(pk__in=pks).update(status=S.DROPPED, note="有更新的提醒", ended_at=clock.now())


def _ways_to_user(message):
    address = Address.objects.filter(user=message.user_id).first() or Address()
    phone = mobile(message.user.phone)
    if address.email and address.by_email and mail.is_set_up():
        yield C.EMAIL, address.email, None
    if message.is_urgent and address.by_sms and phone and sms.is_set_up():
        yield C.SMS, phone, None


def _way_to_person(message):
    phone = mobile(message.phone)
    return (C.SMS, phone, None) if phone and sms.is_set_up() else (C.CALL, message.phone, None)


_queue_gone_until = 0.0


def hand_over(pks):
    """Give deliveries to the worker. Without a queue they wait for the next sweep: the caller has done its work."""
    global _queue_gone_until
    from .tasks import deliver

    if time.monotonic() < _queue_gone_until:
        return False
    Delivery.objects.filter(pk__in=pks).update(handed_at=clock.now())
    try:
        for pk in pks:
            deliver.apply_async((pk,), retry=False)
    except (QueueError, OSError) as error:
        Delivery.objects.filter(pk__in=pks).update(handed_at=None)
        log.warning("no queue for deliveries (%s); the sweep will take them", type(error).__name__)
        _queue_gone_until = time.monotonic() + QUEUE_PAUSE
        return False
    return True


def sweep():
    """Hand over everything that is due. Returns how many. What lies in the queue is given a while: behind a slow server
    every minute's sweep would queue it once more."""
    in_queue = Q(handed_at__gt=clock.now() - IN_QUEUE)
    due = Delivery.objects.filter(~in_queue, status=S.WAITING, next_at__lte=clock.now()).exclude(channel=C.CALL)
    pks = list(due.order_by("next_at", "pk").values_list("pk", flat=True)[:MOST_SWEPT])
    return len(pks) if hand_over(pks) else 0


# One attempt


@transaction.atomic
def begin(pk):
    """The next attempt of a delivery, to be sent right after this commit. None: nothing is to be sent now."""
    found = Delivery.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
    found = found.select_related("message__office", "message__user__office__area", "robot").filter(pk=pk)
    delivery = found.exclude(channel=C.CALL).first()
    if delivery is None or delivery.status != S.WAITING or delivery.next_at > clock.now():
        return None
    if why := wanted.why_not(delivery):
        return _end(delivery, S.DROPPED, why)
    if delivery.tries > len(BACK_OFF):
        return _give_up(delivery, "多次发送都没有回音")
    if (later := _not_before(delivery)) > clock.now():
        return _put_off(delivery, later)
    return _attempt(delivery)


def _not_before(delivery):
    """The moment from which the working hours and the robot's limit let it be sent."""
    message = delivery.message
    opening = clock.now() if message.is_urgent else hours.next_opening(hours.settings_of(message.office))
    return max(opening, _robot_free_at(delivery.robot)) if delivery.robot_id else opening


def _robot_free_at(robot):
    """When the robot may speak again. Its row stays locked until the attempt is committed, so that two count in turn."""
    Robot.objects.select_for_update(no_key=True).get(pk=robot.pk)
    recent = Attempt.objects.filter(delivery__robot=robot, begun_at__gt=clock.now() - ROBOT_SPAN)
    moments = list(recent.order_by("-begun_at").values_list("begun_at", flat=True)[:ROBOT_LIMIT])
    return moments[-1] + ROBOT_SPAN if len(moments) == ROBOT_LIMIT else clock.now()


def _attempt(delivery):
    made = list(delivery.attempts.values_list("number", "outcome"))
    now, lease = clock.now(), timedelta(seconds=settings.MESSAGE_LEASE)
    delivery.tries += 1
    delivery.next_at, delivery.handed_at = now + lease, None
    delivery.save(update_fields=["tries", "next_at", "handed_at"])
    return Attempt.objects.create(
        delivery=delivery,
        number=max((number for number, _ in made), default=0) + 1,
        is_repeat=any(outcome == Outcome.OPEN for _, outcome in made),
        begun_at=now,
    )


@transaction.atomic
def answered(attempt, answer):
    """The channel has taken it."""
    delivery = _closed(attempt, Outcome.OK, answer)
    if delivery.status in (S.WAITING, S.DEAD):  # dead: somebody was slower than his lease
        _end(delivery, S.SENT, "")


@transaction.atomic
def failed(attempt, error):
    """The channel has not taken it: later again, or never."""
    delivery = _closed(attempt, Outcome.REFUSED if error.is_permanent else Outcome.FAILED, str(error))
    if delivery.status != S.WAITING or delivery.attempts.filter(number__gt=attempt.number).exists():
        return
    if error.is_permanent or delivery.tries > len(BACK_OFF):
        _give_up(delivery, str(error))
        return
    _put_off(delivery, clock.now() + BACK_OFF[delivery.tries - 1], note=str(error))
    if error.is_down:
        _pause(delivery)
        if delivery.tries == ALARMED_AFTER:
            alarms.raise_alarm(delivery)


@transaction.atomic
def unanswered(attempt, error):
    """Nobody knows whether it arrived. The attempt stays open and the lease decides when it is sent again."""
    delivery = Delivery.objects.select_for_update(of=("self",), no_key=True).get(pk=attempt.delivery_id)
    attempt.answer = str(error)[:300]
    attempt.save(update_fields=["answer"])
    if delivery.status == S.WAITING:
        delivery.note = attempt.answer
        delivery.save(update_fields=["note"])
        _pause(delivery)


def _closed(attempt, outcome, answer):
    """The attempt with its answer; returns its delivery, locked."""
    found = Delivery.objects.select_for_update(of=("self",), no_key=True)
    delivery = found.select_related("message__office", "message__user").get(pk=attempt.delivery_id)
    attempt.outcome, attempt.answer, attempt.ended_at = outcome, answer[:300], clock.now()
    attempt.save(update_fields=["outcome", "answer", "ended_at"])
    return delivery


def _end(delivery, status, note):
    delivery.status, delivery.note, delivery.ended_at = status, note[:300], clock.now()
    delivery.save(update_fields=["status", "note", "ended_at"])


def _put_off(delivery, moment, note=None):
    delivery.next_at, delivery.handed_at = moment, None
    delivery.note = delivery.note if note is None else note[:300]
    delivery.save(update_fields=["next_at", "handed_at", "note"])


def _give_up(delivery, note):
    """A dead letter. Administrators hear of it; somebody without an account is put on the list of calls instead."""
    _end(delivery, S.DEAD, note)
    message = delivery.message
    if delivery.channel == C.SMS and not message.user_id:
        Delivery.objects.get_or_create(message=message, channel=C.CALL, address=message.phone)
    alarms.raise_alarm(delivery)


def _pause(delivery):
    """A server that is down is not asked once for each letter: what else waits for it waits a minute more, untried."""
    if delivery.channel == C.ROBOT:
        return
    soon = clock.now() + PAUSE
    waiting = Delivery.objects.filter(channel=delivery.channel, status=S.WAITING, next_at__lt=soon)
    free = waiting.exclude(pk=delivery.pk).select_for_update(of=("self",), no_key=True, skip_locked=True)
    Delivery.objects.filter(pk__in=list(free.values_list("pk", flat=True))).update(next_at=soon, handed_at=None)


# Dead letters


@transaction.atomic
def resend(*, delivery, by):
    """Try a dead letter again, with all its tries anew."""
    found = Delivery.objects.select_for_update(of=("self",), no_key=True)
    delivery = found.select_related("message__office", "message__user__office", "robot").get(pk=delivery.pk)
    DELIVERY_EDGES.check(delivery, "resend", by=by)
    delivery.status, delivery.ended_at, delivery.tries, delivery.next_at = S.WAITING, None, 0, clock.now()
    delivery.save(update_fields=["status", "ended_at", "tries", "next_at"])
    record("delivery.resent", delivery, by=by, notes={"消息": ["", delivery.message.title]})
    transaction.on_commit(partial(hand_over, [delivery.pk]))
    return delivery
