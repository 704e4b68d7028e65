"""Parquet and Arrow files: macaronic's own columns as they are, others through the same rules as JSON lines."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pyarrow as pa

from macaronic.core.corpus import BATCH_ROWS, layers_of, schema
from macaronic.core.errors import FormatError
from macaronic.core.problems import Problems
from macaronic.text.formats.jsonl import batches
from macaronic.text.formats.labels import WordLabels
from macaronic.text.formats.plan import Layout, Shard
from macaronic.text.formats.streams import filesystem, is_uri, unreadable


def read(shard: Shard, problems: Problems) -> Iterator[pa.RecordBatch]:
    """The rows of the file; the ids of rows that have none count rows from 1."""
    labels = WordLabels(shard.options.labels, problems, shard.where)
    row = 1
    for batch in _batches(shard.place, shard.format):
        if is_own(batch.schema):
            yield batch.cast(schema(layers_of(batch.schema)))
            continue
        yield from batches(list(enumerate(batch.to_pylist(), row)), shard, problems, labels)
        row += batch.num_rows


def records(shard: Shard) -> Iterator[tuple[int, dict[str, Any]]]:
    """(row number from 1, column -> value) of every row, whatever the columns are."""
    row = 1
    for batch in _batches(shard.place, shard.format):
        yield from enumerate(batch.to_pylist(), row)
        row += batch.num_rows


def is_own(columns: pa.Schema) -> bool:
    """Whether these are a corpus's columns."""
    return set(schema().names) <= set(columns.names)


def layout(place: str, kind: str) -> Layout:
    """The columns of the file, and the token layers that macaronic wrote there.

    Raises:
        FormatError: it is not such a file.
    """
    with _opened(place, kind) as file:
        columns = file.schema_arrow if kind == "parquet" else file.schema
    return Layout(tuple(columns.names), layers=layers_of(columns) if is_own(columns) else ())


def _batches(place: str, kind: str) -> Iterator[pa.RecordBatch]:
    try:
        with _opened(place, kind) as file:
            if kind == "parquet":
                # A batch across row groups cannot hold lists of dictionary values (an Arrow limit).
                for group in range(file.num_row_groups):
                    yield from file.iter_batches(BATCH_ROWS, row_groups=[group])
                return
            found = file if hasattr(file, "read_next_batch") else map(file.get_batch, range(file.num_record_batches))
            for batch in found:
                yield from (batch.slice(at, BATCH_ROWS) for at in range(0, batch.num_rows, BATCH_ROWS))
    except pa.ArrowInvalid as error:
        raise FormatError(f"not a whole {kind} file: {str(error).splitlines()[0]}", place) from error


@contextmanager
def _opened(place: str, kind: str) -> Iterator[Any]:
    try:
        raw = filesystem(place)[0].open_input_file(filesystem(place)[1]) if is_uri(place) else pa.OSFile(place)
    except OSError as error:
        raise unreadable(place, error) from error
    with raw:
        try:
            file = _reader(raw, kind)
        except (pa.ArrowInvalid, OSError) as error:
            raise FormatError(f"not a {kind} file: {str(error).splitlines()[0]}", place) from error
        with file:
            yield file


def _reader(raw: Any, kind: str) -> Any:
    if kind == "parquet":
        import pyarrow.parquet as pq

        return pq.ParquetFile(raw)
    random_access = raw.read(6) == b"ARROW1"
    raw.seek(0)
    return pa.ipc.open_file(raw) if random_access else pa.ipc.open_stream(raw)
