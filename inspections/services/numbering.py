from django.db.models import F

from ..models import Counter


def next_number(campaign, supervisor):
    """The next number of a campaign and supervisor: no gap, no double.

    Call it last in the inserting transaction: the counter row stays locked until commit, and a rollback gives the
    number back.
    """
    row = Counter.objects.filter(campaign=campaign, supervisor=supervisor)
    if not row.update(last=F("last") + 1):
        Counter.objects.get_or_create(campaign=campaign, supervisor=supervisor)
        row.update(last=F("last") + 1)
    return row.values_list("last", flat=True).get()


def code_for(campaign, supervisor, number):
    """A hazard's full number, e.g. "YX26-BL-0012"."""
    return f"{campaign.code}-{supervisor.number_code}-{number:04d}"
