"""Steps that are taken on many hazards at once. Each is a step of the table of edges, done row by row with its own rules.

A due date is not among them: it moves later only by an extension, one hazard at a time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from django import forms as django_forms
from django.core.exceptions import PermissionDenied

from campaign_portal.accounts.access import Role
from campaign_portal.accounts.models import Office
from campaign_portal.edges import Refused
from campaign_portal.fields import PlainText

from . import forms, services
from .edges import EDGES
from .models import Hazard
from .services.steps import limits_for
from .services.verifying import doubts_about

MOST = 300  # rows of one go: done while the person waits


class BulkForm(django_forms.Form):
    """What is typed once for all rows. `user` and the `rules` of the rows' county are at hand as in ActForm."""

    def __init__(self, *args, user, rules, **kwargs):
        super().__init__(*args, **kwargs)
        self.user, self.rules = user, rules
        self.prepare()

    def prepare(self):
        """Choices that depend on the user or the county."""


class LiaisonForm(BulkForm):
    liaison = PlainText(label="包联责任人", max_length=30, help_text="不需要账号，填姓名和电话即可。")
    liaison_phone = PlainText(label="包联责任人电话", max_length=20, required=False)


class PersonForm(BulkForm):
    responsible = PlainText(label="责任人", max_length=30)
    responsible_phone = PlainText(label="责任人电话", max_length=20, required=False)

    def prepare(self):
        if self.user.office.kind != Role.HOME:
            self.fields["proxy_reason"] = forms.proxy_reason_field()


class DepartmentsForm(BulkForm):
    departments = forms.DepartmentsField(
        Office.objects.none(), label="增加责任部门", help_text="原有的责任部门保留；撤下部门请逐条办理。"
    )
    reason = PlainText(label="原因", **forms.REASON)

    def prepare(self):
        self.fields["departments"].queryset = self.rules.departments()


def _give_liaison(hazard, user, data, version):
    services.set_liaison(hazard=hazard, by=user, version=version, **data)


def _give_person(hazard, user, data, version):
    names = ("responsible", "responsible_phone")
    changes = {name: data[name] for name in names}
    services.plan_work(
        hazard=hazard, by=user, changes=changes, version=version, proxy_reason=data.get("proxy_reason", "")
    )


def _add_departments(hazard, user, data, version):
    if strangers := [office.label for office in data["departments"] if office.county_code != hazard.county_code]:
        raise Refused(f"{'、'.join(strangers)}不是这条隐患所在县（市、区）的部门，请单独办理。")
    held = [part.office for part in hazard.parts.all()]
    wanted = held + [office for office in data["departments"] if office not in held]
    if len(wanted) == len(held):
        raise Refused("所选部门都已是责任部门。")
    services.share(hazard=hazard, by=user, departments=wanted, reason=data["reason"], version=version)


def _verify(hazard, user, data, version):
    services.verify_as_it_stands(hazard=hazard, by=user, version=version)


def _doubts(hazards):
    """Why a report wants a look of its own, pk → words, for all rows at once."""
    pks = [hazard.pk for hazard in hazards]
    shown = set(Hazard.objects.filter(pk__in=pks, photos__isnull=False).values_list("pk", flat=True))
    days = limits_for(hazards[0]).normal_days if hazards else None
    found = {h.pk: doubts_about(h, has_photos=h.pk in shown, normal_days=days) for h in hazards}
    return {pk: f"{'、'.join(doubts)}，请单独核实" for pk, doubts in found.items() if doubts}


@dataclass(frozen=True)
class BulkAct:
    """`do(hazard, user, data, version)` takes the step of one row; `doubts(hazards)` names rows that it should leave out."""

    verb: str
    slug: str
    label: str
    form: type
    do: Callable
    intro: str = ""
    doubts: Callable = lambda hazards: {}

    @property
    def roles(self):
        return EDGES[self.verb].roles

    @property
    def url_name(self):
        return f"inspections:bulk-{self.slug}"


BULK_ACTS = [
    BulkAct(
        "verify",
        "verify",
        "核实确认",
        BulkForm,
        _verify,
        intro="按机构填报的内容和期限确认，等级均为一般。要改等级、期限或责任部门的，请单独核实。",
        doubts=_doubts,
    ),
    BulkAct(
        "set_liaison", "liaison", "指定包联责任人", LiaisonForm, _give_liaison, intro="电话不填的，原来的电话一并清空。"
    ),
    BulkAct(
        "plan",
        "person",
        "指定责任人",
        PersonForm,
        _give_person,
        intro="只改责任人和电话，整改措施等不变。电话不填的，原来的电话一并清空。",
    ),
    BulkAct("share", "departments", "增加责任部门", DepartmentsForm, _add_departments),
]


def bulk_acts_of(user):
    """The bulk steps that the user's office and duties allow at all."""
    return [act for act in BULK_ACTS if user.office.kind in act.roles] if user.is_caseworker else []


class Line(NamedTuple):
    """One hazard of a bulk step: `refusal` says why it is (or was) left out, "" if it is (or was) done."""

    hazard: Hazard
    refusal: str


def preview(act, hazards, *, by):
    """What the step would do: a Line for each hazard, in the given order."""
    doubts = act.doubts([hazard for hazard in hazards if not _refusal(act, hazard, by)])
    return [Line(hazard, _refusal(act, hazard, by) or doubts.get(hazard.pk, "")) for hazard in hazards]


def _refusal(act, hazard, by):
    try:
        EDGES.check(hazard, act.verb, by=by)
    except (Refused, PermissionDenied) as error:
        return str(error)
    return ""


def do_many(act, pairs, *, by, data):
    """Take the step on (hazard, version shown) pairs, each in a transaction of its own. A Line for each."""
    return [Line(hazard, _try(act, hazard, version, by, data)) for hazard, version in pairs]


def _try(act, hazard, version, by, data):
    try:
        act.do(hazard, by, data, version)
    except (Refused, PermissionDenied) as error:
        return str(error)
    return ""
