"""A township reports on its work page; the bureau accepts, sends back and answers. Refusals keep what was typed."""

import datetime
import re
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from campaign_portal import clock
from campaign_portal.campaigns import progress
from campaign_portal.campaigns.models import Campaign, Evidence, Progress
from campaign_portal.campaigns.reported import reported_value
from campaign_portal.campaigns.sharing import share_out
from campaign_portal.campaigns.work import Standing

from . import builders, hazards, plans
from .builders import browser, in_days
from .progresses import Plan

pytestmark = pytest.mark.django_db


def text_of(response):
    return re.sub(r"\s+", " ", response.content.decode())


def url(plan, name="", row=None):
    base = f"/campaigns/{plan.campaign.pk}/"
    return f"{base}progress/{row.pk}/{name}" if row else f"{base}{name}"


def new_url(plan):
    return url(plan, f"tasks/{plan.task.pk}/progress/new/")


def typed(plan, value=12, **words):
    value = {f"value_{plan.indicator.pk}": value} if value is not None else {}
    return {"as_of": clock.today(), "text": "已开班两期。", "problem": ""} | value | words


# The work page


def test_the_work_page_says_what_is_asked_and_how_far_it_is():
    plan = Plan()
    plan.share(25, 15)
    plan.accepted(12)
    page = text_of(browser(plan.clerk).get(url(plan, "own/")))
    assert plan.task.title in page
    assert '完成排查 <span class="">还有 10 天</span>' in page
    assert "<b>12</b> / 25名" in page
    assert "已采纳" in page and "报送进展" in page
    neighbour = text_of(browser(plan.neighbour).get(url(plan, "own/")))
    assert "还没有数据 / 15名" in neighbour and "还没有报送" in neighbour


@pytest.mark.parametrize(
    "status, button", [("draft", "继续填写"), ("returned", "修改重报"), ("submitted", "查看"), ("accepted", "报送进展")]
)
def test_the_button_is_the_next_step(status, button):
    plan = Plan()
    row = plan.start()
    if status != "draft":
        row = progress.submit(row, by=plan.clerk)
    if status == "returned":
        progress.send_back(row, by=plan.lead, comment="补签到表")
    if status == "accepted":
        progress.accept(row, by=plan.lead)
    page = text_of(browser(plan.clerk).get(url(plan, "own/")))
    found = re.findall(r'<a class="btn btn-sm[^"]*" href="[^"]*">([^<]+)</a>', page)
    assert found == [button]
    assert ("补签到表" in page) == (status == "returned")


def test_an_office_without_tasks_is_told_so_and_an_administrator_gets_no_button():
    plan = Plan()
    fire = builders.make_user(plan.county.departments["fire"])
    assert "没有分给本单位的任务" in text_of(browser(fire).get(url(plan, "own/")))
    administrator = builders.make_user(plan.township, is_clerk=False, is_administrator=True)
    assert "报送进展</a>" not in text_of(browser(administrator).get(url(plan, "own/")))
    assert browser(administrator).get(new_url(plan)).status_code == 403


def test_problems_and_their_answers_stand_on_the_work_page():
    plan = Plan()
    row = plan.submitted(problem="缺师资")
    page = text_of(browser(plan.clerk).get(url(plan, "own/")))
    assert "缺师资" in page and "等待答复" in page
    progress.answer(row, by=plan.lead, text="县里统一派")
    page = text_of(browser(plan.clerk).get(url(plan, "own/")))
    assert "县里统一派" in page and "等待答复" not in page


def test_a_home_sees_its_part_and_who_reports_for_it():
    plan = Plan()
    home = builders.make_facility(supervisor=plan.township)
    plan.share()
    share_out(plan.indicator, {home.office: 25}, by=plan.clerk, parent=plan.share_of(plan.township))
    user = builders.make_home_user(home)
    page = text_of(browser(user).get(url(plan, "own/")))
    assert "/ 25名" in page and f"由{plan.township.short_name}汇总报送" in page
    assert browser(user).get(new_url(plan)).status_code == 403


def test_a_figure_that_the_portal_counts_stands_beside_the_share_with_a_link_to_its_rows(monkeypatch):
    from campaign_portal.campaigns.metrics import METRICS, Figure, Metric

    plan = Plan()

    def by_place(user, campaign, on):
        return {plan.township.pk: Figure("已培训", "名", 9, None, "/rows/")}

    def count(user, campaign, on):
        return Figure("已培训", "名", 12, None, "/rows/")

    monkeypatch.setitem(METRICS, "test.trained", Metric("test.trained", frozenset(), count, "培训", "名", by_place))
    counted = plans.make_indicator(plan.campaign, "系统里的培训", task=plan.task, metric="test.trained")
    gone = plans.make_indicator(plan.campaign, "来源已取消", task=plan.task, metric="no.such")
    for indicator in (counted, gone):
        share_out(indicator, {plan.township: 30, plan.next_town: 10}, by=plan.lead)
    page = text_of(browser(plan.clerk).get(url(plan, "own/")))
    assert '<a href="/rows/">9</a> / 30名<small>系统统计</small>' in page
    assert "来源已取消</span> 还没有数据 / 30名" in page
    assert f"value_{counted.pk}" not in text_of(browser(plan.clerk).get(new_url(plan)))


def test_a_rate_stands_with_one_decimal_and_nothing_without_a_unit():
    plan = Plan(unit="%", value=95)
    plan.share(95, 95)
    assert "培训养老护理员</span> 还没有数据 / 95%" in text_of(browser(plan.clerk).get(url(plan, "own/")))
    plan.accepted(23, base=27)
    page = text_of(browser(plan.clerk).get(url(plan, "own/")))
    assert ">85.2</a> / 95%<small>（23 / 27）</small>" in page or "<b>85.2</b> / 95%<small>（23 / 27）</small>" in page


def test_a_figure_for_every_home_is_a_rate_of_homes_where_it_is_told_as_one():
    plan = Plan(unit="次", value=2, per="home")
    whole = Standing(plan.indicator, None, Decimal(2), Decimal(3))
    assert (whole.value, whole.unit) == (Decimal("66.7"), "%")
    part = Standing(plan.indicator, None, Decimal(2))
    assert (part.value, part.unit) == (2, "次")


# Writing


def test_a_return_is_kept_as_a_draft_then_handed_in():
    plan = Plan()
    client = browser(plan.clerk)
    client.post(new_url(plan), typed(plan, draft="1", text="", value=None))
    row = Progress.objects.get()
    assert (row.status, row.text) == ("draft", "")
    page = text_of(client.get(url(plan, "edit/", row)))
    version = re.search(r'name="version" value="(\d+)"', page)[1]
    response = client.post(url(plan, "edit/", row), typed(plan, version=version))
    assert response.status_code == 302
    row.refresh_from_db()
    assert (row.status, row.submitted_by, row.figures.get().value) == ("submitted", plan.clerk, 12)


def test_what_is_handed_in_at_once_waits_for_the_lead():
    plan = Plan()
    response = browser(plan.clerk).post(new_url(plan), typed(plan), follow=True)
    assert "已报送，等待牵头单位审核。" in text_of(response)
    assert Progress.objects.get().status == "submitted"


def test_a_new_return_starts_with_the_last_accepted_figures():
    plan = Plan()
    overall = plans.make_indicator(plan.campaign, "惠及老人", unit="人次", value=500)
    share_out(overall, {plan.township: 500}, by=plan.lead)
    with clock.at(clock.now() - 3 * clock.ONE_DAY):
        plan.accepted(12, figures={plan.indicator: (12, None), overall: (300, None)})
    page = text_of(browser(plan.clerk).get(new_url(plan)))
    assert f'name="value_{plan.indicator.pk}" value="12"' in page
    assert f'name="value_{overall.pk}" value' not in page  # of the whole campaign: only when it has changed
    assert "上次已采纳：300人次" in page


@pytest.mark.parametrize(
    "change, sentence",
    [
        ({"text": ""}, "请填写“进展情况”。"),
        ({"as_of": in_days(1)}, "截至日期不能晚于今天"),
        ({"as_of": in_days(-31)}, "截至日期不能更早"),
        ({"as_of": "2026-02-30"}, "输入一个有效的日期"),
        ({"as_of": "9999-12-31"}, "截至日期不能晚于今天"),
        ({"value": ""}, "请填写“培训养老护理员（名）”。"),
        ({"value": "-1"}, "大于或等于0"),
        ({"value": "1.5"}, "小数"),
        ({"value": "9" * 40}, "不超过"),
        ({"value": "一百"}, "数字"),
        ({"text": "长" * 3001}, "3000"),
        ({"problem": "长" * 2001}, "2000"),
        ({"text": "a\0b"}, "空字符"),
    ],
)
def test_what_is_not_right_is_not_saved_and_what_was_typed_stays(change, sentence):
    plan = Plan()
    value = change.pop("value", 12)
    response = browser(plan.clerk).post(
        new_url(plan), typed(plan, **{"problem": "缺师资", **change}) | {f"value_{plan.indicator.pk}": value}
    )
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert "problem" in change or "缺师资" in text_of(response)
    assert not Progress.objects.exists()


def test_a_rate_needs_both_numbers_in_order():
    plan = Plan(unit="%", value=95)
    client, key = browser(plan.clerk), plan.indicator.pk
    for base, sentence in [("", "请填写“总数（分母）”。"), (10, "分子不能大于总数")]:
        response = client.post(new_url(plan), typed(plan, 12, **{f"base_{key}": base}))
        assert response.status_code == 422 and sentence in text_of(response)
    response = client.post(new_url(plan), typed(plan, 12, draft="1", **{f"base_{key}": ""}))
    assert "分子和分母要一起填" in text_of(response)
    client.post(new_url(plan), typed(plan, 12, **{f"base_{key}": 16}))
    progress.accept(Progress.objects.get(), by=plan.lead)
    assert reported_value(plan.indicator) == (12, 16)
    assert "75" in text_of(browser(plan.clerk).get(url(plan, "own/")))


def test_a_figure_that_became_smaller_must_be_confirmed_and_is_marked():
    plan = Plan()
    with clock.at(clock.now() - 3 * clock.ONE_DAY):
        plan.accepted(12)
    client = browser(plan.clerk)
    response = client.post(new_url(plan), typed(plan, 9))
    assert response.status_code == 422
    assert "累计数比上次已采纳的少：培训养老护理员 12 → 9名" in text_of(response)
    assert client.post(new_url(plan), typed(plan, 9, draft="1")).status_code == 302  # a draft may wait for its reason
    row = Progress.objects.get(status="draft")
    assert client.post(url(plan, "edit/", row), typed(plan, 9, lower_ok="on")).status_code == 302
    assert "比上次少" in text_of(browser(plan.lead).get(url(plan, "", row)))


def test_evidence_is_kept_and_dropped_and_served_to_whoever_sees_the_return():
    plan = Plan()
    client = browser(plan.clerk)
    pdf = SimpleUploadedFile("签到表.pdf", b"%PDF-1.4 list", content_type="application/pdf")
    client.post(new_url(plan), typed(plan, draft="1") | {"pictures-new": hazards.upload(), "documents-new": pdf})
    row = Progress.objects.get()
    picture, document = row.evidence.order_by("file__kind")[1], row.evidence.get(file__kind="document")
    address = url(plan, f"evidence/{document.pk}/", row)
    assert b"".join(client.get(address)) == b"%PDF-1.4 list"
    shown = client.get(url(plan, f"evidence/{picture.pk}/thumbnail/", row))
    assert b"".join(shown).startswith(b"\xff\xd8") and shown["Content-Type"] == "image/jpeg"
    assert client.get(url(plan, f"evidence/{document.pk}/thumbnail/", row)).status_code == 404
    assert browser(plan.lead).get(address).status_code == 404  # not handed in yet
    assert browser(plan.neighbour).get(address).status_code == 404
    client.post(url(plan, "edit/", row), typed(plan, dropped=[picture.pk]))
    assert list(Evidence.objects.values_list("file__name", flat=True)) == ["签到表.pdf"]
    assert b"".join(browser(plan.lead).get(address)) == b"%PDF-1.4 list"
    assert browser(plan.neighbour).get(address).status_code == 404


def test_files_that_arrived_survive_an_error_elsewhere():
    plan = Plan()
    client = browser(plan.clerk)
    pdf = SimpleUploadedFile("签到表.pdf", b"%PDF-1.4 list", content_type="application/pdf")
    response = client.post(
        new_url(plan), typed(plan, text="") | {"documents-new": pdf, "pictures-new": hazards.upload()}
    )
    assert response.status_code == 422
    tokens = dict(re.findall(r'name="(documents|pictures)" value="([^"]+)"', response.content.decode()))
    assert "签到表.pdf（已收到）" in text_of(response)
    client.post(new_url(plan), typed(plan, **tokens))
    assert sorted(Evidence.objects.values_list("file__kind", flat=True)) == ["document", "picture"]


def test_a_program_is_not_evidence_and_somebody_elses_file_neither():
    plan = Plan()
    program = SimpleUploadedFile("a.exe", b"MZ", content_type="application/x-msdownload")
    response = browser(plan.clerk).post(new_url(plan), typed(plan) | {"documents-new": program})
    assert response.status_code == 422 and "不是可以保存的文件" in text_of(response)
    from campaign_portal.files.services import token_for

    token = token_for(hazards.picture(plan.neighbour))
    response = browser(plan.clerk).post(new_url(plan), typed(plan, pictures=token))
    assert response.status_code == 422
    assert not Evidence.objects.exists()


def test_evidence_of_another_return_is_not_dropped():
    plan = Plan()
    other = plan.start(1, by=plan.neighbour, files=(hazards.picture(plan.neighbour),))
    row = plan.start(1)
    response = browser(plan.clerk).post(url(plan, "edit/", row), typed(plan, dropped=[other.evidence.get().pk]))
    assert response.status_code == 422
    assert other.evidence.count() == 1


def test_while_one_is_open_a_new_one_leads_to_it():
    plan = Plan()
    row = plan.submitted()
    for method in ("get", "post"):
        response = getattr(browser(plan.clerk), method)(new_url(plan), typed(plan))
        assert response.status_code == 302 and response.url == url(plan, "", row)
    assert Progress.objects.count() == 1


def test_a_second_return_of_the_same_day_is_refused_with_what_was_typed():
    plan = Plan()
    plan.accepted()
    response = browser(plan.clerk).post(new_url(plan), typed(plan, 15, text="又开了一期"))
    assert response.status_code == 409
    assert "这一天的进展已有一份" in text_of(response) and "又开了一期" in text_of(response)


def test_two_colleagues_edit_one_draft_the_later_is_told_and_keeps_his_words():
    plan = Plan()
    row = plan.start()
    shown = row.version
    browser(plan.clerk).post(url(plan, "edit/", row), typed(plan, 13, version=shown, draft="1"))
    other = browser(plan.colleague)
    response = other.post(url(plan, "edit/", row), typed(plan, 14, version=shown, draft="1", text="同事写的"))
    assert response.status_code == 409
    assert f"{plan.clerk.name}已于" in text_of(response) and "同事写的" in text_of(response)
    assert row.figures.get().value == 13


def test_what_a_colleague_handed_in_meanwhile_is_not_changed_and_what_was_typed_stays():
    plan = Plan()
    row = plan.start()
    shown = row.version
    progress.submit(row, by=plan.colleague)
    sent = typed(plan, 14, version=shown, text="还没有存的话")
    response = browser(plan.clerk).post(url(plan, "edit/", row), sent)
    assert response.status_code == 409
    assert f"{plan.colleague.name}已于" in text_of(response) and "还没有存的话" in text_of(response)
    assert browser(plan.clerk).get(url(plan, "edit/", row)).status_code == 302


@pytest.mark.parametrize("status, closed", [("closed", True), ("draft", False)])
def test_nothing_is_reported_to_a_campaign_that_does_not_run(status, closed):
    plan = Plan()
    own = plans.make_task(plan.campaign, "县级任务", offices=[plan.bureau])
    Campaign.objects.update(status=status, closed_on=in_days(0) if closed else None)
    response = browser(plan.lead).post(url(plan, f"tasks/{own.pk}/progress/new/"), typed(plan, None))
    assert response.status_code == 409
    assert "不能" in text_of(response) and not Progress.objects.exists()
    assert browser(plan.clerk).get(url(plan, "own/")).status_code == (200 if closed else 404)


# Deciding


def test_the_bureau_accepts_from_its_inbox_and_the_figure_counts():
    plan = Plan()
    row = plan.submitted()
    client = browser(plan.lead)
    assert "待审核<small>1</small>" in text_of(client.get(url(plan, "progress/")))
    assert "采纳</button>" in text_of(client.get(url(plan, "", row)))
    response = client.post(url(plan, "accept/", row), {"version": row.version}, follow=True)
    assert "已采纳，填报数已计入。" in text_of(response)
    assert reported_value(plan.indicator).numerator == 12
    assert "待审核<small>0</small>" in text_of(response)


def test_sending_back_needs_a_comment_and_the_township_reads_it():
    plan = Plan()
    row = plan.submitted()
    client = browser(plan.lead)
    response = client.post(url(plan, "send-back/", row), {"version": row.version, "comment": " "})
    assert response.status_code == 422 and "请写明退回的原因" in text_of(response)
    client.post(url(plan, "send-back/", row), {"version": row.version, "comment": "补签到表"})
    row.refresh_from_db()
    assert row.status == "returned"
    assert "补签到表" in text_of(browser(plan.clerk).get(url(plan, "edit/", row)))


def test_who_handed_it_in_is_told_that_another_must_decide():
    plan = Plan()
    own = plans.make_task(plan.campaign, "县级任务", offices=[plan.bureau])
    row = progress.submit(progress.start(own, by=plan.lead, words=plan.words(None)), by=plan.lead)
    page = text_of(browser(plan.lead).get(url(plan, "", row)))
    assert "须由另一位同志审核" in page and "采纳</button>" not in page
    response = browser(plan.lead).post(url(plan, "accept/", row), {"version": row.version})
    assert response.status_code == 409
    assert browser(plan.other).post(url(plan, "accept/", row), {"version": row.version}).status_code == 302


def test_a_second_press_is_good_news_and_a_late_colleague_is_told():
    plan = Plan()
    row = plan.submitted()
    client = browser(plan.lead)
    client.post(url(plan, "accept/", row), {"version": row.version})
    again = client.post(url(plan, "accept/", row), {"version": row.version}, follow=True)
    assert "您刚才已经办过这一步" in text_of(again)
    late = browser(plan.other).post(url(plan, "send-back/", row), {"version": row.version, "comment": "再改"})
    assert late.status_code == 409
    assert f"{plan.lead.name}已于" in text_of(late) and "办理“采纳”" in text_of(late)


def test_taking_back_is_for_the_office_alone():
    plan = Plan()
    row = plan.submitted()
    sent = {"version": row.version}
    assert browser(plan.neighbour).post(url(plan, "take-back/", row), sent).status_code == 404
    assert browser(plan.lead).post(url(plan, "take-back/", row), sent).status_code == 403
    assert browser(plan.clerk).post(url(plan, "take-back/", row), sent).status_code == 302
    row.refresh_from_db()
    assert row.status == "draft"
    assert browser(plan.lead).get(url(plan, "", row)).status_code == 404


def test_a_problem_is_answered_in_the_inbox():
    plan = Plan()
    row = plan.submitted(problem="缺师资")
    client = browser(plan.lead)
    assert "缺师资" in text_of(client.get(url(plan, "progress/?state=problems")))
    response = client.post(url(plan, "answer/", row), {f"text_{row.pk}": "县里统一派", "inbox": "1"}, follow=True)
    assert "没有待答复的问题" in text_of(response)
    assert "县里统一派" in text_of(client.get(url(plan, "progress/?state=answered")))
    assert client.post(url(plan, "answer/", row), {"text": ""}).status_code == 422
    late = browser(plan.other).post(url(plan, "answer/", row), {"text": "再答"})
    assert late.status_code == 409 and "已经答复过这个问题" in text_of(late)


def test_the_inbox_filters_by_state_office_and_task():
    plan = Plan()
    plan.submitted()
    plan.submitted(3, by=plan.neighbour)
    other = plans.make_task(plan.campaign, "另一项任务", offices=[plan.township])
    progress.submit(progress.start(other, by=plan.clerk, words=plan.words(None)), by=plan.clerk)
    client = browser(plan.lead)

    def rows(query):
        return text_of(client.get(url(plan, f"progress/{query}"))).count('<td class="summary">')

    assert rows("") == 3
    assert rows(f"?office={plan.next_town.pk}") == 1
    assert rows(f"?task={other.pk}") == 1
    assert rows("?state=accepted") == 0
    assert rows("?state=all") == 3


@pytest.mark.parametrize("value", ["x", "9" * 40, "-1", "²", "\0", "' OR 1=1 --"])
def test_nonsense_in_the_inbox_address_finds_nothing(value):
    plan = Plan()
    plan.submitted()
    client = browser(plan.lead)
    query = dict.fromkeys(("state", "office", "task", "after", "before"), value)
    assert client.get(url(plan, "progress/"), query).status_code == 200


def test_only_the_lead_has_an_inbox():
    plan = Plan()
    other = builders.make_office("association", area=plan.county.area)
    assert browser(builders.make_user(other)).get(url(plan, "progress/")).status_code == 403
    assert browser(plan.clerk).get(url(plan, "progress/")).status_code == 403


def test_a_return_is_not_found_under_another_campaign_or_task():
    plan, elsewhere = Plan(), Plan()
    row, far = plan.submitted(files=(hazards.picture(plan.clerk),)), elsewhere.submitted()
    client = browser(plan.lead)
    assert client.get(url(plan, "", far)).status_code == 404
    assert client.post(url(plan, "accept/", far), {"version": 1}).status_code == 404
    second = plans.make_campaign(plan.bureau)
    assert client.get(f"/campaigns/{second.pk}/progress/{row.pk}/").status_code == 404
    other = plan.submitted(1, by=plan.neighbour)
    assert client.get(url(plan, f"evidence/{row.evidence.get().pk}/", other)).status_code == 404
    assert (
        browser(plan.clerk).get(f"/campaigns/{plan.campaign.pk}/tasks/{elsewhere.task.pk}/progress/new/").status_code
        == 404
    )


def test_history_shows_what_was_handed_in_and_when():
    plan = Plan()
    moment = datetime.datetime(2026, 9, 3, 10, 0, tzinfo=datetime.UTC)
    with clock.at(moment):
        Campaign.objects.update(starts_on="2026-08-01")
        row = plan.submitted(as_of=datetime.date(2026, 9, 3))
    page = text_of(browser(plan.clerk).get(url(plan, "", row)))
    assert "<b>报送</b>" in page and "09-03 18:00" in page


@pytest.mark.parametrize("pk", ["9" * 19, "9" * 40, "9" * 5000, "0", "-1", "1.5"])
def test_a_number_that_no_row_can_have_is_not_found(pk):
    plan = Plan()
    row = plan.submitted()
    lead, clerk = browser(plan.lead), browser(plan.clerk)
    paths = [f"/campaigns/{pk}/progress/", url(plan, f"progress/{pk}/"), url(plan, f"evidence/{pk}/", row)]
    paths += [url(plan, f"indicators/{pk}/share/"), url(plan, f"tasks/{pk}/assign/"), f"/campaigns/{pk}/own/"]
    assert {lead.get(path).status_code for path in paths} == {404}
    assert clerk.get(url(plan, f"tasks/{pk}/progress/new/")).status_code == 404
    assert clerk.get(f"/campaigns/{pk}/brief/").status_code == 404


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 40, "²"])
def test_a_forged_version_decides_nothing_wrongly(version):
    plan = Plan()
    row = plan.submitted()
    assert browser(plan.lead).post(url(plan, "accept/", row), {"version": version}).status_code in (409, 422)
    row.refresh_from_db()
    assert row.status == "submitted"
