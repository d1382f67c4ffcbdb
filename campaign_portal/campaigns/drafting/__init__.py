"""From a notice to a campaign: the rules read it, a person goes through what they found, and only his confirmation makes
anything. Every change of a draft item is one of the functions here."""

from .confirming import confirm
from .deciding import accept_rest, add, change, decide, drop
from .offices import guess_offices, offices_of
from .parts import gaps, names_told
from .proposing import propose_head
from .taking_in import take_in

__all__ = [
    "accept_rest",
    "add",
    "change",
    "confirm",
    "decide",
    "drop",
    "gaps",
    "guess_offices",
    "names_told",
    "offices_of",
    "propose_head",
    "take_in",
]
