"""Title, number, issuers, addressees and days of a notice: what stands above and below its text."""

import re
from dataclasses import dataclass, field

from .document_number import read_number
from .draft import Phrase
from .lines import HEAD_LINES, MARKER, Line, flat, metadata_of
from .signature import read_other_days, read_other_issuers, read_signature
from .titles import name_campaign, read_plan, read_title

ADDRESSEES = re.compile(r"[^。;!?]{2,400}:$")
HELLO = re.compile(r"(?:各|市|县|区|省|有关|相关|局|全|机关|直属|驻|本|[\u4e00-\u9fff]{2,6}(?:省|市|县|区|镇|乡|街道))")


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
    read_signature(head, lines, body, text)
    read_title(head, lines, body, text, about)
    read_number(head, lines, body, text, about)
    read_other_days(head, about, lines, text)
    read_plan(head, lines, body, text)
    head.title = head.title or head.plan_title
    read_other_issuers(head, lines, body, about, text)
    name_campaign(head)
    return head


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
    return [Phrase(flat(text[a:b]), a, b) for a, b in spans if b > a]


def _trimmed(text, start, end):
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
