"""A target is shared out to townships and on to homes; what does not add up, or is too late, or not theirs, is refused."""

from decimal import Decimal

import pytest

from campaign_portal.accounts import access
from campaign_portal.accounts.access import Role
from campaign_portal.audit.models import Event
from campaign_portal.campaigns.models import Campaign, Share
from campaign_portal.campaigns.sharing import WEIGHTS, Stale, Whole, proposals, seal, share_out, takers, whole_of
from campaign_portal.edges import NotYours, Refused
from facilities.models import Facility

from . import builders, plans
from .builders import in_days
from .progresses import Plan, of_association

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def shares_of(indicator):
    return dict(indicator.shares.values_list("office__name", "value"))


def test_the_lead_shares_out_and_a_township_shares_on():
    plan = Plan()
    homes = [builders.make_facility(supervisor=plan.township).office for _ in range(2)]
    plan.share(25, 15)
    share_out(plan.indicator, {homes[0]: 20, homes[1]: 5}, by=plan.clerk, parent=plan.share_of(plan.township))
    assert shares_of(plan.indicator) == {"马田镇民政办": 25, "柏林镇民政办": 15, homes[0].name: 20, homes[1].name: 5}
    assert {share.parent.office for share in Share.objects.filter(office__in=homes)} == {plan.township}


@pytest.mark.parametrize("parts, sentence", [((25, 14), "比目标少 1名"), ((25, 16), "比目标多 1名")])
def test_parts_that_do_not_add_up_are_refused(parts, sentence):
    plan = Plan()
    with pytest.raises(Refused, match=sentence):
        plan.share(*parts)
    assert not plan.indicator.shares.exists()


def test_a_rate_is_the_same_for_all_and_what_was_shared_on_follows_it():
    plan = Plan(unit="%", value=95)
    home = builders.make_facility(supervisor=plan.township).office
    with pytest.raises(Refused, match="每个单位都是 95%"):
        plan.share(50, 45)
    plan.share(95, 95)
    share_out(plan.indicator, {home: 95}, by=plan.clerk, parent=plan.share_of(plan.township))
    plan.indicator.value = 90
    plan.indicator.save()
    plan.share(90, 90)
    assert set(plan.indicator.shares.values_list("value", flat=True)) == {Decimal(90)}


def test_a_figure_for_every_home_is_not_divided_either():
    plan = Plan(unit="次", value=2, per="home")
    plan.share(2, 2)
    assert shares_of(plan.indicator) == {"马田镇民政办": 2, "柏林镇民政办": 2}


def test_what_a_township_has_shared_on_stays_covered():
    plan = Plan()
    home = builders.make_facility(supervisor=plan.township).office
    plan.share(25, 15)
    parent = plan.share_of(plan.township)
    share_out(plan.indicator, {home: 25}, by=plan.clerk, parent=parent)
    with pytest.raises(Refused, match="马田镇民政办已向下分解 25名，不能调到 20名"):
        plan.share(20, 20)
    with pytest.raises(Refused, match="不能收回"):
        share_out(plan.indicator, {plan.next_town: 40}, by=plan.lead)
    plan.share(30, 10)  # more is no harm
    share_out(plan.indicator, {}, by=plan.clerk, parent=parent)
    plan.share(20, 20)
    assert shares_of(plan.indicator) == {"马田镇民政办": 20, "柏林镇民政办": 20}


def test_sharing_out_anew_keeps_what_it_was_in_the_audit():
    plan = Plan()
    plan.share(25, 15)
    share_out(plan.indicator, {plan.next_town: 40}, by=plan.lead)
    changes = Event.objects.about(plan.indicator).last().changes
    assert changes == {"马田镇民政办": ["25", "—"], "柏林镇民政办": ["15", "40"]}


def test_only_the_lead_shares_out_and_only_the_holder_shares_on():
    plan = Plan()
    home = builders.make_facility(supervisor=plan.township).office
    strangers = [plan.clerk, builders.make_user(builders.make_county().bureau)]
    for stranger in strangers:
        with pytest.raises(NotYours):
            share_out(plan.indicator, {plan.township: 40}, by=stranger)
    plan.share()
    for stranger in (plan.neighbour, plan.lead):
        with pytest.raises(NotYours):
            share_out(plan.indicator, {home: 25}, by=stranger, parent=plan.share_of(plan.township))
    with pytest.raises(NotYours):
        whole_of(plan.indicator, builders.make_user(plan.county.departments["fire"]))
    administrator = builders.make_user(plan.township, is_clerk=False, is_administrator=True)
    with pytest.raises(NotYours):
        share_out(plan.indicator, {home: 25}, by=administrator, parent=plan.share_of(plan.township))


def test_a_closed_campaign_is_shared_out_no_more():
    plan = Plan()
    home = builders.make_facility(supervisor=plan.township).office
    plan.share()
    Campaign.objects.update(status="closed", closed_on=in_days(0))
    plan.indicator.refresh_from_db()
    with pytest.raises(Refused):
        plan.share(20, 20)
    with pytest.raises(Refused):
        share_out(plan.indicator, {home: 25}, by=plan.clerk, parent=plan.share_of(plan.township))


def test_a_share_that_was_taken_back_meanwhile_is_not_shared_on():
    plan = Plan()
    home = builders.make_facility(supervisor=plan.township).office
    plan.share()
    parent = plan.share_of(plan.township)
    share_out(plan.indicator, {plan.next_town: 40}, by=plan.lead)
    with pytest.raises(Refused, match="刚刚被收回"):
        share_out(plan.indicator, {home: 25}, by=plan.clerk, parent=parent)


def test_nobody_holds_two_parts_of_one_target():
    plan = Plan()
    home = builders.make_facility(supervisor=plan.township).office
    plan.share()
    share_out(plan.indicator, {home: 25}, by=plan.clerk, parent=plan.share_of(plan.township))
    with pytest.raises(Refused, match="不能重复分解"):
        share_out(plan.indicator, {plan.township: 25, plan.next_town: 5, home: 10}, by=plan.lead)


def test_a_page_that_is_out_of_date_is_refused():
    plan = Plan()
    whole = Whole(plan.indicator, None, Decimal(40))
    shown = seal(whole, [])
    plan.share(25, 15, shown=shown)
    with pytest.raises(Stale, match="分解数有了变化"):
        plan.share(20, 20, shown=shown)
    plan.share(20, 20, shown=seal(whole, whole.shares()))
    assert shares_of(plan.indicator) == {"马田镇民政办": 20, "柏林镇民政办": 20}


# Weights and takers


def test_beds_and_homes_weigh_what_runs():
    plan = Plan()
    for beds, supervisor in [(100, plan.township), (20, plan.township), (60, plan.next_town), (500, plan.bureau)]:
        builders.make_facility(supervisor=supervisor, area=plan.township.area, beds=beds)
    closed = builders.make_facility(supervisor=plan.next_town, beds=900)
    Facility.objects.filter(pk=closed.pk).update(status=Facility.Status.CLOSED)
    towns = [plan.township, plan.next_town]
    assert WEIGHTS["beds"].of(towns) == {plan.township.pk: 120, plan.next_town.pk: 60}
    assert WEIGHTS["homes"].of(towns) == {plan.township.pk: 2, plan.next_town.pk: 1}
    assert WEIGHTS["beds"].of([plan.bureau]) == {plan.bureau.pk: 680}
    home = Facility.objects.get(beds=100).office
    assert (WEIGHTS["beds"].of([home]), WEIGHTS["homes"].of([home])) == ({home.pk: 100}, {home.pk: 1})


def test_proposals_add_up_and_leave_out_weights_that_nobody_has():
    plan = Plan()
    whole = Whole(plan.indicator, None, Decimal(40))
    towns = [plan.township, plan.next_town]
    assert proposals(whole, towns) == {"even": ("平均", [20, 20])}
    builders.make_facility(supervisor=plan.township, beds=90)
    builders.make_facility(supervisor=plan.next_town, beds=30)
    assert {name: parts for name, (_, parts) in proposals(whole, towns).items()} == {
        "even": [20, 20], "beds": [30, 10], "homes": [20, 20],
    }  # fmt: skip
    rate = Plan(unit="%", value=95)
    assert proposals(Whole(rate.indicator, None, Decimal(95)), towns) == {}


def test_money_is_shared_in_fen_and_people_in_heads():
    plan = Plan(unit="万元", value=100)
    assert Whole(plan.indicator, None, Decimal(100)).step == Decimal("0.01")
    plan = Plan(unit="名", value=100)
    assert Whole(plan.indicator, None, Decimal(100)).step == 1


def test_each_kind_of_office_shares_with_those_below_it():
    plan = Plan()
    direct = builders.make_facility(supervisor=plan.bureau, area=plan.township.area).office
    home = builders.make_facility(supervisor=plan.township).office

    def names(user):
        return {name: {office.pk for office in offices} for name, (_, offices) in takers(user).items()}

    towns = {plan.township.pk, plan.next_town.pk}
    assert names(plan.lead) == {"townships": towns, "direct": towns | {direct.pk}}
    assert names(plan.clerk) == {"homes": {home.pk}}
    user, _, members = of_association(plan.county)
    assert names(user) == {"townships": towns, "members": {member.office_id for member in members}}
    city = builders.make_office(Role.BUREAU, area=plan.county.area.parent)
    assert plan.bureau.pk in names(builders.make_user(city))["bureaus"]


def test_an_association_shares_its_own_target_out_to_its_members():
    county = builders.make_county()
    user, campaign, homes = of_association(county)
    indicator = plans.make_indicator(campaign, value=10)
    share_out(indicator, {homes[0].office: 6, homes[1].office: 4}, by=user)
    assert indicator.shares.count() == 2
    with pytest.raises(NotYours):
        share_out(indicator, {homes[0].office: 10}, by=builders.make_user(county.bureau))


def test_a_county_shares_on_what_its_city_gave_it():
    county = builders.make_county()
    city = builders.make_office(Role.BUREAU, area=county.area.parent)
    campaign = plans.make_campaign(city)
    indicator = plans.make_indicator(campaign, value=100)
    share_out(indicator, {county.bureau: 100}, by=builders.make_user(city))
    clerk = builders.make_user(county.bureau)
    whole = whole_of(indicator, clerk)
    assert (whole.value, whole.parent.office) == (100, county.bureau)
    share_out(indicator, dict.fromkeys(county.townships.values(), 50), by=clerk, parent=whole.parent)
    assert indicator.shares.filter(parent=whole.parent).count() == 2


def test_an_expired_member_is_no_member():
    county = builders.make_county()
    user, _, homes = of_association(county)
    access.revoke(user.office, "inspect_facility", homes[0])
    _, offices = takers(builders.fresh(user))["members"]
    assert [office.pk for office in offices] == [homes[1].office_id]
