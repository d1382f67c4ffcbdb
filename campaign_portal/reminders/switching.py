"""Turning a bureau's reminders on and off, and what an administrator decides about a plan that was held back."""

from django.db import transaction
from django.urls import reverse

from campaign_portal import clock
from campaign_portal.accounts.access import Role
from campaign_portal.accounts.models import User
from campaign_portal.audit.recording import name_verbs, record, snapshot
from campaign_portal.edges import NotYours, Refused

from . import messages
from .models import Message, PlanRun, Reminder, ReminderSettings

name_verbs(
    remindersettings_on="启用提醒",
    remindersettings_off="停用提醒",
    remindersettings_changed="修改提醒设置",
    planrun_released="放行提醒",
    planrun_dropped="决定不发提醒",
)


def turn_on(bureau, *, by):
    """From today on people are reminded. What is late already is told in one summary each."""
    return _switch(bureau, by=by, is_on=True)


def turn_off(bureau, *, by):
    """Nothing is planned any more, and what was planned but not sent is not sent."""
    return _switch(bureau, by=by, is_on=False)


@transaction.atomic
def _switch(bureau, *, by, is_on):
    settings = locked_settings(bureau, by=by)
    if settings.is_on == is_on:
        raise Refused(f"提醒已经{'启用' if is_on else '停用'}。")
    before = snapshot(settings)
    settings.is_on, settings.on_since = is_on, clock.today() if is_on else settings.on_since
    settings.version += 1
    settings.save(update_fields=["is_on", "on_since", "version"])
    if is_on:
        _plan_today_anew(bureau)
    else:
        waiting = Reminder.objects.filter(bureau=bureau, status__in=[Reminder.Status.PLANNED, Reminder.Status.HELD])
        waiting.update(status=Reminder.Status.DROPPED, reason=Reminder.Reason.STOPPED)
    record(f"remindersettings.{'on' if is_on else 'off'}", settings, by=by, before=before)
    return settings


def _plan_today_anew(bureau):
    """Turned off and on again within a day: what was dropped in between is planned once more, unless somebody decided that
    the plan of this day is not sent."""
    if not PlanRun.objects.filter(bureau=bureau, day=clock.today(), status=PlanRun.Status.DROPPED).exists():
        stopped = {"status": Reminder.Status.DROPPED, "reason": Reminder.Reason.STOPPED}
        Reminder.objects.filter(bureau=bureau, on=clock.today(), **stopped).delete()


def locked_settings(bureau, *, by):
    """The settings of a bureau, locked for a change by one of its administrators; made on first use."""
    if by.office_id != bureau.pk or bureau.kind != Role.BUREAU or not by.is_administrator:
        raise NotYours("提醒由民政局管理员设置。")
    ReminderSettings.objects.get_or_create(bureau=bureau)
    return ReminderSettings.objects.select_for_update(of=("self",), no_key=True).get(bureau=bureau)


def release(run, *, by):
    """Send what was held back."""
    return _decide(run, by=by, status=PlanRun.Status.RELEASED, to=Reminder.Status.PLANNED)


def drop(run, *, by):
    """Do not send what was held back."""
    return _decide(run, by=by, status=PlanRun.Status.DROPPED, to=Reminder.Status.DROPPED)


@transaction.atomic
def _decide(run, *, by, status, to):
    run = PlanRun.objects.select_for_update(of=("self",), no_key=True).get(pk=run.pk)
    if by.office_id != run.bureau_id or not by.is_administrator:
        raise NotYours("提醒由民政局管理员放行。")
    if run.status != PlanRun.Status.HELD:
        raise Refused(f"这一天的提醒{run.get_status_display()}，不用再办。")
    before = snapshot(run)
    run.status, run.decided_by, run.decided_at = status, by, clock.now()
    run.save(update_fields=["status", "decided_by", "decided_at"])
    reason = Reminder.Reason.STOPPED if to == Reminder.Status.DROPPED else Reminder.Reason.NONE
    held = Reminder.objects.filter(bureau=run.bureau_id, on=run.day, status=Reminder.Status.HELD)
    held.update(status=to, reason=reason)
    record(f"planrun.{status}", run, by=by, before=before)
    return run


def tell_administrators(run, *, most):
    """A plan was held back: say so to who can release it. In the transaction that holds it."""
    title = f"{run.day:%m月%d日}的提醒超过每次 {most} 人，先没有发出"
    text = f"这一天要提醒 {run.people} 人、{run.planned} 项。请到“提醒设置”看过名单，再决定放行或不发。"
    for user in User.objects.filter(office=run.bureau_id, is_active=True, is_administrator=True):
        key = f"held:{run.pk}:u{user.pk}"
        url = reverse("reminders:settings")
        messages.tell(key, kind=Message.Kind.SYSTEM, user=user, title=title, text=text, url=url, is_urgent=True)
