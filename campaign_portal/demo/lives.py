"""What happened in the demonstration county: some 600 hazards live through the portal's own services, day by day.

Each hazard is a generator that yields the moment of its next step. They are run in order of time, so numbers, events
and histories are as if people had done it; where the steps reach past now, the hazard stays as it is.
"""

import heapq
import random
from datetime import datetime, time, timedelta
from io import BytesIO

from django.utils import timezone

from campaign_portal import clock
from campaign_portal.accounts.access import Role
from campaign_portal.files.models import StoredFile
from campaign_portal.files.services import store_picture
from facilities.models import Facility
from inspections import services
from inspections.models import Category, Hazard, MajorCriterion, Photo

from . import circulars, content, reminders, selfchecks
from .drawings import draw_scene


def live(county, *, seed, count, now):
    """Run the lives of about `count` hazards up to `now`."""
    world = World(county, seed, now)
    queue = []
    for serial in range(count):
        _push(queue, serial, world.life(), now)
    for serial, life in enumerate(_others(world), start=count):
        _push(queue, serial, life, now)
    while queue:
        moment, serial, life = heapq.heappop(queue)
        with clock.at(moment):
            _push(queue, serial, life, now, reached=moment)


def _others(world):
    """Besides the hazards by dice: those that the guides tell of, the self-checks, the mornings with their reminders, and a warning."""
    return [*world.showcase(), *selfchecks.lives(world), reminders.mornings(world), circulars.warning(world)]


def _push(queue, serial, life, now, reached=None):
    """Let a life take its step at `reached` and queue it for its next one, unless that lies ahead of us."""
    try:
        moment = life.send(reached)
    except StopIteration:
        return
    if moment < now:
        heapq.heappush(queue, (moment, serial, life))


class World:
    """The people, rules and pictures of the county, and the dice."""

    def __init__(self, county, seed, now):
        self.county, self.now = county, now
        self.dice = random.Random(seed)
        self.categories = {category.code: category for category in Category.objects.filter(owner=None)}
        self.criteria = {criterion.code: criterion for criterion in MajorCriterion.objects.filter(owner=None)}
        self.homes = [home for home in county.homes.values() if home.status == Facility.Status.RUNNING]
        self.homes = [home for home in self.homes if home.county_code == county.offices["bureau"].county_code]
        self.normal = [text for text in content.HAZARDS if text["grade"] == "normal"]
        self.major = [text for text in content.HAZARDS if text["grade"] == "major"]
        self.by_office = {}
        for person in county.people.values():
            self.by_office.setdefault(person.office_id, []).append(person)
        self.fields = {o.field: o for o in county.offices.values() if o.kind == Role.DEPARTMENT}
        self.pictures = {}

    # Dice

    def chance(self, percent):
        return self.dice.random() * 100 < percent

    def later(self, moment, days_from, days_to):
        """A working moment some days after `moment`."""
        day = timezone.localtime(moment).date() + timedelta(days=self.dice.randint(days_from, days_to))
        clock_time = time(self.dice.randint(8, 16), self.dice.randint(0, 59), self.dice.randint(0, 59))
        then = timezone.make_aware(datetime.combine(day, clock_time))
        return then if then > moment else moment + timedelta(minutes=self.dice.randint(20, 90))

    def someday(self):
        start = timezone.make_aware(datetime.combine(self.county.campaign.starts_on, time(8)))
        return self.later(start, 0, (self.now - start).days)

    # People

    def of(self, office):
        return self.by_office[office.pk]

    def clerk(self, office):
        return next((p for p in self.of(office) if p.is_clerk), self.of(office)[0])

    def approver(self, office, *, but):
        people = [p for p in self.of(office) if p.is_approver and p != but]
        return people[0] if people else None

    def checker(self, office, *, but):
        """Somebody of the office who did not do the work."""
        people = [p for p in self.of(office) if p != but and (p.is_clerk or p.is_approver)]
        return self.dice.choice(people) if people else None

    # Pictures

    def picture(self, text, *, fixed, by):
        """A drawn picture, kept once a scene and named anew for each use."""
        scene = text["scene"]
        key = (scene, fixed, self.dice.randint(0, 1))
        if key not in self.pictures:
            drawn = BytesIO(draw_scene(scene, fixed=fixed, seed=key[2], label=""))
            drawn.name = "IMG.jpg"
            self.pictures[key] = store_picture(drawn, by=by)
        known = self.pictures[key]
        return StoredFile.objects.create(
            kind=known.kind,
            sha256=known.sha256,
            size=known.size,
            content_type=known.content_type,
            name=f"IMG_{clock.now():%Y%m%d_%H%M%S}.jpg",
            width=known.width,
            height=known.height,
            taken_at=clock.now() - timedelta(minutes=self.dice.randint(2, 40)),
            thumbnail_sha256=known.thumbnail_sha256,
            uploaded_by=by,
            uploaded_at=clock.now(),
        )

    # Lives

    def life(self):
        home = self.dice.choice(self.homes)
        is_finding = self.chance(28)
        text = self.dice.choice(self.major if is_finding and self.chance(18) else self.normal)
        return self.finding(home, text) if is_finding else self.self_report(home, text)

    def read_proxy(self, hazard, moment):
        """Most homes look at what was entered for them within a day or two."""
        yield self.later(moment, 0, 2)
        if hazard.proxy_entries.filter(read_at=None).exists():
            services.confirm_proxy_read(hazard=hazard, by=self.clerk(hazard.facility.office))

    def self_report(self, home, text, *, start=None):
        moment = yield from self._wait(start or self.someday())
        by, reason = self.clerk(home.office), ""
        if self.chance(5):
            by, reason = self.clerk(home.supervisor), self.dice.choice(PROXY_REASONS)
        on_spot = text["fixable_on_spot"] and self.chance(45)
        hazard = services.report_hazard(
            self.draft(home, text, fixed_on_spot=on_spot),
            by=by,
            before=[self.picture(text, fixed=False, by=by) for _ in range(self.dice.choice([1, 1, 2]))],
            after=[self.picture(text, fixed=True, by=by)] if on_spot else [],
            proxy_reason=reason,
        )
        if reason:
            yield from self.read_proxy(hazard, moment)
        moment = yield self.later(moment, 0, 2)
        officer = self.clerk(home.supervisor)
        if self.chance(7):
            services.send_for_completion(
                hazard=hazard, by=officer, reason=self.dice.choice(content.NOTES["return_reasons"])
            )
            moment = yield self.later(moment, 1, 3)
            services.complete_report(
                hazard=hazard, by=self.clerk(home.office), changes={"measure": f"{text['measure']}已补充责任到人。"}
            )
            moment = yield self.later(moment, 0, 2)
        elif self.chance(2):
            services.void_report(hazard=hazard, by=officer, reason=self.dice.choice(content.NOTES["void_reasons"]))
            return
        hazard.refresh_from_db()
        if hazard.fixed_on_spot:
            checker = self.checker(home.supervisor, but=hazard.submitted_by) or self.clerk(
                self.county.offices["bureau"]
            )
            services.verify_fixed(hazard=hazard, by=checker, note="已核对整改前后照片，整改到位。")
            return
        due_on = max(hazard.due_on, clock.today() + timedelta(days=2))
        services.verify_hazard(hazard=hazard, by=officer, grade=Hazard.Grade.NORMAL, due_on=due_on)
        yield from self.work(hazard, text, moment)

    def finding(self, home, text, *, start=None):
        moment = yield from self._wait(start or self.someday())
        offices = [self.fields[name] for name in text["fields"] if name in self.fields]
        if offices and self.chance(70):
            by = self.clerk(offices[0])
        else:
            by = self.clerk(self.dice.choice([home.supervisor, self.county.offices["bureau"]]))
            offices = [] if text["grade"] == "normal" else offices
        hazard = self.draft(home, text, measure="" if text["grade"] == "major" else text["measure"])
        hazard.source = self.dice.choice(
            [Hazard.Source.JOINT, Hazard.Source.JOINT, Hazard.Source.DAILY, Hazard.Source.COVERT]
        )
        hazard.finders = by.name
        hazard.grade, hazard.criterion = text["grade"], self.criteria.get(text["criterion"])
        hazard.due_on = clock.today() + timedelta(days=max(text["days"], 5))
        pictures = [self.picture(text, fixed=False, by=by)]
        services.register_finding(hazard, by=by, departments=offices, before=pictures)
        yield from self.work(hazard, text, moment)

    def work(self, hazard, text, moment):
        """From open to struck off, with what may come between."""
        home, manager = hazard.facility, self.clerk(hazard.facility.office)
        if hazard.is_major:
            moment = yield self.later(moment, 1, 4)
            services.plan_work(hazard=hazard, by=manager, changes=self.plan(text, home))
        if self.chance(14):
            ask, answer = self.dice.choice(content.NOTES["comments"])
            moment = yield self.later(moment, 0, 2)
            services.say(hazard=hazard, by=manager, text=ask)
            moment = yield self.later(moment, 0, 1)
            services.say(hazard=hazard, by=self.clerk(home.supervisor), text=answer)
        if self.chance(8):
            moment = yield from self.extension(hazard, moment, manager)
        if self.chance(14) and (self.now - moment).days < 35:
            return  # nobody has set to work yet
        hazard.refresh_from_db()
        days_left = max((hazard.due_on - timezone.localtime(moment).date()).days, 1)
        moment = yield self.later(moment, max(days_left // 3, 1), days_left + (5 if self.chance(15) else 0))
        yield from self.rectify(hazard, text, moment, manager)

    def extension(self, hazard, moment, manager):
        moment = yield self.later(moment, 1, 2)
        hazard.refresh_from_db()
        if hazard.due_on < clock.today():
            return moment
        request = services.ask_extension(
            hazard=hazard,
            by=manager,
            new_due_on=hazard.due_on + timedelta(days=self.dice.choice([7, 10, 15])),
            reason=self.dice.choice(content.NOTES["extension_reasons"]),
            interim=self.dice.choice(content.NOTES["interim_measures"]),
        )
        moment = yield self.later(moment, 1, 3)
        decider = self.approver(request.office, but=manager)
        if decider is None:
            return moment
        granted = self.chance(75)
        decision = "同意，期间落实好防控措施。" if granted else "配件本地可购，请按原期限完成。"
        services.decide_request(request=request, by=decider, granted=granted, decision=decision)
        return moment

    def rectify(self, hazard, text, moment, manager):
        by, reason = manager, ""
        if self.chance(4):
            by, reason = self.clerk(hazard.supervisor), self.dice.choice(PROXY_REASONS)
        self.submit(hazard, text, by, reason)
        if reason:
            yield from self.read_proxy(hazard, moment)
        hazard.refresh_from_db()
        moment = yield self.later(moment, 0, 6 if self.chance(25) else 3)
        if self.chance(10):
            part = self.waiting(hazard)[0]
            checker = self.checker(part.acting_office, but=by)
            if checker is None:
                return
            reason = text["send_back_note"] or self.dice.choice(content.NOTES["send_back_reasons"])
            services.send_back(hazard=hazard, by=checker, reason=reason, due_on=clock.today() + timedelta(days=7))
            moment = yield self.later(moment, 2, 8)
            self.submit(hazard, text, manager, "")
            moment = yield self.later(moment, 1, 3)
            by = manager
        for part in self.waiting(hazard):
            checker = self.checker(part.acting_office, but=by)
            if checker is None:
                return
            services.close_part(
                hazard=hazard, by=checker, note="现场复查，整改到位，同意销号。", rechecked_on=clock.today()
            )
            moment = yield self.later(moment, 0, 4)

    def submit(self, hazard, text, by, reason):
        befores = list(hazard.photos.filter(stage=Photo.Stage.BEFORE))
        after = [self.picture(text, fixed=True, by=by)]
        services.submit_rectification(
            hazard=hazard,
            by=by,
            rectification=text["done_note"],
            rectified_on=clock.today(),
            after=after,
            answers={after[0].pk: befores[0]} if befores else {},
            proxy_reason=reason,
        )

    @staticmethod
    def waiting(hazard):
        parts = hazard.parts.select_related("acting_office").filter(status="open")
        return list({part.acting_office_id: part for part in parts}.values())

    def draft(self, home, text, **rest):
        staff = next(row["staff"] for row in content.HOMES if row["name"] == home.name)
        fields = {
            "measure": text["measure"],
            "responsible": self.dice.choice([home.director, *(person["name"] for person in staff)]),
            "responsible_phone": home.director_phone,
            "due_on": clock.today() + timedelta(days=max(text["days"], 5)),
        }
        return Hazard(
            facility=home,
            category=self.categories[text["category"]],
            place=text["place"],
            summary=text["summary"],
            found_on=clock.today(),
            previous=self.before(home, text),
            **(fields | rest),
        )

    @staticmethod
    def before(home, text):
        """The same thing in the same home, struck off: it has come back."""
        return Hazard.objects.filter(facility=home, summary=text["summary"], status=Hazard.Status.CLOSED).last()

    @staticmethod
    def plan(text, home):
        return {
            "measure": text["measure"],
            "responsible": home.director,
            "responsible_phone": home.director_phone,
            "funds": text["funds"],
            "plan": text["plan"],
        }

    @staticmethod
    def _wait(moment):
        yield moment
        return moment

    # What somebody who opens the demo should find

    def showcase(self):
        """At 柏林敬老院 each state is there to be walked through."""
        home = self.county.homes["柏林敬老院"]
        ago = lambda days: self.later(self.now - timedelta(days=days), 0, 0)  # noqa: E731
        plain = [text for text in self.normal if not text["fixable_on_spot"]]
        for index, days in enumerate([1, 1, 2, 2]):
            yield self.fresh_report(home, plain[index * 7], ago(days))
        yield self.left_open(home, plain[30], ago(20))
        yield self.left_open(home, plain[36], ago(9))
        yield self.left_submitted(home, plain[41], ago(12))
        yield self.asked_for_more_time(self.county.homes["马田敬老院"], plain[44], ago(8))
        shared = next(text for text in self.major if {"fire", "housing"} <= set(text["fields"]))
        yield self.shared_major(home, shared, ago(14))
        yield self.entered_for(home, plain[50], ago(3))
        yield self.shared_submitted(self.county.homes["油麻敬老院"], shared, ago(16))

    def fresh_report(self, home, text, moment):
        yield moment
        by = self.clerk(home.office)
        services.report_hazard(self.draft(home, text), by=by, before=[self.picture(text, fixed=False, by=by)])

    def left_open(self, home, text, moment):
        yield moment
        by = self.clerk(home.office)
        hazard = services.report_hazard(self.draft(home, text), by=by, before=[self.picture(text, fixed=False, by=by)])
        yield self.later(moment, 1, 1)
        due_on = clock.today() + timedelta(days=10)
        services.verify_hazard(hazard=hazard, by=self.clerk(home.supervisor), grade="normal", due_on=due_on)

    def left_submitted(self, home, text, moment):
        yield from self.left_open(home, text, moment)
        hazard = Hazard.objects.filter(facility=home, summary=text["summary"], status="open").latest("pk")
        yield self.later(self.now - timedelta(days=2), 0, 0)
        self.submit(hazard, text, self.clerk(home.office), "")

    def asked_for_more_time(self, home, text, moment):
        yield from self.left_open(home, text, moment)
        hazard = Hazard.objects.filter(facility=home, summary=text["summary"], status="open").latest("pk")
        yield self.later(self.now - timedelta(days=1), 0, 0)
        services.ask_extension(
            hazard=hazard,
            by=self.clerk(home.office),
            new_due_on=hazard.due_on + timedelta(days=10),
            reason=content.NOTES["extension_reasons"][0],
            interim=content.NOTES["interim_measures"][0],
        )

    def shared_major(self, home, text, moment):
        yield moment
        by = self.clerk(self.county.offices["fire"])
        hazard = self.draft(home, text, measure="")
        hazard.source, hazard.finders = Hazard.Source.JOINT, by.name
        hazard.grade, hazard.criterion = "major", self.criteria[text["criterion"]]
        hazard.due_on = clock.today() + timedelta(days=30)
        offices = [self.county.offices[key] for key in ("fire", "housing")]
        services.register_finding(hazard, by=by, departments=offices, before=[self.picture(text, fixed=False, by=by)])

    def shared_submitted(self, home, text, moment):
        """Planned, rectified, and waiting for both departments."""
        yield from self.shared_major(home, text, moment)
        hazard = Hazard.objects.filter(facility=home, summary=text["summary"], status="open").latest("pk")
        manager = self.clerk(home.office)
        yield self.later(self.now - timedelta(days=9), 0, 0)
        services.plan_work(hazard=hazard, by=manager, changes=self.plan(text, home))
        yield self.later(self.now - timedelta(days=2), 0, 0)
        self.submit(hazard, text, manager, "")

    def entered_for(self, home, text, moment):
        yield moment
        by = self.clerk(home.supervisor)
        services.report_hazard(
            self.draft(home, text),
            by=by,
            before=[self.picture(text, fixed=False, by=by)],
            proxy_reason=PROXY_REASONS[0],
        )


PROXY_REASONS = ["院长外出培训，电话口述", "院里手机坏了，现场核对后代填", "院长住院，由护理组长电话说明"]
