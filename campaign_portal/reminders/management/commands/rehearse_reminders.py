import unicodedata
from datetime import date

from django.core.management.base import BaseCommand, CommandError

from campaign_portal import clock
from campaign_portal.accounts.access import Role
from campaign_portal.accounts.models import Office
from campaign_portal.deadlines.registry import Rung
from campaign_portal.reminders.models import ReminderSettings
from campaign_portal.reminders.rehearsal import rehearse

EVERYBODY = 1_000_000


class Command(BaseCommand):
    help = "Print who would be reminded of what on a day, and why. Writes nothing and sends nothing."

    def add_arguments(self, parser):
        parser.add_argument("--on", type=date.fromisoformat, help="the day, 2026-12-01; today if not given")
        parser.add_argument("--bureau", default="", help="pk of a bureau or code of its area; all bureaus if not given")

    def handle(self, *, on, bureau, **options):
        for office in _bureaus(bureau):
            for line in _report(office, on or clock.today()):
                self.stdout.write(line)


def _bureaus(wanted):
    rows = Office.objects.filter(kind=Role.BUREAU, is_active=True).select_related("area")
    if wanted:
        rows = rows.filter(area__code=wanted.ljust(12, "0")) if len(wanted) >= 6 else rows.filter(pk=_number(wanted))
    if not rows:
        raise CommandError("There is no such bureau.")
    return rows


def _number(text):
    if not text.isdecimal():
        raise CommandError("--bureau takes the pk of a bureau or the code of its area.")
    return int(text)


def _report(bureau, on):
    plan = rehearse(bureau, on, most=EVERYBODY)
    is_on = ReminderSettings.objects.filter(bureau=bureau, is_on=True).exists()
    yield f"{bureau} {on} 提醒预演（{'已启用' if is_on else '未启用，不会发出'}）"
    yield (
        f"{plan.people} 人，{plan.reminders} 项提醒；每日汇总 {plan.digests} 条，立即提醒 {plan.urgent} 项，"
        f"{plan.without_account} 人没有账号"
    )
    yield from _table([["事项", *Rung.labels, "合计"], *([one.kind, *one.by_rung, one.count] for one in plan.totals)])
    for person in plan.recipients:
        account = "" if person.has_account else f"（无账号，{_masked(person.phone) or '没有电话'}）"
        yield f"\n{person.name} {person.office}{account}"
        yield from _table([["事项", "期限", "内容", "依据"], *map(_row, person.lines)])
    yield ""


def _row(line):
    title = f"{'[立即] ' if line.is_urgent else ''}{line.title}"
    return [line.kind, line.due_on, title, line.why]


def _masked(phone):
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 11 else phone


def _table(rows):
    """Columns as wide as their widest cell; a Chinese character is as wide as two others."""
    rows = [[str(cell) for cell in row] for row in rows]
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True))
        yield f"  {'  '.join(cells).rstrip()}"


def _width(text):
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
