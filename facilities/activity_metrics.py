"""Figures of activities and of beds, that indicators of a campaign may stand on.

Activities (次) and attendances (人次) add up. People (人) do not: the same carer comes to three trainings, and the sum of
the three head-counts counts her three times. So there is no figure in 人 here; an indicator in 人 or 名 is reported, or
stands on a register of people.
"""

from django.db.models import Count, F, Max, Min, Q, Sum

from campaign_portal import clock
from campaign_portal.accounts import access
from campaign_portal.campaigns.metrics import Figure, Metric, register, shared

from .activity_filters import list_url
from .models import Activity, ActivityHome, Facility

SUPERVISOR, OWN_OFFICE = "supervisor", "facility__office"


def counted(user, campaign, on, since=None):
    """The activities in the user's sight that counted at the end of day `on`, None for now; held from day `since` on."""
    rows = Activity.objects.visible_to(user).counted(on=on or clock.today()).order_by()
    rows = rows.filter(held_on__gte=since) if since else rows
    return rows.filter(campaign=campaign) if campaign else rows


def _url(campaign, on, since, **params):
    """The list with the counted rows; as of a past day with those that were voided or corrected since."""
    then = {"on": on} if on and on < clock.today() else {"state": "recorded"}
    return list_url(campaign=campaign.pk if campaign else None, since=since, **then, **params)


def _shared(what, asked, count):
    """count() for all kinds, once a page for whoever sees the same and asks for the same campaign and days."""
    user, campaign, on, since = asked
    key = (what, access.scope_of(user), campaign and campaign.pk, on or clock.today(), since)
    return shared(key, count)


# The whole: one query for all kinds


def _by_kind(*asked):
    def count():
        sums = {
            "number": Count("pk"),
            "sum": Sum("attendances", default=0),
            "uncounted": Count("pk", filter=Q(attendances__isnull=True)),
        }
        return {row["kind"]: row for row in counted(*asked).values("kind").annotate(**sums)}

    return _shared("activities", asked, count)


NONE = {"number": 0, "sum": 0, "uncounted": 0}


def activities_of(kind, label):
    """How many activities of a kind were held. A place or home has each in which it took part, so the parts of a joint
    activity exceed the whole."""

    def whole(user, campaign, on=None, since=None):
        number = _by_kind(user, campaign, on, since).get(kind, NONE)["number"]
        return Figure(label, "次", number, None, _url(campaign, on, since, kind=kind))

    return whole, _parts(_numbers, kind, label, "次", SUPERVISOR), _parts(_numbers, kind, label, "次", OWN_OFFICE)


def attendances_of(kind, label):
    """人次 of a kind. A place or home has what was counted for its homes; of an activity whose attendances nobody split
    among its homes it has all if no other took part, else nothing: the parts may fall short of the whole, never exceed it.
    """

    def whole(user, campaign, on=None, since=None):
        sums = _by_kind(user, campaign, on, since).get(kind, NONE)
        note = f"另有 {sums['uncounted']} 次没有统计人次" if sums["uncounted"] else ""
        return Figure(label, "人次", sums["sum"], None, _url(campaign, on, since, kind=kind), note=note)

    by_place, by_home = (_parts(_attendances, kind, label, "人次", path) for path in (SUPERVISOR, OWN_OFFICE))
    return whole, by_place, by_home


# The parts, of all kinds at once: {kind: {(office, what the list is filtered by): number}}


def _parts(numbers_of, kind, label, unit, path):
    """`by_place` or `by_home` of one kind: {office: Figure}."""
    name = "place" if path == SUPERVISOR else "home"

    def count(user, campaign, on=None, since=None):
        numbers = numbers_of(path, user, campaign, on, since).get(kind, {})
        return {
            office: Figure(label, unit, number, None, _url(campaign, on, since, kind=kind, **{name: where}))
            for (office, where), number in numbers.items()
        }

    return count


def _where(path):
    """What names a part in the list: a place by its office, a home by itself."""
    return "facility" if path == OWN_OFFICE else path


def _add(found, kind, part, number):
    of_kind = found.setdefault(kind, {})
    of_kind[part] = of_kind.get(part, 0) + number


def _taking_part(rows, user):
    """The homes of these activities that the user sees: parts of homes elsewhere would be of some activities only."""
    seen = Facility.objects.visible_to(user).order_by().values("pk")
    return ActivityHome.objects.filter(activity__in=rows.values("pk"), facility__in=seen).order_by()


def _numbers(path, *asked):
    def count():
        found, homes = {}, _taking_part(counted(*asked), asked[0])
        groups = homes.values_list("activity__kind", path, _where(path)).annotate(Count("activity", distinct=True))
        for kind, office, where, number in groups:
            _add(found, kind, (office, where), number)
        for kind, office, number, _ in _of_townships(asked) if path == SUPERVISOR else ():
            _add(found, kind, (office, office), number)
        return found

    return _shared(f"activities by {path}", asked, count)


def _attendances(path, *asked):
    def count():
        found, rows = {}, counted(*asked)
        split = _taking_part(rows, asked[0]).filter(attendances__isnull=False)
        groups = split.values_list("activity__kind", path, _where(path)).annotate(Sum("attendances"))
        for kind, office, where, number in groups:
            _add(found, kind, (office, where), number)
        for kind, part, number in _of_one_part(rows, path, asked[0]):
            _add(found, kind, part, number)
        for kind, office, _, number in _of_townships(asked) if path == SUPERVISOR else ():
            _add(found, kind, (office, office), number or 0)
        return found

    return _shared(f"attendances by {path}", asked, count)


def _of_townships(asked):
    """(kind, office, activities, attendances) of what names no home: it counts for the township that organised it."""

    def count():
        groups = counted(*asked).of_no_home().values_list("kind", "organiser")
        return list(groups.annotate(Count("pk"), Sum("attendances")))

    return _shared("activities of no home", asked, count)


def _of_one_part(rows, path, user):
    """(kind, part, attendances) of activities that nobody split, and that belong to one part as a whole."""
    split = ActivityHome.objects.filter(attendances__isnull=False).values("activity")
    unsplit = rows.filter(attendances__isnull=False).exclude(pk__in=split)
    seen = set(Facility.objects.visible_to(user).values_list("pk", flat=True))
    ends = unsplit.annotate(first=Min(f"homes__{path}"), last=Max(f"homes__{path}"), home=Min("homes__facility"))
    whole = ends.filter(first=F("last")).values_list("kind", "first", "home", "attendances")
    for kind, office, home, number in whole:
        if home in seen:
            yield kind, (office, home if path == OWN_OFFICE else office), number


def _offer(code, label, unit, functions, said_as):
    whole, by_place, by_home = functions
    parts = {"by_place": by_place, "by_home": by_home}
    register(Metric(code, frozenset(), whole, name=label, unit=unit, takes_since=True, said_as=said_as, **parts))


# of one subject, or for one profession, are fewer
TRAININGS = ("专业培训", "业务培训", "技能培训", "专业技能培训", "业务技能培训", "集中培训")
SAID_AS = {  # how notices call them, beside the label of the kind
    Activity.Kind.TRAINING: TRAININGS,
    Activity.Kind.FORUM: ("高峰论坛", "养老论坛", "养老服务论坛", "养老服务高峰论坛"),
    Activity.Kind.PUBLICITY: ("集中宣传",),
    Activity.Kind.EXCHANGE: ("安全管理交流", "安全经验交流", "安全管理经验交流"),
    Activity.Kind.MUTUAL_CHECK: ("互查互评", "机构互查"),
    Activity.Kind.PAIRING: ("结对帮扶走访",),
    Activity.Kind.OATH: ("护理员入职宣誓", "养老护理员入职宣誓"),
    Activity.Kind.CONTEST: (
        "技能大赛",
        "职业技能竞赛",
        "职业技能大赛",
        "护理技能竞赛",
        "护理技能大赛",
        "养老护理技能竞赛",
        "养老护理技能大赛",
    ),
    Activity.Kind.SCHOOL: ("校协合作",),
}


for kind in Activity.Kind:
    label = f"{kind.label}次数"
    said_as = () if kind == Activity.Kind.OTHER else (kind.label, label, *SAID_AS.get(kind, ()))
    _offer(f"activities.{kind}", label, "次", activities_of(kind.value, label), said_as)

_offer(
    "activities.training.attendances",
    "培训人次",
    "人次",
    attendances_of(Activity.Kind.TRAINING.value, "培训人次"),
    ("培训", "培训人次", "参训人次", *TRAININGS),
)
