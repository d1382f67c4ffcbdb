"""What tests of circulars talk about: a bureau, two townships with homes, and what has been sent to them."""

import uuid
from datetime import timedelta

from django.http import QueryDict

from campaign_portal import clock
from campaign_portal.accounts import access
from campaign_portal.circulars import receipts, services
from campaign_portal.circulars.choosing import Choice
from campaign_portal.circulars.edges import WRITERS  # noqa: F401 - for tests/test_access.py
from campaign_portal.circulars.models import Circular
from campaign_portal.circulars.registry import Addressee  # noqa: F401

from . import builders


class Cast:
    """`clerk` writes for the bureau, `officer` for the first township. `manager` runs `home` of it, `neighbour` the
    `far_home` of the other one; `empty_home` of the first has no account. `secretary` is the association's, which looks
    after `home`."""

    def __init__(self):
        self.county = builders.make_county()
        first, second = self.county.townships.values()
        self.bureau, self.township, self.other_township = self.county.bureau, first, second
        self.home = builders.make_facility("马田镇敬老院", supervisor=first, director="刘院长")
        self.empty_home = builders.make_facility(
            "马田镇幸福院", supervisor=first, director="李院长", director_phone="13800000042"
        )
        self.far_home = builders.make_facility("柏林镇敬老院", supervisor=second)
        self.association = builders.make_office("association", area=self.county.area)
        access.grant(self.association, "inspect_facility", self.home, valid_from=builders.LONG_AGO)
        self.clerk = builders.make_user(self.bureau)
        self.officer = builders.make_user(first)
        self.manager = builders.make_home_user(self.home)
        self.neighbour = builders.make_home_user(self.far_home)
        self.secretary = builders.make_user(self.association)
        self.beyond = builders.make_user(builders.make_county("邻县").bureau)


def in_time(days):
    return clock.at(clock.now() + timedelta(days=days))


def written(**columns):
    """An unsaved circular as a filled-in form would give it. With `reply_by` it asks for a reply."""
    defaults = {
        "kind": Circular.Kind.WARNING,
        "title": "关于外县养老机构火灾的风险提示",
        "text": "近日外县一养老机构发生火灾，请立即排查用火用电。",
        "asks_reply": "reply_by" in columns,
        "sent_key": uuid.uuid4(),
    }
    return Circular(**(defaults | columns))


def drafted(by, *, files=(), **columns):
    return services.draft(written(**columns), by=by, files=files)


def choose(circular, by, query=""):
    """Whom these filters find, e.g. "audience=homes&town=…"."""
    return Choice(circular, by, QueryDict(query or "audience=homes"))


def send(circular, by, query="", *, only=None):
    """Send a draft to all whom the filters find, or to `only` these offices of them."""
    choice = choose(circular, by, query)
    picked = [one for one in choice.found if only is None or one.office in {office.pk for office in only}]
    return services.send(circular, by=by, choice=choice.remembered(picked), addressees=picked, version=circular.version)


def sent(by, query="", *, only=None, **columns):
    return send(drafted(by, **columns), by, query, only=only)


def receipt(circular, office):
    """What an office made of a circular."""
    return circular.recipients.select_related("circular", "office").get(office=getattr(office, "office", office))


def read(circular, by):
    return receipts.confirm_read(receipt(circular, by.office), by=by)


def reply(circular, by, text="已排查，没有同类问题。", **rest):
    return receipts.reply(receipt(circular, by.office), by=by, text=text, **rest)
