"""A return that was sent back: the lead goes on reading what was handed in until it is handed in again."""

import re

import pytest

from campaign_portal.audit.models import Event
from campaign_portal.campaigns import progress
from campaign_portal.campaigns.models import Evidence, ProgressFigure
from campaign_portal.campaigns.reported import reported_value
from campaign_portal.edges import Refused

from . import builders, hazards, plans
from .builders import browser, in_days
from .progresses import Plan

pytestmark = pytest.mark.django_db

OLD = {"text": "已开班两期。", "problem": "缺师资"}
NEW = {"text": "已开班三期，补了签到表。", "problem": "缺场地", "as_of": in_days(-1)}


@pytest.fixture
def plan():
    return Plan()


@pytest.fixture
def returned(plan):
    """Handed in with 12 and one picture, sent back, written anew with 15 and another picture."""
    row = plan.submitted(12, **OLD, files=(hazards.picture(plan.clerk),))
    row = progress.send_back(row, by=plan.lead, comment="补签到表")
    old = row.evidence.get()
    words = plan.words(15, **NEW, files=(hazards.picture(plan.clerk),), dropped=(old.pk,))
    return progress.rewrite(row, by=plan.colleague, words=words)


def page_of(user, path):
    response = browser(user).get(path)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


def status_of(client, path):
    response = client.get(path)
    if response.streaming:
        b"".join(response.streaming_content)  # read to its end, the file is closed
    return response.status_code


def pages(plan, row):
    base = f"/campaigns/{plan.campaign.pk}/"
    inbox = [f"progress/?state={state}" for state in ("returned", "problems", "all")]
    return [f"{base}{path}" for path in ("", f"progress/{row.pk}/", f"tasks/{plan.task.pk}/", *inbox)]


def test_the_lead_reads_everywhere_what_was_handed_in_until_it_is_handed_in_again(plan, returned):
    for path in pages(plan, returned):
        page = page_of(plan.lead, path)
        assert "已开班三期" not in page and "缺场地" not in page, path
    own = page_of(plan.lead, pages(plan, returned)[1])
    assert "已开班两期" in own and "缺师资" in own and "12名" in own and "15名" not in own
    assert f"{plan.township.short_name}正在修改，还没有重新报送" in own
    assert "正在修改" in page_of(plan.lead, f"/campaigns/{plan.campaign.pk}/progress/?state=returned")

    progress.submit(returned, by=plan.clerk)
    own = page_of(plan.lead, pages(plan, returned)[1])
    assert "已开班三期" in own and "缺场地" in own and "15名" in own
    assert "正在修改" not in own


def test_its_own_office_reads_the_rewrite_and_is_told_what_the_lead_sees(plan, returned):
    page = page_of(plan.clerk, f"/campaigns/{plan.campaign.pk}/progress/{returned.pk}/")
    assert "已开班三期" in page and "15名" in page and "缺场地" in page
    assert "下面是修改稿，还没有报送" in page
    form = page_of(plan.clerk, f"/campaigns/{plan.campaign.pk}/progress/{returned.pk}/edit/")
    assert "已开班三期" in form and f'name="value_{plan.indicator.pk}" value="15"' in form


def test_handed_in_again_it_says_what_was_written_and_by_whom(plan, returned):
    row = progress.submit(returned, by=plan.clerk)
    row.refresh_from_db()
    assert (row.status, row.rewrite, row.written_by, row.as_of) == ("submitted", None, plan.colleague, in_days(-1))
    assert (row.text, row.problem) == (NEW["text"], NEW["problem"])
    assert row.figures.get().value == 15
    changes = Event.objects.about(row).last().changes
    assert changes["进展情况"] == [OLD["text"], NEW["text"]]
    assert changes["佐证材料"] == ["去掉 1 个", "新增 1 个"]
    progress.accept(row, by=plan.lead)
    assert reported_value(plan.indicator).numerator == 15


def test_evidence_stays_as_it_was_handed_in_for_others(plan, returned):
    old, new = returned.evidence.order_by("pk")
    base = f"/campaigns/{plan.campaign.pk}/progress/{returned.pk}/evidence/"
    lead, clerk = browser(plan.lead), browser(plan.clerk)
    assert (status_of(lead, f"{base}{old.pk}/"), status_of(lead, f"{base}{new.pk}/")) == (200, 404)
    assert status_of(clerk, f"{base}{new.pk}/") == 200
    assert f"{base}{new.pk}/" not in page_of(plan.lead, base[: -len("evidence/")])
    assert f"{base}{old.pk}/" not in page_of(plan.clerk, base[: -len("evidence/")])
    progress.submit(returned, by=plan.clerk)
    assert list(Evidence.objects.values_list("pk", "is_new", "is_dropped")) == [(new.pk, False, False)]
    assert status_of(lead, f"{base}{new.pk}/") == 200


def test_what_a_rewrite_has_added_it_may_take_away_again(plan, returned):
    new = returned.evidence.get(is_new=True)
    row = progress.rewrite(returned, by=plan.clerk, words=plan.words(16, dropped=(new.pk,)))
    assert [one.is_dropped for one in row.evidence.all()] == [True]
    progress.submit(row, by=plan.clerk)
    assert not row.evidence.exists()


def test_the_lead_answers_what_was_asked_and_another_question_is_asked_anew(plan, returned):
    row = progress.answer(returned, by=plan.lead, text="县里统一派")
    assert row.answer
    assert (
        "县里统一派"
        not in page_of(plan.clerk, f"/campaigns/{plan.campaign.pk}/progress/{row.pk}/").split("办理经过")[0]
    )
    row = progress.submit(row, by=plan.clerk)
    assert (row.problem, row.answer, row.answered_by) == ("缺场地", "", None)


def test_a_question_that_stays_keeps_its_answer(plan, returned):
    row = progress.rewrite(returned, by=plan.clerk, words=plan.words(15, problem="缺师资"))
    progress.answer(row, by=plan.lead, text="县里统一派")
    row = progress.submit(row, by=plan.clerk)
    assert (row.problem, row.answer) == ("缺师资", "县里统一派")


def test_a_rewrite_without_words_or_with_a_strange_figure_is_not_handed_in(plan, returned):
    row = progress.rewrite(returned, by=plan.clerk, words=plan.words(15, text=" "))
    with pytest.raises(Refused, match="先写明进展情况"):
        progress.submit(row, by=plan.clerk)
    other = plans.make_indicator(plan.campaign, "别的", task=plans.make_task(plan.campaign))
    with pytest.raises(Refused, match="不由本单位填报"):
        progress.rewrite(row, by=plan.clerk, words=plan.words(figures={other: (1, None)}))
    row.refresh_from_db()
    assert (row.status, row.text) == ("returned", OLD["text"])


def test_a_rewrite_keeps_a_rate_and_loses_an_indicator_that_was_removed():
    plan = Plan(unit="%", value=95)
    extra = plans.make_indicator(plan.campaign, "另一项", task=plan.task)
    row = progress.send_back(plan.submitted(23, base=27), by=plan.lead, comment="核对")
    words = plan.words(figures={plan.indicator: (24, 27), extra: (3, None)})
    row = progress.rewrite(row, by=plan.clerk, words=words)
    extra.delete()
    progress.submit(row, by=plan.clerk)
    assert list(ProgressFigure.objects.values_list("value", "base")) == [(24, 27)]


def test_a_draft_that_was_taken_back_is_written_in_place(plan):
    row = progress.take_back(plan.submitted(12, **OLD), by=plan.clerk)
    row = progress.rewrite(row, by=plan.clerk, words=plan.words(15, **NEW))
    row.refresh_from_db()
    assert (row.text, row.rewrite, row.figures.get().value) == (NEW["text"], None, 15)
    assert browser(plan.lead).get(f"/campaigns/{plan.campaign.pk}/progress/{row.pk}/").status_code == 404


def test_where_nothing_has_been_written_yet_both_are_told_so(plan):
    row = progress.send_back(plan.submitted(12, **OLD), by=plan.lead, comment="补签到表")
    path = f"/campaigns/{plan.campaign.pk}/progress/{row.pk}/"
    assert f"等待{plan.township.short_name}修改重报" in page_of(plan.lead, path)
    assert "还没有开始修改" in page_of(plan.clerk, path)


def test_the_whole_way_through_the_pages(plan):
    row = progress.send_back(plan.submitted(12, **OLD), by=plan.lead, comment="补签到表")
    client, path = browser(plan.clerk), f"/campaigns/{plan.campaign.pk}/progress/{row.pk}/"
    version = re.search(r'name="version" value="(\d+)"', client.get(f"{path}edit/").content.decode())[1]
    sent = {"as_of": in_days(0), "text": "已开班三期。", "problem": "", f"value_{plan.indicator.pk}": 15}
    assert client.post(f"{path}edit/", sent | {"version": version, "draft": "1"}).status_code == 302
    assert "已开班三期" not in page_of(plan.lead, path)
    stale = client.post(f"{path}edit/", sent | {"version": version})
    assert stale.status_code == 409 and "已开班三期" in stale.content.decode()
    version = re.search(r'name="version" value="(\d+)"', stale.content.decode())[1]
    assert client.post(f"{path}edit/", sent | {"version": version}).status_code == 302
    assert "已开班三期" in page_of(plan.lead, path)


def test_the_inbox_costs_no_more_with_many_rewrites(plan):
    client = browser(plan.lead)

    def fill(count):
        for _ in range(count):
            task = plans.make_task(plan.campaign, offices=[plan.township])
            words = progress.Words(in_days(0), "旧")
            row = progress.submit(progress.start(task, by=plan.clerk, words=words), by=plan.clerk)
            row = progress.send_back(row, by=plan.lead, comment="补")
            progress.rewrite(row, by=plan.clerk, words=words._replace(text="新"))

    url = f"/campaigns/{plan.campaign.pk}/progress/?state=returned"
    fill(1)
    client.get(url)
    few = builders.count_queries(lambda: client.get(url))
    fill(49)
    assert builders.count_queries(lambda: client.get(url)) == few
