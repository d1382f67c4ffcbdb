"""What is filtered leaves as .xlsx: typed, escaped, within scope, whatever its length."""

import datetime
import io
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from campaign_portal import clock
from campaign_portal.accounts import access
from campaign_portal.accounts.access import Role
from campaign_portal.audit.models import Event
from campaign_portal.jobs import services as jobs
from campaign_portal.jobs.models import Job
from campaign_portal.sheets import cells, views, writing
from campaign_portal.sheets.opening import open_workbook, rows_of
from campaign_portal.sheets.registry import DATE, MONEY, NUMBER, Column, Sheet
from campaign_portal.sheets.writing import MARK_HEAD, export
from facilities.sheets import REGISTER
from inspections import services
from inspections.models import Hazard
from inspections.sheets import LEDGER

from . import builders, hazards
from .builders import browser, count_queries
from .hazards import Cast
from .sheets import XLSX, Page, body_of, exported, opened_with_openpyxl
from .test_queries import copies

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return Cast()


def page_of(data, sheet=LEDGER):
    return Page(*opened_with_openpyxl(data, sheet))


def calamine_rows(data, sheet=LEDGER):
    return rows_of(open_workbook(io.BytesIO(data)), sheet.label)


# Types


def test_dates_are_dates_money_is_a_number_and_a_telephone_is_text(cast):
    hazard = hazards.major(cast)
    services.plan_work(hazard=hazard, by=cast.manager, changes=hazards.PLAN | {"funds": Decimal("1.50")})
    page = page_of(exported(cast.clerk))
    assert page.cell(hazard, "整改时限").value == datetime.datetime.combine(hazard.due_on, datetime.time())
    assert page.cell(hazard, "整改时限").number_format == "yyyy-mm-dd"
    assert page.cell(hazard, "整改资金（万元）").value == 1.5
    assert page.cell(hazard, "整改资金（万元）").data_type == "n"
    assert page.cell(hazard, "责任人电话").value == "13800000001"
    assert page.cell(hazard, "责任人电话").number_format == "@"
    assert page.cell(hazard, "等级").value == "重大"


def test_a_text_that_looks_like_a_formula_is_text_and_comes_back_as_it_was(cast):
    wicked = ["=cmd|'/c calc'!A1", "+1", "-1", "@SUM(A1)", "\t=1", "<r><t>x</t></r>", "_x0041_", "😀㎡玥"]
    rows = [hazards.reported(cast, summary=text, by=cast.officer) for text in wicked]
    data = exported(cast.clerk)
    page = page_of(data)
    place = page.column["隐患描述"] - 1
    read = {row[0]: row[place] for row in calamine_rows(data)[1:]}
    for hazard, text in zip(rows, wicked, strict=True):
        assert page.cell(hazard, "隐患描述").data_type == "s", text
        assert read[hazard.code] == text


def test_the_page_is_ready_to_filter_to_scroll_and_to_print(cast):
    hazards.reported(cast)
    book, page = opened_with_openpyxl(exported(cast.clerk))
    assert page.freeze_panes == "C2"
    assert page.auto_filter.ref.startswith("A1:")
    assert page.print_title_rows == "$1:$1"
    assert (page.page_setup.orientation, page.page_setup.paperSize, page.page_setup.fitToHeight) == ("landscape", 9, 0)
    assert "&P" in page.oddFooter.right.text and "&N" in page.oddFooter.right.text
    assert page.column_dimensions["AC"].hidden and page["AC1"].value == MARK_HEAD
    assert book["_choices"].sheet_state == "hidden" and book["_rows"].sheet_state == "veryHidden"


def test_choices_are_drop_downs_of_the_users_own_county(cast):
    other = builders.make_county("远县", departments=("market",))
    hazards.reported(cast)
    book, page = opened_with_openpyxl(exported(cast.clerk))
    lists = {}
    for rule in page.data_validations.dataValidation:
        column = str(rule.sqref).rstrip("0123456789").split(":")[0].rstrip("0123456789")
        source = rule.formula1.split("!")[1].replace("$", "")
        lists[page[f"{column}1"].value] = [row[0].value for row in book["_choices"][source]]
    assert lists["等级"] == ["一般", "重大"]
    assert "联合检查" in lists["排查方式"]
    assert "消防安全" in lists["类别"]
    assert {"消防", "住建"} <= set(lists["责任单位"])
    assert other.departments["market"].label not in lists["责任单位"]


def test_the_second_sheet_says_what_it_is_which_filter_and_how_to_send_it_back(cast):
    hazards.opened(cast)
    book, _ = opened_with_openpyxl(exported(cast.clerk, "state=open&grade=normal&q=通道"))
    said = {row[0].value: row[1].value for row in book["说明"].iter_rows(min_row=2)}
    assert said["筛选条件"] == "查找：通道；状态：待整改；等级：一般"
    assert said["内容"] == "隐患台账，共 1 行"
    assert cast.clerk.name in said["导出人"]
    assert "整改措施" in said["怎样改"]


# Text as it is


def one_column(kind="text", **columns):
    """A list of one column, whose rows are plain objects."""

    class Rows(list):
        def iterator(self, chunk_size):
            return iter(self)

    def rows(user, query):
        return Rows(SimpleNamespace(pk=i, version=1, value=value) for i, value in enumerate(query))

    return Sheet("test", "测试", (Column("value", "内容", lambda row: row.value, kind, **columns),), rows)


def there_and_back(values, kind="text", user=None):
    sheet, out = one_column(kind), io.BytesIO()
    export(sheet, user=user or SOMEBODY, query=values, out=out)
    rows = calamine_rows(out.getvalue(), sheet)[1:]
    return [row[0] for row in rows] + [""] * (len(values) - len(rows))


SOMEBODY = SimpleNamespace(office_id=1, name="甲", office=SimpleNamespace(name="乙"))
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\ufffe\uffff"), max_size=60)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(TEXTS, min_size=1, max_size=8))
@example(
    [
        "=1+1",
        "+",
        "-x",
        "@a",
        "'quoted",
        "<r>a</r>",
        "_x0000_",
        "_x005F_x0041_",
        "__x0041_x0042_",
        "\x01\x1f",
        " 前后 ",
        "a\r\nb\rc\n",
    ]
)
@example(["0013", "1e5", "2026-01-01", "TRUE", "#N/A", "&amp;<b>\"'", "\u2028\x85"])
def test_any_text_comes_out_as_it_went_in(texts):
    assert there_and_back(texts) == texts


def test_what_no_workbook_can_hold_is_replaced_and_what_is_too_long_is_cut_with_a_word():
    (odd,) = there_and_back(["a\x00b\ufffec"])
    assert odd == "a\ufffdb\ufffdc"
    long, emoji = there_and_back(["长" * 40_000, "😀" * 20_000])
    for text in (long, emoji):
        assert text.endswith("未全部导出）") and len(text.encode("utf-16-le")) // 2 <= 32_767


def test_numbers_of_more_than_fifteen_digits_are_text_and_odd_dates_too():
    numbers = [1, Decimal("0.10"), 431023200001011234, Decimal("1234567890.123456789")]
    assert there_and_back(numbers, NUMBER) == [1.0, 0.1, "431023200001011234", "1234567890.123456789"]
    days = [datetime.date(2026, 11, 30), datetime.date(1, 1, 1), datetime.date(9999, 12, 31)]
    assert there_and_back(days, DATE) == [days[0], "0001-01-01", days[2]]
    assert there_and_back([None, "", Decimal("-2.50")], MONEY) == ["", "", -2.5]


MONEYS = st.decimals(min_value=-(10**30), max_value=10**30, allow_nan=False, allow_infinity=False, places=2)


@given(st.one_of(st.dates(), MONEYS, st.integers(min_value=-(10**30), max_value=10**30)))
def test_a_value_is_spelt_in_a_way_that_reads_back(value):
    kind = DATE if isinstance(value, datetime.date) else MONEY
    column = Column("x", "X", None, kind)
    text = cells.as_text(value)
    assert cells.value_of(column, cells.read(column, text)) == value


# Scope and what it costs


def test_everybody_takes_only_what_he_may_see(cast):
    mine = hazards.reported(cast)
    theirs = hazards.reported(Cast())
    shared = hazards.finding(cast, by=cast.fire, departments=[cast.fire.office])
    expected = {
        cast.manager: {mine, shared},
        cast.officer: {mine, shared},
        cast.fire: {shared},
        cast.clerk: {mine, shared},
    }
    for user, rows in expected.items():
        codes = [row[0] for row in calamine_rows(exported(user))[1:]]
        assert sorted(codes) == sorted(row.code for row in rows), user.name
    assert theirs.code not in {row[0] for row in calamine_rows(exported(cast.housing))[1:]}


def test_the_button_gives_the_filtered_rows_in_order_and_writes_down_who_took_them(cast):
    late, soon = hazards.opened(cast, due_on=builders.in_days(9)), hazards.opened(cast, due_on=builders.in_days(2))
    hazards.reported(cast)
    response = browser(cast.clerk).post("/hazards/export/?state=open")
    assert response["Content-Type"] == XLSX
    assert response["Content-Disposition"].startswith("attachment")
    codes = [row[0] for row in calamine_rows(body_of(response))[1:]]
    assert codes == [soon.code, late.code]
    event = Event.objects.filter(verb="sheet.exported").get()
    assert (event.actor, event.label) == (cast.clerk, "导出表格")
    assert event.changes == {"清单": ["", "隐患台账"], "行数": ["", "2"], "筛选": ["", "状态：待整改"]}
    assert event.county_code == cast.bureau.county_code


def test_an_association_takes_no_ledger_and_reading_never_exports(cast):
    association = builders.make_user(builders.make_office(Role.ASSOCIATION, area=cast.county.area))
    assert browser(association).post("/hazards/export/").status_code == 403
    assert browser(cast.clerk).get("/hazards/export/").status_code == 405
    assert not Event.objects.filter(verb="sheet.exported").exists()


def test_an_unreadable_filter_gives_no_rows_and_says_so(cast):
    hazards.opened(cast)
    book, page = opened_with_openpyxl(exported(cast.clerk, "due_from=next-friday"))
    assert page.max_row == 1
    assert "读不懂" in book["说明"]["B4"].value


def test_an_export_costs_the_same_for_one_row_and_for_fifty(cast):
    hazard = hazards.opened(cast)
    builders.make_licence(cast.home)

    def cost(sheet):
        exported(cast.clerk, sheet=sheet)
        return count_queries(lambda: exported(cast.clerk, sheet=sheet))

    few = {sheet.code: cost(sheet) for sheet in (LEDGER, REGISTER)}
    homes = [builders.make_facility(supervisor=cast.township) for _ in range(49)]
    for home in homes:
        builders.make_licence(home)
    copies(hazard, homes, dict.fromkeys(homes, cast.manager), first=100)
    assert {sheet.code: cost(sheet) for sheet in (LEDGER, REGISTER)} == few


# The register


def test_the_register_leaves_with_licences_and_masks_telephones_of_others_homes(cast):
    builders.make_licence(cast.home, kind="food", expires_on=builders.in_days(30))
    builders.make_licence(cast.home, kind="fire", expires_on=None)
    evaluator = builders.make_office(Role.EVALUATOR, area=cast.county.area)
    access.grant(evaluator, "inspect_facility", cast.home, valid_from=builders.LONG_AGO)
    for user, phone in ((cast.clerk, "13800000001"), (builders.make_user(evaluator), "138****0001")):
        response = browser(user).post("/facilities/export/")
        page = page_of(body_of(response), REGISTER)
        assert page.cell(2, "机构名称").value == cast.home.name
        assert page.cell(2, "负责人电话").value == phone
        assert page.cell(2, "食品经营许可证有效期至").value.date() == builders.in_days(30)
        assert page.cell(2, "消防验收（备案）有效期至").value == "长期"
        assert MARK_HEAD not in page.column
    assert Event.objects.filter(verb="sheet.exported").count() == 2


def test_the_registers_filter_is_kept(cast):
    builders.make_facility("另一家养老院", supervisor=cast.township)
    data = exported(cast.clerk, "q=另一家&status=running", sheet=REGISTER)
    assert [row[0] for row in calamine_rows(data, REGISTER)[1:]] == ["另一家养老院"]
    book, _ = opened_with_openpyxl(data, REGISTER)
    assert book["说明"]["B4"].value == "查找：另一家；状态：正常运营"


# Many rows


@pytest.fixture
def few_at_once(monkeypatch):
    monkeypatch.setattr(views, "MOST_AT_ONCE", 2)
    monkeypatch.setattr("campaign_portal.sheets.writing.STEP", 1)


def three(cast):
    return [hazards.reported(cast) for _ in range(3)]


def test_many_rows_become_a_job_whose_result_is_kept(cast, few_at_once):
    rows = three(cast)
    response = browser(cast.clerk).post("/hazards/export/?state=all")
    job = Job.objects.get()
    assert response.url == f"/jobs/{job.pk}/"
    assert not Event.objects.filter(verb="sheet.exported").exists()
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.status, job.done, job.total) == ("done", 3, 3)
    data = body_of(browser(cast.clerk).get(f"/jobs/{job.pk}/result/"))
    assert {row[0] for row in calamine_rows(data)[1:]} == {row.code for row in rows}
    assert Event.objects.filter(verb="sheet.exported").get().changes["行数"] == ["", "3"]


def test_a_job_takes_what_its_owner_may_see_when_it_runs(cast, few_at_once):
    three(cast)
    browser(cast.officer).post("/hazards/export/?state=all")
    job = Job.objects.get()
    access.revoke(cast.township, "oversee_area", cast.township.area)
    jobs.run(job.pk)
    job.refresh_from_db()
    data = body_of(browser(cast.officer).get(f"/jobs/{job.pk}/result/"))
    assert len(calamine_rows(data)) == 1  # the head


def test_a_cancelled_export_stops_and_is_not_written_down(cast, few_at_once):
    three(cast)
    browser(cast.clerk).post("/hazards/export/?state=all")
    job = Job.objects.get()

    def cancelled_meanwhile(user, query, rows=LEDGER.rows):
        Job.objects.filter(pk=job.pk).update(status="cancelled", ended_at=clock.now())
        return rows(user, query)

    sheet = Sheet("hazards", "隐患台账", LEDGER.columns, cancelled_meanwhile, find=LEDGER.find, write=LEDGER.write)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(views.SHEETS, "hazards", sheet)
        jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.status, job.result) == ("cancelled", None)
    assert not Event.objects.filter(verb="sheet.exported").exists()


def test_who_has_no_jobs_is_told_to_narrow_the_filter(cast, few_at_once):
    evaluator = builders.make_office(Role.EVALUATOR, area=cast.county.area)
    access.grant(evaluator, "inspect_facility", cast.home, valid_from=builders.LONG_AGO)
    three(cast)
    response = browser(builders.make_user(evaluator)).post("/hazards/export/?state=all", follow=True)
    assert "分几次导出" in response.content.decode()
    assert not Job.objects.exists()


def test_an_empty_ledger_is_a_head_alone(cast):
    assert len(calamine_rows(exported(cast.clerk))) == 1


def test_rows_read_as_tuples_say_what_the_hazards_themselves_say(cast):
    for make in (hazards.reported, hazards.major, hazards.submitted, hazards.closed):
        make(cast)
    texts = ("finders", "liaison", "liaison_phone", "recheck_note", "plan", "responsible_phone")
    Hazard.objects.update(funds=Decimal("1.50"), **{name: f"<{name}>" for name in texts})
    user, query = cast.clerk, QueryDict("state=all")
    assert LEDGER.is_flat
    told = list(writing._flat_lines(LEDGER, user, query))
    assert told == list(writing._lines(LEDGER, user, query))
    assert len(told) == 4
    filled = [any(values[place] for _, _, values in told) for place in range(len(LEDGER.columns))]
    assert [c.name for c, is_filled in zip(LEDGER.columns, filled, strict=True) if not is_filled] == []
