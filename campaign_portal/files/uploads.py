"""Pictures that come in pieces over a bad line. A piece may come twice, late or not at all; a picture is stored once.

The pieces of an unfinished upload lie in the default storage under uploads/<key>/<offset>.
"""

from typing import NamedTuple

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import Http404

from campaign_portal import clock

from . import services
from .models import Upload
from .pictures import BadPicture

MAX_PIECE = 1024 * 1024
MOST_UNFINISHED = 10  # of one user; the one that stood still longest makes room


class Piece(NamedTuple):
    """`data` begins at byte `offset` of a picture called `name` of `size` bytes with this SHA-256 (hex)."""

    offset: int
    data: bytes
    size: int
    sha256: str
    name: str


class Gap(Exception):
    """The piece does not join on to what has arrived. `offset` is where to go on."""

    def __init__(self, offset):
        super().__init__(offset)
        self.offset = offset


class Damaged(Exception):
    """What has arrived is not what was announced. Nothing of it is kept: it has to be sent from the start."""


def receive(key, piece, *, by):
    """Take one piece and return the Upload; with the last piece `upload.stored` is the picture.

    Raises Gap, Damaged, pictures.BadPicture, or Http404 for somebody else's key. A piece that has arrived already is
    harmless, also one of a finished upload.
    """
    upload = _append(key, piece, by=by)
    if not upload.is_whole:
        return upload
    try:
        return _finish(key)
    except (Damaged, BadPicture):
        forget(key)
        raise


@transaction.atomic
def _append(key, piece, *, by):
    upload = _open(key, piece, by=by)
    if (upload.size, upload.sha256) != (piece.size, piece.sha256):
        raise Damaged("同一编号的照片前后内容不一致，请重新选择照片。")
    if piece.offset > upload.received:
        raise Gap(upload.received)
    fresh = piece.data[upload.received - piece.offset :]
    if upload.received + len(fresh) > upload.size:
        raise Damaged("收到的内容超过了照片的大小，请重新选择照片。")
    if fresh:
        path = _path(upload, upload.received)
        default_storage.delete(path)  # left by a crash between saving it and saying so
        default_storage.save(path, ContentFile(fresh))
        upload.received += len(fresh)
        upload.touched_at = clock.now()
        upload.save(update_fields=["received", "touched_at"])
    return upload


def _open(key, piece, *, by):
    """The locked row of this key. The first piece makes it."""
    if piece.offset == 0:
        columns = {"uploaded_by": by, "name": piece.name, "size": piece.size, "sha256": piece.sha256}
        _, is_new = Upload.objects.get_or_create(key=key, defaults=columns)
        if is_new:
            transaction.on_commit(lambda: _make_room(by))
    upload = Upload.objects.select_for_update(of=("self",)).filter(key=key).first()
    if upload is None:
        raise Gap(0)
    if upload.uploaded_by_id != by.pk:
        raise Http404
    return upload


def _make_room(by):
    unfinished = Upload.objects.filter(uploaded_by=by, stored__isnull=True).order_by("-touched_at", "key")
    for key in list(unfinished.values_list("key", flat=True)[MOST_UNFINISHED:]):
        forget(key)


@transaction.atomic
def _finish(key):
    upload = Upload.objects.select_for_update(of=("self",)).filter(key=key).first()
    if upload is None:  # the same piece, sent twice, was refused a moment ago
        raise Gap(0)
    if upload.stored_id is None:
        data = _whole(upload)
        if services.digest_of(data) != upload.sha256:
            raise Damaged("照片在路上损坏了，将重新发送。")
        upload.stored = services.store_picture(ContentFile(data, name=upload.name), by=upload.uploaded_by)
        upload.save(update_fields=["stored"])
        transaction.on_commit(lambda: _drop_pieces(upload))
    return upload


@transaction.atomic
def forget(key):
    """Drop an upload and its pieces. The file that a finished one has become stays."""
    upload = Upload.objects.select_for_update(of=("self",)).filter(key=key).first()
    if upload:
        _drop_pieces(upload)
        upload.delete()


def _folder(upload):
    return f"uploads/{upload.key}"


def _path(upload, offset):
    return f"{_folder(upload)}/{offset:010d}"


def _pieces(upload):
    try:
        return sorted(default_storage.listdir(_folder(upload))[1])
    except FileNotFoundError:
        return []


def _whole(upload):
    parts = []
    for name in _pieces(upload):
        with default_storage.open(f"{_folder(upload)}/{name}") as piece:
            parts.append(piece.read())
    return b"".join(parts)


def _drop_pieces(upload):
    for name in _pieces(upload):
        default_storage.delete(f"{_folder(upload)}/{name}")
    default_storage.delete(_folder(upload))
