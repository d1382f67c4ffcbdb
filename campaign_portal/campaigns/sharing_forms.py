"""What a lead types when it shares a target out or says who answers for a task."""

import re
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError

from campaign_portal.accounts.access import Role
from campaign_portal.edges import Refused

from .assigning import GROUPS, P
from .sharing import ONE, is_part, plain, refuse_sum


class ShareForm(forms.Form):
    """One part for each office; of a figure that is the same for all, a tick. An empty part means: not this office."""

    shown = forms.CharField(widget=forms.HiddenInput, max_length=16)

    def __init__(self, *args, whole, offices, **kwargs):
        super().__init__(*args, **kwargs)
        self.whole, self.offices = whole, offices
        for office in offices:
            self.fields[_name(office)] = self._field(office)

    def _field(self, office):
        if self.whole.is_same_for_all:
            widget = forms.CheckboxInput(attrs={"aria-label": office.name})
            return forms.BooleanField(label=office.name, required=False, widget=widget)
        places = 0 if self.whole.step == ONE else 2
        widget = forms.NumberInput(attrs={"data-part": "", "inputmode": "decimal", "aria-label": office.name})
        return forms.DecimalField(
            label=office.name, required=False, min_value=0, max_digits=12, decimal_places=places, widget=widget
        )

    def rows(self):
        """(office, bound field) in order."""
        return [(office, self[_name(office)]) for office in self.offices]

    def typed(self):
        """{office: value} of what has been typed and can be read."""
        data = getattr(self, "cleaned_data", {})
        values = {office: data.get(_name(office)) for office in self.offices}
        if self.whole.is_same_for_all:
            return {office: self.whole.value for office, is_ticked in values.items() if is_ticked}
        return {office: value for office, value in values.items() if value is not None and is_part(value, self.whole)}

    def clean(self):
        if not self.errors:
            if not self.typed():
                raise ValidationError("还没有填任何单位的分解数。要全部收回，请用“收回分解”。")
            try:
                refuse_sum(self.whole, list(self.typed().values()))
            except Refused as error:
                raise ValidationError(str(error)) from error
        return self.cleaned_data

    @staticmethod
    def initial_of(parts, whole):
        """The initial values for {office: value}."""
        if whole.is_same_for_all:
            return {_name(office): True for office in parts}
        return {_name(office): plain(value) for office, value in parts.items() if is_part(value, whole)}

    @property
    def over(self):
        """By how much the parts exceed the whole."""
        return self.sum - self.whole.value

    @property
    def sum(self):
        """What the fields now hold together, typed or proposed."""
        if self.is_bound:
            return sum(self.typed().values(), Decimal(0))
        return sum((Decimal(value) for name, value in self.initial.items() if name.startswith("part_")), Decimal(0))


def _name(office):
    return f"part_{office.pk}"


class AssignForm(forms.Form):
    """Ticks: name "<part>" with the pk of an office, "<part>-all" with a kind; and free names, one text for each part."""

    shown = forms.CharField(widget=forms.HiddenInput, max_length=16)

    def __init__(self, *args, offices, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.offices = {office.pk: office for office in offices}
        self.units = list(units)
        for part in P:
            named = [unit.name for unit in self.units if unit.part == part and unit.office_id not in self.offices]
            self.fields[f"{part}_names"] = forms.CharField(
                label=f"{part.label}：其他单位",
                required=False,
                max_length=800,
                initial="、".join(named),
                help_text="没有账号的单位写在这里，用顿号隔开。" if part == P.RESPONSIBLE else "",
            )

    def ticked(self, part):
        """The pks of the offices that have this part, as sent or as they stand."""
        if not self.is_bound:
            return {unit.office_id for unit in self.units if unit.part == part and unit.office_id}
        sent = {int(pk) for pk in self.data.getlist(part) if pk.isascii() and pk.isdecimal() and len(pk) < 19}
        kinds = set(self.data.getlist(f"{part}-all"))
        return sent & self.offices.keys() | {pk for pk, office in self.offices.items() if office.kind in kinds}

    def groups(self):
        """[(kind, label, [(office, [(part, label, is ticked), …]), …], is it to stand open)] for the page."""
        ticks = {part: self.ticked(part) for part in P}
        found = []
        for kind, label in GROUPS:
            rows = [
                (office, [(part, part.label, office.pk in ticks[part]) for part in P])
                for office in self.offices.values()
                if office.kind == kind
            ]
            if rows:
                is_open = kind != Role.HOME or any(is_ticked for _, parts in rows for *_, is_ticked in parts)
                found.append((kind, label, rows, is_open))
        return found

    def clean(self):
        for part in P:
            for name in self._names(part):
                if len(name) > 80:
                    self.add_error(f"{part}_names", f"“{name[:20]}…”太长，单位名称最多 80 字。")
        parts = [self.ticked(part) for part in P]
        twice = (parts[0] & parts[1]) | (parts[0] & parts[2]) | (parts[1] & parts[2])
        if twice:
            names = "、".join(self.offices[pk].name for pk in sorted(twice)[:5])
            raise ValidationError(f"同一单位只能有一种分工：{names}。")
        return self.cleaned_data

    def wanted(self):
        """[(part, office or None, name)] as assigning.assign() takes it."""
        known = {(unit.part, unit.name): unit.office for unit in self.units}  # also one whose account is closed by now
        by_name = {office.name: office for office in self.offices.values()}
        found = {}
        for part in P:
            for name in self._names(part):
                found[part, name] = (part, known.get((part, name)) or by_name.get(name), name)
            for pk in sorted(self.ticked(part)):
                office = self.offices[pk]
                found[part, office.name] = (part, office, office.name)
        return list(found.values())

    def _names(self, part):
        text = self.cleaned_data.get(f"{part}_names") or ""
        return [name for name in (piece.strip() for piece in re.split(r"[、，,;；\n]", text)) if name]
