"""A notice's text with the phrases that items stand on, ready to print."""

import re
from typing import NamedTuple

BLANKS = re.compile(r"\n[ \t\u3000\xa0]*\n\s*\n")  # several empty lines at a stretch: web pages leave screens of them


class Segment(NamedTuple):
    """A run of the text under the same items. `kinds` and `items` are empty for what nothing was read from."""

    text: str
    start: int
    items: tuple
    begins: tuple  # pks of the items that begin here

    @property
    def kinds(self):
        return " ".join(sorted({f"is-{item.kind}" for item in self.items}))

    @property
    def pks(self):
        return " ".join(str(item.pk) for item in self.items)

    @property
    def first(self):
        """The item that a press leads to: the narrowest."""
        return min(self.items, key=lambda item: item.end - item.start).pk if self.items else None


def segments(notice, items, part):
    """The text of a Part cut wherever a phrase of its items begins or ends, in order, as Segments. Linear in both."""
    text = notice.shown
    placed = sorted((item for item in items if item.start is not None), key=lambda item: (item.start, -item.end))
    cuts = sorted({part.start, part.end, *(i.start for i in placed), *(min(i.end, part.end) for i in placed)})
    found, open_items, waiting = [], [], iter(placed)
    upcoming = next(waiting, None)
    for start, end in zip(cuts, cuts[1:], strict=False):
        open_items = [item for item in open_items if item.end > start]
        begins = []
        while upcoming is not None and upcoming.start <= start:
            open_items.append(upcoming)
            begins.append(upcoming.pk)
            upcoming = next(waiting, None)
        segment = Segment(text[start:end], start, tuple(open_items), tuple(begins))
        found.extend([segment] if segment.items else _without_blanks(segment))
    return found


def _without_blanks(segment):
    """A run that nothing was read from, with its stretches of empty lines shortened to one. Every piece knows its start."""
    pieces, at = [], 0
    for blank in BLANKS.finditer(segment.text):
        pieces += [(at, segment.text[at : blank.start()]), (blank.end() - 2, "\n\n")]
        at = blank.end()
    pieces.append((at, segment.text[at:]))
    return [segment._replace(text=text, start=segment.start + offset) for offset, text in pieces if text]
