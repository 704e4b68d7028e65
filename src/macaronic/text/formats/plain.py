"""Plain text: a line is an utterance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyarrow as pa

from macaronic.core.problems import Problems
from macaronic.text.formats.lines import blocks
from macaronic.text.formats.plan import Shard
from macaronic.text.formats.rows import numbered_ids, plain_batch, sizes


def read(shard: Shard, problems: Problems) -> Iterator[pa.RecordBatch]:
    """A row for every line that is not blank (or for every line, with `keep_blank`)."""
    blank = shard.options.keep_blank
    for first, lines in blocks(shard, problems):
        kept = [(n, s) for n, s in enumerate(lines, first) if s is not None and (blank or (s and not s.isspace()))]
        numbers, texts = [n for n, _ in kept], [s for _, s in kept]
        for begin, end in sizes(texts):
            ids = numbered_ids(shard.name, numbers[begin:end])
            yield plain_batch(ids, texts[begin:end], language=shard.options.language)


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
