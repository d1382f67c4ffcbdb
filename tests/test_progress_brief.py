"""One page for a township's own government, on the screen and as a PDF."""

import re

import pytest

from campaign_portal.campaigns import brief, progress
from campaign_portal.documents.pdf import make_pdf

from . import builders, hazards, plans
from .builders import browser, in_days
from .progresses import Plan
from .test_report_paper import objects_of, pages_of

pytestmark = pytest.mark.django_db


def brief_url(plan):
    return f"/campaigns/{plan.campaign.pk}/brief/"


def page_of(user, plan):
    return re.sub(r"\s+", " ", browser(user).get(brief_url(plan)).content.decode())


def test_the_brief_says_how_the_township_stands():
    plan = Plan()
    plan.share(25, 15)
    row = plan.accepted(12, problem="缺师资")
    progress.answer(row, by=plan.lead, text="县里统一派")
    page = page_of(plan.clerk, plan)
    assert "呈：马田镇党委、马田镇人民政府" in page
    assert (
        '培训养老护理员</td><td class="num" data-label="本镇（街道）任务">25名</td><td class="num" data-label="已完成">12名</td>'
        in page
    )
    assert "已开班两期" in page and "缺师资" in page and "县里统一派" in page
    assert "完成排查（持续排查整治安全隐患，还有 10 天）" in page


def test_the_portals_own_figures_are_those_of_the_township():
    cast = hazards.Cast()
    hazards.opened(cast, due_on=in_days(3))
    plan = Plan()
    plan.campaign = plans.make_campaign(cast.bureau)
    page = page_of(cast.officer, plan)
    assert "一、总体数据" in page and "逾期" in page


def test_a_brief_tells_nothing_of_a_neighbour():
    plan = Plan()
    plan.share(25, 15)
    plan.submitted(7, by=plan.neighbour, text="邻镇的进展", problem="邻镇的问题")
    page = page_of(plan.clerk, plan)
    assert "邻镇" not in page and "还没有报送过进展" in page and "没有提出需要协调的问题" in page
    assert "邻镇的进展" in page_of(plan.neighbour, plan)


def test_a_date_is_written_in_full():
    plan = Plan()
    name = "完成辖区内所有养老机构消防安全隐患的全面排查登记并建立问题台账和整改清单"
    plans.make_milestone(plan.task, name, due_on=in_days(12))
    assert f"{name}（{plan.task.title}，还有 12 天）" in page_of(plan.clerk, plan)


def test_the_figures_of_a_campaign_that_is_over_are_those_of_the_day_it_closed(monkeypatch):
    plan, asked = Plan(), []
    monkeypatch.setattr(brief.metrics, "figures_for", lambda user, campaign, on: asked.append(on) or [])
    brief.contents(plan.clerk, plan.campaign)
    plan.campaign.status, plan.campaign.closed_on = "closed", in_days(-3)
    plan.campaign.save()
    assert f"取自行动结束当天（{in_days(-3)}）" in page_of(plan.clerk, plan)
    assert asked == [None, in_days(-3)]


def test_what_was_sent_back_is_not_told_to_the_government():
    plan = Plan()
    progress.send_back(plan.submitted(text="没有核实的话"), by=plan.lead, comment="不实")
    assert "没有核实的话" not in page_of(plan.clerk, plan)


def test_only_a_township_has_a_brief():
    plan = Plan()
    assert browser(plan.lead).get(brief_url(plan)).status_code == 403
    far = builders.make_user(builders.make_county().township)
    assert browser(far).get(brief_url(plan)).status_code == 404


@pytest.mark.parametrize(
    "area, government", [("马田镇", "马田镇党委、马田镇人民政府"), ("澄江街道", "澄江街道党工委、澄江街道办事处")]
)
def test_a_subdistrict_has_an_office_instead_of_a_government(area, government):
    assert brief.government_of(area) == government


def test_the_pdf_is_one_page_even_when_there_is_much_to_say():
    plan = Plan()
    long = "按照县里统一部署，我镇对辖区内养老机构逐一排查，督促落实整改责任、措施、资金、时限和预案。" * 20
    for number in range(14):
        task = plans.make_task(plan.campaign, f"第{number}项任务{'很长的名称' * 10}", offices=[plan.township])
        plans.make_milestone(task, f"第{number}个节点{'很长的名称' * 8}", due_on=in_days(number))
        indicator = plans.make_indicator(plan.campaign, f"指标{number}{'很长的名称' * 8}", task=task)
        words = plan.words(None, figures={indicator: (3, None)}, text=long, problem=long)
        row = progress.submit(progress.start(task, by=plan.clerk, words=words), by=plan.clerk)
        progress.answer(row, by=plan.lead, text=long)
        progress.accept(progress.Progress.objects.get(pk=row.pk), by=plan.other)
    assert len(brief.contents(plan.clerk, plan.campaign)["standings"]) == brief.MOST["standings"]
    response = browser(plan.clerk).get(f"{brief_url(plan)}pdf/")
    assert response["Content-Type"] == "application/pdf"
    assert "attachment; filename*=UTF-8''" in response["Content-Disposition"]
    assert pages_of(response.content) == 1
    assert re.search(rb"/FontFile[23]? \d+ 0 R", objects_of(response.content)), "no font inside"


def test_a_server_without_pango_says_what_to_install(monkeypatch):
    plan = Plan()
    monkeypatch.setattr(brief, "missing_pdf_packages", lambda: ["libpango-1.0-0"])
    monkeypatch.setattr(brief, "make_pdf", make_pdf)
    page = browser(plan.clerk).get(f"{brief_url(plan)}pdf/", follow=True).content.decode()
    assert "请联系管理员安装 libpango-1.0-0" in page and "可以先打印本页" in page
