"""A picture comes in pieces: joined in any weather, checked as a whole, stored once, seen by its sender only."""

import hashlib
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection

from campaign_portal import clock
from campaign_portal.files import uploads
from campaign_portal.files.models import Receipt, StoredFile, Upload
from campaign_portal.files.pictures import MAX_BYTES
from campaign_portal.files.tasks import sweep_unattached

from . import builders
from .builders import browser
from .hazards import Cast, jpeg

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]

PHOTO = jpeg(size=(640, 480))
HALF = len(PHOTO) // 2


def fingerprint(data):
    return hashlib.sha256(data).hexdigest()


class Sender:
    """One picture on its way, as a phone sends it."""

    def __init__(self, user, data=PHOTO, *, key=None, sha256=None, name="前一.jpg", size=None):
        self.client, self.data = browser(user), data
        self.url = f"/files/uploads/{key or uuid.uuid4()}/"
        self.head = {
            "Upload-Length": str(len(data) if size is None else size),
            "Upload-Sha256": sha256 or fingerprint(data),
            "Upload-Name": quote(name),
        }

    def put(self, start=0, stop=None, **head):
        return self.client.put(
            self.url,
            self.data[start:stop],
            content_type="application/octet-stream",
            headers=self.head | {"Upload-Offset": str(start)} | head,
        )

    def ask(self):
        return self.client.get(self.url)


@pytest.fixture
def cast():
    return Cast()


def pieces():
    """What lies in the storage of unfinished uploads."""
    return [] if not default_storage.exists("uploads") else default_storage.listdir("uploads")[0]


# Arriving


def test_pieces_are_joined_and_the_last_one_brings_the_token_and_the_fingerprint(cast):
    photo = Sender(cast.manager)
    first = photo.put(0, HALF)
    assert (first.status_code, first.json()) == (200, {"offset": HALF})
    assert photo.ask().json() == {"offset": HALF}
    last = photo.put(HALF).json()
    assert last["sha256"] == fingerprint(PHOTO)
    stored = StoredFile.objects.get()
    assert (stored.name, stored.width, stored.uploaded_by) == ("前一.jpg", 640, cast.manager)
    assert photo.client.get(last["url"]).getvalue()[:2] == b"\xff\xd8"
    assert pieces() == []


def test_everything_sent_again_gets_the_same_answer_and_no_second_file(cast):
    photo = Sender(cast.manager)
    photo.put(0, HALF)
    told = photo.put(HALF).json()
    for again in (photo.put(0, HALF), photo.put(HALF), photo.put(), photo.put(HALF // 2, HALF), photo.ask()):
        assert (again.status_code, again.json()) == (200, told)
    assert StoredFile.objects.count() == 1


def test_a_doubled_or_overlapping_piece_is_harmless(cast):
    photo = Sender(cast.manager)
    photo.put(0, HALF)
    assert photo.put(0, HALF).json() == {"offset": HALF}
    assert photo.put(10, 20).json() == {"offset": HALF}
    assert photo.put(HALF - 50, HALF + 50).json() == {"offset": HALF + 50}
    assert "token" in photo.put(HALF + 50).json()


def test_a_piece_that_comes_too_early_is_told_where_to_go_on(cast):
    photo = Sender(cast.manager)
    early = photo.put(HALF)
    assert (early.status_code, early.json()) == (409, {"offset": 0})
    photo.put(0, 100)
    early = photo.put(HALF)
    assert (early.status_code, early.json()) == (409, {"offset": 100})
    assert not StoredFile.objects.exists()


def test_a_piece_left_by_a_crash_is_overwritten(cast):
    photo = Sender(cast.manager)
    photo.put(0, HALF)
    upload = Upload.objects.get()
    default_storage.save(f"uploads/{upload.key}/{HALF:010d}", ContentFile(b"half of it"))
    assert photo.put(HALF).json()["sha256"] == fingerprint(PHOTO)


def test_eight_at_once_with_the_same_picture_give_one_file_and_one_token(cast):
    key = uuid.uuid4()
    senders = [Sender(cast.manager, key=key) for _ in range(8)]

    def send(sender):
        try:
            return sender.put(0, HALF), sender.put(HALF)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(send, senders))
    assert {first.status_code for first, _ in answers} == {200}
    assert len({last.json()["token"] for _, last in answers}) == 1
    assert StoredFile.objects.count() == 1


# Refusals


@pytest.mark.parametrize("method", ["get", "put"])
def test_somebody_elses_key_is_not_found(cast, method):
    key = uuid.uuid4()
    Sender(cast.manager, key=key).put(0, HALF)
    stranger = Sender(cast.officer, key=key)
    answer = stranger.ask() if method == "get" else stranger.put(HALF)
    assert answer.status_code == 404
    assert Upload.objects.get().received == HALF


def test_damaged_bytes_are_refused_and_nothing_of_them_is_kept(cast):
    photo = Sender(cast.manager, sha256=fingerprint(b"something else"))
    answer = photo.put()
    assert (answer.status_code, answer.json()["again"]) == (422, True)
    assert (Upload.objects.count(), StoredFile.objects.count(), pieces()) == (0, 0, [])
    photo.head["Upload-Sha256"] = fingerprint(PHOTO)
    assert "token" in photo.put().json()  # the same key, from the start


def test_what_is_no_picture_is_refused_in_words_and_for_good(cast):
    answer = Sender(cast.manager, b"PK\x03\x04 no picture", name="材料.docx").put()
    assert answer.status_code == 422
    assert "again" not in answer.json()
    assert "照片" in answer.json()["error"]
    assert (Upload.objects.count(), StoredFile.objects.count(), pieces()) == (0, 0, [])


def test_a_picture_that_is_too_large_is_refused_at_its_first_piece(cast):
    answer = Sender(cast.manager, size=MAX_BYTES + 1).put()
    assert answer.status_code == 413
    assert "25 MB" in answer.json()["error"]
    assert not Upload.objects.exists()


def test_more_than_was_announced_is_not_taken(cast):
    assert Sender(cast.manager, size=HALF).put().status_code == 422
    assert not StoredFile.objects.exists()


def test_a_key_stands_for_one_picture(cast):
    key = uuid.uuid4()
    Sender(cast.manager, key=key).put(0, HALF)
    assert Sender(cast.manager, jpeg("#112233"), key=key).put().status_code == 422
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize(
    "head",
    [
        {"Upload-Offset": "x"}, {"Upload-Offset": "-1"}, {"Upload-Offset": "9" * 30}, {"Upload-Length": "0"},
        {"Upload-Length": ""}, {"Upload-Sha256": "abc"}, {"Upload-Sha256": "Z" * 64}, {"Upload-Name": "%00"},
    ],
)  # fmt: skip
def test_nonsense_in_the_headers_is_refused(cast, head):
    assert Sender(cast.manager).put(**head).status_code == 422
    assert not Upload.objects.exists()


def test_who_sends_no_pictures_has_no_upload(cast):
    evaluator = builders.make_user(builders.make_office("evaluator", area=cast.county.area))
    assert Sender(evaluator).put().status_code == 403


def test_nothing_is_taken_in_somebody_elses_session(cast):
    """The phone was handed on: what one has taken is not sent in the name of the other."""
    answer = Sender(cast.officer).put(**{"X-Portal-User": str(cast.manager.pk)})
    assert answer.status_code == 401
    assert not Upload.objects.exists()


# Bounds


def test_only_so_many_unfinished_pictures_are_kept_and_the_oldest_make_room(cast):
    senders = [Sender(cast.manager) for _ in range(uploads.MOST_UNFINISHED + 2)]
    for number, sender in enumerate(senders):
        with clock.at(clock.now() + timedelta(seconds=number)):
            sender.put(0, HALF)
    assert Upload.objects.count() == len(pieces()) == uploads.MOST_UNFINISHED
    assert senders[0].ask().json() == {"offset": 0}
    assert senders[0].put(HALF).json() == {"offset": 0}  # it starts again
    assert "token" in senders[-1].put(HALF).json()


def test_what_stopped_halfway_is_forgotten_after_a_week(cast):
    with clock.at(clock.now() - timedelta(days=7, minutes=1)):
        Sender(cast.manager).put(0, HALF)
        Sender(cast.manager, jpeg("#112233")).put()
        Receipt.objects.create(key=uuid.uuid4(), user=cast.manager, url="/")
    going_on = Sender(cast.manager)
    going_on.put(0, HALF)
    sweep_unattached()
    assert [str(upload.key) for upload in Upload.objects.all()] == pieces()
    assert not StoredFile.objects.exists()
    assert Receipt.objects.count() == 1  # a form is remembered for longer
    assert "token" in going_on.put(HALF).json()
