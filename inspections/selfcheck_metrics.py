"""Figures of self-checks, counted over what the user may see, now or as of a past day. The pages read the same ones."""

from urllib.parse import urlencode

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


def _begun(user, campaign, on):
    """The rounds that had begun by the end of a day (now), newest first. Counted once a page."""

    def find():
        rounds = SelfCheckRound.objects.visible_to(user).filter(opens_on__lte=on or clock.today())
        if on is not None:
            rounds = rounds.filter(opened_at__lt=clock.start_of(on + clock.ONE_DAY))
        if campaign:
            rounds = rounds.filter(campaign=campaign)
        return list(rounds.order_by("-opens_on", "-pk").only("pk", "due_on"))

    return shared(("selfcheck.begun", access.scope_of(user), campaign and campaign.pk, on), find)


def _newest(user, campaign, on):
    """What homes are asked for now: the newest round."""
    return _begun(user, campaign, on)[:1]


def _so_far(user, campaign, on):
    """What homes have been asked for so far: the rounds that are over; before the first one is, that one."""
    rounds, day = _begun(user, campaign, on), on or clock.today()
    return [one for one in rounds if one.due_on < day] or rounds[-1:]


COUNTED = ("submitted", "asked", "overdue")


def _counted_by(column, user, rounds, on):
    """{office pk: {"submitted", "asked", "overdue"}} of rounds, told by a column of their checks that holds offices."""
    day, rounds = on or clock.today(), tuple(one.pk for one in rounds)

    def count():
        checks = SelfCheck.objects.visible_to(user).filter(round__in=rounds).with_duty(on=day)
        sets = {f"n_{name}": Count("pk", filter=condition(name, on=day)) for name in COUNTED}
        groups = checks.order_by().values(column).annotate(**sets)
        return {group[column]: {name: group[f"n_{name}"] for name in COUNTED} for group in groups}

    return shared(("selfcheck.counted", column, access.scope_of(user), rounds, on), count)


NEWEST, SO_FAR = "本轮自查覆盖率", "自查覆盖率（各轮合计）"


def _coverage(asked_for, label):
    """Submitted ÷ homes that ran on the due day (or by now, if earlier), of the rounds that `asked_for` names."""

    def count(user, campaign, on):
        rounds = asked_for(user, campaign, on)
        if not rounds:
            return None
        parts = _counted_by("supervisor", user, rounds, on).values()
        counted = {name: sum(part[name] for part in parts) for name in COUNTED}
        late = f"，{counted['overdue']} 家逾期未交" if counted["overdue"] else ""
        url = _url(rounds, campaign, state="submitted")
        is_bad = counted["overdue"] > 0
        return Figure(label, "%", counted["submitted"], counted["asked"], url, f"家已提交{late}", is_bad)

    return count


def _so_far_by(column, param):
    """The same told by a column of the checks that holds offices: {office pk: Figure}. `param` filters the rows by it."""

    def by(user, campaign, on=None):
        rounds = _so_far(user, campaign, on)
        if not rounds:
            return {}
        return {
            pk: Figure(SO_FAR, "%", part["submitted"], part["asked"], _url(rounds, campaign, **{param: pk}))
            for pk, part in _counted_by(column, user, rounds, on).items()
        }

    return by


def _url(rounds, campaign, **params):
    """The checks of a round; of several rounds, the list of them, which has the same figures round by round."""
    if len(rounds) == 1:
        return round_url(rounds[0], **params)
    params |= {"campaign": campaign.pk} if campaign else {}
    return f"{reverse('selfcheck:rounds')}?{urlencode(params)}"


register(Metric("selfcheck.coverage", READERS, _coverage(_newest, NEWEST)))
register(
    Metric(
        "selfcheck.coverage_so_far",  # a new round would take the newest one's back to 0
        frozenset(),
        _coverage(_so_far, SO_FAR),
        name=SO_FAR,
        unit="%",
        by_place=_so_far_by("supervisor", "supervisor"),
        by_home=_so_far_by("facility__office", "home"),
        readers=READERS,
        said_as=(
            "自查覆盖率",
            "自查覆盖面",
            "自查自纠覆盖率",
            "自查自纠覆盖面",
            "自查率",
            "自查自纠率",
            "自查全覆盖",
            "自查自纠全覆盖",
        ),
    )
)
