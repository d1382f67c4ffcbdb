"""The round trip by real clicks at 1366 pixels: download, edit, upload, a conflict, accept, see it, take it back."""

import re

import openpyxl
import pytest
from playwright.sync_api import expect

from inspections import services
from inspections.models import Hazard

from . import hazards
from .browser import axe_violations, follow, press
from .hazards import Cast

pytestmark = pytest.mark.browser


@pytest.fixture
def cast(transactional_db):
    return Cast()


def edit(path, changes):
    """Type into a saved workbook: {(code, head): value}."""
    book = openpyxl.load_workbook(path)
    page = book["隐患台账"]
    place = {cell.value: cell.column for cell in page[1]}
    row = {page.cell(number, place["隐患编号"]).value: number for number in range(2, page.max_row + 1)}
    for (code, head), value in changes.items():
        page.cell(row[code], place[head]).value = value
    book.save(path)


def test_a_clerk_sends_back_what_she_edited_in_wps_and_takes_it_back(cast, desk, tmp_path):
    first, second = hazards.opened(cast), hazards.opened(cast, responsible="陈桂花")
    page = desk(cast.officer)
    page.goto("/hazards/?state=open")
    page.get_by_text("导出和打印", exact=True).click()
    with page.expect_download() as download:
        press(page, "导出 Excel")
    path = tmp_path / "台账.xlsx"
    download.value.save_as(path)
    services.plan_work(hazard=second, by=cast.manager, changes={"responsible": "机构改的人"})
    edit(path, {
        (first.code, "责任人"): "李红",
        (second.code, "责任人"): "我填的人",
        (second.code, "整改措施"): "换闭门器",
        (first.code, "整改时限"): "下周五",
    })  # fmt: skip

    expect(page.get_by_role("button", name="导出 Excel")).to_be_hidden()  # a started download closes the menu
    page.get_by_text("导出和打印", exact=True).click()
    follow(page, "改后传回")
    page.get_by_label("改好的表格").set_input_files(path)
    press(page, "上传并核对")
    expect(page.get_by_text("冲突：下载后这一格又改过")).to_be_visible()
    expect(page.get_by_text("“下周五”不是日期，请写成 2026-11-30")).to_be_visible()
    row = page.locator("tr.conflict")
    expect(row).to_contain_text(re.compile("陈桂花.*机构改的人.*我填的人", re.DOTALL))
    expect(row.get_by_role("checkbox")).not_to_be_checked()
    assert axe_violations(page) == []

    row.get_by_role("checkbox").check()
    press(page, "写入勾选的改动")
    expect(page.get_by_text("代机构填写整改方案须写明原因")).to_have_count(2)  # said, and beside the field
    page.get_by_label("代填（调整）原因").fill("镇整改调度会核对")
    expect(page.locator("tr.conflict").get_by_role("checkbox")).to_be_checked()  # kept
    press(page, "写入勾选的改动")
    expect(page.locator(".tally")).to_contain_text("写入 2 行")

    page.goto("/hazards/?state=open")
    expect(page.locator("table.ledger")).to_contain_text("李红")
    expect(page.locator("table.ledger")).to_contain_text("我填的人")

    page.goto("/sheets/returns/")
    follow(page, "台账.xlsx")
    press(page, "整批撤销")
    press(page, "确定")
    expect(page.get_by_text("已撤销，恢复了写入前的内容。")).to_be_visible()
    assert dict(Hazard.objects.values_list("pk", "responsible")) == {first.pk: "王建国", second.pk: "机构改的人"}
