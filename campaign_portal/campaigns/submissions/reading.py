"""What the pages of a summary show: its parts and figures as one user may read them."""

from django.db.models import Prefetch

from ..models import SubmissionFile
from .assembly import paragraphs
from .figures import Kept, comparison, figures_shown, trend
from .writing import REASON, content_for


def number_of(text):
    """A number from a query string or form: None if absent, -1 (which finds nothing) if it is none."""
    if not text:
        return None
    return int(text) if text.isdecimal() and len(text) < 19 else -1


def files_for(submission, user):
    """The evidence that this user may read: its own office's as it stands now, others' as it was handed in."""
    rows = SubmissionFile.objects.filter(part__submission=submission).select_related("file")
    if submission.office_id == user.office_id or submission.sent_files is None:
        return rows.filter(removed_at__isnull=True)
    return rows.filter(pk__in=submission.sent_files)


def parts_of(submission, user):
    """Its parts with their titles and, as `evidence`, what the user may read of it."""
    evidence = Prefetch("files", files_for(submission, user), to_attr="evidence")
    return list(submission.parts.select_related("part").prefetch_related(evidence))


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
        for row in parts_of(submission, user)
    ]
