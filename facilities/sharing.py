"""What weighs an office when a target is shared out: the beds of its homes, or how many they are."""

from django.db.models import Count, Sum

from campaign_portal.accounts.access import Role
from campaign_portal.campaigns import sharing

from .models import Facility


def _weigh(offices, what):
    """{office pk: number} over the running homes of each office: those that a township answers for, or the home itself."""
    running = Facility.objects.filter(status=Facility.Status.RUNNING)
    homes = [office.pk for office in offices if office.kind == Role.HOME]
    others = [office for office in offices if office.kind != Role.HOME]
    found = dict(running.filter(office__in=homes).order_by().values_list("office").annotate(number=what))
    for column, key in _columns(others).items():
        codes = running.filter(**{f"{column}__in": list(key)}).order_by().values_list(column).annotate(number=what)
        found |= {key[code]: number for code, number in codes}
    return found


def _columns(offices):
    """By which column the homes of offices are found: townships by supervisor, bureaus by their area."""
    found = {}
    for office in offices:
        is_area = office.kind == Role.BUREAU
        column, code = (office.area.column, office.area.code) if is_area else ("supervisor", office.pk)
        found.setdefault(column, {})[code] = office.pk
    return found


def by_beds(offices):
    return _weigh(offices, Sum("beds"))


def by_homes(offices):
    return _weigh(offices, Count("pk"))


def members(user):
    """The offices of the running homes that an association (or whoever asks) sees."""
    return Facility.objects.visible_to(user).filter(status=Facility.Status.RUNNING).values("office")


sharing.register("beds", "按床位数", by_beds)
sharing.register("homes", "按机构数", by_homes)
sharing.MEMBERS.append(members)
