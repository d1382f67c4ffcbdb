"""The title of a notice, that of the plan it sends along, and what the campaign is called."""

import re

from .document_number import is_number
from .draft import Phrase
from .lines import ISSUED_LINE, MARKER, flat, is_metadata
from .offices import ORG, rules

KINDS = (
    "通知|通报|通告|公告|公示|方案|计划|细则|办法|意见|函|要点|规定|规则|规程|制度|报告|决定|批复|请示|工作安排|安排|指南|指引|预案|若干措施|清单|工作部署|纲要|"
    "规划|倡议书|须知|简章|公开信|一览表"
)
TITLE_END = re.compile(
    rf"(?:{KINDS})(?:\((?:试行|暂行|修订|修订稿|征求意见稿|草案|摘要|节选|全文|[一二三四五]|20\d\d.{{0,10}}|.{{0,4}}版)\))*$"
)
PLAN_END = re.compile(r"(?:方案|计划|细则|办法|意见|要点|规定|规则|预案|指引|安排)(?:\(.{0,8}\))?$")
NO_TITLE = re.compile(
    r".{2,30}文件|\(.{0,20}\)|特急|加急|急件|秘密|内部.{0,6}|.{0,12}网|首页|通知公告|政务公开|正文|.{0,4}字号.{0,9}"
)
BANNER = re.compile(
    r"(?<!联)(?<![电管路])网(?:站|首页)?$|网[-_|·]{1,2}|[-_|·].{0,20}(?:网|政府|局)$|门户|(?:数据|法规|文件|案例)库|客户端|[Aa][Pp][Pp]|公众号|法宝|图书馆|频道$|专栏$|首页|导航|搜索|下载|登[录陆]|欢迎|热线|"
    r"https?:|www\.|^(?:法律法规|政策法规|规范性文件|通知公告|政务公开|信息公开|文件通知|公文|政策文件|当前栏目)"
)
WORD_AND_NO = r"[\u4e00-\u9fffA-Za-z]{1,16}\s*[\[(]\s*(?:19|20)\d{2}\s*年?\s*[\])]\s*第?\s*\d{1,5}\s*号"
NUMBER_AHEAD = re.compile(rf"{WORD_AND_NO}\s*[:,]?\s*(?=《|关于|[\u4e00-\u9fff]{{4}})")  # 永民发〔2022〕7号 关于…的通知
NUMBER_BEHIND = re.compile(rf"(?:\s*\(\s*{WORD_AND_NO}\s*\)|\s+{WORD_AND_NO})$")

# The day on which a page put it up, behind a title: 关于…的通知 (2025-01-27). (2024-2026年) is the title's own.
DAY_BEHIND = re.compile(
    r"\s*[(\[]?\s*(?P<day>20\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}日?)(?:\s*\d{1,2}:\d\d(?::\d\d)?)?\s*[)\]]?$"
)


def read_title(head, lines, body, text, about):
    """The lines right above the addressees, or at the top, that end as titles end; unbroken where metadata has it."""
    above = [i for i in body if i < head.body_line]
    if not head.addressees:
        above = _opening(lines, body)
    block = _title_block(lines, above, bool(head.addressees))
    if not block:
        _title_of_metadata(head, about)
        return
    start, end = _without_number(lines, block)
    value = flat(text[start:end])
    head.title = _fuller(value, about, lines, above, text) or Phrase(value, start, end)
    head.used.update(i for i in above if head.addressees or i <= block[-1])
    if not head.addressees:
        head.body_line = _first_below(lines, block[-1])


def _without_number(lines, block):
    """(start, end) of a title without the number on its first or last line, and without 《》 around the whole."""
    first, last = lines[block[0]], lines[block[-1]]
    ahead, behind = NUMBER_AHEAD.match(first.text), NUMBER_BEHIND.search(last.text) or DAY_BEHIND.search(last.text)
    start = first.start + (ahead.end() if ahead else 0)
    end = last.start + (behind.start() if behind else len(last.text))
    inner = last.text[start - last.start : end - last.start] if first is last else ""
    return (start + 1, end - 1) if _in_quotes(inner) else (start, end)


def _first_below(lines, last):
    """The first line of text below a title; the title's own where a table follows it, whose rows are all text."""
    for i, line in enumerate(lines[last + 1 :], start=last + 1):
        if line.is_body or line.kind == "table" and not is_metadata(line):
            return i if line.is_body else last
    return last


def _in_quotes(words):
    """Whether one pair of 《》 is around all of it; within it others may stand."""
    depths, depth = [], 0
    for char in words:
        depth += (char == "《") - (char == "》")
        depths.append(depth)
    return words.startswith("《") and depths[-1] == 0 and depths.index(0) == len(words) - 1


def _ends_title(line):
    words = DAY_BEHIND.sub("", NUMBER_BEHIND.sub("", line.text))
    return TITLE_END.search("".join(words.split()).removesuffix("》"))


def _fuller(value, about, lines, above, text):
    """The same title unbroken in the metadata, or with its offices before it there or at the head of the page."""
    wanted = rules("".join(value.split()))
    others = [(v, a, b) for v, a, b in about["title"]] + [
        (text[lines[i].start : lines[i].end], lines[i].start, lines[i].end) for i in above
    ]
    for other, start, end in others:
        compact = rules("".join(other.split()))
        if compact == wanted and (start, end) != (0, 0) and other in [v for v, _, _ in about["title"]]:
            return Phrase(flat(other), start, end)
        lead = compact.removesuffix(wanted)
        if (
            lead != compact
            and lead
            and (ORG.fullmatch(lead) or all(ORG.fullmatch(p) for p in rules(other).split()[:-1] or [""]))
        ):
            return Phrase(flat(other), start, end)
    return None


def _title_of_metadata(head, about):
    for value, start, end in about["title"]:
        if TITLE_END.search(rules("".join(value.split()))):
            head.title = Phrase(flat(value), start, end)
            return


def _opening(lines, body):
    """The lines above the first that is text: a sentence or a numbered heading."""
    opening = []
    for i in body[:12]:
        compact = lines[i].compact
        if (
            MARKER.match(compact)
            or "|" in compact
            or compact[-1] in "。;:!?,"
            and not TITLE_END.search(compact)
            or len(compact) > 110
        ):
            break
        opening.append(i)
    return opening


def _title_block(lines, above, told):
    """The last run of lines that together make a title; a plain first line will do where nobody is addressed."""
    for last in reversed(range(len(above))):
        compact = lines[above[last]].compact
        if not _ends_title(lines[above[last]]) or _is_other(compact):
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
        so_far in words  # the same title as the page or its browser shows it
        or re.search(rf"(?:{KINDS})[-_|·]", words)
        or BANNER.search(words)
        and not re.search("关于|印发", words)
        or is_number(words)
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


def _is_other(words):
    return (
        is_number(words)
        or bool(ISSUED_LINE.fullmatch(words))
        or bool(ORG.fullmatch(words) and not TITLE_END.search(words))
        or words.endswith("文件")
        or words.startswith("附件")
        or bool(BANNER.search(words) and not re.search("关于|(?:通知|方案)$", words))
    )


# ---- the plan sent along ----


def read_plan(head, lines, body, text):
    """The title of the plan that the notice sends along, on up to three lines: named in 《》 there, or below the date."""
    named = re.findall(r"《([^《》]{4,60})》", rules(head.title.value)) if head.title else []
    start = head.signed if head.signed is not None else head.body_line
    below = [k for k in body if k > start][:40]
    for at, i in enumerate(below):
        compact = lines[i].compact
        if not PLAN_END.search(compact) or len(compact) > 60 or MARKER.match(compact):
            continue
        if head.signed is None and not any(alike(compact, name) for name in named):
            continue
        block = [k for k in below[max(0, at - 2) : at] if i - k <= 2 and _may_begin_plan(lines[k].compact)] + [i]
        first, last = lines[block[0]].start, lines[i].end
        head.plan_title = Phrase(flat(text[first:last]), first, last)
        head.used.update(block)
        return


def _may_begin_plan(compact):
    return (
        compact[-1] not in "。;:,!?)"
        and not TITLE_END.search(compact)
        and not MARKER.match(compact)
        and not ISSUED_LINE.search(compact)
    )


def alike(a, b):
    return a == b or a.endswith(b) or b.endswith(a) or len(set(a) & set(b)) > 0.8 * len(set(b))


# ---- what the campaign is called ----


def name_campaign(head):
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
