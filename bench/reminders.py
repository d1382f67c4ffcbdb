"""Measure planning and telling: every open deadline of a nation speaks on the same day.

    python tests/services.py -- sh -c "python -m bench.make_data 110000 && python -m bench.reminders"

100,000 open hazards in 200 counties fall due today. Prints how long the plan takes on one core, a second one, and how long
10,000 digests take to be made and sent to a mail server on this machine.
"""

import os
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")

DEADLINES, PEOPLE = 100_000, 10_000


def bureaus():
    """A bureau with reminders on for each county that has hazards."""
    from campaign_portal import clock
    from campaign_portal.accounts import access
    from campaign_portal.accounts.access import Role
    from campaign_portal.accounts.models import Area, Office
    from campaign_portal.accounts.services import create_office
    from campaign_portal.reminders.models import ReminderSettings
    from tests.builders import make_user

    found = []
    for area in Area.objects.filter(level="county", name__startswith="县"):
        office = Office.objects.filter(kind=Role.BUREAU, area=area).first()
        if office is None:
            office = create_office(name=f"{area.name}民政局", short_name=area.name, kind=Role.BUREAU, area=area)
            access.grant(office, "oversee_area", area)
        make_user(office, username=f"bench_bureau_{office.pk}", is_approver=True)
        ReminderSettings.objects.create(bureau=office, is_on=True, on_since=clock.today(), most_people=100_000)
        found.append(office)
    return found


def fall_due():
    """So many hazards are open and due on the working day that today is or that comes next; of the others none is open."""
    from campaign_portal import clock
    from campaign_portal.deadlines import workdays
    from inspections.models import Hazard

    day = workdays.calendar().on_or_after(clock.today())
    rows = Hazard.objects.order_by("pk")
    last = rows.values_list("pk", flat=True)[DEADLINES]
    far = day + 900 * clock.ONE_DAY
    rows.filter(pk__gte=last).update(status="returned", due_on=far, closed_at=None, closed_by=None)
    rows.filter(pk__lt=last).update(status="open", due_on=day, verified_at=clock.now(), closed_at=None, closed_by=None)
    return day


def timed(what, act):
    start = time.perf_counter()
    outcome = act()
    print(f"{what:<60}{time.perf_counter() - start:8.1f} s")
    return outcome


def send(people):
    """Make the digests of so many people and send each by e-mail, from two processes, to a mail server on this machine."""
    import subprocess
    from multiprocessing import Pool

    from django.conf import settings
    from django.db import connections

    from campaign_portal.reminders.models import Address, Delivery
    from tests.services import free_ports

    _let_them_see(people)
    Address.objects.bulk_create(Address(user_id=int(who[1:]), email=f"{who}@example.gov.cn") for who in people)
    (settings.EMAIL_PORT,) = free_ports(1)
    settings.EMAIL_HOST, settings.EMAIL_USE_SSL, settings.EMAIL_USE_TLS = "127.0.0.1", False, False
    settings.DEFAULT_FROM_EMAIL = "portal@example.gov.cn"
    sink = ["aiosmtpd", "-n", "-c", "aiosmtpd.handlers.Sink", "-l", f"127.0.0.1:{settings.EMAIL_PORT}"]
    server = subprocess.Popen(sink)
    connections.close_all()
    with Pool(2) as pool:
        timed(f"{len(people):,} digests made", lambda: pool.map(compose, people, chunksize=50))
        letters = list(Delivery.objects.filter(channel="email").values_list("pk", flat=True))
        connections.close_all()
        timed(f"{len(letters):,} of them sent by e-mail", lambda: pool.map(deliver, letters, chunksize=50))
    server.terminate()
    print(f"  {Delivery.objects.filter(channel='email', status='sent').count():,} arrived")


def _let_them_see(people):
    """Each of these runs his home, as the copies of make_data do not."""
    from django.contrib.auth.models import Permission

    from facilities.models import Facility, FacilityGrant
    from tests.builders import LONG_AGO

    homes = Facility.objects.filter(office__users__in=[who[1:] for who in people]).values_list("pk", "office__group")
    run = Permission.objects.get(codename="run_facility")
    FacilityGrant.objects.bulk_create(
        (
            FacilityGrant(permission=run, group_id=group, content_object_id=pk, valid_from=LONG_AGO)
            for pk, group in homes
        ),
        ignore_conflicts=True,
    )


def compose(who):
    from campaign_portal.reminders import digests

    with at_ten():
        digests.compose(who, urgent_only=False)


def deliver(pk):
    from campaign_portal.reminders import tasks

    with at_ten():
        tasks.deliver(pk)


def at_ten():
    """Within the block it is ten in the morning of the day on which everything falls due."""
    from datetime import datetime

    from django.utils import timezone

    from campaign_portal import clock
    from campaign_portal.deadlines import workdays

    day = workdays.calendar().on_or_after(clock.today())
    return clock.at(timezone.make_aware(datetime(day.year, day.month, day.day, 10)))


def main():
    from campaign_portal.reminders import planner
    from campaign_portal.reminders.models import Reminder

    offices, _ = bureaus(), fall_due()
    with at_ten():
        for again in ("the plan of the day", "a second plan"):
            before = Reminder.objects.count()
            timed(f"{again}, {len(offices)} counties", lambda: [planner.plan(office) for office in offices])
            print(f"  {Reminder.objects.count() - before:,} reminders more")
    people = Reminder.objects.filter(user__isnull=False).order_by("who").values_list("who", flat=True).distinct()
    send(list(people[:PEOPLE]))


if __name__ == "__main__":
    django.setup()
    main()
