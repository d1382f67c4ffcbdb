"""A target that a notice names is served by the portal's own figure where its words leave no doubt, and by none otherwise."""

import datetime

import pytest

from campaign_portal.accounts.access import Role
from campaign_portal.campaigns import drafting
from campaign_portal.campaigns.metrics import METRICS
from campaign_portal.campaigns.models import Campaign, DraftItem
from campaign_portal.edges import NotYours

from .builders import browser, make_county, make_office, make_user
from .notices import NOTICE

pytestmark = pytest.mark.django_db

TASK = "一、重点任务\n（一）{title}。由县民政局牵头，{words}\n"


@pytest.fixture
def county():
    return make_county()


def taken_in(words, by, title="做好有关工作"):
    body = TASK.format(title=title, words=words)
    return drafting.take_in(NOTICE.format(body=body, issued="2022年3月1日"), by=by)


def proposed(words, by, **said):
    targets = taken_in(words, by, **said).items.filter(kind=DraftItem.Kind.TARGET)
    return [target.data.get("metric", "") for target in targets]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("年底前养老机构自查覆盖率达到100%。", "selfcheck.coverage_so_far"),
        ("年底前隐患整改销号率达到95%以上。", "hazards.closed_rate"),
        ("年底前全县养老机构安全隐患整改率达到95%以上。", "hazards.closed_rate"),
        ("年底前隐患按期整改率达到90%。", "hazards.on_time_rate"),
        ("年底前全县养老机构护理型床位占比达到60%。", "facilities.nursing_share"),
        ("年内完成1800人次专业培训。", "activities.training.attendances"),
        ("年底前举办技能培训4场。", "activities.training"),
        ("每季度开展一次安全管理交流活动。", "activities.exchange"),
    ],
)
def test_a_figure_that_the_notice_names_is_proposed(county, words, code):
    assert proposed(words, make_user(county.bureau)) == [code]


@pytest.mark.parametrize(
    "words",
    [
        "年底前《基本规范》达标率达到60%以上。",
        "年底前重大隐患整改率达到100%。",
        "年底前消防隐患整改率达到100%。",
        "年底前敬老院护理型床位占比达到60%。",
        "年底前新增护理型床位60张。",
        "年内完成养老护理员培训300人次。",  # of carers only
        "年内完成专业培训40名。",  # people are not attendances
        "年底前完成两次摄影、编辑方面的专业培训。",
        "每季度自查覆盖率达到100%。",  # the figure is that of the whole time
        "年底前对消防设施全面排查，隐患整改率达到100%。",
    ],
)
def test_what_is_counted_over_something_else_is_left_to_the_offices(county, words):
    codes = proposed(words, make_user(county.bureau))
    assert codes and not any(codes)


def test_the_heading_may_say_that_only_some_homes_are_meant(county):
    officer, words = make_user(county.bureau), "年底前隐患整改率达到100%。"
    assert proposed(words, officer, title="排查整治安全隐患") == ["hazards.closed_rate"]
    assert proposed(words, officer, title="实施敬老院提质升级") == [""]


def test_two_targets_of_different_names_are_not_both_one_figure(county):
    officer = make_user(county.bureau)
    assert proposed("年底前隐患整改率达到95%，隐患销号率达到90%。", officer) == ["", ""]
    twice = proposed("6月底前隐患整改率达到80%，年底前隐患整改率达到95%。", officer)
    assert twice == ["hazards.closed_rate"] * 2


def test_an_association_is_proposed_no_figure_whose_rows_it_may_not_open(county):
    words = "年底前隐患整改率达到95%，年内完成1800人次专业培训。"
    association = make_user(make_office("association", area=county.area))
    assert proposed(words, association) == ["", "activities.training.attendances"]
    assert proposed(words, make_user(county.bureau)) == ["hazards.closed_rate", "activities.training.attendances"]


@pytest.mark.parametrize(("kind", "kept"), [(Role.BUREAU, "hazards.closed_rate"), (Role.ASSOCIATION, "")])
def test_a_notice_that_is_handed_on_leaves_such_figures_behind(county, kind, kept):
    officer = make_user(county.bureau)
    notice = taken_in("年底前隐患整改率达到95%。", officer)
    for each in DraftItem.Kind:
        drafting.accept_rest(notice, each, by=officer)
    lead = county.bureau if kind == Role.BUREAU else make_office(kind, area=county.area)
    days = {"starts_on": datetime.date(2022, 3, 1), "ends_on": datetime.date(2022, 12, 31)}
    campaign = Campaign(title="行动", code="LM22", lead=lead, takes_records=False, **days)
    assert drafting.confirm(notice, campaign, {}, by=officer).indicators.get().metric == kept


def test_the_draft_says_where_the_figure_comes_from_and_it_may_be_changed(county):
    officer = make_user(county.bureau)
    notice = taken_in("年底前隐患整改率达到95%，《基本规范》达标率达到60%。", officer)
    page = browser(officer).get(f"/campaigns/notices/{notice.pk}/").content.decode()
    assert page.count("系统统计：隐患整改销号率（可改）") == page.count("由各单位填报") == 1
    target = notice.items.filter(kind=DraftItem.Kind.TARGET).first()
    form = {"name": "隐患整改率", "comparator": "ge", "value": "95", "unit": "%", "version": 0, "metric": ""}
    browser(officer).post(f"/campaigns/notices/{notice.pk}/items/{target.pk}/", form)
    target.refresh_from_db()
    assert (target.data["metric"], target.original["metric"]) == ("", "hazards.closed_rate")
    with pytest.raises(NotYours):
        drafting.change(target, target.data, by=make_user(county.township), version=1)


def test_no_two_figures_of_a_unit_have_a_name_in_common():
    names = [(metric.unit, name) for metric in METRICS.values() for name in metric.said_as]
    assert len(names) == len(set(names)) > 30
