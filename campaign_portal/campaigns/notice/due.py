"""Whether a day in a text is one by which something has to be done, or of the campaign's period: by what stands around it."""

import re
from dataclasses import dataclass

from . import dates
from .date_words import POINT
from .lines import rules_text

LEAD = re.compile(
    r"(?:确保|力争|争取|务必|(?<!任)务于|(?<!任)务在|必须|须|应当?|要|请|并|均|统一|拟|定|计划|预计|原则上|最迟|最晚|不迟于|不晚于|不得迟于|不得晚于|截至|截止|截止到|到|至|于|在|赶在|"
    r"从|自|将|分别|暂定|现定|一律|全部|力求){1,8}$"
)
UNTIL = re.compile(
    r"(?:到|至|截至|截止|截止到|最迟|最晚|不迟于|不晚于|不得迟于|不得晚于|于|在|赶在|定于|拟于|将于|确保|力争|争取|务必)$"
)
LABEL = re.compile(r"(?:时[限间]|期限|日期|时间节点|截止|进度|进度安排|时间要求|时间为|日期为|公示期)(?:为|是)?:?$")
PERIOD_LABEL = re.compile(
    r"(?:行动|活动|整治|实施|工作|起止|周期|专项整治|总体|战役|会战|攻坚战?|治理|创建|大赛|竞赛)(?:的)?(?:起止)?(?:时间|周期|期限|安排)?[:(]?(?:从|自)?$"
)
AFTERMATH = re.compile(
    r"(?:以来|起(?!草|底|到|好|来)(?!至|到|-)|后(?!进|期|续|备|勤|厨)|之后|以后|开始(?!前)|期间|间(?!隔)|《|结束|施行|印发|下发|发布的|颁布|修订|发生)"
)
ACTION = re.compile(
    r"完成|开展|组织|报送|上报|报[市省县区局送]?|报告|举[办行]|召开|公布|公示|发布|实现|建[成立设]|达到?|形成|制定|出台|启动|检查|排查|整改|整治|评[估定审选]|验收|"
    r"总结|汇总|提交|反馈|部署|印发|培训|考[核试]|督[查导]|抽查|推进|落实|进行|做好|全面|基本|力争|确保|争取|实施|列出|消除|组建|配合|设立|录入|填[报写]|更新|"
    r"申[报请]|推荐|报到|核查|复[核查]|通报|签订|演练|宣传|改造|配备|安装|结束|到位|清零|销号|巩固|调度|将|要|应|须|请|由|对|投入|开工|[竣完]工|交付|启用|[兴开]建|移交|使用|上线|运行|覆盖|建|"
    r"新增|更换|升级|提升|打造|创建|购置|采购|发放|治理|清理|拆除|推广|引进|走访|慰问|开放|下达|拨付|兑现|评出|张贴|布置|听取|审议|约谈|整合|撤并|修[建订缮]|编制|运营|挂牌|受理|开通"
)
STATE = re.compile(
    r"不低于|不少于|至少|占比|\d%|[\d一二三四五六七八九]成(?:以上|$)|保持|稳定|提[高升]|增[加至长]|[降减]|基本|有(?:\d|[一二两三])|全部|全面"
)
REACHING = (
    "到",
    "至",
    "截至",
    "截止",
    "截止到",
    "最迟",
    "确保",
    "力争",
    "争取",
)  # 到"十四五"末, what is to be the case then
# A year by whose end a figure is reached: 整改率2024年达到90%; 其中2024年不少于25家. 2024年完成20家 is a plan of the year.
REACHED_IN = re.compile(
    r"(?:底|末)?(?:要|应|须|将|力争|争取|确保)?(?:分别|均|都|再)?(?:达到?|不[得能应]?(?:低于|少于|超过|高于|多于)|控制在|[提增升降减压][高升加至低少减缩]{0,2}[到至]|突破|超过|高于)[^,;。|]{0,4}[\d一二两三四五六七八九十百]"
)
TURN = re.compile(
    r"(?:第[一二三四五六]|首|末)(?:轮|次|批次?|期|场|阶段|步)(?:检查|督[查导]|培训|整治|排查|改造|验收|评估|考核)?(?:为|是|于|在|拟于)?$"
)
DAYS_JOINED = re.compile(rf"(?:{POINT}(?:前|之前)?(?:[、和及与]|以及))+$")
JOINED_DAYS = re.compile(rf"^(?:(?:[、和及与]|以及){POINT}(?:前|之前)?)+")  # 10月中旬、次年1月中旬,开展督导
NAMED_DAY = re.compile(
    r",?(?:被|确)?(?:为|是|定为)(?!了|准|由)[^,。;:|]{2,24}(?:日|时间|日期)(?=[,。;)\n]|$)"
)  # 6月14日为宣传咨询日
LONG_LABEL = re.compile(
    r"(?:(?:检查|抽查|排查|督查|督导|清查)(?:时间|安排|范围)|(?:^|[。;\n(])时间(?:安排|范围)?)(?:为|是|从|自|:|\()+$"
)
PERIOD_OF = re.compile(
    r",?(?:止|期间)?,?(?:[在于对].{0,24})?(?:集中|组织|统一|全面)*(?:开展|实施|组织|进行|推进|部署)[^;。]{0,60}?(?:行动|活动|整治|大检查|大排查|攻坚|治理|大会战|竞赛|提升|回头看|百日)"
)
HEADING_OF_PERIOD = re.compile(
    r"(?:实施周期|(?:活动|行动|整治|实施|工作|起止|检查|抽查)(?:时间|期限|周期)(?:安排)?|^时间(?:安排|范围|步骤)?|周期)$"
)
HEADING_OF_DAY = re.compile(
    r"(?:培训|会议|报名|报到|考试|评选|评定|申报|集中|公示|测试|竞赛|比赛|授课)(?:的)?(?:时间|日期|期限)(?:安排|和地点|及地点|、地点)?$"
)


@dataclass(frozen=True)
class Place:
    """An expression in its sentence: what stands before it in its clause, and after it in the sentence."""

    expression: dates.Expression
    start: int
    end: int
    before: str
    after: str
    label: str = ""  # the last characters before it, across a colon
    ahead: str = ""  # the clause before its own


def is_due(page, place, right):
    """Whether the expression says by when something has to be done."""
    expression, issued = place.expression, page.calendar.issued_on
    if _under_day(page, place) or _in_due_column(page, place):
        return _future(right, issued)
    if expression.is_span:
        return _future(right, issued) and _span_is_due(place)
    if _tells_past(place, right, issued):
        return False
    if expression.suffix and expression.suffix not in ("止", "截止"):
        return (
            not re.match(r"的|(?:建成|成立)的", place.after)
            or _future(right, issued)
            and bool(UNTIL.search(place.before))
        )
    return _point_is_due(place, right, issued)


def _under_day(page, place):
    """The first words under a heading that asks for a day: 一、培训时间."""
    index = page.task(place.expression.start)
    if index is None:
        return False
    task = page.tasks[index]
    near = page.flow.index(task.end) >= place.start - 2 and place.expression.start - place.start < 12
    return near and HEADING_OF_DAY.search(rules_text(task.title)[1].strip()) is not None


def _in_due_column(page, place):
    row = page.rows.at(place.expression.start)
    cell = row and row.at(place.expression.start)
    return bool(cell and cell.kind == "due" and place.expression.start - cell.start <= 6)


def _future(right, issued):
    return issued is None or right.last >= issued


def _tells_past(place, right, issued):
    ends = place.after.startswith("结束") and UNTIL.search(place.before)
    if AFTERMATH.match(place.after) and not place.expression.suffix and not ends:
        return True
    if re.search(r"(?:自|从)$", place.before) and not place.expression.suffix:
        return True
    if re.search(r"有效期(?:限)?(?:为|至|到)?$|(?:截至|截止)(?:到)?$", place.before) and re.match(
        r"(?:底|末)?,?[^,]{0,12}(?:共|已|有|达|累计|现)", place.after
    ):
        return True
    if re.search(r"有效期(?:限)?(?:为|至|到)?$", place.before):
        return True
    stated = place.expression.right.year or place.expression.right.shift is not None
    return bool(
        issued and stated and right.last < issued and (right.last.year < issued.year or not place.expression.suffix)
    )


def _span_is_due(place):
    if place.expression.right.part == "Y" or AFTERMATH.match(place.after):
        return False
    lead = LEAD.sub("", place.before)
    opens = not lead or LABEL.search(place.label) or lead.endswith("(") or len(lead) <= 20
    return bool(opens and (ACTION.search(place.after[:60]) or LABEL.search(place.label)))


def _point_is_due(place, right, issued):
    """A point in time without 前: due at the head of a clause, behind 到 or 于, or as a label's value."""
    expression, lead = place.expression, LEAD.sub("", place.before)
    cell = place.label.endswith("|") and re.match(r"[|\n]|$", place.after)
    if right.precision == "day" and NAMED_DAY.match(place.after) and not re.search("每年$|有效", place.before):
        return _future(right, issued)
    if LABEL.search(place.label) or cell and right.precision in ("day", "month_end", "year_end"):
        return True
    if not _future(right, issued) or issued is None and right.precision in ("day", "year"):
        return False
    if right.precision in ("year", "half_year", "quarter") and re.search(r"(?:将|把|对|就)$", place.before):
        return False  # 将上半年和全年落实情况报…: what is sent
    until = UNTIL.search(place.before)
    if is_figure_or_turn(place, right):
        return True
    if right.precision == "year":
        return bool(
            expression.right.year and until and until[0] not in ("于", "在") and not place.after.startswith("的")
        )
    opens = not lead or lead.endswith(("(", '"')) or bool(until)
    if not opens and not (right.precision in ("year_end", "month_end") and len(lead) <= 16):
        return False
    if lead.endswith("(") and place.after.startswith(")"):
        return ACTION.search(lead) is not None
    if place.after.startswith(("的", "工作", "安全生产月", "重点", "计划")):
        return False
    clause = re.split("[,;]", JOINED_DAYS.sub("", place.after).lstrip(","))[0][:50]
    return bool(ACTION.search(clause) or until and until[0] in REACHING and STATE.search(clause))


def is_figure_or_turn(place, right):
    """A year in which a figure is reached, or the day of one turn of several: 第一轮6月中旬,第二轮8月上旬."""
    if place.expression.is_span or place.expression.suffix:
        return False
    if right.precision == "year":
        return bool(place.expression.right.year and REACHED_IN.match(place.after))
    return bool(TURN.search(place.before) and re.match(r"[,;、。)\n]|$", place.after))


def is_period(page, place, left, right):
    """A span that says when the whole campaign runs: under a heading that asks for it, or 决定 … 开展 … 行动."""
    if _is_labelled_period(place, (right.last - left.first).days):
        return True
    task = page.tasks[index] if (index := page.task(place.expression.start)) is not None else None
    title = rules_text(task.title)[1] if task else ""
    if HEADING_OF_PERIOD.search(title) and "阶段" not in title:
        return page.flow.index(task.end) >= place.start - 2
    in_preamble = task is None or task.level == 1 and not task.is_work
    opens = re.search(r"(?:决定|定于|计划|拟|将|从|自|于|在|利用)$|^$", place.before)
    return bool(in_preamble and opens and PERIOD_OF.match(place.after))


def _is_labelled_period(place, days):
    return (
        PERIOD_LABEL.search(place.label)
        or days > 27
        and LONG_LABEL.search(place.label)
        or place.expression.suffix == "结束"
    )
