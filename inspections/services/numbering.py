from django.db.models import F

from ..models import Counter


def next_number(campaign, supervisor):
    """The next number of a campaign and supervisor: no gap, no double.

    Call it last in the inserting transaction: the counter row stays locked until commit, and a rollback gives the
    number back.
    """
    return _take(campaign, supervisor, 1)


def reserve(wanted):
    """The first of so many numbers in a row: {(campaign, supervisor): how many} → {(campaign, supervisor): first}.

    Counters are locked in the order of their keys, so that two imports never wait for each other.
    """
    in_order = sorted(wanted, key=lambda key: (key[0].pk, key[1].pk))
    return {key: _take(*key, wanted[key]) - wanted[key] + 1 for key in in_order}


def _take(campaign, supervisor, how_many):
    """Move the counter on by so many; the last number taken."""
    row = Counter.objects.filter(campaign=campaign, supervisor=supervisor)
    if not row.update(last=F("last") + how_many):
        Counter.objects.get_or_create(campaign=campaign, supervisor=supervisor)
        row.update(last=F("last") + how_many)
    return row.values_list("last", flat=True).get()


def code_for(campaign, supervisor, number):
    """A hazard's full number, e.g. "YX26-BL-0012"."""
    return f"{campaign.code}-{supervisor.number_code}-{number:04d}"
