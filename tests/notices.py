"""Notices for tests: a short one around the sentence that a test is about, and a whole plan with one of everything."""

from campaign_portal.campaigns.notice import read_notice

NOTICE = "关于做好有关工作的通知\n\n各乡镇人民政府：\n{body}\n\n永兴县民政局\n{issued}\n"


def read(body, issued="2022年3月1日", **kwargs):
    """The reading of a whole notice of 1 March 2022 with `body` as its text."""
    return read_notice(NOTICE.format(body=body, issued=issued), **kwargs)


def days(reading):
    """Every deadline as its last day, or how it recurs."""
    return [str(d.day) if d.day else d.recurrence for d in reading.deadlines if not d.is_relative]


def figures(reading):
    """Every target as (value or [low, high], unit)."""
    return [(t.value if t.high is None else [t.value, t.high], t.unit) for t in reading.targets]


def spans(reading):
    return [(str(p.starts_on), str(p.ends_on)) for p in reading.phases]


WHOLE = """示例县民政局关于印发《2026年全县养老机构安全提升行动实施方案》的通知
例民发〔2026〕8号

各乡镇（街道）民政办，各养老机构：

现将《2026年全县养老机构安全提升行动实施方案》印发给你们，请认真组织实施。

示例县民政局
2026年3月2日

2026年全县养老机构安全提升行动实施方案

一、总体目标
到2026年底，养老机构重大安全隐患全部清零。

二、重点任务
（一）排查安全隐患。县民政局牵头，各乡镇（街道）民政办配合，于4月30日前完成全部养老机构安全排查，建立隐患台账。
（二）开展人员培训。年内完成养老护理员培训300人次，每季度开展一次消防演练。
（三）改造护理床位。10月底前，对3所敬老院实施改造，新增护理型床位不少于60张。

三、实施步骤
（一）动员部署阶段（3月2日至3月31日）。各单位制定工作方案。
（二）组织实施阶段（4月1日至10月31日）。各单位对照任务抓好落实。
（三）总结验收阶段（11月1日至12月31日）。各乡镇（街道）民政办于11月15日前报送工作总结。
"""


def long_notice(count, *, padding=0):
    """A plan of `count` tasks, each with a day, two targets and its offices; five items a task. `padding` sentences say nothing."""
    opening, _, _ = WHOLE.partition("（一）排查安全隐患")
    words = "各单位要高度重视，周密部署，压实责任，确保各项工作落到实处。" * padding
    lines = []
    for number in range(count):
        if number and number % 90 == 0:
            lines.append(f"{_chinese(2 + number // 90)}、重点任务（续）\n")
        lines.append(
            f"（{_chinese(number % 90 + 1)}）开展第{number}批排查。县民政局牵头，县市场监管局配合，于{4 + number % 6}月"
            f"{1 + number % 28}日前完成养老机构第{number}批安全排查，培训护理员{number + 10}人次，"
            f"新增护理型床位不少于{number + 5}张。{words}\n"
        )
    return opening + "".join(lines)


def _chinese(number):
    """1 to 99 as a heading counts them."""
    tens, ones = divmod(number, 10)
    digits = "零一二三四五六七八九"
    return ("" if tens < 2 else digits[tens]) + ("十" if tens else "") + (digits[ones] if ones else "")
