"""How far the hazards have come, from the report to the striking off."""

from campaign_portal.campaigns.metrics import Figure, percent

from ..daily import tally
from ..models import Hazard
from .links import G, S, ledger_url

REPORTED = (S.REPORTED, S.RETURNED, *Hazard.COUNTED)  # whatever is not void
HANDED_IN = (S.SUBMITTED, S.CLOSED)
STAGES = [
    ("上报登记", REPORTED, "valid"),
    ("已核实", Hazard.COUNTED, "registered"),
    ("已提交整改", HANDED_IN, "handed_in"),
    ("已销号", (S.CLOSED,), S.CLOSED),
]


def funnel(user, campaign, on=None, grade=None):
    """How far the hazards have come, as four Figures, each at most the one before it.

    上报登记: all but void ones, those not yet verified (待核实、退回补正) included; 已核实: in the register; 已提交整改: waiting
    for the re-check or struck off (one that was sent back is open again and no longer counts here); 已销号. Void ones count
    nowhere. `grade` narrows it to 一般 ("normal") or 重大 ("major").
    """
    counted = tally(user, campaign, on)
    narrowed = {"grade": grade} if grade else {}
    return [
        Figure(label, "条", counted.of(*states, grade=grade), None, ledger_url(campaign, state=state, **narrowed))
        for label, states, state in STAGES
    ]


def funnel_by_grade(user, campaign, on=None):
    """[("一般", funnel), ("重大", funnel)]."""
    return [(grade.label, funnel(user, campaign, on, grade)) for grade in G]


def stages(user, campaign, on=None):
    """The funnel as lines of a table: all, 一般 and 重大 at each stage, and the share of what was reported."""
    every = funnel(user, campaign, on)
    normal, major = (figures for _, figures in funnel_by_grade(user, campaign, on))
    return [
        {"all": one, "normal": two, "major": three, "share": percent(one.value, every[0].value)}
        for one, two, three in zip(every, normal, major, strict=True)
    ]
