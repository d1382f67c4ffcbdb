"""Whatever the text is, reading it ends soon and gives items that lie inside it."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaign_portal.campaigns.notice import read_notice

pytestmark = pytest.mark.text

PIECES = ["一、", "（一）", "1.", "\n", "。", "，", "；", "：", "（", "）", "《", "》", "“", "”", "2022年", "10月", "3日", "至", "底", "前", "年内", "每季度",
          "开展", "完成", "不少于", "5", "%", "张", "两", "次", "民政局", "各镇：", "关于", "的通知", "阶段", "〔2020〕", "号", "民发", "?F", "養老", " ", "|",
          "发布时间：", "即日起", "用3个月时间", "先", "附件：", "全覆盖", "十四五", "一至", "万", "亿", "0", "31日", "2月30日"]  # fmt: skip
LONG = [
    "（",
    "《",
    "年内",
    "1",
    "1,",
    "养",
    "一",
    "10月",
    "3月至",
    "每季度开展一次",
    "不低于5%、",
    "\n",
    "一、\n",
    "关于通知\n",
    "各单位：\n",
    "县民政局、",
    "a|b|c\n",
    "民发〔2020〕1号",
    "?",
    "“",
    " ",
    "養",
    "2020年8月3日\n",
    "永兴县民政局\n",
    "(1",
    "县民政局联合",
    "阶段",
    "關(guān)",
    "、",
    "2022年",
    "截止到",
    "达到达",
    "各市、",
    "县民政和",
    "民政局（市）",
    "2022年10月31日前完成，",
    "发文机构：\n县民政局\n",
    "县区\t数量（所）\n甲县\t5\n",
    "一是4月1日至5日；",
    "（5月1日至6日）、整治",
    "新建5个、改造",
    "每两小时测温一次，",
    "县民政局县",
    "完成时限：5月1日，",
    "：（一）做好",
    "4月，动员部署；",
    "动员部署（4月）、",
    "2024年达到90%、",
    "第一轮6月，",
    "被通报3次的，",
    "关于检查的通知\n永民发〔2022〕8号\n各镇：\n2022年3月1日\n",
]


def check(reading):
    items = [*reading.phases, *reading.tasks, *reading.deadlines, *reading.targets, *reading.units, *reading.cited]
    for item in items:
        assert (
            0 <= item.sentence_start <= item.start < item.end <= item.sentence_end <= len(reading.text)
            or item.start <= item.end
        )
        assert reading.text[item.start : item.end] == item.text
    assert len(reading.text) == len(reading.simplified)
    for task in reading.tasks:
        assert task.parent is None or reading.tasks[task.parent].level < task.level
    reading.as_json()


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
def test_any_mixture_of_official_phrases_is_read(text):
    check(read_notice(text))


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_any_string_is_read(text):
    check(read_notice(text))


@pytest.mark.parametrize("piece", LONG)
def test_a_long_run_of_one_phrase_takes_no_more_than_its_share(piece):
    """Ten times the text may take ten times as long, and some more; a rule that hangs takes a hundred times."""
    times = []
    for size in (10_000, 100_000):
        started = time.process_time()
        check(read_notice(piece * (size // len(piece))))
        times.append(time.process_time() - started)
    assert times[1] < max(25 * times[0], 4)
