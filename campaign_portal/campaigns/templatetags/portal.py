"""Small words for templates, built in everywhere."""

from decimal import Decimal

from django import template
from django.utils import timezone

from campaign_portal import clock
from campaign_portal.campaigns.metrics import METRICS

register = template.Library()


@register.filter
def due_words(due_on, today=None):
    """How far a due date is: "逾期 12 天", "今天到期", "还有 2 天"."""
    days = (due_on - (today or clock.today())).days
    if days < 0:
        return f"逾期 {-days} 天"
    return "今天到期" if days == 0 else f"还有 {days} 天"


@register.filter
def due_class(due_on, today=None):
    """late, soon (within three days) or nothing."""
    days = (due_on - (today or clock.today())).days
    return "late" if days < 0 else "soon" if days <= 3 else ""


@register.filter
def short_date(value, today=None):
    """11-22 this year, 2025-11-22 otherwise. Takes a date or a moment."""
    if not value:
        return "—"
    if hasattr(value, "tzinfo"):
        value = timezone.localtime(value).date()
    return f"{value:%m-%d}" if value.year == (today or clock.today()).year else f"{value:%Y-%m-%d}"


@register.filter
def moment(value):
    """11-22 09:41 this year, with the year otherwise."""
    if not value:
        return "—"
    local = timezone.localtime(value)
    return f"{local:%m-%d %H:%M}" if local.year == clock.today().year else f"{local:%Y-%m-%d %H:%M}"


@register.filter
def masked(phone):
    """A phone number with its middle hidden, for lists: 138****1234."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 11 else phone


@register.filter
def numeral(number):
    """A small number as a Chinese numeral for headings, 1 to 19: 一, 十, 十二."""
    ones = "零一二三四五六七八九"
    return ones[number] if number < 10 else f"十{ones[number % 10] if number % 10 else ''}"


RECURRENCES = {
    "hourly": "每小时",
    "two_hourly": "每两小时",
    "few_hours": "每几小时",
    "daily": "每天",
    "few_days": "每几天",
    "weekly": "每周",
    "two_weekly": "每两周",
    "few_weeks": "每几周",
    "ten_days": "每旬",
    "half_monthly": "每半月",
    "monthly": "每月",
    "bimonthly": "每两个月",
    "quarterly": "每季度",
    "few_months": "每几个月",
    "half_yearly": "每半年",
    "yearly": "每年",
    "few_years": "每几年",
}


@register.filter
def recurrence(code):
    """每月, 每季度 … of a deadline that comes back."""
    return RECURRENCES.get(code, "")


@register.filter
def plain_number(value):
    """A Decimal as people write it: 1800 rather than 1800.00; nothing as “—”."""
    return "—" if value in (None, "") else f"{Decimal(value).normalize():f}"


@register.filter
def target(row):
    """What an indicator (or a draft of one, a dict) wants, in words: 每季度 4 次, 不少于 60%, 1 至 2 项."""
    get = row.get if isinstance(row, dict) else lambda name, default=None: getattr(row, name, default)
    per = PERS.get(get("per"), "")
    number = plain_number(get("value"))
    if get("comparator") == "range":
        number = f"{number} 至 {plain_number(get('high'))}"
    word = {"ge": "不少于 ", "le": "不超过 "}.get(get("comparator"), "")
    unit = get("unit")
    return f"{per}{word}{number}{'' if unit == '%' else ' '}{unit}"


@register.filter
def counted_by(data):
    """Where the figure of a draft's target comes from, in words: 系统统计：隐患整改销号率, or who reports it."""
    metric = METRICS.get(data.get("metric", ""))
    return f"系统统计：{metric.name}（可改）" if metric else "由各单位填报"


PERS = {"month": "每月 ", "quarter": "每季度 ", "half": "每半年 ", "year": "每年 ", "home": "每家机构 "}
UNIT_PARTS = {
    "issuer": "联合印发",
    "addressee": "主送",
    "lead": "牵头",
    "joint": "会同",
    "support": "配合",
    "guide": "指导",
    "responsible": "责任",
    "take_part": "参加",
}


@register.filter
def unit_part(code):
    """The part of a body in a campaign, in words."""
    return UNIT_PARTS.get(code, "")


@register.simple_tag(takes_context=True)
def query(context, **changes):
    """The present query string with some values changed; None removes one. For links of filters and pagers."""
    params = context["request"].GET.copy()
    for name, value in changes.items():
        params.pop(name, None)
        if value is not None:
            params[name] = value
    return f"?{params.urlencode()}" if params else "?"
