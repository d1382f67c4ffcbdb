"""What a notice gets wrong or leaves open. One small function for each kind of finding."""

import re
from collections.abc import Collection

from . import outline, script
from .draft import Finding, Reading

PUBLISHES = re.compile(r"公布|公示|发布.{0,6}名单|通报结果|公开.{0,6}名单")
REVIEWS = re.compile(r"评估|验收|评定|考核|检查(?!指南)|评审|复核")
RATING = re.compile(r"(?:等级|星级)评[定估审]|评星|定级")  # stars are awarded apart from who meets the standard
OPPOSITE_ENDS = re.compile(r"全面完成|总结|各项目标任务|全部完成")
FESTIVAL = re.compile(
    r"(?:在|于)?(?:春节|元旦|国庆|中秋|端午|五一|清明|重阳|两会|元宵|汛期|入冬)(?:节|假期)?(?:来临)?(?:之?前|前夕)"
)
MOST = 500


def findings(reading: Reading, known_numbers: Collection[str] | None = None) -> list[Finding]:
    """All findings in the order of the text. `known_numbers`: numbers of documents on file; None leaves that out."""
    rules = (
        due_before_issue, outside_period, outside_phase, ends_disagree, published_before_reviewed, targets_without_date, tasks_without_owner,
        years_resolved, numbering_jumps, festivals, damaged, traditional, missing_header,
    )  # fmt: skip
    found = [finding for rule in rules for finding in rule(reading)]
    if known_numbers is not None:
        found += cited_unknown(reading, known_numbers)
    return sorted(found, key=lambda f: (f.start, f.code))[:MOST]


def due_before_issue(reading):
    issued = reading.issued_on
    for i, due in enumerate(reading.deadlines):
        if issued and due.day and due.day < issued:
            yield Finding(
                "due_before_issue", f"期限 {_day(due.day)} 早于成文日期 {_day(issued)}：“{_short(due.text)}”。",
                "请确认是否写错月份或年份；如确已过期，请改为成文之后的日期，或按已完成登记。", due.start, due.end, "deadline", i,
            )  # fmt: skip


def outside_period(reading):
    period = reading.period
    if not period or period.is_derived:
        return
    for i, due in enumerate(reading.deadlines):
        if due.day and not period.starts_on <= due.day <= period.ends_on and not _is_before_issue(due, reading):
            yield Finding(
                "outside_period", f"期限 {_day(due.day)} 不在活动起止 {_day(period.starts_on)} 至 {_day(period.ends_on)} 之内：“{_short(due.text)}”。",
                "请核对活动起止日期和这条期限，以哪个为准由您决定。", due.start, due.end, "deadline", i,
            )  # fmt: skip


def outside_phase(reading):
    phases = {p.task: p for p in reading.phases if p.task is not None}
    for i, due in enumerate(reading.deadlines):
        phase = next((phases[t] for t in _ancestors(reading.tasks, due.task) if t in phases), None)
        if (
            phase
            and due.day
            and not phase.starts_on <= due.day <= phase.ends_on
            and not phase.start <= due.start < phase.end
        ):
            yield Finding(
                "outside_phase", f"期限 {_day(due.day)} 不在“{_short(phase.name)}”阶段（{_day(phase.starts_on)} 至 {_day(phase.ends_on)}）之内。",
                "请核对阶段的起止和这条期限；如无误，可保留。", due.start, due.end, "deadline", i,
            )  # fmt: skip


def ends_disagree(reading):
    """A phase ends, or everything is to be finished, after the campaign has ended."""
    period = reading.period
    if not period or period.is_derived:
        return
    for i, due in enumerate(reading.deadlines):
        if due.day and due.day > period.ends_on and OPPOSITE_ENDS.search(due.text + due.what):
            yield Finding(
                "dates_conflict", f"活动 {_day(period.ends_on)} 结束，而这里要求 {_day(due.day)} 完成：“{_short(due.text)}”。",
                f"两处日期不一致，请选定一个：{_day(period.ends_on)} 或 {_day(due.day)}。", due.start, due.end, "deadline", i,
            )  # fmt: skip
    for i, phase in enumerate(reading.phases):
        if phase.ends_on > period.ends_on:
            yield Finding(
                "dates_conflict", f"阶段“{_short(phase.name)}”到 {_day(phase.ends_on)}，晚于活动结束日期 {_day(period.ends_on)}。",
                "请统一阶段和活动的结束日期。", phase.start, phase.end, "phase", i,
            )  # fmt: skip


def published_before_reviewed(reading):
    reviews = [
        d for d in reading.deadlines if d.day and REVIEWS.search(d.text + d.what) and not PUBLISHES.search(d.text)
    ]
    for i, due in enumerate(reading.deadlines):
        if not due.day or not PUBLISHES.search(due.text) and not re.search(r"^.{0,12}(?:公布|公示)", due.what):
            continue
        later = next(
            (r for r in reviews if r is not due and r.day > due.day and _is_rating(r) == _is_rating(due)), None
        )
        if later:
            yield Finding(
                "published_before_reviewed", f"{_day(due.day)} 就要公布结果，而{_review(later)}到 {_day(later.day)} 才结束：“{_short(due.text)}”。",
                f"建议把公布日期移到 {_day(later.day)} 之后，或把评估检查提前。", due.start, due.end, "deadline", i,
            )  # fmt: skip


def _review(due):
    """What the notice calls a review, where it does in few words."""
    return f"“{due.what}”" if 0 < len(due.what) <= 14 else "评估检查"


def _is_rating(due):
    return bool(RATING.search(due.text + due.what))


def targets_without_date(reading):
    for i, target in enumerate(reading.targets):
        if not target.by and not target.per:
            end = f"可先按活动结束日期 {_day(reading.period.ends_on)} 考核。" if reading.period else "请补充完成日期。"
            yield Finding(
                "target_without_date",
                f"指标没有写明完成日期：“{_short(target.text)}”。",
                end,
                target.start,
                target.end,
                "target",
                i,
            )


def tasks_without_owner(reading):
    owned = set()
    for item in [*reading.units, *(d for d in reading.deadlines if d.who)]:
        owned.update(_ancestors(reading.tasks, item.task))
    parents = {t.parent for t in reading.tasks}
    for i, task in enumerate(reading.tasks):
        above = any(a in owned and reading.tasks[a].level > 1 for a in _ancestors(reading.tasks, i))
        if task.is_work and i not in parents and i not in owned and not above and task.level > 1:
            yield Finding("task_without_owner", f"任务没有写明责任单位：“{_short(task.title)}”。", "请指定牵头单位；需要多家完成的，再指定配合单位。",
                          task.start, task.end, "task", i)  # fmt: skip


HOW = {
    "issue": "按成文年份",
    "next": "成文时该日期已过去半年以上，按下一年",
    "phase": "按所在阶段的年份",
    "sentence": "按同一句前面的年份",
    "title": "按标题中的年份",
    "number": "按文号中的年份",
    "text": "文中没有成文日期，按文中最常出现的年份",
}


def years_resolved(reading):
    for i, due in enumerate(reading.deadlines):
        if due.day and due.year_from in HOW:
            yield Finding("year_resolved", f"“{_short(due.text)}”没有写年份，{HOW[due.year_from]}理解为 {_day(due.day)}。", "请确认年份是否正确。",
                          due.start, due.end, "deadline", i)  # fmt: skip


def numbering_jumps(reading):
    last = {}
    for i, task in enumerate(reading.tasks):
        number, key = outline.number_of(task.number), (task.parent, task.level)
        before = last.get(key)
        if number and before and number != before + 1 and number != 1:
            yield Finding(
                "numbering_jumps",
                f"序号从第 {before} 项跳到“{task.number}”。",
                "请核对是否漏了一项，或序号写错。",
                task.start,
                task.end,
                "task",
                i,
            )
        last[key] = number


def festivals(reading):
    rules = script.folded(reading.simplified)
    for match in FESTIVAL.finditer(rules):
        yield Finding(
            "festival",
            f"“{match[0]}”没有写明日期，没有列入期限。",
            "如需按此考核，请补充具体日期。",
            match.start(),
            match.end(),
        )


def damaged(reading):
    for start, end in script.damaged_runs(reading.text):
        around = reading.text[max(0, start - 6) : end + 6].replace("\n", " ")
        yield Finding("damaged", f"原文此处有损坏的字：“{around}”。", "请对照原件补正；原文保留不改。", start, end)


def traditional(reading):
    runs = script.traditional_runs(reading.text, reading.simplified)
    if runs:
        start, end = runs[0][0], runs[-1][1]
        count = sum(b - a for a, b in runs)
        yield Finding(
            "traditional",
            f"原文是繁体字（约 {count} 字范围），已另按简体显示。",
            "原文保留不改；下发前请确认用字。",
            start,
            end,
        )


def missing_header(reading):
    if reading.text.strip() and not reading.issue_date:
        yield Finding(
            "no_issue_date", "没有读到成文日期，没有写年份的日期可能理解有误。", "请填写成文日期。", 0, 0, "header"
        )
    if reading.text.strip() and not reading.title:
        yield Finding("no_title", "没有读到标题。", "请填写标题。", 0, 0, "header")


def cited_unknown(reading, known_numbers):
    known = {_plain(n) for n in known_numbers}
    for item in reading.cited:
        if _plain(item.number) not in known:
            yield Finding(
                "cited_unknown",
                f"引用的文件不在文件库中：{item.number}。",
                "如需核对依据，请上传该文件。",
                item.start,
                item.end,
            )


def another_notice(start, end):
    """Made by the reader itself, which knows where another notice begins."""
    return Finding(
        "two_notices", "文本里不止一份通知：任务、期限和指标都读了，标题、文号和成文日期取第一份。",
        "如需分开办理，请把这一份单独粘贴，另建一个草稿。", start, end,
    )  # fmt: skip


def _is_before_issue(due, reading):
    return bool(reading.issued_on and due.day < reading.issued_on)


def _ancestors(tasks, index):
    while index is not None:
        yield index
        index = tasks[index].parent


def _day(day):
    return f"{day.year}年{day.month}月{day.day}日"


def _short(words):
    words = "".join(words.split())
    return words if len(words) <= 30 else words[:29] + "…"


def _plain(number):
    return re.sub(r"[^\w]", "", script.folded(script.to_simplified(number)))
