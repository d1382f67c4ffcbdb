"""Every number leads to exactly the rows it counted, and a past day's number comes out the same later."""

from datetime import datetime, time, timedelta

import pytest
from django.http import QueryDict
from django.utils import timezone

from campaign_portal import clock
from campaign_portal.campaigns import metrics
from campaign_portal.campaigns.models import Campaign
from facilities.services import change_state, edit_facility
from inspections import daily, services
from inspections import metrics as hazard_figures
from inspections.filters import LedgerFilter
from inspections.models import Hazard

from . import builders, hazards
from .builders import browser, fresh, in_days
from .hazards import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

OFFICERS = ["clerk", "officer", "fire"]  # bureau, township, department
PEOPLE = [*OFFICERS, "manager"]


def days_ago(days):
    return clock.at(clock.now() - days * clock.ONE_DAY)


class Story(Cast):
    """A county in the middle of things: a special campaign after a routine beginning, two townships, every state."""

    def __init__(self):
        with days_ago(40):
            super().__init__()
            self.beside = self.neighbour(self.county.townships["柏林镇"])
            hazards.closed(self)  # in the routine campaign
            hazards.opened(self)
            hazards.opened(self.beside)
        with days_ago(30):
            self.campaign = self.begin_campaign()
            hazards.opened(self)  # overdue by now
            shared = [self.township, self.fire.office]
            overdue = hazards.reported(self)
            services.verify_hazard(
                hazard=overdue, by=self.officer, grade="normal", due_on=overdue.due_on, departments=shared
            )
            hazards.submitted(self)  # its re-check is late by now
            hazards.major(self)
            hazards.closed(self.beside)
            hazards.opened(self.beside)
        hazards.reported(self)
        hazards.reported(self, fixed_on_spot=True)
        services.void_report(hazard=hazards.reported(self), by=self.officer, reason="重复")
        services.send_for_completion(hazard=hazards.reported(self), by=self.officer, reason="补照片")
        hazards.opened(self)
        hazards.submitted(self)
        hazards.closed(self)
        hazards.major(self.beside, by=self.fire)
        planned = hazards.major(self, by=self.housing, departments=[self.housing.office, self.fire.office])
        services.plan_work(hazard=planned, by=self.manager, changes=hazards.PLAN)
        hazards.submit(planned, by=self.manager)
        builders.make_facility(
            supervisor=self.bureau, area=self.county.town
        )  # stands in the township, answers elsewhere

    def neighbour(self, township):
        """The people of a home in another township of the same county."""
        beside = object.__new__(Cast)
        beside.__dict__ |= self.__dict__
        beside.township = township
        beside.home = builders.make_facility(supervisor=township)
        beside.manager, beside.officer = builders.make_home_user(beside.home), builders.make_user(township)
        return beside

    def begin_campaign(self):
        period = {"starts_on": clock.today(), "ends_on": clock.today() + timedelta(days=90)}
        lead = {"lead": self.bureau, "area": self.county.area}
        return Campaign.objects.create(kind="special", status="running", code="YX", title="专项", **lead, **period)


@pytest.fixture
def story():
    return Story()


def rows_behind(client, url):
    response = client.get(url)
    assert response.status_code == 200, url
    return response.context["counts"].count if "counts" in response.context else response.context["count"]


def ledger_count(user, url):
    """How many rows the ledger behind a link has, without drawing its page (rows_behind does)."""
    found = LedgerFilter(QueryDict(url.partition("?")[2]), Hazard.objects.visible_to(user), user=user)
    assert found.form.is_valid(), url
    assert set(QueryDict(url.partition("?")[2])) <= {"facility", *found.filters}, url  # a home has only its own
    return found.qs.count()


def test_each_figure_of_the_first_page_is_the_number_of_rows_behind_its_link(story):
    for who in PEOPLE:
        client = browser(getattr(story, who))
        page = client.get("/").context
        assert page["campaign"] == story.campaign
        assert len(page["figures"]) >= 4
        counted = {figure.label: figure.numerator for figure in page["figures"]}
        assert counted == {figure.label: rows_behind(client, figure.url) for figure in page["figures"]}, who
        assert any(counted.values())
        (rate,) = [figure for figure in page["figures"] if figure.is_rate]
        confirmed = f"/hazards/?state=registered&campaign={story.campaign.pk}"
        assert rate.denominator == rows_behind(client, confirmed) > 0, who
        assert client.get(f"/campaigns/{story.campaign.pk}/").context["figures"] == page["figures"], who


def test_each_number_of_a_table_is_the_number_of_rows_behind_its_link_and_they_add_up(story):
    for who in OFFICERS:
        client = browser(getattr(story, who))
        page = client.get("/").context
        (table,) = page["tables"]
        for line in table["lines"]:
            for name in ("all", "overdue", "recheck"):
                assert line[name] == rows_behind(client, line[f"{name}_url"]), (who, line["name"], name)
        figures = {figure.label: figure for figure in page["figures"]}
        rate, overdue = figures["隐患整改销号率"], figures["整改逾期隐患"]
        sums = {name: sum(line[name] for line in table["lines"]) for name in ("all", "closed", "overdue")}
        assert sums == {"all": rate.denominator, "closed": rate.numerator, "overdue": overdue.numerator}, who
        assert sums["overdue"] > 0


def test_each_figure_and_each_line_is_the_number_of_rows_behind_its_link(story):
    """The funnel by grade, rates, tables and pairs, live and from the daily figures."""
    old = hazards.closed(story)
    hazards.opened(story, previous=old)
    hazards.closed(story.beside, previous=old)
    with days_ago(3):
        late = hazards.opened(story, due_on=in_days(1))
    hazards.close(hazards.submit(late, by=story.manager), by=story.officer)  # struck off, but not in time
    people = [fresh(getattr(story, who)) for who in PEOPLE]
    counted = [numbers(user, story.campaign) for user in people]
    daily.count_missing()
    for user, live in zip(people, counted, strict=True):
        assert numbers(user, story.campaign) == live, user.office
        assert live == {url: ledger_count(user, url) for url in live}, user.office
        assert len(live) > 30
    clerk = fresh(story.clerk)
    on_time = hazard_figures.on_time_rate(clerk, story.campaign)
    assert 0 < on_time.numerator < on_time.denominator
    again = hazard_figures.recurrence(clerk, story.campaign)
    pairs = hazard_figures.recurring_pairs(clerk, story.campaign)
    assert again.numerator == sum(pair["times"] for pair in pairs) == 2


def numbers(user, campaign):
    """{url: number} of all that the functions give for a user."""
    metrics_of = [hazard_figures.closed_rate, hazard_figures.on_time_rate, hazard_figures.recurrence]
    metrics_of += [hazard_figures.overdue, hazard_figures.recheck_overdue, hazard_figures.major_open]
    figures = [count(user, campaign) for count in metrics_of]
    figures += hazard_figures.funnel(user, campaign)
    figures += [figure for _, stages in hazard_figures.funnel_by_grade(user, campaign) for figure in stages]
    found = {figure.url: figure.numerator for figure in figures}
    tables = [hazard_figures.by_place(user, campaign), hazard_figures.by_home(user, campaign)]
    tables += [hazard_figures.by_category(user, campaign), hazard_figures.by_source(user, campaign)]
    lines = [line for table in tables if table for line in table["lines"]]
    for line in [*lines, *(table["total"] for table in tables if table and "total" in table)]:
        found |= {line[f"{name}_url"]: line[name] for name in ("all", "closed", "overdue", "recheck", "major_open")}
    found |= {pair["url"]: pair["times"] for pair in hazard_figures.recurring_pairs(user, campaign)}
    form = hazard_figures.official_form(user, campaign, in_days(-20), clock.today())
    found |= {cell["url"]: cell["value"] for cell in form if cell["unit"] == "条" and cell["url"]}
    return found


def test_each_stage_of_the_funnel_is_at_most_the_one_before(story):
    for who in PEOPLE:
        user = fresh(getattr(story, who))
        stages = [figure.value for figure in hazard_figures.funnel(user, story.campaign)]
        assert stages == sorted(stages, reverse=True)
        assert stages[-1] < stages[0]
        by_grade = [[f.value for f in part] for _, part in hazard_figures.funnel_by_grade(user, story.campaign)]
        assert [sum(pair) for pair in zip(*by_grade, strict=True)] == stages


def test_the_official_form_counts_a_period_and_says_nothing_where_it_knows_nothing(story):
    form = hazard_figures.official_form(fresh(story.clerk), story.campaign, clock.today(), clock.today())
    assert len(form) == 12
    cells = {(cell["group"], cell["label"]): cell["value"] for cell in form}
    assert cells["", "排查单位"] == 2
    assert cells["一般隐患", "排查发现"] == 3
    assert cells["一般隐患", "已整改"] == 1
    assert cells["一般隐患", "整改率"] == 33.3
    assert cells["重大隐患", "排查发现"] == 2
    assert (cells["重大隐患", "列入治理计划"], cells["重大隐患", "其中五落实"]) == (2, 1)
    assert cells["重大隐患", "挂牌督办"] is None
    assert cells["", "累计落实资金"] == 1


def test_what_is_counted_above_a_list_is_in_the_list(story):
    for who in PEOPLE:
        client = browser(getattr(story, who))
        assert client.get("/").context["duty_count"] == client.get("/todo/").context["count"], who
        late = client.get("/hazards/").context["counts"].among
        assert late == rows_behind(client, "/hazards/?due=overdue") > 0, who


# Rates


def test_a_rate_over_nothing_is_a_dash(story):
    empty = Cast()
    for user in (empty.clerk, empty.officer, empty.fire, empty.manager):
        response = browser(user).get("/")
        (rate,) = [figure for figure in response.context["figures"] if figure.is_rate]
        assert (rate.value, rate.denominator) == (None, 0)
        assert '<span class="v">—</span>' in response.content.decode()


def test_a_rate_is_whole_only_when_nothing_is_missing():
    assert metrics.Figure("", "%", 1999, 2000, "").value == 99.9
    assert metrics.Figure("", "%", 2000, 2000, "").value == 100
    assert metrics.Figure("", "%", 1, 3, "").value == 33.3
    assert metrics.Figure("", "条", 0, None, "").value == 0


# As of a day


def late_on(days):
    """The last moment of the day so many days ago."""
    day = clock.today() - timedelta(days=days)
    return timezone.make_aware(datetime.combine(day, time(23, 59, 59)))


def figures(cast, *, on=None):
    """What every role's figures say: live, or as of a past day."""
    users = {who: fresh(getattr(cast, who)) for who in PEOPLE}
    return {
        (who, figure.label): (figure.numerator, figure.denominator, figure.note)
        for who, user in users.items()
        for figure in metrics.figures_for(user, on=on)
    }


def test_figures_as_of_a_past_day_are_what_was_counted_on_that_day():
    """Live through twelve days, count at the end of each, and ask for each of them afterwards."""
    with days_ago(13):
        cast = Cast()
        first, second, third = (hazards.opened(cast, due_on=in_days(4)) for _ in range(3))
        big = hazards.major(cast, due_on=in_days(5))
    steps = {
        12: lambda: hazards.reported(cast),
        11: lambda: hazards.submit(first, by=cast.manager),
        10: lambda: hazards.close(first, by=cast.officer),
        9: lambda: services.share(
            hazard=second, by=cast.officer, departments=[cast.township, cast.fire.office], reason="涉及消防"
        ),
        8: lambda: None,  # `second` and `third` become overdue by the passing of a day
        7: lambda: services.decide_request(
            request=services.ask_void(hazard=third, by=cast.officer, reason="误报"), by=cast.leader, granted=True
        ),
        6: lambda: services.regrade(
            hazard=second, by=cast.clerk, grade="major", criterion=hazards.criterion(), reason="面积大"
        ),
        5: lambda: services.plan_work(hazard=second, by=cast.manager, changes=hazards.PLAN),
        4: lambda: hazards.submit(second, by=cast.manager),
        3: lambda: services.send_back(hazard=second, by=cast.officer, reason="不合格", due_on=in_days(1)),
        2: lambda: services.share(hazard=big, by=cast.clerk, departments=[cast.housing.office], reason="属住建"),
        1: lambda: change_state(facility=cast.home, status="suspended", since=clock.today(), reason="", by=None),
    }
    counted = {}
    for days, step in steps.items():
        with clock.at(late_on(days) - timedelta(hours=6)):
            step()
        with clock.at(late_on(days)):
            counted[clock.today()] = figures(cast)
    assert {day: figures(cast, on=day) for day in counted} == counted
    assert len({str(found) for found in counted.values()}) >= 10  # something did happen from day to day


def test_what_happens_today_does_not_change_yesterday():
    with days_ago(5):
        cast = Cast()
        hazard = hazards.submitted(cast)
    yesterday = in_days(-1)
    before = figures(cast, on=yesterday)
    hazards.close(hazard, by=cast.officer)
    hazards.opened(cast)
    assert figures(cast, on=yesterday) == before
    assert figures(cast) != before


def test_a_figure_as_of_a_day_before_anything_happened_is_nothing():
    cast = Cast()
    hazards.opened(cast)
    of_then = figures(cast, on=in_days(-400))
    assert {found[0] for (_, label), found in of_then.items() if "机构" not in label} == {0}


def test_a_home_that_changed_its_supervisor_is_counted_where_it_belonged_on_the_day():
    with days_ago(5):
        cast = Cast()
        hazards.opened(cast)
    other = builders.make_user(cast.county.townships["柏林镇"])
    cast.home.supervisor, cast.home.area = other.office, other.office.area
    edit_facility(cast.home, by=cast.clerk)

    def confirmed(user, on=None):
        return metrics.figure("hazards.closed_rate", fresh(user), on=on).denominator

    assert (confirmed(cast.officer), confirmed(other)) == (0, 1)
    assert (confirmed(cast.officer, in_days(-1)), confirmed(other, in_days(-1))) == (1, 0)
    assert confirmed(cast.clerk) == confirmed(cast.clerk, in_days(-1)) == 1
