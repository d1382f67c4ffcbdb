"""A notice prepared for the rules: its flow, sentences, outline and calendar, and how a finding becomes an item."""

import re
from bisect import bisect_right
from dataclasses import dataclass, field

from . import dates, outline, tables
from .draft import TaskItem
from .lines import Flow

SENTENCE_END = re.compile(r"[。!?]+[\"》)]{0,2}|\n")
CLAUSE_END = re.compile(r"[;|。!?\n]|,(?!\d{3}(?!\d))|:(?!\d\d)|(?<!\d)[,:]")
LONGEST_SENTENCE = 600
MOST_DATES = 20_000
SHORTEST_SENTENCE = 4  # one with a day or a number to say
LONGEST_TEXT = 110  # of an item's phrase


@dataclass
class Page:
    text: str
    flow: Flow
    calendar: dates.Calendar
    tasks: list[TaskItem] = field(default_factory=list)

    def __post_init__(self):
        self.sentences = list(_sentences(self.flow.text))
        self.telling = [(start, end) for start, end in self.sentences if end - start >= SHORTEST_SENTENCE]
        self._dates, self._seen = {}, 0
        self._starts = [start for start, _ in self.sentences]
        self._places = outline.Places(self.tasks)
        self.rows = tables.Rows(self.flow.text)

    def dates(self, start: int, end: int) -> list[dates.Expression]:
        """The expressions of a sentence, sought once; none any more in a text that has more than any notice."""
        if (start, end) not in self._dates:
            found = dates.find(self.flow.text, start, end) if self._seen < MOST_DATES else []
            self._dates[start, end] = found
            self._seen += len(found)
        return self._dates[start, end]

    def sentence(self, i: int) -> tuple[int, int]:
        """The sentence of the flow in which character i stands."""
        at = bisect_right(self._starts, i) - 1
        return self.sentences[at] if 0 <= at < len(self.sentences) else (i, i)

    def clause(self, i: int) -> tuple[int, int]:
        """The stretch between commas, semicolons and colons around character i."""
        start, end = self.sentence(i)
        before = [m.end() for m in CLAUSE_END.finditer(self.flow.text, start, i)]
        after = CLAUSE_END.search(self.flow.text, i, end)
        return (before[-1] if before else start), (after.start() if after else end)

    def place(self, start: int, end: int) -> dict:
        """The fields that every item has, for characters start..end of the flow."""
        source_start, source_end = self.flow.span(start, end)
        sentence_start, sentence_end = self.flow.span(*self.sentence(start))
        return {
            "start": source_start, "end": source_end, "text": self.text[source_start:source_end],
            "sentence_start": sentence_start, "sentence_end": max(sentence_end, source_end),
        }  # fmt: skip

    def task(self, start: int) -> int | None:
        return self._places.at(self.flow.span(start, start + 1)[0])


def _sentences(text):
    start = 0
    for match in SENTENCE_END.finditer(text):
        yield from _bounded(start, match.end())
        start = match.end()
    yield from _bounded(start, len(text))


def _bounded(start, end):
    while end - start > LONGEST_SENTENCE:
        yield start, start + LONGEST_SENTENCE
        start += LONGEST_SENTENCE
    if end > start:
        yield start, end


def within_titles(text: str, start: int, end: int):
    """(start, end) of what stands in 《》 in a sentence: names of documents, in which dates and numbers mean nothing."""
    if text.find("《", start, end) < 0:
        return []
    return [m.span() for m in re.finditer(r"《[^《》]{0,80}(?:《[^《》]{0,60}》[^《》]{0,40})?》", text[start:end])]
