"""Copying the whole database out and in: pg_dump and pg_restore for PostgreSQL, its own backup for SQLite."""

import os
import shutil
import sqlite3
import subprocess
import tempfile
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from django.db import connection, transaction

from campaign_portal.files.models import StoredFile


class Trouble(Exception):
    """The database cannot be copied. The message says what to do."""


@contextmanager
def frozen(path):
    """Copy the database into the file `path`. Within the block the cursor sees exactly what the copy holds."""
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            (snapshot,) = cursor.fetchone()
            what = ["--format=custom", "--no-owner", "--no-acl", f"--snapshot={snapshot}", f"--file={path}"]
            _postgres("pg_dump", *what)
            yield cursor
    else:
        connection.ensure_connection()
        with closing(sqlite3.connect(path)) as copy:
            connection.connection.backup(copy)
            yield copy.cursor()


def load(stream):
    """Fill the empty database from a copy. All or nothing."""
    if connection.vendor == "postgresql":
        how = ["--exit-on-error", "--single-transaction", "--no-owner", "--no-acl"]
        _postgres("pg_restore", *how, f"--dbname={connection.settings_dict['NAME']}", stdin=stream)
    else:
        connection.close()
        target = Path(connection.settings_dict["NAME"])
        part = target.with_name(f"{target.name}.restoring")
        try:
            with part.open("wb") as out:
                shutil.copyfileobj(stream, out)
            for left in ("-wal", "-shm"):
                target.with_name(target.name + left).unlink(missing_ok=True)
            part.rename(target)
        finally:
            part.unlink(missing_ok=True)


def is_empty():
    return not connection.introspection.table_names()


def describe(cursor):
    """What the database holds: {"tables": {name: rows}, "migrations": ["app.name", …]}."""
    tables = sorted(row.name for row in connection.introspection.get_table_list(cursor) if row.type == "t")
    rows = {}
    for table in tables:
        cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")
        (rows[table],) = cursor.fetchone()
    cursor.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
    return {"tables": rows, "migrations": [f"{app}.{name}" for app, name in cursor.fetchall()]}


def digests(cursor):
    """The SHA-256 of everything that a stored file names, each once, in order."""
    table = StoredFile._meta.db_table
    cursor.execute(
        f"SELECT sha256 FROM {table} UNION SELECT thumbnail_sha256 FROM {table} WHERE thumbnail_sha256 <> '' ORDER BY 1"
    )
    while rows := cursor.fetchmany(1000):
        yield from (digest for (digest,) in rows)


def _postgres(program, *arguments, stdin=None):
    """Run one of PostgreSQL's programs. Who and where go in its environment: arguments can be seen by everybody."""
    path = shutil.which(program)
    if path is None:
        raise Trouble(
            f"找不到 {program}。请安装 PostgreSQL 客户端（版本不低于服务器）：apt-get install postgresql-client"
        )
    with tempfile.TemporaryFile() as complaints:
        process = subprocess.Popen(
            [path, "--no-password", *arguments],
            env=os.environ | _whereabouts(),
            stdin=subprocess.PIPE if stdin else subprocess.DEVNULL,
            stderr=complaints,
        )
        if stdin:
            with suppress(BrokenPipeError), process.stdin:
                shutil.copyfileobj(stdin, process.stdin)
        if process.wait():
            complaints.seek(0)
            raise Trouble(f"{program} 没有成功：{complaints.read().decode(errors='replace').strip()[-2000:]}")


def _whereabouts():
    row = connection.settings_dict
    _, secrets = connection.client.settings_to_cmd_args_env(row, [])
    place = {"PGHOST": row["HOST"], "PGPORT": str(row["PORT"]), "PGUSER": row["USER"], "PGDATABASE": row["NAME"]}
    return {name: value for name, value in place.items() if value} | (secrets or {})
