"""Whichever button a lead presses, nothing that was typed beside it is lost; nobody's words go out unasked."""

import pytest

from campaign_portal.audit.models import Event
from campaign_portal.campaigns import progress

from . import builders
from .builders import browser
from .progresses import Plan
from .test_progress_pages import text_of, url

pytestmark = pytest.mark.django_db

ANSWER, COMMENT = "县里统一派师资", "补签到表"


@pytest.fixture
def plan():
    return Plan()


@pytest.fixture
def row(plan):
    return plan.submitted(problem="缺师资")


def press(plan, row, name, *, by=None, **typed):
    sent = {"version": row.version, "comment": "", "text": ""} | typed
    return browser(by or plan.lead).post(url(plan, name, row), sent)


# On the page of a return


def test_decision_and_answer_stand_in_one_form(plan, row):
    page = text_of(browser(plan.lead).get(url(plan, "", row)))
    form = page[page.index('<form class="todo"') : page.index("</form>", page.index('<form class="todo"'))]
    assert 'name="comment"' in form and 'name="text"' in form and form.count('name="version"') == 1


@pytest.mark.parametrize(
    "name, status, verb", [("send-back/", "returned", "send_back"), ("accept/", "accepted", "accept")]
)
def test_an_answer_typed_beside_a_decision_goes_with_it(plan, row, name, status, verb):
    assert press(plan, row, name, comment=COMMENT, text=ANSWER).status_code == 302
    row.refresh_from_db()
    assert (row.status, row.comment, row.answer, row.answered_by) == (status, COMMENT, ANSWER, plan.lead)
    assert [event.verb for event in Event.objects.about(row)][-2:] == ["progress.answer", f"progress.{verb}"]


@pytest.mark.parametrize("text", ["", "  "])
def test_without_an_answer_only_the_decision_goes(plan, row, text):
    press(plan, row, "send-back/", comment=COMMENT, text=text)
    row.refresh_from_db()
    assert (row.status, row.answer) == ("returned", "")


def test_a_decision_that_is_refused_takes_the_answer_with_it_and_keeps_both(plan, row):
    response = press(plan, row, "send-back/", text=ANSWER)  # no comment
    assert response.status_code == 422 and ANSWER in text_of(response)
    response = press(plan, row, "accept/", comment=COMMENT, text="长" * 2001)
    assert response.status_code == 422 and COMMENT in text_of(response)
    progress.take_back(row, by=plan.clerk)
    progress.submit(row, by=plan.clerk)
    response = press(plan, row, "accept/", comment=COMMENT, text=ANSWER)  # as it was shown before
    assert response.status_code == 409 and COMMENT in text_of(response) and ANSWER in text_of(response)
    row.refresh_from_db()
    assert (row.status, row.answer) == ("submitted", "")


def test_who_may_not_decide_does_not_answer_with_it(plan, row):
    assert press(plan, row, "send-back/", by=plan.clerk, comment=COMMENT, text=ANSWER).status_code == 403
    row.refresh_from_db()
    assert (row.status, row.answer) == ("submitted", "")


def test_pressed_twice_it_is_good_news(plan, row):
    press(plan, row, "send-back/", comment=COMMENT, text=ANSWER)
    again = press(plan, row, "send-back/", comment=COMMENT, text=ANSWER)
    assert again.status_code == 302
    assert Event.objects.about(row).filter(verb="progress.answer").count() == 1


def test_a_comment_typed_beside_an_answer_stays_in_its_box(plan, row):
    response = press(plan, row, "answer/", comment=COMMENT, text=ANSWER)
    page = text_of(response)
    assert f">\n{COMMENT}</textarea>" in response.content.decode() and "审核意见还没有发出" in page
    row.refresh_from_db()
    assert (row.status, row.answer, row.comment) == ("submitted", ANSWER, "")
    assert (
        press(plan, row, "send-back/", comment=COMMENT).status_code == 302
    )  # with the version that the page now shows
    assert press(plan, row, "answer/", comment=COMMENT).status_code == 422


def test_who_answers_later_than_a_colleague_keeps_his_words(plan, row):
    progress.answer(row, by=plan.other, text="自行解决")
    for name in ("answer/", "accept/"):
        response = press(plan, row, name, comment=COMMENT, text=ANSWER)
        assert response.status_code == 409
        page = text_of(response)
        assert "您写的答复没有发出" in page and ANSWER in page and COMMENT in page
    row.refresh_from_db()
    assert (row.status, row.answer) == ("submitted", "自行解决")


# In the inbox


@pytest.fixture
def second(plan):
    return plan.submitted(3, by=plan.neighbour, problem="缺场地")


def send(plan, row, *, query="?state=problems", by=None, **typed):
    typed = {f"text_{pk}": text for pk, text in typed.pop("typed", {}).items()}
    return browser(by or plan.lead).post(url(plan, f"answer/{query}", row), {"inbox": "1"} | typed)


def test_all_boxes_of_the_inbox_stand_in_one_form(plan, row, second):
    page = text_of(browser(plan.lead).get(url(plan, "progress/?state=problems")))
    form = page[page.index('<form method="post" novalidate>') :]
    form = form[: form.index("</form>")]
    assert f'name="text_{row.pk}"' in form and f'name="text_{second.pk}"' in form


def test_one_answer_is_sent_and_the_other_stays_typed(plan, row, second):
    response = send(plan, row, typed={row.pk: ANSWER, second.pk: "还没写完"})
    assert response.status_code == 200
    page = response.content.decode()
    assert f'name="text_{second.pk}" rows="2" maxlength="2000">还没写完</textarea>' in page
    assert f'name="text_{row.pk}"' not in page and "答复已发出" in page
    row.refresh_from_db()
    second.refresh_from_db()
    assert (row.answer, second.answer) == (ANSWER, "")


def test_with_nothing_left_typed_the_same_list_is_shown_anew(plan, row, second):
    query = f"?state=problems&office={row.office_id}"
    response = send(plan, row, query=query, typed={row.pk: ANSWER, second.pk: " "})
    assert (response.status_code, response.url) == (302, url(plan, f"progress/{query}"))
    assert send(plan, second, query="", typed={second.pk: "可以"}).url == url(plan, "progress/?state=problems")


def test_an_empty_box_is_told_beside_it_and_the_others_stay(plan, row, second):
    response = send(plan, row, typed={second.pk: "还没写完"})
    assert response.status_code == 422 and "还没写完" in text_of(response) and "请填写“答复”。" in text_of(response)
    row.refresh_from_db()
    assert row.answer == ""


def test_what_a_colleague_has_answered_meanwhile_is_shown_with_the_words_that_were_not_sent(plan, row, second):
    progress.answer(row, by=plan.other, text="自行解决")
    response = send(plan, row, typed={row.pk: ANSWER, second.pk: "还没写完"})
    assert response.status_code == 409
    page = text_of(response)
    assert "已经答复过这个问题" in page and ANSWER in page and "还没写完</textarea>" in page
    row.refresh_from_db()
    assert row.answer == "自行解决"


def test_the_same_answer_pressed_twice_is_sent_once(plan, row, second):
    for _ in range(2):
        assert send(plan, row, typed={row.pk: ANSWER, second.pk: "还没写完"}).status_code == 200
    assert Event.objects.about(row).filter(verb="progress.answer").count() == 1


def test_words_for_returns_of_another_campaign_are_not_taken_in(plan, row):
    elsewhere = Plan().submitted(problem="缺床位")
    response = send(plan, row, typed={row.pk: ANSWER, elsewhere.pk: "给别人的话", 0: "y", "9" * 40: "z"})
    assert "给别人的话" not in text_of(response)
    elsewhere.refresh_from_db()
    assert elsewhere.answer == ""
    assert send(plan, row, by=plan.clerk, typed={row.pk: ANSWER}).status_code == 403
    stranger = builders.make_user(builders.make_county("邻县").bureau)
    assert send(plan, row, by=stranger, typed={row.pk: ANSWER}).status_code == 404
