"""From planned reminders to messages: one digest for each person and day, what is urgent at once.

What a message says is looked up when it is made: what has been done meanwhile, or is no longer this person's to see or do,
is left out, and the reminder says why.
"""

from collections import defaultdict
from datetime import date
from itertools import groupby
from typing import NamedTuple

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Concat
from django.urls import reverse

from campaign_portal import clock
from campaign_portal.accounts.access import OFFICERS, Role
from campaign_portal.accounts.models import User
from campaign_portal.deadlines.registry import KINDS, Person, Rung

from . import messages
from .messages import Line
from .models import Absence, Delivery, Message, Mute, Reminder, Robot

S, Why = Reminder.Status, Reminder.Reason
MOST_LINES = 40  # of one message; the rest is counted


class Told(NamedTuple):
    """What a message says of one reminder: a line, or why there is none."""

    reminder: Reminder
    line: Line | None
    reason: str = Why.NONE


def waiting(bureau, *, urgent_only):
    """The keys of those who have something to be told now. Who has had today's digest waits for tomorrow's with the rest."""
    rows = Reminder.objects.filter(bureau=bureau, status=S.PLANNED, on__lte=clock.today())
    if urgent_only:
        rows = rows.filter(is_urgent=True)
    else:
        key = Concat(Value("digest:"), OuterRef("who"), Value(f":{clock.today()}"))
        rows = rows.filter(~Exists(Message.objects.filter(key=key)))
    return rows.order_by("who").values_list("who", flat=True).distinct()


@transaction.atomic
def compose(who, *, urgent_only):
    """Make the message of one person out of what waits for him. Returns it, or None where there is nothing to be said (any
    more), where somebody else is just doing it, or where today's digest has gone out: the rest is tomorrow's."""
    rows = Reminder.objects.filter(who=who, status=S.PLANNED, on__lte=clock.today())
    rows = rows.filter(is_urgent=True) if urgent_only else rows
    rows = list(rows.select_for_update(of=("self",), skip_locked=True, no_key=True).order_by("pk"))
    key = f"digest:{who}:{clock.today()}"
    if not rows or (not urgent_only and Message.objects.filter(key=key).exists()):
        return None
    told = _told_of(rows + _not_called_yet(rows[0]))
    lines = _in_order(told)
    message = None
    if lines:
        is_urgent = urgent_only or any(one.reminder.is_urgent for one in told if one.line)
        key = f"urgent:{who}:{rows[-1].pk}" if urgent_only else key
        message = _tell(key, rows[0], lines, is_urgent=is_urgent, urgent_only=urgent_only)
    if message and rows[0].user_id:
        _tell_deputies(rows[0].user, message, [one.reminder for one in told if one.line])
    _mark(told, message)
    return message


def _not_called_yet(row):
    """What somebody without an account should have been told by phone, and nobody has called yet: said again in the new
    call, which takes the place of the earlier one."""
    if row.user_id:
        return []
    waiting = Delivery.objects.filter(channel=Delivery.Channel.CALL, status=Delivery.Status.WAITING)
    earlier = Reminder.objects.filter(who=row.who, status=S.SENT, message__in=waiting.values("message"))
    return list(earlier.select_for_update(of=("self",), no_key=True).order_by("pk"))


def _told_of(rows):
    newest, older = _newest_of_each(rows)
    user = User.objects.select_related("office__area").filter(pk=rows[0].user_id).first()
    if rows[0].user_id is None:
        told = _for_person(newest)
    elif user.is_active and user.office.is_active:
        told = _unmuted(_for_user(newest, user), user)
    else:
        told = [Told(row, None, Why.RIGHTS) for row in newest]
    return told + [Told(row, None, Why.OLDER) for row in older]


def _newest_of_each(rows):
    """Of several reminders of one object, as after days without a plan, the newest speaks."""
    newest = {}
    for row in sorted(rows, key=lambda row: (row.on, row.rung, row.pk)):
        newest[row.kind, row.object_pk, row.is_passed_over] = row
    kept = list(newest.values())
    return kept, [row for row in rows if row not in kept]


def _tell(key, first, lines, *, is_urgent, urgent_only):
    kind = Message.Kind.URGENT if urgent_only else Message.Kind.DIGEST
    title = title_of(lines, is_urgent=urgent_only)
    to = {"user": first.user} if first.user_id else {"office": first.office, "person": Person(first.name, first.phone)}
    url = reverse("todo") if first.user_id and first.user.office.kind != Role.EVALUATOR else ""
    return messages.tell(key, kind=kind, title=title, url=url, is_urgent=is_urgent, **_listed(lines), **to)


def _listed(lines):
    """The lines nearest to today in their order, and how many more there are."""
    more = len(lines) - MOST_LINES
    text = f"另有 {more} 项没有列出，请到待办查看全部。" if more > 0 else ""
    nearest = sorted(lines, key=lambda line: abs((date.fromisoformat(line.due_on) - clock.today()).days))[:MOST_LINES]
    return {"lines": [line for line in lines if line in nearest], "text": text}


def title_of(lines, *, is_urgent=False):
    """E.g. "7月30日提醒：2 项逾期、1 项今天到期、3 项快到期"."""
    today = f"{clock.today()}"
    late, now = (sum(test(line.due_on) for line in lines) for test in (lambda d: d < today, lambda d: d == today))
    counts = [(late, "项逾期"), (now, "项今天到期"), (len(lines) - late - now, "项快到期")]
    words = "、".join(f"{count} {what}" for count, what in counts if count)
    return f"{clock.today().month}月{clock.today().day}日{'紧急' if is_urgent else ''}提醒：{words}"


def _in_order(told):
    lines = [one.line for one in told if one.line]
    return sorted(lines, key=lambda line: (line.due_on, not line.is_major))


def _mark(told, message):
    """What became of each reminder. One that could not be told (the message was there already) goes on waiting."""
    sent = [one.reminder.pk for one in told if one.line]
    if message:
        Reminder.objects.filter(pk__in=sent).update(status=S.SENT, message=message)
    for reason, group in groupby(sorted(told, key=lambda one: one.reason), key=lambda one: one.reason):
        pks = [one.reminder.pk for one in group if not one.line]
        Reminder.objects.filter(pk__in=pks).update(status=S.DROPPED, reason=reason)


# What a user is told


def _for_user(rows, user):
    """Looked up by kind: a few queries, whatever the number of reminders."""
    told = []
    by_kind = defaultdict(list)
    for row in rows:
        by_kind[row.kind, row.object_pk is None, _acts(row)].append(row)
    for (code, is_backlog, acts), group in by_kind.items():
        kind = KINDS.get(code)
        if kind is None:
            told += [Told(row, None, Why.OVER) for row in group]
        elif is_backlog:
            told += [Told(row, _backlog_line(kind, row, user)) for row in group]
        else:
            acts = acts and not _nobody_can(kind, user)
            found = _own(kind, group, user) if acts else _overseen(kind, group, user)
            told += [_said(row, found.get(row.object_pk)) for row in group]
    return told


def _acts(row):
    """Whether it tells somebody to do the thing itself, rather than that others have not."""
    return row.rung == Rung.RESPONSIBLE and not row.is_passed_over


def _own(kind, rows, user):
    """{pk: line} of those that the user has to act on: by the same rows and words as his to-do list."""
    if not kind.asks(user):
        return {}
    horizon = max(clock.today(), *(row.due_on for row in rows))
    mine = kind.rows(user, horizon).filter(pk__in=[row.object_pk for row in rows])
    return {row.pk: _duty_line(kind, kind.duty(row), row.pk) for row in mine}


def _nobody_can(kind, user):
    """Whether a caseworker is told because nobody of his office has the duty that it takes (recipients.py)."""
    if kind.asks(user) or user.office.kind not in kind.roles or not user.is_caseworker:
        return False
    return not User.objects.filter(office=user.office_id, is_active=True, **{kind.needs: True}).exists()


def _duty_line(kind, duty, pk):
    about = f"{kind.code}:{pk}"
    return Line(kind.label, duty.title, duty.note, duty.url, f"{duty.due_on}", duty.action, duty.is_major, about)


def _overseen(kind, rows, user):
    """{pk: line} of those that others have to act on and that the user may see."""
    by_pk = {row.object_pk: row for row in rows}
    entries = kind.entries(kind.visible_to(user).filter(pk__in=by_pk))
    return {entry.pk: _entry_line(kind, entry, by_pk[entry.pk]) for entry in entries}


def _entry_line(kind, entry, row):
    told = f"已报告{Rung(row.rule.rung).label}" if row.is_passed_over else f"按规定提醒{Rung(row.rung).label}"
    told = "本单位没有人有这项办理权限，请报告负责人" if _acts(row) else told
    note = f"{'逾期未办' if entry.due_on < clock.today() else '尚未办理'}，{told}"
    about = f"{kind.code}:{entry.pk}"
    return Line(kind.label, entry.title, note, entry.url, f"{entry.due_on}", "查看", entry.is_major, about)


def _backlog_line(kind, row, user):
    note = f"逾期已久，不再逐项提醒，最早的期限是 {row.due_on}，请集中清理"
    page = "deadlines:rows" if user.office.kind in OFFICERS else "deadlines:mine"
    url = f"{reverse(page)}?kind={kind.code}&state=overdue"
    return Line(kind.label, f"{kind.label}：{row.count} 项逾期已久", note, url, f"{row.due_on}", "查看")


def _said(row, line):
    """The line of an object, unless it is over, has another day now, or is not this person's any more."""
    if line is None:
        return Told(row, None, _why_not(row))
    return Told(row, line) if line.due_on == f"{row.due_on}" else Told(row, None, Why.OVER)


def _why_not(row):
    return Why.RIGHTS if KINDS[row.kind].open().filter(pk=row.object_pk).exists() else Why.OVER


def _unmuted(told, user):
    """Without what the user wants to hear nothing of for now. What is late or urgent is told all the same."""
    mutes = set(Mute.objects.filter(user=user, until__gte=clock.today()).values_list("kind", "object_pk"))
    return [Told(one.reminder, None, Why.MUTED) if _is_muted(one, mutes) else one for one in told]


def _is_muted(one, mutes):
    row = one.reminder
    if not one.line or row.is_urgent or row.due_on < clock.today():
        return False
    return (row.kind, row.object_pk) in mutes or (row.kind, None) in mutes


# Others


def _tell_deputies(user, message, rows):
    """Who stands in for a user that is away is told of the same reminders, as far as they are his to do or to see."""
    today = clock.today()
    away = Absence.objects.filter(user=user, since__lte=today, until__gte=today).select_related("deputy__office__area")
    for absence in away:
        deputy = absence.deputy
        own = _in_order(_for_user(rows, deputy)) if deputy.is_active and deputy.office_id == user.office_id else []
        if own:
            key, title = f"deputy:{message.key}:u{deputy.pk}", f"代{user.name}：{title_of(own)}"
            to = {"kind": Message.Kind.DEPUTY, "user": deputy, "is_urgent": message.is_urgent}
            messages.tell(key, title=title, **_listed(own), **to)


def _for_person(rows):
    """Somebody without an account is told what is still open and still his, in few words that fit a call."""
    told = []
    by_kind = defaultdict(list)
    for row in rows:
        by_kind[row.kind].append(row)
    for code, group in by_kind.items():
        kind = KINDS[code]
        entries = {one.pk: one for one in kind.entries(kind.open().filter(pk__in=[row.object_pk for row in group]))}
        told += [_said_to_person(kind, row, entries.get(row.object_pk)) for row in group]
    return told


def _said_to_person(kind, row, entry):
    if entry is None or entry.due_on != row.due_on:
        return Told(row, None, Why.OVER)
    posts = [post.person for rung, post in entry.posts if post.person]
    if Person(row.name, row.phone) not in posts:
        return Told(row, None, Why.RIGHTS)
    about = f"{kind.code}:{entry.pk}"
    return Told(row, Line(kind.label, entry.title, "", "", f"{entry.due_on}", "", entry.is_major, about))


# An office's group chat


def tell_groups(bureau, day):
    """One message a day for each office that has a group robot: counts, and no person's name."""
    told = Message.objects.filter(key=Concat(Value("group:"), OuterRef("office"), Value(f":{day}"), output_field=TEXT))
    offices = Robot.objects.filter(~Exists(told), is_on=True).values("office")
    rows = Reminder.objects.filter(bureau=bureau, on=day, office__in=offices, is_passed_over=False)
    rows = rows.filter(object_pk__isnull=False).exclude(status__in=[S.DROPPED, S.HELD])
    by_office = defaultdict(set)
    for row in rows.select_related("office"):
        by_office[row.office].add((row.kind, row.object_pk, row.due_on))
    for office, objects in by_office.items():
        lines = [Line(KINDS[kind].label, "", due_on=f"{due_on}") for kind, _, due_on in objects if kind in KINDS]
        kinds = "、".join(f"{label} {sum(line.kind == label for line in lines)} 项" for label in _labels(lines))
        title, text = title_of(lines), f"其中{kinds}。请登录平台办理。"
        messages.tell(f"group:{office.pk}:{day}", kind=Message.Kind.DIGEST, office=office, title=title, text=text)


TEXT = CharField()


def _labels(lines):
    return dict.fromkeys(line.kind for line in lines)
