"""The campaigns of the demonstration, each from a notice that the rules read and a person confirmed."""

from datetime import timedelta
from pathlib import Path

from campaign_portal.campaigns import drafting, planning
from campaign_portal.campaigns.models import Campaign, DraftItem

NOTICES = Path(__file__).parent / "notices"


def yongxing(by, *, first, today, last):
    """The running campaign of the county: its notice with days around today."""
    text = (NOTICES / "yongxing.txt").read_text(encoding="utf-8")
    days = {
        "issued": first,
        "starts": first,
        "planned": first + timedelta(days=9),
        "worked": first + timedelta(days=10),
        "listed": first + timedelta(days=20),
        "surveyed": first + timedelta(days=45),
        "evaluated": today + timedelta(days=8),
        "published": today + timedelta(days=20),
        "rectified": today + timedelta(days=24),
        "summed": today + timedelta(days=25),
        "town_report": today + timedelta(days=30),
        "county_report": today + timedelta(days=38),
        "ends": last,
    }
    words = {name: f"{day.year}年{day.month}月{day.day}日" for name, day in days.items()}
    metrics = {"自查覆盖率": "selfcheck.coverage", "销号率": "hazards.closed_rate"}
    return from_notice(
        text.format(year=first.year, **words),
        by=by,
        metrics=metrics,
        title=f"{first.year}年养老院服务质量建设专项行动",
        code=f"YX{first.year % 100:02d}",
        starts_on=first,
        ends_on=last,
    )


def from_notice(text, *, by, metrics, **columns):
    """Take a notice in, accept what the rules read, let some targets stand on `metrics` ({words in the target: code}),
    confirm and start the campaign."""
    notice = drafting.take_in(text, by=by)
    for kind in DraftItem.Kind:
        drafting.accept_rest(notice, kind, by=by)
    for target in notice.items.filter(kind=DraftItem.Kind.TARGET):
        for words, code in metrics.items():
            if words in notice.shown[target.start : target.end] + target.data["name"]:
                drafting.change(
                    target, target.data | {"metric": code}, by=by, version=target.version, parent=target.parent
                )
                break
    offices = drafting.offices_of(by.office)
    names = {item.data["name"] for item in notice.items.filter(kind=DraftItem.Kind.UNIT)}
    known = {name: drafting.guess_offices(name, offices) for name in names}
    columns = {"lead": by.office, "document_number": notice.header["document_number"]} | columns
    campaign = drafting.confirm(notice, Campaign(issued_on=notice.header["issued_on"] or None, **columns), known, by=by)
    return planning.start(campaign, by=by)
