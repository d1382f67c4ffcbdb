"""Figures of activities and of beds, that indicators of a campaign may stand on.

Activities (次) and attendances (人次) add up. People (人) do not: the same carer comes to three trainings, and the sum of
the three head-counts counts her three times. So there is no figure in 人 here; an indicator in 人 or 名 is reported, or
stands on a register of people.
"""

from django.db.models import Count, F, Max, Min, Q, Sum

from campaign_portal import clock
from campaign_portal.campaigns.metrics import Figure, Metric, register, shared

from .activity_filters import list_url
from .models import Activity, ActivityHome, Facility

SUPERVISOR, OWN_OFFICE = "supervisor", "facility__office"


def counted(user, campaign, on):
    """The activities in the user's sight that counted at the end of day `on`, None for now."""
    rows = Activity.objects.visible_to(user).counted(on=on or clock.today()).order_by()
    return rows.filter(campaign=campaign) if campaign else rows


def _url(campaign, on, **params):
    """The list with the counted rows; as of a past day with those that were voided or corrected since."""
    then = {"on": on} if on and on < clock.today() else {"state": "recorded"}
    return list_url(campaign=campaign.pk if campaign else None, **then, **params)


# The whole: one query for all kinds


def _by_kind(user, campaign, on):
    def count():
        sums = {
            "number": Count("pk"),
            "sum": Sum("attendances", default=0),
            "uncounted": Count("pk", filter=Q(attendances__isnull=True)),
        }
        return {row["kind"]: row for row in counted(user, campaign, on).values("kind").annotate(**sums)}

    return shared(("activities", user.pk, campaign and campaign.pk, on), count)


NONE = {"number": 0, "sum": 0, "uncounted": 0}


def activities_of(kind, label):
    """How many activities of a kind were held. A place or home has each in which it took part, so the parts of a joint
    activity exceed the whole."""

    def whole(user, campaign, on=None):
        number = _by_kind(user, campaign, on).get(kind, NONE)["number"]
        return Figure(label, "次", number, None, _url(campaign, on, kind=kind))

    def parts(path, name):
        def count(user, campaign, on=None):
            numbers = _numbers(counted(user, campaign, on).filter(kind=kind), path, user)
            return {
                office: Figure(label, "次", number, None, _url(campaign, on, kind=kind, **{name: where}))
                for (office, where), number in numbers.items()
            }

        return count

    return whole, parts(SUPERVISOR, "place"), parts(OWN_OFFICE, "home")


def attendances_of(kind, label):
    """人次 of a kind. A place or home has what was counted for its homes; of an activity whose attendances nobody split
    among its homes it has all if no other took part, else nothing: the parts may fall short of the whole, never exceed it.
    """

    def whole(user, campaign, on=None):
        sums = _by_kind(user, campaign, on).get(kind, NONE)
        note = f"另有 {sums['uncounted']} 次没有统计人次" if sums["uncounted"] else ""
        return Figure(label, "人次", sums["sum"], None, _url(campaign, on, kind=kind), note=note)

    def parts(path, name):
        def count(user, campaign, on=None):
            sums = _attendances(counted(user, campaign, on).filter(kind=kind), path, user)
            return {
                office: Figure(label, "人次", number, None, _url(campaign, on, kind=kind, **{name: where}))
                for (office, where), number in sums.items()
            }

        return count

    return whole, parts(SUPERVISOR, "place"), parts(OWN_OFFICE, "home")


# The parts: {(office, what the list is filtered by): number}


def _where(path):
    """What names a part in the list: a place by its office, a home by itself."""
    return "facility" if path == OWN_OFFICE else path


def _taking_part(rows, user):
    """The homes of these activities that the user sees: parts of homes elsewhere would be of some activities only."""
    seen = Facility.objects.visible_to(user).order_by().values("pk")
    return ActivityHome.objects.filter(activity__in=rows.values("pk"), facility__in=seen).order_by()


def _numbers(rows, path, user):
    groups = _taking_part(rows, user).values_list(path, _where(path)).annotate(number=Count("activity", distinct=True))
    numbers = {(office, where): number for office, where, number in groups}
    if path == SUPERVISOR:
        for office, number in _of_townships(rows, Count("pk")):
            numbers[office, office] = numbers.get((office, office), 0) + number
    return numbers


def _attendances(rows, path, user):
    split = _taking_part(rows, user).filter(attendances__isnull=False)
    groups = split.values_list(path, _where(path)).annotate(number=Sum("attendances"))
    sums = {(office, where): number for office, where, number in groups}
    whole = list(_of_one_part(rows, path, user))
    if path == SUPERVISOR:
        whole += [((office, office), number) for office, number in _of_townships(rows, Sum("attendances", default=0))]
    for part, number in whole:
        sums[part] = sums.get(part, 0) + number
    return sums


def _of_townships(rows, number):
    """Activities that name no home count for the township that organised them."""
    return rows.of_no_home().values_list("organiser").annotate(number=number)


def _of_one_part(rows, path, user):
    """(part, attendances) of activities that nobody split, and that belong to one part as a whole."""
    split = ActivityHome.objects.filter(attendances__isnull=False).values("activity")
    unsplit = rows.filter(attendances__isnull=False).exclude(pk__in=split)
    seen = set(Facility.objects.visible_to(user).values_list("pk", flat=True))
    ends = unsplit.annotate(first=Min(f"homes__{path}"), last=Max(f"homes__{path}"), home=Min("homes__facility"))
    for office, home, number in ends.filter(first=F("last")).values_list("first", "home", "attendances"):
        if home in seen:
            yield (office, home if path == OWN_OFFICE else office), number


def _offer(code, label, unit, functions):
    whole, by_place, by_home = functions
    register(Metric(code, frozenset(), whole, name=label, unit=unit, by_place=by_place, by_home=by_home))


for kind in Activity.Kind:
    label = f"{kind.label}次数"
    _offer(f"activities.{kind}", label, "次", activities_of(kind.value, label))

_offer("activities.training.attendances", "培训人次", "人次", attendances_of(Activity.Kind.TRAINING.value, "培训人次"))
