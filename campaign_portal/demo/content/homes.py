"""Thirty homes of the county, two of its neighbour."""

from .places import TOWN_CODE, TOWN_NAME, phone

_REGISTRATION = {
    "public": "事业单位法人证书",
    "contracted": "民办非企业单位登记证书",
    "nonprofit": "民办非企业单位登记证书",
    "profit": "营业执照",
}


def _licences(serial, kind, operation, food, medical, lift):
    """`days_left` counts from the day the demonstration is loaded; None never expires, below 0 has expired."""
    rows = [
        ("registration", _REGISTRATION[operation], "登", None),
        ("filing", "设置养老机构备案回执", "备", None),
        ("fire", "消防验收（备案）凭证", "消", None),
    ]
    if food is not None:
        rows.append(("food", "食品经营许可证", "食", food))
    if medical is not None:
        rows.append(("medical", "医疗机构执业许可证" if kind == "nursing" else "诊所备案凭证", "医", medical))
    if lift is not None:
        rows.append(("lift", "电梯定期检验报告", "梯", lift))
    return [
        {"kind": code, "name": name, "number": f"示例〔{mark}〕{serial:04d}号", "days_left": days}
        for code, name, mark, days in rows
    ]


def _home(serial, name, short, town, kind, operation, operator, username, director, staff, counts, **more):
    beds, nursing_beds, residents = counts
    return {
        "name": name,
        "short": short,
        "former": more.get("former", []),
        "kind": kind,
        "operation": operation,
        "operator": operator,
        "run_by_township": operator == f"{TOWN_NAME[town]}人民政府",
        "area": TOWN_CODE[town],
        "supervisor": more.get("supervisor", town),
        "address": f"{TOWN_NAME[town]}示例路{serial}号",
        "director": director,
        "phone": phone(5000 + serial),
        "staff": [{"name": who, "post": post} for who, post in zip(staff, ("安全员", "护理主管"), strict=True)],
        "username": username,
        "beds": beds,
        "nursing_beds": nursing_beds,
        "residents": residents,
        "state": more.get("state", "running"),
        "licences": _licences(
            serial, kind, operation, more.get("food", 300 + 37 * serial % 900), more.get("medical"), more.get("lift")
        ),
    }


def _relief(serial, name, short, town, username, director, staff, counts, **more):
    """A home for those in special hardship, run by its township."""
    operator = f"{TOWN_NAME[town]}人民政府"
    return _home(serial, name, short, town, "relief", "public", operator, username, director, staff, counts, **more)


# staff are the people who fix hazards (责任人); they need no account. `food=None` is a canteen without a licence.
HOMES = [
    _home(
        *(1, "县福利院", "县福利院", "bianjiang", "welfare", "public", "永兴县民政局"),
        *("fuliyuan_home", "许慧兰", ("段建平", "李小红"), (220, 120, 143)),
        supervisor="bureau",
        medical=520,
        lift=210,
    ),
    _home(
        *(2, "县中心敬老院", "中心敬老院", "bianjiang", "relief", "public", "永兴县民政局"),
        *("zhongxin_home", "曹德明", ("马国清", "廖春花"), (180, 90, 121)),
        supervisor="bureau",
        medical=75,
        lift=-12,
    ),
    _home(
        *(3, "示例一号养老公寓", "一号公寓", "bianjiang", "private", "profit", "示例一号养老服务有限公司"),
        *("yihao_home", "孙丽", ("谭志平", "邓艳"), (120, 66, 88)),
        former=["示例桂花养老公寓"],
        lift=96,
    ),
    _home(
        *(4, "示例二号养老公寓", "二号公寓", "bianjiang", "private", "nonprofit", "示例二号养老公寓"),
        *("erhao_home", "胡文娟", ("曾小兵", "何玉珍"), (86, 40, 53)),
        lift=340,
    ),
    _home(
        *(5, "示例三号养老公寓", "三号公寓", "bianjiang", "private", "contracted", "示例康养服务中心"),
        *("sanhao_home", "邝晓东", ("李志新", "王海英"), (150, 90, 97)),
        former=["示例老年公寓", "示例三号老年公寓"],
        medical=410,
        lift=18,
    ),
    _home(
        *(6, "便江示例护理院", "便江护理院", "bianjiang", "nursing", "profit", "示例护理服务有限公司"),
        *("bianjiang_huli_home", "尹雪峰", ("陈国栋", "刘春梅"), (110, 110, 79)),
        medical=640,
        lift=155,
    ),
    _home(
        *(7, "便江示例养老院", "便江养老院", "bianjiang", "private", "nonprofit", "便江示例养老院"),
        *("bianjiang_home", "何春林", ("黄小明", "许玉兰"), (64, 30, 37)),
        food=None,
    ),
    _relief(
        *(8, "马田敬老院", "马田敬老院", "matian", "matian_home", "何秀英"),
        *(("何志强", "周桂香"), (96, 30, 58)),
        food=45,
    ),
    _home(
        *(9, "示例五号养老公寓", "五号公寓", "matian", "private", "profit", "示例五号养老服务有限公司"),
        *("wuhao_home", "邓海龙", ("何伟", "周小兰"), (90, 44, 61)),
        lift=260,
    ),
    _home(
        *(10, "马田示例养老院", "马田养老院", "matian", "private", "contracted", "示例康养服务中心"),
        *("matian_yanglao_home", "刘琼", ("邝志华", "谢冬梅"), (72, 36, 40)),
        medical=130,
    ),
    _home(
        *(11, "马田示例护理院", "马田护理院", "matian", "nursing", "nonprofit", "马田示例护理院"),
        *("matian_huli_home", "周卫东", ("何小龙", "李素芳"), (60, 60, 42)),
        medical=505,
        lift=400,
    ),
    _relief(
        *(12, "柏林敬老院", "柏林敬老院", "bolin", "bolin_home", "陈桂花"),
        *(("王建国", "陈秀英"), (72, 20, 41)),
    ),
    _home(
        *(13, "示例六号养老公寓", "六号公寓", "bolin", "private", "profit", "示例六号养老服务有限公司"),
        *("liuhao_home", "邓国安", ("刘小平", "许翠萍"), (48, 16, 0)),
        state="suspended",
        food=-20,
    ),
    _home(
        *(14, "柏林示例颐养院", "柏林颐养院", "bolin", "private", "nonprofit", "柏林示例颐养院"),
        *("bolin_yiyang_home", "李凤英", ("邓小勇", "曹玉梅"), (54, 22, 33)),
        former=["柏林示例老年之家"],
    ),
    _relief(
        *(15, "油麻敬老院", "油麻敬老院", "youma", "youma_home", "曹春生"),
        *(("李建华", "刘秋菊"), (80, 27, 49)),
    ),
    _home(
        *(16, "油麻示例养老院", "油麻养老院", "youma", "private", "contracted", "示例康养服务中心"),
        *("youma_yanglao_home", "李国英", ("曹志军", "邓彩云"), (66, 30, 38)),
        lift=320,
    ),
    _home(
        *(17, "示例八号养老公寓", "八号公寓", "youma", "private", "profit", "示例八号养老服务有限公司"),
        *("bahao_home", "黄建文", ("李小军", "曹美玲"), (58, 24, 29)),
        food=28,
    ),
    _home(
        *(18, "高亭司示例养老院", "高亭司养老院", "gaotingsi", "private", "nonprofit", "高亭司示例养老院"),
        *("gaotingsi_yanglao_home", "廖小平", ("黄国庆", "刘金莲"), (60, 24, 36)),
        former=["高亭示例养老院"],
    ),
    _relief(
        *(19, "高亭司示例敬老院", "高亭司敬老院", "gaotingsi", "gaotingsi_home", "黄秋生"),
        *(("廖志刚", "黄满香"), (64, 18, 35)),
        former=["高亭示例敬老院"],
    ),
    _relief(
        *(20, "湘阴渡示例敬老院", "湘阴渡敬老院", "xiangyindu", "xiangyindu_home", "李运华"),
        *(("欧阳军", "段桂英"), (70, 20, 39)),
    ),
    _relief(
        *(21, "金龟示例敬老院", "金龟敬老院", "jingui", "jingui_home", "曹冬生"),
        *(("许志平", "胡凤姣"), (50, 12, 27)),
    ),
    _relief(
        *(22, "鲤鱼塘示例敬老院", "鲤鱼塘敬老院", "liyutang", "liyutang_home", "王春秀"),
        *(("李林生", "黄冬英"), (56, 16, 31)),
    ),
    _relief(
        *(23, "悦来示例敬老院", "悦来敬老院", "yuelai", "yuelai_home", "刘清秀"),
        *(("曾国平", "陈红英"), (52, 14, 28)),
        former=["三塘示例敬老院"],
    ),
    _relief(
        *(24, "黄泥示例敬老院", "黄泥敬老院", "huangni", "huangni_home", "谭红"),
        *(("李志明", "马玉娥"), (48, 12, 26)),
    ),
    _relief(
        *(25, "樟树示例敬老院", "樟树敬老院", "zhangshu", "zhangshu_home", "何永福"),
        *(("曹小勇", "廖金香"), (50, 14, 24)),
    ),
    _relief(
        *(26, "太和示例敬老院", "太和敬老院", "taihe", "taihe_home", "许月娥"),
        *(("邓伟平", "尹小兰"), (46, 10, 25)),
    ),
    _home(
        *(27, "洋塘示例养老院", "洋塘养老院", "yangtang", "private", "contracted", "示例康养服务中心"),
        *("yangtang_home", "谢国华", ("黄小兵", "何翠英"), (44, 16, 21)),
        former=["洋塘示例敬老院"],
    ),
    _relief(
        *(28, "大布江示例敬老院", "大布江敬老院", "dabujiang", "dabujiang_home", "许建华"),
        *(("曾小龙", "李满英"), (42, 10, 22)),
    ),
    _relief(
        *(29, "七甲示例敬老院", "七甲敬老院", "qijia", "qijia_home", "雷春兰"),
        *(("邓志平", "胡桂花"), (40, 8, 19)),
    ),
    _relief(
        *(30, "龙形示例敬老院", "龙形敬老院", "longxingshi", "longxing_home", "邓小兵"),
        *(("段建华", "罗秀云"), (38, 8, 17)),
    ),
    # The neighbouring county: whoever works in 永兴县 must never see these two.
    _relief(
        *(31, "邻县示例敬老院", "邻县敬老院", "guiyang_east", "guiyang_east_home", "彭小林"),
        *(("彭志华", "侯玉英"), (60, 18, 34)),
    ),
    _home(
        *(32, "邻县示例养老公寓", "邻县公寓", "guiyang_west", "private", "profit", "邻县示例养老服务有限公司"),
        *("guiyang_west_home", "侯建平", ("彭小军", "雷凤英"), (80, 40, 47)),
    ),
]
