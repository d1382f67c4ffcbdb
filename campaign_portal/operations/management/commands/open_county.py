from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from campaign_portal.operations import county


class Command(BaseCommand):
    help = "Make a county with its offices and its first administrator, as a TOML file describes them."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, *, file, **options):
        try:
            administrator, password = county.open_county(file)
        except (county.CannotOpen, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"已建立{administrator.office.name}及其单位。")
        self.stdout.write(
            f"管理员 {administrator.name}：账号 {administrator.username}，初始密码 {password}（只显示这一次）"
        )
