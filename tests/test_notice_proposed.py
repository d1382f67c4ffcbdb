"""What the confirming form proposes can be sent as it stands: a free code, days that do not clash, a name that is one."""

import datetime
from pathlib import Path

import pytest
from django.conf import settings

from campaign_portal.campaigns import drafting
from campaign_portal.campaigns.models import Campaign, DraftItem

from .builders import browser, make_county, make_office, make_user
from .notices import NOTICE, WHOLE
from .plans import make_campaign

pytestmark = pytest.mark.django_db

JIANGYIN = Path(settings.BASE_DIR) / "campaign_portal" / "demo" / "notices" / "jiangyin_2021.txt"


@pytest.fixture
def county():
    county = make_county()
    county.bureau.number_code = "YX"
    county.bureau.save(update_fields=["number_code"])
    return county


def form_for(user, text):
    """(the confirming form of a notice with everything accepted, its address)"""
    notice = drafting.take_in(text, by=user)
    for kind in DraftItem.Kind:
        drafting.accept_rest(notice, kind, by=user)
    url = f"/campaigns/notices/{notice.pk}/confirm/"
    return browser(user).get(url).context["form"], url


def code_of(user, text):
    return form_for(user, text)[0].initial["code"]


def test_the_code_has_the_initials_and_the_year_in_which_it_starts(county):
    officer = make_user(county.bureau)
    assert code_of(officer, WHOLE) == "YX26"
    assert code_of(officer, WHOLE.replace("2026", "2027")) == "YX27"


def test_what_is_issued_in_december_for_the_next_year_has_the_year_of_its_title(county):
    title = "关于印发《2027年全县养老机构安全提升行动实施方案》的通知"
    text = NOTICE.replace("关于做好有关工作的通知", title).format(body="年底前完成排查。", issued="2026年12月20日")
    assert code_of(make_user(county.bureau), text) == "YX27"


def test_a_code_that_is_taken_in_the_county_gets_a_letter(county):
    officer = make_user(county.bureau)
    make_campaign(county.bureau, code="YX26", status=Campaign.Status.CLOSED, closed_on=datetime.date(2026, 1, 1))
    assert code_of(officer, WHOLE) == "YX26A"
    make_campaign(make_office("association", area=county.area), code="YX26A")
    assert code_of(officer, WHOLE) == "YX26B"
    make_campaign(make_county().bureau, code="YX26B")
    assert code_of(officer, WHOLE) == "YX26B"


def test_an_association_without_initials_takes_those_of_its_county(county):
    association = make_user(make_office("association", area=county.area, number_code=""))
    assert code_of(association, WHOLE) == "YX26"


@pytest.mark.parametrize("runs", [True, False])
def test_new_hazards_are_not_claimed_against_a_campaign_that_runs_then(county, runs):
    days = {"starts_on": datetime.date(2026, 2, 1), "ends_on": datetime.date(2026, 5, 1)}
    status = Campaign.Status.RUNNING if runs else Campaign.Status.DRAFT
    make_campaign(county.bureau, title="春季行动", status=status, **days)
    officer = make_user(county.bureau)
    form, url = form_for(officer, WHOLE)
    assert form.initial["takes_records"] is not runs
    assert ("没有打勾：与“春季行动”" in form.fields["takes_records"].help_text) is runs
    names = ("title", "code", "starts_on", "ends_on", "document_number", "issued_on", "goal")
    sent = {name: form.initial[name] for name in names} | {"lead": county.bureau.pk}
    sent |= {"takes_records": "on"} if form.initial["takes_records"] else {}
    assert browser(officer).post(url, sent | {"takes_records": "on"}).status_code == (422 if runs else 302)
    if runs:
        assert browser(officer).post(url, sent).status_code == 302


def test_the_name_of_a_campaign_is_not_a_clause_of_the_title(county):
    association = make_user(make_office("association", area=county.area))
    form, _ = form_for(association, JIANGYIN.read_text(encoding="utf-8"))
    assert form.initial["title"] == "2021—2022养老机构提质增效年活动"
    assert form.initial["code"] == "YX21"
    assert form.initial["takes_records"] is False


@pytest.mark.parametrize(
    ("name", "title", "said"),
    [
        (
            "在全市养老机构开展提质增效年",
            "关于在全市养老机构开展提质增效年活动方案的通知",
            "全市养老机构提质增效年活动",
        ),
        ("2026年安全提升", "关于印发《2026年安全提升行动方案》的通知", "2026年安全提升行动"),
        ("2026年安全提升行动", "关于印发《2026年安全提升行动实施方案》的通知", "2026年安全提升行动"),
        ("", "通知", ""),
    ],
)
def test_a_name_is_mended_only_where_it_is_half_a_sentence(name, title, said):
    assert drafting.proposing.campaign_title(name, title, title) == said
