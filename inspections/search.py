"""Searching the ledger's words: code, description, people, and the home by name, former name, pinyin or initials."""

from django.db import connection
from django.db.models import BooleanField, Func, Q, Value

from campaign_portal.accounts import access
from facilities.models import Facility

MOST_WORDS = 5
MOST_HOMES = 200  # named by a word; more are found by a query within the query


def matching(rows, text, *, user, is_wide):
    """The rows in which every word of `text` is found. `is_wide`: no county bounds them, so an index has to."""
    for word in text.split()[:MOST_WORDS]:
        homes = _homes(user).filter(search_key__contains=word.lower())
        rows = rows.filter(_wide(word, homes) if is_wide else _says(word) | Q(facility__in=homes))
    return rows


def _homes(user):
    """The homes that the user's hazards may name: all of his county, as one that moved to another township left its
    closed hazards behind, and those he looks at one by one; above the county those he sees."""
    scope, county = access.scope_of(user), user.office.county_code
    if not county:
        return Facility.objects.visible_to(user)
    return Facility.objects.filter(Q(county_code=county) | Q(pk__in=scope.runs + scope.inspects))


def _says(word):
    return Q(summary__contains=word) | Q(code__contains=word.upper()) | Q(responsible=word) | Q(liaison=word)


def _wide(word, homes):
    """The same, in a shape that indexes answer: the homes by their ids, the words by their pairs of characters."""
    says, pks = _says(word), list(homes.values_list("pk", flat=True)[: MOST_HOMES + 1])
    if len(word) > 1 and connection.vendor == "postgresql":
        says &= Q(_has_pairs_of(word))
    return says | Q(facility__in=pks if len(pks) <= MOST_HOMES else homes)


def _has_pairs_of(word):
    """What the index of migration 0010 holds: each line's pairs of neighbouring characters."""
    own = Func("summary", "code", "responsible", "liaison", function="inspections_pairs")
    sought = Func(Value(word), Value(""), Value(""), Value(""), function="inspections_pairs")
    return Func(own, sought, template="%(expressions)s", arg_joiner=" @> ", output_field=BooleanField())
