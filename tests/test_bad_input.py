"""What goes wrong on the way in: each with a clear message, nothing saved by half, and nothing typed lost."""

import csv
import io
import logging
import re
import socket
import struct
import time
import uuid
import zipfile
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pillow_heif import from_pillow

from campaign_portal import clock
from campaign_portal.accounts.models import User
from campaign_portal.audit.models import Event
from campaign_portal.files.models import StoredFile
from facilities.models import Facility
from inspections.models import Comment, Hazard
from inspections.packs import ledger_csv

from . import builders, hazards
from .builders import browser, in_days
from .hazards import Cast

pytestmark = pytest.mark.django_db

REPORT = "/hazards/report/"


@pytest.fixture
def cast():
    return Cast()


def upload(name="IMG.jpg", data=None):
    return SimpleUploadedFile(name, hazards.jpeg() if data is None else data, content_type="image/jpeg")


def typed(cast, **changes):
    """A report as the phone sends it. Pictures go in as before-new=[…]; None leaves a field out."""
    fields = {
        "facility": cast.home.pk,
        "sent_key": uuid.uuid4(),
        "place": "走廊和疏散通道",
        "category": hazards.draft(cast.home).category_id,
        "found_on": clock.today(),
        "due_on": in_days(9),
        "summary": "二楼疏散通道堆放杂物",
        "measure": "清空通道",
        "responsible": "王建国",
        "before-new": [upload()],
    }
    return {name: value for name, value in (fields | changes).items() if value is not None}


def send(cast, **changes):
    return browser(cast.manager).post(REPORT, typed(cast, **changes))


def page(response):
    return response.content.decode()


# Pictures


def encoded(form="PNG", size=(64, 48), mode="RGB"):
    out = io.BytesIO()
    Image.new(mode, size).save(out, form)
    return out.getvalue()


def heic():
    out = io.BytesIO()
    from_pillow(Image.new("RGB", (64, 48))).save(out)
    return out.getvalue()


def zipped():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.jpg", hazards.jpeg())
    return out.getvalue()


@pytest.mark.parametrize(
    "name, data",
    [("IMG_0001.HEIC", heic()), ("photo.txt", hazards.jpeg()), ("photo.jpg", encoded("PNG")), ("无后缀", encoded())],
    ids=["heic", "text by name", "png by name jpg", "no ending"],
)
def test_a_photo_is_taken_whatever_it_is_called(cast, name, data):
    response = send(cast, **{"before-new": [upload(name, data)]})
    assert response.status_code == 302
    kept = StoredFile.objects.get()
    assert (kept.content_type, Hazard.objects.get().photos.count()) == ("image/jpeg", 1)


BAD_PICTURES = {
    "truncated": ("IMG.jpg", hazards.jpeg(size=(640, 480))[:2000], "不完整或已损坏"),
    "huge": ("IMG.png", encoded(size=(10_000, 10_000), mode="1"), "像素太高"),
    "svg": ("IMG.jpg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "SVG"),
    "html": ("IMG.jpg", b"<!doctype html><script>alert(1)</script>", "网页"),
    "zip": ("IMG.jpg", zipped(), "压缩包"),
    "empty": ("IMG.jpg", b"", "空的"),
}


@pytest.mark.parametrize("kind", BAD_PICTURES)
def test_what_is_no_photo_is_refused_and_everything_else_in_the_form_is_kept(cast, kind):
    name, data, words = BAD_PICTURES[kind]
    response = send(cast, summary="消火栓被遮挡", **{"before-new": [upload("good.jpg"), upload(name, data)]})
    assert response.status_code == 422
    assert words in page(response)
    assert "消火栓被遮挡" in page(response)
    assert not Hazard.objects.exists()
    (token,) = re.findall(r'name="before" value="([^"]+)"', page(response))
    again = send(cast, summary="消火栓被遮挡", before=token, **{"before-new": None})
    assert again.status_code == 302
    assert Hazard.objects.get().photos.get().file == StoredFile.objects.get()


@pytest.mark.parametrize("kind", BAD_PICTURES)
def test_the_upload_ahead_of_the_form_says_the_same(cast, kind):
    name, data, words = BAD_PICTURES[kind]
    response = browser(cast.manager).post("/files/pictures/", {"file": upload(name, data)})
    assert response.status_code == 422
    assert words in response.json()["error"]
    assert not StoredFile.objects.exists()


def test_a_report_without_a_photo_says_so_and_keeps_what_was_typed(cast):
    response = send(cast, summary="消火栓被遮挡", **{"before-new": None})
    assert response.status_code == 422
    assert "请至少附一张照片" in page(response)
    assert "消火栓被遮挡" in page(response)


def test_more_photos_than_nine_are_refused_and_all_are_kept_to_choose_from(cast):
    response = send(cast, **{"before-new": [upload() for _ in range(10)]})
    assert response.status_code == 422
    assert "最多 9 张" in page(response)
    assert len(re.findall(r'name="before" value="', page(response))) == 10


# Text


def test_emoji_are_kept_and_control_characters_are_not(cast):
    assert send(cast, summary="灭火器🧯过期\x07\x1b[31m\r\n第二行").status_code == 302
    assert Hazard.objects.get().summary == "灭火器🧯过期[31m\n第二行"


def test_every_text_of_a_report_is_cleaned(cast):
    dirty = {"measure": "清\x00空", "responsible": "王\x08建国", "responsible_phone": "138\x000000\x1b0001"}
    assert send(cast, **dirty).status_code == 302
    saved = Hazard.objects.get()
    assert (saved.measure, saved.responsible, saved.responsible_phone) == ("清空", "王建国", "13800000001")


def test_three_thousand_characters_are_refused_with_both_numbers_and_kept(cast):
    long = "灭火器过期" * 600
    response = send(cast, summary=long)
    assert response.status_code == 422
    assert "500" in page(response) and "3000" in page(response)
    assert long in page(response)
    assert not Hazard.objects.exists()


def test_a_long_comment_is_refused_and_kept(cast):
    hazard, long = hazards.opened(cast), "请尽快" * 1000
    response = browser(cast.officer).post(f"/hazards/{hazard.pk}/comment/", {"text": long})
    assert response.status_code == 422
    assert long in page(response)
    assert not Comment.objects.exists()


def test_a_formula_is_stored_as_typed_and_leaves_as_text(cast):
    formula = "=cmd()|' /C calc'!A0"
    assert send(cast, summary=formula, responsible="@王").status_code == 302
    hazard = Hazard.objects.for_ledger().get()
    assert hazard.summary == formula
    (line,) = csv.DictReader(io.StringIO(ledger_csv([hazard]).decode("utf-8-sig")))
    assert (line["隐患描述"], line["责任人"]) == (f"'{formula}", "'@王")


def test_a_script_in_the_text_is_shown_and_not_run(cast):
    send(cast, summary="<script>alert(1)</script>")
    shown = page(browser(cast.manager).get(f"/hazards/{Hazard.objects.get().pk}/"))
    assert "&lt;script&gt;alert(1)" in shown
    assert "<script>alert(1)" not in shown


NUL_FORMS = {
    "home": ("/facilities/{home}/edit/", {"director": "王\0", "director_phone": "13800000001", "beds": 1}),
    "licence": ("/facilities/{home}/licences/new/", {"kind": "food", "number": "A\0B"}),
    "account": ("/accounts/users/new/", {"office": "{office}", "username": "a\0b", "name": "刘\0", "is_clerk": "on"}),
    "comment": ("/hazards/{hazard}/comment/", {"text": "\0"}),
    "sign-in": ("/accounts/sign-in/", {"username": "a\0b", "password": "\0"}),
    "password": ("/accounts/password/", {"old_password": "\0", "new_password1": "\0", "new_password2": "\0"}),
    "report": (REPORT, {"summary": "\0", "category": "\0", "due_on": "\0", "sent_key": "\0", "before": "\0"}),
}


@pytest.mark.parametrize("form", NUL_FORMS)
def test_a_nul_byte_is_a_mistake_in_the_form_and_not_in_the_portal(cast, form):
    hazard = hazards.opened(cast)
    path, fields = NUL_FORMS[form]
    names = {"home": cast.home.pk, "hazard": hazard.pk, "office": cast.home.office_id}
    before = (User.objects.count(), Comment.objects.count(), Hazard.objects.count(), cast.home.licences.count())
    user = cast.leader if form in ("home", "licence", "account") else cast.manager
    filled = {name: str(value).format(**names) for name, value in fields.items()}
    response = browser(user).post(path.format(**names), filled)
    assert response.status_code == 422
    assert before == (
        User.objects.count(), Comment.objects.count(), Hazard.objects.count(), cast.home.licences.count(),
    )  # fmt: skip


# Query strings


HOSTILE = [
    "\0",
    "a\0b",
    "9" * 40,
    "-1",
    "²",
    "١٢",
    "1e9",
    "' OR 1=1 --",
    "%",
    "2026-13-45",
    "0000-00-00",
    ",",
    "🧯",
    "x" * 5000,
]
LISTS = {
    "/hazards/": [
        "q", "state", "campaign", "supervisor", "facility", "grade", "category", "department", "source", "due",
        "found_from", "found_to", "due_from", "due_to", "after",
    ],
    "/facilities/": ["q", "supervisor", "town", "kind", "operation", "status", "licence", "after"],
    "/events/": ["who", "what", "verb", "since", "until", "before"],
    "/deliveries/": ["status", "before"],
    "/accounts/users/": ["q"],
    "/accounts/users/new/": ["office"],
    "/accounts/sign-in/": ["next"],
    "/hazards/report/": ["facility"],
    "/hazards/register/": ["facility"],
}  # fmt: skip


@pytest.mark.parametrize("path", LISTS)
def test_nonsense_in_a_query_string_is_ignored_or_not_found(cast, path):
    hazards.opened(cast)
    administrator = builders.make_user(cast.bureau, is_administrator=True)
    client, wrong = browser(administrator), []
    client.raise_request_exception = False
    tried = [dict.fromkeys(LISTS[path], value) for value in HOSTILE]
    tried += [{"after": value} for value in ("2026-01-01", "2026-01-01,", f"2026-01-01,{'9' * 40}", "9999-99-99,1")]
    tried += [{"found_from": "0001-01-01", "found_to": "9999-12-31"}, {"since": "0001-01-01", "until": "9999-12-31"}]
    for query in tried:
        status = client.get(f"{path}?{urlencode(query)}").status_code
        if status not in (200, 404):
            wrong.append((query, status))
    assert wrong == []


def test_an_unknown_filter_value_finds_nothing_and_says_so(cast):
    hazard = hazards.opened(cast)
    for query in ("grade=enormous", "facility=abc", "supervisor=999999", "due=never"):
        found = page(browser(cast.officer).get(f"/hazards/?{query}"))
        assert "有筛选条件读不懂" in found
        assert hazard.code not in found
    assert hazard.code in page(browser(cast.officer).get("/hazards/?after=garbage"))


def test_a_recurrence_is_named_by_choosing_the_old_line(cast):
    old = hazards.closed(cast)
    send(cast, previous=old.pk)
    assert Hazard.objects.latest("pk").previous == old


@pytest.mark.parametrize("pk", ["9" * 19, "9" * 40, "9" * 5000, "0", "-1", "1.5", "%00"])
def test_a_number_that_no_row_can_have_is_not_found(cast, pk):
    hazard = hazards.opened(cast)
    client = browser(cast.leader)
    paths = [
        f"/hazards/{pk}/", f"/hazards/{pk}/close/", f"/hazards/{hazard.pk}/photos/{pk}/", f"/facilities/{pk}/",
        f"/hazards/{hazard.pk}/attachments/{pk}/", f"/hazards/{hazard.pk}/requests/{pk}/", f"/campaigns/{pk}/",
        f"/facilities/{cast.home.pk}/licences/{pk}/", f"/jobs/{pk}/", f"/accounts/users/{pk}/", f"/files/pending/{pk}/",
    ]  # fmt: skip
    assert {path[:30]: client.get(path).status_code for path in paths} == {path[:30]: 404 for path in paths}


# Forged values


FORGED = {
    "category": ["999999", "9" * 30, "x"],
    "place": ["屋顶", "x"],
    "previous": ["999999", "9" * 30],
    "found_on": ["2026-02-30", "0001-01-01", "9999-12-31", "x"],
    "due_on": ["2026-02-30", "0001-01-01", "x"],
    "sent_key": ["x", "1"],
    "responsible": ["王" * 200],
    "responsible_phone": ["1" * 200],
}


@pytest.mark.parametrize("name, value", [(name, value) for name, values in FORGED.items() for value in values])
def test_a_forged_value_in_a_report_saves_nothing(cast, name, value):
    hazards.closed(cast)  # so that `previous` is asked
    campaigns = Event.objects.count()
    response = send(cast, **{name: value})
    assert response.status_code in (409, 422)
    assert (Hazard.objects.count(), Event.objects.count()) == (1, campaigns)


def test_what_the_form_does_not_ask_is_not_taken_from_it(cast):
    forged = {
        "status": "closed", "supervisor": cast.bureau.pk, "county_code": "110000000000", "town_code": "110101001000",
        "grade": "major", "number": 1000, "code": "X", "closed_by": cast.manager.pk, "reported_by": cast.officer.pk,
        "source": "covert", "found_by": cast.bureau.pk, "campaign": 1, "version": 99,
    }  # fmt: skip
    assert send(cast, **forged).status_code == 302
    hazard = Hazard.objects.get()
    assert (hazard.status, hazard.grade, hazard.source, hazard.version) == ("reported", "normal", "self", 1)
    assert (hazard.supervisor, hazard.found_by, hazard.reported_by) == (cast.township, cast.home.office, cast.manager)
    assert (hazard.town_code, hazard.number) == (cast.home.town_code, 1)


@pytest.mark.parametrize("facility", ["999999", "9" * 30, "x", "-1"])
def test_a_home_that_is_not_theirs_is_not_found(cast, facility):
    assert send(cast, facility=facility).status_code == 404
    other = builders.make_facility(supervisor=cast.township)
    assert send(cast, facility=other.pk).status_code == 404
    assert not Hazard.objects.exists()


def verified(cast, hazard, **changes):
    fields = {
        "version": hazard.version,
        "category": hazard.category_id,
        "grade": "normal",
        "due_on": in_days(9),
        "departments": [cast.township.pk],
    }
    return browser(cast.officer).post(f"/hazards/{hazard.pk}/verify/", fields | changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"grade": "enormous"},
        {"grade": "major"},
        {"grade": "major", "criterion": "999999"},
        {"grade": "major", "criterion": "9" * 30},
        {"category": "9" * 30},
        {"departments": ["9" * 30]},
        {"departments": ["x"]},
        {"departments": ["\0"]},
        {"departments": []},
        {"due_on": "2026-02-30"},
        {"due_on": "2020-01-01"},
        {"version": "9" * 30},
        {"version": "x"},
        {"version": "9" * 5000},
    ],
    ids=lambda changes: str(changes)[:40],
)
def test_a_forged_value_in_a_step_changes_nothing(cast, changes):
    hazard = hazards.reported(cast)
    assert verified(cast, hazard, **changes).status_code in (409, 422)
    hazard.refresh_from_db()
    assert (hazard.status, hazard.version) == ("reported", 1)


def test_an_office_of_another_county_cannot_be_given_a_part(cast):
    hazard, other = hazards.reported(cast), Cast()
    for office in (other.township, other.fire.office, cast.home.office):
        assert verified(cast, hazard, departments=[office.pk]).status_code == 422
    assert verified(cast, hazard, departments=[cast.township.pk, cast.fire.office.pk]).status_code == 302


def test_a_home_cannot_be_moved_to_another_county_by_a_forged_area(cast):
    other = Cast()
    fields = {"name": cast.home.name, "kind": "private", "operation": "nonprofit", "director": "王建国"}
    fields |= {"director_phone": "13800000001", "beds": 1, "nursing_beds": 0, "supervisor": cast.township.pk}
    client, path = browser(cast.clerk), f"/facilities/{cast.home.pk}/edit/"
    for forged in ({"area": other.county.town.pk}, {"area": "9" * 30}, {"area": "x"}):
        assert client.post(path, fields | forged).status_code == 422
    assert client.post(path, fields | {"area": cast.county.town.pk, "beds": "9" * 30}).status_code == 422
    assert Facility.objects.get(pk=cast.home.pk).area == cast.county.town


def test_boxes_that_nobody_offered_confirm_nothing(cast):
    hazard = hazards.reported(cast)
    picked = ["x", "", f"{hazard.pk}", f"{hazard.pk}:x", f"{'9' * 30}:1", f"{hazard.pk}:{'9' * 30}", "²:1", "\0:1"]
    response = browser(cast.officer).post("/hazards/bulk/verify/", {"picked": picked, "back": "//evil.example/"})
    assert response.status_code == 302
    assert response.url == "/hazards/"
    hazard.refresh_from_db()
    assert hazard.status == "reported"


# Sent twice, sent late


def test_the_same_form_sent_twice_shows_the_same_number(cast):
    fields = typed(cast)
    client = browser(cast.manager)
    first = client.post(REPORT, fields)
    second = client.post(REPORT, fields | {"before-new": [upload()]})
    assert first.url == second.url
    assert (Hazard.objects.count(), Event.objects.filter(verb="hazard.reported").count()) == (1, 1)


def test_a_second_press_of_ones_own_step_is_good_news(cast):
    hazard = hazards.reported(cast)
    verified(cast, hazard)
    again = verified(cast, hazard)
    told = page(browser(cast.officer).get(again.url)) if again.status_code == 302 else ""
    assert again.status_code == 302
    assert "alert" not in told
    assert Event.objects.about(hazard).filter(verb="hazard.verify").count() == 1


def test_a_stale_form_is_told_who_was_faster_and_keeps_what_was_typed(cast):
    hazard = hazards.opened(cast)
    shown = {
        "version": hazard.version,
        "reason": "面积比报的大很多",
        "grade": "major",
        "criterion": hazards.criterion().pk,
    }
    browser(cast.leader).post(f"/hazards/{hazard.pk}/set-liaison/", {"version": hazard.version, "liaison": "李勇"})
    response = browser(cast.officer).post(f"/hazards/{hazard.pk}/regrade/", shown)
    assert response.status_code == 409
    assert f"{cast.leader.name}已于" in page(response)
    assert "面积比报的大很多" in page(response)
    (version,) = re.findall(r'name="version" value="(\d+)"', page(response))
    assert browser(cast.officer).post(f"/hazards/{hazard.pk}/regrade/", shown | {"version": version}).status_code == 302


def test_a_stale_form_keeps_its_photos_too(cast):
    hazard = hazards.opened(cast)
    shown = {"version": hazard.version, "rectified_on": clock.today(), "rectification": "已清空"}
    browser(cast.leader).post(f"/hazards/{hazard.pk}/set-liaison/", {"version": hazard.version, "liaison": "李勇"})
    response = browser(cast.manager).post(f"/hazards/{hazard.pk}/submit/", shown | {"after-new": [upload()]})
    assert response.status_code == 409
    (token,) = re.findall(r'name="after" value="([^"]+)"', page(response))
    fresh = Hazard.objects.get(pk=hazard.pk).version
    sent = browser(cast.manager).post(f"/hazards/{hazard.pk}/submit/", shown | {"version": fresh, "after": token})
    assert sent.status_code == 302


def test_a_step_that_somebody_else_has_finished_leads_to_where_it_stands(cast):
    hazard = hazards.submitted(cast)
    hazards.close(hazard, by=cast.leader)
    fields = {"version": hazard.version, "rechecked_on": clock.today(), "note": "合格"}
    response = browser(cast.officer).post(f"/hazards/{hazard.pk}/close/", fields, follow=True)
    assert "当前为“已销号”，不能复查销号" in page(response)
    assert f"{cast.leader.name}已办理“复查销号”" in page(response)


# Broken requests


def test_a_forged_host_is_answered_with_a_page(cast):
    response = browser().get("/accounts/sign-in/", headers={"Host": "evil.example"})
    assert response.status_code == 400
    assert "请求不完整" in page(response)


def test_a_body_that_is_no_form_is_answered_with_a_page(cast):
    client = browser(cast.manager)
    for body, content_type in [
        (b"garbage", "multipart/form-data"),
        (b"\xff\xfe", "multipart/form-data; boundary=\xff"),
    ]:
        response = client.generic("POST", REPORT, body, content_type=content_type)
        assert response.status_code == 400
        assert "请求不完整" in page(response)


def test_too_many_files_at_once_are_refused_with_a_page(cast):
    response = send(cast, **{"before-new": [upload(data=b"x") for _ in range(31)]})
    assert response.status_code == 400
    assert not StoredFile.objects.exists()


# A connection cut in mid-upload: a web server passes on what has arrived as if it were all


CUT_TEXT = b"text=" + "第一句。第二句".encode()


def body_of_report(cast, token):
    boundary = "----portal"
    fields = typed(cast, **{"before-new": None}) | {"csrfmiddlewaretoken": token, "measure": "清空"}
    parts = [f'--{boundary}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in fields.items()]
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="before-new"; filename="a.jpg"\r\n\r\n'
    whole = "".join([*parts, head]).encode() + hazards.jpeg(size=(640, 480)) + f"\r\n--{boundary}--\r\n".encode()
    return whole, f"multipart/form-data; boundary={boundary}"


def send_part(live_server, client, path, body, content_type, *, share, headers=""):
    """Send the beginning of a request and close our side of the connection; returns what the server still answers."""
    cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {live_server.thread.host}\r\nCookie: {cookies}\r\n{headers}"
        f"Content-Type: {content_type}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    with socket.create_connection((live_server.thread.host, live_server.thread.port), timeout=20) as connection:
        connection.sendall(head.encode() + body[: int(len(body) * share)])
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65536), b"")).decode(errors="replace")


@pytest.fixture
def log():
    """What the portal's own handler writes."""
    (handler,) = [h for h in logging.getLogger().handlers if type(h) is logging.StreamHandler]
    written = io.StringIO()
    before = handler.setStream(written)
    yield written
    handler.setStream(before)


def signed_in(cast):
    client = browser(cast.manager)
    client.get(REPORT)
    return client, client.cookies["csrftoken"].value


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("share", [0.05, 0.4, 0.95])
def test_an_upload_cut_in_the_middle_saves_nothing_and_leaves_one_line_in_the_log(live_server, log, share):
    cast = Cast()
    client, token = signed_in(cast)
    body, content_type = body_of_report(cast, token)
    kept = StoredFile.objects.count()
    log.truncate(0)
    answer = send_part(live_server, client, REPORT, body, content_type, share=share)
    assert " 400 " in answer.splitlines()[0]
    assert (Hazard.objects.count(), StoredFile.objects.count()) == (0, kept)
    lines = log.getvalue().strip("\0\n").splitlines()
    assert len(lines) == 1, lines
    assert "Connection cut" in lines[0]
    answer = send_part(live_server, client, REPORT, body, content_type, share=1)  # the same, whole
    assert " 302 " in answer.splitlines()[0]
    assert Hazard.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_half_a_comment_is_not_saved_as_the_comment(live_server, log):
    cast = Cast()
    hazard = hazards.opened(cast)
    client, token = signed_in(cast)
    body = f"csrfmiddlewaretoken={token}&".encode() + CUT_TEXT
    path, content_type = f"/hazards/{hazard.pk}/comment/", "application/x-www-form-urlencoded"
    answer = send_part(live_server, client, path, body, content_type, share=0.95)
    assert " 400 " in answer.splitlines()[0]
    assert not Comment.objects.exists()
    send_part(live_server, client, path, body, content_type, share=1)
    assert Comment.objects.get().text == "第一句。第二句"


@pytest.mark.django_db(transaction=True)
def test_a_connection_torn_down_leaves_no_traceback_either(live_server, log):
    """A phone that leaves the network: nobody is there to be answered."""
    cast = Cast()
    client, token = signed_in(cast)
    body, content_type = body_of_report(cast, token)
    cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    log.truncate(0)
    connection = socket.create_connection((live_server.thread.host, live_server.thread.port), timeout=20)
    connection.sendall(
        f"POST {REPORT} HTTP/1.1\r\nHost: {live_server.thread.host}\r\nCookie: {cookies}\r\nX-CSRFToken: {token}\r\n"
        f"Content-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        + body[:3000]
    )
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # close means reset
    connection.close()
    eventually(lambda: "Connection cut" in log.getvalue())
    assert "Traceback" not in log.getvalue()
    assert not Hazard.objects.exists()


def eventually(is_so, *, within=20):
    deadline = time.monotonic() + within
    while not is_so():
        assert time.monotonic() < deadline, "did not happen"
        time.sleep(0.02)
