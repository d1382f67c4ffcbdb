from datetime import date

from django import forms
from django.core.exceptions import ValidationError

from campaign_portal import clock
from campaign_portal.fields import DAY

from ..models import Campaign

MOST_TEXT = 5000
TEXT = forms.Textarea(attrs={"rows": 6})


class ReportForm(forms.Form):
    """What a report is about, and what only its author can write. `words()` are what the job keeps."""

    campaign = forms.ModelChoiceField(Campaign.objects.none(), label="专项行动", empty_label=None)
    since = forms.DateField(label="报告期自", widget=DAY)
    on = forms.DateField(label="至", widget=DAY, help_text="数据截至这一天结束时。")
    advice = forms.CharField(
        label="意见建议",
        required=False,
        max_length=MOST_TEXT,
        widget=TEXT,
        help_text="一行一段，原样印在报告第三部分。",
    )
    plan = forms.CharField(
        label="下一步工作打算", required=False, max_length=MOST_TEXT, widget=TEXT, help_text="一行一段，印在第四部分。"
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["campaign"].queryset = Campaign.objects.visible_to(user).exclude(status=Campaign.Status.DRAFT)

    def clean_on(self):
        on = self.cleaned_data["on"]
        if on > clock.today():
            raise ValidationError("截止日期还没有到，数据只能截至今天或以前。")
        return on

    def clean(self):
        data = super().clean()
        since, on, campaign = data.get("since"), data.get("on"), data.get("campaign")
        if since and on and since > on:
            self.add_error("since", "开始日期不能晚于截止日期。")
        elif since and campaign and since < campaign.starts_on:
            self.add_error("since", f"这个行动从 {campaign.starts_on:%Y-%m-%d} 开始，报告期不能更早。")
        return data

    def words(self):
        """What was chosen and typed, as JSON keeps it."""
        data = self.cleaned_data
        days = {name: data[name].isoformat() for name in ("since", "on")}
        return {"campaign": data["campaign"].pk, **days, "advice": data["advice"], "plan": data["plan"]}


PERIODS = {"week": "本周", "month": "本月", "quarter": "本季度", "all": "开始至今"}


def period(name, campaign, *, today) -> tuple[date, date]:
    """First and last day of a quick pick: up to today, never before the campaign began."""
    since = {
        "week": today - today.weekday() * clock.ONE_DAY,
        "month": today.replace(day=1),
        "quarter": today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1),
    }.get(name, campaign.starts_on)
    return min(max(since, campaign.starts_on), today), today
