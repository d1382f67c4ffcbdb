"""The self-check list a county starts with: plain data, loaded once as an edition of its own.

Every text is ours. A basis names a document only where what it asks could be read at least in outline, and never quotes
it; the national lists (115 or 54 items) could not be had. A county that writes its own list makes a new edition.
"""

TITLE, EDITION = "养老机构安全自查清单（本县试行清单）", "2026-1"
SOURCE = "本县试行清单：文字为本平台自拟，不是国家标准原文；国家标准更新后另出新版。"

BASIC = "GB 38600-2019 基本要求"
PROTECTION = "GB 38600-2019 服务防护（九防）"
ORDER_66 = "民政部令第66号 第{}条"
CRITERION = "2023 年重大事故隐患判定标准 第{}条（{}）"
OPINION_2026 = "2026 年十部门安全管理意见"

# Section → (text, basis, code of the category, place).
SECTIONS = [
    (
        "消防",
        [
            ("疏散通道、楼梯间和安全出口畅通，没有堆物、上锁或封堵。", BASIC, "fire", "走廊和疏散通道"),
            ("灭火器、消火栓在位有效，压力正常，有月查记录。", BASIC, "fire", "走廊和疏散通道"),
            ("烟感、喷淋、应急照明和疏散指示标志能正常工作。", BASIC, "fire", "走廊和疏散通道"),
            ("防火门能自行关严，没有用物品顶开。", BASIC, "fire", "楼梯间"),
            ("居住和活动用房没有使用可燃夹芯板，没有大面积易燃装修。", CRITERION.format("四", "三"), "fire", "居室"),
        ],
    ),
    (
        "用电用气",
        [
            ("电线没有老化、裸露和私拉乱接，插座没有超负荷使用。", "", "electric", "居室"),
            ("配电箱周围没有堆物，漏电保护试跳正常。", "", "electric", "配电间"),
            ("电动车、轮椅电池不在室内和通道充电。", "", "electric", "门厅"),
            ("燃气软管、阀门没有老化漏气，泄漏报警和切断装置有效。", "", "gas", "厨房"),
            ("瓶装燃气单独存放，不在居室和地下室存放使用。", "", "gas", "锅炉房/燃气间"),
        ],
    ),
    (
        "房屋和设备",
        [
            ("墙体、屋面、阳台没有开裂、渗漏、脱落，没有改动承重结构。", BASIC, "building", "居室"),
            ("走廊、卫生间、浴室的扶手牢固，地面防滑平整。", PROTECTION, "building", "卫生间"),
            ("电梯、锅炉等特种设备登记、检验都在有效期内。", CRITERION.format("四", "四"), "equipment", "电梯"),
            ("院墙、护坡、排水沟完好，有防汛和转移的准备。", "", "flood", "室外场地"),
        ],
    ),
    (
        "食堂",
        [
            ("自办食堂的食品经营许可在有效期内。", CRITERION.format("五", "二"), "food", "食堂"),
            ("厨房人员有健康证明，患病不上岗。", BASIC, "food", "厨房"),
            ("食材没有过期变质，进货有票据，生熟分开。", BASIC, "food", "厨房"),
            ("每餐留样，餐具消毒，都有记录。", "", "food", "厨房"),
        ],
    ),
    (
        "医疗和用药",
        [
            ("院内诊疗场所有执业许可或备案。", CRITERION.format("五", "一"), "medical", "医务室"),
            ("老人的药品由专人保管、按医嘱发放并有记录，没有过期药。", PROTECTION, "medical", "医务室"),
            ("消毒、通风和发热、呕吐等异常情况有登记，知道向谁报告。", "", "epidemic", "居室"),
        ],
    ),
    (
        "照护安全（九防）",
        [
            ("入住时评估了能力和风险，有变化时重新评估。", ORDER_66.format("十五"), "service", "居室"),
            ("对噎食、误食、烫伤、压疮的高风险老人有针对的照护措施。", PROTECTION, "service", "居室"),
            ("床栏、呼叫器、助行器具完好，防跌倒、防坠床的措施到位。", PROTECTION, "service", "居室"),
            ("出入口和外出有登记，有走失风险的老人有人看护。", PROTECTION, "service", "门厅"),
            ("没有打骂、侮辱和未经评估、未经同意的约束；老人之间的冲突有人及时处理。", PROTECTION, "service", "居室"),
            ("文体活动前看过场地和身体状况，现场有人照看。", PROTECTION, "service", "活动室"),
        ],
    ),
    (
        "值守和应急",
        [
            ("24 小时有人值班，夜间按时巡查，交接班有记录。", ORDER_66.format("二十八"), "management", "值班室"),
            ("值班人员会报警、会用灭火器、知道怎样疏散不能行走的老人。", "", "management", "值班室"),
            ("半年内做过一次全院应急演练，有照片和总结。", OPINION_2026, "management", "室外场地"),
            ("明确了安全员并公示姓名，日巡查、月检查有记录。", OPINION_2026, "management", "值班室"),
            ("老人的紧急联系人齐全，出了情况及时通知。", ORDER_66.format("十九"), "management", "值班室"),
        ],
    ),
    (
        "财产和权益",
        [
            ("没有收取大额预付费、会员费，没有以投资返利等名义向老人收钱。", "", "fraud", "门厅"),
            ("没有在院内推销保健品。", BASIC, "fraud", "门厅"),
            ("老人的个人信息和监控录像有人保管，不外传。", BASIC, "management", "值班室"),
        ],
    ),
]


def load(list_model, section_model, item_model, *, since):
    """Put the starter list (owned by nobody, so inherited by every bureau) into the tables. Used by the migration and
    by tests whose database was emptied."""
    starter = list_model.objects.create(title=TITLE, edition=EDITION, source=SOURCE, valid_from=since)
    for order, (title, items) in enumerate(SECTIONS, start=1):
        section = section_model.objects.create(check_list=starter, order=order, title=title)
        item_model.objects.bulk_create(
            item_model(section=section, order=number, text=text, basis=basis, category=category, place=place)
            for number, (text, basis, category, place) in enumerate(items, start=1)
        )
    return starter
