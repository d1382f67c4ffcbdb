from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db.models import Exists, OuterRef, Q

from campaign_portal import clock
from campaign_portal.accounts.access import Role
from campaign_portal.accounts.models import Area, Level, Office
from campaign_portal.fields import DAY

from .models import Facility, Licence

is_phone = RegexValidator(r"^\+?[\d\- ]{7,20}$", "电话只写数字和短横线，如 13800001234 或 0735-5520000。")
PHONES = ("director_phone", "contact_phone", "liaison_phone")
MOST_WORDS = 5


class CreditCodeField(forms.CharField):
    """Takes a code as it is copied from a certificate: with spaces, in small letters."""

    def to_python(self, value):
        return "".join(super().to_python(value).split()).upper()


SECTIONS = [
    ("机构", ["name", "short_name", "pinyin", "credit_code", "kind", "operation", "operator_name", "operated_by"]),
    ("地点与监管", ["area", "supervisor", "address", "since"]),
    ("联系人", ["director", "director_phone", "contact", "contact_phone", "liaison", "liaison_phone"]),
    ("床位与备案", ["beds", "nursing_beds", "filing_number", "filed_on"]),
]


def say_choose(form):
    """Selects that have nothing chosen yet say so in words."""
    for field in form.fields.values():
        if isinstance(field, forms.ModelChoiceField):
            field.empty_label = "请选择" if field.required else "无"
        elif isinstance(field, forms.TypedChoiceField) and field.choices[0][0] == "":
            field.choices = [("", "请选择"), *field.choices[1:]]


class ContactsForm(forms.ModelForm):
    """What the home itself keeps up to date."""

    class Meta:
        model = Facility
        fields = ["address", "director", "director_phone", "contact", "contact_phone", "beds", "nursing_beds"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in PHONES:
            if name in self.fields:
                self.fields[name].validators.append(is_phone)
                self.fields[name].widget.input_type = "tel"
        for field in self.fields.values():
            field.show_hidden_initial = True  # so that only what this user changed is saved over a colleague's change
        say_choose(self)

    def sections(self):
        """The fields in groups with a title, as the page shows them."""
        groups = [(title, [self[name] for name in names if name in self.fields]) for title, names in SECTIONS]
        return [(title, fields) for title, fields in groups if fields]


class FacilityForm(ContactsForm):
    """Everything in the register, for the supervisor and the county's bureau."""

    class Meta(ContactsForm.Meta):
        fields = [
            "name",
            "short_name",
            "pinyin",
            "credit_code",
            "kind",
            "operation",
            "operator_name",
            "operated_by",
            "area",
            "supervisor",
            *ContactsForm.Meta.fields,
            "liaison",
            "liaison_phone",
            "filing_number",
            "filed_on",
        ]
        field_classes = {"credit_code": CreditCodeField}
        widgets = {"filed_on": DAY}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        county = user.office.county_code
        offices = Office.objects.filter(kind__in=(Role.BUREAU, Role.TOWNSHIP)).select_related("area")
        present = self.instance
        self.fields["area"].queryset = Area.objects.filter(
            Q(level=Level.TOWN, parent__code=county) | Q(pk=present.area_id)
        )
        for name in ("supervisor", "operated_by"):
            kept = Q(pk=getattr(present, f"{name}_id"))  # may stand elsewhere, or be disabled by now
            self.fields[name].queryset = offices.filter(Q(county_code=county, is_active=True) | kept)
        if user.office.kind != Role.BUREAU and present.pk:
            # They decide who re-checks this home's major hazards: not for the one who would be re-checked.
            for name in ("area", "supervisor", "operated_by"):
                del self.fields[name]

    def clean(self):
        data = super().clean()
        if area := data.get("area", self.instance.area if self.instance.area_id else None):
            self.instance.copy_area(area)
        return data

    def _get_validation_exclusions(self):
        """The name is unique in its county, a column that clean() has set from the area."""
        return super()._get_validation_exclusions() - {"county_code"}


class NewFacilityForm(FacilityForm):
    """A home that is not yet in the register. A township registers its own; a bureau chooses where it stands."""

    since = forms.DateField(label="开始运营日期", required=False, widget=DAY, help_text="不填为今天。")

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        if user.office.kind == Role.TOWNSHIP:
            self.instance.area, self.instance.supervisor = user.office.area, user.office
            self.fields["operated_by"].queryset = Office.objects.filter(pk=user.office_id)
            del self.fields["area"], self.fields["supervisor"]
        else:
            self.fields["supervisor"].required = False
            self.fields["supervisor"].empty_label = "所在乡镇（街道）"
            self.fields["supervisor"].help_text = "不选则为所在乡镇（街道）；县直接监管的选县民政局。"

    def clean_since(self):
        since = self.cleaned_data["since"]
        if since and since > clock.today():
            raise ValidationError("开始运营日期不能晚于今天。")
        return since

    def clean(self):
        data = super().clean()
        if "supervisor" in self.fields and not data.get("supervisor") and data.get("area"):
            data["supervisor"] = Office.objects.filter(kind=Role.TOWNSHIP, area=data["area"], is_active=True).first()
            if data["supervisor"] is None:
                self.add_error("supervisor", f"{data['area']}还没有监管单位账号，请选择由哪个单位监管。")
        return data


class StateForm(forms.Form):
    """A new state of a home, from a day on."""

    status = forms.ChoiceField(label="变更为", widget=forms.RadioSelect)
    since = forms.DateField(label="自哪天起", widget=DAY)
    reason = forms.CharField(
        label="原因",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="如：消防改造，预计 3 个月；文号可一并写上。",
    )

    def __init__(self, *args, facility, **kwargs):
        super().__init__(*args, **kwargs)
        others = [choice for choice in Facility.Status.choices if choice[0] != facility.status]
        self.fields["status"].choices = others


class LicenceForm(forms.ModelForm):
    class Meta:
        model = Licence
        fields = ["kind", "number", "issued_on", "expires_on"]
        widgets = {"issued_on": DAY, "expires_on": DAY}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        say_choose(self)


def _any(label, choices):
    """A filter's select: the first choice sets no limit."""
    return forms.ChoiceField(
        choices=[("", label), *choices], required=False, widget=forms.Select(attrs={"aria-label": label})
    )


class FacilityFilter(forms.Form):
    """The list's filters, from the query string. What cannot be read is left out."""

    q = forms.CharField(
        required=False,
        max_length=60,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": "名称、曾用名、拼音首字母", "aria-label": "查找机构"}
        ),
    )
    town = _any("全部乡镇", [])
    status = _any("全部状态", Facility.Status.choices)
    licence = _any("证照不限", [("expiring", "证照要更换"), ("expired", "证照已过期")])
    kind = _any("全部类别", Facility.Kind.choices)
    operation = _any("全部运营方式", Facility.Operation.choices)
    supervisor = _any("辖区全部机构", [("own", "本单位监管的")])

    MORE = ("kind", "operation", "supervisor")

    def __init__(self, data, *, user):
        super().__init__(data)
        self.user = user
        seen = Facility.objects.visible_to(user).values("town_code")
        towns = Area.objects.filter(level=Level.TOWN, code__in=seen).values_list("code", "name")
        self.fields["town"].choices = [("", "全部乡镇"), *towns]
        self._offer_supervisors(user)
        self.is_valid()
        self.chosen = {name: value for name, value in self.cleaned_data.items() if value}
        for name in self.chosen:
            self.fields[name].widget.attrs["class"] = "is-set"

    def _offer_supervisors(self, user):
        """The own homes first, for who supervises some; then who else supervises homes in the user's sight."""
        field, seen = self.fields["supervisor"], Facility.objects.visible_to(user).order_by().values("supervisor")
        offices = Office.objects.filter(pk__in=seen).values_list("pk", "short_name")
        own = field.choices if user.office.kind in (Role.TOWNSHIP, Role.BUREAU) else field.choices[:1]
        field.choices = [*own, *((str(pk), name) for pk, name in offices)]

    def first_fields(self):
        return [field for field in self if field.name not in self.MORE]

    def more_fields(self):
        return [field for field in self if field.name in self.MORE]

    def more_is_set(self):
        return any(name in self.chosen for name in self.MORE)

    def apply(self, facilities):
        """The facilities that meet every chosen filter."""
        for name, value in self.chosen.items():
            facilities = getattr(self, f"by_{name}", self._equal(name))(facilities, value)
        return facilities

    @staticmethod
    def _equal(name):
        column = "town_code" if name == "town" else name
        return lambda facilities, value: facilities.filter(**{column: value})

    @staticmethod
    def by_q(facilities, text):
        return facilities.search(" ".join(text.split()[:MOST_WORDS]))

    def by_supervisor(self, facilities, value):
        return facilities.answered_for_by(self.user.office_id if value == "own" else value)

    @staticmethod
    def by_licence(facilities, value):
        today = clock.today()
        due = Licence.objects.expired(on=today) if value == "expired" else Licence.objects.due(on=today)
        return facilities.filter(Exists(due.filter(facility=OuterRef("pk"))))
