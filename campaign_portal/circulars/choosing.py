"""Whom a draft is for: an audience, its filters, and who was left out by hand."""

from typing import NamedTuple
from urllib.parse import urlencode

from django.http import QueryDict

from campaign_portal.edges import Refused

from . import telling
from .registry import MOST, Addressee, Audience, audiences_of


class Line(NamedTuple):
    """An office on the list before sending."""

    addressee: Addressee
    is_ticked: bool
    note: str  # how it will be told, where that is not by a message


class Choice:
    """An audience with its filters as the user set them (`data`, a QueryDict), or as the draft remembers them."""

    def __init__(self, circular, user, data):
        kept = circular.choice
        is_set = data.get("audience") is not None
        query = data if is_set else QueryDict(kept.get("query", ""))
        code = data.get("audience") if is_set else kept.get("audience")
        offered = audiences_of(user)
        self.audience: Audience = next((one for one in offered if one.code == code), offered[0])
        self.user, self.form = user, self.audience.form(query, user)
        self.query = urlencode(self.form.chosen)
        is_kept = (self.audience.code, self.query) == (kept.get("audience"), kept.get("query"))
        self.left_out = set(kept.get("left_out", ())) if is_kept else set()
        self.found = list(self.audience.addressees(user, self.form))

    @property
    def is_too_many(self):
        return len(self.found) > MOST

    def lines(self, circular):
        """The offices found, each with its tick."""
        if self.is_too_many:
            return []
        pks = [one.office for one in self.found]
        with_account = telling.caseworkers_of(pks)
        called = self.audience.contacts([pk for pk in pks if pk not in with_account])
        return [
            Line(one, one.office not in self.left_out, _note(one.office, with_account, called)) for one in self.found
        ]

    def picked(self, pks):
        """The offices of these pks (texts). Refused where one of them is not among those found any more."""
        wanted = set(pks)
        picked = [one for one in self.found if str(one.office) in wanted]
        if len(picked) < len(wanted):
            raise Refused(f"名单有变化：勾选的有 {len(wanted) - len(picked)} 家已不在筛选范围内，请核对后再发。")
        return picked

    def remembered(self, picked):
        """What the draft keeps of it."""
        left_out = sorted({one.office for one in self.found} - {one.office for one in picked})
        return {"audience": self.audience.code, "query": self.query, "left_out": left_out}


def _note(office, with_account, called):
    if office in with_account:
        return ""
    if office in called:
        return f"没有账号，由本单位电话通知 {called[office].name}"
    return "没有账号，也没有电话"
