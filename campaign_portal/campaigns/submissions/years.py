"""Figures of earlier years: typed in one by one, or read from a sheet with a sentence for every row that is not right."""

import csv
import io
import re
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from django.db import transaction

from campaign_portal import clock
from campaign_portal.accounts.access import Role
from campaign_portal.accounts.models import Office
from campaign_portal.audit.models import Event
from campaign_portal.audit.recording import name_verbs, record
from campaign_portal.edges import NotYours, Refused
from campaign_portal.sheets.cells import as_text
from campaign_portal.sheets.foreign import plain, words
from campaign_portal.sheets.opening import BadSheet, open_workbook, rows_of

from ..models import YearFigure
from ..models.submissions import FIRST_YEAR
from .edges import WRITERS

name_verbs(yearfigure_saved="填写往年数据", yearfigure_removed="删除往年数据", yearfigure_imported="导入往年数据")

MOST_ROWS = 2000
MOST_CSV = 2 * 1024 * 1024
HEAD_WITHIN = 10  # rows in which the head is looked for
LARGEST = Decimal(10) ** 11
SHOWN = 10  # events of the history

HEADS = {
    "year": ("年份", "年度", "年"),
    "name": ("指标", "指标名称", "项目", "数据名称"),
    "value": ("数值", "数量", "数据", "完成数"),
    "unit": ("单位", "计量单位"),
    "town": ("乡镇", "乡镇(街道)", "乡镇街道"),
    "source": ("来源", "数据来源", "备注"),
}
NEEDED = {"year": "年份", "name": "指标", "value": "数值", "unit": "单位"}


class Entry(NamedTuple):
    """A figure as a row of a sheet gives it."""

    office: Office
    year: int
    name: str
    unit: str
    value: Decimal
    source: str = ""

    @property
    def key(self):
        return self.office.pk, self.name, self.unit, self.year


class BadRow(NamedTuple):
    """A row that cannot be taken, and why."""

    number: int
    why: str


def offices_for(user):
    """Whose figures the user may enter: the own office's; a bureau those of its townships too."""
    own = Office.objects.filter(pk=user.office_id)
    return own | Office.objects.filter(parent=user.office_id, kind=Role.TOWNSHIP)


def may_enter(user):
    return user.office.kind in WRITERS and user.is_caseworker


# Changes


@transaction.atomic
def save_figures(entries, *, by, verb="yearfigure.saved"):
    """Keep figures; one that is there already gets the new value. Returns the (new, changed) rows, of the changed with the
    value that each had (`was`)."""
    if not may_enter(by) or {entry.office.pk for entry in entries} - set(offices_for(by).values_list("pk", flat=True)):
        raise NotYours("只能填写本单位和所属乡镇的往年数据。")
    Office.objects.select_for_update(of=("self",), no_key=True).get(pk=by.office_id)  # one import after the other
    known = _known(entries)
    new, changed = [], []
    for entry in entries:
        row = known.get(entry.key)
        if row is None:
            new.append(YearFigure(**entry._asdict(), entered_by=by, entered_at=clock.now()))
        elif (row.value, row.source) != (entry.value, entry.source):
            row.was, row.value, row.source = row.value, entry.value, entry.source
            row.entered_by, row.entered_at = by, clock.now()
            changed.append(row)
    YearFigure.objects.bulk_create(new)
    YearFigure.objects.bulk_update(changed, ["value", "source", "entered_by", "entered_at"], batch_size=500)
    for office in {entry.office.pk: entry.office for entry in entries}.values():
        its = [[row for row in rows if row.office_id == office.pk] for rows in (new, changed)]
        if any(its):
            record(verb, office, by=by, notes=_notes(*its))
    return new, changed


def in_words(figure):
    """ "120条" """
    return f"{as_text(figure.value)}{figure.unit}"


def history_of(office):
    """What was entered, changed and taken away of an office's figures, newest first."""
    return Event.objects.about(office).filter(verb__startswith="yearfigure.").order_by("-pk")[:SHOWN]


def _known(entries):
    offices, years = {entry.office.pk for entry in entries}, {entry.year for entry in entries}
    rows = YearFigure.objects.filter(office__in=offices, year__in=years).select_related("office")
    return {(row.office_id, row.name, row.unit, row.year): row for row in rows}


MOST_NOTED = 50


def _notes(new, changed):
    """What an event says: each figure, up to a bearable number."""
    notes = {f"{row.year}年{row.name}": ["", in_words(row)] for row in new[:MOST_NOTED]}
    notes |= {f"{row.year}年{row.name}": [as_text(row.was), in_words(row)] for row in changed[:MOST_NOTED]}
    return notes | {"共": ["", f"新增 {len(new)} 项，更新 {len(changed)} 项"]}


@transaction.atomic
def remove_figure(figure, *, by):
    """Take an earlier year's figure away. The audit keeps what it was."""
    figure = YearFigure.objects.visible_to(by).select_for_update(of=("self",), no_key=True).filter(pk=figure.pk).first()
    if not may_enter(by):
        raise NotYours("往年数据由经办或审批人员填写。")
    if figure is None:
        raise Refused("这项数据已经删除。")
    was = {f"{figure.year}年{figure.name}": [in_words(figure), "—"]}
    record("yearfigure.removed", figure.office, by=by, notes=was)
    figure.delete()


# Reading a sheet


def read_sheet(upload, *, by):
    """([Entry], [BadRow]) of an uploaded .xlsx or .csv. Raises BadSheet with a sentence if it is no such list at all."""
    rows = _rows(upload)
    top, columns = _head(rows)
    if len(rows) - top > MOST_ROWS:
        raise BadSheet(f"表格超过 {MOST_ROWS} 行。请只留往年数据，或分几次导入。")
    offices = _by_name(by)
    entries, bad, seen = [], [], {}
    for number, row in enumerate(rows[top:], start=top + 1):
        cells = {name: row[index] if index < len(row) else "" for name, index in columns.items()}
        if not any(words(cell) for cell in cells.values()):
            continue
        try:
            entry = _entry(cells, by, offices)
            if entry.key in seen:
                raise ValueError(f"与第 {seen[entry.key]} 行重复（同一单位、指标、年份）")
        except ValueError as error:
            bad.append(BadRow(number, str(error)))
        else:
            seen[entry.key] = number
            entries.append(entry)
    if not entries and not bad:
        raise BadSheet("表头下面没有数据。请检查后重新选择。")
    return entries, bad


def _rows(upload):
    upload.seek(0)
    is_workbook = upload.read(2) == b"PK"
    if is_workbook or not upload.name.lower().endswith((".csv", ".txt")):
        book = open_workbook(upload)
        return rows_of(book, book.sheet_names[0])
    if upload.size > MOST_CSV:
        raise BadSheet("文件超过 2 MB，不像一份往年数据。请只留需要的行。")
    upload.seek(0)
    try:
        return list(csv.reader(io.StringIO(_decoded(upload.read()), newline="")))
    except csv.Error:
        raise BadSheet("文件读不出行列。请用 WPS 或 Excel 打开后另存为 .xlsx 再上传。") from None


def _decoded(data):
    if not data.strip():
        raise BadSheet("文件是空的，里面没有内容。请检查后重新选择。")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding).replace("\0", "")
        except UnicodeDecodeError:
            continue
    raise BadSheet("文件的文字编码认不出来。请用 WPS 或 Excel 打开后另存为 .xlsx 再上传。")


def _head(rows):
    """(number of rows down to the head, {name: column})."""
    missing = list(NEEDED.values())
    for number, row in enumerate(rows[:HEAD_WITHIN], start=1):
        heads = [re.sub(r"\s", "", plain(words(cell))) for cell in row]
        columns = {name: heads.index(h) for name, names in HEADS.items() for h in names[::-1] if h in heads}
        if NEEDED.keys() <= columns.keys():
            return number, columns
        if {"name", "value"} & columns.keys():
            missing = [label for name, label in NEEDED.items() if name not in columns]
    raise BadSheet(f"没有找到表头，或缺少{'、'.join(missing)}列。表头要有：年份、指标、数值、单位，可加乡镇、来源。")


def _by_name(by):
    """{what a sheet may call it: office}."""
    offices = offices_for(by).select_related("area")
    return {name: office for office in offices for name in (office.area.name, office.name, office.short_name)}


def _entry(cells, by, offices):
    """Raises ValueError with what is wrong."""
    name = plain(words(cells["name"]))
    if not 0 < len(name) <= 60:
        raise ValueError("没有写指标名称" if not name else f"指标名称有 {len(name)} 个字，最多 60 个")
    unit = plain(words(cells["unit"]))
    if unit == "%":
        _refuse_fraction(cells["value"])
    value = _number(_tidy(cells["value"]))
    if words(cells["value"]).endswith(("%", "％")):
        if unit not in ("", "%"):
            raise ValueError(f"数值带“%”，单位却是“{unit}”")
        unit = "%"
    if is_beyond_whole(unit, value):
        raise ValueError(f"数值 {as_text(value)}% 超过 100%")
    if len(unit) > 12:
        raise ValueError(f"单位“{unit[:12]}…”太长，最多 12 个字")
    source = words(cells.get("source", ""))[:120]
    return Entry(
        _office(words(cells.get("town", "")), by, offices), _year(words(cells["year"])), name, unit, value, source
    )


def _year(text):
    match = re.fullmatch(r"(\d{4})\s*年?度?", plain(text))
    if match is None:
        raise ValueError(f"年份“{text[:20]}”看不懂，请写成 2019" if text else "没有写年份")
    year, latest = int(match[1]), clock.today().year
    if not FIRST_YEAR <= year <= latest:
        raise ValueError(f"年份 {year} 不在 {FIRST_YEAR} 到 {latest} 之间")
    return year


def is_beyond_whole(unit, value):
    """Whether it is a rate that no whole has."""
    return unit == "%" and value > 100


def _refuse_fraction(cell):
    """A percentage as a spreadsheet keeps it, 0.935 for 93.5%. One below 1% has to be written with its sign."""
    if isinstance(cell, float) and 0 < cell <= 1:
        raise ValueError(f"{cell:g}% 是不是 {cell * 100:g}%？是的话写成 {cell * 100:g}；确实不到 1% 的写成“{cell:g}%”")


def _tidy(cell):
    """What a value's cell says; a sum like 0.1 + 0.2 without its last digits."""
    return words(round(cell, 9) if isinstance(cell, float) else cell)


def _number(text):
    if not text:
        raise ValueError("没有写数值")
    try:
        value = Decimal(plain(text).replace(",", "").rstrip("%"))
    except InvalidOperation:
        raise ValueError(f"数值“{text[:20]}”不是数字") from None
    if not value.is_finite() or value < 0 or value >= LARGEST:
        raise ValueError(f"数值“{text[:20]}”不在合理范围，应为 0 以上的数")
    if value != round(value, 2):
        raise ValueError(f"数值“{text[:20]}”小数太长，最多两位")
    return round(value, 2)


def _office(text, by, offices):
    if not text:
        return by.office
    if text not in offices:
        raise ValueError(f"“{text[:20]}”不是本单位所属的乡镇（街道）")
    return offices[text]
