"""Backing up everything into one file, and restoring it into an empty place.

A backup is of one moment. The database is copied first and the files that this copy names after it: files are only ever
added, and the one task that removes some waits for as long as a backup holds `files.services.removal()`.
"""

import hashlib
import json
import os
import tempfile
import tomllib
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from campaign_portal import clock
from campaign_portal.files.models import blob_path
from campaign_portal.files.services import removal

from . import archive, databases
from .readiness import known_migrations

FORMAT = 1


class Refused(Exception):
    """The backup does not fit here. Nothing has been changed."""


class Differs(Exception):
    """What was restored is not what was backed up."""


def portal_version():
    return tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]


def given_key():
    """The key that this installation was given: without one, settings make up another at every start."""
    return os.environ.get("PORTAL_SECRET_KEY", "")


def fingerprint(key):
    """Tells whether two keys are the same without giving either away."""
    return hashlib.sha256(b"campaign-portal key " + key.encode()).hexdigest()[:16] if key else ""


# Out


def back_up(path, *, with_key=False):
    """Write a new archive and return its manifest. `manifest["lost"]` names the digests whose bytes are missing or
    changed on this machine already: the rest is backed up all the same."""
    if with_key and not given_key():
        raise Refused("没有设置 PORTAL_SECRET_KEY，不能把密钥放进备份。")
    if path.exists():
        raise Refused(f"{path} 已存在，不覆盖。")
    made_at = clock.now()
    with (
        removal(wait=True),
        tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as folder,
        archive.new(path, made_at=made_at) as writer,
    ):
        copy = Path(folder) / "database"
        with databases.frozen(copy) as cursor:
            held, digests = databases.describe(cursor), list(databases.digests(cursor))
        writer.add_file(archive.DATABASES[connection.vendor], copy)
        copy.unlink()
        files = _add_files(writer, digests)
        if with_key:
            writer.add_text(archive.KEY, given_key())
        manifest = {
            "format": FORMAT,
            "portal": portal_version(),
            "made_at": timezone.localtime(made_at).isoformat(timespec="seconds"),
            "database": connection.vendor,
            "key": fingerprint(given_key()),
            "has_key": with_key,
        }
        manifest |= held | files
        writer.add_text(archive.MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
    return manifest


def _add_files(writer, digests):
    count = size = 0
    lost = []
    for digest in digests:
        path = blob_path(digest)
        if not _is_sound(digest):
            lost.append(digest)
            continue
        with default_storage.open(path) as blob:
            writer.add(f"files/{path}", blob, blob.size)
            count, size = count + 1, size + blob.size
    return {"files": count, "bytes": size, "lost": lost}


def _is_sound(digest):
    try:
        with default_storage.open(blob_path(digest)) as blob:
            return archive.Hashing(blob).drained() == digest
    except OSError:
        return False


# In


def restore(path, *, key_to=None):
    """Fill an empty database and an empty file storage from an archive. Returns its manifest.

    Raises Damaged, Refused or Trouble with nothing changed, Differs if what is there in the end is not what was
    backed up. `key_to` names a new file for the key of an archive that has one.
    """
    manifest = archive.verify(path)
    _check_fits(manifest)
    if key_to:
        _check_key(manifest, key_to)
    placed = []
    try:
        for name, stream in archive.entries(path):
            if blob := archive.BLOB.fullmatch(name):
                placed.append(default_storage.save(blob_path(blob[3]), File(stream)))
        for name, stream in archive.entries(path):
            if name == archive.DATABASES[connection.vendor]:
                databases.load(stream)
                break
    except BaseException:
        for name in placed:
            default_storage.delete(name)
        raise
    _check_restored(manifest)
    if key_to:
        _write_key(path, key_to)
    return manifest


def _check_fits(manifest):
    if manifest["format"] != FORMAT:
        raise Refused(f"备份格式 {manifest['format']} 不是本版本能读的（{FORMAT}）。")
    if manifest["database"] != connection.vendor:
        raise Refused(f"备份来自 {manifest['database']}，这里的数据库是 {connection.vendor}，不能互相恢复。")
    known = {f"{app}.{name}" for app, name in known_migrations()}
    if strange := sorted(set(manifest["migrations"]) - known):
        raise Refused(f"备份来自更新的版本（{manifest['portal']}），请先升级程序。本版本没有的迁移：{strange[0]}")
    if not databases.is_empty():
        raise Refused("数据库里已有内容。恢复只写入空的数据库：请新建一个空库，把 DATABASE_URL 指向它。")
    if not _storage_is_empty():
        raise Refused(
            f"{settings.MEDIA_ROOT} 里已有文件。恢复只写入空的文件夹：请换一个 PORTAL_DATA_DIR，或先移走原来的文件。"
        )


def _storage_is_empty():
    try:
        folders, files = default_storage.listdir("")
    except FileNotFoundError:
        return True
    return not folders and not files


def _check_key(manifest, key_to):
    if not manifest["has_key"]:
        raise Refused("这个备份不含密钥（备份时没有用 --with-key）。")
    if key_to.exists():
        raise Refused(f"{key_to} 已存在，不覆盖。")


def _write_key(path, key_to):
    key = next(stream.read() for name, stream in archive.entries(path) if name == archive.KEY)
    with open(os.open(key_to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(key)


def _check_restored(manifest):
    with connection.cursor() as cursor:
        held = databases.describe(cursor)
        bad = [digest for digest in databases.digests(cursor) if not _is_sound(digest)]
    tables = {*held["tables"], *manifest["tables"]}
    wrong = [f"表 {table}" for table in sorted(tables) if held["tables"].get(table) != manifest["tables"].get(table)]
    if held["migrations"] != manifest["migrations"]:
        wrong.append("迁移状态")
    wrong += [f"文件 {digest}" for digest in bad if digest not in manifest["lost"]]
    if wrong:
        raise Differs(
            f"恢复后的内容与备份不一致：{'、'.join(wrong[: archive.NAMED_AT_MOST])}。请不要使用，换空库重新恢复。"
        )
