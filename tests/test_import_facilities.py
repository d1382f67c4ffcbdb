"""A register of homes is taken over from Excel: each home is registered as on its page, none twice."""

import pytest
from django.contrib.auth.models import Group

from campaign_portal.accounts import access
from campaign_portal.accounts.models import Office
from campaign_portal.audit.models import Event
from facilities.credit_code import check_character
from facilities.models import Facility
from facilities.services import edit_facility
from inspections.models import Hazard, SelfCheck

from . import builders, hazards, selfchecks
from . import import_books as books
from .builders import browser
from .hazards import Cast
from .import_books import Desk, problems

pytestmark = pytest.mark.django_db

HEAD = ["序号", "乡镇", "养老机构名称", "机构类型", "运营性质", "负责人", "负责人联系电话", "床位数（张）", "护理型床位（张）",
        "统一社会信用代码", "备案编号", "备案时间", "开业时间"]  # fmt: skip


def home(name="马田敬老院", *, town="马田", kind="敬老院", operation="公办", director="李勇", phone=13800000002.0, beds=60.0,
         nursing=20.0, code="", filing="", filed="", since="2020年5月"):  # fmt: skip
    since = "2020-5-1" if since == "2020年5月" else since
    return [1, town, name, kind, operation, director, phone, beds, nursing, code, filing, filed, since]


def code(start="5243102300000000"):
    body = start.ljust(17, "1")
    return body + check_character(body)


@pytest.fixture
def cast():
    return Cast(name="柏林镇敬老院", credit_code=code("5243102399"))


def check(user, *rows):
    """The clerk's desk, and the batch as the preview of these rows has it."""
    desk = Desk(user)
    return desk, desk.check(books.table(["全县养老机构基本情况表"], HEAD, *rows), kind="facilities", name="名册.xlsx")


def test_a_home_is_registered_as_on_its_page(cast):
    desk, batch = check(cast.clerk, home(code=code()), home("夕阳红老年公寓", town="柏林镇", kind="", operation="民非"))
    assert batch.counts | {"good": 2, "bad": 0} == batch.counts
    assert Facility.objects.count() == 1
    assert desk.apply(batch).counts["written"] == 2
    first = Facility.objects.get(name="马田敬老院")
    assert (first.kind, first.operation, first.beds, first.director_phone) == ("relief", "public", 60, "13800000002")
    assert (first.area, first.supervisor) == (cast.county.town, cast.township)
    assert first.credit_code == code()
    assert first.state_periods.get().since.year == 2020
    assert first.office.parent == cast.township
    assert "马田敬老院" in browser(cast.officer).get("/facilities/?q=mtjly").content.decode()
    manager = builders.make_home_user(first)
    assert access.scope_of(manager).runs == (first.pk,)
    assert not first.office.users.exclude(pk=manager.pk).exists(), "accounts are not made"
    assert Facility.objects.get(name="夕阳红老年公寓").kind == "private"


WRONG = code()[:-1] + ("A" if code()[-1] != "A" else "B")
BAD = [
    (home(code=WRONG), "J3", "校验位不符"),
    (home(code=524310230000000011.0), "J3", "被表格存成了数字"),
    (home(beds=-5), "H3", "“-5”不是 0 以上的整数，请只写数字，如 60"),
    (home(beds=10, nursing=20), "I3", "有 20 张，多于床位总数 10 张，请核对"),
    (home(""), "C3", "是空的，请写上机构名称"),
    (home("长" * 61), "C3", "有 61 个字，最多 60 个，请压缩"),
    (home(town="远方镇"), "B3", "“远方镇”不在可用的说法里"),
    (home(operation="民办"), "E3", "“民办”不在可用的说法里，可写：公办公营、公建民营、民办非营利、民办营利"),
    (home(phone=""), "G3", "是空的，请写上负责人电话"),
    (home(phone="找院长"), "G3", "不像一个电话号码"),
    (home(filing="备1"), "L3", "填了备案编号，也要填备案日期"),
    (home(since="2099-1-1"), "M3", "“2099-01-01”不像开始运营日期"),
]  # fmt: skip


@pytest.mark.parametrize("cells, address, sentence", BAD)
def test_each_bad_cell_is_named(cast, cells, address, sentence):
    desk, batch = check(cast.clerk, cells)
    assert batch.counts["bad"] == 1
    assert sentence in problems(batch)[address]


def test_homes_that_are_there_are_listed_and_left_alone(cast):
    desk, batch = check(
        cast.clerk,
        home("柏林镇敬老院"),
        home("换了名的院", code=cast.home.credit_code),
        home(),
        home(),
    )
    assert (batch.counts["good"], batch.counts["repeats"]) == (1, 3)
    sentences = [sentence for _, sentence in batch.report["repeats"]]
    assert sentences == ["名册里已有“柏林镇敬老院”，没有改动它"] * 2 + ["与第 5 行相同"]


def test_a_township_registers_only_what_it_will_supervise(cast):
    desk, batch = check(cast.officer, home(town=""), home("柏林另一家", town="柏林镇"))
    assert (batch.counts["good"], batch.counts["bad"]) == (1, 1)
    assert "您只能登记马田镇的机构" in problems(batch)["B4"]
    desk.apply(batch)
    assert Facility.objects.get(name="马田敬老院").supervisor == cast.township


def test_one_act_removes_what_nobody_has_used_yet(cast):
    desk, batch = check(cast.clerk, home(), home("有隐患的院"), home("有人的院"), home("改过的院"))
    offices, groups = Office.objects.count(), Group.objects.count()
    batch = desk.apply(batch)
    named = {facility.name: facility for facility in Facility.objects.all()}
    finding = hazards.draft(named["有隐患的院"], source="joint")
    hazards.services.register_finding(finding, by=cast.clerk)
    builders.make_home_user(named["有人的院"])
    edited = named["改过的院"]
    edited.beds = 99
    edit_facility(edited, by=cast.clerk, fields=("beds",))
    page = desk.press("undo", batch)
    assert (page.context["batch"].counts["undone"], page.context["batch"].counts["kept"]) == (1, 3)
    text = page.content.decode()
    for sentence in ("有隐患的院（已有隐患）", "有人的院（已有账号）", "改过的院（资料已有改动）"):
        assert sentence in text
    assert set(Facility.objects.values_list("name", flat=True)) == {
        "柏林镇敬老院",
        "有隐患的院",
        "有人的院",
        "改过的院",
    }
    assert (Office.objects.count(), Group.objects.count()) == (offices + 3, groups + 3)
    assert Event.objects.filter(verb="facility.import_undone", target_pk=named["马田敬老院"].pk).exists()
    assert Hazard.objects.exists()


def test_the_empty_register_leads_here(cast):
    county = builders.make_county()
    page = browser(builders.make_user(county.bureau)).get("/facilities/").content.decode()
    assert "/sheets/import/?kind=facilities" in page


def test_a_round_of_self_checks_keeps_only_the_home_that_has_begun_it(cast):
    selfchecks.opened_round(cast.clerk)
    desk, batch = check(cast.clerk, home(), home("填了一半的院"))
    batch = desk.apply(batch)
    begun = SelfCheck.objects.get(facility__name="填了一半的院")
    selfchecks.answer_all(begun, by=cast.officer)
    batch = desk.press("undo", batch).context["batch"]
    assert (batch.status, batch.counts["undone"], batch.report["kept"]) == ("undone", 1, ["填了一半的院（已有自查表）"])
    assert begun.answers.exists()
    assert not Facility.objects.filter(name="马田敬老院").exists()
