"""What the pages of deadlines are asked for, from the query string."""

from django import forms

from campaign_portal import clock
from campaign_portal.fields import DAY

from .registry import planned_kinds

FARTHEST = 3700  # days back and ahead that a day can be asked for: ten years


class MineForm(forms.Form):
    kind = forms.ChoiceField(label="事项", required=False)
    on = forms.DateField(label="哪一天", required=False, widget=DAY)

    def __init__(self, data, *, kinds):
        super().__init__(data)
        self.fields["kind"].choices = [("", "全部事项"), *((kind.code, kind.label) for kind in kinds)]

    def clean_on(self):
        on = self.cleaned_data["on"]
        if on and abs((on - clock.today()).days) > FARTHEST:
            raise forms.ValidationError("日期太远，请检查年份。")
        return on


class RowsForm(forms.Form):
    """Which of the open ones: of a kind, between two days or overdue, at one office, in one county."""

    kind = forms.ChoiceField(label="事项", required=False)
    since = forms.DateField(label="到期日从", required=False, widget=DAY)
    until = forms.DateField(label="到", required=False, widget=DAY)
    state = forms.ChoiceField(label="状态", required=False, choices=[("", "全部未办结"), ("overdue", "已逾期")])
    office = forms.IntegerField(required=False, min_value=1, max_value=2**31, widget=forms.HiddenInput)
    county = forms.RegexField(r"^\d{12}$", required=False, widget=forms.HiddenInput)

    def __init__(self, data):
        super().__init__(data, auto_id="rows_%s")
        self.fields["kind"].choices = [("", "全部事项"), *((kind.code, kind.label) for kind in planned_kinds())]

    def clean(self):
        cleaned = super().clean()
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since > until:
            raise forms.ValidationError("起始日期晚于截止日期，请对调。")
        return cleaned


class OverdueForm(forms.Form):
    county = forms.RegexField(r"^\d{12}$", required=False)
