"""An activity is planned, recorded, corrected and voided; whoever may not is told so, and so is whoever writes nonsense."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from campaign_portal import clock
from campaign_portal.audit.models import Event
from campaign_portal.campaigns.models import Campaign
from campaign_portal.edges import NotYours, Refused
from facilities import activities as services
from facilities.activity_days import latest
from facilities.models import Activity, ActivityHome

from . import activities, builders, plans
from .activities import Cast, planned, recorded, taking_part
from .builders import in_days

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def cast():
    return Cast()


def test_the_secretary_records_a_training_with_its_homes_and_photos(cast):
    activity = recorded(cast, people=30, attendances=45, photos=3)
    assert (activity.status, activity.organiser) == ("recorded", cast.association)
    assert activity.county_code == cast.county.area.code
    assert activity.files.count() == 3
    assert {row.supervisor for row in activity.homes.all()} == {cast.township, cast.other_township}
    event = Event.objects.about(activity).get()
    assert (event.label, event.changes["照片"][1]) == ("登记活动", "3 张")
    assert event.changes["参加机构"][1] == "马田镇敬老院、柏林镇敬老院"


def test_a_day_to_come_makes_it_a_plan_that_counts_once_it_has_been_held(cast):
    activity = planned(cast)
    assert (activity.status, activity.counts_from) == ("planned", None)
    with pytest.raises(Refused, match="活动还没有结束"):
        services.hold_activity(activity=activity, by=cast.secretary)
    with clock.at(clock.now() + timedelta(days=11)):
        held = services.hold_activity(activity=activity, by=cast.secretary, changes={"people": 9, "attendances": 9})
        assert (held.status, held.people) == ("recorded", 9)
        assert Activity.objects.counted(on=clock.today()).get() == activity
        assert not Activity.objects.counted(on=held.held_on).exists()  # nobody knew of it then


def test_a_plan_has_no_head_counts(cast):
    with pytest.raises(Refused, match="还没有开展的活动不填人数和人次"):
        planned(cast, people=20)
    with pytest.raises(IntegrityError, match="activity_planned_has_no_counts"), transaction.atomic():
        Activity.objects.filter(pk=planned(cast).pk).update(people=20)


@pytest.mark.parametrize(
    "columns, sentence",
    [
        ({"people": 30, "attendances": 29}, "人次不能少于人数"),
        ({"until_on": in_days(-1)}, "结束日期不能早于开始日期"),
        ({"held_on": in_days(-201)}, "不在.*起止日期"),
    ],
)
def test_nonsense_is_refused_with_a_sentence(cast, columns, sentence):
    with pytest.raises(Refused, match=sentence):
        recorded(cast, **columns)
    assert not Activity.objects.exists()


@pytest.mark.parametrize(
    "change, name",
    [
        ({"attendances": 1, "people": 2}, "activity_attendances_not_below_people"),
        ({"until_on": in_days(-9)}, "activity_ends_after_start"),
        ({"status": "void"}, "activity_void_means_who_when_and_why"),
        ({"counts_from": None}, "activity_counts_once_recorded"),
    ],
)
def test_the_database_refuses_it_too(cast, change, name):
    activity = recorded(cast)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Activity.objects.filter(pk=activity.pk).update(**change)


def test_a_task_of_another_campaign_or_a_campaign_that_is_over_is_refused(cast):
    other = plans.make_campaign(cast.county.bureau, starts_on=in_days(-9))
    with pytest.raises(Refused, match="不属于"):
        recorded(cast, campaign=other)
    cast.campaign.status, cast.campaign.closed_on = "closed", clock.today()
    activity = recorded(cast, campaign=other, task=None)
    cast.campaign.save()
    with pytest.raises(Refused, match="已结束"):
        recorded(cast)
    Activity.objects.filter(pk=activity.pk).update(campaign=cast.campaign)
    with pytest.raises(Refused, match="数字已固定"):
        services.void_activity(activity=activity, by=cast.secretary, reason="重复")


def test_without_a_campaign_it_belongs_to_the_routine_supervision_of_its_year(cast):
    activity = recorded(cast, campaign=None, task=None)
    assert (activity.campaign.kind, activity.campaign.lead) == ("routine", cast.county.bureau)


@pytest.mark.parametrize("year, is_taken", [(2025, True), (2024, False), (2027, False), (1926, False)])
def test_only_this_year_and_the_last_have_a_routine_supervision_to_join(cast, year, is_taken):
    with clock.at(clock.start_of(date(2026, 6, 1))):
        before = Campaign.objects.count()
        columns = {"campaign": None, "task": None, "held_on": date(year, 5, 1)}
        if is_taken:
            assert recorded(cast, **columns).campaign.starts_on == date(year, 1, 1)
        else:
            with pytest.raises(Refused, match="请选择专项行动"):
                recorded(cast, **columns)
        assert Campaign.objects.count() == before + is_taken


@pytest.mark.parametrize(
    "columns, is_possible",
    [
        ({"held_on": date(2000, 1, 1)}, True),
        ({"held_on": date(1999, 12, 31)}, False),
        ({"held_on": date(2031, 6, 1)}, True),
        ({"held_on": date(2031, 6, 2)}, False),
        ({"held_on": date(2026, 6, 1), "until_on": date(9999, 12, 31)}, False),
    ],
)
def test_a_day_of_another_century_or_far_ahead_is_refused_whatever_the_campaign(cast, columns, is_possible):
    ages = plans.make_campaign(cast.county.bureau, starts_on=date(1900, 1, 1), ends_on=date(9999, 1, 1))
    with clock.at(clock.start_of(date(2026, 6, 1))):
        if is_possible:
            assert recorded(cast, campaign=ages, task=None, **columns).pk
        else:
            with pytest.raises(Refused, match="日期要在 2000-01-01 至 2031-06-01 之间"):
                recorded(cast, campaign=ages, task=None, **columns)


def test_a_correction_does_not_move_it_to_another_century(cast):
    activity = recorded(cast)
    with pytest.raises(Refused, match="请核对年份"):
        services.edit_activity(activity=activity, by=cast.secretary, changes={"held_on": date(1926, 5, 1)})


def test_on_a_leap_day_the_latest_day_is_the_last_of_february():
    with clock.at(clock.start_of(date(2028, 2, 29))):
        assert latest() == date(2033, 2, 28)


def test_attendances_of_the_homes_do_not_exceed_the_whole(cast):
    homes = [taking_part(cast.home, 30), taking_part(cast.far_home, 16)]
    with pytest.raises(Refused, match="各机构人次合计 46"):
        recorded(cast, attendances=45, homes=homes)
    assert recorded(cast, attendances=46, homes=homes).homes.count() == 2


def test_the_sides_of_a_pairing_visit_are_kept_and_of_no_other_kind(cast):
    homes = [taking_part(cast.home, side="helps"), taking_part(cast.far_home, side="helped")]
    assert [row.side for row in recorded(cast, kind="pairing", homes=homes).homes.all()] == ["helps", "helped"]
    assert [row.side for row in recorded(cast, homes=homes).homes.all()] == ["", ""]


# Who may


def test_a_home_records_its_own_oath_but_no_training_and_no_neighbour(cast):
    oath = recorded(cast, by=cast.manager, kind="oath", homes=[cast.home])
    assert oath.organiser == cast.home.office
    with pytest.raises(Refused, match="由组织单位登记"):
        recorded(cast, by=cast.manager, homes=[cast.home])
    with pytest.raises(NotYours):
        recorded(cast, by=cast.manager, kind="oath", homes=[cast.home, cast.far_home])


def test_a_township_names_no_home_that_it_does_not_see(cast):
    assert recorded(cast, by=cast.officer, homes=[cast.home]).organiser == cast.township
    with pytest.raises(NotYours):
        recorded(cast, by=cast.officer)


def test_a_campaign_of_another_county_is_not_recorded_for(cast):
    far = plans.make_campaign(cast.beyond.office)
    with pytest.raises(NotYours):
        recorded(cast, campaign=far, task=None)
    activity = recorded(cast)
    with pytest.raises(NotYours):
        services.edit_activity(activity=activity, by=cast.secretary, changes={"campaign": far, "task": None})


def test_an_evaluator_and_an_administrator_without_cases_record_nothing(cast):
    evaluator = builders.make_user(builders.make_office("evaluator", area=cast.county.area))
    administrator = builders.make_user(cast.association, is_clerk=False, is_administrator=True)
    for user in (evaluator, administrator):
        with pytest.raises(NotYours):
            recorded(cast, by=user, homes=[])


def test_the_organisers_office_and_who_recorded_it_change_it_and_nobody_else(cast):
    activity = recorded(cast, by=cast.clerk, organiser=cast.association)
    colleague = builders.make_user(cast.association)
    services.edit_activity(activity=activity, by=colleague, changes={"title": "消防培训"})
    services.edit_activity(activity=activity, by=cast.clerk, changes={"title": "消防培训班"})
    for user in (cast.officer, cast.manager, builders.make_user(cast.county.bureau)):
        with pytest.raises(NotYours):
            services.edit_activity(activity=activity, by=user, changes={"title": "改"})
        with pytest.raises(NotYours):
            services.void_activity(activity=activity, by=user, reason="改")


# Changed


def test_a_correction_says_what_was_and_a_stale_page_is_refused(cast):
    activity = recorded(cast, people=30, attendances=45)
    services.edit_activity(
        activity=activity, by=cast.secretary, changes={"attendances": 54}, homes=[cast.home], version=1
    )
    changes = Event.objects.about(activity).last().changes
    assert changes == {"人次": ["45", "54"], "参加机构": ["马田镇敬老院、柏林镇敬老院", "马田镇敬老院"]}
    with pytest.raises(Refused, match="刚刚被别人改过"):
        services.edit_activity(activity=activity, by=cast.secretary, changes={"attendances": 1}, version=1)
    activity.refresh_from_db()
    assert activity.attendances == 54


def test_a_correction_on_the_same_day_leaves_no_edition_and_of_the_words_alone_never(cast):
    activity = recorded(cast, attendances=45)
    services.edit_activity(activity=activity, by=cast.secretary, changes={"attendances": 54})
    with clock.at(clock.now() + timedelta(days=1)):
        services.edit_activity(activity=activity, by=cast.secretary, changes={"result": "另见简报"})
        assert not activity.editions.exists()
        services.edit_activity(activity=activity, by=cast.secretary, changes={"attendances": 60})
    edition = activity.editions.get()
    assert (edition.attendances, edition.status, edition.homes.count()) == (54, "corrected", 2)
    assert edition.version == 3


def test_a_home_that_took_part_keeps_the_supervisor_of_then_through_a_correction(cast):
    activity = recorded(cast)
    ActivityHome.objects.filter(facility=cast.home).update(supervisor=cast.county.bureau)
    homes = [taking_part(cast.home, 4), cast.far_home]
    services.edit_activity(activity=activity, by=cast.secretary, homes=homes)
    assert activity.homes.get(facility=cast.home).supervisor == cast.county.bureau


def test_a_photo_that_is_taken_away_stays_as_a_row_and_is_shown_no_more(cast):
    activity = recorded(cast, photos=2)
    services.edit_activity(activity=activity, by=cast.secretary, removed=[activity.files.first()])
    assert activity.files.count() == 2
    assert activity.files.filter(removed_at=None).count() == 1
    assert "去掉的材料" in Event.objects.about(activity).last().changes


def test_a_void_one_says_who_when_and_why_and_stays(cast):
    activity = recorded(cast)
    with pytest.raises(Refused, match="请写明作废原因"):
        services.void_activity(activity=activity, by=cast.secretary, reason=" ")
    voided = services.void_activity(activity=activity, by=cast.secretary, reason="重复登记")
    assert (voided.status, voided.voided_by, voided.void_reason) == ("void", cast.secretary, "重复登记")
    assert Event.objects.about(activity).last().reason == "重复登记"
    with pytest.raises(Refused, match="当前为“已作废”"):
        services.edit_activity(activity=activity, by=cast.secretary, changes={"title": "改"})


def test_a_form_sent_twice_is_one_activity(cast):
    key = activities.form(cast)["sent_key"]
    once, again = (recorded(cast, sent_key=key) for _ in range(2))
    assert (once, Activity.objects.count()) == (again, 1)
    with pytest.raises(Refused, match="已经登记为"):
        recorded(cast, sent_key=key, title="另一次培训")
    with pytest.raises(Refused, match="已经用过"):
        recorded(cast, by=cast.clerk, sent_key=key)
