from datetime import date

from django.db import transaction

from campaign_portal.accounts.access import Role
from campaign_portal.accounts.bureaus import bureau_of
from campaign_portal.accounts.models import Area
from campaign_portal.audit.recording import name_verbs, record, snapshot
from campaign_portal.edges import Refused

from .models import Campaign, Phase
from .overtaken import refuse_overtaken

name_verbs(campaign_opened="建立专项行动", campaign_edited="修改专项行动")


@transaction.atomic
def campaign_for(row, *, on):
    """The campaign that takes a new record about `row` (it has area columns) on a day.

    The newest running special campaign of the county, else the bureau's routine supervision of that year, which is made on
    first use. A record always belongs to one.
    """
    return campaigns_for(row, [on])[on]


@transaction.atomic
def campaigns_for(row, days):
    """campaign_for() for many days at once: {day: Campaign}. As many queries as there are years."""
    running = Campaign.objects.filter(
        status=Campaign.Status.RUNNING,
        kind=Campaign.Kind.SPECIAL,
        takes_records=True,
        county_code=row.county_code,
    )
    specials = list(running.order_by("-starts_on", "-pk"))
    found = {day: next((c for c in specials if c.starts_on <= day <= c.ends_on), None) for day in days}
    years = sorted({day.year for day, campaign in found.items() if campaign is None})
    if years:
        bureau = bureau_of(row)
        if bureau is None:
            raise Refused("本县还没有设民政局账号单位，不能登记。请联系上级民政局。")
        routine = {year: routine_campaign(bureau, year=year) for year in years}
        found = {day: campaign or routine[day.year] for day, campaign in found.items()}
    return found


def overlap_of(area, starts_on, ends_on, *, but=None):
    """Why a campaign that takes new records may not run in an area from day to day, as a sentence; None if it may."""
    others = Campaign.objects.filter(
        kind=Campaign.Kind.SPECIAL,
        status=Campaign.Status.RUNNING,
        takes_records=True,
        area=area,
        starts_on__lte=ends_on,
        ends_on__gte=starts_on,
    )
    other = others.exclude(pk=but).first()
    if other is None:
        return None
    return (
        f"与“{other.title}”（{other.starts_on:%Y-%m-%d} 至 {other.ends_on:%Y-%m-%d}）的时间重叠。"
        "同一时间只有一个专项行动收录新隐患，请错开日期，或先把它的结束日期改早。"
    )


def refuse_overlap(campaign):
    """Raise Refused where another campaign of the area takes new records in the same days, or where its lead may not. Locks
    the area, so that of two that start at once the second is told."""
    if not campaign.takes_records:
        return
    if campaign.lead.kind != Role.BUREAU:
        raise Refused("新登记的隐患只归入民政局牵头的行动，请先去掉“收录新登记的隐患”。")
    Area.objects.select_for_update(of=("self",), no_key=True).get(pk=campaign.area_id)
    if sentence := overlap_of(campaign.area, campaign.starts_on, campaign.ends_on, but=campaign.pk):
        raise Refused(sentence)


@transaction.atomic
def open_campaign(campaign, phases, *, by):
    """Start a special campaign led by the user's bureau: new hazards of the county now belong to it.

    `phases` are (name, first day, last day) in order.
    """
    campaign.lead, campaign.area = by.office, by.office.area
    campaign.status = Campaign.Status.RUNNING
    refuse_overlap(campaign)
    campaign.save(force_insert=True)
    _set_phases(campaign, phases)
    record("campaign.opened", campaign, by=by, notes=_phase_notes([], phases))
    return campaign


TYPED_OF_CAMPAIGN = ["title", "code", "starts_on", "ends_on", "document_number", "goal", "takes_records"]


@transaction.atomic
def edit_campaign(campaign, phases, *, by, version=None):
    """Save an edited campaign, and its phases while it is a draft or has none: later they move by planning.move_dates.

    `version` is the one that the user's page showed: if somebody was faster, Stale says who and what.
    """
    was = Campaign.objects.select_for_update(of=("self",), no_key=True).get(pk=campaign.pk)
    refuse_overtaken(was, by, shown=version)
    before = snapshot(was)
    if campaign.status == Campaign.Status.RUNNING:
        refuse_overlap(campaign)
    old = list(campaign.phases.values_list("name", "starts_on", "ends_on"))
    campaign.version = was.version + 1
    campaign.save(update_fields=[*TYPED_OF_CAMPAIGN, "version"])
    if phases is None:
        phases = old
    else:
        _set_phases(campaign, phases)
    record("campaign.edited", campaign, by=by, before=before, notes=_phase_notes(old, phases))
    return campaign


def _set_phases(campaign, phases):
    """Write the phases in order. One that keeps its name keeps the sentence of the notice that it came from."""
    known = {phase.name: phase for phase in campaign.phases.all()}
    kept = [known.pop(name, None) or Phase(campaign=campaign, name=name) for name, _, _ in phases]
    for phase in known.values():
        phase.delete()
    for phase in kept:  # out of each other's way: an order stands once
        if phase.pk:
            Phase.objects.filter(pk=phase.pk).update(order=phase.order + 1000)
    for order, (phase, (_, first, last)) in enumerate(zip(kept, phases, strict=True)):
        phase.order, phase.starts_on, phase.ends_on = order, first, last
        phase.version += 1
        phase.save()


def _phase_notes(old, new):
    words = ["；".join(f"{name} {first} 至 {last}" for name, first, last in phases) for phases in (old, new)]
    return {} if words[0] == words[1] else {"阶段": words}


@transaction.atomic
def routine_campaign(bureau, *, year):
    """The bureau's 日常监管 campaign of a year, made on first use."""
    campaign, is_new = Campaign.objects.get_or_create(
        kind=Campaign.Kind.ROUTINE,
        lead=bureau,
        starts_on=date(year, 1, 1),
        defaults={
            "ends_on": date(year, 12, 31),
            "status": Campaign.Status.RUNNING,
            "code": f"{bureau.number_code}{year % 100:02d}R",
            "title": f"{year}年日常监管",
            "area": bureau.area,
        },
    )
    if is_new:
        record("campaign.opened", campaign, by=None)
    return campaign


def current_campaign(user, *, on):
    """The campaign whose name stands at the top of the user's pages: the newest running one that concerns the office."""
    at_hand = campaigns_at_hand(user)
    if len(at_hand) > MOST_AT_HAND:
        running = Campaign.objects.visible_to(user).running(on=on)
        return running.order_by("-kind", "-starts_on", "-pk").first()
    running = (campaign for campaign in at_hand if campaign.is_running(on=on))
    return max(running, key=lambda campaign: (campaign.kind, campaign.starts_on, campaign.pk), default=None)


def specials_at_hand(user):
    """The special campaigns at hand that have begun. Kinds of duty ask only about these: where there are none, as in a county
    between campaigns, nothing is asked of the database. Beyond MOST_AT_HAND, for a nation, the newest ones."""
    special, draft = Campaign.Kind.SPECIAL, Campaign.Status.DRAFT
    return [one for one in campaigns_at_hand(user) if one.kind == special and one.status != draft]


MOST_AT_HAND = 120  # a county has a few, a nation thousands


def campaigns_at_hand(user):
    """The campaigns that the user sees, newest first, the first MOST_AT_HAND and one more. Kept on the user for the length
    of the request: the frame of every page names one of them, and filters offer them."""
    if not hasattr(user, "_campaigns"):
        user._campaigns = list(Campaign.objects.visible_to(user).order_by("-pk")[: MOST_AT_HAND + 1])
    return user._campaigns
