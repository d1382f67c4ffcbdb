"""A notice becomes a draft of items; a person goes through them; only his confirmation makes a campaign."""

import datetime

import pytest

from campaign_portal.audit.models import Event
from campaign_portal.campaigns import drafting
from campaign_portal.campaigns.models import Campaign, DraftItem, Notice
from campaign_portal.edges import NotYours, Refused

from .builders import browser, count_queries, make_county, make_office, make_user
from .notices import WHOLE as NOTICE

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

Kind = DraftItem.Kind
Decision = DraftItem.Decision


@pytest.fixture
def county():
    return make_county()


@pytest.fixture
def officer(county):
    return make_user(county.bureau)


@pytest.fixture
def notice(officer):
    return drafting.take_in(NOTICE, by=officer)


def accept_all(notice, officer):
    for kind in Kind:
        drafting.accept_rest(notice, kind, by=officer)


def confirmed(notice, officer, **columns):
    defaults = {
        "title": "安全提升行动",
        "code": "LM26",
        "lead": officer.office,
        "starts_on": datetime.date(2026, 3, 2),
        "ends_on": datetime.date(2026, 12, 31),
    }
    return drafting.confirm(notice, Campaign(**(defaults | columns)), {}, by=officer)


def item(notice, kind, words):
    return next(i for i in notice.items.filter(kind=kind) if words in str(i.data))


# Reading


def test_what_the_rules_read_waits_for_a_decision(notice):
    assert notice.title == "示例县民政局关于印发《2026年全县养老机构安全提升行动实施方案》的通知"
    assert notice.header["document_number"] == "例民发〔2026〕8号"
    assert notice.header["issued_on"] == "2026-03-02"
    assert {row.decision for row in notice.items.all() if not row.follows} == {"pending"}
    assert item(notice, Kind.DEADLINE, "排查").data["due_on"] == "2026-04-30"
    assert item(notice, Kind.TARGET, "人次").data["value"] == "300"
    assert item(notice, Kind.PHASE, "组织实施").data["ends_on"] == "2026-10-31"


def test_every_item_knows_its_phrase(notice):
    for found in notice.items.filter(start__isnull=False):
        assert notice.shown[found.start : found.end] in notice.text
    assert "60张" in notice.text[slice(*place(item(notice, Kind.TARGET, "60")))]


def place(found):
    return found.start, found.end


def test_nothing_is_made_before_somebody_confirms(notice):
    assert not Campaign.objects.exists()


# Deciding


def test_an_item_is_accepted_left_out_or_changed_and_keeps_what_the_rules_had_read(notice, officer):
    target = item(notice, Kind.TARGET, "人次")
    drafting.change(target, target.data | {"value": "360"}, by=officer, version=0)
    target.refresh_from_db()
    assert (target.decision, target.data["value"], target.original["value"]) == ("accepted", "360", "300")
    drafting.decide(target, Decision.DROPPED, by=officer)
    target.refresh_from_db()
    assert target.decision == "dropped"


def test_a_change_does_not_overwrite_somebody_elses(notice, officer):
    target = item(notice, Kind.TARGET, "人次")
    drafting.change(target, target.data | {"value": "360"}, by=officer, version=0)
    with pytest.raises(Refused, match="刚被别人改过"):
        drafting.change(target, target.data | {"value": "400"}, by=officer, version=0)
    target.refresh_from_db()
    assert target.data["value"] == "360"


def test_another_office_neither_sees_nor_touches_the_draft(notice, county):
    association = make_user(make_office("association", area=county.area))
    with pytest.raises(NotYours):
        drafting.decide(notice.items.first(), Decision.ACCEPTED, by=association)
    assert browser(association).get(f"/campaigns/notices/{notice.pk}/").status_code == 404
    assert browser(make_user(county.township)).get(f"/campaigns/notices/{notice.pk}/").status_code == 404
    assert browser(make_user(county.township)).get("/campaigns/notices/new/").status_code == 403


# Confirming


def test_items_without_a_decision_stand_in_the_way(notice, officer):
    with pytest.raises(Refused, match="没处理的条目"):
        confirmed(notice, officer)
    assert not Campaign.objects.exists()


def test_the_accepted_items_become_the_plan_each_with_its_sentence(notice, officer):
    dropped = item(notice, Kind.TARGET, "60")
    drafting.decide(dropped, Decision.DROPPED, by=officer)
    accept_all(notice, officer)
    campaign = confirmed(notice, officer)
    assert campaign.status == "draft"
    assert [phase.name[:4] for phase in campaign.phases.all()] == ["动员部署", "组织实施", "总结验收"]
    assert campaign.tasks.to_be_done().filter(title="排查安全隐患").exists()
    assert not campaign.tasks.to_be_done().filter(title="总体目标").exists()
    check = campaign.milestones.get(due_on=datetime.date(2026, 4, 30))
    assert "4月30日前" in check.source
    assert NOTICE[check.source_start : check.source_end] == check.source
    assert check.task.title == "排查安全隐患"
    assert not campaign.indicators.filter(value=60).exists()
    assert campaign.indicators.get(unit="人次").value == 300
    assert [event.verb for event in Event.objects.about(campaign)] == ["campaign.drafted"]


def test_what_comes_back_every_quarter_has_a_milestone_for_each(notice, officer):
    accept_all(notice, officer)
    campaign = confirmed(notice, officer)
    drills = campaign.milestones.filter(recurrence="quarterly")
    assert [drill.due_on.isoformat() for drill in drills] == ["2026-03-31", "2026-06-30", "2026-09-30", "2026-12-31"]
    assert drills[0].name.endswith("（2026年第一季度）")


def test_a_confirmed_notice_is_no_draft_any_more(notice, officer):
    accept_all(notice, officer)
    confirmed(notice, officer)
    with pytest.raises(Refused, match="已生成方案"):
        drafting.decide(notice.items.first(), Decision.DROPPED, by=officer)
    with pytest.raises(Refused, match="已生成方案"):
        confirmed(notice, officer, code="LM27")
    assert Campaign.objects.count() == 1


def test_a_draft_that_was_given_up_makes_nothing(notice, officer):
    accept_all(notice, officer)
    drafting.drop(notice, by=officer)
    with pytest.raises(Refused, match="已放弃"):
        confirmed(notice, officer)
    assert Notice.objects.get().text == NOTICE


def test_names_in_the_notice_find_the_offices_they_mean(county):
    offices = drafting.offices_of(county.bureau)
    assert set(drafting.guess_offices("各乡镇（街道）民政办", offices)) == set(county.townships.values())
    assert drafting.guess_offices("县消防救援大队", offices) == [county.departments["fire"]]
    assert drafting.guess_offices("县民政局", offices) == [county.bureau]
    assert drafting.guess_offices("县民政、住房和城乡建设、消防救援等部门", offices) == []
    assert set(drafting.guess_offices("各乡镇、街道", offices)) == set(county.townships.values())
    assert drafting.guess_offices("市民政局", offices) == []
    assert drafting.guess_offices("某某研究所", offices) == []


# Pages


def test_the_page_costs_the_same_for_few_items_and_for_many(notice, officer):
    client = browser(officer)
    url = f"/campaigns/notices/{notice.pk}/"
    client.get(url)
    few = count_queries(lambda: client.get(url))
    for number in range(50):
        drafting.add(
            notice, Kind.TARGET, item(notice, Kind.TARGET, "人次").data, by=officer, start=number, end=number + 5
        )
    assert count_queries(lambda: client.get(url)) == few


def test_it_is_confirmed_by_hand_from_the_first_page_to_the_plan(officer, county):
    client = browser(officer)
    page = client.post("/campaigns/notices/new/", {"pasted": NOTICE})
    notice = Notice.objects.get()
    assert page.url == f"/campaigns/notices/{notice.pk}/"
    for kind in Kind:
        client.post(f"{page.url}accept/{kind}/")
    form = client.get(f"{page.url}confirm/").content.decode()
    assert 'value="2026-03-02"' in form
    sent = {
        "title": "安全提升行动",
        "code": "LM26",
        "lead": county.bureau.pk,
        "starts_on": "2026-03-02",
        "ends_on": "2026-12-31",
    }
    answer = client.post(f"{page.url}confirm/", sent)
    assert answer.status_code == 302, answer.content.decode()
    campaign = Campaign.objects.get()
    assert answer.url == f"/campaigns/{campaign.pk}/"
    assert campaign.notice == notice
    again = client.post(f"{page.url}confirm/", sent | {"code": "LM27"})
    assert again.status_code == 409
    assert "已生成方案" in again.content.decode()


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"pasted": ""}, "请粘贴通知全文，或选一个文件"),
        ({"pasted": "太短"}, "通知的文字太少"),
    ],
)
def test_nothing_to_read_is_said(officer, sent, sentence):
    page = browser(officer).post("/campaigns/notices/new/", sent)
    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert not Notice.objects.exists()


def test_a_file_that_is_no_notice_is_refused_in_words(officer, tmp_path):
    broken = tmp_path / "通知.docx"
    broken.write_bytes(b"PK\x03\x04 not really")
    with broken.open("rb") as file:
        page = browser(officer).post("/campaigns/notices/new/", {"upload": file})
    assert page.status_code == 422
    assert not Notice.objects.exists()


def test_an_item_form_says_what_to_change_and_keeps_what_was_typed(notice, officer):
    target = item(notice, Kind.TARGET, "人次")
    url = f"/campaigns/notices/{notice.pk}/items/{target.pk}/"
    sent = {"name": "培训人次", "comparator": "range", "value": "10", "unit": "人次", "version": 0}
    page = browser(officer).post(url, sent)
    assert page.status_code == 422
    assert "要填上限" in page.content.decode()
    assert 'value="培训人次"' in page.content.decode()


def test_a_metric_of_another_unit_cannot_serve_a_target(notice, officer):
    target = item(notice, Kind.TARGET, "人次")
    url = f"/campaigns/notices/{notice.pk}/items/{target.pk}/"
    sent = {"name": "培训", "comparator": "ge", "value": "10", "unit": "人次", "metric": "hazards.closed", "version": 0}
    page = browser(officer).post(url, sent)
    assert page.status_code == 422
    assert "不能直接统计" in page.content.decode()


# What must not happen


def test_an_office_hands_a_campaign_to_nobody_but_its_own_association(notice, officer, county):
    accept_all(notice, officer)
    association = make_office("association", area=county.area)
    for stranger in (county.township, make_county().bureau):
        with pytest.raises(NotYours):
            confirmed(notice, officer, lead=stranger)
    campaign = confirmed(notice, officer, lead=association, takes_records=False)
    page = browser(officer).get(f"/campaigns/notices/{notice.pk}/")
    assert (campaign.lead, page.status_code) == (association, 200)


def test_who_is_only_an_administrator_works_on_no_notice(notice, county):
    administrator = make_user(county.bureau, is_clerk=False, is_administrator=True)
    with pytest.raises(NotYours):
        drafting.decide(notice.items.first(), Decision.ACCEPTED, by=administrator)
    with pytest.raises(NotYours):
        drafting.take_in(NOTICE, by=administrator)


def test_headings_do_not_hang_below_themselves_and_a_later_one_may_hold_earlier_ones(notice, officer):
    first, second = notice.items.filter(kind=Kind.TASK)[:2]
    drafting.change(second, second.data, by=officer, version=0, parent=first)
    first.refresh_from_db()
    with pytest.raises(Refused, match="自己的下级"):
        drafting.change(first, first.data, by=officer, version=first.version, parent=second)
    later = drafting.add(notice, Kind.TASK, first.data | {"title": "新标题"}, by=officer)
    drafting.change(first, first.data, by=officer, version=first.version, parent=later)
    accept_all(notice, officer)
    campaign = confirmed(notice, officer)
    assert campaign.tasks.get(title=first.data["title"]).parent.title == "新标题"


def test_an_item_that_no_form_would_take_is_named_before_anything_is_made(notice, officer):
    target = item(notice, Kind.TARGET, "人次")
    DraftItem.objects.filter(pk=target.pk).update(data=target.data | {"value": "99999999999"})
    accept_all(notice, officer)
    page = browser(officer).get(f"/campaigns/notices/{notice.pk}/confirm/").content.decode()
    assert "要先修改才能生成" in page
    sent = {
        "title": "行动",
        "code": "LM26",
        "lead": officer.office_id,
        "starts_on": "2026-03-02",
        "ends_on": "2026-12-31",
    }
    assert browser(officer).post(f"/campaigns/notices/{notice.pk}/confirm/", sent).status_code == 422
    assert not Campaign.objects.exists()


def test_a_notice_in_traditional_script_becomes_a_plan_in_simplified(officer):
    notice = drafting.take_in(NOTICE.replace("养老", "養老").replace("隐患", "隱患").replace("县", "縣"), by=officer)
    assert "養老" in notice.text
    assert not any("養" in str(found.data) or "隱" in str(found.data) for found in notice.items.all())


def test_what_the_rules_object_to_is_for_the_office_that_drafts_it(notice, officer, county):
    accept_all(notice, officer)
    campaign = confirmed(notice, officer)
    Campaign.objects.filter(pk=campaign.pk).update(status="running")
    url = f"/campaigns/notices/{notice.pk}/"
    assert 'id="findings"' in browser(officer).get(url).content.decode()
    assert 'id="findings"' not in browser(make_user(county.township)).get(url).content.decode()


@pytest.mark.parametrize(
    "query", [f"?start={'9' * 5000}&end=9", "?start=5&end=99999999", "?start=-1&end=5", "?start=a&end=b"]
)
def test_a_forged_place_in_the_text_is_no_place(notice, officer, query):
    page = browser(officer).get(f"/campaigns/notices/{notice.pk}/add/target/{query}")
    assert page.status_code == 200
    assert "quoted" not in page.content.decode()
