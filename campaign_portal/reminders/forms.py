"""What people fill in about reminders. A form checks input, the services check states."""

from django import forms
from django.core.exceptions import ValidationError

from campaign_portal import clock
from campaign_portal.deadlines.registry import Rung
from campaign_portal.fields import DAY, INCOMPLETE, PlainText

from .inbox import DAYS_QUIET
from .models import Absence, Address, ReminderRule, ReminderSettings
from .receiving import colleagues_of

LONGEST_ABSENCE = 400  # days ahead: a slip of the keyboard in the year is noticed


class AddressForm(forms.ModelForm):
    class Meta:
        model = Address
        fields = ["email", "by_email", "by_sms"]
        error_messages = {"email": {"invalid": "邮箱地址不完整，应像 zhang@example.gov.cn。"}}
        widgets = {"email": forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"})}


class AbsenceForm(forms.ModelForm):
    """Days that are not over, and a colleague of the same office."""

    class Meta:
        model = Absence
        fields = ["since", "until", "deputy"]
        widgets = {"since": DAY, "until": DAY}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, instance=Absence(user=user), **kwargs)
        self.fields["deputy"].queryset = colleagues_of(user)
        self.fields["deputy"].empty_label = "请选择"

    def clean_until(self):
        until, today = self.cleaned_data["until"], clock.today()
        if until < today:
            raise ValidationError("这段日子已经过去。")
        if until > today + LONGEST_ABSENCE * clock.ONE_DAY:
            raise ValidationError("日期太远，请检查年份。")
        return until


class MuteForm(forms.Form):
    """A day up to which nothing more is said about a line of a message."""

    line = forms.IntegerField(min_value=0, widget=forms.HiddenInput, error_messages={"invalid": INCOMPLETE})
    until = forms.DateField(label="暂停到", widget=DAY)

    def clean_until(self):
        until, today = self.cleaned_data["until"], clock.today()
        if not today <= until <= today + DAYS_QUIET * clock.ONE_DAY:
            raise ValidationError(
                f"最多暂停 {DAYS_QUIET} 天，请选今天到 {today + DAYS_QUIET * clock.ONE_DAY} 之间的日期。"
            )
        return until


class ToldForm(forms.Form):
    note = PlainText(label="通知情况", max_length=300, required=False)


# Rules

COUNTED = [("1", "工作日"), ("0", "自然日")]


class RuleForm(forms.ModelForm):
    """One rule of a kind. An empty line at the end adds none."""

    moment = forms.ChoiceField(label="时间", choices=[("", "（不加）"), *ReminderRule.Moment.choices])
    in_workdays = forms.TypedChoiceField(label="按", choices=COUNTED, coerce=lambda value: value == "1", initial="1")
    rung = forms.TypedChoiceField(label="提醒", choices=Rung.choices, coerce=int, initial=Rung.RESPONSIBLE.value)

    class Meta:
        model = ReminderRule
        fields = ["moment", "days", "in_workdays", "rung", "every", "times", "urgent", "is_major_only", "is_on"]
        labels = {"every": "每隔（天）", "times": "最多（次）"}
        help_texts = {"every": "", "times": ""}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("days", "every", "times"):
            self.fields[name].required = False
            self.fields[name].widget.attrs["inputmode"] = "numeric"

    def clean_days(self):
        return self.cleaned_data["days"] or 0

    def clean_every(self):
        return self.cleaned_data["every"] or 0

    def clean_times(self):
        return self.cleaned_data["times"] or 1

    def clean(self):
        """Reminders before the day end with it: a rule must not promise more of them than there is room for."""
        data = super().clean()
        before = data.get("moment") == ReminderRule.Moment.BEFORE
        days, every, times = (data.get(name) or 0 for name in ("days", "every", "times"))
        if before and times > 1 and every and every * (times - 1) >= days:
            room = 1 + (days - 1) // every if days else 1
            self.add_error("times", f"提前 {days} 天、每隔 {every} 天，到期前最多提醒 {room} 次。")
        return data


class BaseRules(forms.BaseFormSet):
    """All rules of a kind. One that is not wanted is turned off or removed; without any the kind would be inherited."""

    def clean(self):
        if any(self.errors):
            return
        rules = self.wanted()
        if not rules:
            raise ValidationError("至少留一条规则。这个事项不要提醒的，把规则的“启用”去掉。")
        moments = [(rule.moment, rule.days, rule.in_workdays, rule.rung, rule.is_major_only) for rule in rules]
        if len(set(moments)) < len(moments):
            raise ValidationError("有两条规则在同一天提醒同一级，请删去一条。")

    def wanted(self):
        """Unsaved rules, one for each line that holds one."""
        forms_of_rules = [form for form in self.forms if form.cleaned_data.get("moment")]
        return [form.instance for form in forms_of_rules if not form.cleaned_data.get("DELETE")]


MOST_RULES = 15

RuleFormSet = forms.formset_factory(
    RuleForm,
    formset=BaseRules,
    extra=2,
    can_delete=True,
    max_num=MOST_RULES,
    absolute_max=2 * MOST_RULES,
    validate_max=True,
)


def initial_of(rules):
    """What a formset shows of rules."""
    return [
        {name: getattr(rule, name) for name in RuleForm.Meta.fields}
        | {"in_workdays": "1" if rule.in_workdays else "0", "rung": int(rule.rung)}
        for rule in rules
    ]


class SettingsForm(forms.ModelForm):
    """Working hours and the most people of one run, with the version of them that its page showed."""

    version = forms.IntegerField(widget=forms.HiddenInput, error_messages={"invalid": INCOMPLETE})

    class Meta:
        model = ReminderSettings
        fields = ["send_from", "send_until", "most_people"]
        labels = {"most_people": "每次最多提醒（人）"}
        help_texts = {"most_people": "超过的先不发，由管理员看过名单再放行。"}
        widgets = {
            "send_from": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "send_until": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        }

    def __init__(self, *args, instance, **kwargs):
        super().__init__(*args, instance=instance, initial={"version": instance.version}, **kwargs)

    def renew(self, version):
        """After a refusal: what was typed stays, beside the version that stands now."""
        self.data = self.data.copy()
        self.data["version"] = version


class RehearsalForm(forms.Form):
    """Which day, and whose or which reminders of it."""

    on = forms.DateField(label="日期", widget=DAY)

    REACH = 366  # days back and ahead

    def clean_on(self):
        on, today = self.cleaned_data["on"], clock.today()
        if abs((on - today).days) > self.REACH:
            raise ValidationError(f"只能预演前后一年（{self.REACH} 天）之内的日期。")
        return on
