"""Every save of a summary is a numbered draft, and two people who write at once lose nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign_portal.audit.models import Event
from campaign_portal.campaigns.models import SubmissionDraft
from campaign_portal.campaigns.submissions import steps, writing
from campaign_portal.campaigns.submissions.comparing import compare
from campaign_portal.edges import NotYours, Refused

from . import builders, summaries
from .builders import browser
from .summaries import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def cast():
    cast = Cast()
    cast.colleague = builders.make_user(cast.townships[0], name="同事小周")
    return cast


@pytest.fixture
def submission(cast):
    return summaries.of(summaries.ordered(cast), cast.first.office)


def texts(submission):
    return [part.text for part in submission.parts.all()]


def test_each_save_keeps_a_numbered_draft_with_who_and_what(cast, submission):
    summaries.save(submission, cast.first, {"1": "第一次"})
    summaries.save(submission, cast.colleague, {"2": "第二次"})
    drafts = list(submission.drafts.order_by("number"))
    assert [(d.number, d.saved_by, d.content) for d in drafts] == [
        (1, cast.first, {"1": "第一次", "2": "", "3": "", "4": ""}),
        (2, cast.colleague, {"1": "第一次", "2": "第二次", "3": "", "4": ""}),
    ]
    assert texts(submission) == ["第一次", "第二次", "", ""]


def test_a_save_that_changes_nothing_makes_no_draft(cast, submission):
    summaries.save(submission, cast.first)
    assert summaries.save(submission, cast.first) is None
    assert (submission.drafts.count(), Event.objects.filter(verb="submission.saved").count()) == (1, 1)


def test_what_two_people_changed_in_different_parts_is_kept_from_both(cast, submission):
    summaries.save(submission, cast.first, summaries.words("底稿"))
    base = summaries.words("底稿")
    summaries.save(submission, cast.colleague, base | {"1": "同事改了一"}, seen=1)
    draft = summaries.save(submission, cast.first, base | {"2": "我改了二"}, seen=1)
    assert (draft.number, texts(submission)) == (3, ["同事改了一", "我改了二", "底稿之3", "底稿之4"])


def test_what_both_changed_is_shown_and_nothing_kept_until_it_has_been_seen(cast, submission):
    base = summaries.words("底稿")
    summaries.save(submission, cast.first, base)
    summaries.save(submission, cast.colleague, base | {"1": "同事的", "3": "同事也改了三"}, seen=1)
    with pytest.raises(writing.Overtaken, match="同事小周.*第 2 稿") as overtaken:
        summaries.save(submission, cast.first, base | {"1": "我的", "2": "我改了二"}, seen=1)
    assert overtaken.value.theirs == {"1": "同事的"}
    assert (texts(submission)[0], submission.drafts.count()) == ("同事的", 2)
    summaries.save(submission, cast.first, base | {"1": "我的"}, seen=2)
    assert texts(submission)[0] == "我的"
    assert submission.drafts.get(number=2).content["1"] == "同事的"  # still there to go back to


def test_two_people_who_begin_from_nothing_are_told_of_each_other(cast, submission):
    summaries.save(submission, cast.first, {"1": "我先写"}, seen=0)
    with pytest.raises(writing.Overtaken):
        summaries.save(submission, cast.colleague, {"1": "我也写"}, seen=0)
    summaries.save(submission, cast.colleague, {"1": "我先写", "2": "各写各的"}, seen=0)
    assert texts(submission)[:2] == ["我先写", "各写各的"]


def test_a_draft_number_that_never_was_does_not_overwrite_anything(cast, submission):
    summaries.save(submission, cast.first, {"1": "原来的"})
    with pytest.raises(writing.Overtaken):
        summaries.save(submission, cast.colleague, {"1": "伪造稿次"}, seen=99)
    assert texts(submission)[0] == "原来的"


def test_an_earlier_draft_stands_again_as_a_new_one(cast, submission):
    summaries.save(submission, cast.first, {"1": "旧的"})
    summaries.save(submission, cast.first, {"1": "新的", "2": "后来加的"})
    draft = writing.restore_draft(submission=submission, number=1, by=cast.colleague)
    assert (draft.number, draft.note, texts(submission)) == (3, "恢复第 1 稿", ["旧的", "", "", ""])
    assert submission.drafts.get(number=2).content["1"] == "新的"
    with pytest.raises(Refused, match="一样"):
        writing.restore_draft(submission=submission, number=1, by=cast.first)
    with pytest.raises(Refused, match="没有这一稿"):
        writing.restore_draft(submission=submission, number=9, by=cast.first)
    with pytest.raises(NotYours):
        writing.restore_draft(submission=submission, number=2, by=cast.second)


def test_a_handed_in_summary_goes_back_to_no_earlier_draft(cast, submission):
    summaries.save(submission, cast.first)
    summaries.save(submission, cast.first, {"1": "改"})
    steps.submit(submission=submission, by=cast.first)
    with pytest.raises(Refused, match="已报送"):
        writing.restore_draft(submission=submission, number=1, by=cast.first)


# Side by side


def test_paragraphs_that_are_the_same_stand_on_one_line():
    pairs = compare("甲\n乙\n丙", "甲\n新乙\n又一段\n丙")
    assert [(pair.old, pair.new, pair.is_changed) for pair in pairs] == [
        ("甲", "甲", False),
        ("乙", "新乙", True),
        ("", "又一段", True),
        ("丙", "丙", False),
    ]


@given(*[st.lists(st.sampled_from("甲乙丙丁"), max_size=12)] * 2)
def test_each_side_of_a_comparison_is_the_whole_text(old, new):
    pairs = compare("\n".join(old), "\n".join(new))
    assert [pair.old for pair in pairs if pair.old] == old
    assert [pair.new for pair in pairs if pair.new] == new
    assert all(pair.is_changed for pair in pairs if pair.old != pair.new)


# Pages


def test_the_page_compares_the_newest_two_or_those_that_are_asked_for(cast, submission):
    page = browser(cast.first)
    url = f"/campaigns/summaries/{submission.pk}/drafts/"
    assert "还没有草稿" in page.get(url).content.decode()
    for text in ("一稿", "二稿", "三稿"):
        summaries.save(submission, cast.first, {"1": text})
    shown = page.get(url).content.decode()
    assert "<del>二稿</del>" in shown and "<ins>三稿</ins>" in shown
    shown = page.get(url + "?old=3&new=1").content.decode()
    assert "<del>一稿</del>" in shown and "<ins>三稿</ins>" in shown
    for bad in ("?old=9", "?old=x&new=1", "?new=99999999999999999999"):
        assert page.get(url + bad).status_code == 404


def test_only_the_office_itself_reads_its_drafts(cast, submission):
    summaries.save(submission, cast.first)
    url = f"/campaigns/summaries/{submission.pk}/drafts/"
    assert browser(cast.clerk).get(url).status_code == 404  # nothing has been handed in
    steps.submit(submission=submission, by=builders.make_user(cast.townships[0], is_approver=True))
    assert browser(cast.clerk).get(url).status_code == 403
    assert browser(cast.second).get(url).status_code == 404


def test_the_form_shows_what_a_colleague_saved_and_keeps_what_was_typed(cast, submission):
    page, url = browser(cast.first), f"/campaigns/summaries/{submission.pk}/write/"
    typed = {"version": 0, "text_1": "我写的很长一段", "text_2": "", "text_3": "", "text_4": ""}
    summaries.save(submission, cast.colleague, {"1": "同事写的"})
    answer = page.post(url, typed)
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "同事小周在您打开本页以后保存到了第 1 稿" in shown
    assert "我写的很长一段</textarea>" in shown and "<p>同事写的</p>" in shown
    assert 'name="version" value="1"' in shown  # it has been seen: the next save stands
    assert page.post(url, typed | {"version": 1}).status_code == 302
    assert texts(submission)[0] == "我写的很长一段"


def test_saving_again_after_being_told_does_not_take_away_what_only_the_colleague_wrote(cast, submission):
    page, url = browser(cast.first), f"/campaigns/summaries/{submission.pk}/write/"
    summaries.save(submission, cast.first, summaries.words("底稿"))
    summaries.save(submission, cast.colleague, {"1": "同事改了一", "3": "同事改了三"})
    typed = {"version": 1} | {f"text_{n}": text for n, text in summaries.words("底稿").items()}
    answer = page.post(url, typed | {"text_1": "我改了一", "text_2": "我改了二"})
    assert answer.status_code == 409
    form = answer.context["form"]
    again = {name: form[name].value() for name in ("version", "text_1", "text_2", "text_3", "text_4")}
    assert page.post(url, again).status_code == 302
    assert texts(submission) == ["我改了一", "我改了二", "同事改了三", "底稿之4"]


def test_a_text_that_is_too_long_or_a_damaged_version_loses_nothing(cast, submission):
    page, url = browser(cast.first), f"/campaigns/summaries/{submission.pk}/write/"
    for sent in (
        {"version": 0, "text_1": "长" * 20_001},
        {"version": "x", "text_1": "写了一段"},
        {"text_1": "写了一段"},
    ):
        answer = page.post(url, sent)
        assert answer.status_code == 422
        assert f"{sent['text_1']}</textarea>" in answer.content.decode()
    assert SubmissionDraft.objects.count() == 0


def test_control_characters_and_line_ends_are_tidied(cast, submission):
    sent = {"version": 0, "text_1": "一段\r\n二段\x07", "text_2": "", "text_3": "", "text_4": ""}
    browser(cast.first).post(f"/campaigns/summaries/{submission.pk}/write/", sent)
    assert texts(submission)[0] == "一段\n二段"
