"""The pages of circulars: who sees which, what a form keeps, what each costs."""

import pytest
from django.db import transaction

from campaign_portal import clock
from campaign_portal.accounts.access import Role
from campaign_portal.audit.models import Event
from campaign_portal.circulars.models import Circular
from campaign_portal.deadlines import moving, registry, workdays
from campaign_portal.reminders import wanted
from campaign_portal.reminders.models import Message

from . import builders, hazards
from .builders import browser, count_queries, in_days
from .circulars import Cast, drafted, in_time, receipt, reply, send, sent

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def cast():
    return Cast()


def typed(**changes):
    fields = {"kind": "warning", "title": "火灾风险提示", "text": "请立即排查。"}
    return {"sent_key": "6b1f3a52-5b1d-4f0e-9a55-0a2f0d2a7a11"} | fields | changes


# Who sees which


def test_a_draft_is_seen_by_its_office_alone(cast):
    circular = drafted(cast.officer)
    answers = {name: status(cast, name, circular) for name in ("officer", "clerk", "manager", "beyond")}
    assert answers == {"officer": 200, "clerk": 404, "manager": 404, "beyond": 404}


def status(cast, name, circular):
    return browser(getattr(cast, name)).get(circular.get_absolute_url()).status_code


def test_what_was_sent_is_seen_by_who_got_it_and_by_the_bureau(cast):
    circular = sent(cast.officer)
    names = ("officer", "clerk", "manager", "neighbour", "secretary", "beyond")
    assert [status(cast, name, circular) for name in names] == [200, 200, 200, 404, 404, 404]


def test_a_recipient_sees_nothing_of_the_others(cast):
    circular = sent(cast.clerk, reply_by=in_days(3))
    reply(circular, cast.neighbour, "隔壁的回复")
    text = browser(cast.manager).get(circular.get_absolute_url()).content.decode()
    assert "隔壁的回复" not in text and "柏林镇敬老院" not in text and "签收情况" not in text


def test_each_tab_has_its_own(cast):
    sent(cast.clerk, title="县里发的", only=[cast.home.office])
    sent(cast.officer, title="镇里发的")
    drafted(cast.clerk, title="还没发的")
    shown = {
        tab: browser(cast.clerk).get(f"/circulars/?tab={tab}").content.decode() for tab in ("sent", "drafts", "area")
    }
    titles = ("县里发的", "还没发的", "镇里发的")
    assert [[title in shown[tab] for title in titles] for tab in shown] == [
        [True, False, False], [False, True, False], [False, False, True],
    ]  # fmt: skip
    received = browser(cast.manager).get("/circulars/").content.decode()
    assert [title in received for title in titles] == [True, False, True]


# What is typed


def test_a_draft_is_written_with_a_file_and_goes_on_to_the_list_of_homes(cast):
    client = browser(cast.clerk)
    response = client.post("/circulars/new/", typed(**{"pictures-new": [hazards.upload()]}))
    circular = Circular.objects.get()
    assert (circular.is_draft, circular.files.count(), circular.county_code) == (True, 1, cast.county.area.code)
    assert response.url == f"/circulars/{circular.pk}/recipients/"
    lines = client.get(response.url).context["lines"]
    assert [(line.addressee.label, line.note) for line in lines] == [
        ("马田镇敬老院", ""), ("马田镇幸福院", "没有账号，由本单位电话通知 李院长"), ("柏林镇敬老院", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "changes, sentence",
    [
        ({"title": ""}, "请填写“标题”。"),
        ({"text": "\x00"}, "请填写“正文”。"),
        ({"asks_reply": "on"}, "要求回复的，请填回复期限。"),
        ({"asks_reply": "on", "reply_by": "2020-01-01"}, "回复期限不能早于今天。"),
        ({"asks_reply": "on", "reply_by": "9999-12-31"}, "日期太远，请检查年份。"),
        ({"kind": "order"}, "order"),
        ({"sent_key": ""}, "页面不完整"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(cast, changes, sentence):
    response = browser(cast.clerk).post("/circulars/new/", typed(text="正文留着") | changes)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert "text" in changes or "正文留着" in response.content.decode()
    assert not Circular.objects.exists()


def test_a_draft_loses_the_files_that_are_ticked_and_the_later_of_two_edits_is_told(cast):
    circular = drafted(cast.clerk, files=[hazards.picture(cast.clerk)])
    client, url = browser(cast.clerk), f"/circulars/{circular.pk}/edit/"
    assert client.post(url, typed(version=1, dropped=[circular.files.get().pk])).status_code == 302
    assert not circular.files.exists()
    late = client.post(url, typed(version=1, text="晚到的修改"))
    assert late.status_code == 409
    assert "改过这份草稿" in late.content.decode() and "晚到的修改" in late.content.decode()
    assert client.post(url, typed(version=late.context["form"].data["version"], text="晚到的修改")).status_code == 302


def test_a_draft_can_be_dropped_and_what_was_sent_cannot(cast):
    draft, circular = drafted(cast.clerk), sent(cast.clerk)
    assert browser(cast.clerk).post(f"/circulars/{draft.pk}/drop/").status_code == 302
    assert browser(cast.clerk).post(f"/circulars/{circular.pk}/drop/").status_code == 409
    assert list(Circular.objects.all()) == [circular]


def test_the_list_of_homes_hands_over_its_filter(cast):
    client, town = browser(cast.clerk), cast.county.town.code
    page = client.get(f"/facilities/?town={town}").content.decode()
    link = f"/circulars/new/?town={town}&amp;audience=homes"
    assert link in page
    form = client.get(link.replace("&amp;", "&")).context["form"]
    client.post("/circulars/new/", typed(audience=form.initial["audience"], query=form.initial["query"]))
    circular = Circular.objects.get()
    assert circular.choice == {"audience": "homes", "query": f"town={town}", "left_out": []}
    lines = client.get(f"/circulars/{circular.pk}/recipients/").context["lines"]
    assert [line.addressee.label for line in lines] == ["马田镇敬老院", "马田镇幸福院"]


def sending(circular, *, picked, query="", **rest):
    version = Circular.objects.get(pk=circular.pk).version
    body = {"audience": "homes", "query": query, "picked": [home.office_id for home in picked], "version": version}
    return f"/circulars/{circular.pk}/send/", body | rest


def test_only_those_ticked_get_it(cast):
    circular = drafted(cast.clerk)
    url, body = sending(circular, picked=[cast.home])
    assert browser(cast.clerk).post(url, body).status_code == 302
    assert [row.office for row in circular.recipients.all()] == [cast.home.office]


def test_nobody_ticked_or_one_beyond_the_filter_is_refused_and_the_ticks_stay(cast):
    circular, client = drafted(cast.clerk), browser(cast.clerk)
    url, body = sending(circular, picked=[])
    assert "请至少勾选一家" in client.post(url, body).content.decode()
    foreign = builders.make_facility(supervisor=builders.make_county("远县").township)
    url, body = sending(circular, picked=[cast.home, foreign])
    response = client.post(url, body)
    assert response.status_code == 409
    assert "有 1 家已不在筛选范围内" in response.content.decode()
    assert [line.is_ticked for line in response.context["lines"]] == [True, False, False]
    assert not circular.recipients.exists()


def test_a_list_kept_for_later_remembers_who_was_left_out(cast):
    circular, client = drafted(cast.clerk), browser(cast.clerk)
    url, body = sending(circular, picked=[cast.home, cast.far_home], keep="1")
    assert client.post(url, body).status_code == 302
    lines = client.get(f"/circulars/{circular.pk}/recipients/").context["lines"]
    assert [line.is_ticked for line in lines] == [True, False, True]
    assert not circular.recipients.exists()


# Duties


def duties(user):
    return [duty for duty, kind in registry.in_order(registry.groups_for(user, today=in_days(0)))]


def test_a_home_has_to_read_or_to_reply_until_it_has_and_the_sender_has_not(cast):
    asked, told = sent(cast.clerk, reply_by=in_days(3), title="要回复"), sent(cast.clerk, title="要阅读")
    assert {(duty.title, duty.action) for duty in duties(cast.manager)} == {("要回复", "回复"), ("要阅读", "阅读")}
    reply(asked, cast.manager)
    browser(cast.manager).post(f"{told.get_absolute_url()}read/")
    assert duties(cast.manager) == []
    assert duties(cast.clerk) == []


def test_what_is_open_is_seen_by_the_sender_and_the_bureau_with_the_ladder(cast):
    circular, kind = sent(cast.officer, reply_by=in_days(3)), registry.KINDS["circular_reply"]
    with in_time(9):
        entries = list(kind.entries(kind.open().order_by("pk")))
    assert [(one.due_on, one.office()) for one in entries] == [
        (in_days(3), cast.home.office_id), (in_days(3), cast.empty_home.office_id),
    ]  # fmt: skip
    assert entries[0].title == "回复风险提示《关于外县养老机构火灾的风险提示》 马田镇敬老院"
    assert entries[0].posts[1][1].office == cast.township.pk
    counts = [kind.visible_to(user).count() for user in (cast.officer, cast.clerk, cast.beyond, cast.manager)]
    assert counts == [2, 2, 0, 1]  # the home sees its own
    assert receipt(circular, cast.home).is_waiting


def test_a_message_has_something_to_say_until_its_home_has_answered(cast):
    """Before a letter leaves, it is asked again whether its reader still has to do it (reminders.wanted)."""
    circular = sent(cast.clerk, reply_by=in_days(3))
    message = Message.objects.get(user=cast.manager)
    assert [line["title"] for line in wanted.lines_of(message)] == [circular.title]
    reply(circular, cast.manager)
    assert wanted.lines_of(message) == []


def test_the_day_to_read_by_moves_with_the_calendar(cast):
    circular, old = sent(cast.clerk), workdays.calendar()
    new = workdays.Calendar(old.moved | {circular.due_on: False}, old.years | {circular.due_on.year})
    with transaction.atomic():
        done = moving.move_all(old, new, by=cast.clerk, reason="放假通知")
    circular.refresh_from_db()
    assert [move.now for move in done["circular_read"]] == [circular.due_on] * 3
    assert circular.due_on == new.add(clock.today(), 2) != old.add(clock.today(), 2)
    assert Event.objects.about(circular).get(verb="circular.rescheduled").reason == "放假通知"


# Cost


def test_pages_cost_the_same_for_one_home_and_for_fifty(cast):
    few, draft = sent(cast.clerk, only=[cast.home.office]), drafted(cast.clerk)
    pages = lambda circular: [circular.get_absolute_url(), f"/circulars/{draft.pk}/recipients/", "/circulars/"]  # noqa: E731
    client = browser(cast.clerk)
    client.get("/")
    before = [count_queries(lambda url=url: client.get(url)) for url in pages(few)]
    for number in range(50):
        home = builders.make_facility(supervisor=cast.township)
        if number % 2:
            builders.make_home_user(home)
    many = send(drafted(cast.clerk), cast.clerk)
    assert many.recipients.count() == 53
    after = [count_queries(lambda url=url: client.get(url)) for url in pages(many)]
    assert after == before
    assert max(after) <= 22


def test_a_received_list_costs_the_same_for_one_and_for_twenty(cast):
    sent(cast.clerk)
    client = browser(cast.manager)
    client.get("/")
    one = count_queries(lambda: client.get("/circulars/"))
    for _ in range(20):
        sent(cast.clerk)
    assert count_queries(lambda: client.get("/circulars/")) == one


def test_roles_without_duties_of_their_own_still_see_what_they_got(cast):
    evaluator = builders.make_user(builders.make_office(Role.EVALUATOR, area=cast.county.area))
    circular = sent(cast.clerk, "audience=offices&kind=evaluator", reply_by=in_days(3))
    client = browser(evaluator)
    assert client.get("/circulars/").status_code == 200
    assert client.post(f"{circular.get_absolute_url()}reply/", {"text": "收到"}).status_code == 302
    assert receipt(circular, evaluator).reply == "收到"
