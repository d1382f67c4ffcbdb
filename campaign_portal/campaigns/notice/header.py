"""Title, number, issuers, addressees and days of a notice: what stands above and below its text."""

import re
from dataclasses import dataclass, field
from datetime import date

from . import dates
from .draft import Phrase
from .lines import DATE_ALONE, MARKER, Line, metadata_of
from .offices import ORG, at_head, before_title, looks_signed, offices_on, rules, word_of_number

KINDS = (
    "通知|通报|通告|公告|公示|方案|计划|细则|办法|意见|函|要点|规定|规则|规程|制度|报告|决定|批复|请示|工作安排|安排|指南|指引|预案|若干措施|清单|工作部署|纲要|"
    "规划|倡议书|须知|简章|公开信|一览表"
)
TITLE_END = re.compile(
    rf"(?:{KINDS})(?:\((?:试行|暂行|修订|修订稿|征求意见稿|草案|摘要|节选|全文|[一二三四五]|20\d\d.{{0,10}}|.{{0,4}}版)\))*$"
)
NUMBER = re.compile(
    r"(?<![\u4e00-\u9fffA-Z])(?!第)(?P<word>[\u4e00-\u9fffA-Za-z-]{1,16}?(?:\([\u4e00-\u9fff]{1,4}\))?)[\[(]\s?(?P<year>(?:19|20)\d{2})\s?年?[\])]\s?(?:第|字第)?\s?(?P<no>\d{1,5})\s?号"
)
ISSUED_LINE = re.compile(rf"(?:{DATE_ALONE.pattern}|(?:19|20)\d{{2}}[-./]\d{{1,2}}[-./]\d{{1,2}})(?:\(.{{0,6}}\))?$")
PRINTED = re.compile(rf"({DATE_ALONE.pattern})印发$")
ADDRESSEES = re.compile(r"[^。;!?]{2,400}:$")
HELLO = re.compile(r"(?:各|市|县|区|省|有关|相关|局|全|机关|直属|驻|本|[\u4e00-\u9fff]{2,6}(?:省|市|县|区|镇|乡|街道))")
GLUED_NUMBER = re.compile(r"[\u4e00-\u9fff]{4,40}[\[(](?:19|20)\d{2}[\])]\d{1,5}号")
NO_TITLE = re.compile(
    r".{2,30}文件|\(.{0,20}\)|特急|加急|急件|秘密|内部.{0,6}|.{0,12}网|首页|通知公告|政务公开|正文|.{0,4}字号.{0,9}"
)
PLAN_END = re.compile(r"(?:方案|计划|细则|办法|意见|要点|规定|规则|预案|指引|安排)(?:\(.{0,8}\))?$")
TAIL = re.compile(r"附件|抄送|\(?(?:联系人|此件)")
HEAD_LINES = 60
SHORT_NAME = re.compile(r"[县区市州省]")


@dataclass
class Header:
    """What was found. `body_line` is the first line of the text proper; `signed` the line of the signature's date."""

    title: Phrase | None = None
    document_number: Phrase | None = None
    issuers: list[Phrase] = field(default_factory=list)
    addressees: list[Phrase] = field(default_factory=list)
    issue_date: Phrase | None = None
    publish_date: Phrase | None = None
    plan_title: Phrase | None = None
    campaign_name: Phrase | None = None
    body_line: int = 0
    signed: int | None = None
    used: set[int] = field(default_factory=set)  # lines that are no text: titles, signature, number


def read_header(lines: list[Line], text: str) -> Header:
    """Everything above and below the text of the notice in `lines`."""
    head, about = Header(), metadata_of(lines, text)
    body = [i for i, line in enumerate(lines) if line.is_body]
    _addressees(head, lines, body, text)
    _signature(head, lines, body, text)
    _title(head, lines, body, text, about)
    _number(head, lines, body, text, about)
    _other_days(head, about, lines, text)
    _plan(head, lines, body, text)
    head.title = head.title or head.plan_title
    _other_issuers(head, lines, body, about, text)
    _campaign_name(head)
    return head


def second_notice(lines: list[Line]) -> int | None:
    """The line with which a second notice begins: another title above other addressees. A forwarded one is none."""
    body = [i for i, line in enumerate(lines) if line.is_body]
    first = None
    for at, i in enumerate(body):
        compact = lines[i].compact
        if not ADDRESSEES.fullmatch(compact) or not HELLO.match(compact) or MARKER.match(compact) or len(compact) > 120:
            continue
        block = [
            k
            for k in body[max(0, at - 4) : at]
            if TITLE_END.search(lines[k].compact) and not MARKER.match(lines[k].compact)
        ]
        if not block:
            continue
        title = "".join(lines[k].compact for k in body[max(0, at - 3) : at])
        if first is None:
            first = title
        elif re.search(r"转发|批转", first) or any(
            _alike(name, lines[block[-1]].compact) for name in re.findall(r"《([^《》]{4,60})》", first)
        ):
            return None
        elif re.search(r"(?:通知|通报|函|意见|公告)$", lines[block[-1]].compact):
            return block[0]
    return None


# ---- addressees ----


def _addressees(head, lines, body, text):
    """The first line above the text that ends in a colon and names who is told."""
    for i in body[:HEAD_LINES]:
        compact = lines[i].compact
        if MARKER.match(compact) and not compact.startswith("主送") or compact.endswith("。"):
            head.body_line = i
            return
        first = _wrapped_start(lines, body, i)
        whole = "".join(lines[k].compact for k in range(first, i + 1) if lines[k].is_body)
        if (
            ADDRESSEES.fullmatch(whole)
            and HELLO.match(whole)
            and not re.search(r"(?:如下|下列|以下|事项|通知)[^,]{0,6}:$", whole)
        ):
            head.body_line = first
            head.addressees = _split_addressees(lines, first, i, text)
            head.used.update(range(first, i + 1))
            return
    head.body_line = body[0] if body else 0


def _wrapped_start(lines, body, i):
    """The first line of a list of addressees that is wrapped over up to three lines."""
    at = body.index(i)
    while (
        at > 0
        and i - body[at - 1] <= 3
        and lines[body[at - 1]].compact[-1] in ",、"
        and HELLO.match(lines[body[at - 1]].compact)
    ):
        at -= 1
        i = body[at]
    return body[at]


def _split_addressees(lines, first, last, text):
    start, end = lines[first].start, lines[last].end
    spans, depth, begin = [], 0, start
    for k in range(start, end):
        char = text[k]
        depth += (char in "（(") - (char in "）)")
        if char in "，,：:;；" and depth <= 0 or k == end - 1:
            stop = k if char in "，,：:;；" else k + 1
            spans.append(_trimmed(text, begin, stop))
            begin = k + 1
    return [Phrase(_flat(text[a:b]), a, b) for a, b in spans if b > a]


def _trimmed(text, start, end):
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _flat(words):
    """The words on one line, without the spaces that a page puts between Chinese characters."""
    return re.sub(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])", "", words.strip())


# ---- signature ----


def _signature(head, lines, body, text):
    """The first line below the addressees that is only a date, with names of offices above it."""
    for place, i in enumerate(body):
        line = lines[i]
        if i < head.body_line or len(line.compact) > 80:
            continue
        found = re.search(ISSUED_LINE.pattern, line.compact)
        if not found or not _signs(line.compact[: found.start()]):
            continue
        names = _names_above(lines, body, place, text, found.start())
        if names or _closes(lines, body, place):
            _sign(head, lines, i, names, text)
            return
    _undated(head, lines, body, text)


def _undated(head, lines, body, text):
    """Names alone below the last sentence of a notice that bears no day."""
    below = [i for i in body if i > head.body_line]
    for before, i, after in zip(below, below[1:], [*below[2:], None], strict=False):
        ends = lines[before].compact[-1] in "。!)" or lines[before].compact.startswith("附件")
        names = offices_on(text, lines[i].start, lines[i].end) if ends and looks_signed(lines[i]) else []
        while names and after is not None and (more := _more_names(lines[after], text)):
            names += more
            after = next((k for k in below if k > after), None)
        if names and (after is None or PLAN_END.search(lines[after].compact) or TAIL.match(lines[after].compact)):
            head.issuers, head.used = names, head.used | {k for k in below if i <= k < (after or len(lines))}
            return


def _more_names(line, text):
    return offices_on(text, line.start, line.end) if looks_signed(line) else []


def _signs(before):
    """What may stand before the date on its own line: nothing, or the offices that sign."""
    return not before or (ORG.fullmatch(before) is not None and len(before) <= 40)


def _closes(lines, body, place):
    """A date without names ends a notice when the sentence above it has ended."""
    return place > 0 and lines[body[place - 1]].compact[-1] in "。:;!)" or place == len(body) - 1


def _sign(head, lines, i, names, text):
    days = dates.find(lines[i].compact)
    day = _iso(days[-1].right) if days else None
    head.signed = i
    head.used.add(i)
    if day:
        start = lines[i].start + _date_offset(lines[i].text)
        head.issue_date = Phrase(day, start, lines[i].end)
    for phrase, number in names:
        head.issuers.append(phrase)
        head.used.add(number)


def _date_offset(words):
    found = re.search(r"(?:\d{4}|[一二][零〇一二三四五六七八九]{3})\s*[年\-./]", words)
    return found.start() if found else 0


def _iso(point):
    try:
        return date(point.year, point.month, point.day).isoformat()
    except (TypeError, ValueError):
        return None


def _names_above(lines, body, place, text, before):
    """The offices on the date's own line, else on the lines right above it, in order, each with its line."""
    if before:
        line = lines[body[place]]
        end = line.start + _date_offset(line.text)
        return [(p, body[place]) for p in offices_on(text, line.start, end)]
    found = []
    for k in reversed(body[max(0, place - 12) : place]):
        offices = offices_on(text, lines[k].start, lines[k].end) if looks_signed(lines[k]) else []
        if not offices:
            break
        found = [(p, k) for p in offices] + found
    return found


# ---- title ----


def _title(head, lines, body, text, about):
    """The lines right above the addressees, or at the top, that end as titles end; unbroken where metadata has it."""
    above = [i for i in body if i < head.body_line]
    if not head.addressees:
        above = _opening(lines, body)
    block = _title_block(lines, above, bool(head.addressees))
    if not block:
        _title_of_metadata(head, about)
        return
    start, end = lines[block[0]].start, lines[block[-1]].end
    value = _flat(text[start:end])
    head.title = _fuller(value, about, lines, above, text) or Phrase(value, start, end)
    head.used.update(above)
    if not head.addressees:
        head.body_line = next((i for i in body if i > block[-1]), block[-1])


def _fuller(value, about, lines, above, text):
    """The same title unbroken in the metadata, or with its offices before it there or at the head of the page."""
    wanted = rules("".join(value.split()))
    others = [(v, a, b) for v, a, b in about["title"]] + [
        (text[lines[i].start : lines[i].end], lines[i].start, lines[i].end) for i in above
    ]
    for other, start, end in others:
        compact = rules("".join(other.split()))
        if compact == wanted and (start, end) != (0, 0) and other in [v for v, _, _ in about["title"]]:
            return Phrase(_flat(other), start, end)
        lead = compact.removesuffix(wanted)
        if (
            lead != compact
            and lead
            and (ORG.fullmatch(lead) or all(ORG.fullmatch(p) for p in rules(other).split()[:-1] or [""]))
        ):
            return Phrase(_flat(other), start, end)
    return None


def _title_of_metadata(head, about):
    for value, start, end in about["title"]:
        if TITLE_END.search(rules("".join(value.split()))):
            head.title = Phrase(_flat(value), start, end)
            return


def _opening(lines, body):
    """The lines above the first that is text: a sentence or a numbered heading."""
    opening = []
    for i in body[:12]:
        compact = lines[i].compact
        if MARKER.match(compact) or compact[-1] in "。;:!?," and not TITLE_END.search(compact) or len(compact) > 110:
            break
        opening.append(i)
    return opening


def _title_block(lines, above, told):
    """The last run of lines that together make a title; a plain first line will do where nobody is addressed."""
    for last in reversed(range(len(above))):
        compact = lines[above[last]].compact
        if not TITLE_END.search(compact) or _is_other(compact):
            continue
        first = last
        while first > 0 and _belongs(lines, above[first - 1], above[first : last + 1]):
            first -= 1
        return above[first : last + 1]
    plain = [i for i in above if not _is_other(lines[i].compact) and 5 <= len(lines[i].compact) <= 60]
    return plain[-1:] if told else plain[:1]


def _belongs(lines, i, block):
    """Whether line i is the beginning of the title that goes on in `block`."""
    words = lines[i].compact
    so_far = "".join(lines[k].compact for k in block)
    if (
        _is_number(words)
        or words[-1] in "。:;!?"
        or MARKER.match(words)
        or ISSUED_LINE.search(words)
        or NO_TITLE.fullmatch(words)
    ):
        return False
    offices = _all_offices(words, lines[i].text)
    if so_far.startswith("关于") or re.match(r"(?:印发|转发)", so_far):
        return offices
    gap = any(lines[k].kind == "blank" for k in range(i, block[0]))
    if TITLE_END.search(words) and (len(words) > 12 or gap):
        return False
    return offices or "关于" in words or not gap


def _all_offices(words, spaced):
    return all(ORG.fullmatch(part) for part in spaced.split())


def _is_number(words):
    return (
        bool(NUMBER.fullmatch(words.strip("()")))
        or bool(re.search(r"\d{1,5}号(?:签发人.*)?$", words))
        and len(words) < 40
    )


def _is_other(words):
    return (
        _is_number(words)
        or bool(ISSUED_LINE.fullmatch(words))
        or bool(ORG.fullmatch(words) and not TITLE_END.search(words))
        or words.endswith("文件")
        or words.startswith("附件")
    )


# ---- number ----


def _number(head, lines, body, text, about):
    for value, start, end in about["number"]:
        if NUMBER.search(rules("".join(value.split()))):
            head.document_number = Phrase(_flat(value), start, end)
            return
    for i in [k for k in body if k <= head.body_line] + [k for k in body if k > head.body_line][:1]:
        compact = lines[i].compact
        match = NUMBER.search(compact) or GLUED_NUMBER.fullmatch(compact)
        if (
            match
            and (_is_number(compact) or compact.endswith("签发人") or match.span() == (0, len(compact)))
            and not re.search("[《》,。]", compact)
        ):
            start, end = _number_span(lines[i])
            head.document_number = Phrase(re.sub(r"\s+", "", text[start:end]), start, end)
            head.used.add(i)
            return


def _number_span(line):
    match = re.search(
        r"([\u4e00-\u9fffA-Za-z-]{1,40})(?:\([\u4e00-\u9fff]{1,4}\))?\s*[\[(]\s*(?:19|20)\d{2}\s*年?[\])]\s*(?:第|字第)?\s*\d{1,5}\s*号",
        line.text,
    )
    if not match:
        return line.start, line.end
    return line.start + match.start() + word_of_number(match[1]), line.start + match.end()


# ---- days and offices from elsewhere ----


def _other_days(head, about, lines, text):
    published = next((p for p in map(_day_phrase, about["published"]) if p), None)
    issued = next((p for p in map(_day_phrase, about["issued"]) if p), None)
    head.publish_date = published
    if not head.issue_date:
        head.issue_date = (
            _dated_title(head, lines) or issued or _printed(lines, text) or _bare_day(head, lines) or published
        )


def _dated_title(head, lines):
    """(2020年8月3日) on a line of its own under the title."""
    for i in range(min(head.body_line + 1, len(lines))):
        match = re.fullmatch(rf"\(({DATE_ALONE.pattern}).{{0,12}}\)", lines[i].compact)
        if match:
            head.used.add(i)
            return Phrase(_iso(dates.find(match[1])[0].right), lines[i].start, lines[i].end)
    return None


def _bare_day(head, lines):
    """A day alone on a line above the text, or after a bullet, as pages print it."""
    for i in range(min(head.body_line + 1, len(lines))):
        match = re.fullmatch(
            r"[·*-]?((?:19|20)\d{2}[年./-]\d{1,2}[月./-]\d{1,2}日?)(?:\d{1,2}:\d{2}(?::\d{2})?)?", lines[i].compact
        )
        found = dates.find(match[1]) if match else None
        if found and _iso(found[0].right):
            head.used.add(i)
            return Phrase(_iso(found[0].right), lines[i].start, lines[i].end)
    return None


def _printed(lines, text):
    """The imprint at the foot: XX办公室 2020年8月3日印发."""
    for line in reversed(lines):
        match = PRINTED.search(line.compact) if line.is_body else None
        if match and len(line.compact) < 60:
            return Phrase(_iso(dates.find(match[1])[0].right), line.start, line.end)
    return None


def _day_phrase(entry):
    value, start, end = entry
    match = re.match(r"(?:19|20)\d{2}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}日?", rules(value))
    found = dates.find(re.sub(r"\s+", "", match[0])) if match else None
    day = _iso(found[0].right) if found else None
    return Phrase(day, start, start + match.end()) if day else None


def _plan(head, lines, body, text):
    """The title of the plan that the notice sends along, on up to three lines: named in 《》 there, or below the date."""
    named = re.findall(r"《([^《》]{4,60})》", rules(head.title.value)) if head.title else []
    start = head.signed if head.signed is not None else head.body_line
    below = [k for k in body if k > start][:40]
    for at, i in enumerate(below):
        compact = lines[i].compact
        if not PLAN_END.search(compact) or len(compact) > 60 or MARKER.match(compact):
            continue
        if head.signed is None and not any(_alike(compact, name) for name in named):
            continue
        block = [k for k in below[max(0, at - 2) : at] if i - k <= 2 and _may_begin_plan(lines[k].compact)] + [i]
        first, last = lines[block[0]].start, lines[i].end
        head.plan_title = Phrase(_flat(text[first:last]), first, last)
        head.used.update(block)
        return


def _may_begin_plan(compact):
    return (
        compact[-1] not in "。;:,!?)"
        and not TITLE_END.search(compact)
        and not MARKER.match(compact)
        and not ISSUED_LINE.search(compact)
    )


def _alike(a, b):
    return a == b or a.endswith(b) or b.endswith(a) or len(set(a) & set(b)) > 0.8 * len(set(b))


def _other_issuers(head, lines, body, about, text):
    """Without a signature: the offices of the letterhead, of the title, of the page around the notice."""
    if head.issuers:
        return
    above = [
        i for i in body[:HEAD_LINES] if i <= head.body_line and (not head.title or lines[i].end <= head.title.start)
    ]
    for name, i in at_head(lines, above, text):
        head.issuers.append(name)
        head.used.add(i)
    head.issuers = head.issuers or (before_title(text, head.title.start, head.title.end) if head.title else [])
    for value, start, _ in [] if head.issuers else about["issuer"] + about["source"] + about["editor"]:
        compact = rules("".join(value.split()))
        if ORG.fullmatch(compact):
            head.issuers = [Phrase(_completed(compact, value, about, lines), start, start + len(value))]
            return


def _completed(compact, value, about, lines):
    """区民政局 with the place that another line of the page gives it (渭滨民政局): 渭滨区民政局."""
    if not SHORT_NAME.match(compact):
        return "".join(value.split())
    level, rest = compact[0], compact[1:]
    around = (
        " ".join(rules("".join(v.split())) for v, _, _ in about["source"] + about["issuer"] + about["editor"])
        + " "
        + " ".join(line.compact for line in lines[:40] if line.kind in ("page", "table"))
    )
    around += " " + " ".join(line.compact for line in lines if line.is_body)[:3000]
    match = re.search(rf"(?<![\u4e00-\u9fff])([\u4e00-\u9fff]{{2,3}}){level}?{rest}", around) if rest else None
    return match[1].removesuffix(level) + compact if match else "".join(value.split())


def _campaign_name(head):
    """What the campaign is called: the title without 关于印发 … 实施方案 … 的通知."""
    for phrase in (head.title, head.plan_title):
        if not phrase:
            continue
        words = rules(phrase.value)
        match = re.search(r"《([^《》]+?)》", words) or re.search(
            r"(?:关于)(?:开展|印发|做好|组织开展|组织实施|下发|进一步|深入)?(.+?)(?:的通知|的函|的意见)$", words
        )
        if match and len(match[1]) >= 4:
            name = re.sub(r"(?:实施|工作|活动|行动)?(?:方案|计划|细则|办法)(?:\(.*\))?$", "", match[1])
            offset = match.start(1)
            value = phrase.value[offset : offset + len(name)] if len(words) == len(phrase.value) else name
            head.campaign_name = Phrase(value, phrase.start, phrase.end)
            return
