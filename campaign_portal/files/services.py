"""Taking in files: every picture is decoded and written anew, every document is checked by its own bytes."""

import fcntl
import hashlib
import zipfile
from contextlib import contextmanager
from pathlib import PurePath

from django.conf import settings
from django.core import signing
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from campaign_portal import clock

from .models import StoredFile, blob_path
from .pictures import clean_picture

MAX_DOCUMENT_BYTES = 20 * 1024 * 1024
SALT = "files.pending"


class BadDocument(Exception):
    """The upload is not a document we keep. The message is for the user."""


def keep(data: bytes) -> str:
    """Put bytes into the storage under their SHA-256, once. Returns the hex digest."""
    digest = digest_of(data)
    path = blob_path(digest)
    while not _is_whole(path, len(data)):
        saved = default_storage.save(path, ContentFile(data))
        if saved == path:
            break
        default_storage.delete(saved)  # something lies there already: the same, saved at the same moment…
        if not _is_whole(path, len(data)):
            default_storage.delete(path)  # … or what a crash once cut short
    return digest


def _is_whole(path, size):
    try:
        return default_storage.size(path) == size
    except OSError:
        return False


def digest_of(data):
    return hashlib.sha256(data).hexdigest()


@contextmanager
def removal(*, wait):
    """The right to remove stored bytes, which one process at a time has. A backup holds it so that nobody removes
    what it is about to copy. Yields whether it was got; without `wait` that may be False.

    The lock is a file in PORTAL_DATA_DIR: it holds among processes that share this folder.
    """
    with (settings.DATA_DIR / "removal.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
        else:
            yield True  # closing the file gives it back


def drop_unused(digest):
    """Remove bytes that no row names any more."""
    path = blob_path(digest)
    if StoredFile.objects.naming(digest).exists() or not default_storage.exists(path):
        return
    with default_storage.open(path) as blob:
        data = blob.read()
    default_storage.delete(path)
    if StoredFile.objects.naming(digest).exists():  # uploaded again at this very moment
        keep(data)


def _store(*blobs, **columns):
    """A row, then its bytes: in this order drop_unused() never takes away what is just being stored.

    Inside somebody's transaction nobody sees the row yet, so the bytes are looked after once more when it is committed.
    """
    stored = StoredFile.objects.create(sha256=digest_of(blobs[0]), size=len(blobs[0]), **columns)
    try:
        _keep_all(blobs)
    except BaseException:
        stored.delete()
        raise
    if transaction.get_connection().in_atomic_block:
        transaction.on_commit(lambda: _keep_all(blobs))
    return stored


def _keep_all(blobs):
    for data in blobs:
        keep(data)


def store_picture(upload, *, by):
    """Keep an uploaded picture: at most 1600 pixels wide, without its metadata. Raises pictures.BadPicture."""
    picture = clean_picture(upload, name=upload.name, now=clock.now())
    return _store(
        picture.data,
        picture.thumbnail,
        kind=StoredFile.Kind.PICTURE,
        content_type=picture.content_type,
        name=f"{PurePath(upload.name).stem[:80] or '照片'}.jpg",
        width=picture.width,
        height=picture.height,
        taken_at=picture.taken_at,
        thumbnail_sha256=digest_of(picture.thumbnail),
        uploaded_by=by,
    )


def store_document(upload, *, by):
    """Keep an uploaded PDF, Word or Excel file. Raises BadDocument."""
    if upload.size > MAX_DOCUMENT_BYTES:
        raise BadDocument(f"“{upload.name}”有 {upload.size // 1024 // 1024} MB，超过 20 MB，请压缩或拆分后再传。")
    content_type = _document_type(upload)
    upload.seek(0)
    return _store(
        upload.read(),
        kind=StoredFile.Kind.DOCUMENT,
        content_type=content_type,
        name=PurePath(upload.name).name[-120:],
        uploaded_by=by,
    )


def store_bytes(data, *, name, content_type, by):
    """Keep bytes that the portal itself made (a report, an archive)."""
    return _store(
        data,
        kind=StoredFile.Kind.DOCUMENT,
        content_type=content_type,
        name=name,
        uploaded_by=by,
    )


OFFICE_FOLDERS = {
    "word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def _document_type(upload):
    """The type by content: the name's ending is only the sender's word."""
    head = upload.read(5)
    upload.seek(0)
    if head == b"%PDF-":
        return "application/pdf"
    if head[:2] == b"PK":
        try:
            names = zipfile.ZipFile(upload).namelist()
        except Exception:  # zipfile raises what it likes on a crafted file
            names = []
        for folder, content_type in OFFICE_FOLDERS.items():
            if any(name.startswith(folder) for name in names):
                return content_type
    raise BadDocument(f"“{upload.name}”不是可以保存的文件。请上传 PDF、Word（.docx）或 Excel（.xlsx）文件。")


def token_for(stored):
    """A signed name for a file that nobody owns yet, always the same. Only its uploader can turn it back into the file."""
    return signing.Signer(salt=SALT).sign_object([stored.pk, stored.uploaded_by_id])


def from_token(token, *, by):
    """The pending file of a token, or None if it is forged, somebody else's or swept."""
    try:
        pk, uploader = signing.Signer(salt=SALT).unsign_object(token)
    except signing.BadSignature:
        return None
    return StoredFile.objects.filter(pk=pk, uploaded_by=by).first() if uploader == by.pk else None
