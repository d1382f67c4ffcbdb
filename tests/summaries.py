"""Summaries for tests: a county whose bureau has ordered a round, made by the portal's own services."""

from campaign_portal import clock
from campaign_portal.campaigns.models import Submission, SummaryRound, YearFigure
from campaign_portal.campaigns.submissions import rounds, steps, writing

from . import builders, plans
from .builders import in_days

FIGURES = ["facilities.count", "hazards.closed_rate", "hazards.overdue"]


class Cast:
    """A county with a campaign: `clerk` and `approver` of the bureau; `first` and `second` work alone in two townships."""

    def __init__(self, *, towns=("马田镇", "柏林镇")):
        self.county = builders.make_county(towns=towns)
        self.bureau = self.county.bureau
        self.clerk = builders.make_user(self.bureau, name="陈经办")
        self.approver = builders.make_user(self.bureau, name="李局长", is_clerk=False, is_approver=True)
        self.townships = list(self.county.townships.values())
        self.people = [builders.make_user(office, phone="0735-5520001") for office in self.townships]
        self.first, self.second = self.people[:2]
        self.campaign = plans.make_campaign(self.bureau)

    def home(self, township, **columns):
        return builders.make_facility(supervisor=township, **columns)


def draft_round(campaign, **columns):
    """An unsaved round as a filled-in form would give it."""
    year = clock.today().year
    defaults = {
        "title": "专项行动总结",
        "figures_on": in_days(10),
        "due_on": in_days(10),
        "own_due_on": in_days(15),
        "first_year": year - 3,
        "last_year": year,
        "receiver_name": "郴州市民政局",
        "metrics": FIGURES,
    }
    return SummaryRound(campaign=campaign, **(defaults | columns))


def ordered(cast, *, offices=None, by=None, **columns):
    offices = cast.townships if offices is None else offices
    return rounds.order_round(draft_round(cast.campaign, **columns), rounds.PARTS, offices, by=by or cast.clerk)


def of(summary_round, office):
    return Submission.objects.select_related("round__office", "office").get(round=summary_round, office=office)


def words(text="工作扎实"):
    """A word for each part."""
    return {str(order): f"{text}之{order}" for order in range(1, 5)}


def save(submission, by, content=None, **rest):
    submission = Submission.objects.get(pk=submission.pk)
    rest = {"seen": submission.draft_number} | rest
    return writing.save_submission(submission=submission, by=by, content=content or words(), **rest)


def handed_in(summary_round, by, content=None):
    """What this person's office has to write, written and handed in."""
    submission = of(summary_round, by.office)
    save(submission, by, content)
    return steps.submit(submission=submission, by=by)


def year_figure(office, year, name="正常运营的养老机构", *, value=10, unit="家", by):
    return YearFigure.objects.create(office=office, year=year, name=name, unit=unit, value=value, entered_by=by)
