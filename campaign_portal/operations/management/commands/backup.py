from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from campaign_portal import clock
from campaign_portal.operations import archive, backup, databases


class Command(BaseCommand):
    help = "Back up database and files into one archive, or verify one."

    def add_arguments(self, parser):
        parser.add_argument("target", type=Path, help="a new file, or a folder that gets portal-DATE-TIME.tar")
        parser.add_argument("--with-key", action="store_true", help="put PORTAL_SECRET_KEY into the archive as well")
        parser.add_argument("--verify", action="store_true", help="only read TARGET and compare every hash")

    def handle(self, *, target, with_key, verify, **options):
        try:
            if verify:
                return self.stdout.write(f"备份完好：{target}，{in_words(archive.verify(target))}")
            return self.back_up(target, with_key=with_key)
        except (archive.Damaged, backup.Refused, databases.Trouble, OSError) as error:
            raise CommandError(str(error)) from error

    def back_up(self, target, *, with_key):
        if target.is_dir():
            target = target / f"portal-{timezone.localtime(clock.now()):%Y%m%d-%H%M%S}.tar"
        manifest = backup.back_up(target.absolute(), with_key=with_key)
        self.stdout.write(f"已备份到 {target}，{in_words(manifest)}")
        if not with_key:
            self.stdout.write("备份不含密钥：请另行保管 PORTAL_SECRET_KEY。")
        if manifest["lost"]:
            raise CommandError(
                f"备份已写好，但有 {len(manifest['lost'])} 个文件在本机已丢失或损坏，不在备份里："
                f"{'、'.join(manifest['lost'][: archive.NAMED_AT_MOST])}"
            )


def in_words(manifest):
    rows = sum(manifest["tables"].values())
    return (
        f"版本 {manifest['portal']}，{manifest['made_at']}，{len(manifest['tables'])} 张表 {rows} 行，"
        f"{manifest['files']} 个文件 {manifest['bytes'] / 1024 / 1024:.1f} MB，"
        f"密钥指纹 {manifest['key'] or '无'}（{'在备份里' if manifest['has_key'] else '不在备份里'}）。"
    )
