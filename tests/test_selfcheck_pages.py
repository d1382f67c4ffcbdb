"""The pages of a self-check as forms: what is kept, what is said, what bad input meets."""

import re

import pytest
from django.urls import reverse

from campaign_portal import clock
from campaign_portal.files.models import StoredFile
from campaign_portal.files.services import token_for
from facilities.services import change_state
from inspections.models import Answer, AnswerPhoto, Hazard, SelfCheck, SelfCheckRound
from inspections.selfchecks import Sheet
from inspections.services import selfcheck as services

from . import builders, hazards, selfchecks
from .builders import browser, in_days
from .hazards import Cast

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def cast():
    return Cast()


@pytest.fixture
def check(cast):
    return selfchecks.check_of(selfchecks.opened_round(cast.clerk), cast.home)


@pytest.fixture
def home(cast):
    return browser(cast.manager)


def part_url(check, number=0):
    return reverse("selfcheck:part", args=[check.pk, Sheet(check).parts[number].section.pk])


def submit_url(check):
    return reverse("selfcheck:submit", args=[check.pk])


def said(check, number=0, **of_first):
    """A body that answers a part with 符合; `of_first` says more of its first item (note="…")."""
    lines = Sheet(check).parts[number].lines
    body = {f"answer_{line.item.pk}": "met" for line in lines}
    return body | {f"{name}_{lines[0].item.pk}": value for name, value in of_first.items()}


def finding(cast, **rest):
    photo = token_for(hazards.picture(cast.manager))
    return {"answer": "not_met", "note": "二楼堆纸箱", "measure": "搬走", "photos": photo} | rest


def signed(check, **rest):
    version = SelfCheck.objects.get(pk=check.pk).version
    return {"signer": "王建国", "signature": selfchecks.drawn(), "version": version} | rest


def words(response):
    return response.content.decode()


def read(response):
    """The file of an answer, read to its end and so closed."""
    assert response.status_code == 200
    return b"".join(response)


# A bureau opens a round


def test_a_bureau_opens_a_round_and_is_told_how_many_homes_it_asks(cast):
    selfchecks.add_home(cast)
    campaign = selfchecks.routine_campaign(cast.bureau, year=clock.today().year)
    body = {"campaign": campaign.pk, "check_list": selfchecks.check_list().pk, "title": "冬季自查"}
    body |= {"opens_on": clock.today(), "due_on": in_days(9)}
    answer = browser(cast.clerk).post("/selfchecks/new/", body, follow=True)
    opened = SelfCheckRound.objects.get()
    assert answer.redirect_chain == [(opened.get_absolute_url(), 302)]
    assert "2 家机构" in words(answer)
    again = browser(cast.clerk).post("/selfchecks/new/", body)
    assert again.status_code == 409
    assert "同名" in words(again)
    assert 'value="冬季自查"' in words(again)


def test_a_round_is_refused_another_countys_list_and_days_in_the_wrong_order(cast):
    foreign = selfchecks.short_list(builders.make_county("邻县").bureau)
    body = {"check_list": foreign.pk, "title": "冬季自查", "opens_on": in_days(9), "due_on": in_days(-2)}
    answer = browser(cast.clerk).post("/selfchecks/new/", body)
    assert answer.status_code == 422
    assert {"check_list", "campaign", "due_on"} <= set(answer.context["form"].errors)
    assert not SelfCheckRound.objects.exists()


# The home fills in


def test_a_part_is_kept_and_leads_to_the_next_and_the_last_to_the_signature(check, home):
    answer = home.post(part_url(check, 0), said(check, 0))
    assert answer.url == part_url(check, 1)
    answer = home.post(part_url(check, 1), said(check, 1))
    assert answer.url == submit_url(check)
    assert Answer.objects.filter(answer="met").count() == 4


def test_an_unanswered_item_is_passed_over_and_an_answered_one_stays(check, home):
    home.post(part_url(check), said(check))
    home.post(part_url(check), {})
    assert Answer.objects.count() == 2
    assert 'value="met" id="id_answer' in words(home.get(part_url(check)))


def test_a_finding_that_lacks_something_is_kept_and_the_page_stays_and_says_what(cast, check, home):
    answer = home.post(part_url(check), said(check, answer="not_met", note="堆纸箱"), follow=True)
    assert answer.redirect_chain == [(part_url(check), 302)]
    assert "还要拍照、写整改措施" in words(answer)
    assert Answer.objects.get(answer="not_met").note == "堆纸箱"


def test_photos_are_kept_added_to_and_taken_away(cast, check, home):
    home.post(part_url(check), said(check, **finding(cast)))
    home.post(part_url(check), said(check, **finding(cast)))
    first, second = AnswerPhoto.objects.all()
    page = words(home.get(part_url(check)))
    for photo in (first, second):
        url = reverse("selfcheck:photo-thumbnail", args=[check.pk, photo.pk])
        assert url in page
        assert read(home.get(url)).startswith(b"\xff\xd8")
    home.post(part_url(check), said(check, **finding(cast, photos="")) | {f"drop_{first.pk}": "on"})
    assert list(AnswerPhoto.objects.all()) == [second]


def test_somebody_else_of_the_home_goes_on_with_the_photos_there_are(cast, check, home):
    home.post(part_url(check), said(check, **finding(cast)))
    colleague = browser(builders.make_home_user(cast.home))
    colleague.post(part_url(check), said(check, **finding(cast, photos="")))
    assert AnswerPhoto.objects.count() == 1
    assert Sheet(check).lines[0].gap == ""


def test_the_form_offers_only_this_homes_unfinished_hazards(cast, check, home):
    known, over = hazards.opened(cast), hazards.closed(cast)
    other, stranger = selfchecks.add_home(cast)
    foreign = hazards.services.report_hazard(hazards.draft(other), by=stranger, before=[hazards.picture(stranger)])
    page = words(home.get(part_url(check)))
    assert known.code in page
    assert over.code not in page
    assert foreign.code not in page
    for forged in (foreign.pk, over.pk, "9" * 40, "x"):
        answer = home.post(part_url(check), said(check, answer="not_met", hazard=forged))
        assert answer.status_code == 422, forged
    home.post(part_url(check), said(check, answer="not_met", hazard=known.pk))
    assert Answer.objects.get(answer="not_met").hazard == known


@pytest.mark.parametrize(
    "bad",
    [
        {"answer": "perhaps"},
        {"note": "字" * 3000},
        {"place": "屋顶花园"},
        {"rectify_by": "明天"},
        {"responsible": "王" * 31},
    ],
)
def test_a_bad_field_is_said_what_was_typed_is_kept_and_nothing_is_saved(cast, check, home, bad):
    answer = home.post(part_url(check), said(check, **finding(cast, **bad)))
    assert answer.status_code == 422
    assert "还有内容要改" in words(answer)
    assert "搬走" in words(answer)
    assert not Answer.objects.exists()


def test_a_file_that_is_no_photo_is_refused_and_the_good_one_kept(cast, check, home):
    key = Sheet(check).lines[0].item.pk
    bad = hazards.upload("说明.pdf", b"%PDF-1.4")
    answer = home.post(part_url(check), said(check, **finding(cast)) | {f"photos_{key}-new": bad})
    assert answer.status_code == 422
    assert "不是照片" in words(answer)
    assert "/files/pending/" in words(answer)


def test_odd_text_comes_back_as_typed(cast, check, home):
    text = "=cmd() 👵 <b>堆物</b>\x07"
    home.post(part_url(check), said(check, **finding(cast, note=text)))
    assert Answer.objects.get(answer="not_met").note == "=cmd() 👵 <b>堆物</b>"
    assert "&lt;b&gt;堆物&lt;/b&gt;" in words(home.get(submit_url(check)))


def test_another_homes_check_is_not_found(cast, check):
    _, stranger = selfchecks.add_home(cast)
    client = browser(stranger)
    for url in (check.get_absolute_url(), part_url(check), submit_url(check)):
        assert {client.get(url).status_code, client.post(url, {}).status_code} <= {404, 405}


# The summary and the signature


def test_the_summary_names_what_will_be_reported_and_what_stands_already(cast, check, home):
    known = hazards.opened(cast)
    home.post(part_url(check, 0), said(check, 0, **finding(cast)))
    home.post(part_url(check, 1), said(check, 1, answer="not_met", hazard=known.pk))
    page = words(home.get(submit_url(check)))
    assert "列入隐患台账（1 条）" in page
    assert "二楼堆纸箱" in page
    assert f"第 3 项：{known.code}" in page
    assert "零报告" not in page


def test_submitting_with_gaps_is_refused_with_the_items_named(check, home):
    home.post(part_url(check), said(check))
    answer = home.post(submit_url(check), signed(check, is_zero="on"))
    assert answer.status_code == 422
    assert "第 3、4 项还没有回答。" in words(answer)
    assert SelfCheck.objects.get(pk=check.pk).status == "due"


@pytest.fixture
def all_met(cast, check):
    return selfchecks.answer_all(check, by=cast.manager)


def test_a_drawn_name_is_kept_as_a_clean_picture(cast, all_met, home):
    answer = home.post(submit_url(all_met), signed(all_met, is_zero="on"), follow=True)
    done = SelfCheck.objects.get(pk=all_met.pk)
    assert (done.status, done.is_zero, done.signature.content_type) == ("submitted", True, "image/jpeg")
    assert "自查已提交（零报告）" in words(answer)
    assert read(home.get(reverse("selfcheck:signature", args=[done.pk]))).startswith(b"\xff\xd8")


def test_a_typed_name_with_a_confirmation_will_do(all_met, home):
    home.post(submit_url(all_met), signed(all_met, is_zero="on", signature="", confirmed="on"))
    done = SelfCheck.objects.get(pk=all_met.pk)
    assert (done.signer, done.signature) == ("王建国", None)
    assert "键入姓名并确认" in words(home.get(done.get_absolute_url()))


def test_neither_drawn_nor_confirmed_is_refused(all_met, home):
    answer = home.post(submit_url(all_met), signed(all_met, is_zero="on", signature=""))
    assert answer.status_code == 422
    assert "请在上面的框里签名" in words(answer)


@pytest.mark.parametrize(
    "signature",
    ["nonsense", "data:image/png;base64,!!", "data:image/png;base64,AAAA", "data:image/svg+xml;base64,PHN2Zz4="],
)
def test_what_is_no_drawing_is_refused_and_said_once(all_met, home, signature):
    answer = home.post(submit_url(all_met), signed(all_met, is_zero="on", signature=signature))
    assert answer.status_code == 422
    assert words(answer).count("签名没有传好") == 1
    assert not StoredFile.objects.exists()


def test_an_empty_frame_is_no_signature(all_met, home):
    answer = home.post(submit_url(all_met), signed(all_met, is_zero="on", signature=selfchecks.drawn(blank=True)))
    assert answer.status_code == 422
    assert "还没有字" in words(answer)


def test_a_drawing_beyond_measure_is_refused(all_met, home):
    huge = "data:image/png;base64," + "A" * 500_000
    assert home.post(submit_url(all_met), signed(all_met, is_zero="on", signature=huge)).status_code == 422


def test_without_the_tick_there_is_no_zero_report_and_the_drawing_is_not_lost(all_met, home):
    drawn = selfchecks.drawn()
    answer = home.post(submit_url(all_met), signed(all_met, signature=drawn))
    assert answer.status_code == 409
    assert "请勾选“零报告" in words(answer)
    assert drawn in words(answer)


def test_a_second_press_is_good_news_and_changes_nothing(cast, check, home):
    selfchecks.answer_all(check, by=cast.manager, not_met=[1])
    body = signed(check)
    home.post(submit_url(check), body)
    answer = home.post(submit_url(check), body, follow=True)
    assert "您刚才已经提交" in words(answer)
    assert Hazard.objects.count() == 1


def test_a_stale_summary_shows_what_changed_and_can_be_signed_again(cast, all_met, home):
    body = signed(all_met, is_zero="on")
    selfchecks.answer_all(all_met, by=cast.manager, not_met=[1])
    answer = home.post(submit_url(all_met), body)
    assert answer.status_code == 409
    assert "又有改动" in words(answer)
    assert "通道堆物" in words(answer)
    again = body | {"version": answer.context["form"]["version"].value()}
    assert home.post(submit_url(all_met), again).status_code == 302
    assert Hazard.objects.count() == 1


def test_a_late_submission_is_announced_before_and_marked_after(cast, all_met, home):
    with clock.at(clock.now() + 12 * clock.ONE_DAY):
        home = browser(cast.manager)
        assert "已过截止日期" in words(home.get(submit_url(all_met)))
        answer = home.post(submit_url(all_met), signed(all_met, is_zero="on"), follow=True)
        assert "逾期 2 天" in words(answer)
        assert "逾期提交" in words(answer)


def test_a_submitted_check_is_only_read(cast, check, home):
    done = selfchecks.submitted(check, by=cast.manager, not_met=[1])
    hazard = Hazard.objects.get()
    for url in (part_url(done), submit_url(done)):
        assert home.get(url).url == done.get_absolute_url()
        assert home.post(url, {}).url == done.get_absolute_url()
    page = words(home.get(done.get_absolute_url()))
    assert f'href="{hazard.get_absolute_url()}"' in page
    assert "打印" in page
    department = words(browser(cast.fire).get(done.get_absolute_url()))  # holds no part of the hazard
    assert hazard.code in department
    assert hazard.get_absolute_url() not in department


def test_a_home_that_was_suspended_is_told_so(cast, check, home):
    change_state(facility=cast.home, status="suspended", since=in_days(0), reason="装修", by=None)
    answer = home.get(part_url(check), follow=True)
    assert "不用自查" in words(answer)
    assert "不计入" in words(home.get("/selfchecks/"))


# For a home that cannot


def test_an_officer_enters_it_says_why_and_the_home_confirms(cast, check, home):
    selfchecks.answer_all(check, by=cast.officer)
    officer = browser(cast.officer)
    answer = officer.post(submit_url(check), signed(check, is_zero="on"))
    assert answer.status_code == 422
    assert "proxy_reason" in answer.context["form"].errors
    officer.post(submit_url(check), signed(check, is_zero="on", proxy_reason="院长住院，电话口述"))
    page = words(home.get(check.get_absolute_url()))
    assert "院长住院，电话口述" in page
    answer = home.post(reverse("selfcheck:confirm-read", args=[check.pk]), follow=True)
    assert "已确认知晓" in words(answer)
    assert SelfCheck.objects.get(pk=check.pk).read_by == cast.manager


def test_the_homes_first_page_leads_to_its_self_checks(check, home):
    page = words(home.get("/"))
    assert 'class="tile" href="/selfchecks/"' in page
    assert check.get_absolute_url() in page
    assert len(home.get("/").context["tabs"]) == 5


def test_the_bureau_reads_a_check_half_done_but_has_no_form(cast, check):
    selfchecks.answer_all(check, by=cast.manager)
    page = words(browser(cast.clerk).get(check.get_absolute_url()))
    assert "检查1-1" in page
    assert part_url(check) not in page
    assert browser(cast.clerk).get(part_url(check)).status_code == 403


def test_the_answers_before_the_end_are_nobodys_hazards(cast, check):
    selfchecks.answer_all(check, by=cast.manager, not_met=[1])
    assert not Hazard.objects.exists()
    services.submit_check(check=check, by=cast.manager, signer="王建国")
    assert Hazard.objects.count() == 1


# Two people at one part


def opened_at(response):
    return re.search(r'name="seen" value="([^"]+)"', words(response))[1]


def test_what_the_township_has_answered_meanwhile_is_not_overwritten_unseen(cast, check, home):
    seen = opened_at(home.get(part_url(check)))
    found = finding(cast, photos=token_for(hazards.picture(cast.officer)))
    assert browser(cast.officer).post(part_url(check), said(check, **found)).status_code == 302
    first = Sheet(check).parts[0].lines[0]
    assert first.answer.is_not_met and first.answer.photos.count() == 1
    refused = home.post(part_url(check), said(check) | {"seen": seen})
    assert refused.status_code == 422
    assert f"{cast.officer.name}把这一项填成了“不符合”" in words(refused)
    assert Sheet(check).parts[0].lines[0].answer.photos.count() == 1  # nothing is lost
    again = home.post(part_url(check), said(check) | {"seen": opened_at(refused)})  # now he knows
    assert again.status_code == 302
    assert Sheet(check).parts[0].lines[0].answer.answer == Answer.Kind.MET


def test_the_same_answer_twice_and_ones_own_of_a_minute_ago_are_no_conflict(cast, check, home):
    seen = opened_at(home.get(part_url(check)))
    browser(cast.officer).post(part_url(check), said(check))
    assert home.post(part_url(check), said(check) | {"seen": seen}).status_code == 302
    assert home.post(part_url(check), said(check, answer="na") | {"seen": seen}).status_code == 302


@pytest.mark.parametrize("seen", ["", "x", "2026-11-22", "9" * 400, "\0"])
def test_a_forged_moment_breaks_nothing(check, home, seen):
    assert home.post(part_url(check), said(check) | {"seen": seen}).status_code == 302


def test_saving_a_part_says_what_is_left_in_it(check, home):
    lines = Sheet(check).parts[0].lines
    page = home.post(part_url(check), {f"answer_{lines[0].item.pk}": "met"}, follow=True)
    assert f"已保存，还有 {len(lines) - 1} 项没填。" in words(page)
