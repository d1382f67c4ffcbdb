"""What a ledger that comes back from WPS may change: each cell by the step that its page would use, with that step's
office, duty, state and rules."""

import re

from django.core.exceptions import PermissionDenied

from campaign_portal.accounts.access import Role
from campaign_portal.edges import Refused
from facilities.models import Facility

from . import services
from .edges import EDGES, may_register
from .forms import CountyRules, RegisterForm
from .models import Hazard
from .services.rectifying import PLAN_FIELDS

ASSURANCES = {
    "funds": "整改资金",
    "plan": "临时防控措施和应急预案",
}  # of a major hazard; the other three are never empty


def find(user, pks):
    return Hazard.objects.visible_to(user).filter(pk__in=pks).for_ledger().select_related("found_by", "criterion")


def refusal(hazard, verb, user):
    try:
        EDGES.check(hazard, verb, by=user)
    except PermissionDenied as error:
        who = f"责任人、措施、资金等由机构或{hazard.supervisor.short_name}填写，您不能改" if verb == "plan" else ""
        return who or str(error)
    except Refused as error:
        return str(error)
    return ""


def asks_reason(user, verbs):
    """An officer who fills in the home's plan says why, as on the page; so does whoever changes the offices in charge."""
    if "plan" in verbs and user.office.kind != Role.HOME:
        return "代机构填写整改方案须写明原因，机构会看到"
    if "share" in verbs:
        return "调整责任单位须写明理由"
    return ""


def write(hazard, *, by, changes, version, reason):
    """Write the changed cells of one row, step by step. The first step checks `version`; nobody gets in between, as the
    row stays locked until the caller's transaction ends."""
    if plan := {name: changes[name] for name in PLAN_FIELDS if name in changes}:
        _keep_assurances(hazard, plan)
        proxy_reason = "" if by.office.kind == Role.HOME else reason
        hazard = services.plan_work(hazard=hazard, by=by, changes=plan, version=version, proxy_reason=proxy_reason)
        version = hazard.version
    if {"liaison", "liaison_phone"} & changes.keys():
        liaison = changes.get("liaison", hazard.liaison)
        phone = changes.get("liaison_phone", hazard.liaison_phone)
        hazard = services.set_liaison(hazard=hazard, by=by, liaison=liaison, liaison_phone=phone, version=version)
        version = hazard.version
    if "departments" in changes:
        offices = _offices_called(changes["departments"], hazard, hazard.supervisor)
        hazard = services.share(hazard=hazard, by=by, departments=offices, reason=reason, version=version)
    return hazard


def _keep_assurances(hazard, plan):
    emptied = [label for name, label in ASSURANCES.items() if name in plan and plan[name] in (None, "")]
    if hazard.is_major and emptied:
        raise Refused(f"重大隐患的{'、'.join(emptied)}不能清空。")


def _offices_called(text, row, supervisor):
    """The offices of a cell such as "消防、住建" among those that may hold a part."""
    offices = {}
    for office in CountyRules(row).holders(supervisor):
        offices.setdefault(office.label, []).append(office)
    called = []
    for label in filter(None, re.split("[、，,;；\\s]+", text)):
        found = offices.get(label, [])
        if len(found) != 1:
            known = "、".join(label for label, same in offices.items() if len(same) == 1)
            raise Refused(f"“{label}”不能作为这条隐患的责任单位，可填：{known}。")
        called += found
    return called


# Rows that were added in the sheet


def problems_of_new(texts, user):
    facility, sentence = _home_called(texts.get("facility", ""), user)
    if sentence:
        return [sentence]
    form, sentence = _form(texts, user, facility, key=None)
    if sentence:
        return [sentence]
    return [f"{_label(form, name)}：{error}" for name, errors in form.errors.items() for error in errors]


def add(texts, *, by, key):
    """Enter an added row as a finding of the user's office. Raises Refused or NotYours."""
    facility, sentence = _home_called(texts.get("facility", ""), by)
    form = None
    if not sentence:
        form, sentence = _form(texts, by, facility, key=key)
    if sentence:
        raise Refused(sentence)
    if not form.is_valid():
        raise Refused("；".join(error for errors in form.errors.values() for error in errors))
    return services.register_finding(form.instance, by=by, departments=form.cleaned_data["departments"])


def _label(form, name):
    return form[name].label if name in form.fields else "这一行"


def _home_called(name, user):
    """(home, "") or (None, why not)."""
    if not name:
        return None, "没有填机构名称"
    homes = Facility.objects.visible_to(user).select_related("supervisor__parent", "office", "area")
    found = list(homes.filter(name=name)[:2]) or list(homes.filter(short_name=name)[:2])
    if len(found) != 1:
        return None, f"您的管理范围内没有找到名为“{name}”的机构" if not found else f"有不止一家机构叫“{name}”，请写全称"
    if not may_register(found[0], user):
        return None, f"您不能登记{found[0]}的隐患"
    return found[0], ""


def _form(texts, user, facility, *, key):
    """The form of a finding, filled in with the row's words: (form, "") or (None, why a word is not known)."""
    rules = CountyRules(facility)
    words = {
        "source": {label: value for value, label in Hazard.Source.choices},
        "category": {category.name: category.pk for category in rules.categories},
    }
    if texts.get("grade") == Hazard.Grade.MAJOR.label:
        return None, "重大隐患要选判定依据，请在系统里登记"
    data = {name: texts.get(name, "") for name in RegisterForm.Meta.fields} | {"grade": "normal", "sent_key": key}
    for name, values in words.items():
        data[name] = values.get(texts.get(name, ""), texts.get(name, ""))
    try:
        holders = _offices_called(texts.get("departments", ""), facility, facility.supervisor)
    except Refused as error:
        return None, str(error)
    data["departments"] = [office.pk for office in holders]
    form = RegisterForm(data, user=user, facility=facility, rules=rules)
    del form.fields["before"]  # a sheet carries no pictures; they are added on the hazard's page
    if key is None:
        form.fields["sent_key"].required = False
    return form, ""
