"""A bureau's own rules of reminding. It inherits them kind by kind; the first change of a kind gives it a set of its own.

A rule is never changed: reminders say by which one they were made. What replaces it is a new row, and it is retired.
"""

from typing import NamedTuple

from django.db import transaction

from campaign_portal import clock
from campaign_portal.accounts.access import Role
from campaign_portal.accounts.models import Office
from campaign_portal.audit.recording import name_verbs, record, snapshot
from campaign_portal.deadlines.registry import Kind, planned_kinds
from campaign_portal.edges import NotYours, Refused

from .models import ReminderRule
from .starter_rules import RULES
from .switching import locked_settings

name_verbs(reminderrules_changed="修改提醒规则", reminderrules_restored="恢复默认提醒规则")

FIELDS = ("moment", "days", "in_workdays", "every", "times", "rung", "urgent", "is_major_only", "is_on")
ORDER = {code: number for number, code in enumerate(RULES)}  # as the starter set has them: hazards first
FIRST = {moment: number for number, moment in enumerate(ReminderRule.Moment.values)}


class Overtaken(Refused):
    """Somebody else has changed these rules since the page was shown."""


class RuleSet(NamedTuple):
    """The rules of a kind as they hold for a bureau, and whose they are (None: the starter set)."""

    kind: Kind
    owner: int | None
    rules: list

    @property
    def stamp(self):
        """Names just these rules: rows are never changed, only replaced."""
        return "-".join(f"{rule.pk}" for rule in self.rules)


def sets_of(bureau):
    """Every kind that is planned, with the rules that hold for a bureau. One query, and one for each bureau above."""
    nearest = ReminderRule.objects.nearest(bureau)
    kinds = sorted(planned_kinds(), key=lambda kind: ORDER.get(kind.code, len(ORDER)))
    return [RuleSet(kind, *nearest.get(kind.code, (None, []))) for kind in kinds]


def set_of(bureau, code):
    """The same for one kind; None where there is no such kind."""
    return next((one for one in sets_of(bureau) if one.kind.code == code), None)


def said(rule):
    """A rule with all that is to be known of it, for the audit."""
    how = f"，{rule.get_urgent_display()}" if rule.urgent else ""
    return f"{rule.words}{how}{'' if rule.is_on else '（停用）'}"


@transaction.atomic
def write_rules(*, bureau, code, wanted, seen, by):
    """Give a bureau these rules of a kind. `seen` is the stamp of those that stood on the page. Returns whether anything
    is different now."""
    now = _locked_set(bureau, code, seen, by)
    wanted = sorted(wanted, key=_place)
    if [_values(rule) for rule in wanted] == [_values(rule) for rule in now.rules]:
        return False
    own = now.rules if now.owner == bureau.pk else []
    kept = {_values(rule): rule for rule in own}
    for order, rule in enumerate(wanted):
        _put(kept.pop(_values(rule), rule), bureau, code, order)
    _retire(kept.values())
    _record("changed", bureau, now, wanted, by)
    return True


@transaction.atomic
def restore_rules(*, bureau, code, seen, by):
    """Take a bureau's own rules of a kind away: those above it hold again."""
    now = _locked_set(bureau, code, seen, by)
    if now.owner != bureau.pk:
        raise Refused("本局没有另定这个事项的规则，用的已经是默认规则。")
    _retire(now.rules)
    _record("restored", bureau, now, set_of(bureau, code).rules, by)


def _locked_set(bureau, code, seen, by):
    if by.office_id != bureau.pk or bureau.kind != Role.BUREAU or not by.is_administrator:
        raise NotYours("提醒规则由民政局管理员制定。")
    Office.objects.select_for_update(of=("self",), no_key=True).get(pk=bureau.pk)
    now = set_of(bureau, code)
    if now.stamp != seen:
        raise Overtaken("您打开这一页以后，这个事项的规则已经改过。请对照现在的规则核对，再保存。")
    return now


def _values(rule):
    return tuple(getattr(rule, name) for name in FIELDS)


def _place(rule):
    """In the order of time, the lower rung before the higher."""
    ahead = rule.moment == ReminderRule.Moment.BEFORE
    return FIRST[rule.moment], -rule.days if ahead else rule.days, rule.rung, _values(rule)


def _put(rule, bureau, code, order):
    rule.owner, rule.kind, rule.order = bureau, code, order
    rule.save(update_fields=["order"] if rule.pk else None)


def _retire(rules):
    ReminderRule.objects.filter(pk__in=[rule.pk for rule in rules]).update(retired_at=clock.now())


def _record(verb, bureau, before, after, by):
    words = ["；".join(map(said, rules)) or "不提醒" for rules in (before.rules, after)]
    record(f"reminderrules.{verb}", bureau, by=by, notes={before.kind.label: words})


@transaction.atomic
def change_settings(*, bureau, send_from, send_until, most_people, seen, by):
    """Working hours and the most people of one run. `seen` is the version that stood on the page."""
    settings = locked_settings(bureau, by=by)
    if settings.version != seen:
        raise Overtaken("您打开这一页以后，设置已经改过。请核对下面的内容，再保存。")
    before = snapshot(settings)
    settings.send_from, settings.send_until, settings.most_people = send_from, send_until, most_people
    settings.version += 1
    settings.save(update_fields=["send_from", "send_until", "most_people", "version"])
    record("remindersettings.changed", settings, by=by, before=before)
    return settings
