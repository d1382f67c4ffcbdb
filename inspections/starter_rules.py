"""Rules a bureau starts with: plain data, loaded once into tables it may then change.

Wording is ours. A criterion names the article it follows only where that article could be read; the others say so and
wait for the county to compare them with the full text.
"""

# `field` is the department that usually answers for the category.
CATEGORIES = [
    {"code": "fire", "name": "消防安全", "field": "fire", "order": 10},
    {"code": "building", "name": "建筑安全", "field": "housing", "order": 20},
    {"code": "gas", "name": "燃气安全", "field": "housing", "order": 30},
    {"code": "electric", "name": "用电安全", "field": "emergency", "order": 40},
    {"code": "food", "name": "食品安全", "field": "market", "order": 50},
    {"code": "service", "name": "服务安全", "field": "civil", "order": 60},
    {"code": "medical", "name": "医疗卫生", "field": "health", "order": 70},
    {"code": "epidemic", "name": "疫情防控", "field": "health", "order": 80},
    {"code": "equipment", "name": "特种设备", "field": "market", "order": 90},
    {"code": "management", "name": "运营管理", "field": "civil", "order": 100},
    {"code": "licence", "name": "资质证照", "field": "civil", "order": 110},
    {"code": "flood", "name": "防汛和自然灾害", "field": "emergency", "order": 120},
    {"code": "fraud", "name": "非法集资与诈骗", "field": "civil", "order": 130},
    {"code": "other", "name": "其他", "field": "civil", "order": 140},
]

FACILITIES = "重要设施设备存在严重缺陷"
QUALIFICATIONS = "安全生产相关资格资质不符合"
ROUTINE = "日常管理存在严重问题"
UNLAWFUL = "严重违法违规提供服务"
REMAINDER = "其他"
GROUPS = [FACILITIES, QUALIFICATIONS, ROUTINE, UNLAWFUL, REMAINDER]

# A mandatory national standard on the same subject was published in September 2026; its text was not to be had. When it
# takes effect it becomes an edition of its own beside this one, so that old hazards keep the rule they were graded by.
EDITION = {
    "code": "2023",
    "title": "养老机构重大事故隐患判定标准",
    "issuer": "民政部办公厅",
    "issued_on": "2023-11-27",
    "note": "2026年9月已公布同类强制性国家标准，待取得文本后另立版本。",
}

_ARTICLE = "民政部办公厅 2023-11-27 判定标准 第{}条（{}）"
LOCAL = "本县试行，待核对原文"

CRITERIA = [
    {
        "code": "building-danger",
        "category": "building",
        "group": FACILITIES,
        "text": "房屋经鉴定属于C级或D级危房，或被住建部门查出重大房屋安全问题。",
        "source": _ARTICLE.format("四", "一"),
    },
    {
        "code": "fire-conditions",
        "category": "fire",
        "group": FACILITIES,
        "text": "消防设计、消防设施或电气、燃气线路管道，被主管部门或第三方认定达不到消防安全条件。",
        "source": _ARTICLE.format("四", "二"),
    },
    {
        "code": "flammable-panels",
        "category": "fire",
        "group": FACILITIES,
        "text": "老年人居住、活动的房屋使用可燃芯材夹芯板，或大面积采用易燃可燃装修。",
        "source": _ARTICLE.format("四", "三"),
    },
    {
        "code": "special-equipment",
        "category": "equipment",
        "group": FACILITIES,
        "text": "电梯、锅炉、氧气管道等特种设备无证、未检或检验不合格仍在使用，或使用已明令淘汰、报废的设备。",
        "source": _ARTICLE.format("四", "四"),
    },
    {
        "code": "clinic-licence",
        "category": "medical",
        "group": QUALIFICATIONS,
        "text": "院内设有诊疗场所，但没有取得执业许可，也没有办理备案。",
        "source": _ARTICLE.format("五", "一"),
    },
    {
        "code": "canteen-licence",
        "category": "food",
        "group": QUALIFICATIONS,
        "text": "自办食堂供餐，但没有取得食品经营许可。",
        "source": _ARTICLE.format("五", "二"),
    },
    {
        "code": "operator-licence",
        "category": "equipment",
        "group": QUALIFICATIONS,
        "text": "安排没有相应资格的人员从事特种设备安全管理、检测等工作。",
        "source": _ARTICLE.format("五", "三"),
    },
    {
        "code": "gas-leak",
        "category": "gas",
        "group": FACILITIES,
        "text": "厨房或燃气间没有有效的泄漏报警和切断装置，或在地下、居住用房内存放、使用瓶装燃气。",
        "source": LOCAL,
    },
    {
        "code": "exit-blocked",
        "category": "fire",
        "group": ROUTINE,
        "text": "疏散通道、安全出口被堵塞、封闭或上锁，紧急时不能立即打开，且责令后仍不改正。",
        "source": LOCAL,
    },
    {
        "code": "electric-overload",
        "category": "electric",
        "group": ROUTINE,
        "text": "居住用房线路严重老化、长期超负荷，或在室内和通道为电动车充电，随时可能引发火灾。",
        "source": LOCAL,
    },
    {
        "code": "no-night-duty",
        "category": "service",
        "group": ROUTINE,
        "text": "夜间无人值守，或值守人员不会报警、不会组织行动不便的老年人疏散。",
        "source": LOCAL,
    },
    {
        "code": "infection-concealed",
        "category": "epidemic",
        "group": ROUTINE,
        "text": "发生聚集性传染病或食源性疾病后，不隔离、不报告，致使危险继续扩大。",
        "source": LOCAL,
    },
    {
        "code": "flood-site",
        "category": "flood",
        "group": ROUTINE,
        "text": "处在山洪、滑坡等危险区，已接到预警或撤离要求，仍没有转移方案和安全去处。",
        "source": LOCAL,
    },
    {
        "code": "abuse",
        "category": "service",
        "group": UNLAWFUL,
        "text": "虐待、侮辱老年人，或未经评估和家属同意长期约束老年人身体。",
        "source": LOCAL,
    },
    {
        "code": "illegal-funds",
        "category": "fraud",
        "group": UNLAWFUL,
        "text": "以预付床位费、会员卡或投资返利等名义向老年人吸收资金，数额较大或无法退还。",
        "source": LOCAL,
    },
    {
        "code": "other-danger",
        "category": "other",
        "group": REMAINDER,
        "text": "其他可能造成老年人群死群伤、经两个以上部门会商认定的情形。",
        "source": LOCAL,
    },
]

PLACES = [
    "居室",
    "走廊和疏散通道",
    "楼梯间",
    "厨房",
    "食堂",
    "配电间",
    "锅炉房/燃气间",
    "卫生间",
    "浴室",
    "活动室",
    "医务室",
    "电梯",
    "室外场地",
    "库房",
    "消防控制室",
    "门厅",
    "值班室",
    "其他",
]

# Defaults only: a bureau sets its own.
LIMITS = {"normal_days": 15, "major_days": 60, "verify_days": 3, "recheck_days": 5, "decide_days": 3}


def load(category_model, criterion_model, limits_model, *, since):
    """Put the starter set (owned by nobody, so inherited by every bureau) into the tables. Used by the migration and by
    tests whose database was emptied."""
    category_model.objects.bulk_create(category_model(**row, valid_from=since) for row in CATEGORIES)
    criterion_model.objects.bulk_create(
        criterion_model(
            code=row["code"], group=row["group"], text=row["text"], source=row["source"], order=order, valid_from=since
        )
        for order, row in enumerate(CRITERIA)
    )
    limits_model.objects.create(**LIMITS, valid_from=since)
