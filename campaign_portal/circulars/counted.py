"""Days by which circulars are to be read: they are counted in working days, and move with the calendar."""

from campaign_portal.audit.recording import name_verbs, record_many
from campaign_portal.deadlines import moving
from campaign_portal.deadlines.moving import Counted, in_chunks, once

from .models import Circular

name_verbs(circular_rescheduled="阅读期限随日历调整")


def lock(pks):
    for chunk in in_chunks(pks):
        rows = Circular.objects.filter(pk__in=chunk).order_by("pk").select_for_update(of=("self",), no_key=True)
        list(rows.values_list("pk", flat=True))


def move(moves, *, by, reason):
    """One day for all recipients of a circular."""
    by_pk = {one.holder: one for one in once(moves)}
    for day in {one.now for one in by_pk.values()}:
        for chunk in in_chunks(pk for pk, one in by_pk.items() if one.now == day):
            Circular.objects.filter(pk__in=chunk).update(due_on=day)
    for chunk in in_chunks(by_pk):
        record_many(
            "circular.rescheduled",
            Circular.objects.filter(pk__in=chunk).select_related("office").order_by("pk"),
            by=by,
            reason=reason,
            notes=lambda row: {"办理期限": [str(by_pk[row.pk].was), str(by_pk[row.pk].now)]},
        )


def register():
    moving.register(Counted("circular_read", begins="circular__sent_at", lock=lock, move=move, holder="circular_id"))
