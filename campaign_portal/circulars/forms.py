"""What people type about circulars. A form checks input; the services check state and rights."""

import uuid

from django import forms
from django.core.exceptions import ValidationError

from campaign_portal import clock
from campaign_portal.accounts.access import Role
from campaign_portal.fields import DAY, PlainText
from campaign_portal.files.forms import DocumentsField, PicturesField

from .models import Circular

MOST_FILES = 9
MOST_QUERY = 500
LONGEST_TO_REPLY = 400  # days ahead: a slip of the keyboard in the year is noticed


class CircularForm(forms.ModelForm):
    """A draft, new or standing. `copied` is what a new one takes over: from the list of homes, or from what it corrects."""

    title = PlainText(label="标题", max_length=80, help_text="如：关于××县养老机构火灾事故的风险提示。")
    text = PlainText(
        label="正文", max_length=5000, widget=forms.Textarea(attrs={"rows": 10}), help_text="不写老人的姓名和病情。"
    )
    pictures = PicturesField(label="图片", required=False)
    documents = DocumentsField(label="文件（PDF、Word、Excel）", required=False)
    dropped = forms.MultipleChoiceField(label="去掉原来的附件", required=False, widget=forms.CheckboxSelectMultiple)
    version = forms.IntegerField(widget=forms.HiddenInput)
    sent_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    audience = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    query = forms.CharField(required=False, max_length=MOST_QUERY, widget=forms.HiddenInput)
    corrects = forms.ModelChoiceField(Circular.objects.none(), required=False, widget=forms.HiddenInput)

    class Meta:
        model = Circular
        fields = ["kind", "title", "text", "asks_reply", "reply_by"]
        widgets = {"reply_by": DAY, "kind": forms.RadioSelect}

    NEW = ("sent_key", "audience", "query", "corrects")

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = Circular.Kind.choices
        self.fields["kind"].help_text = "风险提示马上通知，不等工作时间；通知、情况通报在工作时间通知。"
        self.fields["pictures"].user = self.fields["documents"].user = user
        self.fields["reply_by"].needed_sometimes = True
        self.fields["reply_by"].widget.attrs["min"] = f"{clock.today():%Y-%m-%d}"
        is_new = self.instance.pk is None
        for name in ("version", "dropped") if is_new else self.NEW:
            del self.fields[name]
        self.kept_files = [] if is_new else list(self.instance.files.select_related("file"))
        if is_new:
            self.fields["corrects"].queryset = Circular.objects.sent().filter(office=user.office_id)
        else:
            self.fields["version"].initial = self.instance.version
            self.fields["dropped"].choices = [(str(row.pk), row.file.name) for row in self.kept_files]

    def clean_reply_by(self):
        day = self.cleaned_data["reply_by"] if self.cleaned_data.get("asks_reply") else None
        if self.cleaned_data.get("asks_reply") and day is None:
            raise ValidationError("要求回复的，请填回复期限。")
        if day and day < clock.today():
            raise ValidationError("回复期限不能早于今天。")
        if day and (day - clock.today()).days > LONGEST_TO_REPLY:
            raise ValidationError("日期太远，请检查年份。")
        return day

    def clean(self):
        data = super().clean()
        dropped = set(data.get("dropped", ()))
        data["dropped"] = [row for row in self.kept_files if str(row.pk) in dropped]
        added = [*(data.get("pictures") or ()), *(data.get("documents") or ())]
        if len(self.kept_files) - len(data["dropped"]) + len(added) > MOST_FILES:
            self.add_error("documents", f"最多附 {MOST_FILES} 个图片和文件。")
        data["files"] = added
        return data


class ReplyForm(forms.Form):
    """A recipient's answer."""

    text = PlainText(label="回复内容", max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
    photos = PicturesField(label="照片", required=False)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["photos"].user = user
        if user.office.kind == Role.EVALUATOR:  # has no pictures anywhere
            del self.fields["photos"]


class CallForm(forms.Form):
    """What came of a telephone call."""

    text = PlainText(label="对方答复", max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args, asks_reply, **kwargs):
        super().__init__(*args, **kwargs)
        if not asks_reply:
            del self.fields["text"]
