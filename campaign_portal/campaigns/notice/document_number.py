"""The number of a notice: 例民发〔2026〕8号."""

import re
from dataclasses import replace

from .draft import Phrase
from .lines import flat, rules_text
from .offices import rules, word_of_number

NUMBER = re.compile(
    r"(?<![\u4e00-\u9fffA-Z])(?!第)(?P<word>[\u4e00-\u9fffA-Za-z-]{1,16}?(?:\([\u4e00-\u9fff]{1,4}\))?)[\[(]\s?(?P<year>(?:19|20)\d{2})\s?年?[\])]\s?(?:第|字第)?\s?(?P<no>\d{1,5})\s?号"
)
GLUED_NUMBER = re.compile(r"[\u4e00-\u9fff]{4,40}[\[(](?:19|20)\d{2}[\])]\d{1,5}号")


def read_number(head, lines, body, text, about):
    """The number that the metadata give, else one on a line of its own above the text or right below its first line."""
    for value, start, end in about["number"]:
        if NUMBER.search(rules("".join(value.split()))):
            head.document_number = Phrase(flat(value), start, end)
            return
    if _beside_title(head, lines, text):
        return
    for i in [k for k in body if k <= head.body_line] + [k for k in body if k > head.body_line][:1]:
        compact = lines[i].compact
        match = NUMBER.search(compact) or GLUED_NUMBER.fullmatch(compact)
        if (
            match
            and (is_number(compact) or compact.endswith("签发人") or match.span() == (0, len(compact)))
            and not re.search("[《》,。]", compact)
        ):
            start, end = _number_span(lines[i])
            head.document_number = Phrase(re.sub(r"\s+", "", text[start:end]), start, end)
            head.used.add(i)
            return


def _beside_title(head, lines, text):
    """The number on the title's own line, before or behind it: 永民发〔2022〕7号 关于…的通知."""
    for line in lines if head.title else []:
        if line.start <= head.title.start and head.title.end <= line.end:
            for start, end in ((line.start, head.title.start), (head.title.end, line.end)):
                match = NUMBER.search(rules(text[start:end]).replace(" ", ""))
                if match and end - start < 40:
                    a, b = _number_span(replace(line, start=start, end=end, text=rules_text(text[start:end])[1]))
                    head.document_number = Phrase(re.sub(r"\s+", "", text[a:b]), a, b)
                    return True
    return False


def _number_span(line):
    match = re.search(
        r"([\u4e00-\u9fffA-Za-z-]{1,40})(?:\([\u4e00-\u9fff]{1,4}\))?\s*[\[(]\s*(?:19|20)\d{2}\s*年?[\])]\s*(?:第|字第)?\s*\d{1,5}\s*号",
        line.text,
    )
    if not match:
        return line.start, line.end
    return line.start + match.start() + word_of_number(match[1]), line.start + match.end()


def is_number(words):
    """Whether a line is a document number and nothing else."""
    return (
        bool(NUMBER.fullmatch(words.strip("()")))
        or bool(re.search(r"\d{1,5}号(?:签发人.*)?$", words))
        and len(words) < 40
    )
