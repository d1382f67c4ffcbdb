"""The lead's text out of those of the offices below: paragraphs to take over, each marked with where it came from."""

from typing import NamedTuple

from campaign_portal.edges import Refused

from ..models import SubmissionDraft

GONE = "有的乡镇在您打开本页以后重新报送或被退回，勾选的段落已有变化。请对照下面的最新内容重新勾选。"


class Paragraph(NamedTuple):
    """A paragraph of a summary below. `key` names it for a form: whose, of which draft, which part, which line."""

    key: str
    text: str
    marked: str


class Source(NamedTuple):
    """What one office below wrote in one part."""

    name: str
    submission: object
    paragraphs: list[Paragraph]


def paragraphs(text):
    """The lines of a text that hold something, without the blanks that people indent with."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def marked(text, name):
    """A paragraph with its source in front, once."""
    mark = f"【{name}】"
    return text if text.startswith(mark) else f"{mark}{text}"


def sources_for(submission):
    """{a part's order: [Source]}: what the offices below have handed in, by part. Two queries."""
    handed_in = submission.round.submissions.counted().exclude(office=submission.office_id).select_related("office")
    found = {}
    contents = _contents(handed_in)
    for other in handed_in:
        for order, text in contents.get(other.pk, {}).items():
            if order.isdecimal():
                found.setdefault(int(order), []).append(_source(other, order, text))
    return found


def _contents(handed_in):
    numbers = {other.pk: other.sent_number for other in handed_in}
    drafts = SubmissionDraft.objects.filter(submission__in=numbers, number__in=set(numbers.values()))
    return {draft.submission_id: draft.content for draft in drafts if numbers[draft.submission_id] == draft.number}


def _source(other, order, text):
    name = other.office.short_name
    lines = [
        Paragraph(f"{other.pk}:{other.sent_number}:{order}:{index}", line, marked(line, name))
        for index, line in enumerate(paragraphs(text))
    ]
    return Source(name, other, lines)


def with_paragraphs(submission, content, keys):
    """`content` with the chosen paragraphs added to their parts, in the order of the offices; none stands there twice.

    Raises Refused if a chosen one is no longer what has been handed in.
    """
    sources = sources_for(submission)
    known = {p.key for of_part in sources.values() for source in of_part for p in source.paragraphs}
    if not set(keys) <= known:
        raise Refused(GONE)
    content = dict(content)
    for order, of_part in sources.items():
        lines = paragraphs(content.get(str(order), ""))
        chosen = [p.marked for source in of_part for p in source.paragraphs if p.key in keys and p.marked not in lines]
        if chosen:
            before = content.get(str(order), "").rstrip()
            content[str(order)] = "\n".join([before, *chosen] if before else chosen)
    return content
