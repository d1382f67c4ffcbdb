from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from campaign_portal import clock
from campaign_portal.accounts.models import Office
from campaign_portal.campaigns import snapshots
from campaign_portal.demo import campaigns, content, county, jiangyin, lives
from inspections import daily

SHOWN = ["bolin_home", "bolin", "bolin_leader", "fire", "housing", "bureau", "bureau_leader", "bureau_admin",
         "longxingshi", "association", "evaluator", "guiyang", "jiangyin", "jiangyin_assoc"]  # fmt: skip


class Command(BaseCommand):
    help = "Fill an empty database with a demonstration county whose campaign is two thirds through today."

    def add_arguments(self, parser):
        parser.add_argument("--if-empty", action="store_true", help="do nothing if there are offices already")
        parser.add_argument("--accounts", action="store_true", help="only print the accounts")
        parser.add_argument("--seed", type=int, default=2026, help="another seed, another (repeatable) county")
        parser.add_argument("--hazards", type=int, default=600, help="about how many hazards")

    def handle(self, *, if_empty, accounts, seed, hazards, **options):
        if accounts:
            return self.print_accounts()
        if Office.objects.exists():
            if if_empty:
                return None
            raise CommandError("The database is not empty. The demo only fills an empty one.")
        self.stdout.write("演示数据生成中，约一分钟……")
        with transaction.atomic():
            places = county.build(today=clock.today())
            lives.live(places, seed=seed, count=hazards, now=clock.now())
            daily.count_missing()
            campaigns.go_on(places.campaign, places.people, places.homes, today=clock.today())
            snapshots.count_missing()
            jiangyin.live(county.PASSWORD)
        self.stdout.write(self.style.SUCCESS("演示数据已生成。"))
        return None

    def print_accounts(self):
        people = {person["username"]: person for person in [*content.PEOPLE, *jiangyin.PEOPLE]}
        offices = {office["key"]: office["name"] for office in content.OFFICES}
        self.stdout.write(f"演示账号（密码都是 {county.PASSWORD}）：")
        for username in SHOWN:
            person = people[username]
            office = offices.get(person["office"], person["office"])
            self.stdout.write(f"  {username:<14} {office} {person['name']} — {person['note']}")
