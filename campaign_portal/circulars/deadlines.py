"""Duties of who has been sent a circular: to reply by the day that the sender set, or to read it within two working days."""

from django.db.models import Q
from django.urls import reverse

from campaign_portal.accounts.access import EVERYONE
from campaign_portal.deadlines.registry import Days, Duty, Entry, Kind, Post, Rung, register, stream

from . import counted
from .models import Circular, Recipient
from .services import DAYS_TO_READ


def _waiting(asks_reply):
    return lambda: Recipient.objects.waiting().filter(circular__asks_reply=asks_reply)


def _rows(asks_reply):
    """The user's own, the earliest day first."""
    rows = _waiting(asks_reply)
    order = ("circular__due_on", "pk")
    return lambda user, today: rows().filter(office=user.office_id).select_related("circular__office").order_by(*order)


def _duty(action):
    def duty(recipient):
        circular = recipient.circular
        note = f"{circular.office.short_name}{circular.get_kind_display()}"
        return Duty(circular.title, note, circular.get_absolute_url(), circular.due_on, action)

    return duty


READ = ("pk", "label", "office_id", "circular_id", "circular__kind", "circular__title", "circular__due_on")


def _entry(action):
    def entry(row):
        posts = (Rung.RESPONSIBLE, Post(row.office_id)), (Rung.SUPERVISOR, Post(row.circular__office_id))
        url = reverse("circulars:circular", args=[row.circular_id])
        title = f"{action}{Circular.Kind(row.circular__kind).label}《{row.circular__title}》 {row.label}"
        return Entry(row.pk, row.circular__due_on, title, url, posts)

    return stream((*READ, "circular__office_id"), entry)


def _visible(rows, user):
    """What the user's office has been sent, and what it oversees."""
    return rows.filter(Q(office=user.office_id) | Q(circular__in=Circular.objects.overseen_by(user)))


def _all_received(user):
    return f"{reverse('circulars:circulars')}?tab=received"


def _kind(code, label, action, *, asks_reply, basis, days):
    return Kind(
        code=code,
        label=label,
        roles=EVERYONE,  # whoever can be written to
        rows=_rows(asks_reply),
        duty=_duty(action),
        url=_all_received,
        basis=basis,
        days=days,
        open=_waiting(asks_reply),
        due="circular__due_on",
        entries=_entry(action),
        area="office__",
        visible=_visible,
        seen=lambda user: _visible(Recipient.objects.filter(circular__asks_reply=asks_reply), user),
    )


register(
    _kind("circular_reply", "回复通报", "回复", asks_reply=True, basis="发文单位写明的回复期限", days=Days.SET),
)
register(
    _kind(
        "circular_read",
        "阅读通报",
        "阅读",
        asks_reply=False,
        basis=f"发出后 {DAYS_TO_READ} 个工作日内阅读",
        days=Days.WORKING,
    )
)
counted.register()
