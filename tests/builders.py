"""What tests talk about: places, offices, people, homes.

Everything is made by the services that the portal itself uses, so that a test stands on rows which could really exist.
Each function fills in what the test does not care about: make_facility() alone makes a county, a township and a home.
"""

import datetime
from dataclasses import dataclass
from itertools import count

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from campaign_portal import clock
from campaign_portal.accounts import access, services
from campaign_portal.accounts.access import OFFICERS, Role
from campaign_portal.accounts.models import DIGITS, Area, Level, Office, User
from facilities.models import Facility, Licence
from facilities.services import register_facility, save_licence

PASSWORD = "Kpmw-7423-hd"
LONG_AGO = datetime.date(2020, 1, 1)

_number = count(1)  # makes names differ; no test reads it


def in_days(number):
    """The day so many days from today, or before it."""
    return clock.today() + datetime.timedelta(days=number)


def count_queries(act):
    """How many queries `act()` makes."""
    with CaptureQueriesContext(connection) as queries:
        act()
    return len(queries)


# Places


def make_area(name, *, level=Level.TOWN, parent=None, code=None):
    """An area below `parent`, with the next free code of its level."""
    return Area.objects.create(name=name, level=level, parent=parent, code=code or _next_code(level, parent))


def _next_code(level, parent):
    start = parent.code[: DIGITS[Level(parent.level)]] if parent else ""
    width = DIGITS[level] - len(start)
    taken = Area.objects.filter(level=level, code__startswith=start).count()
    return f"{start}{taken + 1:0{width}d}".ljust(12, "0")


# Offices


def make_office(kind=Role.TOWNSHIP, *, area=None, name=None, parent=None, field="", number_code=""):
    """An office. Bureaus, departments and townships oversee the area they stand in; others see what they are given."""
    area = area or make_county().area
    office = services.create_office(
        name=name or f"{area.name}{Role(kind).label}{next(_number)}",
        short_name=(name or area.name)[:20],
        kind=kind,
        area=area,
        parent=parent,
        field=field,
        number_code=number_code,
    )
    if kind in OFFICERS:
        access.grant(office, "oversee_area", area, valid_from=LONG_AGO)
    return office


@dataclass
class County:
    """A county with its bureau, one township office a town, and departments by field ("fire", "housing" …)."""

    area: Area
    bureau: Office
    towns: dict[str, Area]
    townships: dict[str, Office]
    departments: dict[str, Office]

    @property
    def township(self):
        """The first township, for tests that need only one."""
        return next(iter(self.townships.values()))

    @property
    def town(self):
        return next(iter(self.towns.values()))


def make_county(name=None, *, towns=("马田镇", "柏林镇"), departments=("fire", "housing")):
    """A county of Chenzhou with offices that answer for it."""
    name = name or f"示例{next(_number)}县"
    area = make_area(name, level=Level.COUNTY, parent=_city())
    bureau = make_office(Role.BUREAU, area=area, name=f"{name}民政局", field="civil", number_code="XJ")
    county = County(area=area, bureau=bureau, towns={}, townships={}, departments={})
    for number, town in enumerate(towns):
        county.towns[town] = make_area(town, parent=area)
        county.townships[town] = make_office(
            area=county.towns[town], name=f"{town}民政办", parent=bureau, number_code=f"T{number}"
        )
    for field in departments:
        label = Office.Field(field).label
        county.departments[field] = make_office(
            Role.DEPARTMENT,
            area=area,
            name=f"{name}{label}局",
            parent=bureau,
            field=field,
            number_code=field[:2].upper(),
        )
    return county


def _city():
    city = Area.objects.filter(level=Level.CITY).first()
    if city is None:
        province = make_area("湖南省", level=Level.PROVINCE, code="430000000000")
        city = make_area("郴州市", level=Level.CITY, parent=province, code="431000000000")
    return city


# People


def make_user(office=None, *, name=None, username=None, password=PASSWORD, **columns):
    """A clerk of an office, or whatever is_clerk, is_approver, is_administrator say."""
    number = next(_number)
    user, _ = services.create_user(
        username=username or f"user{number}",
        name=name or f"人员{number}",
        office=office or make_office(),
        password=password,
        **columns,
    )
    return fresh(user)


def fresh(user):
    """The user as the next request would load it: office at hand, nothing remembered of an earlier scope."""
    return User.objects.select_related("office__area").get(pk=user.pk)


def browser(user=None):
    """A client that is signed in as `user`."""
    client = Client()
    if user is not None:
        client.force_login(user, backend="campaign_portal.accounts.backends.OfficeBackend")
    return client


# Homes


def make_facility(name=None, *, supervisor=None, area=None, by=None, since=LONG_AGO, **columns):
    """A running home that stands in its supervisor's town, unless `area` says otherwise."""
    supervisor = supervisor or make_county().township
    defaults = {
        "name": name or f"示例{next(_number)}养老院",
        "kind": Facility.Kind.PRIVATE,
        "operation": Facility.Operation.NONPROFIT,
        "director": "王建国",
        "director_phone": "13800000001",
        "beds": 60,
        "nursing_beds": 20,
    }
    facility = Facility(supervisor=supervisor, area=area or supervisor.area, **(defaults | columns))
    facility.full_clean(exclude=["office"])
    return register_facility(facility, by=by, since=since)


def make_home_user(facility=None, **columns):
    """Somebody who works in a home."""
    return make_user((facility or make_facility()).office, **columns)


def make_licence(facility, *, kind=Licence.Kind.FOOD, expires_on=None, **columns):
    return save_licence(Licence(facility=facility, kind=kind, expires_on=expires_on, **columns), by=None)
