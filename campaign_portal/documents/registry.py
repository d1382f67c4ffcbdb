"""What reports are made of. Apps register sections in their `sections.py`: figures, and the template that prints them.

The registry knows no hazard and no home. A section counts what the asking user may see, as of the end of a day, by the
same functions as the pages; the report puts the sections of a part one after another.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple


class Part(StrEnum):
    """The parts of a summary that the portal writes. What follows (意见建议, 下一步) only people can write."""

    WORK = "主要工作及成效"
    PROBLEMS = "存在突出问题"


class Order(NamedTuple):
    """What a report was ordered for: whose eyes, which campaign, and the period, both days included.

    Everything that is counted stands as of the end of the last day, `on`.
    """

    user: Any
    campaign: Any
    since: date
    on: date


@dataclass(frozen=True)
class Section:
    """`gather(order)` gives the template's context, with every row fetched; `rows(order)` how many rows will be listed
    (None: the section has no list)."""

    code: str
    part: Part
    title: str
    template: str
    gather: Callable[[Order], dict]
    rows: Callable[[Order], int] | None = None


SECTIONS: dict[str, Section] = {}


def register(section: Section):
    SECTIONS[section.code] = section


def sections_of(part):
    return [section for section in SECTIONS.values() if section.part == part]
