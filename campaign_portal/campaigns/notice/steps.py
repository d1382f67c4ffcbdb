"""Steps of a campaign that stand in a row: 第一步 …, rows of a table, days and names one behind the other."""

import re
from dataclasses import dataclass
from itertools import islice

from . import dates
from .lines import rules_text
from .wording import is_body, subject

PHASE_WORD = re.compile(
    r"阶段|部署|动员|发动|自查|摸底|排查|整治|整改|攻坚|总结|巩固|提升|验收|检查|抽查|督[导查]|评估|考核|回头看|组织实施|推进|准备|启动|筹备|宣传|制定方案|"
    r"建档|建账|评定|公示|申报|推荐|复核|集中|活动|培训"
)
COUNTED_PHASES = re.compile(r"[两二三四五六]个?(?:阶段|步骤|环节)")
DEADLINE_LABEL = re.compile(r"(?:完成|报送|整改|截止|反馈)(?:时[限间]|期限|日期)?:?$")
# 第一步:宣传发动(3月1日至15日); 第二环节,从3月16日开始,到4月底结束; 一是动员部署(3月); 首先,…
STEP = re.compile(
    r"(?:^|(?<=[\n。;:]))(?:\(?[一二三四五六七八九十\d]{1,2}[)、.])?"
    r"(?:第[一二三四五六七八](?:步骤?|环节|时段|时期|批次?|轮)|步骤[一二三四五六七八]|阶段[一二三四五六七八]|[一二三四五六七八]是|首先|其次|然后|接着|最后)[::,]?"
)
LABELLED_DAYS = re.compile(r"(?:[(,:]|^)(?:实施|工作|计划)?(?:时间(?:安排|范围)?(?:为|是|:)?)?(?:从|自|于|在)?$")
LONGEST_STEP = 80
STEPS_ABOVE = re.compile(r"步骤|阶段|进度|时间安排|工作安排|实施安排|推进安排|流程|程序|环节|时间节点")
# What phases are called when they have no more than a name: 动员部署, 排查攻坚, 机构自查.
ACTS = (
    "动员|部署|宣传|发动|启动|筹备|准备|自查|自纠|摸底|摸排|排查|调查|清查|检查|抽查|督查|督导|普查|整治|整改|治理|整顿|攻坚|推进|实施|组织|集中|全面|联合|专项|深化|深入|"
    "巩固|提升|总结|验收|评估|评定|考核|通报|回头看|建章立制|长效|规范|提高|试点|推广|学习|教育|查摆|表彰|评比|制定方案|申报|审核|复核|公示|机构|县级|市级|区级|乡镇|问题|隐患|[和与及并、]"
)
NAME_ONLY = re.compile(rf"(?:{ACTS}){{1,6}}(?:阶段|[年月])?")
NO_NAME = re.compile(
    r"(?:开展|完成|报送|上报|召开|举[办行]|印发|下发|公布|发布|形成|各|由|对|将|请|要|组织(?!实施|发动|动员|自查|检查|排查|验收|评估)|全[省市县区])|.*(?:\d|不少于|报送|名单)"
)
NAME = r"(?P<name>[^,。;:()|\n\d、]{2,14})"
NAME_BEHIND = re.compile(
    rf"(?:全年|期?间)?(?:[,:]|,?(?:为|是|作为)|\((?P<inside>))(?P<as>为|是)?{NAME}(?(inside)\)|(?=[,。;:(\n]|$))"
)
OPENS = re.compile(r"(?:^|[;。\n:]|(?:^|[;。\n:,])第[一二三四五六七八]阶段[,:])(?:从|自)?$")
MARKS = r"[●■★◆·▲-]?(?:\(?[一二三四五六七八九十\d]{1,2}[)、.])?(?:第[一二三四五六七八]阶段[:,]?)?"
NAME_AHEAD = re.compile(
    rf"(?:^|[;。\n:、,(]){MARKS}{NAME}(?:(?P<how>[(:,])|(?<=[。\n]))(?:时间(?:为|是|:)?)?(?:从|自|于)?$"
)
NAME_RIGHT_BEHIND = re.compile(rf"(?P<name>(?:{ACTS}){{2,6}})(?=[,。;\n]|$)")  # 4月宣传发动,5月至6月自查自纠
NAME_ABOVE = re.compile(rf"第[一二三四五六七八]阶段[:,]?{NAME}[。\n](?:时间(?:为|是|:)?)?(?:从|自|于)?$")
ENDS_STEP = re.compile(r"[,。;:\n)]|$")
ANNOUNCED = re.compile(
    r"分(?:为|成)?[两二三四五六七八]个?(?:阶段|步骤?|环节)|(?:步骤|阶段|进度|时间)(?:划分|安排)?(?:为|如下)?:"
)
REACH = 60  # between what announces steps and the first of them
LEAD = 40
MOST = 200
SHORTEST_NAME = 4  # of a phase that nothing announces


@dataclass(frozen=True)
class Found:
    start: int
    end: int
    name: str
    expression: dates.Expression


def of_steps(page):
    """Steps that are not called 阶段, two or more of them with days: 第一步:宣传发动(3月1日至15日)."""
    found = []
    for match in islice(STEP.finditer(page.flow.text), MOST):
        stop = min(len(page.flow.text), match.end() + LONGEST_STEP)
        ends = re.search(r"[。;\n]", page.flow.text[match.end() : stop])
        stop = match.end() + ends.start() if ends else stop
        one = next((f for e in dates.find(page.flow.text, match.end(), stop) if (f := _of_step(page, match, e))), None)
        found += [one] if one else []
    return found if len(found) >= 2 else []


def _of_step(page, match, expression):
    """The step whose days an expression gives as a label, in brackets or between commas."""
    lead = page.flow.text[match.end() : expression.start]
    after = page.flow.text[expression.end : expression.end + 12]
    told_off = re.match(r"[一二三四五六七八]是|首先|其次|然后|接着|最后", match[0])  # mostly tasks with a day each
    until = expression.suffix in ("前", "之前", "以前") and re.match(r"[):,。;\n]|$", after)
    is_span = expression.is_span or until and not told_off
    opens = LABELLED_DAYS.search(lead) and not re.search(r"[,(:].*[,(:].*[,(:]", lead)
    is_label = is_span or not expression.suffix and after.startswith(")")
    if not is_label or not opens or len(lead) > 40 or DEADLINE_LABEL.search(lead):
        return None
    stop = expression.end + (1 if after.startswith(")") else 0)
    name = re.split(r"[(,:]", lead)[0] or re.split(r"[,:。;\n(]", after.lstrip(",:)"))[0]
    return Found(match.start(), stop, name or match[0].strip(",:"), expression)


def of_rows(page):
    """The rows of a table whose first columns say 阶段 and 时间."""
    for row in page.rows.rows[:MOST]:
        name = next((c for c in row.cells if re.search("阶段|步骤|环节", c.head) and len(c.words) <= 40), None)
        days = next((c for c in row.cells if re.search("时间|日期|起止", c.head) and c is not name), None)
        for expression in dates.find(page.flow.text, days.start, days.end) if name and days and name.words else []:
            if expression.is_span or not expression.suffix and not expression.right.day:
                yield Found(min(name.start, days.start), max(name.end, days.end), _of_name(row, name), expression)


def _of_name(row, name):
    """What a row's phase is called: its number alone says less than the work behind it."""
    work = row.of_kind("name")
    return work.words[:40] if work and re.fullmatch(r"[一二三四五六七八\d]", name.words) else name.words


def of_lists(page):
    """Days and names in a row: 2024年4月,动员部署;5月至12月,排查攻坚; or 宣传发动:4月1日至15日, line by line.

    Under a heading or behind words that announce steps two will do; elsewhere names must be nothing but names of phases.
    """
    group, key = [], None
    for start, end in page.telling:
        for expression in page.dates(start, end):
            one, at = _of_list(page, expression), page.task(expression.start)
            if not one or at is not None and page.flow.at[expression.start] < page.tasks[at].end:
                continue  # the days of a heading are its own
            if at != key and group:
                yield from _real_list(page, group, key)
                group = []
            group, key = [*group, one], at
    yield from _real_list(page, group, key) if group else []


def _of_list(page, expression):
    """The item of a list whose days an expression gives, if it may be one."""
    if expression.suffix and expression.suffix not in ("止", "截止"):
        return None
    text = page.flow.text
    lead, after = text[max(0, expression.start - LEAD) : expression.start], text[expression.end : expression.end + 24]
    right_behind = NAME_RIGHT_BEHIND.match(after) if re.search(r"[;。\n:,、]$", lead) else None
    if right_behind and not _is_no_name(right_behind["name"]):
        return Found(expression.start, expression.end + right_behind.end(), right_behind["name"], expression)
    behind = NAME_BEHIND.match(after)
    opens = OPENS.search(lead) or lead.endswith(",") and behind and behind["name"].endswith(("年", "月", "阶段"))
    if opens and behind and not _is_no_name(behind["name"]):
        return Found(expression.start, expression.end + behind.end(), behind["name"], expression)
    ahead = NAME_ABOVE.search(lead) or NAME_AHEAD.search(lead)
    closed = ahead and (after.startswith(")") if ahead.groupdict().get("how") == "(" else ENDS_STEP.match(after))
    if not closed or _is_no_name(ahead["name"]):
        return None
    begin = expression.start - len(lead) + ahead.start("name")
    return Found(begin, expression.end + after.startswith(")"), ahead["name"], expression)


def _is_no_name(name):
    return (
        NO_NAME.match(name)
        or not (PHASE_WORD.search(name) or NAME_ONLY.fullmatch(name))
        or subject("", name)
        or is_body(name)
    )


def _real_list(page, group, task):
    """The items of one list, if they are steps and not tasks with a day each."""
    names_only = [one for one in group if NAME_ONLY.fullmatch(one.name)]
    if _is_announced(page, group[0], task):
        return group if len(group) >= 2 and 2 * len(names_only) >= len(group) else []
    spans = any(one.expression.is_span for one in group)
    return group if spans and len(names_only) == len(group) >= 2 and _are_long(group) else []


def _are_long(group):
    return all(len(one.name) >= SHORTEST_NAME for one in group)


def _is_announced(page, first, task):
    title = rules_text(page.tasks[task].title)[1] if task is not None else ""
    return STEPS_ABOVE.search(title) or ANNOUNCED.search(page.flow.text, max(0, first.start - REACH), first.start)
