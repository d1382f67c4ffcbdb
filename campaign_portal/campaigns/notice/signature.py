"""Who signed a notice and on which day: below its text, else from the letterhead, the imprint, the page around it."""

import re
from datetime import date

from . import dates
from .draft import Phrase
from .lines import DATE_ALONE, HEAD_LINES, ISSUED_LINE
from .offices import ORG, at_head, before_title, looks_signed, offices_on, rules
from .titles import DAY_BEHIND, PLAN_END

PRINTED = re.compile(rf"({DATE_ALONE.pattern})印发$")
TAIL = re.compile(
    r"附件|抄送|\(?(?:联系|此件|主题词|公开方式|电话|地址|邮编|邮箱|值班|承办|校对)|\((?:加?盖章|印章?|公章|签章|代章)\)"
)
COPIED = re.compile(r"网友(?:上传|投稿|整理)|不代表本站|原创文章|范文|文秘|仅供(?:参考|学习)")
GOVERNMENT = re.compile(r"[省市县区州旗镇乡]政府(?:办公?[室厅]?)?")  # as pages name an office for short
SHORT_NAME = re.compile(r"[县区市州省]")


def read_signature(head, lines, body, text):
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
    return not before or (ORG.fullmatch(before) is not None and len(before) <= 60)


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
    found = []
    if before:
        line = lines[body[place]]
        end = line.start + _date_offset(line.text)
        found = [(p, body[place]) for p in offices_on(text, line.start, end)]
    for k in reversed(body[max(0, place - 12) : place]):
        offices = offices_on(text, lines[k].start, lines[k].end) if looks_signed(lines[k]) else []
        if not offices:
            break
        found = [(p, k) for p in offices] + found
    return found


# ---- days from elsewhere ----


def read_other_days(head, about, lines, text):
    """The day of publication, and that of issue where no signature bears one."""
    published = next((p for p in map(_day_phrase, about["published"]) if p), None)
    issued = next((p for p in map(_day_phrase, about["issued"]) if p), None)
    head.publish_date = published
    if not head.issue_date:
        stated = _dated_title(head, lines) or issued or _printed(lines, text) or _bare_day(head, lines)
        head.issue_date = stated or (None if _is_copied(lines) else published)


def _is_copied(lines):
    """Whether a page says that it offers texts of others to copy: the day on it is then that of the copy."""
    return any(COPIED.search(line.compact) for line in [*lines[:HEAD_LINES], *lines[-HEAD_LINES:]])


def _dated_title(head, lines):
    """(2020年8月3日) on a line of its own under the title."""
    for i in range(min(head.body_line + 1, len(lines))):
        match = re.fullmatch(rf"\(({DATE_ALONE.pattern}).{{0,12}}\)", lines[i].compact)
        if match:
            head.used.add(i)
            return Phrase(_iso(dates.find(match[1])[0].right), lines[i].start, lines[i].end)
    return _day_behind(head, lines)


def _day_behind(head, lines):
    """The day on the title's own line: 关于…的通知(2020年8月3日)."""
    ends = [line for line in lines if head.title and line.start < head.title.end < line.end]
    behind = DAY_BEHIND.search(ends[0].text) if ends else None
    found = dates.find("".join(behind["day"].split())) if behind else None
    return Phrase(_iso(found[0].right), head.title.end, ends[0].end) if found and _iso(found[0].right) else None


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


# ---- offices from elsewhere ----


def read_other_issuers(head, lines, body, about, text):
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
        head.issuers = _named_by_page(value, start, about, lines, text)
        if head.issuers:
            return


def _named_by_page(value, start, about, lines, text):
    """The office or offices that a row around a notice names."""
    compact = rules("".join(value.split()))
    if compact.endswith(("网", "网站")):
        return []
    if ORG.fullmatch(compact) and not re.search(r"[\s、]", value.strip()) or GOVERNMENT.fullmatch(compact):
        return [Phrase(_completed(compact, value, about, lines), start, start + len(value))]
    return offices_on(text, start, start + len(value))


def _completed(compact, value, about, lines):
    """区民政局 with the place that another line of the page gives it (渭滨民政局): 渭滨区民政局."""
    if not SHORT_NAME.match(compact) or GOVERNMENT.fullmatch(compact):
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
