"""Groups of offices that a notice or a plan names by a word: “各乡镇（街道）民政办” means every township."""

from django.db.models import Q

EVERY_TOWNSHIP = ("各乡镇", "各乡(镇)", "各乡（镇）", "各镇", "各街道", "乡镇（街道）", "乡镇(街道)")


def means_every_township(name):
    return any(word in name for word in EVERY_TOWNSHIP)


def every_township_in(column):
    """The same as a filter on a column that holds such a name."""
    named = Q()
    for word in EVERY_TOWNSHIP:
        named |= Q(**{f"{column}__contains": word})
    return named
