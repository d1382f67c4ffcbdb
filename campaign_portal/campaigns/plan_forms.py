"""What people type about a plan."""

from django import forms
from django.core.exceptions import ValidationError

from campaign_portal.fields import DAY

from .forms import Carrying, SensibleDays
from .models import Indicator, Milestone, Task
from .notice_forms import check_target, metric_choices
from .sharing import plain


class TaskForm(Carrying, forms.ModelForm):
    class Meta:
        model = Task
        fields = ["parent", "number", "title", "content", "deliverable", "is_work"]
        widgets = {"content": forms.Textarea(attrs={"rows": 7})}
        labels = {"parent": "上级标题"}
        help_texts = {"is_work": "只起归类作用的标题不打勾。", "deliverable": "做完以后留下什么，如台账、名单、报告。"}

    def __init__(self, *args, campaign, **kwargs):
        super().__init__(*args, **kwargs)
        others = campaign.tasks.all()
        self.fields["parent"].queryset = others.exclude(pk=self.instance.pk) if self.instance.pk else others
        self.fields["parent"].empty_label = "没有上级"
        self.carry(self.instance)


class MilestoneForm(Carrying, SensibleDays, forms.ModelForm):
    """A new milestone. The dates of one that stands are moved by DatesForm, with a reason."""

    class Meta:
        model = Milestone
        fields = ["name", "task", "who", "starts_on", "due_on"]
        widgets = {"starts_on": DAY, "due_on": DAY}

    def __init__(self, *args, campaign, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["task"].queryset = campaign.tasks.to_be_done()
        self.fields["task"].empty_label = "不属于某项任务"
        if self.instance.pk:
            del self.fields["starts_on"], self.fields["due_on"]
        self.carry(self.instance)


class DatesForm(Carrying, SensibleDays, forms.Form):
    starts_on = forms.DateField(label="开始日期", widget=DAY)
    ends_on = forms.DateField(label="截止日期", widget=DAY)
    reason = forms.CharField(label="调整原因", max_length=200, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args, row, needs_start=True, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["starts_on"].required = needs_start
        self.carry(row)

    def clean(self):
        data = super().clean()
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            raise ValidationError("截止日期不能早于开始日期。")
        return data


class DoneForm(Carrying, forms.Form):
    note = forms.CharField(
        label="完成情况",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="例如做了什么、材料在哪里。",
    )

    def __init__(self, *args, row, **kwargs):
        super().__init__(*args, **kwargs)
        self.carry(row)


class IndicatorForm(Carrying, SensibleDays, forms.ModelForm):
    metric = forms.ChoiceField(
        label="数据来源", required=False, help_text="选了系统数据，完成情况自动统计，不用填报；单位要与指标一致。"
    )

    class Meta:
        model = Indicator
        fields = [
            "name",
            "task",
            "comparator",
            "value",
            "high",
            "unit",
            "per",
            "by_on",
            "baseline",
            "metric",
            "is_tentative",
        ]
        widgets = {"by_on": DAY}
        help_texts = {
            "unit": "人次和人（名）是两回事，按通知原文填。",
            "high": "只有选“范围”才填。",
            "by_on": "不填按行动结束日期。",
        }

    def __init__(self, *args, campaign, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["metric"].choices = metric_choices(campaign.lead, self.instance.metric)
        for name in ("value", "high", "baseline"):
            if self.initial.get(name) is not None:
                self.initial[name] = plain(self.initial[name])
        self.fields["task"].queryset = campaign.tasks.to_be_done()
        self.fields["task"].empty_label = "不属于某项任务"
        self.carry(self.instance)

    def clean(self):
        data = super().clean()
        check_target(self, data)
        return data
