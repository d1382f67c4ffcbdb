"""Which row of a sheet is its head, and which of our columns each of its columns is."""

import re
from typing import NamedTuple

from .foreign import plain, words

LOOKED_AT = 30  # rows: titles, notes and dates of drawing up stand above a head
FEWEST = 3  # columns that a row must share with ours to be a head


class Head(NamedTuple):
    """The head's first and last row (numbers from 1) and its text for each column of the sheet."""

    top: int
    bottom: int
    texts: tuple[str, ...]


def bare(text):
    """A head as it is compared: no blanks, no line breaks, no marks that say it must be filled in."""
    return re.sub(r"[\s*:：、_\-]+", "", plain(text)).lower()


def variants(text):
    """A head with and without what stands in brackets."""
    whole = bare(text)
    return [whole, re.sub(r"[(（\[【].*?[)）\]】]", "", whole)]


def names_of(columns):
    """Head text → column name, for every head under which a column is known. The first column wins."""
    known = {}
    for column in columns:
        for text in (column.label, *column.also):
            for variant in variants(text):
                known.setdefault(variant, column.name)
    return known


def find_head(rows, columns):
    """The Head among the first rows of a sheet, in one line or two; None if none shares FEWEST columns with ours."""
    known = names_of(columns)
    blocks = [(top, bottom) for top in range(min(len(rows), LOOKED_AT)) for bottom in (top, top + 1)]
    heads = [head_at(rows, top + 1, bottom + 1) for top, bottom in blocks if _may_be_head(rows, top, bottom)]
    if not heads:
        return None
    scores = {head: len(set(_matches(head.texts, known).values())) for head in heads}
    best = max(heads, key=lambda head: (scores[head], head.top - head.bottom))  # of equals the shorter, then the first
    return best if scores[best] >= FEWEST else None


def _may_be_head(rows, top, bottom):
    """A title merged over the whole width is no line of a head."""
    if bottom >= len(rows):
        return False
    return all(len({bare(words(cell)) for cell in rows[row]} - {""}) >= 2 for row in (top, bottom))


def head_at(rows, top, bottom):
    """The Head that stands in these rows. A head of several lines reads from above: "隐患情况 隐患部位"."""
    lines = [[plain(words(cell)) for cell in row] for row in rows[top - 1 : bottom]]
    width = max(map(len, lines), default=0)
    texts = []
    for column in range(width):
        stacked = [line[column] for line in lines if column < len(line) and line[column]]
        texts.append(" ".join(dict.fromkeys(stacked)))
    return Head(top, bottom, tuple(texts))


def match(texts, columns, *, remembered=None):
    """Column index of the sheet → name of our column. What the office matched before comes first, then the names, then
    names that contain one another; each of ours once."""
    matched, remembered = {}, remembered or {}
    own = {column.name for column in columns}
    for index, text in enumerate(texts):
        name = remembered.get(bare(text))
        if name in own and name not in matched.values():
            matched[index] = name
    decided = {index for index, text in enumerate(texts) if bare(text) in remembered}
    for index, name in _matches(texts, names_of(columns)).items():
        if index not in decided and name not in matched.values():
            matched[index] = name
    return dict(sorted(matched.items()))


def _matches(texts, known):
    """Exact names before last words of a two-line head before parts of names."""
    found = {}
    for test in (_exactly, _by_last_line, _by_part):
        for index, text in enumerate(texts):
            if index not in found and bare(text):
                name = test(text, known)
                if name and name not in found.values():
                    found[index] = name
    return found


def _exactly(text, known):
    return next((known[variant] for variant in variants(text) if variant in known), None)


def _by_last_line(text, known):
    lines = text.split(" ")
    return next((name for line in reversed(lines) if (name := _exactly(line, known))), None)


def _by_part(text, known):
    """A known name of three characters or more within the head: 排查发现的隐患描述."""
    whole = bare(text)
    inside = [name for name in known if len(name) >= 3 and name in whole and len(whole) <= 20]
    return known[max(inside, key=len)] if inside else None
