"""Fingerprints of what shards hold, so that a changed file is read again and an unchanged one is not."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from macaronic.core.errors import InputError
from macaronic.core.files import fingerprint, sha256
from macaronic.text.formats.plan import Shard
from macaronic.text.formats.streams import filesystem, is_uri

_BLOCK = 1 << 20


def fingerprints(shards: Sequence[Shard]) -> list[str]:
    """SHA-256 of the bytes behind each shard: its range of a file, its aligned files, or all files of its folder.

    Raises:
        InputError: something cannot be read.
    """
    whole: dict[str, str] = {}
    return [_fingerprint(shard, whole) for shard in shards]


def _fingerprint(shard: Shard, whole: dict[str, str]) -> str:
    places = [place for _, place in shard.parts] or [shard.place]
    if len(places) == 1 and (shard.begin or shard.end is not None) and not is_uri(shard.place):
        return _range(shard.place, shard.begin, shard.end)
    for place in places:
        if place not in whole:
            whole[place] = _place(place)
    return whole[places[0]] if len(places) == 1 else sha256("".join(whole[place] for place in places))


def _range(place: str, begin: int, end: int | None) -> str:
    digest = hashlib.sha256()
    try:
        with open(place, "rb") as file:
            file.seek(begin)
            left = end - begin if end is not None else None
            while block := file.read(_BLOCK if left is None else min(_BLOCK, left)):
                digest.update(block)
                left = None if left is None else left - len(block)
    except OSError as error:
        raise InputError(f"cannot read {place}: {error.strerror or error}.") from error
    return digest.hexdigest()


def _place(place: str) -> str:
    if is_uri(place):
        return _remote(place)
    path = Path(place)
    if not path.is_dir():
        return fingerprint(path) if path.exists() else sha256(place)
    files = sorted(p for p in path.rglob("*") if p.is_file())
    return sha256("\n".join(f"{p.relative_to(path)} {fingerprint(p)}" for p in files))


def _remote(uri: str) -> str:
    digest = hashlib.sha256()
    system, path = filesystem(uri)
    try:
        with system.open_input_stream(path) as stream:
            while block := stream.read(_BLOCK):
                digest.update(block)
    except OSError as error:
        raise InputError(f"cannot read {uri}: {error}.") from error
    return digest.hexdigest()
