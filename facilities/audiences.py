"""Homes as recipients of circulars: a township's or bureau's supervised ones, an association's members, by the list's filters."""

from collections.abc import Callable
from typing import NamedTuple

from django import forms

from campaign_portal.accounts.access import Role
from campaign_portal.circulars.registry import MOST, Addressee, Audience, register
from campaign_portal.deadlines.registry import Person

from .forms import FacilityFilter
from .models import Facility


class Condition(NamedTuple):
    """What an app above knows about homes, as one more filter: `narrow(homes)` leaves those that meet it."""

    code: str
    label: str
    narrow: Callable


CONDITIONS: list[Condition] = []


def _conditions():
    return [("", "其他条件不限"), *((one.code, one.label) for one in CONDITIONS)]


class HomesFilter(FacilityFilter):
    """The filters of the list of homes, and the conditions of the apps above."""

    having = forms.ChoiceField(
        required=False, choices=_conditions, widget=forms.Select(attrs={"aria-label": "其他条件"})
    )

    @staticmethod
    def by_having(homes, value):
        return next(one for one in CONDITIONS if one.code == value).narrow(homes)


def homes_of(user):
    """Homes that this user may write to: a township those it supervises, others those in their sight."""
    homes = Facility.objects.visible_to(user)
    return homes.answered_for_by(user.office) if user.office.kind == Role.TOWNSHIP else homes


def find(user, form):
    """The homes that meet the filters. Closed and deregistered ones only where their state is asked for."""
    homes = form.apply(homes_of(user))
    if "status" not in form.chosen:
        homes = homes.filter(status__in=[Facility.Status.RUNNING, Facility.Status.SUSPENDED])
    rows = homes.filter(office__is_active=True).order_by("supervisor__area__code", "supervisor", "pk")
    return (Addressee(*row) for row in rows.values_list("office", "name", "supervisor__short_name")[: MOST + 1])


def contacts(offices):
    """The directors."""
    rows = Facility.objects.filter(office__in=offices).values_list("office", "director", "director_phone")
    return {office: Person(name, phone) for office, name, phone in rows if phone}


register(
    Audience(
        code="homes",
        label="养老机构",
        unit="家",
        roles=frozenset({Role.BUREAU, Role.TOWNSHIP, Role.ASSOCIATION}),
        form=lambda query, user: HomesFilter(query, user=user),
        addressees=find,
        contacts=contacts,
        help="停业、注销的不在内；要发给它们，请在“状态”里选。",
    )
)
