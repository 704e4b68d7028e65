"""The stream as a Hugging Face dataset, and a Hugging Face dataset as shards of a stream."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from macaronic.core.errors import MissingExtra, UnknownName
from macaronic.mix.shards import write_text, write_tokens
from macaronic.mix.stream import Stream

if TYPE_CHECKING:
    from datasets import IterableDataset


def hf_dataset(stream: Stream, *, position: int = 0, rank: int = 0, ranks: int = 1) -> IterableDataset:
    """A `datasets.IterableDataset` with one row an item: `input_ids` (or `text`), `source`, and `position`.

    Rows come in the stream's order; do not shuffle them again. With several ranks, rank r has rows r, r + ranks, ...

    Args:
        stream: what to give out.
        position: where to begin.
        rank: which machine this is, in [0, ranks).
        ranks: how many machines read together.

    Raises:
        MissingExtra: `datasets` is not installed.
        UsageError: a part that is out of range.
    """
    try:
        from datasets import IterableDataset
    except ImportError as error:
        raise MissingExtra("datasets", "hub") from error
    stream.batches(1, position=position, rank=rank, ranks=ranks)
    told = {"stream": stream, "position": position, "rank": rank, "ranks": ranks}
    return IterableDataset.from_generator(_rows, gen_kwargs=told)


def _rows(stream: Stream, position: int, rank: int, ranks: int) -> Iterator[dict[str, Any]]:
    for batch in stream.batches(1, position=position, rank=rank, ranks=ranks):
        row = batch.rows[0]
        column = "text" if isinstance(row, str) else "input_ids"
        yield {column: row, "source": stream.names[int(batch.sources[0])], "position": batch.position}


def write_rows(
    path: str | Path, rows: Iterable[Mapping[str, Any]], *, column: str = "input_ids", vocabulary: int = 1 << 16
) -> int:
    """Write one column of a dataset (its rows in order; streamed or not) to a shard: text, or token ids.

    Args:
        path: the file to write.
        rows: dicts, such as a `datasets.Dataset` gives.
        column: the name of what to take; lists of token ids, or strings.
        vocabulary: how many token ids there may be.

    Returns:
        how many tokens, or bytes of text, were written.

    Raises:
        UnknownName: a row without that column.

    >>> import tempfile
    >>> folder = tempfile.mkdtemp()
    >>> write_rows(f"{folder}/a.shard", [{"input_ids": [1, 2, 3]}])
    3
    """
    reading = iter(rows)
    first = next(reading, None)
    values = _column(first, reading, column)
    if first is not None and isinstance(first.get(column), str):
        return write_text(path, values)
    return write_tokens(path, values, vocabulary=vocabulary)


def _column(first: Mapping[str, Any] | None, rows: Iterator[Mapping[str, Any]], column: str) -> Iterator[Any]:
    row = first
    while row is not None:
        if column not in row:
            raise UnknownName("column", column, row)
        yield row[column]
        row = next(rows, None)
