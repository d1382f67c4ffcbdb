"""Figures of the hazard ledger. Each is counted over what the user may see, now or as of a past day, and links to its rows."""

from datetime import datetime, time

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from campaign_portal import clock
from campaign_portal.accounts.access import EVERYONE, Role
from campaign_portal.accounts.models import Office
from campaign_portal.campaigns import metrics
from campaign_portal.campaigns.metrics import Figure, Metric
from facilities.models import Facility

from .models import Hazard, HazardHistory

READERS = EVERYONE - {Role.ASSOCIATION}
S = Hazard.Status


def rows(user, campaign=None, on=None):
    """The hazards a figure is counted over: as they stand now, or as they stood at the end of day `on`."""
    if on is None:
        found = Hazard.objects.visible_to(user)
    else:
        midnight = timezone.make_aware(datetime.combine(on + clock.ONE_DAY, time.min))
        found = HazardHistory.objects.visible_to(user).as_of(midnight)
    return found.filter(campaign=campaign) if campaign else found


def ledger_url(campaign, **params):
    """The ledger with the rows that a figure counted."""
    pairs = params | ({"campaign": campaign.pk} if campaign else {})
    return f"{reverse('inspections:ledger')}?" + "&".join(f"{name}={value}" for name, value in pairs.items())


def closed_rate(user, campaign, on):
    counted = rows(user, campaign, on).in_register().aggregate(all=Count("pk"), closed=Count("pk", Q(status=S.CLOSED)))
    url = ledger_url(campaign, state=S.CLOSED)
    return Figure("隐患整改销号率", "%", counted["closed"], counted["all"], url, note="条")


def overdue(user, campaign, on):
    late = rows(user, campaign, on).overdue(on=on or clock.today())
    counted = late.aggregate(all=Count("pk"), major=Count("pk", Q(grade=Hazard.Grade.MAJOR)))
    note = f"其中重大 {counted['major']} 条" if counted["major"] else "整改超过期限"
    url = ledger_url(campaign, due="overdue")
    return Figure("整改逾期", "条", counted["all"], None, url, note=note, is_bad=counted["all"] > 0)


def major_open(user, campaign, on):
    major = rows(user, campaign, on).filter(grade=Hazard.Grade.MAJOR)
    counted = major.filter(status__in=[S.OPEN, S.SUBMITTED]).aggregate(
        all=Count("pk"), submitted=Count("pk", Q(status=S.SUBMITTED))
    )
    url = ledger_url(campaign, grade=Hazard.Grade.MAJOR, state="active")
    note = f"待复查 {counted['submitted']} 条 · 目标 0"
    return Figure("重大隐患未销号", "条", counted["all"], None, url, note=note, is_bad=counted["all"] > 0)


def waiting(user, campaign, on):
    found = rows(user, campaign, on)
    late = found.recheck_overdue(on=on or clock.today()).count()
    url = ledger_url(campaign, state=S.SUBMITTED)
    note = f"其中超过复查期限 {late} 条" if late else "均在复查期限内"
    return Figure("等待复查", "条", found.filter(status=S.SUBMITTED).count(), None, url, note=note)


for code, count in [
    ("hazards.closed_rate", closed_rate),
    ("hazards.overdue", overdue),
    ("hazards.major_open", major_open),
    ("hazards.waiting", waiting),
]:
    metrics.register(Metric(code, READERS - {Role.EVALUATOR}, count))


def by_supervisor(user, campaign):
    """One line per township (supervisor) for bureaus and departments, worst first. None for other roles."""
    if user.office.kind not in (Role.BUREAU, Role.DEPARTMENT):
        return None
    homes = dict(Facility.objects.visible_to(user).values_list("supervisor").annotate(n=Count("pk")).order_by())
    lines = _lines(user, campaign, "supervisor")
    names = Office.objects.in_bulk(set(homes) | set(lines))
    table = [_line(names[pk].short_name, homes.get(pk, 0), lines.get(pk), campaign, supervisor=pk) for pk in names]
    return {"title": "乡镇进度", "first": "乡镇（监管单位）", "counts_homes": True, "lines": _worst_first(table)}


def by_home(user, campaign):
    """One line per home for townships, worst first. None for other roles."""
    if user.office.kind != Role.TOWNSHIP:
        return None
    lines = _lines(user, campaign, "facility")
    homes = Facility.objects.visible_to(user).in_bulk()
    table = [_line(str(home), 1, lines.get(pk), campaign, facility=pk) for pk, home in homes.items()]
    return {"title": "机构进度", "first": "机构", "counts_homes": False, "lines": _worst_first(table)}


def _lines(user, campaign, group):
    today = clock.today()
    counts = rows(user, campaign).in_register().order_by().values(group)
    counted = counts.annotate(
        all=Count("pk"),
        closed=Count("pk", Q(status=S.CLOSED)),
        overdue=Count("pk", Q(status=S.OPEN, due_on__lt=today)),
        recheck=Count("pk", Q(status=S.SUBMITTED, recheck_due_on__lt=today)),
    )
    return {line[group]: line for line in counted}


def _line(name, homes, counted, campaign, **params):
    counted = counted or {"all": 0, "closed": 0, "overdue": 0, "recheck": 0}
    return counted | {
        "name": name,
        "homes": homes,
        "rate": metrics.percent(counted["closed"], counted["all"]),
        "all_url": ledger_url(campaign, state="registered", **params),
        "overdue_url": ledger_url(campaign, due="overdue", **params),
        "recheck_url": ledger_url(campaign, due="recheck", **params),
    }


def _worst_first(table):
    return sorted(table, key=lambda line: (-line["overdue"] - line["recheck"], -line["all"]))


metrics.TABLES["hazards.by_supervisor"] = by_supervisor
metrics.TABLES["hazards.by_home"] = by_home
metrics.NUMBERED.append(lambda campaign: Hazard.objects.filter(campaign=campaign).exists())

from . import selfcheck_metrics  # noqa: E402, F401 - registers the figures of self-checks, after those of hazards
