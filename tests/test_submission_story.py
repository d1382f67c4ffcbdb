"""A round of summaries from the bureau's order to the county's own on its way up, and what is refused on the way."""

import datetime

import pytest

from campaign_portal import clock
from campaign_portal.accounts.access import Role
from campaign_portal.accounts.models import User
from campaign_portal.audit.models import Event
from campaign_portal.campaigns import submission_deadlines
from campaign_portal.campaigns.models import Submission
from campaign_portal.campaigns.submissions import rounds, steps, writing
from campaign_portal.deadlines import registry
from campaign_portal.edges import NotYours, Refused

from . import builders, plans, summaries
from .builders import fresh, in_days
from .summaries import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
S = Submission.Status


@pytest.fixture
def cast():
    return Cast()


@pytest.fixture
def ordered(cast):
    return summaries.ordered(cast)


# Ordering


def test_an_order_asks_each_township_and_the_bureau_itself_in_four_parts(cast, ordered):
    below = ordered.submissions.filter(office__kind=Role.TOWNSHIP)
    assert {(s.office, s.receiver, s.due_on, s.status) for s in below} == {
        (township, cast.bureau, ordered.due_on, S.DUE) for township in cast.townships
    }
    own = summaries.of(ordered, cast.bureau)
    assert (own.is_own, own.receiver, own.due_on) == (True, None, ordered.own_due_on)
    titles = ["主要工作及成效", "存在突出问题", "意见建议", "下一步工作打算"]
    assert [part.part.title for part in own.parts.all()] == titles
    assert Event.objects.get(verb="summaryround.ordered").changes["报送单位"] == ["", "马田镇民政办、柏林镇民政办"]


def test_the_county_reports_to_the_city_where_the_city_has_an_account(cast):
    city = builders.make_office(Role.BUREAU, area=cast.county.area.parent, name="郴州市民政局")
    assert summaries.of(summaries.ordered(cast), cast.bureau).receiver == city


def test_a_city_asks_its_counties_and_reports_to_the_province(cast):
    city = builders.make_office(Role.BUREAU, area=cast.county.area.parent, name="郴州市民政局")
    province = builders.make_office(Role.BUREAU, area=city.area.parent, name="湖南省民政厅")
    assert set(rounds.offices_below(city)) == {cast.bureau}
    assert rounds.office_above(city) == province
    assert rounds.office_above(province) is None
    assert set(rounds.offices_below(province)) == {city}


def test_an_association_that_leads_orders_too_and_reports_to_the_county(cast):
    association = builders.make_office(Role.ASSOCIATION, area=cast.county.area, name="养老服务协会")
    secretary = builders.make_user(association)
    cast.campaign = plans.make_campaign(association)
    ordered = summaries.ordered(cast, by=secretary, offices=cast.townships[:1])
    own = summaries.of(ordered, association)
    assert own.receiver == cast.bureau
    summaries.handed_in(ordered, secretary)
    assert steps.accept(submission=own, by=cast.clerk).status == S.ACCEPTED


def test_only_who_leads_a_running_campaign_orders_and_no_title_twice(cast, ordered):
    with pytest.raises(NotYours):
        summaries.ordered(cast, by=cast.first, title="另一份")
    with pytest.raises(NotYours):
        summaries.ordered(cast, by=builders.make_user(builders.make_county("邻县").bureau), title="另一份")
    administrator = builders.make_user(cast.bureau, is_clerk=False, is_administrator=True)
    with pytest.raises(NotYours):
        summaries.ordered(cast, by=administrator, title="另一份")
    with pytest.raises(Refused, match="同名"):
        summaries.ordered(cast)
    cast.campaign.status = "draft"
    cast.campaign.save()
    with pytest.raises(Refused, match="草案"):
        summaries.ordered(cast, title="另一份")
    assert summaries.SummaryRound.objects.count() == 1


def test_changed_dates_hold_for_who_has_not_handed_in_and_another_township_may_be_added(cast):
    ordered = summaries.ordered(cast, offices=cast.townships[:1])
    summaries.handed_in(ordered, cast.first)
    ordered.due_on, ordered.own_due_on = in_days(20), in_days(25)
    rounds.change_round(ordered, cast.townships, by=cast.clerk)
    dues = {s.office: s.due_on for s in ordered.submissions.select_related("office")}
    assert dues == {cast.townships[0]: in_days(10), cast.townships[1]: in_days(20), cast.bureau: in_days(25)}
    assert summaries.of(ordered, cast.townships[1]).parts.count() == 4
    with pytest.raises(NotYours):
        rounds.change_round(ordered, [], by=cast.first)


# Up and back


def test_a_summary_goes_up_comes_back_with_comments_and_is_accepted_when_mended(cast, ordered):
    submission = summaries.handed_in(ordered, cast.first)
    assert (submission.status, submission.sent_number, submission.submitted_by) == (S.SUBMITTED, 1, cast.first)
    steps.send_back(submission=submission, by=cast.clerk, comments={2: "问题写具体"}, comment="再改改")
    returned = summaries.of(ordered, cast.first.office)
    assert (returned.status, returned.comment) == (S.RETURNED, "再改改")
    assert [part.comment for part in returned.parts.all()] == ["", "问题写具体", "", ""]
    assert Event.objects.get(verb="submission.send_back").changes == {"存在突出问题": ["", "问题写具体"]}

    summaries.save(returned, cast.first, {"2": "三家院消防通道不畅"})
    steps.submit(submission=returned, by=cast.first)
    accepted = steps.accept(submission=returned, by=cast.clerk)
    assert (accepted.status, accepted.sent_number, accepted.decided_by) == (S.ACCEPTED, 2, cast.clerk)
    verbs = list(Event.objects.about(submission).values_list("verb", flat=True))
    assert verbs == [f"submission.{verb}" for verb in ("saved", "submit", "send_back", "saved", "submit", "accept")]


def test_while_it_is_mended_the_bureau_reads_what_was_handed_in(cast, ordered):
    submission = summaries.handed_in(ordered, cast.first, summaries.words("初稿"))
    steps.send_back(submission=submission, by=cast.clerk, comments={}, comment="再改改")
    summaries.save(submission, cast.first, {"1": "改到一半"})
    submission = summaries.of(ordered, cast.first.office)
    assert writing.content_for(submission, cast.clerk)["1"] == "初稿之1"
    assert writing.content_for(submission, cast.first)["1"] == "改到一半"


def test_nothing_is_sent_back_without_a_word(cast, ordered):
    submission = summaries.handed_in(ordered, cast.first)
    with pytest.raises(Refused, match="修改意见"):
        steps.send_back(submission=submission, by=cast.clerk, comments={1: ""}, comment="")
    assert summaries.of(ordered, cast.first.office).status == S.SUBMITTED


def test_a_part_without_a_word_is_not_handed_in(cast, ordered):
    submission = summaries.of(ordered, cast.first.office)
    summaries.save(submission, cast.first, {"1": "有", "2": " ", "3": "有", "4": ""})
    with pytest.raises(Refused, match="存在突出问题、下一步工作打算"):
        steps.submit(submission=submission, by=cast.first)
    summaries.save(submission, cast.first, {"2": "无", "4": "无"})
    assert steps.submit(submission=submission, by=cast.first).status == S.SUBMITTED


def test_the_approver_hands_in_where_there_is_one_and_a_clerk_alone_does_it_himself(cast, ordered):
    leader = builders.make_user(cast.townships[0], name="王主任", is_clerk=False, is_approver=True)
    submission = summaries.of(ordered, cast.first.office)
    summaries.save(submission, cast.first)
    with pytest.raises(Refused, match="王主任"):
        steps.submit(submission=submission, by=cast.first)
    assert steps.submit(submission=submission, by=leader).submitted_by == leader
    assert summaries.handed_in(ordered, cast.second).submitted_by == cast.second


def test_an_approver_who_has_left_keeps_nobody_from_handing_in(cast, ordered):
    leader = builders.make_user(cast.townships[0], is_clerk=False, is_approver=True)
    User.objects.filter(pk=leader.pk).update(is_active=False)
    assert summaries.handed_in(ordered, cast.first).status == S.SUBMITTED


def test_only_the_office_writes_and_only_its_receiver_decides(cast, ordered):
    submission = summaries.of(ordered, cast.first.office)
    for stranger in (cast.second, cast.clerk):
        with pytest.raises(NotYours):
            summaries.save(submission, stranger)
    submission = summaries.handed_in(ordered, cast.first)
    for stranger in (cast.first, cast.second):
        with pytest.raises(NotYours):
            steps.accept(submission=submission, by=stranger)
        with pytest.raises(NotYours):
            steps.send_back(submission=submission, by=stranger, comments={}, comment="不行")


def test_what_has_been_handed_in_or_accepted_is_not_written_on(cast, ordered):
    submission = summaries.handed_in(ordered, cast.first)
    with pytest.raises(Refused, match="已报送"):
        summaries.save(submission, cast.first, {"1": "再补一句"})
    steps.accept(submission=submission, by=cast.clerk)
    for late in (
        lambda: summaries.save(submission, cast.first, {"1": "再补一句"}),
        lambda: steps.accept(submission=submission, by=cast.approver),
        lambda: steps.send_back(submission=submission, by=cast.clerk, comments={}, comment="不行"),
    ):
        with pytest.raises(Refused, match="已采用"):
            late()


def test_who_moved_to_the_bureau_does_not_accept_what_he_handed_in_himself(cast, ordered):
    submission = summaries.handed_in(ordered, cast.first)
    User.objects.filter(pk=cast.first.pk).update(office=cast.bureau)
    with pytest.raises(Refused, match="您本人报送"):
        steps.accept(submission=submission, by=fresh(cast.first))


def test_a_page_opened_before_the_last_change_neither_hands_in_nor_decides(cast, ordered):
    submission = summaries.of(ordered, cast.first.office)
    summaries.save(submission, cast.first)
    with pytest.raises(Refused, match="又有改动"):
        steps.submit(submission=submission, by=cast.first, seen=0)
    steps.submit(submission=submission, by=cast.first, seen=1)
    steps.send_back(submission=submission, by=cast.clerk, comments={}, comment="改", seen=1)
    summaries.save(submission, cast.first, {"1": "改好了"})
    steps.submit(submission=submission, by=cast.first, seen=2)
    with pytest.raises(Refused, match="重新报送"):
        steps.accept(submission=submission, by=cast.clerk, seen=1)
    assert steps.accept(submission=submission, by=cast.clerk, seen=2).status == S.ACCEPTED


# The county's own


def test_where_the_city_has_no_account_the_dispatch_is_noted_with_number_and_day(cast, ordered):
    own = summaries.of(ordered, cast.bureau)
    with pytest.raises(Refused, match="待报送"):
        steps.dispatch(submission=own, by=cast.clerk, number="永民发〔2026〕31号", on=clock.today())
    summaries.handed_in(ordered, cast.approver)
    with pytest.raises(Refused, match="不能晚于今天"):
        steps.dispatch(submission=own, by=cast.clerk, number="永民发〔2026〕31号", on=in_days(1))
    with pytest.raises(NotYours):
        steps.accept(submission=own, by=cast.clerk)
    sent = steps.dispatch(submission=own, by=cast.clerk, number="永民发〔2026〕31号", on=clock.today())
    assert (sent.status, sent.dispatch_number, sent.dispatched_on) == (S.ACCEPTED, "永民发〔2026〕31号", clock.today())
    assert sent.get_status_display() == "已上报"
    page = builders.browser(cast.clerk)
    for url in (own.get_absolute_url(), ordered.get_absolute_url(), "/campaigns/summaries/"):
        assert "已上报" in page.get(url).content.decode() and "已采用" not in page.get(url).content.decode()


def test_a_township_notes_no_dispatch_and_nor_does_a_county_whose_city_has_an_account(cast):
    city = builders.make_office(Role.BUREAU, area=cast.county.area.parent, name="郴州市民政局")
    ordered = summaries.ordered(cast)
    for by in (cast.first, cast.approver):
        submission = summaries.handed_in(ordered, by)
        with pytest.raises(NotYours):
            steps.dispatch(submission=submission, by=by, number="1", on=clock.today())
    own = summaries.of(ordered, cast.bureau)
    assert steps.accept(submission=own, by=builders.make_user(city)).status == S.ACCEPTED


# Late


def test_late_is_the_first_handing_in_after_the_due_day_and_mending_does_not_make_it_late(cast, ordered):
    on_time = summaries.handed_in(ordered, cast.first)
    with clock.at(clock.now() + datetime.timedelta(days=12)):
        late = summaries.handed_in(ordered, cast.second)
        assert late.days_late(on=clock.today()) == 2
        assert Event.objects.about(late).last().changes["时限"] == ["", "逾期 2 天"]
        steps.send_back(submission=on_time, by=cast.clerk, comments={}, comment="改")
        steps.submit(submission=on_time, by=cast.first)
        assert summaries.of(ordered, cast.first.office).days_late(on=clock.today()) == 0
        assert summaries.of(ordered, cast.bureau).days_late(on=clock.today()) == 0
    with clock.at(clock.now() + datetime.timedelta(days=20)):
        assert summaries.of(ordered, cast.bureau).days_late(on=clock.today()) == 5
        assert summaries.of(ordered, cast.second.office).days_late(on=clock.today()) == 2


# What everybody has to do


@pytest.fixture
def kinds(monkeypatch):
    """The registry with only the kinds of summaries in it."""
    monkeypatch.setattr(registry, "KINDS", {})
    submission_deadlines.register()


def duties(user):
    groups = registry.groups_for(user, today=clock.today())
    return {group.kind.code: [(duty.action, duty.due_on) for duty in group.duties] for group in groups}


def test_who_has_to_write_and_who_has_to_decide_sees_it_among_his_duties(kinds, cast, ordered):
    own = [("写总结", ordered.own_due_on)]
    assert duties(cast.first) == {"summary_write": [("写总结", ordered.due_on)]}
    assert duties(cast.clerk) == {"summary_write": own}
    submission = summaries.handed_in(ordered, cast.first)
    assert duties(cast.first) == {}
    assert duties(cast.clerk) == {"summary_write": own, "summary_decide": [("审核", ordered.own_due_on)]}
    steps.send_back(submission=submission, by=cast.clerk, comments={}, comment="改")
    assert duties(cast.first) == {"summary_write": [("修改总结", ordered.due_on)]}
    assert duties(cast.clerk) == {"summary_write": own}


def test_a_home_and_a_department_have_nothing_to_do_with_it(kinds, cast, ordered):
    manager = builders.make_home_user(cast.home(cast.townships[0]))
    assert duties(manager) == duties(builders.make_user(cast.county.departments["fire"])) == {}
