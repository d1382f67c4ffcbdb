"""The tree of 一、 (一) 1. (1): headings, what stands under each, and which of them are work."""

import re
from bisect import bisect_right
from dataclasses import dataclass

from . import dates
from .draft import TaskItem
from .lines import Flow, rules_text

CN = "一二三四五六七八九十"
YEAR_OR_DAY = r"(?:19|20)\d{2}年|\d{1,2}月"  # 二、2025年目标: other figures behind a number are part of it
LEVELS = (
    re.compile(rf"(?P<no>[{CN}]{{1,3}})[、.](?:(?!\d)|(?={YEAR_OR_DAY}))|第(?P<part>[{CN}]{{1,3}})部分[:、,]?"),
    re.compile(rf"\((?P<no>[{CN}]{{1,3}})\)[、.]?|(?P<one>[㈠-㈩])[、.]?"),
    re.compile(r"(?P<no>\d{1,2})[、.](?:(?![\d月日])|(?=(?:19|20)\d{2}年|\d{1,2}月))"),
    re.compile(r"\((?P<no>\d{1,2})\)[、.]?|(?P<plain>\d{1,2})\)|(?P<ring>[①-⑳])"),
)
NOT_A_HEADING = re.compile(rf"(?P<one>[{CN}])、(?P<next>[{CN}])(?:级|类|星|等|线|批|甲|产)")
NO_WORK = re.compile(
    r"指导思想|总体(?:要求|目标|思路)|(?:工作|主要|活动|整治|行动|任务)?目标$|基本原则|工作原则|^原则|工作要求|有关要求|相关要求|几点要求|具体要求|组织领导|组织机构|领导小组|"
    r"保障措施|保障机制|工作保障|实施周期|活动时间|时间安排|实施时间|时间范围|整治时间|工作时间|活动主题|培训(?:时间|地点|对象)|范围$|对象$|依据$|附则|"
    r"检查主体|管理对象|名录库$|联系(?:人|方式)|注意事项|附件|背景|意义|基数|现状|形势"
)
GROUP = re.compile(
    r"(?:重点|主要|工作|目标|整治|具体|活动)*(?:任务|内容|举措|措施|重点|事项|项目)|(?:实施|工作|方法|进度|时间|推进)*(?:步骤|阶段|安排|进度)"
)
INNER = re.compile(rf"(?<=[。!?;:])(?=[{CN}]{{1,3}}、|\([{CN}]{{1,3}}\))")
SECOND = {1: re.compile("[。;]二、"), 2: re.compile(r"[。;]\(二\)")}
REACH = 600  # in which the second of several follows
LONGEST_TITLE = 120
MOST_TASKS = 4000


@dataclass(frozen=True)
class Mark:
    """The beginning of a heading in the flow: where, of which level, with which number."""

    start: int
    after: int
    level: int
    number: str


def find_marks(flow: Flow) -> list[Mark]:
    """Headings at the beginning of paragraphs, and 一、 or (一) within one where the number is the next one."""
    marks, last = [], {}
    for start, paragraph in _paragraphs(flow.text):
        mark = _mark(paragraph, start)
        if mark:
            marks.append(mark)
            last = _counted(last, mark)
        for inner in INNER.finditer(paragraph):
            mark = _mark(paragraph[inner.start() : inner.start() + 40], start + inner.start())
            if mark and number_of(mark.number) == last.get(mark.level, 0) + 1 and _may_stand(mark, paragraph, inner):
                marks.append(mark)
                last = _counted(last, mark)
        if len(marks) >= MOST_TASKS:
            break
    return marks


def _may_stand(mark, paragraph, inner):
    """Behind a full stop any next number; behind a semicolon 二、; behind a colon the first of several: 通知如下:一、…二、…"""
    before = paragraph[inner.start() - 1]
    if before == ":":
        second = SECOND.get(mark.level)
        at = inner.end()
        return number_of(mark.number) == 1 and second is not None and bool(second.search(paragraph, at, at + REACH))
    return before != ";" or mark.level == 1


def _counted(last, mark):
    return {level: no for level, no in last.items() if level < mark.level} | {mark.level: number_of(mark.number)}


def _paragraphs(text):
    start = 0
    for paragraph in text.split("\n"):
        if paragraph:
            yield start, paragraph
        start += len(paragraph) + 1


def _mark(words, start):
    pair = NOT_A_HEADING.match(words)
    if pair and CN.index(pair["next"]) == CN.index(pair["one"]) + 1:
        return None  # 二、三级医院; but 一、三星级机构的评定 is a heading
    for level, pattern in enumerate(LEVELS, start=1):
        match = pattern.match(words)
        if match:
            return Mark(start, start + match.end(), level, match[0])
    return None


def number_of(number):
    """The number as a number, to see whether it follows the one before."""
    words = re.sub(r"[^\d" + CN + "①-⑳㈠-㈩]", "", number)
    if not words:
        return 0
    if words.isascii():
        return int(words)
    if "①" <= words[0] <= "⑳":
        return ord(words[0]) - ord("①") + 1
    if "㈠" <= words[0] <= "㈩":
        return ord(words[0]) - ord("㈠") + 1
    tens, ten, ones = words.rpartition("十")
    return (CN.find(ones) + 1 if ones else 0) + ((CN.find(tens) + 1 if tens else 1) * 10 if ten else 0)


def read_outline(flow: Flow, text: str) -> list[TaskItem]:
    """The headings as tasks, each with the range of the source that belongs to it."""
    marks, tasks, open_at = find_marks(flow), [], {}
    for mark, following in zip(marks, [*marks[1:], None], strict=False):
        limit = following.start if following else len(flow.text)
        open_at = {level: i for level, i in open_at.items() if level < mark.level}
        parent = open_at[max(open_at)] if open_at else None
        tasks.append(_task(flow, text, mark, limit, parent))
        open_at[mark.level] = len(tasks) - 1
    return _with_work(tasks, flow)


def _task(flow, text, mark, limit, parent):
    end = _title_end(flow, mark, limit)
    start_at, end_at = flow.span(mark.start, end)
    title_at = flow.span(mark.after, end) if end > mark.after else (end_at, end_at)
    title = _without_days(text[title_at[0] : title_at[1]].strip().rstrip("。．.；;：:"))
    body = flow.span(end, limit) if limit > end else (end_at, end_at)
    return TaskItem(
        start=start_at, end=end_at, sentence_start=start_at, sentence_end=end_at, text=text[start_at:end_at], level=mark.level,
        number=mark.number, title=title, body_start=min(body[0], body[1]), body_end=body[1], parent=parent, is_work=True,
    )  # fmt: skip


DAYS_BEHIND = re.compile(
    r"(?<=\S)\s*[（(](?=[^（）()]*[\d０-９一二三四五六七八九十年即])[^（）()]{0,60}(?:[年月日号旬初底末前止]|\d)[^（）()]{0,12}[)）]$"
)


def _without_days(title):
    """A heading without the days in brackets at its end: 制定方案（8月初）."""
    bracket = DAYS_BEHIND.search(title)
    if not bracket or not dates.find(rules_text("".join(bracket[0].split()))[1]):
        return title
    return title[: bracket.start()].rstrip("。．.；;：:") or title


def _title_end(flow, mark, limit):
    """A heading goes to its full stop, to the end of its line, or to a gap behind it."""
    stop = min(limit, mark.after + LONGEST_TITLE)
    for i in range(mark.after, stop):
        char = flow.text[i]
        if char == "\n":
            return i
        if char in "。!?":
            return i + 1
        if (
            i > mark.after + 4
            and flow.gap_before(i)
            and flow.text[i - 1] not in ',、;:(《"'
            and char not in ',、;:)》"'
            and _gap_ends(flow, i)
        ):
            return i
    return stop


def _gap_ends(flow, i):
    """A space ends a heading only where a wide one stands, as in 加强领导  各乡镇要…"""
    return flow.at[i] - flow.at[i - 1] > 2


def _with_work(tasks, flow):
    """The same tasks with `is_work` and the ends of their bodies, which reach over their children."""
    done, ends = [], {}
    children = {t.parent for t in tasks if t.parent is not None}
    for i in reversed(range(len(tasks))):
        task = tasks[i]
        end = max(task.body_end, ends.get(i, 0))
        ends[i] = end
        if task.parent is not None:
            ends[task.parent] = max(ends.get(task.parent, 0), end)
        done.append((i, end))
    result = []
    for i, end in reversed(done):
        task = tasks[i]
        work = _is_work(task, result, i in children)
        result.append(TaskItem(**{**task.__dict__, "body_end": end, "is_work": work}))
    return result


def _is_work(task, before, has_children):
    title = task.title.replace(" ", "")
    title = rules_text(title)[1]
    if "阶段" in title:
        return True
    if NO_WORK.search(title) and len(title) <= 20:
        return False
    if task.parent is not None:
        parent = before[task.parent]
        return parent.is_work or _is_group(parent)
    return not (has_children and GROUP.fullmatch(title)) if has_children else True


def _is_group(task):
    title = rules_text(task.title)[1]
    return bool(GROUP.search(title)) and not NO_WORK.search(title)


class Places:
    """Finds the task that holds an offset: its innermost heading above it."""

    def __init__(self, tasks: list[TaskItem]):
        self.tasks = tasks
        self.starts = [task.start for task in tasks]

    def at(self, offset: int) -> int | None:
        i = bisect_right(self.starts, offset) - 1
        while i is not None and i >= 0:
            if offset < max(self.tasks[i].body_end, self.tasks[i].end):
                return i
            i = self.tasks[i].parent
        return None
