"""Which civil-affairs bureau answers for a row."""

from .access import Role
from .models import Office


def bureau_of(row):
    """The county bureau that answers for a row with area columns; None above the county."""
    if not row.county_code:
        return None
    if isinstance(row, Office) and row.kind == Role.BUREAU:
        return row
    return Office.objects.filter(kind=Role.BUREAU, county_code=row.county_code).order_by("pk").first()


def bureaus_above(bureau):
    """The bureau, then those above it: where a rule is looked for, the nearest first."""
    while bureau is not None:
        yield bureau
        bureau = bureau.parent
