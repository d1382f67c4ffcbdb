"""When a bureau's portal may speak: on working days, in its working hours."""

from datetime import datetime

from django.utils import timezone

from campaign_portal import clock
from campaign_portal.accounts.access import Role
from campaign_portal.accounts.bureaus import bureau_of
from campaign_portal.deadlines import workdays

from .models import ReminderSettings


def settings_of(office):
    """The reminder settings of the bureau that answers for an office; the defaults, unsaved, where nobody has set any."""
    bureau = office if office.kind == Role.BUREAU else bureau_of(office)
    return ReminderSettings.objects.filter(bureau=bureau).first() or ReminderSettings(bureau=bureau)


def is_open(settings, moment=None):
    """Whether `moment` (now if not given) lies in the working hours of a working day."""
    local = timezone.localtime(moment or clock.now())
    in_hours = settings.send_from <= local.time() < settings.send_until
    return in_hours and workdays.calendar().is_workday(local.date())


def next_opening(settings, moment=None):
    """The moment itself if it lies in working hours, else the next one that does. Aware."""
    moment = moment or clock.now()
    if is_open(settings, moment):
        return moment
    local = timezone.localtime(moment)
    calendar = workdays.calendar()
    is_before = calendar.is_workday(local.date()) and local.time() < settings.send_from
    day = local.date() if is_before else calendar.add(local.date(), 1)
    return timezone.make_aware(datetime.combine(day, settings.send_from))
