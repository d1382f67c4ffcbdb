"""Few words for people: what is to be done, who has to, what is counted."""

import re

from .aim_words import PERIODICAL
from .date_words import POINT

BODY_END = (
    r"(?:局|厅|部门|委员会|委|办公室|办|政府|大队|支队|总队|中队|中心|协会|学会|联合会|总工会|商会|机构|单位|院|站|所|处|科室?|股室?|街道|乡镇|镇街|企业|公司|集团|学校|幼儿园|社区|园区|"
    r"领导小组|工作组|检查组|督[查导]组|联合组|专班|指挥部|专委会|管委会|安委会|办事处|行署|组织|场所|基地|支部|党委|工委|管理人|医院|银行)"
)
BRACKET = re.compile(r"\([^()]{1,12}\)")
AREA = re.compile(r"各?(?:地区?|市|县|区|州|镇|乡|村|旗|盟|街道|社区|园区|乡镇|镇街|县区|市县)|[省市县区州镇局厅]里")
ENDS = re.compile(BODY_END)
PIECE_ENDS = re.compile(BODY_END + "(?:等(?:相关|有关|各|[二三四五六七八九十]{1,2}个?)?(?:职能)?(?:部门|单位|机构))?$")
OF_ALL = re.compile(r"(?:部门|单位|机构|局)$")  # says what the stems before it are: 民政、消防救援等部门
WORDS = re.compile(r"[\u4e00-\u9fff]{1,26}")
NO_BODY = re.compile(
    r"[《》\"';:,。|\d]|(?<!社会)组织(?!$|、|部)|完成|报送|上报|书面|争取|符合|开展|建立|对照|根据|按照|达到|实现|加强|推进|落实|推行|关于|年|挂牌|督办$|或者?|需要|应当|通过|"
    r"明确|做好|列出|配合|会同|牵头|联合(?!会|组)|负责|结合|[两跨]|以及$|成员为|时[限间]|期限|收到|发现|组建|组成|成立|采取|进行|发放|确保"
)
STARTS_WRONG = re.compile(
    r"^(?:报|送|交|把|将|对|并|向|到|在|按|为|从|以|且|也|都|再|于|该|其|不|未|已|等|的|至|若|如|凡|使|让|经|由|被|与|和|及|所有|本人|个|家)"
)
VAGUE_BODY = re.compile(
    r"(?:协会|部门|单位|机构|中心|企业|院|处|所|站|办|局|学校|社区|街道|组织|政府|各部门组成专班|.{0,4}[省市区]部门)$"
)


def is_body(words: str) -> bool:
    """Whether words name an office, an institution or a list of those: 县民政局, 各县(市、区), 民政、消防等部门."""
    plain = BRACKET.sub("", words)
    if (
        not 2 <= len(words) <= 70
        or words[0] == "("
        or NO_BODY.search(plain)
        or STARTS_WRONG.match(plain)
        or VAGUE_BODY.fullmatch(plain)
    ):
        return False
    *others, last = pieces = re.split("、|以及|和|及|与", plain)
    if not all(WORDS.fullmatch(piece) for piece in pieces):
        return False
    if (
        plain.startswith("各")
        and all(AREA.fullmatch(piece) for piece in pieces)
        or AREA.fullmatch(plain)
        and len(plain) > 1
    ):
        return True
    stems = [piece for piece in others if not PIECE_ENDS.search(piece)]
    return bool(PIECE_ENDS.search(last)) and (
        not stems or OF_ALL.search(last) is not None and all(2 <= len(s) <= 12 for s in stems)
    )


# ---- who ----

MODAL = re.compile(
    r"(?:要|应当?|须|需|请|将|务必|可|会同|联合|负责|牵头|统一|组织|必须|对|按照?|根据|于|在|把|完成|报送|上报|开展|每|结合|认真|进行|全面|至少|也|再|向|报|抽|通报|公[布示]|检查|督|制定|建立|召开|举|"
    r"配合|依|落实|均|都|分别|主动|及时|提交|汇总|填报|集中|自行|具体|力争|争取|确保|实施|做好|指导|印发|发布|出台|形成|启动|研究|选派|推荐|设立|调度|排查|明确|指定|确定|汇总|收集)"
)
ASKED = re.compile(r"(?:由|请|要求|望|希|其中|同时|并由|再由)")
RUN = re.compile(r"[\u4e00-\u9fff、()]{2,70}")
TAIL_WORDS = re.compile(
    r"(?:要|应当|应|须|需|请|将|务必|务|必须|也|均|都|分别|并|于|在|最迟|统一|力争|争取|确保|,){1,8}$"
)
OPENS = re.compile(r"[,:(]")
LABELLED = re.compile(
    r"(?:责任|牵头|负责|承办|主办|实施|落实)(?:单位|部门|科室|股室|主体)(?:为|是)?:(?P<who>[^;,。\n|]{2,70})"
)
WINDOW = 140
MOST_CLAUSES = 12


def subject(before: str, after: str) -> str:
    """Who has to: the office right before a date, else right behind it, else the last one that opened a clause."""
    lead, behind = before[-WINDOW:].rsplit(";", 1)[-1], after[:WINDOW].lstrip(",")
    starts = [0, *(m.end() for m in OPENS.finditer(lead))][-MOST_CLAUSES:]
    return (
        _all_of(lead, starts)
        or _at(behind, 0)
        or next((who for start in reversed(starts) if (who := _at(lead, start))), "")
        or _labelled(before[-WINDOW:] + after[:WINDOW])
    )


def _all_of(lead, starts):
    """The office that is all that stands in the clause before the date."""
    words = TAIL_WORDS.sub("", lead)
    for start in starts:
        who = words[_asked(words, start) :]
        if is_body(who):
            return who
    return ""


def _at(words, start):
    """The office with which a clause begins, if what it has to do follows."""
    start = _asked(words, start)
    run = RUN.match(words, start)
    ends = [m.end() for m in ENDS.finditer(run[0])] if run else []
    ends += [m.end() for m in BRACKET.finditer(run[0])] + [m.end() for m in AREA.finditer(run[0][:12])] if run else []
    for end in sorted(ends):
        if MODAL.match(words, start + end) and is_body(run[0][:end]):
            return run[0][:end]
    return ""


def _asked(words, start):
    asked = ASKED.match(words, start)
    return asked.end() if asked else start


def _labelled(words):
    match = LABELLED.search(words)
    who = match["who"] if match else ""
    who = who.rstrip(")") if who.count(")") > who.count("(") else who
    return who if is_body(who) else ""


# ---- what ----

LEADING = re.compile(
    r"^(?:[,:、)\s]|前(?!期|往|台|后)|之前|以前|底前|由|要(?!求|点|素|闻)|应当?|须|需要?|请|务必|必须|务|均|都|并|再|也|内|止|将(?=对|会同|联合|组织|开展|进行|举|召|统一|全|在|把)|统一(?=完成))+"
)
ADVERBIAL = re.compile(
    r"^(?:按照?|对照|根据|结合|配合|围绕|通过|依托|在|以|针对|坚持|为|采取|从|经|参照|依据)(?!时|期|法)"
)
LONGEST_WHAT = 40


def duty(words: str, who: str = "", before: str = "") -> str:
    """One short clause of what is to be done, of the words behind a date. `before`: what its own clause began with."""
    words = LEADING.sub("", re.split(r"[;。\n|]", words)[0])
    words = re.sub(r"^(?:为|是|定为|确定为)(?=[^,]{2,24}(?:日|时间|日期)$)", "", words)
    if who and words.startswith(who) and len(words) > len(who) + 3:
        words = LEADING.sub("", words[len(who) :])
    clauses = _clauses(words.strip(",:)") if words.count("(") < words.count(")") else words.strip(",:"))
    said, more = clauses[0] if clauses else "", clauses[1] if len(clauses) > 1 else ""
    if more and (len(said) < 4 or ADVERBIAL.match(said)):
        said = f"{said},{more}" if len(said) + len(more) < LONGEST_WHAT else more
    if before and len(before) + len(said) <= LONGEST_WHAT:
        said = before + said
    return _not_too_long(said)


def _clauses(words):
    """The parts between commas that stand in no bracket."""
    parts, depth, begin = [], 0, 0
    for i, char in enumerate(words[:400]):
        depth += (char in "(《") - (char in ")》")
        if char == "," and depth <= 0:
            parts.append(words[begin:i])
            begin = i + 1
    return [part for part in [*parts, words[begin:400]] if part]


def _not_too_long(words):
    """A clause of more than twice the length ends where its list does."""
    if len(words) <= 2 * LONGEST_WHAT:
        return words
    cut = max(words.rfind(mark, 10, 2 * LONGEST_WHAT) for mark in "、,")
    return words[:cut] if cut > 0 else words[: 2 * LONGEST_WHAT]


# ---- what is counted ----

PERIOD = r"每(?:个)?(?:半年|季度?|月|周|日|天|年度?|旬)"
PER_PLACE = r"(?:每|各)(?:个|家)?(?:所|家|名|人|乡镇|镇|乡|村|县|市|区|省|班|社区|机构|街道|单位)(?:\([^()]{1,10}\))?"
AHEAD = re.compile(
    rf"^(?:\d{{1,2}}[.、](?!\d)|\([^()]{{1,3}}\)|[一二三四五六七八九十]{{1,2}}、|{{[a-z]+}}|(?:到|至|于|在|截至)?{POINT}(?:之前|以前|前|止|,)*|[两二三四五]年(?:内|间|累计|共)?|年内|全年|"
    r"确保|力争|争取|实现|完成|达到|做到|保证|基本|全面(?=完成)|全[县市区省]|其中|今年|重点(?=对|抽)|对|使|要|应当?|须|将|并|每[年月]|累计|共(?!同|建|享)|不少于|至少|原则上|计划|拟|全部|均|为(?!老|民))+"
)
BEHIND = re.compile(
    rf"(?:不少于|不低于|不小于|至少|最少|不超过|不高于|不多于|至多|限报|达到|达|为|到|至|在|不?得(?:少于|低于|超过|高于|多于)|不[应能](?:少于|低于)|控制|原则上|按照?(?:国家|有关|相关)?(?:规定|要求|标准)?|约|力争|争取|的|抽取?|各|总数|要|应当?|须|需|将|均|都|"
    rf"提[高升]|以|{PERIOD}|{PER_PLACE}|大于|超过|突破|实现|完成|有|由|从){{1,8}}$"
)
ACT = re.compile(
    r"(?:的)?(?P<act>(?:[\u4e00-\u9fff]{0,4})(?:培训|改造|建设|检查|抽查|演练|评定|考核|认证|任务|轮训|鉴定))$"
)
DOES = re.compile(r"(?:至少|不少于|组织|开展|进行|完成|举办|召开|实施){1,8}$")
DONE = re.compile(
    r"(?:通报|调度|走访|探访|慰问|更新|报送|公布|公示|听取|研究|会商|清洗|检测|维护|巡查|检查|抽查|排查)$"
)
SHORT_NAME = 30


def counted(before: str, after: str, unit: str, per: str) -> str:
    """What a number counts, short: the words behind it, else those before it. `per`: 所, where it is so many each."""
    told = re.sub(
        r"^(?:左右|以上|及以上|以下|以内|之内|的(?=\S{3}))+", "", re.split(r"[,;(。|]|、(?=[^、]*\d)", after)[0]
    )
    ahead = _ahead(before)
    act = ACT.fullmatch(re.split(r"[,;(。|]", after)[0])
    if act and ahead and unit != "%" and len(ahead) >= 2 and not DOES.fullmatch(ahead):
        name = ahead + act["act"]
    elif unit != "%" and len(told) >= 2 and not re.match(r"(?:以|且|并|进行|做|参加|用于|给予)", told):
        name = (
            verb[0] if (verb := DONE.search(before)) and unit in "次场期" and not ACT.fullmatch(told) else ""
        ) + told
    else:
        name = ahead
    return _each(_shortened(name) or _of_unit(unit), per)


def _ahead(before):
    """The words before the number without days, modal verbs, its period, and what else stands between."""
    words = before
    period = re.search(rf"{PERIOD}(?:原则上|至少|要|应)*", words)
    if period:
        front, rest = words[: period.start()], words[period.end() :]
        rest = BEHIND.sub("", rest)
        words = rest if is_body(LEADING.sub("", front)) or not front and rest else front + DOES.sub("", rest)
    words = AHEAD.sub(
        "", BEHIND.sub("", re.split("并(?=新增|新建|培训|培养|改造|建成|配备|组织|开展|推荐|设[立置])", words)[-1])
    )
    words = BEHIND.sub("", re.sub(rf"^{PER_PLACE}(?:{BODY_END})?", "", words))
    limit = re.search(r"(?:原则上)?(?:不低于|不少于|不得低于|不得少于|不超过)", words)
    words = words[: limit.start()] if limit and limit.start() >= 2 else words
    return words.strip(",:;、。(\"' ")


def _shortened(name):
    name = name.strip(",:;、。\"' ")
    if name.count("(") != name.count(")"):
        name = name.replace("(", "").replace(")", "")
    if len(name) <= SHORT_NAME:
        return name
    cut = max(name.rfind(mark, 0, len(name) - 4) for mark in ("、", "并", "对", "组织"))
    return name[cut + 1 :] if cut > 0 and len(name) - cut <= SHORT_NAME + 1 else name[-SHORT_NAME - 10 :]


def _of_unit(unit):
    return {"人": "人数", "名": "人数", "位": "人数", "人次": "人次", "%": "比例"}.get(unit, unit and f"{unit}数")


def _each(name, per):
    return name if not per or PERIODICAL.fullmatch(per) or name.endswith("）") else f"{name}（每{per}）"
