"""Figures of self-checks, counted over what the user may see, now or as of a past day. The pages read the same ones."""

from django.db.models import Count, F, Q
from django.urls import reverse

from campaign_portal import clock
from campaign_portal.accounts import access
from campaign_portal.accounts.access import Role
from campaign_portal.campaigns.metrics import Figure, Metric, percent, register, shared

from .models import Answer, SelfCheck, SelfCheckRound

READERS = frozenset({Role.BUREAU, Role.TOWNSHIP, Role.DEPARTMENT})

# Sets of checks by how they stand on a day, as conditions on rows that have `is_asked`. Pages filter by these names.
SETS = {
    "asked": "应自查",
    "submitted": "已提交",
    "on_time": "按时提交",
    "late": "逾期提交",
    "waiting": "未提交",
    "overdue": "逾期未交",
    "zero": "零报告",
    "found": "查出隐患",
    "excused": "不计入",
}


def condition(name, *, on):
    """The rows of a set as of the end of day `on`."""
    asked = Q(is_asked=True)
    done = asked & Q(submitted_on__lte=on)
    waiting = asked & (Q(submitted_on__isnull=True) | Q(submitted_on__gt=on))
    return {
        "asked": asked,
        "submitted": done,
        "on_time": done & Q(submitted_on__lte=F("due_on")),
        "late": done & Q(submitted_on__gt=F("due_on")),
        "waiting": waiting,
        "overdue": waiting & Q(due_on__lt=on),
        "zero": done & Q(is_zero=True),
        "found": done & Q(is_zero=False),
        "excused": Q(is_asked=False),
    }[name]


def counts(checks, *, on):
    """How many of these checks (SelfCheck rows) stand in each set, by name."""
    sets = {name: Count("pk", filter=condition(name, on=on)) for name in SETS}
    return checks.with_duty(on=on).order_by().aggregate(**sets)


def counts_by_round(checks, *, on):
    """{round's pk: the same counts}. One query."""
    sets = {name: Count("pk", filter=condition(name, on=on)) for name in SETS}
    return {row["round"]: row for row in checks.with_duty(on=on).order_by().values("round").annotate(**sets)}


def hazard_counts(checks, *, on):
    """Hazards that the submitted ones of these checks made, and those they named that stood in the ledger already."""
    submitted = checks.filter(submitted_on__lte=on)
    answers = Answer.objects.filter(self_check__in=submitted.values("pk"), hazard__isnull=False)
    new, known = (Count("hazard", Q(was_known=is_known), distinct=True) for is_known in (False, True))
    return answers.aggregate(new=new, known=known)


def coverage_of(counted):
    """Submitted ÷ homes that ran on the due day, in percent; None over nothing."""
    return percent(counted["submitted"], counted["asked"])


def round_url(check_round, **params):
    query = "&".join(f"{name}={value}" for name, value in params.items())
    return reverse("selfcheck:round", args=[check_round.pk]) + (f"?{query}" if query else "")


def _newest(user, campaign, on):
    """The newest round that had begun by the end of a day (now), or None."""

    def find():
        rounds = SelfCheckRound.objects.visible_to(user).filter(opens_on__lte=on or clock.today())
        if on is not None:
            rounds = rounds.filter(opened_at__lt=clock.start_of(on + clock.ONE_DAY))
        if campaign:
            rounds = rounds.filter(campaign=campaign)
        return rounds.order_by("-opens_on", "-pk").only("pk").first()

    return shared(("selfcheck.newest", access.scope_of(user), campaign and campaign.pk, on), find)


COUNTED = ("submitted", "asked", "overdue")


def _counted_by(column, user, newest, on):
    """{office pk: {"submitted", "asked", "overdue"}} of a round, told by a column of its checks that holds offices."""
    day = on or clock.today()

    def count():
        checks = SelfCheck.objects.visible_to(user).filter(round=newest).with_duty(on=day)
        sets = {f"n_{name}": Count("pk", filter=condition(name, on=day)) for name in COUNTED}
        groups = checks.order_by().values(column).annotate(**sets)
        return {group[column]: {name: group[f"n_{name}"] for name in COUNTED} for group in groups}

    return shared(("selfcheck.counted", column, access.scope_of(user), newest.pk, on), count)


def coverage(user, campaign, on):
    """自查覆盖率 of the newest round that had begun: submitted ÷ homes that ran on its due day (or by now, if earlier)."""
    newest = _newest(user, campaign, on)
    if newest is None:
        return None
    parts = _counted_by("supervisor", user, newest, on).values()
    counted = {name: sum(part[name] for part in parts) for name in COUNTED}
    late = f"，{counted['overdue']} 家逾期未交" if counted["overdue"] else ""
    note = f"家已提交{late}"
    url = round_url(newest, state="submitted")
    return Figure("自查覆盖率", "%", counted["submitted"], counted["asked"], url, note, is_bad=counted["overdue"] > 0)


def _coverage_by(column):
    """The same told by a column of the checks that holds offices: {office pk: Figure}."""

    def by(user, campaign, on=None):
        newest = _newest(user, campaign, on)
        if newest is None:
            return {}
        url = round_url(newest)
        counted = _counted_by(column, user, newest, on)
        return {pk: Figure("自查覆盖率", "%", part["submitted"], part["asked"], url) for pk, part in counted.items()}

    return by


register(
    Metric(
        "selfcheck.coverage",
        READERS,
        coverage,
        name="自查覆盖率",
        unit="%",
        by_place=_coverage_by("supervisor"),
        by_home=_coverage_by("facility__office"),
    )
)
