"""接收设置: another address, somebody who stands in, and for how long."""

import pytest
from django.urls import reverse

from campaign_portal import clock
from campaign_portal.audit.models import Event
from campaign_portal.reminders.models import Absence, Address

from . import builders
from .builders import browser, in_days

pytestmark = pytest.mark.django_db

PAGE = reverse("reminders:receiving")
NEW = reverse("reminders:absence-new")


@pytest.fixture
def user():
    return builders.make_user(name="周敏", phone="13800009999")


@pytest.fixture
def colleague(user):
    return builders.make_user(user.office, name="刘洋")


def away(user, deputy, since, until):
    return browser(user).post(NEW, {"since": in_days(since), "until": in_days(until), "deputy": deputy.pk})


def test_an_address_is_kept_with_what_it_was_before_and_a_wrong_one_stays_in_its_box(user, settings):
    settings.EMAIL_HOST, settings.SMS_URL = "mail.example", "https://sms.example/"
    settings.DEFAULT_FROM_EMAIL = "portal@example.gov.cn"
    client = browser(user)
    client.post(PAGE, {"email": "zhou@example.gov.cn", "by_email": "on"})
    address = Address.objects.get(user=user)
    assert (address.email, address.by_email, address.by_sms) == ("zhou@example.gov.cn", True, False)
    assert Event.objects.get(verb="address.changed").changes["电子邮箱"] == ["—", "zhou@example.gov.cn"]
    page = client.get(PAGE).content.decode()
    assert "现在发到 zhou@example.gov.cn" in page and "138****9999" in page
    refused = client.post(PAGE, {"email": "zhou@", "by_email": "on"})
    assert refused.status_code == 422
    assert "邮箱地址不完整" in refused.content.decode() and 'value="zhou@"' in refused.content.decode()
    address.refresh_from_db()
    assert address.email == "zhou@example.gov.cn"


def test_where_the_portal_cannot_send_it_says_so(user, settings):
    settings.EMAIL_HOST = settings.SMS_URL = ""
    page = browser(user).get(PAGE).content.decode()
    assert "还没有接通邮件" in page and "还没有接通短信" in page


def test_a_colleague_stands_in_from_a_day_to_a_day(user, colleague):
    away(user, colleague, 1, 5)
    row = Absence.objects.get()
    assert (row.user, row.deputy, row.since, row.until) == (user, colleague, in_days(1), in_days(5))
    assert Event.objects.get(verb="absence.set").actor == user
    assert "您在代管" in browser(colleague).get(PAGE).content.decode()


def test_days_that_are_taken_are_refused_and_what_was_typed_stays(user, colleague):
    away(user, colleague, 1, 5)
    page = away(user, colleague, 5, 9)
    assert page.status_code == 409 and "重叠" in page.content.decode()
    assert f'value="{in_days(9)}"' in page.content.decode()
    assert away(user, colleague, 6, 9).status_code == 302
    assert Absence.objects.count() == 2


def test_neither_a_stranger_nor_oneself_nor_somebody_who_has_left_stands_in(user, colleague):
    gone = builders.make_user(user.office)
    gone.is_active = False
    gone.save(update_fields=["is_active"])
    answers = [away(user, deputy, 1, 2).status_code for deputy in (builders.make_user(), user, gone)]
    assert answers == [422] * 3
    assert not Absence.objects.exists()


@pytest.mark.parametrize(
    "since, until, sentence", [(3, 2, "结束日期不能早于"), (-3, -1, "已经过去"), (1, 500, "请检查年份")]
)
def test_days_that_make_no_sense_are_refused(user, colleague, since, until, sentence):
    page = away(user, colleague, since, until)
    assert page.status_code == 422 and sentence in page.content.decode()
    assert not Absence.objects.exists()


def test_who_is_back_early_ends_it_and_what_has_not_begun_is_cancelled(user, colleague):
    begun = Absence.objects.create(user=user, deputy=colleague, since=in_days(-2), until=in_days(2))
    planned = Absence.objects.create(user=user, deputy=colleague, since=in_days(5), until=in_days(9))
    client = browser(user)
    client.post(reverse("reminders:absence-end", args=[planned.pk]))
    client.post(reverse("reminders:absence-end", args=[begun.pk]))
    begun.refresh_from_db()
    assert begun.until == clock.today() - clock.ONE_DAY
    assert not Absence.objects.filter(pk=planned.pk).exists()
    assert "以往的休假" in client.get(PAGE).content.decode()
    again = client.post(reverse("reminders:absence-end", args=[begun.pk]), follow=True)
    assert "已经结束" in again.content.decode()
    assert set(Event.objects.values_list("verb", flat=True)) >= {"absence.ended", "absence.cancelled"}


def test_somebody_without_a_colleague_is_told_so():
    page = browser(builders.make_home_user()).get(PAGE).content.decode()
    assert "没有其他在用的账号" in page and "登记休假</button>" not in page
