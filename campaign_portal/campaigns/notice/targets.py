"""What is to be reached: a number with its unit, and whether it is at least, at most, a range or per something."""

import re
from dataclasses import dataclass

from .aim_words import AT_LEAST, AT_MOST, PAST, PER, PER_NAMES, UNITS
from .aims import Figure, is_target
from .draft import TargetItem
from .numbers import CHINESE, NUMBER, to_number
from .page import LONGEST_TEXT, Page, within_titles
from .target_days import Around, by_when, opening_years, year_of_head
from .wording import counted, is_body

RANGE_DASH = r"(?:至|到|-|~)"
SMALL = r"[一二两三四五六七八九十]"
VALUE = re.compile(
    rf"(?:(?P<share>百分之(?P<share_n>百|{CHINESE}))"
    r"|(?<![\d一二三四五六七八九十完建])(?P<tenths>[一二三四五六七八九1-9])成(?P<half>五|半)?(?=以上|左右|以内|以下|的|[,;。、)]|$)"
    rf"|(?<![\d.A-Za-z第])(?:(?P<low>{NUMBER})(?:%|[个名家所场人次张户处项])?{RANGE_DASH})?(?P<n>{NUMBER})(?:多|余)?(?P<unit>{UNITS}))"
    r"(?P<tail>左右|以上|及以上|以下|以内|之内|之间)?"
)
FULL = re.compile(
    r"(?:做到|实现|达到|确保|力争|保证|保持|基本|完成|推动|进行|开展|达成|努力|要)[^,;。:]{0,16}全覆盖|[^,;。:、]{2,16}全覆盖|全覆盖(?:检查|排查|抽查|督查|培训|整治|巡查|监管|摸排|走访)"
)
WHAT_FULLY = re.compile(r"全覆盖(?P<act>检查|排查|抽查|督查|培训|整治|巡查|监管|摸排|走访)")
SLOGAN = re.compile(
    r"(?:\"全覆盖\"|底数清|全方位|无死角|无盲区|零容忍|严执法|重实效|不留死角|横向到边|纵向到底|常态化|网格化|无缝隙|地毯式|无遗漏|拉网式|多层次|立体式|不漏一[^,]{0,2})"
)
WHOLE = re.compile(r"全面完成(?!了)(?P<what>[^,;。:]{3,30})")
TOLD = re.compile(
    r"[作做行展现了]了.{0,8}全覆盖|全覆盖.{0,6}的(?:部署|要求|原则|方式|基础|情况|格局|经验|做法)"
)  # no aim but a report
VAGUE = re.compile(
    r"(?:第[一二三四五六\d]{1,2}(?:轮|批|次|期|阶段)|[首本]轮|阶段性|目标|任务|各项|工作$|部署|上级|方案|整改任务)"
)
ALL_OF_IT = re.compile(r"(?:实现|达到)?(?:全覆盖|全部覆盖)")  # all that a cell of targets says
ALONE = re.compile(rf"(?P<sign>不少于|不低于|不超过|≥|≤|至少|)(?P<n>{NUMBER})(?P<tail>以上|以下|)")
HEAD_WORDS = re.compile(r"\([^()]*\)|(?:19|20)\d{2}年?度?|(?:计划|目标)?(?:数量?|任务数?|目标值?)$|^(?:计划|目标)")
PART_OF = re.compile(r"[^,;。]{0,24}\(?(?:其中|分别(?:是|为)|包括|含)")  # …750座(其中,城区100座、农村650座)
TENTATIVE = re.compile(r"争取|力争|努力|原则上")
REACH = 600
CUE = re.compile(rf"[\d%]|全覆盖|全面完成|[一二两三四五六七八九十百千万]{{1,4}}(?:{UNITS})|百分之|{SMALL}成")
MOST = 2000


@dataclass(frozen=True)
class Sentence:
    page: Page
    start: int
    end: int
    hidden: list  # names of documents
    due: list  # deadlines in it
    years: list  # expressions of whole years in it
    opening: list  # (where, its last day) of the years that open a clause
    standing: str | None  # the day that a line ending in a colon set for what follows: 到2025年底,实现以下目标:
    around: str | None = None  # the day of its paragraph, heading or phase


@dataclass(frozen=True)
class Clause:
    start: int
    end: int
    words: str


def read_targets(page: Page, deadlines, phases=(), title: str = "") -> list[TargetItem]:
    """The targets in their order. `deadlines` give the date to a target of the same sentence or item, `phases` their end,
    a `title` that hands out the tasks of a year the end of that."""
    found, standing, until = [], None, 0
    around = Around(page, deadlines, phases, title)
    dated = {}
    for deadline in deadlines:
        if deadline.day:
            dated.setdefault(deadline.sentence_start, []).append(deadline)
    for start, end in page.telling:
        if len(found) >= MOST:
            break
        source = page.flow.span(start, end)
        if not CUE.search(page.flow.text, start, end) and source[0] not in dated:
            continue
        due = dated.get(source[0], [])
        if source[0] >= until:
            standing = None
        if due and page.flow.text[start:end].rstrip().endswith(":"):
            standing, until = due[-1].day.isoformat(), _reach(page, start, end)
        found += _of_sentence(_sentence(page, start, end, due, standing, around))
    return found


def _reach(page, start, end):
    """Where what stands under a line ends: with its task, at most some lines on."""
    task = page.task(start)
    near = page.flow.span(end, min(end + REACH, len(page.flow.text)))[1]
    return min(near, page.tasks[task].body_end) if task is not None else near


def _sentence(page, start, end, due, standing, around):
    text = page.flow.text
    years = [e for e in page.dates(start, end) if e.right.part == "Y"] if "年" in text[start:end] else []
    opening = opening_years(page, years)
    return Sentence(page, start, end, within_titles(text, start, end), due, years, opening, standing, around.day(start))


def _of_sentence(sentence):
    found, follows = [], False
    for clause in _clauses(sentence.page, sentence.start, sentence.end):
        targets = _of_clause(sentence, clause, follows)
        follows = bool(targets) or follows and PART_OF.fullmatch(clause.words) is not None
        found += targets
    return found


def _clauses(page, start, end):
    text = page.flow.text
    if not CUE.search(text, start, end):
        return
    at = start
    for match in re.finditer(r"[,;:。!?|\n]", text[start:end]):
        stop = start + match.start()
        if match[0] == "," and text[stop - 1 : stop].isdigit() and re.match(r"\d{3}(?!\d)", text[stop + 1 : stop + 5]):
            continue
        if stop > at:
            yield Clause(at, stop, text[at:stop])
        at = stop + 1
    if end > at:
        yield Clause(at, end, text[at:end])


def _of_clause(sentence, clause, follows):
    if (cell := _cell(sentence.page, clause.start)) and cell.unit and (alone := ALONE.fullmatch(clause.words)):
        return _of_cell(sentence, clause, cell, alone)
    if cell and cell.kind == "target" and ALL_OF_IT.fullmatch(clause.words):
        return [_whole(sentence, clause, _row_name(sentence, clause))]
    values = [
        m
        for m in list(VALUE.finditer(clause.words))[:20]
        if not any(a <= clause.start - sentence.start + m.start() < b for a, b in sentence.hidden)
    ]
    kept = []
    for match in values:
        figure = _figure(sentence, clause, match, follows or bool(kept))
        if figure and is_target(figure):
            kept.append((match, figure))
    counted = [match for match, _ in kept]
    found = [_counted(sentence, clause, match, counted, figure) for match, figure in kept]
    return found + [t for part in _parts_without(clause, counted) for t in _implied(sentence, part)]


def _parts_without(clause, counted):
    """The clause, or those of its parts between 、 in which no number is counted."""
    if not counted:
        return [clause]
    parts, at = [], 0
    for words in clause.words.split("、")[:40]:
        if not any(at <= match.start() < at + len(words) for match in counted):
            parts.append(Clause(clause.start + at, clause.start + at + len(words), words))
        at += len(words) + 1
    return parts


def _of_cell(sentence, clause, cell, alone):
    """The number of a cell whose column names the unit, with the words of the row that say what or where."""
    page, row, value = sentence.page, sentence.page.rows.at(clause.start), to_number(alone["n"])
    if not value or not _is_asked(page, clause.start):
        return []
    lead = row.of_kind("name") or row.of_kind("place") or row.of_kind("who") or cell
    begin = lead.start if 0 < clause.end - lead.start <= LONGEST_TEXT else clause.start
    what = HEAD_WORDS.sub("", cell.head)
    name = lead.words if row.of_kind("name") or not what else f"{what}({lead.words})"
    return [TargetItem(
        **page.place(begin, clause.end), name=name[:40], value=value, high=None, unit=cell.unit, written=cell.unit, per="",
        comparator=_comparator(alone["sign"] or "", alone["tail"] or ""), by=by_when(sentence, "", clause), task=page.task(begin),
    )]  # fmt: skip


def _row_name(sentence, clause):
    name = sentence.page.rows.at(clause.start).of_kind("name")
    return name.words[:40] if name else clause.words


def _figure(sentence, clause, match, follows):
    """The number with what stands around it; None for one that is no number."""
    value = _value(match)
    if not value:
        return None
    context = sentence.page.flow.text[sentence.start : clause.start + match.start()]
    before, after = clause.words[: match.start()], clause.words[match.end() :]
    low = to_number(match["low"]) if match["low"] and not before.endswith(("由", "从", "自")) else None
    return Figure(
        value,
        low,
        match["unit"] or "%",
        match["n"] or "",
        match["tail"] or "",
        before,
        after,
        context,
        follows,
        any(d.day for d in sentence.due),
        _is_asked(sentence.page, clause.start),
        _is_gone(sentence, clause.start + match.start()),
    )


def _value(match):
    if match["tenths"]:  # 九成 is 90 %
        return 10 * to_number(match["tenths"]) + (5 if match["half"] else 0)
    share = match["share_n"]
    return (100 if share == "百" else to_number(share)) if share else to_number(match["n"])


def _is_gone(sentence, position):
    """Whether the last year named before a number was over when the notice was issued."""
    issued = sentence.page.calendar.issued_on
    named = [e for e in sentence.years if e.start < position and not e.is_span]
    year = named[-1].right.year if named and issued else None
    return bool(year and year < issued.year)


def _is_asked(page, position):
    """Whether a number stands in a column of targets whose year has not gone by."""
    cell = _cell(page, position)
    by = cell and cell.kind == "target" and year_of_head(page, cell)
    issued = page.calendar.issued_on
    return bool(cell and cell.kind == "target" and not (by and issued and by < issued.isoformat()))


def _cell(page, position):
    row = page.rows.at(position)
    return row.at(position) if row else None


# ---- the item ----


def _counted(sentence, clause, match, values, figure):
    page, row = sentence.page, sentence.page.rows.at(clause.start)
    begin, stop = _phrase(clause, match, values)
    per = _per(figure.before, figure.after, figure.unit)
    own = clause.words[max(0, begin - clause.start) : match.start()]
    name = counted(own, figure.after, figure.unit, per)
    if row and (head := row.of_kind("name")):
        name = head.words[:40] or name
        begin = head.start if 0 < stop - head.start <= LONGEST_TEXT and head.start < begin else begin
    is_range = figure.low is not None
    return TargetItem(
        **page.place(begin, stop), name=name, value=figure.low if is_range else figure.value,
        high=figure.value if is_range else None, unit=figure.unit.replace("人/次", "人次"), written=_written(page, clause, match),
        per=per, comparator="range" if is_range else _comparator(figure.before, figure.tail),
        by=by_when(sentence, figure.context, clause, per), is_tentative=bool(TENTATIVE.search(figure.context)), task=page.task(begin),
    )  # fmt: skip


def _written(page, clause, match):
    """The unit in the script of the source: 項."""
    if match["unit"] in (None, "%"):
        return "%"
    return page.text[slice(*page.flow.span(clause.start + match.start("unit"), clause.start + match.end("unit")))]


def _phrase(clause, match, values):
    """The clause, or its part between 、 where several numbers share it."""
    begin, stop = 0, len(clause.words)
    if len(values) > 1:
        i = values.index(match)
        if i > 0:
            cut = max(
                clause.words.rfind("、", values[i - 1].end(), match.start()),
                clause.words.rfind("和", values[i - 1].end(), match.start()),
            )
            begin = cut + 1 if cut >= 0 else values[i - 1].end()
        if i + 1 < len(values):
            cut = clause.words.find("、", match.end(), values[i + 1].start())
            stop = cut if cut >= 0 else values[i + 1].start()
    stop = min(stop, match.end() + 50)
    begin = max(begin, match.start() - (LONGEST_TEXT - 60))
    words = clause.words[begin:stop]
    return clause.start + begin, clause.start + begin + len(words.rstrip(")。、"))


def _per(before, after, unit):
    near = list(PER.finditer(before[-30:]))
    if near:
        return PER_NAMES.get(near[-1]["per"], near[-1]["per"])
    yearly = re.match(r"/(年|月|季度|周)", after)
    return yearly[1] if yearly else ""


def _comparator(before, tail):
    """At least or at most, by the word nearest before the number or right behind it."""
    near = before[-30:]
    most = [m.start() for m in AT_MOST.finditer(near)]
    least = [m.start() for m in AT_LEAST.finditer(near)]
    if tail in ("以下", "以内", "之内") or most and most[-1] > max(least, default=-1):
        return "<="
    return ">=" if least or tail in ("以上", "及以上") else "="


# ---- without a number ----


def _implied(sentence, clause):
    """全覆盖 and 全面完成 say 100 % without a number; as a slogan they say nothing."""
    words = clause.words
    if PAST.search(words) or TOLD.search(words):
        return []
    full, whole = FULL.search(words), WHOLE.search(words)
    if full and not SLOGAN.search(words):
        name = re.sub(r"(?:做到|实现|达到|确保|力争|保证|保持|基本|完成|推动|进行|开展|要)|全覆盖", "", full[0])
        office, _, rest = name.partition("对")
        name = f"{rest}{WHAT_FULLY.search(words)['act']}" if is_body(office) and WHAT_FULLY.search(words) else name
        return [_whole(sentence, clause, name or "全覆盖")]
    if whole and not VAGUE.search(whole["what"]):
        return [_whole(sentence, clause, whole["what"])]
    return []


def _whole(sentence, clause, name):
    page = sentence.page
    context = page.flow.text[sentence.start : clause.end]
    row = page.rows.at(clause.start)
    head = row.of_kind("name") if row else None
    begin = head.start if head and 0 < clause.end - head.start <= LONGEST_TEXT else clause.start
    return TargetItem(
        **page.place(begin, min(clause.end, begin + LONGEST_TEXT)), name=name[:24], value=100, high=None, unit="%", written="%",
        per="", comparator="=", by=by_when(sentence, context, clause), is_implied=True, is_tentative=bool(TENTATIVE.search(context)),
        task=page.task(clause.start),
    )  # fmt: skip
