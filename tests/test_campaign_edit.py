"""A bureau opens and edits its campaign; from then on the county's new hazards belong to it."""

import pytest

from campaign_portal.audit.models import Event
from campaign_portal.campaigns.models import Campaign

from . import hazards
from .builders import browser, in_days, make_county, make_user
from .hazards import Cast

pytestmark = pytest.mark.django_db


def typed(*phases, **fields):
    data = {
        "title": "2026年专项行动",
        "code": "YX26",
        "starts_on": in_days(-5),
        "ends_on": in_days(60),
        "takes_records": "on",
        "phases-TOTAL_FORMS": len(phases),
        "phases-INITIAL_FORMS": 0,
    }
    for index, (name, first, last) in enumerate(phases):
        data |= {f"phases-{index}-name": name}
        data |= {f"phases-{index}-starts_on": in_days(first), f"phases-{index}-ends_on": in_days(last)}
    return data | fields


def test_a_bureau_opens_a_campaign_and_new_hazards_belong_to_it():
    cast = Cast()
    page = browser(cast.clerk).post("/campaigns/new/", typed(("制定方案", -5, 0), ("组织实施", 1, 60)))
    campaign = Campaign.objects.get(code="YX26")
    assert page.url == f"/campaigns/{campaign.pk}/"
    assert (campaign.lead, campaign.status) == (cast.bureau, "running")
    assert [phase.name for phase in campaign.phases.all()] == ["制定方案", "组织实施"]
    assert hazards.reported(cast).code.startswith("YX26-")
    assert Event.objects.about(campaign).get().verb == "campaign.opened"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (typed(("组织实施", -9, 3)), "要在专项行动的起止日期之内"),
        (typed(("制定方案", 3, 9), ("组织实施", -5, 5)), "不能比上一阶段开始得早"),
        (typed(ends_on=in_days(-9)), "结束日期不能早于开始日期"),
        (typed(code="yx-26"), "只用大写字母和数字"),
    ],
)
def test_what_makes_no_sense_is_refused_and_kept(data, sentence):
    page = browser(make_user(make_county().bureau)).post("/campaigns/new/", data)
    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert "2026年专项行动" in page.content.decode()
    assert not Campaign.objects.exists()


def test_phases_may_overlap_as_those_of_notices_do():
    client = browser(make_user(make_county().bureau))
    assert client.post("/campaigns/new/", typed(("制定方案", -5, 5), ("组织实施", -5, 60))).status_code == 302


def test_two_campaigns_of_a_county_do_not_run_at_the_same_time():
    client = browser(make_user(make_county().bureau))
    client.post("/campaigns/new/", typed())
    page = client.post("/campaigns/new/", typed(code="YX27", title="冬季消防专项行动"))
    assert page.status_code == 422
    assert "的时间重叠" in page.content.decode()
    later = typed(code="YX27", title="冬季消防专项行动", starts_on=in_days(61), ends_on=in_days(90))
    assert client.post("/campaigns/new/", later).status_code == 302
    assert Campaign.objects.count() == 2


def test_one_that_takes_no_hazards_may_run_beside_another():
    client = browser(make_user(make_county().bureau))
    client.post("/campaigns/new/", typed())
    beside = typed(code="TZ26", title="提质增效年活动", takes_records="")
    assert client.post("/campaigns/new/", beside).status_code == 302


def test_phases_of_a_running_campaign_do_not_change_in_passing():
    client = browser(make_user(make_county().bureau))
    client.post("/campaigns/new/", typed(("制定方案", -5, 0), ("组织实施", 1, 60)))
    campaign = Campaign.objects.get()
    assert "逐个调整" in client.get(f"/campaigns/{campaign.pk}/edit/").content.decode()
    client.post(f"/campaigns/{campaign.pk}/edit/", typed(("组织实施", -5, 60), title="改名", version=0))
    campaign.refresh_from_db()
    assert campaign.title == "改名"
    assert [phase.ends_on for phase in campaign.phases.all()] == [in_days(0), in_days(60)]


def test_a_code_that_stands_in_numbers_no_longer_changes():
    cast = Cast()
    client = browser(cast.clerk)
    client.post("/campaigns/new/", typed())
    campaign = Campaign.objects.get()
    hazards.reported(cast)
    client.post(f"/campaigns/{campaign.pk}/edit/", typed(code="ZZ99", title="改名", version=0))
    campaign.refresh_from_db()
    assert (campaign.title, campaign.code) == ("改名", "YX26")


def test_only_the_leading_office_edits_it():
    county = make_county()
    browser(make_user(county.bureau)).post("/campaigns/new/", typed())
    campaign = Campaign.objects.get()
    url = f"/campaigns/{campaign.pk}/edit/"
    assert browser(make_user(county.township)).get(url).status_code == 403
    assert browser(make_user(make_county().bureau)).get(url).status_code == 404


def test_goal_and_number_are_typed_where_no_notice_was_read():
    county = make_county()
    client = browser(make_user(county.bureau))
    client.post("/campaigns/new/", typed(goal="隐患全部销号。", document_number="示民发〔2026〕3号"))
    campaign = Campaign.objects.get()
    page = client.get(f"/campaigns/{campaign.pk}/").content.decode()
    assert "隐患全部销号。" in page and "示民发〔2026〕3号" in page
    client.post(f"/campaigns/{campaign.pk}/edit/", typed(goal="改过的目标", version=0))
    campaign.refresh_from_db()
    assert (campaign.goal, campaign.document_number, campaign.version) == ("改过的目标", "", 1)
