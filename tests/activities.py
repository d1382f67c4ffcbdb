"""What tests of activities talk about: an activity of a county's campaign, recorded by its own services."""

from campaign_portal import clock
from facilities import activities as services
from facilities.models import Activity, Facility

from . import builders, hazards, plans
from .builders import in_days


class Cast:
    """A county with its campaign and an association that looks after one home of each of its two townships.

    `secretary` is the association's, `officer` and `neighbour` the two townships', `manager` runs `home` of the first.
    """

    def __init__(self):
        from campaign_portal.accounts import access

        self.county = builders.make_county()
        first, second = self.county.townships.values()
        self.township, self.other_township = first, second
        self.home = builders.make_facility("马田镇敬老院", supervisor=first)
        self.far_home = builders.make_facility("柏林镇敬老院", supervisor=second)
        self.association = builders.make_office("association", area=self.county.area)
        for home in (self.home, self.far_home):
            access.grant(self.association, "inspect_facility", home, valid_from=builders.LONG_AGO)
        self.campaign = plans.make_campaign(self.county.bureau, starts_on=in_days(-200), ends_on=in_days(200))
        self.task = plans.make_task(self.campaign, "培训养老护理员")
        self.secretary = builders.make_user(self.association)
        self.clerk = builders.make_user(self.county.bureau)
        self.officer = builders.make_user(first)
        self.neighbour = builders.make_user(second)
        self.manager = builders.make_home_user(self.home)
        self.stranger = builders.make_home_user(self.far_home)
        self.beyond = builders.make_user(builders.make_county("邻县").bureau)


def draft(cast, **columns):
    """An unsaved activity as a filled-in form would give it."""
    defaults = {
        "campaign": cast.campaign,
        "task": cast.task,
        "kind": Activity.Kind.TRAINING,
        "title": "护理员消防培训",
        "held_on": clock.today(),
        "place": "县委党校",
        "result": "讲了灭火器和疏散",
    }
    return Activity(**(defaults | columns))


def recorded(cast, *, by=None, homes=None, photos=0, **columns):
    """A training of the association in which both homes took part, unless said otherwise."""
    by = by or cast.secretary
    homes = [cast.home, cast.far_home] if homes is None else homes
    pictures = [hazards.picture(by) for _ in range(photos)]
    return services.record_activity(draft(cast, **columns), by=by, homes=homes, photos=pictures)


def planned(cast, **columns):
    return recorded(cast, **({"held_on": in_days(10)} | columns))


def taking_part(facility, attendances=None, side=""):
    return services.TakingPart(Facility.objects.get(pk=facility.pk), attendances, side)


def form(cast, **fields):
    """What the form of a new activity sends."""
    sent = {
        "kind": "training",
        "campaign": cast.campaign.pk,
        f"task_{cast.campaign.pk}": cast.task.pk,
        "title": "护理员消防培训",
        "held_on": clock.today(),
        "homes": [cast.home.pk],
        "people": 30,
        "attendances": 45,
        "sent_key": "8f7f0b0e-3f0f-4b7e-9d7b-0a1b2c3d4e5f",
    }
    return {name: value for name, value in (sent | fields).items() if value is not None}
