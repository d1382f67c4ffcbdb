"""What happens to a home's open hazards when it gets another supervisor or moves."""

from campaign_portal.audit.recording import snapshot

from ..models import Hazard, Part, Request
from .steps import assign_rechecks, finish


def follow_home(facility, old_supervisor, *, by):
    """Hand the unfinished hazards of a home to its present supervisor: they would be orphans otherwise.

    Struck-off and void ones stay where they were decided. Numbers never change. Runs in the caller's transaction.
    """
    unfinished = Hazard.objects.unfinished().filter(facility=facility).order_by("pk")
    for hazard in unfinished.select_for_update(of=("self",), no_key=True):
        before = snapshot(hazard)
        hazard.facility = facility
        hazard.supervisor = facility.supervisor
        hazard.copy_area(facility)
        if old_supervisor != facility.supervisor:
            _hand_over_part(hazard, old_supervisor)
        finish(hazard, "moved", by=by, before=before)


def _hand_over_part(hazard, old_supervisor):
    held = Part.objects.filter(hazard=hazard, office=old_supervisor, status=Part.Status.OPEN)
    own = Part.objects.filter(hazard=hazard, office=hazard.supervisor)
    if held and own:
        held.delete()
        own.update(status=Part.Status.OPEN, done_at=None, done_by=None, note="")  # there is more to look at now
    else:
        held.update(office=hazard.supervisor, acting_office=hazard.supervisor)
    assign_rechecks(hazard, rectified_by=hazard.submitted_by)
    Request.objects.filter(hazard=hazard, status=Request.Outcome.PENDING, office=old_supervisor).update(
        office=hazard.supervisor
    )
