"""The pages on which targets are shared out and tasks assigned: what they propose, keep and refuse."""

import re

import pytest

from campaign_portal.audit.models import Event
from campaign_portal.campaigns.assigning import assign
from campaign_portal.campaigns.models import TaskUnit
from campaign_portal.campaigns.sharing import share_out
from campaign_portal.edges import Refused

from . import builders, plans
from .builders import browser, count_queries, in_days
from .progresses import Plan, of_association

pytestmark = pytest.mark.django_db


def share_url(plan):
    return f"/campaigns/{plan.campaign.pk}/indicators/{plan.indicator.pk}/share/"


def assign_url(plan):
    return f"/campaigns/{plan.campaign.pk}/tasks/{plan.task.pk}/assign/"


def hidden(response):
    """What the page's hidden fields hold."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', response.content.decode())
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}


def parts(plan, first, second):
    return {f"part_{plan.township.pk}": first, f"part_{plan.next_town.pk}": second}


def post(client, url, data):
    return client.post(url, hidden(client.get(url)) | data)


def text_of(response):
    return re.sub(r"\s+", " ", response.content.decode())


# Sharing out


def test_a_page_proposes_an_even_split_and_one_by_beds():
    plan = Plan()
    builders.make_facility(supervisor=plan.township, beds=90)
    builders.make_facility(supervisor=plan.next_town, beds=30)
    client = browser(plan.lead)
    page = client.get(share_url(plan)).content.decode()
    assert all(word in page for word in ("平均", "按床位数", "按机构数"))
    assert page.count('value="20"') == 2
    by_beds = client.get(share_url(plan) + "?by=beds").content.decode()
    assert 'value="30"' in by_beds and 'value="10"' in by_beds


def test_what_adds_up_is_saved_and_shown_again():
    plan = Plan()
    client = browser(plan.lead)
    response = post(client, share_url(plan), parts(plan, 25, 15))
    assert (response.status_code, response.url) == (302, share_url(plan).removesuffix("share/"))
    assert "已分解到 2 个单位" in text_of(client.get(response.url))
    page = client.get(share_url(plan)).content.decode()
    assert 'value="25"' in page and "（正好）" in page and "分解指标" in page
    assert plan.share_of(plan.township).value == 25


@pytest.mark.parametrize(
    "first, second, sentence",
    [
        (25, 14, "比目标少 1名"),
        (25, 16, "比目标多 1名"),
        ("-5", 45, "大于或等于0"),
        ("12.5", "27.5", "小数"),
        ("x", 15, "数字"),
        ("NaN", 15, "数字"),
        ("1e400", 15, "不超过"),
        ("", "", "还没有填任何单位"),
    ],
)
def test_what_does_not_add_up_is_not_saved_and_what_was_typed_stays(first, second, sentence):
    plan = Plan()
    response = post(browser(plan.lead), share_url(plan), parts(plan, first, second))
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert f'value="{first}"' in text_of(response) or first == ""
    assert not plan.indicator.shares.exists()


def test_a_preview_adds_up_and_saves_nothing():
    plan = Plan()
    response = post(browser(plan.lead), share_url(plan), parts(plan, 25, 14) | {"preview": "1"})
    assert response.status_code == 200
    assert "39（还差 1）" in text_of(response)
    assert not plan.indicator.shares.exists()


def test_two_officers_with_the_same_page_one_wins_and_the_other_is_told():
    plan = Plan()
    client, other = browser(plan.lead), browser(plan.other)
    seen = hidden(other.get(share_url(plan)))
    post(client, share_url(plan), parts(plan, 25, 15))
    response = other.post(share_url(plan), seen | parts(plan, 20, 20))
    assert response.status_code == 409
    assert "分解数有了变化" in text_of(response)
    assert 'value="20"' in text_of(response)
    assert plan.share_of(plan.township).value == 25
    again = other.post(share_url(plan), hidden(response) | parts(plan, 20, 20))
    assert again.status_code == 302
    assert plan.share_of(plan.township).value == 20


def test_a_rate_is_ticked_not_split():
    plan = Plan(unit="%", value=95)
    client = browser(plan.lead)
    assert "不分摊" in client.get(share_url(plan)).content.decode()
    post(client, share_url(plan), {f"part_{plan.next_town.pk}": "on"})
    assert list(plan.indicator.shares.values_list("office", "value")) == [(plan.next_town.pk, 95)]


def test_a_township_shares_its_part_on_and_takes_it_back():
    plan = Plan()
    homes = [builders.make_facility(supervisor=plan.township, beds=beds).office for beds in (40, 30)]
    plan.share(25, 15)
    client = browser(plan.clerk)
    page = client.get(share_url(plan)).content.decode()
    assert "本单位承担" in page and plan.next_town.short_name not in page
    post(client, share_url(plan), {f"part_{homes[0].pk}": 20, f"part_{homes[1].pk}": 5})
    assert plan.indicator.shares.filter(parent=plan.share_of(plan.township)).count() == 2
    response = post(client, share_url(plan), {"take_back": "1"})
    assert response.url == share_url(plan)  # to share anew
    assert plan.indicator.shares.count() == 2


def test_what_was_shared_on_cannot_be_taken_away_from_above():
    plan = Plan()
    home = builders.make_facility(supervisor=plan.township).office
    plan.share(25, 15)
    share_out(plan.indicator, {home: 25}, by=plan.clerk, parent=plan.share_of(plan.township))
    response = post(browser(plan.lead), share_url(plan), parts(plan, 20, 20))
    assert response.status_code == 409
    assert "请先由该单位撤回它的分解" in text_of(response)


def test_an_office_without_a_share_has_no_page_and_a_neighbouring_county_finds_none():
    plan = Plan()
    assert browser(plan.clerk).get(share_url(plan)).status_code == 403
    far = builders.make_user(builders.make_county().bureau)
    assert browser(far).get(share_url(plan)).status_code == 404
    elsewhere = Plan()
    mixed = f"/campaigns/{plan.campaign.pk}/indicators/{elsewhere.indicator.pk}/share/"
    assert browser(plan.lead).get(mixed).status_code == 404


def test_a_bureau_does_not_share_out_what_its_association_leads():
    county = builders.make_county()
    user, campaign, homes = of_association(county)
    indicator = plans.make_indicator(campaign, value=10)
    url = f"/campaigns/{campaign.pk}/indicators/{indicator.pk}/share/?to=members"
    assert browser(builders.make_user(county.bureau)).get(url).status_code == 403
    page = browser(user).get(url).content.decode()
    assert all(f"part_{home.office_id}" in page for home in homes)


def test_a_closed_campaign_is_shared_out_no_more():
    plan = Plan()
    client = browser(plan.lead)
    seen = hidden(client.get(share_url(plan)))
    type(plan.campaign).objects.filter(pk=plan.campaign.pk).update(status="closed", closed_on=in_days(0))
    assert client.get(share_url(plan)).status_code == 302
    response = client.post(share_url(plan), seen | parts(plan, 25, 15))
    assert response.status_code == 409
    assert "当前为“已结束”" in text_of(response) and 'value="25"' in text_of(response)
    assert not plan.indicator.shares.exists()


def test_a_changed_target_asks_to_be_shared_out_anew():
    plan = Plan()
    plan.share(25, 15)
    plan.indicator.value = 50
    plan.indicator.save()
    assert "原来分解合计 40名，请重新分解" in text_of(browser(plan.lead).get(share_url(plan)))


def test_without_anybody_to_share_with_the_page_says_what_to_do():
    plan = Plan()
    plan.share(25, 15)
    assert "没有可以承担的单位" in text_of(browser(plan.clerk).get(share_url(plan)))


def test_the_page_costs_the_same_for_one_office_and_for_fifty():
    plan = Plan()
    builders.make_facility(supervisor=plan.township)
    plan.share(25, 15)
    lead, clerk, url = browser(plan.lead), browser(plan.clerk), share_url(plan)

    def costs():
        return count_queries(lambda: lead.get(url)), count_queries(lambda: clerk.get(url))

    costs()  # the session notes when it was last seen
    one = costs()
    for number in range(49):
        town = builders.make_area(f"第{number}镇", parent=plan.county.area)
        builders.make_office(area=town, parent=plan.bureau)
        builders.make_facility(supervisor=plan.township)
    assert costs() == one
    assert max(one) < 25


# Assigning


def units_of(task):
    return {(unit.part, unit.name, unit.office_id) for unit in task.units.all()}


def test_ticks_and_names_become_the_parts_of_a_task():
    plan = Plan()
    fire = plan.county.departments["fire"]
    data = {"responsible-all": "township", "joint": [fire.pk], "supervising_names": "县纪委监委、县政府督查室"}
    client = browser(plan.lead)
    response = post(client, assign_url(plan), data)
    assert (response.status_code, response.url) == (302, assign_url(plan).removesuffix("assign/"))
    assert "的分工已保存" in text_of(client.get(response.url))
    assert units_of(plan.task) == {
        ("responsible", plan.township.name, plan.township.pk),
        ("responsible", plan.next_town.name, plan.next_town.pk),
        ("joint", fire.name, fire.pk),
        ("supervising", "县纪委监委", None),
        ("supervising", "县政府督查室", None),
    }
    changes = Event.objects.about(plan.task).last().changes
    assert changes == {"配合": ["—", fire.name], "督导": ["—", "县纪委监委、县政府督查室"]}


def test_a_name_that_has_an_account_becomes_that_office():
    plan = Plan()
    fire = plan.county.departments["fire"]
    post(browser(plan.lead), assign_url(plan), {"responsible_names": f"{fire.name}，村（居）委会"})
    assert units_of(plan.task) == {("responsible", fire.name, fire.pk), ("responsible", "村（居）委会", None)}


def test_an_office_whose_account_is_closed_keeps_its_part():
    plan = Plan()
    type(plan.township).objects.filter(pk=plan.township.pk).update(is_active=False)
    client = browser(plan.lead)
    page = client.get(assign_url(plan)).content.decode()
    assert f'value="{plan.township.name}"' in page
    post(client, assign_url(plan), {"responsible": [plan.next_town.pk], "responsible_names": plan.township.name})
    assert (TaskUnit.Part.RESPONSIBLE, plan.township.name, plan.township.pk) in units_of(plan.task)


def test_one_office_has_one_part():
    plan = Plan()
    before = units_of(plan.task)
    response = post(browser(plan.lead), assign_url(plan), {"responsible-all": "township", "joint": [plan.township.pk]})
    assert response.status_code == 422
    assert f"同一单位只能有一种分工：{plan.township.name}" in text_of(response)
    assert units_of(plan.task) == before


def test_a_forged_office_is_not_taken():
    plan = Plan()
    far = builders.make_county().bureau
    forged = {"responsible": [far.pk, "9" * 30, "x", "²", "-1", plan.township.pk], "joint-all": "evaluator"}
    assert post(browser(plan.lead), assign_url(plan), forged).status_code == 302
    assert units_of(plan.task) == {("responsible", plan.township.name, plan.township.pk)}


def test_a_name_that_is_too_long_is_said_to_be():
    plan = Plan()
    response = post(browser(plan.lead), assign_url(plan), {"joint_names": "长" * 81})
    assert response.status_code == 422
    assert "单位名称最多 80 字" in text_of(response)


def test_two_officers_assigning_one_is_told():
    plan = Plan()
    client, other = browser(plan.lead), browser(plan.other)
    seen = hidden(other.get(assign_url(plan)))
    post(client, assign_url(plan), {"responsible": [plan.township.pk]})
    response = other.post(assign_url(plan), seen | {"responsible": [plan.next_town.pk]})
    assert response.status_code == 409
    assert "分工有了变化" in text_of(response)
    assert units_of(plan.task) == {("responsible", plan.township.name, plan.township.pk)}
    assert other.post(assign_url(plan), hidden(response) | {"responsible": [plan.next_town.pk]}).status_code == 302


def test_only_the_lead_assigns_and_only_while_it_runs():
    plan = Plan()
    assert browser(plan.clerk).get(assign_url(plan)).status_code == 403
    association, _, _ = of_association(plan.county)
    assert browser(association).get(assign_url(plan)).status_code == 403
    assert browser(association).post(assign_url(plan), {}).status_code == 403
    client = browser(plan.lead)
    seen = hidden(client.get(assign_url(plan)))
    type(plan.campaign).objects.filter(pk=plan.campaign.pk).update(status="closed", closed_on=in_days(0))
    response = client.post(assign_url(plan), seen | {"responsible": [plan.next_town.pk], "joint_names": "县供电公司"})
    assert response.status_code == 409
    assert "当前为“已结束”" in text_of(response) and "县供电公司" in text_of(response)
    assert len(units_of(plan.task)) == 2
    assert client.get(assign_url(plan)).status_code == 302


@pytest.mark.parametrize("row, step", [("indicator", "share_out"), ("task", "assign")])
def test_what_was_removed_while_the_page_was_open_is_told(row, step):
    plan = Plan()
    gone = getattr(plan, row)
    type(gone).objects.filter(pk=gone.pk).delete()
    act = {"share_out": lambda: plan.share(), "assign": lambda: assign(plan.task, [], by=plan.lead)}[step]
    with pytest.raises(Refused, match="刚刚被删除"):
        act()


def test_a_part_of_nothing_is_proposed_as_an_empty_field_and_not_kept():
    plan = Plan(value=1)
    page = browser(plan.lead).get(share_url(plan)).content.decode()
    assert re.findall(r'name="part_\d+" value="(\d+)"', page) == ["1"]
    assert post(browser(plan.lead), share_url(plan), parts(plan, 1, 0)).status_code == 302
    assert list(plan.indicator.shares.values_list("office", "value")) == [(plan.township.pk, 1)]


def test_the_assigning_page_costs_the_same_for_one_office_and_for_fifty():
    plan = Plan()
    client = browser(plan.lead)
    client.get(assign_url(plan))  # the session notes when it was last seen
    one = count_queries(lambda: client.get(assign_url(plan)))
    for _ in range(49):
        home = builders.make_facility(supervisor=plan.township)
        plan.task.units.create(part="joint", office=home.office, name=home.office.name)
    assert count_queries(lambda: client.get(assign_url(plan))) == one
    assert one < 20
