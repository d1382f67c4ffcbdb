"""Figures of earlier years: typed in, imported with a sentence for each bad row, never somebody else's."""

import io
from decimal import Decimal

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from campaign_portal import clock
from campaign_portal.audit.models import Event
from campaign_portal.campaigns.models import YearFigure
from campaign_portal.campaigns.submissions import years
from campaign_portal.campaigns.submissions.years import Entry, read_sheet
from campaign_portal.edges import NotYours
from campaign_portal.sheets.opening import BadSheet

from . import builders, summaries
from .builders import browser, count_queries
from .summaries import Cast

pytestmark = pytest.mark.django_db

PAGE = "/campaigns/summaries/years/"
HEAD = ["年份", "指标", "数值", "单位", "乡镇"]


@pytest.fixture
def cast():
    return Cast()


def csv(*rows, encoding="utf-8-sig", name="往年.csv"):
    text = "\n".join(",".join(str(cell) for cell in row) for row in rows)
    return SimpleUploadedFile(name, text.encode(encoding))


def workbook(*rows):
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return SimpleUploadedFile("往年.xlsx", out.getvalue())


def kept():
    return {(f.office.short_name, f.year, f.name, f.unit): f.value for f in YearFigure.objects.select_related("office")}


# One by one


def form(cast, **changes):
    defaults = {
        "office": cast.bureau.pk,
        "year": 2019,
        "name": "整改隐患",
        "unit": "条",
        "value": "120",
        "source": "年报",
    }
    return defaults | changes


def test_a_figure_is_typed_in_and_the_same_one_again_corrects_it(cast):
    page = browser(cast.clerk)
    assert page.post(PAGE, form(cast)).status_code == 302
    assert page.post(PAGE, form(cast, value="125.5")).status_code == 302
    figure = YearFigure.objects.get()
    assert 'name="value" value="125.5"' in page.get(f"{PAGE}?edit={figure.pk}").content.decode()
    assert (figure.office, figure.year, figure.value, figure.source) == (cast.bureau, 2019, Decimal("125.5"), "年报")
    changes = [
        event.changes["2019年整改隐患"] for event in Event.objects.filter(verb="yearfigure.saved").order_by("pk")
    ]
    assert changes == [["", "120条"], ["120", "125.5条"]]
    assert "125.5" in page.get(PAGE).content.decode()


@pytest.mark.parametrize(
    "changes, sentence",
    [
        ({"year": 1999}, "2000"),
        ({"year": 2098}, "年份不能晚于今年"),
        ({"value": "-1"}, "数值不能小于 0"),
        ({"value": "多"}, "输入一个数字"),
        ({"value": "1e20"}, "不超过 14 个数字"),
        ({"name": ""}, "请填写“指标”。"),
        ({"unit": "%", "value": "100.01"}, "百分率不能超过 100"),
        ({"unit": "％", "value": "101"}, "百分率不能超过 100"),
    ],
)
def test_what_makes_no_sense_is_refused_and_stays_in_the_form(cast, changes, sentence):
    answer = browser(cast.clerk).post(PAGE, form(cast, **changes))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert sentence in page
    assert 'value="年报"' in page
    assert not YearFigure.objects.exists()


@pytest.mark.parametrize("unit, value, kept_unit", [("%", "100", "%"), ("％", "93.5", "%"), ("条", "101", "条")])
def test_a_rate_up_to_the_whole_and_any_count_is_taken(cast, unit, value, kept_unit):
    assert browser(cast.clerk).post(PAGE, form(cast, unit=unit, value=value)).status_code == 302
    figure = YearFigure.objects.get()
    assert (figure.unit, figure.value) == (kept_unit, Decimal(value))


def test_what_is_replaced_is_told_and_stands_in_the_history(cast):
    page = browser(cast.clerk)
    assert "改为" not in page.post(PAGE, form(cast), follow=True).content.decode()
    shown = page.post(PAGE, form(cast, value="125.5"), follow=True).content.decode()
    assert "2019年“整改隐患”已由 120条 改为 125.5条。" in shown
    history = shown[shown.index("填写记录") :]
    assert "<del>120</del> → <ins>125.5条</ins>" in history and cast.clerk.name in history
    assert "来源已更新" in page.post(PAGE, form(cast, value="125.5", source="台账"), follow=True).content.decode()
    assert "没有改动" in page.post(PAGE, form(cast, value="125.5", source="台账"), follow=True).content.decode()
    assert "填写记录" not in page.get(f"{PAGE}?office={cast.townships[0].pk}").content.decode()
    assert "填写记录" not in browser(cast.first).get(PAGE).content.decode()


def test_a_bureau_enters_for_its_townships_a_township_only_for_itself(cast):
    assert browser(cast.clerk).post(PAGE, form(cast, office=cast.townships[0].pk)).status_code == 302
    assert browser(cast.first).post(PAGE, form(cast, office=cast.townships[1].pk)).status_code == 422
    assert browser(cast.first).post(PAGE, form(cast, office=cast.bureau.pk)).status_code == 422
    assert YearFigure.objects.get().office == cast.townships[0]
    with pytest.raises(NotYours):
        years.save_figures([Entry(cast.townships[1], 2019, "隐患", "条", Decimal(1))], by=cast.first)


def test_nobody_else_sees_or_removes_it(cast):
    figure = summaries.year_figure(cast.townships[0], 2019, by=cast.first)
    neighbour = builders.make_user(builders.make_county("邻县").bureau)
    for stranger in (cast.second, neighbour):
        assert browser(stranger).get(f"{PAGE}?edit={figure.pk}").status_code == 404
        assert browser(stranger).post(f"{PAGE}{figure.pk}/remove/").status_code == 404
    administrator = builders.make_user(cast.townships[0], is_clerk=False, is_administrator=True)
    assert browser(administrator).post(f"{PAGE}{figure.pk}/remove/").status_code == 403
    assert browser(cast.clerk).post(f"{PAGE}{figure.pk}/remove/").status_code == 302
    assert not YearFigure.objects.exists()
    assert Event.objects.get(verb="yearfigure.removed").changes == {"2019年正常运营的养老机构": ["10家", "—"]}


# A whole sheet


def test_a_workbook_is_imported_with_the_townships_it_names(cast):
    sheet = workbook(
        ["2017—2019 年养老机构数据"],
        HEAD,
        [2017, "养老机构", 12, "家", ""],
        [2018, "养老机构", 13.5, "家", "马田镇"],
        [None] * 5,
        ["2019年", "整改率", "93.5%", None, "柏林镇民政办"],
    )
    assert browser(cast.clerk).post(f"{PAGE}import/", {"sheet": sheet}).status_code == 302
    assert kept() == {
        (cast.bureau.short_name, 2017, "养老机构", "家"): 12,
        ("马田镇民政办", 2018, "养老机构", "家"): Decimal("13.5"),
        ("柏林镇民政办", 2019, "整改率", "%"): Decimal("93.5"),
    }
    events = Event.objects.filter(verb="yearfigure.imported")
    assert {event.target_pk: event.changes["共"] for event in events} == {
        office.pk: ["", "新增 1 项，更新 0 项"] for office in (cast.bureau, *cast.townships)
    }


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030"])
def test_a_csv_is_imported_whatever_wps_saved_it_in(cast, encoding):
    sheet = csv(HEAD[:4], [2018, "养老机构", '"1,200"', "家"], encoding=encoding)
    assert read_sheet(sheet, by=cast.first) == ([Entry(cast.first.office, 2018, "养老机构", "家", Decimal(1200))], [])


BAD = [
    ([2018, "养老机构", 12, "家", "不存在的镇"], "“不存在的镇”不是本单位所属的乡镇"),
    (["二〇一八", "养老机构", 12, "家", ""], "年份“二〇一八”看不懂"),
    ([1998, "养老机构", 12, "家", ""], "年份 1998 不在"),
    ([2018, "", 12, "家", ""], "没有写指标名称"),
    ([2018, "养老机构", "若干", "家", ""], "数值“若干”不是数字"),
    ([2018, "养老机构", "", "家", ""], "没有写数值"),
    ([2018, "养老机构", -1, "家", ""], "不在合理范围"),
    ([2018, "养老机构", "NaN", "家", ""], "不在合理范围"),
    ([2018, "养老机构", 1e12, "家", ""], "不在合理范围"),
    ([2018, "养老机构", "1.234", "家", ""], "最多两位"),
    ([2018, "整改率", "90%", "家", ""], "单位却是“家”"),
    ([2018, "长" * 61, 1, "家", ""], "最多 60 个"),
    ([2018, "养老机构", 1, "单位" * 7, ""], "太长"),
    (["", "养老机构", 12, "家", ""], "没有写年份"),
    ([2018, "整改率", "100.5", "%", ""], "超过 100%"),
    ([2018, "整改率", "250%", "", ""], "超过 100%"),
]


@pytest.mark.parametrize("row, sentence", BAD, ids=[sentence for _, sentence in BAD])
def test_each_bad_row_is_named_with_what_is_wrong_and_nothing_is_imported(cast, row, sentence):
    sheet = workbook(HEAD, [2017, "养老机构", 11, "家", ""], row)
    answer = browser(cast.clerk).post(f"{PAGE}import/", {"sheet": sheet})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "第 3 行：" in page and sentence in page
    assert "有 1 行读不懂，一行也没有导入" in page
    assert kept() == {}


def test_a_rate_that_the_spreadsheet_keeps_as_a_fraction_is_asked_about(cast):
    _, bad = read_sheet(workbook(HEAD, [2018, "整改率", 0.935, "%", ""]), by=cast.clerk)
    assert "93.5%" in bad[0].why
    entries, bad = read_sheet(workbook(HEAD, [2018, "整改率", "0.9%", "%", ""]), by=cast.clerk)
    assert (entries[0].value, bad) == (Decimal("0.9"), [])


def test_the_same_figure_twice_in_a_sheet_is_a_bad_row(cast):
    row = [2018, "养老机构", 12, "家", ""]
    entries, bad = read_sheet(workbook(HEAD, row, row), by=cast.clerk)
    assert len(entries) == 1
    assert (bad[0].number, bad[0].why) == (3, "与第 2 行重复（同一单位、指标、年份）")


def test_bad_rows_may_be_left_out_and_the_others_imported(cast):
    sheet = workbook(HEAD, [2017, "养老机构", 11, "家", ""], [2018, "养老机构", "若干", "家", ""])
    answer = browser(cast.clerk).post(f"{PAGE}import/", {"sheet": sheet, "skip": "on"}, follow=True)
    assert "已导入：新增 1 项，更新 0 项，跳过第 3 行。" in answer.content.decode()
    assert list(kept().values()) == [11]


def test_a_sheet_imported_again_updates_and_adds_nothing_twice(cast):
    sheets = [csv(HEAD[:4], [2018, "养老机构", value, "家"]) for value in (12, 12, 13)]
    done = [years.save_figures(read_sheet(sheet, by=cast.first)[0], by=cast.first) for sheet in sheets]
    assert [(len(new), len(changed)) for new, changed in done] == [(1, 0), (0, 0), (0, 1)]
    assert list(kept().values()) == [13]


def test_a_township_imports_for_itself_and_no_other(cast):
    entries, bad = read_sheet(csv(HEAD, [2018, "养老机构", 1, "家", "柏林镇"]), by=cast.first)
    assert (entries, len(bad)) == ([], 1)
    entries, bad = read_sheet(csv(HEAD, [2018, "养老机构", 1, "家", "马田镇"]), by=cast.first)
    assert (entries[0].office, bad) == (cast.townships[0], [])


@pytest.mark.parametrize(
    "upload, sentence",
    [
        (csv(["年份", "指标", "数值"], [2018, "养老机构", 1]), "缺少单位列"),
        (csv(["随便", "写的"], [1, 2]), "没有找到表头"),
        (csv(HEAD), "表头下面没有数据"),
        (csv(encoding="utf-8"), "文件是空的"),
        (SimpleUploadedFile("图.xlsx", b"\x89PNG\r\n\x1a\n0000"), "这是图片"),
        (SimpleUploadedFile("坏.xlsx", b"PK\x03\x04" + b"x" * 100), "损坏"),
        (SimpleUploadedFile("乱.csv", b"\xff\xfe\xfd\x81"), "文字编码认不出来"),
        (csv(HEAD[:4], *[[2018, f"指标{n}", 1, "家"] for n in range(2001)]), "超过 2000 行"),
    ],
    ids=["no unit", "no head", "no rows", "empty", "picture", "torn", "no text", "too long"],
)
def test_what_is_no_such_list_is_refused_with_a_sentence(cast, upload, sentence):
    upload.seek(0)
    with pytest.raises(BadSheet, match=sentence):
        read_sheet(upload, by=cast.clerk)


def test_the_page_says_so_and_without_a_file_asks_for_one(cast):
    page = browser(cast.clerk)
    assert "没有找到表头" in page.post(f"{PAGE}import/", {"sheet": csv(["甲"], ["乙"])}).content.decode()
    assert page.post(f"{PAGE}import/", {}).status_code == 422


def test_the_page_costs_the_same_for_one_figure_and_for_fifty(cast):
    page = browser(cast.clerk)

    def cost():
        assert page.get(PAGE).status_code == 200
        return count_queries(lambda: page.get(PAGE))

    summaries.year_figure(cast.bureau, 2019, by=cast.clerk)
    one = cost()
    for number in range(49):
        summaries.year_figure(cast.bureau, 2015 + number % 5, f"指标{number}", by=cast.clerk)
    assert cost() == one


def test_an_import_of_many_rows_costs_few_queries(cast):
    today = clock.today().year
    rows = [[today - n % 10, f"指标{n}", n, "家"] for n in range(500)]
    entries, _ = read_sheet(csv(HEAD[:4], *rows), by=cast.clerk)
    assert count_queries(lambda: years.save_figures(entries, by=cast.clerk)) < 15
    assert YearFigure.objects.count() == 500
