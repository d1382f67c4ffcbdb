"""Duties about homes: papers to renew, and planned activities to tell of."""

from django.urls import reverse

from campaign_portal import clock
from campaign_portal.accounts.access import Role
from campaign_portal.deadlines.registry import Duty, Kind, register

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
    )
)
