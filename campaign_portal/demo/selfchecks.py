"""Two rounds of self-checks in the demonstration county: one finished early in the campaign, one due in a few days.

Each home is a life of its own among the others (see lives.py), so its hazards are numbered in the order of time.
"""

import random
from datetime import datetime, time, timedelta
from io import BytesIO

from django.utils import timezone

from campaign_portal import clock
from campaign_portal.files.services import store_picture
from inspections import services as hazards
from inspections.models import CheckList, Hazard, SelfCheck, SelfCheckRound
from inspections.selfchecks import Sheet
from inspections.services import selfcheck as services
from inspections.services.selfcheck import Entry

from .drawings import draw_signature

LEFT_HALFWAY = "柏林敬老院"  # whose phone somebody who opens the demo holds: its check waits to be finished
PROXY_REASON = "院长住院，到院里逐项核对后代填"
TITLES = {"finished": "动员阶段安全自查", "open": "冬春安全自查"}
OPENED = {"finished": 80, "open": 11}  # days ago
OPEN_FOR = 14  # days: the second is due in three


def _finding(item, note, measure, scene, done):
    """What a home may find wrong with the item whose text begins so, and a text for the rest of the hazard's life."""
    return {
        "item": item,
        "note": note,
        "measure": measure,
        "scene": scene,
        "done_note": done,
        "send_back_note": "照片只有近景，请补一张全景。",
    }


FINDINGS = [
    _finding(
        "疏散通道",
        "二楼西侧疏散通道靠墙放着两张闲置床架",
        "当天搬到库房，划禁放线，每班巡查。",
        "corridor",
        "床架已搬走，禁放线已划。",
    ),
    _finding(
        "灭火器",
        "三楼东头两只灭火器指针到红区",
        "送检充装，先从库房调两只顶上。",
        "extinguisher",
        "两只灭火器已换新，全楼逐只查过。",
    ),
    _finding(
        "烟感", "一楼西侧应急照明断电后不亮", "换灯，全楼断电测试一遍并登记。", "fire_panel", "已换灯，断电测试正常。"
    ),
    _finding(
        "防火门", "一楼楼梯间防火门闭门器漏油，关不严", "更换闭门器。", "fire_door", "闭门器已换，推开能自行关严。"
    ),
    _finding(
        "电线",
        "203 室一个插座接了三个插线板",
        "拆掉插线板，床头加装固定插座。",
        "socket",
        "插线板已拆，加装了两个固定插座。",
    ),
    _finding("配电箱", "配电间堆了拖把和纸箱", "清空配电间，门上贴禁放标识。", "switchboard", "配电间已清空上锁。"),
    _finding("电动车", "护工的电动车在门厅充电", "院外设充电棚，门厅禁停。", "ebike", "电动车移到院外充电棚。"),
    _finding(
        "燃气软管",
        "厨房燃气报警器按测试键不响",
        "请燃气公司更换报警器并联动测试。",
        "gas_alarm",
        "报警器已换，联动切断测试正常。",
    ),
    _finding("走廊、卫生间", "102 室卫生间扶手松动", "加固扶手，全院逐间检查。", "handrail", "扶手已换膨胀螺栓加固。"),
    _finding(
        "食材",
        "冰箱里生熟没有分开，有一瓶酱过期",
        "清理冰箱，分格贴标签，专人每日检查。",
        "fridge",
        "冰箱已分格，过期品已清。",
    ),
    _finding(
        "老人的药品",
        "药柜里有两盒过期药没有清走",
        "逐柜清点，过期药登记后统一处理。",
        "medicine",
        "药柜已清点，过期药已处理。",
    ),
    _finding("床栏", "305 室一张床的护栏卡扣断了", "更换护栏，逐床检查。", "bed", "护栏已换，逐床检查完毕。"),
]


def lives(world):
    """The generators of both rounds, for lives.live()."""
    for which in ("finished", "open"):
        yield _open(world, which)
        for index, home in enumerate(world.homes):
            yield _home(world, which, index, home)


def _moment(world, days_ago, hour, minute=0):
    """A time of day so many days before now."""
    day = timezone.localtime(world.now).date() - timedelta(days=days_ago)
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def _open(world, which):
    yield _moment(world, OPENED[which], 8)
    check_round = SelfCheckRound(
        campaign=world.county.campaign,
        check_list=CheckList.objects.get(owner=None),
        title=TITLES[which],
        opens_on=clock.today(),
        due_on=clock.today() + timedelta(days=OPEN_FOR),
    )
    services.open_round(check_round, by=world.clerk(world.county.offices["bureau"]))


def _home(world, which, index, home):
    """One home's way through a round: begun, signed, and what was found set right like any other hazard."""
    dice = random.Random(f"{which} {home.name}")
    if which == "open" and home.name == LEFT_HALFWAY:
        yield from _begin(world, which, home, days_ago=2, parts=3)
        return
    if which == "open" and index % 9 == 2:  # begun and laid aside
        yield from _begin(world, which, home, days_ago=4, parts=dice.randint(1, 5))
        return
    if (which, index % 9) in {("open", 5), ("open", 8)} or (which, index) == ("finished", 14):
        return  # not looked at yet; in the finished round never
    is_late = which == "finished" and index % 11 == 3
    first, last = (OPENED[which] - 1, max(OPENED[which] - OPEN_FOR, 1))
    days_ago = last - dice.randint(1, 6) if is_late else dice.randint(last, first)
    moment = yield _moment(world, days_ago, dice.randint(9, 15), dice.randint(0, 59))
    by = world.clerk(home.supervisor if index % 13 == 6 else home.office)
    findings = dice.sample(FINDINGS, dice.choice([0, 0, 0, 0, 1, 1, 2]))
    check = _check(which, home)
    _answer(world, check, by, findings)
    check = services.submit_check(
        check=check,
        by=by,
        signer=home.director if by.office_id == home.office_id else by.name,
        signature=_signature(home.director, by) if by.office_id == home.office_id and dice.random() < 0.8 else None,
        is_zero=not findings,
        proxy_reason="" if by.office_id == home.office_id else PROXY_REASON,
    )
    yield from _afterwards(world, check, findings, moment)


def _begin(world, which, home, *, days_ago, parts):
    yield _moment(world, days_ago, 10)
    check, by = _check(which, home), world.clerk(home.office)
    items = [line.item for part in Sheet(check).parts[:parts] for line in part.lines]
    services.save_answers(check=check, by=by, entries=[Entry(item, "met") for item in items])


def _check(which, home):
    return SelfCheck.objects.get(round__title=TITLES[which], facility=home)


def _answer(world, check, by, findings):
    entries = []
    for line in Sheet(check).lines:
        finding = next((f for f in findings if line.item.text.startswith(f["item"])), None)
        if finding is None:
            kind = "na" if line.item.place in ("电梯", "医务室") and check.facility.beds < 60 else "met"
            entries.append(Entry(line.item, kind))
        else:
            if known := _known(check.facility, line.item):
                entries.append(Entry(line.item, "not_met", hazard=known))
                continue
            photo = world.picture(finding, fixed=False, by=by)
            said = {"note": finding["note"], "measure": finding["measure"], "place": line.item.place}
            entries.append(Entry(line.item, "not_met", photos=[photo], **said))
    services.save_answers(check=check, by=by, entries=entries)


def _known(home, item):
    """A hazard of the kind that is still being worked on at this home: it is named, not reported again."""
    return Hazard.objects.unfinished().filter(facility=home, category__code=item.category, place=item.place).first()


def _signature(name, by):
    drawn = BytesIO(draw_signature(name))
    drawn.name = "签名.png"
    return store_picture(drawn, by=by)


def _afterwards(world, check, findings, moment):
    """The township confirms what was reported, and the home sets it right."""
    answers = check.answers.filter(was_known=False, hazard__isnull=False)
    found = Hazard.objects.filter(self_check_answers__in=answers).order_by("pk")
    for hazard in found:
        moment = yield world.later(moment, 0, 3)
        officer = world.clerk(hazard.facility.supervisor)
        hazards.verify_hazard(hazard=hazard, by=officer, grade="normal", due_on=max(hazard.due_on, clock.today()))
        text = next(finding for finding in findings if finding["note"] == hazard.summary)
        yield from world.work(hazard, text, moment)
