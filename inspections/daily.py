"""Daily figures: where the hazards stood at the end of each day, counted once a night from HazardHistory.

A figure over areas (a bureau's, a township's) reads them and adds what today has changed; it never scans the ledger. What
an office sees by its parts (departments) or home by home is not an area: that is counted over the office's own rows.
"""

from collections import Counter
from typing import NamedTuple

from django.db import transaction
from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, F, OuterRef, Q, Sum

from campaign_portal import clock
from campaign_portal.accounts import access
from campaign_portal.accounts.access import Role
from campaign_portal.accounts.models import AreaColumns
from campaign_portal.campaigns import metrics
from facilities.metrics import place_of

from .models import CountedDay, DailyFigure, Hazard, HazardHistory

S = Hazard.Status
DAYS_BACK = 400  # how far the nightly count looks for days that it has missed


# Conditions: one for every count


def stock(on, *, of=""):
    """Conditions on rows as they stood on day `on`. `of` leads from a row to its hazard: "hazard__" for history."""
    return {status: Q(status=status) for status in S.values} | {
        "overdue": Q(status=S.OPEN, due_on__lt=on),
        "recheck_overdue": Q(status=S.SUBMITTED, recheck_due_on__lt=on),
        "on_time": Q(status=S.CLOSED, **{f"{of}rectified_on__lte": F("due_on")}),
        "recurring": Q(status__in=Hazard.COUNTED, **{f"{of}previous__isnull": False}),
    }


def _turning(on):
    """What becomes overdue when day `on` ends."""
    return {
        "due_today": Q(status=S.OPEN, due_on=on),
        "recheck_due_today": Q(status=S.SUBMITTED, recheck_due_on=on),
    }


def _movements(day):
    """Conditions on history rows as of the end of `day`: new on that day (void ones are not), struck off on that day."""
    midnight = clock.start_of(day)
    earlier = HazardHistory.objects.filter(hazard=OuterRef("hazard"), valid_from__lt=midnight)
    began = Q(valid_from__gte=midnight)
    return {
        "arrived": began & ~Q(status=S.VOID) & ~Exists(earlier),
        "struck_off": began & Q(status=S.CLOSED) & ~Exists(earlier.filter(status=S.CLOSED)),
    }


def _counted(found, by, conditions):
    return found.order_by().values(*by).annotate(**{name: Count("pk", filter=q) for name, q in conditions.items()})


# Every night


@transaction.atomic
def count_day(day):
    """Write the figures of a day, in place of those it may have: one statement over all counties."""
    CountedDay.objects.get_or_create(day=day)
    kept = CountedDay.objects.select_for_update().get(day=day)  # two counts of one day come one after the other
    standing = HazardHistory.objects.as_of(clock.start_of(day + clock.ONE_DAY))
    by = (*AreaColumns.AREA_COLUMNS, "supervisor_id", "campaign_id", "grade")
    groups = _counted(standing, by, stock(day, of="hazard__") | _turning(day) | _movements(day))
    DailyFigure.objects.filter(day=day).delete()
    DailyFigure.objects.bulk_create((DailyFigure(day=day, **group) for group in groups.iterator()), batch_size=1000)
    kept.counted_at = clock.now()
    kept.save(update_fields=["counted_at"])


def count_days(first, last):
    """Count every day from `first` to `last`, again if it has been counted. Today is not over, and never kept."""
    days = _days(first, min(last, clock.today() - clock.ONE_DAY))
    for day in days:
        count_day(day)
    return len(days)


def count_missing():
    """Count the past days that are still missing, oldest first, from the first hazard on. Returns how many."""
    yesterday = clock.today() - clock.ONE_DAY
    oldest = HazardHistory.objects.order_by("valid_from").first()
    if oldest is None:
        return 0
    first = max(oldest.first_day, yesterday - DAYS_BACK * clock.ONE_DAY)
    counted = set(CountedDay.objects.filter(day__gte=first).values_list("day", flat=True))
    missing = [day for day in _days(first, yesterday) if day not in counted]
    for day in missing:
        count_day(day)
    return len(missing)


def _days(first, last):
    return [first + number * clock.ONE_DAY for number in range((last - first).days + 1)]


# What figures read


def rows(user, campaign=None, on=None):
    """The hazards a figure is counted over: as they stand now, or as they stood at the end of day `on`."""
    if on is None:
        return _of(campaign, Hazard.objects.visible_to(user))
    return _of(campaign, HazardHistory.objects.visible_to(user).as_of(clock.start_of(on + clock.ONE_DAY)))


class Tally(dict):
    """(place, grade) -> Counter of the names in `stock`. A place is a supervisor's pk or a county's code, by `place_of`."""

    def of(self, *names, place=None, grade=None):
        """How many hazards these conditions count together."""
        return sum(counter[name] for counter in self._counters(place, grade) for name in names)

    def _counters(self, place, grade):
        if place is None:
            return [counter for (_, its), counter in self.items() if grade in (None, its)]
        grades = [grade] if grade else Hazard.Grade.values
        return [self[place, its] for its in grades if (place, its) in self]

    def places(self):
        return {place for place, _ in self}


def tally(user, campaign=None, on=None):
    """What the user may see, counted: now, or as of the end of day `on`."""
    return metrics.shared(
        ("hazards.tally", access.scope_of(user), campaign and campaign.pk, on), lambda: _tally(user, campaign, on)
    )


def _tally(user, campaign, on):
    day = on or clock.today() - clock.ONE_DAY
    if not is_by_area(user):
        return _live(user, campaign, on)
    found = _kept_tally(user, campaign, day, is_over=on is None)
    if not found and not CountedDay.objects.filter(day=day).exists():
        return _live(user, campaign, on)
    return found if on else _brought_to_now(found, user, campaign)


def _kept_tally(user, campaign, day, *, is_over):
    """The kept figures of a day. When it `is_over`, what was due on it is overdue."""
    sums = {name: Sum(name) for name in stock(day)}
    if is_over:
        sums |= {"overdue": Sum(F("overdue") + F("due_today"))}
        sums |= {"recheck_overdue": Sum(F("recheck_overdue") + F("recheck_due_today"))}
    place = place_of(user)
    kept = _kept(user, campaign).filter(day=day).order_by().values(place, "grade")
    groups = kept.annotate(**{f"sum_{name}": total for name, total in sums.items()})
    return Tally({(g[place], g["grade"]): Counter({name: g[f"sum_{name}"] for name in sums}) for g in groups})


def _brought_to_now(found, user, campaign):
    """Add how the rows that changed since midnight stand now, take away how they stood at midnight: one query."""
    midnight = clock.start_of(clock.today())
    changed = Q(valid_to=None, valid_from__gte=midnight) | Q(valid_from__lt=midnight, valid_to__gte=midnight)
    rows = _of(campaign, HazardHistory.objects.visible_to(user)).filter(changed)
    rows = rows.annotate(stands=ExpressionWrapper(Q(valid_to=None), BooleanField()))
    for key, stands, counts in _told(rows, user, stock(clock.today(), of="hazard__"), "stands"):
        counter = found.setdefault(key, Counter())
        counter.update(counts) if stands else counter.subtract(counts)
    return found


def _live(user, campaign, on):
    conditions = stock(on or clock.today(), of="hazard__" if on else "")
    found = Tally()
    for key, counts in _told(rows(user, campaign, on), user, conditions):
        found.setdefault(key, Counter()).update(counts)
    return found


def _told(found, user, conditions, *by):
    """Yields (place, grade), what else is told `by`, and counts by name; the same key several times. One query.

    States are told apart by grouping: a condition for each costs more.
    """
    place = place_of(user)
    others = {name: condition for name, condition in conditions.items() if name not in S.values}
    for group in _counted(found, (place, "grade", "status", *by), others | {"all": Q()}):
        counts = {name: group[name] for name in others} | {group["status"]: group["all"]}
        yield (group[place], group["grade"]), *(group[name] for name in by), counts


def is_by_area(user):
    """Whether the user's whole scope is areas, which is what daily figures are kept by."""
    scope = access.scope_of(user)
    by_rows = scope.role in (Role.DEPARTMENT, Role.ASSOCIATION) or scope.runs or scope.inspects
    return bool(scope.areas) and not by_rows


def _kept(user, campaign):
    return _of(campaign, DailyFigure.objects.filter(access.scope_of(user).areas_q()))


def _of(campaign, found):
    return found.filter(campaign=campaign) if campaign else found


# The trend


class Point(NamedTuple):
    """A day of a trend. `unfinished` and `overdue` are as of its end; today's are as of now."""

    day: object
    new: int
    closed: int
    unfinished: int
    overdue: int


def trend(user, campaign=None, until=None, days=90):
    """The last `days` days up to `until` (today), oldest first, as Points; not before the campaign began.

    Over areas: kept days plus today; a day that has not been counted has no point. A department's or a home's trend is
    walked over its own rows, and there `new` is the day on which a hazard came into its ledger.
    """
    until = min(until or clock.today(), clock.today())
    first = until - (days - 1) * clock.ONE_DAY
    if campaign:
        first = max(first, campaign.starts_on)
    if until < first:
        return []
    if not is_by_area(user):
        return _walked(user, campaign, _days(first, until))
    points = _kept_points(user, campaign, first, until)
    return [*points, _today(user, campaign)] if until == clock.today() else points


def _kept_points(user, campaign, first, until):
    names = {
        "new": "arrived",
        "ended": "struck_off",
        "unfinished": F("reported") + F("returned") + F("open") + F("submitted"),
        "late": "overdue",
    }
    kept = _kept(user, campaign).filter(day__range=(first, until)).order_by().values("day")
    sums = {group["day"]: group for group in kept.annotate(**{name: Sum(what) for name, what in names.items()})}
    days = _days(first, min(until, clock.today() - clock.ONE_DAY))
    if not all(day in sums for day in days):  # nothing to see on that day, or not counted?
        counted = set(CountedDay.objects.filter(day__range=(first, until)).values_list("day", flat=True))
        days = [day for day in days if day in counted]
    nothing = dict.fromkeys(names, 0)
    return [Point(day, *(sums.get(day, nothing)[name] for name in names)) for day in days]


def _today(user, campaign):
    today, now = clock.today(), tally(user, campaign)
    begun = _of(campaign, HazardHistory.objects.visible_to(user))
    begun = begun.filter(valid_to=None, valid_from__gte=clock.start_of(today))
    moved = begun.aggregate(**{name: Count("pk", filter=condition) for name, condition in _movements(today).items()})
    return Point(today, moved["arrived"], moved["struck_off"], now.of(*Hazard.UNFINISHED), now.of("overdue"))


def _walked(user, campaign, days):
    counts = {day: Counter() for day in days}
    history = _of(campaign, HazardHistory.objects.visible_to(user)).order_by("hazard", "valid_from")
    seen, struck_off = {}, set()
    for row in history.only("hazard_id", "valid_from", "valid_to", "status", "due_on").iterator():
        first, last = row.first_day, row.last_day or days[-1]
        arrived = seen.setdefault(row.hazard_id, first)
        if last < first:  # another row stood at the end of the day
            continue
        if first == arrived and first in counts and row.status != S.VOID:
            counts[first]["new"] += 1
        if row.status == S.CLOSED and row.hazard_id not in struck_off:
            struck_off.add(row.hazard_id)
            if first in counts:
                counts[first]["closed"] += 1
        if row.status in Hazard.UNFINISHED:
            for day in _days(max(first, days[0]), min(last, days[-1])):
                counts[day]["unfinished"] += 1
                counts[day]["overdue"] += row.status == S.OPEN and row.due_on < day
    return [Point(day, *(counts[day][name] for name in Point._fields[1:])) for day in days]
