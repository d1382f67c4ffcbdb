"""The rules of reminding that a bureau starts with: plain data, loaded once, inherited by every bureau until it writes its own.

Homes are told early and then every few days, and their supervisor before the county. Officers' own steps are short, so
they begin a day ahead; their middle rung are those of the same office who approve.
"""

BEFORE, AT, AFTER = "before", "at", "after"
RESPONSIBLE, LIAISON, SUPERVISOR, COUNTY = range(4)
MAJOR, ALWAYS = "major", "always"


def before(days, **rest):
    return {"moment": BEFORE, "days": days} | rest


def on_the_day(**rest):
    return {"moment": AT} | rest


def after(days, rung=RESPONSIBLE, *, every=0, times=1, **rest):
    return {"moment": AFTER, "days": days, "rung": rung, "every": every, "times": times} | rest


EARLY = [before(5), before(1), on_the_day(urgent=MAJOR), after(1, every=3, times=10)]
CLIMBING = [
    after(2, LIAISON, every=5, times=4),
    after(3, SUPERVISOR, every=5, times=4),
    after(5, COUNTY, every=10, times=3),
]
HOMES_STEP = [*EARLY, *CLIMBING]
RECTIFYING = [*EARLY, after(1, COUNTY, urgent=ALWAYS, is_major_only=True), *CLIMBING]
OFFICERS_STEP = [
    before(1),
    on_the_day(),
    after(1, every=2, times=10),
    after(3, SUPERVISOR, every=5, times=3),
    after(5, COUNTY, every=10, times=3),
]
PAPER = [
    before(60, in_workdays=False),
    before(30, in_workdays=False),
    before(7, in_workdays=False),
    on_the_day(),
    after(1, every=7, times=8, in_workdays=False),
    after(7, SUPERVISOR, every=14, times=4, in_workdays=False),
    after(30, COUNTY, every=30, times=3, in_workdays=False),
]
SUMMARY = [
    before(10),
    before(3),
    before(1),
    on_the_day(),
    after(1, every=2, times=10),
    after(2, COUNTY, every=5, times=3),
]

RULES = {
    "rectify": RECTIFYING,
    "complete": HOMES_STEP,
    "verify": OFFICERS_STEP,
    "recheck": OFFICERS_STEP,
    "decide": OFFICERS_STEP,
    "selfcheck": [
        before(5),
        before(1),
        on_the_day(),
        after(1, every=2, times=10),
        after(3, SUPERVISOR, every=5, times=3),
        after(7, COUNTY, every=10, times=3),
    ],
    "progress_correct": OFFICERS_STEP,
    "progress_decide": OFFICERS_STEP,
    "milestone": [
        before(10),
        before(3),
        on_the_day(),
        after(1, every=5, times=6),
        after(5, COUNTY, every=10, times=3),
    ],
    "summary_write": SUMMARY,
    "summary_decide": SUMMARY,
    "licence_expiry": PAPER,
    "activity_held": [on_the_day(), after(1, every=3, times=5)],
    "circular_reply": [
        before(1),
        on_the_day(),
        after(1, every=2, times=5),
        after(3, SUPERVISOR, every=5, times=3),
    ],
    "circular_read": [on_the_day(), after(1, every=2, times=3)],
}


def load(rule_model):
    """Put the starter set (owned by nobody) into the table. Used by the migration and by tests whose database was emptied."""
    rule_model.objects.bulk_create(
        rule_model(kind=kind, order=order, **rule) for kind, rules in RULES.items() for order, rule in enumerate(rules)
    )
