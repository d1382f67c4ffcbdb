"""Form fields that every app uses: text without control characters, a day."""

import unicodedata

from django import forms

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")  # a field copies its widget, so one is enough


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
