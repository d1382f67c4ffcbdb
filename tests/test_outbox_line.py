"""Two hundred faults of the line, and every photo arrives once, whole, and in one hazard.

The small client below keeps to the protocol of static/outbox.js; the browser itself is in test_outbox_browser.py.
"""

import hashlib
import http.client
import io
import json
import random
import urllib.parse
import uuid

import pytest
from PIL import Image

from campaign_portal.files.models import Receipt, StoredFile, Upload
from campaign_portal.files.pictures import clean_picture
from inspections.models import Hazard

from . import hazards
from .builders import browser, in_days
from .hazards import Cast
from .proxy import BadLine, Cut, CutAnswer, Double, Late, shares, weather

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]

PIECE = 4 * 1024
TRIES = 1000


def noisy(seed):
    """A photo of some 30 KB that looks like no other."""
    image = Image.frombytes("RGB", (96, 96), random.Random(seed).randbytes(96 * 96 * 3))
    out = io.BytesIO()
    image.resize((240, 240)).save(out, "JPEG", quality=90)
    return out.getvalue()


class Phone:
    """Sends as the outbox does: ask how far it got, go on there, believe only the same fingerprint."""

    def __init__(self, user, line):
        client = browser(user)
        client.get("/")
        self.address = line.url.removeprefix("http://")
        self.head = {
            "Cookie": "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items()),
            "X-CSRFToken": client.cookies["csrftoken"].value,
            "X-Portal-User": str(user.pk),
            "X-Requested-With": "fetch",
        }

    def ask(self, method, path, body=None, **head):
        """(status, JSON) or (0, {}) when the line failed, be it in the middle of the answer."""
        connection = http.client.HTTPConnection(self.address, timeout=30)
        try:
            connection.request(method, path, body, self.head | head)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        except (OSError, http.client.HTTPException, ValueError):
            return 0, {}
        finally:
            connection.close()

    def send_photo(self, data):
        key, sha256 = uuid.uuid4(), hashlib.sha256(data).hexdigest()
        path, told = f"/files/uploads/{key}/", {"offset": 0}
        for _ in range(TRIES):
            at = told["offset"]
            head = {"Upload-Offset": at, "Upload-Length": len(data), "Upload-Sha256": sha256, "Upload-Name": "a.jpg"}
            status, told = self.ask("PUT", path, data[at : at + PIECE], **{n: str(v) for n, v in head.items()})
            while status not in (200, 409):
                assert status in (0, 400), (status, told)  # 400: only half of the request arrived
                status, told = self.ask("GET", path)
            if "token" in told:
                assert told["sha256"] == sha256
                return told["token"]
        raise AssertionError("never arrived")

    def send_form(self, path, fields):
        head = {"X-Portal-Outbox": str(uuid.uuid4()), "Content-Type": "application/x-www-form-urlencoded"}
        body = urllib.parse.urlencode(fields, doseq=True)
        for _ in range(TRIES):
            status, told = self.ask("POST", path, body, **head)
            if status == 200:
                return told
            assert status in (0, 400), (status, told)
        raise AssertionError("never arrived")


def report_of(cast, tokens):
    return {
        "facility": cast.home.pk, "sent_key": uuid.uuid4(), "place": "走廊和疏散通道",
        "category": hazards.draft(cast.home).category_id, "found_on": in_days(0), "due_on": in_days(9),
        "summary": "二楼疏散通道堆放杂物", "measure": "清空通道", "responsible": "王建国", "before": tokens,
    }  # fmt: skip


@pytest.fixture
def line(live_server):
    with BadLine(live_server) as line:
        yield line


@pytest.fixture(autouse=True)
def _quiet(caplog):
    caplog.set_level("ERROR", logger="django.request")


def test_two_hundred_faults_lose_no_photo_and_double_none(line):
    cast = Cast()
    phone, photos, tokens = Phone(cast.manager, line), [], []
    line.faults = weather(200)
    while len(photos) < 12 or len(line.happened) < 200:
        photos.append(noisy(seed=len(photos)))
        tokens.append(phone.send_photo(photos[-1]))
    line.deliver_late()
    assert len(line.happened) == 200
    assert {type(fault) for fault in line.happened} == {Cut, CutAnswer, Double, Late}
    assert len(set(tokens)) == len(photos) == StoredFile.objects.count() == Upload.objects.count()
    sent = sorted(hashlib.sha256(photo).hexdigest() for photo in photos)
    assert sorted(Upload.objects.values_list("sha256", flat=True)) == sent
    clean = sorted(hashlib.sha256(clean_picture(io.BytesIO(photo), name="").data).hexdigest() for photo in photos)
    assert sorted(StoredFile.objects.values_list("sha256", flat=True)) == clean


def test_reports_sent_through_every_fault_are_one_hazard_each_with_its_photos(line):
    cast = Cast()
    phone = Phone(cast.manager, line)
    tokens = [phone.send_photo(noisy(seed)) for seed in range(5)]
    told, places = [], iter(shares(20))
    for _ in range(5):
        faults = [Cut(next(places)), Late(), CutAnswer(next(places)), Cut(next(places)), Late(), CutAnswer(0), Double()]
        line.faults = iter(faults)
        told.append(phone.send_form("/hazards/report/", report_of(cast, tokens)))
        line.deliver_late()
    assert len(line.happened) == 35
    assert [answer["outcome"] for answer in told] == ["done"] * 5
    assert len({answer["url"] for answer in told}) == Hazard.objects.count() == Receipt.objects.count() == 5
    assert {hazard.photos.count() for hazard in Hazard.objects.all()} == {5}


def test_a_rectification_whose_answer_was_lost_is_not_an_error_the_second_time(line):
    """Even when the officer has meanwhile found it good: the phone hears what it would have heard at first."""
    cast = Cast()
    hazard = hazards.opened(cast)
    phone = Phone(cast.manager, line)
    fields = {
        "version": hazard.version, "rectified_on": in_days(0), "rectification": "已清空",
        "after": phone.send_photo(noisy(1)),
    }  # fmt: skip
    head = {"X-Portal-Outbox": str(uuid.uuid4()), "Content-Type": "application/x-www-form-urlencoded"}
    line.faults = iter([CutAnswer(0.3)])
    body, path = urllib.parse.urlencode(fields), f"/hazards/{hazard.pk}/submit/"
    assert phone.ask("POST", path, body, **head)[0] == 0
    hazard.refresh_from_db()
    hazards.close(hazard, by=cast.officer)
    status, told = phone.ask("POST", path, body, **head)
    assert (status, told["outcome"]) == (200, "done")
    assert "整改已提交" in told["said"]
