"""What self-checks ask of whom by when."""

from django.db.models import Count
from django.urls import reverse

from campaign_portal import clock
from campaign_portal.accounts import access
from campaign_portal.accounts.access import Role
from campaign_portal.deadlines.registry import Duty, Entry, Kind, Post, Rung, day_of, register, stream
from facilities.models import Facility

from .models import SelfCheck

HOME = frozenset({Role.HOME})
DUE = SelfCheck.Status.DUE


def _to_fill(user, today):
    rows = SelfCheck.objects.filter(facility__in=access.scope_of(user).runs, status=DUE)
    rows = rows.filter(facility__status=Facility.Status.RUNNING, round__opens_on__lte=today)
    return rows.annotate(answered=Count("answers")).select_related("round", "supervisor").order_by("due_on", "pk")


def _fill_duty(check):
    action = "继续自查" if check.answered else "开始自查"
    progress = f"已填 {check.answered} 项，接着填" if check.answered else "逐项自查，拍照，签名提交；没有隐患也要零报告"
    return Duty(check.round.title, progress, check.get_absolute_url(), check.due_on, action)


def _open():
    """Those that a running home has been asked for by now."""
    rows = SelfCheck.objects.filter(status=DUE, facility__status=Facility.Status.RUNNING)
    return rows.filter(round__opens_on__lte=clock.today())


def _entry(row):
    title = f"{row.facility__short_name or row.facility__name} {row.round__title}"
    posts = (Rung.RESPONSIBLE, Post(row.facility__office_id)), (Rung.SUPERVISOR, Post(row.supervisor_id))
    return Entry(row.pk, row.due_on, title, reverse("selfcheck:check", args=[row.pk]), posts)


READ = (
    "pk",
    "due_on",
    "round__title",
    "facility__name",
    "facility__short_name",
    "facility__office_id",
    "supervisor_id",
)


register(
    Kind(
        code="selfcheck",
        label="安全自查",
        roles=HOME,
        rows=_to_fill,
        duty=_fill_duty,
        url=lambda user: reverse("selfcheck:rounds"),
        basis="布置自查时定的截止日期",
        open=_open,
        entries=stream(READ, _entry),
        visible=lambda rows, user: rows & SelfCheck.objects.visible_to(user),
    )
)


DAYS_TO_READ = 3


def _entered_for_home(user, today):
    rows = SelfCheck.objects.filter(facility__in=access.scope_of(user).runs, read_at__isnull=True)
    rows = rows.exclude(proxy_reason="").select_related("round", "submitted_by__office")
    return rows.order_by("submitted_at", "pk")


def _read_duty(check):
    by = check.submitted_by
    title = f"{by.office.short_name}{by.name}代您填了“{check.round.title}”，请核对"
    due_on = day_of(check.submitted_at) + DAYS_TO_READ * clock.ONE_DAY
    return Duty(title, f"原因：{check.proxy_reason}", check.get_absolute_url(), due_on, "核对")


register(
    Kind(
        code="selfcheck_read",
        label="核对代填的自查",
        roles=HOME,
        rows=_entered_for_home,
        duty=_read_duty,
        url=lambda user: reverse("selfcheck:rounds"),
    )
)


def _to_urge(user, today):
    late = SelfCheck.objects.filter(supervisor=user.office, status=DUE, due_on__lt=today).with_duty(on=today)
    late = late.filter(is_asked=True, facility__status=Facility.Status.RUNNING)  # who has closed since answers no more
    return late.select_related("round", "facility").order_by("due_on", "pk")


def _urge_duty(check):
    home = check.facility
    note = f"{home.director} {home.director_phone} · {check.round.title}"
    return Duty(f"督促 {home} 提交自查", note, check.get_absolute_url(), check.due_on, "督促")


register(
    Kind(
        code="selfcheck_urge",
        label="督促逾期自查",
        roles=frozenset({Role.TOWNSHIP, Role.BUREAU}),
        rows=_to_urge,
        duty=_urge_duty,
        url=lambda user: reverse("selfcheck:rounds"),
    )
)
