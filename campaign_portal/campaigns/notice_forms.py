"""What people type about a notice and the draft that was read out of it. Draft items keep their data as JSON: every form
here gives it back by `data_kept()`."""

import hashlib
import uuid
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError

from campaign_portal.accounts.access import Role
from campaign_portal.fields import DAY
from campaign_portal.files.services import BadDocument, store_document

from . import metrics
from .edges import may_be_led_by
from .forms import SensibleDays, code_field
from .models import Campaign, DraftItem, Indicator, Unit
from .notice import NoticeError, open_notice
from .services import overlap_of

MOST_BYTES = 10 * 1024 * 1024
MOST_CHARACTERS = 1_000_000
KEPT_AS_FILE = (".docx", ".pdf")


class NoticeForm(forms.Form):
    """A notice as pasted text or as a file; `text()` and `file()` after it is valid."""

    pasted = forms.CharField(
        label="粘贴通知全文",
        required=False,
        strip=False,
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text="从网页或文档里全选复制即可，网页上的“分享”“打印”等字样会自动跳过。",
    )
    upload = forms.FileField(
        label="或者选择文件",
        required=False,
        help_text="可用 .docx、.txt 和能选中文字的 PDF，不超过 10 MB。旧的 .doc 请先在 WPS 里另存为 .docx。",
        widget=forms.ClearableFileInput(attrs={"accept": ".docx,.txt,.pdf"}),
    )

    sent_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4, required=False)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_upload(self):
        upload = self.cleaned_data["upload"]
        if upload and upload.size > MOST_BYTES:
            raise ValidationError(f"文件有 {upload.size / 2**20:.1f} MB，超过 10 MB。请只留通知正文，或复制文字粘贴。")
        return upload

    def clean(self):
        data = super().clean()
        pasted, upload = (data.get("pasted") or "").strip(), data.get("upload")
        if self.errors:
            return data
        if pasted and upload:
            raise ValidationError("文字和文件只用一样：请清空粘贴的文字，或不选文件。")
        if not pasted and not upload:
            raise ValidationError("请粘贴通知全文，或选一个文件。")
        data["text"] = self._opened(upload) if upload else data["pasted"]
        if len(data["text"].strip()) < 20:
            raise ValidationError("通知的文字太少，读不出内容。请检查是否复制完整。")
        return data

    def _opened(self, upload):
        try:
            return open_notice(upload.read(), upload.name)
        except NoticeError as error:
            raise ValidationError(str(error)) from error
        finally:
            upload.seek(0)

    def file(self):
        """The uploaded document as a StoredFile, where it is of a kind that we keep; else None: its text is kept anyway."""
        upload = self.cleaned_data.get("upload")
        if not upload or not upload.name.lower().endswith(KEPT_AS_FILE):
            return None
        try:
            return store_document(upload, by=self.user)
        except BadDocument:
            return None


# Items


class ItemForm(SensibleDays, forms.Form):
    """One draft item. `data_kept()` is what the row keeps; `parent` the task that it belongs to."""

    task = forms.ModelChoiceField(
        DraftItem.objects.none(), label="所属任务", required=False, empty_label="不属于某项任务"
    )
    version = forms.IntegerField(widget=forms.HiddenInput, initial=0)
    sent_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4, required=False)

    def __init__(self, *args, notice, item=None, **kwargs):
        super().__init__(*args, **kwargs)
        tasks = notice.items.filter(kind=DraftItem.Kind.TASK).order_by("order", "pk")
        self.fields["task"].queryset = tasks.exclude(pk=item.pk) if item else tasks
        self.fields["task"].label_from_instance = lambda row: f"{row.data['number']}{row.data['title']}"[:40]

    @classmethod
    def of(cls, item, *args, **kwargs):
        """The form with what an item says."""
        initial = item.data | {"task": item.parent_id, "version": item.version}
        return cls(*args, initial=initial, notice=item.notice, item=item, **kwargs)

    def data_kept(self):
        kept = {name: value for name, value in self.cleaned_data.items() if name not in ("task", "version", "sent_key")}
        return {name: _plain(value) for name, value in kept.items()}


def _plain(value):
    """A cleaned value as JSON keeps it: days as YYYY-MM-DD, numbers as text, nothing as ""."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.isoformat() if hasattr(value, "isoformat") else value


class PhaseItemForm(ItemForm):
    name = forms.CharField(label="阶段", max_length=40)
    starts_on = forms.DateField(label="开始日期", widget=DAY)
    ends_on = forms.DateField(label="结束日期", widget=DAY)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["task"]

    def clean(self):
        data = super().clean()
        if data.get("starts_on") and data.get("ends_on") and data["ends_on"] < data["starts_on"]:
            self.add_error("ends_on", "结束日期不能早于开始日期。")
        return data

    def data_kept(self):
        return super().data_kept() | {"is_estimate": False}


class TaskItemForm(ItemForm):
    number = forms.CharField(label="序号", max_length=20, required=False)
    title = forms.CharField(label="任务", max_length=120)
    content = forms.CharField(label="内容", max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 6}))
    is_work = forms.BooleanField(
        label="需要落实的任务", required=False, help_text="只起归类作用的标题（如“指导思想”“重点任务”）不打勾。"
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["task"].label = "上级标题"
        self.fields["task"].empty_label = "没有上级"

    def clean(self):
        data = super().clean()
        data["level"] = data["task"].data["level"] + 1 if data.get("task") else 1
        return data


class DeadlineItemForm(ItemForm):
    name = forms.CharField(label="做什么", max_length=120)
    who = forms.CharField(label="谁来做", max_length=80, required=False)
    starts_on = forms.DateField(label="开始日期", required=False, widget=DAY)
    due_on = forms.DateField(label="完成时限", required=False, widget=DAY)
    recurrence = forms.ChoiceField(
        label="周期",
        required=False,
        choices=[
            ("", "一次"),
            ("hourly", "每小时"),
            ("two_hourly", "每两小时"),
            ("few_hours", "每几小时"),
            ("daily", "每天"),
            ("few_days", "每几天"),
            ("weekly", "每周"),
            ("two_weekly", "每两周"),
            ("few_weeks", "每几周"),
            ("ten_days", "每旬"),
            ("half_monthly", "每半月"),
            ("monthly", "每月"),
            ("bimonthly", "每两个月"),
            ("quarterly", "每季度"),
            ("few_months", "每几个月"),
            ("half_yearly", "每半年"),
            ("yearly", "每年"),
            ("few_years", "每几年"),
        ],
        help_text="每月、每季度等会在行动期间各生成一个节点。",
    )

    def clean(self):
        data = super().clean()
        if not data.get("due_on") and not data.get("recurrence") and "due_on" not in self.errors:
            self.add_error("due_on", "请填完成时限；定期要做的，选周期。")
        if data.get("starts_on") and data.get("due_on") and data["due_on"] < data["starts_on"]:
            self.add_error("due_on", "完成时限不能早于开始日期。")
        return data


class TargetItemForm(ItemForm):
    name = forms.CharField(label="指标", max_length=60)
    comparator = forms.ChoiceField(label="要求", choices=Indicator.Comparator)
    value = forms.DecimalField(label="目标值", min_value=0, max_digits=12, decimal_places=2)
    high = forms.DecimalField(
        label="上限", min_value=0, max_digits=12, decimal_places=2, required=False, help_text="只有选“范围”才填。"
    )
    unit = forms.CharField(label="单位", max_length=12, help_text="人次和人（名）是两回事，按通知原文填。")
    per = forms.ChoiceField(label="统计口径", choices=Indicator.Per, required=False)
    by_on = forms.DateField(label="完成时限", required=False, widget=DAY, help_text="不填按行动结束日期。")
    metric = forms.ChoiceField(
        label="数据来源", required=False, help_text="选了系统数据，完成情况自动统计，不用填报；单位要与指标一致。"
    )
    is_tentative = forms.BooleanField(label="力争性目标（争取、力争）", required=False)

    def __init__(self, *args, notice, **kwargs):
        super().__init__(*args, notice=notice, **kwargs)
        self.fields["metric"].choices = metric_choices(notice.office)

    def clean(self):
        data = super().clean()
        check_target(self, data)
        return data


def metric_choices(lead, present=""):
    """ "" for reported figures, then every metric that an indicator of this lead may stand on, and the one it stands on."""
    served = [m for m in metrics.METRICS.values() if m.may_serve(lead) or m.name and m.code == present]
    offered = [(m.code, f"{m.name}（{m.unit}）") for m in served]
    return [("", "由各单位填报"), *offered]


def check_target(form, data):
    """Errors of a target across its fields: a range has two ends, a metric serves only its own unit."""
    is_range, value, high = data.get("comparator") == "range", data.get("value"), data.get("high")
    if is_range and high is None:
        form.add_error("high", "选“范围”的要填上限。")
    elif is_range and value is not None and high < value:
        form.add_error("high", "上限不能小于目标值。")
    elif not is_range and high is not None:
        form.add_error("high", "只有选“范围”才填上限。")
    metric, unit = metrics.METRICS.get(data.get("metric") or ""), data.get("unit")
    if metric and unit and not metric.counts_in(unit):
        form.add_error("metric", f"“{metric.name}”的单位是“{metric.unit}”，和这个指标的“{unit}”不一样，不能直接统计。")


class UnitItemForm(ItemForm):
    name = forms.CharField(label="单位", max_length=80)
    part = forms.ChoiceField(label="分工", choices=Unit.Part)


FORMS = {
    DraftItem.Kind.PHASE: PhaseItemForm,
    DraftItem.Kind.TASK: TaskItemForm,
    DraftItem.Kind.DEADLINE: DeadlineItemForm,
    DraftItem.Kind.TARGET: TargetItemForm,
    DraftItem.Kind.UNIT: UnitItemForm,
}


def objections(notice, items):
    """[(item, what stands against it as it is, as a sentence)] of the unsound ones. Asks no query; a form of each kind checks
    one item after the other, since making one takes longer than checking."""
    forms, found = {}, []
    for item in items:
        if item.kind not in forms:
            forms[item.kind] = FORMS[item.kind]({}, notice=notice)
            forms[item.kind].fields.pop("task", None)
        form = forms[item.kind]
        form.data = item.data | {"version": item.version}
        form.full_clean()
        if form.errors:
            found.append((item, next(iter(form.errors.values()))[0]))
    return found


# Confirming


class ConfirmForm(SensibleDays, forms.ModelForm):
    """The head of the campaign, filled in from the notice."""

    code = code_field()

    class Meta:
        model = Campaign
        fields = [
            "title",
            "code",
            "lead",
            "starts_on",
            "ends_on",
            "document_number",
            "issued_on",
            "goal",
            "previous",
            "takes_records",
        ]
        widgets = {
            "starts_on": DAY,
            "ends_on": DAY,
            "issued_on": DAY,
            "goal": forms.Textarea(attrs={"rows": 4}),
            "previous": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args, user, overlap=None, **kwargs):
        """`overlap`: why the campaign may not take new records, on the days proposed."""
        super().__init__(*args, **kwargs)
        if overlap:
            self.fields["takes_records"].help_text = f"没有打勾：{overlap}"
        self.fields["lead"].queryset = may_be_led_by(user.office)
        self.fields["lead"].empty_label = None
        own = Campaign.objects.visible_to(user).filter(kind=Campaign.Kind.SPECIAL).exclude(status=Campaign.Status.DRAFT)
        self.fields["previous"].queryset = own
        if not own.exists():
            del self.fields["previous"]

    def clean(self):
        data = super().clean()
        days = data.get("starts_on"), data.get("ends_on")
        sentence = overlap_of(data["lead"].area, *days) if all(days) and data.get("lead") else None
        if data.get("takes_records") and data.get("lead") and data["lead"].kind != Role.BUREAU:
            self.add_error("takes_records", "新登记的隐患只归入民政局牵头的行动，协会牵头的不收录。")
        elif sentence and data.get("takes_records"):
            self.add_error("takes_records", sentence)
        return data


def _alike(names, guess):
    """[(guess, names)]: the names that one guess serves together, names without one each by itself."""
    found = {}
    for name in names:
        guessed = guess(name)
        found.setdefault(guessed or ("", name), (guessed, []))[1].append(name)
    return list(found.values())


class OfficesForm(forms.Form):
    """Which registered offices the names in a notice stand for: one field for all names that seem to mean the same."""

    EVERY = "townships"

    def __init__(self, *args, names, offices, guess, **kwargs):
        super().__init__(*args, **kwargs)
        self.by_pk = {str(office.pk): office for office in offices}
        self.townships = [office for office in offices if office.kind == Role.TOWNSHIP]
        choices = [("", "只作文字，不对应账号单位")]
        if self.townships:
            choices.append((self.EVERY, f"全部乡镇（街道），{len(self.townships)} 个"))
        choices += [(pk, office.name) for pk, office in self.by_pk.items()]
        self.field_of = {}  # by name
        for initial, alike in _alike(names, lambda name: self._first(guess(name, offices))):
            key = f"name-{hashlib.sha256(repr(alike).encode()).hexdigest()[:12]}"  # the same whatever else was decided since
            self.fields[key] = forms.ChoiceField(
                label="、".join(alike), choices=choices, required=False, initial=initial
            )
            self.field_of.update(dict.fromkeys(alike, key))

    def _first(self, guessed):
        if self.townships and len(guessed) == len(self.townships) > 1:
            return self.EVERY
        return str(guessed[0].pk) if guessed else ""

    def offices(self):
        """{name: [Office, …]} as chosen; before anything was sent, as guessed. What the sent page did not ask means nobody."""
        return {name: self._offices_of(self._chosen(key)) for name, key in self.field_of.items()}

    def _chosen(self, key):
        return self.cleaned_data[key] if self.is_bound and self.is_valid() else self.fields[key].initial

    def _offices_of(self, choice):
        if choice == self.EVERY:
            return self.townships
        return [self.by_pk[choice]] if choice else []
