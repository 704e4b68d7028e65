"""Bytes out of local files, URIs and standard input, compressed or not."""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pyarrow as pa

from macaronic.core.errors import InputError

COMPRESSIONS = {".gz": "gzip", ".zst": "zstd", ".bz2": "bz2"}
_MAGIC = ((b"\x1f\x8b", "gzip"), (b"\x28\xb5\x2f\xfd", "zstd"), (b"BZh", "bz2"))
SAMPLE = 1 << 18
_LONG = 1 << 24
STDIN = "-"

DAMAGED = (OSError, pa.ArrowInvalid, EOFError)
"""What a compressed stream raises when its data are cut or broken."""


def is_uri(place: str) -> bool:
    """Whether a place is a URI (`s3://`, `gs://`, `file://`) and not a local path.

    >>> is_uri("s3://bucket/key"), is_uri("data/a.txt")
    (True, False)
    """
    head, mark, _ = place.partition("://")
    return bool(mark) and head.isalnum()


def compression(place: str) -> str | None:
    """How a file is compressed: by its ending, or by its first bytes when it is local.

    >>> compression("s3://bucket/a.jsonl.zst")
    'zstd'
    """
    known = COMPRESSIONS.get(Path(place).suffix.lower())
    if known or is_uri(place):
        return known
    try:
        with open(place, "rb") as file:
            head = file.read(4)
    except OSError:
        return None
    return next((name for magic, name in _MAGIC if head.startswith(magic)), None)


@contextmanager
def open_bytes(place: str, begin: int = 0) -> Iterator[Any]:
    """Open a place for reading bytes (decompressed), from `begin` on; gives an object with `read(n)`.

    Raises:
        InputError: it cannot be opened.
    """
    packed = compression(place)
    with _open_raw(place) as raw:
        if packed:
            with pa.CompressedInputStream(raw, packed) as stream:
                yield stream
        else:
            if begin:
                raw.seek(begin)
            yield raw


@contextmanager
def _open_raw(place: str) -> Iterator[Any]:
    try:
        raw = filesystem(place)[0].open_input_file(filesystem(place)[1]) if is_uri(place) else open(place, "rb")  # noqa: SIM115
    except (OSError, pa.ArrowInvalid) as error:
        raise unreadable(place, error) from error
    with raw:
        yield raw


def filesystem(uri: str) -> tuple[Any, str]:
    """The pyarrow file system of a URI and the path within it.

    Raises:
        InputError: no such file system, or it cannot be reached.
    """
    from pyarrow import fs

    try:
        system, path = fs.FileSystem.from_uri(uri)
    except (OSError, pa.ArrowInvalid, ValueError) as error:
        raise unreadable(uri, error) from error
    return system, path


def unreadable(place: str, error: BaseException) -> InputError:
    """The error that tells which place could not be read, and why."""
    why = (error.strerror if isinstance(error, OSError) else None) or str(error).splitlines()[0]
    return InputError(f"cannot read {place}: {why}.")


def head(place: str, size: int = SAMPLE) -> tuple[bytes, bool]:
    """The first bytes of a place, decompressed, and whether that is all of it.

    They go on to the end of the first line when that is longer than `size`, within limits. Data that break off give
    what came before.
    """
    pieces: list[bytes] = []
    held = 0
    with open_bytes(place) as stream:
        while held < size or (held < _LONG and not any(b"\n" in piece for piece in pieces)):
            try:
                piece = bytes(stream.read(size))
            except DAMAGED:
                piece = b""
            if not piece:
                return b"".join(pieces), True
            pieces.append(piece)
            held += len(piece)
    return b"".join(pieces), False


def spool(source: IO[bytes] | None = None) -> str:
    """Copy standard input (or another stream) to a temporary file, so that it can be read again; gives its path.

    The file goes when the process ends.
    """
    folder = tempfile.mkdtemp(prefix="macaronic-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    place = os.path.join(folder, "stdin")
    try:
        with open(place, "wb") as file:
            shutil.copyfileobj(source or sys.stdin.buffer, file, 1 << 20)
    except OSError as error:
        raise InputError(f"cannot keep standard input in {place}: {error.strerror or error}.") from error
    return place
