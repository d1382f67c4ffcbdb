"""Workbooks for tests: what was downloaded, edited as WPS would, sent back."""

import io
from contextlib import contextmanager

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict

from campaign_portal.sheets.writing import MARK_HEAD, export
from inspections.sheets import LEDGER

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ALL = "state=all"


def exported(user, query=ALL, *, sheet=LEDGER):
    """The bytes of a downloaded list."""
    out = io.BytesIO()
    export(sheet, user=user, query=QueryDict(query), out=out)
    return out.getvalue()


def body_of(response):
    return b"".join(response.streaming_content)


def opened_with_openpyxl(data, sheet=LEDGER):
    book = openpyxl.load_workbook(io.BytesIO(data))
    return book, book[sheet.label]


class Page:
    """The list's worksheet, by head and by the row of a hazard."""

    def __init__(self, book, page):
        self.book, self.page = book, page
        self.column = {cell.value: cell.column for cell in page[1]}

    def cell(self, row, head):
        return self.page.cell(row if isinstance(row, int) else self.row_of(row), self.column[head])

    def put(self, row, head, value):
        """Type a value into a cell, as it is (`=` is no formula here)."""
        cell = self.cell(row, head)
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"

    def row_of(self, hazard):
        for row in range(2, self.page.max_row + 1):
            if self.page.cell(row, self.column["隐患编号"]).value == hazard.code:
                return row
        raise AssertionError(f"{hazard.code} is not in the sheet")

    def mark(self, row):
        return self.cell(row, MARK_HEAD)

    def values(self, row):
        return [cell.value for cell in self.page[row]]


@contextmanager
def edited(data, sheet=LEDGER):
    """Open a downloaded list, edit it in the block; `page.file` is the upload afterwards."""
    book, worksheet = opened_with_openpyxl(data, sheet)
    page = Page(book, worksheet)
    yield page
    page.file = upload(saved(book))


def saved(book):
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def upload(data, name="隐患台账.xlsx"):
    return SimpleUploadedFile(name, data, content_type=XLSX)
