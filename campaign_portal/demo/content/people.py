"""Who has an account, and the officials tied to homes, who have none."""

from .homes import HOMES
from .places import TOWNS, phone


def _person(username, name, office, duties, note):
    """`office` is the key of an office or the name of a home; `duties` some of the letters c, a, m."""
    return {
        "username": username,
        "name": name,
        "office": office,
        "clerk": "c" in duties,
        "approver": "a" in duties,
        "administrator": "m" in duties,
        "note": note,
    }


def _township_people(key, name, clerk, leader):
    if leader is None:
        return [_person(key, clerk, key, "cam", f"{name}民政办唯一工作人员，本办整改的复查由县局承担")]
    return [
        _person(key, clerk, key, "c", f"{name}民政办经办：核实、复查、催办"),
        _person(f"{key}_leader", leader, key, "am", f"{name}民政办负责人：审批、管理本办账号"),
    ]


PEOPLE = [
    _person("bureau", "李晓明", "bureau", "c", "县民政局养老服务股经办：方案、台账、检查、公示的日常办理"),
    _person("bureau_leader", "曹文辉", "bureau", "a", "县民政局分管领导：审批、挂牌、公示签发"),
    _person("bureau_admin", "段雨晴", "bureau", "m", "县民政局系统管理员：单位、人员、规则表"),
    _person("fire", "马志远", "fire", "ca", "消防救援大队参谋：消防类隐患会检和会签"),
    _person("housing", "李朝阳", "housing", "ca", "住建局质安股：房屋和燃气类隐患会检和会签"),
    _person("emergency", "黄振宇", "emergency", "ca", "应急局综合协调股：用电、防汛和综合监督"),
    _person("market", "许婷", "market", "ca", "市监局食品餐饮股：食品、特种设备"),
    _person("health", "邝雅琴", "health", "ca", "卫健局医政医管股：医疗卫生、疫情防控"),
    *[person for key, _, name, _, clerk, leader, *_ in TOWNS for person in _township_people(key, name, clerk, leader)],
    _person("association", "胡建华", "association", "ca", "养老服务协会秘书长：活动、培训、结对"),
    _person("evaluator", "唐敏", "evaluator", "c", "第三方评估组长：只看到委托给本中心的机构"),
    _person("guiyang", "彭志远", "guiyang", "cam", "邻县民政局：用来核对看不到本县的任何数据"),
    _person("guiyang_east", "侯小英", "guiyang_east", "cam", "邻县示例东镇民政办"),
    _person("guiyang_west", "雷建国", "guiyang_west", "cam", "邻县示例西镇民政办"),
    *[_person(home["username"], home["director"], home["name"], "ca", f"{home['name']}院长") for home in HOMES],
]
for _serial, _row in enumerate(PEOPLE, 101):
    _row["phone"] = phone(_serial)

# Officials tied to the homes of a township (包联责任人), by key of the supervising office. None has an account.
LIAISONS = {
    key: [
        {"name": first, "phone": phone(7000 + 2 * place), "post": f"{name}党委委员"},
        {"name": second, "phone": phone(7001 + 2 * place), "post": f"{name}驻村干部"},
    ]
    for place, (key, _, name, _, _, _, first, second) in enumerate(TOWNS)
} | {
    "bureau": [
        {"name": "何立群", "phone": phone(7101), "post": "县民政局四级调研员"},
        {"name": "何雪莹", "phone": phone(7102), "post": "县民政局养老服务股副股长"},
    ],
    "guiyang_east": [{"name": "侯文斌", "phone": phone(7103), "post": "示例东镇党委委员"}],
    "guiyang_west": [{"name": "彭玉梅", "phone": phone(7104), "post": "示例西镇党委委员"}],
}
