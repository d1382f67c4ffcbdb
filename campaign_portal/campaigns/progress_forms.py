"""What offices type about their progress, and what the lead says to it."""

from django import forms
from django.core.exceptions import ValidationError

from campaign_portal import clock
from campaign_portal.fields import DAY
from campaign_portal.files.forms import DocumentsField, PicturesField

from .progress import Words
from .sharing import ONE, plain, step_of

MOST_EVIDENCE = 9


def _text(label, rows, **kwargs):
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)


class ProgressForm(forms.Form):
    """A return. `asked` are its indicators, `before` what of each was accepted last ({indicator pk: Reported}).

    A draft may have gaps. What is handed in tells every figure of its task, and says why one has become smaller.
    """

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    as_of = forms.DateField(label="截至日期", widget=DAY)
    text = _text("进展情况", 6, max_length=3000, help_text="做了什么、到什么程度、下一步打算。")
    problem = _text("需要协调解决的问题", 3, max_length=2000, required=False, help_text="牵头单位会看到并答复。")
    pictures = PicturesField(label="照片", required=False)
    documents = DocumentsField(label="文件（PDF、Word、Excel）", required=False)
    dropped = forms.MultipleChoiceField(label="去掉原来的材料", required=False, widget=forms.CheckboxSelectMultiple)
    lower_ok = forms.BooleanField(label="数字变小的原因已在“进展情况”里写明", required=False)

    def __init__(self, *args, user, campaign, asked, before, evidence=(), is_draft=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.campaign, self.asked, self.before, self.is_draft = campaign, asked, before, is_draft
        self.fields["pictures"].user = self.fields["documents"].user = user
        self.fields["as_of"].widget.attrs["max"] = f"{clock.today():%Y-%m-%d}"
        self.fields["text"].required = not is_draft
        self.fields["dropped"].choices = [(row.pk, row.file.name) for row in evidence]
        self.lowered = []
        for indicator in asked:
            self._add_figure(indicator)

    def _add_figure(self, indicator):
        places = 0 if step_of(indicator, indicator.value) == ONE else 2
        needed = not self.is_draft and indicator.task_id is not None
        given = {"min_value": 0, "max_digits": 12, "decimal_places": places, "required": needed}
        label = f"{indicator.name}（{'分子' if indicator.is_rate else indicator.unit}）"
        self.fields[f"value_{indicator.pk}"] = forms.DecimalField(label=label, **given)
        if indicator.is_rate:
            self.fields[f"base_{indicator.pk}"] = forms.DecimalField(label="总数（分母）", **given)

    def figure_rows(self):
        """(indicator, field of its value, field of its base or None, what was accepted last or None)"""
        for indicator in self.asked:
            base = self[f"base_{indicator.pk}"] if indicator.is_rate else None
            yield indicator, self[f"value_{indicator.pk}"], base, self.before.get(indicator.pk)

    @property
    def asks_about_lower(self):
        return bool(self.lowered) or bool(self.data.get("lower_ok"))

    def clean_as_of(self):
        as_of = self.cleaned_data["as_of"]
        if clock.today() < self.campaign.starts_on:
            return as_of  # no day is right: the service says from when on returns are taken
        if as_of > clock.today():
            raise ValidationError("截至日期不能晚于今天。")
        if as_of < self.campaign.starts_on:
            raise ValidationError(f"行动从 {self.campaign.starts_on:%Y-%m-%d} 开始，截至日期不能更早。")
        return as_of

    def clean(self):
        data = super().clean()
        for indicator in self.asked:
            self._check_figure(indicator, data)
        if len(data.get("pictures") or ()) + len(data.get("documents") or ()) > MOST_EVIDENCE:
            self.add_error("documents", f"一次最多附 {MOST_EVIDENCE} 个照片和文件。")
        if self.lowered and not self.is_draft and not data.get("lower_ok"):
            words = "；".join(self.lowered)
            raise ValidationError(
                f"累计数比上次已采纳的少：{words}。请核对；确实要减少的，写明原因并在下面打勾，再报送。"
            )
        return data

    def _check_figure(self, indicator, data):
        value, base = data.get(f"value_{indicator.pk}"), data.get(f"base_{indicator.pk}")
        before = self.before.get(indicator.pk)
        if indicator.is_rate and (value is None) != (base is None):
            missing = "value" if value is None else "base"
            self.add_error(f"{missing}_{indicator.pk}", "分子和分母要一起填。")
        elif indicator.is_rate and value is not None and value > base:
            self.add_error(f"value_{indicator.pk}", "分子不能大于总数。")
        elif not indicator.is_rate and value is not None and before and value < before.numerator:
            self.lowered.append(f"{indicator.name} {plain(before.numerator)} → {plain(value)}{indicator.unit}")

    def words(self):
        data, figures = self.cleaned_data, {}
        for indicator in self.asked:
            value = data.get(f"value_{indicator.pk}")
            if value is not None:
                figures[indicator] = (value, data.get(f"base_{indicator.pk}"))
        return Words(
            as_of=data["as_of"],
            text=data["text"],
            problem=data["problem"],
            figures=figures,
            files=(*data["pictures"], *data["documents"]),
            dropped=tuple(int(pk) for pk in data["dropped"]),
        )

    @staticmethod
    def initial_of(figures):
        """Initial values for {indicator pk: (value, base)}."""
        found = {}
        for pk, (value, base) in figures.items():
            found[f"value_{pk}"] = plain(value)
            if base is not None:
                found[f"base_{pk}"] = plain(base)
        return found


class DecideForm(forms.Form):
    """`needs_comment` where the return is sent back."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    comment = _text(
        "审核意见", 3, max_length=500, required=False, help_text="退回必须写明原因和要改的地方；采纳可不写。"
    )

    def __init__(self, *args, needs_comment=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.needs_comment = needs_comment

    def clean_comment(self):
        comment = self.cleaned_data["comment"]
        if self.needs_comment and not comment:
            raise ValidationError("请写明退回的原因和要改的地方。")
        return comment


class AnswerForm(forms.Form):
    """`is_beside` a decision, which it goes along with: there it may be empty."""

    text = _text("答复", 3, max_length=2000)

    def __init__(self, *args, is_beside=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["text"].required, self.fields["text"].needed_sometimes = not is_beside, True
