"""Lines of text out of bytes: any line ending, any encoding, bounded memory, and every bad line reported."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from typing import Any

from macaronic.core.problems import Problems
from macaronic.text.formats.encodings import line_safe
from macaronic.text.formats.plan import Shard
from macaronic.text.formats.streams import DAMAGED, compression, open_bytes, unreadable

PIECE = 4 << 20
_PACKED = 1 << 16
"""Compressed data come in small pieces, for the piece that turns out to be damaged is lost as a whole."""

Lines = list[str | None]
_ENDED = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")


def chunks(shard: Shard, problems: Problems) -> Iterator[bytes]:
    """The bytes of a shard in chunks that end where a line ends, without a byte order mark.

    What is in an encoding whose newline is not one byte comes as UTF-8, with U+FFFD where it could not be decoded.
    """
    mark = codecs.BOM_UTF8 if shard.encoding == "utf-8" and shard.begin == 0 else b""
    with open_bytes(shard.place, shard.begin) as stream:
        pieces = _pieces(stream, shard, problems)
        safe = line_safe(shard.encoding)
        for chunk in _whole_lines(pieces if safe else _transcoded(pieces, shard.encoding)):
            if mark:
                chunk, mark = chunk.removeprefix(mark), b""
            yield chunk


def blocks(shard: Shard, problems: Problems, *, keep_ends: bool = False) -> Iterator[tuple[int, Lines]]:
    """The lines of a shard, many at a time.

    A line ends at LF, CRLF or a lone CR, and nowhere else. A line that cannot be decoded or holds a NUL byte is
    reported and comes as None.

    Args:
        shard: the file, or the part of it.
        problems: where bad lines are counted.
        keep_ends: whether the lines keep their endings.

    Yields:
        (number of the first line, lines).
    """
    number = shard.first_line
    for chunk in chunks(shard, problems):
        found = lines_of(chunk, shard, number, problems, keep_ends=keep_ends)
        yield number, found
        number += len(found)


def numbered(shard: Shard, problems: Problems) -> Iterator[tuple[int, str | None]]:
    """(line number, line) one at a time; None for a line that could not be read."""
    for first, lines in blocks(shard, problems):
        yield from enumerate(lines, first)


def sentences(shard: Shard, problems: Problems) -> Iterator[list[tuple[int, str | None]]]:
    """Runs of lines between blank lines, each line with its number."""
    held: list[tuple[int, str | None]] = []
    for number, line in numbered(shard, problems):
        if line is None or (line and not line.isspace()):
            held.append((number, line))
        elif held:
            yield held
            held = []
    if held:
        yield held


def _pieces(stream: Any, shard: Shard, problems: Problems) -> Iterator[bytes]:
    packed = compression(shard.place) is not None
    left = None if shard.end is None else shard.end - shard.begin
    held: list[bytes] = []
    size = 0
    while left is None or left > 0:
        most = _PACKED if packed else PIECE
        try:
            piece = bytes(stream.read(most if left is None else min(most, left)))
        except DAMAGED as error:
            if not packed:
                raise unreadable(shard.where, error) from error
            rest = b"".join(held)
            yield rest[: rest.rfind(b"\n") + 1]
            message = "the compressed data are cut off or damaged; what stood before is kept"
            problems.add(shard.where, 0, message, kind="damaged file")
            return
        if not piece:
            break
        left = None if left is None else left - len(piece)
        held.append(piece)
        size += len(piece)
        if size >= PIECE:
            yield b"".join(held)
            held, size = [], 0
    if held:
        yield b"".join(held)


def _transcoded(pieces: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """UTF-8 out of an encoding whose newline is not one byte; what cannot be decoded becomes U+FFFD."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    for piece in pieces:
        yield decoder.decode(piece).encode("utf-8", "replace")
    yield decoder.decode(b"", final=True).encode("utf-8", "replace")


def _whole_lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in chunks that end where a line ends (a CRLF is never cut)."""
    held: list[bytes] = []
    for piece in pieces:
        cut = piece.rfind(b"\n") + 1 or piece.rfind(b"\r", 0, len(piece) - 1) + 1
        if cut:
            yield b"".join([*held, piece[:cut]])
            held = [piece[cut:]]
        else:
            held.append(piece)
    rest = b"".join(held)
    if rest:
        yield rest


def lines_of(chunk: bytes, shard: Shard, number: int, problems: Problems, *, keep_ends: bool = False) -> Lines:
    """The lines of one chunk, the first of which has this number."""
    safe = line_safe(shard.encoding)
    encoding = shard.encoding if safe else "utf-8"
    try:
        text = chunk.decode(encoding)
    except UnicodeDecodeError:
        raw = _split_bytes(chunk)
        lines = [_decode_line(line, encoding, shard.where, number + i, problems) for i, line in enumerate(raw)]
        found: Lines = [None if line is None else line + "\n" for line in lines] if keep_ends else lines
        return [_without_nul(line, shard.where, number + i, problems) for i, line in enumerate(found)]
    found = _split_text(text, keep_ends=keep_ends)
    if "\0" in text:
        found = [_without_nul(line, shard.where, number + i, problems) for i, line in enumerate(found)]
    if not safe and "\ufffd" in text:
        found = [_without_gaps(line, shard, number + i, problems) for i, line in enumerate(found)]
    return found


def _split_text(text: str, *, keep_ends: bool) -> Lines:
    if keep_ends and "\r" in text:
        return [*_ENDED.findall(text)]
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    last = lines.pop()
    whole: Lines = [line + "\n" for line in lines] if keep_ends else [*lines]
    return [*whole, last] if last else whole


def _split_bytes(chunk: bytes) -> list[bytes]:
    lines = chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    return lines[:-1] if lines[-1] == b"" else lines


def _decode_line(line: bytes, encoding: str, where: str, number: int, problems: Problems) -> str | None:
    try:
        return line.decode(encoding)
    except UnicodeDecodeError as error:
        byte = f"byte 0x{line[error.start]:02x} at offset {error.start}"
        problems.add(where, number, f"not {encoding} ({byte}); say which encoding the file is in", kind="encoding")
        return None


def _without_nul(line: str | None, where: str, number: int, problems: Problems) -> str | None:
    if line is None or "\0" not in line:
        return line
    problems.add(where, number, "a NUL byte in the text", kind="nul")
    return None


def _without_gaps(line: str | None, shard: Shard, number: int, problems: Problems) -> str | None:
    if line is None or "\ufffd" not in line:
        return line
    problems.add(shard.where, number, f"not {shard.encoding}; say which encoding the file is in", kind="encoding")
    return None
