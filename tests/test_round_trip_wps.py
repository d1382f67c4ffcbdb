"""What WPS and its users do to a sheet before it comes back, and what else may be uploaded by mistake or on purpose."""

import datetime
import io
import logging
import zipfile

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from campaign_portal.audit.models import Event
from campaign_portal.sheets import opening
from campaign_portal.sheets.models import Batch
from campaign_portal.sheets.writing import MARK_HEAD
from inspections import services
from inspections.models import Hazard

from . import builders, hazards
from .builders import browser
from .hazards import Cast
from .sheets import edited, exported, saved, upload
from .test_round_trip import confirm, problems, send, shown

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return Cast()


@pytest.fixture
def three(cast):
    return [hazards.opened(cast, summary=f"第{n}条", due_on=builders.in_days(n)) for n in (3, 6, 9)]


def changed(batch):
    """{pk: {column: text}} of what would be written."""
    return {
        line.target_pk: {name: mine for name, (_, mine) in line.cells.items()}
        for line in batch.lines.all()
        if line.target_pk and line.cells
    }


# Rows and columns moved about


def test_sorted_rows_inserted_blanks_a_title_a_new_name_and_filters_left_on_make_no_difference(cast, three):
    with edited(exported(cast.manager)) as page:
        page.put(three[0], "整改措施", "换闭门器")
        rows = [page.values(number) for number in (2, 3, 4)]
        for number, row in zip((4, 7, 9), rows, strict=True):
            for place, value in enumerate(row, start=1):
                page.page.cell(number, place).value = value
        for number in (2, 3, 5):
            for cell in page.page[number]:
                cell.value = None
        page.page.insert_rows(1)
        page.page["A1"] = "2026 年隐患台账（第二稿）"
        page.page.title = "Sheet1"
        page.page.auto_filter.add_filter_column(0, ["x"])
        page.page.row_dimensions[5].hidden = True
    batch = send(cast.manager, page.file)
    assert changed(batch) == {three[0].pk: {"measure": "换闭门器"}}
    assert (batch.lines.get().number, batch.counts["unchanged"]) == (5, 2)


def test_a_deleted_column_is_not_an_emptied_one_and_a_strange_one_is_named(cast, three):
    with edited(exported(cast.manager)) as page:
        page.put(three[1], "责任人", "李红")
        page.page.delete_cols(page.column["整改措施"])
        page.page.insert_cols(3)
        page.page["C1"] = "科室备注"
        page.page["C2"] = "已电话核实"
    batch = send(cast.manager, page.file)
    assert changed(batch) == {three[1].pk: {"responsible": "李红"}}
    notes = " ".join(batch.options["notes"])
    assert "表头里没有：整改措施" in notes and "多出来的列没有读：科室备注" in notes


def test_blanks_around_a_text_other_line_breaks_and_numbers_as_floats_are_no_change(cast):
    hazard = hazards.opened(cast, measure="一、清空\n二、巡查", responsible_phone="13800000001")
    services.plan_work(hazard=hazard, by=cast.manager, changes={"funds": 2})
    with edited(exported(cast.manager)) as page:
        page.put(hazard, "整改措施", " 一、清空\r\n二、巡查　")
        page.put(hazard, "责任人电话", 13800000001.0)
        page.put(hazard, "整改资金（万元）", "2.00")
        page.put(hazard, "整改时限", f"{hazard.due_on.year}年{hazard.due_on.month}月{hazard.due_on.day}日")
        page.put(hazard, "排查日期", datetime.datetime.combine(hazard.found_on, datetime.time()))
    batch = send(cast.manager, page.file)
    assert (batch.counts["changed"], batch.counts["problems"], batch.counts["unchanged"]) == (0, 0, 1)


def test_a_row_copied_is_named_and_the_same_twice_counts_once(cast, three):
    with edited(exported(cast.manager)) as page:
        page.put(three[0], "整改措施", "换闭门器")
        page.page.append(page.values(2))
    batch = send(cast.manager, page.file)
    assert changed(batch) == {three[0].pk: {"measure": "换闭门器"}}
    assert "与第 2 行是同一条" in problems(batch)


def test_a_row_copied_and_changed_is_left_out_as_nobody_can_tell_which_counts(cast, three):
    with edited(exported(cast.manager)) as page:
        page.page.append(page.values(2))
        page.put(2, "整改措施", "甲")
        page.put(5, "整改措施", "乙")
    batch = send(cast.manager, page.file)
    assert changed(batch) == {}
    assert "第 2 行和第 5 行是同一条，内容却不一样" in problems(batch)
    confirm(batch, cast.manager)
    assert Hazard.objects.filter(measure__in=["甲", "乙"]).count() == 0


def test_a_row_copied_whose_first_copy_was_unchanged_is_left_out_too(cast, three):
    with edited(exported(cast.manager)) as page:
        page.page.append(page.values(2))
        page.put(5, "整改措施", "乙")
    batch = send(cast.manager, page.file)
    assert changed(batch) == {} and "内容却不一样" in problems(batch)


def test_cells_merged_over_rows_are_left_out_and_named(cast, three):
    with edited(exported(cast.manager)) as page:
        letter = openpyxl.utils.get_column_letter(page.column["责任人"])
        page.put(2, "责任人", "李红")
        page.page.merge_cells(f"{letter}2:{letter}3")
        page.put(4, "责任人", "张伟")
    batch = send(cast.manager, page.file)
    assert changed(batch) == {three[2].pk: {"responsible": "张伟"}}
    assert "第 3 行有合并的单元格" in problems(batch)


def test_rows_removed_from_the_sheet_are_listed_and_never_deleted(cast, three):
    with edited(exported(cast.manager)) as page:
        page.page.delete_rows(3)
    batch = send(cast.manager, page.file)
    assert batch.counts["removed"] == 1
    assert three[1].code in browser(cast.manager).get(f"/sheets/returns/{batch.pk}/").content.decode()
    confirm(batch, cast.manager)
    assert Hazard.objects.count() == 3


def test_a_lost_list_of_rows_only_means_that_removed_rows_cannot_be_named(cast, three):
    with edited(exported(cast.manager)) as page:
        page.page.delete_rows(3)
        for name in ("_rows", "_choices", "说明"):
            del page.book[name]
        page.put(three[0], "整改措施", "换闭门器")
    batch = send(cast.manager, page.file)
    assert batch.counts["removed"] == 0 and changed(batch) == {three[0].pk: {"measure": "换闭门器"}}


# Rows that are not ours


@pytest.mark.parametrize(
    "forge",
    [
        lambda mark: "x" + mark[1:],
        lambda mark: mark.replace(":1:", ":2:", 1).replace(":2:[", ":9:["),
        lambda mark: "nothing of the kind",
        lambda mark: 12345.0,
        lambda mark: mark + " ",
        lambda mark: mark[: len(mark) // 2],
    ],
)
def test_a_forged_mark_is_not_read_and_the_row_says_so(cast, three, forge):
    with edited(exported(cast.manager)) as page:
        cell = page.mark(2)
        cell.value = forge(cell.value)
        page.put(2, "整改措施", "换闭门器")
        page.put(3, "整改措施", "换闭门器")
    batch = send(cast.manager, page.file)
    assert set(changed(batch)) == {three[1].pk}
    assert "不是从本系统下载的" in problems(batch)


def test_a_mark_moved_to_another_hazard_is_not_believed(cast, three):
    with edited(exported(cast.manager)) as page:
        signature, pk, version, was = page.mark(2).value.split(":", 3)
        page.mark(2).value = f"{signature}:{three[2].pk}:{version}:{was}"
        page.page.delete_rows(4)
        page.put(2, "整改措施", "换闭门器")
    batch = send(cast.manager, page.file)
    assert changed(batch) == {} and "不是从本系统下载的" in problems(batch)


def test_another_offices_sheet_is_not_taken_even_with_the_right_to_see_its_rows(cast, three):
    with edited(exported(cast.clerk)) as page:
        page.put(2, "包联责任人", "陈勇")
    batch = send(cast.officer, page.file)
    assert changed(batch) == {} and "别的单位下载的" in problems(batch)


def test_a_row_out_of_sight_by_now_is_not_shown(cast, three):
    with edited(exported(cast.clerk)) as page:
        page.put(2, "包联责任人", "陈勇")
    Hazard.objects.filter(pk=three[0].pk).update(county_code="999999000000")
    batch = send(cast.clerk, page.file)
    line = shown(batch, cast.clerk)[2]
    assert line.refusal.startswith("这一条已不在您的管理范围内") and line.cells == [] and line.title == ""
    confirm(batch, cast.clerk)
    assert batch.lines.get().outcome == "refused"


def test_a_sheet_whose_hidden_column_was_deleted_is_refused_with_what_to_do(cast, three):
    with edited(exported(cast.manager)) as page:
        page.page.delete_cols(page.column[MARK_HEAD])
    assert "重新导出一份再改" in refused(cast.manager, page.file)


# Rows that were added


NEW = {
    "排查方式": "联合检查",
    "隐患部位": "走廊和疏散通道",
    "隐患描述": "应急照明不亮",
    "类别": "消防安全",
    "整改措施": "更换",
    "责任人": "王建国",
}


def add_row(page, home, **cells):
    number = page.page.max_row + 1
    values = NEW | {"机构名称": home.name, "排查日期": builders.in_days(0), "整改时限": builders.in_days(9)} | cells
    for head, value in values.items():
        page.cell(number, head).value = value
    return number


def test_a_complete_added_row_is_offered_as_a_finding_and_entered_by_its_own_service(cast, three):
    with edited(exported(cast.officer)) as page:
        number = add_row(page, cast.home, 责任单位="消防")
    batch = send(cast.officer, page.file)
    line = shown(batch, cast.officer)[number]
    assert line.line.is_new and line.is_taken
    confirm(batch, cast.officer)
    new = Hazard.objects.latest("pk")
    assert (new.summary, new.status, new.found_by, new.category.name) == (
        "应急照明不亮", "open", cast.township, "消防安全",
    )  # fmt: skip
    assert [part.office for part in new.parts.all()] == [cast.county.departments["fire"]]
    assert Event.objects.about(new).get().changes["来自"] == ["", f"表格往来第 {batch.pk} 号"]
    batch.refresh_from_db()
    assert new.code in batch.lines.get().sentence
    undone = browser(cast.officer).post(f"/sheets/returns/{batch.pk}/undo/", follow=True).content.decode()
    assert "请在它的页面申请作废" in undone and Hazard.objects.filter(pk=new.pk, status="open").exists()


def test_an_added_row_that_lacks_something_says_what(cast, three):
    other = builders.make_facility()
    with edited(exported(cast.officer)) as page:
        first = add_row(page, cast.home, 隐患描述=None, 整改时限=None)
        add_row(page, cast.home, 等级="重大")
        add_row(page, other)
        add_row(page, cast.home, 整改时限="下周五")
        add_row(page, cast.home, 类别="玄学")
    batch = send(cast.officer, page.file)
    said = problems(batch)
    assert f"第 {first} 行：隐患描述" in said and f"第 {first} 行：整改期限" in said
    assert "重大隐患要选判定依据" in said
    assert f"没有找到名为“{other.name}”的机构" in said
    assert "“下周五”不是日期" in said
    assert "类别" in said
    confirm(batch, cast.officer)
    assert Hazard.objects.count() == 3


def test_a_home_cannot_register_a_finding_by_adding_a_row(cast, three):
    with edited(exported(cast.manager)) as page:
        add_row(page, cast.home)
    batch = send(cast.manager, page.file)
    assert "您不能登记" in problems(batch)


# Files that are something else


def refused(user, file):
    """The sentence that an upload is refused with; nothing is kept."""
    response = browser(user).post("/sheets/returns/upload/", {"file": file})
    assert response.status_code == 422
    assert not Batch.objects.exists()
    return response.context["error"]


def workbook(fill):
    book = openpyxl.Workbook()
    fill(book.active)
    return saved(book)


def packed(**members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), data)
    return out.getvalue()


def crafted(change, sheet="xl/worksheets/sheet1.xml"):
    """A workbook whose sheet, under another name if wanted, has had its XML changed by hand."""
    out = io.BytesIO()
    whole = zipfile.ZipFile(io.BytesIO(workbook(lambda page: page.append(["隐患编号", "far"]))))
    with whole, zipfile.ZipFile(out, "w") as archive:
        for name in whole.namelist():
            data = whole.read(name).replace(b"xl/worksheets/sheet1.xml", sheet.encode())
            is_sheet = name == "xl/worksheets/sheet1.xml"
            archive.writestr(sheet if is_sheet else name, change(data) if is_sheet else data)
    return out.getvalue()


def far_cell(address, **rest):
    return crafted(lambda xml: xml.replace(b'r="B1"', address), **rest)


def torn():
    data = workbook(lambda page: [page.append([f"值{n}", n]) for n in range(3000)])
    return data[: len(data) // 2]


def flipped():
    data = bytearray(workbook(lambda page: [page.append([f"值{n}", n]) for n in range(3000)]))
    data[len(data) // 3] ^= 0xFF
    return bytes(data)


OTHER_FILES = {
    "an empty file": (lambda: b" ", "文本"),
    "a csv": (lambda: "隐患编号,机构\n1,2".encode("gbk"), "这是文本（如 .csv）文件"),
    "a web page called .xls": (lambda: b"<html><table></table></html>", "这是网页"),
    "an old .xls": (lambda: opening.OLE + bytes(600), "旧版表格（.xls 或 .et）"),
    "an encrypted workbook": (lambda: opening.OLE + "EncryptedPackage".encode("utf-16-le"), "打开密码"),
    "a PDF": (lambda: b"%PDF-1.7 ...", "这是 PDF"),
    "a picture": (hazards.jpeg, "这是图片"),
    "a Word file": (lambda: packed(word__document_dot_xml="<a/>"), "这是 Word 文件"),
    "an archive": (lambda: packed(readme_dot_txt="a"), "这是压缩包"),
    "half an upload": (torn, "已损坏"),
    "a damaged workbook": (flipped, "已损坏"),
    "a cell at the far end": (lambda: workbook(lambda page: page.__setitem__("XFD1048576", 1)), "太大了"),
    "a far cell in small letters": (lambda: far_cell(b'r="xfd1048576"'), "太大了"),
    "a far cell with blanks": (lambda: far_cell(b'r = "XFD1048576"'), "太大了"),
    "a far cell with zeros": (lambda: far_cell(b'r="XFD0001048576"'), "太大了"),
    "a far cell in disguise": (lambda: far_cell(b'r="&#88;FD1048576"'), "太大了"),
    "a far cell in a sheet called otherwise": (lambda: far_cell(b'r="XFD1048576"', sheet="xl/s.bin"), "太大了"),
    "a wide row and a late one": (
        lambda: crafted(lambda xml: xml.replace(b"</row>", b"<c/>" * 16000 + b'</row><row r="900000"><c/></row>')),
        "太大了",
    ),
    "another workbook": (lambda: workbook(lambda page: page.append(["隐患编号", "整改措施"])), "没有找到“系统标记”列"),
    "an empty workbook": (lambda: workbook(lambda page: None), "没有找到“系统标记”列"),
}


@pytest.mark.parametrize("what", OTHER_FILES)
def test_something_else_is_refused_with_a_sentence_and_one_line_in_the_log(cast, what, caplog):
    make, sentence = OTHER_FILES[what]
    with caplog.at_level(logging.WARNING):
        assert sentence in refused(cast.officer, upload(make()))
    said = [record for record in caplog.records if record.name == "campaign_portal.sheets.views"]
    assert len(said) == 1 and sentence in said[0].getMessage()


def test_merged_cells_that_cover_a_sheet_many_times_are_refused():
    """A few hundred bytes would otherwise keep a process busy for minutes."""
    merges = b'<mergeCells count="9">%s</mergeCells><pageMargins' % (b'<mergeCell ref="A1:A1048576"/>' * 9)
    book = opening.open_workbook(io.BytesIO(crafted(lambda xml: xml.replace(b"<pageMargins", merges))))
    with pytest.raises(opening.BadSheet, match="已损坏"):
        opening.merged_ranges(book, "Sheet")


def test_an_archive_that_unpacks_to_gigabytes_is_refused_before_it_does(cast, monkeypatch):
    monkeypatch.setattr(opening, "MOST_UNPACKED", 1_000_000)
    bomb = packed(xl__workbook_dot_xml="<a/>", xl__worksheets__sheet1_dot_xml=b" " * 2_000_000)
    assert len(bomb) < 10_000
    assert "展开后太大" in refused(cast.officer, upload(bomb))


def test_an_archive_that_lies_about_its_size_is_refused(cast):
    honest = bytearray(packed(xl__workbook_dot_xml="<a/>" * 1000))
    at = honest.rindex(b"PK\x01\x02") + 24  # uncompressed size in the central directory
    honest[at : at + 4] = (16).to_bytes(4, "little")
    assert "已损坏" in refused(cast.officer, upload(bytes(honest)))


def test_nothing_chosen_and_too_big_are_said(cast, monkeypatch):
    response = browser(cast.officer).post("/sheets/returns/upload/")
    assert response.status_code == 422 and "请先选择" in response.context["error"]
    monkeypatch.setattr(opening, "MOST_BYTES", 10)
    assert "超过 20 MB" in refused(cast.officer, upload(b"x" * 20))
    empty = SimpleUploadedFile("空.xlsx", b"")
    assert browser(cast.officer).post("/sheets/returns/upload/", {"file": empty}).status_code == 422
