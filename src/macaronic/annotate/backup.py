"""A copy of a project while people work on it, checked before it gets its name."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from macaronic.annotate import database
from macaronic.annotate.create import refuse_existing
from macaronic.annotate.store import Store
from macaronic.core.errors import FormatError, InputError
from macaronic.core.files import fingerprint, sync_folder


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds: its place, how many events, and the SHA-256 of the file."""

    path: str
    events: int
    bytes: int
    sha256: str


def backup(project: str | Path, target: str | Path) -> Backup:
    """Copy a project to one file that stands alone.

    Args:
        project: the project; people may write meanwhile.
        target: a file that is not there yet, or a folder (then the project's name with `.backup`).

    Returns:
        What was written: everything that was acknowledged when the copy began.

    Raises:
        UsageError: there is something at that place already.
        FormatError: the project or the copy is damaged; nothing is left.
        InputError: it cannot be written.
    """
    with Store(project) as store:
        place = Path(target)
        if place.is_dir():
            place = place / f"{store.path.name}.backup"
        refuse_existing(place)
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            handle, part = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}.", suffix=".part")
            os.close(handle)
        except OSError as error:
            raise InputError(f"cannot write {place}: {error.strerror or error}.") from error
        try:
            return _copied(store, Path(part), place)
        except OSError as error:
            raise InputError(f"cannot write {place}: {error.strerror or error}.") from error
        finally:
            for ending in ("", "-wal", "-shm", "-journal"):
                with suppress(FileNotFoundError):
                    os.unlink(f"{part}{ending}")


def _copied(store: Store, part: Path, place: Path) -> Backup:
    before = store.count()["events"]
    with database.explained(store.path), closing(sqlite3.connect(part, isolation_level=None)) as copy:
        store.copy_to(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
        said = database.sound(copy)
        events = int(copy.execute("SELECT count(*) FROM events").fetchone()[0])
    if said != "ok" or events < before:
        raise FormatError(f"the copy is not sound ({said}; {events} of {before} events)", str(store.path))
    with open(part, "rb") as file:
        os.fsync(file.fileno())
    os.chmod(part, 0o600)
    os.replace(part, place)
    sync_folder(place.parent)
    return Backup(str(place), events, place.stat().st_size, fingerprint(place))
