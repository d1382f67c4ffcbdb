"""Names of offices on lines of their own: in a signature, at the head of the paper, in front of a title."""

import re

from .draft import Phrase
from .lines import MARKER, READING, Line, rules_text

ORG_END = (
    r"(?:局|厅|部|委员会|委|办公室|办|政府|大队|支队|总队|中队|中心|协会|学会|总会|商会|联合会|总工会|领导小组|指挥部|工作组|专班|公安处|管理处|办事处|服务处|管委会|党工委|工委"
    r"|监管所|管理所|研究院|福利院|养老院|敬老院|公司|集团|院|站|街道|镇|乡|学校|学院|大学|法院|检察院)"
)
ORG = re.compile(rf"[\u4e00-\u9fffXx×*()·]{{2,30}}?{ORG_END}(?:\(.{{0,6}}章\))?$")
PLACE = re.compile(
    r"(?:[\u4e00-\u9fff]{2,14}?(?:省|自治区|市|州|盟|县|区|旗|镇|乡|街道|新区|开发区)|中共|共青团|中华|中国|国家|国务院|最高人民|"
    r"(?:民政|公安|财政|教育|司法|审计|水利|商务|文化|卫生|农业|交通运输|应急管理|国土资源|自然资源|环境保护|生态环境|住房和?城乡建设|人力资源和?社会保障|农业农村|"
    r"文化和旅游|工业和信息化|科学技术|退役军人事务)部|省|市|县|区|州)"
)
TITLE_GOES_ON = re.compile(rf'关(?:{READING.pattern})?于|"|印发|转发|20\d\d|[一二]〇|《')
AND_OTHERS = re.compile(r"等[两二三四五六七八九十\d]{1,3}(?:个)?(?:部门|单位|局|委办局)$")
ALONE = re.compile(r"(?P<word>[^\s,。]{2,12})[\[(](?:19|20)\d{2}年?[\])]\d{1,5}号(?:签发人.*)?")
LONGEST_LINE = 90
LONGEST_LEAD = 300
LONGEST_WORD = 8  # of a document number: 温龙安监管


def rules(words: str) -> str:
    """A short text as the rules see it: simplified, half width, without readings."""
    return READING.sub("", rules_text(words)[1])


def looks_signed(line: Line) -> bool:
    """Whether a line can be nothing but names."""
    return (
        len(line.compact) <= 90 and not re.search(r"[,。;:!?《》\d]", line.compact) and not MARKER.match(line.compact)
    )


def offices_on(text: str, start: int, end: int) -> list[Phrase]:
    """The offices named on a line that has nothing else; [] if there is something else. Glued names are parted."""
    phrases = []
    for part in re.finditer(r"\S+(?: \S+)*?(?=\s{2,}|\s*$)|\S+", text[start:end]):
        phrases += _names(text, start + part.start(), start + part.end())
    if any(p is None for p in phrases):  # letters spaced out: 永 兴 县 民 政 局
        single = re.sub(r"\s+", "", text[start:end])
        return [Phrase(_unsealed(single), start, end)] if ORG.fullmatch(rules(single)) else []
    return phrases


def _names(text, start, end):
    words = text[start:end]
    pieces = [(m.start(), m.end()) for m in re.finditer(r"[^\s、]+", words)]
    if len(pieces) > 1 and all(ORG.fullmatch(rules(words[a:b])) and b - a >= 4 for a, b in pieces):
        return [_phrase(text, start + a, start + b) for a, b in pieces]
    compact = rules("".join(words.split()))
    if not ORG.fullmatch(compact):
        return [None]
    cuts = [0, *(_position(words, place) for place in _glued(compact))] if len(pieces) == 1 else [0]
    return [_phrase(text, start + a, start + b) for a, b in zip(cuts, [*cuts[1:], len(words)], strict=True)]


def _glued(compact):
    """Where further offices begin that stand without a space behind the first: 东海县安委会东海县消安委, 县民政局县公安局."""
    place = re.match(
        r"[省市县区州旗](?=[\u4e00-\u9fff]{2})|(?:中共|共青团)?([\u4e00-\u9fff]{2,4}?[省市县区州镇乡])", compact
    )
    starts, at = [], 0
    again = rf"(?:中共|共青团)?{place[1] or place[0]}" if place else ""
    for match in re.finditer(again, compact) if place else []:
        if match.start() > at and re.search(ORG_END + "$", compact[at : match.start()]):
            starts.append(match.start())
            at = match.start()
    return starts


def _position(words, count):
    """Where the source goes on behind `count` characters without spaces and readings."""
    folded = rules_text(words)[1]
    hidden = {i for m in READING.finditer(folded) for i in range(*m.span())}
    return [i for i, char in enumerate(words) if not char.isspace() and i not in hidden][count]


def _phrase(text, start, end):
    return Phrase(_unsealed(text[start:end]), start, end)


def _unsealed(words):
    return re.sub(r"[（(].{0,6}章[)）]$", "", re.sub(r"\s+", "", words))


def before_title(text: str, start: int, end: int) -> list[Phrase]:
    """The offices that a title names first: 甲局 乙局关于…, 甲县民政局等六部门关于…; [] where it names none."""
    folded = rules_text(text[start:end])[1]
    on = TITLE_GOES_ON.search(folded)
    lead = folded[: on.start()].rstrip() if on and on.start() <= LONGEST_LEAD else ""
    others = AND_OTHERS.search(lead)
    lead = lead[: others.start()] if others else lead
    compact = READING.sub("", "".join(lead.split()))
    if "\n" in lead and not ORG.fullmatch(
        compact
    ):  # the offices on a line of their own: 甲县政府办公室 / 甲县2022年…方案
        lead = lead[: lead.rindex("\n")]
        compact = READING.sub("", "".join(lead.split()))
    if not PLACE.match(compact) or "年" in compact or re.search("(?:[镇乡]|街道)$", compact):
        return []
    return offices_on(text, start, start + len(lead))


def word_of_number(words: str) -> int:
    """Where the word of a document number begins that is glued to an office: 委员会|温龙安监管. 0 if there is none."""
    ends = [m.end() for m in re.finditer(ORG_END, words) if 2 <= len(words) - m.end() <= LONGEST_WORD]
    ends = [i for i in ends if i >= 5 and ORG.fullmatch(words[:i]) and words[i] not in "办发字函会员党"]
    return next((i for i in reversed(ends) if words[i] in words[:i]), ends[-1] if ends else 0)


def at_head(lines: list[Line], above: list[int], text: str) -> list[tuple[Phrase, int]]:
    """The offices whose paper it is, each with its line: 甲县民政局文件, or a column of offices over the number."""
    found = []
    for i in above:
        if len(lines[i].compact) > LONGEST_LINE:
            return []
        end, closes = _end_of_head(lines[i])
        names = offices_on(text, lines[i].start, end) if end > lines[i].start else []
        found = found + [(name, i) for name in names] if names else []
        if found and (closes or _is_number(lines, above, i)):
            return found
    return []


def _end_of_head(line):
    """(where the names on a line of the head end, whether 文件 or a number closes the head)."""
    paper = re.search(r"\s*文\s*件\s*$", line.text)
    if paper:
        return line.start + paper.start(), True
    number = re.search(r"([\u4e00-\u9fff]+)\s*[\[(](?:19|20)\d{2}年?[\])]\s*\d{1,5}\s*号$", line.text)
    word = word_of_number(number[1]) if number else 0
    return (line.start + number.start() + word, True) if word else (line.end, False)


def _is_number(lines, above, i):
    """Whether the line behind line i is a number alone: then two or more offices above it are the head."""
    later = [k for k in above if k > i][:1]
    number = ALONE.fullmatch(lines[later[0]].compact) if later else None
    return bool(number and not word_of_number(number["word"]))
