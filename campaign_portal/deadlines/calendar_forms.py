"""Taking in a year: the notice's text, a day by hand, and the draft that goes from page to page."""

import re
from datetime import date

from django import forms
from django.core.exceptions import ValidationError

from campaign_portal.fields import DAY, INCOMPLETE, PlainText

from .holiday_notice import LONGEST_TEXT, Day, read
from .loading import FIRST_YEAR, LAST_YEAR, MOST_DAYS

ONE_DAY = re.compile(r"(\d{4}-\d\d-\d\d) ([01]) (.{0,20})")


class NoticeForm(forms.Form):
    """The text of a notice, as it is copied from a web page or a document."""

    text = PlainText(
        label="通知全文",
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text="从“国务院办公厅关于……年部分节假日安排的通知”起整篇粘贴。",
    )
    year = forms.IntegerField(
        label="年份",
        required=False,
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        help_text="不填的，按通知里写的年份。",
    )

    def clean(self):
        data = super().clean()
        if "text" in data and not self.errors:
            self.reading = read(data["text"], year=data.get("year"))
            if self.reading.year is None:
                self.add_error("year", self.reading.findings[0])
            elif not FIRST_YEAR <= self.reading.year <= LAST_YEAR:
                self.add_error("text", f"读出的年份是 {self.reading.year}，请核对粘贴的文字。")
        return data


class DaysField(forms.CharField):
    """The days of a draft, a line each."""

    widget = forms.HiddenInput

    def prepare_value(self, value):
        return value if isinstance(value, str) else written(value or ())

    def to_python(self, value):
        days = {}
        for line in (super().to_python(value) or "").split("|"):
            if line:
                day = self._day(line)
                days[day.day] = day
        if len(days) > 2 * MOST_DAYS:
            raise ValidationError(INCOMPLETE)
        return tuple(days[day] for day in sorted(days))

    def _day(self, line):
        found = ONE_DAY.fullmatch(line)
        try:
            return Day(date.fromisoformat(found[1]), found[2] == "1", found[3])
        except (TypeError, ValueError) as error:
            raise ValidationError(INCOMPLETE) from error


def written(days):
    return "|".join(f"{day.day} {int(day.is_working)} {day.name}" for day in days)


class DraftForm(forms.Form):
    """What would be taken in. Only `source` is typed; the rest is what the page before showed."""

    year = forms.IntegerField(widget=forms.HiddenInput, min_value=FIRST_YEAR, max_value=LAST_YEAR)
    text = PlainText(widget=forms.HiddenInput, required=False, max_length=LONGEST_TEXT)
    days = DaysField(required=False)
    shown = forms.CharField(widget=forms.HiddenInput, required=False, max_length=32)
    source = PlainText(label="依据", max_length=120)
    is_checked = forms.BooleanField(label="已对照通知原文核对，上面提示的没有问题", required=False)


class DayForm(forms.Form):
    """One day by hand."""

    day = forms.DateField(label="日期", widget=DAY)
    what = forms.ChoiceField(label="改为", choices=[("off", "放假"), ("work", "补班"), ("usual", "恢复为平常")])
    name = PlainText(label="节日", max_length=20, required=False)

    def __init__(self, *args, year, **kwargs):
        super().__init__(*args, **kwargs)
        self.year = year

    def clean_day(self):
        day = self.cleaned_data["day"]
        if not date(self.year - 1, 12, 1) <= day <= date(self.year, 12, 31):
            raise ValidationError(f"这里只能改 {self.year} 年的日子，以及上一年12月因元旦调休的日子。")
        return day

    def clean(self):
        data = super().clean()
        day, what = data.get("day"), data.get("what")
        if day and what == "off" and day.weekday() >= 5:
            self.add_error("day", "这一天是周末，本来就不上班；如果原来是补班，请选“恢复为平常”。")
        elif day and what == "work" and day.weekday() < 5:
            self.add_error("day", "这一天本来就是工作日；如果原来是放假，请选“恢复为平常”。")
        return data

    def applied(self, days):
        """The draft's days with this one changed."""
        data = self.cleaned_data
        kept = {day.day: day for day in days if day.day != data["day"]}
        if data["what"] != "usual":
            kept[data["day"]] = Day(data["day"], data["what"] == "work", data["name"])
        return tuple(kept[day] for day in sorted(kept))
