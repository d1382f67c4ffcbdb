"""A self-check as its pages and its service read it: the list in order, with what was answered and what is missing."""

from dataclasses import dataclass

from campaign_portal import clock

from .models import Answer, CheckItem, CheckSection, Hazard


@dataclass
class Line:
    """An item with its running number in the list and its answer, if any."""

    number: int
    item: CheckItem
    answer: Answer | None = None

    @property
    def is_not_met(self):
        return self.answer is not None and self.answer.is_not_met

    @property
    def gap(self):
        """What a 不符合 still lacks to become a hazard, or why the named hazard cannot stand for it; "" for nothing."""
        if not self.is_not_met or self.answer.self_check.is_submitted:
            return ""
        if hazard := self.answer.hazard:
            return f"{hazard.code} 已不在整改中，请重新选择" if hazard.status not in Hazard.UNFINISHED else ""
        lacks = {
            "写明情况": not self.answer.note,
            "拍照": not self.answer.photos.all(),
            "写整改措施": not self.answer.measure,
            "改整改期限（已过）": bool(self.answer.rectify_by) and self.answer.rectify_by < clock.today(),
        }
        missing = [what for what, is_missing in lacks.items() if is_missing]
        return f"还要{'、'.join(missing)}" if missing else ""


@dataclass
class Part:
    """A section with its lines."""

    section: CheckSection
    lines: list[Line]

    @property
    def answered(self):
        return sum(line.answer is not None for line in self.lines)

    @property
    def is_done(self):
        return self.answered == len(self.lines) and not any(line.gap for line in self.lines)


class Sheet:
    """The whole list of a check with its answers. Four queries whatever its length."""

    def __init__(self, check):
        sections = list(check.round.check_list.sections.prefetch_related("items"))
        saved = check.answers.select_related("hazard", "saved_by").prefetch_related("photos__file")
        answers = {answer.item_id: answer for answer in saved}
        for answer in answers.values():
            answer.self_check = check
        number = 0
        self.check, self.parts = check, []
        for section in sections:
            lines = []
            for item in section.items.all():
                number += 1
                item.section = section
                lines.append(Line(number, item, answers.get(item.pk)))
            self.parts.append(Part(section, lines))
        self.lines = [line for part in self.parts for line in part.lines]

    @property
    def answered(self):
        return sum(part.answered for part in self.parts)

    @property
    def not_met(self):
        return [line for line in self.lines if line.is_not_met]

    @property
    def to_report(self):
        """The lines of which hazards will be made."""
        return [line for line in self.not_met if line.answer.hazard is None]

    @property
    def na_count(self):
        return sum(line.answer is not None and line.answer.answer == Answer.Kind.NA for line in self.lines)

    @property
    def next_part(self):
        """Where to go on: the first part with something to answer or to complete. None when all is there."""
        return next((part for part in self.parts if not part.is_done), None)

    def missing(self):
        """What stands in the way of submitting, a sentence each, naming the items by number."""
        found = []
        if blank := [str(line.number) for line in self.lines if line.answer is None]:
            found.append(f"第 {'、'.join(blank)} 项还没有回答。")
        return found + [f"第 {line.number} 项不符合，{line.gap}。" for line in self.lines if line.gap]

    def part_of(self, section_pk):
        return next((part for part in self.parts if part.section.pk == section_pk), None)

    def after(self, part):
        """The part that follows, or None after the last."""
        index = self.parts.index(part)
        return self.parts[index + 1] if index + 1 < len(self.parts) else None
