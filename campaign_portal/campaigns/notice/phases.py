"""The phases of a campaign: headings with days, lines that call a span a phase, and lengths of time."""

import calendar
import re
from datetime import date, timedelta

from . import dates
from .draft import PhaseItem
from .numbers import CHINESE, to_number
from .page import Page
from .steps import COUNTED_PHASES, DEADLINE_LABEL, MOST, PHASE_WORD, STEPS_ABOVE, Found, of_lists, of_rows, of_steps
from .wording import subject

NAMES_ONE = re.compile(
    r",?(?:,|这[一个]?|期?间)?(?:为|是|属|作为|进入|开展|转入)?(?![^,。;:()]{0,6}[一二三四五六两]个阶段)[^,。;:()]{0,14}阶段(?!性|的)"
)
CALLED = re.compile(
    r"(?:第[一二三四五六七八]阶段|[^,。;:()\n]{1,18}阶段(?!性))[^。;,\n]{0,16}(?:,(?:时间(?:安排|范围)?(?:为|是|:)?)?(?:从|自|于)?)?$"
)
LEADS = re.compile(r"阶段(?:[^,。;]{0,12})?[(:,]?(?:时间(?:安排|范围)?(?:为|是|:)?)?(?:从|自|于)?$")
LED = re.compile(
    r"阶段(?:为|是|:|时间)?(?:从|自)?$"
)  # what stands before names it, not what follows: 准备阶段为3月1日至10日,检查阶段…
HOW_MANY = re.compile(r"分(?:为|成)?[两二三四五六]个?(?:阶段|步骤)")  # what announces phases names none
LISTED_NAME = re.compile(r"(?:[、,:;]|分为|为|和|及)(?P<name>[^、,:;()。]{2,14})\((?:从|自)?$")
LENGTH = re.compile(
    rf"(?P<then>先|再|然后|首先|最后)?(?:利用|用|以)(?:大?约)?(?P<n>{CHINESE}|\d{{1,3}}|半)个?(?P<half>半)?(?P<unit>年|月|周|天)(?P<half2>半)?(?:左右)?(?:的)?时间"
)
PERIOD_TITLE = re.compile(
    r"(?:时间|时限|期限|周期|日期|起止)(?:安排|范围|要求)?$"
)  # of the whole, no phase: 三、检查时间(3月1日至5月31日)
LONGEST_NAME = 24  # behind days that lead: longer is a task with a date


def read_phases(page: Page) -> tuple[list[PhaseItem], set[int]]:
    """The phases in their order, and where the expressions begin that they have used up."""
    found = [f for i, task in enumerate(page.tasks) if (f := _of_heading(page, i))]
    taken = {f.expression.start for f in found}
    for others in (_of_sentences(page), of_steps(page), of_rows(page), of_lists(page)):
        more = [f for f in others if f.expression.start not in taken]
        taken |= {f.expression.start for f in more}
        found += more
    found = _only_real(sorted(found, key=lambda f: f.start))
    phases, used = [], set()
    for one in found[:MOST]:
        phase = _phase(page, one, phases)
        if phase:
            phases.append(phase)
            used.add(one.expression.start)
    return phases or _of_lengths(page), used


def reaches_of(page: Page, phases) -> list[tuple[int, int, PhaseItem]]:
    """(first offset, end, phase): where in the source the text of each phase stands, under a heading, or between its days and
    the next one's."""
    following = [*(p.start for p in phases[1:]), None]
    return [(*_reach(page, phase, after), phase) for phase, after in zip(phases, following, strict=False)]


def _reach(page, phase, after):
    task = page.tasks[phase.task] if phase.task is not None else None
    if task and task.start <= phase.start < task.end:
        return task.start, task.body_end
    ends = task.body_end if task else _line_end(page, phase)
    return phase.start, min(ends, after or ends)


def phases_around(reaches, offset: int) -> list[PhaseItem]:
    """The phases in whose text an offset of the source stands."""
    return [phase for first, end, phase in reaches if first <= offset < end]


def _line_end(page, phase):
    """Where the paragraph of a phase ends that stands under no heading."""
    at = page.flow.index(phase.start)
    stop = page.flow.text.find("\n", at)
    return page.flow.span(stop, stop + 1)[0] if stop >= 0 else len(page.text)


def _of_heading(page, i):
    """A heading that names days, in brackets or behind a colon; or one called 阶段 whose text begins with them."""
    task = page.tasks[i]
    start, end = page.flow.index(task.start), page.flow.index(task.end)
    words = page.flow.text[start:end]
    for expression in dates.find(page.flow.text, start, end):
        before = page.flow.text[start : expression.start]
        after = page.flow.text[expression.end : end]
        if re.match(r"开始|起|以后|之后", after):
            continue
        if _labels(before, after, words, expression):
            close = re.match(r"[^(),。:]{0,6}\)", after)
            stop = expression.end + (close.end() if close else 0)
            return Found(start, stop, _name(task.title), expression)
    above = page.tasks[task.parent].title if task.parent is not None else ""
    return _of_body(page, task, start, end) if "阶段" in words or STEPS_ABOVE.search(above) else None


def _labels(before, after, words, expression):
    """Whether the days belong to a heading as its label: (8月初), :3月1日至31日, 3月1日至31日:动员."""
    if (
        not (PHASE_WORD.search(words) or expression.is_span)
        or DEADLINE_LABEL.search(before)
        or PERIOD_TITLE.search(re.sub(r"[(::,].{0,8}$", "", before))
        or "《" in before
        and "》" not in before
    ):
        return False
    bracket = re.search(r"\((?:时间[::]?|从|自|于|拟于|计划|截至|至)?$", before) and re.match(
        r"[^(),。:]{0,6}\)", after
    )
    colon = re.search(r"[::,](?:时间[::]?|从|自|于)?$", before) and re.fullmatch(r"[。;,]?", after)
    tight = re.search(r"阶段(?:时间)?[::]?(?:从|自)?$", before)
    leading = (
        re.fullmatch(r"(?:\(.{1,3}\)|[^,。]{1,3}[、.])(?:第.阶段[::,]?)?", before)
        and re.match(r"[,::]|为|$", after)
        and PHASE_WORD.search(after)
        and ("阶段" in after or len(after) <= LONGEST_NAME and not subject("", after))
    )
    return bool((bracket and (expression.is_span or PHASE_WORD.search(words))) or colon or tight or leading)


def _of_body(page, task, start, end):
    window = page.flow.text[end : end + 40].lstrip("\n")
    skipped = len(page.flow.text[end : end + 40]) - len(window)
    for expression in dates.find(page.flow.text, end, min(len(page.flow.text), end + 60)):
        lead = page.flow.text[end + skipped : expression.start]
        if re.fullmatch(r"(?:时间(?:安排|范围)?[::]?|从|自|于|在|\(|本阶段)?", lead) and (
            expression.is_span or expression.suffix or lead.startswith("时间") and not expression.right.day
        ):
            stop = page.clause(expression.start)[1]
            return Found(expression.start, max(stop, expression.end), _name(task.title), expression)
        break
    return _at_end(page, task, start, end)


def _at_end(page, task, start, end):
    """Days in brackets that close the paragraph of a step: 1.宣传发动。召开动员会。(3月1日至15日)"""
    stop = page.flow.index(task.body_end)
    line_end = page.flow.text.find("\n", end, stop)
    stop = line_end if line_end >= 0 else stop
    for expression in dates.find(page.flow.text, max(end, stop - 40), stop):
        close = re.fullmatch(r"\)[。;]?", page.flow.text[expression.end : stop])
        if expression.is_span and close and re.search(r"\((?:时间:)?$", page.flow.text[end : expression.start]):
            return Found(expression.start - 1, expression.end + 1, _name(task.title), expression)
    return None


def _name(title):
    """The heading without its days and brackets."""
    name = re.sub(r"[（(][^（）()]*[)）](?:[:：].*)?", "", title)
    return re.sub(r"[::：,，。]\s*[\d一二三四五六七八九十]+\s*[年月].*$", "", name).strip(" ：:，,。") or title


def _of_sentences(page):
    """Days that a sentence calls a phase: 3月1日至31日为自查阶段; 第一阶段(3月): …; 自查阶段:3月1日至31日."""
    for start, end in page.telling:
        text = page.flow.text[start:end]
        if not re.search("阶段(?!性)", text):
            continue
        expressions = dates.find(page.flow.text, start, end)
        listed = _listed_in(page, expressions, start, end)
        yield from listed
        taken = {f.expression.start for f in listed}
        for expression in expressions:
            one = _called(page, expression, start, end) if expression.start not in taken else None
            if one:
                yield one


def _called(page, expression, start, end):
    text = page.flow.text
    lead = text[max(start, expression.start - 40) : expression.start]
    if LED.search(lead):
        return _of_lead(page, expression, lead)
    follows = NAMES_ONE.match(text, expression.end, min(end, expression.end + 40))
    if follows and (expression.is_span or expression.suffix or re.match(r"(?:为|是)", follows[0])):
        name = re.sub(r"^,?(?:为|是|属|作为|进入|开展|转入)?", "", follows[0])
        return Found(expression.start, follows.end(), name, expression)
    return _of_lead(page, expression, lead)


def _of_lead(page, expression, lead):
    """The phase that the words before its days name: 自查阶段(3月), 准备阶段为3月1日至10日, 总结阶段:10月."""
    called, after = CALLED.search(lead), page.flow.text[expression.end : expression.end + 1]
    is_alone = LED.search(lead) and not expression.suffix and after in (";", "。", "\n", "")
    if not called or not LEADS.search(lead) or not (expression.is_span or after == ")" or is_alone):
        return None
    runs_on = lead.endswith((",", ",从", ",自")) and after not in (",", ";", "。", "\n", "")
    if HOW_MANY.search(called[0]) or runs_on:
        return None
    begin = expression.start - len(lead) + called.start()
    return Found(begin, expression.end + (after == ")"), re.split(r"[(:,]|为$", called[0])[0], expression)


def _listed_in(page, expressions, start, end):
    """分为动员(4月1日至10日)、整治(4月11日至9月30日)、总结(10月)三个阶段: two or more in brackets."""
    text, found = page.flow.text, []
    for expression in expressions if COUNTED_PHASES.search(text, start, end) else []:
        name = LISTED_NAME.search(text, max(start, expression.start - 18), expression.start)
        if name and text[expression.end : expression.end + 1] == ")":
            found.append(Found(name.start("name"), expression.end + 1, name["name"], expression))
    return found if len(found) >= 2 else []


def _only_real(found):
    """A lone heading with a point in time is a task with a date; phases come several or span days."""
    spans = [f for f in found if f.expression.is_span or "阶段" in f.name]
    if spans:
        return found
    return found if len(found) >= 2 and all(not f.expression.suffix for f in found) else []


def _phase(page, one, before):
    previous = before[-1] if before else None
    left, right = dates.span_days(one.expression, page.calendar, not_before=previous and previous.starts_on)
    if not right:
        return None
    first, estimate = _begin(one.expression, left, right, previous, page.calendar)
    if first > right.last or (right.last - first).days > 1900:
        return None
    precision = _precision(left or right, right)
    return PhaseItem(
        **page.place(one.start, one.end), name=one.name, starts_on=first, ends_on=right.last, precision=precision, is_estimate=estimate,
        task=page.task(one.start),
    )  # fmt: skip


def _begin(expression, left, right, previous, known):
    """(first day, whether it is an estimate): a phase that only ends begins when the one before has ended."""
    if left:
        return left.first, False
    if not expression.suffix and right.first < right.last:
        return right.first, False
    start = previous.ends_on + timedelta(days=1) if previous else known.issued_on or right.last.replace(day=1)
    return min(start, right.last), True


def _precision(left, right):
    names = {left.precision, right.precision}
    if names == {"day"}:
        return "day"
    return "ten_day" if "ten_day" in names else "month"


def _of_lengths(page):
    """先用3个月左右时间 …, 再用半年左右时间 …: counted from the day of issue, one behind the other."""
    matches = list(LENGTH.finditer(page.flow.text))[:MOST]
    begins, phases = page.calendar.issued_on, []
    if not begins or not any(m["then"] for m in matches):
        return []
    for match in matches:
        ends = _later(begins, match)
        if ends is None:
            continue
        start, clause_end = page.clause(match.start())
        stop = (
            page.clause(min(clause_end + 1, len(page.flow.text) - 1))[1] if clause_end - match.end() < 4 else clause_end
        )
        phases.append(PhaseItem(
            **page.place(match.start(), stop), name=_purpose(page.flow.text[match.end() : stop]), starts_on=begins, ends_on=ends,
            precision="approx", is_estimate=True, task=page.task(match.start()),
        ))  # fmt: skip
        begins = ends
    return phases


def _purpose(words):
    return words.strip(",、把将对")[:20]


def _later(day, match):
    amount = 0.5 if match["n"] == "半" else to_number(match["n"])
    if amount is None or amount > 120:
        return None
    amount += 0.5 if match["half"] or match["half2"] else 0
    if match["unit"] in "周天":
        return day + timedelta(days=round(amount * (7 if match["unit"] == "周" else 1)))
    return months_later(day, round(amount * (12 if match["unit"] == "年" else 1)))


def months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    month += 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
