"""Notices for tests: a short one around the sentence that a test is about."""

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
