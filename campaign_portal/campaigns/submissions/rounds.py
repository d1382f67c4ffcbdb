"""Ordering summaries: who has to write, by when, to whom they go."""

from django.db import transaction
from django.db.models import Count, F, Q

from campaign_portal.accounts.access import Role
from campaign_portal.accounts.bureaus import bureau_of
from campaign_portal.accounts.models import Office, User
from campaign_portal.audit.recording import name_verbs, record, snapshot
from campaign_portal.edges import NotYours, Refused

from .. import metrics
from ..edges import LEADERS, leads
from ..models import Campaign, Submission, SubmissionPart, SummaryPart, SummaryRound

name_verbs(summaryround_ordered="布置总结报送", summaryround_changed="调整总结报送")

PARTS = [
    ("主要工作及成效", "写做了哪些工作、取得什么成效；往年情况对照上面的数据，一行一段。"),
    ("存在突出问题", "写还没有解决的突出问题和原因，点到机构、点到事。"),
    ("意见建议", "需要上级研究、协调的事项。没有的写“无”。"),
    ("下一步工作打算", "长效机制、下一年的安排。"),
]


def may_order(campaign, user):
    """The office that leads a running campaign asks for its summaries."""
    return user.office.kind in LEADERS and user.is_caseworker and leads(campaign, user)


def offices_below(office):
    """The offices that report to this one: a county's townships; a city's county bureaus; a province's city bureaus."""
    active = Office.objects.filter(is_active=True).exclude(pk=office.pk).order_by("area__code", "pk")
    if office.county_code:
        return active.filter(kind=Role.TOWNSHIP, county_code=office.county_code)
    bureaus = active.filter(kind=Role.BUREAU, province_code=office.province_code)
    if office.city_code:
        return bureaus.filter(city_code=office.city_code).exclude(county_code="")
    return bureaus.filter(county_code="").exclude(city_code="")


def office_above(office):
    """The bureau that an office's own summary goes to, if it has an account here: an association's county bureau, a
    county's city bureau, a city's provincial one."""
    if office.kind != Role.BUREAU:
        return bureau_of(office)
    levels = {"province_code": office.province_code, "city_code": office.city_code, "county_code": ""}
    if not office.county_code:
        levels["city_code"] = ""
    above = Office.objects.filter(kind=Role.BUREAU, is_active=True, **levels).exclude(pk=office.pk)
    return above.order_by("pk").first()


def metrics_for(kind):
    """The registered figures that an office of this kind may put into its summary, in order of registration."""
    plain = kind in (Role.BUREAU, Role.TOWNSHIP)  # figures without a role of their own
    return [metric for metric in metrics.METRICS.values() if (kind in metric.roles if metric.roles else plain)]


@transaction.atomic
def order_round(summary_round, parts, offices, *, by):
    """Ask `offices` for summaries (an unsaved SummaryRound with its campaign), and the lead's own office for its own.

    `parts` are (title, guidance) in order; the first carries the figures.
    """
    campaign = Campaign.objects.select_for_update(of=("self",), no_key=True).get(pk=summary_round.campaign_id)
    if not may_order(campaign, by):
        raise NotYours("总结由专项行动的牵头单位布置。")
    if campaign.status != Campaign.Status.RUNNING:
        raise Refused(f"专项行动当前为“{campaign.get_status_display()}”，不能布置总结报送。")
    if campaign.summary_rounds.filter(title=summary_round.title).exists():
        raise Refused("这个行动已有同名的总结报送，请换一个名称。")
    summary_round.office, summary_round.ordered_by = by.office, by
    summary_round.save(force_insert=True)
    made = [SummaryPart(round=summary_round, order=n, title=t, guidance=g) for n, (t, g) in enumerate(parts, start=1)]
    SummaryPart.objects.bulk_create(made)
    _ask(summary_round, offices, summary_round.office, summary_round.due_on)
    _ask(summary_round, [by.office], office_above(by.office), summary_round.own_due_on)
    names = "、".join(office.short_name for office in offices)
    record("summaryround.ordered", summary_round, by=by, notes={"报送单位": ["", names]})
    return summary_round


def _ask(summary_round, offices, receiver, due_on):
    rows = [Submission(round=summary_round, office=o, receiver=receiver, due_on=due_on) for o in offices]
    Submission.objects.bulk_create(rows)
    parts = list(summary_round.parts.all())
    SubmissionPart.objects.bulk_create(SubmissionPart(submission=row, part=part) for row in rows for part in parts)


@transaction.atomic
def change_round(summary_round, offices, *, by):
    """Save changed dates and figures of a round, and ask `offices` too. What has been handed in keeps its due date."""
    kept = SummaryRound.objects.select_for_update(of=("self",), no_key=True).get(pk=summary_round.pk)
    if not (by.is_caseworker and kept.office_id == by.office_id):
        raise NotYours("总结报送由布置它的单位调整。")
    before = snapshot(kept)
    summary_round.save(update_fields=["figures_on", "due_on", "own_due_on", "metrics"])
    waiting = summary_round.submissions.filter(handed_in_on__isnull=True)
    waiting.exclude(office=by.office_id).update(due_on=summary_round.due_on)
    waiting.filter(office=by.office_id).update(due_on=summary_round.own_due_on)
    asked = set(summary_round.submissions.values_list("office_id", flat=True))
    new = [office for office in offices if office.pk not in asked]
    _ask(summary_round, new, summary_round.office, summary_round.due_on)
    notes = {"增加报送单位": ["", "、".join(office.short_name for office in new)]} if new else {}
    record("summaryround.changed", summary_round, by=by, before=before, notes=notes)
    return summary_round


def with_progress(rounds):
    """Rounds with how many of the offices below have been asked, have handed in, mend theirs, and stand accepted."""
    below = ~Q(submissions__office=F("office"))
    return rounds.annotate(
        asked=Count("submissions", filter=below),
        handed_in=Count("submissions", filter=below & Q(submissions__status__in=Submission.HANDED_IN)),
        returned=Count("submissions", filter=below & Q(submissions__status=Submission.Status.RETURNED)),
        accepted=Count("submissions", filter=below & Q(submissions__status=Submission.Status.ACCEPTED)),
    )


def people_of(offices):
    """{office pk: up to three of its caseworkers}: whom to call about a summary. One query."""
    found = {}
    people = User.objects.filter(office__in=offices, is_active=True).exclude(is_clerk=False, is_approver=False)
    for person in people.order_by("-is_approver", "pk"):
        found.setdefault(person.office_id, []).append(person)
    return {pk: people[:3] for pk, people in found.items()}
