"""Areas, the offices that stand in them, and the two letters of each in a number."""

PROVINCE, CITY, COUNTY, NEIGHBOUR = "430000000000", "431000000000", "431023000000", "431021000000"


def phone(number):
    """A telephone number that no one holds."""
    return f"1380000{number:04d}"


# (key, code, name, number code, clerk, leader, two liaisons). The township codes are demonstration values in the
# national shape (0xx 街道, 1xx 镇, 2xx 乡): replace them with the published ones.
# 龙形市乡 has one officer only, so the re-check of its own work has to go up to the county.
TOWNS = [
    ("bianjiang", "431023001000", "便江街道", "BJ", "谢佳慧", "廖文斌", "吴凯", "尹春燕"),
    ("xiangyindu", "431023002000", "湘阴渡街道", "XY", "欧阳倩", "李国平", "马超群", "段小玲"),
    ("matian", "431023100000", "马田镇", "MT", "周丽娟", "何建军", "周敏", "邝海波"),
    ("gaotingsi", "431023101000", "高亭司镇", "GT", "廖雪梅", "黄志勇", "曾艳", "刘光明"),
    ("jingui", "431023102000", "金龟镇", "JG", "许文静", "曹立新", "胡建平", "邓细妹"),
    ("bolin", "431023103000", "柏林镇", "BL", "刘芳", "邓志刚", "刘运生", "许海燕"),
    ("liyutang", "431023104000", "鲤鱼塘镇", "LY", "李艳红", "王小军", "李建林", "黄玉莲"),
    ("yuelai", "431023105000", "悦来镇", "YL", "曾丽萍", "刘正国", "陈志文", "谭小芳"),
    ("huangni", "431023106000", "黄泥镇", "HN", "马晓燕", "李新华", "李勇", "邝美云"),
    ("zhangshu", "431023107000", "樟树镇", "ZS", "曹慧敏", "何小平", "段志强", "廖秋香"),
    ("taihe", "431023108000", "太和镇", "TH", "邓海霞", "许建国", "尹国辉", "曾小红"),
    ("youma", "431023109000", "油麻镇", "YM", "李梦娜", "曹国良", "赵磊", "刘爱莲"),
    ("yangtang", "431023200000", "洋塘乡", "YT", "黄丽丽", "陈建辉", "谢小明", "何满秀"),
    ("dabujiang", "431023201000", "大布江乡", "DB", "许小芳", "曾志明", "唐丽", "李石生"),
    ("qijia", "431023202000", "七甲乡", "QJ", "胡小英", "邓建新", "雷国强", "王桂兰"),
    ("longxingshi", "431023203000", "龙形市乡", "LX", "罗海涛", None, "罗静", "段小毛"),
]
TOWN_CODE = {key: code for key, code, *_ in TOWNS} | {
    "guiyang_east": "431021190000",  # invented townships of the neighbouring county
    "guiyang_west": "431021191000",
}
TOWN_NAME = {key: name for key, _, name, *_ in TOWNS} | {"guiyang_east": "示例东镇", "guiyang_west": "示例西镇"}

# (12-digit code, name, level, code of the parent)
AREAS = [
    (PROVINCE, "湖南省", "province", None),
    (CITY, "郴州市", "city", PROVINCE),
    (COUNTY, "永兴县", "county", CITY),
    *[(code, name, "town", COUNTY) for _, code, name, *_ in TOWNS],
    (NEIGHBOUR, "桂阳县", "county", CITY),
    (TOWN_CODE["guiyang_east"], "示例东镇", "town", NEIGHBOUR),
    (TOWN_CODE["guiyang_west"], "示例西镇", "town", NEIGHBOUR),
]

# Office key → two letters used in numbers, such as YX26-BL-0012.
SHORT = {
    "bureau": "YX",
    "fire": "XF",
    "housing": "ZJ",
    "emergency": "YJ",
    "market": "SJ",
    "health": "WJ",
    **{key: letters for key, _, _, letters, *_ in TOWNS},
    "association": "XH",
    "evaluator": "PG",
    "guiyang": "GY",
    "guiyang_east": "GE",
    "guiyang_west": "GW",
}


def _office(key, name, short_name, kind, field, area):
    return {
        "key": key,
        "name": name,
        "short_name": short_name,
        "kind": kind,
        "field": field,
        "area": area,
        "number_code": SHORT[key],
    }


OFFICES = [
    _office("bureau", "永兴县民政局", "县民政局", "bureau", "civil", COUNTY),
    _office("fire", "永兴县消防救援大队", "消防", "department", "fire", COUNTY),
    _office("housing", "永兴县住房和城乡建设局", "住建", "department", "housing", COUNTY),
    _office("emergency", "永兴县应急管理局", "应急", "department", "emergency", COUNTY),
    _office("market", "永兴县市场监督管理局", "市监", "department", "market", COUNTY),
    _office("health", "永兴县卫生健康局", "卫健", "department", "health", COUNTY),
    *[_office(key, f"{name}民政办", name, "township", "civil", code) for key, code, name, *_ in TOWNS],
    _office("association", "永兴县养老服务协会", "养老协会", "association", "", COUNTY),
    _office("evaluator", "示例养老服务评估中心", "评估中心", "evaluator", "", COUNTY),
    _office("guiyang", "桂阳县民政局", "桂阳民政局", "bureau", "civil", NEIGHBOUR),
    _office("guiyang_east", "示例东镇民政办", "示例东镇", "township", "civil", TOWN_CODE["guiyang_east"]),
    _office("guiyang_west", "示例西镇民政办", "示例西镇", "township", "civil", TOWN_CODE["guiyang_west"]),
]
