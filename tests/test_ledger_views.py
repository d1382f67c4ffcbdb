"""Views that somebody keeps: saved, shared, opened first, tidied and refused."""

import pytest
from django.db import IntegrityError, transaction

from campaign_portal.audit.models import Event
from campaign_portal.lists import services
from campaign_portal.lists.models import FirstView, SavedView
from inspections.models import Category

from . import builders, hazards
from .builders import browser
from .hazards import Cast

pytestmark = pytest.mark.django_db

SAVE = "/views/save/"


@pytest.fixture
def cast():
    cast = Cast()
    cast.colleague = builders.make_user(cast.bureau, name="同事")
    cast.administrator = builders.make_user(cast.bureau, is_clerk=False, is_administrator=True)
    return cast


def save(user, name="消防", query="category=1&state=open", **sent):
    return browser(user).post(SAVE, {"list": "hazards", "name": name, "query": query, **sent})


def keep(user, name="消防", query="state=open", **rest):
    return services.save_view(by=user, code="hazards", name=name, query=query, **rest)


def names(user):
    return [view.name for view in browser(user).get("/hazards/?state=all").context["saved"]]


# Saving


def test_a_view_keeps_filters_order_and_columns_but_no_page(cast):
    category = Category.objects.get(code="fire", owner=None)
    query = f"category={category.pk}&state=open&q=&sort=-found&columns=code,closed_at&after=abc&utm=1"
    response = save(cast.clerk, "消防未整改", query)
    view = SavedView.objects.get()
    assert view.query == f"state=open&category={category.pk}&sort=-found&columns=code%2Cclosed_at"
    assert response.url == f"/hazards/?{view.query}"
    opened = browser(cast.clerk).get(f"/views/{view.pk}/", follow=True)
    assert opened.context["order"].token == "-found"
    assert [column.key for column in opened.context["columns"]] == ["code", "closed_at"]
    assert opened.context["saved_here"] == view
    event = Event.objects.get(verb="view.saved")
    assert (event.actor, event.target_pk, event.county_code) == (cast.clerk, view.pk, cast.bureau.county_code)


def test_equal_views_are_recognised_however_they_were_typed(cast):
    view = keep(cast.clerk, query="sort=-found&grade=major&state=")
    page = browser(cast.clerk).get("/hazards/?grade=major&q=&state=unfinished&sort=-found&before=x")
    assert page.context["saved_here"] == view
    assert browser(cast.clerk).get("/hazards/?grade=major").context["saved_here"] is None


def test_the_same_name_again_takes_the_new_query(cast):
    save(cast.clerk, query="state=open")
    save(cast.clerk, query="state=closed")
    assert SavedView.objects.get().query == "state=closed"


def test_two_people_may_use_the_same_name(cast):
    save(cast.clerk)
    save(cast.colleague)
    assert SavedView.objects.filter(name="消防").count() == 2


BAD = [
    ({"name": ""}, "请给视图起个名称"),
    ({"name": "   "}, "请给视图起个名称"),
    ({"name": "长" * 21}, "名称最多 20 个字"),
    ({"name": "坏\0字"}, ""),
    ({"list": "users"}, "没有这个列表"),
    ({"list": ""}, "页面已过时"),
    ({"query": "q=" + "x" * 3990 + "&campaign=1"}, "筛选条件太长"),
    ({"query": "q=" + "x" * 5000}, "筛选条件太长"),
]


@pytest.mark.parametrize("sent, sentence", BAD)
def test_what_cannot_be_saved_is_said_and_kept(cast, sent, sentence):
    response = save(cast.clerk, **({"query": "state=open&grade=major"} | sent))
    page = response.content.decode()
    assert response.status_code == 422
    assert sentence in page
    assert not SavedView.objects.exists()
    if "query" not in sent:
        assert 'name="query" value="state=open&amp;grade=major"' in page


def test_strange_names_and_queries_do_no_harm(cast):
    for number, (name, query) in enumerate(
        [("😀<script>", "state=open"), ("=cmd()", "%00=%00&state=%00"), ("'; --", "&&&==&state=open&state=all")]
    ):
        response = browser(cast.clerk).post(SAVE, {"list": "hazards", "name": name, "query": query}, follow=True)
        assert response.status_code == 200
        assert SavedView.objects.count() == number + 1
    assert "<script>" not in browser(cast.clerk).get("/views/").content.decode().split("😀")[1][:20]


def test_twenty_views_a_person_and_the_others_are_not_counted(cast):
    for number in range(20):
        keep(cast.clerk, f"视图{number}")
    keep(cast.colleague, "同事的", share=True)
    response = save(cast.clerk, "第二十一个")
    assert response.status_code == 422
    assert "每人最多保存 20 个视图" in response.content.decode()
    assert save(cast.clerk, "视图3", "state=all").status_code == 302  # one that is there already
    assert save(cast.colleague, "第二个").status_code == 302


# Whose it is


def test_a_view_is_its_owners_until_it_is_shared(cast):
    view = keep(cast.clerk)
    colleague = browser(cast.colleague)
    assert names(cast.colleague) == []
    for path in ("", "rename/", "share/", "first/", "delete/"):
        method = colleague.post if path else colleague.get
        assert method(f"/views/{view.pk}/{path}", {"name": "x"}).status_code == 404, path
    services.share_view(view=view, by=cast.clerk)
    assert names(cast.colleague) == ["消防"]
    assert colleague.get(f"/views/{view.pk}/").url == "/hazards/?state=open"
    for path in ("rename/", "delete/"):
        assert colleague.post(f"/views/{view.pk}/{path}", {"name": "x"}).status_code == 403, path
    assert colleague.post(f"/views/{view.pk}/share/", {"share": "0"}).status_code == 403
    assert SavedView.objects.get().is_shared


def test_another_offices_view_is_not_found_even_when_shared(cast):
    view = keep(cast.clerk, share=True)
    for user in (cast.officer, cast.fire, cast.manager, Cast().clerk):
        assert browser(user).get(f"/views/{view.pk}/").status_code == 404
        assert browser(user).post(f"/views/{view.pk}/first/", {"first": "1"}).status_code == 404
        assert names(user) == []


def test_who_moves_to_another_office_leaves_his_views_behind(cast):
    view = keep(cast.clerk, share=True)
    cast.clerk.office = cast.township
    cast.clerk.save(update_fields=["office"])
    moved = builders.fresh(cast.clerk)
    assert names(moved) == []
    assert browser(moved).get(f"/views/{view.pk}/").status_code == 404
    assert names(cast.colleague) == ["消防"]


def test_an_administrator_ends_the_sharing_of_others_but_changes_nothing_else(cast):
    view = keep(cast.clerk, share=True)
    client = browser(cast.administrator)
    assert client.post(f"/views/{view.pk}/rename/", {"name": "x"}).status_code == 403
    assert client.post(f"/views/{view.pk}/share/", {"share": "0"}).status_code == 302
    view.refresh_from_db()
    assert (view.is_shared, view.name) == (False, "消防")
    assert names(cast.clerk) == ["消防"]


def test_an_administrator_without_casework_shares_nothing(cast):
    view = keep(cast.administrator)
    assert browser(cast.administrator).post(f"/views/{view.pk}/share/", {"share": "1"}).status_code == 403
    assert save(cast.administrator, "另一个", share="1").status_code == 403
    assert SavedView.objects.filter(is_shared=True).count() == 0
    assert SavedView.objects.count() == 1


def test_a_name_is_shared_once_an_office(cast):
    keep(cast.clerk, share=True)
    view = keep(cast.colleague)
    page = browser(cast.colleague).post(f"/views/{view.pk}/share/", {"share": "1"}, follow=True).content.decode()
    assert "本单位已有同名的共用视图" in page
    assert names(cast.colleague) == ["消防", "消防"]
    other = keep(Cast().clerk, share=True)  # another office may
    assert other.is_shared


def test_a_shared_view_shows_each_reader_only_his_own_rows(cast):
    other = Cast()
    hazards.opened(other, summary="邻县的")
    hazards.opened(cast, summary="本县的")
    view = keep(cast.clerk, query=f"state=all&facility={other.home.pk}", share=True)
    response = browser(cast.colleague).get(f"/views/{view.pk}/", follow=True)
    assert "邻县的" not in response.content.decode()
    assert response.context["problems"]


# Renaming, deleting


def test_a_view_is_renamed_and_deleted(cast):
    view, client = keep(cast.clerk), browser(cast.clerk)
    client.post(f"/views/{view.pk}/rename/", {"name": " 新  名 "})
    view.refresh_from_db()
    assert view.name == "新 名"
    assert Event.objects.get(verb="view.renamed").changes == {"名称": ["消防", "新 名"]}
    client.post(f"/views/{view.pk}/delete/")
    assert not SavedView.objects.exists()
    assert Event.objects.filter(verb="view.deleted").exists()
    assert client.post(f"/views/{view.pk}/delete/").status_code == 404


def test_a_name_that_is_taken_is_refused_beside_what_was_typed(cast):
    keep(cast.clerk, "一")
    view = keep(cast.clerk, "二")
    response = browser(cast.clerk).post(f"/views/{view.pk}/rename/", {"name": "一"})
    assert response.status_code == 422
    assert "您已有同名的视图" in response.content.decode()
    view.refresh_from_db()
    assert view.name == "二"
    empty = browser(cast.clerk).post(f"/views/{view.pk}/rename/", {"name": ""})
    assert (empty.status_code, "请给视图起个名称" in empty.content.decode()) == (422, True)


def test_the_database_itself_refuses_a_view_without_a_name_or_query(cast):
    for columns in ({"name": "", "query": "state=all"}, {"name": "x", "query": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            SavedView.objects.create(list="hazards", owner=cast.clerk, office=cast.bureau, **columns)


# Opened first


def test_the_ledger_opens_with_the_view_that_was_made_the_first(cast):
    view, client = keep(cast.clerk, query="state=closed&sort=-closed"), browser(cast.clerk)
    client.post(f"/views/{view.pk}/first/", {"first": "1"})
    assert client.get("/hazards/").url == "/hazards/?state=closed&sort=-closed"
    assert client.get("/hazards/?state=unfinished").status_code == 200  # 未销号 and 清除筛选
    assert browser(cast.colleague).get("/hazards/").status_code == 200
    other = keep(cast.clerk, "另一个", query="state=all")
    client.post(f"/views/{other.pk}/first/", {"first": "1"})
    assert client.get("/hazards/").url == "/hazards/?state=all"
    client.post(f"/views/{other.pk}/first/", {"first": "0"})
    assert client.get("/hazards/").status_code == 200


def test_a_colleagues_shared_view_may_come_first_as_long_as_it_is_shared(cast):
    view = keep(cast.clerk, share=True)
    client = browser(cast.colleague)
    client.post(f"/views/{view.pk}/first/", {"first": "1"})
    assert client.get("/hazards/").url == "/hazards/?state=open"
    services.unshare_view(view=view, by=cast.clerk)
    assert client.get("/hazards/").status_code == 200
    assert not FirstView.objects.exists()


def test_deleting_the_first_view_lets_the_ledger_open_as_it_comes(cast):
    view = keep(cast.clerk)
    services.open_with(view=view, by=cast.clerk)
    services.delete_view(view=view, by=cast.clerk)
    assert browser(cast.clerk).get("/hazards/").status_code == 200


def test_a_saved_view_whose_category_is_gone_says_so(cast):
    hazards.opened(cast)
    category = Category.objects.create(code="old", name="旧类别", field="fire", valid_from=builders.LONG_AGO)
    view = keep(cast.clerk, query=f"category={category.pk}")
    services.open_with(view=view, by=cast.clerk)
    category.delete()
    page = browser(cast.clerk).get("/hazards/", follow=True).content.decode()
    assert "有筛选条件读不懂：“类别”" in page
    assert "去掉“类别”这个条件" in page


def test_the_page_of_views_says_what_to_do_when_there_is_none(cast):
    page = browser(cast.manager).get("/views/").content.decode()
    assert "还没有保存的视图" in page and "去筛选" in page
    keep(cast.manager, "本院的")
    assert "设为先看" in browser(cast.manager).get("/views/").content.decode()


def test_the_list_of_views_costs_the_same_for_one_and_for_many(cast):
    client = browser(cast.clerk)
    keep(cast.clerk, "零")
    client.get("/views/")
    few = builders.count_queries(lambda: client.get("/views/"))
    for number in range(15):
        keep(cast.clerk, f"视图{number}")
        keep(cast.colleague, f"同事{number}", share=True)
    assert builders.count_queries(lambda: client.get("/views/")) == few
