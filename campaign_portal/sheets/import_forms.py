"""The questions of an import: which file, where its head stands, which of its columns is which of ours."""

from django import forms

from campaign_portal import clock

from . import matching
from .foreign import words
from .reading import column_letters


class UploadForm(forms.Form):
    kind = forms.ChoiceField(
        label="这是什么表", widget=forms.RadioSelect, error_messages={"required": "请选择这是什么表。"}
    )
    file = forms.FileField(
        label="Excel 文件（.xlsx）",
        help_text="20 MB 以内。旧的 .xls 请先另存为 .xlsx。",
        widget=forms.FileInput(attrs={"accept": ".xlsx", "class": "line"}),
        error_messages={"empty": "文件是空的，里面没有内容。请检查后重新选择。", "required": "请选择要导入的文件。"},
    )

    def __init__(self, *args, importers, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(importer.code, importer.label) for importer in importers]


class HeadForm(forms.Form):
    """Which sheet, and in which rows its head stands."""

    sheet = forms.ChoiceField(label="工作表")
    head_top = forms.IntegerField(label="表头从第几行", min_value=1, max_value=matching.LOOKED_AT)
    head_bottom = forms.IntegerField(label="到第几行", min_value=1, max_value=matching.LOOKED_AT, required=False)

    def __init__(self, *args, book, batch, **kwargs):
        super().__init__(*args, **kwargs)
        labels = [(name, f"{name}（隐藏）" if name in book.hidden else name) for name in book.names]
        self.fields["sheet"].choices = labels
        top, bottom = batch.options["head"] or (None, None)
        self.initial = {"sheet": batch.options["sheet"], "head_top": top, "head_bottom": bottom} | self.initial

    def clean(self):
        data = super().clean()
        top, bottom = data.get("head_top"), data.get("head_bottom") or data.get("head_top")
        if top and bottom and not top <= bottom <= top + 3:
            self.add_error("head_bottom", "表头最多四行，结束行不能在开始行之前。")
        data["head_bottom"] = bottom
        return data


class MatchForm(forms.Form):
    """For each column of the file: which of ours it is, or none."""

    year = forms.IntegerField(
        label="没写年份的日期按哪年", min_value=2010, help_text="如“3月5日”。写了年份的不受影响。"
    )

    def __init__(self, *args, importer, head, rows, options, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.importer, self.head = importer, head
        self.fields["year"].initial = options["year"]
        self.fields["year"].max_value = clock.today().year + 1
        self.extra = []
        for name, label, choices in importer.choices(user):
            self.fields[name] = forms.ChoiceField(
                label=label, choices=choices, required=False, initial=options.get(name)
            )
            self.extra.append(name)
        ours = [("", "不导入"), *((column.name, column.label) for column in importer.columns)]
        self.indexes = [index for index, text in enumerate(head.texts) if text or _has_any(rows, index)]
        for index in self.indexes:
            self.fields[f"column_{index}"] = forms.ChoiceField(
                label=f"{column_letters(index)} {head.texts[index] or '（没有表头）'}",
                choices=ours,
                required=False,
                initial=options["columns"].get(str(index), ""),
            )
        self.samples = {index: _samples(rows, index) for index in self.indexes}

    def lines(self):
        """(field, what stands below the head in its first rows) for each column of the file."""
        return [(self[f"column_{index}"], self.samples[index]) for index in self.indexes]

    def first_fields(self):
        return [self[name] for name in ("year", *self.extra)]

    def clean(self):
        data = super().clean()
        if data.get("year") and data["year"] > clock.today().year + 1:
            self.add_error("year", "年份太晚，请核对。")
        chosen = {}
        for index in self.indexes:
            name = data.get(f"column_{index}")
            if name in chosen:
                label = self.importer.column(name).label
                first = column_letters(chosen[name])
                self.add_error(f"column_{index}", f"{first} 列已经对应“{label}”，一项只能对应一列。")
            elif name:
                chosen[name] = index
        for name in self.importer.needed:
            if name not in chosen:
                self.add_error(None, f"还没有指定哪一列是“{self.importer.column(name).label}”，没有它不能导入。")
        return data

    def options(self):
        """What the answers change in the batch's options."""
        columns = {str(index): self.cleaned_data[f"column_{index}"] for index in self.indexes}
        columns = {index: name for index, name in columns.items() if name}
        heads = {matching.bare(text): columns.get(str(index), "") for index, text in enumerate(self.head.texts) if text}
        own = {name: self.cleaned_data[name] for name in ("year", *self.extra)}
        return own | {"columns": columns, "heads": heads}


def _has_any(rows, index):
    return any(index < len(row) and row[index] != "" for row in rows)


def _samples(rows, index, most=2):
    found = [words(row[index]) for row in rows if index < len(row) and row[index] != ""]
    return [text[:24] for text in dict.fromkeys(found)][:most]


class PicksForm(forms.Form):
    """For each word that was not understood: what it means, for all rows with this word."""

    def __init__(self, *args, report, picks, **kwargs):
        super().__init__(*args, **kwargs)
        self.asks = report.get("asks", [])
        for number, ask in enumerate(self.asks):
            choices = [("", "留待修改"), *((str(value), label) for value, label in ask["choices"])]
            self.fields[f"pick_{number}"] = forms.ChoiceField(
                label=f"{ask['label']}“{ask['words']}”",
                choices=choices,
                required=False,
                initial=picks.get(ask["name"], {}).get(ask["words"], ""),
            )

    def lines(self):
        """(field, in how many rows) for each word."""
        return [(self[f"pick_{number}"], ask["rows"]) for number, ask in enumerate(self.asks)]

    def picks(self):
        """Column name → {words: value} of what was chosen."""
        chosen = {}
        for number, ask in enumerate(self.asks):
            if value := self.cleaned_data[f"pick_{number}"]:
                chosen.setdefault(ask["name"], {})[ask["words"]] = value
        return chosen
