"""Workbooks as clerks keep them: made by three people, with a title, a head of two lines, sub-totals, notes."""

import datetime
import io
import re

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from .builders import browser

D = datetime.date
NAME = "2026年养老机构隐患台账.xlsx"

TOP = [
    "序号", "乡镇", "机构", "检查日期", "隐患情况", None, None, "责任部门", "整改责任人", "联系电话", "整改资金", "整改期限",
    "是否整改", "完成时间", "销号时间", "原编号",
]  # fmt: skip
BELOW = [None, None, None, None, "部位", "存在问题"]  # of the two-line head; column G is empty


def row(home, found="2026-3-5", summary="灭火器过期", *, place="走廊", department="", person="王建国",
        phone=13800000001.0, money="", due="2026.3.20", state="未整改", rectified="", closed="", code="", town="", number=1):  # fmt: skip
    """One row of the ledger, in the order of TOP."""
    return [number, town, home, found, place, summary, None, department, person, phone, money, due, state, rectified, closed, code]  # fmt: skip


def ledger(
    rows, *, title="2026年养老机构安全隐患排查整改台账", notes=("注：本表每月25日前报县民政局。",), merges=(), sheets=()
):
    """The bytes of a ledger with a merged title, a merged head in rows 2 and 3, and its rows from row 4 on."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "台账"
    sheet.append([title])
    sheet.merge_cells("A1:P1")
    sheet.append(TOP)
    sheet.append(BELOW)
    sheet.merge_cells("E2:F2")
    for letter in "ABCDHIJKLMNOP":
        sheet.merge_cells(f"{letter}2:{letter}3")
    for cells in rows:
        sheet.append(cells)
    for note in notes:
        sheet.append([note])
        sheet.merge_cells(start_row=sheet.max_row, end_row=sheet.max_row, start_column=1, end_column=16)
    for merge in merges:
        sheet.merge_cells(merge)
    for name in sheets:
        book.create_sheet(name)
    return saved(book)


def saved(book):
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def table(*rows, sheet="Sheet1"):
    """The bytes of a plain sheet: these rows and nothing else."""
    book = openpyxl.Workbook()
    book.active.title = sheet
    for cells in rows:
        book.active.append(cells)
    return saved(book)


def upload(data, name=NAME):
    return SimpleUploadedFile(
        name, data, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )


def rows_of(data):
    """What stands in the first sheet, as openpyxl reads it."""
    return [list(cells) for cells in openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True)]


class Desk:
    """A clerk at the pages of the import."""

    def __init__(self, user):
        self.client = browser(user)

    def upload(self, data, *, kind="hazards", name=NAME):
        return self.client.post("/sheets/import/", {"kind": kind, "file": upload(data, name)})

    def check(self, data, *, kind="hazards", name=NAME, **changes):
        """Upload, accept how the columns were matched (but for `changes`), and give the batch as the preview has it."""
        answer = self.upload(data, kind=kind, name=name)
        assert answer.status_code == 302, errors_of(answer)
        return self.settle(answer["Location"], **changes)

    def settle(self, url, **changes):
        page = self.client.get(url)
        form = page.context["form"]
        sent = {name: form[name].value() or "" for name in form.fields}
        self.page = self.client.post(url, sent | {"step": "check"} | changes, follow=True)
        assert self.page.status_code == 200, errors_of(self.page)
        return self.page.context["batch"]

    def press(self, verb, batch, **sent):
        self.page = self.client.post(reverse(f"imports:{verb}", args=[batch.pk]), sent, follow=True)
        return self.page

    def apply(self, batch):
        return self.press("apply", batch).context["batch"]

    def mend_file(self, batch):
        return b"".join(self.client.post(reverse("imports:mend", args=[batch.pk])))


def errors_of(page):
    return re.findall(r'class="errors".*?</ul>|note-error.*?</p>', page.content.decode(), re.DOTALL)


def problems(batch):
    return dict(batch.report["problems"])
