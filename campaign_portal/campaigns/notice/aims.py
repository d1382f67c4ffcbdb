"""Whether a number in a text is something to be reached, by what stands around it."""

import re
from dataclasses import dataclass

UNITS = (
    r"人次|人/次|场次|班次|学时|课时|张|所|家|个|名|人|位|次|场|期|项|件|套|处|户|台|支|批|篇|座|对|间|例|亿元|万元|元|平方米|公里|亩|%|"
    r"个百分点|份|辆|部|条|轮|遍|级"
)
AT_LEAST = re.compile(
    r"不少于|不低于|不小于|不得少于|不得低于|不能少于|不能低于|不应低于|不应少于|至少|最少|大于|(?<!不)(?<!不得)超过|高于(?!等)|(?<!不)突破|多于|≥|>="
)
AT_MOST = re.compile(
    r"不超过|不得超过|不高于|不得高于|不多于|不得多于|不大于|至多|最多|控制在|低于(?<!不低于)|少于(?<!不少于)|限报|≤|<="
)
VERB = re.compile(
    r"完成|新增|新建|改建|扩建|建成|建设|建立|改造|培训|培养|轮训|打造|创建|培育|举[办行]|开展|组织|召开|出台|制定|发布|评选|评定|评出|推荐|选派|选树|选送|选拔|推选|实施|抽查|抽取|抽检|抽|"
    r"检查|发展|引进|引入|认定|扶持|配备|配置|设[立置]|争创|储备|安装|覆盖|救助|整治|惠及|招[募聘]|投放|编[制印]|拍摄|创成|达到|实现|落实|申报|上报|报送|投入|争取|筹集|遴选|"
    r"确定|扩容|增设|增加|发放|建|办理|帮扶|慰问|走访|排查|督[查导]|演练|巡查|提升至?|提高到?|压减|降低|下降|消除|关停|取缔|约谈|曝光|宣传|研发|推广|完善|孵化|参加|参训|举报|对接|签订|"
    r"结对|试点|推动|形成|打击|查处|推进|纳入|增长|做到|做|探访|监测|进行"
)
PAST = re.compile(
    r"已(?:经)?|共有|现有|截至|目前|发生|造成|死亡|查处了|完成了|共计?(?:排查|检查|发现|培训|整改)|去年|上年|以来|原有|辖区内?有|总数(?=为|达|是|\d)|为止|登记在册"
    r"|共(?!同|建|享|治)[\u4e00-\u9fff]{0,3}\d*[\u4e00-\u9fff]{0,2}$"
)
SUM = re.compile(r"累计|同比")
BASE = re.compile(r"^(?:截至|截止|目前|(?:全[省市县区州旗]|我[省市县区州旗]|辖区)?(?:现有|共有|已有|目前))|现状|据统计")
FORWARD = re.compile(
    r"确保|力争|争取|实现|努力|计划|目标|要|将|今年|年内|到20|应|须|不低于|不少于|不超过|至少|每|拟|以上$|底前|(?<!已)完成(?!了)"
)
AIMS = re.compile(r"确保|力争|争取|实现|努力|计划")
TALLY = re.compile(r"(?:截至|截止|目前|共排查|去年|上年|以来)[^;]*$")
AFTER_PAST = re.compile(r"(?:死亡|受伤|遇难|以上的(?!速度)|[\u4e00-\u9fff]{0,6}事故)")
RATE = re.compile(
    r"率|比例|占比|比重|覆盖|达标|总数的|总量的|抽取|抽查|抽|按|不低于|不少于|满意度|完成|实现|达到|达|合格|持证|知晓"
)
MONEY_VERB = re.compile(r"投[入资]|筹[集资]|争取.{0,8}(?:资金|项目)|完成.{0,8}投资|募集|营业收入")
NOT_COUNTED = re.compile(
    r"(?:方面|阶段|部门|环节|层[面次级]|步骤|要点|重点|必须|维度|专班|小组|工作组|检查组|督[查导]组|专项组|组|单位|月|工作日|小时|年|星期|问题|领域|一律|到位|严禁|办公室|"
    r"统一|原则|条件|要求|体系|平台?$|关键|突出|明确|坚持|转变|提高|清单|台账|文件|大类|类别|类|等级|档次|时段|批次|季度|转移|能力|意识|坚决|时间|任务|工程$|字|点$|部分|措施|内容|"
    r"标准|文号|法|条|规定|省|市|县|区|乡镇|街道|村|地方|地区|以上(?:签字|签名|执法))"
)
PERSONS_OF_RULE = re.compile(
    r"(?:执法|检查|工作|监管|调查|行政|在编|联络|负责|专|值班|现场|监督)?(?:人员|联络员|负责人|专人)|以上"
)
OTHER_WORDS = {
    "个": NOT_COUNTED, "名": PERSONS_OF_RULE, "位": re.compile(PERSONS_OF_RULE.pattern + "|置|一体"),
    "人": re.compile(r"员|民|均|口|大|社|力|才|体|身|工|为|行|生|居|性|选|防|道|以上"), "家": re.compile(r"庭|长|属|政|具|电"),
    "次": re.compile(r"日|年|月|要|序|性|生|数|会议"), "期": re.compile(r"间|限|满|待"),
    "项": re.compile(r"目|整治行动|规定|制度|内容|重点|补贴|政策|指标|合格率|工作机制|举措|硬措施|措施|任务"),
    "对": re.compile(r""), "场": re.compile(r"所|地|景"), "所": re.compile(r"有|需|在|属|以|谓|长"), "件": re.compile(r"事"), "级": re.compile(r""),
}  # fmt: skip
ITEM_VERB = re.compile(r"完成|出台|制定|发布|推出|实施|新增|修订|办结|争取|立项|推广|形成|整改")
IDIOMS = ("支", "批", "处", "间", "座", "台", "套", "例", "件", "轮", "遍", "篇")
SUBSIDY = re.compile(r"补[贴助]|奖|罚|占[^比]{0,8}股|利率|税率|浓度|湿度|打折|自筹")
MAKING = re.compile(
    r"新增|新建|改建|建成|建设|打造|创建|培育|改造|评选|推荐|扶持|争创|发展|选树|孵化|创成|抽取|抽查|设立|完成|建"
)
RECUR = r"每(?:个)?(?P<per>半年|季度?|月|周|日|天|年度?|所|家|名|人|乡镇|镇街|镇|乡|村|县|市|区|省|期|次|张床位|班|社区|机构|家?机构|街道|单位|个)"
PER = re.compile(RECUR)
PER_NAMES = {"季": "季度", "天": "日", "年度": "年", "机构": "家", "家机构": "家"}
PERIODS = ("季度", "年", "月", "半年", "周", "日", "旬")


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


def is_target(figure: Figure) -> bool:
    """Whether a number with its unit is something to be reached, and no base figure, condition, ordinal or idiom."""
    if figure.asked:
        return True
    if any(rule(figure) for rule in (_is_past, _is_condition, _is_idiom, _is_other_word)):
        return False
    rule = BY_UNIT.get(figure.unit, _is_count)
    return rule(figure)


def _is_past(figure):
    aims = figure.is_dated or AIMS.search(figure.context)
    if SUM.search(figure.before) and not aims:
        return True
    base = BASE.search(figure.context)
    if base and not figure.is_dated and not FORWARD.search(figure.context, base.end()):
        return True
    return bool(PAST.search(figure.before) or TALLY.search(figure.context[-40:]) or AFTER_PAST.match(figure.after))


def _is_condition(figure):
    """床位100张以上的养老机构, 不足5家的: which ones, not how many."""
    if re.search(
        r"(?:第|前|近|仅|约|不足|不满|未满|未达|满|(?<!不)(?<!不[得能应])少于|[两三四五]个|[a-zA-Z])$", figure.before
    ):
        return True
    if figure.before.endswith("(") and figure.after.startswith(")"):
        return True
    if re.search(r"由(?:不少于|至少|不得少于)?$", figure.before) and "组成" in figure.after[:12]:
        return True
    attributive = figure.tail in ("以上", "及以上", "以下", "以内") and re.match(
        r"的|养老|老年|人员|执法|未|违", figure.after
    )
    return bool(attributive and figure.unit != "%" and not re.search(r"抽|检查", figure.before[-8:]))


def _is_idiom(figure):
    """一次 is an idiom unless something counts: 每季度…一次, 至少一次, 不少于一家, 一至两项."""
    if figure.unit in IDIOMS and figure.number in ("一", "1"):
        return True
    if figure.number != "一" or figure.unit == "%" or figure.low is not None:
        return False
    near = figure.before[-16:]
    return not (PER.search(figure.before) or AT_LEAST.search(near) or AT_MOST.search(near))


def _is_other_word(figure):
    """The unit is the beginning of another word: 3个方面, 两名执法人员, 人员, 家庭, 期间."""
    pattern = OTHER_WORDS.get(figure.unit)
    return bool(pattern and pattern.match(figure.after))


def _is_share(figure):
    fits = figure.value == 100 or RATE.search(figure.context[-36:]) or RATE.search(figure.after[:14]) or figure.tail
    return bool(fits) and not SUBSIDY.search(figure.before[-14:])


def _is_money(figure):
    return bool(MONEY_VERB.search(figure.before))


def _is_hours(figure):
    return bool(_compares(figure) or figure.tail or VERB.search(figure.before))


def _is_rare(figure):
    """Units that mostly describe a thing count only behind a verb of making or handing out."""
    return bool(re.search(r"新增|新建|建成|改造|发放|印发|投放|配备|张贴|悬挂", figure.before[-14:]))


def _is_item(figure):
    """69项举措 is a name, 完成69项 a target."""
    return bool(_compares(figure) or ITEM_VERB.search(figure.before[-10:]))


def _is_piece(figure):
    return bool(_compares(figure) or MAKING.search(figure.before[-18:]) or _listed(figure) or _goes_on(figure))


def _is_count(figure):
    return bool(
        _compares(figure)
        or VERB.search(figure.before[-18:])
        or _comes_again(figure)
        or _acts_after(figure)
        or _listed(figure)
        or _goes_on(figure)
    )


def _compares(figure):
    near = figure.before[-24:]
    return AT_LEAST.search(near) or AT_MOST.search(near)


def _comes_again(figure):
    """每半年通报一次: whatever is done, so many times in a period."""
    near = PER.search(figure.before[-24:])
    return (
        figure.unit in ("次", "场", "期", "场次", "遍", "轮")
        and near
        and PER_NAMES.get(near["per"], near["per"]) in PERIODS
    )


def _acts_after(figure):
    """3所敬老院实施提质升级: the verb stands behind what is counted."""
    verb = r"[^,、]{2,14}(?:实施|进行改造|完成|开展|达到|评上|创建|通过|建成|投入)"
    return figure.unit in ("所", "家", "户", "处", "张") and re.match(verb, figure.after)


def _listed(figure):
    """The second and later of 社工30名、院长5名: what governs the list stands further ahead."""
    verb = r"完成|培训|培养|新增|新建|建成|选派|推荐|引进|抽取|抽查|配备|评选|表彰|选树"
    return "、" in figure.before and re.search(verb, figure.before) and re.search(rf"\d+(?:{UNITS})", figure.before)


def _goes_on(figure):
    """…创建五星级1家,四星级2家: a short clause behind one that holds a target."""
    return figure.follows and len(figure.before) <= 12 and len(figure.after) <= 3


BY_UNIT = {
    "%": _is_share, "个百分点": _is_share, "元": _is_money, "万元": _is_money, "亿元": _is_money, "学时": _is_hours, "课时": _is_hours,
    "个": _is_piece, "项": _is_item, **dict.fromkeys(("级", "条", "平方米", "部", "份", "公里", "亩", "辆"), _is_rare),
}  # fmt: skip
