"""Coverage of self-checks: exact, as of any day, the same on every page, and each number leads to its rows."""

import pytest

from campaign_portal import clock
from campaign_portal.campaigns import metrics
from facilities.services import change_state
from inspections import selfcheck_metrics
from inspections.models import Answer, SelfCheck

from . import builders, hazards, selfchecks
from .builders import browser, count_queries, in_days
from .hazards import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def days_ago(days):
    return clock.at(clock.now() - days * clock.ONE_DAY)


class Story(Cast):
    """A round due ten days ago: one home on time with a finding and a known hazard, one zero report, one late zero
    report, one never, one suspended before the due day though it had submitted, one closed only after it."""

    def __init__(self):
        with days_ago(20):
            super().__init__()
            self.homes = {self.home: self.manager} | dict(selfchecks.add_home(self) for _ in range(5))
            self.beside = builders.make_facility(supervisor=self.county.townships["柏林镇"])
            self.round = selfchecks.opened_round(self.clerk, due_on=in_days(10))
            known = hazards.opened(self, due_on=in_days(60))
        self.on_time, self.zero, self.late, self.never, self.suspended, self.closed = self.homes
        with days_ago(15):
            check = self.check(self.on_time)
            selfchecks.answer_all(check, by=self.manager, not_met=[1])
            item = selfchecks.Sheet(check).lines[1].item
            named = selfchecks.Entry(item, "not_met", hazard=known)
            selfchecks.services.save_answers(check=check, by=self.manager, entries=[named])
            selfchecks.services.submit_check(check=check, by=self.manager, signer="王建国")
            self.submit(self.suspended)
        with days_ago(12):
            self.submit(self.zero)
            change_state(facility=self.suspended, status="suspended", since=in_days(0), reason="装修", by=None)
        with days_ago(5):
            self.submit(self.late)
            change_state(facility=self.closed, status="closed", since=in_days(0), reason="停业", by=None)

    def check(self, home):
        return selfchecks.check_of(self.round, home)

    def submit(self, home):
        selfchecks.submitted(self.check(home), by=self.homes[home])

    def counts(self, user, *, on=None):
        checks = SelfCheck.objects.visible_to(user).filter(round=self.round)
        return selfcheck_metrics.counts(checks, on=on or clock.today())


@pytest.fixture
def story():
    return Story()


def test_coverage_is_submitted_by_homes_that_ran_on_the_due_day(story):
    now = story.counts(story.clerk)
    # Six ran on the due day: on time, zero, late, never, closed later, and the other town's.
    assert now == {
        "asked": 6, "submitted": 3, "on_time": 2, "late": 1, "waiting": 3, "overdue": 3, "zero": 2, "found": 1,
        "excused": 1,
    }  # fmt: skip
    figure = metrics.figure("selfcheck.coverage", story.clerk)
    assert (figure.numerator, figure.denominator, figure.value, figure.is_bad) == (3, 6, 50.0, True)


def test_the_new_and_the_known_hazards_are_counted_apart(story):
    checks = SelfCheck.objects.filter(round=story.round)
    assert selfcheck_metrics.hazard_counts(checks, on=clock.today()) == {"new": 1, "known": 1}
    assert selfcheck_metrics.hazard_counts(checks, on=in_days(-16)) == {"new": 0, "known": 0}


AS_OF = {  # days from today: submitted, asked
    -21: (None, None),  # not yet opened
    -16: (0, 7),
    -15: (2, 7),  # the one that was suspended later still ran, and had submitted
    -11: (2, 6),  # it no longer counts; the zero report came
    -10: (2, 6),
    -6: (2, 6),
    -5: (3, 6),
    0: (3, 6),
}


def test_coverage_as_of_a_day_is_what_it_was_then(story):
    figures = {day: metrics.figure("selfcheck.coverage", story.clerk, on=in_days(day)) for day in AS_OF}
    assert {day: (f.numerator, f.denominator) if f else (None, None) for day, f in figures.items()} == AS_OF


def test_a_new_round_does_not_take_the_coverage_so_far_back_to_nothing(story):
    def told(code, on):
        figure = metrics.figure(code, story.clerk, campaign=story.round.campaign, on=on)
        return figure and (figure.numerator, figure.denominator)

    def so_far(on=None):
        return told("selfcheck.coverage_so_far", on)

    assert (so_far(in_days(-21)), so_far(in_days(-16)), so_far(in_days(-12))) == (None, (0, 7), (2, 6))
    assert so_far() == (3, 6)
    again = selfchecks.opened_round(story.clerk, title="再查一轮", check_list=story.round.check_list)
    assert told("selfcheck.coverage", None) == (0, 5)  # what the home page asks for now
    assert so_far() == (3, 6)
    after = again.due_on + clock.ONE_DAY
    with clock.at(clock.start_of(after)):  # over, and nobody has handed in
        assert so_far() == (3, 11)
        parts = metrics.METRICS["selfcheck.coverage_so_far"].by_place(story.clerk, story.round.campaign)
        assert sum(part.numerator for part in parts.values()) == 3
        assert sum(part.denominator for part in parts.values()) == 11
        for part in parts.values():  # the rounds behind it say the same of that township
            lines = browser(story.clerk).get(part.url).context["lines"]
            assert [sum(line[name] for line in lines) for name in ("submitted", "asked")] == [
                part.numerator,
                part.denominator,
            ]
        home = metrics.METRICS["selfcheck.coverage_so_far"].by_home(story.clerk, story.round.campaign)[
            story.zero.office_id
        ]
        assert (home.numerator, home.denominator) == (1, 2)
        assert [line["asked"] for line in browser(story.clerk).get(home.url).context["lines"]] == [1, 1]


def test_the_part_of_a_township_leads_to_its_checks(story):
    parts = metrics.METRICS["selfcheck.coverage_so_far"].by_place(story.clerk, story.round.campaign)
    for part in parts.values():
        counted = browser(story.clerk).get(part.url).context["counted"]
        assert (counted["submitted"], counted["asked"]) == (part.numerator, part.denominator)


def test_a_township_counts_its_own_homes_and_another_county_nothing(story):
    assert story.counts(story.officer)["asked"] == 5
    stranger = builders.make_user(builders.make_county("邻县").bureau)
    assert story.counts(stranger)["asked"] == 0
    assert metrics.figure("selfcheck.coverage", stranger) is None


def test_without_a_round_no_figure_is_shown():
    cast = Cast()
    labels = [figure.label for figure in metrics.figures_for(cast.clerk)]
    assert "本轮自查覆盖率" not in labels
    selfchecks.opened_round(cast.clerk)
    assert "本轮自查覆盖率" in [figure.label for figure in metrics.figures_for(cast.clerk)]


def test_figures_of_a_campaign_read_its_own_rounds(story):
    assert metrics.figure("selfcheck.coverage", story.clerk, campaign=story.round.campaign).denominator == 6
    other = selfchecks.routine_campaign(story.bureau, year=2031)
    assert metrics.figure("selfcheck.coverage", story.clerk, campaign=other) is None


def test_every_number_of_the_page_leads_to_its_rows(story):
    for who in ("clerk", "officer", "fire"):
        client = browser(getattr(story, who))
        page = client.get(story.round.get_absolute_url())
        for view in page.context["views"]:
            rows = client.get(f"{story.round.get_absolute_url()}?state={view['state']}").context["lines"]
            assert len(rows) == view["count"], (who, view["label"])


def test_the_page_of_a_round_says_who_is_late_and_how_to_reach_them(story):
    page = browser(story.officer).get(f"{story.round.get_absolute_url()}?state=overdue")
    names = {line["check"].facility for line in page.context["lines"]}
    assert names == {story.never, story.closed}
    assert story.never.director_phone in page.content.decode()


def test_a_bureau_looks_at_one_township(story):
    url = f"{story.round.get_absolute_url()}?supervisor={story.beside.supervisor_id}"
    page = browser(story.clerk).get(url)
    assert [line["check"].facility for line in page.context["lines"]] == [story.beside]
    assert page.context["counted"]["asked"] == 1


def test_a_forged_filter_finds_nothing_or_is_passed_over(story):
    client = browser(story.clerk)
    for query in ("state=nonsense", "supervisor=x", f"supervisor=9{'9' * 30}", "after=x,y", "state=%00"):
        assert client.get(f"{story.round.get_absolute_url()}?{query}").status_code == 200, query
        assert client.get(f"/selfchecks/?before={query}").status_code == 200, query


# What it costs


def grow(cast, check_round, homes=54):
    """So many homes more in the round, every other one half done or signed with a finding, and fifty rounds."""
    for _ in range(homes):
        builders.make_facility(supervisor=cast.township)
    item = selfchecks.Sheet(check_round.checks.first()).lines[0].item
    checks = list(check_round.checks.exclude(facility=cast.home))
    answers = [Answer(self_check=check, item=item, answer="met", saved_by=cast.officer) for check in checks]
    Answer.objects.bulk_create(answers)
    signed = {"status": "submitted", "submitted_at": clock.now(), "submitted_on": clock.today(), "signer": "王建国"}
    SelfCheck.objects.filter(pk__in=[check.pk for check in checks[::2]]).update(
        **signed, submitted_by=cast.officer, item_count=4, not_met_count=1
    )
    for number in range(50):
        selfchecks.opened_round(
            cast.clerk, title=f"第 {number} 轮", check_list=check_round.check_list, campaign=check_round.campaign
        )


def test_lists_cost_the_same_for_one_row_and_for_fifty_and_long_ones_have_pages():
    cast = Cast()
    with days_ago(2):
        check_round = selfchecks.opened_round(cast.clerk)
    url = check_round.get_absolute_url()
    visits = [("clerk", url), ("officer", url), ("fire", url), ("clerk", "/selfchecks/"), ("officer", "/selfchecks/"),
              ("manager", "/selfchecks/"), ("manager", "/"), ("officer", "/"), ("clerk", f"{url}?state=waiting")]  # fmt: skip
    clients = {who: browser(getattr(cast, who)) for who, _ in visits}

    def cost(who, path):
        clients[who].get(path)
        answers = []
        cost = count_queries(lambda: answers.append(clients[who].get(path)))
        assert answers[0].status_code == 200
        return cost

    few = {visit: cost(*visit) for visit in visits}
    grow(cast, check_round)
    assert {visit: cost(*visit) for visit in visits} == few
    first = clients["clerk"].get(url).context
    rest = clients["clerk"].get(f"{url}?after={first['page'].after}").context
    assert (len(first["lines"]), len(rest["lines"]), rest["page"].after) == (50, 5, "")
    rounds = clients["clerk"].get("/selfchecks/").context
    assert len(rounds["lines"]) == 50
    assert len(clients["clerk"].get(f"/selfchecks/?before={rounds['before']}").context["lines"]) == 1


def test_a_check_costs_the_same_for_four_items_and_for_forty():
    cast = Cast()
    short = selfchecks.opened_round(cast.clerk)
    long_list = selfchecks.short_list(builders.make_county("邻县").bureau, sections=4, items=10)
    long = selfchecks.opened_round(cast.clerk, title="长", check_list=long_list)
    client = browser(cast.manager)

    def cost(check_round, numbers):
        check = selfchecks.check_of(check_round, cast.home)
        selfchecks.answer_all(check, by=cast.manager, not_met=numbers)
        section = check_round.check_list.sections.first()
        paths = [check.get_absolute_url(), f"{check.get_absolute_url()}parts/{section.pk}/"]
        paths.append(f"{check.get_absolute_url()}submit/")
        for path in paths:
            client.get(path)
        return [count_queries(lambda p=path: client.get(p)) for path in paths]

    assert cost(short, [1]) == cost(long, [1, 2, 3, 12, 13, 25])
