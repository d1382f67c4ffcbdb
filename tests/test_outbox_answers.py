"""What the portal answers to a form that a phone sends later: done, refused and why, or first sign in."""

import uuid

import pytest

from campaign_portal.accounts.services import reset_password
from campaign_portal.files.models import Receipt
from campaign_portal.files.services import token_for
from inspections.models import Hazard
from inspections.selfchecks import Sheet

from . import builders, hazards, selfchecks
from .builders import browser, in_days
from .hazards import Cast
from .test_bad_input import typed

pytestmark = pytest.mark.django_db

REPORT = "/hazards/report/"


@pytest.fixture
def cast():
    return Cast()


def send(user, path, data, *, key=None, sender=None, client=None):
    head = {"X-Portal-Outbox": str(key or uuid.uuid4()), "X-Portal-User": str((sender or user).pk)}
    return (client or browser(user)).post(path, data, headers=head)


def test_done_names_the_page_that_shows_it(cast):
    answer = send(cast.manager, REPORT, typed(cast))
    hazard = Hazard.objects.get()
    assert answer.status_code == 200
    assert answer.json() == {"outcome": "done", "url": f"/hazards/{hazard.pk}/reported/", "said": ""}


def test_the_same_form_again_gets_the_same_answer_and_does_nothing(cast):
    hazard, key = hazards.opened(cast), uuid.uuid4()
    sent = {"version": hazard.version, "rectified_on": in_days(0), "rectification": "已清空"}
    client = browser(cast.manager)
    first = send(cast.manager, f"/hazards/{hazard.pk}/submit/", after(cast, sent), key=key, client=client)
    assert first.json()["outcome"] == "done"
    assert "整改已提交" in first.json()["said"]
    assert "整改已提交" in client.get("/").content.decode()  # whoever looks at a page reads it too
    again = send(cast.manager, f"/hazards/{hazard.pk}/submit/", after(cast, sent), key=key)
    assert again.json() == first.json()
    hazard.refresh_from_db()
    assert hazard.version == sent["version"] + 1


def test_a_part_of_a_self_check_waits_for_a_signal_too(cast):
    check = selfchecks.check_of(selfchecks.opened_round(cast.clerk), cast.home)
    part = Sheet(check).parts[0]
    path = f"/selfchecks/{check.pk}/parts/{part.section.pk}/"
    page = browser(cast.manager).get(path)
    assert page["X-Portal-Offline"] == "1"
    assert f'data-outbox="自查 · {part.section} · {cast.home.name}"' in page.content.decode()
    said = {f"answer_{line.item.pk}": "met" for line in part.lines}
    refused = send(cast.manager, path, said | {f"photos_{part.lines[0].item.pk}": "forged"})
    assert (refused.status_code, refused.json()["outcome"]) == (422, "refused")
    answer = send(cast.manager, path, said)
    assert answer.json()["outcome"] == "done"
    assert check.answers.count() == len(part.lines)


def after(cast, fields):
    return fields | {"after-new": [hazards.upload()]}


def test_a_mistake_is_named_with_its_field_and_leaves_no_receipt(cast):
    answer = send(cast.manager, REPORT, typed(cast, due_on=in_days(-1), summary=""))
    assert answer.status_code == 422
    assert answer.json()["outcome"] == "refused"
    assert "整改期限：整改期限不能早于今天。" in answer.json()["errors"]
    assert "请填写“隐患描述”。" in answer.json()["errors"]
    assert not Receipt.objects.exists()


def test_a_step_that_somebody_else_has_taken_is_refused_in_words(cast):
    hazard = hazards.submitted(cast)
    hazards.close(hazard, by=cast.officer)
    sent = {"version": hazard.version, "rechecked_on": in_days(0), "note": "合格"}
    answer = send(cast.leader, f"/hazards/{hazard.pk}/close/", sent)
    assert (answer.status_code, answer.json()["outcome"]) == (409, "refused")
    assert "不能复查销号" in answer.json()["errors"][0]
    assert not Receipt.objects.exists()


def test_ones_own_step_taken_a_moment_ago_is_done(cast):
    """The first answer and its receipt were lost with the server itself."""
    hazard = hazards.submitted(cast)
    hazards.close(hazard, by=cast.officer)
    sent = {"version": hazard.version, "rechecked_on": in_days(0), "note": "合格"}
    answer = send(cast.officer, f"/hazards/{hazard.pk}/close/", sent)
    assert answer.json()["outcome"] == "done"
    assert "您刚才已经办理" in answer.json()["said"]


def test_a_stale_form_is_refused_with_who_was_faster(cast):
    hazard = hazards.opened(cast)
    sent = {"version": hazard.version - 1, "rectified_on": in_days(0), "rectification": "已清空"}
    answer = send(cast.manager, f"/hazards/{hazard.pk}/submit/", after(cast, sent))
    assert answer.status_code == 409
    assert "现在是“待整改”" in answer.json()["errors"][0]


def test_an_old_message_on_the_way_to_another_page_is_not_taken_for_the_answer(cast):
    hazard, client = hazards.submitted(cast), browser(cast.manager)
    client.post(f"/hazards/{hazard.pk}/submit/", {})  # refused; the note waits for the next page
    assert send(cast.manager, REPORT, typed(cast), client=client).json()["outcome"] == "done"


def test_a_home_of_somebody_else_is_refused_in_words(cast):
    other = builders.make_facility(supervisor=cast.township)
    answer = send(cast.manager, REPORT, typed(cast, facility=other.pk))
    assert (answer.status_code, answer.json()["outcome"]) == (404, "refused")


def test_nothing_is_done_in_the_session_of_another_person(cast):
    answer = send(cast.officer, REPORT, typed(cast), sender=cast.manager)
    assert answer.status_code == 401
    assert not Hazard.objects.exists()


def test_without_a_session_it_is_told_to_sign_in(cast):
    answer = send(None, REPORT, typed(cast), sender=cast.manager)
    assert answer.status_code == 401
    assert "登录" in answer.json()["error"]


def test_a_key_does_not_open_somebody_elses_receipt(cast):
    key = uuid.uuid4()
    send(cast.manager, REPORT, typed(cast), key=key)
    other = send(cast.leader, f"/hazards/{hazards.opened(cast).pk}/void/", {}, key=key)
    assert other.headers.get("Content-Type") != "application/json" or other.json()["outcome"] != "done"
    assert Receipt.objects.get().user == cast.manager


def test_being_led_away_before_the_view_is_not_an_answer(cast):
    """Somebody whose password was reset must change it first; the form has not been looked at."""
    reset_password(user=cast.officer, by=cast.leader)
    officer = builders.fresh(cast.officer)
    answer = send(officer, "/hazards/register/", typed(cast, source="joint"))
    assert answer.status_code == 302
    assert not Receipt.objects.exists()


def test_a_photo_that_was_swept_is_said_and_not_left_out(cast):
    kept, swept = hazards.picture(cast.manager), hazards.picture(cast.manager)
    tokens = [token_for(kept), token_for(swept)]
    swept.delete()
    answer = send(cast.manager, REPORT, typed(cast, before=tokens, **{"before-new": None}))
    assert answer.status_code == 422
    assert "有 1 张照片已失效" in answer.json()["errors"][0]


# What a phone may keep


def test_only_the_empty_entry_forms_and_the_outbox_may_be_kept(cast):
    hazard = hazards.opened(cast)
    client = browser(cast.manager)
    kept = [REPORT, "/outbox/", f"/hazards/{hazard.pk}/submit/"]
    for path in [*kept, "/", "/hazards/", hazard.get_absolute_url(), "/facilities/", f"/hazards/{hazard.pk}/plan/"]:
        assert client.get(path).has_header("X-Portal-Offline") == (path in kept), path
    assert not client.post(REPORT, {}).has_header("X-Portal-Offline")


def test_the_worker_answers_for_the_whole_portal_and_is_not_cached():
    answer = browser().get("/sw.js")
    assert answer["Content-Type"] == "text/javascript"
    assert answer["Service-Worker-Allowed"] == "/"
    assert "no-store" in answer["Cache-Control"]
    assert b"addEventListener" in answer.getvalue()
    assert "worker-src 'self'" in answer["Content-Security-Policy"]
    assert "manifest-src 'self'" in answer["Content-Security-Policy"]


def test_the_manifest_puts_the_portal_on_a_home_screen():
    told = browser().get("/manifest.webmanifest").json()
    assert (told["start_url"], told["display"], told["lang"]) == ("/", "standalone", "zh-CN")


def test_the_scripts_keep_to_what_old_phones_understand(settings):
    """Chrome 70 and WeChat's X5: no optional chaining, no ??, no replaceAll, at, allSettled or arrayBuffer of a Blob."""
    words = ("?.", "??", ".replaceAll(", ".at(", "allSettled", ".arrayBuffer(", "replaceChildren", "randomUUID")
    for name in ("outbox", "pictures", "draft", "shrink", "sw"):
        script = (settings.BASE_DIR / "static" / f"{name}.js").read_text(encoding="utf-8")
        assert [word for word in words if word in script] == [], name
