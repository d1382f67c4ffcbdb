"""The day by which a target is due."""

import re

from . import dates
from .aim_words import PERIODICAL
from .date_words import FIVE_YEARS as FIVE_YEARS_END
from .date_words import POINT
from .lines import rules_text
from .phases import phases_around, reaches_of

THIS_YEAR = re.compile(r"今年|(?<![一两二三四五六七八九十\d])年内|本年度?|全年|当年")
YEAR_LEAD = re.compile(r"(?:计划|力争|争取|确保|拟|其中|,|、)$")
YEAR_TELLS = re.compile(r"以来|的|度?(?:工作|计划|方案|目标|任务|预算|名录|抽查)")
FROM_THEN = re.compile(rf"(?:从|自)?{POINT}(?:起|开始)(?!至|到)")
OPENS = re.compile(rf"(?:到|至|于|在|确保|力争|争取|截至|截止)*{POINT}")
HEAD = re.compile(
    r"\n?(?:[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十\d]{1,3}\)|\d{1,2}[、.)])?(?:(?:全|我|本)[省市县区州][,:]?)?"
)
YEAR_OF_TASKS = re.compile(
    r"((?:19|20)\d{2})年(?!至|到|-)[^。]{0,30}(?:任务(?:指标|目标|分解|清单)|目标任务|指标(?:任务|计划)|实事)"
)
TURN = re.compile(r"(?:第一|首)(?:轮|次|批次?|期)")
TURNS = re.compile(r"[两二三四五2-5](?:轮|次|批次?|期)")
GENERAL_DUE = re.compile(
    r"(?:计划|拟|要求|预计|工作|任务|办理|整改|目标)?(?:完成|办结|实施|推进)?(?:的)?(?:时[限间]|期限|日期|时间节点|节点|进度)(?:要求|安排)?"
)
LABEL_AHEAD = re.compile(r"(?:完成|办结|落实|整改)?(?:时[限间]|期限|时间节点|进度(?:安排|要求)?)(?:为|是)?:?$")
DONE_BY = re.compile(
    rf"(?:[\u4e00-\u9fff]{{0,6}}?)(?:[应须要]?(?:于|在|到)|并|确保|力争)?{POINT}(?:底)?(?:之前|以前|前)?(?:要|应)?(?:全部|全面|基本|正式)?"
    r"(?:[\u4e00-\u9fff]{2}(?:到位|完毕)|完成|结束|到位|配齐|建成|达标|投入使用|落实|销号|竣工|完工|交付|见效|实现|启用)(?:任务|到位|验收)?"
)
FIVE_YEARS = re.compile(r'十(?P<no>[一二三四五六])五"?(?:时期|期间|期内)')
YEAR_OF_AIMS = re.compile(r"((?:19|20)\d{2})年?度?(?:底|末)?[\u4e00-\u9fff]{0,6}(?:目标|任务|指标)")
LONGEST_ITEM = 2000
OVER_YEARS = re.compile(r"[两二三四五2-5]年(?!前|以来|来)")


def by_when(sentence, context, clause, per=""):
    """The day by which a target is due: its column's, the nearest one said before it, the end of 今年."""
    page = sentence.page
    if row := page.rows.at(clause.start):
        return _by_of_row(page, row, clause) or _due_of_row(sentence, row)
    if FROM_THEN.match(clause.words):
        return None  # 2025年起保持100%: from when, not by when
    said = [*_due_before(sentence, clause, per), *_years_before(sentence, clause)]
    if said:
        return max(said)[1]
    if behind := _due_behind(sentence, clause):
        return behind
    issued = page.calendar.issued_on
    year = issued.year if issued else page.calendar.year
    if year and THIS_YEAR.search(context):
        return f"{year}-12-31"
    return None if PERIODICAL.fullmatch(per) else sentence.standing or sentence.around


def _due_behind(sentence, clause):
    """The day that the end of a sentence gives to all before it: 覆盖率达到75%,完成时间8月31日; 培训50人次,于6月底前完成."""
    page, text = sentence.page, sentence.page.flow.text
    for due in sentence.due:
        at = page.flow.index(due.start)
        if at >= clause.end and not due.recurrence and ";" not in text[clause.end : at]:
            words = text[slice(*page.clause(at))]
            if TURN.match(words) and TURNS.search(clause.words):
                return max(d.day for d in sentence.due if d.day).isoformat()  # 开展两轮督导,第一轮6月,第二轮8月
            label = LABEL_AHEAD.search(text[max(clause.end, at - 16) : at])
            return due.day.isoformat() if label or DONE_BY.fullmatch(words) else None
    return None


def _by_of_row(page, row, clause):
    cell = row.at(clause.start)
    return year_of_head(page, cell) if cell and cell.kind == "target" else None


def _due_of_row(sentence, row):
    """The day of a row, where its column dates the whole row and not some other work: 完成时限, no 资金到位时间."""
    cell = row.of_kind("due")
    general = cell and GENERAL_DUE.fullmatch(cell.head)
    return sentence.due[-1].day.isoformat() if sentence.due and general else None


def year_of_head(page, cell):
    """The last day that the head of a column names (2022年目标), None if it names none."""
    days = [page.calendar.days(expression.right) for expression in dates.find(cell.head)]
    return days[-1].last.isoformat() if days and days[-1] else None


def _due_before(sentence, clause, per):
    """(where, day) of the deadlines that reach to a clause. One behind a semicolon does not reach a duty that comes again."""
    page, text = sentence.page, sentence.page.flow.text
    at = page.flow.span(clause.start, clause.end)[1]
    for due in sentence.due:
        if due.start < at and not due.recurrence:
            place = page.flow.index(due.start)
            apart = ";" in text[place : clause.start]
            if not apart or not PERIODICAL.fullmatch(per) and _opens(text, place, sentence.start):
                yield place, due.day.isoformat()


def _opens(text, place, start):
    """Whether a day stands at the head of its sentence and so is that of all parts of it: 4月底前,…;…;…"""
    return OPENS.match(text, place) and HEAD.fullmatch(text, start, place)


def _years_before(sentence, clause):
    """(where, its last day) of a year that opens a clause: 2020年培训1800名; and of 两年, the last year named before."""
    yield from _five_years(sentence.page, sentence.start, clause.end)
    before = [(at, day) for at, day in sentence.opening if at < clause.end]
    yield from before
    if before and OVER_YEARS.match(clause.words):
        yield clause.start, max(day for _, day in before)


def opening_years(page, years):
    """(where, its last day) of the years, of those in a sentence, that open a clause and are not over."""
    found, text = [], page.flow.text
    for expression in years:
        at, day = expression.start, _last_day(page, expression)
        if not day or YEAR_TELLS.match(text, expression.end):
            continue
        if page.clause(at)[0] == at or YEAR_LEAD.search(text, max(0, at - 12), at):
            found.append((at, day))
    return found


def _five_years(page, start, end):
    """(where, its last day) of a plan's five years: "十四五"期间,新增床位500张."""
    for match in FIVE_YEARS.finditer(page.flow.text, start, end):
        yield match.start(), f"{FIVE_YEARS_END[match['no']]}-12-31"


class Around:
    """The days that reach to whole items: of a label in the paragraph, of the heading above, of the phase around."""

    def __init__(self, page, deadlines, phases, title=""):
        self.page, self.reaches = page, reaches_of(page, phases)
        self.of_title = self._last_day_of(YEAR_OF_TASKS.search(rules_text(title)[1]))
        self.labelled, self.headings = {}, {}
        for due in deadlines:
            if due.day and not due.recurrence:
                self._keep(due)

    def _keep(self, due):
        at = self.page.flow.index(due.start)
        if LABEL_AHEAD.search(self.page.flow.text, max(0, at - 16), at):
            self.labelled.setdefault(self._line(at), due.day.isoformat())
        task = self.page.tasks[due.task] if due.task is not None else None
        if task and task.start <= due.start < task.end:
            self.headings.setdefault(due.task, due.day.isoformat())

    def _line(self, at):
        return self.page.flow.text.rfind("\n", max(0, at - LONGEST_ITEM), at)

    def day(self, at):
        """The day for a sentence that begins at a character of the flow; None if nothing around it has one."""
        task = self.page.task(at)
        labelled = self.labelled.get(self._line(at)) if self.labelled else None
        if day := labelled or self.headings.get(task):
            return day
        inside = phases_around(self.reaches, self.page.flow.span(at, at + 1)[0]) if self.reaches else []
        return inside[-1].ends_on.isoformat() if inside else self._year_of_heading(task)

    def _year_of_heading(self, task):
        """The year that the heading of a list of aims names: 二、2025年目标."""
        match = task is not None and YEAR_OF_AIMS.search(rules_text(self.page.tasks[task].title)[1])
        return self._last_day_of(match) or self.of_title

    def _last_day_of(self, match):
        issued = self.page.calendar.issued_on
        return f"{match[1]}-12-31" if match and not (issued and int(match[1]) < issued.year) else None


def _last_day(page, expression):
    """The last day of a year or span of years that is not over; None for other days."""
    if expression.right.part != "Y" or expression.suffix:
        return None
    days, issued = page.calendar.days(expression.right), page.calendar.issued_on
    return days.last.isoformat() if days and not (issued and days.last < issued) else None
