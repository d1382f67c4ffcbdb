"""Duties about homes: papers to renew, and planned activities to tell of."""

from django.db.models.functions import Coalesce
from django.urls import reverse

from campaign_portal import clock
from campaign_portal.accounts import access
from campaign_portal.accounts.access import Role
from campaign_portal.campaigns.models import Campaign
from campaign_portal.deadlines.registry import Duty, Entry, Kind, Post, Rung, register, stream

from .activity_edges import RECORDERS
from .activity_filters import list_url
from .models import Activity, Facility, Licence


def licences_due(user, today):
    """Licences to renew of running homes: a home's own, and those of the homes that an office supervises."""
    homes = Facility.objects.filter(status=Facility.Status.RUNNING)
    homes = homes.run_by(user) if user.office.kind == Role.HOME else homes.answered_for_by(user.office)
    rows = Licence.objects.due(on=today).filter(facility__in=homes)
    return rows.select_related("facility").order_by("expires_on", "pk")


def duty(licence):
    return Duty(
        title=f"{licence.facility} {licence.get_kind_display()}",
        note=f"编号 {licence.number or '未填'} · 有效期至 {licence.expires_on:%Y-%m-%d}",
        url=reverse("facilities:licence-edit", args=[licence.facility_id, licence.pk]),
        due_on=licence.expires_on,
        action="更新证照",
    )


def licences_to_renew():
    """Those of running homes that expire at all."""
    return Licence.objects.filter(expires_on__isnull=False, facility__status=Facility.Status.RUNNING)


def licence_entry(row):
    home = row.facility__short_name or row.facility__name
    title = f"{home} {Licence.Kind(row.kind).label}到期"
    posts = (Rung.RESPONSIBLE, Post(row.facility__office_id)), (Rung.SUPERVISOR, Post(row.facility__supervisor_id))
    url = reverse("facilities:facility", args=[row.facility_id])
    return Entry(row.pk, row.expires_on, title, url, posts)


READ = ("pk", "kind", "expires_on", "facility_id")
HOME = ("facility__name", "facility__short_name", "facility__office_id", "facility__supervisor_id")


def all_of_them(user):
    filters = "?licence=expiring&status=running"
    return reverse("facilities:facilities") + filters + ("" if user.office.kind == Role.HOME else "&supervisor=own")


register(
    Kind(
        code="licence_expiry",
        label="证照到期",
        roles=frozenset({Role.HOME, Role.TOWNSHIP, Role.BUREAU}),
        rows=licences_due,
        duty=duty,
        url=all_of_them,
        basis="证照上的有效期",
        open=licences_to_renew,
        due="expires_on",
        entries=stream(READ + HOME, licence_entry),
        area="facility__",
        visible=lambda rows, user: rows.filter(access.scope_of(user).as_q(path="facility__")),
    )
)


# Activities that were planned


def activities_to_tell(user, today):
    """Planned activities of the user's office whose last day has come: nobody has said yet how they went."""
    return Activity.objects.filter(organiser=user.office_id).to_be_told(on=today)


def duty_to_tell(activity):
    return Duty(
        title=activity.title,
        note="、".join(filter(None, [activity.get_kind_display(), activity.place])),
        url=reverse("activities:activity-hold", args=[activity.pk]),
        due_on=activity.due_on,
        action="登记开展情况",
    )


def plans():
    return Activity.objects.filter(status=Activity.Status.PLANNED, campaign__status=Campaign.Status.RUNNING).annotate(
        due_on=Coalesce("until_on", "held_on")
    )


def plan_entry(row):
    posts = ((Rung.RESPONSIBLE, Post(row.organiser_id)),)
    return Entry(row.pk, row.due_on, f"登记活动 {row.title}", reverse("activities:activity", args=[row.pk]), posts)


def all_plans(user):
    return list_url(state="planned", organiser=user.office_id, until=clock.today())


register(
    Kind(
        code="activity_held",
        label="登记活动开展情况",
        roles=RECORDERS,
        rows=activities_to_tell,
        duty=duty_to_tell,
        url=all_plans,
        basis="计划的活动日期",
        open=plans,
        entries=stream(("pk", "title", "due_on", "organiser_id"), plan_entry),
    )
)
