"""The statistics form that work-safety offices ask for."""

from decimal import Decimal

from django.db.models import Count, Q, Sum

from campaign_portal.campaigns.metrics import percent

from ..daily import rows
from ..models.hazards import is_planned
from .links import G, S, ledger_url


def official_form(user, campaign, start, end, on=None):
    """The statistics form of work-safety reports, twelve columns, for hazards found from `start` to `end`, as of day `on`.

    Columns are dicts of `group`, `label`, `value` (a number, a Decimal of 万元, or None where there is nothing to say),
    `unit`, `url` and `note`. Found means in the register (neither void nor unverified), by the day of the inspection.
    """
    of = "hazard__" if on else ""
    found = rows(user, campaign, on).in_register().filter(**{f"{of}found_on__range": (start, end)})
    counts = {}
    for grade in G:
        counts |= {f"{grade}_all": Q(grade=grade), f"{grade}_closed": Q(grade=grade, status=S.CLOSED)}
    in_work = Q(grade=G.MAJOR, status__in=[S.OPEN, S.SUBMITTED])
    planned = Q(is_planned=True) if on else is_planned()
    counted = found.aggregate(
        homes=Count("facility", distinct=True),
        in_work=Count("pk", filter=in_work),
        planned=Count("pk", filter=in_work & planned),
        funds=Sum("funds"),
        **{name: Count("pk", filter=q) for name, q in counts.items()},
    )

    def url(**params):
        period = {"found_from": start, "found_to": end}
        return ledger_url(campaign, **({"state": "registered"} | params | period))

    columns = [_column("", "排查单位", counted["homes"], "家", "", "有隐患记录的机构；没查出隐患的排查尚未登记")]
    for grade, group, fixed in ((G.NORMAL, "一般隐患", "已整改"), (G.MAJOR, "重大隐患", "已整改销号")):
        every, closed = counted[f"{grade}_all"], counted[f"{grade}_closed"]
        columns += [
            _column(group, "排查发现", every, "条", url(grade=grade)),
            _column(group, fixed, closed, "条", url(grade=grade, state=S.CLOSED)),
            _column(group, "整改率", percent(closed, every), "%", ""),
        ]
    active = {"grade": G.MAJOR, "state": "active"}
    not_yet = "挂牌督办尚未在本系统办理"
    return [
        *columns,
        _column("重大隐患", "列入治理计划", counted["in_work"], "条", url(**active), "未销号、已有整改期限的"),
        _column("重大隐患", "其中五落实", counted["planned"], "条", url(**active, planned="yes")),
        _column("重大隐患", "挂牌督办", None, "条", "", not_yet),
        _column("重大隐患", "其中省级挂牌", None, "条", "", not_yet),
        _column("", "累计落实资金", round(counted["funds"] or Decimal(), 2), "万元", ""),
    ]


def _column(group, label, value, unit, url, note=""):
    return {"group": group, "label": label, "value": value, "unit": unit, "url": url, "note": note}
