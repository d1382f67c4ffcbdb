"""A campaign of another place that is over: a year of an association's activities, from the notice to its final figures.

Places are real, homes and people are invented. The plan is what the rules read in the notice.
"""

import random
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from campaign_portal import clock
from campaign_portal.accounts import access
from campaign_portal.accounts.models import Area, User
from campaign_portal.accounts.services import create_office, create_user
from campaign_portal.campaigns import planning, progress, snapshots
from facilities.activities import TakingPart, record_activity
from facilities.models import Activity, Facility
from facilities.services import register_facility

from . import campaigns

CITY = "320281000000"
TOWNS = [("320281102000", "月城镇"), ("320281103000", "青阳镇"), ("320281104000", "徐霞客镇"), ("320281105000", "华士镇"),
         ("320281106000", "周庄镇")]  # fmt: skip
HOMES = [("示例澄颐养老院", 0, 120, 60), ("示例暨阳颐养中心", 1, 180, 110), ("示例霞客养老院", 2, 90, 30), ("示例华西康养院", 3, 150, 80),
         ("示例周庄敬老院", 4, 60, 20), ("示例月城护理院", 0, 100, 100)]  # fmt: skip
FIRST, LAST = date(2021, 10, 1), date(2022, 9, 30)
METRICS = {  # what only who knows the association can tell: its own trainings are all there are, a standard is an event
    "行业专项技能培训": "activities.training",
    "养老服务江阴标准": "activities.standard",
}
TRAININGS = [
    "失能老人照护技能培训",
    "消防安全与疏散培训",
    "营养配餐与食品安全培训",
    "心理慰藉与沟通培训",
    "护理文书与交接班培训",
    "康复辅具使用培训",
]


PEOPLE = [  # as content.PEOPLE tells them, for the list of accounts
    {
        "username": "jiangyin",
        "name": "沈国梁",
        "office": "江阴市民政局",
        "note": "另一个地方的民政局：只读协会牵头的行动",
    },
    {
        "username": "jiangyin_assoc",
        "name": "缪素芳",
        "office": "江阴市养老服务协会",
        "note": "协会秘书长：牵头 2021—2022 提质增效年活动（已结束，数字定格）",
    },
]


def live(password):
    """The association's year: notice, plan, activities, a return or two, the end. Returns the Campaign, closed."""
    with _at(date(2021, 9, 20)):
        bureau, association, townships = _offices()
        homes = [_home(row, townships) for row in HOMES]
        for home in homes:
            access.grant(association, "inspect_facility", home, valid_from=date(2021, 1, 1))
        _person("jiangyin", "沈国梁", bureau, password, is_approver=True)
        secretary = _person("jiangyin_assoc", "缪素芳", association, password)
        leader = _person("jiangyin_assoc_leader", "钱建国", association, password, is_clerk=False, is_approver=True)
    with _at(date(2021, 9, 24)):
        campaign = campaigns.from_notice(
            (campaigns.NOTICES / "jiangyin_2021.txt").read_text(encoding="utf-8"),
            by=secretary,
            metrics=METRICS,
            title="2021—2022养老机构提质增效年活动",
            code="TZ21",
            starts_on=FIRST,
            ends_on=LAST,
            takes_records=False,
        )
    _year(campaign, secretary, leader, homes)
    with _at(LAST + timedelta(days=8)):
        return planning.close(campaign, by=leader)


def _at(day):
    return clock.at(timezone.make_aware(datetime.combine(day, time(10, 20))))


def _offices():
    province = Area.objects.create(code="320000000000", name="江苏省", level="province")
    wuxi = Area.objects.create(code="320200000000", name="无锡市", level="city", parent=province)
    city = Area.objects.create(code=CITY, name="江阴市", level="county", parent=wuxi)
    bureau = _office("江阴市民政局", "市民政局", "bureau", city, None, "JY")
    association = _office("江阴市养老服务协会", "养老协会", "association", city, bureau, "")
    townships = []
    for number, (code, name) in enumerate(TOWNS):
        town = Area.objects.create(code=code, name=name, level="town", parent=city)
        townships.append(_office(f"{name}民政办", name, "township", town, bureau, f"J{number}"))
    return bureau, association, townships


def _office(name, short_name, kind, area, parent, number_code):
    office = create_office(
        name=name, short_name=short_name, kind=kind, area=area, parent=parent, number_code=number_code
    )
    access.grant(office, "oversee_area", area, valid_from=date(2021, 1, 1))
    return office


def _home(row, townships):
    name, town, beds, nursing_beds = row
    home = Facility(
        name=name,
        short_name=name.removeprefix("示例"),
        kind=Facility.Kind.PRIVATE,
        operation=Facility.Operation.NONPROFIT,
        supervisor=townships[town],
        area=townships[town].area,
        director="示例院长",
        director_phone="13900000000",
        beds=beds,
        nursing_beds=nursing_beds,
    )
    return register_facility(home, by=None, since=date(2021, 1, 1))


def _person(username, name, office, password, **duties):
    person, _ = create_user(username=username, name=name, office=office, phone="", password=password, **duties)
    return User.objects.select_related("office__area").get(pk=person.pk)


# The year


def _year(campaign, secretary, leader, homes):
    chance = random.Random(2021)
    tasks = {task.title: task for task in campaign.tasks.to_be_done()}
    for day, act in sorted(_calendar(chance, homes), key=lambda pair: pair[0]):
        with _at(day):
            act(campaign, tasks, secretary, chance)
    _keep_milestones(campaign, leader)
    for day in _month_ends():
        snapshots.count_day(campaign, day)


def _calendar(chance, homes):
    """(day, act) of everything that happens: four trainings a quarter, an exchange a quarter, and the rest of the plan."""
    for quarter, start in enumerate([FIRST, date(2022, 1, 1), date(2022, 4, 1), date(2022, 7, 1)]):
        for number in range(4 if quarter != 2 else 3):  # in spring one was put off
            day = start + timedelta(days=8 + 20 * number)
            yield day, _activity("training", "提高技能素质", chance.choice(TRAININGS), homes, people=(58, 76), times=2)
        yield (
            start + timedelta(days=50),
            _activity("exchange", "推进安全专项整治", "机构安全管理交流活动", homes, people=(10, 18)),
        )
        yield (
            start + timedelta(days=63),
            _activity("mutual_check", "推进安全专项整治", "机构互查", homes[:2], people=(4, 8)),
        )
    yield date(2021, 10, 22), _activity("forum", "举行高峰论坛", "养老服务高峰论坛", homes, people=(120, 160))
    yield (
        date(2021, 11, 5),
        _activity("publicity", "营造宣传氛围", "与本地媒体合作开设养老专栏", homes[:3], people=(3, 6)),
    )
    yield date(2021, 12, 10), _activity("oath", "开展入职宣誓", "养老护理员入职宣誓", homes, people=(30, 60))
    yield (
        date(2021, 12, 20),
        _activity("standard", "制定养老服务标准", "发布《养老机构夜间照护服务规范》", homes, people=(20, 40)),
    )
    yield date(2022, 3, 15), _activity("pairing", "实施“一帮一”工程", "结对机构走访", homes[:2], people=(6, 10))
    yield date(2022, 5, 12), _activity("contest", "参加技能大赛", "参加养老护理技能竞赛", homes[:4], people=(8, 12))
    yield date(2022, 6, 8), _activity("school", "推进校协合作", "与职业学校商谈委托培养", homes[:2], people=(6, 10))
    yield date(2022, 1, 6), _report("营造宣传氛围", "两期通讯员技能培训已办完，参加 26 人。", {"专业培训": 2})


def _activity(kind, task, title, homes, *, people, times=1):
    def act(campaign, tasks, secretary, chance):
        number = chance.randint(*people)
        shares = _parts(number * times, len(homes), chance)
        activity = Activity(
            campaign=campaign,
            task=_like(tasks, task),
            kind=kind,
            title=title,
            held_on=clock.today() - clock.ONE_DAY,
            place="市养老服务指导中心",
            people=number,
            attendances=number * times,
            result="按计划开展，签到表存协会秘书处。",
        )
        parts = [TakingPart(home, part) for home, part in zip(homes, shares, strict=True)]
        record_activity(activity, by=secretary, homes=parts)

    return act


def _parts(total, number, chance):
    """A number as so many whole parts."""
    cuts = sorted(chance.randint(0, total) for _ in range(number - 1))
    return [after - before for before, after in zip([0, *cuts], [*cuts, total], strict=True)]


def _like(tasks, words):
    return next((task for title, task in tasks.items() if words in title), None)


def _report(task, text, figures):
    def act(campaign, tasks, secretary, chance):
        task_row = _like(tasks, task)
        known = {
            one: (value, None)
            for one in task_row.indicators.all()
            for words, value in figures.items()
            if words in one.name
        }
        row = progress.start(task_row, by=secretary, words=progress.Words(clock.today(), text, figures=known))
        row = progress.submit(row, by=secretary)
        progress.accept(row, by=User.objects.select_related("office__area").get(username="jiangyin_assoc_leader"))

    return act


def _keep_milestones(campaign, leader):
    """What was done by its day: all but what the notice itself put beyond the campaign's end."""
    for milestone in campaign.milestones.filter(due_on__lte=LAST):
        with _at(min(milestone.due_on, LAST)):
            planning.complete(milestone, by=leader)


def _month_ends():
    days = [date(2021 + (9 + n) // 12, (9 + n) % 12 + 1, 1) for n in range(1, 13)]
    return [day - clock.ONE_DAY for day in days]
