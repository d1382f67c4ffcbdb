"""The single figures by place and by home, as indicators divide them."""

from typing import NamedTuple

from django.db.models import Count

from campaign_portal import clock
from campaign_portal.campaigns.metrics import Figure

from ..daily import place_of, rows, stock, tally
from ..models import Hazard
from .links import PLACES, G, S, ledger_url


class Told(NamedTuple):
    """What a figure counts: names in `daily.stock` over each other, of a grade; `params` lead to its rows."""

    label: str
    unit: str
    numerator: tuple
    params: dict
    denominator: tuple = ()
    grade: str | None = None

    def by_place(self, user, campaign, on=None):
        """{supervisor's (county's) key: Figure}."""
        counted = tally(user, campaign, on)
        param = PLACES[place_of(user)][0]
        return {place: self._of(counted, campaign, place, param) for place in counted.places()}

    def _of(self, counted, campaign, place, param):
        whole = counted.of(*self.denominator, place=place, grade=self.grade) if self.denominator else None
        number = counted.of(*self.numerator, place=place, grade=self.grade)
        return Figure(self.label, self.unit, number, whole, ledger_url(campaign, **self.params, **{param: place}))

    def by_home(self, user, campaign, on=None):
        """{the home's own office's pk: Figure}."""
        day = on or clock.today()
        found = rows(user, campaign, on)
        found = found.filter(grade=self.grade) if self.grade else found
        conditions = stock(day, of="hazard__" if on else "")
        counts = {name: Count("pk", filter=conditions[name]) for name in {*self.numerator, *self.denominator}}
        groups = (
            found.order_by()
            .values("facility", "facility__office")
            .annotate(**{f"n_{name}": count for name, count in counts.items()})
        )
        return {group["facility__office"]: self._of_home(group, campaign) for group in groups}

    def _of_home(self, group, campaign):
        number, whole = (sum(group[f"n_{name}"] for name in names) for names in (self.numerator, self.denominator))
        url = ledger_url(campaign, **self.params, facility=group["facility"])
        return Figure(self.label, self.unit, number, whole if self.denominator else None, url)


CLOSED_RATE = Told("隐患整改销号率", "%", (S.CLOSED,), {"state": S.CLOSED}, Hazard.COUNTED)
ON_TIME_RATE = Told("按期整改率", "%", ("on_time",), {"state": S.CLOSED, "on_time": "yes"}, (S.CLOSED,))
OVERDUE = Told("整改逾期隐患", "条", ("overdue",), {"due": "overdue"})
RECHECK_OVERDUE = Told("复查逾期隐患", "条", ("recheck_overdue",), {"due": "recheck"})
MAJOR_OPEN = Told("重大隐患未销号", "条", (S.OPEN, S.SUBMITTED), {"grade": G.MAJOR, "state": "active"}, grade=G.MAJOR)
FOUND = Told("排查发现隐患", "条", tuple(Hazard.COUNTED), {"state": "registered"})
CLOSED = Told("已销号隐患", "条", (S.CLOSED,), {"state": S.CLOSED})
