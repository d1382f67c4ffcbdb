"""The form of a backup: a plain tar file whose last entry, SHA256SUMS, names the hash of every other one.

    database.dump | database.sqlite3    what pg_dump wrote (custom format), or a copy of the SQLite file
    files/ab/cd/abcd…                   the stored bytes, each named by its own SHA-256
    secret_key                          only if asked for
    manifest.json                       what is inside, in numbers (backup.py)
    SHA256SUMS                          as sha256sum writes it: `tar -xf … && sha256sum -c SHA256SUMS` needs no portal

Written and read as a stream: a backup of any size needs little memory.
"""

import hashlib
import io
import json
import os
import re
import tarfile
from contextlib import closing, contextmanager

MANIFEST, SUMS, KEY = "manifest.json", "SHA256SUMS", "secret_key"
DATABASES = {"postgresql": "database.dump", "sqlite": "database.sqlite3"}
BLOB = re.compile(r"files/([0-9a-f]{2})/([0-9a-f]{2})/(\1\2[0-9a-f]{60})")
CHUNK = 1024 * 1024
NAMED_AT_MOST = 10  # damaged entries in one sentence


class Damaged(Exception):
    """The archive is not whole. The message names the entries."""


class Hashing:
    """A readable that hashes what is read through it."""

    def __init__(self, stream):
        self.stream, self.hash = stream, hashlib.sha256()

    def read(self, size=-1):
        data = self.stream.read(size)
        self.hash.update(data)
        return data

    def drained(self):
        """The hex digest of everything, the unread rest included."""
        while self.read(CHUNK):
            pass
        return self.hash.hexdigest()


# Writing


class Writer:
    def __init__(self, archive, made_at):
        self.archive, self.made_at = archive, int(made_at.timestamp())
        self.sums = []

    def add(self, name, stream, size):
        entry = tarfile.TarInfo(name)
        entry.size, entry.mtime, entry.mode = size, self.made_at, 0o600
        hashing = Hashing(stream)
        self.archive.addfile(entry, hashing)
        self.archive.members.clear()  # tarfile would remember every entry
        self.sums.append((hashing.hash.digest(), name))

    def add_file(self, name, path):
        with path.open("rb") as stream:
            self.add(name, stream, path.stat().st_size)

    def add_text(self, name, text):
        data = text.encode()
        self.add(name, io.BytesIO(data), len(data))


@contextmanager
def new(path, *, made_at):
    """A Writer for a new archive, readable by nobody else. It takes its name only when it is whole."""
    part = path.with_name(f"{path.name}.part")
    try:
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
                writer = Writer(archive, made_at)
                yield writer
                writer.add_text(SUMS, "".join(f"{digest.hex()}  {name}\n" for digest, name in writer.sums))
            out.flush()
            os.fsync(out.fileno())
        part.rename(path)
    except FileExistsError as error:
        raise FileExistsError(
            f"{part} 已存在：另一个备份正在进行，或上次中断留下的。确认没有备份在进行后删除它。"
        ) from error
    except BaseException:
        part.unlink(missing_ok=True)
        raise


# Reading


class Entry:
    """A readable that tells a broken archive from other trouble."""

    def __init__(self, name, stream):
        self.name, self.stream = name, stream

    def read(self, size=-1):
        try:
            return self.stream.read(size)
        except tarfile.TarError as error:
            raise _broken_at(self.name) from error


def _broken_at(name):
    return Damaged(f"备份文件损坏，读到“{name}”处中断。")


def entries(path):
    """(name, readable) of each entry in order. Each has to be read before the next is asked for. Raises Damaged."""
    last = "开头"
    try:
        with open(path, "rb") as source, tarfile.open(fileobj=source, mode="r|") as archive:
            while (entry := archive.next()) is not None:
                if not (entry.isreg() and _is_known(entry.name)):
                    raise Damaged(f"备份里有不该有的内容：{entry.name!r}。")
                last = entry.name
                with closing(archive.extractfile(entry)) as stream:
                    yield entry.name, Entry(entry.name, stream)
                archive.members.clear()
    except (tarfile.TarError, EOFError) as error:
        raise _broken_at(last) from error


def _is_known(name):
    return name in {MANIFEST, SUMS, KEY, *DATABASES.values()} or BLOB.fullmatch(name)


def verify(path):
    """Read the whole archive and compare every hash. Returns the manifest; raises Damaged."""
    found, damaged, manifest, is_complete = {}, [], b"", False
    for name, stream in entries(path):
        if is_complete or name in found:
            damaged.append(name)
        elif name == SUMS:
            damaged += _differences(stream, found)
            is_complete = True
        else:
            if name == MANIFEST:
                manifest = stream.read()
                stream = io.BytesIO(manifest)
            found[name] = Hashing(stream).drained()
    if not is_complete:
        raise Damaged("备份文件不完整：没有结尾的校验表，可能在复制时中断。")
    if damaged:
        more = f" 等 {len(damaged)} 项" if len(damaged) > NAMED_AT_MOST else ""
        raise Damaged(f"备份文件损坏：{'、'.join(damaged[:NAMED_AT_MOST])}{more}。")
    if not manifest:
        raise Damaged("备份文件损坏：缺少 manifest.json。")
    return json.loads(manifest)


def _differences(stream, found):
    """Names whose hash is not the announced one, that are missing, or that nobody announced."""
    announced = {}
    for line in stream.read().decode("utf-8", "replace").removesuffix("\n").split("\n"):
        digest, _, name = line.partition("  ")
        announced[name] = digest
    wrong = [name for name in sorted({*announced, *found}) if announced.get(name) != found.get(name)]
    misnamed = [name for name, digest in found.items() if (blob := BLOB.fullmatch(name)) and blob[3] != digest]
    return wrong + [name for name in misnamed if name not in wrong]
