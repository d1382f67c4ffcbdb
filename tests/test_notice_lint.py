"""What the reader says about a text that is wrong or open, each with a proposal."""

import pytest

from .notices import read

pytestmark = pytest.mark.text

CASES = [
    ("due_before_issue", "2月20日前完成排查。", "3月20日前完成排查。"),
    (
        "outside_period",
        "活动时间：2022年4月1日至6月30日。\n7月20日前报送名单。",
        "活动时间：2022年4月1日至6月30日。\n6月20日前报送名单。",
    ),
    (
        "dates_conflict",
        "活动时间：2022年4月1日至6月30日。\n年底前全面完成任务。",
        "活动时间：2022年4月1日至6月30日。\n6月底前全面完成任务。",
    ),
    (
        "outside_phase",
        "（一）排查阶段（4月1日至4月30日）。5月9日前报送。",
        "（一）排查阶段（4月1日至4月30日）。4月9日前报送。",
    ),
    (
        "published_before_reviewed",
        "10月底前开展评估检查。9月底公布达标名单。",
        "9月底前开展评估检查。10月底公布达标名单。",
    ),
    ("target_without_date", "培训护理员40名。", "年底前培训护理员40名。"),
    (
        "task_without_owner",
        "二、重点任务\n（一）加强排查。逐家登记。",
        "二、重点任务\n（一）加强排查。由县民政局牵头，逐家登记。",
    ),
    ("year_resolved", "10月底前完成。", "2022年10月底前完成。"),
    ("numbering_jumps", "一、甲事项\n三、乙事项\n", "一、甲事项\n二、乙事项\n"),
    ("damaged", "促进提质增效??現將方案下發。", "促进提质增效。"),
    ("damaged", "提质增效?F现下发如下。", "是否完成？F座办公。"),
    ("traditional", "促進養老機構發展。", "促进养老机构发展。"),
    ("festival", "春节前完成慰问。", "1月前完成慰问。"),
]


def codes(reading):
    return {f.code for f in reading.findings}


@pytest.mark.parametrize("code, wrong, right", CASES)
def test_a_finding_is_made_where_it_should_and_only_there(code, wrong, right):
    assert code in codes(read(wrong))
    assert code not in codes(read(right))


def test_every_finding_has_its_phrase_and_a_proposal():
    reading = read("2月20日前完成排查。培训护理员40名。")
    for finding in reading.findings:
        assert finding.message.endswith(("。", "”。")) and finding.proposal.endswith("。")
        assert 0 <= finding.start <= finding.end <= len(reading.text)
    early = next(f for f in reading.findings if f.code == "due_before_issue")
    assert reading.deadlines[early.index].text == reading.text[early.start : early.end]


def test_a_cited_document_is_missed_only_when_it_is_not_on_file():
    body = "根据《通知》（郴民发〔2020〕21号）要求，做好工作。"
    assert "cited_unknown" in codes(read(body, known_numbers=[]))
    assert "cited_unknown" not in codes(read(body, known_numbers=["郴民发[2020]21号"]))
    assert "cited_unknown" not in codes(read(body))


def test_units_have_their_part():
    reading = read("由县民政局牵头，县住房城乡建设局、县应急管理局配合。（责任单位：养老服务科）各乡镇参加。")
    parts = {u.name: u.part for u in reading.units}
    assert parts["县民政局"] == "lead"
    assert parts["县住房城乡建设局"] == parts["县应急管理局"] == "support"
    assert parts["养老服务科"] == "responsible"


def test_who_signs_and_who_is_told_are_units_too():
    parts = {(u.name, u.part) for u in read("请照办。").units}
    assert {("永兴县民政局", "issuer"), ("各乡镇人民政府", "addressee")} <= parts


def early(body):
    """What is said about publishing before the review is over."""
    return [f.message for f in read(body).findings if f.code == "published_before_reviewed"]


def test_the_review_that_ends_too_late_is_named_with_its_own_day_and_the_sentence_once():
    rated = "12月31日前全面完成全县养老机构等级评定。"
    (said,) = early(f"5月31日前开展评估检查。{rated}5月20日前公布达标养老机构名单。")
    assert (
        said == "2022年5月20日 就要公布结果，而“开展评估检查”到 2022年5月31日 才结束：“5月20日前公布达标养老机构名单”。"
    )
    assert early(f"5月31日前开展评估检查。{rated}6月10日前公布达标养老机构名单。") == []
    assert len(early(f"{rated}6月10日前公布等级评定结果。")) == 1
