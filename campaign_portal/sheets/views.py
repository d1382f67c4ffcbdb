"""Lists as .xlsx: taking one with you, sending it back edited, confirming, undoing."""

import logging

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from campaign_portal.accounts import access
from campaign_portal.accounts.access import OFFICERS, Role
from campaign_portal.edges import Refused
from campaign_portal.files.responses import send_file
from campaign_portal.files.services import BadDocument
from campaign_portal.jobs import services as jobs

from . import round_trip, writing
from .models import Batch
from .opening import BadSheet
from .registry import SHEETS

log = logging.getLogger(__name__)

EDITORS = (*OFFICERS, Role.HOME)
MOST_AT_ONCE = 2000  # rows exported while the user waits
PAGE = 200
LATEST = 50


def export_response(request, sheet):
    """The filtered list as a download; if it is long, a job that makes it. The caller has checked the role."""
    user, query = request.user, request.GET
    rows = sheet.rows(user, query).order_by()
    if rows[: MOST_AT_ONCE + 1].count() <= MOST_AT_ONCE:
        with transaction.atomic():
            response, number = writing.download(sheet, user=user, query=query)
            writing.recorded(sheet, user=user, query=query, rows=number)
        return response
    if user.office.kind not in EDITORS:
        messages.error(request, f"超过 {MOST_AT_ONCE} 行，请加上筛选条件，分几次导出。")
        return redirect(request.META.get("HTTP_REFERER") or sheet.list_url)
    params = {"sheet": sheet.code, "query": query.urlencode(), "total": rows.count()}
    job = jobs.start("sheets.export", title=f"导出{sheet.label}（{params['total']} 行）", by=user, params=params)
    messages.success(request, "行数较多，已在后台导出，完成后可在这里下载。")
    return redirect("jobs:job", job.pk)


# Sent back


@access.allow(*EDITORS)
def returns(request):
    """What the office has sent back, and the form for the next one."""
    return _returns(request)


def _returns(request, *, error="", status=200):
    rows = Batch.objects.visible_to(request.user).filter(kind=Batch.Kind.ROUND_TRIP)
    rows = rows.select_related("uploaded_by", "file")[:LATEST]
    labels = {code: sheet.label for code, sheet in SHEETS.items()}
    batches = [{"batch": batch, "label": labels.get(batch.sheet, batch.sheet)} for batch in rows]
    lists = [sheet for sheet in SHEETS.values() if sheet.comes_back]
    context = {"batches": batches, "lists": lists, "error": error}
    return render(request, "sheets/returns.html", context, status=status)


@access.allow(*EDITORS)
@require_POST
def return_upload(request):
    upload = request.FILES.get("file")
    if upload is None:
        return _returns(request, error="请先选择改好的 Excel 文件。", status=422)
    try:
        batch = round_trip.receive(upload, by=request.user)
    except (BadSheet, BadDocument) as error:
        log.warning("refused workbook %r of user %s: %s", upload.name[-120:], request.user.pk, error)
        return _returns(request, error=f"“{upload.name}”：{error}", status=422)
    return redirect("sheets:return", batch.pk)


def _batch(request, pk):
    rows = Batch.objects.visible_to(request.user).filter(kind=Batch.Kind.ROUND_TRIP)
    return get_object_or_404(rows.select_related("file", "uploaded_by", "applied_by", "undone_by"), pk=pk)


@access.allow(*EDITORS)
def return_page(request, pk):
    """Before it is confirmed: every change beside what stands there now. Afterwards: what became of each row."""
    batch = _batch(request, pk)
    if request.method != "POST":
        return _return_page(request, batch)
    if batch.status == Batch.Status.UPLOADED:
        round_trip.choose(batch, **_ticked(request.POST))
    if "accept" not in request.POST:
        return redirect(f"{request.path}?page={_number(request.POST.get('go'))}")
    reason = request.POST.get("reason", "").strip()[:200]
    try:
        job = round_trip.accept(batch, by=request.user, reason=reason)
    except Refused as error:
        messages.error(request, str(error))
        return _return_page(request, _batch(request, pk), status=409, reason=reason)
    if job:
        messages.success(request, "改动较多，正在后台写入。")
        return redirect("jobs:job", job.pk)
    return redirect("sheets:return", pk)


def _ticked(data):
    """What the page showed and what was ticked on it, as round_trip.choose() takes it. What cannot be read is left out."""
    pairs = (pair.split(":", 1) for pair in data.get("shown", "").split(",") if ":" in pair)
    taken = (pair.split(":", 1) for pair in data.getlist("take") if ":" in pair)
    return {
        "shown": {_number(line): _number(version) for line, version in pairs},
        "rows": {_number(line) for line in data.getlist("row")},
        "taken": {(_number(line), name) for line, name in taken},
    }


def _number(text):
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0


def _return_page(request, batch, *, status=200, reason=""):
    sheet = SHEETS[batch.sheet]
    page = Paginator(batch.lines.all(), PAGE).get_page(request.GET.get("page"))
    shown = round_trip.compare(page.object_list, sheet, user=request.user)
    is_open = batch.status == Batch.Status.UPLOADED
    may_take = page.has_other_pages() or any(one.may_take for one in shown)  # other pages: not looked through for this
    removed = sheet.find(request.user, batch.options.get("removed", []))
    context = {
        "batch": batch,
        "sheet": sheet,
        "page": page,
        "shown": shown,
        "versions": ",".join(f"{one.line.pk}:{one.row.version if one.row else 0}" for one in shown),
        "is_open": is_open,
        "job": round_trip.job_at_work(batch),
        "asks": sheet.asks_reason(request.user, round_trip.verbs_offered(batch)) if is_open else "",
        "reason": reason,
        "is_begun": is_open and batch.rows.exists(),
        "may_write": is_open and may_take and round_trip.waiting(batch).exists(),
        "removed": [sheet.title(row) for row in removed],
        "may_undo": batch.status == Batch.Status.APPLIED and batch.counts.get("written"),
    }
    return render(request, "sheets/return.html", context, status=status)


@access.allow(*EDITORS)
@require_POST
def return_undo(request, pk):
    batch = _batch(request, pk)
    try:
        job = round_trip.undo(batch, by=request.user)
    except Refused as error:
        messages.error(request, str(error))
        return redirect("sheets:return", pk)
    if job:
        messages.success(request, "行数较多，正在后台撤销。")
        return redirect("jobs:job", job.pk)
    messages.success(request, "已撤销，恢复了写入前的内容。")
    return redirect("sheets:return", pk)


@access.allow(*EDITORS)
@require_POST
def return_drop(request, pk):
    try:
        round_trip.drop(_batch(request, pk), by=request.user)
    except Refused as error:
        messages.error(request, str(error))
        return redirect("sheets:return", pk)
    messages.success(request, "已放弃，没有写入任何内容。")
    return redirect("sheets:returns")


@access.allow(*EDITORS)
def return_file(request, pk):
    """The uploaded file, for the office that sent it."""
    return send_file(request, _batch(request, pk).file)
