"""The register of homes as a sheet."""

from functools import partial

from campaign_portal.campaigns.templatetags.portal import masked
from campaign_portal.sheets.registry import CHOICE, DATE, NUMBER, Column, Sheet, register

from . import activity_sheet, rules  # noqa: F401 - the sheet of activities registers itself
from .forms import FacilityFilter
from .models import Facility, Licence


def _phone(name, home):
    """In full for those who keep it up, masked for others, as in the list."""
    phone = getattr(home, name)
    return phone if home.shows_phone else masked(phone)


def _expiry(kind, home):
    """Until when a licence of this kind holds: a date, or 长期 where none is set; empty without such a licence."""
    held = [licence for licence in home.licences.all() if licence.kind == kind]
    days = [licence.expires_on for licence in held if licence.expires_on]
    return min(days) if days else "长期" if held else ""


COLUMNS = (
    Column("name", "机构名称", lambda f: f.name, width=28),
    Column("former_names", "曾用名", lambda f: "、".join(former.name for former in f.former_names.all()), width=20),
    Column("town", "乡镇（街道）", lambda f: f.area.name, width=14),
    Column("supervisor", "监管单位", lambda f: f.supervisor.name, width=22),
    Column("kind", "机构类别", lambda f: f.get_kind_display(), CHOICE, width=20),
    Column("operation", "运营方式", lambda f: f.get_operation_display(), CHOICE),
    Column("operator_name", "运营主体", lambda f: f.operator_name, width=24),
    Column("credit_code", "统一社会信用代码", lambda f: f.credit_code, width=20),
    Column("address", "地址", lambda f: f.address, width=30),
    Column("director", "院长（负责人）", lambda f: f.director),
    Column("director_phone", "负责人电话", partial(_phone, "director_phone"), width=14),
    Column("contact", "联系人", lambda f: f.contact),
    Column("contact_phone", "联系电话", partial(_phone, "contact_phone"), width=14),
    Column("liaison", "包联责任人", lambda f: f.liaison),
    Column("liaison_phone", "包联责任人电话", partial(_phone, "liaison_phone"), width=16),
    Column("beds", "床位总数", lambda f: f.beds, NUMBER, width=9),
    Column("nursing_beds", "护理型床位", lambda f: f.nursing_beds, NUMBER, width=10),
    Column("filing_number", "备案编号", lambda f: f.filing_number, width=18),
    Column("filed_on", "备案日期", lambda f: f.filed_on, DATE),
    *(
        Column(f"licence_{kind}", f"{kind.label}有效期至", partial(_expiry, kind), DATE, width=14)
        for kind in Licence.Kind
        if kind != Licence.Kind.OTHER
    ),
    Column("status", "状态", lambda f: f.get_status_display(), CHOICE, width=10),
)


def rows(user, query):
    """The homes of the register's page, in its order."""
    return FacilityFilter(query, user=user).apply(Facility.objects.visible_to(user)).for_list()


def prepare(home, user):
    home.shows_phone = rules.may_edit_contacts(home, user)


def in_words(user, query):
    form = FacilityFilter(query, user=user)
    said = {name: dict(getattr(form.fields[name], "choices", ())).get(v, v) for name, v in form.chosen.items()}
    return "；".join(f"{LABELS[name]}：{value}" for name, value in said.items())


LABELS = {
    "q": "查找",
    "town": "乡镇",
    "status": "状态",
    "licence": "证照",
    "kind": "类别",
    "operation": "运营方式",
    "supervisor": "监管",
}

REGISTER = register(
    Sheet(
        "facilities",
        "养老机构名册",
        COLUMNS,
        rows,
        list_url="facilities:facilities",
        frozen=1,
        in_words=in_words,
        prepare=prepare,
    )
)
