"""A page costs the same number of queries for one row and for fifty."""

import copy

import pytest

from campaign_portal import clock
from campaign_portal.accounts import access
from campaign_portal.accounts.access import Role
from campaign_portal.accounts.models import User
from campaign_portal.audit.recording import record
from campaign_portal.jobs.services import start
from facilities.models import FormerName, Licence
from inspections import services
from inspections.models import Attachment, Comment, Hazard, Part, Photo, ProxyEntry, Request

from . import builders, hazards
from .builders import LONG_AGO, browser, count_queries, in_days
from .hazards import Cast

pytestmark = pytest.mark.django_db

MANY = 49  # added to the first


class County(Cast):
    """A cast with one home, one hazard of each kind and one of everything else; `grow` makes it fifty."""

    def __init__(self):
        with clock.at(clock.now() - 30 * clock.ONE_DAY):
            super().__init__()
            for office in (self.of_kind(Role.ASSOCIATION), self.of_kind(Role.EVALUATOR)):
                access.grant(office, "inspect_facility", self.home, valid_from=LONG_AGO)
            self.kinds = self.one_of_each()
        self.administrator = builders.make_user(self.bureau, is_administrator=True)
        FormerName.objects.create(facility=self.home, name="旧名")
        builders.make_licence(self.home, expires_on=in_days(3))

    def of_kind(self, kind):
        office = builders.make_office(kind, area=self.county.area)
        setattr(self, kind.value, builders.make_user(office))
        return office

    def one_of_each(self):
        """Overdue by now, as the duties of every role need them."""
        asked = hazards.opened(self)
        services.ask_extension(hazard=asked, by=self.manager, new_due_on=in_days(20), reason="等配件")
        major = hazards.major(self)
        services.plan_work(hazard=major, by=self.manager, changes=hazards.PLAN)
        returned = services.send_for_completion(hazard=hazards.reported(self), by=self.officer, reason="补照片")
        return [
            hazards.reported(self),
            hazards.reported(self, by=self.officer),  # entered for the home
            hazards.reported(self, fixed_on_spot=True),
            returned,
            hazards.opened(self),
            asked,
            hazards.major(self),
            hazards.submit(major, by=self.manager),
            hazards.submitted(self),
            hazards.closed(self),
        ]

    def grow(self):
        """Forty-nine homes more with a user each, and the hazards again: in each of them, and in the first."""
        homes = [builders.make_facility(supervisor=self.township) for _ in range(MANY)]
        people = {home: builders.make_home_user(home) for home in homes} | {self.home: self.manager}
        FormerName.objects.bulk_create(FormerName(facility=home, name="旧名") for home in homes)
        Licence.objects.bulk_create(Licence(facility=home, kind="food", expires_on=in_days(3)) for home in homes)
        for office in (self.association.office, self.evaluator.office):
            for home in homes:
                access.grant(office, "inspect_facility", home, valid_from=LONG_AGO)
        number = 1000
        for hazard in self.kinds:
            places = [*homes, *[self.home] * MANY]
            copies(hazard, places, people, first=number)
            number += len(places)


def copies(hazard, homes, people, *, first):
    """The hazard again in each of these homes, with its parts, photo and pending request."""
    rows = []
    for number, home in enumerate(homes, start=first):
        row = copy.copy(hazard)
        row.pk, row._state = None, copy.copy(row._state)
        row._state.adding = True
        row.facility, row.number, row.code, row.sent_key = home, number, f"X-{number}", None
        row.reported_by = people[home]
        row.submitted_by = people[home] if row.submitted_by_id else None
        rows.append(row)
    rows = Hazard.objects.bulk_create(rows)
    for model in (Part, Photo, Request, ProxyEntry):
        for owned in model.objects.filter(hazard=hazard):
            model.objects.bulk_create(_again(owned, row) for row in rows)


def _again(owned, hazard):
    owned = copy.copy(owned)
    owned.pk, owned._state, owned.hazard = None, copy.copy(owned._state), hazard
    owned._state.adding = True
    return owned


PAGES = [
    ("home", "/", ["clerk", "fire", "officer", "leader", "association", "evaluator", "manager"]),
    ("todo", "/todo/", ["clerk", "approver", "fire", "officer", "leader", "manager"]),
    ("my deadlines", "/deadlines/", ["clerk", "approver", "fire", "officer", "manager"]),
    ("month of deadlines", "/deadlines/month/", ["clerk", "officer", "manager"]),
    ("week", "/deadlines/week/", ["clerk", "fire", "officer"]),
    ("overdue by office", "/deadlines/overdue/", ["clerk", "fire", "officer"]),
    ("rows of deadlines", "/deadlines/rows/", ["clerk", "fire", "officer"]),
    ("figures", "/figures/", ["clerk", "fire", "officer"]),
    ("figures of a past day", "/figures/?on=2026-01-01", ["clerk", "fire", "officer"]),
    ("ledger", "/hazards/", ["clerk", "fire", "officer", "evaluator", "manager"]),
    ("whole ledger", "/hazards/?state=all", ["clerk", "fire", "officer", "evaluator", "manager"]),
    ("ledger to confirm from", "/hazards/?state=reported", ["clerk", "officer"]),
    ("overdue", "/hazards/?due=overdue&q=通道", ["clerk", "officer"]),
    ("facilities", "/facilities/", ["clerk", "fire", "officer", "association", "evaluator"]),
    ("licences", "/facilities/?licence=expiring&status=running", ["clerk", "officer"]),
    ("returned sheets", "/sheets/returns/", ["clerk", "manager"]),
    ("users", "/accounts/users/", ["administrator", "leader", "manager"]),
    ("events", "/events/", ["administrator"]),
    ("campaigns", "/campaigns/", ["clerk", "manager"]),
]


def test_a_page_costs_the_same_for_one_row_and_for_fifty():
    county = County()
    visits = [(name, path, who) for name, path, people in PAGES for who in people]
    clients = {who: browser(getattr(county, who)) for _, _, who in visits}

    def cost(path, who):
        clients[who].get(path)  # the first time pays for what is kept afterwards
        return count_queries(lambda: _shown(clients[who].get(path)))

    few = {(name, who): cost(path, who) for name, path, who in visits}
    county.grow()
    many = {(name, who): cost(path, who) for name, path, who in visits}
    grown = {visit: (few[visit], many[visit]) for visit in few if many[visit] != few[visit]}
    assert grown == {}


def _shown(response):
    assert response.status_code == 200
    return response


def test_the_pages_really_had_fifty_rows():
    """Else the comparison above says nothing."""
    county = County()
    county.grow()
    page = browser(county.officer).get("/hazards/?state=all")
    assert len(page.context["rows"]) == 50
    assert len(browser(county.officer).get("/facilities/").context["facilities"]) == 50
    assert browser(county.officer).get("/todo/").context["count"] > 200
    assert browser(county.manager).get("/todo/").context["count"] > 100
    assert len(browser(county.administrator).get("/events/").context["events"]) == 50


def test_a_hazards_page_costs_the_same_for_a_short_story_and_a_long_one():
    cast = Cast()
    hazard = hazards.submitted(cast)
    clients = [browser(user) for user in (cast.clerk, cast.officer, cast.manager)]

    def lengthen():
        speaker = builders.make_user(cast.township)
        services.say(hazard=hazard, by=speaker, text="请尽快")
        Attachment.objects.create(hazard=hazard, file=hazards.picture(speaker), added_by=speaker)
        before = hazard.photos.filter(stage="before").first()
        services.steps.add_photos(hazard, [hazards.picture(speaker)], stage="after", by=speaker)
        answer = hazards.picture(speaker)
        services.steps.add_photos(hazard, [answer], stage="after", by=speaker, answers={answer.pk: before})
        ProxyEntry.objects.create(hazard=hazard, what="plan", reason="院长外出", entered_by=speaker)
        decided = {"decided_by": speaker, "decided_at": clock.now(), "status": "granted"}
        Request.objects.create(
            hazard=hazard, kind="extension", reason="等配件", old_due_on=in_days(1), new_due_on=in_days(2),
            asked_by=cast.manager, office=cast.township, decide_due_on=in_days(1), **decided,
        )  # fmt: skip
        holder = builders.make_office(Role.DEPARTMENT, area=cast.county.area)
        Part.objects.create(hazard=hazard, office=holder, acting_office=holder)
        hazards.reported(cast, previous=hazard)

    def costs():
        for client in clients:
            client.get(hazard.get_absolute_url())
        return [count_queries(lambda c=client: _shown(c.get(hazard.get_absolute_url()))) for client in clients]

    lengthen()
    few = costs()
    for _ in range(8):
        lengthen()
    assert costs() == few
    assert Comment.objects.count() == 9


def test_a_homes_page_costs_the_same_for_a_short_record_and_a_long_one():
    cast = Cast()
    client, path = browser(cast.leader), f"/facilities/{cast.home.pk}/"

    def lengthen():
        person = builders.make_home_user(cast.home)
        builders.make_licence(cast.home, kind="other", expires_on=in_days(3))
        FormerName.objects.create(facility=cast.home, name=f"旧名{person.pk}")
        record("facility.edited", cast.home, by=person)

    lengthen()
    client.get(path)
    few = count_queries(lambda: _shown(client.get(path)))
    for _ in range(8):
        lengthen()
    assert count_queries(lambda: _shown(client.get(path))) == few


def test_the_list_of_jobs_costs_the_same_for_one_and_for_many():
    cast = Cast()
    client = browser(cast.manager)

    def add():
        start("hazards.pack", title="打包", by=cast.manager, params={})

    add()
    client.get("/jobs/")
    few = count_queries(lambda: _shown(client.get("/jobs/")))
    for _ in range(20):
        add()
    assert count_queries(lambda: _shown(client.get("/jobs/"))) == few


def test_an_office_with_many_people_is_listed_at_the_same_cost():
    cast = Cast()
    client = browser(cast.leader)
    client.get("/accounts/users/")
    few = count_queries(lambda: _shown(client.get("/accounts/users/")))
    people = [User(username=f"p{n}", name=f"人员{n}", office=cast.township) for n in range(49)]
    User.objects.bulk_create(people)
    assert count_queries(lambda: _shown(client.get("/accounts/users/"))) == few
