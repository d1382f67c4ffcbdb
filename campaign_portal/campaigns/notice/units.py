"""Who takes which part: offices that lead, join, answer, support, guide or take part; and documents that are cited."""

import re

from .document_number import NUMBER
from .draft import Cited, UnitItem
from .page import Page
from .wording import is_body

PARTS = {
    "lead": r"牵头|主导|总牵头|主办",
    "joint": r"会同|联合|共同",
    "responsible": r"责任|负责|承办|实施|落实|主责|完成",
    "support": r"配合|协助|协办|支持",
    "guide": r"指导|督导|监督",
    "take_part": r"参加|参与",
}
LABELLED = re.compile(
    r"(?P<label>(?:总?牵头|主导|主办|责任|负责|承办|实施|落实|主责|配合|协助|协办|支持|指导|督导|监督|参加|参与|联合)(?:单位|部门|科室|股室|处室|领导|人|地区|主体))(?:为|是)?:(?P<names>[^。;:)\n]{2,160})"
)
NAME = (
    r"(?:各|市|县|区|省|州|[\u4e00-\u9fff])[\u4e00-\u9fff()]{1,24}?(?:局|厅|部门|部|委员会|委|办公室|办|政府|大队|支队|总队|中心|协会|学会|联合会|专委会|领导小组|指挥部|工作组|"
    r"专班|办事处|服务处|管委会|街道|乡镇|镇街|科|股|处|站|所|院|机构|企业|单位|社区|公司|学校)"
)
NAMES = rf"(?:{NAME})(?:(?:、|和|及|与|以及)(?:{NAME})){{0,12}}"
SAID = re.compile(
    rf"(?P<names>{NAMES})(?:等(?:相关|有关)?(?:部门|单位|机构))?(?:要|应|须|将|负责)?(?P<verb>牵头|主导|会同|联合|配合|协助|指导|参加|参与|负责|承办|主办|协办|共同)"
)
WITH = re.compile(rf"(?:会同|联合|配合|协同|商)(?:同级|有关|相关)?(?P<names>{NAMES})")
LEADING = re.compile(
    r"^(?:由|请|经|在|对|与|和|以|向|报|将|要|并|按|按照|根据|及时|积极|定期|统一|全面|通过|结合|依托|组织|履行|加强)+"
)
SPLIT = re.compile(r"[、,]|(?<=[局部厅委办府队心会院])(?:和|及|与|以及)(?=[\u4e00-\u9fff]{2})")
CITED_TITLE = re.compile(r"《([^《》]{2,90}(?:《[^《》]{2,60}》[^《》]{0,30})?)》(?:等[^()]{0,12})?(?:的通知)?\(?$")
BEFORE_NUMBER = re.compile(
    r"^(?:[和与及或]|.*(?:根据|按照|依据|现将|转发|印发|落实|执行|见|以及|文件|对照|贯彻|详见|参照|依照|结合))"
)
STEM = (
    r"[省市县区]?(?:民政|公安|财政|住房?和城乡建设|住建|应急(?:管理)?|消防(?:救援)?|市场监管|市场监督管理|卫生健康|卫健|教育|人力资源和?社会保障|人社|自然资源|城管|城市管理|医保|"
    r"发展改革|司法|生态环境|残联)"
)
CUE = re.compile("|".join(PARTS.values()) + "|配合|协同|商")
MOST = 1000


def read_units(page: Page) -> list[UnitItem]:
    """Offices named with a part in the work."""
    found = {}
    for start, end in page.telling:
        text = page.flow.text[start:end]
        if not CUE.search(text):
            continue
        for match in LABELLED.finditer(text):
            _keep_all(page, found, start + match.start("names"), match["names"], _part(match["label"]))
        for match in SAID.finditer(text):
            _keep_all(page, found, start + match.start("names"), match["names"], _part(match["verb"], before=True))
        for match in WITH.finditer(text):
            _keep_all(
                page,
                found,
                start + match.start("names"),
                match["names"],
                "support" if match[0].startswith("配合") else "joint",
            )
        if len(found) >= MOST:
            break
    return sorted(found.values(), key=lambda unit: unit.start)


def _part(word, *, before=False):
    if before and re.match("会同|联合|配合.{0}$", word):
        return "lead" if not word.startswith("配合") else "support"
    return next((part for part, words in PARTS.items() if re.match(words, word)), "responsible")


def _keep_all(page, found, start, words, part):
    at = 0
    for piece in [*SPLIT.split(words)]:
        place = words.find(piece, at)
        at = place + len(piece)
        lead = LEADING.match(piece)
        skip = len(lead[0]) if lead else 0
        name = re.sub(r"(?:牵头|配合|负责|协助|指导|等)+$", "", piece[skip:])
        name = name.rsplit("由", 1)[-1]
        name = re.sub(r"(?<=[股科处]室)所$", "", name)  # 各股室所负责
        skip = piece.rfind(name)
        if 2 <= len(name) <= 30 and (is_body(name) or _is_stem(name, words)):
            begin = start + place + skip
            item = UnitItem(**page.place(begin, begin + len(name)), name=name, part=part, task=page.task(begin))
            found.setdefault((item.start, item.end), item)


def _is_stem(name, words):
    """民政, 消防救援 in a list that says at its end what they are: 民政、消防救援等部门."""
    return bool(re.search("等(?:相关|有关)?(?:部门|单位)$|部门$", words)) and re.fullmatch(STEM, name) is not None


def named_above(head, text: str) -> list[UnitItem]:
    """The offices that sign and those that are told, as units."""
    return [
        UnitItem(
            start=p.start,
            end=p.end,
            sentence_start=p.start,
            sentence_end=p.end,
            text=text[p.start : p.end],
            name=p.value,
            part=part,
        )  # fmt: skip
        for part, phrases in (("issuer", head.issuers), ("addressee", head.addressees))
        for p in phrases
    ]


def read_cited(page: Page, own) -> list[Cited]:
    """Document numbers in the text other than the notice's own, with the title that stands before each."""
    mine = _plain(own.value) if own else None
    found = []
    for match in NUMBER.finditer(page.flow.text):
        lead = BEFORE_NUMBER.match(match["word"])
        begin = match.start() + (len(lead[0]) if lead else 0)
        item = page.place(begin, match.end())
        if _plain(item["text"]) == mine or len(found) >= MOST:
            continue
        title = CITED_TITLE.search(page.flow.text[max(0, begin - 130) : begin])
        found.append(Cited(**item, number=re.sub(r"\s+", "", item["text"]), title=title[1] if title else ""))
    return found


def _plain(number):
    """A number without its kind of brackets, to compare two."""
    return re.sub(r"[^\w]", "", number)
