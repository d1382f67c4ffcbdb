"""Sharing a target out: from the lead office to townships, from a township to its homes. The parts add up to the whole.

What weighs an office (its beds, its homes) only the app that knows homes can tell: it registers in its `sharing.py`,
found at start-up.
"""

import hashlib
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q, Sum

from campaign_portal.accounts.access import Role
from campaign_portal.accounts.models import Level, Office
from campaign_portal.audit.recording import name_verbs, record
from campaign_portal.edges import NotYours, Refused

from .edges import CAMPAIGN_EDGES, leads
from .models import Campaign, Indicator, Share
from .overtaken import Stale

name_verbs(indicator_shared="分解指标")

ONE, CENT = Decimal(1), Decimal("0.01")


# Weights


class Weight(NamedTuple):
    """`of(offices)` gives {office pk: number}; offices that it leaves out weigh nothing."""

    label: str
    of: Callable


WEIGHTS: dict[str, Weight] = {}

# members(user) -> pks of the offices of the running homes that the user sees. For associations: they have members, not an
# area. Filled at start-up by the app that knows homes.
MEMBERS: list[Callable] = []


def register(name, label, of):
    WEIGHTS[name] = Weight(label, of)


def split(total, weights, *, step=ONE):
    """`total` in parts that stand to each other as the weights do, each a multiple of `step`; together exactly `total`.

    What rounding down leaves over goes to the largest remainders, of equal ones to the first. Where nobody weighs anything
    all weigh the same. `total` must be a multiple of `step`, and there must be somebody to share among.
    """
    units = Fraction(total) / Fraction(step)
    if units.denominator != 1 or units < 0 or not weights or min(weights) < 0:
        raise ValueError(f"cannot split {total} by {step} among {weights}")
    shares = [Fraction(weight) for weight in weights]
    shares = shares if any(shares) else [Fraction(1)] * len(shares)
    exact = [units * share / sum(shares) for share in shares]
    parts = [int(part) for part in exact]
    by_remainder = sorted(range(len(parts)), key=lambda i: parts[i] - exact[i])
    for i in by_remainder[: int(units) - sum(parts)]:
        parts[i] += 1
    return [part * Decimal(step) for part in parts]


# What is shared out, by whom, to whom


class Whole(NamedTuple):
    """What an office shares out: an indicator that it leads, or the share of it that it was given (`parent`)."""

    indicator: Indicator
    parent: Share | None
    value: Decimal

    @property
    def is_same_for_all(self):
        """A rate, or a figure that every home has to reach, is not divided: everybody gets the same."""
        return is_same_for_all(self.indicator)

    @property
    def step(self):
        return step_of(self.indicator, self.value)

    def shares(self):
        return self.indicator.shares.filter(parent=self.parent).select_related("office")


def is_same_for_all(indicator):
    return indicator.is_rate or indicator.per == Indicator.Per.HOME


def step_of(indicator, value):
    """The smallest piece of a figure: money and areas come in fractions, people and homes do not."""
    is_divisible = indicator.unit.endswith(("元", "平方米", "㎡", "公里", "亩", "吨", "%"))
    return CENT if is_divisible or value != value.to_integral_value() else ONE


def whole_of(indicator, user):
    """The Whole that this user's office may share out. Raises NotYours where it neither leads nor has a share."""
    if leads(indicator.campaign, user):
        return Whole(indicator, None, indicator.value)
    parent = Share.objects.filter(indicator=indicator, office=user.office).select_related("office").first()
    if parent is None or not user.is_caseworker:
        raise NotYours("这个指标还没有分解到您的单位，不能再往下分解。")
    return Whole(indicator, parent, parent.value)


def takers(user):
    """To whom this user's office may share out: {name: (label, offices)}, the usual way first."""
    office = user.office
    active = Office.objects.filter(is_active=True).select_related("area").order_by("area__code", "pk")
    if office.kind == Role.TOWNSHIP:
        return {"homes": ("本乡镇（街道）的养老机构", active.filter(kind=Role.HOME, parent=office))}
    if office.area.level != Level.COUNTY:
        return {"bureaus": ("下级民政局", active.filter(kind=Role.BUREAU, area__parent=office.area))}
    townships = active.filter(kind=Role.TOWNSHIP, county_code=office.county_code)
    found = {"townships": ("各乡镇（街道）", townships)}
    if office.kind == Role.ASSOCIATION:
        found["members"] = ("会员机构", active.filter(is_member(user), kind=Role.HOME))
    else:
        direct = active.filter(kind=Role.HOME, parent=office)
        found["direct"] = ("各乡镇（街道）和本局直接监管的机构", townships | direct)
    return found


def is_member(user):
    """A filter on offices: the running homes that the user sees."""
    found = Q(pk__in=())
    for members in MEMBERS:
        found |= Q(pk__in=members(user))
    return found


def proposals(whole, offices):
    """{name: (label, parts)} for an even split and for every registered weight; parts in the order of the offices."""
    if whole.is_same_for_all or not offices:
        return {}
    found = {"even": ("平均", split(whole.value, [1] * len(offices), step=whole.step))}
    for name, weight in WEIGHTS.items():
        of = weight.of(offices)
        weights = [of.get(office.pk, 0) for office in offices]
        if any(weights):
            found[name] = (weight.label, split(whole.value, weights, step=whole.step))
    return found


def seal(whole, shares):
    """A word for how things stood on a page, to notice that somebody was faster."""
    rows = sorted((share.office_id, f"{share.value:.2f}") for share in shares)
    return hashlib.sha256(repr((f"{whole.value:.2f}", rows)).encode()).hexdigest()[:16]


# The service


@transaction.atomic
def share_out(indicator, parts, *, by, parent=None, shown=None):
    """Share an indicator out, or `parent`, the share of it that by's office holds. `parts` is {office: value}.

    The parts must add up to the whole; of a rate each is the whole. Whoever is not named loses his share; {} takes all
    back, and a part of 0 is none. `shown` is the seal() of what the user's page showed.
    """
    whole = _locked_whole(indicator, parent, by)
    indicator = whole.indicator
    held = {share.office_id: share for share in whole.shares()}
    if shown is not None and shown != seal(whole, held.values()):
        raise Stale("页面打开之后，目标或分解数有了变化（可能是同事刚刚保存）。请核对现在的数，再保存。")
    refuse_sum(whole, list(parts.values()))
    parts = {office: value for office, value in parts.items() if is_part(value, whole)}
    _refuse_taken(whole, parts)
    _refuse_below_children(whole, held, parts)
    was = {share.office.name: share.value for share in held.values()}
    _write(whole, held, parts)
    now = {office.name: value for office, value in parts.items()}
    record("indicator.shared", indicator, by=by, notes=_notes(was, now, of=whole.parent))
    return list(whole.shares())


def locked_campaign(pk):
    """The campaign of what is going to change, so that it does not close meanwhile. Always locked before its rows."""
    return Campaign.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)


def _locked_whole(indicator, parent, by):
    campaign = locked_campaign(indicator.campaign_id)
    indicator = Indicator.objects.select_for_update(of=("self",), no_key=True).filter(pk=indicator.pk).first()
    if indicator is None:
        raise Refused("这个指标刚刚被删除，不能再分解。")
    indicator.campaign = campaign
    if parent is None:
        CAMPAIGN_EDGES.check(campaign, "plan", by=by)
        return Whole(indicator, None, indicator.value)
    if parent.office_id != by.office_id or not by.is_caseworker:
        raise NotYours("只有承担单位可以把分解数再往下分。")
    if campaign.status != Campaign.Status.RUNNING:
        raise Refused(f"行动当前为“{campaign.get_status_display()}”，不能分解指标。")
    parent = indicator.shares.select_related("office").filter(pk=parent.pk).first()
    if parent is None:
        raise Refused("本单位的分解数刚刚被收回，不能再往下分解。")
    return Whole(indicator, parent, parent.value)


def is_part(value, whole):
    """0 of something is no task. 0 of 0 is one: that something does not happen."""
    return bool(value) or not whole.value


def refuse_sum(whole, values):
    """Raise Refused unless the values make up the whole."""
    unit = whole.indicator.unit
    if not values:
        return
    if whole.is_same_for_all:
        if any(value != whole.value for value in values):
            raise Refused(f"这个指标每个单位都是 {plain(whole.value)}{unit}，不分摊。")
    elif (left := whole.value - sum(values)) > 0:
        raise Refused(f"各单位合计 {plain(sum(values))}{unit}，比目标少 {plain(left)}{unit}，请补足后保存。")
    elif left < 0:
        raise Refused(f"各单位合计 {plain(sum(values))}{unit}，比目标多 {plain(-left)}{unit}，请调减后保存。")


def _refuse_taken(whole, parts):
    taken = whole.indicator.shares.filter(office__in=parts).exclude(parent=whole.parent)
    if share := taken.select_related("office").first():
        raise Refused(f"{share.office}已经承担了其他单位分解的这个指标，不能重复分解。")


def _refuse_below_children(whole, held, parts):
    """What an office has shared on stays covered. A figure that is the same for all simply follows."""
    given = {office.pk: value for office, value in parts.items()}
    passed_on = Share.objects.filter(parent__in=held.values()).values("parent__office").annotate(sum=Sum("value"))
    for pk, sum_ in passed_on.values_list("parent__office", "sum"):
        office, new = held[pk].office, given.get(pk)
        if new is None or (new < sum_ and not whole.is_same_for_all):
            raise Refused(
                f"{office}已向下分解 {plain(sum_)}{whole.indicator.unit}，"
                f"不能{'收回' if new is None else f'调到 {plain(new)}{whole.indicator.unit}'}。请先由该单位撤回它的分解。"
            )


def _write(whole, held, parts):
    given = {office.pk: value for office, value in parts.items()}
    Share.objects.filter(pk__in=[share.pk for pk, share in held.items() if pk not in given]).delete()
    changed = [share for pk, share in held.items() if pk in given and share.value != given[pk]]
    for share in changed:
        share.value = given[share.office_id]
    Share.objects.bulk_update(changed, ["value"])
    new = {pk: value for pk, value in given.items() if pk not in held}
    Share.objects.bulk_create(
        Share(indicator=whole.indicator, office_id=pk, parent=whole.parent, value=value) for pk, value in new.items()
    )
    if whole.is_same_for_all:
        whole.indicator.shares.exclude(value=whole.value).update(value=whole.value)


def _notes(was, now, *, of):
    """What became of each office's part, for the audit; and whose share it was."""
    names = [name for name in was | now if was.get(name) != now.get(name)]
    words = {name: [_word(was.get(name)), _word(now.get(name))] for name in names}
    return ({"分解自": ["", f"{of.office} {plain(of.value)}"]} if of else {}) | words


def _word(value):
    return "—" if value is None else plain(value)


def plain(value):
    """A figure as people write it: 40 rather than 40.00, 12.5 rather than 12.50."""
    text = f"{Decimal(value):.2f}"
    return text.rstrip("0").rstrip(".")
