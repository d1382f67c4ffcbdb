"""What forms of every app use: text without control characters, a day, and words that name the field that was left empty."""

import unicodedata

from django import forms
from django.forms.renderers import TemplatesSetting

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")  # a field copies its widget, so one is enough
INCOMPLETE = "页面不完整，请重新打开再填。"  # what only a page can send is missing


def without_control(text):
    """Everything but control characters: a database takes no NUL and a page shows none of them."""
    if text.isprintable():
        return text
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))


class PlainText(forms.CharField):
    """Text without control characters, with one kind of line break; emoji and everything else are kept as typed."""

    def to_python(self, value):
        text = super().to_python(value)
        return without_control(text.replace("\r\n", "\n").replace("\r", "\n")) if text else text


class NamedField(forms.BoundField):
    """A field of a form that names itself where it was left empty, unless it has words of its own for that."""

    CHOOSING = (forms.ChoiceField, forms.ModelChoiceField, forms.FileField)

    def __init__(self, form, field, name):
        super().__init__(form, field, name)
        if field.error_messages.get("required") is forms.Field.default_error_messages["required"]:
            field.error_messages["required"] = self._empty()

    def _empty(self):
        if self.is_hidden:
            return INCOMPLETE
        ticks, chooses = isinstance(self.field, forms.BooleanField), isinstance(self.field, self.CHOOSING)
        return f"请{'勾选' if ticks else '选择' if chooses else '填写'}“{self.label}”。"


class Renderer(TemplatesSetting):
    """Django's renderer, with our templates and fields."""

    bound_field_class = NamedField
