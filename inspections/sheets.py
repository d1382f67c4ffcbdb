"""The hazard ledger as a sheet: the columns that inspectors and superiors ask for, in their order."""

from decimal import Decimal

from campaign_portal import clock
from campaign_portal.accounts.access import Role
from campaign_portal.accounts.models import Office
from campaign_portal.deadlines.registry import day_of
from campaign_portal.sheets.registry import CHOICE, DATE, MONEY, NUMBER, At, Column, Several, Sheet, register

from . import sheets_back
from .columns import GRADES, SOURCES, STATES, holders_of
from .ledger import ledger_of
from .models import Category, Hazard


def _holders(hazard):
    return "、".join(part.office.label for part in hazard.parts.all())


def _labels_of(choices):
    return lambda user: [label for _, label in choices]


def _categories(user):
    """The categories of the user's county, in force today."""
    bureau = (
        Office.objects.filter(kind=Role.BUREAU, county_code=user.office.county_code).exclude(county_code="").first()
    )
    return Category.objects.in_force(bureau=bureau, on=clock.today()).values_list("name", flat=True)


def _offices(user):
    """The labels of the offices of the user's county that may hold a part of a hazard."""
    if not user.office.county_code:
        return []
    offices = Office.objects.filter(
        county_code=user.office.county_code,
        is_active=True,
        kind__in=[Role.DEPARTMENT, Role.BUREAU, Role.TOWNSHIP],
    )
    return list(dict.fromkeys(office.label for office in offices.order_by("kind", "pk")))


def _funds_refused(text):
    number = Decimal(text)
    if number < 0 or number >= 10**6 or number != round(number, 2):
        return "整改资金以万元计，写 0 到 999999.99 之间、最多两位小数的数字"
    return ""


NO_NEW_LIMIT = "整改时限不能在表里改：延期须由机构在到期前申请，由另一位同志审批"
NO_NEW_GRADE = "等级不能在表里改：调整等级要选判定依据、写理由，请在隐患页面办理"


COLUMNS = (
    Column("code", "隐患编号", At("code"), width=16, also=("编号", "隐患序号")),
    Column("facility", "机构名称", At("facility__name"), width=26, also=("机构", "养老机构", "单位名称", "被检查单位")),
    Column("town", "乡镇（街道）", At("facility__area__name"), width=14, also=("乡镇", "镇街", "所在乡镇", "属地")),
    Column("found_on", "排查日期", At("found_on"), DATE, also=("发现日期", "检查日期", "排查时间", "检查时间")),
    Column("source", "排查方式", At("source", SOURCES.get), CHOICE, also=("检查方式", "来源"), choices=_labels_of(Hazard.Source.choices)),
    Column("found_by", "排查单位", At("found_by__name"), width=22, also=("检查单位",)),
    Column("finders", "排查人员", At("finders"), also=("检查人", "检查人员", "排查人")),
    Column("place", "隐患部位", At("place"), also=("部位", "位置", "具体部位")),
    Column("summary", "隐患描述", At("summary"), width=40, also=("隐患内容", "存在问题", "问题描述", "隐患", "问题隐患", "存在的隐患")),
    Column("category", "类别", At("category__name"), CHOICE, width=14, also=("隐患类别", "隐患类型", "问题类别"), choices=_categories),
    Column("grade", "等级", At("grade", GRADES.get), CHOICE, width=8, also=("隐患等级", "隐患级别", "级别"), choices=_labels_of(Hazard.Grade.choices),
           read_only=NO_NEW_GRADE),
    Column("criterion", "判定依据", At("criterion__text"), width=24),
    Column("departments", "责任单位", Several(_holders, holders_of), width=14, also=("责任部门", "监管部门"), verb="share", choices=_offices,
           several=True, needed=True),
    Column("responsible", "责任人", At("responsible"), also=("整改责任人",), verb="plan", longest=30, needed=True),
    Column("responsible_phone", "责任人电话", At("responsible_phone"), width=14, also=("联系电话", "电话"), verb="plan", longest=20),
    Column("liaison", "包联责任人", At("liaison"), also=("包联领导", "包保责任人", "联系领导"), verb="set_liaison", longest=30, needed=True),
    Column("liaison_phone", "包联责任人电话", At("liaison_phone"), width=16, verb="set_liaison", longest=20),
    Column("measure", "整改措施", At("measure"), width=36, also=("整改要求", "措施"), verb="plan", longest=500, needed=True),
    Column("funds", "整改资金（万元）", At("funds"), MONEY, also=("整改资金", "资金", "资金（万元）"), verb="plan", check=_funds_refused),
    Column("due_on", "整改时限", At("due_on"), DATE, also=("整改期限", "整改限期", "限期", "完成时限"), read_only=NO_NEW_LIMIT),
    Column("plan", "临时防控措施和应急预案", At("plan"), width=30, also=("应急预案", "防控措施", "临时防控措施"), verb="plan", longest=1000),
    Column("rectified_on", "整改完成日期", At("rectified_on"), DATE, also=("完成日期", "整改完成时间", "完成时间", "整改日期")),
    Column("rectification", "整改情况", At("rectification"), width=30, also=("整改结果", "落实情况")),
    Column("rechecked_on", "复查日期", At("rechecked_on"), DATE, also=("复查时间", "验收日期")),
    Column("recheck_note", "复查结论", At("recheck_note"), width=24, also=("复查情况", "复查意见", "验收意见")),
    Column("closed_on", "销号日期", At("closed_at", day_of), DATE, also=("销号时间",)),
    Column("status", "状态", At("status", STATES.get), CHOICE, width=10, also=("整改状态", "是否整改", "是否销号")),
    Column("round", "整改轮次", At("round"), NUMBER, width=8),
)  # fmt: skip


def rows(user, query):
    """The hazards of a ledger page, in its order, with all that COLUMNS need."""
    shown = ledger_of(user, query)
    return shown.order.sort(shown.found.for_ledger().select_related("found_by", "criterion"))


def in_words(user, query):
    """The filters of a ledger page as words, e.g. "状态：待整改；等级：重大"."""
    return "；".join(ledger_of(user, query).conditions)


LEDGER = register(
    Sheet(
        "hazards",
        "隐患台账",
        COLUMNS,
        rows,
        list_url="inspections:ledger",
        in_words=in_words,
        title=lambda hazard: f"{hazard.code} {hazard.facility}：{hazard.summary[:40]}",
        find=sheets_back.find,
        refusal=sheets_back.refusal,
        write=sheets_back.write,
        asks_reason=sheets_back.asks_reason,
        problems_of_new=sheets_back.problems_of_new,
        add=sheets_back.add,
    )
)
