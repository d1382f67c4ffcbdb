"""Measure the import of an old ledger, seconds and peak memory, against django-import-export on the same file.

    python tests/services.py -- python -m bench.sheets_import 100000
    python tests/services.py -- python -m bench.sheets_import 5000 --rival

Ours checks every row and then checks and writes it, as the two jobs do. django-import-export imports the same columns into
the same model, one foreign key looked up by name, as its documentation shows; its rows get no part, no history, no number
from a counter and no event. Each runs in a process of its own, so that the peak is its own.
"""

import datetime
import io
import os
import resource
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
HOMES = 40
HEAD = ["原编号", "机构名称", "排查日期", "排查方式", "隐患部位", "隐患描述", "类别", "等级", "责任单位", "责任人", "责任人电话",
        "整改措施", "整改资金", "整改期限", "状态", "整改完成日期", "销号日期"]  # fmt: skip


def workbook(count):
    """The bytes of a ledger with `count` rows for HOMES homes, four in five struck off."""
    import xlsxwriter

    out, first = io.BytesIO(), datetime.date(2024, 1, 1)
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("台账")
        sheet.write_row(0, 0, HEAD)
        for n in range(count):
            day = first + datetime.timedelta(days=n % 900)
            later = [str(day + datetime.timedelta(days=extra)) for extra in (15, 8, 12)]
            closed = n % 5 != 0
            sheet.write_row(n + 1, 0, [
                f"L{n}", f"第{n % HOMES}敬老院", str(day), "日常检查", "走廊", f"第{n}处疏散通道堆放杂物", "消防安全", "一般", "消防",
                "王建国", 13800000001, "清空通道，每日巡查", 0.5, later[0], "已销号" if closed else "未整改",
                later[1] if closed else "", later[2] if closed else "",
            ])  # fmt: skip
    return out.getvalue()


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def timed(label, act, count):
    """Prints wall-clock seconds, this process's own CPU seconds (the database's are not in them) and the peak so far."""
    start, start_cpu = time.perf_counter(), time.process_time()
    act()
    took, cpu = time.perf_counter() - start, time.process_time() - start_cpu
    print(f"{label}: {took:.1f} s, own CPU {cpu:.1f} s for {count} rows, peak {peak()} MB", flush=True)


def county():
    from tests import builders

    county = builders.make_county()
    for number in range(HOMES):
        builders.make_facility(f"第{number}敬老院", supervisor=list(county.townships.values())[number % 2])
    return builders.make_user(county.bureau)


def ours(user, data, count):
    from campaign_portal.sheets import importing
    from campaign_portal.sheets.importers import IMPORTERS
    from inspections.models import Hazard
    from tests import import_books as books

    batch = importing.upload(IMPORTERS["hazards"], books.upload(data), by=user)
    print(f"file of {len(data) / 1e6:.1f} MB, uploaded, peak {peak()} MB", flush=True)
    timed("check", lambda: importing._look(batch, user), count)
    timed("check and write", lambda: importing._write(batch, user), count)
    timed("take back", lambda: importing._undo(batch, user), count)
    assert Hazard.objects.filter(status="void").count() == count, batch.counts


def rival(user, data, count):
    """django-import-export with the options its documentation recommends for bulk."""
    import tablib
    from import_export import fields, resources, widgets

    from campaign_portal import clock
    from campaign_portal.campaigns.services import routine_campaign
    from facilities.models import Facility
    from inspections.models import Category, Hazard

    campaign, category = routine_campaign(user.office, year=2026), Category.objects.get(code="fire", owner=None)

    class Ledger(resources.ModelResource):
        facility = fields.Field("facility", "机构名称", widgets.ForeignKeyWidget(Facility, "name"))
        found_on = fields.Field("found_on", "排查日期", widgets.DateWidget("%Y-%m-%d"))
        due_on = fields.Field("due_on", "整改期限", widgets.DateWidget("%Y-%m-%d"))
        place = fields.Field("place", "隐患部位")
        summary = fields.Field("summary", "隐患描述")
        measure = fields.Field("measure", "整改措施")
        responsible = fields.Field("responsible", "责任人")
        funds = fields.Field("funds", "整改资金", widgets.DecimalWidget())
        old_code = fields.Field("old_code", "原编号")

        class Meta:
            model = Hazard
            import_id_fields = ("old_code",)
            fields = (
                "facility",
                "found_on",
                "due_on",
                "place",
                "summary",
                "measure",
                "responsible",
                "funds",
                "old_code",
            )
            use_bulk = True
            batch_size = 2000
            skip_diff = True

        def before_save_instance(self, instance, row, **kwargs):
            self.number = getattr(self, "number", 0) + 1
            instance.number, instance.code = self.number, f"R-{self.number}"
            instance.campaign, instance.category, instance.found_by = campaign, category, user.office
            instance.supervisor_id, instance.status = instance.facility.supervisor_id, "open"
            instance.reported_by = instance.verified_by = user
            instance.reported_at = instance.verified_at = clock.now()
            instance.copy_area(instance.facility)

    def run():
        sheet = tablib.Dataset().load(data, format="xlsx")
        result = Ledger().import_data(sheet, raise_errors=True)
        assert not result.has_errors()

    timed("django-import-export", run, count)
    assert Hazard.objects.count() == count


def main(count, act):
    django.setup()
    from django.test.utils import setup_databases, teardown_databases

    old = setup_databases(verbosity=0, interactive=False)
    try:
        act(county(), workbook(count), count)
    finally:
        teardown_databases(old, verbosity=0)


if __name__ == "__main__":
    main(int(sys.argv[1]), rival if "--rival" in sys.argv else ours)
