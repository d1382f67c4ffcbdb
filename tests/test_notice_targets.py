"""Which numbers are to be reached, and which are base figures, conditions, fines or ordinals."""

import pytest

from campaign_portal.campaigns.notice import read_notice
from campaign_portal.campaigns.notice.numbers import to_number

from .notices import figures, read

pytestmark = pytest.mark.text

TARGETS = [
    ("2022年全县新增护理型床位200张，新建社区日间照料中心5个。", [(200, "张"), (5, "个")]),
    ("培训养老护理员300人次以上。", [(300, "人次")]),
    ("举办培训班2期，培训1000人。", [(2, "期"), (1000, "人")]),
    ("护理型床位占比不低于55%。", [(55, "%")]),
    ("每季度至少开展一次消防演练。", [(1, "次")]),
    ("每所敬老院配备护理员不少于3名。", [(3, "名")]),
    ("建成区域性养老服务中心3所，改造敬老院8所。", [(3, "所"), (8, "所")]),
    ("随机抽取20%的养老机构进行检查。", [(20, "%")]),
    ("每县选树3—5家示范机构。", [([3, 5], "家")]),
    ("出台一至两项养老服务标准。", [([1, 2], "项")]),
    ("力争年底前创建五星级养老机构1家，四星级2家。", [(1, "家"), (2, "家")]),
    ("实现养老机构食品安全检查全覆盖。", [(100, "%")]),
    ("百分之八十以上的养老机构达到标准。", [(80, "%")]),
    ("完成适老化改造1.2万户。", [(12000, "户")]),
    ("培训1.8万人次、10,000人。", [(18000, "人次"), (10000, "人")]),
    ("每周抽查不少于5家餐饮企业。", [(5, "家")]),
    ("控制在3%以内。", [(3, "%")]),
    ("评选优秀护理员10名、优秀院长5名、先进集体3个。", [(10, "名"), (5, "名"), (3, "个")]),
    ("争取上级资金500万元。", [(500, "万元")]),
    ("抽查比例不得少于5%，不应少于3家。", [(5, "%"), (3, "家")]),
    ("县民政局每半年通报一次进展，每月调度两次。", [(1, "次"), (2, "次")]),
    ("加装电梯二十台、改造供水管网十二公里，处理垃圾不少于二十吨。", [(20, "台"), (12, "公里"), (20, "吨")]),
    ("入住老人体检率达到八成以上，其中失能老人达到九成五。", [(80, "%"), (95, "%")]),
    ("升级68个村级活动室，安装夜灯3万盏，完成6条背街小巷整治。", [(68, "个"), (30000, "盏"), (6, "条")]),
    ("新建改造食堂90个（其中，城区食堂30个、农村食堂60个）。", [(90, "个"), (30, "个"), (60, "个")]),
    ("建成100个村级助餐点、5个县级样板站。", [(100, "个"), (5, "个")]),
    ("為長者更換門鎖1.5萬套、鋪設防滑地面3000平方米。", [(15000, "套"), (3000, "平方米")]),
    ("每千名老年人拥有养老床位达到35张，每百张床位至少配备1名社工。", [(35, "张"), (1, "名")]),
    ("每个镇至少有2所以助餐为主的服务站。", [(2, "所")]),
    ("每半月走访一次，每两小时测温1次，每两个月通报一次。", [(1, "次"), (1, "次"), (1, "次")]),
    ("每周向县局报送2条信息。", [(2, "条")]),
    ("粮油储备不少于10天，种植蔬菜5亩。", [(10, "天"), (5, "亩")]),
    ("持证率由85%提高到95%。", [(95, "%")]),
    ("选聘助老员215名，购买岗位40个，办理案件20起以上。", [(215, "名"), (40, "个"), (20, "起")]),
    ("到2025年床位总数达到1.2万张。", [(12000, "张")]),
    ("实现监控全覆盖、持证率98%以上。", [(98, "%"), (100, "%")]),
    ("推动120个小区完成安防改造，共建成充电口2000个，发放救助金300万元。", [(120, "个"), (2000, "个"), (300, "万元")]),
    ("首批100个示范社区全面建成，50%的社区建成服务中心。", [(100, "个"), (50, "%")]),
    ("为2.3万名老人提供上门服务，对300户困难家庭进行适老化改造。", [(23000, "名"), (300, "户")]),
]
NO_TARGETS = [
    "全县共有养老机构22家，床位3000张。",
    "成立3个检查组，对6个方面进行检查。",
    "对逾期不改的，处5000元以上5万元以下罚款。",
    "床位在100张以上的养老机构应当设置医务室。",
    "60岁以上老年人。",
    "按照“全覆盖、零容忍、严执法、重实效”的要求。",
    "做到横向到边、纵向到底，全覆盖、无死角。",
    "各镇要组织开展一次全面自查。",
    "一式两份报送。",
    "举办第二届论坛，召开第3次联席会议。",
    "2021年共排查养老机构45家，整改隐患120条。",
    "不足5家的全部检查。",
    "每床每年补贴1000元。",
    "两名以上执法人员参加。",
    "全面完成各项目标任务。",
    "3个月内、4个工作日内完成。",
    "截至2021年底，全县有养老机构28家，老年人占总人口的21.7%；护理型床位占比46%。",
    "全市现有养老护理员436名，持证率为61%。",
    "落实《养老服务三年行动计划（新增床位500张）》。",
    "对代表票选确定的12件实事逐件督办，对排查出的46处隐患和上述3家机构逐一整改。",
    "单间不超过4张床，居室净宽不小于2.4米，人均使用面积不小于6平方米。",
    "结果公示不少于5天。",
    "先预拨70%，保证金不少于20%，违约金按3%收取。",
    "会议作了全覆盖排查的部署，学习了3起案例。",
    "2021年，新建服务站12个，培训护理员300名。",
    "十年来，全县新建敬老院18所。",
    "全县12个乡镇、156个村（社区）都要建立台账。",
    "各单位确定1名分管领导。",
    "培训分两期举办。",
    "夜间值班不少于2人，检查人员不少于3人。",
    "容纳50人以上的场所应设置2个安全出口。",
    "设一等奖1名、二等奖2名，会员费留存比例不低于20%。",
    "在3个县区开展试点，联合5个部门检查。",
    "按八成熟、三成土的比例。",
]


@pytest.mark.parametrize("sentence, expected", TARGETS)
def test_a_number_to_be_reached_is_a_target(sentence, expected):
    assert figures(read(sentence)) == expected


@pytest.mark.parametrize("sentence", NO_TARGETS)
def test_other_numbers_are_none(sentence):
    assert figures(read(sentence)) == []


@pytest.mark.parametrize(
    "sentence, comparator",
    [
        ("新增床位不少于200张。", ">="),
        ("达标率60%以上。", ">="),
        ("每家限报2名，培训不超过2名。", "<="),
        ("新增床位200张。", "="),
        ("推荐3至5名护理员。", "range"),
        ("新增床位不少于300张、食堂不超过3个。", "<="),
        ("抽查比例不得低于5%。", ">="),
        ("每镇检查不能少于3家。", ">="),
        ("抽查比例不应高于8%。", "<="),
    ],
)
def test_how_the_number_is_meant(sentence, comparator):
    assert comparator in {t.comparator for t in read(sentence).targets}


@pytest.mark.parametrize(
    "sentence, name",
    [
        ("增设照护区并新增护理型床位每所不少于25张。", "新增护理型床位（每所）"),
        ("2027年1月12日前完成为老服务社工30名。", "为老服务社工"),
        ("完成养老护理员40名的培训。", "养老护理员培训"),
        ("市民政局每季度抽查培训班不少于5个。", "抽查培训班"),
        ("电气线路每年至少检测一次。", "电气线路检测"),
        ("每个市（州）抽查敬老院不少于3所。", "抽查敬老院（每市）"),
        ("乡镇（街道）综合养老服务中心覆盖率达到80%以上。", "乡镇（街道）综合养老服务中心覆盖率"),
        ("每班不超过50人。", "人数（每班）"),
        ("房屋安全鉴定率要达到100%。", "房屋安全鉴定率"),
        ("市民政局每半年通报一次工作进展。", "通报工作进展"),
        ("检查比例原则上不低于监管对象总数的5%。", "检查比例"),
        ("年内完成1800人次专业培训。", "专业培训"),
        ("全县争取完成为老服务社工30名。", "为老服务社工"),
        ("6.完成适老化改造300户。", "适老化改造"),
    ],
)
def test_what_is_counted_is_named_in_few_words(sentence, name):
    assert [t.name.replace("(", "（").replace(")", "）") for t in read(sentence).targets] == [name]


def test_person_times_and_persons_are_different_units():
    units = [t.unit for t in read("完成培训1800人次，培养护理员40名，培训100人。").targets]
    assert units == ["人次", "名", "人"]


def test_per_what_is_kept_beside_the_unit():
    (target,) = read("新增护理型床位每所不少于25张。").targets
    assert (target.unit, target.per, target.comparator) == ("张", "所", ">=")
    (target,) = read("每季度完成四次技能培训。").targets
    assert (target.value, target.unit, target.per) == (4, "次", "季度")


def test_a_target_is_due_when_its_sentence_is():
    assert [t.by for t in read("到2024年，培训护理员40名。").targets] == ["2024-12-31"]
    assert [t.by for t in read("今年对3所敬老院实施改造。").targets] == ["2022-12-31"]
    assert [t.by for t in read("年内开展检查。培训护理员40名。").targets] == [None]


def test_an_implied_whole_and_an_attempt_are_marked():
    (target,) = read("力争全面完成全县养老机构等级评定。").targets
    assert target.is_implied and target.is_tentative and (target.value, target.unit) == (100, "%")


def test_a_unit_is_written_in_json_as_in_the_source():
    reading = read("年內出臺一至兩項養老服務標準。")
    assert reading.targets[0].unit == "项"
    assert reading.as_json()["targets"][0]["unit"] == "項"


@pytest.mark.parametrize(
    "words, value",
    [
        ("12", 12),
        ("1,800", 1800),
        ("1.8万", 18000),
        ("三十", 30),
        ("两", 2),
        ("十五", 15),
        ("一百二十", 120),
        ("二〇", 20),
        ("1亿", 10**8),
    ],
)
def test_numbers_in_figures_and_characters(words, value):
    assert to_number(words) == value
    assert to_number("养") is None


@pytest.mark.parametrize(
    "sentence, due",
    [
        (
            "2022年培训护理员120名，2023年培训护理员180名；两年培训院长15名。",
            ["2022-12-31", "2023-12-31", "2023-12-31"],
        ),
        ("2022—2024年新增护理型床位500张。", ["2024-12-31"]),
        ("6月底前完成检测，安装率达到100%；电气线路每年至少检测一次。", ["2022-06-30", None]),
        ("到2025年底，护理型床位占比达到60%；持证率达到95%。", ["2025-12-31", "2025-12-31"]),
        ("到2025年底，实现以下目标：\n1.护理型床位占比达到60%。\n2.持证率达到95%。", ["2025-12-31", "2025-12-31"]),
        ("2022年度工作计划培训护理员40名。", [None]),
        ("明厨亮灶覆盖面不少于75%，持证率达到95%，完成时间8月31日。", ["2022-08-31", "2022-08-31"]),
        ("开展消防培训不少于2期、160人次，培训于6月30日前结束。", ["2022-06-30", "2022-06-30"]),
        ("新增床位200张，6月底前上报选址方案。", [None]),
        ("“十四五”期间，新增护理型床位500张。", ["2025-12-31"]),
        ("五年内新增托位1500个。", [None]),
        ("（一）整治阶段（4月1日至10月31日）。对每家机构至少检查两次，每月通报一次。", ["2022-10-31", None]),
        (
            "第一步：排查（4月1日至30日）。每镇检查不少于5家。\n第二步：整治（5月1日至6月30日）。改造食堂3个。",
            ["2022-04-30", "2022-06-30"],
        ),
        (
            "1.新增床位200张。改造食堂3个。（责任单位：县民政局；完成时限：2022年9月底）\n2.培训院长20名。",
            ["2022-09-30", "2022-09-30", None],
        ),
        ("（一）改造提升（2022年9月底前）。改造敬老院3所。", ["2022-09-30"]),
        ("二、2025年目标\n护理型床位占比达到60%。\n三、要求\n培训20人。", ["2025-12-31", None]),
    ],
)
def test_which_day_reaches_to_a_target(sentence, due):
    assert [t.by for t in read(sentence).targets] == due


TABLE = """| 序号 | 任务 | 2021年完成情况 | 2022年目标 | 2023年目标 | 牵头单位 |
| --- | --- | --- | --- | --- | --- |
| 1 | 新增助餐点 | 30处 | 60处 | 不少于８０处 | 县民政局、县商务局 |
"""


def test_the_columns_of_a_table_ask_for_targets_and_date_them():
    targets = read(TABLE).targets
    assert [(t.name, t.value, t.comparator, t.by) for t in targets] == [
        ("新增助餐点", 60, "=", "2022-12-31"),
        ("新增助餐点", 80, ">=", "2023-12-31"),
    ]
    assert targets[0].text == "新增助餐点 | 30处 | 60处"


PLACES = (
    "任务分解\n县区\t2022年改造敬老院（所）\t新增床位（张）\t资金到位时间\n"
    "甲县\t3\t120\t2022年7月底前\n乙县\t不少于2\t80\t2022年8月上旬\n"
)


def test_the_head_of_a_column_gives_the_unit_to_the_numbers_of_places():
    reading = read(PLACES)
    assert [(t.text, t.value, t.unit, t.comparator, t.by) for t in reading.targets] == [
        ("甲县\t3", 3, "所", "=", "2022-12-31"),
        ("甲县\t3\t120", 120, "张", "=", None),
        ("乙县\t不少于2", 2, "所", ">=", "2022-12-31"),
        ("乙县\t不少于2\t80", 80, "张", "=", None),
    ]
    assert [(d.who, d.what, str(d.day)) for d in reading.deadlines] == [
        ("甲县", "资金到位", "2022-07-31"),
        ("乙县", "资金到位", "2022-08-10"),
    ]


def test_the_caption_of_a_table_gives_the_unit_and_its_last_column_the_day():
    table = "单位：个\n乡镇  建成服务站任务数  现有数量  完成时限\n城关镇  3  9  2022年10月底前\n"
    assert [(t.value, t.unit, t.by) for t in read(table).targets] == [(3, "个", "2022-10-31")]


def test_a_table_right_below_a_title_is_read_though_its_last_column_is_empty():
    reading = read_notice(
        "2022年任务分配表\n乡镇\t改造（户）\t助餐点（个）\t备注\n东岭镇\t40\t3\t\n西河乡\t35\t2\t含示范点\n"
    )
    assert figures(reading) == [(40, "户"), (3, "个"), (35, "户"), (2, "个")]


def test_offices_side_by_side_and_base_figures_make_no_table_of_targets():
    assert read("永兴县民政局    永兴县财政局\n永兴县公安局    永兴县司法局\n").targets == []
    assert read("乡镇\t现有床位（张）\t已建食堂（个）\n城关镇\t300\t4\n").targets == []


def test_a_full_width_percent_sign_is_one_in_json():
    assert read("持证率达到９５％以上。").as_json()["targets"][0]["unit"] == "%"


@pytest.mark.parametrize(
    "body, expected",
    [
        ("老年人知晓率由去年的71%提高到90%以上。", [(90, "%")]),
        ("去年培训500人次，今年培训600人次。", [(600, "人次")]),
        ("床位由300张扩大到500张。", [(500, "张")]),
        ("县局随机抽检食品30批次。", [(30, "批次")]),
        ("储粮应满足10天以上需要。", [(10, "天")]),
        ("入住老人满意度达到95分以上。", [(95, "分")]),
        ("配备轮椅50把、灭火器100具。", [(50, "把"), (100, "具")]),
        ("一年内被通报3次的，约谈负责人。", []),
        ("合格率低于80%的，限期整改。", []),
        ("缺席2次者，取消资格。", []),
        ("达到30张的养老机构应设医务室。", []),
        ("组建不少于3人的工作专班。", []),
        ("4月底前全面完成第一轮排查。", []),
        ("考核占3分，迟报一次扣2分。", []),
    ],
)
def test_what_grows_is_a_target_and_whom_a_sanction_meets_is_none(body, expected):
    assert figures(read(body)) == expected


def test_a_cell_may_say_that_all_is_covered_and_a_column_may_name_the_unit():
    reading = read("任务 | 目标 | 责任单位 | 完成时限\n修订预案 | 全覆盖 | 县应急局 | 7月中旬")
    assert [(t.name, t.value, t.unit, t.by) for t in reading.targets] == [("修订预案", 100, "%", "2022-07-20")]
    rows = "指标 | 单位 | 2022年 | 2023年\n护理型床位占比 | % | 50 | 55\n持证护理员 | 名 | 100 | 150"
    assert [(t.value, t.unit, t.by) for t in read(rows).targets] == [
        (50, "%", "2022-12-31"), (55, "%", "2023-12-31"), (100, "名", "2022-12-31"), (150, "名", "2023-12-31"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "body, expected",
    [
        ("4月底前，培训30人次；新增床位20张。", ["2022-04-30", "2022-04-30"]),
        ("线索4月底前核查完毕，核查率达到100%；追缴率不低于60%。", ["2022-04-30", None]),
        ("整改率2022年达到90%，2023年起保持100%。", ["2022-12-31", None]),
        ("储粮应满足10天需要，5月上旬前储备到位。", ["2022-05-10"]),
        ("开展两轮督查，第一轮6月中旬，第二轮8月上旬。", ["2022-08-10"]),
    ],
)
def test_a_day_reaches_no_further_than_its_part_of_the_sentence(body, expected):
    assert [t.by for t in read(body).targets] == expected


def test_a_title_that_hands_out_the_tasks_of_a_year_dates_them():
    text = "关于{}的通知\n各镇：\n新增床位20张。\n永兴县民政局\n2022年3月1日\n"
    assert [t.by for t in read_notice(text.format("下达2022年民政工作任务指标")).targets] == ["2022-12-31"]
    assert [t.by for t in read_notice(text.format("印发2022年抽查计划")).targets] == [None]


@pytest.mark.parametrize("items", range(1, 5))
def test_every_item_of_a_list_is_a_target_also_the_last_of_which_the_act_is_said(items):
    listed = ["社工30名", "养老院院长5名", "护理员40名", "志愿者60名"][:items]
    reading = read(f"县民政局于12月底前完成{'、'.join(listed)}的培训。")
    assert [value for value, *_ in figures(reading)] == [30, 5, 40, 60][:items]
