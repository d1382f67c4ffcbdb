"""The ledger's filters, from the query string. A forged or outdated value finds nothing, and is named in a sentence."""

from datetime import date
from functools import cached_property
from operator import attrgetter
from typing import NamedTuple

import django_filters as filters
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from campaign_portal import clock
from campaign_portal.accounts import access
from campaign_portal.accounts.access import OFFICERS, Role
from campaign_portal.accounts.models import DIGITS, Area, Level, Office
from campaign_portal.campaigns.models import Campaign
from campaign_portal.campaigns.services import campaigns_at_hand
from campaign_portal.sheets.models import Batch
from facilities.models import Facility

from .daily import stock
from .models import Category, Hazard, Part
from .search import matching

UNFINISHED, ACTIVE, REGISTERED, ALL = "unfinished", "active", "registered", "all"
SETS = {  # names for several states at once
    UNFINISHED: Hazard.UNFINISHED,
    ACTIVE: (Hazard.Status.OPEN, Hazard.Status.SUBMITTED),
    REGISTERED: Hazard.COUNTED,
    "handed_in": (Hazard.Status.SUBMITTED, Hazard.Status.CLOSED),
    "valid": [status for status in Hazard.Status if status != Hazard.Status.VOID],
    ALL: Hazard.Status.values,
}
STATES = [
    (UNFINISHED, "未销号"),
    (ACTIVE, "待整改和待复查"),
    (REGISTERED, "已确认（含已销号）"),
    ("handed_in", "已提交整改（含已销号）"),
    ("valid", "未作废（含待核实）"),
    (ALL, "全部状态"),
    *Hazard.Status.choices,
]
DUE = [("overdue", "整改逾期"), ("recheck", "复查逾期"), ("week", "7 天内到期")]
OWN_PART = [("mine_open", "本单位未办结"), ("mine_done", "本单位已办结")]
ANY_PART = [("open", "部门未办结"), ("done", "部门已办结")]  # the chosen department's; without one, any department's

# A list of homes or campaigns longer than this is not offered: links and the search find them.
MOST_CHOICES = 120

TAKE_PART = (Role.DEPARTMENT, Role.BUREAU, Role.TOWNSHIP)

RANGES = [
    ("found_from", "found_to", "排查日期"),
    ("due_from", "due_to", "整改期限"),
    ("closed_from", "closed_to", "销号日期"),
]
TURNED = "turned"  # the error of a range that ends before it begins
OUTDATED = "可能已停用、删除，或者链接已过时。"


class Active(NamedTuple):
    """A filter that is set: its name, its label and value in words, and a sentence if the value is no good."""

    name: str
    label: str
    words: str
    sentence: str = ""


class Choice(NamedTuple):
    """A row that a filter offers."""

    pk: int | str
    label: str


class DateInput(forms.DateInput):
    """A date's input written without a template, like QuickSelect."""

    input_type = "date"

    def render(self, name, value, attrs=None, renderer=None):
        given = {"type": self.input_type, "name": name, "value": self.format_value(value)}
        return format_html("<input{}>", flatatt(self.build_attrs(self.attrs, given | (attrs or {}))))


class QuickSelect(forms.Select):
    """A select written without a template: the filters have a dozen, some of hundreds of options, on every page."""

    def render(self, name, value, attrs=None, renderer=None):
        chosen = {str(one) for one in self.format_value(value)}
        options = [
            format_html('<option value="{}"{}>{}</option>', key, SELECTED if str(key) in chosen else "", label)
            for key, label in self.choices
        ]
        attributes = flatatt(self.build_attrs(self.attrs, {"name": name} | (attrs or {})))
        return format_html("<select{}>{}</select>", attributes, mark_safe("".join(options)))  # of escaped parts


SELECTED = mark_safe(" selected")


class RowField(forms.ChoiceField):
    """A choice among rows that are at hand already: neither its options nor the check of a value asks the database.

    Where there are too many to offer, `rows` is None, the field is hidden and `find(value)` looks a single one up.
    """

    def __init__(self, *, rows, find, empty_label, **kwargs):
        self.rows, self.find = rows, find
        options = [("", empty_label), *((str(row.pk), row.label) for row in rows or ())]
        super().__init__(choices=options, widget=QuickSelect if rows is not None else forms.HiddenInput, **kwargs)

    def clean(self, value):
        if not value:
            return None
        if row := self.find(value) if self.rows is None else self._at_hand(value):
            return row
        raise forms.ValidationError("没有这个选项。")

    def _at_hand(self, value):
        return next((row for row in self.rows if str(row.pk) == value), None)


class RowFilter(filters.Filter):
    field_class = RowField

    def filter(self, rows, choice):
        return rows.filter(**{self.field_name: choice.pk}) if choice else rows


class LedgerForm(forms.Form):
    """A select says itself what it is for: a label beside each would be a kilobyte of every page."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id=False, **kwargs)
        for field in self.fields.values():
            if isinstance(field.widget, QuickSelect):
                field.widget.attrs["aria-label"] = field.label

    def clean(self):
        """A range the wrong way round would be an empty list without a reason."""
        for first, last, label in RANGES:
            begins, ends = self.cleaned_data.get(first), self.cleaned_data.get(last)
            if begins and ends and begins > ends:
                sentence = f"{label}的起止反了：从 {begins} 到 {ends} 之间没有日子，请改其中一个。"
                self.add_error(first, forms.ValidationError(sentence, code=TURNED))


def _choice(**how):
    return filters.ChoiceFilter(widget=QuickSelect, **how)


IN_OUR_TIME = [MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2099, 12, 31))]


def _day(label, **how):
    return filters.DateFilter(label=label, widget=DateInput, validators=IN_OUR_TIME, **how)


class LedgerFilter(filters.FilterSet):
    """Every filter narrows rows that are already scoped to the user; choices are scoped too."""

    q = filters.CharFilter(method="by_text", label="查找", widget=forms.TextInput(attrs={"type": "search"}))
    state = _choice(method="by_state", label="状态", choices=STATES, empty_label=None)
    campaign = RowFilter("campaign_id", label="专项行动")
    county = RowFilter("county_code", label="县（市、区）")
    supervisor = RowFilter("supervisor_id", label="监管单位")
    facility = RowFilter("facility_id", label="养老机构")
    grade = _choice(label="等级", choices=Hazard.Grade.choices, empty_label="等级")
    category = RowFilter("category_id", label="类别")
    department = RowFilter(method="by_department", label="责任部门")
    part = _choice(method="by_part", label="部门办理", choices=ANY_PART, empty_label="部门办理")
    source = _choice(label="排查方式", choices=Hazard.Source.choices, empty_label="排查方式")
    recurs = _choice(method="by_nature", label="再次出现", choices=[("yes", "再次出现的")], empty_label="是否再次出现")
    on_time = _choice(method="by_nature", label="按期整改", choices=[("yes", "按期整改的")], empty_label="是否按期整改")
    planned = _choice(method="by_nature", label="五落实", choices=[("yes", "五落实齐全")], empty_label="五落实")
    batch = RowFilter("imported_in_id", label="导入的文件")  # comes by a link only
    due = _choice(method="by_due", label="期限", choices=DUE, empty_label="期限")
    found_from = _day("排查日期自", field_name="found_on", lookup_expr="gte")
    found_to = _day("排查日期至", field_name="found_on", lookup_expr="lte")
    due_from = _day("整改期限自", field_name="due_on", lookup_expr="gte")
    due_to = _day("整改期限至", field_name="due_on", lookup_expr="lte")
    closed_from = _day("销号日期自", method="by_closed_from")
    closed_to = _day("销号日期至", method="by_closed_to")

    class Meta:
        model = Hazard
        fields = []
        form = LedgerForm

    def __init__(self, data, *args, user, **kwargs):
        data = data.copy()
        if not data.get("state"):
            data["state"] = UNFINISHED
        super().__init__(data, *args, **kwargs)
        self.user, self.scope = user, access.scope_of(user)
        self._drop_needless()
        for name, (rows, find) in self._choices().items():
            extra = self.filters[name].extra
            extra.update(rows=rows, find=find, empty_label=self.filters[name].label)
        if user.office.kind in OFFICERS:
            self.filters["part"].extra["choices"] = OWN_PART + ANY_PART

    def _drop_needless(self):
        """A home has one supervisor and mostly one house; only who sees several counties picks one."""
        if self.user.office.kind == Role.HOME:
            del self.filters["supervisor"]
            if len(self.scope.runs) < 2:
                del self.filters["facility"]
        if self.scope.is_within_county:
            del self.filters["county"]

    def _choices(self):
        """{filter: (rows, find)} of the filters that offer rows. A short query each, of just what a choice shows.

        Above the county homes and offices are not listed: there are thousands.
        """
        within = self.scope.is_within_county
        supervisors, departments = self._offices() if within else (None, None)
        choices = {
            "campaign": (_few([Choice(c.pk, c.title) for c in campaigns_at_hand(self.user)]), self._find_campaign),
            "category": (self._categories(), None),
            "batch": (None, self._find_batch),
            "department": (departments, self._find_department),
        }
        if "county" in self.filters:
            choices["county"] = (self._counties(), None)
        if "supervisor" in self.filters:
            choices["supervisor"] = (supervisors, self._find_supervisor)
        if "facility" in self.filters:
            choices["facility"] = (_few(self._homes()) if within else None, self._find_home)
        return choices

    def _categories(self):
        own_or_starter = Q(owner=None) | Q(owner__county_code=self.user.office.county_code)
        categories = Category.objects.filter(own_or_starter).order_by("order", "pk").values_list("pk", "name")
        return [Choice(*row) for row in categories]

    def _homes(self):
        return [Choice(pk, short_name or name) for pk, _, short_name, name in self._home_rows]

    @cached_property
    def _home_rows(self):
        """(pk, supervisor, short name, name) of the homes, as far as they may be offered and one more."""
        homes = Facility.objects.visible_to(self.user).order_by("town_code", "pk")
        return list(homes.values_list("pk", "supervisor", "short_name", "name")[: MOST_CHOICES + 1])

    def _counties(self):
        """The counties of the user's areas. Codes are cut by level: what lies below an area begins with its digits."""
        below = Q(pk__in=())
        for column, code in self.scope.areas:
            below |= Q(code__startswith=code[: DIGITS[Level(column.removesuffix("_code"))]])
        counties = Area.objects.filter(below, level=Level.COUNTY).order_by("code").values_list("code", "name")
        return [Choice(*row) for row in counties]

    def _offices(self):
        """(supervisors, departments): the offices that supervise homes of the user's areas, and those that may take part
        in their hazards. Bureaus and townships of the areas stand there whether or not they still supervise a home.
        """
        supervises, county = self._supervises(), self.user.office.county_code
        takes_part = Q(county_code=county, kind__in=TAKE_PART) if county else Q(pk__in=())
        offices = Office.objects.filter(supervises | takes_part).order_by("kind", "town_code", "pk")
        offices = offices.annotate(supervises=ExpressionWrapper(supervises, output_field=BooleanField()))
        found = list(offices.values_list("pk", *Office.LABELLED_BY, "county_code", "supervises", named=True))
        townships_first = sorted(found, key=attrgetter("kind"), reverse=True)
        supervisors = [Choice(office.pk, office.short_name) for office in townships_first if office.supervises]
        takers = (o for o in found if county and o.county_code == county and o.kind in TAKE_PART)
        departments = [Choice(o.pk, Office.labelled(o.kind, o.field, o.short_name)) for o in takers]
        return supervisors, departments

    def _supervises(self):
        if self.user.office.kind == Role.HOME:  # has one supervisor and picks none
            return Q(pk__in=())
        here = self.scope.areas_q() & Q(kind__in=[Role.BUREAU, Role.TOWNSHIP])
        return here | Q(pk__in=self._supervisors_of(self.scope.runs + self.scope.inspects))

    def _supervisors_of(self, homes):
        """The supervisors of homes that are looked at one by one. Listed: for a query within the query, every office
        would be read."""
        if not homes:
            return []
        if len(self._home_rows) > MOST_CHOICES:
            return list(Facility.objects.filter(pk__in=homes).values_list("supervisor", flat=True))
        return [supervisor for pk, supervisor, *_ in self._home_rows if pk in homes]

    def _find_campaign(self, value):
        campaign = Campaign.objects.visible_to(self.user).filter(pk=_number(value)).first()
        return campaign and Choice(campaign.pk, campaign.title)

    def _find_batch(self, value):
        batch = Batch.objects.visible_to(self.user).filter(pk=_number(value)).select_related("file").first()
        return batch and Choice(batch.pk, batch.file.name)

    def _find_home(self, value):
        home = Facility.objects.visible_to(self.user).filter(pk=_number(value)).first()
        return home and Choice(home.pk, str(home))

    def _find_supervisor(self, value):
        office = Office.objects.filter(self._supervises(), pk=_number(value)).first()
        return office and Choice(office.pk, office.short_name)

    def _find_department(self, value):
        office = Office.objects.filter(self.scope.areas_q(), pk=_number(value)).first()
        return office and Choice(office.pk, office.label)

    @cached_property
    def qs(self):
        """The filtered rows. A value that cannot be read gives none: all of them would pass for the answer."""
        rows = self.queryset
        if not self.form.is_valid():
            return rows.none()
        for name, value in self.form.cleaned_data.items():
            rows = self.filters[name].filter(rows, value)
            if value and name != "state":
                self.form.fields[name].widget.attrs["class"] = "is-set"
        return rows

    @property
    def may_be_late(self):
        """Whether a link to what is overdue narrows the rows: they hold open ones and are not chosen by a limit yet."""
        state = self._chosen.get("state")
        return Hazard.Status.OPEN in SETS.get(state, [state]) and not self._chosen.get("due")

    @property
    def _chosen(self):
        return self.form.cleaned_data if self.form.is_valid() else {}

    @property
    def is_bounded(self):
        """Whether the rows are those of a county at most, which can be put in any order."""
        narrows = any(self._chosen.get(name) for name in ("county", "supervisor", "facility"))
        return self.scope.is_within_county or narrows

    def active(self):
        """What narrows the list, in the order of the form. Narrowing to the unfinished goes without saying."""
        form, found = self.form, []
        for name, field in form.fields.items():
            given = self.data.get(name, "").strip()
            if not given or (name == "state" and given == UNFINISHED):
                continue
            if name not in form.errors:
                found.append(Active(name, field.label, _in_words(field, form.cleaned_data[name])))
            elif form.has_error(name, TURNED):
                found.append(Active(name, field.label, given, form.errors[name][0]))
            else:
                found.append(Active(name, field.label, "读不懂", f"有筛选条件读不懂：“{field.label}”{OUTDATED}"))
        return found

    def by_text(self, rows, name, text):
        return matching(rows, text, user=self.user, is_wide=not self.is_bounded)

    def by_state(self, rows, name, value):
        if value in ("", ALL):
            return rows
        return rows.filter(status__in=SETS[value]) if value in SETS else rows.filter(status=value)

    def by_department(self, rows, name, office):
        return rows.filter(_has_part(office=office.pk)) if office else rows

    def by_part(self, rows, name, value):
        """Together with a department: that one's part. "Mine" is what my office holds or re-checks for another."""
        if value in dict(OWN_PART):
            mine = Q(office=self.scope.office) | Q(acting_office=self.scope.office)
            return rows.filter(_has_part(mine, status=value.removeprefix("mine_")))
        department = self.form.cleaned_data.get("department")
        return rows.filter(_has_part(status=value, **({"office": department.pk} if department else {})))

    def by_nature(self, rows, name, value):
        if name == "planned":
            return rows.planned()
        return rows.filter(stock(clock.today())["recurring" if name == "recurs" else "on_time"])

    def by_due(self, rows, name, value):
        today = clock.today()
        if value == "overdue":
            return rows.overdue(on=today)
        if value == "recheck":
            return rows.recheck_overdue(on=today)
        open_rows = rows.filter(status=Hazard.Status.OPEN, due_on__gte=today)
        return open_rows.filter(due_on__lte=today + 7 * clock.ONE_DAY)

    def by_closed_from(self, rows, name, day):
        return rows.filter(closed_at__gte=clock.start_of(day))

    def by_closed_to(self, rows, name, day):
        return rows.filter(closed_at__lt=clock.start_of(day + clock.ONE_DAY))


def _has_part(*conditions, **columns):
    return Exists(Part.objects.filter(*conditions, hazard=OuterRef("pk"), **columns))


def _few(choices):
    """The choices, or None where they are too many to offer."""
    return choices if len(choices) <= MOST_CHOICES else None


def _number(text):
    return int(text) if text.isdecimal() and len(text) < 19 else 0


def _in_words(field, value):
    if isinstance(value, Choice):
        return value.label
    return str(dict(getattr(field, "choices", ())).get(value, value))
