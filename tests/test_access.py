"""Who may call what, swept: every URL, every role and nobody, own and neighbour's object, GET and POST.

A new URL fails here until MATRIX names it; a view fails until it declares its roles. The sweep then calls it as
everybody, and watches every statement that reaches the database.
"""

import logging
import re
import uuid
from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from django.urls import reverse

from campaign_portal import clock
from campaign_portal.accounts import access
from campaign_portal.accounts.access import EVERYONE, Role
from campaign_portal.campaigns.models import Campaign, SubmissionFile, SummaryRound
from campaign_portal.campaigns.progress import REPORTERS
from campaign_portal.campaigns.reports.services import KIND as REPORT
from campaign_portal.deadlines.services import make_feed_address
from campaign_portal.files import services as files
from campaign_portal.files.models import Upload
from campaign_portal.jobs.models import Job
from campaign_portal.jobs.services import start
from campaign_portal.lists.services import save_view
from campaign_portal.sheets import importing
from campaign_portal.sheets.importers import IMPORTERS
from campaign_portal.sheets.models import Batch
from facilities.activities import record_activity
from facilities.activity_edges import RECORDERS
from facilities.models import Activity
from inspections import services
from inspections.acts import ACTS
from inspections.edges import EDGES
from inspections.models import AnswerPhoto, Hazard, Photo

from . import access_matrix, builders, circulars, hazards, inboxes, messaging, plans, progresses, selfchecks, summaries
from . import import_books as books
from .builders import LONG_AGO, browser, in_days

pytestmark = pytest.mark.django_db

# URL name → who may call it: B bureau, D department, T township, A association, E evaluator, H home, * nobody signed in.
# A duty that is needed as well stands behind "+".
MATRIX = {
    "healthz": "BDTAEH*",
    "readyz": "BDTAEH*",
    "home": "BDTAEH",
    "todo": "BDTAH",
    "figures": "BDT",
    "outbox": "BDTAH",
    "service-worker": "BDTAEH*",
    "manifest": "BDTAEH*",
    "deadlines:mine": "BDTAH",
    "deadlines:month": "BDTAH",
    "deadlines:week": "BDT",
    "deadlines:overdue": "BDT",
    "deadlines:rows": "BDT",
    "deadlines:history": "BDTAEH",
    "deadlines:subscription": "BDTAH",
    "deadlines:subscription-new": "BDTAH",
    "deadlines:subscription-end": "BDTAH",
    "deadlines:feed": "BDTAEH*",
    "reminders:inbox": "BDTAEH",
    "reminders:inbox-read": "BDTAEH",
    "reminders:message": "BDTAEH",
    "reminders:message-read": "BDTAEH",
    "reminders:message-mute": "BDTAEH",
    "reminders:receiving": "BDTAEH",
    "reminders:absence-new": "BDTAEH",
    "reminders:absence-end": "BDTAEH",
    "reminders:mute-end": "BDTAEH",
    "reminders:rules": "B",
    "reminders:rules-edit": "B +is_administrator",
    "reminders:rules-restore": "B +is_administrator",
    "reminders:settings": "B +is_administrator",
    "reminders:turn": "B +is_administrator",
    "reminders:run-release": "B +is_administrator",
    "reminders:run-drop": "B +is_administrator",
    "reminders:rehearsal": "B",
    "reminders:calls": "BTH",
    "reminders:call-told": "BTH",
    "campaigns:campaigns": "BDTAEH",
    "campaigns:campaign-new": "B",
    "campaigns:campaign-edit": "BA",
    "campaigns:campaign": "BDTAEH",
    "campaigns:wall": "BDTA",
    "campaigns:campaign-start": "BA",
    "campaigns:campaign-close": "BA",
    "campaigns:plan": "BDTAH",
    "campaigns:task": "BDTAH",
    "campaigns:task-new": "BA",
    "campaigns:task-edit": "BA",
    "campaigns:task-remove": "BA",
    "campaigns:task-done": "BA",
    "campaigns:phase-move": "BA",
    "campaigns:milestone-new": "BA",
    "campaigns:milestone-edit": "BA",
    "campaigns:milestone-move": "BA",
    "campaigns:milestone-done": "BA",
    "campaigns:milestone-remove": "BA",
    "campaigns:indicator": "BDTAH",
    "campaigns:indicator-new": "BA",
    "campaigns:indicator-edit": "BA",
    "campaigns:indicator-remove": "BA",
    "campaigns:notices": "BA",
    "campaigns:notice-new": "BA",
    "campaigns:notice": "BDTAEH",
    "campaigns:notice-file": "BDTAEH",
    "campaigns:notice-drop": "BA",
    "campaigns:notice-confirm": "BA",
    "campaigns:items-accept": "BA",
    "campaigns:item-add": "BA",
    "campaigns:item-edit": "BA",
    "campaigns:item-decide": "BA",
    "campaigns:indicator-share": "BTA",
    "campaigns:task-assign": "BA",
    "campaigns:work": "BDTAH",
    "campaigns:brief": "T",
    "campaigns:brief-pdf": "T",
    "campaigns:return-new": "BDTAH",
    "campaigns:progress": "BA",
    "campaigns:return": "BDTAH",
    "campaigns:return-edit": "BDTAH",
    "campaigns:return-take-back": "BDTAH",
    "campaigns:return-accept": "BA",
    "campaigns:return-send-back": "BA",
    "campaigns:return-answer": "BA",
    "campaigns:evidence": "BDTAH",
    "campaigns:evidence-thumbnail": "BDTAH",
    "campaigns:summary-rounds": "BTA",
    "campaigns:summary-round-new": "BA",
    "campaigns:summary-round": "BTA",
    "campaigns:summary-round-edit": "BA",
    "campaigns:submission": "BTA",
    "campaigns:submission-write": "BTA",
    "campaigns:submission-submit": "BTA",
    "campaigns:submission-return": "BA",
    "campaigns:submission-accept": "BA",
    "campaigns:submission-dispatch": "B",
    "campaigns:submission-drafts": "BTA",
    "campaigns:submission-restore": "BTA",
    "campaigns:submission-print": "BTA",
    "campaigns:submission-file": "BTA",
    "campaigns:year-figures": "BTA",
    "campaigns:year-figures-import": "BTA",
    "campaigns:year-figure-remove": "BTA",
    "calendar:calendar": "BDTAEH",
    "calendar:load": "B +is_administrator",
    "accounts:sign-in": "BDTAEH*",
    "accounts:sign-out": "BDTAEH",
    "accounts:password": "BDTAEH",
    "accounts:second-factor": "BDTAEH",
    "accounts:second-factor-code": "BDTAEH",
    "accounts:second-factor-setup": "BDTAEH",
    "accounts:recovery-codes": "BDTAEH",
    "accounts:second-factor-off": "BDTAEH",
    "accounts:user-reset-second-factor": "BDTAEH",
    "accounts:users": "BDTAEH",
    "accounts:user-new": "BDTAEH",
    "accounts:user": "BDTAEH",
    "accounts:user-reset-password": "BDTAEH",
    "accounts:user-active": "BDTAEH",
    "accounts:user-move": "BDTAEH",
    "accounts:user-hand-over": "BDTAEH",
    "audit:events": "B +is_administrator",
    "deliveries:deliveries": "BT +is_administrator",
    "deliveries:resend": "BT +is_administrator",
    "deliveries:channels": "BT +is_administrator",
    "deliveries:mail-try": "BT +is_administrator",
    "deliveries:robot-new": "BT +is_administrator",
    "deliveries:robot": "BT +is_administrator",
    "deliveries:robot-switch": "BT +is_administrator",
    "deliveries:robot-try": "BT +is_administrator",
    "files:picture-upload": "BDTAH",
    "files:upload": "BDTAH",
    "files:pending": "BDTAH",
    "jobs:jobs": "BDTH",
    "jobs:job": "BDTH",
    "jobs:job-cancel": "BDTH",
    "jobs:job-result": "BDTH",
    "reports:reports": "BT",
    "reports:report-download": "BT",
    "sheets:returns": "BDTH",
    "sheets:return-upload": "BDTH",
    "sheets:return": "BDTH",
    "sheets:return-undo": "BDTH",
    "sheets:return-drop": "BDTH",
    "sheets:return-file": "BDTH",
    "facilities:facilities": "BDTAEH",
    "facilities:facilities-export": "BDTAEH",
    "facilities:facility-new": "BT",
    "facilities:facility": "BDTAEH",
    "facilities:facility-edit": "BTH",
    "facilities:facility-state": "BT",
    "facilities:licence-new": "BTH",
    "facilities:licence-edit": "BTH",
    "facilities:licence-remove": "BTH",
    "activities:activities": "BDTAEH",
    "activities:activities-export": "BDTAEH",
    "activities:activity-new": "BDTAH",
    "activities:activity": "BDTAEH",
    "activities:activity-edit": "BDTAH",
    "activities:activity-hold": "BDTAH",
    "activities:activity-void": "BDTAH",
    "activities:activity-attach": "BDTAH",
    "activities:file": "BDTAEH",
    "activities:file-thumbnail": "BDTAEH",
    "lists:views": "BDTEH",
    "lists:view-save": "BDTEH",
    "lists:view": "BDTEH",
    "lists:view-rename": "BDTEH",
    "lists:view-share": "BDTEH",
    "lists:view-first": "BDTEH",
    "lists:view-delete": "BDTEH",
    "imports:imports": "BT",
    "imports:batch": "BT",
    "imports:match": "BT",
    "imports:picks": "BT",
    "imports:apply": "BT",
    "imports:mend": "BT",
    "imports:undo": "BT",
    "imports:drop": "BT",
    "circulars:circulars": "BDTAEH",
    "circulars:circular-new": "BTA",
    "circulars:circular": "BDTAEH",
    "circulars:circular-edit": "BTA",
    "circulars:circular-drop": "BTA",
    "circulars:recipients": "BTA",
    "circulars:circular-send": "BTA",
    "circulars:circular-read": "BDTAEH",
    "circulars:circular-reply": "BDTAEH",
    "circulars:circular-nudge": "BTA",
    "circulars:circular-export": "BT",
    "circulars:circular-phone": "BTA",
    "circulars:circular-file": "BDTAEH",
    "circulars:circular-thumbnail": "BDTAEH",
    "inspections:ledger": "BDTEH",
    "inspections:ledger-export": "BDTEH",
    "inspections:pack": "BDTH",
    "inspections:report": "BTH",
    "inspections:register": "BDT",
    "inspections:ledger-print": "BDTEH",
    "inspections:bulk-verify": "BT",
    "inspections:bulk-liaison": "BT",
    "inspections:bulk-person": "BTH",
    "inspections:bulk-departments": "BT",
    "inspections:hazard": "BDTEH",
    "inspections:hazard-panel": "BDTEH",
    "inspections:reported": "BDTH",
    "inspections:hazard-comment": "BDTH",
    "inspections:hazard-attach": "BDTH",
    "inspections:hazard-proxy-read": "H",
    "inspections:photo": "BDTEH",
    "inspections:photo-thumbnail": "BDTEH",
    "inspections:attachment": "BDTEH",
    "inspections:request-decide": "BT +is_approver",
    "inspections:hazard-verify": "BT",
    "inspections:hazard-verify-fixed": "BT",
    "inspections:hazard-send-for-completion": "BT",
    "inspections:hazard-complete": "BTH",
    "inspections:hazard-void": "BT",
    "inspections:hazard-plan": "BTH",
    "inspections:hazard-submit": "BTH",
    "inspections:hazard-close": "BDT",
    "inspections:hazard-send-back": "BDT",
    "inspections:hazard-take-over": "B",
    "inspections:hazard-ask-extension": "BTH",
    "inspections:hazard-regrade": "BT",
    "inspections:hazard-share": "BT",
    "inspections:hazard-set-liaison": "BT",
    "inspections:hazard-ask-void": "BT",
    "selfcheck:rounds": "BDTH",
    "selfcheck:round-new": "B",
    "selfcheck:round": "BDT",
    "selfcheck:check": "BDTH",
    "selfcheck:part": "BTH",
    "selfcheck:submit": "BTH",
    "selfcheck:confirm-read": "H",
    "selfcheck:signature": "BDTH",
    "selfcheck:photo": "BDTH",
    "selfcheck:photo-thumbnail": "BDTH",
}
LETTERS = dict(zip("BDTAEH*", [*Role.values, "anonymous"], strict=True))
URLS = {url.name: url for url in access_matrix.urls()}


def roles_of(name):
    """Who may call a URL, as the matrix says: (roles, duty)."""
    letters, _, duty = MATRIX[name].partition(" +")
    return frozenset(LETTERS[letter] for letter in letters), duty


# The matrix


def test_every_view_declares_its_roles_and_has_a_name():
    bare = [url.route for url in access_matrix.urls() if not hasattr(url.view, "allowed_roles")]
    nameless = [url.route for url in access_matrix.urls() if not url.name or url.name.endswith(":")]
    assert (bare, nameless) == ([], [])
    assert len(URLS) == len(list(access_matrix.urls())), "two patterns share a name"


def test_the_matrix_names_every_url_and_nothing_else():
    assert set(MATRIX) == set(URLS)
    assert {act.url_name for act in ACTS.values()} <= set(MATRIX)
    assert set(ACTS) == {edge.verb for edge in EDGES}


@pytest.mark.parametrize("name", URLS)
def test_each_view_has_the_roles_and_duty_that_the_matrix_expects(name):
    view = URLS[name].view
    assert (view.allowed_roles, view.allowed_duty) == roles_of(name)


def test_the_printed_matrix_is_up_to_date():
    printed = access_matrix.PAGE.read_text(encoding="utf-8") if access_matrix.PAGE.exists() else ""
    assert printed == access_matrix.page(), f"docs/access.md is out of date; run: {access_matrix.COMMAND}"


# The cast: one county in which everybody has something of their own and a neighbour. Built once for the module.


class World:
    """A home with everything that hangs on it: hazards in every state, photos, attachments, a request, a licence.

    `secret` stands in its name, its people and its hazards, so that a page that shows any of them gives itself away.
    """

    def __init__(self, county, supervisor, *, secret, area=None, departments=()):
        self.county, self.supervisor, self.secret = county, supervisor, secret
        self.facility = builders.make_facility(f"{secret}院", supervisor=supervisor, area=area)
        self.licence = builders.make_licence(self.facility, expires_on=in_days(9), number=f"{secret}证")
        self.manager = builders.make_home_user(self.facility, name=f"{secret}院长")
        self.officer = builders.make_user(supervisor, name=f"{secret}办事员")
        self.colleague = builders.make_user(supervisor, is_approver=True)
        self.summary = f"{secret}疏散通道堆物"
        self.departments = [supervisor, *departments]
        self.home = self.facility  # what builders of hazards ask a cast for
        S = Hazard.Status
        self.hazards = {
            S.REPORTED: self.report(),
            "fixed": self.report(fixed_on_spot=True),
            S.RETURNED: services.send_for_completion(hazard=self.report(), by=self.officer, reason="补照片"),
            S.OPEN: self.open(),
            "asked": self.open(),
            S.SUBMITTED: hazards.submit(self.open(), by=self.manager),
        }
        self.request = services.ask_extension(
            hazard=self.hazards["asked"], by=self.manager, new_due_on=in_days(30), reason="等配件"
        )
        self.hazards["asked"].refresh_from_db()
        self.proxy = self.report(by=self.officer)
        opened = self.hazards[S.OPEN]
        self.photo = Photo.objects.filter(hazard=opened).first()
        pdf = files.store_bytes(b"%PDF-1.4", name=f"{secret}报告.pdf", content_type="application/pdf", by=self.manager)
        self.attachment = services.attach_document(hazard=opened, by=self.manager, file=pdf)

    def report(self, **columns):
        return hazards.reported(self, summary=self.summary, **columns)

    def go_through(self, ours, signed):
        """Its self-checks: one begun, with a finding and its photo; one that its officer entered and signed."""
        self.check, self.signed = (selfchecks.check_of(one, self.facility) for one in (ours, signed))
        selfchecks.answer_all(self.check, by=self.manager, not_met=[1], note=self.summary)
        self.check_photo = AnswerPhoto.objects.get(answer__self_check=self.check)
        name = hazards.picture(self.officer)
        self.signed = selfchecks.submitted(
            self.signed, by=self.officer, signer=f"{self.secret}办事员", signature=name, proxy_reason="院长外出"
        )

    def open(self):
        hazard = self.report()
        return services.verify_hazard(
            hazard=hazard, by=self.officer, grade="normal", due_on=hazard.due_on, departments=self.departments
        )


def belongings(user, *, account, campaign, check_round, reporter, importer):
    """What hangs on a user rather than on a home: an account to look after, jobs, a pending picture, a saved view, a
    campaign, a round of self-checks; a report of the `reporter`'s office, a sheet that the account's office sent back,
    and a workbook that `importer` has uploaded.
    """
    result = files.store_bytes(b"PK", name="隐患台账.zip", content_type="application/zip", by=user)
    done = start("hazards.pack", title="打包", by=user, params={})
    Job.objects.filter(pk=done.pk).update(status="done", result=result, ended_at=clock.now())
    queued = start("hazards.pack", title="打包", by=user, params={})
    token = files.token_for(hazards.picture(user))
    upload = Upload.objects.create(key=uuid.uuid4(), uploaded_by=user, name="照片.jpg", size=9, sha256="0" * 64)
    view = save_view(by=user, code="hazards", name="待整改", query="state=open")
    period = {"campaign": campaign.pk, "since": "2026-09-01", "on": "2026-09-30"}
    report = start(REPORT, title="汇总报告", by=reporter, params=period | {"advice": "", "plan": "", "areas": []})
    Job.objects.filter(pk=report.pk).update(status="done", result=result, ended_at=clock.now())
    sheet = Batch.objects.create(
        kind="round_trip", sheet="hazards", file=result, office=account.office, uploaded_by=account, counts=NO_CHANGES
    )
    given = {"user": user, "account": account, "campaign": campaign, "check_round": check_round}
    made = {"done": done, "queued": queued, "token": token, "view": view, "report": report, "sheet": sheet}
    plan = progresses.belonging(campaign, account.office if account.role in REPORTERS else campaign.lead)
    sent = messaging.belonging(account.office)
    return SimpleNamespace(**given, **made, upload=upload, batch=uploaded(importer), plan=plan, sent=sent)


def hold_activities(belonging, user, world):
    """An activity that `user` has recorded, with a photo, and one that is planned; the world's home takes part in both."""
    common = {"title": f"{world.secret}宣誓", "kind": "oath"}
    for name, day in [("activity", in_days(0)), ("planned", in_days(9))]:
        activity = Activity(held_on=day, **common)
        pictures = [hazards.picture(user)]
        setattr(belonging, name, record_activity(activity, by=user, homes=[world.facility], photos=pictures))


def remind(belonging, user, deputy, office, bureau, *, secret):
    """Messages are one's own: even a colleague is a neighbour. Calls and plans are an office's."""
    belonging.reminded = inboxes.belonging(user, deputy, office, bureau, secret=secret)
    belonging.rule_kind = "rectify" if secret == "本人" else "no-such-kind"


NO_CHANGES = {"changed": 0, "problems": 0, "unchanged": 0, "removed": 0}


def uploaded(user):
    book = books.table(["机构名称", "负责人", "负责人电话"], [f"{user.name}院", "张三", "13800000001"])
    return importing.upload(IMPORTERS["facilities"], books.upload(book), by=user)


def special_campaign(county, title, *, lead=None):
    today = clock.today()
    period = {"starts_on": today, "ends_on": today + timedelta(days=99)}
    return Campaign.objects.create(
        title=title, code="ZX", status="running", lead=lead or county.bureau, area=county.area, **period
    )


def ask_to_check(county, *worlds):
    """Two rounds of the county; in each of the worlds the home has begun the first and its officer signed the second."""
    clerk = builders.make_user(county.bureau)
    ours = selfchecks.opened_round(clerk, title=f"{worlds[0].secret}自查")
    signed = selfchecks.opened_round(clerk, title="上一轮", check_list=ours.check_list)
    for world in worlds:
        world.go_through(ours, signed)
    return ours


SUMMARY_WRITERS = (Role.BUREAU, Role.TOWNSHIP, Role.ASSOCIATION)


def summary_of(office, county, *, secret="本单位"):
    """An office's summary with a word, a file and a figure of an earlier year. A lead's stands in a round of its own,
    in which it has `received` one from below."""
    lead = county.bureau if office.kind == Role.TOWNSHIP else office
    led = Campaign.objects.filter(lead=lead).first() or plans.make_campaign(lead)
    number = SummaryRound.objects.count()
    asked = [office] if office != lead else summaries.rounds.offices_below(office)[:1]
    clerk, writer = builders.make_user(lead), builders.make_user(office, **ALL_DUTIES)
    summary_round = summaries.draft_round(led, title=f"{secret}总结{number}")
    summaries.rounds.order_round(summary_round, summaries.rounds.PARTS, asked, by=clerk)
    submission = summaries.of(summary_round, office)
    file = files.store_bytes(b"%PDF-1.4", name=f"{secret}佐证.pdf", content_type="application/pdf", by=writer)
    summaries.save(submission, writer, summaries.words(secret), added={1: [file]})
    figure = summaries.year_figure(office, 2019, f"{secret}指标{number}", by=writer)
    evidence = SubmissionFile.objects.get(part__submission=submission)
    received = submission
    if office == lead:
        received = summaries.handed_in(
            summary_round, builders.make_user(asked[0], **ALL_DUTIES), summaries.words(secret)
        )
    given = {"led": led, "round": summary_round, "submission": submission, "received": received}
    return SimpleNamespace(**given, file=evidence, figure=figure)


def circulars_of(user, sender, *, secret="本县"):
    """What the URLs of circulars are about: one that `sender` has sent to the user's office, with a picture; a draft and a
    sent one of the user's, where its office may write, else the sender's."""
    received = sent_circular(sender, user.office, secret)
    writer = user if user.role in circulars.WRITERS else sender
    own = sent_circular(writer, sender.office, secret)
    draft = circulars.drafted(writer, title=f"{secret}草稿")
    about = {name: [draft.pk] for name in ("circular-edit", "circular-drop", "recipients", "circular-send")}
    about |= {name: [received.pk] for name in ("circular", "circular-read", "circular-reply")}
    about |= {name: [received.pk, received.files.get().pk] for name in ("circular-file", "circular-thumbnail")}
    about |= {"circular-nudge": [own.pk], "circular-export": [own.pk]}
    about["circular-phone"] = [own.pk, own.recipients.get().pk]
    return {f"circulars:{name}": pks for name, pks in about.items()}


def sent_circular(by, office, secret):
    draft = circulars.drafted(by, title=f"{secret}通报", reply_by=in_days(5), files=[hazards.picture(by)])
    choice = {"audience": "homes", "query": "", "left_out": []}
    to = [circulars.Addressee(office.pk, office.name)]
    return circulars.services.send(draft, by=by, choice=choice, addressees=to, version=1)


ALL_DUTIES = {"is_clerk": True, "is_approver": True, "is_administrator": True}


@pytest.fixture(scope="module")
def cast(django_db_setup, django_db_blocker, tmp_path_factory):
    """Everybody's user (`users`), own world and belongings, and neighbour's world and belongings, by role."""
    from django.conf import settings

    with django_db_blocker.unblock(), transaction.atomic():
        folder, before = tmp_path_factory.mktemp("cast"), settings.MEDIA_ROOT
        settings.MEDIA_ROOT = folder
        yield SimpleNamespace(folder=folder, **_build())
        settings.MEDIA_ROOT = before
        transaction.set_rollback(True)


def _build():
    county, elsewhere = builders.make_county(), builders.make_county("邻县")
    township, next_town = county.townships.values()
    fire, housing = county.departments.values()
    association = builders.make_office(Role.ASSOCIATION, area=county.area)
    evaluator = builders.make_office(Role.EVALUATOR, area=county.area)

    ours = World(county, township, secret="甲", departments=[fire, county.bureau])
    of_county = World(county, county.bureau, secret="县福利", area=county.town, departments=[fire])
    beside = World(county, township, secret="隔壁机密")
    in_next_town = World(county, next_town, secret="邻镇机密")
    far = World(elsewhere, elsewhere.township, secret="邻县机密")
    for office in (association, evaluator):
        access.grant(office, "inspect_facility", ours.facility, valid_from=LONG_AGO)
        access.grant(office, "inspect_facility", beside.facility, valid_from=LONG_AGO, valid_until=in_days(-1))  # ended

    campaign, far_campaign = special_campaign(county, "本县行动"), special_campaign(elsewhere, far.secret)
    check_round = ask_to_check(county, ours, of_county, beside, in_next_town)
    far_round = ask_to_check(elsewhere, far)

    worlds = {  # own, neighbour's
        Role.BUREAU: (of_county, far),
        Role.DEPARTMENT: (ours, far),
        Role.TOWNSHIP: (ours, in_next_town),
        Role.ASSOCIATION: (ours, beside),
        Role.EVALUATOR: (ours, beside),
        Role.HOME: (ours, beside),
    }
    offices = {
        Role.BUREAU: county.bureau,
        Role.DEPARTMENT: fire,
        Role.TOWNSHIP: township,
        Role.ASSOCIATION: association,
        Role.EVALUATOR: evaluator,
        Role.HOME: ours.facility.office,
    }
    users, own, others = {"anonymous": None}, {}, {}
    for role, office in offices.items():
        other, colleague = worlds[role][1], builders.make_user(office)
        users[role] = builders.make_user(office, **ALL_DUTIES)
        importer = users[role] if role in (Role.BUREAU, Role.TOWNSHIP) else worlds[role][0].colleague
        led = special_campaign(county, "协会行动", lead=office) if role == Role.ASSOCIATION else campaign
        ours_too = {"campaign": led, "check_round": check_round, "reporter": colleague, "importer": importer}
        far_away = {"campaign": far_campaign, "check_round": far_round} | dict.fromkeys(
            ("reporter", "importer"), other.officer
        )
        own[role] = belongings(users[role], account=colleague, **ours_too)
        own[role].summary = summary_of(office if role in SUMMARY_WRITERS else county.bureau, county)
        # Jobs, views and pending pictures are one's own: even a colleague is a neighbour. A campaign is its whole county's.
        others[role] = belongings(colleague, account=other.manager, **far_away)
        own[role].feed, others[role].feed = make_feed_address(by=users[role]), "forged"
        hold_activities(own[role], users[role] if role in RECORDERS else ours.officer, worlds[role][0])
        hold_activities(others[role], other.officer, other)
        sender = builders.make_user(association if role == Role.BUREAU else county.bureau)
        own[role].circular = circulars_of(users[role], sender)
        others[role].circular = circulars_of(other.manager, other.officer, secret=other.secret)
        remind(own[role], users[role], colleague, office, county.bureau, secret="本人")
        remind(others[role], colleague, users[role], other.officer.office, elsewhere.bureau, secret=other.secret)
        others[role].summary = summary_of(
            next_town if role == Role.TOWNSHIP else elsewhere.bureau, county, secret=other.secret
        )
    return {"users": users, "worlds": worlds, "own": own, "others": others}


@pytest.fixture(autouse=True)
def _quiet(caplog):
    """Hundreds of refusals, each with its traceback, are what is expected here."""
    caplog.set_level(logging.ERROR, logger="django.request")


@pytest.fixture(autouse=True)
def _storage(settings, request):
    """The pictures of the cast lie where its module put them."""
    if "cast" in request.fixturenames:
        settings.MEDIA_ROOT = request.getfixturevalue("cast").folder


# Addresses


def address(name, world, belonging):
    """The URL of `name` for objects of one world."""
    namespace = name.partition(":")[0]
    S = Hazard.Status
    special = {
        "accounts:users": [],
        "accounts:user-new": [],
        "files:pending": [belonging.token],
        "files:upload": [belonging.upload.key],
        "deadlines:feed": [belonging.feed],
        "deadlines:history": _deadline(world, belonging),
        "jobs:job-cancel": [belonging.queued.pk],
        "reports:report-download": [belonging.report.pk],
        "facilities:licence-edit": [world.facility.pk, world.licence.pk],
        "facilities:licence-remove": [world.facility.pk, world.licence.pk],
        "inspections:photo": [world.hazards[S.OPEN].pk, world.photo.pk],
        "inspections:photo-thumbnail": [world.hazards[S.OPEN].pk, world.photo.pk],
        "inspections:attachment": [world.hazards[S.OPEN].pk, world.attachment.pk],
        "inspections:request-decide": [world.hazards["asked"].pk, world.request.pk],
        "inspections:hazard-proxy-read": [world.proxy.pk],
        "inspections:hazard-verify-fixed": [world.hazards["fixed"].pk],
        "activities:activity-hold": [belonging.planned.pk],
        "activities:file": [belonging.activity.pk, belonging.activity.files.first().pk],
        "activities:file-thumbnail": [belonging.activity.pk, belonging.activity.files.first().pk],
        **progresses.arguments(belonging.plan),
        **inboxes.arguments(belonging.reminded, kind=belonging.rule_kind),
        **messaging.arguments(belonging.sent),
        "selfcheck:round": [belonging.check_round.pk],
        "selfcheck:part": [world.check.pk, world.check_photo.answer.item.section_id],
        "selfcheck:photo": [world.check.pk, world.check_photo.pk],
        "selfcheck:photo-thumbnail": [world.check.pk, world.check_photo.pk],
        "selfcheck:confirm-read": [world.signed.pk],
        "selfcheck:signature": [world.signed.pk],
        "campaigns:summary-round-new": [belonging.summary.led.pk],
        "campaigns:summary-round": [belonging.summary.round.pk],
        "campaigns:summary-round-edit": [belonging.summary.round.pk],
        "campaigns:submission-file": [belonging.summary.submission.pk, belonging.summary.file.pk],
        "campaigns:submission-return": [belonging.summary.received.pk],
        "campaigns:submission-accept": [belonging.summary.received.pk],
        "campaigns:year-figure-remove": [belonging.summary.figure.pk],
        **belonging.circular,
    }
    if "<" not in URLS[name].route:
        arguments = []
    elif name in special:
        arguments = special[name]
    elif namespace == "inspections":
        arguments = [world.hazards[_state_for(name)].pk]
    elif namespace == "selfcheck":
        arguments = [world.check.pk]
    elif name.startswith("campaigns:submission"):
        arguments = [belonging.summary.submission.pk]
    else:
        own = {
            "accounts": belonging.account,
            "jobs": belonging.done,
            "campaigns": belonging.campaign,
            "lists": belonging.view,
            "sheets": belonging.sheet,
            "imports": belonging.batch,
            "activities": belonging.activity,
        }
        arguments = [(own | {"facilities": world.facility})[namespace].pk]
    return reverse(name, args=arguments)


def _deadline(world, belonging):
    """An association sees activities, everybody else the hazards of the world's home."""
    if belonging.user.office.kind == Role.ASSOCIATION:
        return ["activity_held", belonging.planned.pk]
    return ["rectify", world.hazards[Hazard.Status.OPEN].pk]


def _state_for(name):
    acts = {act.url_name: EDGES[act.verb].sources for act in ACTS.values()}
    states = acts.get(name, {Hazard.Status.OPEN})
    return next(state for state in Hazard.Status if state in states)


TAKES_FACILITY = {"inspections:report", "inspections:register", "inspections:pack"}


def is_about_an_object(name):
    return "<" in URLS[name].route or name in TAKES_FACILITY


def filled_in(world, belonging, *, version=1):
    """One body that fills in every form of the portal, so that only rights can refuse it."""
    today, hazard = clock.today(), world.hazards[Hazard.Status.OPEN]
    return {
        "facility": world.facility.pk,
        "version": version,
        "picked": f"{world.hazards[Hazard.Status.REPORTED].pk}:1",
        "place": "走廊和疏散通道",
        "category": hazard.category_id,
        "summary": "通道堆物",
        "measure": "清空",
        "responsible": "王建国",
        "found_on": today,
        "due_on": today + timedelta(days=9),
        "new_due_on": today + timedelta(days=40),
        "rectified_on": today,
        "rechecked_on": today,
        "rectification": "已清空",
        "grade": "normal",
        "departments": [world.supervisor.pk],
        "reason": "原因",
        "interim": "专人值守",
        "note": "合格",
        "liaison": "李勇",
        "proxy_reason": "院长外出",
        "before": belonging.token,
        "after": belonging.token,
        "photos": belonging.token,
        "granted": "yes",
        "decision": "同意",
        "text": "留言",
        "active": "0",
        "office": belonging.user.office_id,
        "taker": belonging.user.pk,
        "name": "改了的名字",
        "director": "改了",
        "director_phone": "13800000002",
        "beds": 1,
        "nursing_beds": 0,
        "kind": "food",
        "number": "改了",
        "status": "suspended",
        "since": today,
        "on": today,
        "order": "1",
        "is_clerk": "on",
        "list": "hazards",
        "title": "再查一轮",
        "opens_on": today,
        "campaign": belonging.campaign.pk,
        "check_list": belonging.check_round.check_list_id,
        f"answer_{world.check_photo.answer.item_id}": "na",
        "signer": "王建国",
        "confirmed": "on",
        "as_of": today,
        "comment": "已核对",
    }


# Watching the database


KEPT_BY_THE_FRAMEWORK = re.compile(r'"(django_session|axes_\w+)"')
WRITE = re.compile(r"\s*(INSERT|UPDATE|DELETE|ALTER|DROP|CREATE|TRUNCATE)\b", re.IGNORECASE)


@contextmanager
def watched():
    """Collects every statement that would change a row, sessions and sign-in counters aside."""
    writes = []

    def watch(execute, sql, params, many, context):
        if WRITE.match(sql) and not KEPT_BY_THE_FRAMEWORK.search(sql):
            writes.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield writes


def all_rows():
    """Every row of every table, sessions and sign-in counters aside."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if not KEPT_BY_THE_FRAMEWORK.search(f'"{table}"'):
                cursor.execute(f'SELECT * FROM "{table}"')
                found[table] = sorted(map(repr, cursor.fetchall()))
    return found


@contextmanager
def undone():
    """Whatever happens inside is rolled back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class Visitor:
    """A browser signed in as one of the cast. Each call starts with the same session."""

    def __init__(self, user):
        self.client = browser(user)
        self.client.raise_request_exception = False
        if user is not None:
            self.client.get("/")  # the session notes when it was last seen
        self.saved = {name: morsel.value for name, morsel in self.client.cookies.items()}

    def call(self, method, url, data=None):
        self.client.cookies.clear()
        for name, value in self.saved.items():
            self.client.cookies[name] = value
        response = getattr(self.client, method)(url, data)
        content = (
            b"".join(response) if response.streaming else response.content
        )  # a file is read to its end, and closed
        response.page = content.decode(errors="replace")
        return response


# The sweep


@pytest.mark.sqlite  # every page once on the other database; who may do what does not depend on it
@pytest.mark.parametrize("role", Role.values)
def test_a_role_reads_what_the_matrix_allows_and_nothing_it_does_not_and_reading_never_writes(cast, role):
    visitor, (world, other) = Visitor(cast.users[role]), cast.worlds[role]
    wrong, before = [], all_rows()
    for name in URLS:
        query = {"facility": world.facility.pk} if name in TAKES_FACILITY else None
        with watched() as writes:
            response = visitor.call("get", address(name, world, cast.own[role]), query)
        allowed = role in roles_of(name)[0]
        expected = {200, 302, 405} if allowed else {403}
        if response.status_code not in expected or writes:
            wrong.append((name, response.status_code, writes))
        elif response.status_code == 200 and other.secret in response.page:
            wrong.append((name, "shows a neighbour's"))
    assert not wrong, listed(wrong)
    assert all_rows() == before


@pytest.mark.parametrize("role", Role.values)
def test_a_neighbours_object_is_not_found_and_never_changed(cast, role):
    visitor, (_, world) = Visitor(cast.users[role]), cast.worlds[role]
    body_sent = filled_in(world, cast.own[role])
    wrong, before = [], all_rows()
    for name in filter(is_about_an_object, URLS):
        if name == "inspections:pack" and role == Role.HOME:
            continue  # packs its own whatever is asked for: tested below
        allowed = role in roles_of(name)[0]
        url = address(name, world, cast.others[role])
        for method, sent in [("get", {"facility": world.facility.pk}), ("post", body_sent)]:
            with watched() as writes:
                response = visitor.call(method, url, sent)
            expected = {404, 405} if allowed else {403}
            if response.status_code not in expected or writes or world.secret in response.page:
                wrong.append((method, name, response.status_code, writes))
    assert not wrong, listed(wrong)
    assert all_rows() == before


@pytest.mark.parametrize("role", Role.values)
def test_a_role_acts_on_its_own_where_the_matrix_allows_and_is_refused_elsewhere(cast, role):
    visitor, (world, _) = Visitor(cast.users[role]), cast.worlds[role]
    body_sent = filled_in(world, cast.own[role])
    wrong, before = [], all_rows()
    for name in URLS:
        allowed = role in roles_of(name)[0]
        with undone(), watched() as writes:
            response = visitor.call("post", address(name, world, cast.own[role]), body_sent)
        taken = allowed and response.status_code in {200, 302, 405, 409, 422}
        refused = not allowed and response.status_code == 403 and not writes
        if not (taken or refused):
            wrong.append((name, response.status_code, writes))
    assert not wrong, listed(wrong)
    assert all_rows() == before


def test_nobody_signed_in_is_led_to_the_sign_in_page(cast):
    visitor, world, own = Visitor(None), cast.worlds[Role.HOME][0], cast.own[Role.HOME]
    body_sent = filled_in(world, own)
    wrong, before = [], all_rows()
    for name in URLS:
        url = address(name, world, own)
        with watched() as writes:
            read, sent = visitor.call("get", url), visitor.call("post", url, body_sent)
        if "anonymous" in roles_of(name)[0]:
            is_right = read.status_code == 200 and sent.status_code in (405, 422)
        else:
            sign_in = reverse("accounts:sign-in")
            is_right = all(answer.status_code == 302 and answer.url.startswith(sign_in) for answer in (read, sent))
        if not is_right or writes:
            wrong.append((name, read.status_code, sent.status_code, writes))
    assert not wrong, listed(wrong)
    assert all_rows() == before


def listed(wrong):
    return "\n".join(map(str, wrong))


def test_a_script_is_told_so_in_its_own_way():
    """htmx would show the sign-in page inside the present one; an upload cannot follow a redirect."""
    client = browser()
    htmx = client.get(reverse("jobs:jobs"), headers={"HX-Request": "true"})
    assert (htmx.status_code, htmx["HX-Redirect"]) == (204, reverse("accounts:sign-in"))
    upload = client.post(reverse("files:picture-upload"), headers={"X-Requested-With": "fetch"})
    assert upload.status_code == 401
    assert "重试" in upload.json()["error"]


# Duties


@pytest.mark.parametrize("name", [name for name in MATRIX if roles_of(name)[1]])
def test_a_role_without_the_duty_is_refused(cast, name):
    roles, duty = roles_of(name)
    for role in roles:
        world = cast.worlds[role][0]
        with undone():
            duties = ALL_DUTIES | {duty: False}
            visitor = Visitor(builders.make_user(cast.users[role].office, **duties))
            url = address(name, world, cast.own[role])
            with watched() as writes:
                answers = [visitor.call(method, url).status_code for method in ("get", "post")]
        assert (answers, writes) == ([403, 403], []), role


# Objects under a parent that is not theirs


def mismatched_files(activity, foreign):
    files = [row.files.first().pk for row in (activity, foreign)]
    return [
        reverse("activities:file", args=[activity.pk, files[1]]),
        reverse("activities:file", args=[foreign.pk, files[0]]),
        reverse("activities:file-thumbnail", args=[activity.pk, files[1]]),
    ]


def mismatched_circulars(own, foreign):
    """A file and a recipient under a circular that they do not belong to."""
    mine, theirs = own["circulars:circular-file"], foreign["circulars:circular-file"]
    called, other_called = own["circulars:circular-phone"], foreign["circulars:circular-phone"]
    return [
        reverse("circulars:circular-file", args=[mine[0], theirs[1]]),
        reverse("circulars:circular-thumbnail", args=[theirs[0], mine[1]]),
        reverse("circulars:circular-phone", args=[called[0], other_called[1]]),
        reverse("circulars:circular-phone", args=[other_called[0], called[1]]),
    ]


def mismatched(own, other, activities):
    """Addresses that name an own row and a row that belongs to another one."""
    hazard, foreign = own.hazards[Hazard.Status.OPEN], other.hazards[Hazard.Status.OPEN]
    asked = own.hazards["asked"]
    return [
        reverse("inspections:photo", args=[hazard.pk, other.photo.pk]),
        reverse("inspections:photo", args=[foreign.pk, own.photo.pk]),
        reverse("inspections:photo-thumbnail", args=[hazard.pk, other.photo.pk]),
        reverse("inspections:attachment", args=[hazard.pk, other.attachment.pk]),
        reverse("inspections:attachment", args=[foreign.pk, own.attachment.pk]),
        reverse("inspections:request-decide", args=[hazard.pk, own.request.pk]),
        reverse("inspections:request-decide", args=[asked.pk, other.request.pk]),
        reverse("inspections:request-decide", args=[other.hazards["asked"].pk, own.request.pk]),
        reverse("facilities:licence-edit", args=[own.facility.pk, other.licence.pk]),
        reverse("facilities:licence-edit", args=[other.facility.pk, own.licence.pk]),
        reverse("facilities:licence-remove", args=[own.facility.pk, other.licence.pk]),
        *mismatched_files(*activities),
        reverse("selfcheck:photo", args=[own.check.pk, other.check_photo.pk]),
        reverse("selfcheck:photo", args=[other.check.pk, own.check_photo.pk]),
        reverse("selfcheck:part", args=[own.check.pk, 0]),
        reverse("selfcheck:part", args=[other.check.pk, own.check_photo.answer.item.section_id]),
    ]


@pytest.mark.parametrize("role", [Role.TOWNSHIP, Role.BUREAU])
def test_a_row_is_not_found_under_a_parent_that_is_not_its_own(cast, role):
    visitor, (own, other) = Visitor(cast.users[role]), cast.worlds[role]
    sent = filled_in(own, cast.own[role], version=own.hazards["asked"].version)
    with watched() as writes:
        answers = [
            (url, visitor.call(method, url, data).status_code)
            for url in [
                *mismatched(own, other, (cast.own[role].activity, cast.others[role].activity)),
                *mismatched_circulars(cast.own[role].circular, cast.others[role].circular),
            ]
            for method, data in [("get", None), ("post", sent)]
        ]
    assert [answer for answer in answers if answer[1] not in (404, 405)] == []
    assert writes == []


def test_two_rows_of_ones_own_that_do_not_belong_together_are_not_found_either(cast):
    visitor, world = Visitor(cast.users[Role.TOWNSHIP]), cast.worlds[Role.TOWNSHIP][0]
    url = reverse("inspections:photo", args=[world.hazards["asked"].pk, world.photo.pk])
    assert visitor.call("get", url).status_code == 404


# What lies in the body rather than in the address


def test_a_neighbours_report_is_not_confirmed_among_several(cast):
    _, other = cast.worlds[Role.TOWNSHIP]
    visitor, report = Visitor(cast.users[Role.TOWNSHIP]), other.hazards[Hazard.Status.REPORTED]
    with watched() as writes:
        sent = {"picked": [f"{report.pk}:{report.version}"], "confirmed": "1"}
        visitor.call("post", reverse("inspections:bulk-verify"), sent)
    assert writes == []


def test_a_home_packs_its_own_ledger_and_not_its_neighbours(cast):
    own, other = cast.worlds[Role.HOME]
    visitor, before = Visitor(cast.users[Role.HOME]), Job.objects.count()
    assert visitor.call("post", reverse("inspections:pack"), {"facility": other.facility.pk}).status_code == 404
    assert Job.objects.count() == before
    with undone():
        visitor.call("post", reverse("inspections:pack"), {})
        assert Job.objects.first().params == {"facility": own.facility.pk}


def test_a_neighbours_pending_picture_is_not_taken_into_a_report(cast):
    own, _ = cast.worlds[Role.HOME]
    visitor, sent = Visitor(cast.users[Role.HOME]), filled_in(own, cast.others[Role.HOME])
    with watched() as writes:
        response = visitor.call("post", reverse("inspections:report"), sent)
    assert response.status_code == 422
    assert "请至少附一张照片" in response.page
    assert writes == []


def test_a_department_without_a_part_sees_neither_the_hazard_nor_its_files(cast):
    """Its area covers the home; that alone does not open the ledger."""
    ours = cast.worlds[Role.DEPARTMENT][0]
    with undone():
        visitor = Visitor(builders.make_user(ours.county.departments["housing"], **ALL_DUTIES))
        for name in ("hazard", "photo", "photo-thumbnail", "attachment", "hazard-close", "hazard-comment"):
            url = address(f"inspections:{name}", ours, cast.own[Role.DEPARTMENT])
            answers = {visitor.call(method, url, {"text": "留言"}).status_code for method in ("get", "post")}
            assert answers <= {404, 405}, name


def test_a_township_reads_what_stands_in_its_area_but_decides_only_what_it_supervises(cast):
    of_county = cast.worlds[Role.BUREAU][0]  # supervised by the bureau, stands in the township's town
    visitor = Visitor(cast.users[Role.TOWNSHIP])
    assert visitor.call("get", address("inspections:hazard", of_county, cast.own[Role.TOWNSHIP])).status_code == 200
    with watched() as writes:
        for act in ACTS.values():
            url = address(act.url_name, of_county, cast.own[Role.TOWNSHIP])
            sent = filled_in(of_county, cast.own[Role.TOWNSHIP])
            assert visitor.call("post", url, sent).status_code == 403, act.verb
    assert writes == []


def test_an_evaluator_sees_a_home_only_for_the_days_it_was_given(cast):
    own, ended = cast.worlds[Role.EVALUATOR]
    visitor, belonging = Visitor(cast.users[Role.EVALUATOR]), cast.own[Role.EVALUATOR]
    assert visitor.call("get", address("inspections:hazard", own, belonging)).status_code == 200
    assert visitor.call("get", address("inspections:hazard", ended, belonging)).status_code == 404


def test_the_roles_of_the_matrix_are_all_roles_there_are():
    assert {role for name in MATRIX for role in roles_of(name)[0]} == EVERYONE | {"anonymous"}
