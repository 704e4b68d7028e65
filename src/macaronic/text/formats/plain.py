"""Plain text: a line is an utterance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from macaronic.core.corpus import BATCH_BYTES, BATCH_ROWS
from macaronic.core.problems import Problems
from macaronic.text.formats.lines import chunks, lines_of
from macaronic.text.formats.plan import Shard
from macaronic.text.formats.rows import numbered_ids, plain_batch


def read(shard: Shard, problems: Problems) -> Iterator[pa.RecordBatch]:
    """A row for every line that is not blank (or for every line, with `keep_blank`)."""
    number = shard.first_line
    for chunk in chunks(shard, problems):
        lines = _clean_lines(chunk) if shard.encoding in ("utf-8", "ascii") else None
        if lines is None:
            lines = pa.array(lines_of(chunk, shard, number, problems), pa.string())
        yield from _batches(lines, number, shard)
        number += len(lines)


def _clean_lines(chunk: bytes) -> pa.Array | None:
    """The lines of a chunk without a copy through Python, or None when some of it needs a closer look."""
    if b"\0" in chunk or b"\r" in chunk or len(chunk) >= 1 << 31:
        return None
    offsets = pa.py_buffer(np.array([0, len(chunk)], dtype=np.int32))
    whole = pa.Array.from_buffers(pa.string(), 1, [None, offsets, pa.py_buffer(chunk)])
    try:
        whole.validate(full=True)
    except pa.ArrowInvalid:
        return None
    lines = pc.split_pattern(whole, "\n").values
    return lines[:-1] if chunk.endswith(b"\n") else lines


def _batches(lines: pa.Array, first: int, shard: Shard) -> Iterator[pa.RecordBatch]:
    numbers = pa.array(np.arange(first, first + len(lines)))
    kept = pc.is_valid(lines) if shard.options.keep_blank else pc.invert(_blank(lines))
    lines, numbers = lines.filter(kept), numbers.filter(kept)
    for begin, end in _cuts(pc.binary_length(lines).to_numpy(zero_copy_only=False)):
        ids = numbered_ids(shard.name, numbers[begin:end])
        yield plain_batch(ids, lines[begin:end], language=shard.options.language)


def _blank(lines: pa.Array) -> pa.Array:
    return pc.fill_null(pc.or_(pc.equal(pc.binary_length(lines), 0), pc.utf8_is_space(lines)), True)


def _cuts(lengths: NDArray[np.int32]) -> Iterator[tuple[int, int]]:
    """Stretches (begin, end) of at most a batch of rows and of bytes each, the last row of a stretch excepted."""
    ends = np.cumsum(lengths, dtype=np.int64)
    begin = 0
    while begin < len(lengths):
        held = ends[begin - 1] if begin else 0
        full = int(np.searchsorted(ends, held + BATCH_BYTES)) + 1
        end = min(begin + BATCH_ROWS, full, len(lengths))
        yield begin, end
        begin = end


def write(batches: Iterable[pa.RecordBatch]) -> Iterator[bytes]:
    """The texts, one a line; a line break inside a text becomes a space."""
    for batch in batches:
        texts = batch.column("text").to_pylist()
        if texts:
            yield ("\n".join(one_line(text) for text in texts) + "\n").encode()


def one_line(text: str) -> str:
    """The text without line breaks.

    >>> one_line("so\\r\\nchill")
    'so chill'
    """
    if "\n" not in text and "\r" not in text:
        return text
    return text.replace("\r\n", " ").replace("\n", " ").replace("\r", " ")
