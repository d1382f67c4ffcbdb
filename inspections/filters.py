"""The ledger's filters, from the query string. A forged or outdated value finds nothing and is said to be unreadable."""

import django_filters as filters
from django import forms
from django.db.models import Exists, OuterRef, Q

from campaign_portal import clock
from campaign_portal.accounts import access
from campaign_portal.accounts.access import Role
from campaign_portal.accounts.models import Office
from campaign_portal.campaigns.models import Campaign
from facilities.models import Facility

from .daily import stock
from .models import Category, Hazard, Part

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


# A list of homes or townships longer than this is not offered (a province has thousands): links and the search find them.
MOST_CHOICES = 300
LONG = ("supervisor", "facility")


class DateInput(forms.DateInput):
    input_type = "date"


class LedgerFilter(filters.FilterSet):
    """Every filter narrows rows that are already scoped to the user; choices are scoped too."""

    q = filters.CharFilter(method="by_text", label="查找", widget=forms.TextInput(attrs={"type": "search"}))
    state = filters.ChoiceFilter(method="by_state", label="状态", choices=STATES, empty_label=None)
    campaign = filters.ModelChoiceFilter(queryset=Campaign.objects.none(), empty_label="专项行动")
    supervisor = filters.ModelChoiceFilter(queryset=Office.objects.none(), empty_label="监管单位")
    facility = filters.ModelChoiceFilter(queryset=Facility.objects.none(), empty_label="养老机构")
    grade = filters.ChoiceFilter(choices=Hazard.Grade.choices, empty_label="等级")
    category = filters.ModelChoiceFilter(queryset=Category.objects.all(), empty_label="类别")
    department = filters.ModelChoiceFilter(
        queryset=Office.objects.none(), method="by_department", empty_label="责任部门"
    )
    source = filters.ChoiceFilter(choices=Hazard.Source.choices, empty_label="排查方式")
    recurs = filters.ChoiceFilter(method="by_nature", choices=[("yes", "再次出现")], empty_label="是否再次出现")
    on_time = filters.ChoiceFilter(method="by_nature", choices=[("yes", "按期整改")], empty_label="是否按期整改")
    planned = filters.ChoiceFilter(method="by_nature", choices=[("yes", "五落实齐全")], empty_label="五落实")
    due = filters.ChoiceFilter(method="by_due", choices=DUE, empty_label="期限")
    found_from = filters.DateFilter(field_name="found_on", lookup_expr="gte", label="排查日期自", widget=DateInput)
    found_to = filters.DateFilter(field_name="found_on", lookup_expr="lte", label="至", widget=DateInput)
    due_from = filters.DateFilter(field_name="due_on", lookup_expr="gte", label="整改期限自", widget=DateInput)
    due_to = filters.DateFilter(field_name="due_on", lookup_expr="lte", label="至", widget=DateInput)

    class Meta:
        model = Hazard
        fields = []

    def __init__(self, data, *args, user, **kwargs):
        data = data.copy()
        data.setdefault("state", UNFINISHED)
        super().__init__(data, *args, **kwargs)
        homes = Facility.objects.visible_to(user)
        choices = {
            "campaign": Campaign.objects.visible_to(user),
            "supervisor": self._supervisors(user),
            "facility": homes.order_by("town_code", "pk"),
            "department": self._departments(user),
        }
        for name, queryset in choices.items():
            self.filters[name].queryset = queryset
        for name in self.filters:  # read aloud; on the screen the empty choice says it
            self.filters[name].label = self.filters[name].extra.get("empty_label") or self.filters[name].label
        self.hidden = {name for name in LONG if choices[name][:MOST_CHOICES].count() == MOST_CHOICES}
        for name in self.hidden:
            self.filters[name].extra["widget"] = forms.HiddenInput
        self.filters["category"].queryset = Category.objects.filter(
            Q(owner=None) | Q(owner__county_code=user.office.county_code)
        )
        if user.office.kind == Role.HOME:
            alone = len(access.scope_of(user).runs) < 2
            for name in ("supervisor", "facility") if alone else ("supervisor",):
                del self.filters[name]

    @staticmethod
    def _supervisors(user):
        """The bureaus and townships of the user's areas, whether or not they still supervise a home."""
        scope = access.scope_of(user)
        homes = Facility.objects.filter(pk__in=scope.runs + scope.inspects)
        offices = Office.objects.filter(scope.areas_q(), kind__in=[Role.BUREAU, Role.TOWNSHIP])
        return (offices | Office.objects.filter(pk__in=homes.values("supervisor"))).order_by("-kind", "area__code")

    @staticmethod
    def _departments(user):
        kinds = [Role.DEPARTMENT, Role.BUREAU, Role.TOWNSHIP]
        offices = Office.objects.filter(kind__in=kinds).exclude(county_code="")
        return offices.filter(county_code=user.office.county_code).order_by("kind", "pk")

    @property
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

    def by_text(self, rows, name, text):
        for word in text.split()[:5]:
            rows = rows.filter(
                Q(summary__contains=word)
                | Q(code__contains=word.upper())
                | Q(facility__search_key__contains=word.lower())
                | Q(responsible=word)
                | Q(liaison=word)
            )
        return rows

    def by_state(self, rows, name, value):
        if value in ("", ALL):
            return rows
        return rows.filter(status__in=SETS[value]) if value in SETS else rows.filter(status=value)

    def by_department(self, rows, name, office):
        return rows.filter(Exists(Part.objects.filter(hazard=OuterRef("pk"), office=office))) if office else rows

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
