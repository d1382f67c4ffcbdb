"""Every change of a home's register."""

from django.db import transaction

from campaign_portal import clock
from campaign_portal.accounts import access
from campaign_portal.accounts.access import Role
from campaign_portal.accounts.services import create_office
from campaign_portal.audit.recording import name_verbs, record, snapshot
from campaign_portal.edges import Refused

from .models import Facility, FormerName, Licence, StatePeriod

name_verbs(
    facility_registered="登记机构",
    facility_edited="修改机构资料",
    facility_state="变更机构状态",
    facility_licence="登记证照",
    facility_licence_removed="删除证照",
)


@transaction.atomic
def register_facility(facility, *, by, since=None):
    """Save a new home (an unsaved Facility) with its office, its grants and its first state."""
    facility.office = create_office(
        name=facility.name,
        short_name=facility.short_name or facility.name[:20],
        kind=Role.HOME,
        area=facility.area,
        parent=facility.supervisor,
        by=by,
    )
    facility.copy_area(facility.area)
    facility.refresh_search_key()
    facility.save(force_insert=True)
    since = since or clock.today()
    access.grant(facility.office, "run_facility", facility, valid_from=since)
    _let_supervisor_look(facility, since=since)
    StatePeriod.objects.create(facility=facility, status=facility.status, since=since, recorded_by=by)
    record("facility.registered", facility, by=by)
    _start_running(facility)
    return facility


EDITED = tuple(
    field.name
    for field in Facility._meta.concrete_fields
    if field.editable and field.name != "id"  # status and office change through services of their own
)


@transaction.atomic
def edit_facility(facility, *, by, fields=EDITED):
    """Save the `fields` of an edited home and nothing else, so that nobody's change elsewhere is undone.

    A changed name is kept as a former one; a changed supervisor takes over its accounts.
    """
    edited = facility
    facility = _locked(facility)
    before, old_supervisor = snapshot(facility), facility.supervisor
    for name in fields:
        setattr(facility, name, getattr(edited, name))
    facility.copy_area(facility.area)
    _keep_former_name(facility, was=before["name"])
    facility.refresh_search_key()
    facility.save(update_fields=[*fields, *facility.AREA_COLUMNS, "search_key"])
    if (before["supervisor_id"], before["area_id"]) != (facility.supervisor_id, facility.area_id):
        _hand_over_sight(facility, old_supervisor)
        for follow in FOLLOWERS:
            follow(facility, old_supervisor, by=by)
    _name_office_after(facility)
    record("facility.edited", facility, by=by, before=before)
    return facility


# What else goes along when a home changes supervisor or place: follow(facility, old_supervisor, by=by), in the same
# transaction. Apps above add theirs at start-up.
FOLLOWERS = []

# What begins when a home begins to run, registered or opened again: start(facility), in the same transaction.
STARTERS = []

# What goes with a home that is removed again because its import is undone: forget(facility) takes back what STARTERS
# began and nobody has touched, in the same transaction.
FORGETTERS = []


def _start_running(facility):
    if facility.status == Facility.Status.RUNNING:
        for start in STARTERS:
            start(facility)


def _locked(facility):
    rows = Facility.objects.select_related("area", "supervisor__area", "office")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=facility.pk)


def _keep_former_name(facility, *, was):
    if facility.name != was:
        FormerName.objects.update_or_create(facility=facility, name=was, defaults={"until": clock.today()})
        facility.former_names.filter(name=facility.name).delete()  # a name taken up again is no former one


def _name_office_after(facility):
    """The home's office bears its name, stands where it stands and hangs on its supervisor."""
    office = facility.office
    office.name, office.short_name = facility.name, facility.short_name or facility.name[:20]
    office.area, office.parent = facility.area, facility.supervisor
    office.copy_area(facility.area)
    office.save(update_fields=["name", "short_name", "area", "parent", *office.AREA_COLUMNS])


def _covers(office, facility):
    return getattr(facility, office.area.column) == office.area.code


def _hand_over_sight(facility, old_supervisor):
    """After a change of supervisor or place: the present supervisor sees the home, a former one no longer."""
    if old_supervisor != facility.supervisor:
        access.revoke(old_supervisor, "inspect_facility", facility)
    _let_supervisor_look(facility)


def _let_supervisor_look(facility, *, since=None):
    """A supervisor sees its homes through its area; for one that stands elsewhere it gets a grant on the home."""
    if not _covers(facility.supervisor, facility):
        access.grant(facility.supervisor, "inspect_facility", facility, valid_from=since)


@transaction.atomic
def change_state(*, facility, status, since, reason, by):
    """Move a home to another state from a day on; the period before it ends the day before."""
    facility = Facility.objects.select_for_update(of=("self",), no_key=True).get(pk=facility.pk)
    if status == facility.status:
        raise Refused(f"机构当前已是“{facility.get_status_display()}”。")
    present = facility.state_periods.get(until__isnull=True)
    if since <= present.since:
        raise Refused(f"变更日期要晚于现状态的开始日期（{present.since:%Y-%m-%d}）。")
    if since > clock.today():
        raise Refused("变更日期不能晚于今天。")
    before = snapshot(facility)
    present.until = since - clock.ONE_DAY
    present.save(update_fields=["until"])
    StatePeriod.objects.create(facility=facility, status=status, since=since, reason=reason, recorded_by=by)
    facility.status = status
    facility.save(update_fields=["status"])
    words = [dict(Facility.Status.choices)[value] for value in (before["status"], status)]
    record("facility.state", facility, by=by, reason=reason, notes={"状态": words, "自": ["", f"{since:%Y-%m-%d}"]})
    _start_running(facility)
    return facility


@transaction.atomic
def save_licence(licence: Licence, *, by):
    before = snapshot(Licence.objects.get(pk=licence.pk)) if licence.pk else None
    licence.save()
    record("facility.licence", licence.facility, by=by, notes=_licence_notes(before, licence))
    return licence


@transaction.atomic
def remove_licence(licence: Licence, *, by):
    record("facility.licence_removed", licence.facility, by=by, reason=f"{licence.get_kind_display()} {licence.number}")
    licence.delete()


def _licence_notes(before, licence):
    now = f"{licence.number or '无编号'}，有效期至 {licence.expires_on or '长期'}"
    was = f"{before['number'] or '无编号'}，有效期至 {before['expires_on'] or '长期'}" if before else "—"
    return {licence.get_kind_display(): [was, now]}
