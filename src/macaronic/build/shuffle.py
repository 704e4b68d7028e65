"""Move the drawn rows into shuffled output shards, in bounded memory and in steps that can be taken again.

`scatter` cuts one prepared shard into a piece for every output shard; `gather` puts one output shard together and
orders it by priorities that depend only on the seed and the row, so neither the engine nor the cuts show.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from macaronic.build.buckets import View
from macaronic.core.columns import with_labels
from macaronic.core.corpus import Corpus, conform, layers_of, schema, write_batches
from macaronic.core.files import atomic_write, fingerprint
from macaronic.mix.sample import Draw, Rows, copies, priorities

ORDER = "order"
_PLACE_SEED = 0x5EED


@dataclass(frozen=True)
class Scatter:
    """One prepared shard to cut: which of its rows are drawn, and where the pieces go."""

    view: View
    draw: Draw
    buckets: tuple[str, ...]
    shards: int
    to: Path


@dataclass(frozen=True)
class Gather:
    """One output shard to write from its pieces."""

    pieces: tuple[Path, ...]
    number: int
    to: Path


def scatter(job: Scatter) -> dict[str, Any]:
    """Cut one prepared shard into pieces, one record batch an output shard, in one file.

    Returns:
        how many rows were written.
    """
    rows = job.view.rows()
    row, copy = _repeat(copies(job.draw, rows))
    order = priorities(job.draw.seed ^ _PLACE_SEED, rows.index[row] * 1009 + copy, 0)
    target = ((order >> np.uint64(32)) * np.uint64(job.shards) >> np.uint64(32)).astype(np.int64)
    table = _rows_with_labels(job, rows)
    with atomic_write(job.to) as file:
        columns = (table.schema if table is not None else schema()).append(pa.field(ORDER, pa.uint64()))
        with pa.ipc.new_file(file, columns) as writer:
            for shard in range(job.shards):
                own = np.flatnonzero(target == shard)
                own = own[np.argsort(order[own], kind="stable")]
                writer.write_batch(_piece(table, row[own], order[own], columns))
    return {"rows": len(row)}


def _repeat(count: NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Row and copy number of everything that is taken."""
    row = np.repeat(np.arange(len(count)), count)
    first = np.concatenate([[0], np.cumsum(count)[:-1]]) if len(count) else np.zeros(0, np.int64)
    return row, np.arange(len(row)) - np.repeat(first, count)


def _rows_with_labels(job: Scatter, rows: Rows) -> pa.Table | None:
    """The prepared rows with plain string layers (pieces need one dictionary), and their source and bucket."""
    batches = []
    at = 0
    for batch in Corpus.open(job.view.part.rows).batches():
        own = rows.bucket[at : at + batch.num_rows]
        at += batch.num_rows
        names = [job.buckets[b] if b >= 0 else None for b in own.tolist()]
        labelled = with_labels(with_labels(batch, "source", [job.view.part.source] * batch.num_rows), "bucket", names)
        batches.append(_plain(labelled))
    return pa.Table.from_batches(batches) if batches else None


def _plain(batch: pa.RecordBatch) -> pa.RecordBatch:
    for name in layers_of(batch.schema):
        at = batch.schema.get_field_index(f"token.{name}")
        batch = batch.set_column(at, f"token.{name}", batch.column(at).cast(pa.list_(pa.string())))
    return batch


def _piece(
    table: pa.Table | None, rows: NDArray[np.int64], order: NDArray[np.uint64], columns: pa.Schema
) -> pa.RecordBatch:
    if table is None or not len(rows):
        return pa.RecordBatch.from_pylist([], schema=columns)
    taken = table.take(pa.array(rows)).append_column(ORDER, pa.array(order)).combine_chunks()
    return taken.to_batches()[0].cast(columns)


def gather(job: Gather) -> dict[str, Any]:
    """Put one output shard together, in its final order, and write it whole or not at all.

    Returns:
        its name, fingerprint, number of rows, and ids of rows to show.
    """
    pieces = [piece for path in job.pieces for piece in [_read_piece(path, job.number)] if piece.num_rows]
    layers = list(dict.fromkeys(name for piece in pieces for name in layers_of(piece.schema)))
    columns = schema(layers)
    whole = pa.Table.from_batches([_conformed(piece, columns) for piece in pieces]) if pieces else None
    if whole is not None:
        ids = np.argsort(whole.column(ORDER).to_numpy(), kind="stable")
        whole = whole.take(pa.array(ids)).drop_columns([ORDER])
    write_shard(job.to, whole, columns)
    return {"name": job.to.name, "sha256": fingerprint(job.to), "rows": whole.num_rows if whole is not None else 0}


def _read_piece(path: Path, number: int) -> pa.RecordBatch:
    with pa.memory_map(str(path)) as source:
        return pa.ipc.open_file(source).get_batch(number)


def _conformed(piece: pa.RecordBatch, columns: pa.Schema) -> pa.RecordBatch:
    order = piece.column(ORDER)
    rest = conform(piece.drop_columns([ORDER]), columns)
    return rest.append_column(ORDER, order)


def write_shard(path: Path, table: pa.Table | None, columns: pa.Schema) -> None:
    """Write one output shard in the format that its name ends in."""
    batches = list(_blocks(table)) if table is not None else [pa.RecordBatch.from_pylist([], schema=columns)]
    if path.suffix in (".parquet", ".arrow"):
        write_batches(path, batches)
    elif path.suffix == ".txt":
        with atomic_write(path, "w") as file:
            for batch in batches:
                file.writelines(" ".join(text.splitlines()) + "\n" for text in batch.column("text").to_pylist())
    else:
        from macaronic.text import formats

        formats.write(Corpus(lambda: iter(batches)), path, format="jsonl")


def _blocks(table: pa.Table) -> Iterator[pa.RecordBatch]:
    yield from table.combine_chunks().to_batches(max_chunksize=8192)
