"""Reads a year's holiday notice of the State Council: which days are off, which weekend days are worked.

Plain rules over the forms that the notices since 2007 have. What does not agree within itself (a weekday, the number of
days) is said as a sentence; a person decides. Only days that differ from Monday to Friday are kept.
"""

import re
import unicodedata
from datetime import date
from typing import NamedTuple

LONGEST_TEXT = 20_000
MOST_OFF = 16  # days of one festival; more is a slip in a month


class Day(NamedTuple):
    day: date
    is_working: bool
    name: str

    @property
    def differs(self):
        """Whether it is another than Monday to Friday makes it."""
        return self.is_working == (self.day.weekday() >= 5)


class Reading(NamedTuple):
    year: int | None
    source: str
    days: tuple[Day, ...]
    festivals: tuple[str, ...]
    findings: tuple[str, ...]

    @property
    def is_whole(self):
        """Whether it arranges the year. An adjusting notice names one festival or two."""
        return len(self.festivals) >= 5


FESTIVALS = {
    "元旦": "元旦",
    "春节": "春节",
    "清明": "清明节",
    "劳动节": "劳动节",
    "五一": "劳动节",
    "端午": "端午节",
    "中秋": "中秋节",
    "国庆": "国庆节",
    "十一": "国庆节",
}
USUAL = ("元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节")

TO = "[-–—~至到]"
DATE = rf"(?:\d{{4}}年)?(?:\d{{1,2}}月)?\d{{1,2}}(?:日|(?={TO}))(?:\([^()]{{0,30}}\))?"
SPAN = rf"{DATE}(?:{TO}+{DATE})?"
SPANS = rf"(?P<spans>{SPAN}(?:[、和及]{SPAN}){{0,15}})"
OFF = re.compile(rf"{SPANS}(?:期间)?(?:调休)?(?:放假|补休|调休)(?!日)")
WORKED = re.compile(rf"{SPANS}(?:均|都)?(?:照常|正常)?(?:上班|补班)")
ONE_SPAN = re.compile(rf"(?P<first>{DATE})(?:{TO}+(?P<last>{DATE}))?")
ONE_DATE = re.compile(r"(?:(?P<year>\d{4})年)?(?:(?P<month>\d{1,2})月)?(?P<day>\d{1,2})日?(?:\((?P<said>[^()]*)\))?")
STATED = re.compile(r"(?:放假|共)(\d{1,2})天")
WEEKDAY = re.compile(r"(?:周|星期)([一二三四五六日天])")
SECTION = re.compile(r"(?:^|(?<=[\n。]))[一二三四五六七八九十]{1,3}、")
YEAR = re.compile(r"(\d{4})年(?:元旦|春节|清明|劳动节|端午|中秋|国庆|[\"“]?五一|部分节假日|节假日|放假)")
ANY_YEAR = re.compile(r"(?<!\d)(20\d{2})年\d{1,2}月")
TITLE = re.compile(r"国务院办公厅关于[^\n。]{0,10}\d{4}年[^\n。]{0,30}?通知")
NUMBER = re.compile(r"国办发(?:明电)?[〔\[(﹝]\d{4}[〕\])﹞]\d{1,3}号")


def read(text, *, year=None):
    """What a notice says. `year` is the one that the user named; else the notice's own is looked for."""
    text = _plain(text[:LONGEST_TEXT])
    findings = []
    found = YEAR.search(text) or ANY_YEAR.search(text)
    said = int(found[1]) if found else None
    if year and said and said != year:
        findings.append(f"通知写的是{said}年，您选的是{year}年，请核对。")
    year = year or said
    if year is None:
        return Reading(None, "", (), (), ("没有读出是哪一年的通知，请填写年份。",))
    days, festivals = {}, []
    for section in _sections(text):
        _read_section(section, year, days, festivals, findings)
    if not days:
        findings.append("没有读出放假或上班的日子，请核对粘贴的文字，或在下面逐日添加。")
    elif len(set(festivals)) >= 5:
        findings += [f"通知里没有读到{name}。" for name in USUAL if name not in festivals]
    kept = tuple(day for _, day in sorted(days.items()) if day.differs)
    return Reading(year, _source(text, year), kept, tuple(dict.fromkeys(festivals)), tuple(dict.fromkeys(findings)))


def _plain(text):
    """Half-width figures, brackets and commas, no blanks; lines stay."""
    text = unicodedata.normalize("NFKC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return re.sub(r"[^\S\n]+", "", text)


def _sections(text):
    """The numbered parts; of a text without numbers, the lines that speak of days off."""
    starts = [match.end() for match in SECTION.finditer(text)]
    if starts:
        return [text[start:end] for start, end in zip(starts, [*starts[1:], None], strict=True)]
    return [line for line in text.split("\n") if "放假" in line or "上班" in line]


def _source(text, year):
    title, number = TITLE.search(text), NUMBER.search(text)
    words = title[0] if title else f"国务院办公厅关于{year}年部分节假日安排的通知"
    bracketed = re.sub(r"[\[(﹝](\d{4})[\])﹞]", r"〔\1〕", number[0]) if number else ""
    return f"{words}（{bracketed}）" if bracketed else words


def _read_section(section, year, days, festivals, findings):
    off, worked = OFF.findall(section), WORKED.findall(section)
    first = min((section.find(spans) for spans in off + worked), default=0)
    names = _names(section[:first] if first else section.split("\n")[0])
    name = "、".join(names)[:20]
    own = _days_of(off, year, name, findings)
    if not own:
        if names[0] in USUAL:
            findings.append(f"“{name}”没有读出放假的日子。")
        return
    festivals += names
    _compare(section, own, name, findings)
    for day in own:
        days[day] = Day(day, False, name)
    for day in _days_of(worked, year, name, findings, month=own[0].month):
        if day in own:
            findings.append(f"{_words(day)}既写放假又写上班。")
        elif day.weekday() < 5:
            findings.append(f"{_words(day)}写的是上班，但它本来就是工作日（{_weekday(day)}）。")
        days[day] = Day(day, True, name)


def _names(head):
    """The festivals that a heading names, in its order; of an unknown one its own words."""
    found = sorted({head.find(word): name for word, name in FESTIVALS.items() if word in head}.items())
    if found:
        return list(dict.fromkeys(name for _, name in found))
    words, colon, _ = head.partition(":")
    return [words.strip("“”\"'")] if colon and len(words) <= 20 else ["放假"]


def _days_of(matches, year, name, findings, *, month=None):
    """Every day of the spans that were found, in order. `month` is that of a first day without one."""
    found = []
    for spans in matches:
        own_year = None
        for span in ONE_SPAN.finditer(spans):
            ends = []
            for text in filter(None, span.group("first", "last")):
                day, month, own_year = _day(text, year, month, own_year, findings)
                ends.append(day)
            found += _between(ends, name, findings)
    return list(dict.fromkeys(found))


def _day(text, year, month, own_year, findings):
    """One date; month and year come from the one before it where they are not said. December is the year before's."""
    parts = ONE_DATE.match(text)
    if parts["month"]:
        month = int(parts["month"])
        own_year = int(parts["year"]) if parts["year"] else year - 1 if month == 12 else year
    try:
        day = date(own_year or year, month or 0, int(parts["day"]))
    except ValueError:
        findings.append(f"“{text}”不是一个完整的日期。")
        return None, month, own_year
    if day.year not in (year - 1, year) or (day.year == year - 1 and day.month < 12):
        findings.append(f"“{text}”不在{year}年。")
        return None, month, own_year
    said = WEEKDAY.search(parts["said"] or "")
    if said and "一二三四五六日".find(said[1].replace("天", "日")) != day.weekday():
        findings.append(f"{_words(day)}是{_weekday(day)}，通知写的是{said[0]}。")
    return day, month, own_year


def _between(ends, name, findings):
    if None in ends:
        return []
    first, last = ends[0], ends[-1]
    if not 0 <= (last - first).days < MOST_OFF:
        findings.append(f"{name}的“{_words(first)}至{_words(last)}”前后颠倒或太长。")
        return []
    return [date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1)]


def _compare(section, own, name, findings):
    """The number of days that is stated against those that were read."""
    stated = STATED.search(section)
    if stated and int(stated[1]) != len(own):
        findings.append(f"{name}写明共{stated[1]}天，读出的是{len(own)}天。")


def _words(day):
    return f"{day.month}月{day.day}日"


def _weekday(day):
    return f"周{'一二三四五六日'[day.weekday()]}"
