"""The pages of activities: who sees which, the list with its filters and its sheet, the form and what is wrong with it."""

import re
import uuid
from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from campaign_portal import clock
from campaign_portal.campaigns.models import Campaign
from campaign_portal.files.services import store_bytes
from facilities import activities as services
from facilities.activity_filters import quarter_of
from facilities.models import Activity, ActivityFile, ActivityHome, Facility

from . import activities, builders, hazards, plans
from .activities import Cast, form, planned, recorded
from .builders import browser, count_queries, in_days

pytestmark = pytest.mark.django_db

LIST, NEW = "/activities/", "/activities/new/"


@pytest.fixture
def cast():
    return Cast()


def page(response):
    return response.content.decode()


def titles(user, query=""):
    return [activity.title for activity in browser(user).get(LIST + query).context["page"].rows]


def test_the_list_tells_photos_from_papers(cast):
    recorded(cast, by=cast.officer, homes=[cast.home], title="只有照片", photos=2)
    both = recorded(cast, by=cast.officer, homes=[cast.home], title="都有", photos=1)
    services.attach_document(activity=both, by=cast.officer, file=document(cast.officer))
    paper = recorded(cast, by=cast.officer, homes=[cast.home], title="只有材料")
    services.attach_document(activity=paper, by=cast.officer, file=document(cast.officer))
    recorded(cast, by=cast.officer, homes=[cast.home], title="都没有")
    rows = page(browser(cast.officer).get(LIST)).split("<tr")[1:]
    said = {name: re.findall(r"<small>((?:照片|材料) [^<]*)</small>", row) for row in rows for name in
            ("只有照片", "都有", "只有材料", "都没有") if name in row}  # fmt: skip
    assert said == {
        "只有照片": ["照片 2 张"],
        "都有": ["照片 1 张，材料 1 件"],
        "只有材料": ["材料 1 件"],
        "都没有": [],
    }


# Who sees which


def test_everybody_sees_what_concerns_them_and_nothing_else(cast):
    recorded(cast, title="两镇培训")
    recorded(cast, by=cast.officer, homes=[cast.home], title="马田镇培训")
    recorded(cast, by=cast.manager, kind="oath", homes=[cast.home], title="宣誓")
    recorded(cast, by=cast.clerk, homes=[], title="局里论坛")
    seen = {
        "secretary": {"两镇培训", "马田镇培训", "宣誓"},  # its own, and those of homes that it looks after
        "clerk": {"两镇培训", "马田镇培训", "宣誓", "局里论坛"},
        "officer": {"两镇培训", "马田镇培训", "宣誓"},
        "neighbour": {"两镇培训"},
        "manager": {"两镇培训", "马田镇培训", "宣誓"},
        "stranger": {"两镇培训"},
        "beyond": set(),
    }
    assert {name: set(titles(getattr(cast, name))) for name in seen} == seen


def test_who_leads_the_campaign_sees_all_of_it(cast):
    led = plans.make_campaign(cast.association, area=cast.county.area)
    recorded(cast, by=cast.clerk, campaign=led, task=None, homes=[], title="局里为协会办的")
    assert titles(cast.secretary) == ["局里为协会办的"]


def test_a_city_sees_what_its_counties_organise(cast):
    recorded(cast, title="县里的")
    city = cast.county.area.parent
    officer = builders.make_user(builders.make_office("bureau", area=city))
    assert titles(officer) == ["县里的"]
    assert browser(officer).get(NEW).status_code == 200


def test_a_neighbours_activity_and_its_files_are_not_found(cast):
    activity = recorded(cast, by=cast.officer, homes=[cast.home], photos=1)
    file = activity.files.get()
    stored = services.attach_document(activity=activity, by=cast.officer, file=document(cast.officer))
    paths = ["", "edit/", "void/", f"files/{file.pk}/", f"files/{file.pk}/small/", f"files/{stored.files.last().pk}/"]
    for user, status in [(cast.manager, 200), (cast.neighbour, 404), (cast.stranger, 404), (cast.beyond, 404)]:
        answers = {path: read(user, f"/activities/{activity.pk}/{path}").status_code for path in paths}
        expected = dict.fromkeys(paths, status) | ({"edit/": 403, "void/": 403} if status == 200 else {})
        assert answers == expected


def read(user, path):
    """An answer read to its end, so that the file behind it is closed."""
    response = browser(user).get(path)
    b"".join(response)
    return response


def document(by):
    return store_bytes(b"%PDF-1.4", name="签到表.pdf", content_type="application/pdf", by=by)


def test_a_photo_that_was_taken_away_is_served_to_nobody(cast):
    activity = recorded(cast, photos=1)
    row = activity.files.get()
    services.edit_activity(activity=activity, by=cast.secretary, removed=[row])
    for part in ("", "small/"):
        assert browser(cast.secretary).get(f"/activities/{activity.pk}/files/{row.pk}/{part}").status_code == 404


# The list


def test_the_list_is_filtered_by_what_people_ask_for(cast):
    second = plans.make_task(cast.campaign, "安全交流")
    recorded(cast, title="消防培训", attendances=40)
    recorded(cast, title="上一季度的", held_on=quarter_of(clock.today())[0] - clock.ONE_DAY, homes=[cast.home])
    recorded(cast, title="互查", kind="mutual_check", task=second, by=cast.officer, homes=[cast.home])
    planned(cast, title="下月论坛", kind="forum", homes=[])
    services.void_activity(activity=recorded(cast, title="重复的"), by=cast.secretary, reason="重复")
    first, last = quarter_of(clock.today())
    asked = {
        "": {"下月论坛", "互查", "消防培训", "上一季度的"},
        "?kind=training": {"消防培训", "上一季度的"},
        f"?kind=training&since={first}&until={last}": {"消防培训"},
        f"?campaign={cast.campaign.pk}&task={second.pk}": {"互查"},
        "?state=planned": {"下月论坛"},
        "?state=void": {"重复的"},
        f"?home={cast.far_home.pk}": {"消防培训"},
        f"?place={cast.township.pk}": {"互查", "消防培训", "上一季度的"},
        f"?organiser={cast.township.pk}": {"互查"},
    }
    assert {query: set(titles(cast.clerk, query)) for query in asked} == asked
    shown = browser(cast.clerk).get(LIST + "?kind=training").context
    assert [(line.kind, line.number) for line in shown["kinds"]] == [
        ("training", 2), ("forum", 1), ("mutual_check", 1)
    ]  # fmt: skip
    assert (shown["count"], shown["attendances"]) == (2, 40)
    everything = browser(cast.clerk).get(LIST).context
    assert (everything["count"], everything["planned"]) == (3, 1)


@pytest.mark.parametrize(
    "query", ["?campaign=99999", "?home=abc", "?place=" + "9" * 30, "?since=2026-13-01", "?kind=party", "?on=x"]
)
def test_a_filter_that_cannot_be_read_leaves_nothing_and_says_so(cast, query):
    recorded(cast)
    response = browser(cast.clerk).get(LIST + query)
    assert response.context["page"].rows == []
    assert "有的筛选条件不对" in page(response)


@pytest.mark.parametrize("name", ["since", "until", "on"])
@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "1999-12-31"])
def test_a_day_out_of_our_time_leaves_nothing_and_is_named(cast, name, day):
    recorded(cast)
    response = browser(cast.clerk).get(f"{LIST}?{name}={day}")
    assert (response.status_code, response.context["page"].rows) == (200, [])
    assert page(response).count("日期要在 2000-01-01 至") == 1


def test_a_filter_never_names_a_neighbours_home_or_campaign(cast):
    recorded(cast)
    far = plans.make_campaign(cast.beyond.office, title="邻县行动")
    for query in (f"?home={cast.far_home.pk}", f"?campaign={far.pk}"):
        response = browser(cast.officer).get(LIST + query)
        assert response.context["page"].rows == []
        assert "邻县行动" not in page(response)


def test_an_empty_list_says_what_to_do_next(cast):
    assert "登记活动" in page(browser(cast.secretary).get(LIST))
    evaluator = builders.make_user(builders.make_office("evaluator", area=cast.county.area))
    assert "还没有活动" in page(browser(evaluator).get(LIST))


def test_the_list_costs_the_same_for_one_and_for_fifty_and_goes_on_behind_the_fiftieth(cast):
    clients = [browser(user) for user in (cast.clerk, cast.secretary, cast.officer, cast.manager)]
    first = recorded(cast, photos=1)
    for client in clients:
        client.get(LIST)
    one = [count_queries(lambda client=client: client.get(LIST)) for client in clients]
    homes = [builders.make_facility(supervisor=cast.township) for _ in range(10)]
    for number in range(50):
        grown(first, f"第 {number} 次", [cast.home, *homes])
    many = [count_queries(lambda client=client: client.get(LIST)) for client in clients]
    assert many == one
    assert max(many) <= 12
    whole = browser(cast.clerk).get(LIST).context["page"]
    rest = browser(cast.clerk).get(f"{LIST}?after={whole.after}").context["page"]
    assert (len(whole.rows), len(rest.rows), rest.after) == (50, 1, "")


def grown(activity, title, homes):
    """The activity again, with a photo and its homes."""
    fields = {f.attname: getattr(activity, f.attname) for f in Activity._meta.concrete_fields if f.name != "id"}
    row = Activity.objects.create(**(fields | {"title": title}))
    ActivityHome.objects.bulk_create(ActivityHome(activity=row, facility=h, supervisor=h.supervisor) for h in homes)
    file = activity.files.first()
    ActivityFile.objects.create(activity=row, file=file.file, added_by=file.added_by)
    return row


def test_the_page_of_one_costs_the_same_with_many_homes_and_photos(cast):
    few, homes = recorded(cast, photos=1), [builders.make_facility(supervisor=cast.township) for _ in range(9)]
    many = recorded(cast, by=cast.clerk, photos=9, homes=[cast.home, cast.far_home, *homes])
    client = browser(cast.clerk)
    costs = [count_queries(lambda row=row: client.get(row.get_absolute_url())) for row in (few, few, many)][1:]
    assert costs[0] == costs[1]


def test_the_form_costs_the_same_with_few_homes_and_many(cast):
    client = browser(cast.clerk)
    client.get(NEW)
    few = count_queries(lambda: client.get(NEW))
    for _ in range(12):
        builders.make_facility(supervisor=cast.township)
    assert count_queries(lambda: client.get(NEW)) == few


def test_the_filtered_list_leaves_as_a_sheet(cast):
    recorded(cast, title="消防培训", people=30, attendances=45)
    recorded(cast, kind="forum", title="论坛", homes=[])
    response = browser(cast.secretary).post(LIST + "export/?kind=training")
    rows = list(openpyxl.load_workbook(BytesIO(b"".join(response))).worksheets[0].values)
    head = next(row for row in rows if "活动名称" in row)
    line = dict(zip(head, rows[rows.index(head) + 1], strict=True))
    assert (line["活动名称"], line["类别"], line["人数"], line["人次"]) == ("消防培训", "培训", 30, 45)
    assert line["参加机构"] == "马田镇敬老院、柏林镇敬老院"
    assert "论坛" not in str(rows)


# Recording


def upload(name="IMG.jpg", data=None):
    return SimpleUploadedFile(name, hazards.jpeg() if data is None else data, content_type="image/jpeg")


def post(cast, user=None, path=NEW, **fields):
    return browser(user or cast.secretary).post(path, form(cast, **fields))


def test_the_form_records_with_homes_task_and_photos(cast):
    answers = {f"homes-{cast.home.pk}-count": "12", "photos-new": [upload(), upload("2.jpg")]}
    response = post(cast, homes=[cast.home.pk, cast.far_home.pk], **answers)
    activity = Activity.objects.get()
    assert response.url == activity.get_absolute_url()
    assert (activity.organiser, activity.task, activity.people) == (cast.association, cast.task, 30)
    assert [(row.facility, row.attendances) for row in activity.homes.all()] == [(cast.home, 12), (cast.far_home, None)]
    assert activity.files.count() == 2
    shown = page(browser(cast.manager).get(response.url))
    assert "护理员消防培训" in shown
    assert "45 人次" in shown


def test_a_link_from_the_plan_fills_in_campaign_task_and_kind(cast):
    plans.make_task(plans.make_campaign(cast.county.bureau), "别的任务")
    shown = browser(cast.secretary).get(f"{NEW}?task={cast.task.pk}&kind=forum").context["form"]
    chosen = {name: shown[name].value() for name in ("campaign", "kind", f"task_{cast.campaign.pk}")}
    assert chosen == {"campaign": cast.campaign.pk, "kind": "forum", f"task_{cast.campaign.pk}": str(cast.task.pk)}


def test_the_form_starts_with_the_campaign_that_takes_records_in_the_county(cast):
    assert chosen_at_first(cast.secretary) == cast.campaign.pk
    newer = {"starts_on": in_days(-3)}
    led = plans.make_campaign(cast.association, area=cast.county.area, takes_records=False, **newer)
    plans.make_campaign(cast.county.bureau, starts_on=in_days(5))
    plans.make_campaign(builders.make_office("bureau", area=cast.county.area.parent), **newer)
    assert {chosen_at_first(user) for user in (cast.secretary, cast.officer, cast.manager)} == {cast.campaign.pk}
    assert chosen_at_first(cast.secretary, f"?campaign={led.pk}") == led.pk
    Campaign.objects.filter(pk=cast.campaign.pk).update(status="closed", closed_on=clock.today())
    assert chosen_at_first(cast.secretary) == led.pk
    Campaign.objects.filter(pk=led.pk).update(ends_on=in_days(-1))
    assert chosen_at_first(cast.secretary) is None


def chosen_at_first(user, query=""):
    return browser(user).get(NEW + query).context["form"]["campaign"].value()


def test_a_long_task_is_offered_by_its_number_and_the_beginning_of_its_title(cast):
    long = plans.make_task(cast.campaign, "对养老机构从业人员开展消防安全培训" * 5, number="（三）")
    field = browser(cast.secretary).get(NEW).context["form"].fields[f"task_{cast.campaign.pk}"]
    offered = dict(field.choices)
    assert offered[str(cast.task.pk)] == "培训养老护理员"
    assert offered[str(long.pk)] == str(long)[:39] + "…"
    assert str(long).startswith("（三）对养老机构")


def test_a_homes_page_leads_to_its_activities(cast):
    recorded(cast, title="两家的")
    recorded(cast, title="另一家的", homes=[cast.far_home])
    for user in (cast.clerk, cast.secretary, cast.officer, cast.manager):
        link = re.search(r'href="(/activities/\?home=\d+)"', page(browser(user).get(cast.home.get_absolute_url())))[1]
        assert [row.title for row in browser(user).get(link).context["page"].rows] == ["两家的"]


def test_all_homes_are_those_in_sight_that_run(cast):
    builders.make_facility(supervisor=cast.township)
    closed = builders.make_facility(supervisor=cast.township)
    Facility.objects.filter(pk=closed.pk).update(status="closed")
    post(cast, cast.officer, homes=None, all_homes="on")
    assert Activity.objects.get().homes.count() == 2


def test_the_whole_is_the_sum_where_every_home_was_counted(cast):
    counts = {f"homes-{cast.home.pk}-count": "7", f"homes-{cast.far_home.pk}-count": "5"}
    post(cast, people=None, attendances=None, homes=[cast.home.pk, cast.far_home.pk], **counts)
    assert Activity.objects.get().attendances == 12


def test_a_home_is_not_asked_which_home(cast):
    shown = browser(cast.manager).get(NEW).context["form"]
    assert "homes" not in shown.fields
    assert "training" not in dict(shown.fields["kind"].choices)
    assert post(cast, cast.manager, kind="oath", homes=None).status_code == 302
    assert Activity.objects.get().homes.get().facility == cast.home


def test_a_bureau_may_enter_what_the_association_organised(cast):
    assert post(cast, cast.clerk, organiser=cast.association.pk).status_code == 302
    assert Activity.objects.get().organiser == cast.association
    stranger = builders.make_user(cast.township)
    assert post(cast, stranger, organiser=cast.association.pk, sent_key=uuid.uuid4()).status_code == 302
    assert Activity.objects.latest("pk").organiser == cast.township  # a township is not asked, whatever it sends


BAD = [
    ({"title": ""}, "请填写“活动名称”。"),
    ({"kind": "party"}, "party"),
    ({"held_on": "2026-02-30"}, "日期"),
    ({"held_on": "9999-12-31"}, "日期要在 2000-01-01 至"),
    ({"held_on": "1926-05-01", "campaign": ""}, "日期要在 2000-01-01 至"),
    ({"until_on": "9999-12-31"}, "日期要在 2000-01-01 至"),
    ({"people": "50"}, "人次不能少于人数"),
    ({"people": "-3"}, "大于或等于"),
    ({"attendances": "9" * 30}, "小于或等于"),
    ({"until_on": "2020-01-01"}, "结束日期不能早于开始日期"),
    ({"campaign": "9" * 30}, "选择一个有效的选项"),
    ({"homes": ["999999"]}, "不在您范围内"),
    ({"homes": ["9" * 40]}, "不在您范围内"),
]


@pytest.mark.parametrize("fields, sentence", BAD, ids=[str(fields)[:30] for fields, _ in BAD])
def test_bad_input_is_answered_with_what_was_typed_and_nothing_saved(cast, fields, sentence):
    response = post(cast, place="县委党校三楼", **({"homes": [cast.home.pk]} | fields), **{"photos-new": [upload()]})
    shown = page(response)
    assert response.status_code == 422
    assert sentence in shown
    assert "县委党校三楼" in shown
    assert re.search('name="photos" value="[^"]+"', shown)
    assert not Activity.objects.exists()


def test_a_bad_number_beside_a_home_is_named_and_the_ticks_stay(cast):
    response = post(cast, **{f"homes-{cast.home.pk}-count": "十二"})
    shown = page(response)
    assert response.status_code == 422
    assert "马田镇敬老院的人次请只写数字" in shown
    assert f'value="{cast.home.pk}" checked' in shown
    assert 'value="十二"' in shown


def test_what_a_rule_refuses_is_a_409_that_keeps_what_was_typed(cast):
    response = post(cast, held_on=in_days(-201), place="党校")
    assert response.status_code == 409
    assert "不在" in page(response)
    assert 'value="党校"' in page(response)


def test_a_neighbours_home_or_campaign_in_the_body_is_refused(cast):
    far = plans.make_campaign(cast.beyond.office)
    assert post(cast, cast.officer, homes=[cast.far_home.pk]).status_code == 422
    assert post(cast, cast.officer, campaign=far.pk).status_code == 422
    assert not Activity.objects.exists()


# Afterwards


def test_a_plan_is_held_with_counts_and_photos(cast):
    activity = planned(cast, homes=[cast.home])
    with clock.at(clock.now() + 11 * clock.ONE_DAY):
        client = browser(cast.secretary)
        assert "还没有登记开展情况" in page(client.get(activity.get_absolute_url()))
        sent = form(cast, held_on=activity.held_on, version=1, sent_key=None, **{"photos-new": [upload()]})
        assert client.post(f"{activity.get_absolute_url()}hold/", sent).status_code == 302
    activity.refresh_from_db()
    assert (activity.status, activity.attendances, activity.files.count()) == ("recorded", 45, 1)


def test_a_plan_that_is_edited_asks_for_no_counts(cast):
    shown = browser(cast.secretary).get(f"/activities/{planned(cast).pk}/edit/").context["form"]
    assert not {"people", "attendances"} & set(shown.fields)


def test_editing_takes_a_photo_away_and_keeps_the_homes(cast):
    activity = recorded(cast, photos=2, homes=[services.TakingPart(cast.home, 4), cast.far_home])
    client, path = browser(cast.secretary), f"/activities/{activity.pk}/edit/"
    shown = client.get(path).context["form"]
    assert shown["homes"].value() == [(cast.home.pk, 4, ""), (cast.far_home.pk, "", "")]
    sent = form(cast, version=1, sent_key=None, removed=[activity.files.first().pk])
    assert client.post(path, sent).status_code == 302
    assert activity.files.filter(removed_at=None).count() == 1
    assert [row.facility for row in activity.homes.all()] == [cast.home]


def test_a_stale_page_is_answered_with_what_was_typed(cast):
    activity = recorded(cast)
    services.edit_activity(activity=activity, by=cast.secretary, changes={"place": "党校"})
    sent = form(cast, version=1, sent_key=None, title="我的标题")
    response = post_to(cast.secretary, f"/activities/{activity.pk}/edit/", sent)
    assert response.status_code == 409
    assert "刚刚被别人改过" in page(response)
    assert "我的标题" in page(response)
    assert 'name="version" value="2"' in page(response)


def post_to(user, path, sent):
    return browser(user).post(path, sent)


def test_voiding_asks_why_and_is_refused_the_second_time(cast):
    path = f"/activities/{recorded(cast).pk}/void/"
    assert post_to(cast.secretary, path, {"version": 1, "reason": ""}).status_code == 422
    assert post_to(cast.secretary, path, {"version": 7, "reason": "重复"}).status_code == 409
    assert post_to(cast.secretary, path, {"version": 1, "reason": "重复登记"}).status_code == 302
    again = browser(cast.secretary).post(path, {"version": 2, "reason": "重复"}, follow=True)
    assert "当前为“已作废”，不能作废" in page(again)
    assert "<b>已作废：</b>重复登记" in page(again)


def test_a_document_is_added_on_the_page_and_nothing_else_than_a_document(cast):
    activity = recorded(cast)
    path = f"/activities/{activity.pk}/attach/"
    for name, data in [("签到表.pdf", b"%PDF-1.4 x"), ("a.pdf", b"MZ"), ("b.pdf", None)]:
        file = {"document": SimpleUploadedFile(name, data)} if data else {}
        assert post_to(cast.secretary, path, file).status_code == 302
    assert [row.file.name for row in activity.files.all()] == ["签到表.pdf"]
    row = activity.files.get()
    answer = read(cast.manager, f"/activities/{activity.pk}/files/{row.pk}/")
    assert answer["Content-Disposition"].startswith("attachment")
    assert post_to(cast.manager, path, {}).status_code == 403


def test_the_outbox_is_told_what_is_wrong_in_sentences(cast):
    head = {"X-Portal-Outbox": str(uuid.uuid4()), "X-Portal-User": str(cast.secretary.pk)}
    told = browser(cast.secretary).post(NEW, activities.form(cast, title=""), headers=head)
    assert (told.status_code, told.json()["outcome"]) == (422, "refused")
    assert "活动名称" in told.json()["errors"][0]
