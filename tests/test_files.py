"""Bytes are kept once, read only through the row that owns them, and forgotten when nobody wants them."""

import hashlib
import io
import threading
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from campaign_portal import clock
from campaign_portal.files import services
from campaign_portal.files.models import StoredFile, blob_path
from campaign_portal.files.pictures import THUMBNAIL_EDGE
from campaign_portal.files.tasks import sweep_unattached
from inspections import services as hazard_services
from inspections.models import Hazard, Photo

from . import builders, hazards
from .builders import browser
from .hazards import Cast, jpeg, upload

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

PDF = b"%PDF-1.7 made up"


def blobs():
    """Every file in the storage, by its path."""
    found, folders = set(), [""]
    while folders:
        folder = folders.pop()
        names, files = default_storage.listdir(folder)
        folders += [f"{folder}{name}/" for name in names]
        found |= {f"{folder}{name}" for name in files}
    return found


def attached(cast, hazard, data=PDF, name="检测报告.pdf"):
    stored = services.store_document(SimpleUploadedFile(name, data), by=cast.manager)
    return hazard_services.attach_document(hazard=hazard, by=cast.manager, file=stored)


# Bytes


def test_the_same_picture_twice_is_two_rows_and_one_set_of_bytes():
    cast = Cast()
    first, second = hazards.picture(cast.manager), hazards.picture(cast.officer)
    assert first.pk != second.pk
    assert first.sha256 == second.sha256
    assert blobs() == {blob_path(first.sha256), blob_path(first.thumbnail_sha256)}


def test_bytes_lie_under_their_own_digest_and_can_be_read_back():
    stored = services.store_bytes(b"archive", name="a.zip", content_type="application/zip", by=None)
    assert stored.sha256 == hashlib.sha256(b"archive").hexdigest()
    with stored.open() as blob:
        assert blob.read() == b"archive"


def test_bytes_that_a_crash_cut_short_are_mended_by_the_next_upload():
    stored = services.store_bytes(b"archive", name="a.zip", content_type="application/zip", by=None)
    path = blob_path(stored.sha256)
    default_storage.delete(path)
    default_storage.save(path, io.BytesIO(b"arch"))
    services.keep(b"archive")
    with stored.open() as blob:
        assert blob.read() == b"archive"


def test_when_the_bytes_cannot_be_kept_there_is_no_row_either(monkeypatch):
    def full(data):
        raise OSError("no space left on device")

    monkeypatch.setattr(services, "keep", full)
    with pytest.raises(OSError, match="no space"):
        services.store_bytes(b"archive", name="a.zip", content_type="application/zip", by=None)
    assert not StoredFile.objects.exists()


def test_a_large_picture_gets_a_small_copy():
    cast = Cast()
    stored = services.store_picture(upload(data=jpeg(size=(3000, 2000))), by=cast.manager)
    assert (stored.width, stored.height) == (1600, 1067)
    with stored.open(thumbnail=True) as small, stored.open() as whole:
        assert Image.open(small).size == (THUMBNAIL_EDGE, 213)
        assert Image.open(whole).size == (1600, 1067)


# Reading


def test_a_photo_is_read_by_whoever_sees_its_hazard_and_by_nobody_else():
    cast = Cast()
    hazard = hazards.opened(cast)
    photo = Photo.objects.get()
    path = f"/hazards/{hazard.pk}/photos/{photo.pk}/"
    stranger = builders.make_home_user(builders.make_facility(supervisor=cast.township))
    for user, status in [
        (cast.manager, 200), (cast.officer, 200), (cast.clerk, 200), (cast.fire, 404), (stranger, 404), (None, 302),
    ]:  # fmt: skip
        for address in (path, f"{path}thumbnail/"):
            response = browser(user).get(address)
            assert response.status_code == status
            response.getvalue()


def test_a_photo_is_shown_in_the_page_and_a_document_is_only_ever_downloaded():
    cast = Cast()
    hazard = hazards.opened(cast)
    paper = attached(cast, hazard)
    photo = Photo.objects.get()
    shown = browser(cast.officer).get(f"/hazards/{hazard.pk}/photos/{photo.pk}/")
    sent = browser(cast.officer).get(f"/hazards/{hazard.pk}/attachments/{paper.pk}/")
    assert shown["Content-Type"] == "image/jpeg"
    assert not shown["Content-Disposition"].startswith("attachment")
    assert sent["Content-Disposition"].startswith("attachment")
    assert "%E6%A3%80%E6%B5%8B" in sent["Content-Disposition"]  # its Chinese name
    assert sent.getvalue() == PDF
    for response in (shown, sent):
        assert response["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in response["Content-Security-Policy"]
        assert "default-src 'none'" in response["Content-Security-Policy"]
        assert response["Cache-Control"].startswith("private")
        response.getvalue()


def test_a_browser_that_has_the_bytes_is_not_sent_them_again():
    cast = Cast()
    hazard = hazards.opened(cast)
    path, client = f"/hazards/{hazard.pk}/photos/{Photo.objects.get().pk}/", browser(cast.officer)
    first = client.get(path)
    first.getvalue()
    again = client.get(path, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = client.get(f"{path}thumbnail/", headers={"If-None-Match": first["ETag"]})
    assert other.status_code == 200
    other.getvalue()


def test_a_kept_copy_does_not_outlive_the_right_to_read_it():
    cast = Cast()
    hazard = hazards.opened(cast)
    path = f"/hazards/{hazard.pk}/photos/{Photo.objects.get().pk}/"
    tag = f'"{StoredFile.objects.get().sha256}"'
    assert browser(cast.fire).get(path, headers={"If-None-Match": tag}).status_code == 404


@pytest.mark.parametrize(
    "name, data",
    [("a.pdf", b"<html>"), ("a.docx", b"PK\x03\x04garbage"), ("a.exe", b"MZ"), ("a.pdf", b""), ("a.svg", b"<svg>")],
)
def test_what_is_no_document_is_refused_by_its_content_whatever_it_is_called(name, data):
    cast = Cast()
    hazard = hazards.opened(cast)
    page = browser(cast.officer).post(
        f"/hazards/{hazard.pk}/attach/", {"document": SimpleUploadedFile(name, data)}, follow=True
    )
    assert "不是可以保存的文件" in page.content.decode()
    assert not hazard.attachments.exists()


# Pictures that wait for their form


def test_a_picture_sent_ahead_is_seen_by_who_sent_it_and_by_nobody_else():
    cast = Cast()
    sent = browser(cast.manager).post("/files/pictures/", {"file": upload()})
    assert sent.status_code == 201
    url = sent.json()["url"]
    colleague = builders.make_home_user(cast.home)
    for user, status in [(cast.manager, 200), (colleague, 404), (cast.officer, 404), (cast.clerk, 404)]:
        response = browser(user).get(url)
        assert response.status_code == status
        response.getvalue()


def test_a_token_is_worth_nothing_in_other_hands_or_when_it_is_altered():
    cast = Cast()
    token = services.token_for(hazards.picture(cast.manager))
    assert services.from_token(token, by=cast.manager) is not None
    assert services.from_token(token, by=cast.officer) is None
    assert services.from_token(token[:-1] + ("a" if token[-1] != "a" else "b"), by=cast.manager) is None
    assert services.from_token("", by=cast.manager) is None


# Forgetting


def a_week_ago():
    return clock.at(clock.now() - timedelta(days=7, minutes=1))


def test_what_nobody_owns_after_a_week_is_forgotten_with_its_bytes():
    cast = Cast()
    with a_week_ago():
        forgotten = services.store_picture(upload(data=jpeg("#112233")), by=cast.manager)
        hazards.reported(cast)
        attached(cast, Hazard.objects.get())
    waiting = services.store_picture(upload(data=jpeg("#445566")), by=cast.manager)
    kept = set(StoredFile.objects.exclude(pk=forgotten.pk))
    assert sweep_unattached() == 1
    assert set(StoredFile.objects.all()) == kept
    assert waiting in kept
    needed = {path for row in kept for path in map(blob_path, filter(None, (row.sha256, row.thumbnail_sha256)))}
    assert blobs() == needed
    assert sweep_unattached() == 0


def test_bytes_that_another_row_has_too_are_kept():
    cast = Cast()
    with a_week_ago():
        forgotten = hazards.picture(cast.manager)
        owned = hazards.reported(cast).photos.get().file
    assert owned.sha256 == forgotten.sha256
    assert sweep_unattached() == 1
    for thumbnail in (False, True):
        with owned.open(thumbnail=thumbnail) as blob:
            assert blob.read(2) == b"\xff\xd8"


def test_a_thumbnail_that_another_picture_has_too_is_kept():
    """Two different pictures may look the same when small."""
    cast = Cast()
    with a_week_ago():
        forgotten = services.store_picture(upload(data=jpeg("#112233")), by=cast.manager)
        owned = hazards.reported(cast).photos.get().file
        StoredFile.objects.filter(pk=owned.pk).update(thumbnail_sha256=forgotten.thumbnail_sha256)
    assert sweep_unattached() == 1
    owned.refresh_from_db()
    with owned.open(thumbnail=True) as blob:
        assert blob.read(2) == b"\xff\xd8"
    assert not default_storage.exists(blob_path(forgotten.sha256))


def test_a_row_whose_bytes_are_already_gone_is_forgotten_all_the_same():
    cast = Cast()
    with a_week_ago():
        stored = hazards.picture(cast.manager)
    default_storage.delete(blob_path(stored.sha256))
    assert sweep_unattached() == 1


def test_bytes_uploaded_again_while_they_are_being_forgotten_survive(monkeypatch):
    """The sweep has found no row, the upload finds the bytes still there, then the sweep takes them away."""
    cast = Cast()
    with a_week_ago():
        old = hazards.picture(cast.manager)
    delete, uploaded = default_storage.delete, []

    def slow_delete(path):
        if not uploaded:
            uploaded.append(hazards.picture(cast.manager))
        delete(path)

    monkeypatch.setattr(default_storage, "delete", slow_delete)
    sweep_unattached()
    assert not StoredFile.objects.filter(pk=old.pk).exists()
    for thumbnail in (False, True):
        with uploaded[0].open(thumbnail=thumbnail) as blob:
            assert blob.read(2) == b"\xff\xd8"


def test_the_same_bytes_saved_by_many_at_once_are_kept_once():
    barrier, digests = threading.Barrier(8), []

    def save():
        barrier.wait(30)
        digests.append(services.keep(b"the same" * 10_000))

    threads = [threading.Thread(target=save) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert blobs() == {blob_path(digests[0])}
    assert default_storage.size(blob_path(digests[0])) == 80_000
