"""Two drafts of a summary beside each other."""

from difflib import SequenceMatcher
from typing import NamedTuple

from .assembly import paragraphs


class Pair(NamedTuple):
    """What stands at one place in the old and in the new draft; "" where one has nothing there."""

    old: str
    new: str

    @property
    def is_changed(self):
        return self.old != self.new


def compare(old, new):
    """The paragraphs of two texts as pairs, those that are the same on one line."""
    before, after = paragraphs(old), paragraphs(new)
    pairs = []
    for _, i1, i2, j1, j2 in SequenceMatcher(None, before, after).get_opcodes():
        length = max(i2 - i1, j2 - j1)
        left = before[i1:i2] + [""] * (length - (i2 - i1))
        right = after[j1:j2] + [""] * (length - (j2 - j1))
        pairs += map(Pair, left, right)
    return pairs
