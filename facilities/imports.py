"""The register of homes that a bureau or township has kept in Excel. Each home is registered as on the page for one:
with its office, its grants and its first state. Accounts are not made here."""

import re

from django.core.exceptions import ValidationError
from django.db import transaction

from campaign_portal import clock
from campaign_portal.accounts.access import Role
from campaign_portal.accounts.models import Area, Level, Office
from campaign_portal.audit.models import Event
from campaign_portal.audit.recording import name_verbs, record
from campaign_portal.sheets.foreign import BadCell, plain, to_phone
from campaign_portal.sheets.importers import Importer, Meanings, Undone, Written, register
from campaign_portal.sheets.models import BatchRow
from campaign_portal.sheets.registry import CHOICE, DATE, NUMBER, Column

from . import rules
from .credit_code import validate_credit_code
from .models import Facility, FacilityGrant, FormerName, StatePeriod
from .services import FORGETTERS, register_facility

name_verbs(facility_import_undone="撤销导入")

COLUMNS = (
    Column("name", "机构名称", lambda f: f.name, width=26, also=("养老机构名称", "养老机构", "单位名称", "名称", "机构全称")),
    Column("short_name", "简称", lambda f: f.short_name, also=("机构简称",)),
    Column("credit_code", "统一社会信用代码", lambda f: f.credit_code, width=22, also=("信用代码", "社会信用代码", "登记证号")),
    Column("kind", "机构类别", lambda f: f.get_kind_display(), CHOICE, width=20, also=("类别", "机构类型", "机构性质", "类型")),
    Column("operation", "运营方式", lambda f: f.get_operation_display(), CHOICE, also=("运营性质", "经营性质", "性质", "运营模式")),
    Column("operator_name", "运营主体", lambda f: f.operator_name, width=22, also=("运营单位", "运营机构", "举办单位")),
    Column("area", "所在乡镇（街道）", lambda f: f.area.name, CHOICE, also=("乡镇", "所在乡镇", "镇街", "乡镇（街道）", "属地")),
    Column("supervisor", "监管单位", lambda f: f.supervisor.name, CHOICE, width=22, also=("主管单位", "主管部门")),
    Column("address", "地址", lambda f: f.address, width=30, also=("详细地址", "机构地址", "地址（门牌号）", "所在地")),
    Column("director", "院长（负责人）", lambda f: f.director, also=("负责人", "院长", "法定代表人", "法人代表", "负责人姓名")),
    Column("director_phone", "负责人电话", lambda f: f.director_phone, width=14, also=("院长电话", "负责人联系电话", "电话", "联系方式", "手机")),
    Column("contact", "联系人", lambda f: f.contact),
    Column("contact_phone", "联系电话", lambda f: f.contact_phone, width=14, also=("联系人电话",)),
    Column("liaison", "包联责任人", lambda f: f.liaison, also=("包联领导", "联系领导", "包保责任人")),
    Column("liaison_phone", "包联责任人电话", lambda f: f.liaison_phone, width=14, also=("包联领导电话",)),
    Column("beds", "床位总数", lambda f: f.beds, NUMBER, also=("床位数", "床位", "总床位", "核定床位", "床位数（张）")),
    Column("nursing_beds", "护理型床位", lambda f: f.nursing_beds, NUMBER, also=("护理型床位数", "护理床位", "护理型床位（张）")),
    Column("filing_number", "备案编号", lambda f: f.filing_number, width=18, also=("备案号", "备案回执编号")),
    Column("filed_on", "备案日期", lambda f: f.filed_on, DATE, also=("备案时间",)),
    Column("since", "开始运营日期", lambda f: None, DATE, also=("开业时间", "成立时间", "运营时间", "开始运营时间", "成立日期", "投入使用时间")),
)  # fmt: skip

KINDS = {
    Facility.Kind.WELFARE: ("社会福利院", "福利院", "福利中心", "社会福利中心"),
    Facility.Kind.RELIEF: ("特困人员供养服务机构（敬老院）", "敬老院", "特困人员供养服务机构", "特困供养机构", "农村敬老院", "乡镇敬老院"),
    Facility.Kind.PRIVATE: ("养老院、养老公寓", "养老院", "养老公寓", "老年公寓", "养老中心", "养老服务中心", "养护院", "民办养老机构", "养老机构"),
    Facility.Kind.NURSING: ("护理院", "医养结合机构"),
}  # fmt: skip
OPERATIONS = {
    Facility.Operation.PUBLIC: ("公办公营", "公办", "公建公营", "政府办"),
    Facility.Operation.CONTRACTED: ("公建民营", "委托运营", "承包经营"),
    Facility.Operation.NONPROFIT: ("民办非营利", "民办非企业", "民非", "民办非企业单位", "非营利"),
    Facility.Operation.PROFIT: ("民办营利", "营利", "营利性", "企业"),
}
TEXTS = (
    "name", "short_name", "operator_name", "address", "director", "contact", "liaison", "filing_number",
)  # fmt: skip
PHONES = ("director_phone", "contact_phone", "liaison_phone")
NEEDED = {"name": "机构名称", "director": "负责人姓名", "director_phone": "负责人电话"}
ELSEWHERE = "外县已有机构使用这个信用代码，请核对"
SHOWN = ("name", "area", "kind", "operation", "director", "director_phone", "beds", "credit_code")


class RegisterImport:
    """One pass over a register. A handful of queries for checking; writing costs what registering each home costs."""

    def __init__(self, user, options):
        self.user, self.today, self.picks = user, clock.today(), options.get("picks", {})
        county = user.office.county_code
        towns = Area.objects.filter(level=Level.TOWN, parent__code=county)
        offices = Office.objects.filter(county_code=county, kind__in=(Role.BUREAU, Role.TOWNSHIP), is_active=True)
        if user.office.kind == Role.TOWNSHIP:
            towns, offices = towns.filter(pk=user.office.area_id), offices.filter(pk=user.office_id)
        self.towns = {town.pk: town for town in towns}
        self.offices = {office.pk: office for office in offices.select_related("area")}
        self.area = self._meanings("area", [(town.pk, town.name) for town in self.towns.values()], shorter=True)
        names = [(office.pk, office.name) for office in self.offices.values()]
        self.supervisor = self._meanings("supervisor", names)
        self.supervisor.known |= {plain(office.short_name): office.pk for office in self.offices.values()}
        self.kind = self._meanings("kind", Facility.Kind.choices, words=KINDS)
        self.operation = self._meanings("operation", Facility.Operation.choices, words=OPERATIONS)
        self.codes, self.names = self._already_there(county)

    def _meanings(self, name, offered, *, words=None, shorter=False):
        words = words or {value: (label,) for value, label in offered}
        known = {plain(word): value for value, said in words.items() for word in said}
        if shorter:  # 马田 for 马田镇
            known |= {re.sub(r"(镇|乡|街道)$", "", word): value for word, value in list(known.items())}
        return Meanings(name, known, picked=self.picks.get(name, {}), offered=offered)

    @staticmethod
    def _already_there(county):
        """Credit codes of all homes, and names of the county's, present and former: each with the name of the home."""
        homes = Facility.objects.exclude(credit_code="").values_list("credit_code", "name", "county_code")
        codes = {code: name if where == county else ELSEWHERE for code, name, where in homes}
        names = {
            plain(name): name for name in Facility.objects.filter(county_code=county).values_list("name", flat=True)
        }
        former = FormerName.objects.filter(facility__county_code=county).values_list("name", "facility__name")
        return codes, {plain(old): name for old, name in former} | names

    # Checking

    def check(self, lines):
        for line in lines:
            self._check_line(line)
            if not line.problems:
                self._find_repeat(line)

    def _check_line(self, line):
        given = line.values
        self._check_texts(line)
        given["kind"] = self._kind_of(line)
        given["operation"] = self._word(line, self.operation, "operation")
        given["area"] = self._area_of(line)
        given["supervisor"] = self._supervisor_of(line)
        given["credit_code"] = self._credit_code_of(line)
        self._check_beds(line)
        self._check_days(line)

    def _check_texts(self, line):
        given = line.values
        for name in TEXTS:
            given[name] = text = given.get(name) or ""
            most = Facility._meta.get_field(name).max_length
            if len(text) > most:
                line.refuse(name, f"有 {len(text)} 个字，最多 {most} 个，请压缩")
        for name in PHONES:
            try:
                given[name] = to_phone(line.cells.get(name, ""))
            except BadCell as error:
                line.refuse(name, f"“{line.says(name)[:20]}”{error}")
        for name, label in NEEDED.items():
            if not given.get(name) and not any(problem.name == name for problem in line.problems):
                line.refuse(name, f"是空的，请写上{label}")

    def _word(self, line, meanings, name):
        """What a cell's words mean; refused if nothing known."""
        words = line.says(name)
        value = meanings.find(words) if words else None
        if value is None:
            known = "、".join(label for _, label in meanings.all()[:8])
            what = f"“{words[:20]}”不在可用的说法里" if words else "是空的"
            line.refuse(name, f"{what}，可写：{known}", meanings.all())
        return value

    def _kind_of(self, line):
        """The kind as it is written; where it is not, as the home's name tells it."""
        if line.says("kind"):
            return self._word(line, self.kind, "kind")
        for word in ("护理院", "敬老院", "福利院", "养老院", "公寓", "养老"):
            if word in line.values["name"]:
                line.remarks.append("没写机构类别的，按名称判断")
                return self.kind.known.get(word, Facility.Kind.PRIVATE)
        return self._word(line, self.kind, "kind")

    def _area_of(self, line):
        if self.user.office.kind == Role.TOWNSHIP and not line.says("area"):
            return self.user.office.area
        if self.user.office.kind == Role.TOWNSHIP and self.area.find(line.says("area")) is None:
            line.refuse("area", f"“{line.says('area')[:20]}”不是本乡镇，您只能登记{self.user.office.area}的机构")
            return None
        return self.towns.get(self._word(line, self.area, "area"))

    def _supervisor_of(self, line):
        """The office named, or the township of where the home stands."""
        if self.user.office.kind == Role.TOWNSHIP:
            return self.user.office
        if line.says("supervisor"):
            return self.offices.get(self._word(line, self.supervisor, "supervisor"))
        area = line.values["area"]
        if area is None:
            return None
        own = (office for office in self.offices.values() if office.area_id == area.pk and office.kind == Role.TOWNSHIP)
        if (office := next(own, None)) is None:
            line.refuse("supervisor", f"{area}还没有监管单位账号，请写明由哪个单位监管", self.supervisor.all())
        return office

    @staticmethod
    def _credit_code_of(line):
        cell = line.cells.get("credit_code", "")
        code = "".join(line.says("credit_code").split()).upper()
        if not code or code in ("无", "-", "/"):
            return ""
        if isinstance(cell, float | int):
            line.refuse("credit_code", "被表格存成了数字，后几位已经丢失。请把单元格改为文本格式，对照证书重新填写")
            return ""
        try:
            validate_credit_code(code)
        except ValidationError as error:
            line.refuse("credit_code", f"“{code[:20]}”{error.message.rstrip('。')}")
        return code

    @staticmethod
    def _check_beds(line):
        given = line.values
        given["beds"], given["nursing_beds"] = given.get("beds") or 0, given.get("nursing_beds") or 0
        if given["nursing_beds"] > given["beds"] and not any(problem.name == "beds" for problem in line.problems):
            line.refuse("nursing_beds", f"有 {given['nursing_beds']} 张，多于床位总数 {given['beds']} 张，请核对")

    def _check_days(self, line):
        given = line.values
        for name, what in (("filed_on", "备案日期"), ("since", "开始运营日期")):
            day = given.get(name)
            if day and (day.year < 1949 or day > self.today):
                line.refuse(name, f"“{day}”不像{what}，请检查年份")
        if given["filing_number"] and not given.get("filed_on"):
            line.refuse("filed_on", "是空的；填了备案编号，也要填备案日期")

    def _find_repeat(self, line):
        given = line.values
        by_code = self.codes.get(given["credit_code"]) if given["credit_code"] else None
        if known := by_code or self.names.get(plain(given["name"])):
            is_sentence = known == ELSEWHERE or known.startswith("与第")
            line.repeats = known if is_sentence else f"名册里已有“{known}”，没有改动它"
            return
        self.names[plain(given["name"])] = f"与第 {line.number} 行相同"
        if given["credit_code"]:
            self.codes[given["credit_code"]] = f"与第 {line.number} 行的信用代码相同"

    def show(self, line):
        given = line.values
        words = {
            "kind": Facility.Kind(given["kind"]).label,
            "operation": Facility.Operation(given["operation"]).label,
        }
        return [str(words.get(name, given.get(name, ""))) for name in SHOWN]

    # Writing

    def write(self, lines, batch):
        return [Written(self._register(line).pk, 1) for line in lines]

    def _register(self, line):
        given = line.values
        columns = (*TEXTS, *PHONES, "credit_code", "kind", "operation", "beds", "nursing_beds", "filed_on")
        facility = Facility(
            area=given["area"], supervisor=given["supervisor"], **{name: given.get(name) for name in columns}
        )
        return register_facility(facility, by=self.user, since=given.get("since"))


# Taking back


def undo(rows: list[BatchRow], batch, by):
    """Remove the homes on which nothing hangs and nobody has worked; the others stay, and are named."""
    homes = Facility.objects.filter(pk__in=[row.target_pk for row in rows]).select_related("office__group")
    kept, removed = [], set()
    for home in homes.select_for_update(of=("self",)).order_by("pk"):
        pk = home.pk
        if why := _take_back(home, by):
            kept.append(f"{home.name}（{why}）")
        else:
            removed.add(pk)
    BatchRow.objects.filter(pk__in=[row.pk for row in rows if row.target_pk in removed]).delete()
    return Undone(len(removed), kept)


def _take_back(home, by):
    """Remove a home with what began by itself; or why it stays as it is, in words."""
    with transaction.atomic():
        for forget in FORGETTERS:
            forget(home)
        if why := _why_kept(home):
            transaction.set_rollback(True)
            return why
        record("facility.import_undone", home, by=by, reason="撤销导入")
        _remove(home)
    return ""


def _why_kept(home):
    """What has come to hang on a home since it was imported, in words; "" if nothing."""
    if home.office.users.exists():
        return "已有账号"
    if Event.objects.about(home).count() > 1 or home.state_periods.count() > 1:
        return "资料已有改动"
    for relation in Facility._meta.get_fields(include_hidden=True):  # most rows name their home without a way back
        if (
            relation.one_to_many
            and relation.related_model not in OWN
            and relation.related_model.objects.filter(**{relation.field.name: home}).exists()
        ):
            return f"已有{relation.related_model._meta.verbose_name}"
    return ""


OWN = {StatePeriod, FacilityGrant}  # what every registered home has


def _remove(home):
    office, group = home.office, home.office.group
    home.delete()
    office.delete()
    group.delete()


REGISTER = register(
    Importer(
        code="facilities",
        label="养老机构名册",
        unit="家",
        columns=COLUMNS,
        needed=("name", "director", "director_phone"),
        hints=("area", "supervisor"),
        shown=SHOWN,
        may=rules.may_register,
        start=RegisterImport,
        undo=undo,
        list_url="facilities:facilities",
        guide=(
            "名册里已有的机构（信用代码或名称相同）不会改动，会列出来。",
            "导入只登记机构，不新建账号：账号请在“单位与人员”里为每家机构新建。",
        ),
    )
)
