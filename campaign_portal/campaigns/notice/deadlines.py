"""By when something is due: days, spans that end, recurring duties, and limits counted from an event."""

import re

from . import dates
from .draft import DeadlineItem, Period
from .due import ACTION, DAYS_JOINED, JOINED_DAYS, LABEL, LEAD, Place, is_due, is_figure_or_turn, is_period
from .numbers import CHINESE, to_number
from .page import LONGEST_TEXT, Page, within_titles
from .phases import phases_around, reaches_of
from .recurring import RECURRING, recurrence_of
from .wording import duty, is_body, subject

JOINED = re.compile(r"[、和及与]|以及")  # 4月、7月和10月分别开展
OF_MONTH = re.compile(r"(?:[当次]?月)(?:底|末)")
STARTS = re.compile(r"(?:正式)?(?:启动|开始)")
REPEATED = re.compile(
    r"开展|组织|召开|报(?!刊|纸|销|警|酬|考|废)|完成|进行|举[办行]|检查|巡查|调度|通报|排查|汇总|更新|演练|培训|督[查导]|走访|探访|测[试温量]|消毒|自查|填报|研究|听取|"
    r"评[估定]|公[示布]|抽查|总结|提交|反馈|检测|维护|体检|考核|例会|会商|安排|实施|推[送介]|播发|刊[发登播载]|编[发印报]|制[作播]|对[账接]|梳理|组织|核[查对实]|清[洗理]|监测|报道|发布|播[放出报]|曝光|带队|联系|下沉|[回随]访|慰问|轮训|点评|约谈|推进|讲评|复盘|夜查|暗访|点名|盘点|体检|办|上门|服务|开放|发放|拨付|轮换|摸排|研判|联系"
)
ASKED_ABOUT = re.compile(r"是否|有无|有没有|频次|频率")  # a point to check, or its rule: 是否每月开展演练
RULE_CITED = re.compile(r"次的(?:要求|规定|频次|标准|制度)|(?:做到|落实)没有|是否")
OFTEN_DONE = re.compile(rf"(?:{REPEATED.pattern})(?:要|应|原则上)?$")  # 防火检查每月不少于2次
TIMES = re.compile(r"(?:原则上)?(?:不少于|不低于|至少)?[\d一二两三四五六七八九十]{1,3}(?:次|场|遍|轮)")
RELATIVE = re.compile(
    rf"(?<![第\d一二三四五六七八九十近])(?P<n>{CHINESE}|\d{{1,3}})(?P<unit>个?工作日|个?月|日|天|小时|分钟|个?星期|周)(?:之内|以内|内|前(?!往))"
)
RELATIVE_UNITS = {
    "工作日": "working_day",
    "月": "month",
    "日": "day",
    "天": "day",
    "小时": "hour",
    "分钟": "minute",
    "星期": "week",
    "周": "week",
}
NUMBERING = re.compile(r"(?:[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十\d]{1,3}\)|\d{1,2}[、.)]|[①-⑳])?")
NO_OBJECT = re.compile(
    r"(?:汇总后)?(?:上?报送?|报备|反馈|送|发|交)(?:至|到|给)?[^,;把将]{2,14}[局办科股处厅心组府]"
)  # 报县民政局
NEXT_DAY = re.compile(r"(?<=[\d%家个名张所人次成])、(?=(?:到)?20\d\d年|\d{1,2}月)")  # 2024年达到50%、2025年达到55%
CUE = re.compile(r"\d|[年月日天周旬季每]|小时|分钟")
MOST = 2000
MOST_WHO = 40  # characters of an office that a phrase takes in


def read_deadlines(page: Page, used: set[int], phases) -> tuple[list[DeadlineItem], Period | None]:
    """All deadlines in their order, and the campaign's period if a sentence states it. `used`: expressions of phases."""
    found, period, reaches = [], None, reaches_of(page, phases)
    for start, end in page.telling:
        if not CUE.search(page.flow.text, start, end):
            continue
        text = page.flow.text[start:end]
        if len(found) >= MOST:
            break
        taken = _titles(page, start, end)
        again = list(_recurring(page, text, start, end, taken))
        found += [deadline for deadline, _ in again]
        taken += [span for _, span in again]
        dated, stated = _dated(page, start, end, taken, used, reaches, period is not None)
        period = period or stated
        found += dated
        found += _relative(page, text, start, end, taken)
    return sorted(found, key=lambda d: d.start), period


def _titles(page, start, end):
    return [(start + a, start + b) for a, b in within_titles(page.flow.text, start, end)]


def _inside(position, spans):
    return any(a <= position < b for a, b in spans)


# ---- dated ----


def _dated(page, start, end, taken, used, reaches, has_period):
    found, period, year, opened, last = [], None, None, None, -1
    expressions = page.dates(start, end)
    opening = {e.start for e in expressions if not e.is_span}
    for expression in expressions:
        if (
            _inside(expression.start, taken)
            or expression.start in used
            and (expression.is_span or not expression.suffix)
        ):
            continue
        if not expression.suffix and expression.end in opening:
            continue  # says of which year or half the day behind it is: 上半年6月15日前
        if OF_MONTH.match(expression.words) and "每月" in page.flow.text[start : expression.start]:
            continue  # the end of every month, said before
        place = _place(page, expression, start, end)
        left, right = _days(page, expression, year, reaches)
        if right is None:
            continue
        if left and is_period(page, place, left, right):
            if not has_period and not period:
                period = Period(left.first, right.last, *page.flow.span(expression.start, expression.end))
        elif opened and re.match(r"(?:正式)?(?:结束|收官)", place.after) and opened[1] <= right.last and not has_period:
            period = Period(opened[1], right.last, *page.flow.span(opened[0], expression.end))
        elif STARTS.match(place.after) and not expression.suffix:
            opened = (expression.start, right.first)
        elif is_due(page, place, right) or last > 0 and JOINED.fullmatch(page.flow.text, last, expression.start):
            year, last = expression.right.year or year, expression.end
            found.append(_deadline(page, place, left, right))
    return found, period


def _place(page, expression, start, end):
    clause_start = page.clause(expression.start)[0]
    text = page.flow.text
    label = text[max(start, expression.start - 16) : expression.start]
    ahead = (
        text[slice(*page.clause(clause_start - 1))] if clause_start > start and text[clause_start - 1] == "," else ""
    )
    if clause_start == start or text[clause_start - 1] == "\n":
        clause_start += len(NUMBERING.match(text, clause_start)[0])
    return Place(
        expression, start, end, text[clause_start : expression.start], text[expression.end : end], label, ahead
    )


def _days(page, expression, year, reaches):
    """The days of both ends. A missing year is that of the phase around it, or of a date before it in the sentence."""
    left, right = dates.span_days(expression, page.calendar)
    if (
        not right
        or right.year_from in ("stated", "")
        or not expression.right.month
        or expression.right.shift is not None
    ):
        return left, right
    around = phases_around(reaches, page.flow.span(expression.start, expression.end)[0])
    if any(p.starts_on <= right.last <= p.ends_on for p in around):
        return left, right
    for phase in around:
        for candidate in (phase.starts_on.year, phase.ends_on.year):
            other = dates.Calendar(None, candidate, "phase").days(expression.right)
            if other and phase.starts_on <= other.last <= phase.ends_on:
                return left, other
    return left, year and dates.Calendar(None, year, "sentence").days(expression.right) or right


def _deadline(page, place, left, right):
    row = page.rows.at(place.expression.start)
    at, end = place.expression.start, place.expression.end
    begin, stop, who, what = _of_row(row, at, end) if row else _of_sentence(page, place, right)
    return DeadlineItem(
        **page.place(begin, stop), date=right.stated, day=right.last, starts_on=_starts(place.expression, left, right), precision=right.precision,
        recurrence=None, who=who, what=what, year_from=right.year_from, task=page.task(place.expression.start),
    )  # fmt: skip


def _starts(expression, left, right):
    """The first day, where the source gives a stretch of days and not only its end."""
    if left:
        return left.first
    is_stretch = right.first < right.last and right.precision in ("month", "ten_day", "quarter")
    return right.first if is_stretch and not expression.suffix else None


def _of_sentence(page, place, right):
    """(start, end, who, what) of a deadline in running text."""
    stop = _stop(page, place.expression.end, place.end)
    if is_figure_or_turn(place, right):
        begin = place.expression.start - len(re.split("(?<=[%0-9张名家个人次])、", place.before)[-1])
        return begin, stop, subject(page.flow.text[place.start : begin], ""), page.flow.text[begin:stop]
    lead = LEAD.search(place.before)
    begin = place.expression.start - (len(lead[0]) if lead else 0)
    before = _unnumbered(page.flow.text[place.start : begin])
    who = subject(before, place.after)
    what = _what(place, who)
    begin = _with_who(page, place.start, begin, who)
    return begin, stop, who, what or _what_before(page, place, begin)


def _with_who(page, start, begin, who):
    """Where a phrase begins that takes in who has to, standing right before it."""
    lead = page.flow.text[max(start, begin - MOST_WHO) : begin]
    return begin - len(who) if who and lead.endswith(who) else begin


def _what(place, who):
    """What is due: the words behind the date, with what its own clause begins with unless that is who has to."""
    own = LEAD.sub("", DAYS_JOINED.sub("", place.before)).strip('(,:"|')
    own = re.sub("^(?:由|其中|全[省市县区州])", "", own).removeprefix(who)
    own = re.sub("^(?:要|应当?|须|将)", "", own)
    is_own = 2 <= len(own) <= 24 and not is_body(own) and not LABEL.search(place.label)
    after = JOINED_DAYS.sub("", place.after)
    after = after.lstrip(")") if after.startswith(")") else after
    said = duty(after, who)
    if (len(said) <= 3 or NO_OBJECT.fullmatch(said)) and not is_own:
        ahead = re.sub("^(?:请|由)", "", _unnumbered(place.ahead)).removeprefix(who)
        own, is_own = f"{ahead}," if 4 <= len(ahead) <= 30 and not is_body(ahead) else "", True
    return duty(after, who, own) if is_own and said and len(said) <= 16 else said


def _of_row(row, at, end):
    """(start, end, who, what) of a deadline in a table: from the cell that names the work to the one of the day."""
    cell, name = row.at(at), row.of_kind("name") or row.of_kind("place")
    office = row.of_kind("who") or row.of_kind("place")
    end = max(end, cell.end if cell else end)
    begin = name.start if name and 0 < end - name.start <= LONGEST_TEXT else at
    return begin, end, office.words[:60] if office else "", _what_of_row(row, cell, name)


def _what_of_row(row, cell, name):
    """The work that a row names; where it names only a place, what the column of the day is about: 资金到位时间."""
    if row.of_kind("name"):
        return name.words[:80]
    return re.sub(r"(?:时[限间]|期限|日期|节点)$", "", cell.head) if cell and name else ""


def _stop(page, at, end):
    """Where the phrase of a deadline ends: with its clause, or the next one where that has hardly begun."""
    text, stop = page.flow.text, page.clause(at)[1] if at < end else at
    if stop - at < 5 and stop + 1 < end and text[stop] in ",:" and not _has_own_day(page, stop + 1):
        stop = page.clause(stop + 1)[1]
    words = NEXT_DAY.split(text[at : min(stop, at + LONGEST_TEXT - 30)])[0]
    return at + len(words.rstrip(",;:。\n)" if "(" not in words else ",;:。\n"))


def _has_own_day(page, at):
    """Whether the clause that begins here says its own day, so that it belongs to no other."""
    start, stop = at, page.clause(at)[1]
    return RELATIVE.search(page.flow.text, start, stop) or dates.find(page.flow.text, start, stop)


def _unnumbered(words):
    words = words.lstrip("\n")
    return words[len(NUMBERING.match(words)[0]) :]


def _what_before(page, place, begin):
    """Of (完成时限:5月31日) at the end of a line: what the line begins with; in a table, its first telling cell."""
    words = NUMBERING.sub("", page.flow.text[place.start : begin].lstrip("\n"), count=1)
    parts = [part.strip(",:") for part in re.split(r"[(|;。]", words)]
    return next((part[:60] for part in parts if len(part) >= 4), parts[0][:60])


# ---- recurring ----


def _recurring(page, text, start, end, taken):
    if not re.search(r"每|按[月季周年日旬半]|逐[月日季]|[季月周]度|隔[周日天]|双周", text):
        return
    for match in list(RECURRING.finditer(page.flow.text, start, end))[:20]:
        row = page.rows.at(match.start())
        if _inside(match.start(), taken) or not (_fills_due_cell(row, match) or _is_duty(page, match, end)):
            continue
        found = _of_row(row, match.start(), match.end()) if row else _again_in_sentence(page, match, start, end)
        begin, stop, who, what = found
        yield DeadlineItem(
            **page.place(begin, stop), date=None, day=None, starts_on=None, precision="recurring",
            recurrence=recurrence_of(match), who=who, what=what, year_from="", task=page.task(begin),
        ), match.span()  # fmt: skip


def _fills_due_cell(row, match):
    """Whether a column of days says no more than how often: 每季度, 每月10日前."""
    cell = row and row.at(match.start())
    return bool(cell and cell.kind == "due" and match.start() == cell.start and cell.end - match.end() <= 4)


def _again_in_sentence(page, match, start, end):
    """(start, end, who, what) of a recurring duty in running text."""
    text, clause = page.flow.text, page.clause(match.start())[0]
    place = Place(None, start, end, text[clause : match.start()], text[match.end() : end])
    lead = LEAD.search(place.before)
    begin = match.start() - (len(lead[0]) if lead else 0)
    who = subject(_unnumbered(text[start:begin]), place.after)
    stop, what = _stop(page, match.end(), end), _what(place, who)
    if TIMES.match(place.after) and len(place.before) <= MOST_WHO:  # 主要负责人讲安全课每年不少于1次: what stands ahead
        at = clause + len(NUMBERING.match(place.before)[0])
        return at, stop, who, text[at:stop].removeprefix(who)
    return _with_who(page, start, begin, who), stop, who, what


def _is_duty(page, match, end):
    """每季度开展一次 is a duty; 每月300元 and 原则上每年1次 are not."""
    clause_end = page.clause(match.start())[1]
    words = page.flow.text[match.end() : clause_end]
    clause = page.flow.text[page.clause(match.start())[0] : match.start()]
    if ASKED_ABOUT.search(clause) or RULE_CITED.search(words):
        return False
    times = TIMES.match(words)
    is_alone = times and times.end() == len(words) and (len(clause) > 1 or page.rows.at(match.start()))
    if is_alone or times and OFTEN_DONE.search(clause):
        return True
    if len(words) < 4 and page.flow.text[clause_end : clause_end + 1] == ",":
        words = page.flow.text[match.end() : page.clause(min(clause_end + 1, end - 1))[1]]
    if re.match(r"(?:\d|[一二两三四五六七八九十]+)?[万千]?(?:元|块|人均|张)|标准|补[贴助]", words):
        return False
    return bool(REPEATED.search(words))


# ---- counted from an event ----


def _relative(page, text, start, end, taken):
    for match in list(RELATIVE.finditer(page.flow.text, start, end))[:20]:
        unit = match["unit"].removeprefix("个") if match["unit"] != "个月" else "月"
        amount = to_number(match["n"])
        before = page.flow.text[max(start, match.start() - 1) : match.start()]
        if (
            _inside(match.start(), taken)
            or amount is None
            or unit in ("月", "日")
            and match[0].endswith("前")  # 12月前, 20日前: days of the calendar
            or before
            and before in "近前过月年两"
            or not ACTION.search(page.flow.text[match.end() : match.end() + 40])
        ):
            continue
        begin = page.clause(match.start())[0]
        yield DeadlineItem(
            **page.place(begin, _stop(page, match.end(), end)), date=None, day=None, starts_on=None, precision="relative", recurrence=None,
            who=subject(_unnumbered(page.flow.text[start:begin]), _unnumbered(page.flow.text[begin:end])), what=duty(page.flow.text[match.end() : end]),
            year_from="", is_relative=True, amount=int(amount),
            unit=RELATIVE_UNITS[unit], task=page.task(match.start()),
        )  # fmt: skip
