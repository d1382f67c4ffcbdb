"""The pages of an import: upload, settle how the file reads, look at what would be written, write, mend, take back."""

import logging

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from campaign_portal.accounts import access
from campaign_portal.accounts.access import Role
from campaign_portal.edges import Refused
from campaign_portal.files.responses import send_file
from campaign_portal.files.services import BadDocument
from campaign_portal.jobs.models import Job

from . import importing, matching
from .foreign import words
from .import_forms import HeadForm, MatchForm, PicksForm, UploadForm
from .importers import importers_for
from .models import Batch
from .opening import BadSheet
from .reading import Workbook

log = logging.getLogger(__name__)

ALLOWED = (Role.BUREAU, Role.TOWNSHIP)
SHOWN = 40  # batches on the first page
TOP_ROWS = 12  # of the sheet, where the head is to be pointed out


@access.allow(*ALLOWED)
def imports(request):
    """What this office has imported, and the form for the next file."""
    importers = importers_for(request.user)
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES, importers=importers)
        if form.is_valid():
            importer = next(i for i in importers if i.code == form.cleaned_data["kind"])
            try:
                batch = importing.upload(importer, form.cleaned_data["file"], by=request.user)
            except (BadSheet, BadDocument) as error:
                log.warning("refused workbook %r: %s", form.cleaned_data["file"].name[-120:], error)
                form.add_error("file", str(error))
            else:
                return redirect("imports:match", batch.pk)
    else:
        kind = request.GET.get("kind")
        form = UploadForm(importers=importers, initial={"kind": kind} if kind in importing.IMPORTERS else None)
    batches = Batch.objects.visible_to(request.user).filter(kind=Batch.Kind.IMPORT)
    context = {
        "form": form,
        "importers": importers,
        "batches": batches.select_related("file", "uploaded_by")[:SHOWN],
    }
    return render(request, "sheets/imports.html", context, status=422 if form.errors else 200)


def _batch(request, pk):
    """A batch of the user's own office (else 404) that he may work on (else 403)."""
    rows = Batch.objects.visible_to(request.user).filter(kind=Batch.Kind.IMPORT)
    batch = get_object_or_404(rows.select_related("file", "office", "uploaded_by", "applied_by", "undone_by"), pk=pk)
    if not importing.importer_of(batch).may(request.user):
        raise PermissionDenied("您的岗位不能办理这次导入。")
    return batch


# How it reads


@access.allow(*ALLOWED)
def match(request, pk):
    """Two forms: which sheet and head rows (`read`), then which column is which (`check`)."""
    batch = _batch(request, pk)
    if batch.status != Batch.Status.UPLOADED:
        return redirect("imports:batch", pk)
    importer = importing.importer_of(batch)
    try:
        with batch.file.open() as file:
            book = Workbook(file)
            if request.method == "POST" and request.POST.get("step") == "read":
                return _read_anew(request, batch, book)
            table = book.table(batch.options["sheet"])
    except BadSheet as error:
        messages.error(request, str(error))
        return redirect("imports:imports")
    head_form = HeadForm(book=book, batch=batch)
    if not batch.options["head"]:
        return _match_page(request, batch, head_form, table=table)
    head = matching.head_at(table.tops, *batch.options["head"])
    asked = {"importer": importer, "head": head, "options": batch.options, "user": request.user}
    rows = table.rows[head.bottom : head.bottom + 40]
    form = MatchForm(request.POST or None, rows=rows, **asked)
    if request.method == "POST" and form.is_valid():
        return _settled(request, batch, form)
    return _match_page(request, batch, head_form, form=form, table=table, head=head)


def _read_anew(request, batch, book):
    """Another sheet or another head: match its columns anew."""
    form = HeadForm(request.POST, book=book, batch=batch)
    if not form.is_valid():
        table = book.table(batch.options["sheet"])
        return _match_page(request, batch, form, table=table, status=422)
    importer, data = importing.importer_of(batch), form.cleaned_data
    table = book.table(data["sheet"])
    is_other_sheet = data["sheet"] != batch.options["sheet"]
    head = None
    if not is_other_sheet and data["head_bottom"] <= len(table.tops):
        head = matching.head_at(table.tops, data["head_top"], data["head_bottom"])
    options = importing.guess(importer, table, office=batch.office, file_name=batch.file.name, head=head)
    try:
        importing.settle(batch, by=request.user, options=options)
    except Refused as error:
        messages.error(request, str(error))
    return redirect("imports:match", batch.pk)


def _settled(request, batch, form):
    try:
        batch = importing.settle(batch, by=request.user, options=form.options())
        importing.look(batch, by=request.user)
    except (Refused, BadSheet) as error:
        messages.error(request, str(error))
        return redirect("imports:match", batch.pk)
    return redirect("imports:batch", batch.pk)


def _match_page(request, batch, head_form, *, table, form=None, head=None, status=None):
    context = {
        "batch": batch,
        "importer": importing.importer_of(batch),
        "head_form": head_form,
        "form": form,
        "head": head,
        "sheets": len(head_form.fields["sheet"].choices),
        "top_rows": [
            (number, [words(cell) for cell in row[:10]]) for number, row in enumerate(table.tops[:TOP_ROWS], start=1)
        ],
    }
    has_errors = head_form.errors or (form is not None and form.errors)
    return render(request, "sheets/import_match.html", context, status=status or (422 if has_errors else 200))


# What would be, and what was written


@access.allow(*ALLOWED)
def batch_page(request, pk):
    batch = _batch(request, pk)
    job = importing.job_of(batch)
    context = {
        "batch": batch,
        "importer": importing.importer_of(batch),
        "report": batch.report,
        "form": PicksForm(report=batch.report, picks=batch.options.get("picks", {})),
        "job": job if job and (not job.is_over or job.status != Job.Status.DONE) else None,
        "is_own_job": job is not None and job.owner_id == request.user.pk,
        "has_picks": any(batch.options.get("picks", {}).values()),
        "is_unfinished": bool(batch.options.get("unfinished")),
        "listed": importing.importer_of(batch).list_query.format(batch=batch.pk),
    }
    return render(request, "sheets/import.html", context)


@access.allow(*ALLOWED)
@require_POST
def picks(request, pk):
    """Take what was chosen for words that were not understood, and check again."""
    batch = _batch(request, pk)
    before = {} if "clear" in request.POST else batch.options.get("picks", {})
    form = PicksForm(request.POST, report=batch.report, picks=before)
    if not form.is_valid():
        messages.error(request, "有一项选择已经不能用，请重新选择。")
        return redirect("imports:batch", pk)
    chosen = {} if "clear" in request.POST else form.picks()
    merged = {name: before.get(name, {}) | chosen.get(name, {}) for name in {*before, *chosen}}
    try:
        batch = importing.settle(batch, by=request.user, options={"picks": merged})
        importing.look(batch, by=request.user)
    except (Refused, BadSheet) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "已按您的选择重新核对。")
    return redirect("imports:batch", pk)


@access.allow(*ALLOWED)
@require_POST
def apply(request, pk):
    batch = _batch(request, pk)
    return _done(request, batch, importing.apply, "已导入。")


@access.allow(*ALLOWED)
@require_POST
def undo(request, pk):
    batch = _batch(request, pk)
    return _done(request, batch, importing.undo, "已撤销这次导入。")


@access.allow(*ALLOWED)
@require_POST
def drop(request, pk):
    batch = _batch(request, pk)
    return _done(request, batch, importing.drop, "已放弃，没有写入任何内容。")


def _done(request, batch, act, sentence):
    """Do it, say so, and go to the batch: what is now there, or the progress of a job."""
    try:
        outcome = act(batch, by=request.user)
    except (Refused, BadSheet) as error:
        messages.error(request, str(error))
    else:
        if not isinstance(outcome, Job):
            messages.success(request, sentence)
    return redirect("imports:batch", batch.pk)


@access.allow(*ALLOWED)
@require_POST
def mend(request, pk):
    """The rows to mend as a workbook; for a long file, the page of the job that makes it."""
    batch = _batch(request, pk)
    try:
        made = importing.mend(batch, by=request.user)
    except (Refused, BadSheet) as error:
        messages.error(request, str(error))
        return redirect("imports:batch", pk)
    return redirect("jobs:job", made.pk) if isinstance(made, Job) else send_file(request, made)
