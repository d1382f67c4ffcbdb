"""What people type about summaries. A form checks input; the services check state and rights."""

from django import forms
from django.core.exceptions import ValidationError

from campaign_portal import clock
from campaign_portal.fields import DAY, PlainText
from campaign_portal.files import services as files
from campaign_portal.files.pictures import BadPicture
from campaign_portal.files.services import BadDocument
from campaign_portal.sheets import foreign

from .metrics import counted_once
from .models import SummaryRound, YearFigure
from .sharing import plain
from .submissions.rounds import PARTS, metrics_for, office_above, offices_below
from .submissions.writing import REASON
from .submissions.years import Entry, is_beyond_whole, offices_for

MOST_TEXT = 20_000
MOST_FILES_AT_ONCE = 9


class FilesWidget(forms.Widget):
    """New files (`name`-new) and tokens of those that have arrived already (`name`)."""

    template_name = "forms/files.html"
    needs_multipart_form = True

    def id_for_label(self, id_):
        return f"{id_}-new" if id_ else id_

    def value_from_datadict(self, data, uploads, name):
        return {"tokens": data.getlist(name), "new": uploads.getlist(f"{name}-new")}

    def value_omitted_from_data(self, data, uploads, name):
        return name not in data and f"{name}-new" not in uploads

    def get_context(self, name, value, attrs):
        context = super().get_context(name, None, attrs)
        context["widget"]["kept"] = value if isinstance(value, list) else []
        return context


class BoundFiles(forms.BoundField):
    """Names the files that have arrived, also beside an error."""

    def value(self):
        return [{"token": files.token_for(file), "name": file.name} for file in getattr(self.field, "kept", [])]


class FilesField(forms.Field):
    """Pictures and documents (PDF, Word, Excel). Cleans to pending StoredFiles; those that have arrived once are kept when
    the form is shown again (`user` is set by the form)."""

    widget = FilesWidget

    def clean(self, value):
        found = [files.from_token(token, by=self.user) for token in value["tokens"][:MOST_FILES_AT_ONCE]]
        self.kept, bad = list({file.pk: file for file in found if file}.values()), []
        for upload in value["new"][:MOST_FILES_AT_ONCE]:
            try:
                self.kept.append(_store(upload, self.user))
            except (BadPicture, BadDocument) as error:
                bad.append(f"{upload.name}：{error}")
        if bad:
            raise ValidationError(bad)
        if len(self.kept) > MOST_FILES_AT_ONCE or len(value["new"]) > MOST_FILES_AT_ONCE:
            raise ValidationError(f"一次最多加 {MOST_FILES_AT_ONCE} 份材料，请分几次保存。")
        return self.kept

    def get_bound_field(self, form, field_name):
        return BoundFiles(form, self, field_name)


def _store(upload, user):
    """By its first bytes: the name's ending is only the sender's word."""
    head = upload.read(5)
    upload.seek(0)
    is_document = head.startswith((b"%PDF-", b"PK"))
    return (files.store_document if is_document else files.store_picture)(upload, by=user)


def _checks(label, choices, **rest):
    return forms.MultipleChoiceField(label=label, choices=choices, widget=forms.CheckboxSelectMultiple, **rest)


class RoundForm(forms.ModelForm):
    """Ordering a round, or changing the dates of one: what has been said to the offices otherwise stays."""

    class Meta:
        model = SummaryRound
        fields = ["title", "due_on", "own_due_on", "figures_on", "first_year", "last_year", "receiver_name"]
        field_classes = {"title": PlainText, "receiver_name": PlainText}
        widgets = {"due_on": DAY, "own_due_on": DAY, "figures_on": DAY}

    FIXED = ("title", "first_year", "last_year", "receiver_name")

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user, self.is_new = user, self.instance.pk is None
        self._add_offices()
        self._add_metrics()
        if self.is_new:
            self._add_parts()
        else:
            for name in self.FIXED:
                del self.fields[name]

    def _add_offices(self):
        below = {str(office.pk): office for office in offices_below(self.user.office)}
        asked = () if self.is_new else self.instance.submissions.values_list("office_id", flat=True)
        self.below = {pk: office for pk, office in below.items() if office.pk not in asked}
        choices = [(pk, office.short_name) for pk, office in self.below.items()]
        label = "哪些单位要报送" if self.is_new else "再增加报送单位"
        if choices:
            self.fields["offices"] = _checks(label, choices, required=self.is_new)
            self.fields["offices"].initial = list(self.below) if self.is_new else []

    def _add_metrics(self):
        known = {m.code: m for kind in ("township", self.user.office.kind) for m in metrics_for(kind)}
        with counted_once():
            labels = {code: metric.name or _label(metric, self.user, self.instance) for code, metric in known.items()}
        choices = [(code, label) for code, label in labels.items() if label]
        self.fields["metrics"] = _checks("填入的数据", choices, required=False)
        self.fields["metrics"].help_text = "系统按台账算好填在第一部分，报送后数据不再变动。"
        if self.is_new:
            self.fields["metrics"].initial = [code for code, _ in choices if known[code].roles]
        else:
            self.fields["metrics"].initial = self.instance.metrics

    def _add_parts(self):
        for order, (title, guidance) in enumerate(PARTS, start=1):
            self.fields[f"title_{order}"] = PlainText(
                label=f"第{'一二三四'[order - 1]}部分", max_length=40, initial=title
            )
            self.fields[f"guidance_{order}"] = PlainText(
                label="写作提示",
                max_length=500,
                required=False,
                initial=guidance,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def part_fields(self):
        """The bound fields of each part, for the page."""
        return [(self[f"title_{n}"], self[f"guidance_{n}"]) for n in range(1, len(PARTS) + 1)] if self.is_new else []

    def clean_due_on(self):
        due_on = self.cleaned_data["due_on"]
        if due_on < clock.today() and (self.is_new or due_on != self.initial.get("due_on")):
            raise ValidationError("截止日期不能早于今天。")
        return due_on

    def save_metrics(self):
        """What was ticked; a figure of the round that cannot be named today (nothing to count yet) stays."""
        offered = {code for code, _ in self.fields["metrics"].choices}
        unnamed = [code for code in self.instance.metrics if code not in offered]
        self.instance.metrics = self.cleaned_data["metrics"] + unnamed

    def chosen_parts(self):
        data = self.cleaned_data
        return [(data[f"title_{n}"], data[f"guidance_{n}"]) for n in range(1, len(PARTS) + 1)]

    def chosen_offices(self):
        return [self.below[pk] for pk in self.cleaned_data.get("offices", ())]


def _label(metric, user, summary_round):
    """What a figure without a name of its own calls itself when it is counted; "" if there is nothing to count yet."""
    figure = metric.count(user, summary_round.campaign, None)
    return figure.label if figure else ""


def initial_round(campaign, user):
    """What the form for a new round says at first: four years back. The days are said by the notice, not by us."""
    year = _year_of(campaign)
    above = office_above(user.office)
    return {
        "title": f"{campaign.title[:70]}总结",
        "first_year": year - 3,
        "last_year": year,
        "receiver_name": above.name if above else "",
    }


def _year_of(campaign):
    """The year by which people call a campaign: the one in which it began; of one that runs for years the present one."""
    first, last = campaign.starts_on, campaign.ends_on
    return first.year if (last - first).days <= 366 else min(last.year, max(first.year, clock.today().year))


class WriteForm(forms.Form):
    """The four parts of a summary: a text and new evidence each; reasons of differences and paragraphs to take over for
    the lead's own. `version` is the number of the draft that the page showed."""

    version = forms.IntegerField(min_value=0, max_value=10**9, widget=forms.HiddenInput)

    def __init__(self, *args, parts, columns=(), sources=None, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.parts, self.sources = parts, sources or {}
        self.codes = [column.code for column in columns]
        for part in parts:
            self._add_part(part, user)
        for column in columns:
            field = PlainText(label=f"{column.label}：差异原因", max_length=200, required=False, initial=column.reason)
            self.fields[f"reason_{column.code}"] = field

    def _add_part(self, part, user):
        order = part.part.order
        self.fields[f"text_{order}"] = PlainText(
            label=f"{part.part.title}正文",
            max_length=MOST_TEXT,
            required=False,
            initial=part.text,
            help_text=part.part.guidance,
            widget=forms.Textarea(attrs={"rows": 12}),
        )
        self.fields[f"text_{order}"].needed_sometimes = True  # not to save, but to hand in
        self.fields[f"files_{order}"] = FilesField(label="佐证材料", required=False)
        self.fields[f"files_{order}"].user = user
        kept = [(str(row.pk), row.file.name) for row in part.evidence]
        self.fields[f"drop_{order}"] = _checks("去掉", kept, required=False)
        keys = [(p.key, p.text) for source in self.sources.get(order, ()) for p in source.paragraphs]
        self.fields[f"take_{order}"] = _checks("采用", keys, required=False)
        self.fields[f"take_{order}"].error_messages["invalid_choice"] = "这一段在您打开本页以后有变化，请重新勾选。"

    def content(self):
        """What was typed, as a draft keeps it."""
        texts = {str(part.part.order): self.cleaned_data[f"text_{part.part.order}"] for part in self.parts}
        return texts | {f"{REASON}{code}": self.cleaned_data[f"reason_{code}"] for code in self.codes}

    def chosen(self, name):
        """All that was ticked in the fields of this name ("take", "drop") over the parts."""
        return [value for part in self.parts for value in self.cleaned_data[f"{name}_{part.part.order}"]]

    def added(self):
        return {part.part.order: self.cleaned_data[f"files_{part.part.order}"] for part in self.parts}


class SendBackForm(forms.Form):
    """What has to be changed, by part."""

    version = forms.IntegerField(min_value=0, max_value=10**9, widget=forms.HiddenInput)

    def __init__(self, *args, parts, **kwargs):
        super().__init__(*args, **kwargs)
        small = forms.Textarea(attrs={"rows": 2})
        for part in parts:
            label = f"对“{part.part.title}”的意见"
            self.fields[f"comment_{part.part.order}"] = PlainText(
                label=label, max_length=1000, required=False, widget=small
            )
        self.fields["comment"] = PlainText(label="总的意见", max_length=1000, required=False, widget=small)

    def comments(self):
        found = ((name.partition("_")[2], text) for name, text in self.cleaned_data.items())
        return {int(order): text for order, text in found if order}


class DispatchForm(forms.Form):
    """The day on which the own summary went up on paper, and its 文号."""

    number = PlainText(label="发文字号", max_length=40, help_text="如 永民发〔2020〕31号。")
    on = forms.DateField(label="上报日期", widget=DAY)

    def clean_on(self):
        if self.cleaned_data["on"] > clock.today():
            raise ValidationError("上报日期不能晚于今天。")
        return self.cleaned_data["on"]


class YearFigureForm(forms.ModelForm):
    """One figure of an earlier year."""

    class Meta:
        model = YearFigure
        fields = ["office", "year", "name", "unit", "value", "source"]
        field_classes = dict.fromkeys(("name", "unit", "source"), PlainText)
        labels = {"office": "哪个单位的"}
        help_texts = {"unit": "如 家、条、%。没有单位的不填。", "source": "如 2019年工作总结。"}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["office"].queryset = offices_for(user).order_by("-kind", "area__code")
        self.fields["office"].empty_label = None
        self.fields["office"].initial = user.office_id
        if "value" in self.initial:
            self.initial["value"] = plain(self.initial["value"])

    def clean(self):
        """One that is there already gets the new value."""
        data = super().clean()
        data["unit"] = foreign.plain(data.get("unit") or "")
        if is_beyond_whole(data["unit"], data.get("value") or 0):
            self.add_error("value", "百分率不能超过 100。")
        same = {name: data.get(name) for name in ("office", "name", "unit", "year")}
        if same["office"] and same["year"]:
            self.instance = YearFigure.objects.filter(**same).first() or self.instance
        return data

    def clean_year(self):
        if self.cleaned_data["year"] > clock.today().year:
            raise ValidationError("年份不能晚于今年。")
        return self.cleaned_data["year"]

    def entry(self):
        return Entry(**{name: self.cleaned_data[name] for name in Entry._fields})


class ImportForm(forms.Form):
    """A sheet of earlier years' figures."""

    sheet = forms.FileField(
        label="表格文件", help_text="Excel 工作簿（.xlsx）或 .csv。表头：年份、指标、数值、单位，可加乡镇、来源。"
    )
    skip = forms.BooleanField(label="有错的行先跳过，导入其余的", required=False)
