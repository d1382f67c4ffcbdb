from datetime import date

from django.core.management.base import BaseCommand, CommandError

from campaign_portal import clock
from inspections import daily


class Command(BaseCommand):
    help = "Count the daily figures: the missing days, or every day of a range anew from the hazards' history."

    def add_arguments(self, parser):
        parser.add_argument("--from", dest="first", type=date.fromisoformat, help="first day to count anew, 2026-08-01")
        parser.add_argument("--to", dest="last", type=date.fromisoformat, help="last day; yesterday if not given")

    def handle(self, *, first, last, **options):
        if first is None and last is not None:
            raise CommandError("--to needs --from.")
        last = last or clock.today() - clock.ONE_DAY
        days = daily.count_days(first, last) if first else daily.count_missing()
        self.stdout.write(f"{days} days counted.")
