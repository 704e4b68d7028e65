"""A new project file: everything in it, or no file at all."""

from __future__ import annotations

import json
import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from macaronic.annotate import database, settings
from macaronic.annotate.items import Item, to_json
from macaronic.annotate.settings import Settings
from macaronic.core.errors import InputError, UsageError
from macaronic.core.files import sync_folder


def create(
    path: str | Path, project: Settings, items: Iterable[Item], fill: Callable[[Path], None] | None = None
) -> None:
    """Write a new project.

    Args:
        path: where it shall lie; missing folders are made.
        project: its settings.
        items: with numbers and with ids that are unique.
        fill: adds to the project, before it gets its name, what people did elsewhere.

    Raises:
        UsageError: something is there already; it is never written over.
        InputError: it cannot be written; nothing is left half-written.
    """
    target = Path(path)
    refuse_existing(target)
    part = _empty(target)
    try:
        with database.explained(target):
            _fill(part, project, items)
        if fill is not None:
            fill(part)
        _place(part, target)
    finally:
        for ending in ("", "-wal", "-shm", "-journal"):
            with suppress(FileNotFoundError):
                os.unlink(f"{part}{ending}")


def refuse_existing(target: Path) -> None:
    """Raise if a project, or anything else, is there already.

    Raises:
        UsageError: it is.
    """
    if target.exists() or target.is_symlink():
        raise UsageError(
            f"there is something at {target} already, and a project is never written over.\nChoose another name."
        )
    log = Path(f"{target}-wal")
    if log.exists() and log.stat().st_size:
        raise UsageError(
            f"{log} is left of another project, and would be read into this one.\nMove it away, or choose another name."
        )


def _empty(target: Path) -> Path:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".part")
    except OSError as error:
        raise InputError(f"cannot write {target}: {error.strerror or error}.") from error
    os.close(handle)
    return Path(name)


def _fill(part: Path, project: Settings, items: Iterable[Item]) -> None:
    connection = sqlite3.connect(part, isolation_level=None)
    try:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN")
        for statement in _statements(database.TABLES + database.LATER_TABLES):
            connection.execute(statement)
        settings.write(connection, project)
        for item in items:
            row = (item.number, item.utterance.id, item.kind, to_json(item.utterance))
            connection.execute("INSERT INTO items VALUES (?, ?, ?, ?)", row)
            for layer, one in item.proposals.items():
                labels, sure = json.dumps(one.labels, ensure_ascii=False), json.dumps(one.confidence)
                connection.execute("INSERT INTO proposals VALUES (?, ?, ?, ?)", (item.number, layer, labels, sure))
        connection.execute("COMMIT")
        database.mark(connection)
    finally:
        connection.close()


def _statements(script: str) -> Iterator[str]:
    held = ""
    for line in script.splitlines(keepends=True):
        held += line
        if sqlite3.complete_statement(held):
            yield held
            held = ""


def _place(part: Path, target: Path) -> None:
    """Give the file its name, unless another has taken it meanwhile."""
    try:
        with open(part, "rb") as file:
            os.fsync(file.fileno())
        os.chmod(part, 0o600)
        try:
            os.link(part, target)
        except FileExistsError:
            refuse_existing(target)
        except OSError:  # a file system without hard links
            refuse_existing(target)
            os.rename(part, target)
        sync_folder(target.parent)
    except OSError as error:
        raise InputError(f"cannot write {target}: {error.strerror or error}.") from error
