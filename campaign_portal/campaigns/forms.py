import uuid
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator

from campaign_portal import clock
from campaign_portal.fields import DAY, INCOMPLETE

from .models import Campaign, Phase
from .services import overlap_of

EARLIEST, YEARS_AHEAD = date(2000, 1, 1), 10


def sensible_day(day):
    """Refuse a slip of the keyboard (0226, 20226): plans lie within this century and a few years ahead."""
    if not EARLIEST <= day <= clock.today().replace(month=12, day=31) + YEARS_AHEAD * 365 * clock.ONE_DAY:
        raise ValidationError(f"日期 {day} 不像是真的，请检查年份。")


class SensibleDays:
    """A form whose dates are all checked by sensible_day."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.DateField):
                field.validators = [*field.validators, sensible_day]


def code_field():
    return forms.CharField(
        label="编号代码",
        max_length=10,
        validators=[RegexValidator(r"^[A-Z0-9]+$", "编号代码只用大写字母和数字，如 YX26。")],
        help_text="隐患编号的开头，如 YX26；登记过隐患后不能再改。",
    )


class Carrying:
    """A form about a row. It carries the version of the row that its page showed; of a new row a key, so that a
    form that is sent twice makes one (a campaign has its own code for that)."""

    def carry(self, row):
        self.row = row
        words = {"invalid": INCOMPLETE}
        if row.pk:
            self.fields["version"] = forms.IntegerField(
                widget=forms.HiddenInput, initial=row.version, error_messages=words
            )
        elif hasattr(row, "sent_key"):
            self.fields["sent_key"] = forms.UUIDField(
                widget=forms.HiddenInput, initial=uuid.uuid4, error_messages=words
            )

    def clean(self):
        data = super().clean()
        if "sent_key" in self.fields:
            self.row.sent_key = data.get("sent_key")
        return data

    def renew(self):
        """After a refusal: what was typed stays, beside the version that the page now shows. Nothing was saved under the old
        key, or something else was."""
        self.data = self.data.copy()
        if self.row.pk:
            now = type(self.row).objects.filter(pk=self.row.pk)
            self.data["version"] = now.values_list("version", flat=True).first()
        elif "sent_key" in self.fields:
            self.data["sent_key"] = uuid.uuid4()


class CampaignForm(SensibleDays, Carrying, forms.ModelForm):
    """What a bureau says of its campaign. Lead and area follow from the bureau."""

    code = code_field()

    class Meta:
        model = Campaign
        fields = ["title", "code", "starts_on", "ends_on", "document_number", "goal", "takes_records"]
        widgets = {"starts_on": DAY, "ends_on": DAY, "goal": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, may_change_code=True, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].disabled = not may_change_code
        self.carry(self.instance)

    def clean(self):
        """New hazards belong to one campaign: two special ones of a county may not run at the same time."""
        data = super().clean()
        days = data.get("starts_on"), data.get("ends_on")
        sentence = overlap_of(self.instance.area, *days, but=self.instance.pk) if all(days) else None
        if sentence and data.get("takes_records"):
            raise ValidationError(sentence)
        return data


class BasePhases(forms.BaseInlineFormSet):
    """The phases in order: each within the campaign, none beginning before the one above it. They may overlap, as those of
    notices do."""

    def clean(self):
        if any(self.errors):
            return
        previous = None
        for form in self.filled():
            starts_on, ends_on = form.cleaned_data["starts_on"], form.cleaned_data["ends_on"]
            if not self.instance.starts_on <= starts_on <= ends_on <= self.instance.ends_on:
                raise ValidationError(f"“{form.cleaned_data['name']}”的起止日期要在专项行动的起止日期之内。")
            if previous and starts_on < previous:
                raise ValidationError(f"“{form.cleaned_data['name']}”不能比上一阶段开始得早。")
            previous = starts_on

    def filled(self):
        """The forms that hold a phase, in order."""
        return [form for form in self.forms if form.cleaned_data.get("name") and not form.cleaned_data.get("DELETE")]


PhaseFormSet = forms.inlineformset_factory(
    Campaign,
    Phase,
    formset=BasePhases,
    fields=["name", "starts_on", "ends_on"],
    widgets={"starts_on": DAY, "ends_on": DAY},
    extra=3,
    max_num=6,
    can_delete=True,
)
