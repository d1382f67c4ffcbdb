"""Every change of an activity: recorded or planned, held, corrected, voided.

    record_activity(activity, by=user, homes=[…], photos=[…])   an unsaved Activity; a day to come makes it a plan
    hold_activity(activity=…, by=user, changes={…})             a plan has been carried out: what became of it
    edit_activity(activity=…, by=user, changes={…})             a correction; figures of past days stay as they were
    void_activity(activity=…, by=user, reason="…")              it counts no longer from today on
    attach_document(activity=…, by=user, file=…)

`changes` maps names of EDITED to values. `homes` are Facility or TakingPart; None leaves them as they are. `photos` are
stored pictures that nobody owns yet. `version` is the one that the user's page showed. Raises Refused with a sentence
for the user, NotYours for whoever may not.
"""

import copy
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from campaign_portal import clock
from campaign_portal.accounts.access import Role
from campaign_portal.accounts.bureaus import bureau_of
from campaign_portal.audit.recording import name_verbs, record, snapshot
from campaign_portal.campaigns.models import Campaign
from campaign_portal.campaigns.services import routine_campaign
from campaign_portal.edges import NotYours, Refused

from .activity_days import wrong_day
from .activity_edges import ACTIVITY_EDGES, HOME_KINDS, may_record
from .models import Activity, ActivityFile, ActivityHome, Facility

name_verbs(
    activity_planned="计划活动",
    activity_recorded="登记活动",
    activity_held="登记活动开展情况",
    activity_edited="修改活动",
    activity_voided="作废活动",
    activity_attached="上传活动材料",
)

EDITED = (
    "campaign", "task", "kind", "title", "held_on", "until_on", "place", "organiser", "organiser_text",
    "people", "attendances", "result",
)  # fmt: skip


class TakingPart(NamedTuple):
    """A home that takes part; `attendances` of its own people, if somebody counted them; `side` of a pairing visit."""

    facility: Facility
    attendances: int | None = None
    side: str = ""


@transaction.atomic
def record_activity(activity, *, by, homes=(), photos=()):
    """Save a new activity (an unsaved Activity with the fields of EDITED), organised by the user's office if by no other.

    Without a campaign it belongs to the routine supervision (日常监管) of its county and year, if that is this year or the
    last. Its last day decides: up to today it is recorded and counts; later it is a plan. The same `sent_key` again gives the activity of the first time.
    """
    if not may_record(by):
        raise NotYours("您的单位或岗位不能登记活动。")
    if twin := _sent_before(activity, by):
        return twin
    if activity.organiser_id is None:
        activity.organiser = by.office
    if activity.campaign_id is None:
        activity.campaign = _routine_campaign_for(activity)
    is_plan = activity.last_day > clock.today()
    activity.status = Activity.Status.PLANNED if is_plan else Activity.Status.RECORDED
    activity.recorded_by, activity.recorded_at = by, clock.now()
    activity.counts_from = None if is_plan else activity.recorded_at
    homes = _taking_part(homes)
    _check(activity, homes, by)
    _check_sight(activity, [part.facility for part in homes], by)
    if twin := _insert(activity, by):
        return twin
    _set_homes(activity, homes)
    _add_files(activity, photos, by)
    verb = "activity.planned" if is_plan else "activity.recorded"
    record(verb, activity, by=by, notes=_home_notes([], homes) | _photo_notes(photos))
    return activity


@transaction.atomic
def hold_activity(*, activity, by, changes=(), homes=None, photos=(), version=None):
    """A planned activity has taken place: `changes` say how it went. It counts from now on."""
    activity, before = _begin(activity, "hold", by=by, version=version)
    activity.status = Activity.Status.RECORDED
    activity.counts_from = clock.now()
    return _finish(activity, "activity.held", before, by=by, changes=changes, homes=homes, photos=photos)


@transaction.atomic
def edit_activity(*, activity, by, changes=(), homes=None, photos=(), removed=(), version=None):
    """Correct an activity. `removed` are its ActivityFile rows that shall no longer be shown.

    Where a correction changes what figures counted on an earlier day, the activity as it stood is left behind as an
    edition: it counts up to yesterday, the corrected one from today on.
    """
    activity, before = _begin(activity, "edit", by=by, version=version)
    return _finish(
        activity, "activity.edited", before, by=by, changes=changes, homes=homes, photos=photos, removed=removed
    )


@transaction.atomic
def void_activity(*, activity, by, reason, version=None):
    """Take an activity out of the figures from today on: entered twice, did not take place. It stays in sight as void."""
    activity, before = _begin(activity, "void", by=by, version=version)
    if not reason.strip():
        raise Refused("请写明作废原因。")
    activity.status = Activity.Status.VOID
    _end(activity, by=by, reason=reason)
    _save(activity, before)
    record("activity.voided", activity, by=by, before=before, reason=reason)
    return activity


@transaction.atomic
def attach_document(*, activity, by, file):
    """Add a stored document (sign-in sheet, programme, courseware) to an activity."""
    activity, _ = _begin(activity, "attach", by=by)
    _add_files(activity, [file], by)
    record("activity.attached", activity, by=by, notes={"材料": ["", file.name]})
    return activity


# What they share


def _begin(activity, verb, *, by, version=None):
    """Lock the activity, check the edge, refuse a page that is out of date. Gives it with a snapshot from before."""
    activity = Activity.objects.locked(activity.pk)
    ACTIVITY_EDGES.check(activity, verb, by=by)
    if version is not None and version != activity.version:
        raise Refused("这条活动刚刚被别人改过。请核对现在的内容再保存，您填写的没有丢。")
    return activity, snapshot(activity)


def _finish(activity, verb, before, *, by, changes, homes, photos=(), removed=()):
    was = copy.copy(activity)
    homes_before = _homes_of(activity)
    homes = homes_before if homes is None else _taking_part(homes)
    for name, value in dict(changes).items():
        setattr(activity, name, value)
    if activity.campaign_id is None:
        activity.campaign = _routine_campaign_for(activity)
    _check(activity, homes, by)
    known = {part.facility for part in homes_before}
    is_moved = activity.campaign_id != before["campaign_id"]
    _check_sight(activity if is_moved else None, [part.facility for part in homes if part.facility not in known], by)
    if _counts_otherwise(activity, before, homes_before, homes):
        _leave_edition(was, homes_before, by=by)
        activity.counts_from = clock.now()
    _save(activity, before)
    if homes != homes_before:
        _set_homes(activity, homes)
    _add_files(activity, photos, by)
    _take_away(activity, removed)
    notes = _home_notes(homes_before, homes) | _photo_notes(photos, removed)
    record(verb, activity, by=by, before=before, notes=notes)
    return activity


def _save(activity, before):
    activity.version += 1
    activity.copy_area(activity.organiser)
    changed = [name for name, value in snapshot(activity).items() if before[name] != value]
    activity.save(update_fields=changed)


def _end(activity, *, by, reason):
    activity.voided_by, activity.voided_at, activity.void_reason = by, clock.now(), reason


def _counts_otherwise(activity, before, homes_before, homes):
    """Whether a day before today has counted it as it no longer stands."""
    if before["status"] != Activity.Status.RECORDED or before["counts_from"] >= clock.start_of(clock.today()):
        return False
    names = [Activity._meta.get_field(name).attname for name in Activity.COUNTED]
    return homes != homes_before or any(getattr(activity, name) != before[name] for name in names)


def _leave_edition(activity, homes, *, by):
    """Keep the activity as it stood as a row of its own, which counts until now."""
    edition = copy.copy(activity)
    edition.pk, edition._state.adding, edition.sent_key = None, True, None
    edition.edition_of, edition.status = activity, Activity.Status.CORRECTED
    _end(edition, by=by, reason="更正")
    edition.save(force_insert=True)
    held = ActivityHome.objects.filter(activity=activity)
    for row in held:
        row.pk, row.activity = None, edition
    ActivityHome.objects.bulk_create(held)


def _insert(activity, by):
    """Save a new activity. Gives None, or the one of the first time if the same form is being saved at this moment."""
    activity.copy_area(activity.organiser)
    try:
        with transaction.atomic():
            activity.save(force_insert=True)
    except IntegrityError as error:
        if "sent_key" not in str(error) and "activity_sent_once" not in str(error):
            raise
        if twin := _sent_before(activity, by):
            return twin
        raise Refused("这份表单已经用过，请重新打开页面填写。") from error


def _sent_before(activity, by):
    if activity.sent_key is None:
        return None
    twin = Activity.objects.filter(sent_key=activity.sent_key, recorded_by=by).first()
    if twin and (twin.title, twin.kind, twin.held_on) != (activity.title, activity.kind, activity.held_on):
        raise Refused(f"这份表单已经登记为“{twin}”。要另登记一次活动，请再点一次提交；要改那一次，请到它的页面修改。")
    return twin


def _routine_campaign_for(activity):
    bureau, year, this_year = bureau_of(activity.organiser), activity.held_on.year, clock.today().year
    if bureau is None:
        raise Refused("请选择所属的专项行动。")
    if year not in (this_year, this_year - 1):  # a mistyped year must not open a campaign
        raise Refused(f"只有今年和去年的活动可以归入日常监管，{year} 年的请选择专项行动，或核对日期。")
    return routine_campaign(bureau, year=year)


# What is refused


def _check(activity, homes, by):
    """Refuse what no form may get past."""
    try:
        activity.validate_constraints(exclude=["sent_key"])
    except ValidationError as error:
        raise Refused(error.messages[0]) from error
    for sentence in (_wrong_days(activity), _wrong_plan(activity), _wrong_homes(activity, homes, by)):
        if sentence:
            raise Refused(sentence)


def _wrong_days(activity):
    campaign = activity.campaign
    if sentence := wrong_day(activity.held_on) or wrong_day(activity.last_day):
        return sentence
    if activity.status == Activity.Status.RECORDED and activity.last_day > clock.today():
        return "活动还没有结束，不能登记为已开展。"
    if not campaign.starts_on <= activity.held_on <= campaign.ends_on:
        period = f"{campaign.starts_on:%Y-%m-%d} 至 {campaign.ends_on:%Y-%m-%d}"
        return f"活动日期不在“{campaign}”的起止日期（{period}）之内，请核对日期，或换一个专项行动。"


def _wrong_plan(activity):
    if activity.campaign.status != Campaign.Status.RUNNING:
        return f"“{activity.campaign}”当前为“{activity.campaign.get_status_display()}”，不能登记活动。"
    if activity.task and activity.task.campaign_id != activity.campaign_id:
        return f"任务“{activity.task}”不属于“{activity.campaign}”。"


def _wrong_homes(activity, homes, by):
    if by.office.kind == Role.HOME and activity.organiser_id == by.office_id and activity.kind not in HOME_KINDS:
        return f"“{activity.get_kind_display()}”由组织单位登记，机构登记{KINDS_OF_HOMES}。"
    counted = sum(home.attendances or 0 for home in homes)
    if counted and activity.attendances is not None and counted > activity.attendances:
        return f"各机构人次合计 {counted}，超过了活动的 {activity.attendances} 人次。"


def _check_sight(activity, homes, by):
    """Refuse a campaign (of the activity, if given) and homes that the user does not see; a home names only itself."""
    if activity and not Campaign.objects.visible_to(by).filter(pk=activity.campaign_id).exists():
        raise NotYours("所选的专项行动不在您的范围内。")
    offered = homes_offered_to(by).filter(pk__in=[home.pk for home in homes])
    if homes and offered.count() < len(homes):
        raise NotYours("所选机构里有不在您范围内的。")


def homes_offered_to(user):
    """The homes of which the user may say that they took part."""
    return Facility.objects.run_by(user) if user.office.kind == Role.HOME else Facility.objects.visible_to(user)


KINDS_OF_HOMES = "、".join(kind.label for kind in HOME_KINDS)


# Its homes and files


def _taking_part(homes):
    """TakingPart of each, in a fixed order, each home once."""
    parts = [home if isinstance(home, TakingPart) else TakingPart(home) for home in homes]
    return sorted({part.facility.pk: part for part in parts}.values(), key=lambda part: part.facility.pk)


def _homes_of(activity):
    rows = activity.homes.select_related("facility")
    return _taking_part(TakingPart(row.facility, row.attendances, row.side) for row in rows)


def _set_homes(activity, homes):
    """Let exactly these homes take part. Who has taken part before keeps the supervisor of then."""
    kept = {row.facility_id: row.supervisor_id for row in activity.homes.all()}
    activity.homes.all().delete()
    ActivityHome.objects.bulk_create(
        ActivityHome(
            activity=activity,
            facility=part.facility,
            supervisor_id=kept.get(part.facility.pk, part.facility.supervisor_id),
            attendances=part.attendances,
            side=part.side if activity.kind == Activity.Kind.PAIRING else "",
        )
        for part in homes
    )


def _add_files(activity, files, by):
    ActivityFile.objects.bulk_create(
        ActivityFile(activity=activity, file=file, added_by=by, added_at=clock.now()) for file in files
    )


def _take_away(activity, removed):
    pks = [row.pk for row in removed]
    ActivityFile.objects.filter(activity=activity, pk__in=pks, removed_at=None).update(removed_at=clock.now())


def _home_notes(before, now):
    return {} if before == now else {"参加机构": [_in_words(before), _in_words(now)]}


SPOKEN = 12  # homes that an event names one by one


def _in_words(homes):
    words = [f"{part.facility}{f' {part.attendances} 人次' if part.attendances else ''}" for part in homes[:SPOKEN]]
    more = f" 等 {len(homes)} 家" if len(homes) > SPOKEN else ""
    return "、".join(words) + more


def _photo_notes(added, removed=()):
    notes = {"照片": ["", f"{len(added)} 张"]} if added else {}
    return notes | ({"去掉的材料": ["", "、".join(str(row) for row in removed)]} if removed else {})
