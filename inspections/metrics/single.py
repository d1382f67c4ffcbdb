"""Single figures: one number each, with the rows behind it."""

from campaign_portal.campaigns.metrics import Figure

from ..daily import tally
from ..models import Hazard
from .divided import CLOSED, CLOSED_RATE, FOUND, MAJOR_OPEN, ON_TIME_RATE, OVERDUE, RECHECK_OVERDUE
from .links import G, S, ledger_url


def closed_rate(user, campaign, on=None):
    counted = tally(user, campaign, on)
    url = ledger_url(campaign, state=S.CLOSED)
    return Figure(CLOSED_RATE.label, "%", counted.of(S.CLOSED), counted.of(*Hazard.COUNTED), url, note="条")


def on_time_rate(user, campaign, on=None):
    """Of the hazards struck off, those rectified within the limit that held when they were (extensions included)."""
    counted = tally(user, campaign, on)
    url = ledger_url(campaign, state=S.CLOSED, on_time="yes")
    return Figure(ON_TIME_RATE.label, "%", counted.of("on_time"), counted.of(S.CLOSED), url, note="条已销号隐患")


def recurrence(user, campaign, on=None):
    """Of the hazards in the register, those that name a struck-off one which they repeat."""
    counted = tally(user, campaign, on)
    url = ledger_url(campaign, state="registered", recurs="yes")
    return Figure("隐患重复发生率", "%", counted.of("recurring"), counted.of(*Hazard.COUNTED), url, note="条")


def overdue(user, campaign, on=None):
    counted = tally(user, campaign, on)
    late, major = counted.of("overdue"), counted.of("overdue", grade=G.MAJOR)
    note = f"其中重大 {major} 条" if major else "整改超过期限"
    return Figure(OVERDUE.label, "条", late, None, ledger_url(campaign, due="overdue"), note=note, is_bad=late > 0)


def recheck_overdue(user, campaign, on=None):
    late = tally(user, campaign, on).of("recheck_overdue")
    url = ledger_url(campaign, due="recheck")
    return Figure(RECHECK_OVERDUE.label, "条", late, None, url, note="提交整改后超过复查期限", is_bad=late > 0)


def major_open(user, campaign, on=None):
    counted = tally(user, campaign, on)
    unfinished = counted.of(S.OPEN, S.SUBMITTED, grade=G.MAJOR)
    url = ledger_url(campaign, grade=G.MAJOR, state="active")
    note = f"待复查 {counted.of(S.SUBMITTED, grade=G.MAJOR)} 条 · 目标 0"
    return Figure(MAJOR_OPEN.label, "条", unfinished, None, url, note=note, is_bad=unfinished > 0)


def waiting(user, campaign, on=None):
    counted = tally(user, campaign, on)
    late = counted.of("recheck_overdue")
    url = ledger_url(campaign, state=S.SUBMITTED)
    note = f"其中超过复查期限 {late} 条" if late else "均在复查期限内"
    return Figure("等待复查", "条", counted.of(S.SUBMITTED), None, url, note=note)


def found(user, campaign, on=None):
    number = tally(user, campaign, on).of(*Hazard.COUNTED)
    return Figure(FOUND.label, "条", number, None, ledger_url(campaign, state="registered"))


def closed(user, campaign, on=None):
    return Figure(
        CLOSED.label, "条", tally(user, campaign, on).of(S.CLOSED), None, ledger_url(campaign, state=S.CLOSED)
    )
