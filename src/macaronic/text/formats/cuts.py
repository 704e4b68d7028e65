"""Cutting a large file into parts at line ends or blank lines, always in the same places, with line numbers kept."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from macaronic.text.formats.encodings import line_safe
from macaronic.text.formats.plan import BLOCK_FORMATS, LINE_FORMATS, Shard
from macaronic.text.formats.streams import compression, is_uri, open_bytes

_BLOCK = 1 << 22


def cut(shard: Shard, shard_bytes: int) -> list[Shard]:
    """The shard of a whole file in parts of about `shard_bytes`; in one where the file cannot be cut."""
    cuttable = shard.format in LINE_FORMATS + BLOCK_FORMATS and line_safe(shard.encoding)
    if not cuttable or is_uri(shard.place) or compression(shard.place):
        return [shard]
    size = os.path.getsize(shard.place)
    if size <= shard_bytes:
        return [shard]
    ends = _boundaries(shard, size, shard_bytes)
    lines = _line_numbers(shard.place, ends)
    begins = [0, *ends[:-1]]
    return [replace(shard, begin=begin, end=end, first_line=line) for begin, end, line in zip(begins, ends, lines)]


def _boundaries(shard: Shard, size: int, shard_bytes: int) -> list[int]:
    """Where the parts end: behind the first line end (or blank line) at or after each multiple of `shard_bytes`."""
    mark = re.compile(rb"\n" if shard.format in LINE_FORMATS else rb"\n\r?\n")
    ends: list[int] = []
    with open_bytes(shard.place) as file:
        at = shard_bytes
        while at < size:
            end = _after(file, at, mark)
            if end is None or end >= size:
                break
            ends.append(end)
            at = max(at + shard_bytes, end + 1)
    return [*ends, size]


def _after(file: Any, at: int, mark: re.Pattern[bytes]) -> int | None:
    """Byte behind the first match of `mark` that ends after `at`."""
    begin = max(0, at - 3)
    file.seek(begin)
    held = b""
    while True:
        piece = file.read(1 << 16)
        if not piece:
            return None
        held += piece
        for found in mark.finditer(held):
            if begin + found.end() > at:
                return begin + found.end()
        keep = held[-3:]
        begin, held = begin + len(held) - len(keep), keep


def _line_numbers(place: str, ends: Sequence[int]) -> list[int]:
    """The number of the line that each part begins with: one pass that only counts line ends."""
    numbers, lines, at = [1], 0, 0
    with open_bytes(place) as file:
        for end in ends[:-1]:
            last = b""
            while at < end:
                piece = file.read(min(_BLOCK, end - at))
                if not piece:
                    break
                at += len(piece)
                lines += _line_ends(piece, last)
                last = piece[-1:]
            numbers.append(lines + 1)
    return numbers


def _line_ends(piece: bytes, last: bytes) -> int:
    returns = piece.count(b"\r")
    both = (piece.count(b"\r\n") if returns else 0) + (last == b"\r" and piece.startswith(b"\n"))
    return piece.count(b"\n") + returns - both
