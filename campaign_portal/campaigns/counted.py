"""Days of returns on tasks: they are counted in working days, and move with the calendar."""

from campaign_portal.audit.recording import record_many
from campaign_portal.deadlines import moving
from campaign_portal.deadlines.moving import Counted, in_chunks

from .models import Progress


def lock(pks):
    for chunk in in_chunks(pks):
        rows = Progress.objects.filter(pk__in=chunk).order_by("pk").select_for_update(of=("self",), no_key=True)
        list(rows.values_list("pk", flat=True))


def move(moves, *, by, reason):
    by_pk = {one.pk: one for one in moves}
    for day in {one.now for one in moves}:
        for chunk in in_chunks(one.pk for one in moves if one.now == day):
            Progress.objects.filter(pk__in=chunk).update(due_on=day)
    for chunk in in_chunks(by_pk):
        record_many(
            "progress.rescheduled",
            Progress.objects.filter(pk__in=chunk).select_related("office", "task").order_by("pk"),
            by=by,
            reason=reason,
            notes=lambda row: {"办理期限": [str(by_pk[row.pk].was), str(by_pk[row.pk].now)]},
        )


def register():
    moving.register(Counted("progress_decide", begins="submitted_at", lock=lock, move=move))
    moving.register(Counted("progress_correct", begins="decided_at", lock=lock, move=move))
