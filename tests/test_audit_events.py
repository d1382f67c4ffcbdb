"""What happened is written once, in the transaction of the change, and never changed again."""

from types import SimpleNamespace

import pytest
from django.db import DatabaseError, connection, transaction

from campaign_portal import clock
from campaign_portal.audit.models import Event
from campaign_portal.audit.recording import record, snapshot
from facilities.services import edit_facility

from .builders import browser, count_queries, in_days, make_county, make_facility, make_user

pytestmark = pytest.mark.django_db

URL = "/events/"


@pytest.fixture
def county():
    return make_county()


@pytest.fixture
def event():
    return Event.objects.about(make_facility("马田敬老院")).get()


@pytest.fixture
def administrator(county):
    return make_user(county.bureau, name="李晓明", is_administrator=True)


# Never changed


def refuses(change):
    with pytest.raises(DatabaseError, match="never changed or removed"), transaction.atomic():
        change()


def test_an_event_cannot_be_changed_through_the_orm(event):
    event.reason = "改过"
    refuses(event.save)
    refuses(lambda: Event.objects.update(actor_name="别人"))
    assert Event.objects.get(pk=event.pk).reason == ""


def test_an_event_cannot_be_deleted_through_the_orm(event):
    refuses(event.delete)
    refuses(Event.objects.all().delete)
    assert Event.objects.filter(pk=event.pk).exists()


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_event SET reason = 'x' WHERE id = %s", "DELETE FROM audit_event WHERE id = %s"]
)
def test_an_event_cannot_be_touched_with_raw_sql(event, statement):
    def change():
        with connection.cursor() as cursor:
            cursor.execute(statement, [event.pk])

    refuses(change)
    assert Event.objects.get(pk=event.pk).reason == ""


def test_who_has_events_cannot_be_deleted(county):
    officer = make_user(county.township)
    make_facility(supervisor=county.township, by=officer)
    with pytest.raises(DatabaseError), transaction.atomic():
        officer.delete()


# Written with the change


def test_a_record_outside_a_transaction_is_refused(county, monkeypatch):
    outside = lambda: SimpleNamespace(in_atomic_block=False)  # noqa: E731
    monkeypatch.setattr("campaign_portal.audit.recording.transaction", SimpleNamespace(get_connection=outside))
    with pytest.raises(RuntimeError, match="in the transaction of the change"):
        record("office.created", county.bureau, by=None)


def test_a_change_that_fails_leaves_no_event(county):
    home = make_facility(supervisor=county.township)
    events = Event.objects.count()
    home.nursing_beds = home.beds + 1
    with pytest.raises(DatabaseError), transaction.atomic():
        edit_facility(home, by=None)
    assert Event.objects.count() == events


def test_it_says_who_did_what_when_and_from_where(county):
    officer = make_user(county.township, name="周丽娟")
    home = make_facility("马田敬老院", supervisor=county.township)
    typed = {"address": "新地址", "director": "何志强", "director_phone": "13800000001", "beds": 60, "nursing_beds": 20}
    response = browser(officer).post(
        f"/facilities/{home.pk}/edit/",
        typed
        | {"name": home.name, "kind": home.kind, "operation": home.operation}
        | {"area": home.area_id, "supervisor": home.supervisor_id},
        REMOTE_ADDR="10.1.2.3",
    )
    event = Event.objects.about(home).last()
    assert (event.actor, event.actor_name, event.office_name) == (officer, "周丽娟", "马田镇民政办")
    assert (event.address, event.request_id) == ("10.1.2.3", response["X-Request-ID"])
    assert (event.target_label, event.county_code) == ("马田敬老院", county.area.code)
    assert event.changes == {"地址": ["—", "新地址"], "院长（负责人）": ["王建国", "何志强"]}
    assert event.label == "修改机构资料"


def test_a_line_still_names_who_did_it_after_that_person_has_moved(county):
    officer = make_user(county.township, name="周丽娟")
    home = make_facility(supervisor=county.township, by=officer)
    officer.name, officer.office = "周丽", county.bureau
    officer.save()
    event = Event.objects.about(home).get()
    assert (event.actor_name, event.office_name) == ("周丽娟", "马田镇民政办")


def test_changes_are_in_words_and_say_nothing_of_passwords(county):
    officer = make_user(county.township, name="周丽娟")
    before = snapshot(officer)
    officer.office, officer.is_approver, officer.password = county.bureau, True, "secret-hash"
    event = record("user.edited", officer, by=None, before=before)
    assert event.changes == {"单位": ["马田镇民政办", county.bureau.name], "审批": ["否", "是"]}


# Read


def labels(response):
    assert response.status_code == 200
    return [event.target_label for event in response.context["events"]]


def test_administrators_of_the_bureau_read_the_events_of_their_county(county, administrator):
    make_facility("马田敬老院", supervisor=county.township)
    make_facility("外县敬老院", supervisor=make_county().township)
    seen = labels(browser(administrator).get(URL))
    assert "马田敬老院" in seen and "外县敬老院" not in seen


def test_nobody_else_reads_them(county):
    for person in (
        make_user(county.bureau),  # no administrator
        make_user(county.township, is_administrator=True),
        make_user(county.departments["fire"], is_administrator=True),
    ):
        assert browser(person).get(URL).status_code == 403


def test_events_are_found_by_person_object_verb_and_day(county, administrator):
    officer = make_user(county.township, name="周丽娟")
    make_facility("马田敬老院", supervisor=county.township, by=officer)
    reader = browser(administrator)
    assert set(labels(reader.get(URL, {"who": "周丽"}))) == {"马田敬老院"}
    assert labels(reader.get(URL, {"what": "马田敬", "verb": "facility.registered"})) == ["马田敬老院"]
    assert labels(reader.get(URL, {"what": "马田敬", "verb": "user.created"})) == []
    assert labels(reader.get(URL, {"what": "马田敬", "since": in_days(1)})) == []
    assert labels(reader.get(URL, {"what": "马田敬", "until": in_days(-1)})) == []
    assert "马田敬老院" in labels(reader.get(URL, {"since": in_days(0), "until": in_days(0)}))


def test_a_question_that_makes_no_sense_is_left_out(administrator):
    everything = labels(browser(administrator).get(URL))
    for wrong in ({"since": "2026-02-31"}, {"since": "x"}, {"verb": "nothing"}, {"before": "-1"}, {"who": "\0"}):
        assert labels(browser(administrator).get(URL, wrong)) == everything


def test_older_events_are_on_the_next_page_each_once(county, administrator):
    with transaction.atomic():
        for _ in range(60):
            record("user.edited", administrator, by=administrator)
    reader = browser(administrator)
    first = reader.get(URL)
    second = reader.get(URL, {"before": first.context["next_before"]})
    keys = [event.pk for page in (first, second) for event in page.context["events"]]
    assert len(first.context["events"]) == 50
    assert keys == sorted(set(keys), reverse=True)
    assert second.context["next_before"] is None
    assert len(keys) == Event.objects.visible_to(administrator).count()


def test_the_page_costs_the_same_for_many_events(county, administrator):
    reader = browser(administrator)
    reader.get(URL)
    few = count_queries(lambda: reader.get(URL))
    for _ in range(5):
        make_facility(supervisor=county.township, by=make_user(county.township))
    assert count_queries(lambda: reader.get(URL)) == few


def test_events_are_dated_by_the_portal_s_clock():
    moment = clock.now().replace(year=2026, month=3, day=1)
    with clock.at(moment):
        home = make_facility()
    assert Event.objects.about(home).get().at == moment
