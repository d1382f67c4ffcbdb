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
    ],
)
def test_a_date_of_a_task_makes_no_phase(body):
    assert spans(read(body)) == []
