"""The tree of headings, and which of them are work."""

import pytest

from .notices import read

pytestmark = pytest.mark.text

PLAN = (
    "一、指导思想\n坚持安全第一。\n二、重点任务\n（一）加强排查。各单位排查。\n1.建立台账。逐家登记。\n（1）登记内容。名称、地址。\n2.限期整改。\n"
    "（二）开展评定。县局组织。\n三、工作要求\n（一）加强领导。各镇负责。\n"
)


def test_headings_make_a_tree_of_four_levels():
    tasks = read(PLAN).tasks
    assert [(t.level, t.number, t.title, t.parent) for t in tasks] == [
        (1, "一、", "指导思想", None),
        (1, "二、", "重点任务", None),
        (2, "(一)", "加强排查", 1),
        (3, "1.", "建立台账", 2),
        (4, "(1)", "登记内容", 3),
        (3, "2.", "限期整改", 2),
        (2, "(二)", "开展评定", 1),
        (1, "三、", "工作要求", None),
        (2, "(一)", "加强领导", 7),
    ]


def test_only_what_somebody_has_to_do_is_work():
    assert [t.title for t in read(PLAN).tasks if t.is_work] == [
        "加强排查",
        "建立台账",
        "登记内容",
        "限期整改",
        "开展评定",
    ]


def test_a_heading_ends_with_its_stop_or_its_line_and_owns_the_text_below():
    reading = read(PLAN)
    heading = reading.tasks[2]
    assert heading.text == "（一）加强排查。"
    assert reading.text[heading.body_start : heading.body_end].startswith("各单位排查。")
    assert reading.text[heading.body_start : heading.body_end].rstrip().endswith("2.限期整改。")


def test_phases_under_a_heading_of_steps_are_work():
    tasks = read("二、时间安排\n（一）自查阶段（4月1日至30日）。各单位自查。\n").tasks
    assert [t.is_work for t in tasks] == [False, True]


def test_other_numbers_are_no_headings():
    tasks = read(
        "一、目标\n1.5倍以上的增长。\n二、三级机构参加。\n3月底前完成。\n（2022年）方案。\n2.5月10日前完成。\n"
    ).tasks
    assert [t.number for t in tasks] == ["一、", "2."]


def test_a_heading_may_begin_with_a_year_or_a_day():
    tasks = read("一、2025年目标\n做好工作。\n二、4月重点\n1.2025年建成服务体系。\n三、3名院长参加。\n").tasks
    assert [t.number for t in tasks] == ["一、", "二、", "1."]


def test_a_reading_in_brackets_does_not_end_a_heading():
    (task,) = read("一、提高認(rèn)識(shí),科學(xué)制訂方案。各鎮負責。\n").tasks
    assert task.text == "一、提高認(rèn)識(shí),科學(xué)制訂方案。"


def test_headings_in_one_paragraph_are_parted_where_the_numbers_go_on():
    tasks = read("一、提高认识。各单位要重视。二、落实责任。各单位要负责。（一）压实责任。").tasks
    assert [t.number for t in tasks] == ["一、", "二、", "(一)"]


def test_the_list_of_attachments_is_no_outline():
    assert read("一、要求\n请报送。\n附件：1.申请表\n2.汇总表\n").tasks[-1].number == "一、"


def test_a_heading_goes_without_the_days_behind_it_and_keeps_other_brackets():
    reading = read(
        "（一）制定方案（8月初）。各镇制定方案。\n（二）组织实施（8月1日至11月20日）\n（三）服务家庭（社区）。"
    )
    assert [t.title for t in reading.tasks] == ["制定方案", "组织实施", "服务家庭（社区）"]
    assert reading.tasks[0].text == "（一）制定方案（8月初）。"


def test_only_bodies_are_units():
    reading = read("由县民政局牵头，县公安局、县财政局配合，联合挂牌督办，部门组成专班负责。各股室所负责事项自行安排。")
    assert [u.name for u in reading.units if u.part not in ("issuer", "addressee")] == [
        "县民政局",
        "县公安局",
        "县财政局",
        "各股室",
    ]


@pytest.mark.parametrize(
    "body, titles",
    [
        ("现将有关事项通知如下：一、明确任务。各镇排查。二、压实责任。各镇落实。", ["明确任务", "压实责任"]),
        (
            "一、工作目标：全面完成；二、工作内容：排查隐患；三、有关要求。",
            ["工作目标：全面完成", "工作内容：排查隐患", "有关要求"],
        ),
        ("各镇要做到：（一）排查隐患。各镇排查。（二）整改问题。", ["排查隐患", "整改问题"]),
        ("㈠排查隐患。各镇排查。\n㈡整改问题。各镇整改。", ["排查隐患", "整改问题"]),
        ("一、三星级机构评定\n完成。\n二、一级机构评定\n完成。", ["三星级机构评定", "一级机构评定"]),
    ],
)
def test_headings_may_stand_within_a_paragraph(body, titles):
    assert [t.title for t in read(body).tasks] == titles


def test_what_only_looks_like_a_heading_is_none():
    assert read("本次评定：一、二级医院参加；三级医院不参加。").tasks == []
    assert read("各镇要做到：（一）班子成员到位；其他人员轮流值班。").tasks == []
