"""Figures about the register of homes."""

from urllib.parse import urlencode

from django.db.models import Count, Sum
from django.urls import reverse

from campaign_portal.accounts import access
from campaign_portal.accounts.access import Role
from campaign_portal.campaigns.metrics import Figure, Metric, register, shared

from . import activity_metrics  # noqa: F401 - it registers the figures of activities
from .models import Facility


def place_of(user):
    """The column of the places that the user's figures are told by: supervisors (townships), above the county counties,
    as a province has a thousand townships."""
    return "supervisor" if access.scope_of(user).is_within_county else "county_code"


def homes_by_place(user, on=None):
    """{(place, state): how many homes of the register}, today or by the states of a past day. Counted once a page."""

    def count():
        homes, state = Facility.objects.visible_to(user), "status"
        if on is not None:
            homes, state = homes.in_register(on=on), "status_then"
        place = place_of(user)
        groups = homes.order_by().values(place, state).annotate(n=Count("pk"))
        return {(group[place], group[state]): group["n"] for group in groups}

    return shared(("facilities.homes", access.scope_of(user), on), count)


def count_homes(user, campaign, on):
    """Running homes; the note says how many are in the register. `on` a past day: by the states of that day."""
    counts = homes_by_place(user, on)
    running = sum(number for (_, state), number in counts.items() if state == Facility.Status.RUNNING)
    return Figure(
        label="正常运营的养老机构",
        unit="家",
        numerator=running,
        denominator=None,
        url=reverse("facilities:facilities") + "?status=running",
        note=f"登记在册 {sum(counts.values())} 家",
    )


register(
    Metric(
        code="facilities.count",
        roles=frozenset({Role.BUREAU, Role.TOWNSHIP, Role.ASSOCIATION}),
        count=count_homes,
    )
)


# Beds. Nobody keeps how many a home had on a past day: the beds are those of today, of the homes that ran on the day.

BEDS, NURSING, SHARE = "床位总数", "护理型床位数", "护理型床位占比"


def _running(user, on):
    homes = Facility.objects.visible_to(user).order_by()
    if on is None:
        return homes.filter(status=Facility.Status.RUNNING)
    return homes.in_register(on=on).filter(status_then=Facility.Status.RUNNING)


def _figure_of(beds, nursing, label, url):
    if label == SHARE:
        return Figure(label, "%", nursing, beds, url, note="张")
    return Figure(label, "张", beds if label == BEDS else nursing, None, url)


def _list(**params):
    return f"{reverse('facilities:facilities')}?{urlencode({'status': 'running'} | params)}"


def _shared(what, user, on, count):
    """The same sums serve all three figures of a page."""
    return shared((what, access.scope_of(user), on), lambda: count(_running(user, on)))


def _sum(homes):
    return homes.aggregate(beds=Sum("beds", default=0), nursing=Sum("nursing_beds", default=0))


def _sums_by_place(homes):
    return list(homes.values_list("supervisor").annotate(Sum("beds"), Sum("nursing_beds")))


def _beds_by_home(homes):
    return list(homes.values_list("office", "pk", "beds", "nursing_beds"))


def _whole(label):
    def count(user, campaign, on=None):
        sums = _shared("beds", user, on, _sum)
        return _figure_of(sums["beds"], sums["nursing"], label, _list())

    return count


def _by_place(label):
    def count(user, campaign, on=None):
        sums = _shared("beds by place", user, on, _sums_by_place)
        return {office: _figure_of(beds, nursing, label, _list(supervisor=office)) for office, beds, nursing in sums}

    return count


def _by_home(label):
    def count(user, campaign, on=None):
        homes = _shared("beds by home", user, on, _beds_by_home)
        return {
            office: _figure_of(beds, nursing, label, reverse("facilities:facility", args=[home]))
            for office, home, beds, nursing in homes
        }

    return count


for code, label, unit, said_as in [  # “护理型床位 60 张” is mostly said of new ones: only a total is a name
    ("facilities.beds", BEDS, "张", ("床位总数", "机构床位总数", "床位总量")),
    ("facilities.nursing_beds", NURSING, "张", ("护理型床位数", "护理型床位总数", "护理型床位总量")),
    (
        "facilities.nursing_share",
        SHARE,
        "%",
        (
            "护理型床位占比",
            "护理型床位比例",
            "护理型床位比重",
            "护理型床位率",
            "护理型床位占总床位比例",
            "护理型床位占床位总数比例",
            "护理床位占比",
        ),
    ),
]:
    parts = {"by_place": _by_place(label), "by_home": _by_home(label)}
    register(Metric(code, frozenset(), _whole(label), name=label, unit=unit, said_as=said_as, **parts))
