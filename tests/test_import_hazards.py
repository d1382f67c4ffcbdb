"""A clerk takes an old ledger over: what is found, what each bad cell is told, what is written, and taking it back."""

import datetime
import io
import re

import openpyxl
import pytest
from django.urls import reverse

from campaign_portal import clock
from campaign_portal.accounts.access import Role
from campaign_portal.audit.models import Event
from campaign_portal.campaigns.models import Campaign
from campaign_portal.edges import Refused
from campaign_portal.sheets.models import Batch, BatchRow
from facilities.models import FormerName
from inspections import services
from inspections.models import Counter, Hazard, HazardHistory, Part

from . import builders, hazards
from . import import_books as books
from .builders import browser
from .hazards import Cast
from .import_books import Desk, problems

pytestmark = [pytest.mark.django_db]

D = datetime.date
TODAY = datetime.datetime(2026, 11, 22, 9, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def _today():
    with clock.at(TODAY):
        yield


@pytest.fixture
def cast():
    """The county's people; 柏林镇敬老院 belongs to the first township, 夕阳红 to the second."""
    cast = Cast(name="柏林镇敬老院", short_name="柏林院")
    FormerName.objects.create(facility=cast.home, name="柏林光荣院")
    cast.other_town = list(cast.county.townships.values())[1]
    cast.other = builders.make_facility("马田夕阳红老年公寓", supervisor=cast.other_town)
    return cast


UGLY = [
    books.row("柏林镇敬老院", "2026-3-5", "二楼通道堆放杂物", town="柏林镇", code="2026-001"),
    books.row("柏林院", "2026.3.6", "灭火器过期", state="已整改", rectified="3月10日", code="2026-002"),
    books.row("柏林光荣院", "２０２６年３月７日", "线路老化", state="已销号", rectified="20260311", closed=46100, money="￥20000"),
    [None, "小计", None, 3],
    [None] * 16,
    books.row("柏林镇敬老院", "2026/03/08 14:30", "无应急照明", department="消防、住建", due="立即整改", money="1.5万元"),
    books.row("夕阳红老年公寓", 46090, "厨房油污", phone="无"),
    ["合计", None, None, 5],
]  # fmt: skip


@pytest.mark.sqlite
def test_an_ugly_ledger_is_read_as_its_keepers_meant_it(cast):
    desk = Desk(cast.clerk)
    batch = desk.check(books.ledger(UGLY, merges=["B4:B6"], sheets=["说明"]))
    assert batch.options["head"] == [3, 3]
    assert batch.counts | {"good": 5, "bad": 0, "skipped": 4} == batch.counts
    assert not Hazard.objects.exists(), "nothing is written before it is confirmed"
    assert not Event.objects.filter(verb__startswith="hazard").exists()

    batch = desk.apply(batch)
    assert (batch.status, batch.counts["written"], batch.applied_by) == ("applied", 5, cast.clerk)
    rows = list(Hazard.objects.order_by("pk"))
    assert [h.found_on.day for h in rows] == [5, 6, 7, 8, 9]
    assert [h.status for h in rows] == ["open", "submitted", "closed", "open", "open"]
    assert [h.facility for h in rows] == [cast.home] * 4 + [cast.other]
    assert [h.number for h in rows] == [1, 2, 3, 4, 1], "each supervisor counts its own, without gap"
    assert [h.old_code for h in rows] == ["2026-001", "2026-002", "", "", ""]
    assert {h.responsible_phone for h in rows} == {"13800000001", ""}
    assert [h.funds and str(h.funds) for h in rows] == [None, None, "2.00", "1.50", None]
    assert rows[3].due_on == D(2026, 3, 8)
    assert {h.imported_in_id for h in rows} == {batch.pk}


@pytest.mark.sqlite
def test_an_imported_hazard_has_all_that_a_registered_one_has(cast):
    Desk(cast.clerk).apply(Desk(cast.clerk).check(books.ledger(UGLY)))
    for hazard in Hazard.objects.all():
        parts = list(hazard.parts.all())
        history = HazardHistory.objects.get(hazard=hazard)
        assert history.valid_from == clock.now()
        assert history.departments == f",{','.join(str(p) for p in sorted(part.office_id for part in parts))},"
        assert (history.status, history.due_on, history.county_code) == (
            hazard.status,
            hazard.due_on,
            hazard.county_code,
        )
        assert BatchRow.objects.get(target_pk=hazard.pk).version == hazard.version
    shared = Hazard.objects.get(summary="无应急照明")
    assert {part.office.label for part in shared.parts.all()} == {"消防", "住建"}
    assert Counter.objects.get(supervisor=cast.township).last == 4


def test_its_page_says_where_it_comes_from(cast):
    desk = Desk(cast.clerk)
    desk.apply(desk.check(books.ledger(UGLY)))
    closed = Hazard.objects.get(status="closed")
    page = desk.client.get(closed.get_absolute_url()).content.decode()
    assert "由旧台账导入" in page
    assert f"《{books.NAME}》第 6 行" in page
    assert "旧台账记载" in page
    assert (closed.submitted_by, closed.was_closed_on_paper, closed.parts.get().is_done) == (None, True, True)
    assert "原编号 2026-001" in desk.client.get(Hazard.objects.get(number=1, supervisor=cast.township).get_absolute_url()).content.decode()  # fmt: skip


def test_one_event_for_the_batch_says_how_many(cast):
    desk = Desk(cast.clerk)
    batch = desk.apply(desk.check(books.ledger(UGLY)))
    (event,) = Event.objects.about(batch)
    assert (event.verb, event.changes["导入"][1]) == ("sheet.imported", "5 条")


def test_what_was_rectified_on_paper_still_needs_another_to_look(cast):
    desk = Desk(cast.officer)
    desk.apply(desk.check(books.ledger([UGLY[1]])))
    hazard = Hazard.objects.get(status="submitted")
    with pytest.raises(Refused, match="须由其他人复查"):
        hazards.close(hazard, by=cast.officer)
    assert hazards.close(hazard, by=cast.leader).status == "closed"


def test_the_only_officer_of_a_township_does_not_recheck_what_he_imported(cast):
    alone = builders.make_user(cast.other_town)
    desk = Desk(alone)
    desk.apply(desk.check(books.ledger([books.row("夕阳红老年公寓", state="已整改", rectified="2026-3-9")])))
    assert Part.objects.get().acting_office == cast.bureau


# Bad cells


BAD = [
    (books.row("柏林养老院"), "C4", "找不到机构“柏林养老院”，是不是“柏林镇敬老院”？"),
    (books.row(""), "C4", "是空的，请写明是哪家机构"),
    (books.row("柏林院", "明年"), "D4", "“明年”不是日期，请写成 2026-03-05 这样的日期"),
    (books.row("柏林院", ""), "D4", "是空的，请写明排查日期，如 2026-03-05"),
    (books.row("柏林院", D(1905, 1, 1)), "D4", "“1905-01-01”太早，请检查年份"),
    (books.row("柏林院", D(1899, 12, 31)), "D4", "不是日期，请写成"),
    (books.row("柏林院", "2099-1-1"), "D4", "“2099-01-01”晚于今天，请检查年份"),
    (books.row("柏林院", due="2026-3-1"), "L4", "“2026-03-01”早于排查日期 2026-03-05，请核对"),
    (books.row("柏林院", due="2099-1-1"), "L4", "“2099-01-01”太远，请检查年份"),
    (books.row("柏林院", summary=""), "F4", "是空的，请写明隐患是什么"),
    (books.row("柏林院", summary="长" * 3000), "F4", "有 3000 个字，最多 500 个，请压缩"),
    (books.row("柏林院", money="很多钱"), "K4", "“很多钱”不是金额，请写成以万元为单位的数字，如 1.5"),
    (books.row("柏林院", money=-3), "K4", "不在合理范围"),
    (books.row("柏林院", money=1e300), "K4", "不在合理范围"),
    (books.row("柏林院", money="9" * 300), "K4", "不在合理范围"),
    (books.row("柏林院", phone="13800000001/王院长"), "J4", "不像一个电话号码"),
    (books.row("柏林院", department="城管"), "H4", "没有叫“城管”的责任部门，可写：民政、消防、住建"),
    (books.row("柏林院", state="差不多了"), "M4", "“差不多了”不在可用的说法里，可写：待整改、待复查、已销号"),
    (books.row("柏林院", state="已整改"), "N4", "写着“已整改”，请补上整改完成日期"),
    (books.row("柏林院", state="已销号", rectified="2026-3-9"), "O4", "写着“已销号”，请补上销号日期"),
    (books.row("柏林院", state="整改中", rectified="2026-3-9"), "M4", "写着“整改中”，却有整改完成日期，请改其中一个"),
    (books.row("柏林院", state="已整改", rectified="2026-3-1"), "N4", "“2026-03-01”早于排查日期 2026-03-05"),
    (books.row("柏林院", state="已销号", rectified="2026-3-9", closed="2026-3-8"), "O4", "早于整改完成日期"),
]  # fmt: skip


@pytest.mark.parametrize("cells, address, sentence", BAD)
def test_each_bad_cell_is_named_with_what_would_be_right(cast, cells, address, sentence):
    desk = Desk(cast.clerk)
    batch = desk.check(books.ledger([cells, books.row("柏林镇敬老院", summary="好的一行")]))
    assert (batch.counts["good"], batch.counts["bad"]) == (1, 1)
    assert sentence in problems(batch)[address]
    assert address in desk.page.content.decode()
    desk.apply(batch)
    assert Hazard.objects.get().summary == "好的一行"


def test_a_formula_that_failed_is_named(cast):
    book = openpyxl_ledger([books.row("柏林院")])
    book.active["F4"].value, book.active["F4"].data_type = "#REF!", "e"
    batch = Desk(cast.clerk).check(books.saved(book))
    assert problems(batch)["F4"] == "公式出错（如 #REF!），请直接填上内容"


def openpyxl_ledger(rows):
    return openpyxl.load_workbook(io.BytesIO(books.ledger(rows)))


def test_hidden_rows_are_said_and_come_too(cast):
    book = openpyxl_ledger([books.row("柏林院"), books.row("柏林院", summary="藏起来的")])
    book.active.row_dimensions[5].hidden = True
    book.active.column_dimensions["J"].hidden = True
    desk = Desk(cast.clerk)
    batch = desk.check(books.saved(book))
    assert (batch.counts["good"], batch.report["hidden"]) == (2, [1, 1])
    assert "1 行 1 列是隐藏的，也会一并导入" in re.sub(r"\s+", " ", desk.page.content.decode())


def test_strange_text_is_kept_as_it_is(cast):
    desk = Desk(cast.clerk)
    book = openpyxl_ledger(
        [books.row("柏林院", summary="x"), books.row("柏林院", summary="😀 <script>alert(1)</script>")]
    )
    book.active["F4"].value, book.active["F4"].data_type = "=cmd()|'/c calc'!A0", "s"
    desk.apply(desk.check(books.saved(book)))
    assert set(Hazard.objects.values_list("summary", flat=True)) == {
        "=cmd()|'/c calc'!A0",
        "😀 <script>alert(1)</script>",
    }


MAJOR_HEAD = ["机构名称", "排查日期", "隐患描述", "隐患等级", "判定依据", "状态", "整改完成日期"]


def test_a_major_hazard_without_its_criterion_waits_to_be_mended(cast):
    text = hazards.criterion().text
    rows = [
        ["柏林院", "2026-3-5", "甲", "重大", "", "未整改", ""],
        ["柏林院", "2026-3-5", "乙", "重大隐患", text[:12], "未整改", ""],
        ["柏林院", "2026-3-5", "丙", "重大", text, "已整改", "2026-3-9"],
        ["柏林院", "2026-3-5", "丁", "一般", "", "未整改", ""],
    ]
    desk = Desk(cast.clerk)
    batch = desk.check(books.table(MAJOR_HEAD, *rows))
    assert problems(batch) == {
        "E2": "重大隐患要有判定依据，请照判定标准写上一条；不是重大的，把等级改为“一般”",
        "F4": "重大隐患整改要有五落实，这一行还缺：责任人、整改措施、整改资金、应急预案",
    }
    desk.apply(batch)
    major = Hazard.objects.get(grade="major")
    assert (major.summary, major.criterion) == ("乙", hazards.criterion())


def test_the_file_to_mend_has_a_column_for_what_the_ledger_never_had(cast):
    desk = Desk(cast.clerk)
    batch = desk.check(books.table(MAJOR_HEAD[:4], ["柏林院", "2026-3-5", "甲", "重大"]))
    assert batch.report["problems"][0][0] == "第 2 行（没有“判定依据”列）"
    head, line = books.rows_of(desk.mend_file(batch))
    assert head == ["要改的地方", *MAJOR_HEAD[:4], "判定依据"]
    line[5] = hazards.criterion().text
    batch = desk.check(books.table(head, line))
    assert (batch.counts["good"], batch.counts["bad"]) == (1, 0)


# Mending


@pytest.mark.sqlite
def test_bad_rows_wait_in_a_file_and_go_in_once_mended(cast):
    desk = Desk(cast.clerk)
    batch = desk.check(
        books.ledger([*UGLY, books.row("柏林院", "明年", "楼梯扶手松动"), books.row("柏林养老院", summary="门锁坏")])
    )
    batch = desk.apply(batch)
    assert (batch.counts["written"], batch.counts["bad"]) == (5, 2)

    head, *lines = books.rows_of(desk.mend_file(batch))
    assert head[:5] == ["要改的地方", "序号", "乡镇", "机构", "检查日期"]
    assert [line[0].split("：")[0] for line in lines] == ["检查日期", "机构"]
    assert [line[6] for line in lines] == ["楼梯扶手松动", "门锁坏"]
    lines[0][head.index("检查日期")] = "2026-3-12"
    lines[1][head.index("机构")] = "柏林镇敬老院"
    again = desk.check(books.table(head, *lines))
    assert (again.counts["good"], again.counts["bad"]) == (2, 0)
    desk.apply(again)
    assert Hazard.objects.count() == 7
    assert sorted(Hazard.objects.filter(supervisor=cast.township).values_list("number", flat=True)) == [
        1,
        2,
        3,
        4,
        5,
        6,
    ]


def test_bad_cells_of_the_file_to_mend_are_coloured(cast):
    desk = Desk(cast.clerk)
    batch = desk.check(books.ledger([books.row("柏林院", "明年")]))
    sheet = openpyxl.load_workbook(io.BytesIO(desk.mend_file(batch))).active
    assert sheet["E2"].value == "明年"
    assert sheet["E2"].fill.fgColor.rgb != sheet["D2"].fill.fgColor.rgb


def test_a_word_is_put_right_once_for_all_its_rows_and_remembered(cast):
    desk = Desk(cast.clerk)
    batch = desk.check(books.ledger([books.row("柏林养老院", summary=f"第{n}处") for n in range(3)]))
    (ask,) = batch.report["asks"]
    assert (ask["words"], ask["rows"], ask["choices"][0]) == ("柏林养老院", 3, [cast.home.pk, "柏林镇敬老院"])
    batch = desk.press("picks", batch, pick_0=cast.home.pk).context["batch"]
    assert (batch.counts["good"], batch.counts["bad"]) == (3, 0)
    desk.apply(batch)
    assert set(Hazard.objects.values_list("facility", flat=True)) == {cast.home.pk}
    assert desk.check(books.ledger([books.row("柏林养老院", summary="新的")])).counts["good"] == 1


def test_choices_can_be_taken_back(cast):
    desk = Desk(cast.clerk)
    batch = desk.check(books.ledger([books.row("柏林养老院")]))
    batch = desk.press("picks", batch, pick_0=cast.home.pk).context["batch"]
    batch = desk.press("picks", batch, clear="1").context["batch"]
    assert batch.counts["bad"] == 1


def test_a_forged_choice_is_refused(cast):
    stranger = builders.make_facility("邻县院")
    desk = Desk(cast.clerk)
    batch = desk.check(books.ledger([books.row("柏林养老院")]))
    assert desk.press("picks", batch, pick_0=stranger.pk).context["batch"].counts["bad"] == 1
    Batch.objects.filter(pk=batch.pk).update(
        options=batch.options | {"picks": {"facility": {"柏林养老院": str(stranger.pk)}}}
    )
    assert desk.press("apply", batch).context["batch"].counts["written"] == 0
    assert not Hazard.objects.exists()


# How the columns are matched


def test_a_wrong_match_is_changed_and_remembered_for_the_next_file(cast):
    head = ["机构名称", "排查日期", "情况", "隐患描述"]
    desk = Desk(cast.clerk)
    url = desk.upload(books.table(head, ["柏林院", "2026-3-5", "堆物", "走廊"]))["Location"]
    assert desk.client.get(url).context["form"]["column_3"].value() == "summary"
    desk.settle(url, column_2="summary", column_3="place")
    again = desk.upload(books.table(head, ["柏林院", "2026-3-6", "堵门", "食堂"]))["Location"]
    form = desk.client.get(again).context["form"]
    assert (form["column_2"].value(), form["column_3"].value()) == ("summary", "place")
    desk.apply(desk.settle(again))
    assert Hazard.objects.values_list("place", "summary").get() == ("食堂", "堵门")


def test_two_columns_for_one_and_none_for_a_needed_one_are_refused_and_the_answers_kept(cast):
    desk = Desk(cast.clerk)
    url = desk.upload(books.table(["机构名称", "排查日期", "隐患描述", "备注"], ["柏林院", "2026-3-5", "堆物", "x"]))[
        "Location"
    ]
    sent = {
        "step": "check",
        "year": 2026,
        "column_0": "facility",
        "column_1": "",
        "column_2": "summary",
        "column_3": "summary",
    }
    page = desk.client.post(url, sent)
    text = page.content.decode()
    assert page.status_code == 422
    assert "C 列已经对应“隐患描述”，一项只能对应一列" in text
    assert "还没有指定哪一列是“排查日期”" in text
    assert page.context["form"]["column_3"].value() == "summary"


def test_a_sheet_without_a_head_asks_for_its_row(cast):
    rows = [["台账"], ["甲", "乙", "丙"], ["柏林院", "2026-3-5", "堆物"]]
    desk = Desk(cast.clerk)
    url = desk.upload(books.table(*rows))["Location"]
    page = desk.client.get(url)
    assert "没有找到表头" in page.content.decode()
    assert page.context["form"] is None
    bad = desk.client.post(url, {"step": "read", "sheet": "Sheet1", "head_top": 0})
    assert bad.status_code == 422
    desk.client.post(url, {"step": "read", "sheet": "Sheet1", "head_top": 2})
    batch = desk.settle(url, column_0="facility", column_1="found_on", column_2="summary")
    assert batch.counts["good"] == 1


def test_another_sheet_can_be_chosen(cast):
    book = openpyxl.Workbook()
    for name, summary in [("一季度", "甲"), ("二季度", "乙")]:
        sheet = book.create_sheet(name)
        for cells in (["机构名称", "排查日期", "隐患描述"], ["柏林院", "2026-3-5", summary]):
            sheet.append(cells)
    desk = Desk(cast.clerk)
    url = desk.upload(books.saved(book))["Location"]
    assert desk.client.get(url).context["batch"].options["sheet"] == "一季度"
    desk.client.post(url, {"step": "read", "sheet": "二季度", "head_top": 1})
    desk.apply(desk.settle(url))
    assert Hazard.objects.get().summary == "乙"


@pytest.mark.parametrize(
    "data, sentence",
    [(b"", "文件是空的"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, ".xls"), ("机构,隐患\n".encode(), ".csv"),
     (b"PK\x03\x04 torn", "损坏"), (books.table(), "没有内容")],
)  # fmt: skip
def test_what_is_no_workbook_is_told_what_to_do_and_nothing_is_kept(cast, caplog, data, sentence):
    page = Desk(cast.clerk).upload(data, name="台账.xlsx")
    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert not Batch.objects.exists()
    lines = [record.message for record in caplog.records if "refused workbook" in record.message]
    assert len(lines) == (1 if data else 0), "an empty file is refused by its form"


# Rights


def test_a_township_imports_only_what_it_supervises(cast):
    batch = Desk(cast.officer).check(books.ledger([books.row("柏林院"), books.row("夕阳红老年公寓")]))
    assert (batch.counts["good"], batch.counts["bad"]) == (1, 1)
    assert "找不到机构“夕阳红老年公寓”" in problems(batch)["C5"]


def test_a_township_is_told_who_supervises_a_home_that_it_only_sees(cast):
    builders.make_facility("县福利院", supervisor=cast.bureau, area=cast.county.town)
    batch = Desk(cast.officer).check(books.ledger([books.row("县福利院")]))
    assert problems(batch)["C4"] == f"“县福利院”由{cast.bureau.name}监管，您不能导入它的隐患"


@pytest.mark.parametrize("role", [Role.DEPARTMENT, Role.EVALUATOR, Role.ASSOCIATION, Role.HOME])
def test_others_import_nothing(cast, role):
    office = cast.home.office if role == Role.HOME else builders.make_office(role, area=cast.county.area)
    client = browser(builders.make_user(office))
    assert client.get("/sheets/import/").status_code == 403
    assert (
        client.post("/sheets/import/", {"kind": "hazards", "file": books.upload(books.ledger(UGLY))}).status_code == 403
    )


def test_a_batch_is_its_offices_own(cast):
    desk = Desk(cast.officer)
    batch = desk.check(books.ledger(UGLY))
    for user in (cast.clerk, builders.make_user(cast.other_town)):
        for verb in ("batch", "match"):
            assert browser(user).get(reverse(f"imports:{verb}", args=[batch.pk])).status_code == 404
        assert browser(user).post(reverse("imports:apply", args=[batch.pk])).status_code == 404
    assert not Hazard.objects.exists()


def test_an_administrator_alone_imports_no_hazards(cast):
    only = builders.make_user(cast.bureau, is_clerk=False, is_administrator=True)
    page = browser(only).post("/sheets/import/", {"kind": "hazards", "file": books.upload(books.ledger(UGLY))})
    assert page.status_code == 422
    assert not Batch.objects.exists()


# Repeats


def test_what_the_portal_has_already_is_left_out(cast):
    desk = Desk(cast.clerk)
    desk.apply(desk.check(books.ledger(UGLY)))
    again = desk.check(
        books.ledger(
            [
                *UGLY,
                books.row("柏林院", "2026-4-1", "新的一条", due=""),
                books.row("柏林镇敬老院", "2026-04-01", "新的一条", due=""),
            ]
        )
    )
    assert (again.counts["good"], again.counts["repeats"]) == (1, 6)
    assert [12, "与第 12 行相同"] not in again.report["repeats"]
    assert any(sentence.startswith("系统里已有 ") for _, sentence in again.report["repeats"])
    assert any(sentence == "与第 12 行相同" for _, sentence in again.report["repeats"])
    desk.apply(again)
    assert Hazard.objects.count() == 6


def test_the_old_number_tells_a_repeat_even_if_its_words_were_edited(cast):
    desk = Desk(cast.clerk)
    desk.apply(desk.check(books.ledger([books.row("柏林院", summary="堆物", code="A7")])))
    again = desk.check(
        books.ledger(
            [books.row("柏林院", summary="二楼堆物", code="A7"), books.row("柏林院", summary="堆物二", code="A8")]
        )
    )
    assert (again.counts["good"], again.counts["repeats"]) == (1, 1)


# Confirming, taking back


def test_it_is_written_once_however_often_it_is_confirmed(cast):
    desk = Desk(cast.clerk)
    batch = desk.check(books.ledger(UGLY))
    desk.apply(batch)
    page = desk.press("apply", batch)
    assert "不会重复导入" in page.content.decode()
    assert Hazard.objects.count() == 5


def test_what_was_changed_in_between_is_checked_again(cast):
    desk = Desk(cast.clerk)
    batch = desk.check(books.ledger([books.row("柏林院")]))
    type(cast.home).objects.filter(pk=cast.home.pk).update(name="改了名的院", short_name="")
    assert desk.apply(batch).counts["written"] == 0
    assert not Hazard.objects.exists()


@pytest.mark.sqlite
def test_one_act_takes_it_back_and_names_what_somebody_has_worked_on(cast):
    desk = Desk(cast.clerk)
    batch = desk.apply(desk.check(books.ledger(UGLY)))
    touched = Hazard.objects.filter(status="open").first()
    services.set_liaison(hazard=touched, by=cast.officer, liaison="李勇")
    page = desk.press("undo", batch)
    batch = page.context["batch"]
    assert (batch.status, batch.undone_by, batch.counts["undone"], batch.counts["kept"]) == ("undone", cast.clerk, 4, 1)
    assert touched.code in page.content.decode()
    touched.refresh_from_db()
    assert touched.status == "open"
    void = Hazard.objects.exclude(pk=touched.pk)
    assert set(void.values_list("status", "version", "closed_by")) == {("void", 2, None)}
    assert sorted(Hazard.objects.filter(supervisor=cast.township).values_list("number", flat=True)) == [1, 2, 3, 4]
    for hazard in void:
        past, present = hazard.history.order_by("pk")
        assert (past.valid_to, present.status, present.valid_to) == (clock.now(), "void", None)
        assert Event.objects.about(hazard).last().reason == "撤销导入"
    assert "不能撤销" in desk.press("undo", batch).content.decode()


def test_taking_back_leaves_what_somebody_has_added_to(cast):
    desk = Desk(cast.clerk)
    batch = desk.apply(desk.check(books.ledger([books.row("柏林院", summary=f"第{n}处") for n in range(3)])))
    talked_about, came_again, untouched = Hazard.objects.order_by("pk")
    services.say(hazard=talked_about, by=cast.manager, text="配件明天到")
    Hazard.objects.filter(pk=hazards.reported(cast).pk).update(previous=came_again)
    batch = desk.press("undo", batch).context["batch"]
    assert batch.report["kept"] == [f"{hazard.code}（待整改）" for hazard in (talked_about, came_again)]
    untouched.refresh_from_db()
    assert untouched.status == "void"


def test_after_taking_back_the_mended_file_can_be_imported(cast):
    desk = Desk(cast.clerk)
    desk.press("undo", desk.apply(desk.check(books.ledger(UGLY))))
    assert desk.apply(desk.check(books.ledger(UGLY))).counts["written"] == 5


def test_an_upload_can_be_dropped(cast):
    desk = Desk(cast.clerk)
    batch = desk.check(books.ledger(UGLY))
    assert desk.press("drop", batch).context["batch"].status == "dropped"
    assert "不会重复导入" in desk.press("apply", batch).content.decode()
    assert not Hazard.objects.exists()


def test_a_campaign_can_be_chosen(cast):
    chosen = Campaign.objects.create(
        title="清零行动", code="QL26", status="running", lead=cast.bureau, area=cast.county.area,
        starts_on=D(2026, 9, 1), ends_on=D(2026, 12, 31),
    )  # fmt: skip
    desk = Desk(cast.clerk)
    desk.apply(desk.check(books.ledger([books.row("柏林院")]), campaign=str(chosen.pk)))
    assert Hazard.objects.get().code.startswith("QL26-")


def test_empty_ledger_and_navigation_lead_here(cast):
    client = browser(cast.clerk)
    assert reverse("imports:imports") + "?kind=hazards" in client.get("/hazards/").content.decode()
    assert "导入表格" in client.get("/").content.decode()
    assert "导入表格" not in browser(cast.fire).get("/").content.decode()


# What the file does not say


def test_heads_such_as_whether_it_is_major_and_how_far_it_is_are_known(cast):
    head = ["机构名称", "排查日期", "隐患描述", "是否重大", "完成情况", "整改完成日期"]
    book = books.table(
        head,
        ["柏林镇敬老院", "2026-03-05", "灭火器过期", "否", "已整改", "2026-03-09"],
        ["柏林镇敬老院", "2026-03-06", "线路老化", "否", "整改中", ""],
    )
    desk = Desk(cast.clerk)
    desk.apply(desk.check(book))
    assert list(Hazard.objects.order_by("found_on").values_list("grade", "status")) == [
        ("normal", "submitted"),
        ("normal", "open"),
    ]


def test_what_is_taken_for_granted_without_a_column_is_said_before(cast):
    book = books.table(["机构名称", "排查日期", "隐患描述"], ["柏林镇敬老院", "2026-03-05", "灭火器过期"])
    page = browser(cast.clerk).get(reverse("imports:batch", args=[Desk(cast.clerk).check(book).pk])).content.decode()
    assert "没有指定哪一列是“等级”，按一般隐患记" in page
    assert "没有指定哪一列是“状态”" in page


def test_the_file_to_mend_remembers_the_year(cast):
    desk = Desk(cast.clerk)
    book = books.table(
        ["机构名称", "排查日期", "隐患描述"], ["柏林镇敬老院", "6/9", ""], ["柏林镇敬老院", "7/9", "线路老化"]
    )
    batch = desk.check(book, year=2025)
    mended = openpyxl.load_workbook(io.BytesIO(desk.mend_file(batch)))
    column = [cell.value for cell in mended.active[1]].index("隐患描述") + 1
    mended.active.cell(2, column).value = "灭火器过期"
    desk.apply(desk.check(books.saved(mended), name="待修改.xlsx"))
    assert Hazard.objects.get().found_on == D(2025, 6, 9)


def test_after_an_import_a_link_leads_to_just_these(cast):
    hazards.opened(cast)
    desk = Desk(cast.clerk)
    batch = desk.check(books.ledger(UGLY))
    desk.apply(batch)
    client = browser(cast.clerk)
    page = client.get(reverse("imports:batch", args=[batch.pk])).content.decode()
    assert f"?state=all&amp;batch={batch.pk}" in page or f"?state=all&batch={batch.pk}" in page
    rows = client.get(f"/hazards/?state=all&batch={batch.pk}").context["rows"]
    assert {row.pk for row in rows} == set(Hazard.objects.filter(imported_in=batch).values_list("pk", flat=True))
    officer = browser(cast.officer).get(f"/hazards/?state=all&batch={batch.pk}")  # another office's file
    assert officer.context["problems"] and officer.context["rows"] == []


def test_a_mobile_number_of_ten_digits_is_no_number(cast):
    batch = Desk(cast.clerk).check(books.ledger([books.row("柏林镇敬老院", phone="1390000005")]))
    assert "像手机号，但不是 11 位" in str(problems(batch))
