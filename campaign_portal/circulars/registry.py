"""Whom circulars can be sent to. Apps register audiences in their `audiences.py`; this app knows no home."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

MOST = 2000  # recipients of one circular: each is a tick on the page


class Addressee(NamedTuple):
    """An office that may be chosen: what the page calls it, and under which place it stands."""

    office: int
    label: str
    place: str = ""


@dataclass(frozen=True)
class Audience:
    """A group of offices that some roles may write to, chosen by the filters of a form.

    `form(query, user)` is that form, with `first_fields()`, `more_fields()` and `chosen` (the filters that are set), and
    `addressees(user, form)` the offices it finds, as Addressee in the order of the page. `contacts(offices)` gives
    {office pk: Person} for those who can be called.
    """

    code: str
    label: str
    unit: str  # 家, 个
    roles: frozenset[str]
    form: Callable
    addressees: Callable
    contacts: Callable
    help: str = ""
    order: int = 0  # among the audiences of a page


AUDIENCES: dict[str, Audience] = {}


def register(audience: Audience):
    AUDIENCES[audience.code] = audience
    return audience


def audiences_of(user):
    """The audiences that this user's role may write to."""
    theirs = [audience for audience in AUDIENCES.values() if user.office.kind in audience.roles]
    return sorted(theirs, key=lambda audience: audience.order)
