"""How a hazard enters the ledger: reported by the home, entered for it, or found on a visit."""

from django.db import IntegrityError, transaction

from campaign_portal import clock
from campaign_portal.accounts.access import Role
from campaign_portal.audit.recording import record
from campaign_portal.campaigns.services import campaign_for
from campaign_portal.edges import NotYours, Refused

from ..edges import may_register, may_report
from ..models import Hazard, Photo, ProxyEntry
from .numbering import code_for, next_number
from .steps import (
    add_photos,
    assign_rechecks,
    begin,
    check_due,
    finish,
    last_day_of,
    note_proxy,
    photo_notes,
    refusing_nonsense,
    set_parts,
    write_history,
)

OLDEST = 3650 * clock.ONE_DAY  # a slip of the pen in the year would open a campaign of its own
BEFORE, AFTER = Photo.Stage.BEFORE, Photo.Stage.AFTER


@transaction.atomic
def report_hazard(hazard, *, by, before=(), after=(), proxy_reason=""):
    """Put a home's self-report (an unsaved Hazard with what was found, measure, person and date) into the ledger.

    `before` and `after` are stored pictures. `hazard.fixed_on_spot` needs an after-picture. A form sent twice (same
    `sent_key`) gives the hazard of the first time. An officer who enters it for the home gives `proxy_reason`.
    """
    if not may_report(hazard.facility, by):
        raise NotYours("您不能为这家机构上报隐患。")
    if twin := _sent_before(hazard, by):
        return twin
    if hazard.fixed_on_spot and not after:
        raise Refused("当场整改的隐患，请附上整改后的照片。")
    hazard.source = Hazard.Source.SELF
    hazard.found_by = hazard.facility.office
    hazard.status = Hazard.Status.REPORTED
    hazard.liaison, hazard.liaison_phone = hazard.facility.liaison, hazard.facility.liaison_phone
    if hazard.fixed_on_spot:
        hazard.submitted_at, hazard.submitted_by = clock.now(), by
        hazard.rectified_on = hazard.found_on
        hazard.due_on = max(hazard.due_on or hazard.found_on, hazard.found_on)
    if twin := _insert(hazard, by=by):
        return twin
    set_parts(hazard, [hazard.supervisor])
    assign_rechecks(hazard, rectified_by=by if hazard.fixed_on_spot else None)
    add_photos(hazard, before, stage=BEFORE, by=by)
    add_photos(hazard, after, stage=AFTER, by=by)
    note_proxy(hazard, ProxyEntry.What.REPORT, by=by, reason=proxy_reason)
    write_history(hazard)
    notes = photo_notes(before, "整改前照片") | photo_notes(after, "整改后照片")
    record("hazard.reported", hazard, by=by, reason=proxy_reason and f"代填：{proxy_reason}", notes=notes)
    return hazard


@transaction.atomic
def register_finding(hazard, *, by, departments=(), before=()):
    """Enter what an officer found on a visit. It starts at open; `departments` each hold a part of it.

    An officer of a department always shares what he found: his own office holds a part.
    """
    if not may_register(hazard.facility, by):
        raise NotYours("您不能登记这家机构的隐患。")
    if twin := _sent_before(hazard, by):
        return twin
    hazard.found_by = by.office
    hazard.status = Hazard.Status.OPEN
    hazard.verified_at, hazard.verified_by = clock.now(), by
    hazard.liaison = hazard.liaison or hazard.facility.liaison
    hazard.liaison_phone = hazard.liaison_phone or hazard.facility.liaison_phone
    if twin := _insert(hazard, by=by):
        return twin
    set_parts(hazard, _holders(hazard, by, departments))
    assign_rechecks(hazard)
    add_photos(hazard, before, stage=BEFORE, by=by)
    write_history(hazard)
    record("hazard.registered", hazard, by=by, notes=photo_notes(before, "整改前照片"))
    return hazard


def _holders(hazard, by, departments):
    holders = list(departments)
    if by.office.kind == Role.DEPARTMENT and by.office not in holders:
        holders.insert(0, by.office)
    return holders or [hazard.supervisor]


@transaction.atomic
def complete_report(*, hazard, by, changes, before=(), after=(), version=None, proxy_reason=""):
    """Send a returned report in again with what was missing. `changes` maps field names to values."""
    hazard, was = begin(hazard, "complete", by=by, version=version)
    for name, value in changes.items():
        setattr(hazard, name, value)
    if hazard.fixed_on_spot:
        if not after and not hazard.photos.filter(stage=AFTER).exists():
            raise Refused("当场整改的隐患，请附上整改后的照片。")
        hazard.submitted_at, hazard.submitted_by, hazard.rectified_on = clock.now(), by, hazard.found_on
    else:
        hazard.submitted_at = hazard.submitted_by = hazard.rectified_on = None
    hazard.status = Hazard.Status.REPORTED
    hazard.reported_at, hazard.verify_due_on = (
        clock.now(),
        last_day_of("verify", hazard),
    )  # the officer's clock starts anew
    hazard.return_reason = ""
    assign_rechecks(hazard, rectified_by=hazard.submitted_by)
    add_photos(hazard, before, stage=BEFORE, by=by)
    add_photos(hazard, after, stage=AFTER, by=by)
    note_proxy(hazard, ProxyEntry.What.COMPLETION, by=by, reason=proxy_reason)
    notes = photo_notes(before, "整改前照片") | photo_notes(after, "整改后照片")
    return finish(hazard, "complete", by=by, before=was, reason=proxy_reason, notes=notes)


def _sent_before(hazard, by):
    if hazard.sent_key is None:
        return None
    twin = Hazard.objects.filter(sent_key=hazard.sent_key, reported_by=by).first()
    if twin and any(getattr(twin, name) != getattr(hazard, name) for name in SAME):
        raise Refused(
            f"这份表单已经上报为 {twin.code}。要另报一条，请再点一次提交；要改那一条，请到它的页面留言或补正。"
        )
    return twin


SAME = ("facility_id", "summary", "place", "category_id")  # what tells a form sent twice from another report


def _insert(hazard, *, by):
    """Give the hazard its place, its campaign and, last of all, its number.

    Returns None, or the hazard of the first time if the same form was being saved at this very moment.
    """
    if hazard.found_on > clock.today():
        raise Refused("排查日期不能晚于今天。")
    if hazard.status == Hazard.Status.OPEN or not hazard.fixed_on_spot:
        check_due(hazard.due_on)
    if hazard.found_on < clock.today() - OLDEST:
        raise Refused(f"排查日期 {hazard.found_on:%Y-%m-%d} 太早，请检查年份。")
    hazard.reported_by, hazard.reported_at = by, clock.now()
    hazard.supervisor = hazard.facility.supervisor
    hazard.copy_area(hazard.facility)
    if hazard.status == Hazard.Status.REPORTED:
        hazard.verify_due_on = last_day_of("verify", hazard)
    hazard.campaign = campaign_for(hazard.facility, on=hazard.found_on)
    try:
        with transaction.atomic():  # a savepoint: a refused row gives its number back
            hazard.number = next_number(hazard.campaign, hazard.supervisor)
            hazard.code = code_for(hazard.campaign, hazard.supervisor, hazard.number)
            with refusing_nonsense(Hazard):
                hazard.save(force_insert=True)
    except IntegrityError as error:
        if "sent_key" not in str(error):
            raise
        if twin := _sent_before(hazard, by):
            return twin
        raise Refused("这份表单已经用过，请重新打开页面填写。") from error
