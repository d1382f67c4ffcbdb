"""Days that were moved: from which day to which, when, by whom and why. Apps say so by `moves` of a kind."""

from datetime import date

from campaign_portal.audit.models import Event

from .models import DueChange
from .registry import KINDS, Moved


def moves_of(kind, pks):
    """{pk: moves, the oldest first} of those that were moved. Two queries at most.

    What an app tells of and a service has written down as well is told once, with the reason that was written down.
    """
    written = list(_written_down(kind, pks))
    told = {(pk, move.was, move.now) for pk, move in written}
    by_app = kind.moves(pks) if kind.moves and pks else ()
    found = {}
    for pk, move in [*written, *(pair for pair in by_app if (pair[0], pair[1].was, pair[1].now) not in told)]:
        found.setdefault(pk, []).append(move)
    return {pk: sorted(moves, key=lambda move: move.at) for pk, moves in found.items()}


def moved(items):
    """The keys of those items of a list whose day was moved."""
    of_kind = {}
    for item in items:
        of_kind.setdefault(item.kind.code, []).append(item.pk)
    return {f"{code}-{pk}" for code, pks in of_kind.items() for pk in moves_of(KINDS[code], pks)}


def _written_down(kind, pks):
    """(pk, Moved) of what services wrote down with its reason: a granted extension, a new holiday notice."""
    for change in DueChange.objects.filter(kind=kind.code, object_pk__in=pks).select_related("by__office"):
        who = f"{change.by.office.name} {change.by.name}" if change.by else "系统"
        yield change.object_pk, Moved(change.at, change.was, change.now, who, change.reason)


def audited(model, column):
    """`moves` of a kind whose column is changed only by services that record what the row was before.

    The first setting of a day is no move.
    """
    label = str(model._meta.get_field(column).verbose_name)

    def moves(pks):
        about = Event.objects.filter(target_model=model._meta.label_lower, target_pk__in=pks, changes__has_key=label)
        for event in about.order_by("pk"):
            was, now = (_day(text) for text in event.changes[label])
            if was and now:
                yield event.target_pk, Moved(event.at, was, now, _who(event), _why(event))

    return moves


def _day(text):
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _who(event):
    return f"{event.office_name} {event.actor_name}".strip()


def _why(event):
    return "：".join(filter(None, [event.label, event.reason]))
