import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from campaign_portal.campaigns.notice import NoticeError, open_notice, read_notice


class Command(BaseCommand):
    help = "Read a notice (.txt, .docx, PDF with text) and print what it says: phases, tasks, deadlines, targets."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", help="one JSON object with every item and its source phrase")

    def handle(self, *, file, json: bool, **options):
        try:
            reading = read_notice(open_notice(file.read_bytes(), file.name))
        except OSError as error:
            raise CommandError(f"打不开文件“{file}”。") from error
        except NoticeError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(as_json(reading) if json else "\n".join(summary(reading)))


def as_json(reading):
    return json.dumps(reading.as_json(), ensure_ascii=False, indent=2)


def summary(reading):
    """The reading as lines for a person."""
    yield f"标题：{reading.title.value if reading.title else '（没有读到）'}"
    yield f"文号：{reading.document_number.value if reading.document_number else '（没有）'}"
    yield f"发文机关：{'、'.join(p.value for p in reading.issuers) or '（没有读到）'}"
    yield f"成文日期：{reading.issue_date.value if reading.issue_date else '（没有读到）'}"
    if reading.period:
        yield f"起止：{reading.period.starts_on} 至 {reading.period.ends_on}{'（由阶段推算）' if reading.period.is_derived else ''}"
    yield from (f"阶段：{p.name} {p.starts_on} 至 {p.ends_on}" for p in reading.phases)
    yield from (f"任务：{'  ' * (t.level - 1)}{t.text}" for t in reading.tasks)
    yield from (f"期限：{d.date or d.recurrence or f'{d.amount} {d.unit}'}  {d.text}" for d in reading.deadlines)
    yield from (f"指标：{t.comparator} {t.value}{t.unit}  {t.text}" for t in reading.targets)
    yield from (f"提示：{f.message}" for f in reading.findings)
