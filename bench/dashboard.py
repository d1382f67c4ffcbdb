"""Measure the board of a campaign through gunicorn against the same page with its figures already in memory.

    python tests/services.py -- sh -c "python -m bench.make_data 1000000 && python -m bench.dashboard"

A county's hazards become those of a campaign with a plan of fifteen tasks and ten indicators. Prints p50 and p95 in
milliseconds, the floor, the ratio, queries and bytes of the board, the wall and the plan; and how long a night's count takes.
"""

import os
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")

INDICATORS = [
    ("hazards.closed_rate", "%", 95),
    ("hazards.on_time_rate", "%", 90),
    ("hazards.found", "条", 1000),
    ("hazards.closed", "条", 900),
    ("hazards.major_open", "条", 0),
    ("hazards.overdue", "条", 0),
    ("hazards.recheck_overdue", "条", 0),
    ("", "名", 40),
    ("", "所", 3),
    ("", "人次", 1800),
]


def campaign_of(office):
    """A campaign of the office's county that holds all its hazards, with a plan."""
    from campaign_portal.campaigns.models import Indicator
    from inspections.models import DailyFigure, Hazard, HazardHistory
    from tests.plans import make_campaign, make_indicator, make_milestone, make_phase, make_task

    campaign = make_campaign(office)
    for model in (Hazard, HazardHistory, DailyFigure):
        model.objects.filter(county_code=office.county_code).update(campaign=campaign)
    for _ in range(3):
        make_phase(campaign)
    for _ in range(15):
        make_milestone(make_task(campaign, offices=[office]))
    for metric, unit, value in INDICATORS:
        comparator = Indicator.Comparator.AT_MOST if value == 0 else Indicator.Comparator.AT_LEAST
        make_indicator(campaign, metric or unit, value=value, unit=unit, metric=metric, comparator=comparator)
    return campaign


def main():
    from campaign_portal.campaigns import snapshots
    from inspections.models import Hazard

    from .ledger import asking, queries_of, timed, user_of
    from .server import cookie_of, gunicorn

    campaign = campaign_of(user_of("county").office)
    mine = Hazard.objects.filter(campaign=campaign).count()
    print(f"{Hazard.objects.count():,} hazards, {mine:,} of them in the campaign\n")
    start = time.perf_counter()
    days = snapshots.count_missing_of(campaign)
    print(f"{days} days of {len(INDICATORS)} indicators kept in {time.perf_counter() - start:.1f} s\n")
    print("| scope | page | p50 / p95 ms | floor | ratio | queries | kB |\n|---|---|---|---|---|---|---|")
    with gunicorn(workers=1) as port:
        for scope in ("county", "town"):
            cookie = cookie_of(f"bench_{scope}")
            for name, path in [("board", ""), ("plan", "plan/"), ("wall", "wall/")]:
                path = f"/campaigns/{campaign.pk}/{path}"
                ask = asking(port, path, cookie)
                (p50, p95), (base, _) = timed(ask, asking(port, path, cookie, **{"X-Bench-Floor": "1"}))
                print(
                    f"| {scope} | {name} | {p50:.0f} / {p95:.0f} | {base:.0f} | {p50 / base:.1f} | {queries_of(scope, path)} "
                    f"| {len(ask()) / 1000:.0f} |",
                    flush=True,
                )


if __name__ == "__main__":
    django.setup()
    main()
