"""The home's work and the officer's re-check."""

from django.db import transaction

from campaign_portal import clock
from campaign_portal.edges import Refused

from ..models import Hazard, Part, Photo, ProxyEntry, Request
from .steps import (
    add_photos,
    assign_rechecks,
    begin,
    check_due,
    finish,
    last_day_of,
    note_proxy,
    photo_notes,
)

PLAN_FIELDS = ("measure", "responsible", "responsible_phone", "funds", "plan")


@transaction.atomic
def plan_work(*, hazard, by, changes, version=None, proxy_reason=""):
    """Fill in measure, person, money and emergency plan. A major hazard needs all of them before work is submitted."""
    hazard, was = begin(hazard, "plan", by=by, version=version)
    for name in PLAN_FIELDS:
        if name in changes:
            setattr(hazard, name, changes[name])
    note_proxy(hazard, ProxyEntry.What.PLAN, by=by, reason=proxy_reason)
    return finish(hazard, "plan", by=by, before=was, reason=proxy_reason)


@transaction.atomic
def submit_rectification(
    *, hazard, by, rectification, rectified_on, after, answers=None, version=None, proxy_reason=""
):
    """Say that the hazard is rectified, with at least one after-photo. The officer's clock starts.

    `answers` maps an after-file's pk to the before-photo it answers. A pending extension is withdrawn by it.
    """
    hazard, was = begin(hazard, "submit", by=by, version=version)
    if not after:
        raise Refused("请附上至少一张整改后的照片。")
    if rectified_on > clock.today():
        raise Refused("整改完成日期不能晚于今天。")
    now = clock.now()
    hazard.status = Hazard.Status.SUBMITTED
    hazard.submitted_at, hazard.submitted_by = now, by
    hazard.rectification, hazard.rectified_on = rectification, rectified_on
    hazard.recheck_due_on = last_day_of("recheck", hazard)
    hazard.requests.filter(status=Request.Outcome.PENDING).update(status=Request.Outcome.WITHDRAWN, decided_at=now)
    assign_rechecks(hazard, rectified_by=by)
    add_photos(hazard, after, stage=Photo.Stage.AFTER, by=by, answers=answers)
    note_proxy(hazard, ProxyEntry.What.RECTIFICATION, by=by, reason=proxy_reason)
    notes = photo_notes(after, "整改后照片")
    return finish(hazard, "submit", by=by, before=was, reason=proxy_reason, notes=notes)


@transaction.atomic
def close_part(*, hazard, by, note, rechecked_on, photos=(), version=None):
    """Find the rectification good on site and close the parts that the user's office re-checks.

    The last part done strikes the hazard off (销号); until then it waits for the other offices.
    """
    hazard, was = begin(hazard, "close", by=by, version=version)
    if not hazard.rectified_on <= rechecked_on <= clock.today():
        raise Refused("复查日期应在整改完成日期和今天之间。")
    now = clock.now()
    hazard.parts.filter(status=Part.Status.OPEN, acting_office=by.office).update(
        status=Part.Status.DONE, done_at=now, done_by=by, note=note
    )
    hazard.rechecked_on, hazard.recheck_note = rechecked_on, note
    add_photos(hazard, photos, stage=Photo.Stage.AFTER, by=by)
    waiting = [part.office.label for part in hazard.parts.filter(status=Part.Status.OPEN).select_related("office")]
    notes = photo_notes(photos, "复查照片")
    if waiting:
        notes |= {"还待复查": ["", "、".join(waiting)]}
        return finish(hazard, "part_closed", by=by, before=was, reason=note, notes=notes)
    hazard.status = Hazard.Status.CLOSED
    hazard.closed_at, hazard.closed_by = now, by
    hazard.recheck_due_on = None
    return finish(hazard, "close", by=by, before=was, reason=note, notes=notes)


@transaction.atomic
def take_over(*, hazard, by, reason, version=None):
    """The county's bureau re-checks what an office below it cannot (nobody left there but who rectified it)."""
    hazard, was = begin(hazard, "take_over", by=by, version=version)
    hazard.parts.filter(status=Part.Status.OPEN).update(acting_office=by.office)
    return finish(hazard, "take_over", by=by, before=was, reason=reason)


@transaction.atomic
def send_back(*, hazard, by, reason, due_on, rechecked_on=None, photos=(), version=None):
    """Find the rectification not good: back to the home with a new limit. Parts already done stay done."""
    hazard, was = begin(hazard, "send_back", by=by, version=version)
    check_due(due_on)
    add_photos(hazard, photos, stage=Photo.Stage.AFTER, by=by)
    hazard.status = Hazard.Status.OPEN
    hazard.round += 1
    hazard.due_on = due_on
    hazard.rechecked_on, hazard.recheck_note = rechecked_on or clock.today(), reason
    hazard.recheck_due_on = None
    hazard.rectified_on = hazard.submitted_at = hazard.submitted_by = None
    return finish(hazard, "send_back", by=by, before=was, reason=reason)
