"""What a summary report says: the figures of the pages, as of its last day, the same whenever it is made."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import transaction

from campaign_portal import clock
from campaign_portal.campaigns import metrics as named
from campaign_portal.campaigns.reports import services as reports
from campaign_portal.documents.pdf import make_pdf
from campaign_portal.documents.registry import Order, Part
from inspections import daily, metrics, sections, services
from inspections.models import Hazard

from . import builders, hazards
from .builders import fresh, in_days
from .hazards import Cast
from .test_figures import Story, days_ago, late_on
from .test_report_paper import objects_of, pages_of

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def story(django_db_setup, django_db_blocker, tmp_path_factory):
    """One county for all tests that only read it."""
    with django_db_blocker.unblock(), transaction.atomic():
        before, settings.MEDIA_ROOT = settings.MEDIA_ROOT, tmp_path_factory.mktemp("story")
        yield Story()
        settings.MEDIA_ROOT = before
        transaction.set_rollback(True)


def order_for(user, campaign, *, since=None, on=None):
    return Order(fresh(user), campaign, since or campaign.starts_on, on or clock.today())


def gathered(order):
    """{section's code: its context}."""
    return {p.section.code: p.context for printed in reports.gather(order).values() for p in printed}


def html(order, **words):
    return reports.as_html(order, reports.gather(order), **words)


def words_of(page):
    """The text between the tags, without white space."""
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", " ", page.partition("<body>")[2]))


# Figures


@pytest.mark.sqlite
def test_the_report_counts_what_the_pages_count(story):
    for user in (story.clerk, story.officer):
        order = order_for(user, story.campaign)
        found, of = gathered(order), (order.user, order.campaign)
        said = found["hazards.progress"]
        rate = metrics.closed_rate(*of)
        assert (said["closed"], said["confirmed"]) == (rate.numerator, rate.denominator)
        assert said["overdue"] == found["hazards.late"]["count"] == metrics.overdue(*of).numerator > 0
        assert said["major_open"] == metrics.major_open(*of).numerator > 0
        assert said["recheck_overdue"] == found["hazards.late_rechecks"]["count"]
        assert said["homes"] == named.figure("facilities.count", *of[:1], campaign=of[1], on=clock.today())
        assert said["open"] + said["submitted"] + said["closed"] == said["confirmed"]
        table = found["hazards.by_place"]
        assert table["total"]["all"] == said["confirmed"] and table["total"]["closed"] == said["closed"]
        assert table["total"]["overdue"] == said["overdue"] and table["total"]["major_open"] == said["major_open"]
        assert sum(number for _, number in found["hazards.by_category"]["bars"]) == said["confirmed"]


def test_the_page_announces_as_many_rows_as_the_lists_hold(story):
    order = order_for(story.clerk, story.campaign)
    found = {p.section.title: p.context for p in reports.gather(order)[Part.PROBLEMS]}
    assert dict(reports.rows_listed(order)) == {
        title: context["count"] for title, context in found.items() if "count" in context
    }
    assert found["重大隐患"]["count"] == 3


def test_a_bureau_has_a_line_per_township_and_a_township_one_per_home(story):
    by_town = gathered(order_for(story.clerk, story.campaign))["hazards.by_place"]
    assert {line["name"] for line in by_town["lines"]} >= {"马田镇民政办", "柏林镇民政办"}
    by_home = gathered(order_for(story.officer, story.campaign))["hazards.by_place"]
    assert str(story.home) in {line["name"] for line in by_home["lines"]}
    assert not by_home["table"]["counts_homes"]


def test_a_township_reads_of_its_own_homes_only(story):
    page = html(order_for(story.officer, story.campaign))
    assert story.home.name in page
    assert story.beside.home.name not in page and "柏林镇" not in words_of(page)
    assert story.beside.home.name in html(order_for(story.clerk, story.campaign))


def test_the_lists_say_how_late_who_answers_and_what_is_missing(story):
    page = words_of(html(order_for(story.clerk, story.campaign)))
    late = gathered(order_for(story.clerk, story.campaign))["hazards.late"]["rows"]
    assert [row.days_late for row in late] == sorted((row.days_late for row in late), reverse=True)
    assert late[0].days_late == (clock.today() - late[0].due_on).days == 20
    assert "20天王建国周敏" in page
    assert "待整改缺包联周敏缺缺" in page  # a major one without person, measure and funds
    assert "待复查王建国包联周敏清空并更换闭门器1万元" in page
    assert "文字内容为生成时" in page


def test_the_period_is_compared_with_the_day_before_it_began(story):
    order = order_for(story.clerk, story.campaign, since=in_days(-10))
    changes = {change.name: change for change in gathered(order)["hazards.progress"]["changes"]}
    before = metrics.tally(order.user, order.campaign, in_days(-11))
    assert changes["确认隐患"].before == before.of(*Hazard.COUNTED) > 0
    assert changes["确认隐患"].now - changes["确认隐患"].before == int(changes["确认隐患"].difference) > 0
    assert f"期初（{in_days(-11).year}年{in_days(-11).month}月{in_days(-11).day}日）" in words_of(html(order))


def test_the_trend_is_drawn_from_the_daily_figures(story):
    order = order_for(story.clerk, story.campaign)
    assert gathered(order)["hazards.progress"]["trend"] == ""  # no day has been counted yet
    with transaction.atomic():
        daily.count_missing()
        said = gathered(order)["hazards.progress"]
        points = metrics.trend(order.user, order.campaign, order.on, 31)
        transaction.set_rollback(True)
    assert len(points) == 31
    assert f"未销号 {points[-1].unfinished}<" in said["trend"] and f"整改逾期 {points[-1].overdue}<" in said["trend"]
    assert points[-1].overdue == said["overdue"]


# The same later


@pytest.mark.sqlite
def test_a_report_as_of_a_day_says_the_same_after_more_changes():
    with days_ago(12):
        cast = Cast()
        first, second = (hazards.opened(cast, due_on=in_days(3)) for _ in range(2))
        hazards.opened(cast)
        big = hazards.major(cast, due_on=in_days(4))
        late_recheck = hazards.submitted(cast)
    campaign = first.campaign
    day = in_days(-2)
    with clock.at(late_on(2)):
        users = [fresh(user) for user in (cast.clerk, cast.officer)]
        orders = [Order(user, campaign, day - timedelta(days=8), day) for user in users]
        then = [parts(order) for order in orders]
    hazards.submit(first, by=cast.manager)
    hazards.close(hazards.submit(second, by=cast.manager), by=cast.officer)
    hazards.close(late_recheck, by=cast.officer)
    services.plan_work(hazard=big, by=cast.manager, changes={"funds": 3})
    services.share(hazard=big, by=cast.clerk, departments=[cast.housing.office], reason="属住建")
    hazards.opened(cast)
    builders.make_facility(supervisor=cast.township, since=clock.today())
    fresh_orders = [order._replace(user=fresh(order.user)) for order in orders]
    assert [parts(order) for order in fresh_orders] == then
    assert [parts(order._replace(on=clock.today())) for order in fresh_orders] != then
    assert "整改逾期3条" in then[0] and "整改逾期2条" in parts(fresh_orders[0]._replace(on=clock.today()))


def test_words_are_those_of_the_moment_and_the_report_says_so():
    with days_ago(5):
        cast = Cast()
        big = hazards.major(cast)
    order = order_for(cast.clerk, big.campaign, since=in_days(-4), on=in_days(-1))
    assert "待整改缺包联周敏缺缺" in parts(order)
    services.plan_work(hazard=big, by=cast.manager, changes=hazards.PLAN)
    assert "待整改王建国包联周敏清空并更换闭门器缺" in parts(order)  # the money was not there on that day
    assert "资金按数据截至日计；隐患内容、责任人、措施、预案等文字内容为生成时" in parts(order)


def parts(order):
    """The words of a report after its head, which says when it was made."""
    return words_of(html(order)).partition("总体进展")[2]


# Words


def test_where_nothing_was_found_it_says_so_and_has_no_rates():
    cast = Cast()
    with days_ago(3):
        hazard = hazards.reported(cast)
    services.void_report(hazard=hazard, by=cast.officer, reason="误报")
    for user in (cast.clerk, cast.officer):
        page = words_of(html(order_for(user, hazard.campaign)))
        assert "未发现经核实的隐患" in page
        assert "未发现重大隐患" in page and "没有整改逾期的隐患" in page
        assert "%" not in page.replace("整改率（%）", "")
        assert "None" not in page


def test_it_says_all_and_100_percent_only_when_nothing_is_missing():
    cast = Cast()
    with days_ago(3):
        first, second = hazards.submitted(cast), hazards.submitted(cast)
    hazards.close(first, by=cast.officer)
    order = order_for(cast.clerk, first.campaign, since=in_days(-5))
    page = words_of(html(order))
    assert "整改销号率50%，待整改0条，待复查1条" in page and "已全部整改销号" not in page
    assert "全部在规定期限内完成整改" in page
    hazards.close(second, by=cast.officer)
    page = words_of(html(order._replace(user=fresh(cast.clerk))))
    assert "已全部整改销号" in page and "100%" in page


def test_hazards_that_came_back_are_named():
    cast = Cast()
    with days_ago(5):
        old = hazards.closed(cast)
    again = hazards.opened(cast, previous=old)
    order = order_for(cast.clerk, old.campaign, since=in_days(-5))
    assert "又重复发生的隐患1条，占确认隐患的50%" in words_of(html(order))
    with_none = order._replace(on=in_days(-1))
    assert "没有发现整改销号后又重复发生的隐患" in words_of(html(with_none))
    assert again.previous == old


def test_a_list_too_long_for_paper_says_how_many_more_and_where(story, monkeypatch):
    order = order_for(story.clerk, story.campaign)
    whole = gathered(order)["hazards.late"]
    monkeypatch.setattr(sections, "MOST_ROWS", 1)
    listed = gathered(order)["hazards.late"]
    assert (len(listed["rows"]), listed["count"], listed["more"]) == (1, whole["count"], whole["count"] - 1)
    assert whole["more"] == 0 and whole["count"] > 1
    assert f"另有{whole['count'] - 1}条未列出" in words_of(html(order)) and "导出Excel" in words_of(html(order))


def test_what_people_wrote_is_printed_as_written_a_line_a_paragraph_and_never_as_markup():
    cast = Cast()
    script = "<script>alert(1)</script><img src=file:///etc/passwd>"
    hazard = hazards.opened(cast, summary=f"{script}😀=1+1")
    order = order_for(cast.clerk, hazard.campaign, since=in_days(-1))
    page = html(order, advice=f"一是{script}😀\r\n\r\n　　二是“A&B”", plan="")
    assert "<script" not in page and "<img" not in page
    assert "<p>一是&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=file:///etc/passwd&gt;😀</p>" in page
    assert "<p>二是“A&amp;B”</p>" in page
    assert "四、下一步工作打算（未填写）" in words_of(page)
    data = make_pdf(page)
    assert b"root:" not in objects_of(data) and b"/Subtype /Image" not in objects_of(data)


@pytest.mark.sqlite
def test_the_parts_stand_in_the_order_that_is_asked_for_and_the_paper_carries_its_fonts(story):
    page = html(order_for(story.clerk, story.campaign), advice="建议", plan="打算")
    found = [re.sub(r"\s", "", head) for head in re.findall(r"<h2>(.*?)</h2>", page)]
    assert found == ["一、主要工作及成效", "二、存在突出问题", "三、意见建议", "四、下一步工作打算"]
    assert "填报单位（盖章）" in page and f"数据截至 {clock.today().year}年" in page
    data = make_pdf(page)
    content = objects_of(data)
    assert pages_of(data) >= 3
    assert re.search(rb"/FontName /\w+\+Noto-Serif-CJK-SC", content) and re.search(rb"/FontFile[23]? \d+ 0 R", content)
