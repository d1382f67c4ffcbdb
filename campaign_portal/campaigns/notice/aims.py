"""Whether a number in a text is something to be reached, by what stands around it."""

import re
from dataclasses import dataclass

from . import aim_words as words
from .wording import ACT

DOES_NOW = re.compile(rf"(?:{words.MAKE})[^,;。]{{0,3}}$")
ASKED_ABOUT = re.compile(r"是否|有无|有没有")  # a point to check
ENDS = re.compile(r"[、)\"]|和|及|以及|$")
LATER_VERB = re.compile(
    r"[^,、]{2,24}(?:实施|进行|完成|开展|达到|评上|创建|通过|建成|投入|挂牌|开工|竣工|启用|覆盖|运营|提供|发放|安装|配备)"
)
DONE_LATER = re.compile(
    r"[^,、]{2,30}(?:(?:全部|全面|基本)(?:建成|完成|达标|开工|竣工)|建成|投入使用|启用|达标|竣工|提供[^,]{0,14}服务|完成[^,]{0,16}(?:改造|建设|整治|验收|创建|提升|登记|任务)|进行[^,]{0,10}改造)"
)


@dataclass(frozen=True)
class Figure:
    """A number with its unit and its surroundings. `follows`: a target stands right before it in the sentence."""

    value: float
    low: float | None
    unit: str
    number: str
    tail: str
    before: str
    after: str
    context: str
    follows: bool
    is_dated: bool
    asked: bool = False  # it stands in a column that asks for targets
    is_gone: bool = False  # of a year that was over when the notice was issued


def is_target(figure: Figure) -> bool:
    """Whether a number with its unit is something to be reached, and no base figure, condition, ordinal or idiom."""
    if figure.asked:
        return True
    if any(rule(figure) for rule in (_is_past, _is_condition, _is_standard, _is_idiom, _is_other_word)):
        return False
    rule = BY_UNIT.get(figure.unit, _is_count)
    return rule(figure)


def _is_past(figure):
    if words.GROWN.search(figure.before):
        return False  # 由去年的71%提高到90%
    aims = figure.is_dated or words.AIMS.search(figure.context)
    if figure.is_gone and not aims or words.SUM.search(figure.before) and not aims:
        return True
    base = words.BASE.search(figure.context)
    if base and not figure.is_dated and not words.FORWARD.search(figure.context, base.end()):
        return True
    tally = words.TALLY.search(figure.context[-40:])
    tally = tally and not words.NOW_AFTER.search(tally[0])
    return bool(words.PAST.search(figure.before) or tally or words.AFTER_PAST.match(figure.after))


def _is_condition(figure):
    """床位100张以上的养老机构, 不足5家的: which ones, not how many. 每千名老年人: of how many."""
    if re.search(
        r"(?:第|前|近|仅|约|每|不足|不满|未满|未达|满|(?<!不)(?<!不[得能应])少于|[两三四五]个|[a-zA-Z])$", figure.before
    ):
        return True
    if ASKED_ABOUT.search(figure.before) or words.WHO_HAS.fullmatch(figure.after):
        return True
    if re.search(r"(?<!不)(?<!不得)(?:超过|达到?)$", figure.before) and re.match(
        r"的(?!目标|要求|水平|标准)", figure.after
    ):
        return True
    if re.search(r"[由从自](?:[^,、]{0,6}的)?$", figure.before) and re.match(r"[提升增降下上扩减压]", figure.after):
        return True  # 由85%提高到95%
    if words.NAMED_BEFORE.search(figure.before) or figure.before.endswith("(") and figure.after.startswith(")"):
        return True
    if re.search(r"由(?:不少于|至少|不得少于)?$", figure.before) and "组成" in figure.after[:12]:
        return True
    attributive = figure.tail in ("以上", "及以上", "以下", "以内") and re.match(
        r"的|养老|老年|人员|执法|未|违", figure.after
    )
    is_drawn = re.search(r"抽|检查", figure.before[-8:]) or DOES_NOW.search(figure.before)
    return bool(attributive and figure.unit != "%" and not is_drawn)


def _is_standard(figure):
    """A limit for one room, one person or one paper, or what a rule wants of those of a size."""
    if (
        figure.unit in ("人", "名")
        and (words.STAFFING.search(figure.before) or words.TEAM.match(figure.after))
        or figure.unit != "%"
        and words.OF_SIZE.search(figure.context)
    ):
        return True
    limits = words.AT_LEAST.search(figure.before[-24:]) or words.AT_MOST.search(figure.before[-24:])
    return bool(limits and figure.unit != "%" and words.STANDARD.search(figure.before[-24:]))


def _is_idiom(figure):
    """一次 is an idiom unless something counts: 每季度…一次, 至少一次, 不少于一家, 一至两项."""
    if figure.unit in words.IDIOMS and figure.number in ("一", "1") and not _compares(figure):
        return not (figure.number == "1" and words.PER.search(figure.before))
    if figure.number != "一" or figure.unit == "%" or figure.low is not None:
        return False
    return not (words.PER.search(figure.before) or _compares(figure))


def _is_other_word(figure):
    """The unit is the beginning of another word: 3个方面, 两名执法人员, 人员, 家庭, 期间."""
    is_place = words.WHERE.match(figure.after) or words.NAMES_OF_WORK.match(figure.after)
    if figure.unit == "个" and is_place and not DOES_NOW.search(figure.before):
        return True
    pattern = words.OTHER_WORDS.get(figure.unit)
    return bool(pattern and pattern.match(figure.after) and not _is_last(figure))


def _is_share(figure):
    if words.SUBSIDY.search(figure.before[-14:]) or words.SUBSIDY_AFTER.match(figure.after):
        return False
    return bool(
        figure.value == 100
        or words.RATE.search(figure.context[-36:])
        or words.RATE.search(figure.after[:14])
        or DONE_LATER.match(figure.after)
        or figure.tail
    )


def _is_money(figure):
    return bool(words.MONEY_VERB.search(figure.before) and not words.SUBSIDY.search(figure.before[-14:]))


def _is_hours(figure):
    return bool(_compares(figure) or figure.tail or words.VERB.search(figure.before))


def _is_rare(figure):
    """Units that mostly describe a thing count only behind a verb of making or handing out, or behind the thing counted."""
    reached = words.REACHED.search(figure.before)
    each = words.PER.search(figure.before) and words.VERB.search(figure.before)
    return bool(
        _compares(figure) or reached or each or re.search(words.MAKE, figure.before[-14:]) or _is_governed(figure)
    )


def _is_store(figure):
    """Days count where they are stored or reached: 储备不少于7天的食品, 优良天数达到300天."""
    return bool(words.PIECES_OF_STORE.search(figure.before))


def _is_score(figure):
    """Points of a poll: 满意度达到95分以上; no others, which rules take off or give."""
    return bool(re.search("满意|测评", figure.before) and not words.SUBSIDY.search(figure.before[-14:]))


def _is_item(figure):
    """69项举措 is a name, 完成69项 a target."""
    return bool(_compares(figure) or words.ITEM_VERB.search(figure.before[-10:]) or _is_governed(figure))


def _is_piece(figure):
    return bool(
        _compares(figure)
        or re.search(words.MAKE, figure.before[-18:])
        or _is_governed(figure)
        or DONE_LATER.match(figure.after)
    )


def _is_count(figure):
    return bool(
        _compares(figure)
        or words.VERB.search(figure.before[-18:])
        or words.GROWN.search(figure.before)
        or _comes_again(figure)
        or _acts_after(figure)
        or _is_governed(figure)
    )


def _compares(figure):
    near = figure.before[-24:]
    return words.AT_LEAST.search(near) or words.AT_MOST.search(near)


def _comes_again(figure):
    """每半年通报一次: whatever is done, so many times in a period."""
    near = words.PER.search(figure.before[-24:])
    return (
        figure.unit in ("次", "场", "期", "场次", "遍", "轮")
        and near
        and words.PERIODICAL.fullmatch(words.PER_NAMES.get(near["per"], near["per"]))
    )


def _acts_after(figure):
    """3所敬老院实施提质升级: the verb stands behind what is counted."""
    return (
        figure.unit in ("所", "家", "户", "处", "张")
        and LATER_VERB.match(figure.after)
        or DONE_LATER.match(figure.after)
    )


def _is_governed(figure):
    """A number behind the thing counted, which a verb of its own clause or of the one before it governs."""
    if not _is_last(figure) or len(figure.before.rsplit("、", 1)[-1]) > 24:
        return False
    done = words.VERB.search(figure.before) or words.GOVERNS.search(_ahead(figure))
    return _listed(figure) or _goes_on(figure) or done


def _is_last(figure):
    """Whether nothing stands behind the number in its part of the clause (建成公园20个、绿道5条), or only what is done to all of
    the list (社工30名、护理员40名的培训)."""
    return bool(ENDS.match(figure.after) or ACT.fullmatch(figure.after))


def _ahead(figure):
    return figure.context[: len(figure.context) - len(figure.before)]


def _listed(figure):
    """The second and later of 社工30名、院长5名: what governs the list stands further ahead."""
    lists = "、" in figure.before or re.search(r"(?:和|及|以及)[^,]{2,20}$", figure.before)
    return lists and words.VERB.search(figure.before) and re.search(rf"\d+万?(?:{words.UNITS})", figure.before)


def _goes_on(figure):
    """…创建五星级1家,四星级2家: a short clause behind one that holds a target."""
    return figure.follows and len(figure.before.rsplit("、", 1)[-1]) <= 16


BY_UNIT = {
    "%": _is_share, "‰": _is_share, "个百分点": _is_share, "元": _is_money, "万元": _is_money, "亿元": _is_money, "学时": _is_hours, "课时": _is_hours,
    "个": _is_piece, "分": _is_score, "项": _is_item, "天": _is_store,
    **dict.fromkeys(("条", "平方米", "平方公里", "平方千米", "立方米", "公里", "千米", "米", "公顷", "吨", "公斤", "千克", "千瓦", "兆瓦", "部", "份", "亩",
                     "辆", "幅", "块", "面", "门", "款", "种", "艘", "顶", "本", "册", "起", "只", "根", "具", "把"), _is_rare),
}  # fmt: skip
