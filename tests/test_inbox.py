"""The inbox: everybody his own messages, read when they have been shown, and no more often than that."""

import re

import pytest
from django.urls import reverse

from campaign_portal.audit.models import Event
from campaign_portal.edges import Refused
from campaign_portal.reminders import inbox
from campaign_portal.reminders.models import Message, Mute

from . import builders, hazards
from .builders import browser, count_queries, in_days
from .hazards import Cast
from .inboxes import line_of, make_message

pytestmark = pytest.mark.django_db

INBOX = reverse("reminders:inbox")


@pytest.fixture
def user():
    return builders.make_user()


def unread_on(page):
    """What the frame says in each of its places."""
    return set(re.findall(r'<b class="unread">(\d*)</b>', page.content.decode()))


def test_messages_are_listed_newest_first_and_the_frame_counts_the_unread(user):
    for number in range(31):
        make_message(user, title=f"第{number}条")
    make_message(builders.make_user(user.office), title="同事的")
    page = browser(user).get(INBOX)
    titles = [row.title for row in page.context["page"].rows]
    assert titles == [f"第{number}条" for number in range(30, 0, -1)]
    assert unread_on(page) == {"31"}
    older = browser(user).get(INBOX, {"after": page.context["page"].after})
    assert [row.title for row in older.context["page"].rows] == ["第0条"]


def test_a_page_that_has_something_else_to_be_read_does_not_change_the_count():
    cast = Cast()
    entered = hazards.reported(cast, by=cast.officer)  # the home has to read what was entered for it
    make_message(cast.manager)
    page = browser(cast.manager).get(entered.get_absolute_url())
    assert page.context["may_confirm_read"]
    assert unread_on(page) == {"1"}


def test_opening_a_message_writes_nothing_and_its_page_reports_that_it_was_shown(user):
    message = make_message(user)
    client = browser(user)
    page = client.get(message.get_absolute_url())
    assert (
        f'hx-post="{reverse("reminders:message-read", args=[message.pk])}" hx-trigger="load"' in page.content.decode()
    )
    assert Message.objects.unread().count() == 1
    answer = client.post(reverse("reminders:message-read", args=[message.pk]), headers={"HX-Request": "true"})
    assert "已读" in answer.content.decode() and 'hx-swap-oob="innerHTML:.unread"' in answer.content.decode()
    assert unread_on(client.get(INBOX)) == {""}


def test_without_javascript_the_button_does_the_same_and_the_first_reading_counts(user):
    message = make_message(user)
    client, url = browser(user), reverse("reminders:message-read", args=[message.pk])
    assert client.post(url).url == message.get_absolute_url()
    message.refresh_from_db()
    first = message.read_at
    client.post(url)
    message.refresh_from_db()
    assert first and message.read_at == first


def test_all_are_marked_as_read_but_for_what_came_after_the_page_was_shown(user):
    seen = [make_message(user) for _ in range(3)]
    upto = browser(user).get(INBOX).context["upto"]
    late = make_message(user)
    browser(user).post(reverse("reminders:inbox-read"), {"upto": upto})
    assert list(Message.objects.unread()) == [late]
    assert upto == seen[-1].pk
    browser(user).post(reverse("reminders:inbox-read"), {"upto": "所有"})
    assert list(Message.objects.unread()) == [late]


def test_the_unread_alone_can_be_listed_and_an_empty_list_says_what_to_do(user):
    assert "还没有消息" in browser(user).get(INBOX).content.decode()
    inbox.read(make_message(user, title="看过的"))
    page = browser(user).get(INBOX, {"show": "unread"})
    assert "没有未读的消息" in page.content.decode()
    assert "看过的" in browser(user).get(INBOX).content.decode()


def test_the_inbox_costs_the_same_for_one_message_and_for_fifty_on_any_page():
    cast = Cast()
    client = browser(cast.manager)
    opened = hazards.opened(cast)
    make_message(cast.manager, line_of(opened))
    first = Message.objects.get()
    client.get(INBOX)
    few = [count_queries(lambda url=url: client.get(url)) for url in (INBOX, first.get_absolute_url())]
    lines = [line_of(hazard) for hazard in hazards.copies(opened, 49)]
    for _ in range(49):
        message = make_message(cast.manager, *lines)
    many = [count_queries(lambda url=url: client.get(url)) for url in (INBOX, message.get_absolute_url())]
    assert many == few
    assert few[0] <= 10


def test_what_is_over_or_has_another_day_by_now_says_so_in_an_old_message():
    cast = Cast()
    over, moved = hazards.opened(cast), hazards.opened(cast)
    message = make_message(cast.manager, line_of(over), line_of(moved), url="//elsewhere.example/")
    hazards.submit(over, by=cast.manager)
    moved.due_on = in_days(20)
    moved.save(update_fields=["due_on"])
    page = browser(cast.manager).get(message.get_absolute_url()).content.decode()
    assert "已办理" in page
    assert "（已调整）" in page and "还有 20 天" in page
    assert "elsewhere.example" not in page  # an address that leads out of the portal is no link


# 暂不提醒


def mute(user, message, *, line=0, until=None):
    url = reverse("reminders:message-mute", args=[message.pk])
    return browser(user).post(url, {"line": line, "until": until or in_days(3)}, follow=True)


def test_one_object_is_muted_up_to_a_day_and_can_be_taken_back():
    cast = Cast()
    hazard = hazards.opened(cast)
    message = make_message(cast.manager, line_of(hazard))
    mute(cast.manager, message)
    mute(cast.manager, message, until=in_days(5))  # again: another day, no second row
    row = Mute.objects.get()
    assert (row.user, row.kind, row.object_pk, row.until) == (cast.manager, "rectify", hazard.pk, in_days(5))
    assert Event.objects.filter(verb="mute.set").count() == 2
    assert row.label in browser(cast.manager).get(reverse("reminders:receiving")).content.decode()
    browser(cast.manager).post(reverse("reminders:mute-end", args=[row.pk]))
    assert not Mute.objects.exists() and Event.objects.filter(verb="mute.ended").count() == 1


@pytest.mark.parametrize("days", [-1, 31])
def test_no_longer_than_thirty_days_and_what_was_typed_stays(days):
    cast = Cast()
    message = make_message(cast.manager, line_of(hazards.opened(cast)))
    page = mute(cast.manager, message, until=in_days(days))
    assert page.status_code == 422 and "最多暂停 30 天" in page.content.decode()
    assert f'value="{in_days(days)}"' in page.content.decode()
    assert not Mute.objects.exists()


def test_what_is_late_urgent_major_over_or_no_single_thing_is_not_muted():
    cast = Cast()
    late, over = hazards.opened(cast), hazards.opened(cast)
    late.found_on = late.due_on = in_days(-1)
    late.save(update_fields=["found_on", "due_on"])
    lines = [line_of(late), line_of(over), line_of(hazards.major(cast)), line_of(over, about="")]
    message = make_message(cast.manager, *lines)
    hazards.submit(over, by=cast.manager)
    urgent = make_message(cast.manager, line_of(hazards.opened(cast)), is_urgent=True)
    sentences = ["已经逾期", "已经办结", "重大隐患", "不是单件事项"]
    pages = [mute(cast.manager, message, line=number).content.decode() for number in range(4)]
    assert [sentence in page for sentence, page in zip(sentences, pages, strict=True)] == [True] * 4
    assert "紧急提醒" in mute(cast.manager, urgent).content.decode()
    assert "暂不提醒" not in browser(cast.manager).get(urgent.get_absolute_url()).content.decode()
    assert mute(cast.manager, message, line=9).status_code == 422
    assert not Mute.objects.exists()
    with pytest.raises(Refused):
        inbox.mute(message=urgent, card=inbox.cards_of(urgent)[0], until=in_days(1), by=cast.manager)
