"""Two sides of one registry: what is open at all, with who answers, and what each finds on his to-do list."""

from types import SimpleNamespace

import pytest

from campaign_portal import clock
from campaign_portal.accounts.access import Role
from campaign_portal.accounts.models import Office, User
from campaign_portal.campaigns import progress
from campaign_portal.campaigns.models import Progress
from campaign_portal.deadlines.registry import KINDS, Rung, planned_kinds
from campaign_portal.reminders.recipients import People
from facilities import activities
from inspections import services
from inspections.models import Part, Request

from . import activities as activity_rows
from . import builders, circulars, hazards, plans, selfchecks, summaries
from .builders import fresh, in_days
from .hazards import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

HORIZON = 120  # days; far enough for everything below
VIEWS = {"urge", "selfcheck_urge"}  # the officers' view on what others have to do
WATCHED = {"licence_expiry"}  # on the list of the home's supervisor too, who runs after it
FOR_INFORMATION = {"read_proxy", "selfcheck_read"}


class County(Cast):
    """A county with at least one open object of every kind that is planned."""

    def __init__(self):
        super().__init__()
        self.administrator = builders.make_user(self.bureau, is_clerk=False, is_administrator=True)
        self._hazards()
        self.campaign = plans.make_campaign(self.bureau)
        self._plan()
        self._rest()

    def _hazards(self):
        hazards.reported(self)
        alone = builders.make_user(self.county.townships["柏林镇"])
        far = builders.make_facility(supervisor=alone.office)
        builders.make_home_user(far)
        hazards.reported(SimpleNamespace(home=far, manager=None), by=alone, fixed_on_spot=True)  # goes up to the county
        services.send_for_completion(hazard=hazards.reported(self), by=self.officer, reason="补照片")
        asked = hazards.opened(self)
        services.ask_extension(hazard=asked, by=self.manager, new_due_on=in_days(20), reason="等配件")
        hazards.submitted(self)
        hazards.submitted(self, by=self.officer)
        shared = hazards.major(self)
        services.plan_work(hazard=shared, by=self.manager, changes=hazards.PLAN)
        hazards.submit(shared, by=self.manager)

    def _plan(self):
        both = list(self.county.townships.values())
        task = plans.make_task(self.campaign, offices=both)
        unclaimed = plans.make_task(self.campaign, "总结经验")
        plans.make_milestone(task, due_on=in_days(5))
        plans.make_milestone(task, "一个镇先行", due_on=in_days(5), who=both[0].name)
        plans.make_milestone(unclaimed, "形成总结", due_on=in_days(5))
        plans.make_milestone(unclaimed, "全部排查", due_on=in_days(5), who="各乡镇（街道）民政办")
        for text, decide in (("已开班", False), ("已排查", True)):
            own = plans.make_task(self.campaign, text, offices=[self.township])
            words = progress.Words(clock.today(), text)
            row = progress.submit(progress.start(own, by=self.officer, words=words), by=self.officer)
            if decide:
                progress.send_back(row, by=self.clerk, comment="请补数字")

    def _rest(self):
        selfchecks.opened_round(self.clerk)
        builders.make_licence(self.home, expires_on=in_days(3))
        towns = list(self.county.townships.values())
        round = summaries.ordered(self, offices=towns)
        summaries.handed_in(round, self.leader)
        of = SimpleNamespace(campaign=self.campaign, task=None)
        circulars.sent(self.clerk)
        circulars.sent(self.clerk, reply_by=in_days(3))
        activities.record_activity(activity_rows.draft(of, held_on=in_days(2), result=""), by=self.clerk)

    def people(self):
        return [fresh(user) for user in User.objects.filter(office__county_code=self.bureau.county_code)]


def open_of(kind):
    return {entry.pk: entry for entry in kind.entries(kind.open())}


def test_every_kind_says_what_sets_its_day_and_has_something_open_here():
    County()
    for kind in planned_kinds():
        assert kind.basis, kind.code
        assert open_of(kind), f"{kind.code}: this county has none, so nothing below tests it"
    assert {kind.code for kind in KINDS.values() if not kind.open} == VIEWS | FOR_INFORMATION


def test_what_somebody_answers_for_is_on_his_list_with_the_same_day():
    """And the other way round: nothing stands on a list for which the registry names others."""
    county = County()
    people, horizon = People(county.bureau), in_days(HORIZON)
    people.ready(Office.objects.values_list("pk", flat=True))
    for kind in planned_kinds():
        entries = open_of(kind)
        listed = {}
        for user in county.people():
            if user.office.kind in kind.roles and getattr(user, kind.needs):
                for row in kind.rows(user, horizon):
                    listed.setdefault(row.pk, {})[user.pk] = kind.duty(row).due_on
        for pk, entry in entries.items():
            rung, answering = people.on(Rung.RESPONSIBLE, entry)
            asked = {one.user for one in answering if one.user} - may_not(kind, pk)
            assert rung == Rung.RESPONSIBLE, kind.code
            assert asked <= set(listed.get(pk, {})), f"{kind.code}: {entry.title}"
            assert kind.code in WATCHED or set(listed.get(pk, {})) == asked, f"{kind.code}: {entry.title}"
            assert set(listed.get(pk, {}).values()) <= {entry.due_on}, kind.code
        assert set(listed) <= set(entries), kind.code


def may_not(kind, pk):
    """Who stands on the rung but must leave it to a colleague: nobody judges his own work."""
    if kind.code == "recheck":
        return {Part.objects.get(pk=pk).hazard.submitted_by_id}
    if kind.code == "progress_decide":
        row = Progress.objects.get(pk=pk)
        return {row.submitted_by_id, row.written_by_id}
    return {Request.objects.get(pk=pk).asked_by_id} if kind.code == "decide" else set()


def test_who_may_see_an_area_sees_what_is_open_there_and_a_neighbour_nothing():
    county = County()
    stranger = fresh(builders.make_user(builders.make_county("邻县").bureau))
    clerk = fresh(county.clerk)
    for kind in planned_kinds():
        assert set(kind.visible_to(clerk).values_list("pk", flat=True)) == set(open_of(kind)), kind.code
        assert not kind.visible_to(stranger).exists(), kind.code


def test_a_township_and_a_home_see_their_own_side():
    county = County()
    officer, manager, other = fresh(county.officer), fresh(county.manager), builders.make_home_user()
    for code in ("rectify", "verify", "recheck", "decide", "selfcheck", "licence_expiry"):
        kind = KINDS[code]
        assert kind.visible_to(officer).exists(), code
        assert kind.visible_to(manager).exists(), code
        assert not kind.visible_to(fresh(other)).exists(), code


def test_a_title_names_the_home_but_no_person():
    county = County()
    names = {county.manager.name, county.officer.name, "王建国"}
    for kind in planned_kinds():
        for entry in open_of(kind).values():
            assert not any(name in entry.title for name in names), entry.title
    assert county.home.name in next(iter(open_of(KINDS["rectify"]).values())).title


@pytest.mark.parametrize("kind", [Role.HOME, Role.TOWNSHIP])
def test_an_entry_leads_to_a_page_that_its_people_may_open(kind):
    county = County()
    people = People(county.bureau)
    people.ready(Office.objects.values_list("pk", flat=True))
    for one in planned_kinds():
        for entry in open_of(one).values():
            for recipient in people.on(Rung.RESPONSIBLE, entry)[1]:
                user = fresh(User.objects.get(pk=recipient.user)) if recipient.user else None
                if user and user.office.kind == kind:
                    assert builders.browser(user).get(entry.url, follow=True).status_code == 200, (
                        f"{one.code}: {entry.url}"
                    )
