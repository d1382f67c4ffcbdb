"""The calendar of working days, and taking in the holiday notice of a year."""

import calendar as months
from datetime import date
from typing import NamedTuple
from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse

from campaign_portal import clock
from campaign_portal.accounts import access
from campaign_portal.accounts.access import EVERYONE, Role
from campaign_portal.audit.models import Event
from campaign_portal.edges import Refused

from . import coverage, loading, moving, workdays
from .calendar_forms import DayForm, DraftForm, NoticeForm, written
from .holiday_notice import read
from .loading import FIRST_YEAR, LAST_YEAR
from .models import CalendarYear

MOST_ROWS = 200


class Cell(NamedTuple):
    """A day of a wall calendar. `mark` is 休 on a holiday with the weekend that adjoins it, 班 on a weekend day worked."""

    day: date
    mark: str
    name: str
    is_off: bool
    is_today: bool


def wall(year, days, *, today=None):
    """The twelve months of a year: (month, weeks), a week being seven Cells, None outside the month."""
    marked = _with_weekends({day.day: day for day in days})
    weeks = months.Calendar()
    return [
        (month, [[_cell(day, month, marked, today) for day in week] for week in weeks.monthdatescalendar(year, month)])
        for month in range(1, 13)
    ]


def _with_weekends(marked):
    """{day: Day} with the weekend days that lie beside a day off, as official calendars mark them."""
    found = dict(marked)
    for own in [day for day in marked.values() if not day.is_working]:
        for step in (-clock.ONE_DAY, clock.ONE_DAY):
            beside = own.day + step
            while beside.weekday() >= 5 and beside not in found:
                found[beside] = own
                beside += step
    return found


def _cell(day, month, marked, today):
    if day.month != month:
        return None
    own = marked.get(day)
    mark = "" if own is None else "班" if own.is_working else "休"
    is_off = day.weekday() >= 5 if own is None else not own.is_working
    return Cell(day, mark, own.name if own else "", is_off, day == today)


def festivals(days):
    """What a notice arranges, a line a festival: (name, days off, days worked). Weekends within go without saying."""
    found = {}
    for day in days:
        found.setdefault(day.name or "其他", ([], []))[day.is_working].append(day.day)
    return [(name, off, worked) for name, (off, worked) in found.items()]


@access.allow(*EVERYONE)
def calendar(request):
    """A year as twelve months, with what the holiday notice made of it."""
    today = clock.today()
    year = _year(request.GET.get("year", "")) or today.year
    loaded = {row.year: row for row in CalendarYear.objects.select_related("loaded_by__office")}
    days = loading.days_of(year)
    context = {
        "year": year,
        "row": loaded.get(year),
        "years": sorted({*loaded, today.year, today.year + 1, year}),
        "loaded": loaded,
        "wall": wall(year, [*days, *_of_next_notice(year)], today=today),
        "festivals": festivals(days),
        "gaps": coverage.gaps(request.user, today=today) if request.user.office.kind == Role.BUREAU else [],
        "may_load": loading.may_load(request.user),
        "events": list(Event.objects.about(loaded[year])) if year in loaded and loading.may_load(request.user) else [],
    }
    return render(request, "deadlines/calendar.html", context)


def _of_next_notice(year):
    """Days of December that the next year's notice moved."""
    return [day for day in loading.days_of(year + 1) if day.day.year == year]


def _year(text):
    year = int(text) if text.isascii() and text.isdecimal() and len(text) == 4 else 0
    return year if FIRST_YEAR <= year <= LAST_YEAR else None


# Taking in a year


@access.allow(Role.BUREAU, duty="is_administrator")
def load(request):
    """Paste a notice or change days by hand, see what moves, confirm."""
    if request.method != "POST":
        year = _year(request.GET.get("year", ""))
        return _paste(request, NoticeForm()) if year is None else _draft(request, _by_hand(year))
    step = {"edit": _edit, "confirm": _confirm}.get(request.POST.get("step"), _read)
    return step(request)


def _paste(request, form, status=200):
    context = {"form": form, "gaps": coverage.gaps(request.user)}
    return render(request, "deadlines/calendar_load.html", context, status=status)


def _read(request):
    form = NoticeForm(request.POST)
    if not form.is_valid():
        return _paste(request, form, status=422)
    reading, text = form.reading, form.cleaned_data["text"]
    return _draft(request, {"year": reading.year, "text": text, "days": _known(reading), "source": reading.source})


def _known(reading):
    return loading.together(reading) if reading.days else ()


def _by_hand(year):
    """The draft of a year that is to be changed, or begun, without a text."""
    row = CalendarYear.objects.filter(year=year).first()
    source = row.source if row else f"国务院办公厅关于{year}年部分节假日安排的通知"
    return {"year": year, "text": row.text if row else "", "days": loading.days_of(year), "source": source}


def _edit(request):
    form = DraftForm(request.POST)
    if "year" not in _cleaned(form):
        return _paste(request, NoticeForm(), status=422)
    draft = form.cleaned_data | {"source": request.POST.get("source", "")[:120]}
    day = DayForm(request.POST, year=draft["year"])
    if not day.is_valid():
        return _draft(request, draft, day=day, status=422)
    return _draft(request, draft | {"days": day.applied(draft["days"])})


def _cleaned(form):
    """What of a draft could be read; without its hidden values there is no draft."""
    form.is_valid()
    data = form.cleaned_data
    return data if {"year", "days", "text"} <= data.keys() else {}


def _confirm(request):
    form = DraftForm(request.POST)
    draft = _cleaned(form)
    if not draft:
        return _paste(request, NoticeForm(), status=422)
    findings = _findings(draft)
    if form.is_valid() and findings and not draft["is_checked"]:
        form.add_error("is_checked", "通知里有对不上的地方，请核对后勾选。")
    if not form.is_valid():
        return _draft(request, draft, form=form, status=422)
    names = ("year", "days", "source", "text", "shown")
    try:
        row, done = loading.load_year(by=request.user, **{name: draft[name] for name in names})
    except Refused as error:
        form.add_error(None, str(error))
        return _draft(request, draft, form=form, status=409)
    moved = sum(len(moving.once(moves)) for moves in done.values())
    messages.success(
        request, f"{row.year}年节假日安排已录入，{f'{moved} 条期限随之调整' if moved else '没有期限需要调整'}。"
    )
    return redirect(f"{reverse('calendar:calendar')}?{urlencode({'year': row.year})}")


def _findings(draft):
    return read(draft["text"], year=draft["year"]).findings if draft["text"] else ()


def _draft(request, draft, *, form=None, day=None, status=200):
    """What would be taken in, what moves by it, and the forms to change and to confirm it."""
    year, days = draft["year"], draft["days"]
    shown = loading.seal(year, days)
    form = form or DraftForm(initial={"source": draft.get("source", "")})
    carried = {"year": year, "text": draft["text"], "days": written(days), "shown": shown}
    moves, rows = preview(request.user, year, days)
    context = {
        "year": year,
        "form": form,
        "carried": carried,
        "day": day or DayForm(year=year),
        "days": days,
        "wall": wall(year, days),
        "festivals": festivals(days),
        "findings": _findings(draft),
        "present": CalendarYear.objects.filter(year=year).select_related("loaded_by__office").first(),
        "moves": moves,
        "move_count": sum(line["count"] for line in moves),
        "rows": rows,
        "is_cut": sum(line["seen"] for line in moves) > len(rows),
    }
    return render(request, "deadlines/calendar_draft.html", context, status=status)


def preview(user, year, days):
    """What moves: a line a kind with its numbers, and the first rows that the user may see as (kind, Entry, Move)."""
    found = moving.all_moves(workdays.calendar(), loading.with_year(year, days))
    lines, rows = [], []
    for code, moves in found.items():
        kind = moving.COUNTED[code].kind
        seen = moving.once(_visible(kind, user, moves))
        lines.append({"kind": kind, "count": len(moving.once(moves)), "seen": len(seen)})
        rows += _entries(kind, seen[: MOST_ROWS - len(rows)])
    return lines, rows


def _visible(kind, user, moves):
    pks = set()
    for chunk in moving.in_chunks(move.pk for move in moves):
        pks.update(kind.visible_to(user).filter(pk__in=chunk).values_list("pk", flat=True))
    return sorted((move for move in moves if move.pk in pks), key=lambda move: (move.was, move.pk))


def _entries(kind, moves):
    entries = {entry.pk: entry for entry in kind.entries(kind.open().filter(pk__in=[move.pk for move in moves]))}
    return [(kind, entries[move.pk], move) for move in moves if move.pk in entries]
