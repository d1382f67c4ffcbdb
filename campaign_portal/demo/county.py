"""The demonstration county: places, bodies, homes, people and the campaign, made through the portal's own services."""

from datetime import datetime, time, timedelta
from typing import NamedTuple

from django.utils import timezone

from campaign_portal import clock
from campaign_portal.accounts import access
from campaign_portal.accounts.models import Area, Office, User
from campaign_portal.accounts.services import create_office, create_user
from campaign_portal.campaigns.models import Campaign
from campaign_portal.campaigns.services import routine_campaign
from facilities import services
from facilities.credit_code import check_character
from facilities.models import Facility, Licence

from . import campaigns, content

PASSWORD = "Demo-2026"
DAYS_BEFORE, DAYS_AFTER = 100, 50  # two thirds of the campaign are over


class County(NamedTuple):
    offices: dict[str, Office]
    homes: dict[str, Facility]
    people: dict[str, User]
    campaign: Campaign


def build(*, today):
    with clock.at(morning(today - timedelta(days=DAYS_BEFORE + 30))):
        areas = _areas()
        offices = _offices(areas)
        homes = {row["name"]: _home(row, areas, offices, today) for row in content.HOMES}
        people = {row["username"]: _person(row, offices, homes) for row in content.PEOPLE}
        _grant_evaluator(offices["evaluator"], homes, today)
        _suspend(homes, people["bureau"], today)
        for key in ("bureau", "guiyang"):
            routine_campaign(offices[key], year=today.year)
        first, last = today - timedelta(days=DAYS_BEFORE), today + timedelta(days=DAYS_AFTER)
        campaign = campaigns.yongxing(fresh(people["bureau"]), first=first, today=today, last=last)
    return County(offices, homes, people, campaign)


def fresh(person):
    """The person as a request would load him, with the office at hand and no scope remembered."""
    return User.objects.select_related("office__area").get(pk=person.pk)


def morning(day):
    return timezone.make_aware(datetime.combine(day, time(8, 30)))


def _areas():
    areas = {}
    for code, name, level, parent in content.AREAS:
        areas[code] = Area.objects.create(code=code, name=name, level=level, parent=areas.get(parent))
    return areas


def _offices(areas):
    offices = {}
    for row in content.OFFICES:
        is_town = row["kind"] == "township"
        bureau = "bureau" if row["area"].startswith("431023") else "guiyang"
        office = create_office(
            name=row["name"],
            short_name=row["short_name"],
            kind=row["kind"],
            field=row["field"],
            area=areas[row["area"]],
            parent=None if row["kind"] == "bureau" else offices[bureau],
            number_code=row["number_code"],
        )
        if is_town or row["kind"] in ("bureau", "department", "association"):
            access.grant(office, "oversee_area", office.area)
        offices[row["key"]] = office
    return offices


def _home(row, areas, offices, today):
    supervisor = offices[row["supervisor"]]
    officials = content.LIAISONS[row["supervisor"]]
    liaison = officials[content.HOMES.index(row) % len(officials)]
    home = Facility(
        name=row["name"],
        short_name=row["short"],
        kind=row["kind"],
        operation=row["operation"],
        operator_name=row["operator"],
        operated_by=supervisor if row["run_by_township"] else None,
        supervisor=supervisor,
        area=areas[row["area"]],
        address=row["address"],
        director=row["director"],
        director_phone=row["phone"],
        beds=row["beds"],
        nursing_beds=row["nursing_beds"],
        credit_code=_credit_code(content.HOMES.index(row)),
        filing_number=f"示例备字{content.HOMES.index(row) + 1:03d}号",
        filed_on=today.replace(month=1, day=15) - timedelta(days=400),
        liaison=liaison["name"],
        liaison_phone=liaison["phone"],
    )
    services.register_facility(home, by=None, since=today - timedelta(days=900))
    for former in row["former"]:
        home.former_names.create(name=former, until=today - timedelta(days=800))
    home.refresh_search_key()
    home.save(update_fields=["search_key"])
    for paper in row["licences"]:
        _licence(home, paper, today)
    return home


def _credit_code(serial):
    """A code with a true check character for an invented registration (organisation part all demonstration)."""
    body = f"52431023MJ{9900000 + serial:07d}"
    return body + check_character(body)


def _licence(home, paper, today):
    days = paper["days_left"]
    expires_on = None if days is None else today + timedelta(days=days)
    kind = paper["kind"] if paper["kind"] in Licence.Kind.values else Licence.Kind.OTHER
    services.save_licence(Licence(facility=home, kind=kind, number=paper["number"], expires_on=expires_on), by=None)


def _person(row, offices, homes):
    office = offices.get(row["office"]) or homes[row["office"]].office
    person, _ = create_user(
        username=row["username"],
        name=row["name"],
        office=office,
        phone=row["phone"],
        password=PASSWORD,
        is_clerk=row["clerk"],
        is_approver=row["approver"],
        is_administrator=row["administrator"],
    )
    return person


def _grant_evaluator(office, homes, today):
    """The evaluator was given the homes of the five names in the notice, for the rest of the campaign."""
    for home in list(homes.values())[:5]:
        access.grant(office, "inspect_facility", home, valid_until=today + timedelta(days=DAYS_AFTER))


def _suspend(homes, by, today):
    for row in content.HOMES:
        if row["state"] == "suspended":
            homes[row["name"]] = services.change_state(
                facility=homes[row["name"]],
                status=Facility.Status.SUSPENDED,
                since=today - timedelta(days=DAYS_BEFORE + 40),
                reason="内部装修，入住老人已转移安置",
                by=by,
            )
