"""Several notices in one text: where each further one begins, and one reading of all."""

import re
from dataclasses import replace

from .document_number import is_number
from .draft import Period, Reading
from .header import ADDRESSEES, HELLO
from .lines import ISSUED_LINE, MARKER, Line
from .offices import ORG
from .titles import TITLE_END, alike

TOLD = re.compile(r"(?:通知|通报|通告|函|意见|公告)(?:\(.{0,12}\))?$")
FORWARDS = re.compile(r"转发|批转")
MOST = 20
LINES_OF_TITLE = 4
LISTS = ("phases", "deadlines", "targets", "units", "cited")


def beginnings(lines: list[Line]) -> list[int]:
    """The lines with which the second and further notices begin. What a notice forwards is none."""
    body = [i for i, line in enumerate(lines) if line.is_body]
    first, found, signed = None, [], False
    for at, i in enumerate(body):
        signed = signed or ISSUED_LINE.search(lines[i].compact) is not None
        block = _title_above(lines, body, at) if _is_told(lines[i].compact) or signed and _is_number(lines, i) else []
        if not block:
            continue
        title = "".join(lines[k].compact for k in body[max(0, at - 3) : at])
        if first is None:
            first = title
        elif FORWARDS.search(first) or any(
            alike(name, lines[block[-1]].compact) for name in re.findall(r"《([^《》]{4,60})》", first)
        ):
            return found
        elif TOLD.search(lines[block[-1]].compact) and (begin := _with_head(lines, body, block[0])) not in found:
            found.append(begin)
        if len(found) >= MOST:
            break
    return found


def _is_told(compact):
    """Whether a line says whom a notice tells."""
    return (
        len(compact) <= 120
        and ADDRESSEES.fullmatch(compact) is not None
        and HELLO.match(compact) is not None
        and not MARKER.match(compact)
    )


def _is_number(lines, i):
    return len(lines[i].compact) < 40 and is_number(lines[i].compact)


def _title_above(lines, body, at):
    """The lines right above one that end as titles do."""
    near = body[max(0, at - LINES_OF_TITLE) : at]
    return [k for k in near if TITLE_END.search(lines[k].compact) and not MARKER.match(lines[k].compact)]


def _with_head(lines, body, begin):
    """The first line of a title: with a number above it, and offices that stand above it without a gap."""
    for k in reversed([k for k in body if k < begin][-LINES_OF_TITLE:]):
        words, gap = lines[k].compact, any(lines[n].kind == "blank" for n in range(k, begin))
        offices = not gap and all(ORG.fullmatch(part) for part in lines[k].text.split())
        if ISSUED_LINE.search(words) or not (is_number(words) and len(words) < 40 or offices):
            break
        begin = k
    return begin


def parts_of(lines: list[Line], starts: list[int]) -> list[list[Line]]:
    """The lines of each notice."""
    return [lines[a:b] for a, b in zip([0, *starts], [*starts, len(lines)], strict=True)]


def joined(readings: list[Reading]) -> Reading:
    """One reading of several notices: the head of the first, the items of all, each dated by its own notice."""
    if len(readings) == 1:
        return readings[0]
    lists = {name: [] for name in (*LISTS, "tasks", "furniture")}
    for reading in readings:
        offset = len(lists["tasks"])
        lists["tasks"] += [_moved(task, "parent", offset) for task in reading.tasks]
        lists["furniture"] += reading.furniture
        for name in LISTS:
            lists[name] += [_moved(item, "task", offset) for item in getattr(reading, name)]
    return replace(readings[0], period=_around([r.period for r in readings if r.period]), **lists)


def _moved(item, name, offset):
    index = getattr(item, name, None)
    return item if index is None else replace(item, **{name: index + offset})


def _around(periods):
    """The days from the first to the last of several periods, as nothing but derived."""
    if not periods:
        return None
    first = periods[0]
    return Period(
        min(p.starts_on for p in periods), max(p.ends_on for p in periods), first.start, first.end, is_derived=True
    )
