from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from campaign_portal.operations import archive, backup, databases
from campaign_portal.operations.readiness import known_migrations

from .backup import in_words


class Command(BaseCommand):
    help = "Restore an archive of `backup` into an empty database and an empty folder."

    def add_arguments(self, parser):
        parser.add_argument("archive", type=Path)
        parser.add_argument("--key-to", type=Path, help="a new file for the key, if the archive has one")

    def handle(self, *, key_to, **options):
        try:
            manifest = backup.restore(options["archive"], key_to=key_to)
        except (archive.Damaged, backup.Refused, databases.Trouble, OSError) as error:
            raise CommandError(f"{error} 没有改动任何内容。") from error
        except backup.Differs as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"已恢复并核对：{in_words(manifest)}")
        if manifest["lost"]:
            self.stdout.write(
                f"备份时已丢失的文件 {len(manifest['lost'])} 个，这里也没有：{'、'.join(manifest['lost'])}"
            )
        if manifest["key"] != backup.fingerprint(backup.given_key()):
            self.stdout.write(
                "注意：PORTAL_SECRET_KEY 与备份时的不同。请换成原来的密钥再启动，否则加密保存的内容读不出来。"
            )
        if len(manifest["migrations"]) < len(known_migrations()):
            self.stdout.write("备份来自较早的版本：请接着运行 manage.py migrate。")
