"""Going through a draft asks only what needs an answer: no mere headings, no office twice, no task that the place tells."""

import pytest

from campaign_portal.campaigns import drafting
from campaign_portal.campaigns.models import Campaign, DraftItem
from campaign_portal.edges import Refused

from .builders import browser, make_county, make_office, make_user
from .notices import NOTICE, WHOLE

pytestmark = pytest.mark.django_db

Kind, Decision = DraftItem.Kind, DraftItem.Decision


@pytest.fixture
def county():
    county = make_county()
    county.bureau.name = "永兴县民政局"  # who signs the notice of these tests
    county.bureau.save(update_fields=["name"])
    return county


@pytest.fixture
def officer(county):
    return make_user(county.bureau)


@pytest.fixture
def notice(officer):
    return drafting.take_in(WHOLE, by=officer)


def accept_all(notice, officer):
    for kind in Kind:
        drafting.accept_rest(notice, kind, by=officer)


def made(notice, officer, offices=None):
    days = {"starts_on": "2026-03-02", "ends_on": "2026-12-31"}
    campaign = Campaign(title="行动", code="LM26", lead=officer.office, **days)
    campaign.full_clean(exclude=["area"])
    return drafting.confirm(notice, campaign, offices or {}, by=officer)


def tasks_of(notice):
    return {item.data["title"]: item for item in notice.items.filter(kind=Kind.TASK)}


# Headings


def test_a_mere_heading_waits_for_nobody_and_work_does(notice, officer):
    decisions = {title: item.decision for title, item in tasks_of(notice).items()}
    assert decisions["总体目标"] == decisions["重点任务"] == "accepted"
    assert decisions["排查安全隐患"] == "pending"
    with pytest.raises(Refused, match="没处理的条目"):
        made(notice, officer)
    page = browser(officer).get(f"/campaigns/notices/{notice.pk}/").content.decode()
    headings = sum(item.follows for item in tasks_of(notice).values())
    assert f"其中标题 {headings} 条" in page and page.count("随下级采用") == headings > 1


def test_a_heading_comes_into_the_plan_with_what_hangs_below_it(notice, officer):
    accept_all(notice, officer)
    assert {"总体目标", "重点任务", "实施步骤"} <= {task.title for task in made(notice, officer).tasks.all()}


def test_a_heading_of_which_all_was_left_out_does_not(notice, officer):
    accept_all(notice, officer)
    above = tasks_of(notice)["重点任务"]
    left_out = [
        item
        for item in notice.items.all()
        if item.parent_id == above.pk or item.parent and item.parent.parent_id == above.pk
    ]
    for item in left_out:
        drafting.decide(item, Decision.DROPPED, by=officer)
    titles = {task.title for task in made(notice, officer).tasks.all()}
    assert "重点任务" not in titles and {"总体目标", "实施步骤"} <= titles


def test_a_heading_that_somebody_decided_about_stays_as_decided(notice, officer):
    accept_all(notice, officer)
    headings = tasks_of(notice)
    drafting.decide(headings["重点任务"], Decision.DROPPED, by=officer)
    campaign = made(notice, officer)
    assert not campaign.tasks.filter(title="重点任务").exists()
    assert campaign.tasks.get(title="排查安全隐患").parent is None


# Offices


BODY = """一、重点任务
（一）排查隐患。由{name}牵头，县民政局会同有关部门于4月30日前完成排查。
（二）培养人才。由县民政局牵头，某某学院配合，各乡镇（街道）民政办于5月30日前完成培训。
"""


def offices_form(officer, name):
    notice = drafting.take_in(NOTICE.format(body=BODY.format(name=name), issued="2022年3月1日"), by=officer)
    accept_all(notice, officer)
    url = f"/campaigns/notices/{notice.pk}/confirm/"
    return notice, url, browser(officer).get(url).context["offices"]


def test_two_names_of_one_office_are_asked_once(officer, county):
    _, _, form = offices_form(officer, "县民政局")
    labels = [field.label for field in form.fields.values()]
    assert [label for label in labels if "县民政局" in label] == ["永兴县民政局、县民政局"]
    assert {"某某学院", "各乡镇(街道)民政办"} <= set(labels)


def test_what_is_chosen_holds_for_all_its_names_and_nothing_chosen_for_none(officer, county):
    notice, url, form = offices_form(officer, "县民政局")
    key = form.field_of["县民政局"]
    assert form.field_of[county.bureau.name] == key
    other = make_office("association", area=county.area)
    _, _, form = offices_form(officer, "县民政局")
    sent = dict.fromkeys(form.fields, "") | {key: other.pk}
    filled = type(form)(
        sent, names=list(form.field_of), offices=drafting.offices_of(officer.office), guess=drafting.guess_offices
    )
    assert filled.is_valid()
    assert filled.offices()["县民政局"] == filled.offices()[county.bureau.name] == [other]
    assert filled.offices()["某某学院"] == filled.offices()["各乡镇(街道)民政办"] == []


def test_an_office_of_two_names_has_its_part_in_a_task_once(officer, county):
    notice, _, form = offices_form(officer, "永兴县民政局")
    campaign = made(notice, officer, form.offices())
    units = campaign.tasks.get(title="排查隐患").units.filter(office=county.bureau)
    assert [unit.part for unit in units] == ["responsible"]
    assert campaign.units.filter(office=county.bureau, part="lead").count() == 1


# Marked text


def initial_task(officer, notice, kind, place):
    url = f"/campaigns/notices/{notice.pk}/add/{kind}/?start={place}&end={place + 4}"
    return browser(officer).get(url).context["form"].initial["task"]


def test_a_marked_phrase_belongs_to_the_task_in_whose_stretch_it_stands(officer, notice):
    tasks = tasks_of(notice)
    assert initial_task(officer, notice, "deadline", WHOLE.index("建立隐患台账")) == tasks["排查安全隐患"]
    assert initial_task(officer, notice, "target", WHOLE.index("敬老院实施改造")) == tasks["改造护理床位"]
    assert initial_task(officer, notice, "unit", WHOLE.index("请认真组织实施")) is None


def test_what_stands_in_a_task_that_was_left_out_belongs_to_the_heading_above(officer, notice):
    tasks = tasks_of(notice)
    drafting.decide(tasks["排查安全隐患"], Decision.DROPPED, by=officer)
    assert initial_task(officer, notice, "deadline", WHOLE.index("建立隐患台账")) == tasks["重点任务"]
    page = browser(officer).get(f"/campaigns/notices/{notice.pk}/add/deadline/")
    assert page.context["form"].initial["task"] is None
