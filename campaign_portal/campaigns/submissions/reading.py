"""What the pages of a summary show: its parts and figures as one user may read them."""

from .assembly import paragraphs
from .figures import Kept, comparison, figures_shown, trend
from .writing import REASON, content_for


def number_of(text):
    """A number from a query string or form: None if absent, -1 (which finds nothing) if it is none."""
    if not text:
        return None
    return int(text) if text.isdecimal() and len(text) < 19 else -1


def parts_of(submission):
    """Its parts with their titles and evidence."""
    return list(submission.parts.select_related("part").prefetch_related("files__file"))


def figures_of(submission, user):
    """The figures of a page: {"figures", "columns", "years", "as_of", "missing", "below", "is_live"}."""
    kept = figures_shown(submission, user)
    columns = comparison(kept, _reasons(submission, user)) if submission.is_own else []
    below = zip(kept["below"], zip(*(column.parts for column in columns), strict=True), strict=False)
    return kept | {
        "figures": [Kept(**row) for row in kept["figures"]],
        "columns": columns,
        "trend": trend(kept["years"]),
        "below": [{"name": office["name"], "as_of": office["as_of"], "cells": cells} for office, cells in below],
        "is_live": submission.is_open and submission.office_id == user.office_id,
    }


def _reasons(submission, user):
    """The reasons of differences as this user may read them: {code: words}."""
    content = content_for(submission, user)
    return {key.removeprefix(REASON): text for key, text in content.items() if key.startswith(REASON)}


def read_by(submission, user):
    """The parts as this user may read them."""
    content = content_for(submission, user)
    return [
        {"part": row.part, "paragraphs": paragraphs(content.get(str(row.part.order), "")), "row": row}
        for row in parts_of(submission)
    ]
