"""Shards that are read in place: the tokens of many documents, or their text, memory-mapped from one file.

The file is little-endian throughout:

- 64 bytes: `MACSHARD`, then uint32 version (1), uint32 width (bytes an item: 1 = text as UTF-8, 2 or 4 = token ids),
  uint64 items, uint64 documents, uint32 tables (bit 0: words, bit 1: bytes of text), zeros;
- the items of all documents, one document after the other, then zeros up to a multiple of 8;
- documents + 1 offsets, uint64, where each document begins, and the end;
- for each table one uint64 a document: how many words, or bytes of text, it had.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from macaronic.core.errors import FormatError, InputError, UsageError
from macaronic.core.files import atomic_write

Ints = NDArray[np.int64]

MAGIC = b"MACSHARD"
VERSION = 1
HEADER = 64
TABLES = ("words", "bytes")
_FIELDS = struct.Struct("<8sIIQQI")
_TYPES: dict[int, np.dtype[Any]] = {1: np.dtype("<u1"), 2: np.dtype("<u2"), 4: np.dtype("<u4")}


@dataclass(frozen=True, eq=False)
class Shard:
    """One shard, mapped into memory: nothing is read before it is used.

    Args:
        path: where it stands.
        items: token ids or UTF-8 bytes of all documents, shape (n,), uint8, uint16 or uint32.
        offsets: where each document begins, and the end, shape (documents + 1,).
        tables: `words` and `bytes` of each document, where the file has them, each of shape (documents,).
    """

    path: Path
    items: NDArray[Any]
    offsets: Ints
    tables: dict[str, Ints]

    def __reduce__(self) -> tuple[Callable[[str | Path], Shard], tuple[Path]]:
        return open_shard, (self.path,)

    @property
    def documents(self) -> int:
        """How many documents it holds."""
        return len(self.offsets) - 1

    @property
    def is_text(self) -> bool:
        """Whether it holds text, not token ids."""
        return self.items.dtype.itemsize == 1

    def units(self, unit: str) -> Ints:
        """How much each document counts, shape (documents,).

        Args:
            unit: tokens, words, bytes or documents.

        Raises:
            UsageError: the shard does not say; the message tells how to make one that does.
        """
        if unit == "documents":
            return np.ones(self.documents, np.int64)
        if unit == ("bytes" if self.is_text else "tokens"):
            return np.diff(self.offsets)
        if unit in self.tables:
            return self.tables[unit]
        raise UsageError(
            f"{self.path}: expected a shard that counts {unit}; this one holds {'text' if self.is_text else 'tokens'}"
            f"{' and ' + ', '.join(self.tables) if self.tables else ''}.\n"
            f"Write it again with {unit}=..., or weigh by another unit."
        )

    def document(self, index: int) -> NDArray[Any]:
        """The items of one document, a view of the file."""
        return self.items[self.offsets[index] : self.offsets[index + 1]]

    def text(self, index: int) -> str:
        """The text of one document of a text shard."""
        return self.document(index).tobytes().decode("utf-8")


def write_tokens(
    path: str | Path,
    documents: Iterable[Sequence[int] | NDArray[Any]],
    *,
    vocabulary: int = 1 << 16,
    words: Sequence[int] | NDArray[Any] | None = None,
    bytes: Sequence[int] | NDArray[Any] | None = None,
) -> int:
    """Write token ids, whole or not at all; 2 bytes each for a vocabulary of at most 65536, 4 for a larger one.

    Args:
        path: the file to write.
        documents: the token ids of each document.
        vocabulary: how many different ids there may be.
        words: words of each document, if weights are to count words.
        bytes: bytes of text of each document, if weights are to count bytes.

    Returns:
        how many tokens were written.

    Raises:
        UsageError: an id outside the vocabulary, or a table of another length.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     n = write_tokens(f"{folder}/hi.shard", [[5, 6, 7], [8]])
    ...     n, open_shard(f"{folder}/hi.shard").document(0).tolist()
    (4, [5, 6, 7])
    """
    if not 1 <= vocabulary <= 1 << 32:
        raise UsageError(f"a vocabulary has between 1 and {1 << 32} ids; got {vocabulary}")
    width = 2 if vocabulary <= 1 << 16 else 4
    with atomic_write(Path(path)) as file:
        file.write(_zeros(HEADER))
        ends, total = [0], 0
        for number, document in enumerate(documents):
            ids = np.asarray(document, dtype=np.int64)
            if len(ids) and (ids.min() < 0 or ids.max() >= vocabulary):
                raise UsageError(
                    f"{path}: document {number} holds the token id {int(ids.max() if ids.min() >= 0 else ids.min())}; "
                    f"expected 0 to {vocabulary - 1}. Say vocabulary=..., as the tokenizer has it."
                )
            file.write(ids.astype(_TYPES[width]).tobytes())
            total += len(ids)
            ends.append(total)
        _finish(file, str(path), width, ends, {"words": words, "bytes": bytes})
    return total


def write_text(path: str | Path, texts: Iterable[str]) -> int:
    """Write texts as they are, with their words counted (at white space); whole or not at all.

    Returns:
        how many bytes of text were written.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     n = write_text(f"{folder}/hi.shard", ["नमस्ते दुनिया", "ok"])
    ...     shard = open_shard(f"{folder}/hi.shard")
    ...     n, shard.text(1), shard.units("words").tolist()
    (39, 'ok', [2, 1])
    """
    with atomic_write(Path(path)) as file:
        file.write(_zeros(HEADER))
        ends, counted = [0], []
        for text in texts:
            data = text.encode("utf-8")
            file.write(data)
            ends.append(ends[-1] + len(data))
            counted.append(len(text.split()))
        _finish(file, str(path), 1, ends, {"words": counted, "bytes": None})
    return ends[-1]


def _zeros(count: int) -> bytes:
    """That many zero bytes."""
    return b"\0" * count


def _finish(
    file: IO[Any], path: str, width: int, ends: list[int], tables: dict[str, Sequence[int] | NDArray[Any] | None]
) -> None:
    """Everything after the items, and the header, which was left empty."""
    file.write(_zeros(-ends[-1] * width % 8))
    file.write(np.asarray(ends, dtype="<u8").tobytes())
    bits = 0
    for bit, name in enumerate(TABLES):
        column = tables[name]
        if column is None:
            continue
        if len(column) != len(ends) - 1:
            raise UsageError(f"{path}: expected {len(ends) - 1} counts of {name}, one a document; got {len(column)}")
        file.write(np.asarray(column, dtype="<u8").tobytes())
        bits |= 1 << bit
    file.seek(0)
    file.write(_FIELDS.pack(MAGIC, VERSION, width, ends[-1], len(ends) - 1, bits))


def open_shard(path: str | Path) -> Shard:
    """Map a shard into memory, after checking that it is whole.

    Raises:
        InputError: a file that cannot be read.
        FormatError: not a shard, one of a later version, one that was cut short, or with offsets out of order.
    """
    place = Path(path)
    try:
        size = place.stat().st_size
        with open(place, "rb") as file:
            head = file.read(HEADER)
    except OSError as error:
        raise InputError(f"cannot read {place}: {error.strerror or error}.") from error
    if len(head) < HEADER or not head.startswith(MAGIC):
        raise FormatError("expected a shard of macaronic; the file does not begin like one.", str(place), 1)
    _, version, width, items, documents, bits = _FIELDS.unpack_from(head)
    if version != VERSION or width not in _TYPES or bits >= 1 << len(TABLES):
        raise FormatError(
            f"expected a shard of version {VERSION}; got version {version}, width {width}.", str(place), 1
        )
    after = HEADER + items * width + (-items * width % 8)
    expected = after + 8 * (documents + 1) + 8 * documents * bits.bit_count()
    if size != expected:
        raise FormatError(
            f"expected {expected} bytes ({items} items in {documents} documents); got {size}.\n"
            f"The file was {'cut short' if size < expected else 'added to'}; write or copy it again.",
            str(place),
            1,
        )
    return _mapped(place, width, items, documents, bits, after)


def _mapped(place: Path, width: int, items: int, documents: int, bits: int, after: int) -> Shard:
    raw = np.asarray(np.memmap(place, np.uint8, "r"))
    numbers = raw[after:].view("<i8")
    offsets = numbers[: documents + 1]
    if offsets[0] != 0 or offsets[-1] != items or bool((np.diff(offsets) < 0).any()):
        raise FormatError(f"the offsets of its documents do not rise from 0 to {items}; write it again.", str(place), 1)
    names = [name for bit, name in enumerate(TABLES) if bits >> bit & 1]
    columns = numbers[documents + 1 :].reshape(len(names), documents)
    body = raw[HEADER : HEADER + items * width].view(_TYPES[width])
    return Shard(place, body, offsets, dict(zip(names, columns)))
