"""record(): writes the Event of a change, in the transaction of that change."""

from contextlib import contextmanager
from contextvars import ContextVar
from datetime import time

from django.db import transaction
from django.utils import timezone

from campaign_portal import clock

from .context import current
from .models import Event

VERBS: dict[str, str] = {}


def name_verbs(**labels):
    """Name an app's verbs in Chinese: name_verbs(hazard_closed="销号") names the verb "hazard.closed"."""
    for verb, label in labels.items():
        VERBS[verb.replace("_", ".", 1)] = label


def snapshot(obj):
    """The column values of a row before it changes; hand it to record() as `before`."""
    return {field.attname: getattr(obj, field.attname) for field in obj._meta.concrete_fields}


_cited: ContextVar[str] = ContextVar("cited", default="")


@contextmanager
def citing(source):
    """Within the block every event also says where it came from, e.g. "表格往来第 12 号"."""
    token = _cited.set(source)
    try:
        yield
    finally:
        _cited.reset(token)


def record(verb, obj, *, by, before=None, reason="", notes=None):
    """Write down that `by` (None: the system) did `verb` to `obj`.

    `before` is an earlier snapshot(obj): what differs now is kept as {field label: [before, after]} in words.
    `notes` adds such pairs for things that are not columns. Must run inside a transaction: a change and its record
    stand or fall together.
    """
    _in_transaction()
    event = _event(verb, obj, by, _differences(obj, before) | (notes or {}), reason)
    event.save(force_insert=True)
    return event


def record_many(verb, objects, *, by, reason="", notes=lambda obj: {}):
    """record() for many rows at once, in statements of 2,000: what was done to all alike, with `notes(obj)` for each."""
    _in_transaction()
    Event.objects.bulk_create([_event(verb, obj, by, notes(obj), reason) for obj in objects], batch_size=2000)


def _in_transaction():
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("audit.record must run in the transaction of the change it records.")


def _event(verb, obj, by, changes, reason):
    context = current()
    if source := _cited.get():
        changes = changes | {"来自": ["", source]}
    event = Event(
        at=clock.now(),
        actor=by,
        actor_name=by.name if by else "系统",
        office_name=by.office.name if by else "",
        address=context.address,
        request_id=context.id,
        verb=verb,
        target_model=obj._meta.label_lower,
        target_pk=obj.pk,
        target_label=str(obj)[:120],
        changes=changes,
        reason=reason,
    )
    event.copy_area(_area_of(obj, by))
    return event


def _area_of(obj, by):
    return next((row for row in (obj, getattr(obj, "office", None), by and by.office) if _has_area(row)), Event())


def _has_area(row):
    return getattr(row, "county_code", "") != ""


def _differences(obj, before):
    if before is None:
        return {}
    changed = {}
    for field in obj._meta.concrete_fields:
        was, now = before.get(field.attname), getattr(obj, field.attname)
        if was != now and field.attname not in UNSPOKEN and field.editable:
            changed[str(field.verbose_name)] = [_in_words(obj, field, was), _in_words(obj, field, now)]
    return changed


UNSPOKEN = {"password", "last_login", "search_key", "version"}


def _in_words(obj, field, value):
    if value in (None, ""):
        return "—"
    if field.is_relation:
        related = field.related_model._default_manager.filter(pk=value).first()
        return str(related or value)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if hasattr(value, "tzinfo"):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    return str(value)
