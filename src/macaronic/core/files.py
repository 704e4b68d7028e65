"""Files that are written whole or not at all, and fingerprints of what they hold."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from macaronic.core.errors import InputError

_BLOCK = 1 << 20


@contextmanager
def atomic_write(path: str | os.PathLike[str], mode: str = "wb", encoding: str | None = None) -> Iterator[IO[Any]]:
    """Open a file that appears under its name only when everything is written and on disk.

    A temporary file in the same folder is written, flushed, fsynced and renamed over `path`; when anything
    fails the temporary file is removed and an existing `path` stays as it was.

    Args:
        path: where the file shall lie; missing folders are made.
        mode: "wb" or "w".
        encoding: for "w"; UTF-8 when left out.

    Raises:
        InputError: the file cannot be written (no space, no permission).

    >>> import tempfile, pathlib
    >>> target = pathlib.Path(tempfile.mkdtemp()) / "a" / "hello.txt"
    >>> with atomic_write(target, "w") as f:
    ...     _ = f.write("namaste")
    >>> target.read_text()
    'namaste'
    """
    target = Path(path)
    temporary = ""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".part")
        text = "b" not in mode
        with os.fdopen(
            handle, mode, encoding=(encoding or "utf-8") if text else None, newline="\n" if text else None
        ) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o666 & ~_umask())
        os.replace(temporary, target)
        temporary = ""
        sync_folder(target.parent)
    except OSError as error:
        raise InputError(f"cannot write {target}: {error.strerror or error}. Nothing was left half-written.") from error
    finally:
        if temporary and os.path.exists(temporary):
            os.unlink(temporary)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def sync_folder(folder: str | os.PathLike[str]) -> None:
    """Make a rename in `folder` survive a power cut, where the system can do that."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(descriptor)
    except OSError:
        pass
    finally:
        os.close(descriptor)


def write_text(path: str | os.PathLike[str], text: str) -> None:
    """Write `text` as UTF-8, whole or not at all."""
    with atomic_write(path, "w") as file:
        file.write(text)


def sha256(data: bytes | str) -> str:
    """SHA-256 of bytes, or of a string's UTF-8 form, in hexadecimal.

    >>> sha256("macaronic")[:12]
    '3e71cc7d0366'
    """
    return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()


def fingerprint(path: str | os.PathLike[str]) -> str:
    """SHA-256 of a file's content, read in blocks.

    Raises:
        InputError: the file cannot be read.
    """
    digest = hashlib.sha256()
    try:
        with open(path, "rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror or error}.") from error
    return digest.hexdigest()
