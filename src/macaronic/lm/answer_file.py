"""A file of JSON lines that several processes append to, and that a crash cannot spoil."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from macaronic.core.errors import InputError


class AnswerFile:
    """Rows under keys, append-only.

    One row is one line, written in one piece behind a lock and brought to the disk before `add` returns. A last line
    that a killed process left half-written is passed over, and the next row starts on a new line. What other processes
    append is seen. In memory there is one place a row, not the rows themselves.

    Args:
        path: the file; made, with its folder, by the first row.

    Raises:
        InputError: the file cannot be read or written.

    >>> import tempfile
    >>> path = tempfile.mkdtemp() + "/rows.jsonl"
    >>> AnswerFile(path).add("k", {"text": "hola"})
    >>> AnswerFile(path).find("k")["text"], AnswerFile(path).find("other")
    ('hola', None)
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)
        self.damaged = 0
        self._places: dict[str, tuple[int, int]] = {}
        self._read_to = 0
        self._lock = threading.Lock()
        with self._lock:
            self._catch_up()

    def __len__(self) -> int:
        return len(self._places)

    def find(self, key: str) -> dict[str, Any] | None:
        """The row under `key`; when it is not known, what others appended meanwhile is looked at too."""
        with self._lock:
            if key not in self._places:
                self._catch_up()
            place = self._places.get(key)
            if place is None:
                return None
            with _told(self.path, "read"), open(self.path, "rb") as file:
                file.seek(place[0])
                row: dict[str, Any] = json.loads(file.read(place[1]))
                return row

    def add(self, key: str, row: Mapping[str, Any]) -> None:
        """Append a row; when it returns, the row survives a crash."""
        line = json.dumps({"key": key, **row}, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"
        with self._lock, _told(self.path, "write"):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with open(self.path, "ab+", buffering=0) as file, _alone(file.fileno()):
                end = file.seek(0, os.SEEK_END)
                file.seek(max(end - 1, 0))
                if file.read(1) not in (b"", b"\n"):
                    line = b"\n" + line
                written = 0
                while written < len(line):
                    written += file.write(line[written:])
                os.fsync(file.fileno())
        with self._lock:
            self._catch_up()

    def _catch_up(self) -> None:
        """Read the whole lines behind the last one known."""
        with _told(self.path, "read"):
            try:
                size = self.path.stat().st_size
            except FileNotFoundError:
                return
            if size < self._read_to:
                self._places, self._read_to = {}, 0
            if size == self._read_to:
                return
            with open(self.path, "rb") as file:
                file.seek(self._read_to)
                for line in file:
                    if not line.endswith(b"\n"):
                        break
                    self._note(line)
                    self._read_to += len(line)

    def _note(self, line: bytes) -> None:
        key = _key(line)
        if key is not None:
            self._places.setdefault(key, (self._read_to, len(line)))
        elif line.strip():
            self.damaged += 1


def _key(line: bytes) -> str | None:
    """The key of a whole row, None for anything else."""
    try:
        row = json.loads(line)
        return row["key"] if isinstance(row["key"], str) and isinstance(row["text"], str) else None
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


@contextmanager
def _alone(descriptor: int) -> Iterator[None]:
    """Hold the file against other processes, where the system can do that."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(descriptor, fcntl.LOCK_UN)


@contextmanager
def _told(path: Path, doing: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise InputError(f"cannot {doing} the answers in {path}: {error.strerror or error}.") from error
