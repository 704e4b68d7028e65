"""SQLite as a project uses it: connections, the tables, and what its errors mean for a person."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from macaronic.core.errors import FormatError, InputError, UsageError

APPLICATION = 0x4D414341
"""Marks the file as one of ours (SQLite's application_id)."""

VERSION = 2
ENDING = ".annotate"
WAIT_SECONDS = 10.0

TABLES = """
CREATE TABLE settings(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE people(number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, role TEXT NOT NULL);
CREATE TABLE items(number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, content TEXT NOT NULL);
CREATE TABLE proposals(
    item INTEGER NOT NULL REFERENCES items, layer TEXT NOT NULL, labels TEXT NOT NULL, confidence TEXT NOT NULL,
    PRIMARY KEY(item, layer)
) WITHOUT ROWID;
CREATE TABLE events(
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    who INTEGER NOT NULL REFERENCES people, item INTEGER NOT NULL REFERENCES items,
    action TEXT NOT NULL, client TEXT NOT NULL, layer TEXT, first INTEGER, last INTEGER, old TEXT, new TEXT,
    source TEXT NOT NULL, latency INTEGER, step TEXT NOT NULL, time INTEGER NOT NULL,
    UNIQUE(who, client)
);
CREATE INDEX events_of ON events(who, item);
CREATE UNIQUE INDEX opened ON events(item, who) WHERE action = 'open';
CREATE TRIGGER events_stay BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
CREATE TRIGGER events_last BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events are never removed'); END;
CREATE TRIGGER items_stay BEFORE UPDATE ON items BEGIN SELECT RAISE(ABORT, 'items are never changed'); END;
CREATE TRIGGER items_last BEFORE DELETE ON items BEGIN SELECT RAISE(ABORT, 'items are never removed'); END;
"""

LATER_TABLES = """
CREATE TABLE IF NOT EXISTS queue(item INTEGER PRIMARY KEY REFERENCES items, place REAL NOT NULL, way TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS model(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""
"""What version 2 has beyond version 1: in which order items come, and what is known of the tagger."""


def located(project: str | Path) -> Path:
    """The project file that a person means: the file itself, or the only one in a folder.

    Raises:
        UsageError: a folder with no project, or with several.
    """
    path = Path(project)
    if not path.is_dir():
        return path
    found = sorted(path.glob(f"*{ENDING}"))
    if len(found) == 1:
        return found[0]
    if not found:
        raise UsageError(
            f"no annotation project ({ENDING} file) in {path}.\n"
            f"Make one: macaronic annotate new {path}/NAME{ENDING} FILE"
        )
    names = ", ".join(one.name for one in found[:5])
    raise UsageError(f"{path} holds {len(found)} annotation projects: {names}.\nName one of them.")


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what SQLite raises into what a person can act on.

    Raises:
        InputError: locked, read-only, full, or not readable.
        FormatError: damaged, or no project.
    """
    try:
        yield
    except sqlite3.Error as error:
        name = getattr(error, "sqlite_errorname", "") or ""
        if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            raise InputError(
                f"{path} is locked: another program has held it for {WAIT_SECONDS:.0f} seconds.\n"
                "Nothing was written. Try again, or close that program."
            ) from error
        if name.startswith("SQLITE_READONLY"):
            raise InputError(
                f"cannot write {path}: it lies on a read-only disk, or you may not write there."
            ) from error
        if name.startswith("SQLITE_FULL"):
            raise InputError(f"cannot write {path}: the disk is full. What was acknowledged before is kept.") from error
        if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
            raise FormatError(
                f"not an annotation project, or damaged ({error}).\nTake the last file of macaronic annotate backup.",
                str(path),
            ) from error
        if name.startswith(("SQLITE_CANTOPEN", "SQLITE_IOERR", "SQLITE_PERM")):
            raise InputError(f"cannot read or write {path}: {error}.") from error
        raise


def connect(path: Path, *, write: bool) -> sqlite3.Connection:
    """A connection to a project that is there.

    Args:
        path: the file.
        write: whether it will be written; a file on a read-only disk can be read.

    Raises:
        InputError: there is none, or it cannot be opened.
        FormatError: it is no project, a damaged one, or one of a newer macaronic.
    """
    if not path.is_file():
        raise InputError(f"no annotation project at {path}.\nMake one: macaronic annotate new {path} FILE")
    with explained(path):
        connection = _writing(path) if write else _reading(path)
        try:
            version = _recognise(connection, path)
            if write and version < VERSION:
                upgrade(connection)
            elif version < VERSION:
                connection.executescript(LATER_TABLES.replace("CREATE TABLE", "CREATE TEMP TABLE"))
        except BaseException:
            connection.close()
            raise
        return connection


def _writing(path: Path) -> sqlite3.Connection:
    connection = _opened(path, "mode=rw")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def _reading(path: Path) -> sqlite3.Connection:
    """Read-only; where even the log beside the file cannot be opened, the file alone, as long as the log is empty."""
    connection = _opened(path, "mode=ro")
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError as error:
        connection.close()
        log = Path(f"{path}-wal")
        name = getattr(error, "sqlite_errorname", "")
        if not name.startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY")) or (log.exists() and log.stat().st_size):
            raise
        connection = _opened(path, "mode=ro&immutable=1")
    return connection


def _opened(path: Path, how: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"file:{quote(str(path.resolve()))}?{how}", uri=True, timeout=WAIT_SECONDS, isolation_level=None
    )
    connection.execute("PRAGMA trusted_schema = OFF")
    return connection


def _recognise(connection: sqlite3.Connection, path: Path) -> int:
    mark = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if mark != APPLICATION:
        raise FormatError("a SQLite file, but not an annotation project of macaronic", str(path))
    if version > VERSION:
        raise FormatError(
            f"made by a newer macaronic (form {version}, known is {VERSION})\nUpdate macaronic.", str(path)
        )
    return int(version)


def upgrade(connection: sqlite3.Connection) -> None:
    """Add what version 1 did not have; nothing that is there is changed."""
    begin(connection)
    for statement in LATER_TABLES.strip().splitlines():
        connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {VERSION}")
    connection.execute("COMMIT")


def begin(connection: sqlite3.Connection) -> None:
    """Begin to write, as soon as nobody else does.

    SQLite itself asks again only every tenth of a second after a while, and can go without for long beside a program
    that writes all the time; this asks every millisecond.
    """
    deadline = time.monotonic() + WAIT_SECONDS
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        while True:
            try:
                connection.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                if not error.sqlite_errorname.startswith("SQLITE_BUSY") or time.monotonic() > deadline:
                    raise
                time.sleep(0.001)
    finally:
        connection.execute(f"PRAGMA busy_timeout = {int(1000 * WAIT_SECONDS)}")


def mark(connection: sqlite3.Connection) -> None:
    """Mark a filled file as a project, and let people read it while others write."""
    connection.execute(f"PRAGMA application_id = {APPLICATION}")
    connection.execute(f"PRAGMA user_version = {VERSION}")
    connection.execute("PRAGMA journal_mode = WAL")


def sound(connection: sqlite3.Connection) -> str:
    """What SQLite's own check says: `ok`, or the first thing that is wrong."""
    return str(connection.execute("PRAGMA integrity_check(1)").fetchone()[0])
