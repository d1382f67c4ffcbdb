"""Phases: headings with days, lines that call a span a phase, lengths of time."""

import pytest

from .notices import days, read, spans

FORMS = [
    "（一）动员阶段（2022年4月1日至4月15日）。制定方案。\n（二）自查阶段（4月16日—5月31日）。开展自查。",
    "第一阶段（4月1日至4月15日）：动员。\n第二阶段（4月16日至5月31日）：整治。",
    "（一）动员阶段：4月1日-4月15日。\n（二）整治阶段：4月16日-5月31日。各单位整治。",
    "4月1日至15日为动员部署阶段，4月16日至5月31日为集中整治阶段。",
    "（一）动员部署阶段。4月1日至4月15日，各镇召开动员会。\n（二）排查阶段。4月16日至5月底，各镇排查。",
    "（一）4月1日至4月15日，动员部署。\n（二）4月16日至5月31日，检查验收。",
    "（一）自查阶段。时间：2022年4月1日至4月15日。\n（二）检查阶段。时间：4月16日至5月31日。",
    "1.宣传发动阶段（4.1-4.15）\n2.排查阶段（4.16-5.31）",
    "第一步：宣传发动，时间为4月1日至4月15日。召开会议。\n第二步：集中整治，从4月16日开始，到5月31日结束。各镇整治。",
    "第一步，4月1日至15日，宣传发动；第二步，4月16日至5月31日，集中整治。",
    "第一环节（4月1日至4月15日）：动员。\n第二环节（4月16日至5月31日）：整治。",
    "一是动员部署（4月1日至15日）。召开会议。二是全面排查（4月16日至5月31日）。各镇排查。",
    "首先，宣传发动（4月1日至15日）；其次，集中整治（4月16日至5月31日）。",
    "三、实施步骤\n（一）宣传发动\n4月1日至4月15日，各镇召开会议。\n（二）集中整治\n4月16日至5月31日，各镇整治。",
    "三、工作步骤\n1.宣传发动。召开动员会。（4月1日至4月15日）\n2.集中整治。开展检查。（4月16日至5月31日）",
    "第一阶段为宣传阶段，时间从4月1日到15日；第二阶段为整治阶段，时间从4月16日到5月31日。",
    "宣传阶段为4月1日到4月15日，整治阶段为4月16日到5月底。",
    "工作分为宣传发动（4月1日至15日）和集中整治（4月16日至5月31日）两个阶段。",
    "阶段 | 时间 | 主要任务\n动员部署 | 4月1日至4月15日 | 开会\n集中整治 | 4月16日至5月31日 | 整治",
    "三、实施步骤\n4月1日至15日，宣传发动；4月16日至5月31日，集中整治。",
    "专项行动分两步进行。4月1日至15日，动员；4月16日至5月31日，整治。",
    "三、工作步骤\n宣传发动：4月1日—4月15日\n集中整治：4月16日—5月31日",
    "●机构自查（4月1日—4月15日）\n●联合检查（4月16日—5月31日）",
    "第一阶段，4月1日至4月15日，宣传发动。第二阶段，4月16日至5月31日，集中整治。",
    "第一阶段：宣传发动。4月1日至4月15日。\n第二阶段：集中整治。4月16日至5月31日。",
    "4月1日至4月15日（宣传发动阶段）。召开会议。\n4月16日至5月31日（集中整治阶段）。开展排查。",
    "宣传阶段，从4月1日起至4月15日止；整治阶段，从4月16日起至5月31日止。",
    "步骤 | 工作内容 | 起止时间\n一 | 宣传发动 | 4月1日至15日\n二 | 集中整治 | 4月16日至5月31日",
    "（一）排查阶段（2022.4.1—2022.4.15）\n（二）总结阶段（2022.4.16—2022.5.31）",
]


@pytest.mark.parametrize("body", FORMS)
def test_a_phase_is_read_in_every_usual_form(body):
    reading = read(body)
    assert spans(reading) == [("2022-04-01", "2022-04-15"), ("2022-04-16", "2022-05-31")]
    assert days(reading) == []


def test_vague_phases_say_how_vague_they_are():
    reading = read("（一）准备（3月上旬）\n（二）实施（3月中旬至11月）\n（三）总结（12月）")
    assert spans(reading) == [("2022-03-01", "2022-03-10"), ("2022-03-11", "2022-11-30"), ("2022-12-01", "2022-12-31")]
    assert [p.precision for p in reading.phases] == ["ten_day", "ten_day", "month"]
    assert [p.name for p in reading.phases] == ["准备", "实施", "总结"]


def test_months_alone_behind_their_phases_are_its_days():
    reading = read("动员阶段：4月上旬；排查阶段：4月中旬至9月；总结阶段：10月。")
    assert spans(reading) == [("2022-04-01", "2022-04-10"), ("2022-04-11", "2022-09-30"), ("2022-10-01", "2022-10-31")]


@pytest.mark.parametrize(
    "body",
    [
        "二、阶段安排\n2022年4月，动员部署；2022年5月至12月，排查整治；2023年全年，深化治理。",
        "二、推进步骤\n（一）动员部署\n时间：4月。\n（二）排查整治\n时间：5月至12月。\n（三）深化治理\n时间：2023年。",
        "阶段 | 时间\n动员部署 | 4月\n排查整治 | 5月—12月\n深化治理 | 2023年",
    ],
)
def test_a_month_and_a_whole_year_may_be_phases(body):
    reading = read(body)
    assert spans(reading) == [("2022-04-01", "2022-04-30"), ("2022-05-01", "2022-12-31"), ("2023-01-01", "2023-12-31")]
    assert [p.name for p in reading.phases] == ["动员部署", "排查整治", "深化治理"]
    assert days(reading) == []


def test_years_named_for_their_work_are_phases():
    reading = read("三、实施步骤\n2022年为启动年，2023年为攻坚年，2024年为巩固年。")
    assert [(p.name, p.ends_on.year) for p in reading.phases] == [("启动年", 2022), ("攻坚年", 2023), ("巩固年", 2024)]


def test_a_phase_that_only_ends_begins_behind_the_one_before():
    reading = read("（一）动员部署（3月20日前）\n（二）自查自纠（3月21日至5月31日）\n（三）总结阶段（6月底前）")
    assert spans(reading) == [("2022-03-01", "2022-03-20"), ("2022-03-21", "2022-05-31"), ("2022-06-01", "2022-06-30")]
    assert [p.is_estimate for p in reading.phases] == [True, False, True]
    assert days(reading) == ["2022-03-20", "2022-06-30"]


def test_phases_without_a_year_go_on_into_the_next():
    reading = read(
        "（一）部署阶段（11月）。\n（二）推进阶段（12月至次年3月）。\n（三）总结阶段（4月）。", issued="2022年10月20日"
    )
    assert spans(reading) == [("2022-11-01", "2022-11-30"), ("2022-12-01", "2023-03-31"), ("2023-04-01", "2023-04-30")]


def test_in_json_a_start_that_the_source_does_not_state_stays_open():
    phases = read("（一）动员部署（3月20日前）\n（二）自查（即日起至5月31日）").as_json()["phases"]
    assert [(p["start"], p["end"]) for p in phases] == [(None, "2022-03-20"), ("2022-03-01", "2022-05-31")]


def test_lengths_of_time_are_estimates_counted_from_the_issue():
    reading = read("先用3个月左右时间，全面排查；再用半年左右时间，巩固成效。", issued="2023年8月22日")
    assert spans(reading) == [("2023-08-22", "2023-11-22"), ("2023-11-22", "2024-05-22")]
    assert all(p.is_estimate and p.precision == "approx" for p in reading.phases)


def test_the_period_is_derived_from_the_phases_where_no_sentence_states_it():
    reading = read(FORMS[0])
    assert (str(reading.period.starts_on), str(reading.period.ends_on), reading.period.is_derived) == (
        "2022-04-01",
        "2022-05-31",
        True,
    )


@pytest.mark.parametrize(
    "body",
    [
        "（一）加强排查（牵头单位：县民政局，完成时限：6月底前）。\n（二）严格执法。",
        "3月25日前报送阶段性总结。",
        "专项行动分三个阶段进行。",
        "三、检查时间（2022年4月1日至5月31日）\n各单位开展检查。",
        "“清患”战役时间：2022年4月1日至9月30日。",
        "一是建立台账（4月10日前）；二是逐家排查（5月底前）；三是全面整改（6月30日前）。",
        "请分别于4月15日、7月15日前报送。",
        "2022年是全面建成体系决胜阶段的开局之年。",
        "第一步摸清底数，第二步4月30日前完成整改。",
        "三、主要任务\n4月，开展安全培训；5月至6月，开展消防演练；10月，组织评比。",
        "时间节点：4月底前完成排查；5月，集中整改；6月，组织验收。",
        "三、实施步骤\n动员部署阶段用1个月，排查整治阶段用6个月。",
        "4月，动员；5月，培训。",
    ],
)
def test_a_date_of_a_task_makes_no_phase(body):
    assert spans(read(body)) == []
