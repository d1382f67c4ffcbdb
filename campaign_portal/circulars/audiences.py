"""Offices below the sender: townships, departments and the others that work with a bureau."""

from itertools import islice

from django import forms
from django.db.models import Q

from campaign_portal.accounts.access import Role
from campaign_portal.accounts.models import Office, User
from campaign_portal.deadlines.registry import Person

from .registry import MOST, Addressee, Audience, register

KINDS = [
    (Role.TOWNSHIP, "乡镇（街道）"),
    (Role.DEPARTMENT, "部门"),
    (Role.ASSOCIATION, "协会"),
    (Role.EVALUATOR, "评估机构"),
    (Role.BUREAU, "下级民政局"),
]


def offices_below(user):
    """The offices of the sender's area other than homes and the sender itself."""
    area = Q(**{user.office.area.column: user.office.area.code})
    rows = Office.objects.filter(area | Q(parent=user.office_id), is_active=True, kind__in=[kind for kind, _ in KINDS])
    return rows.exclude(pk=user.office_id).select_related("area").order_by("kind", "area__code", "pk")


class OfficeFilter(forms.Form):
    """Which kind of office, from the query string. What cannot be read is left out."""

    kind = forms.ChoiceField(required=False, widget=forms.Select(attrs={"aria-label": "单位类别"}))

    def __init__(self, data, user):
        super().__init__(data)
        self.user = user
        there = set(offices_below(user).order_by().values_list("kind", flat=True).distinct())
        self.fields["kind"].choices = [("", "全部单位"), *((kind, word) for kind, word in KINDS if kind in there)]
        self.is_valid()
        self.chosen = {name: value for name, value in self.cleaned_data.items() if value}

    def first_fields(self):
        return list(self)

    def more_fields(self):
        return []

    def more_is_set(self):
        return False


def find(user, form):
    rows = offices_below(user)
    if kind := form.chosen.get("kind"):
        rows = rows.filter(kind=kind)
    words = dict(KINDS)
    return (Addressee(office.pk, office.name, words[office.kind]) for office in islice(rows, MOST + 1))


def contacts(offices):
    """The first person of each office who has a telephone."""
    people = User.objects.filter(office__in=offices, is_active=True).exclude(phone="").order_by("-pk")
    return {office: Person(name, phone) for office, name, phone in people.values_list("office_id", "name", "phone")}


register(
    Audience(
        code="offices",
        label="乡镇和部门",
        unit="个",
        roles=frozenset({Role.BUREAU}),
        form=OfficeFilter,
        addressees=find,
        contacts=contacts,
        help="本辖区已启用的单位。",
        order=1,
    )
)
