"""Officers' days that move with the calendar of working days: many hazards at once, each with history and audit.

Versions stay: a day of the office's own is no reason to refuse what somebody is typing.
"""

from campaign_portal import clock
from campaign_portal.audit.recording import record_many
from campaign_portal.deadlines.moving import in_chunks

from ..models import Hazard, HazardHistory, Request


def lock_hazards(pks):
    """Lowest id first, as follow_home() does."""
    for chunk in in_chunks(pks):
        rows = Hazard.objects.filter(pk__in=chunk).order_by("pk").select_for_update(of=("self",), no_key=True)
        list(rows.values_list("pk", flat=True))


def move_verifications(moves, *, by, reason):
    _move_column("verify_due_on", moves, by=by, reason=reason)


def move_rechecks(moves, *, by, reason):
    """Several parts of a hazard wait for one day: it moves once."""
    once = {move.holder: move for move in moves}
    _write_history(once)
    _move_column("recheck_due_on", once.values(), by=by, reason=reason)


def move_decisions(moves, *, by, reason):
    """The days of requests; each hazard's timeline tells it."""
    for day, pks in _by_new_day(moves, lambda move: move.pk):
        Request.objects.filter(pk__in=pks).update(decide_due_on=day)
    _record(Request._meta.get_field("decide_due_on").verbose_name, moves, by=by, reason=reason)


def _move_column(column, moves, *, by, reason):
    for day, pks in _by_new_day(moves, lambda move: move.holder):
        Hazard.objects.filter(pk__in=pks).update(**{column: day})
    _record(Hazard._meta.get_field(column).verbose_name, moves, by=by, reason=reason)


def _by_new_day(moves, key):
    """(new day, ids) in chunks: many objects move to few days."""
    days = {}
    for move in moves:
        days.setdefault(move.now, []).append(key(move))
    return [(day, chunk) for day, pks in days.items() for chunk in in_chunks(pks)]


def _write_history(moves):
    """End the present rows of these hazards ({id: Move}) and begin the next, with the new day of the re-check."""
    moment = clock.now()
    for chunk in in_chunks(moves):
        present = HazardHistory.objects.filter(hazard__in=chunk, valid_to__isnull=True)
        rows = list(present)
        present.update(valid_to=moment)
        for row in rows:
            row.pk, row._state.adding = None, True
            row.valid_from, row.recheck_due_on = moment, moves[row.hazard_id].now
        HazardHistory.objects.bulk_create(rows)


def _record(label, moves, *, by, reason):
    by_hazard = {move.holder: move for move in moves}
    for chunk in in_chunks(by_hazard):
        record_many(
            "hazard.rescheduled",
            Hazard.objects.filter(pk__in=chunk).order_by("pk"),
            by=by,
            reason=reason,
            notes=lambda hazard: {str(label): [str(by_hazard[hazard.pk].was), str(by_hazard[hazard.pk].now)]},
        )
