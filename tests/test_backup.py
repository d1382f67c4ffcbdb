"""manage.py backup and restore: everything of one moment into one file, checked, and back into an empty place only."""

import hashlib
import io
import json
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import tarfile
from contextlib import closing

import psycopg2
import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.db import connection

from campaign_portal.files import services as files
from campaign_portal.files.models import StoredFile, blob_path
from campaign_portal.files.tasks import sweep_unattached
from campaign_portal.operations import archive, backup, databases
from inspections.models import Hazard

from . import builders, hazards
from .hazards import Cast

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]


@pytest.fixture
def cast():
    """A county with a home, hazards and photos, and somebody who knows his password."""
    cast = Cast()
    hazards.closed(cast)
    hazards.opened(cast, summary="消防通道🔥堵塞")
    builders.make_user(cast.officer.office, username="zhangsan", password=builders.PASSWORD)
    return cast


def out(path, *options):
    said = io.StringIO()
    call_command("backup", str(path), *options, stdout=said)
    return said.getvalue()


def verify(path):
    said = io.StringIO()
    call_command("backup", str(path), "--verify", stdout=said)
    return said.getvalue()


class Elsewhere:
    """An empty machine: a database and a folder of its own, and commands that run there."""

    def __init__(self, folder):
        self.folder = folder
        row = connection.settings_dict
        if connection.vendor == "postgresql":
            self.name = f"elsewhere_{os.getpid()}"
            self.at = {"host": row["HOST"], "port": row["PORT"], "user": row["USER"]}
            self.url = f"postgres://{row['USER']}@{row['HOST']}:{row['PORT']}/{self.name}"
            self.create(f'CREATE DATABASE "{self.name}"')
        else:
            self.url = f"sqlite:///{folder / 'portal.sqlite3'}"

    def create(self, statement):
        with closing(psycopg2.connect(dbname="postgres", **self.at)) as server:
            server.autocommit = True
            server.cursor().execute(statement)

    def remove(self):
        if connection.vendor == "postgresql":
            self.create(f'DROP DATABASE "{self.name}" WITH (FORCE)')

    def manage(self, *arguments, **environment):
        return self.python("manage.py", *arguments, **environment)

    def python(self, *arguments, **environment):
        environment = os.environ | {
            "DATABASE_URL": self.url,
            "PORTAL_DATA_DIR": str(self.folder),
            "DJANGO_SETTINGS_MODULE": "tests.settings",  # its hasher; all else is production's
        } | environment  # fmt: skip
        command = [sys.executable, *arguments]
        return subprocess.run(
            command, cwd=django_settings.BASE_DIR, env=environment, capture_output=True, text=True, timeout=60
        )

    def ask(self, statement):
        is_server = connection.vendor == "postgresql"
        return ask(self.name if is_server else self.folder / "portal.sqlite3", statement)


def ask(name, statement):
    """Rows as the driver gives them, without Django's converters."""
    row = connection.settings_dict
    is_server = connection.vendor == "postgresql"
    at = {"host": row["HOST"], "port": row["PORT"], "user": row["USER"]}
    with closing(psycopg2.connect(dbname=name, **at) if is_server else sqlite3.connect(name)) as database:
        cursor = database.cursor()
        cursor.execute(statement)
        return cursor.fetchall()


def ask_here(statement):
    return ask(connection.settings_dict["NAME"], statement)


@pytest.fixture
def elsewhere(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    place = Elsewhere(tmp_path / "elsewhere")
    yield place
    place.remove()


SIGN_IN = """
import django; django.setup()
from django.test import Client
from inspections.models import Hazard
answers = [Client().post("/accounts/sign-in/", {"username": "zhangsan", "password": word}).status_code
           for word in ("PASSWORD", "wrong")]
print(answers, sorted(Hazard.objects.values_list("summary", flat=True)))
"""


def rows_of(ask):
    return {
        table: ask(f"SELECT * FROM {table} ORDER BY 1")
        for table in ("inspections_hazard", "inspections_photo", "files_storedfile", "audit_event", "accounts_user")
    }


def test_everything_comes_back_in_an_empty_place(cast, elsewhere, tmp_path):
    said = out(tmp_path / "all.tar", "--with-key")
    names = StoredFile.objects.count()
    assert "已备份到" in said and "（在备份里）" in said and "另行保管" not in said
    assert stat.S_IMODE((tmp_path / "all.tar").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir() if "all.tar" in path.name] == ["all.tar"]  # nothing left over

    restored = elsewhere.manage("restore", str(tmp_path / "all.tar"), "--key-to", str(tmp_path / "key"))
    assert restored.returncode == 0, restored.stderr
    assert "已恢复并核对" in restored.stdout
    assert "密钥" not in restored.stdout.replace("密钥指纹", "") and "migrate" not in restored.stdout
    assert (tmp_path / "key").read_text() == os.environ["PORTAL_SECRET_KEY"]
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600

    there = rows_of(elsewhere.ask)
    assert there == rows_of(ask_here)
    assert len(there["files_storedfile"]) == names == 3
    for stored in StoredFile.objects.all():
        for digest in filter(None, (stored.sha256, stored.thumbnail_sha256)):
            data = (elsewhere.folder / "files" / blob_path(digest)).read_bytes()
            assert hashlib.sha256(data).hexdigest() == digest
    signed = elsewhere.python("-c", SIGN_IN.replace("PASSWORD", builders.PASSWORD))
    assert signed.stdout.startswith("[302, 422] "), signed.stdout + signed.stderr
    assert "消防通道🔥堵塞" in signed.stdout
    with pytest.raises(Exception, match="never changed or removed"):
        elsewhere.ask("DELETE FROM audit_event")  # its guards came along

    again = elsewhere.manage("restore", str(tmp_path / "all.tar"))
    assert again.returncode != 0
    assert "数据库里已有内容" in again.stderr and "没有改动任何内容" in again.stderr
    assert "Traceback" not in again.stderr


# What a backup says and holds


def test_the_archive_opens_with_plain_tar_and_sha256sum(cast, tmp_path):
    said = out(tmp_path)  # a folder: the name is made
    assert "备份不含密钥" in said
    (path,) = tmp_path.glob("portal-*.tar")
    (tmp_path / "open").mkdir()
    subprocess.run(["tar", "-xf", path, "-C", tmp_path / "open"], check=True)
    checked = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=tmp_path / "open", capture_output=True)
    assert checked.returncode == 0
    manifest = json.loads((tmp_path / "open" / "manifest.json").read_text())
    assert manifest["portal"] == backup.portal_version()
    assert manifest["tables"]["inspections_hazard"] == Hazard.objects.count() == 2
    assert "inspections.0001_initial" in manifest["migrations"]
    assert (manifest["has_key"], manifest["lost"]) == (False, [])
    everything = b"".join(file.read_bytes() for file in (tmp_path / "open").rglob("*") if file.is_file())
    assert os.environ["PORTAL_SECRET_KEY"].encode() not in everything
    assert "备份完好" in verify(path)


def test_a_backup_overwrites_nothing(cast, tmp_path):
    (tmp_path / "all.tar").write_text("precious")
    with pytest.raises(CommandError, match="已存在"):
        out(tmp_path / "all.tar")
    assert (tmp_path / "all.tar").read_text() == "precious"


def test_a_file_that_is_lost_already_is_named_and_the_rest_is_backed_up(cast, tmp_path, settings, elsewhere):
    photo = StoredFile.objects.first()
    gone, changed = photo.sha256, photo.thumbnail_sha256
    (settings.MEDIA_ROOT / blob_path(gone)).unlink()
    (settings.MEDIA_ROOT / blob_path(changed)).write_bytes(b"rot")
    with pytest.raises(CommandError, match="备份已写好，但有 2 个文件") as told:
        out(tmp_path / "all.tar")
    assert gone in str(told.value) and changed in str(told.value)
    restored = elsewhere.manage("restore", str(tmp_path / "all.tar"), PORTAL_SECRET_KEY="another-" + "y" * 50)
    assert restored.returncode == 0, restored.stderr
    assert "备份时已丢失的文件 2 个" in restored.stdout
    assert "PORTAL_SECRET_KEY 与备份时的不同" in restored.stdout


def test_a_failed_backup_leaves_no_half_archive(cast, tmp_path, monkeypatch):
    monkeypatch.setattr(backup, "_add_files", lambda *_: (_ for _ in ()).throw(OSError("No space left on device")))
    with pytest.raises(CommandError, match="No space left"):
        out(tmp_path / "all.tar")
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_swept_while_a_backup_is_made(settings):
    user = builders.make_user()
    hazards.picture(user)
    StoredFile.objects.update(uploaded_at=builders.clock.now() - builders.datetime.timedelta(days=30))
    with files.removal(wait=True):
        assert sweep_unattached() == 0
    assert sweep_unattached() == 1


# What restore refuses


def rewritten(source, target, change):
    """A copy of an archive whose entries went through change(name, data) → data, or None to leave one out."""
    with tarfile.open(source) as old, tarfile.open(target, "w") as new:
        for entry in old:
            data = change(entry.name, old.extractfile(entry).read())
            if data is not None:
                entry.size = len(data)
                new.addfile(entry, io.BytesIO(data))
    return target


def flipped(data):
    return data[:-1] + bytes([data[-1] ^ 1])


@pytest.fixture
def one(cast, tmp_path):
    out(tmp_path / "good.tar")
    return tmp_path / "good.tar"


def an_entry(path, kind):
    with tarfile.open(path) as opened:
        return next(name for name in opened.getnames() if name.startswith(kind))


def test_one_changed_bit_is_found_and_named(one, tmp_path):
    for kind in ("database", "files/", "manifest.json", "SHA256SUMS"):
        name, bad = an_entry(one, kind), tmp_path / "bad.tar"
        rewritten(one, bad, lambda entry, data, name=name: flipped(data) if entry == name else data)
        with pytest.raises(CommandError, match="备份文件损坏") as told:
            verify(bad)
        assert kind == "SHA256SUMS" or name in str(told.value)
        refused_with_nothing_changed(bad, "备份文件损坏")


def refused_with_nothing_changed(path, sentence):
    before = Hazard.objects.count(), StoredFile.objects.count()
    with pytest.raises(CommandError, match=sentence) as told:
        call_command("restore", str(path))
    assert "没有改动任何内容" in str(told.value)
    assert (Hazard.objects.count(), StoredFile.objects.count()) == before


def test_missing_strange_doubled_and_cut_entries_are_found(one, tmp_path):
    blob = an_entry(one, "files/")
    without = rewritten(one, tmp_path / "without.tar", lambda name, data: None if name == blob else data)
    refused_with_nothing_changed(without, blob)

    no_end = rewritten(one, tmp_path / "no-end.tar", lambda name, data: None if name == "SHA256SUMS" else data)
    refused_with_nothing_changed(no_end, "不完整")

    cut = tmp_path / "cut.tar"
    cut.write_bytes(one.read_bytes()[: one.stat().st_size // 2])
    refused_with_nothing_changed(cut, "损坏|不完整")

    for name in ("../../etc/cron.d/x", "files/aa/bb/short", "/etc/passwd"):
        strange = tmp_path / "strange.tar"
        shutil.copy(one, strange)
        with tarfile.open(strange, "a") as opened:
            opened.addfile(tarfile.TarInfo(name))
        refused_with_nothing_changed(strange, "不该有的内容")

    link = tmp_path / "link.tar"
    shutil.copy(one, link)
    with tarfile.open(link, "a") as opened:
        entry = tarfile.TarInfo(f"files/aa/bb/aabb{'0' * 60}")
        entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
        opened.addfile(entry)
    refused_with_nothing_changed(link, "不该有的内容")

    doubled = tmp_path / "doubled.tar"
    shutil.copy(one, doubled)
    with tarfile.open(doubled, "a") as opened:
        opened.addfile(tarfile.TarInfo(blob))
    refused_with_nothing_changed(doubled, blob)

    (tmp_path / "text.tar").write_text("not a tar file")
    refused_with_nothing_changed(tmp_path / "text.tar", "损坏")
    refused_with_nothing_changed(tmp_path / "nothing.tar", "No such file")


def summed_anew(source, target, **changes):
    """A forger's archive: another manifest, and sums that agree with it."""
    kept = {}

    def change(name, data):
        if name == "manifest.json":
            data = json.dumps(json.loads(data) | changes).encode()
        if name == "SHA256SUMS":
            return "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in kept.items()).encode()
        kept[name] = data
        return data

    return rewritten(source, target, change)


def test_a_backup_that_does_not_fit_here_or_would_overwrite_is_refused(one, tmp_path, monkeypatch):
    newer = summed_anew(one, tmp_path / "newer.tar", migrations=["jobs.9999_from_the_future"])
    refused_with_nothing_changed(newer, "请先升级程序.*jobs.9999_from_the_future")
    other = summed_anew(one, tmp_path / "other.tar", database="oracle")
    refused_with_nothing_changed(other, "不能互相恢复")
    refused_with_nothing_changed(summed_anew(one, tmp_path / "form.tar", format=2), "备份格式 2")
    refused_with_nothing_changed(one, "数据库里已有内容")
    monkeypatch.setattr(databases, "is_empty", lambda: True)
    refused_with_nothing_changed(one, "里已有文件")


def test_a_database_that_refuses_leaves_no_files_behind(one, settings, tmp_path, monkeypatch):
    """As when the disk is full, or the server goes away, in the middle."""
    settings.MEDIA_ROOT = tmp_path / "new"
    monkeypatch.setattr(databases, "is_empty", lambda: True)

    def full(stream):
        assert any(path.is_file() for path in settings.MEDIA_ROOT.rglob("*"))
        raise databases.Trouble("pg_restore 没有成功：No space left on device")

    monkeypatch.setattr(databases, "load", full)
    refused_with_nothing_changed(one, "No space left")
    assert [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()] == []


def test_what_came_back_different_is_not_called_restored(one, settings, tmp_path, monkeypatch):
    bad = summed_anew(one, tmp_path / "bad.tar", tables={"inspections_hazard": 99})
    settings.MEDIA_ROOT = tmp_path / "new"
    monkeypatch.setattr(databases, "is_empty", lambda: True)
    monkeypatch.setattr(databases, "load", lambda stream: None)
    with pytest.raises(CommandError, match="与备份不一致.*请不要使用"):
        call_command("restore", str(bad))


def test_an_archive_without_a_key_has_none_to_give(one, tmp_path, monkeypatch):
    monkeypatch.setattr(databases, "is_empty", lambda: True)
    monkeypatch.setattr(backup, "_storage_is_empty", lambda: True)
    with pytest.raises(CommandError, match="不含密钥"):
        call_command("restore", str(one), "--key-to", str(tmp_path / "key"))
    assert not (tmp_path / "key").exists()


def test_without_a_key_there_is_none_to_back_up(tmp_path, monkeypatch):
    monkeypatch.delenv("PORTAL_SECRET_KEY")
    with pytest.raises(CommandError, match="没有设置 PORTAL_SECRET_KEY"):
        out(tmp_path / "all.tar", "--with-key")


# PostgreSQL's programs


@pytest.fixture
def postgresql():
    if connection.vendor != "postgresql":
        pytest.skip("about pg_dump")


def test_without_pg_dump_it_says_what_to_install(postgresql, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CommandError, match="找不到 pg_dump.*apt-get install postgresql-client"):
        out(tmp_path / "all.tar")


def test_the_password_is_in_no_argument(postgresql, tmp_path, monkeypatch):
    """Anybody on the machine can read the arguments of a process."""
    program = tmp_path / "pg_dump"
    program.write_text(
        f'#!/bin/sh\necho "$@" > {tmp_path}/arguments\necho "$PGPASSWORD" > {tmp_path}/password\nexit 3\n'
    )
    program.chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setitem(connection.settings_dict, "PASSWORD", "s3cret word")
    with pytest.raises(CommandError, match="pg_dump 没有成功"):
        out(tmp_path / "all.tar")
    assert (tmp_path / "password").read_text() == "s3cret word\n"
    assert "s3cret" not in (tmp_path / "arguments").read_text()


def test_the_archive_forgets_what_it_has_read(tmp_path):
    """tarfile keeps every entry of a stream in memory unless told otherwise."""
    with tarfile.open(fileobj=io.BytesIO(), mode="w") as plain:
        writer = archive.Writer(plain, builders.clock.now())
        for number in range(5):
            writer.add_text(f"files/{number}", "x")
        assert plain.members == []
