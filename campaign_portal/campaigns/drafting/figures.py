"""Which figure of the portal serves a target that a notice names. A wrong figure is worse than none: where the words, the
unit or what is counted against leave a doubt, the target is reported by offices until a person chooses."""

import re
from collections import defaultdict

from .. import metrics
from ..models import Indicator

# Words that say of nothing but the whole: 全县养老机构自查覆盖率 is the same figure as 自查覆盖率.
OF_THE_WHOLE = re.compile(
    r"^(?:开展|举办|举行|组织|召开)|全[省市县区旗州]域?|(?:各类|各个|所有|全部|各)?养老(?:服务)?(?:机构|院)|活动$|累计|[的“”\s]"
)
# Words that count over a part of the homes or of the hazards, or only what was added.
OF_A_PART = re.compile(
    r"新增|新建|增加|增长|改造|扩建|建成|净增|其中|公办|公建|民办|民营|敬老院|农村|乡镇敬老|城区|城镇|街道养老|特困|失能|社区|居家|星级|等级|规模|"
    r"重大|较大|一般隐患|消防|燃气|食品|用电|特种设备|自建房|违法|投诉|信访|医养|以上的|(?:达标|未达标|高风险|重点)(?:养老)?机构"
)
RATES_PER_TIME = {Indicator.Per.MONTH, Indicator.Per.QUARTER, Indicator.Per.HALF, Indicator.Per.YEAR}


def propose_figures(targets, lead):
    """{number of the target: code of the metric}. `targets` are (draft data, the words that say what is counted: the sentence
    so far, and the headings above).

    Two targets of different names on one figure: at least one means something else, and neither gets it.
    """
    found = {number: _metric_of(data, around, lead) for number, (data, around) in enumerate(targets)}
    found = {number: code for number, code in found.items() if code}
    names = defaultdict(set)
    for number, code in found.items():
        names[code].add(_plain(targets[number][0]["name"]))
    return {number: code for number, code in found.items() if len(names[code]) == 1}


def _metric_of(data, around, lead):
    """The code of the one metric that a target means, else ""."""
    name = _plain(data["name"])
    fitting = [metric for metric in metrics.METRICS.values() if name in metric.said_as and _serves(metric, data, lead)]
    if len(fitting) != 1 or OF_A_PART.search(around.replace(name, "")):
        return ""
    return fitting[0].code


def _serves(metric, data, lead):
    is_rate_per_time = metric.unit == "%" and data["per"] in RATES_PER_TIME  # its figure is that of the whole time
    return metric.may_serve(lead) and metric.counts_in(data["unit"]) and not is_rate_per_time


def _plain(name):
    return OF_THE_WHOLE.sub("", name)
