"""Corpus columns as flat numpy arrays, and back: what the hot paths stand on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from macaronic.core.corpus import LABELS, PREFIX, TOKENS, schema

_PAIRS = pa.list_(pa.struct([("key", pa.string()), ("value", pa.string())]))

Ints = NDArray[np.int32]
Offsets = NDArray[np.int64]


def token_offsets(batch: pa.RecordBatch) -> Offsets:
    """Where each row's tokens begin in the flat token order, shape (rows + 1,).

    >>> from macaronic.core.corpus import to_batch
    >>> from macaronic.core.utterance import Utterance
    >>> token_offsets(to_batch([Utterance.from_words(["so", "chill"]), Utterance("")])).tolist()
    [0, 2, 2]
    """
    return _offsets(batch.column("tokens"))


def _offsets(column: pa.Array) -> Offsets:
    lengths = pc.fill_null(pc.list_value_length(column), 0).to_numpy(zero_copy_only=False)
    offsets = np.zeros(len(lengths) + 1, dtype=np.int64)
    np.cumsum(lengths, out=offsets[1:])
    return offsets


def token_spans(batch: pa.RecordBatch) -> tuple[Ints, Ints]:
    """Start and end of every token in code points of its row's text, flat over the batch."""
    starts, ends = batch.column("tokens").flatten().flatten()
    return starts.to_numpy(zero_copy_only=False), ends.to_numpy(zero_copy_only=False)


def with_tokens(batch: pa.RecordBatch, starts: Ints, ends: Ints, offsets: Offsets) -> pa.RecordBatch:
    """The batch with these tokens (flat starts and ends, offsets of shape (rows + 1,)); token layers are dropped."""
    flat = pa.StructArray.from_arrays([pa.array(starts, pa.int32()), pa.array(ends, pa.int32())], ["start", "end"])
    tokens = pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), flat).cast(TOKENS)
    columns = schema()
    arrays = [tokens if name == "tokens" else batch.column(name) for name in columns.names]
    return pa.RecordBatch.from_arrays(arrays, schema=columns)


def token_layer(batch: pa.RecordBatch, name: str) -> tuple[Ints, list[str], Offsets]:
    """A token layer as integer codes.

    Args:
        batch: rows with a `token.<name>` column.
        name: the layer's name.

    Returns:
        codes (flat over the batch, -1 for null), the labels that they point at, and row offsets (rows + 1,).

    Raises:
        KeyError: the batch has no such layer.

    >>> from macaronic.core.corpus import to_batch
    >>> from macaronic.core.utterance import Utterance
    >>> batch = to_batch([Utterance.from_words(["a", "b"], layers={"lang": ["en", None]})])
    >>> codes, names, offsets = token_layer(batch, "lang")
    >>> codes.tolist(), names, offsets.tolist()
    ([0, -1], ['en'], [0, 2])
    """
    column = batch.column(PREFIX + name)
    flat = column.flatten()
    codes = pc.fill_null(flat.indices, -1).to_numpy(zero_copy_only=False).astype(np.int32, copy=False)
    return codes, flat.dictionary.to_pylist(), _offsets(column)


def with_token_layer(batch: pa.RecordBatch, name: str, codes: Ints, names: Sequence[str]) -> pa.RecordBatch:
    """The batch with a token layer added or replaced.

    Args:
        batch: rows with tokens.
        name: the layer's name.
        codes: one code a token of the whole batch, -1 for null.
        names: the labels that the codes point at.
    """
    offsets = pa.array(token_offsets(batch), pa.int32())
    indices = pa.array(codes.astype(np.int32, copy=False), mask=codes < 0)
    flat = pa.DictionaryArray.from_arrays(indices, pa.array(list(names), pa.string()))
    return with_column(batch, PREFIX + name, pa.ListArray.from_arrays(offsets, flat))


def with_column(batch: pa.RecordBatch, name: str, array: pa.Array) -> pa.RecordBatch:
    """The batch with one column added (token layers behind `tokens`) or replaced."""
    if name in batch.schema.names:
        return batch.set_column(batch.schema.get_field_index(name), name, array)
    at = batch.schema.get_field_index("spans") if name.startswith(PREFIX) else batch.num_columns
    return batch.add_column(at, name, array)


def label_column(batch: pa.RecordBatch, key: str) -> list[str | None]:
    """The sentence label `key` of every row, None where it is missing.

    >>> from macaronic.core.corpus import to_batch
    >>> from macaronic.core.utterance import Utterance
    >>> label_column(to_batch([Utterance("so", labels={"lang": "en"}), Utterance("")]), "lang")
    ['en', None]
    """
    found: list[str | None] = pc.map_lookup(batch.column("labels"), pa.scalar(key), "last").to_pylist()
    return found


def with_labels(batch: pa.RecordBatch, key: str, values: Sequence[str | None] | pa.Array) -> pa.RecordBatch:
    """The batch with the sentence label `key` set on each row (None takes it away); other labels stay as they are.

    >>> from macaronic.core.corpus import to_batch
    >>> from macaronic.core.utterance import Utterance
    >>> with_labels(to_batch([Utterance("so"), Utterance("")]), "lang", ["en", None]).column("labels").to_pylist()
    [[('lang', 'en')], []]
    """
    column = batch.column("labels")
    new = pa.array(values, pa.string())
    pairs = column.cast(_PAIRS)
    old_keys, old_items = pairs.flatten().flatten()
    held = np.repeat(np.arange(batch.num_rows), np.diff(_offsets(pairs)))
    kept = ~pc.equal(old_keys, key).to_numpy(zero_copy_only=False).astype(bool)
    given = np.flatnonzero(pc.is_valid(new).to_numpy(zero_copy_only=False))
    rows = np.concatenate([held[kept], given])
    order = pa.array(np.argsort(rows, kind="stable"))
    keys = pa.concat_arrays([old_keys.filter(pa.array(kept)), pa.array([key] * len(given), pa.string())])
    items = pa.concat_arrays([old_items.filter(pa.array(kept)), new.drop_null()])
    offsets = np.zeros(batch.num_rows + 1, np.int32)
    np.cumsum(np.bincount(rows, minlength=batch.num_rows), out=offsets[1:])
    labels = pa.MapArray.from_arrays(pa.array(offsets), keys.take(order), items.take(order))
    return with_column(batch, "labels", labels.cast(LABELS))
