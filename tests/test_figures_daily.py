"""Daily figures: kept by night, brought up to now by what today changed, the same as counting the ledger itself."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from campaign_portal import clock
from campaign_portal.campaigns.metrics import counted_once
from facilities.services import change_state, edit_facility
from inspections import daily, metrics, services, tasks
from inspections.models import CountedDay, DailyFigure, HazardHistory

from . import builders, hazards
from .builders import fresh, in_days
from .hazards import Cast
from .test_figures import PEOPLE, Story, days_ago, late_on

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def story():
    """The county in the middle of things, with a hazard that repeats an older one and an extension."""
    story = Story()
    old = hazards.closed(story)
    hazards.opened(story, previous=old)
    hazards.closed(story.beside, previous=old)
    return story


def everything(user, campaign=None, on=None):
    """What every function says about the hazards that a user sees."""
    return {
        "tally": {key: +counter for key, counter in metrics.tally(user, campaign, on).items() if +counter},
        "funnels": metrics.funnel_by_grade(user, campaign, on),
        "rates": [
            count(user, campaign, on) for count in (metrics.closed_rate, metrics.on_time_rate, metrics.recurrence)
        ],
        "places": metrics.by_place(user, campaign, on),
        "homes": metrics.by_home(user, campaign, on),
        "categories": metrics.by_category(user, campaign, on),
        "sources": metrics.by_source(user, campaign, on),
        "pairs": metrics.recurring_pairs(user, campaign, on),
        "form": metrics.official_form(user, campaign, in_days(-60), on or clock.today(), on),
        "trend": metrics.trend(user, campaign, on, days=35),
    }


def test_what_is_kept_is_what_counting_the_ledger_gives(story):
    """For every role, campaign or all of them, now and on past days; today has moved hazards already."""
    asked = [(who, campaign, on) for who in PEOPLE for campaign in (None, story.campaign) for on in
             (None, in_days(-1), in_days(-20), in_days(-35))]  # fmt: skip

    def answers():
        found = {(who, str(c), on): everything(fresh(getattr(story, who)), c, on) for who, c, on in asked}
        for answer in found.values():
            answer.pop("trend")  # below
        return found

    counted_live = answers()
    assert not DailyFigure.objects.exists()
    assert daily.count_missing() == 40
    assert answers() == counted_live
    assert counted_live["clerk", "None", None]["tally"]


def test_a_bureau_and_a_township_read_what_is_kept_and_not_the_ledger(story, monkeypatch):
    daily.count_missing()
    monkeypatch.setattr(daily, "_live", None)
    for who in ("clerk", "officer"):
        assert metrics.closed_rate(fresh(getattr(story, who)), None).denominator > 0
    with pytest.raises(TypeError):  # a department sees by its parts, which no area tells
        metrics.closed_rate(fresh(story.fire), None)


def test_a_township_that_also_looks_at_a_home_elsewhere_counts_that_one_too(story):
    daily.count_missing()
    before = metrics.closed_rate(fresh(story.officer), None).denominator
    story.home = builders.make_facility(supervisor=story.township, area=story.county.towns["柏林镇"])
    hazard = hazards.finding(story)
    assert not daily.is_by_area(fresh(story.officer))
    assert hazard in metrics.rows(fresh(story.officer))
    assert metrics.closed_rate(fresh(story.officer), None).denominator == before + 1


def test_counting_a_day_again_gives_the_same_rows(story):
    def kept():
        return sorted(DailyFigure.objects.values_list(*(f.attname for f in DailyFigure._meta.fields[1:])))

    daily.count_missing()
    first = kept()
    assert len(first) > 100
    assert daily.count_missing() == 0
    assert daily.count_days(in_days(-40), in_days(5)) == 40  # today is not over
    assert kept() == first


def test_a_night_that_was_missed_is_made_up_for(story):
    daily.count_missing()
    kept = DailyFigure.objects.count()
    CountedDay.objects.filter(day__in=[in_days(-3), in_days(-1)]).delete()
    DailyFigure.objects.filter(day__in=[in_days(-3), in_days(-1)]).delete()
    assert [p.day for p in metrics.trend(fresh(story.clerk), None, days=5)] == [in_days(-4), in_days(-2), in_days(0)]
    assert metrics.closed_rate(fresh(story.clerk), None).denominator > 0  # counted live meanwhile
    assert daily.count_missing() == 2
    assert DailyFigure.objects.count() == kept


def test_a_past_day_stays_as_it_was_whatever_happens_later():
    with days_ago(6):
        cast = Cast()
        first, second = hazards.opened(cast, due_on=in_days(3)), hazards.submitted(cast)
        big = hazards.major(cast)
    daily.count_missing()
    days = [in_days(-5), in_days(-1)]
    before = [everything(fresh(user), None, day) for user in (cast.clerk, cast.officer, cast.fire) for day in days]
    hazards.close(second, by=cast.officer)
    services.plan_work(hazard=big, by=cast.manager, changes=hazards.PLAN)
    services.submit_rectification(
        hazard=big, by=cast.manager, rectification="已改", rectified_on=clock.today(),
        after=[hazards.picture(cast.manager)],
    )  # fmt: skip
    hazards.opened(cast, previous=second)
    services.regrade(hazard=first, by=cast.clerk, grade="major", criterion=hazards.criterion(), reason="面积大")
    after = [everything(fresh(user), None, day) for user in (cast.clerk, cast.officer, cast.fire) for day in days]
    assert after == before
    assert daily.count_days(in_days(-6), in_days(-1)) == 6
    assert [
        everything(fresh(user), None, day) for user in (cast.clerk, cast.officer, cast.fire) for day in days
    ] == before
    assert everything(fresh(cast.clerk)) != everything(fresh(cast.clerk), None, in_days(-1))


def test_a_hazard_whose_limit_ends_overnight_is_overdue_in_the_morning():
    with clock.at(late_on(1)):
        cast = Cast()
        hazards.opened(cast, due_on=clock.today())
        hazards.opened(cast, due_on=in_days(1))
        assert metrics.overdue(fresh(cast.clerk), None).value == 0
    daily.count_missing()
    assert metrics.overdue(fresh(cast.clerk), None).value == 1
    assert metrics.overdue(fresh(cast.clerk), None, in_days(-1)).value == 0
    with clock.at(late_on(-1)):
        daily.count_missing()
        assert metrics.overdue(fresh(cast.clerk), None).value == 2


def test_a_hazard_that_moved_to_another_township_today_is_counted_there():
    with days_ago(5):
        cast = Cast()
        hazards.opened(cast)
    daily.count_missing()
    other = builders.make_user(cast.county.townships["柏林镇"])
    cast.home.supervisor, cast.home.area = other.office, other.office.area
    edit_facility(cast.home, by=cast.clerk)
    registered = [metrics.funnel(fresh(user), None)[1].value for user in (cast.officer, other, cast.clerk)]
    assert registered == [0, 1, 1]
    lines = metrics.by_place(fresh(cast.clerk), None)["lines"]
    assert {line["params"]["supervisor"]: line["all"] for line in lines}[other.office_id] == 1


# The trend


def test_the_trend_says_of_each_day_what_was_counted_on_that_day():
    with days_ago(9):
        cast = Cast()
        first, second = hazards.opened(cast, due_on=in_days(4)), hazards.opened(cast, due_on=in_days(2))
    steps = {
        7: lambda: services.void_report(hazard=hazards.reported(cast), by=cast.officer, reason="重复"),
        5: lambda: hazards.submit(first, by=cast.manager),
        4: lambda: hazards.close(first, by=cast.officer),
        3: lambda: [hazards.reported(cast), hazards.closed(cast)],
        2: lambda: change_state(facility=cast.home, status="suspended", since=clock.today(), reason="", by=None),
        0: lambda: hazards.submit(second, by=cast.manager),
    }
    for days, step in steps.items():
        with days_ago(days):
            step()
    daily.count_missing()
    points = metrics.trend(fresh(cast.clerk), None, days=10)
    found = [(p.day, *p[1:]) for p in points]
    assert found == [
        (in_days(-9), 2, 0, 2, 0),
        (in_days(-8), 0, 0, 2, 0),
        (in_days(-7), 0, 0, 2, 0),  # reported and voided on one day: never there
        (in_days(-6), 0, 0, 2, 1),
        (in_days(-5), 0, 0, 2, 1),
        (in_days(-4), 0, 1, 1, 1),
        (in_days(-3), 2, 1, 2, 1),
        (in_days(-2), 0, 0, 2, 1),
        (in_days(-1), 0, 0, 2, 1),
        (in_days(0), 0, 0, 2, 0),
    ]
    assert metrics.trend(fresh(cast.manager), None, days=10) == points  # walked over the home's own rows
    assert metrics.trend(fresh(cast.clerk), None, in_days(-4), days=3) == points[3:6]
    assert metrics.trend(fresh(cast.manager), None, in_days(-4), days=3) == points[3:6]
    assert metrics.trend(fresh(cast.fire), None, days=10) == [daily.Point(p.day, 0, 0, 0, 0) for p in points]


def test_the_trend_of_a_campaign_begins_with_it_and_ends_with_the_figures_of_now(story):
    daily.count_missing()
    for who in PEOPLE:
        user = fresh(getattr(story, who))
        points = metrics.trend(user, story.campaign, days=90)
        assert (points[0].day, points[-1].day) == (story.campaign.starts_on, clock.today())
        assert len(points) == 31
        unfinished = sum(figure.value for figure in metrics.funnel(user, story.campaign)[:1])
        unfinished -= metrics.funnel(user, story.campaign)[-1].value
        assert points[-1].unfinished == unfinished > 0
        assert points[-1].overdue == metrics.overdue(user, story.campaign).value


def test_the_kept_trend_is_the_one_walked_hazard_by_hazard(story):
    daily.count_missing()
    user = fresh(story.clerk)
    days = [in_days(-n) for n in reversed(range(41))]
    assert metrics.trend(user, None, days=45) == daily._walked(user, None, days)


# What a page asks together


def test_figures_of_one_page_share_one_count(story):
    daily.count_missing()
    user = fresh(story.clerk)

    def page():
        with counted_once():
            for count in (metrics.closed_rate, metrics.on_time_rate, metrics.overdue, metrics.funnel):
                count(user, story.campaign)

    metrics.closed_rate(user, None)  # the scope is known
    assert builders.count_queries(page) == 2  # what was kept last night, what has changed today
    hazards.opened(story)
    before = metrics.funnel(user, story.campaign)[0].value
    hazards.opened(story)
    assert metrics.funnel(user, story.campaign)[0].value == before + 1  # outside a page nothing is remembered


def test_history_keeps_category_money_and_plan(story):
    major = hazards.major(story)
    services.plan_work(hazard=major, by=story.manager, changes=hazards.PLAN)
    rows = HazardHistory.objects.filter(hazard=major).order_by("valid_from")
    assert [(row.is_planned, row.funds, row.category) for row in rows] == [
        (False, None, major.category), (True, 1, major.category),
    ]  # fmt: skip
    assert timedelta(0) <= rows[1].valid_from - rows[0].valid_from


# Every night


def test_the_nightly_task_counts_what_is_missing_and_the_command_counts_anew(story):
    tasks.count_days.apply(throw=True)
    assert CountedDay.objects.count() == 40
    kept = DailyFigure.objects.filter(day=in_days(-5)).count()
    DailyFigure.objects.filter(day=in_days(-5)).update(open=77)
    call_command("count_days")
    assert DailyFigure.objects.filter(open=77).count() == kept  # nothing was missing
    out = StringIO()
    call_command("count_days", "--from", f"{in_days(-6)}", "--to", f"{in_days(-5)}", stdout=out)
    assert out.getvalue() == "2 days counted.\n"
    assert not DailyFigure.objects.filter(open=77).exists()
    with pytest.raises(CommandError, match="--from"):
        call_command("count_days", "--to", f"{in_days(-5)}")


def test_there_is_nothing_to_count_before_the_first_hazard():
    Cast()
    assert daily.count_missing() == 0
    with days_ago(1):
        assert metrics.trend(fresh(builders.make_user(builders.make_county().bureau)), None)[-1].unfinished == 0
