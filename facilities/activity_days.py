"""On which days an activity may lie: what the form, the filters of the list and the services refuse alike."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError

from campaign_portal import clock
from campaign_portal.fields import DAY

FIRST = date(2000, 1, 1)
YEARS_AHEAD = 5


def latest():
    """The same day five years from today; 28 February for a leap day."""
    today = clock.today()
    is_leap_day = (today.month, today.day) == (2, 29)
    return today.replace(year=today.year + YEARS_AHEAD, day=28 if is_leap_day else today.day)


def wrong_day(day):
    """Why an activity cannot lie on a day, as a sentence; None if it can."""
    if not FIRST <= day <= latest():
        return f"日期要在 {FIRST} 至 {latest()} 之间，请核对年份。"


def check_day(day):
    if sentence := wrong_day(day):
        raise ValidationError(sentence)


class DayField(forms.DateField):
    """A day on which an activity may lie."""

    widget = DAY
    default_validators = [check_day]
