"""The pages of summaries as clerks use them: ordering, writing with evidence, taking paragraphs over, deciding."""

import datetime
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from campaign_portal import clock
from campaign_portal.accounts.access import Role
from campaign_portal.campaigns import metrics
from campaign_portal.campaigns.models import Campaign, Submission, SubmissionFile, SummaryRound
from campaign_portal.campaigns.submissions import steps

from . import builders, hazards, summaries
from .builders import browser, in_days
from .summaries import Cast

pytestmark = pytest.mark.django_db
S = Submission.Status


@pytest.fixture
def cast():
    return Cast()


@pytest.fixture
def ordered(cast):
    return summaries.ordered(cast)


def text(response):
    return response.content.decode()


def write_url(submission):
    return f"{submission.get_absolute_url()}write/"


def typed(content=None, *, version=0, **rest):
    return {"version": version} | {f"text_{n}": t for n, t in (content or summaries.words()).items()} | rest


# Ordering


def order_form(cast, **changes):
    parts = {f"title_{n}": f"第{n}部分标题" for n in range(1, 5)} | {f"guidance_{n}": "提示" for n in range(1, 5)}
    fields = {
        "title": "四年总结",
        "due_on": in_days(10),
        "own_due_on": in_days(15),
        "figures_on": in_days(10),
        "first_year": 2023,
        "last_year": 2026,
        "receiver_name": "郴州市民政局",
        "offices": [cast.townships[0].pk],
        "metrics": ["facilities.count"],
    }
    return fields | parts | changes


def test_the_bureau_orders_a_round_from_the_form(cast):
    page, url = browser(cast.clerk), f"/campaigns/{cast.campaign.pk}/summaries/new/"
    shown = text(page.get(url))
    assert "主要工作及成效" in shown and "马田镇民政办" in shown and "隐患整改销号率" in shown
    assert page.post(url, order_form(cast)).status_code == 302
    made = SummaryRound.objects.get()
    assert (made.title, made.metrics, made.years) == ("四年总结", ["facilities.count"], [2023, 2024, 2025, 2026])
    assert [part.title for part in made.parts.all()] == [f"第{n}部分标题" for n in range(1, 5)]
    assert set(made.submissions.values_list("office", flat=True)) == {cast.townships[0].pk, cast.bureau.pk}


@pytest.mark.parametrize(
    "changes, sentence",
    [
        ({"own_due_on": in_days(9)}, "不能早于下级报送的截止日期"),
        ({"due_on": in_days(-1)}, "截止日期不能早于今天"),
        ({"first_year": 2027}, "从早到晚"),
        ({"first_year": 2010}, "最多 10 年"),
        ({"offices": []}, "请选择“哪些单位要报送”。"),
        ({"offices": ["999999"]}, "选择一个有效的选项"),
        ({"metrics": ["no.such"]}, "选择一个有效的选项"),
        ({"title_2": ""}, "请填写“第二部分”。"),
    ],
)
def test_an_order_that_makes_no_sense_is_refused_and_keeps_what_was_typed(cast, changes, sentence):
    answer = browser(cast.clerk).post(f"/campaigns/{cast.campaign.pk}/summaries/new/", order_form(cast, **changes))
    assert answer.status_code == 422
    assert sentence in text(answer) and "第3部分标题" in text(answer)
    assert not SummaryRound.objects.exists()


def test_a_title_that_is_taken_is_a_conflict(cast, ordered):
    sent = order_form(cast, title=ordered.title)
    answer = browser(cast.clerk).post(f"/campaigns/{cast.campaign.pk}/summaries/new/", sent)
    assert answer.status_code == 409 and "同名" in text(answer)


def test_dates_are_moved_and_a_township_added_later(cast):
    ordered = summaries.ordered(cast, offices=cast.townships[:1])
    url = f"/campaigns/summaries/rounds/{ordered.pk}/edit/"
    page = browser(cast.clerk)
    assert "柏林镇民政办" in text(page.get(url)) and "title_1" not in text(page.get(url))
    days = {"due_on": in_days(12), "own_due_on": in_days(18), "figures_on": in_days(12)}
    assert page.post(url, days | {"offices": [cast.townships[1].pk], "metrics": []}).status_code == 302
    ordered.refresh_from_db()
    assert (ordered.due_on, ordered.own_due_on, ordered.metrics) == (in_days(12), in_days(18), [])
    assert summaries.of(ordered, cast.townships[1]).due_on == in_days(12)
    assert page.get(url).status_code == 200  # nobody is left to add
    assert page.post(url, days | {"own_due_on": in_days(1)}).status_code == 422
    assert browser(builders.make_user(cast.bureau, is_clerk=False, is_administrator=True)).get(url).status_code == 403


def test_a_figure_that_has_nothing_to_count_yet_stays_in_a_round_that_is_changed(cast, monkeypatch):
    nameless = metrics.Metric("test.nothing", frozenset(), lambda user, campaign, on=None: None)
    monkeypatch.setitem(metrics.METRICS, "test.nothing", nameless)
    ordered = summaries.ordered(cast, metrics=["facilities.count", "test.nothing"])
    days = {"due_on": in_days(12), "own_due_on": in_days(18), "figures_on": in_days(12)}
    url, page = f"/campaigns/summaries/rounds/{ordered.pk}/edit/", browser(cast.clerk)
    assert "test.nothing" not in text(page.get(url))  # it could only be shown by its code
    assert page.post(url, days | {"metrics": ["hazards.overdue"]}).status_code == 302
    ordered.refresh_from_db()
    assert ordered.metrics == ["hazards.overdue", "test.nothing"]


# Who sees what


def test_homes_departments_and_evaluators_see_nothing_of_it(cast, ordered):
    submission = summaries.handed_in(ordered, cast.first)
    home = builders.make_home_user(cast.home(cast.townships[0]))
    fire = builders.make_user(cast.county.departments["fire"])
    evaluator = builders.make_user(builders.make_office(Role.EVALUATOR, area=cast.county.area))
    for person in (home, fire, evaluator):
        for url in ("/campaigns/summaries/", ordered.get_absolute_url(), submission.get_absolute_url()):
            assert browser(person).get(url).status_code == 403
        assert "总结报送" not in text(browser(person).get("/"))


def test_a_summary_is_its_offices_until_handed_in_then_the_bureaus_too_and_never_a_neighbours(cast, ordered):
    submission = summaries.of(ordered, cast.first.office)
    url = submission.get_absolute_url()
    answers = {cast.first: 200, cast.clerk: 404, cast.second: 404}
    assert {person: browser(person).get(url).status_code for person in answers} == answers
    summaries.handed_in(ordered, cast.first)
    answers = {cast.first: 200, cast.clerk: 200, cast.second: 404}
    assert {person: browser(person).get(url).status_code for person in answers} == answers
    far = builders.make_user(builders.make_county("邻县").bureau)
    assert browser(far).get(url).status_code == browser(far).get(ordered.get_absolute_url()).status_code == 404


def test_an_association_that_does_not_lead_finds_an_empty_page(cast, ordered):
    secretary = builders.make_user(builders.make_office(Role.ASSOCIATION, area=cast.county.area))
    page = browser(secretary)
    assert "还没有总结报送" in text(page.get("/campaigns/summaries/"))
    assert page.get(ordered.get_absolute_url()).status_code == 404
    assert page.get(f"/campaigns/{cast.campaign.pk}/summaries/new/").status_code == 403


def test_a_township_is_led_from_the_round_to_its_own_summary(cast, ordered):
    answer = browser(cast.first).get(ordered.get_absolute_url())
    assert answer.url == summaries.of(ordered, cast.first.office).get_absolute_url()
    assert ordered.title in text(browser(cast.first).get("/campaigns/summaries/"))


# The round's page


def test_the_bureau_sees_who_has_not_handed_in_with_the_offices_telephone_and_who_was_late(cast, ordered):
    cast.home(cast.townships[1], director_phone="13900000009")
    with clock.at(clock.now() + datetime.timedelta(days=12)):
        summaries.handed_in(ordered, cast.first)
        shown = text(browser(cast.clerk).get(ordered.get_absolute_url()))
    assert '<span class="mark">逾期 2 天</span>' in shown
    assert "逾期 2 天未报" in shown
    assert shown.count("tel:0735-5520001") == 1  # only of the one that has not handed in
    assert "13900000009" not in shown


def test_the_latest_handing_in_is_shown_and_the_first_beside_it(cast, ordered):
    submission = summaries.handed_in(ordered, cast.first)
    first = f"{clock.today():%m-%d}"
    urls = (submission.get_absolute_url(), ordered.get_absolute_url())
    assert not any("首次" in text(browser(cast.clerk).get(url)) for url in urls)
    steps.send_back(submission=submission, by=cast.clerk, comments={}, comment="改")
    with clock.at(clock.now() + datetime.timedelta(days=2)):
        steps.submit(submission=submission, by=cast.first)
        for url in urls:
            shown = text(browser(cast.clerk).get(url))
            assert f"{clock.today():%m-%d}" in shown and f"<small>首次 {first}</small>" in shown


def counts(client, ordered):
    """(what the list of rounds, what the round's page says)"""
    listed = re.search(r"</progress> ([^<]*)</td>", text(client.get("/campaigns/summaries/")))[1]
    tile = re.search(
        r'已报送</span><span class="v">(\d+)<small>/ (\d+)</small></span><span class="n">(.*?)截止',
        page_of(client, ordered),
    )
    return listed, tile.groups()


def page_of(client, row):
    return text(client.get(row.get_absolute_url()))


def test_one_that_was_sent_back_is_not_handed_in_until_it_comes_again(cast, ordered):
    client, own = browser(cast.clerk), summaries.of(ordered, cast.bureau)
    for by in (cast.first, cast.second):
        summaries.handed_in(ordered, by)
    assert counts(client, ordered) == ("2 / 2，采用 0", ("2", "2", ""))
    submission = summaries.of(ordered, cast.first.office)
    steps.send_back(submission=submission, by=cast.clerk, comments={}, comment="改")
    assert counts(client, ordered) == ("1 / 2，采用 0，退回修改 1", ("1", "2", "退回修改 1，"))
    assert "1 个乡镇未报" in page_of(client, own)
    steps.submit(submission=submission, by=cast.first)
    assert counts(client, ordered) == ("2 / 2，采用 0", ("2", "2", ""))
    assert "个乡镇未报" not in page_of(client, own)


def test_the_county_is_asked_before_it_hands_in_without_all_its_townships(cast, ordered):
    for by in (cast.first, cast.second):
        summaries.handed_in(ordered, by)
    own = summaries.of(ordered, cast.bureau)
    summaries.save(own, cast.approver)
    page = browser(cast.approver)
    assert "还有 2 个乡镇没有采用，确定？" in text(page.get(own.get_absolute_url()))
    for by in (cast.first, cast.second):
        steps.accept(submission=summaries.of(ordered, by.office), by=cast.clerk)
    assert "没有采用" not in text(page.get(own.get_absolute_url()))


def test_a_new_round_proposes_no_days(cast):
    page = browser(cast.clerk).get(f"/campaigns/{cast.campaign.pk}/summaries/new/")
    assert [page.context["form"][name].value() for name in ("due_on", "own_due_on", "figures_on")] == [None] * 3


@pytest.mark.parametrize(
    "first, last, year",
    [
        ("2026-03-01", "2026-12-31", 2026),
        ("2026-11-01", "2027-03-31", 2026),  # what runs over into the next year is called by the one in which it began
        ("2024-01-01", "2026-12-31", 2026),  # of one that runs for years: as far as it has come
        ("2025-01-01", "2029-12-31", 2026),
    ],
)
def test_the_years_of_a_new_round_end_with_the_year_of_the_campaign(cast, first, last, year):
    Campaign.objects.filter(pk=cast.campaign.pk).update(starts_on=first, ends_on=last)
    with clock.at(datetime.datetime(2026, 12, 5, 4, tzinfo=datetime.UTC)):
        page = browser(cast.clerk).get(f"/campaigns/{cast.campaign.pk}/summaries/new/")
    form = page.context["form"]
    assert (form["first_year"].value(), form["last_year"].value()) == (year - 3, year)


# Writing


def test_a_township_writes_adds_evidence_and_hands_in(cast, ordered):
    submission, page = summaries.of(ordered, cast.first.office), browser(cast.first)
    assert "还没有写" in text(page.get(submission.get_absolute_url()))
    pdf = SimpleUploadedFile("台账.pdf", b"%PDF-1.4 x")
    files = {"files_1-new": [pdf, hazards.upload("现场.jpg")]}
    assert page.post(write_url(submission), typed(**files)).status_code == 302
    names = set(SubmissionFile.objects.filter(part__submission=submission).values_list("file__name", flat=True))
    assert names == {"台账.pdf", "现场.jpg"}
    shown = text(page.get(submission.get_absolute_url()))
    assert "工作扎实之1" in shown and "台账.pdf" in shown
    answer = page.post(f"{submission.get_absolute_url()}submit/", {"version": 1}, follow=True)
    assert "总结已报送" in text(answer)
    assert summaries.of(ordered, cast.first.office).status == S.SUBMITTED


def test_evidence_is_read_by_who_sees_the_summary_and_taken_away_again(cast, ordered):
    submission, page = summaries.of(ordered, cast.first.office), browser(cast.first)
    page.post(write_url(submission), typed(**{"files_2-new": [SimpleUploadedFile("表.pdf", b"%PDF-1.4 x")]}))
    row = SubmissionFile.objects.get()
    url = f"{submission.get_absolute_url()}files/{row.pk}/"
    assert b"".join(page.get(url)) == b"%PDF-1.4 x"
    assert [browser(person).get(url).status_code for person in (cast.clerk, cast.second)] == [404, 404]
    other = summaries.of(ordered, cast.second.office)
    assert browser(cast.second).get(f"{other.get_absolute_url()}files/{row.pk}/").status_code == 404
    assert page.post(write_url(submission), typed(version=1, drop_2=[row.pk])).status_code == 302
    assert not SubmissionFile.objects.exists()


def add_file(page, submission, name, **rest):
    page.post(
        write_url(submission), typed(**{"files_2-new": [SimpleUploadedFile(name, f"%PDF-1.4 {name}".encode())]}, **rest)
    )
    return SubmissionFile.objects.get(file__name=name)


def test_others_read_the_evidence_that_was_handed_in_until_it_is_handed_in_again(cast, ordered):
    submission, page, bureau = summaries.of(ordered, cast.first.office), browser(cast.first), browser(cast.clerk)
    old = add_file(page, submission, "旧表.pdf")
    steps.submit(submission=submission, by=cast.first)
    steps.send_back(submission=submission, by=cast.clerk, comments={}, comment="改")
    new = add_file(page, submission, "新表.pdf", version=1, drop_2=[old.pk])
    url = submission.get_absolute_url()

    def read_by(client):
        shown = text(client.get(url))
        answers = [client.get(f"{url}files/{row.pk}/") for row in (old, new)]
        codes = [answer.status_code for answer in answers if b"".join(answer)]
        return *(f"files/{row.pk}/" in shown for row in (old, new)), codes

    assert read_by(bureau) == (True, False, [200, 404])
    assert read_by(page) == (False, True, [404, 200])
    steps.submit(submission=submission, by=cast.first)
    assert read_by(bureau) == read_by(page) == (False, True, [404, 200])
    assert SubmissionFile.objects.get() == new


def test_a_file_that_is_no_evidence_is_refused_and_the_good_one_beside_it_waits(cast, ordered):
    submission, page = summaries.of(ordered, cast.first.office), browser(cast.first)
    good, bad = SimpleUploadedFile("好.pdf", b"%PDF-1.4 x"), SimpleUploadedFile("坏.exe", b"MZ\x00\x00")
    answer = page.post(write_url(submission), typed(**{"files_1-new": [good, bad]}))
    assert answer.status_code == 422
    shown = text(answer)
    assert "坏.exe" in shown and "好.pdf（已收到）" in shown and "工作扎实之4</textarea>" in shown
    token = answer.context["form"]["files_1"].value()[0]["token"]
    assert browser(cast.first).post(write_url(submission), typed(files_1=[token])).status_code == 302
    assert SubmissionFile.objects.get().file.name == "好.pdf"


def test_a_neighbours_pending_file_is_not_taken(cast, ordered):
    other, own = summaries.of(ordered, cast.second.office), summaries.of(ordered, cast.first.office)
    answer = browser(cast.second).post(
        write_url(other), {"version": "x", "files_1-new": [SimpleUploadedFile("邻.pdf", b"%PDF-1.4 x")]}
    )
    token = answer.context["form"]["files_1"].value()[0]["token"]
    assert browser(cast.first).post(write_url(own), typed(files_1=[token, "伪造"])).status_code == 302
    assert not SubmissionFile.objects.exists()


def test_too_many_files_of_a_part_are_refused_with_a_sentence(cast, ordered, monkeypatch):
    monkeypatch.setattr("campaign_portal.campaigns.submissions.writing.MOST_FILES", 1)
    submission = summaries.of(ordered, cast.first.office)
    two = [SimpleUploadedFile(f"{n}.pdf", f"%PDF-1.4 {n}".encode()) for n in range(2)]
    answer = browser(cast.first).post(write_url(submission), typed(**{"files_1-new": two}))
    assert answer.status_code == 409 and "超过 1 份" in text(answer)
    assert (SubmissionFile.objects.count(), submission.drafts.count()) == (0, 0)


def test_what_has_been_handed_in_opens_no_form(cast, ordered):
    submission = summaries.handed_in(ordered, cast.first)
    answer = browser(cast.first).get(write_url(submission), follow=True)
    assert answer.redirect_chain == [(submission.get_absolute_url(), 302)]
    assert "当前为“已报送”，不能填写" in text(answer)
    late = browser(cast.first).post(write_url(submission), typed(summaries.words("晚到的话"), version=1))
    assert late.status_code == 409
    assert "当前为“已报送”，不能填写" in text(late) and "晚到的话之2</textarea>" in text(late)
    assert browser(cast.clerk).get(write_url(submission)).status_code == 403


# Taking paragraphs over


@pytest.fixture
def own(cast, ordered):
    summaries.handed_in(ordered, cast.first, summaries.words() | {"1": "　　马田一段\n\n马田二段"})
    summaries.handed_in(ordered, cast.second, summaries.words() | {"1": "柏林一段"})
    return summaries.of(ordered, cast.bureau)


def keys(cast, ordered, *lines):
    """The names of paragraphs of part 1, by (who, line)."""
    found = {by: summaries.of(ordered, by.office) for by in (cast.first, cast.second)}
    return [f"{found[by].pk}:{found[by].sent_number}:1:{line}" for by, line in lines]


def test_the_ticked_paragraphs_are_added_with_where_they_come_from(cast, ordered, own):
    page = browser(cast.clerk)
    shown = text(page.get(write_url(own)))
    assert "马田二段" in shown and "柏林一段" in shown
    taken = keys(cast, ordered, (cast.second, 0), (cast.first, 1))
    answer = page.post(write_url(own), typed({"1": "开头", "2": "", "3": "", "4": ""}, take_1=taken))
    assert answer.url == write_url(own)  # stays, to go on writing
    part = own.parts.first()
    assert part.text == "开头\n【马田镇民政办】马田二段\n【柏林镇民政办】柏林一段"
    assert own.drafts.get().note == "汇总下级段落 2 段"
    shown = text(page.get(write_url(own)))
    assert shown.count("已采用") == 2


def test_the_assembled_text_may_be_written_over_and_nothing_is_added_twice(cast, ordered, own):
    page, taken = browser(cast.clerk), keys(cast, ordered, (cast.second, 0))
    page.post(write_url(own), typed({"1": "", "2": "", "3": "", "4": ""}, take_1=taken))
    again = own.parts.first().text
    page.post(write_url(own), typed({"1": again, "2": "", "3": "", "4": ""}, version=1, take_1=taken))
    assert own.parts.first().text == "【柏林镇民政办】柏林一段"
    page.post(write_url(own), typed({"1": "柏林镇做得好", "2": "", "3": "", "4": ""}, version=1))
    assert own.parts.first().text == "柏林镇做得好"


def test_a_paragraph_that_was_changed_meanwhile_or_made_up_is_not_taken(cast, ordered, own):
    page, taken = browser(cast.clerk), keys(cast, ordered, (cast.first, 0))
    submission = summaries.of(ordered, cast.first.office)
    steps.send_back(submission=submission, by=cast.clerk, comments={}, comment="改")
    for stale in (taken, ["1:1:1:1"], ["x"]):
        answer = page.post(write_url(own), typed({"1": "我写的", "2": "", "3": "", "4": ""}, take_1=stale))
        assert answer.status_code == 422
        assert "请重新勾选" in text(answer) and "我写的</textarea>" in text(answer)
    assert own.drafts.count() == 0


def test_a_township_has_nothing_to_take_over(cast, ordered, own):
    page = browser(builders.make_user(cast.townships[0]))
    submission = summaries.of(ordered, cast.first.office)
    steps.send_back(submission=submission, by=cast.clerk, comments={}, comment="改")
    assert "柏林一段" not in text(page.get(write_url(submission)))


# The official text


def test_notes_of_a_figure_help_whoever_writes_and_stand_in_no_official_text(cast, ordered):
    ordered.metrics = ["hazards.overdue", "hazards.major_open", "hazards.closed_rate"]
    ordered.save()
    own = summaries.of(ordered, cast.bureau)
    page, url = browser(cast.clerk), own.get_absolute_url()
    assert "整改超过期限" in text(page.get(url)) and "目标 0" in text(page.get(url))
    assert "整改超过期限" not in text(page.get(f"{url}print/"))
    summaries.handed_in(ordered, cast.approver)
    for path in (url, f"{url}print/"):
        shown = text(page.get(path))
        assert "整改逾期隐患" in shown and "重大隐患未销号" in shown and "0 / 0" in shown
        assert "整改超过期限" not in shown and "目标 0" not in shown


# Deciding


def test_the_bureau_returns_with_comments_by_part_and_then_accepts(cast, ordered):
    submission, bureau = summaries.handed_in(ordered, cast.first), browser(cast.clerk)
    url = submission.get_absolute_url()
    answer = bureau.post(f"{url}return/", {"version": 1, "comment_2": "", "comment": ""})
    assert answer.status_code == 409 and "至少写一处" in text(answer)
    assert bureau.post(f"{url}return/", {"version": 1, "comment_2": "太笼统"}).status_code == 302
    township = browser(cast.first)
    assert "修改意见：太笼统" in text(township.get(url)) and "修改意见：太笼统" in text(
        township.get(write_url(submission))
    )
    township.post(write_url(submission), typed({"2": "具体到院", "1": "一", "3": "三", "4": "四"}, version=1))
    township.post(f"{url}submit/", {"version": 2})
    answer = bureau.post(f"{url}accept/", {"version": 1})
    assert answer.status_code == 409 and "重新报送" in text(answer)
    assert bureau.post(f"{url}accept/", {"version": 2}).status_code == 302
    assert "不再修改" in text(township.get(url))
    answer = bureau.post(f"{url}accept/", {"version": 2})
    assert answer.status_code == 409 and "已采用" in text(answer)


def test_a_comment_to_an_older_draft_is_refused_once_and_stays(cast, ordered):
    submission, bureau = summaries.handed_in(ordered, cast.first), browser(cast.clerk)
    url = f"{submission.get_absolute_url()}return/"
    steps.send_back(submission=submission, by=cast.approver, comments={}, comment="改")
    summaries.save(submission, cast.first, {"1": "改好了"})
    steps.submit(submission=submission, by=cast.first)
    answer = bureau.post(url, {"version": 1, "comment": "还要再改"})
    assert answer.status_code == 409 and "还要再改</textarea>" in text(answer)
    seen = answer.context["send_back"]["version"].value()
    assert bureau.post(url, {"version": seen, "comment": "还要再改"}).status_code == 302


def test_a_comment_that_is_too_long_is_kept_in_the_form(cast, ordered):
    submission = summaries.handed_in(ordered, cast.first)
    sent = {"version": 1, "comment": "长" * 1001}
    answer = browser(cast.clerk).post(f"{submission.get_absolute_url()}return/", sent)
    assert answer.status_code == 422 and "长" * 1001 in text(answer)


def test_a_township_that_is_not_ready_reads_why(cast, ordered):
    submission = summaries.of(ordered, cast.first.office)
    answer = browser(cast.first).post(f"{submission.get_absolute_url()}submit/", {"version": 0})
    assert answer.status_code == 409 and "还没有写：主要工作及成效" in text(answer)


def test_the_bureau_notes_the_dispatch_of_its_own(cast, ordered):
    own, page = summaries.handed_in(ordered, cast.approver), browser(cast.clerk)
    url = f"{own.get_absolute_url()}dispatch/"
    answer = page.post(url, {"number": "永民发〔2026〕31号", "on": in_days(2)})
    assert answer.status_code == 422 and "永民发〔2026〕31号" in text(answer)
    assert page.post(url, {"number": "永民发〔2026〕31号", "on": clock.today()}).status_code == 302
    assert "已报郴州市民政局：永民发〔2026〕31号" in text(page.get(own.get_absolute_url()))
    assert page.post(url, {"number": "再来一次", "on": clock.today()}).status_code == 409


# Paper


def test_the_printed_page_holds_the_four_parts_figures_and_years(cast, ordered):
    year = clock.today().year
    cast.home(cast.townships[0])
    summaries.year_figure(cast.townships[0], year - 1, value=5, by=cast.first)
    submission = summaries.handed_in(ordered, cast.first)
    shown = text(browser(cast.clerk).get(f"{submission.get_absolute_url()}print/"))
    for words in ("一、主要工作及成效", "四、下一步工作打算", "工作扎实之3", "正常运营的养老机构", f"{year - 1}年"):
        assert words in shown
