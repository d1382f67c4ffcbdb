"""A sheet that came back: kept, compared with the rows as they are now, confirmed, written, taken back as one.

Nothing is written before somebody confirms it, and what is confirmed is what was shown: each line remembers the version
of its row that stood beside it.
"""

from dataclasses import dataclass
from functools import cached_property
from uuid import NAMESPACE_URL, uuid5

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F

from campaign_portal import clock
from campaign_portal.audit.recording import citing, name_verbs, record
from campaign_portal.edges import Refused
from campaign_portal.files.services import store_document
from campaign_portal.jobs import services as jobs
from campaign_portal.jobs.models import Job

from . import cells
from .coming_back import MOST_SHOWN, read, same
from .models import Batch, BatchLine, BatchRow
from .opening import open_workbook
from .registry import SHEETS

name_verbs(
    sheet_returned="传回表格",
    sheet_applied="写入传回的表格",
    sheet_undone="撤销传回的表格",
    sheet_dropped="放弃传回的表格",
)

MOST_AT_ONCE = 500  # rows; more are written by a job
CHUNK = 200
Status, Outcome = Batch.Status, BatchLine.Outcome


def receive(upload, *, by):
    """Keep an uploaded sheet and what it says. Writes to no row of the list. Returns the Batch; raises BadSheet."""
    sheet, reading = read(open_workbook(upload), user=by)
    file = store_document(upload, by=by)
    with transaction.atomic():
        batch = Batch.objects.create(
            kind=Batch.Kind.ROUND_TRIP,
            sheet=sheet.code,
            file=file,
            office=by.office,
            uploaded_by=by,
            options={"notes": reading.notes, "removed": reading.removed[:MOST_SHOWN]},
            counts={
                "changed": sum(bool(line.cells) for line in reading.lines),
                "problems": sum(bool(line.problems) for line in reading.lines),
                "unchanged": reading.unchanged,
                "removed": len(reading.removed),
            },
        )
        for some in _chunks(reading.lines):
            versions = {row.pk: row.version for row in sheet.find(by, [line.pk for line in some if line.pk])}
            BatchLine.objects.bulk_create(
                BatchLine(
                    batch=batch,
                    number=line.number,
                    target_pk=line.pk,
                    version=line.version,
                    seen=versions.get(line.pk, 0),
                    cells=line.cells,
                    problems=line.problems,
                )
                for line in some
            )
        record(
            "sheet.returned",
            batch,
            by=by,
            notes={"清单": ["", sheet.label], "有改动": ["", _rows(batch.counts["changed"])]},
        )
    return batch


def _chunks(rows):
    rows = list(rows)
    return (rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK))


def _rows(number):
    return f"{number} 行"


# What differs, beside what stands there now


@dataclass
class ShownCell:
    """One changed cell: what was downloaded, what stands there now, what the sheet says."""

    column: object
    base: str
    theirs: str
    mine: str
    refusal: str  # why it cannot be written; "" if it can
    choice: bool | None  # what the user decided, None if he has not

    @property
    def is_conflict(self):
        return not same(self.column, self.base, self.theirs) and not self.is_done

    @property
    def is_done(self):
        """Somebody has written the same meanwhile."""
        return same(self.column, self.theirs, self.mine)

    @property
    def may_take(self):
        return not self.refusal and not self.is_done

    @property
    def is_taken(self):
        return self.may_take and (not self.is_conflict if self.choice is None else self.choice)


@dataclass
class ShownLine:
    """One changed row of the sheet beside the row as it is now (`row`; None for an added one, or one out of sight)."""

    line: BatchLine
    row: object
    cells: list[ShownCell]
    refusal: str  # why nothing of it can be written
    title: str = ""  # of the row

    @property
    def moved_on(self):
        return self.row is not None and self.row.version != self.line.version

    @property
    def is_taken(self):
        return self.line.choice.get("", True) and not self.refusal

    @cached_property
    def taken(self):
        """{column name: text} that would be written."""
        if not self.is_taken:
            return {}
        return {cell.column.name: cell.mine for cell in self.cells if cell.is_taken}

    @property
    def may_take(self):
        return not self.refusal and any(cell.may_take for cell in self.cells)


GONE = "这一条已不在您的管理范围内，或不存在，没有处理。"


def compare(lines, sheet, *, user):
    """ShownLine for each line, with a fixed number of queries."""
    lines = list(lines)
    rows = {row.pk: row for row in sheet.find(user, [line.target_pk for line in lines if line.target_pk])}
    return [_shown(line, rows.get(line.target_pk), sheet, user) for line in lines]


def _shown(line, row, sheet, user):
    columns = [column for column in sheet.columns if column.name in line.cells]
    if line.is_new:
        return ShownLine(line, None, [_new_cell(line, column) for column in columns], "")
    if row is None:
        return ShownLine(line, None, [], GONE if line.target_pk else "")
    refusals = {verb: sheet.refusal(row, verb, user) for verb in {column.verb for column in columns}}
    shown = []
    for column in columns:
        base, mine = line.cells[column.name]
        theirs = cells.as_text(column.value(row))
        refusal, choice = refusals[column.verb], line.choice.get(column.name)
        shown.append(ShownCell(column, base, theirs, mine, refusal, choice))
    return ShownLine(line, row, shown, "", sheet.title(row))


def _new_cell(line, column):
    return ShownCell(column, "", "", line.cells[column.name][1], "", True)


def choose(batch, shown, *, rows, taken):
    """Keep what the user ticked on one page. `shown` maps pks of lines to the version that the page showed, `rows` are the
    lines ticked as a whole, `taken` the (pk of line, column name) pairs ticked."""
    lines = list(waiting(batch).filter(pk__in=shown))
    for line in lines:
        line.seen = shown[line.pk]
        line.choice = {name: (line.pk, name) in taken for name in line.cells} | {"": line.pk in rows}
    BatchLine.objects.bulk_update(lines, ["seen", "choice"])


def verbs_offered(batch):
    """The verbs of all cells that may be confirmed: decides whether the page has a field for the reason."""
    columns = SHEETS[batch.sheet].by_name
    changed = waiting(batch).filter(target_pk__isnull=False).values_list("cells", flat=True)
    return {columns[name].verb for cells_of_line in changed for name in cells_of_line}


def verbs_taken(batch, *, user):
    """The verbs that confirming the batch as it stands would use: decides whether the reason must be given."""
    sheet = SHEETS[batch.sheet]
    names = set()
    for some in _chunks(waiting(batch)):
        for shown in compare(some, sheet, user=user):
            if shown.row is not None:
                names |= shown.taken.keys()
    return {sheet.by_name[name].verb for name in names}


def waiting(batch):
    """The lines still to be written: rows in the order of their keys, in which everybody locks them, then added ones."""
    lines = batch.lines.filter(outcome=Outcome.WAITING).exclude(cells={})
    return lines.order_by(F("target_pk").asc(nulls_last=True), "number")


# Writing


def accept(batch, *, by, reason):
    """Write what was confirmed: at once, or by a job if it is much. A second call finds it done and does nothing.

    Returns the Job, or None if it is written.
    """
    with transaction.atomic():
        batch = _locked(batch)
        if batch.status != Status.UPLOADED or job_at_work(batch):
            return None
        sentence = SHEETS[batch.sheet].asks_reason(by, verbs_taken(batch, user=by))
        if sentence and not reason:
            raise Refused(f"{sentence}。请在下面写明原因后再写入。")
        batch.options["reason"] = reason
        if waiting(batch).count() > MOST_AT_ONCE:
            return _start_job(batch, "sheets.accept", f"写入传回的{SHEETS[batch.sheet].label}", by=by)
        write_lines(batch, waiting(batch), by=by)
        conclude(batch, by=by)
    return None


def _locked(batch):
    return Batch.objects.select_for_update(of=("self",), no_key=True).get(pk=batch.pk)


def job_at_work(batch):
    """The job that writes or undoes a batch, or None. One that was cancelled or failed sets the batch free again."""
    pk = batch.options.get("job")
    return Job.objects.filter(pk=pk, ended_at__isnull=True).first() if pk else None


def _start_job(batch, kind, title, *, by):
    job = jobs.start(kind, title=title, by=by, params={"batch": batch.pk})
    batch.options["job"] = job.pk
    batch.save(update_fields=["options"])
    return job


def write_lines(batch, lines, *, by):
    """Write lines, each in a savepoint of its own; each line says what became of it."""
    sheet = SHEETS[batch.sheet]
    for some in _chunks(lines):
        for shown in compare(some, sheet, user=by):
            line = shown.line
            line.outcome, line.sentence = _write(batch, sheet, shown, by=by)
            line.save(update_fields=["outcome", "sentence"])


def _write(batch, sheet, shown, *, by):
    """(outcome, sentence) of one line."""
    if shown.refusal:
        return Outcome.REFUSED, shown.refusal
    if shown.row is not None and shown.row.version != shown.line.seen and shown.is_taken:
        return Outcome.REFUSED, MOVED_ON
    if not shown.taken:
        refusals = list(dict.fromkeys(cell.refusal for cell in shown.cells if cell.refusal))
        return (Outcome.REFUSED, "；".join(refusals)[:500]) if refusals else (Outcome.LEFT_OUT, "")
    try:
        with transaction.atomic(), citing(cited(batch)):
            return _write_row(batch, sheet, shown, by=by)
    except (Refused, PermissionDenied) as error:
        return Outcome.REFUSED, str(error)[:500]


MOVED_ON = "您核对之后，这一条又有人办理过，没有写入。请用同一个文件再传一次，核对后写入。"


def cited(batch):
    return f"表格往来第 {batch.pk} 号"


def _write_row(batch, sheet, shown, *, by):
    line = shown.line
    if line.is_new:
        row = sheet.add(shown.taken, by=by, key=str(uuid5(NAMESPACE_URL, f"sheet-line-{line.pk}")))
        BatchRow.objects.create(batch=batch, target_pk=row.pk, version=row.version, before=None)
        return Outcome.WRITTEN, f"已新登记为 {row}"
    before = {cell.column.name: cell.theirs for cell in shown.cells if cell.is_taken}
    changes = {name: cells.value_of(sheet.by_name[name], text) for name, text in shown.taken.items()}
    row = sheet.write(shown.row, by=by, changes=changes, version=line.seen, reason=batch.options["reason"])
    BatchRow.objects.create(batch=batch, target_pk=row.pk, version=row.version, before=before)
    refused = [f"{cell.column.label}：{cell.refusal}" for cell in shown.cells if cell.refusal]
    return Outcome.WRITTEN, "；".join(refused)[:500]


def conclude(batch, *, by):
    """Settle a batch whose lines are done: state, numbers, one event for the whole."""
    outcomes = list(batch.lines.exclude(cells={}).values_list("outcome", flat=True))
    written, refused = outcomes.count(Outcome.WRITTEN), outcomes.count(Outcome.REFUSED)
    batch.status, batch.applied_by, batch.applied_at = Status.APPLIED, by, clock.now()
    batch.counts |= {"written": written, "refused": refused, "left_out": len(outcomes) - written - refused}
    batch.options.pop("job", None)
    batch.save(update_fields=["status", "applied_by", "applied_at", "counts", "options"])
    notes = {"写入": ["", _rows(written)], "未写入": ["", _rows(refused)]}
    record("sheet.applied", batch, by=by, reason=batch.options.get("reason", ""), notes=notes)


@transaction.atomic
def drop(batch, *, by):
    """Put a sheet aside that nobody will confirm."""
    batch = _locked(batch)
    if batch.status != Status.UPLOADED or job_at_work(batch) or batch.rows.exists():
        raise Refused("这份表格已经处理，或正在写入，不能放弃。")
    batch.status = Status.DROPPED
    batch.save(update_fields=["status"])
    record("sheet.dropped", batch, by=by)
    return batch


# Taking back


def undo(batch, *, by):
    """Put back what the batch changed, by the same steps; rows that were changed since are left and named.

    Returns the Job, or None if it is done. Raises Refused if not a single row can be put back.
    """
    with transaction.atomic():
        batch = _locked(batch)
        if batch.status == Status.UNDONE:
            return None
        if batch.status != Status.APPLIED or job_at_work(batch):
            raise Refused("这份表格还没有写入（或正在处理），没有什么可以撤销。")
        if batch.rows.count() > MOST_AT_ONCE:
            return _start_job(batch, "sheets.undo", f"撤销传回的{SHEETS[batch.sheet].label}", by=by)
        left = restore_rows(batch, batch.rows.order_by("pk"), by=by)
        conclude_undo(batch, by=by, left=left)
    return None


def restore_rows(batch, written, *, by):
    """Put rows back. Returns [label of the row, why it was left] for those that were not."""
    sheet, left = SHEETS[batch.sheet], []
    for some in _chunks(written):
        rows = {row.pk: row for row in sheet.find(by, [row.target_pk for row in some])}
        for was in some:
            if sentence := _restore(batch, sheet, was, rows.get(was.target_pk), by=by):
                left.append([str(rows.get(was.target_pk) or f"第 {was.target_pk} 条"), sentence])
    return left


def _restore(batch, sheet, was, row, *, by):
    """Why the row was left, or ""."""
    if row is None:
        return GONE
    if was.before is None:
        return "是这次新登记的，编号不能收回；登记错了的，请在它的页面申请作废。"
    if row.version != was.version:
        return "写入以后又有人办理过，没有撤销。"
    changes = {name: cells.value_of(sheet.by_name[name], text) for name, text in was.before.items()}
    try:
        with transaction.atomic(), citing(f"撤销{cited(batch)}"):
            sheet.write(row, by=by, changes=changes, version=was.version, reason=f"撤销{cited(batch)}")
    except (Refused, PermissionDenied) as error:
        return str(error)
    return ""


def conclude_undo(batch, *, by, left):
    total = batch.rows.count()
    batch.options.pop("job", None)
    if total == len(left):
        raise Refused(f"没有一行可以撤销。{left[0][0]}：{left[0][1]}" if left else "没有写入过任何一行，不用撤销。")
    batch.status, batch.undone_by, batch.undone_at = Status.UNDONE, by, clock.now()
    batch.counts["restored"] = total - len(left)
    batch.options["left"] = left
    batch.save(update_fields=["status", "undone_by", "undone_at", "counts", "options"])
    notes = {"撤销": ["", _rows(total - len(left))], "留下未动": ["", _rows(len(left))]}
    record("sheet.undone", batch, by=by, notes=notes)
