"""What tests of shares and of progress talk about: a campaign with a task that townships answer for."""

from types import SimpleNamespace

from campaign_portal.accounts.access import Role
from campaign_portal.campaigns import drafting, progress
from campaign_portal.campaigns.models import Campaign, Notice
from campaign_portal.campaigns.sharing import share_out
from campaign_portal.files.services import store_bytes

from . import builders, hazards, plans
from .builders import in_days
from .notices import WHOLE as NOTICE


class Plan:
    """A county's running campaign: one task, its reported indicator (40 名) and a milestone, all townships responsible.

    `lead` and `other` are of the bureau, `clerk` and `colleague` of the first township (马田镇), `neighbour` of the second.
    """

    def __init__(self, *, unit="名", value=40, **indicator):
        self.county = builders.make_county()
        self.bureau = self.county.bureau
        self.township, self.next_town = self.county.townships.values()
        self.lead, self.other = builders.make_user(self.bureau), builders.make_user(self.bureau)
        self.clerk, self.colleague = builders.make_user(self.township), builders.make_user(self.township)
        self.neighbour = builders.make_user(self.next_town)
        self.campaign = plans.make_campaign(self.bureau)
        self.task = plans.make_task(self.campaign, offices=[self.township, self.next_town])
        self.milestone = plans.make_milestone(self.task, due_on=in_days(10))
        self.indicator = plans.make_indicator(self.campaign, task=self.task, unit=unit, value=value, **indicator)

    def share(self, first=25, second=15, **rest):
        """Share the indicator out to the two townships."""
        return share_out(self.indicator, {self.township: first, self.next_town: second}, by=self.lead, **rest)

    def share_of(self, office):
        return self.indicator.shares.get(office=office)

    def start(self, value=12, *, by=None, base=None, **words):
        """A draft of the first township."""
        return progress.start(self.task, by=by or self.clerk, words=self.words(value, base, **words))

    def words(self, value=12, base=None, **words):
        figures = {} if value is None else {self.indicator: (value, base)}
        defaults = {"as_of": builders.clock.today(), "text": "已开班两期，覆盖全部机构。", "figures": figures}
        return progress.Words(**(defaults | words))

    def submitted(self, value=12, *, by=None, **words):
        made = self.start(value, by=by, **words)
        return progress.submit(made, by=by or self.clerk)

    def accepted(self, value=12, *, by=None, **words):
        return progress.accept(self.submitted(value, by=by, **words), by=self.lead)


def of_association(county):
    """An association's own campaign in a county, with its member homes: (user, campaign, homes)."""
    from campaign_portal.accounts import access

    office = builders.make_office(Role.ASSOCIATION, area=county.area)
    homes = [builders.make_facility(supervisor=county.township) for _ in range(2)]
    for home in homes:
        access.grant(office, "inspect_facility", home, valid_from=builders.LONG_AGO)
    return builders.make_user(office), plans.make_campaign(office), homes


# For the sweep of rights


def belonging(campaign, office):
    """A task of a campaign with an indicator, and a return of an office on it, handed in by somebody of the office."""
    by = builders.make_user(office)
    task = plans.make_task(campaign, offices=[office])
    indicator = plans.make_indicator(campaign, task=task)
    if office.kind == Role.TOWNSHIP and office.county_code == campaign.county_code:
        share_out(indicator, {office: 40}, by=builders.make_user(campaign.lead))
    words = progress.Words(builders.clock.today(), "已开班", problem="缺师资", files=(hazards.picture(by),))
    row = progress.submit(progress.start(task, by=by, words=words), by=by)
    keeper = builders.make_user(campaign.lead)
    notice = Notice.objects.filter(campaigns=campaign).first() or attached_notice(campaign, by=keeper)
    return SimpleNamespace(
        campaign=campaign,
        task=task,
        indicator=indicator,
        row=row,
        evidence=row.evidence.get(),
        milestone=plans.make_milestone(task),
        phase=plans.make_phase(campaign),
        notice=notice,
        item=notice.items.filter(kind="deadline").first(),
    )


def attached_notice(campaign, *, by):
    """A notice with its file, from which the campaign was made."""
    paper = store_bytes(b"%PDF-1.4", name="通知.pdf", content_type="application/pdf", by=by)
    notice = drafting.take_in(NOTICE, by=by, file=paper)
    Campaign.objects.filter(pk=campaign.pk).update(notice=notice)
    return notice


def arguments(plan):
    """Of each URL about a plan, what stands in its address."""
    campaign, row = plan.campaign.pk, plan.row.pk
    of_return = ("return", "return-edit", "return-take-back", "return-accept", "return-send-back")
    found = {f"campaigns:{name}": [campaign, row] for name in (*of_return, "return-answer")}
    files = {f"campaigns:{name}": [campaign, row, plan.evidence.pk] for name in ("evidence", "evidence-thumbnail")}
    own = {
        plan.task: ("task", "task-edit", "task-remove", "task-done", "task-assign", "return-new"),
        plan.indicator: ("indicator", "indicator-edit", "indicator-remove", "indicator-share"),
        plan.phase: ("phase-move",),
        plan.milestone: ("milestone-edit", "milestone-move", "milestone-done", "milestone-remove"),
    }
    of_plan = {f"campaigns:{name}": [campaign, row.pk] for row, names in own.items() for name in names}
    notice = plan.notice.pk
    of_notice = {f"campaigns:{name}": [notice] for name in ("notice", "notice-file", "notice-drop", "notice-confirm")}
    of_kind = {f"campaigns:{name}": [notice, "deadline"] for name in ("items-accept", "item-add")}
    of_item = {f"campaigns:{name}": [notice, plan.item.pk] for name in ("item-edit", "item-decide")}
    return found | files | of_plan | of_notice | of_kind | of_item
