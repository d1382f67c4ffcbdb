"""What a notice says, as plain values. Every item keeps the exact phrase it was read from."""

from dataclasses import asdict, dataclass, field
from datetime import date


class NoticeError(Exception):
    """A file that cannot be read as a notice. The message is a sentence for the user."""


@dataclass(frozen=True)
class Phrase:
    """A value and where it stands. A value that was put together (a title over two lines) keeps its whole range."""

    value: str
    start: int
    end: int


@dataclass(frozen=True)
class Period:
    """From when to when the campaign runs. Derived: taken from its phases, since no sentence says it."""

    starts_on: date
    ends_on: date
    start: int
    end: int
    is_derived: bool = False


@dataclass(frozen=True, kw_only=True)
class Item:
    """Where something stands: its phrase, and the sentence around it. All are offsets into Reading.text."""

    start: int
    end: int
    sentence_start: int
    sentence_end: int
    text: str


@dataclass(frozen=True, kw_only=True)
class PhaseItem(Item):
    name: str
    starts_on: date
    ends_on: date
    precision: str  # day, ten_day, month, approx
    is_estimate: bool = False  # counted from a length ("3个月左右") or from the phase before
    task: int | None = None


@dataclass(frozen=True, kw_only=True)
class TaskItem(Item):
    """A heading and what stands under it. `parent` and every `task` elsewhere are indexes into Reading.tasks."""

    level: int
    number: str
    title: str
    body_start: int
    body_end: int
    parent: int | None
    is_work: bool  # somebody has to do it; not 指导思想, 工作要求 or a mere group of tasks' preface


@dataclass(frozen=True, kw_only=True)
class DeadlineItem(Item):
    """By when something is due.

    `date` says only what the source says (2022, 2021-10, 2020-11-15), `day` is the last day that still keeps it. A
    recurring one has `recurrence`, a relative one `amount` and `unit`; neither has a date.
    """

    date: str | None
    day: date | None
    starts_on: date | None
    precision: str  # day, ten_day, month, month_end, quarter, half_year, year, year_end, recurring, relative
    recurrence: str | None
    who: str
    what: str
    year_from: str  # stated, issue, next, phase, sentence, title, number, text; "" where there is no year
    is_relative: bool = False
    amount: int | None = None
    unit: str = ""  # working_day, day, week, month, hour, minute
    task: int | None = None


@dataclass(frozen=True, kw_only=True)
class TargetItem(Item):
    name: str
    value: float
    high: float | None
    unit: str  # simplified: 项, 人次, %
    written: str  # the unit as the source writes it: 項
    per: str  # "" or 季度, 年, 月, 所, 家 …
    comparator: str  # =  >=  <=  range
    by: str | None
    is_implied: bool = False  # 全覆盖 says 100 % without a number
    is_tentative: bool = False  # 争取, 力争
    task: int | None = None


@dataclass(frozen=True, kw_only=True)
class UnitItem(Item):
    name: str
    part: str  # lead, joint, responsible, support, guide, take_part, issuer, addressee
    task: int | None = None


@dataclass(frozen=True, kw_only=True)
class Cited(Item):
    number: str
    title: str


@dataclass(frozen=True)
class Finding:
    """Something the text gets wrong or leaves open. `index` points into the list that `kind` names."""

    code: str
    message: str
    proposal: str
    start: int
    end: int
    kind: str = "text"  # deadline, target, task, phase, header, text
    index: int | None = None


@dataclass(frozen=True)
class Reading:
    """A notice as read. `simplified` is as long as `text`, so that every offset serves both."""

    text: str
    simplified: str
    title: Phrase | None = None
    document_number: Phrase | None = None
    issuers: list[Phrase] = field(default_factory=list)
    addressees: list[Phrase] = field(default_factory=list)
    issue_date: Phrase | None = None
    publish_date: Phrase | None = None
    campaign_name: Phrase | None = None
    plan_title: Phrase | None = None
    period: Period | None = None
    phases: list[PhaseItem] = field(default_factory=list)
    tasks: list[TaskItem] = field(default_factory=list)
    deadlines: list[DeadlineItem] = field(default_factory=list)
    targets: list[TargetItem] = field(default_factory=list)
    units: list[UnitItem] = field(default_factory=list)
    cited: list[Cited] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    furniture: list[tuple[int, int]] = field(default_factory=list)

    @property
    def issued_on(self) -> date | None:
        return date.fromisoformat(self.issue_date.value) if self.issue_date else None

    def as_json(self) -> dict:
        """Plain values for json.dumps. A deadline with a day is in `deadlines`, a relative one apart: it has none."""
        dated = [d for d in self.deadlines if not d.is_relative]
        return {
            **{name: _value(getattr(self, name)) for name in HEADER},
            "issuers": [p.value for p in self.issuers],
            "addressees": [p.value for p in self.addressees],
            "period": _plain(self.period) if self.period else None,
            "phases": [_plain(p) | {"start": _stated_start(p), "end": str(p.ends_on)} for p in self.phases],
            "tasks": [_plain(t) for t in self.tasks],
            "deadlines": [_deadline(d) for d in dated],
            "relative_deadlines": [_deadline(d) for d in self.deadlines if d.is_relative],
            "targets": [_target(t) for t in self.targets],
            "units": [_plain(u) for u in self.units],
            "cited": [_plain(c) for c in self.cited],
            "findings": [_plain(f) for f in self.findings],
        }


HEADER = ("title", "document_number", "issue_date", "publish_date", "campaign_name", "plan_title")


def _value(phrase):
    return phrase.value if phrase else None


def _plain(item):
    """An item's fields; its offsets under other names, for `start` and `end` of a phase are its days."""
    fields = {k: v.isoformat() if isinstance(v, date) else v for k, v in asdict(item).items()}
    return {"from" if k == "start" else "to" if k == "end" else k: v for k, v in fields.items()}


def _stated_start(phase):
    """The first day of a phase, None where the source gives only its last; lengths of time give both."""
    return None if phase.is_estimate and phase.precision != "approx" else str(phase.starts_on)


def _deadline(item):
    again = item.recurrence and item.recurrence.replace("_", "-")
    return _plain(item) | {"stated": item.date, "date": item.day.isoformat() if item.day else None, "recurrence": again}


def _target(item):
    value = item.value if item.high is None else [item.value, item.high]
    return _plain(item) | {"value": value, "unit": f"{item.written}/{item.per}" if item.per else item.written}
