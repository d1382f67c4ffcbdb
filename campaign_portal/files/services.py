"""Taking in files: every picture is decoded and written anew, every document is checked by its own bytes."""

import hashlib
import zipfile
from pathlib import PurePath

from django.core import signing
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from campaign_portal import clock

from .models import StoredFile, blob_path
from .pictures import clean_picture

MAX_DOCUMENT_BYTES = 20 * 1024 * 1024
SALT = "files.pending"


class BadDocument(Exception):
    """The upload is not a document we keep. The message is for the user."""


def keep(data: bytes) -> str:
    """Put bytes into the storage under their SHA-256, once. Returns the hex digest."""
    digest = hashlib.sha256(data).hexdigest()
    path = blob_path(digest)
    if default_storage.exists(path) and default_storage.size(path) != len(data):
        default_storage.delete(path)  # a crash cut it short
    if not default_storage.exists(path):
        default_storage.save(path, ContentFile(data))
    return digest


def store_picture(upload, *, by):
    """Keep an uploaded picture: at most 1600 pixels wide, without its metadata. Raises pictures.BadPicture."""
    picture = clean_picture(upload, name=upload.name, now=clock.now())
    return StoredFile.objects.create(
        kind=StoredFile.Kind.PICTURE,
        sha256=keep(picture.data),
        size=len(picture.data),
        content_type=picture.content_type,
        name=f"{PurePath(upload.name).stem[:80] or '照片'}.jpg",
        width=picture.width,
        height=picture.height,
        taken_at=picture.taken_at,
        thumbnail_sha256=keep(picture.thumbnail),
        uploaded_by=by,
    )


def store_document(upload, *, by):
    """Keep an uploaded PDF, Word or Excel file. Raises BadDocument."""
    if upload.size > MAX_DOCUMENT_BYTES:
        raise BadDocument(f"“{upload.name}”有 {upload.size // 1024 // 1024} MB，超过 20 MB，请压缩或拆分后再传。")
    content_type = _document_type(upload)
    upload.seek(0)
    return StoredFile.objects.create(
        kind=StoredFile.Kind.DOCUMENT,
        sha256=keep(upload.read()),
        size=upload.size,
        content_type=content_type,
        name=PurePath(upload.name).name[-120:],
        uploaded_by=by,
    )


def store_bytes(data, *, name, content_type, by):
    """Keep bytes that the portal itself made (a report, an archive)."""
    return StoredFile.objects.create(
        kind=StoredFile.Kind.DOCUMENT,
        sha256=keep(data),
        size=len(data),
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
    """A signed name for a file that nobody owns yet. Only its uploader can turn it back into the file."""
    return signing.dumps([stored.pk, stored.uploaded_by_id], salt=SALT, compress=False)


def from_token(token, *, by):
    """The pending file of a token, or None if it is forged, somebody else's or swept."""
    try:
        pk, uploader = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    return StoredFile.objects.filter(pk=pk, uploaded_by=by).first() if uploader == by.pk else None
