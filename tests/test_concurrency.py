"""Many people at once: one closing, numbers without gap or double, one winner who is named to the other.

Every thread has a connection of its own and starts at a barrier; nothing sleeps. On SQLite the database is a file.
"""

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from campaign_portal.audit.models import Event
from campaign_portal.campaigns.models import Campaign
from campaign_portal.campaigns.services import routine_campaign
from campaign_portal.edges import Refused
from inspections import services
from inspections.models import Counter, Hazard, HazardHistory, Part

from . import builders, hazards
from .builders import in_days
from .hazards import Cast

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]


def at_once(*acts):
    """Run the acts in threads that start together. Returns what each returned, or the Refused it met."""
    barrier = threading.Barrier(len(acts))

    def start(act):
        try:
            connection.ensure_connection()
            barrier.wait(30)
            return act()
        except Refused as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(start, acts))


def refusals(outcomes):
    return [outcome for outcome in outcomes if isinstance(outcome, Refused)]


def test_twelve_threads_closing_one_hazard_give_one_closing_and_one_event():
    cast = Cast()
    hazard = hazards.submitted(cast)
    officers = [builders.make_user(cast.township) for _ in range(12)]
    version = hazard.version

    def close(officer):
        return lambda: hazards.close(hazard, by=officer, version=version)

    outcomes = at_once(*map(close, officers))
    refused = refusals(outcomes)
    assert len(refused) == 11
    closed = Hazard.objects.get(pk=hazard.pk)
    assert closed.status == "closed"
    assert all(f"{closed.closed_by.name}已于" in str(sentence) for sentence in refused)
    assert Event.objects.about(hazard).filter(verb="hazard.close").count() == 1
    assert Part.objects.filter(hazard=hazard, status="done").count() == 1
    assert HazardHistory.objects.filter(hazard=hazard, status="closed", valid_to=None).count() == 1


def test_forty_reports_at_once_are_numbered_without_gap_or_double():
    cast = Cast()
    hazards.reported(cast)  # the campaign is there; its making is tested below
    drafts = [hazards.draft(cast.home) for _ in range(39)]

    def report(draft):
        return lambda: services.report_hazard(draft, by=builders.fresh(cast.manager))

    outcomes = at_once(*map(report, drafts))
    assert refusals(outcomes) == []
    rows = list(Hazard.objects.order_by("number").values_list("number", "code"))
    assert [number for number, _ in rows] == list(range(1, 41))
    assert len({code for _, code in rows}) == 40


def test_a_report_that_fails_gives_its_number_back():
    cast = Cast()
    hazards.reported(cast)

    def report(draft):
        return lambda: services.report_hazard(draft, by=builders.fresh(cast.manager))

    drafts = [hazards.draft(cast.home, **({"due_on": in_days(-1)} if i % 2 else {})) for i in range(10)]
    outcomes = at_once(*map(report, drafts))
    assert len(refusals(outcomes)) == 5
    assert sorted(Hazard.objects.values_list("number", flat=True)) == [1, 2, 3, 4, 5, 6]
    assert Counter.objects.get().last == 6


def test_one_officer_strikes_off_while_another_sends_back_and_the_later_is_told_who_was_first():
    cast = Cast()
    hazard = hazards.submitted(cast)
    outcomes = at_once(
        lambda: hazards.close(hazard, by=cast.officer, version=hazard.version),
        lambda: services.send_back(
            hazard=hazard, by=cast.leader, reason="不合格", due_on=in_days(5), version=hazard.version
        ),
    )
    (sentence,) = refusals(outcomes)
    assert isinstance(sentence, services.Stale)
    hazard.refresh_from_db()
    winner = cast.officer if hazard.status == "closed" else cast.leader
    assert hazard.status in ("closed", "open")
    assert f"{cast.township.name}{winner.name}已于" in str(sentence)
    assert hazard.get_status_display() in str(sentence)
    assert Event.objects.about(hazard).filter(verb__in=["hazard.close", "hazard.send_back"]).count() == 1


def test_a_page_opened_before_the_change_is_refused_with_who_changed_it():
    cast = Cast()
    hazard = hazards.opened(cast)
    shown = hazard.version
    services.set_liaison(hazard=hazard, by=cast.leader, liaison="李勇")
    with pytest.raises(services.Stale, match=f"{cast.leader.name}已于 .* 办理“指定包联责任人”"):
        services.regrade(
            hazard=hazard, by=cast.officer, grade="major", criterion=hazards.criterion(), reason="", version=shown
        )
    hazard.refresh_from_db()
    assert hazard.grade == "normal"


def test_one_form_sent_eight_times_at_once_is_one_hazard():
    cast = Cast()
    hazards.reported(cast)
    key = uuid.uuid4()

    def report(draft):
        return lambda: services.report_hazard(draft, by=builders.fresh(cast.manager))

    outcomes = at_once(*(report(hazards.draft(cast.home, sent_key=key)) for _ in range(8)))
    assert len({hazard.pk for hazard in outcomes}) == 1
    assert Hazard.objects.filter(sent_key=key).count() == 1
    assert sorted(Hazard.objects.values_list("number", flat=True)) == [1, 2]
    assert Event.objects.filter(verb="hazard.reported").count() == 2


def test_a_finding_sent_twice_at_once_is_one_hazard():
    cast = Cast()
    hazards.reported(cast)
    key = uuid.uuid4()

    def register(draft):
        return lambda: services.register_finding(draft, by=builders.fresh(cast.officer))

    drafts = [hazards.draft(cast.home, source="daily", sent_key=key) for _ in range(4)]
    outcomes = at_once(*map(register, drafts))
    assert len({hazard.pk for hazard in outcomes}) == 1


def test_somebody_elses_key_is_not_an_answer():
    """A key is a random number of one form; whoever guesses it learns nothing and loses nothing."""
    cast, other = Cast(), Cast()
    key = uuid.uuid4()
    services.report_hazard(hazards.draft(cast.home, sent_key=key), by=cast.manager)
    with pytest.raises(Refused, match="已经用过"):
        services.report_hazard(hazards.draft(other.home, sent_key=key), by=other.manager)
    assert Hazard.objects.count() == 1


def test_the_yearly_campaign_is_made_once():
    bureau = builders.make_county().bureau
    outcomes = at_once(*[lambda: routine_campaign(bureau, year=2031)] * 8)
    assert len({campaign.pk for campaign in outcomes}) == 1
    assert Campaign.objects.count() == 1
    assert Event.objects.filter(verb="campaign.opened").count() == 1


def test_the_first_reports_of_a_year_make_campaign_and_counter_between_them():
    cast = Cast()

    def report(draft):
        return lambda: services.report_hazard(draft, by=builders.fresh(cast.manager))

    outcomes = at_once(*(report(hazards.draft(cast.home)) for _ in range(8)))
    assert refusals(outcomes) == []
    assert Campaign.objects.count() == Counter.objects.count() == 1
    assert sorted(Hazard.objects.values_list("number", flat=True)) == list(range(1, 9))


def test_two_approvers_decide_once():
    cast = Cast()
    second = builders.make_user(cast.township, is_approver=True)
    hazard = hazards.opened(cast)
    request = services.ask_extension(hazard=hazard, by=cast.manager, new_due_on=in_days(20), reason="等配件")
    outcomes = at_once(
        lambda: services.decide_request(request=request, by=cast.leader, granted=True),
        lambda: services.decide_request(request=request, by=second, granted=False, decision="不必"),
    )
    assert len(refusals(outcomes)) == 1
    assert Event.objects.about(hazard).filter(verb__startswith="hazard.extension").count() == 1


def test_two_departments_close_their_parts_at_once_and_the_last_strikes_it_off():
    cast = Cast()
    hazard = hazards.major(cast)
    services.plan_work(hazard=hazard, by=cast.manager, changes=hazards.PLAN)
    hazard = hazards.submit(hazard, by=cast.manager)
    outcomes = at_once(
        lambda: hazards.close(hazard, by=cast.fire), lambda: hazards.close(hazard, by=cast.housing)
    )  # no page was shown, so no version
    assert refusals(outcomes) == []
    hazard.refresh_from_db()
    assert hazard.status == "closed"
    verbs = Event.objects.about(hazard).filter(verb__in=["hazard.part_closed", "hazard.close"])
    assert sorted(verbs.values_list("verb", flat=True)) == ["hazard.close", "hazard.part_closed"]
