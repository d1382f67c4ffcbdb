from django.core.management.base import BaseCommand, CommandError

from campaign_portal.accounts import second_factor
from campaign_portal.accounts.models import User
from campaign_portal.edges import Refused


class Command(BaseCommand):
    help = "Take away the second factor of an account whose owner lost phone and recovery codes (nobody above can)."

    def add_arguments(self, parser):
        parser.add_argument("username")

    def handle(self, *args, username, **options):
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"没有账号 {username}。")
        try:
            second_factor.reset(user=user, by=None)
        except Refused as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{user.name}（{username}）的两步验证已解除。")
