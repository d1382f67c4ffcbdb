"""How a user gets his messages, and who gets them while he is away."""

from django.db import transaction

from campaign_portal import clock
from campaign_portal.accounts.models import User
from campaign_portal.audit.recording import name_verbs, record, snapshot
from campaign_portal.edges import Refused

from .channels import mail, sms
from .models import Absence, Address

name_verbs(
    address_changed="修改接收方式",
    absence_set="登记休假代管",
    absence_ended="结束休假代管",
    absence_cancelled="取消休假代管",
)


def address_of(user):
    """Where a user gets messages; the defaults, unsaved, where he has said nothing."""
    return Address.objects.filter(user=user).first() or Address(user=user)


def ways():
    """Which ways besides the inbox this portal can send: {"mail": …, "sms": …}."""
    return {"mail": mail.is_set_up(), "sms": sms.is_set_up()}


def colleagues_of(user):
    """Who may stand in for a user."""
    return User.objects.filter(office=user.office_id, is_active=True).exclude(pk=user.pk).order_by("pk")


@transaction.atomic
def save_address(*, email, by_email, by_sms, by):
    Address.objects.get_or_create(user=by)
    address = Address.objects.select_for_update(of=("self",), no_key=True).get(user=by)
    before = snapshot(address)
    address.email, address.by_email, address.by_sms = email, by_email, by_sms
    address.save(update_fields=["email", "by_email", "by_sms"])
    record("address.changed", address, by=by, before=before)
    return address


def _lock(user):
    """Absences of one user change one after the other."""
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)


@transaction.atomic
def go_away(*, since, until, deputy, by):
    """From `since` to `until` the deputy gets a user's reminders. Days that are taken already are refused."""
    _lock(by)
    other = Absence.objects.filter(user=by, since__lte=until, until__gte=since).first()
    if other:
        raise Refused(
            f"与已登记的休假（{other.since} 至 {other.until}，{other.deputy.name}代管）重叠，请先结束那一条。"
        )
    absence = Absence.objects.create(user=by, since=since, until=until, deputy=deputy)
    record("absence.set", absence, by=by, notes={"代管人": ["", deputy.name]})
    return absence


@transaction.atomic
def come_back(absence, *, by):
    """The user is back before the day: the deputy gets no more from today on. One that has not begun is cancelled."""
    _lock(by)
    absence = Absence.objects.get(pk=absence.pk, user=by)
    today = clock.today()
    if absence.until < today:
        raise Refused("这段休假已经结束。")
    if absence.since >= today:
        record("absence.cancelled", absence, by=by)
        absence.delete()
        return
    before = snapshot(absence)
    absence.until = today - clock.ONE_DAY
    absence.save(update_fields=["until"])
    record("absence.ended", absence, by=by, before=before)
