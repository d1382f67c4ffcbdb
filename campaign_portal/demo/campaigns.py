"""The campaigns of the demonstration, each from a notice that the rules read and a person confirmed."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

from django.utils import timezone

from campaign_portal import clock
from campaign_portal.accounts.access import Role
from campaign_portal.accounts.models import User
from campaign_portal.campaigns import drafting, planning, progress, sharing
from campaign_portal.campaigns.assigning import assign
from campaign_portal.campaigns.models import Campaign, DraftItem, Share, SummaryRound, TaskUnit
from campaign_portal.campaigns.submissions import rounds, steps, writing
from facilities.activities import record_activity
from facilities.models import Activity, Facility

NOTICES = Path(__file__).parent / "notices"


def fresh(person):
    """The person as a request would load him, with the office at hand and no scope remembered."""
    return User.objects.select_related("office__area").get(pk=person.pk)


def yongxing(by, *, first, today, last):
    """The running campaign of the county: its notice with days around today."""
    text = (NOTICES / "yongxing.txt").read_text(encoding="utf-8")
    days = {
        "issued": first,
        "starts": first,
        "planned": first + timedelta(days=9),
        "worked": first + timedelta(days=10),
        "listed": first + timedelta(days=20),
        "surveyed": first + timedelta(days=45),
        "evaluated": today + timedelta(days=8),
        "published": today + timedelta(days=20),
        "rectified": today + timedelta(days=24),
        "summed": today + timedelta(days=25),
        "town_report": today + timedelta(days=30),
        "county_report": today + timedelta(days=38),
        "ends": last,
    }
    words = {name: f"{day.year}年{day.month}月{day.day}日" for name, day in days.items()}
    return from_notice(
        text.format(year=first.year, **words),
        by=by,
        title=f"{first.year}年养老院服务质量建设专项行动",
        code=f"YX{first.year % 100:02d}",
        starts_on=first,
        ends_on=last,
    )


def from_notice(text, *, by, metrics=None, **columns):
    """Take a notice in, accept what the rules read, let some targets stand on `metrics` ({words in the target: code}) that
    the rules cannot know, confirm and start the campaign."""
    notice = drafting.take_in(text, by=by)
    for kind in DraftItem.Kind:
        drafting.accept_rest(notice, kind, by=by)
    for target in notice.items.filter(kind=DraftItem.Kind.TARGET):
        for words, code in (metrics or {}).items():
            if words in notice.shown[target.start : target.end] + target.data["name"]:
                drafting.change(
                    target, target.data | {"metric": code}, by=by, version=target.version, parent=target.parent
                )
                break
    offices = drafting.offices_of(by.office)
    known = {name: drafting.guess_offices(name, offices) for name in drafting.names_told(notice.items.all())}
    columns = {"lead": by.office, "document_number": notice.header["document_number"]} | columns
    campaign = drafting.confirm(notice, Campaign(issued_on=notice.header["issued_on"] or None, **columns), known, by=by)
    for task in campaign.tasks.to_be_done().filter(units=None):
        assign(task, [(TaskUnit.Part.RESPONSIBLE, by.office, by.office.name)], by=by)
    return planning.start(campaign, by=by)


# What has happened since in the running campaign


def go_on(campaign, people, homes, *, today):
    """Shares, returns, activities and summaries of the running campaign, up to yesterday."""
    bureau = fresh(people["bureau"])
    with _at(today - timedelta(days=80)):
        _share_out(campaign, bureau)
    _returns(campaign, people, today)
    _activities(campaign, people, list(homes.values()), today)
    _summaries(campaign, people, today)  # at this moment: what is handed in keeps the figures of now
    for milestone in campaign.milestones.filter(due_on__lt=today - timedelta(days=60)):
        with _at(milestone.due_on):
            planning.complete(milestone, by=bureau, note="按期完成，材料已归档。")


def _at(day):
    return clock.at(timezone.make_aware(datetime.combine(day, time(15, 10))))


def _share_out(campaign, by):
    """The carers to be trained, by beds; the social workers evenly over the townships."""
    townships = [office for office in drafting.offices_of(by.office) if office.kind == Role.TOWNSHIP]
    for indicator in campaign.indicators.filter(metric="", unit="名", value__gte=len(townships)):
        weights = sharing.WEIGHTS["beds"].of(townships)
        parts = sharing.split(indicator.value, [weights.get(office.pk, 0) for office in townships])
        sharing.share_out(indicator, dict(zip(townships, parts, strict=True)), by=by)


RETURNS = [  # township, days ago, how far (share of what was given), state, problem
    ("bolin", 40, 0.5, "accepted", ""),
    ("bolin", 9, 0.8, "accepted", ""),
    ("matian", 12, 1, "accepted", "缺少有资质的授课老师，请县局协调卫健部门派员。"),
    ("youma", 10, 0.4, "accepted", ""),
    ("bianjiang", 5, 0.6, "submitted", "两家民办机构护理员流动快，培训后即离岗，请研究稳岗办法。"),
    ("longxingshi", 4, 0.3, "submitted", ""),
    ("taihe", 3, 0.5, "returned", ""),
]


def _returns(campaign, people, today):
    leader = fresh(people["bureau_leader"])
    task = campaign.tasks.to_be_done().filter(indicators__shares__isnull=False).distinct().first()
    for township, ago, part, state, problem in RETURNS:
        person = people.get(township)
        if task is None or person is None:
            continue
        clerk = fresh(person)
        with _at(today - timedelta(days=ago)):
            row = _handed_in(task, clerk, part, problem)
        with _at(today - timedelta(days=ago - 1)):
            if state == "accepted":
                row = progress.accept(row, by=leader)
                if problem:
                    progress.answer(row, by=leader, text="已联系县人民医院护理部，本月底前安排两次上门授课。")
            elif state == "returned":
                progress.send_back(row, by=leader, comment="参训人数与签到表不一致，请核对后重报。")


def _handed_in(task, by, part, problem):
    figures = {
        share.indicator: (Decimal(int(share.value * Decimal(str(part)))), None)
        for share in Share.objects.filter(office=by.office, indicator__task=task).select_related("indicator")
    }
    text = "组织辖区机构护理员参加集中培训和岗位练兵，参训人员签到、考核材料齐全。"
    row = progress.start(task, by=by, words=progress.Words(clock.today(), text, problem=problem, figures=figures))
    return progress.submit(row, by=by)


ACTIVITIES = [  # who, kind, task, title, days ago, homes, people
    ("association", "training", "人才", "养老护理员岗位技能培训（第一期）", 62, 12, 46),
    ("association", "training", "人才", "养老护理员岗位技能培训（第二期）", 27, 14, 52),
    ("bureau", "guidance", "部门联动", "工作专班到机构开展业务指导", 55, 5, 9),
    ("bureau", "exchange", "排查", "机构安全管理经验交流会", 34, 18, 40),
    ("bolin", "mutual_check", "排查", "柏林片区机构互查", 20, 3, 8),
    ("association", "pairing", "部门联动", "结对帮扶走访", 13, 2, 6),
    ("association", "oath", "人才", "新入职护理员宣誓", 6, 8, 21),
    ("association", "training", "人才", "消防安全与应急疏散培训", -9, 20, None),
]


def _activities(campaign, people, homes, today):
    tasks = list(campaign.tasks.to_be_done())
    for who, kind, words, title, ago, number, count in ACTIVITIES:
        by = fresh(people[who])
        seen = set(Facility.objects.visible_to(by).values_list("pk", flat=True))
        taking_part = [home for home in homes if home.pk in seen][:number]
        activity = Activity(
            campaign=campaign,
            task=next((task for task in tasks if words in task.title), None),
            kind=kind,
            title=title,
            held_on=today - timedelta(days=ago),
            place="县福利院多功能厅" if number > 5 else "有关机构",
            people=count,
            attendances=count,
            result="" if ago < 0 else "按计划开展，签到表已存档。",
        )
        with _at(today - timedelta(days=max(ago, 1))):
            record_activity(activity, by=by, homes=taking_part)


def _summaries(campaign, people, today):
    """The townships' summaries are asked for; one has come in, one was sent back."""
    bureau, leader = fresh(people["bureau"]), fresh(people["bureau_leader"])
    summary_round = SummaryRound(
        campaign=campaign,
        title=f"{campaign.title}总结",
        figures_on=today + timedelta(days=28),
        due_on=today + timedelta(days=30),
        own_due_on=today + timedelta(days=38),
        first_year=today.year - 3,
        last_year=today.year,
        receiver_name="郴州市民政局",
        metrics=["facilities.count", "hazards.closed_rate", "hazards.overdue", "hazards.major_open"],
    )
    offices = [office for office in drafting.offices_of(bureau.office) if office.kind == Role.TOWNSHIP]
    summary_round = rounds.order_round(summary_round, rounds.PARTS, offices, by=bureau)
    for username, is_good in [("bolin", True), ("matian", False)]:
        clerk = fresh(people[username])
        mine = summary_round.submissions.get(office=clerk.office)
        words = {"1": SUMMARY[0], "2": SUMMARY[1] if is_good else "无", "3": SUMMARY[2], "4": SUMMARY[3]}
        writing.save_submission(submission=mine, by=clerk, content=words, seen=0)
        approver = fresh(people.get(f"{username}_leader", clerk))
        mine = steps.submit(submission=summary_round.submissions.get(pk=mine.pk), by=approver)
        if not is_good:
            steps.send_back(submission=mine, by=leader, comments={"2": "请写明还没销号的隐患和原因。"})


SUMMARY = [
    "一是逐家排查，建立隐患台账，明确整改责任人和包联责任人。\n二是组织护理员培训和消防演练，机构安全意识明显增强。",
    "部分机构消防设施老化，改造资金不足；护理员年龄偏大，流动较快。",
    "建议县级统筹改造资金，并组织医养结合方面的专题培训。",
    "继续盯住未销号隐患，坚持每月一查，巩固整治成果。",
]
