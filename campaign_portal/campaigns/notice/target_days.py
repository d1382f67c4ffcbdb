"""The day by which a target is due."""

import re

from . import dates
from .aim_words import PERIODICAL

THIS_YEAR = re.compile(r"今年|年内|本年度?|全年|当年")
YEAR_LEAD = re.compile(r"(?:计划|力争|争取|确保|拟|其中|,|、)$")
YEAR_TELLS = re.compile(r"以来|的|度?(?:工作|计划|方案|目标|任务|预算|名录|抽查)")
GENERAL_DUE = re.compile(
    r"(?:计划|拟|要求|预计|工作|任务|办理|整改|目标)?(?:完成|办结|实施|推进)?(?:的)?(?:时[限间]|期限|日期|时间节点|节点|进度)(?:要求|安排)?"
)
OVER_YEARS = re.compile(r"[两二三四五2-5]年(?!前|以来|来)")


def by_when(sentence, context, clause, per=""):
    """The day by which a target is due: its column's, the nearest one said before it, the end of 今年."""
    page = sentence.page
    if row := page.rows.at(clause.start):
        return _by_of_row(page, row, clause) or _due_of_row(sentence, row)
    said = [*_due_before(sentence, clause, per), *_years_before(sentence, clause)]
    if said:
        return max(said)[1]
    issued = page.calendar.issued_on
    year = issued.year if issued else page.calendar.year
    if year and THIS_YEAR.search(context):
        return f"{year}-12-31"
    return sentence.standing if not PERIODICAL.fullmatch(per) else None


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
            if not PERIODICAL.fullmatch(per) or ";" not in text[place : clause.start]:
                yield place, due.day.isoformat()


def _years_before(sentence, clause):
    """(where, its last day) of a year that opens a clause: 2020年培训1800名; and of 两年, the last year named before."""
    page, named = sentence.page, []
    for expression in sentence.years:
        if expression.start >= clause.end:
            break
        day = _last_day(page, expression)
        opens = page.clause(expression.start)[0] == expression.start or YEAR_LEAD.search(
            page.flow.text, max(0, expression.start - 12), expression.start
        )
        if day and opens and not YEAR_TELLS.match(page.flow.text, expression.end):
            named.append(day)
            yield expression.start, day
    if named and OVER_YEARS.match(clause.words):
        yield clause.start, max(named)


def _last_day(page, expression):
    """The last day of a year or span of years that is not over; None for other days."""
    if expression.right.part != "Y" or expression.suffix:
        return None
    days, issued = page.calendar.days(expression.right), page.calendar.issued_on
    return days.last.isoformat() if days and not (issued and days.last < issued) else None
