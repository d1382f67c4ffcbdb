"""Title, number, offices and days of a notice, among what its page prints around it."""

import pytest

from campaign_portal.campaigns.notice import read_notice

pytestmark = pytest.mark.text

BODY = "为做好工作，现通知如下。\n一、总体要求\n坚持安全第一。\n"


def value(phrase):
    return phrase and phrase.value


def names(phrases):
    return [p.value for p in phrases]


def test_a_signed_notice():
    reading = read_notice(
        f"永民发〔2022〕7号\n关于开展检查的通知\n\n各乡镇民政办，县福利院：\n{BODY}\n永兴县民政局\n2022年3月1日\n"
    )
    assert value(reading.title) == "关于开展检查的通知"
    assert value(reading.document_number) == "永民发〔2022〕7号"
    assert names(reading.addressees) == ["各乡镇民政办", "县福利院"]
    assert names(reading.issuers) == ["永兴县民政局"]
    assert value(reading.issue_date) == "2022-03-01"


@pytest.mark.parametrize(
    "signature, issuers",
    [
        (
            "永兴县民政局            永兴县卫生健康局\n\n永兴县应急管理局",
            ["永兴县民政局", "永兴县卫生健康局", "永兴县应急管理局"],
        ),
        ("永兴县民政局 永兴县财政局", ["永兴县民政局", "永兴县财政局"]),
        ("永 兴 县 民 政 局", ["永兴县民政局"]),
        ("永兴县民政局（盖章）", ["永兴县民政局"]),
        (
            "永兴县安全生产委员会办公室永兴县消防安全委员会办公室",
            ["永兴县安全生产委员会办公室", "永兴县消防安全委员会办公室"],
        ),
    ],
)
def test_several_offices_may_sign_in_several_ways(signature, issuers):
    reading = read_notice(f"关于开展检查的通知\n各乡镇民政办：\n{BODY}\n{signature}\n\n2022年3月1日\n")
    assert names(reading.issuers) == issuers


@pytest.mark.parametrize(
    "day",
    ["2022年3月1日", "二〇二二年三月一日", "二○二二年三月一日", "2022 年 3月 1日", "2022-03-01", "２０２２年３月１日"],
)
def test_the_day_of_issue_in_every_spelling(day):
    assert value(read_notice(f"关于检查的通知\n各镇：\n{BODY}永兴县民政局\n{day}").issue_date) == "2022-03-01"


def test_a_title_broken_over_lines_is_whole_again():
    reading = read_notice(f"XX市民政局办公室\n关于开展专项行动\n“回头看”工作的通知\n\n各县民政局：\n{BODY}")
    assert value(reading.title) == "XX市民政局办公室关于开展专项行动“回头看”工作的通知"


def test_the_unbroken_title_of_the_metadata_is_taken():
    reading = read_notice(f"内容概述 | 关于下发活动方案的通知 |\n关于下发活动\n方案的通知\n各镇：\n{BODY}")
    assert value(reading.title) == "关于下发活动方案的通知"
    assert reading.text[reading.title.start : reading.title.end] == "关于下发活动方案的通知"


def test_the_offices_on_the_line_above_belong_to_the_title():
    reading = read_notice(f"张安委〔2023〕7号\n张家川县安全生产委员会\n关于印发《方案》的通知\n各乡镇：\n{BODY}")
    assert value(reading.title) == "张家川县安全生产委员会关于印发《方案》的通知"
    assert names(reading.issuers) == ["张家川县安全生产委员会"]


def test_page_furniture_is_no_part_of_the_notice():
    page = (
        "当前位置：首页 > 通知公告\n永兴县检查方案\n发布时间：2020-08-07 17:20 来源：县民政局 作者： 【字体：\n"
        "关于印发《检查方案》的通知\n\n各乡镇民政办：\n现印发给你们。\n永兴县民政局\n2020年8月3日\n永兴县检查方案\n一、目标\n做好工作。\n"
        "扫一扫在手机打开当前页\n分享：\n【打印本页】 【关闭窗口】"
    )
    reading = read_notice(page)
    assert value(reading.title) == "关于印发《检查方案》的通知"
    assert value(reading.plan_title) == "永兴县检查方案"
    assert (value(reading.issue_date), value(reading.publish_date)) == ("2020-08-03", "2020-08-07")
    assert [reading.text[a:b].split("：")[0] for a, b in reading.furniture][:2] == ["当前位置", "发布时间"]


def test_without_a_signature_the_page_says_who_and_when():
    reading = read_notice(
        f"关于检查的通知\n编辑: 渭滨民政局   来源: 区民政局   发布时间: 2022-01-20 09:24\n各养老机构:\n{BODY}"
    )
    assert names(reading.issuers) == ["渭滨区民政局"]
    assert value(reading.issue_date) == "2022-01-20"


def test_rows_of_metadata_in_any_layout():
    rows = "文件編號 | 澄民字〔2021〕69號 | 發布機構 | 江陰市民政局 | 生成日期 | 2021-09-23 |\n"
    pairs = "发文字号：澄民字〔2021〕69号 发布机构：江阴市民政局\n成文日期：2021-09-23\n"
    for head in (rows, pairs):
        reading = read_notice(f"{head}关于检查的通知\n各镇：\n{BODY}")
        assert value(reading.document_number).startswith("澄民字〔2021〕69")
        assert len(reading.issuers) == 1
        assert value(reading.issue_date) == "2021-09-23"


def test_cited_numbers_are_not_its_own():
    cited = "根据《通知》（郴民发〔2020〕21号）、（宝民发(2022)4号）和豫政办发﹝2018﹞58号、国发[2019]5号、民电【2021】6号要求。"
    reading = read_notice(f"关于检查的通知\n各镇：\n{cited}\n永兴县民政局\n2022年3月1日")
    assert reading.document_number is None
    assert [c.number for c in reading.cited] == [
        "郴民发〔2020〕21号",
        "宝民发(2022)4号",
        "豫政办发﹝2018﹞58号",
        "国发[2019]5号",
        "民电【2021】6号",
    ]
    assert reading.cited[0].title == "通知"


def test_an_index_number_is_no_document_number():
    assert read_notice(f"索引号 | 01404053X/2021-03946 | | |\n关于检查的通知\n各镇：\n{BODY}").document_number is None


def test_of_two_notices_both_are_read_with_the_head_of_the_first():
    one = "关于{0}的通知\n各镇：\n一、{0}\n请于{1}月1日前报送材料。\n永兴县民政局\n{2}年11月{1}日\n"
    reading = read_notice(one.format("甲事", 12, 2021) + one.format("乙事", 2, 2022))
    assert (value(reading.title), value(reading.issue_date)) == ("关于甲事的通知", "2021-11-12")
    assert [str(d.day) for d in reading.deadlines] == ["2021-12-01", "2023-02-01"]
    assert [reading.tasks[d.task].title for d in reading.deadlines] == ["甲事", "乙事"]
    assert [f.code for f in reading.findings].count("two_notices") == 1


@pytest.mark.parametrize(
    "second",
    [
        "关于乙事的通知\n永民发〔2022〕8号\n请于4月2日前报送材料。",
        "永民发〔2022〕8号\n永兴县民政局关于乙事的通知\n各镇：\n请于4月2日前报送材料。",
        "永兴县民政局　永兴县公安局\n关于乙事的通知\n永民发〔2022〕8号\n各镇：\n请于4月2日前报送材料。",
    ],
)
def test_another_notice_begins_with_its_number_and_offices(second):
    first = "关于甲事的通知\n各镇：\n请于4月1日前报送材料。\n永兴县民政局\n2022年3月1日\n\n"
    reading = read_notice(first + second + "\n永兴县民政局\n2022年3月2日\n")
    assert [str(d.day) for d in reading.deadlines] == ["2022-04-01", "2022-04-02"]
    assert [p.value for p in reading.issuers] == ["永兴县民政局"]
    assert reading.cited == []
    at = next(f.start for f in reading.findings if f.code == "two_notices")
    assert at == len(first)


def test_a_plan_below_the_signature_is_no_other_notice():
    reading = read_notice(
        "关于印发方案的通知\n各镇：\n现印发给你们。\n永兴县民政局\n2022年3月1日\n养老院安全整治方案\n"
        "为做好整治工作，制定本方案。\n一、任务\n4月2日前完成排查。"
    )
    assert "two_notices" not in {f.code for f in reading.findings}


def test_a_forwarded_notice_is_one_with_what_it_forwards():
    text = (
        "关于转发《关于做好防汛工作的通知》的通知\n各镇：\n现转发给你们。\n永兴县民政局\n2022年3月1日\n"
        "关于做好防汛工作的通知\n各县民政局：\n请于4月2日前报送材料。\n市民政局\n2022年2月1日\n"
    )
    reading = read_notice(text)
    assert [str(d.day) for d in reading.deadlines] == ["2022-04-02"]
    assert "two_notices" not in {f.code for f in reading.findings}


def test_traditional_characters_stay_in_the_source_and_every_offset_serves_both():
    reading = read_notice("關於檢查的通知\n各鎮：\n請於5月20日前報送總結。\n江陰市民政局\n2022年3月1日")
    assert value(reading.title) == "關於檢查的通知"
    assert len(reading.text) == len(reading.simplified)
    due = reading.deadlines[0]
    assert reading.simplified[due.start : due.end] == "请于5月20日前报送总结"
    assert due.text == "請於5月20日前報送總結"


@pytest.mark.parametrize(
    "head, issuers",
    [
        ("永兴县民政局文件\n永民发〔2022〕7号\n", ["永兴县民政局"]),
        ("永 兴 县 民 政 局 文 件\n永民发〔2022〕7号\n", ["永兴县民政局"]),
        ("永兴县民政局\n永兴县消防救援大队 文件\n永民发〔2022〕7号\n", ["永兴县民政局", "永兴县消防救援大队"]),
        (
            "中共永兴县委办公室\n永兴县人民政府办公室\n永办发〔2022〕7号\n",
            ["中共永兴县委办公室", "永兴县人民政府办公室"],
        ),
        ("永兴县民政局\n永兴县总工会永民发〔2022〕7号\n", ["永兴县民政局", "永兴县总工会"]),
        ("朗读\n永兴县人民政府办公室永政办发〔2022〕7号\n", ["永兴县人民政府办公室"]),
    ],
)
def test_without_a_signature_the_head_of_the_paper_says_who(head, issuers):
    reading = read_notice(f"{head}关于开展检查的通知\n各乡镇民政办：\n{BODY}")
    assert names(reading.issuers) == issuers
    assert value(reading.title) == "关于开展检查的通知"
    assert value(reading.document_number).endswith("〔2022〕7号") and len(value(reading.document_number)) <= 12


def test_the_word_of_a_number_is_not_taken_for_an_office():
    for number in ("东安委办发〔2022〕7号", "永政办函〔2022〕7号", "澄民字〔2022〕7号"):
        assert value(read_notice(f"{number}\n关于检查的通知\n各镇：\n{BODY}").document_number) == number


@pytest.mark.parametrize(
    "title, issuers",
    [
        ("永兴县民政局　永兴县公安局\n关于开展检查的通知", ["永兴县民政局", "永兴县公安局"]),
        ("永兴县民政局、永兴县公安局关于开展检查的通知", ["永兴县民政局", "永兴县公安局"]),
        ("永兴县民政局永兴县公安局永兴县财政局关于开展检查的通知", ["永兴县民政局", "永兴县公安局", "永兴县财政局"]),
        ("永兴县民政局等六部门关于印发《检查方案》的通知", ["永兴县民政局"]),
        ("永兴县民政局2022年养老服务工作要点", ["永兴县民政局"]),
        ("关于开展检查的通知", []),
    ],
)
def test_the_offices_that_a_title_names_are_parted(title, issuers):
    assert names(read_notice(f"{title}\n各乡镇民政办：\n{BODY}").issuers) == issuers


@pytest.mark.parametrize(
    "tail, issuers",
    [
        ("永兴县民政局\n", ["永兴县民政局"]),
        ("永兴县民政局\n永兴县财政局\n", ["永兴县民政局", "永兴县财政局"]),
        ("永兴县民政局办公室\n（此件公开发布）\n抄送：县委办。\n", ["永兴县民政局办公室"]),
        ("附件：1.名单\n永兴县民政局", ["永兴县民政局"]),
        ("", []),
    ],
)
def test_names_below_the_last_sentence_sign_without_a_day(tail, issuers):
    assert names(read_notice(f"关于开展检查的通知\n各乡镇民政办：\n{BODY}{tail}").issuers) == issuers


SIGNED = "\n永兴县民政局\n2022年3月1日\n"
FURNITURE = [
    "XX法律网--中国法律法规信息系统\n",
    "永兴政务APP\n",
    "首页 > 政务公开 > 通知公告 > 正文\n",
    "source: http://example.org/a.html\ndate: 2022-03-02\n",
    "通知公告\n下载链接：通知.doc\n",
    "永兴县民政局关于开展检查的通知_永兴县人民政府网\n",
    "永民发〔2022〕7号《永兴县民政局关于开展检查的通知》\n",
]


@pytest.mark.parametrize("furniture", FURNITURE)
def test_what_a_site_prints_above_a_title_is_no_part_of_it(furniture):
    reading = read_notice(f"{furniture}永兴县民政局关于开展检查的通知\n各镇：\n{BODY}{SIGNED}")
    assert value(reading.title) == "永兴县民政局关于开展检查的通知"
    assert names(reading.issuers) == ["永兴县民政局"]


def test_a_title_in_brackets_of_a_title_and_with_readings_is_bare_and_names_its_office():
    reading = read_notice(
        f"《永興縣民政局關(guān)于印發(fā)〈檢查方案〉的通知》\n永民發(fā)〔2022〕7號(hào)\n各鎮：\n{BODY}"
    )
    assert value(reading.title) == "永興縣民政局關(guān)于印發(fā)〈檢查方案〉的通知"
    assert names(reading.issuers) == ["永興縣民政局"]


def test_keys_and_values_on_lines_of_their_own():
    rows = "发文机构：\n\n  县政府\n发文字号：\n永政发〔2022〕7号\n发文日期：\n2022年03月01日 16:40\n有效性：\n\n"
    reading = read_notice(f"{rows}永兴县检查方案\n{BODY}")
    assert (value(reading.title), value(reading.document_number)) == ("永兴县检查方案", "永政发〔2022〕7号")
    assert (names(reading.issuers), value(reading.issue_date)) == (["县政府"], "2022-03-01")


@pytest.mark.parametrize("line", ["永兴政务APP", "XX法律网--中国法律信息网", "首页 > 通知公告"])
def test_a_notice_without_a_title_has_none(line):
    assert read_notice(f"{line}\n各镇：\n{BODY}{SIGNED}").title is None


@pytest.mark.parametrize(
    "line",
    [
        "永民发〔2022〕7号 关于开展检查的通知",
        "永民发〔2022〕7号《关于开展检查的通知》",
        "关于开展检查的通知（永民发〔2022〕7号）",
    ],
)
def test_a_number_on_the_line_of_the_title_is_no_part_of_it(line):
    reading = read_notice(f"{line}\n各镇：\n{BODY}{SIGNED}")
    assert (value(reading.title), value(reading.document_number)) == ("关于开展检查的通知", "永民发〔2022〕7号")
    assert reading.text[reading.title.start : reading.title.end] == "关于开展检查的通知"


@pytest.mark.parametrize(
    "signature, issuers",
    [
        ("县民政局县财政局县公安局\n2022年3月1日", ["县民政局", "县财政局", "县公安局"]),
        (
            "甲县民政局 甲县财政局\n甲县公安局 甲县司法局 2022年3月1日",
            ["甲县民政局", "甲县财政局", "甲县公安局", "甲县司法局"],
        ),
        ("中共永兴县委组织部永兴县民政局共青团永兴县委", ["中共永兴县委组织部", "永兴县民政局", "共青团永兴县委"]),
        ("永兴县人民政府\n（盖章）\n\n联系人：张三  值班电话：123", ["永兴县人民政府"]),
    ],
)
def test_offices_run_together_or_on_the_line_of_the_day(signature, issuers):
    assert names(read_notice(f"关于开展检查的通知\n各镇：\n{BODY}\n{signature}\n").issuers) == issuers


@pytest.mark.parametrize(
    "head, issuers",
    [
        ("发布单位: | 县政府 | 公开方式: | 主动公开 |\n关于检查的通知", ["县政府"]),
        ("发文机关：永兴县民政局、永兴县财政局\n关于检查的通知", ["永兴县民政局", "永兴县财政局"]),
        ("【发布部门】 永兴县民政局 【发文字号】 永民发〔2022〕7号\n关于检查的通知", ["永兴县民政局"]),
        ("国土资源部办公厅关于检查的通知", ["国土资源部办公厅"]),
        ("永兴县政府办公室\n永兴县2022年养老服务\n提升行动实施方案", ["永兴县政府办公室"]),
        ("发布单位：县政府网站\n关于检查的通知", []),
        ("关于检查的通知", []),
    ],
)
def test_without_a_signature_the_page_or_the_title_names_the_office(head, issuers):
    assert names(read_notice(f"{head}\n各镇：\n{BODY}").issuers) == issuers


@pytest.mark.parametrize("day", ["（2022-03-05）", " 2022-03-05", "[2022-03-05 10:20]", "(2022年3月5日)"])
def test_a_day_behind_the_title_is_not_the_titles_own(day):
    head = f"永兴县民政局关于检查的通知{day}\n各镇：\n请于4月2日前报送材料。\n"
    assert value(read_notice(head).title) == "永兴县民政局关于检查的通知"
    assert value(read_notice(head).issue_date) == "2022-03-05"
    assert value(read_notice(head + "永兴县民政局\n2022年3月1日\n").issue_date) == "2022-03-01"


def test_years_in_brackets_are_the_titles_own():
    text = "关于印发《三年行动方案（2022—2024年）》的通知\n各镇：\n现印发给你们。\n"
    assert value(read_notice(text).title) == "关于印发《三年行动方案（2022—2024年）》的通知"


def test_the_day_on_a_page_of_copied_texts_is_not_that_of_the_notice():
    text = "检查工作方案\n时间：2022-11-27 02:50:00\n{}\n为做好检查，制定本方案。\n一、任务\n按时完成。"
    assert read_notice(text.format("本文来源于网友上传，不代表本站观点。")).issue_date is None
    assert value(read_notice(text.format("来源：永兴县民政局")).issue_date) == "2022-11-27"


@pytest.mark.parametrize("office", ["前郭尔罗斯蒙古族自治县人民政府", "积石山保安族东乡族撒拉族自治县民政局"])
def test_the_office_of_a_title_may_have_a_long_name(office):
    reading = read_notice(f"{office}关于检查的通知\n各镇：\n请于4月2日前报送材料。\n2022年3月1日\n")
    assert [p.value for p in reading.issuers] == [office]
