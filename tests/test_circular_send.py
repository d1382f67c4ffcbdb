"""A circular is a draft until it is sent; then its text, files and recipients stand, and everybody is told once."""

import pytest
from django.db import IntegrityError, transaction

from campaign_portal import clock
from campaign_portal.audit.models import Event
from campaign_portal.circulars import services, telling
from campaign_portal.circulars.models import Circular, Recipient
from campaign_portal.deadlines import workdays
from campaign_portal.deadlines.registry import KINDS
from campaign_portal.edges import NotYours, Refused
from campaign_portal.jobs import services as jobs
from campaign_portal.jobs.models import Job
from campaign_portal.reminders import wanted
from campaign_portal.reminders.models import Address, Delivery, Message

from . import builders, hazards, messaging
from .builders import browser, count_queries, in_days
from .circulars import Cast, choose, drafted, read, receipt, reply, send, sent, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return Cast()


def told(circular):
    return Message.objects.filter(url=circular.get_absolute_url())


def test_a_bureau_sends_to_every_home_and_each_is_told_once(cast):
    circular = sent(cast.clerk, reply_by=in_days(5))
    assert [one.label for one in circular.recipients.all()] == ["马田镇敬老院", "马田镇幸福院", "柏林镇敬老院"]
    assert (circular.status, circular.sent_by, circular.due_on) == ("sent", cast.clerk, in_days(5))
    message = told(circular).get(user=cast.manager)
    assert message.is_urgent and message.title.endswith("发来风险提示：关于外县养老机构火灾的风险提示")
    assert [line["action"] for line in message.lines] == ["回复"]
    assert Event.objects.about(circular).get(verb="circular.sent").changes == {"收文单位": ["", "3"]}


def test_a_home_without_an_account_is_reached_by_phone_through_the_sender(cast):
    message = told(sent(cast.clerk)).get(user=None)
    assert (message.name, message.phone, message.office) == ("李院长", "13800000042", cast.bureau)


@pytest.mark.parametrize("asks_reply", [False, True])
def test_a_letter_tells_of_it_until_its_recipient_has_done_what_was_asked(cast, settings, asks_reply):
    messaging.set_mail(settings, None)
    Address.objects.create(user=cast.manager, email="liu@example.com")
    circular = sent(cast.clerk, **({"reply_by": in_days(2)} if asks_reply else {}))
    letter = Delivery.objects.get(channel="email")
    assert wanted.why_not(letter) == ""
    (reply if asks_reply else read)(circular, cast.manager)
    assert "都已办结" in wanted.why_not(letter)


def test_whoever_it_is_sent_to_has_it_on_the_list_of_things_to_do(cast):
    city = builders.make_office("bureau", area=cast.bureau.area.parent)
    evaluator = builders.make_user(builders.make_office("evaluator", area=cast.bureau.area))
    sent(cast.clerk, "audience=offices", reply_by=in_days(2))
    sent(builders.make_user(city), "audience=offices", only=[cast.bureau], reply_by=in_days(2))
    for user in (cast.secretary, cast.officer, evaluator, cast.clerk):
        (row,) = KINDS["circular_reply"].rows(user, clock.today())
        assert row.office == user.office and KINDS["circular_reply"].asks(user)


def test_without_a_reply_it_is_to_be_read_within_two_working_days(cast):
    circular = sent(cast.clerk)
    assert circular.due_on == workdays.calendar().add(clock.today(), 2)


def test_what_has_been_sent_is_never_changed(cast):
    circular = sent(cast.clerk)
    file = hazards.picture(cast.clerk)
    for step in (
        lambda: services.edit(circular, by=cast.clerk, files=[file], version=circular.version),
        lambda: services.drop(circular, by=cast.clerk),
        lambda: services.keep_choice(circular, by=cast.clerk, choice={}, version=circular.version),
        lambda: send(circular, cast.clerk, only=[cast.home.office]),
    ):
        with pytest.raises(Refused, match="当前为“已发出”"):
            step()
    assert circular.recipients.count() == 3 and not circular.files.exists()


def test_pressed_twice_it_is_sent_once(cast):
    circular = drafted(cast.clerk)
    for _ in range(2):
        send(circular, cast.clerk)
    assert circular.recipients.count() == 3
    assert told(circular).count() == 3
    assert Event.objects.about(circular).filter(verb="circular.sent").count() == 1


def test_if_telling_fails_nothing_is_sent(cast, monkeypatch):
    circular, failing = drafted(cast.clerk), telling.tell
    left = iter([True, False])

    def tell(*args, **kwargs):
        return failing(*args, **kwargs) if next(left) else 1 / 0

    monkeypatch.setattr(telling, "tell", tell)
    with pytest.raises(ZeroDivisionError):
        send(circular, cast.clerk)
    circular.refresh_from_db()
    assert (circular.is_draft, Recipient.objects.count(), Message.objects.count()) == (True, 0, 0)


def test_many_are_told_by_the_worker_and_nobody_twice(cast, monkeypatch):
    monkeypatch.setattr(telling, "TOLD_AT_ONCE", 2)
    circular = sent(cast.clerk)
    assert (circular.recipients.count(), told(circular).count()) == (3, 0)
    job = Job.objects.get(kind=telling.JOB)
    jobs.run(job.pk)
    telling.tell_many(job, lambda done, total: None)  # a worker that died tells again
    job.refresh_from_db()
    assert (job.status, told(circular).count()) == ("done", 3)


def test_a_draft_that_a_colleague_has_changed_is_not_sent_unseen(cast):
    colleague = builders.make_user(cast.bureau, name="李科长")
    circular = drafted(cast.clerk)
    changed = Circular.objects.get(pk=circular.pk)
    changed.text = "改过的正文"
    services.edit(changed, by=colleague, version=1)
    with pytest.raises(Refused, match="李科长已于 .* 改过这份草稿"):
        send(circular, cast.clerk)
    assert not Recipient.objects.exists()


def test_a_reply_is_not_asked_for_by_a_day_that_has_passed(cast):
    circular = drafted(cast.clerk, reply_by=in_days(1))
    with clock.at(clock.now() + 2 * clock.ONE_DAY), pytest.raises(Refused, match="已过，请先改期限再发"):
        send(circular, cast.clerk)


@pytest.mark.parametrize("who", ["officer", "beyond", "manager"])
def test_another_office_neither_changes_nor_sends_a_draft(cast, who):
    circular, user = drafted(cast.clerk), getattr(cast, who)
    for step in (services.edit, services.send):
        rest = {} if step == services.edit else {"choice": {}, "addressees": []}
        with pytest.raises(NotYours):
            step(circular, by=user, version=1, **rest)


def test_one_who_only_administers_does_not_send(cast):
    user = builders.make_user(cast.bureau, is_clerk=False, is_administrator=True)
    assert browser(user).get("/circulars/new/").status_code == 403
    with pytest.raises(NotYours):
        drafted(user)


def test_one_form_sent_twice_is_one_draft_and_another_text_under_its_key_is_refused(cast):
    first = written()
    made = [services.draft(row, by=cast.clerk) for row in (first, written(sent_key=first.sent_key))]
    assert made[0] == made[1]
    with pytest.raises(Refused, match="这份表单已经存为"):
        services.draft(written(sent_key=first.sent_key, title="别的"), by=cast.clerk)


def test_a_correction_names_what_it_corrects_and_the_old_page_says_so(cast):
    old = sent(cast.clerk, only=[cast.home.office])
    page = browser(cast.clerk).get(f"/circulars/new/?corrects={old.pk}")
    assert page.context["form"].initial["title"] == f"更正：{old.title}"
    new = send(drafted(cast.clerk, title="更正：以此为准", corrects=old), cast.clerk, only=[cast.home.office])
    text = browser(cast.manager).get(old.get_absolute_url()).content.decode()
    assert "已更正" in text and new.get_absolute_url() in text
    with pytest.raises(NotYours):
        drafted(cast.officer, corrects=old)


def test_the_database_refuses_half_a_sending(cast):
    circular = drafted(cast.clerk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Circular.objects.filter(pk=circular.pk).update(status="sent")
    one = receipt(sent(cast.clerk), cast.home)
    with pytest.raises(IntegrityError), transaction.atomic():
        Recipient.objects.filter(pk=one.pk).update(replied_at=clock.now())


def test_sending_asks_the_database_as_often_for_many_homes_apart_from_telling(cast, monkeypatch):
    monkeypatch.setattr(telling, "TOLD_AT_ONCE", 0)
    sent(cast.clerk)  # the calendar is at hand
    few = count_queries(lambda: sent(cast.clerk, only=[cast.home.office]))
    for _ in range(20):
        builders.make_facility(supervisor=cast.township)
    assert count_queries(lambda: sent(cast.clerk)) == few
    assert len(choose(Circular(), cast.clerk).found) == 23
