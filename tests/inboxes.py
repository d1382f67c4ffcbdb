"""Messages, calls and plans as tests of reminders need them, made as rows: who plans and sends is tested elsewhere."""

from itertools import count
from types import SimpleNamespace

from campaign_portal import clock
from campaign_portal.deadlines.registry import KINDS, Person
from campaign_portal.reminders.messages import Line, tell
from campaign_portal.reminders.models import Absence, Delivery, Mute, PlanRun

from .builders import in_days

_number = count(1)


def line_of(hazard, *, code="rectify", **more):
    """A line that tells of a hazard."""
    values = {
        "kind": KINDS[code].label,
        "title": f"整改 {hazard.summary}",
        "note": hazard.code,
        "url": hazard.get_absolute_url(),
        "due_on": f"{hazard.due_on}",
        "action": "提交整改",
        "is_major": hazard.is_major,
        "about": f"{code}:{hazard.pk}",
    }
    return Line(**(values | more))


def make_message(user, *lines, title="今日提醒", **columns):
    return tell(
        f"test:{next(_number)}", kind=columns.pop("kind", "digest"), user=user, title=title, lines=lines, **columns
    )


def make_call(office, *lines, name="王建国", phone="13800001234", **columns):
    """Somebody without an account whom this office has to phone."""
    message = tell(
        f"test:{next(_number)}",
        kind="digest",
        office=office,
        person=Person(name, phone),
        title="今日提醒",
        text=columns.pop("text", "通道堆物到期，请尽快整改。"),
        lines=lines,
        **columns,
    )
    Delivery.objects.filter(message=message).delete()  # what the channels of today would do is not the point
    return Delivery.objects.create(message=message, channel=Delivery.Channel.CALL, address=phone)


def hold_run(bureau, **columns):
    """A plan that waits to be released."""
    return PlanRun.objects.create(
        **{"bureau": bureau, "day": clock.today(), "status": PlanRun.Status.HELD, "planned": 900, "people": 700}
        | columns
    )


def belonging(user, deputy, call_office, bureau, *, secret):
    """One of everything that hangs on a user or his office, with the address of each by the name of its URL."""
    message = make_message(user, title=f"{secret}提醒")
    absence = Absence.objects.create(user=user, deputy=deputy, since=in_days(1), until=in_days(2))
    mute = Mute.objects.create(
        user=user, kind="rectify", object_pk=next(_number), label=f"{secret}通道", until=in_days(3)
    )
    call = make_call(call_office, name=f"{secret}王", text=f"{secret}到期")
    run = PlanRun.objects.filter(bureau=bureau).first() or hold_run(bureau)
    return SimpleNamespace(message=message, absence=absence, mute=mute, call=call, run=run)


def arguments(found, *, kind):
    """The address of each URL of reminders that names a row."""
    by_row = {
        "message": found.message,
        "message-read": found.message,
        "message-mute": found.message,
        "absence-end": found.absence,
        "mute-end": found.mute,
        "run-release": found.run,
        "run-drop": found.run,
        "call-told": found.call,
    }
    return {f"reminders:{name}": [row.pk] for name, row in by_row.items()} | {
        "reminders:rules-edit": [kind],
        "reminders:rules-restore": [kind],
    }
