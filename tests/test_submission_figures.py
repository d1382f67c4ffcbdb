"""The figures of a summary: what its office answers for, kept when it is handed in, added up for the county."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign_portal import clock
from campaign_portal.accounts.access import Role
from campaign_portal.campaigns import metrics
from campaign_portal.campaigns.metrics import Figure, Metric, percent
from campaign_portal.campaigns.models import Submission
from campaign_portal.campaigns.submissions import steps
from campaign_portal.campaigns.submissions.figures import Kept, add_up, comparison, figures_shown, gather, trend
from facilities.services import change_state
from inspections.models import Hazard

from . import builders, hazards, summaries
from .builders import browser, count_queries, in_days
from .summaries import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def cast():
    return Cast()


def values(kept):
    """{code: value} of what gather() gave."""
    return {row["code"]: row["value"] for row in kept["figures"]}


def columns(submission, kept):
    return {column.code: column for column in comparison(kept, submission.reasons)}


def hazards_in(cast, township, *, closed, open_, supervisor=None):
    """A home of this township with hazards of the campaign in these states."""
    story = hazards.Cast.__new__(hazards.Cast)
    story.county, story.township, story.home = cast.county, township, cast.home(township)
    story.manager = builders.make_home_user(story.home)
    story.officer = builders.make_user(township)
    for _ in range(closed):
        hazards.closed(story)
    for _ in range(open_):
        hazards.opened(story)
    return story.home


# Adding up


def rate(numerator, denominator):
    return Kept("r", "销号率", "%", percent(numerator, denominator), numerator, denominator, "/x")


def count(number):
    return Kept("c", "隐患", "条", number, number, None, "/x")


PARTS = st.integers(0, 10**6).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole)))


@given(st.lists(PARTS, min_size=1, max_size=30))
def test_a_summed_rate_is_that_of_the_summed_numerators_and_denominators(parts):
    summed = add_up([rate(*part) for part in parts])
    numerators, denominators = (sum(column) for column in zip(*parts, strict=True))
    assert (summed.numerator, summed.denominator) == (numerators, denominators)
    assert summed.value == percent(numerators, denominators)
    assert summed.url == ""


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=30), st.randoms())
def test_counts_add_whatever_their_order_and_grouping(numbers, shuffle):
    whole = add_up([count(number) for number in numbers])
    assert whole.value == whole.numerator == sum(numbers)
    shuffle.shuffle(numbers)
    halves = [add_up([count(n) for n in half]) for half in (numbers[::2], numbers[1::2])]
    assert add_up(halves) == whole


def test_two_rates_are_not_averaged():
    assert add_up([rate(1, 1), rate(0, 99)]).value == 1.0  # an average would say 50


def test_nothing_to_add_is_no_figure_and_a_rate_over_nothing_has_no_value():
    assert add_up([]) is add_up([None]) is None
    assert add_up([rate(0, 0), None, rate(0, 0)]).value is None


# Counting and keeping


def test_each_office_has_the_chosen_figures_over_its_own_homes(cast):
    for township, homes in zip(cast.townships, (2, 3), strict=True):
        for _ in range(homes):
            cast.home(township)
    ordered = summaries.ordered(cast, metrics=["facilities.count"])
    kept = [values(gather(summaries.of(ordered, by.office), by)) for by in (cast.first, cast.second, cast.clerk)]
    assert kept == [{"facilities.count": 2}, {"facilities.count": 3}, {"facilities.count": 5}]


def test_a_figure_that_can_tell_its_places_follows_the_supervisor_and_not_the_map(cast, monkeypatch):
    """A home of the county's own stands in the township, which may look at it but does not answer for it."""

    def by_place(user, campaign, on):
        return {cast.townships[0].pk: Figure("床位", "张", 60, None, "/beds")}

    whole = Metric(
        "beds",
        frozenset(),
        lambda *_: Figure("床位", "张", 100, None, "/beds"),
        name="床位",
        unit="张",
        by_place=by_place,
    )
    share = Metric("share", frozenset(), None, name="护理型占比", unit="%", by_place=lambda *_: {})
    monkeypatch.setattr(metrics, "METRICS", metrics.METRICS | {"beds": whole, "share": share})
    ordered = summaries.ordered(cast, metrics=["beds", "share"])
    assert values(gather(summaries.of(ordered, cast.first.office), cast.first)) == {"beds": 60, "share": None}
    assert values(gather(summaries.of(ordered, cast.second.office), cast.second)) == {"beds": 0, "share": None}


def test_an_association_has_only_figures_of_its_role(cast):
    association = builders.make_office(Role.ASSOCIATION, area=cast.county.area)
    secretary = builders.make_user(association)
    cast.campaign.lead = association
    cast.campaign.save()
    ordered = summaries.ordered(cast, by=secretary)
    assert set(values(gather(summaries.of(ordered, association), secretary))) == {"facilities.count"}


def test_what_was_handed_in_does_not_change_when_the_ledger_does(cast):
    home = hazards_in(cast, cast.townships[0], closed=1, open_=1)
    Hazard.objects.update(campaign=cast.campaign)
    ordered = summaries.ordered(cast)
    submission = summaries.handed_in(ordered, cast.first)
    before = submission.figures
    assert values(before) == {"facilities.count": 1, "hazards.closed_rate": 50.0, "hazards.overdue": 0}
    row = next(row for row in before["figures"] if row["code"] == "hazards.closed_rate")
    assert (row["label"], row["numerator"], row["denominator"], row["unit"]) == ("隐患整改销号率", 1, 2, "%")
    assert row["url"].startswith("/hazards/?")

    cast.home(cast.townships[0])
    change_state(facility=home, status="suspended", since=in_days(0), reason="装修", by=None)
    again = summaries.of(ordered, cast.first.office)
    for reader in (cast.first, cast.clerk):
        assert figures_shown(again, reader) == before
    steps.accept(submission=again, by=cast.clerk)
    assert summaries.of(ordered, cast.first.office).figures == before


def test_one_that_is_mended_is_counted_anew_for_its_office_and_kept_for_the_others(cast):
    ordered = summaries.ordered(cast, metrics=["facilities.count"])
    submission = summaries.handed_in(ordered, cast.first)
    steps.send_back(submission=submission, by=cast.clerk, comments={}, comment="改")
    cast.home(cast.townships[0])
    submission = summaries.of(ordered, cast.first.office)
    assert values(figures_shown(submission, cast.first)) == {"facilities.count": 1}
    assert values(figures_shown(submission, cast.clerk)) == {"facilities.count": 0}
    assert values(steps.submit(submission=submission, by=cast.first).figures) == {"facilities.count": 1}


def test_once_the_day_of_the_round_has_passed_figures_stand_as_of_that_day(cast):
    cast.home(cast.townships[0], since=in_days(-5))
    ordered = summaries.ordered(cast, metrics=["facilities.count"], figures_on=clock.today())
    with clock.at(clock.now() + datetime.timedelta(days=3)):
        cast.home(cast.townships[0], since=clock.today())
        submission = summaries.handed_in(ordered, cast.first)
    assert submission.figures["as_of"] == clock.today().isoformat()
    assert values(submission.figures) == {"facilities.count": 1}


# The county's sum


def test_the_county_sees_the_townships_figures_added_up_beside_its_own_count(cast):
    hazards_in(cast, cast.townships[0], closed=1, open_=0)
    hazards_in(cast, cast.townships[1], closed=0, open_=3)
    cast.home(cast.bureau, area=cast.county.area)  # 县福利院: no township answers for it
    Hazard.objects.update(campaign=cast.campaign)
    ordered = summaries.ordered(cast)
    for by in (cast.first, cast.second):
        summaries.handed_in(ordered, by)
    own = summaries.of(ordered, cast.bureau)
    found = columns(own, gather(own, cast.clerk))
    closed, homes = found["hazards.closed_rate"], found["facilities.count"]
    assert [part.value for part in closed.parts] == [100.0, 0.0]
    assert (closed.summed.numerator, closed.summed.denominator, closed.summed.value) == (1, 4, 25.0)
    assert (closed.differs, closed.difference) == (False, 0)
    assert (homes.summed.value, homes.own.value, homes.difference, homes.differs) == (2, 3, 1, True)


def test_the_reason_of_a_difference_is_typed_kept_and_handed_in_with_it(cast):
    cast.home(cast.bureau, area=cast.county.area)
    ordered = summaries.ordered(cast, metrics=["facilities.count"])
    for by in (cast.first, cast.second):
        summaries.handed_in(ordered, by)
    own, page = summaries.of(ordered, cast.bureau), browser(cast.approver)
    url = f"/campaigns/summaries/{own.pk}/write/"
    assert "正常运营的养老机构：差异原因" in page.get(url).content.decode()
    sent = {"version": 0, "reason_facilities.count": "县福利院由县直管"} | {f"text_{n}": "写好了" for n in range(1, 5)}
    assert page.post(url, sent).status_code == 302
    steps.submit(submission=own, by=cast.approver)
    own = summaries.of(ordered, cast.bureau)
    assert columns(own, own.figures)["facilities.count"].reason == "县福利院由县直管"
    shown = page.get(own.get_absolute_url()).content.decode()
    assert "正常运营的养老机构差异：县福利院由县直管" in shown


def test_a_township_that_is_mending_its_summary_does_not_count(cast):
    cast.home(cast.townships[0])
    ordered = summaries.ordered(cast, metrics=["facilities.count"])
    submission = summaries.handed_in(ordered, cast.first)
    steps.send_back(submission=submission, by=cast.clerk, comments={}, comment="改")
    own = summaries.of(ordered, cast.bureau)
    kept = gather(own, cast.clerk)
    assert (kept["below"], kept["missing"]) == ([], ["马田镇民政办", "柏林镇民政办"])
    assert columns(own, kept)["facilities.count"].summed is None
    assert not columns(own, kept)["facilities.count"].differs


def test_the_countys_sums_stay_as_they_were_when_it_was_handed_in(cast):
    cast.home(cast.townships[0])
    ordered = summaries.ordered(cast, metrics=["facilities.count"])
    submission = summaries.handed_in(ordered, cast.first)
    own = summaries.handed_in(ordered, cast.approver)
    before = own.figures
    steps.send_back(submission=submission, by=cast.clerk, comments={}, comment="改")
    cast.home(cast.townships[0])
    steps.submit(submission=submission, by=cast.first)
    own = summaries.of(ordered, cast.bureau)
    assert own.figures == before == figures_shown(own, cast.clerk)
    assert columns(own, own.figures)["facilities.count"].summed.value == 1


def test_two_rates_that_look_the_same_differ_if_they_are_made_of_other_numbers(cast):
    below = {"name": "镇", "as_of": "2026-11-15", "figures": [rate(1, 2)._asdict()]}
    kept = {"figures": [rate(2, 4)._asdict()], "below": [below], "missing": []}
    column = comparison(kept, {})[0]
    assert (column.difference, column.differs) == (0, True)


def test_while_somebody_is_missing_nothing_is_compared(cast):
    for township in cast.townships:
        cast.home(township)
    ordered = summaries.ordered(cast, metrics=["facilities.count"])
    summaries.handed_in(ordered, cast.first)
    own, page = summaries.of(ordered, cast.bureau), browser(cast.clerk)
    column = columns(own, gather(own, cast.clerk))["facilities.count"]
    assert (column.summed.value, column.own.value, column.difference, column.differs) == (1, 2, None, False)
    shown = page.get(f"{own.get_absolute_url()}write/").content.decode()
    assert "1 个乡镇未报，暂不比对" in shown and "差异原因" not in shown
    assert "还没有报送或正在修改、不计入合计：柏林镇民政办" in shown
    summaries.handed_in(ordered, cast.second)
    assert "暂不比对" not in page.get(f"{own.get_absolute_url()}write/").content.decode()


# Years


def test_earlier_years_stand_beside_the_campaigns_own_figure_of_the_same_name_and_unit(cast):
    cast.home(cast.townships[0])
    year = clock.today().year
    for before, value in ((3, 7), (2, 8), (1, "8.5"), (0, 99)):
        summaries.year_figure(cast.townships[0], year - before, value=value, by=cast.first)
    summaries.year_figure(cast.townships[0], year - 1, "投入资金", value=120, unit="万元", by=cast.first)
    summaries.year_figure(cast.townships[0], year - 9, value=1, by=cast.first)
    summaries.year_figure(cast.townships[1], year - 1, value=77, by=cast.second)
    ordered = summaries.ordered(cast, metrics=["facilities.count"])
    submission = summaries.of(ordered, cast.townships[0])
    review = gather(submission, cast.first)["years"]
    assert review["years"] == [year - 3, year - 2, year - 1, year]
    assert [(row["name"], row["values"], row["is_counted"]) for row in review["rows"]] == [
        ("正常运营的养老机构", [7, 8, 8.5, 1], True),
        ("投入资金", [None, None, 120, None], False),
    ]


def test_the_same_name_in_another_unit_is_another_line(cast):
    """人次 and 人 are never mixed."""
    year = clock.today().year
    summaries.year_figure(cast.townships[0], year - 1, "培训", value=40, unit="人次", by=cast.first)
    summaries.year_figure(cast.townships[0], year - 1, "培训", value=30, unit="人", by=cast.first)
    submission = summaries.of(summaries.ordered(cast, metrics=[]), cast.townships[0])
    rows = gather(submission, cast.first)["years"]["rows"]
    assert {(row["unit"], row["values"][-2]) for row in rows} == {("人次", 40), ("人", 30)}


def test_rates_of_two_years_or_more_make_a_chart_newest_year_first():
    row = {"unit": "%", "is_counted": True}
    rows = [
        row | {"name": "销号率", "values": [80, None, 90.5]},
        row | {"name": "覆盖率", "values": [None, None, 50]},
        row | {"name": "机构", "unit": "家", "values": [1, 2, 3]},
    ]
    found = trend({"years": [2018, 2019, 2020], "rows": rows})
    assert found == {"names": ["销号率"], "rows": [(2020, (90.5,)), (2019, (None,)), (2018, (80,))]}
    assert trend({"years": [2018, 2019, 2020], "rows": rows[1:]}) is None


# Queries


def test_the_pages_cost_the_same_for_two_townships_and_for_twenty():
    def visits(towns):
        cast = Cast(towns=towns)
        ordered = summaries.ordered(cast)
        for by in cast.people[:-1]:
            summaries.handed_in(ordered, by)
        page, own = browser(cast.approver), summaries.of(ordered, cast.bureau)
        paths = [ordered.get_absolute_url(), own.get_absolute_url(), f"{own.get_absolute_url()}write/"]
        paths += [f"{own.get_absolute_url()}print/", "/campaigns/summaries/"]

        def cost(path):
            assert page.get(path).status_code == 200
            return count_queries(lambda: page.get(path))

        return [cost(path) for path in paths]

    assert visits(("甲镇", "乙镇")) == visits([f"{n}乡" for n in range(20)])
    assert Submission.objects.count() == 3 + 21


def test_the_lists_cost_the_same_for_one_row_and_for_fifty(cast):
    ordered = summaries.ordered(cast)
    submission = summaries.of(ordered, cast.first.office)
    for number in range(2):
        summaries.save(submission, cast.first, {"1": f"第{number}次"})
    visits = [
        (browser(cast.clerk), "/campaigns/summaries/"),
        (browser(cast.first), "/campaigns/summaries/"),
        (browser(cast.first), f"{submission.get_absolute_url()}drafts/"),
    ]

    def cost(page, path):
        assert page.get(path).status_code == 200
        return count_queries(lambda: page.get(path))

    few = [cost(*visit) for visit in visits]
    for number in range(49):
        summaries.ordered(cast, title=f"第{number}份总结")
        summaries.save(submission, cast.first, {"1": f"又改第{number}次"})
    assert [cost(*visit) for visit in visits] == few
    older = visits[0][0].get("/campaigns/summaries/").context["before"]
    assert ordered.title in visits[0][0].get(f"/campaigns/summaries/?before={older}").content.decode()
