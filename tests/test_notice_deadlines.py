"""What a sentence sets a date for, and what only mentions one."""

import pytest

from .notices import days, read

pytestmark = pytest.mark.text

DUE = [
    ("请各单位于5月20日前将自查报告报送县民政局。", ["2022-05-20"]),
    ("8月3日前列出风险隐患清单。", ["2022-08-03"]),
    ("请于2022年3月20日（星期五）下午5:00前将报名表发至邮箱。", ["2022-03-20"]),
    ("2023年底前，实现养老机构消防安全达标率100%。", ["2023-12-31"]),
    ("到“十四五”末，全县护理型床位占比达到60%。", ["2025-12-31"]),
    ("6月中旬，组织一次联合检查。", ["2022-06-20"]),
    ("6月份开展安全生产月活动。", ["2022-06-30"]),
    ("定于4月12日召开全县养老机构安全工作会议。", ["2022-04-12"]),
    ("4月15日至20日，县民政局组织培训。", ["2022-04-20"]),
    ("报名时间：即日起至4月10日。", ["2022-04-10"]),
    ("培训时间：2022年4月15日至17日。", ["2022-04-17"]),
    ("完成时限：2022年6月底。", ["2022-06-30"]),
    ("（责任单位：养老服务科；完成时间：9月底前）", ["2022-09-30"]),
    ("上半年完成全部养老机构的安全评估，下半年组织复查。", ["2022-06-30", "2022-12-31"]),
    ("确保12月底前全部整改到位。", ["2022-12-31"]),
    ("最迟不晚于5月31日完成整改。", ["2022-05-31"]),
    ("总结材料务必于11月底报县局。", ["2022-11-30"]),
    ("年底前建成智慧养老平台。", ["2022-12-31"]),
    ("4月底，各县区完成自查；5月底，市局完成抽查；6月，省厅将组织督查。", ["2022-04-30", "2022-05-31", "2022-06-30"]),
    ("4月10前完成。", ["2022-04-10"]),
    ("截止2022年6月30日，未完成整改的一律停业。", ["2022-06-30"]),
    ("１０月３１日前完成。", ["2022-10-31"]),
    ("其中6月14日为安全生产宣传咨询日。", ["2022-06-14"]),
    ("4月20日定为集中行动日。", ["2022-04-20"]),
    ("5月31日为报名截止时间。", ["2022-05-31"]),
    ("10月中旬、次年1月中旬，县局开展两轮督导。", ["2022-10-20", "2023-01-20"]),
    ("4月20日、8月20日和11月20日前，将台账报县局。", ["2022-04-20", "2022-08-20", "2022-11-20"]),
    ("到“十五五”末，适老化改造覆盖率不低于70%。", ["2030-12-31"]),
    ("到2025年底，每个镇有1所服务中心。", ["2025-12-31"]),
    ("年内更换灶具两千台以上。", ["2022-12-31"]),
    ("全年任务于11月底前完成。", ["2022-11-30"]),
    ("上半年6月15日前、下半年12月15日前各报送一次总结。", ["2022-06-15", "2022-12-15"]),
    ("3月至5月，各镇开展自查；6月至9月，县局开展整治。", ["2022-05-31", "2022-09-30"]),
]
RECURRING = [
    ("每月5日前上报统计表。", ["monthly"]),
    ("各镇每月25日前报送进展情况，12月10日前报送工作总结。", ["monthly", "2022-12-10"]),
    ("每周五下午下班前报送排查整治情况。", ["weekly"]),
    ("每季度末月25日前上报工作进展。", ["quarterly"]),
    ("从4月起，每月底前报送信息。", ["monthly"]),
    ("每年至少组织两次消防演练。", ["yearly"]),
    ("每年11月底前完成年检。", ["yearly"]),
    ("每半年开展一次应急演练，每日开展防火巡查。", ["half_yearly", "daily"]),
    ("按月调度工作进展，按季度通报排名。", ["monthly", "quarterly"]),
    ("每季度末月25日前，各乡镇向专项办报送进展情况。", ["quarterly"]),
    ("每季度第一个月10日前，各镇报送台账。", ["quarterly"]),
    ("每季度最后一个月20日前上报总结。", ["quarterly"]),
    ("每月最后一个工作日前，各机构报送统计表。", ["monthly"]),
    ("每年6月、12月底前，各单位上报总结。", ["yearly"]),
    ("每周五16:00前，各镇报送情况。", ["weekly"]),
    ("每月5日、20日前报送进展。", ["monthly"]),
    ("各镇每旬末上报进度，每半月更新一次台账。", ["ten_days", "half_monthly"]),
    ("市级每两个月通报一次，每三个月会商一次。", ["bimonthly", "quarterly"]),
    ("低洼处每两小时巡查一次，每小时报告一次，每3天消毒1次。", ["two_hourly", "hourly", "few_days"]),
    ("各单位每月5日、15日、25日前报送台账。", ["monthly"]),
    ("每年3月底前、9月底前各公布一次。", ["yearly"]),
    ("每学期开展一次演练，隔周讲评一次，每三年轮训一遍。", ["half_yearly", "two_weekly", "few_years"]),
    ("防火检查每月不少于2次。", ["monthly"]),
    ("各新闻媒体要每周跟踪报道进展。", ["weekly"]),
    ("各机构每月25日前将清单报乡镇民政办，由乡镇民政办于月底前报县民政局。", ["monthly"]),
]
ONLY_MENTIONED = [
    "2021年，我县共培训护理员300人次。",
    "截至2021年底，全县共有养老机构22家。",
    "2022年1月15日，某市一养老院发生火灾，造成3人死亡。",
    "本办法自2022年5月1日起施行，有效期至2027年4月30日。",
    "自2019年以来，各地认真落实。",
    "根据《养老机构管理办法》（2020年9月1日民政部令第66号），结合2021年工作情况。",
    "落实《XX县2022年10月底前完成整改的方案》。",
    "2022年4月1日起，启动集中整治。",
    "2015年4月1日之后建成的养老机构。",
    "2022年全县养老服务工作要点已印发。",
    "抽查频次原则上每年1次。",
    "低保标准提高到每人每月600元。",
    "春节前完成走访慰问。",
    "供暖期从2022年11月15日起至2023年3月15日止。",
    "查看是否每月组织消防演练，每年检测一次的要求做到没有。",
    "“十四五”期间，全县新增床位500张。",
    "请及时将上半年和全年任务落实情况报县局。",
    "每年6月16日为全国安全宣传咨询日。",
    "2022年8月1日为施行日期的规定。",
    "联系人：张三，电话：0731-12345678。",
]


@pytest.mark.parametrize("sentence, expected", DUE)
def test_a_day_by_which_something_is_due_is_read(sentence, expected):
    assert days(read(sentence)) == expected


@pytest.mark.parametrize("sentence, expected", RECURRING)
def test_a_duty_that_comes_again_has_no_single_day(sentence, expected):
    assert days(read(sentence)) == expected


@pytest.mark.parametrize("sentence", ONLY_MENTIONED)
def test_a_date_that_is_only_mentioned_is_no_deadline(sentence):
    assert days(read(sentence)) == []


@pytest.mark.parametrize(
    "sentence, amount, unit",
    [
        ("收到本通知后5个工作日内反馈意见。", 5, "working_day"),
        ("发现重大隐患24小时内上报。", 24, "hour"),
        ("险情发生后30分钟内电话报告。", 30, "minute"),
        ("三个月内完成整改。", 3, "month"),
        ("自收到申请之日起10日内完成审核。", 10, "day"),
    ],
)
def test_a_limit_counted_from_an_event_keeps_its_length_and_gets_no_day(sentence, amount, unit):
    (due,) = read(sentence).deadlines
    assert due.is_relative and (due.amount, due.unit) == (amount, unit)
    assert due.day is None and due.date is None


def test_who_and_what_come_from_the_sentence():
    (due,) = read("各乡镇民政办要于4月15日前向县民政局书面报送总结报告，内容主要包括问题和建议。").deadlines
    assert due.who == "各乡镇民政办"
    assert due.what.startswith("向县民政局书面报送总结报告")
    (due,) = read("10月底前，县民政部门将组织评估检查。").deadlines
    assert due.who == "县民政部门"


@pytest.mark.parametrize(
    "sentence, who, what",
    [
        ("4月10日前各乡镇（街道）将联络员名单报县民政局。", "各乡镇(街道)", "将联络员名单报县民政局"),
        ("12月10日前，各县（市、区）报送工作总结。", "各县(市、区)", "报送工作总结"),
        ("各市、州要在四月二十五日以前将自查情况报省厅，另行部署。", "各市、州", "将自查情况报省厅"),
        ("省里将在5月中旬组织抽查，每州抽查3所。", "省里", "组织抽查"),
        ("9月底由市民政局统一向社会公布名单，督促整改。", "市民政局", "统一向社会公布名单"),
        (
            "县民政、住房和城乡建设、应急管理、消防救援等部门要在5月30日前完成联合排查，建立台账。",
            "县民政、住房和城乡建设、应急管理、消防救援等部门",
            "完成联合排查",
        ),
        ("对符合《规范》的予以公示，于6月底前报送名单。", "", "报送名单"),
        ("全县争取到2024年底培训社工30名。", "", "培训社工30名"),
        ("总结材料务必于11月底报县局。", "", "总结材料报县局"),
        ("排查隐患（责任单位：养老服务科；完成时间：9月底前）", "养老服务科", "排查隐患"),
        ("配合活动方案要求，年内出台养老服务标准，提高服务温度。", "", "出台养老服务标准"),
        ("（一）县民政局要会同县财政局于6月底前制定细则，报县政府审定。", "县民政局", "会同县财政局制定细则"),
        ("五、请各单位明确1名联络员，于3月15日前报县民政局。", "各单位", "明确1名联络员,报县民政局"),
        ("（二）4月至6月，县消防救援大队对养老机构开展检查，督促整改。", "县消防救援大队", "对养老机构开展检查"),
        ("按照统一部署，各养老机构要于4月底前对照《规范》全面自查。", "各养老机构", "对照《规范》全面自查"),
    ],
)
def test_who_is_a_body_and_what_one_clause(sentence, who, what):
    (due,) = read(sentence).deadlines
    assert (due.who, due.what) == (who, what)


def test_a_missing_year_is_that_of_a_phase_that_is_no_heading():
    reading = read(
        "四、步骤\n第一阶段：摸底（2022年6月1日至12月31日）。各镇摸底。\n"
        "第二阶段：总结（2023年1月1日—12月10日）。11月中旬，县民政局组织考核。"
    )
    assert days(reading) == ["2023-11-20"]


def test_a_row_of_a_table_says_what_who_and_when():
    reading = read("| 序号 | 事项 | 责任单位 | 完成时限 |\n| 1 | 出台专项规划 | 县民政局、县商务局 | 2022年12月 |\n")
    (due,) = reading.deadlines
    assert (due.what, due.who, due.date) == ("出台专项规划", "县民政局、县商务局", "2022-12")
    assert due.text == "出台专项规划 | 县民政局、县商务局 | 2022年12月"


def test_a_phrase_is_an_exact_piece_of_its_sentence():
    reading = read("一、要求\n请各单位于5月20日前将自查报告报送县民政局，逾期不候。另行通知。")
    (due,) = reading.deadlines
    assert reading.text[due.start : due.end] == due.text == "各单位于5月20日前将自查报告报送县民政局"
    assert reading.text[due.sentence_start : due.sentence_end].endswith("逾期不候。")
    assert reading.tasks[due.task].title == "要求"


def test_a_phrase_takes_in_who_has_to_where_it_stands_right_before():
    due = read(
        "县消防救援大队于4月底前完成全部抽查，各乡镇要每月上报整改进展。县民政局应在5月5日前汇总情况。"
    ).deadlines
    assert [d.text for d in due] == [
        "县消防救援大队于4月底前完成全部抽查",
        "各乡镇要每月上报整改进展",
        "县民政局应在5月5日前汇总情况",
    ]


def test_a_coarse_date_says_no_more_than_its_source():
    said = {
        d.text[:6].rstrip("，"): (d.date, str(d.day), d.precision)
        for d in read("到2025年，建成服务体系。10月份举行论坛。").deadlines
    }
    assert said == {"到2025年": ("2025", "2025-12-31", "year"), "10月份举行": ("2022-10", "2022-10-31", "month")}


def test_a_missing_year_is_that_of_the_phase_around_it():
    reading = read("（一）整治阶段（2022年11月至2023年3月）。2月底前完成整改。")
    (due,) = reading.deadlines
    assert str(due.day) == "2023-02-28" and due.year_from == "phase"


def test_a_day_long_before_the_issue_is_next_years_and_a_recent_one_is_not():
    assert days(read("1月20日前报送总结。", issued="2021年12月20日")) == ["2022-01-20"]
    assert days(read("7月30日前完成排查。", issued="2020年8月3日")) == ["2020-07-30"]


def test_the_span_of_the_campaign_is_its_period_and_no_deadline():
    for sentence in (
        "决定自2022年4月至10月在全县开展养老机构消防安全专项整治行动。",
        "活动时间：2022年4月1日至10月31日。",
        "四、活动实施周期\n2022年4月1日起至10月31日止。",
    ):
        reading = read(sentence)
        assert days(reading) == []
        assert (str(reading.period.starts_on), str(reading.period.ends_on), reading.period.is_derived) in (
            ("2022-04-01", "2022-10-31", False),
        )


def test_words_wrapped_by_a_printer_and_spaces_between_them_do_not_matter():
    lines = (
        "各养老机构要认真组织开展自查自纠，建立问题清单，明确整改措施和责任人，务必于5月2\n"
        "0日前将自 查报告报送县民政局养老服务股，逾期未报送的将在全县范围内予以通报批评处理\n"
    )
    assert days(read(lines * 3)) == ["2022-05-20"] * 3


def test_a_table_of_tasks_is_read_and_a_table_of_metadata_is_not():
    reading = read("任务 | 责任单位 | 完成时限\n排查隐患 | 民政办 | 2022年6月底前\n验收 | 民政办 | 10月底\n")
    assert days(reading) == ["2022-06-30", "2022-10-31"]
    assert days(read("生成日期 | 2022-09-23 | 公开日期 | 2022-09-23 |\n")) == []


@pytest.mark.parametrize(
    "body, expected",
    [
        ("重大隐患整改率2022年达到90%，2023年起保持100%。", ["2022-12-31"]),
        ("改造养老机构53家，其中2023年不少于25家。", ["2023-12-31"]),
        ("护理型床位占比2022年达到50%、2023年达到55%。", ["2022-12-31", "2023-12-31"]),
        ("2021年达到90%。", []),
        ("2022年改造敬老院14所。", []),
    ],
)
def test_a_year_in_which_a_figure_is_reached_ends_with_its_last_day(body, expected):
    assert days(read(body)) == expected


def test_each_turn_of_several_has_its_day():
    reading = read("开展两轮督查，第一轮6月中旬，第二轮督查8月上旬。")
    assert [(str(d.day), d.text) for d in reading.deadlines] == [
        ("2022-06-20", "第一轮6月中旬"),
        ("2022-08-10", "第二轮督查8月上旬"),
    ]
    assert days(read("第一轮整改的问题要看5月的情况。")) == []


def test_a_phrase_does_not_take_in_the_next_day():
    reading = read("首轮检查5月底前完成，第二轮检查9月底前完成。线索3个工作日内转办，15日内反馈结果。")
    assert [d.text for d in reading.deadlines] == [
        "5月底前完成",
        "9月底前完成",
        "线索3个工作日内转办",
        "15日内反馈结果",
    ]


def test_months_of_the_calendar_are_no_lengths_of_time():
    assert [d.is_relative for d in read("10月前全部完成。").deadlines] == [False]


def test_what_is_done_so_often_may_stand_ahead():
    reading = read("主要负责人讲安全课每年不少于1次。融媒体中心每周播发一期专栏。")
    assert days(reading) == ["yearly", "weekly"]
    assert reading.deadlines[0].text == "主要负责人讲安全课每年不少于1次"
    assert days(read("补贴每年1万元。值班补助每月200元。")) == []


def test_a_row_of_a_table_may_come_again():
    reading = read(
        "任务 | 目标 | 责任单位 | 完成时限\n电气检测 | 每家每年1次 | 县市监局 | 长期坚持\n安全培训 | 2次 | 县应急局 | 每季度\n"
        "修订预案 | 全覆盖 | 县民政局 | 4月中旬"
    )
    assert [(d.recurrence or str(d.day), d.who) for d in reading.deadlines] == [
        ("yearly", "县市监局"),
        ("quarterly", "县应急局"),
        ("2022-04-20", "县民政局"),
    ]
