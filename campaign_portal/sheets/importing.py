"""Importing an old workbook: upload, settle how it reads, look at what would be written, write it, take it back.

Nothing is written into a list before it is confirmed. Up to AT_ONCE rows are done in the request, in one transaction;
more in a job, in transactions of CHUNK rows, so that numbers and counters are not held for minutes. A job that stops on
its way leaves what it has written, and can be gone on with (what is there already is left out) or undone as a whole.
"""

from collections import Counter, defaultdict
from contextlib import contextmanager
from functools import partial
from itertools import islice

from django.db import transaction

from campaign_portal import clock
from campaign_portal.audit.recording import name_verbs, record
from campaign_portal.edges import NotYours, Refused
from campaign_portal.files.services import store_document
from campaign_portal.jobs import services as jobs
from campaign_portal.jobs.models import Job

from . import matching
from .importers import IMPORTERS, Importer
from .mending import mend_file
from .models import Batch, BatchRow
from .opening import BadSheet
from .reading import Reader, Skipped, Workbook, guess_year

name_verbs(sheet_imported="导入表格", sheet_import_undone="撤销导入", sheet_import_dropped="放弃导入")

AT_ONCE = 500
CHUNK = 2000
REMEMBERED = 5  # how many earlier files of an office say how its heads are meant
COUNTS = ("good", "bad", "repeats", "skipped", "written", "undone", "kept")
MOST_PROBLEMS, MOST_ROWS, MOST_ASKS = 200, 30, 40  # shown on the preview; the file to mend has them all


def importer_of(batch) -> Importer:
    return IMPORTERS[batch.sheet]


def _refuse_strangers(batch, by):
    if batch.office_id != by.office_id or not importer_of(batch).may(by):
        raise NotYours("您的单位或岗位不能办理这次导入。")


# Upload


@transaction.atomic
def upload(importer, file, *, by):
    """Keep an uploaded workbook and guess how it reads. Raises BadSheet, or BadDocument for a file we do not keep."""
    if not importer.may(by):
        raise NotYours(f"您的岗位不能导入{importer.label}。")
    table = Workbook(file).guess(importer.columns)
    if not table.rows:
        raise BadSheet("工作表里没有内容。请检查是不是选错了文件。")
    file.seek(0)
    columns = {"sheet": importer.code, "office": by.office, "uploaded_by": by, "counts": dict.fromkeys(COUNTS, 0)}
    batch = Batch(kind=Batch.Kind.IMPORT, **columns)
    batch.file = store_document(file, by=by)
    batch.options = guess(importer, table, office=by.office, file_name=batch.file.name)
    batch.save(force_insert=True)
    return batch


def guess(importer, table, *, office, file_name, head=None):
    """How a table reads, as the options of a batch: sheet, head rows, column of each of its columns, year."""
    head = head or matching.find_head(table.tops, importer.columns)
    remembered = _remembered(office, importer)
    columns = matching.match(head.texts, importer.columns, remembered=remembered["heads"]) if head else {}
    titles = [str(cell) for row in table.tops[:3] for cell in row[:3]]
    return {
        "sheet": table.name,
        "head": [head.top, head.bottom] if head else None,
        "columns": {str(index): name for index, name in columns.items()},
        "year": guess_year(table.name, file_name, *titles, default=clock.today().year),
        "picks": remembered["picks"],
        "rows": len(table.rows),
    }


def _remembered(office, importer):
    """How the office settled the heads ("" for not to be imported) and words of its last files."""
    before = Batch.objects.filter(office=office, kind=Batch.Kind.IMPORT, sheet=importer.code, options__has_key="heads")
    heads, picks = {}, defaultdict(dict)
    for options in reversed(before.order_by("-pk").values_list("options", flat=True)[:REMEMBERED]):
        heads |= options["heads"]
        for name, picked in options["picks"].items():
            picks[name] |= picked
    return {"heads": heads, "picks": dict(picks)}


# How it reads


@transaction.atomic
def settle(batch, *, by, options):
    """Save how the user says the file reads (some of `options` of guess(), the importer's own choices, picks)."""
    batch = _locked(batch)
    _refuse_strangers(batch, by)
    if batch.status != Batch.Status.UPLOADED:
        raise Refused(f"这个文件{batch.get_status_display()}，不能再改对应关系。")
    _refuse_while_working(batch)
    batch.options |= options
    batch.report = {}
    batch.save(update_fields=["options", "report"])
    return batch


def reader_of(batch):
    """The file as it was settled: a Reader. Raises BadSheet where it is not yet settled."""
    importer, options = importer_of(batch), batch.options
    if not options.get("head"):
        raise BadSheet("还没有指定表头在哪一行。")
    with batch.file.open() as file:
        table = Workbook(file).table(options["sheet"])
    head = matching.head_at(table.tops, *options["head"])
    columns = {int(index): name for index, name in options["columns"].items()}
    return Reader(importer, table, head=head, columns=columns, year=options["year"])


# Looking


def look(batch, *, by):
    """Check every row and keep what was found as the batch's report: now, or in a job if there are many."""
    if batch.options["rows"] > AT_ONCE:
        _start("imports.look", "核对", batch, by=by)
    else:
        _look(batch, by)


def _look(batch, by, progress=lambda done, total: None, hold=lambda: None):
    survey = _survey(batch, by)
    for _ in survey:
        progress(survey.done, survey.total)
    batch.report = survey.report()
    batch.counts |= survey.counts()
    with transaction.atomic():
        hold()
        batch.save(update_fields=["report", "counts"])


def _survey(batch, by):
    reader = reader_of(batch)
    heads = {name: reader.head.texts[index] for index, name in reader.columns.items()}
    return Survey(reader, importer_of(batch).start(by, batch.options | {"texts": heads}))


class Survey:
    """One pass over a file: checks its lines in chunks and notes what the preview shows.

    `work` is what the importer's start() gave.
    """

    def __init__(self, reader, work):
        self.reader, self.work = reader, work
        self.done, self.total = 0, reader.height
        self.good, self.bad, self.repeats = 0, 0, []
        self.skipped, self.remarks = defaultdict(list), Counter()
        self.problems, self.asks, self.samples = [], {}, []

    def __iter__(self):
        """The checked lines, in lists of up to CHUNK rows."""
        rows = iter(self.reader)
        while chunk := list(islice(rows, CHUNK)):
            lines = []
            for item in chunk:
                if isinstance(item, Skipped):
                    self.skipped[item.why].append(item.number)
                else:
                    lines.append(item)
            self.work.check(lines)
            for line in lines:
                self._note(line)
            self.done += len(chunk)
            yield lines

    def _note(self, line):
        if line.problems:
            self.bad += 1
            self._note_problems(line)
        elif line.repeats:
            self.repeats.append([line.number, line.repeats])
        else:
            self.good += 1
            self.remarks.update(line.remarks)
            if len(self.samples) < MOST_ROWS:
                self.samples.append([line.number, *self.work.show(line)])

    def _note_problems(self, line):
        for problem in line.problems:
            if len(self.problems) < MOST_PROBLEMS:
                self.problems.append([self.reader.address(line.number, problem.name), problem.sentence])
            words = line.says(problem.name)
            if problem.choices and words:
                ask = self.asks.setdefault((problem.name, words), [0, problem.choices])
                ask[0] += 1

    def counts(self):
        skipped = sum(map(len, self.skipped.values()))
        return {"good": self.good, "bad": self.bad, "repeats": len(self.repeats), "skipped": skipped}

    def report(self):
        importer, table = self.reader.importer, self.reader.table
        asks = sorted(self.asks.items(), key=lambda item: -item[1][0])[:MOST_ASKS]
        return {
            "problems": self.problems,
            "asks": [
                {"name": name, "label": importer.column(name).label, "words": words, "rows": rows, "choices": choices}
                for (name, words), (rows, choices) in asks
            ],
            "labels": [importer.column(name).label for name in importer.shown],
            "samples": self.samples,
            "repeats": self.repeats[:MOST_ROWS],
            "skipped": [[why, len(numbers), numbers[:12]] for why, numbers in self.skipped.items()],
            "remarks": self.remarks.most_common(12),
            "hidden": [table.hidden_rows, table.hidden_columns],
        }


# Writing


def apply(batch, *, by):
    """Write the rows that are good now. Raises Refused if that has been done, or is being done."""
    with transaction.atomic():
        batch = _may_write(batch, by)
        if batch.options["rows"] > AT_ONCE:
            return _start("imports.write", "导入", batch, by=by)
        return _write(batch, by)


def _may_write(batch, by):
    batch = _locked(batch)
    _refuse_strangers(batch, by)
    _refuse_while_working(batch)
    unfinished = batch.status == Batch.Status.APPLIED and batch.options.get("unfinished")
    if batch.status != Batch.Status.UPLOADED and not unfinished:
        raise Refused(f"这个文件{batch.get_status_display()}，不会重复导入。")
    if not batch.report:
        raise Refused("对应关系改过以后还没有核对，请先核对。")
    if not batch.counts.get("good") and not unfinished:
        raise Refused("没有可以导入的行。请先修改，再上传。")
    return batch


def _write(batch, by, progress=lambda done, total: None, hold=lambda: None):
    """Write in transactions of CHUNK rows; inside a caller's transaction they are parts of that one.

    A job's `hold` keeps it from being cancelled while a chunk is written: whoever goes on with the file afterwards, or
    takes it back, finds every row that the job has written, and none comes later.
    """
    survey = _survey(batch, by)
    for lines in survey:
        if good := [line for line in lines if line.is_good]:
            with transaction.atomic():
                hold()
                _write_chunk(batch, survey.work, good, by)
        progress(survey.done, survey.total)
    with transaction.atomic():
        hold()
        batch.options.pop("unfinished", None)
        batch.report = survey.report()
        _conclude(batch, by, survey.counts())
    return batch


def _write_chunk(batch, work, lines, by):
    if batch.status == Batch.Status.UPLOADED:
        batch.status, batch.applied_by, batch.applied_at = Batch.Status.APPLIED, by, clock.now()
        batch.options["unfinished"] = True
    written = work.write(lines, batch)
    BatchRow.objects.bulk_create(BatchRow(batch=batch, target_pk=row.pk, version=row.version) for row in written)
    batch.counts["written"] += len(written)
    batch.save(update_fields=["status", "applied_by", "applied_at", "options", "counts"])


def _conclude(batch, by, counts):
    """Save the outcome and record it. Rows of an earlier, interrupted go are no repeats."""
    written = batch.counts["written"]
    batch.counts |= counts | {"repeats": max(0, counts["repeats"] + counts["good"] - written)}
    batch.save(update_fields=["options", "counts", "report"])
    if written:
        unit = importer_of(batch).unit
        notes = {COUNTED[name]: ["", f"{n} {unit}"] for name, n in batch.counts.items() if name in COUNTED and n}
        record("sheet.imported", batch, by=by, notes=notes)


COUNTED = {"written": "导入", "bad": "要修改", "repeats": "已在系统"}


def _start(kind, verb, batch, *, by):
    """Begin a job on a file that no other job works on: `batch.options["job"]` names only one."""
    title = f"{verb}《{batch.file.name}》"[:120]
    with transaction.atomic():
        batch = _locked(batch)
        _refuse_while_working(batch)
        job = jobs.start(kind, title=title, by=by, params={"batch": batch.pk})
        batch.options["job"] = job.pk
        batch.save(update_fields=["options"])
    return job


def job_of(batch):
    return Job.objects.filter(pk=batch.options.get("job", 0)).first()


def _refuse_while_working(batch):
    job = job_of(batch)
    if job and not job.is_over:
        raise Refused("后台正在处理这个文件，请等它做完，或先取消任务。")


def _locked(batch):
    rows = Batch.objects.select_related("office", "file")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=batch.pk)


def _for_job(job):
    """The batch of a job and the person who started it, with his rights as they are now."""
    batch = Batch.objects.select_related("office", "file").get(pk=job.params["batch"])
    owner = job.owner
    if not owner.is_active or not importer_of(batch).may(owner) or batch.office_id != owner.office_id:
        raise jobs.CannotFinish("您已不能办理这次导入，请联系本单位管理员。")
    return batch, owner


@contextmanager
def _told():
    """What refuses the work becomes the job's sentence."""
    try:
        yield
    except (Refused, BadSheet) as error:
        raise jobs.CannotFinish(str(error)) from error


@jobs.job("imports.look")
def look_job(job, progress):
    """params: {"batch": pk}."""
    batch, by = _for_job(job)
    with _told():
        _look(batch, by, progress, hold=partial(jobs.hold, job))


@jobs.job("imports.write")
def write_job(job, progress):
    """params: {"batch": pk}. Run again after its worker was lost, it leaves out what is there already."""
    batch, by = _for_job(job)
    try:
        with _told():
            _write(batch, by, progress, hold=partial(jobs.hold, job))
    except jobs.Cancelled:
        with transaction.atomic():
            record("sheet.imported", batch, by=by, reason="中途取消", notes=_written_so_far(batch))
        raise


def _written_so_far(batch):
    return {COUNTED["written"]: ["", f"{batch.counts['written']} {importer_of(batch).unit}"]}


# Mending


def mend(batch, *, by):
    """The rows that need mending as a StoredFile, or the Job that makes it."""
    if batch.options["rows"] > AT_ONCE:
        return _start("imports.mend", "待修改的行：", batch, by=by)
    return _mend(batch, by)


def _mend(batch, by, progress=lambda done, total: None):
    survey = _survey(batch, by)

    def bad_lines():
        for lines in survey:
            yield from (line for line in lines if line.problems)
            progress(survey.done, survey.total)

    return mend_file(survey.reader, bad_lines(), name=batch.file.name, by=by)


@jobs.job("imports.mend")
def mend_job(job, progress):
    """params: {"batch": pk}. Its result is the file."""
    batch, by = _for_job(job)
    with _told():
        return _mend(batch, by, progress)


# Taking back


def undo(batch, *, by):
    """Take the batch back as one: rows that nobody has touched since are taken back, the others named."""
    with transaction.atomic():
        batch = _locked(batch)
        _refuse_strangers(batch, by)
        _refuse_while_working(batch)
        if batch.status != Batch.Status.APPLIED:
            raise Refused(f"这次导入{batch.get_status_display()}，不能撤销。")
        if batch.rows.count() > AT_ONCE:
            return _start("imports.undo", "撤销导入", batch, by=by)
        return _undo(batch, by)


def _undo(batch, by, progress=lambda done, total: None, hold=lambda: None):
    """In transactions of CHUNK rows. What is taken back is no row of the batch any more."""
    importer, last, done = importer_of(batch), 0, 0
    total = batch.rows.count()
    kept = []
    while rows := list(batch.rows.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        with transaction.atomic():
            hold()
            undone = importer.undo(rows, batch, by)
            batch.counts["undone"] += undone.count
            batch.save(update_fields=["counts"])
        kept += undone.kept
        last, done = rows[-1].pk, done + len(rows)
        progress(done, total)
    with transaction.atomic():
        hold()
        batch.status, batch.undone_by, batch.undone_at = Batch.Status.UNDONE, by, clock.now()
        batch.counts["kept"] = len(kept)
        batch.report = {"kept": kept[:MOST_PROBLEMS]}
        batch.options.pop("unfinished", None)
        batch.save(update_fields=["status", "undone_by", "undone_at", "counts", "report", "options"])
        notes = {"撤销": ["", f"{batch.counts['undone']} {importer.unit}"]}
        if kept:
            notes["保留"] = ["", f"{len(kept)} {importer.unit}"]
        record("sheet.import_undone", batch, by=by, notes=notes)
    return batch


@jobs.job("imports.undo")
def undo_job(job, progress):
    """params: {"batch": pk}."""
    batch, by = _for_job(job)
    _undo(batch, by, progress, hold=partial(jobs.hold, job))


@transaction.atomic
def drop(batch, *, by):
    """Put an upload aside that was not imported."""
    batch = _locked(batch)
    _refuse_strangers(batch, by)
    _refuse_while_working(batch)
    if batch.status != Batch.Status.UPLOADED:
        raise Refused(f"这个文件{batch.get_status_display()}，不能放弃。")
    batch.status = Batch.Status.DROPPED
    batch.save(update_fields=["status"])
    record("sheet.import_dropped", batch, by=by)
    return batch
