"""Small words for templates, built in everywhere."""

from django import template
from django.utils import timezone

from campaign_portal import clock

register = template.Library()


@register.filter
def due_words(due_on, today=None):
    """How far a due date is: "逾期 12 天", "今天到期", "还有 2 天"."""
    days = (due_on - (today or clock.today())).days
    if days < 0:
        return f"逾期 {-days} 天"
    return "今天到期" if days == 0 else f"还有 {days} 天"


@register.filter
def due_class(due_on, today=None):
    """late, soon (within three days) or nothing."""
    days = (due_on - (today or clock.today())).days
    return "late" if days < 0 else "soon" if days <= 3 else ""


@register.filter
def short_date(value, today=None):
    """11-22 this year, 2025-11-22 otherwise. Takes a date or a moment."""
    if not value:
        return "—"
    if hasattr(value, "tzinfo"):
        value = timezone.localtime(value).date()
    return f"{value:%m-%d}" if value.year == (today or clock.today()).year else f"{value:%Y-%m-%d}"


@register.filter
def moment(value):
    """11-22 09:41 this year, with the year otherwise."""
    if not value:
        return "—"
    local = timezone.localtime(value)
    return f"{local:%m-%d %H:%M}" if local.year == clock.today().year else f"{local:%Y-%m-%d %H:%M}"


@register.filter
def masked(phone):
    """A phone number with its middle hidden, for lists: 138****1234."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 11 else phone


@register.filter
def numeral(number):
    """A small number as a Chinese numeral for headings, 1 to 19: 一, 十, 十二."""
    ones = "零一二三四五六七八九"
    return ones[number] if number < 10 else f"十{ones[number % 10] if number % 10 else ''}"


@register.simple_tag(takes_context=True)
def query(context, **changes):
    """The present query string with some values changed; None removes one. For links of filters and pagers."""
    params = context["request"].GET.copy()
    for name, value in changes.items():
        params.pop(name, None)
        if value is not None:
            params[name] = value
    return f"?{params.urlencode()}" if params else "?"
