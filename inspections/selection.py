"""Which rows a person means: those ticked in the ledger, or all that its query finds."""

from . import sheets
from .models import Hazard


def read_picked(texts):
    """Ticked boxes as {pk: the version that the page showed}. Each box carries "pk:version"; what nobody offered is dropped."""
    return dict(pair for pair in map(_pair, texts) if pair)


def _pair(text):
    pk, _, version = text.partition(":")
    is_number = pk.isdecimal() and version.isdecimal() and len(pk) < 19 and len(version) < 10
    return (int(pk), int(version)) if is_number else None


def chosen_rows(user, picked, query):
    """The ticked rows (`picked`: pks) or, if none is ticked, those of the ledger's `query` (QueryDict). Scoped, in order."""
    if picked:
        return Hazard.objects.visible_to(user).filter(pk__in=picked).for_ledger().order_by("due_on", "pk")
    return sheets.rows(user, query)
