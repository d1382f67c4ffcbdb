"""A long notice is gone through part by part: a stretch of its text with the items that stand in it. A short one is one part."""

import re
from bisect import bisect_left
from itertools import accumulate
from typing import NamedTuple

MOST_ITEMS, MOST_CHARACTERS = 150, 12_000  # what a page carries and a person can go through at a sitting
LINE = re.compile(r"[^\n]*\n|[^\n]+")
SENTENCE = re.compile(r"[^。；]{0,2000}[。；]?")


class Part(NamedTuple):
    """A stretch of the text, from `start` to before `end`. Parts follow each other without a gap."""

    number: int
    start: int
    end: int


def parts_of(text, phrases):
    """The text in Parts. `phrases` are (start, end) of the items, and none is cut: its item stands in the same part."""
    phrases = sorted(phrases)
    starts = [start for start, _ in phrases]
    reach = list(accumulate((end for _, end in phrases), max))
    cuts = [0]
    for start, end in _stretches(text, starts):
        is_full = _weight(starts, cuts[-1], end) > 1
        before = bisect_left(starts, start)  # phrases that begin before this stretch
        is_free = not before or reach[before - 1] <= start
        if is_full and is_free and start > cuts[-1]:
            cuts.append(start)
    ends = [*cuts[1:], len(text)]
    return [Part(number, start, end) for number, (start, end) in enumerate(zip(cuts, ends, strict=True), start=1)]


def _stretches(text, starts):
    """(start, end) of the lines; of a line that is more than a part by itself, of its sentences."""
    for line in LINE.finditer(text):
        if _weight(starts, *line.span()) <= 1:
            yield line.span()
            continue
        for sentence in SENTENCE.finditer(text, *line.span()):
            if sentence[0]:
                yield sentence.span()


def _weight(starts, start, end):
    """How much of a part a stretch is."""
    items = bisect_left(starts, end) - bisect_left(starts, start)
    return max(items / MOST_ITEMS, (end - start) / MOST_CHARACTERS)


def part_at(parts, place):
    """The part in which a place of the text lies; the last one for what has no place (None)."""
    if place is None:
        return parts[-1]
    found = bisect_left([part.start for part in parts], place + 1)
    return parts[max(0, found - 1)]
