"""The secretary comes back from a training with a count and photos on her phone, and later looks it up at her desk."""

import pytest
from playwright.sync_api import expect

from facilities.models import Activity

from .activities import Cast, planned, recorded
from .browser import axe_violations, field, follow, press, shot, take_photos

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cast():
    return Cast()


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_a_training_goes_in_by_phone_with_its_photos_and_is_found_by_quarter(cast, phone, desk):
    page = phone(cast.secretary)
    page.goto("/activities/")
    follow(page, "登记活动")
    page.get_by_label("类别").select_option("培训")
    field(page, "活动名称").fill("护理员消防培训")
    page.get_by_label("服务的任务").select_option("培训养老护理员")
    field(page, "人数").fill("30")
    field(page, "人次").fill("45")
    take_photos(page, "照片", shot(), shot("#446688"))
    page.get_by_label(cast.home.name, exact=True).check()
    page.get_by_label(f"{cast.home.name}的人次").fill("12")
    assert fits(page)
    press(page, "登记")
    expect(page.get_by_role("heading", name="护理员消防培训")).to_be_visible()
    expect(page.locator(".album img")).to_have_count(2)
    assert fits(page)
    activity = Activity.objects.get()
    assert (activity.attendances, activity.task, activity.homes.get().attendances) == (45, cast.task, 12)

    page = desk(cast.clerk)
    follow(page, "活动")
    follow(page, "本季度")
    page.get_by_role("navigation", name="按类别").get_by_role("link", name="培训").click()
    expect(page.locator(".head .sub")).to_have_text("符合条件 1 次，45 人次")
    follow(page, "护理员消防培训")
    expect(page.get_by_text("45 人次")).to_be_visible()


def test_a_mistake_keeps_photos_and_ticks_on_the_phone(cast, phone):
    page = phone(cast.secretary)
    page.goto("/activities/new/")
    page.get_by_label("类别").select_option("培训")
    field(page, "活动名称").fill("护理员消防培训")
    field(page, "人数").fill("50")
    field(page, "人次").fill("45")
    take_photos(page, "照片", shot())
    page.get_by_label(cast.home.name, exact=True).check()
    press(page, "登记")
    expect(page.get_by_text("人次不能少于人数")).to_be_visible()
    expect(page.get_by_label(cast.home.name, exact=True)).to_be_checked()
    field(page, "人次").fill("54")
    press(page, "登记")
    expect(page.locator(".album img")).to_have_count(1)
    assert Activity.objects.get().attendances == 54


def test_what_matters_for_one_answer_shows_with_it(cast, desk):
    page = desk(cast.secretary)
    page.goto("/activities/new/")
    side = page.get_by_label(f"{cast.home.name}的结对分工")
    expect(side).to_be_hidden()
    page.get_by_label("类别").select_option("结对走访")
    page.get_by_label(cast.home.name, exact=True).check()
    expect(side).to_be_visible()
    page.get_by_label("范围内正常运营的机构全部参加（2 家）").check()
    expect(page.get_by_label(cast.home.name, exact=True)).to_be_hidden()


def test_the_pages_are_accessible_and_fit_a_phone(cast, desk, phone):
    activity = recorded(cast, people=3, attendances=4, photos=2)
    planned(cast, title="下月论坛")
    paths = ["", "new/", f"{activity.pk}/", f"{activity.pk}/edit/", f"{activity.pk}/void/"]
    for page in (desk(cast.secretary), phone(cast.secretary)):
        for path in paths:
            page.goto(f"/activities/{path}")
            assert axe_violations(page) == [], path
            assert fits(page), path
