"""The summary report of a township or a bureau: ordered on a page, made by the worker, kept for the office."""

from contextlib import contextmanager
from datetime import date
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Q
from django.template.loader import render_to_string

from campaign_portal import clock
from campaign_portal.accounts import access
from campaign_portal.accounts.access import Role
from campaign_portal.accounts.models import User
from campaign_portal.checks import missing_pdf_packages
from campaign_portal.documents.pdf import make_pdf
from campaign_portal.documents.registry import Order, Part, sections_of
from campaign_portal.edges import Refused
from campaign_portal.files.services import store_bytes
from campaign_portal.jobs import services as jobs
from campaign_portal.jobs.models import Job

from .. import metrics
from ..models import Campaign

KIND = "campaigns.summary"
ROLES = (Role.BUREAU, Role.TOWNSHIP)
MOST_OPEN = 3  # of one person at a time: the worker has others to serve
IS_OPEN = Q(status__in=[Job.Status.QUEUED, Job.Status.RUNNING])


class UnderWay(Refused):
    """The same report is being made already; `job` is it."""

    def __init__(self, job):
        super().__init__("同样范围的报告正在生成，不用再提交一次。")
        self.job = job


@transaction.atomic
def order_report(*, by, words):
    """Queue a report. `words` is what ReportForm.words() gives. Raises UnderWay for one that is already being made."""
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=by.pk)  # a double click waits here for the first
    being_made = Job.objects.filter(IS_OPEN, kind=KIND, owner=by, office=by.office)
    scope = {name: words[name] for name in ("campaign", "since", "on")}
    if same := next((job for job in being_made if scope.items() <= job.params.items()), None):
        raise UnderWay(same)
    if len(being_made) >= MOST_OPEN:
        raise Refused(f"您有 {MOST_OPEN} 份报告正在生成，请等做完或取消一份再提交。")
    campaign = Campaign.objects.visible_to(by).get(pk=words["campaign"])
    title = f"{campaign.title}汇总报告（{words['since']} 至 {words['on']}）"
    areas = [list(area) for area in access.scope_of(by).areas]
    return jobs.start(KIND, title=title, by=by, params=words | {"areas": areas})


def reports_of(user):
    """The finished reports of the user's office, and his own whatever became of them, newest first."""
    found = Job.objects.filter(Q(status=Job.Status.DONE) | Q(owner=user), kind=KIND, office=user.office)
    return found.select_related("owner", "result")


def may_read(report, user):
    """Whether a report of the office still covers only what the office oversees today."""
    return {tuple(area) for area in report.params["areas"]} <= set(access.scope_of(user).areas)


def order_of(job):
    """The Order that a job was started with. Raises CannotFinish where its owner lost the right to it."""
    owner = job.owner
    campaign = Campaign.objects.visible_to(owner).filter(pk=job.params["campaign"]).first()
    works_there = owner.is_active and owner.office_id == job.office_id and owner.office.kind in ROLES
    if not works_there or campaign is None or not may_read(job, owner):
        raise jobs.CannotFinish("您的单位或管理范围有变动，不能再生成这份报告。请重新选择范围后提交。")
    return Order(owner, campaign, date.fromisoformat(job.params["since"]), date.fromisoformat(job.params["on"]))


class Printed(NamedTuple):
    """A section with its figures, ready to print."""

    section: object
    context: dict


def gather(order):
    """Every section's figures at one moment: {part: [Printed, …]}."""
    with _one_moment(), metrics.counted_once():
        return {part: [Printed(s, s.gather(order)) for s in sections_of(part)] for part in Part}


def rows_listed(order):
    """How many rows each list of the report will hold: [(title, number)]."""
    listed = [section for part in Part for section in sections_of(part) if section.rows]
    return [(section.title, section.rows(order)) for section in listed]


def as_html(order, gathered, *, advice="", plan="", step=lambda: None):
    """The whole report as the HTML that becomes a PDF. `step()` is called after each section."""
    parts = []
    for part, printed in gathered.items():
        blocks = []
        for section, context in printed:
            body = render_to_string(section.template, context | {"order": order})
            blocks.append({"title": section.title, "body": body})
            step()
        parts.append({"title": part.value, "blocks": blocks})
    written = [("意见建议", paragraphs(advice)), ("下一步工作打算", paragraphs(plan))]
    context = {"order": order, "parts": parts, "written": written, "made_at": clock.now()}
    return render_to_string("reports/summary.html", context)


def paragraphs(text):
    """The lines of a typed text that hold something, without the blanks that people indent with."""
    return [line.strip() for line in text.splitlines() if line.strip()]


@jobs.job(KIND, may_fetch=may_read)
def make_report(job, progress):
    """Figures, then text, then PDF. A cancelled one stops between these; laying out the pages cannot be interrupted."""
    order = order_of(job)
    if missing := missing_pdf_packages():
        raise jobs.CannotFinish(f"这台服务器还不能生成 PDF，请联系管理员安装 {' '.join(missing)}。")
    total = sum(len(sections_of(part)) for part in Part) + 2  # and before them the figures, after them the pages
    done = iter(range(1, total + 1))

    def step():
        progress(next(done), total)

    gathered = gather(order)
    step()
    html = as_html(order, gathered, advice=job.params["advice"], plan=job.params["plan"], step=step)
    pdf = make_pdf(html)
    step()
    name = f"{order.campaign.title[:60]}汇总报告（{order.user.office.short_name}，截至{order.on}）.pdf"
    return store_bytes(pdf, name=name, content_type="application/pdf", by=order.user)


@contextmanager
def _one_moment():
    """Within the block every query sees the same rows: figures of a report add up while others go on working."""
    with transaction.atomic():
        is_outermost = not connection.savepoint_ids  # PostgreSQL takes a level only before the first query
        if connection.vendor == "postgresql" and is_outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield
