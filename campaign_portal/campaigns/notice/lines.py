"""A text as lines, and as a flow: paragraphs joined again, without spaces, page furniture and metadata.

All rules run on the flow, whose characters know where they stand in the source.
"""

import re
from array import array
from bisect import bisect_left
from dataclasses import dataclass, replace

from . import script, tables

# What stands on a page around a notice. Matched at the start of a line without its spaces.
PAGE = re.compile(
    r"""[\[(·*>|-]{0,2}(?:
        (?:(?:发布|发表|上传|录入|更新|上载|添加|公开|生成|成文|发文|印发|颁布|生效|废止|失效|制发)?(?:日期|时间):\d{4}[-/.]\d)
      | (?:发布|发表|上传|录入|更新|上载|添加|公开|生成|成文|发文|印发|颁布|生效|废止|失效|制发)(?:日期|时间)(?::|$|\|)
      | (?:信息|文章|稿件|内容)?来源:  | (?:责任|网站|文字)?编辑[::]  | 责编: | 作者: | 审核人?: | 校对: | 供稿: | 撰稿: | 录入: | 发布人:
      | (?:浏览|阅读|点击|访问)(?:次数|量|数|人次)?[::]? [\d:\[]
      | 字体|字号[::\[] | 大中小$ | [大中小]$ | 保护视力 | 背景色
      | 打印(?:本页|文本|此页|页面)?\]?$ | 打印本页 | 分享(?:到|至)?:  | 分享$ | 关闭(?:窗口|本页|页面)? \]?$ | 关闭窗口 | 加入收藏
      | 我要纠错 | 纠错 | 收藏$ | 扫一扫 | 微信扫 | 手机(?:扫|看|打开) | 当前位置 | 您?现?在?所?在?的?位置: | 您(?:当前|现在)
      | 首页[》>/]|网站首页 | 返回(?:顶部|列表|首页) | 回到顶部
      | 版权所有 | 版权声明 | 免责声明 | .{0,8}ICP备 | 网站标识码 | .{0,6}公网安备 | 技术支持 | 网站地图 | 政府网站找错
      | 上一[篇条] | 下一[篇条] | 相关(?:链接|阅读|附件|文章|新闻|信息|政策):?$ | (?:附件|文件|文档|点击)下载 | 下载(?:附件|文件|法规)
      | 推荐阅读 | 索引号 | 信息索引号 | 索取号 | 主题分类 | 组配分类 | 体裁分类 | 分类: | 主题词: | 有效性 | 信息类别 | 信息名称
      | 公开(?:方式|形式|范围|时限|程序|类别|属性|目录|主体) | (?:发布|发文)(?:机构|机关|单位)[:|] | 颁布部门: | 制发机关
      | 效力(?:状况|状态|等级|位阶) | 时效[:|性] | 关键词[:|] | 内容概[述览] | 在线链接
      | (?:发文字号|文件编号|发文编号|文号|文件字号)[:|] | (?:标题|名称|文件名称|文件标题)[:|] | 有效期[|] | 公文时效 | 发文日期[|]
      | 体裁[:|] | 所属(?:机构|主题|类别) | 条款摘要$ | 原文版权 | 资料来自 | 法律效力: | 应用分类: | 页面
      | (?:source|url|link|author|from|date|keywords?|https?|www)[:.] | (?:原文|文章|本文|全文|下载|附件)(?:链接|网址|地址):
      | (?:PDF|Word|WORD|全文|本文|原文|文本)(?:版)?下载 | \[?下载\]?$
      | [^《》。]{2,12}》[^《》。]{2,14}(?:》.{0,30})?$ | (?:法宝)?引证码
      | (?:发布|发文|颁布|制定|颁发)(?:部门|机关|机构|单位|日期|字号|时间|文号)\] | (?:时效性?|效力级别|法规类别|实施日期|施行日期)\]
      | 欢迎(?:您)?(?:进入|访问|来到) | 设为首页 | 无障碍 | 繁体 | 登录|注册$ | 申明:本站 | 联系我们$ | 正文$ | 公文正文
    )""",
    re.X,
)
PAGE_NUMBER = re.compile(r"(?:[-·.|]{0,3}第?\d{1,3}页?(?:共\d{1,3}页|/\d{1,3})?[-·.|]{0,3})$")
LONGEST_FURNITURE = 260

KEYS = {
    "number": "文号|发文文号|文件编号|发文字号|文件号|发文编号|公文文号|文件字号|发布文号",
    "title": "标题|名称|信息名称|内容概述|内容概览|文件名称|公文名称|文件标题|公文标题",
    "issuer": "颁布单位|制定机关|颁发部门|颁布机关|发布机关|发布机构|发文机关|发布单位|发文单位|颁布部门|公开机构|制发机关|发布部门|发文部门|发文机构|公开主体",
    "source": "信息来源|文章来源|稿件来源|内容来源|来源|责任部门",
    "editor": "责任编辑|编辑|作者|供稿单位|供稿|发布人",
    "issued": "成文日期|颁布时间|生成日期|发文日期|印发日期|颁布日期|制发日期|发文时间|成文时间|印发时间",
    "published": "发布日期|发布时间|公开日期|公开时间|上载日期|发表时间|录入时间|上传时间|更新时间|更新日期|日期|时间",
    "other": "信息索引号|索引号|索取号|主题分类|组配分类|体裁分类|主题词|有效性|公开方式|公开形式|公开范围|公开时限|公开程序|公开类别|效力状况|效力等级|"
    "文件下载|关键词|体裁|有效期|时效性?|废止日期|生效日期|主题(?:\\(.级\\))?|分类|浏览次数|阅读|点击数?|字体|字号|分享|法律效力|应用分类|在线链接地址|所属机构",
}
KEY = {name: re.compile(rf"(?:{words})") for name, words in KEYS.items()}
ANY_KEY = "|".join(KEYS.values())
PAIR = re.compile(rf"(?:^|(?<=[\s\]\[|,·]))({ANY_KEY})\s*(?:[::]|\])\s*")

ALONE = re.compile(
    rf"[·*-]?(?:(?!内容|名称|标题|关键|主题词|附件)(?:{ANY_KEY})):"
)  # 发文机构: with its office on the next line
VALUE = re.compile(
    r"^\d{4}[-年./]\d|[\[(]\d{4}[\])]\d|^[\dA-Za-z/_.-]+$|(?:局|厅|委员?会?|办|政府|办公[室厅]|部|有效|公开|网站?)$"
)
LONGEST_VALUE = 40

# Some sites print the reading behind a character: 關(guān)于
READING = re.compile(r"(?<=[\u3400-\u9fff])\([a-zāáǎàōóǒòēéěèīíǐìūúǔùǖǘǚǜü]{1,7}\)")
MARKER = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}[、.]|\([一二三四五六七八九十]{1,3}\)|\d{1,2}[、.](?!\d)|\d{1,2}[、.](?=(?:19|20)\d{2}年|\d{1,2}月)|\(\d{1,2}\)|\d{1,2}\)|[①-⑳]|第[一二三四五六七八九十]{1,3}"
    r"(?:部分|阶段|章|条|步|项)|附件|附:|附表|抄送|主送|★|◆|●|·|■|[一二三四五六七八九]是)"
)
LOST_END = re.compile(r"^\?{1,20}$|(?<=[^?!])\?{2,20}$")  # spaces that were lost when a page was copied
ATTACHMENT = re.compile(r"附件?(?::|\d{0,2}[:.、]|\d{1,2}$)")
MOST_LINES = 60_000  # what lies behind is not read: no notice is as long
ENDS = "。!?;:…"
DATE_ALONE = re.compile(
    r"(?:(?:19|20)\d{2}|[一二][零〇0O一二三四五六七八九]{3})年(?:\d{1,2}|[一二三四五六七八九十]{1,2})月(?:\d{1,2}|[一二三四五六七八九十]{1,3})日"
)
ISSUED_LINE = re.compile(rf"(?:{DATE_ALONE.pattern}|(?:19|20)\d{{2}}[-./]\d{{1,2}}[-./]\d{{1,2}})(?:\(.{{0,6}}\))?$")
HEAD_LINES = 60  # in which the head of a notice is sought


@dataclass(frozen=True)
class Line:
    """A line of the source without the spaces around it. `text` is simplified and folded, `compact` has no spaces."""

    start: int
    end: int
    text: str
    compact: str
    kind: str  # body, page, value, table, number (of a page), attachment, head, blank

    @property
    def is_body(self):
        return self.kind == "body"


def lines_of(text: str, rules: str) -> list[Line]:
    """The lines of `rules`, which is `text` simplified and folded."""
    lines, start = [], 0
    for raw in rules.split("\n", MOST_LINES)[:MOST_LINES]:
        inner = LOST_END.sub("", raw.strip())
        begin = start + raw.find(inner) if inner else start
        compact = READING.sub("", "".join(inner.split()))
        lines.append(Line(begin, begin + len(inner), inner, compact, _kind(inner, compact)))
        start += len(raw) + 1
    return _without_attachments(_with_values(lines))


def _with_values(lines):
    """A key alone on its line has its value on the next: both are of the page."""
    result, key = [], False
    for line in lines:
        value = key and line.is_body and len(line.compact) <= LONGEST_VALUE and VALUE.search(line.compact)
        result.append(replace(line, kind="value") if value else line)
        key = ALONE.fullmatch(line.compact) is not None or key and line.kind == "blank"
    return result


def _without_attachments(lines):
    """The list behind 附件: is no text: its numbers are no headings."""
    listing, result = False, []
    for line in lines:
        if ATTACHMENT.match(line.compact) and len(line.compact) < 90 and line.is_body:
            listing = True
        elif line.is_body and not re.match(r"\d{1,2}[.、]", line.compact):
            listing = False
        result.append(replace(line, kind="attachment") if listing and line.is_body else line)
    return result


def _kind(inner, compact):
    if not compact:
        return "blank"
    if PAGE_NUMBER.match(compact):
        return "number"
    if len(compact) < 20 and not re.search(r"[\u3400-\u9fff\d]", compact):
        return "page"  # what is left of pictures and buttons
    if inner.count("|") >= 2 or (inner.count("|") == 1 and re.match(ANY_KEY, compact)):
        return "table"
    if len(compact) <= LONGEST_FURNITURE and PAGE.match(compact) and not (len(compact) > 60 and compact.endswith("。")):
        return "page"
    return "body"


def _runs(rules, start, end):
    """(start, end, whether a reading stood before it) of what a flow keeps of a line: neither spaces nor readings."""
    for word in re.finditer(r"\S+", rules[start:end]):
        at, stop, is_behind = start + word.start(), start + word.end(), False
        for reading in READING.finditer(rules, at, stop):
            if reading.start() > at:
                yield at, reading.start(), is_behind
            at, is_behind = reading.end(), True
        if stop > at:
            yield at, stop, is_behind


class Flow:
    """Paragraphs separated by \\n. `at[i]` is where character i stands in the source."""

    def __init__(self, lines: list[Line], rules: str):
        parts, self.at = [], array("l")
        self.behind_reading = set()  # characters before which a reading stood, and no space
        joins = _joins(lines)
        for line in (line for line in lines if line.is_body):
            if parts and line not in joins:
                parts.append("\n")
                self.at.append(self.at[-1] + 1)
            for start, end, is_behind in _runs(rules, line.start, line.end):
                if is_behind:
                    self.behind_reading.add(len(self.at))
                parts.append(rules[start:end])
                self.at.extend(range(start, end))
        self.text = "".join(parts)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where characters start..end of the flow stand in the source."""
        if start >= end:
            at = self.at[start] if start < len(self.at) else (self.at[-1] + 1 if self.at else 0)
            return at, at
        return self.at[start], self.at[end - 1] + 1

    def index(self, offset: int) -> int:
        """The first character of the flow at or behind an offset of the source."""
        return bisect_left(self.at, offset)

    def gap_before(self, i: int) -> bool:
        """Whether the source has a space before character i."""
        return 0 < i < len(self.at) and self.at[i] != self.at[i - 1] + 1 and i not in self.behind_reading


def _joins(lines):
    """The lines that go on where the one before broke off. A set of lines: page numbers between do not matter."""
    width = _wrap_width(lines)
    joins, before, blanks = set(), None, 0
    for line in lines:
        if line.kind == "blank":
            blanks += 1
        elif line.is_body:
            if before and _goes_on(before, line, blanks, width):
                joins.add(line)
            before, blanks = line, 0
    return joins


def is_metadata(line: Line) -> bool:
    """Whether a row of a table is one of those that a page prints around a notice."""
    cells = [cell for cell in line.compact.split("|") if cell]
    return not tables.is_head(cells) and any(words.match(cell) for cell in cells for words in KEY.values())


def _width(compact):
    return sum(1 if c < "\u2000" else 2 for c in compact[:400])


def _wrap_width(lines):
    """How wide a text is that was wrapped by a printer; None for one whose lines are whole paragraphs."""
    body = [line for line in lines if line.is_body]
    widths = [_width(line.compact) for line in body]
    widest = max(widths, default=0)
    if not 30 <= widest <= 130:
        return None
    full = [
        line for line, width in zip(body, widths, strict=True) if width >= widest - 8 and line.compact[-1] not in ENDS
    ]
    return widest if len(full) >= max(3, len(body) // 6) else None


def _goes_on(before, line, blanks, width):
    last = before.compact
    if (
        "|" in line.compact
        or "|" in last
        or MARKER.match(line.compact)
        or DATE_ALONE.fullmatch(line.compact)
        or last[-1] in "。!?…"
    ):
        return False
    if blanks:
        return blanks == 1 and width is not None and last[-1] in ",、" and _width(last) >= width - 8
    if (
        last[-1] in ",、(《"
        or re.match(r"前(?=[^\u4e00-\u9fff]|[\u4e00-\u9fff])", line.compact)
        and last[-1] in "日底末月"
        or line.compact[0] in ",、。;)》%"
        or last.count("《") > last.count("》")
    ):
        return True
    return width is not None and last[-1] not in ";:" and _width(last) >= width - 8


def metadata_of(lines: list[Line], text: str) -> dict[str, list[tuple[str, int, int]]]:
    """What the rows around a notice say: kind of key → (value as written, start, end), in their order."""
    found = {name: [] for name in KEYS}
    for number, line in enumerate(lines):
        if line.kind == "table":
            _table_row(line, text, found)
        elif line.kind == "value":
            _keep(_key_above(lines, number), line.start, line.end, text, found)
        elif line.kind == "page" or (number < 30 and line.is_body and len(line.compact) < 120):
            _pairs(line, text, found)
    return found


def _key_above(lines, number):
    above = number - 1
    while lines[above].kind == "blank":
        above -= 1
    return lines[above].compact.strip("·*-:")


def _table_row(line, text, found):
    cells = [(m.start(), m.end()) for m in re.finditer(r"[^|]+", line.text)]
    for (a, b), (c, d) in zip(cells, cells[1:], strict=False):
        _keep(line.text[a:b], line.start + c, line.start + d, text, found)


def _pairs(line, text, found):
    marks = list(PAIR.finditer(line.text))
    for mark, after in zip(marks, [*marks[1:], None], strict=False):
        end = after.start() if after else len(line.text)
        end = end - 1 if line.text[end - 1 : end] == "[" else end  # [发布部门] 甲县民政局 [发文字号] …
        _keep(mark[1], line.start + mark.end(), line.start + end, text, found)


def _keep(key, start, end, text, found):
    value = text[start:end]
    start += len(value) - len(value.lstrip())
    value = value.strip()
    key = READING.sub("", "".join(key.split())).rstrip(":")
    name = next((name for name, words in KEY.items() if words.fullmatch(key)), None)
    if name and value:
        found[name].append((value, start, start + len(value)))


def rules_text(text: str) -> tuple[str, str]:
    """(simplified, simplified and folded), both as long as `text`."""
    simplified = script.to_simplified(text)
    return simplified, tables.with_bars(script.folded(simplified))


def flat(words):
    """The words on one line, without the spaces that a page puts between Chinese characters."""
    return re.sub(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])", "", words.strip())
