"""Tables of tasks in the flow of a text: what a row is about, who answers for it, and what each column asks."""

import re
from bisect import bisect_right
from dataclasses import dataclass

from .aim_words import UNITS

KINDS = {
    "number": re.compile(r"序号|编号|类别|备注"),
    "base": re.compile(r"现状|基数|现有|完成情况|上年|去年|已完成|已建|已有|人口|总?户数|面积|补[助贴]|实际"),
    "who": re.compile(r"单位|部门|牵头|责任人|负责人|科室|股室"),
    "due": re.compile(r"时限|时间|期限|节点|日期|截止|进度"),
    "target": re.compile(r"(?:19|20)\d{2}年?度?|目标(?!任务)|任务(?:数|量)|数量|计划(?:数|量)|指标值|要求值"),
    "place": re.compile(r"县区|县市|市县|[县市区州](?:\([市县区、]{1,5}\))?$|地区|[乡镇]|街道|机构|社区|片区"),
    "name": re.compile(r"任务|事项|项目|内容|措施|指标|名称|工作|举措"),
}
HEADS = re.compile(
    r"序号|编号|阶段|步骤|环节|县区|县市区?|乡镇|街道|地区|.{0,6}(?:任务|事项|项目|内容|单位|部门|时限|时间|期限|指标|目标|数量|措施|名称|举措|节点|备注|日期|责任人|进度)"
)
LEAD = re.compile(r"牵头|责任|主")
HEAD_UNIT = re.compile(rf"\((?:单位:?)?(?P<unit>{UNITS})\)$")  # 新增床位(张): the cells have the number alone
CAPTION = re.compile(rf"\(?单位:(?P<unit>{UNITS})\)?$")
GAP = re.compile(r"\t|[ \u3000]{2,}")
LONGEST_CELL = 300
MOST_CELLS = 30


@dataclass(frozen=True)
class Cell:
    start: int
    end: int
    words: str
    head: str
    kind: str  # one of KINDS, or ""
    unit: str = ""  # that the head of a column of targets, or the caption, gives its numbers


@dataclass(frozen=True)
class Row:
    start: int
    end: int
    cells: list[Cell]

    def at(self, position: int) -> Cell | None:
        return next((cell for cell in self.cells if cell.start <= position < cell.end), None)

    def of_kind(self, kind: str) -> Cell | None:
        """The first cell of a kind; of several offices the one that leads."""
        cells = [cell for cell in self.cells if cell.kind == kind and cell.words]
        return next((cell for cell in cells if kind == "who" and LEAD.search(cell.head)), cells[0] if cells else None)


class Rows:
    """The rows of all tables that have a head, by position."""

    def __init__(self, text: str):
        self.rows = list(_rows(text)) if "|" in text else []
        self.starts = [row.start for row in self.rows]

    def at(self, position: int) -> Row | None:
        i = bisect_right(self.starts, position) - 1
        return self.rows[i] if i >= 0 and position < self.rows[i].end else None


def _rows(text):
    heads, caption, start = None, "", 0
    for paragraph in text.split("\n"):
        cells = _cells(paragraph, start) if "|" in paragraph else []
        if len(cells) < 2:
            heads = heads if "|" in paragraph and not paragraph.strip("|-:") else None
            said = CAPTION.search(paragraph[-20:])
            caption = said["unit"] if said else caption if heads else ""
        elif is_head([words for _, _, words in cells]):
            heads = [words for _, _, words in cells]
        elif heads and len(heads) - len(cells) in (0, 1):  # the last cell, a note, may be empty
            columns = list(zip(cells, heads, strict=False))
            said = _unit_of_row(columns) or caption
            yield Row(start, start + len(paragraph), [Cell(*c, h, _kind(h), _unit(h, said)) for c, h in columns])
        start += len(paragraph) + 1


def _cells(paragraph, start):
    """(start, end, words) of each cell. A rule of dashes under the head has none."""
    if len(paragraph) > MOST_CELLS * LONGEST_CELL or not paragraph.strip("|-:"):
        return []
    inner = paragraph.strip("|")
    at, cells = start + len(paragraph) - len(paragraph.lstrip("|")), []
    for words in inner.split("|")[: MOST_CELLS + 1]:
        cells.append((at, at + len(words), words))
        at += len(words) + 1
    return cells if len(cells) <= MOST_CELLS else []


def is_head(words):
    """Every cell short, and two or more of them the usual heads."""
    usual = sum(
        1 for w in words if len(w) <= 16 and (HEADS.fullmatch(w) or KINDS["target"].match(w) or HEAD_UNIT.search(w))
    )
    return usual >= 2 and all(len(w) <= 18 and not re.search(r"\d{4}[-./]|^\d+$", w) for w in words)


def _kind(head):
    kind = next((kind for kind, words in KINDS.items() if words.search(HEAD_UNIT.sub("", head))), "")
    unit = HEAD_UNIT.search(head)
    return "target" if unit and "元" not in unit["unit"] and kind not in ("base", "due", "target") else kind


def _unit_of_row(columns):
    """The unit that a column of units gives the numbers of a row: 持证护理员 | 名 | 100."""
    cells = (words for (_, _, words), head in columns if head in ("单位", "计量单位"))
    return next((words for words in cells if re.fullmatch(UNITS, words)), "")


def _unit(head, caption):
    said = HEAD_UNIT.search(head)
    return said["unit"] if said else caption if _kind(head) == "target" else ""


def with_bars(rules: str) -> str:
    """The same text, as long, in which tables whose cells stand behind tabs or wide gaps have bars."""
    if "\t" not in rules and "  " not in rules and "\u3000" not in rules:
        return rules
    lines, columns = rules.split("\n"), 0
    for i, line in enumerate(lines):
        cells = [words.strip() for words in GAP.split(line.strip())] if len(line) < MOST_CELLS * LONGEST_CELL else []
        heads = 2 <= len(cells) <= MOST_CELLS and is_head(["".join(words.split()) for words in cells])
        columns = len(cells) if heads else columns if columns - len(cells) in (0, 1) or not line.strip() else 0
        if columns and line.strip():
            inner = line.strip()
            barred = GAP.sub(lambda gap: "|" + " " * (len(gap[0]) - 1), inner)
            lines[i] = line.replace(inner, barred, 1)
    return "\n".join(lines)
