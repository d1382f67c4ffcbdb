from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator

from .models import Campaign, Phase
from .services import overlap_of

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def code_field():
    return forms.CharField(
        label="编号代码",
        max_length=10,
        validators=[RegexValidator(r"^[A-Z0-9]+$", "编号代码只用大写字母和数字，如 YX26。")],
        help_text="隐患编号的开头，如 YX26；登记过隐患后不能再改。",
    )


class CampaignForm(forms.ModelForm):
    """What a bureau says of its campaign. Lead and area follow from the bureau."""

    code = code_field()

    class Meta:
        model = Campaign
        fields = ["title", "code", "starts_on", "ends_on", "takes_records"]
        widgets = {"starts_on": DAY, "ends_on": DAY}

    def __init__(self, *args, may_change_code=True, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].disabled = not may_change_code

    def clean(self):
        """New hazards belong to one campaign: two special ones of a county may not run at the same time."""
        data = super().clean()
        days = data.get("starts_on"), data.get("ends_on")
        sentence = overlap_of(self.instance.area, *days, but=self.instance.pk) if all(days) else None
        if sentence and data.get("takes_records"):
            raise ValidationError(sentence)
        return data


class BasePhases(forms.BaseInlineFormSet):
    """The phases in order: each within the campaign, none before the one above it."""

    def clean(self):
        if any(self.errors):
            return
        previous = None
        for form in self.filled():
            starts_on, ends_on = form.cleaned_data["starts_on"], form.cleaned_data["ends_on"]
            if not self.instance.starts_on <= starts_on <= ends_on <= self.instance.ends_on:
                raise ValidationError(f"“{form.cleaned_data['name']}”的起止日期要在专项行动的起止日期之内。")
            if previous and starts_on <= previous:
                raise ValidationError(f"“{form.cleaned_data['name']}”要在上一阶段结束之后开始。")
            previous = ends_on

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
