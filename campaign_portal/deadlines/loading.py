"""Taking in a year's holiday notice: what it would change, and the change itself with everything that moves by it."""

import hashlib
import json
from datetime import date

from django.db import transaction

from campaign_portal import clock
from campaign_portal.audit.recording import name_verbs, record
from campaign_portal.edges import NotYours, Refused

from . import moving, workdays
from .holiday_notice import Day
from .models import CalendarYear, Workday
from .workdays import Calendar

name_verbs(calendar_loaded="录入节假日安排")

FIRST_YEAR, LAST_YEAR = 2000, 2099
MOST_DAYS = 60


class Overtaken(Refused):
    """The calendar is another than the one the page showed."""


def days_of(year):
    """The days of a year's notice as they are loaded."""
    rows = Workday.objects.filter(of_year=year).order_by("day")
    return tuple(Day(row.day, row.is_working, row.name) for row in rows)


def together(reading):
    """The days to take in: the notice's, and where it only adjusts a loaded year, those of the festivals it does not name."""
    if reading.is_whole:
        return reading.days
    named = set(reading.festivals)
    kept = [day for day in days_of(reading.year) if not named & set(day.name.split("、"))]
    by_day = {day.day: day for day in [*kept, *reading.days]}
    return tuple(by_day[day] for day in sorted(by_day))


def with_year(year, days):
    """The calendar as it would be with a year's days."""
    others = Workday.objects.exclude(of_year=year).values_list("day", "is_working")
    years = CalendarYear.objects.values_list("year", flat=True)
    return Calendar(dict(others) | {day.day: day.is_working for day in days}, {*years, year})


def check(year, days):
    """Refuse days that no notice of the year could name."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refused(f"年份应在 {FIRST_YEAR} 到 {LAST_YEAR} 之间。")
    if not days:
        raise Refused("还没有放假或补班的日子，不能录入。")
    if len(days) > MOST_DAYS:
        raise Refused(f"放假和补班共 {len(days)} 天，超过 {MOST_DAYS} 天，请核对。")
    for day in days:
        if not date(year - 1, 12, 1) <= day.day <= date(year, 12, 31):
            raise Refused(f"{day.day:%Y-%m-%d} 不在 {year} 年的安排里。")


def seal(year, days):
    """Of what a page shows: the calendar as it is, and the days that it would get."""
    shown = [list(map(str, workdays.stamp())), year, [[str(day.day), day.is_working, day.name] for day in days]]
    return hashlib.sha256(json.dumps(shown, ensure_ascii=False).encode()).hexdigest()[:32]


@transaction.atomic
def load_year(*, year, days, source, by, shown, text=""):
    """Take a year in, for everybody, and move every open deadline that was counted by the old calendar.

    `shown` is the seal() of the preview. Returns (CalendarYear, {code of a kind: [Move]}).
    """
    if not may_load(by):
        raise NotYours("节假日安排由民政局管理员录入。")
    check(year, days)
    workdays.hold(alone=True)
    if shown != seal(year, days):
        raise Overtaken("日历刚刚有了变化，请看清下面的最新情况再确认。")
    old, new = workdays.calendar(), with_year(year, days)
    before = days_of(year)
    row = _save(year, days, source, text, by)
    done = moving.move_all(old, new, by=by, reason=f"{year}年节假日安排")
    record("calendar.loaded", row, by=by, reason=source, notes=_notes(before, days, done))
    return row, done


def may_load(user):
    """Administrators of a bureau. The calendar is one for all: it is the State Council's."""
    return user.office.kind == "bureau" and user.is_administrator


def _save(year, days, source, text, by):
    row = CalendarYear.objects.select_for_update().filter(year=year).first() or CalendarYear(year=year, version=0)
    row.source, row.text, row.loaded_by, row.loaded_at = source, text, by, clock.now()
    row.version += 1
    row.save()
    Workday.objects.filter(of_year=year).delete()
    Workday.objects.filter(day__in=[day.day for day in days]).delete()
    Workday.objects.bulk_create(Workday(day=d, is_working=w, name=name, of_year=year) for d, w, name in days)
    return row


def _notes(before, days, done):
    notes = {"放假和补班": [in_words(before), in_words(days)]}
    for code, moves in done.items():
        notes[f"{moving.COUNTED[code].kind.label}期限"] = ["", f"调整 {len(moving.once(moves))} 条"]
    return notes


def in_words(days):
    """The days of a year, as one line: 放假 01-01 元旦；补班 01-04 元旦 …"""
    return (
        "；".join(f"{'补班' if day.is_working else '放假'} {day.day:%m-%d} {day.name}".strip() for day in days) or "—"
    )
