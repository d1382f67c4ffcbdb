"""What recipients made of a circular: the states they are listed by, and the list as a sheet."""

from collections.abc import Callable
from typing import NamedTuple

from django.db.models import Q
from django.utils import timezone

from campaign_portal.sheets.registry import NUMBER, At, Column, Several, Sheet, register

from . import telling
from .models import Circular, Recipient


class State(NamedTuple):
    q: Q
    label: Callable  # of a circular


STATES = {
    "unread": State(Q(read_at__isnull=True), lambda circular: "未读"),
    "read": State(
        Q(read_at__isnull=False, replied_at__isnull=True),
        lambda circular: "已读未回复" if circular.asks_reply else "已读",
    ),
    "replied": State(Q(replied_at__isnull=False), lambda circular: "已回复"),
}


def states_of(circular):
    """The states that its recipients can be in."""
    return ["unread", "read", "replied"] if circular.asks_reply else ["unread", "read"]


def rows(user, query):
    """The recipients of the circular `query["circular"]` that the user oversees."""
    pk = query.get("circular")
    found = Recipient.objects.filter(circular__in=Circular.objects.overseen_by(user), circular=pk)
    if query.get("state") in STATES:
        found = found.filter(STATES[query["state"]].q)
    return found.order_by("pk")


def in_words(user, query):
    circular = Circular.objects.overseen_by(user).get(pk=query.get("circular"))
    state = query.get("state")
    return f"{circular.title}；{STATES[state].label(circular)}" if state in STATES else circular.title


def _in_words(at):
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"


def _statuses_of(pks):
    return {row.pk: row.get_status_display() for row in Recipient.objects.filter(pk__in=pks)}


def _phones_of(pks):
    """{recipient pk: "王建国 13800000001"}"""
    found = list(Recipient.objects.filter(pk__in=pks).select_related("circular"))
    people = telling.contacts_of(found[0].circular, [row.office_id for row in found]) if found else {}
    return {row.pk: f"{who.name} {who.phone}" for row in found if (who := people.get(row.office_id))}


def _by_row(of):
    """A column that is read for many rows at once."""
    return Several(lambda row: of([row.pk]).get(row.pk, ""), of)


COLUMNS = (
    Column("label", "单位", At("label"), width=30),
    Column("place", "乡镇（街道）", At("place"), width=16),
    Column("status", "状态", _by_row(_statuses_of), width=10),
    Column("contact", "联系人和电话", _by_row(_phones_of), width=24),
    Column("read_at", "阅读时间", At("read_at", _in_words), width=17),
    Column("read_by", "阅读人", At("read_by__name")),
    Column("by_phone", "电话告知", At("by_phone", lambda told: "是" if told else "")),
    Column("reply", "回复", At("reply"), width=40),
    Column("replied_at", "回复时间", At("replied_at", _in_words), width=17),
    Column("replied_by", "回复人", At("replied_by__name")),
    Column("nudges", "催办次数", At("nudges"), NUMBER, width=9),
)

RECEIPTS = register(
    Sheet("receipts", "通报签收情况", COLUMNS, rows, list_url="circulars:circulars", frozen=1, in_words=in_words)
)
