"""Words that say how often something comes again: 每月, 每季度末月20日前, 每两小时, 按周."""

import re

from .date_words import D31, M12
from .numbers import to_number

COUNT = r"\d{1,3}|[两二三四五六七八九十]{1,3}"
RECURRING = re.compile(
    rf"(?:每(?:个|逢|隔)?(?:(?P<unit>半年|半个?月|季度|季|月|周|星期|旬|工作日|日(?!常)|天|小时|学期|年度|年)|(?P<n>{COUNT})个?(?P<of>小时|分钟|工作日|日|天|周|星期|月|季度|年))(?P<tail>度)?"
    r"|(?P<by>按(?:半月|半年|月|季度?|周|年|日|旬)|逐月|逐日|逐季|隔[周日天]|双周)|(?P<each>(?:季|月|周)度(?=报送|上报|通报|调度)))"
    rf"(?P<at>(?:的)?(?:(?:末|首|(?:最后|第)[一二三]?个)月份?)?(?:{M12}月份?(?:[、和]{M12}月份?)*)?(?:末|底|初|的|月底|月末|月初)?"
    r"(?:周|星期)?(?:[一二三四五六日天](?!次|场|期|项|遍|轮|名)|\d{1,2}[日号](?:[、和及]\d{1,2}[日号])*)?"
    r"(?:末|底|初|下旬|上旬|中旬|(?:最后|第)一(?:天|日|个工作日))?(?:[上下]午)?(?:\d{1,2}(?::\d\d|[时点]))?(?:下班)?(?:前|之前|以前)?"
    rf"(?:(?:[、和及]|以及){M12}月(?:份|底|末|{D31}[日号])?(?:前|之前|以前)?)*)"
)
PERIODS = {
    "半年": "half_yearly", "季度": "quarterly", "季": "quarterly", "月": "monthly", "周": "weekly", "星期": "weekly", "旬": "ten_days",
    "日": "daily", "天": "daily",
    "工作日": "daily", "年": "yearly", "年度": "yearly", "半月": "half_monthly", "半个月": "half_monthly", "小时": "hourly", "学期": "half_yearly",
    "隔周": "two_weekly", "双周": "two_weekly", "隔日": "few_days", "隔天": "few_days",
}  # fmt: skip
SEVERAL = {
    ("小时", 2): "two_hourly", ("日", 7): "weekly", ("日", 10): "ten_days", ("日", 15): "half_monthly", ("日", 30): "monthly", ("周", 2): "two_weekly",
    ("周", 4): "monthly", ("月", 2): "bimonthly", ("月", 3): "quarterly", ("月", 6): "half_yearly", ("月", 12): "yearly", ("季度", 2): "half_yearly",
}  # fmt: skip
OTHERWISE = {
    "小时": "few_hours",
    "分钟": "few_hours",
    "日": "few_days",
    "周": "few_weeks",
    "月": "few_months",
    "季度": "few_months",
    "年": "few_years",
}
SAME = {"天": "日", "工作日": "日", "星期": "周"}


def recurrence_of(match: re.Match) -> str | None:
    """The code of how often: monthly, half_monthly, two_hourly; a number without a name of its own is a few of its unit."""
    if match["n"]:
        unit = SAME.get(match["of"], match["of"])
        return SEVERAL.get((unit, to_number(match["n"])), OTHERWISE[unit])
    unit = match["unit"] or re.sub(r"^按|^逐|度$", "", match["by"] or match["each"])
    return PERIODS.get(unit) or PERIODS.get(unit + "度")
