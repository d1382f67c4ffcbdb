"""A return that was sent back is written anew beside what was handed in. Its office reads the rewrite, all others what was
handed in, until it is handed in again."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from .models import Evidence, ProgressFigure


class Written(NamedTuple):
    """What a return says. `figures` are ProgressFigures, perhaps unsaved."""

    as_of: date
    text: str
    problem: str
    figures: list
    evidence: list
    is_rewrite: bool = False


def as_handed_in(progress):
    """What others than its office read of a return. Two queries."""
    figures, evidence = _in_order(progress.figures), progress.evidence.as_handed_in()
    return Written(progress.as_of, progress.text, progress.problem, figures, list(evidence.select_related("file")))


def as_written(progress):
    """What its office reads and goes on with: the rewrite, if there is one."""
    held = progress.rewrite
    if held is None:
        return as_handed_in(progress)
    return Written(
        as_of_written(progress),
        held["text"],
        held["problem"],
        _held_figures(progress),
        list(progress.evidence.as_written().select_related("file")),
        is_rewrite=True,
    )


def as_of_written(progress):
    return date.fromisoformat(progress.rewrite["as_of"]) if progress.rewrite else progress.as_of


def text_written(progress):
    return progress.rewrite["text"] if progress.rewrite else progress.text


def hold(progress, words, *, by):
    """Keep a rewrite beside what was handed in."""
    progress.rewrite = {
        "as_of": words.as_of.isoformat(),
        "text": words.text,
        "problem": words.problem,
        "written_by": by.pk,
        "figures": [
            [indicator.pk, str(value), None if base is None else str(base)]
            for indicator, (value, base) in words.figures.items()
        ],
    }
    named = progress.evidence.filter(pk__in=words.dropped)
    named.filter(is_new=True).delete()
    named.update(is_dropped=True)
    Evidence.objects.bulk_create(Evidence(progress=progress, file=file, is_new=True) for file in words.files)


def put_in(progress):
    """Let the rewrite be what the return says. Saves figures and evidence; the columns are left to the caller. Returns what of
    the evidence changed, for the audit."""
    held, figures = progress.rewrite, _held_figures(progress)
    if held["problem"] != progress.problem:
        forget_answer(progress)
    progress.as_of, progress.text, progress.problem = as_of_written(progress), held["text"], held["problem"]
    progress.written_by_id, progress.rewrite = held["written_by"], None
    progress.figures.all().delete()
    ProgressFigure.objects.bulk_create(figures)
    dropped, _ = progress.evidence.filter(is_dropped=True).delete()
    new = progress.evidence.filter(is_new=True).update(is_new=False)
    said = [f"去掉 {dropped} 个" if dropped else "", f"新增 {new} 个" if new else ""]
    return {"佐证材料": said} if any(said) else {}


def forget_answer(progress):
    """It answered another question."""
    progress.answer, progress.answered_by, progress.answered_at = "", None, None


def _held_figures(progress):
    """The figures of a rewrite in the order of their indicators; those of an indicator that is gone drop out. One query."""
    held = {pk: (value, base) for pk, value, base in progress.rewrite["figures"]}
    indicators = progress.task.campaign.indicators.filter(pk__in=held)
    return [
        ProgressFigure(progress=progress, indicator=indicator, value=Decimal(value), base=base and Decimal(base))
        for indicator in indicators
        for value, base in [held[indicator.pk]]
    ]


def _in_order(figures):
    return list(figures.select_related("indicator").order_by("indicator__order", "indicator"))
