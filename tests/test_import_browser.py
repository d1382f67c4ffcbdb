"""A clerk takes an old ledger over by real clicks: match, mend a word, import, fetch what is left, take it back."""

import openpyxl
import pytest
from playwright.sync_api import expect

from inspections.models import Hazard

from . import builders
from . import import_books as books
from .browser import axe_violations, follow, press
from .hazards import Cast

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_old_ledger_is_taken_over_and_taken_back(desk, tmp_path):
    cast = Cast(name="柏林镇敬老院", short_name="柏林院")
    builders.make_facility("马田夕阳红老年公寓", supervisor=cast.township)
    rows = [
        books.row("柏林院", "2026-3-5", "二楼通道堆放杂物"),
        books.row("柏林养老院", "2026.3.6", "灭火器过期"),
        books.row("柏林院", "明年", "扶手松动"),
        ["合计", None, None, 3],
    ]
    page = desk(cast.clerk)
    follow(page, "导入表格")
    assert axe_violations(page) == []
    page.get_by_label("隐患台账").check()
    page.get_by_label("Excel 文件（.xlsx）").set_input_files(
        {"name": books.NAME, "mimeType": "application/octet-stream", "buffer": books.ledger(rows)}
    )
    press(page, "上传并核对")

    expect(page.get_by_role("heading", name="隐患台账：各列对应什么")).to_be_visible()
    assert axe_violations(page) == []
    page.get_by_label("E 部位").select_option("不导入")
    press(page, "核对每一行")

    expect(page.get_by_text("还没有写入。")).to_be_visible()
    expect(page.get_by_role("row", name="C5 找不到机构“柏林养老院”，是不是“柏林镇敬老院”？")).to_be_visible()
    expect(page.get_by_role("row", name="D6 “明年”不是日期，请写成 2026-03-05 这样的日期")).to_be_visible()
    assert axe_violations(page) == []
    assert not Hazard.objects.exists()

    page.get_by_label("机构名称“柏林养老院”").select_option("柏林镇敬老院")
    press(page, "按选择重新核对")
    expect(page.get_by_text("C5", exact=True)).to_have_count(0)
    press(page, "导入这 2 条")
    press(page, "确定")
    expect(page.get_by_text("已导入。")).to_be_visible()
    assert set(Hazard.objects.values_list("place", "facility")) == {("其他", cast.home.pk)}
    assert axe_violations(page) == []

    with page.expect_download() as download:
        press(page, "下载要修改的 1 行（.xlsx）")
    kept = tmp_path / "mend.xlsx"
    download.value.save_as(kept)
    assert openpyxl.load_workbook(kept).active["E2"].value == "明年"

    page.reload()
    press(page, "撤销这次导入")
    press(page, "确定")
    expect(page.get_by_text("撤回 2 条")).to_be_visible()
    assert set(Hazard.objects.values_list("status", flat=True)) == {"void"}
