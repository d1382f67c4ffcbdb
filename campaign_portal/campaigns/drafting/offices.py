"""Which registered offices a name in a notice stands for."""

import re

from campaign_portal.accounts.access import Role
from campaign_portal.accounts.models import Office

from ..groups import means_every_township

LEVELS = "省市县区"
PLACE = re.compile(r"[\u4e00-\u9fff]{2,5}?[省市县区]")


def guess_offices(name, offices):
    """The registered offices that a name in a notice most likely means; `offices` are those of a county (offices_of).

    "各乡镇（街道）民政办" means every township; "县市场监管局" the office of that field. "市民政局" in a county's notice
    is somebody above it, in the notice of a county-level city it is the city itself.
    """
    if means_every_township(name):
        return [office for office in offices if office.kind == Role.TOWNSHIP]
    if "、" in name:
        return []  # several bodies under one verb: whichever was named last does not answer for all of them
    exact = [office for office in offices if name in (office.name, office.short_name)]
    if exact:
        return exact[:1]
    if (place := PLACE.match(name)) and not any(place[0] in office.name for office in offices):
        return []  # somebody of another place: 江阴市民政局 in a notice that was taken in elsewhere
    own = next((office.area.name[-1] for office in offices if office.kind == Role.BUREAU), "")
    if name[:1] in LEVELS and name[:1] != own:
        return []
    short = name.removeprefix(own)
    ends = [office for office in offices if len(short) > 2 and office.name.endswith(short)]
    return ends if len(ends) == 1 else _by_field(short, offices)


FIELD_WORDS = {
    "fire": ("消防",),
    "housing": ("住房和城乡建设", "住建"),
    "emergency": ("应急",),
    "market": ("市场监督", "市场监管", "市监"),
    "health": ("卫生健康", "卫健"),
}


def _by_field(name, offices):
    for field, words in FIELD_WORDS.items():
        if any(word in name for word in words):
            return [office for office in offices if office.field == field][:1]
    if "民政" in name and not name.startswith(("乡", "镇")):
        return [office for office in offices if office.kind == Role.BUREAU][:1]
    if "协会" in name:
        return [office for office in offices if office.kind == Role.ASSOCIATION][:1]
    return []


def offices_of(office):
    """The offices of an office's own area that its notice may name: all but the homes, above the county only bureaus."""
    column = office.area.column if office.county_code == "" else "county_code"
    found = Office.objects.filter(is_active=True, **{column: getattr(office, column)}).exclude(kind=Role.HOME)
    if column != "county_code":
        found = found.filter(kind=Role.BUREAU)
    return list(found.select_related("area").order_by("kind", "area__code", "pk"))
