"""Whether a message still makes sense at the moment at which it would leave the portal."""

from datetime import date

from campaign_portal import clock
from campaign_portal.deadlines.registry import KINDS

from .models import Address, Delivery
from .phones import mobile

C = Delivery.Channel


def why_not(delivery):
    """The sentence why a delivery is not sent any more; "" if it is."""
    message = delivery.message
    if not message.office.is_active:
        return "单位已停用"
    why = _why_not_there(delivery) or (_why_not_him(message) if message.user_id else "")
    if why:
        return why
    return "" if lines_of(message) or not message.lines else "所提醒的事项都已办结或不再由本人办理"


def _why_not_him(message):
    if not message.user.is_active:
        return "账号已停用"
    return "" if message.user.office_id == message.office_id else "本人已调离原单位"


def _why_not_there(delivery):
    """Whether the address is still the one that was meant."""
    if delivery.channel == C.ROBOT:
        return "" if delivery.robot.is_on else "群机器人已停用"
    user = delivery.message.user
    if user is None:
        return ""
    address = Address.objects.filter(user=user).first() or Address()
    if delivery.channel == C.EMAIL and not (address.by_email and address.email == delivery.address):
        return "本人已更换邮箱或关闭邮件提醒"
    if delivery.channel == C.SMS and not (address.by_sms and mobile(user.phone) == delivery.address):
        return "本人已更换手机或关闭短信提醒"
    return ""


def lines_of(message):
    """The lines without those whose object is closed by now, or neither this user's to do nor for his eyes any more. Lines
    that name no object stay."""
    named = [line["about"].split(":") for line in message.lines if line.get("about")]
    if not named:
        return message.lines
    pks = {}
    for code, pk in named:
        pks.setdefault(code, set()).add(int(pk))
    until = max([clock.today(), *(date.fromisoformat(line["due_on"]) for line in message.lines if line.get("due_on"))])
    left = {f"{code}:{pk}" for code, own in pks.items() for pk in _open_ones(code, own, message.user, until)}
    return [line for line in message.lines if not line.get("about") or line["about"] in left]


def _open_ones(code, pks, user, until):
    """Those of a kind that are open and, for a user, his to do (up to a day) or to see. Of a kind that does not know what
    is open, all."""
    kind = KINDS.get(code)
    if kind is None or kind.open is None:
        return pks
    ways = [kind.visible_to(user)] if user else [kind.open()]
    if user and kind.asks(user):
        ways.append(kind.rows(user, until))
    return {pk for rows in ways for pk in rows.filter(pk__in=pks).values_list("pk", flat=True)}
