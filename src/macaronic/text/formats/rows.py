"""Record batches out of columns of plain Python values: the quick way for rows that have no tokens yet."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from macaronic.core.corpus import (
    BATCH_BYTES,
    BATCH_ROWS,
    LABELS,
    LAYER,
    PREFIX,
    RELATIONS,
    SPANS,
    TOKENS,
    layers_of,
    schema,
    to_batch,
)
from macaronic.core.problems import Problems
from macaronic.core.utterance import Utterance


def plain_batch(
    ids: pa.Array,
    texts: Sequence[str] | pa.Array,
    *,
    metas: Sequence[str] | None = None,
    labels: Sequence[Mapping[str, str]] | None = None,
    language: str | None = None,
) -> pa.RecordBatch:
    """A batch of rows without tokens.

    Args:
        ids: string array, one a row.
        texts: one a row.
        metas: JSON objects (or empty strings), one a row.
        labels: sentence labels, one mapping a row.
        language: the sentence label `lang` of every row, when there are no `labels`.

    >>> plain_batch(pa.array(["a:1"]), ["so chill"], language="en").column("labels").to_pylist()
    [[('lang', 'en')]]
    """
    rows = len(texts)
    columns = [
        ids,
        texts if isinstance(texts, pa.Array) else pa.array(texts, pa.string()),
        _empty(TOKENS, rows),
        _empty(SPANS, rows),
        _empty(RELATIONS, rows),
        _label_column(labels, language, rows),
        pa.array(metas, pa.string()) if metas is not None else pa.array([""] * rows, pa.string()),
    ]
    return pa.RecordBatch.from_arrays(columns, schema=schema())


def _empty(kind: pa.DataType, rows: int) -> pa.Array:
    offsets = pa.py_buffer(np.zeros(rows + 1, dtype=np.int32))
    inner = pa.struct([kind.key_field, kind.item_field]) if pa.types.is_map(kind) else kind.value_type
    return pa.Array.from_buffers(kind, rows, [None, offsets], children=[pa.array([], inner)])


def _label_column(labels: Sequence[Mapping[str, str]] | None, language: str | None, rows: int) -> pa.Array:
    if labels is not None and any(labels):
        return pa.array([list(row.items()) for row in labels], LABELS)
    if labels is not None or language is None:
        return _empty(LABELS, rows)
    offsets = pa.array(np.arange(rows + 1, dtype=np.int32))
    return pa.MapArray.from_arrays(offsets, pa.array(["lang"] * rows), pa.array([language] * rows)).cast(LABELS)


def numbered_ids(name: str, numbers: Sequence[int] | pa.Array) -> pa.Array:
    """Automatic ids `<name>:<line>`.

    >>> numbered_ids("news", [3, 4]).to_pylist()
    ['news:3', 'news:4']
    """
    array = numbers if isinstance(numbers, pa.Array) else pa.array(numbers, pa.int64())
    return pc.binary_join_element_wise(name, pc.cast(array, pa.string()), ":")


def sizes(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Cuts of a list of texts into stretches (begin, end) of at most a batch each.

    >>> list(sizes(["a"] * 10000))
    [(0, 8192), (8192, 10000)]
    """
    if len(texts) <= BATCH_ROWS and sum(map(len, texts)) < BATCH_BYTES:
        yield from [(0, len(texts))] if texts else []
        return
    begin = held = at = 0
    for at, text in enumerate(texts, 1):
        held += len(text)
        if at - begin >= BATCH_ROWS or held >= BATCH_BYTES:
            yield begin, at
            begin, held = at, 0
    if at > begin:
        yield begin, at


def batched(utterances: Iterable[Utterance], layers: Sequence[str] = ()) -> Iterator[pa.RecordBatch]:
    """Batches of bounded size that all have at least these token layers."""
    held: list[Utterance] = []
    size = 0
    for utterance in utterances:
        held.append(utterance)
        size += len(utterance.text) + 32 * len(utterance.tokens)
        if len(held) >= BATCH_ROWS or size >= BATCH_BYTES:
            yield utterance_batch(held, layers)
            held, size = [], 0
    if held:
        yield utterance_batch(held, layers)


def utterance_batch(utterances: Sequence[Utterance], layers: Sequence[str] = ()) -> pa.RecordBatch:
    """Utterances as one batch with these layers first, then any others that occur."""
    names = list(dict.fromkeys([*layers, *(name for u in utterances for name in u.layers)]))
    if any(u.spans or u.relations for u in utterances):
        return to_batch(utterances, names)
    ids = pa.array([u.id for u in utterances], pa.string())
    texts = [u.text for u in utterances]
    plain = plain_batch(ids, texts, metas=[dump(u.meta) for u in utterances], labels=[u.labels for u in utterances])
    counts = [len(u.tokens) for u in utterances]
    offsets = np.zeros(len(counts) + 1, dtype=np.int32)
    np.cumsum(counts, out=offsets[1:])
    pairs = np.array([edge for u in utterances for pair in u.tokens for edge in pair], dtype=np.int32).reshape(-1, 2)
    spans = pa.StructArray.from_arrays([pa.array(pairs[:, 0]), pa.array(pairs[:, 1])], ["start", "end"])
    columns = {PREFIX + name: _layer(name, utterances, counts, offsets) for name in names}
    columns["tokens"] = pa.ListArray.from_arrays(pa.array(offsets), spans).cast(TOKENS)
    arrays = [columns[field.name] if field.name in columns else plain.column(field.name) for field in schema(names)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema(names))


def _layer(name: str, utterances: Sequence[Utterance], counts: Sequence[int], offsets: NDArray[np.int32]) -> pa.Array:
    flat: list[str | None] = []
    for utterance, count in zip(utterances, counts):
        flat.extend(utterance.layers.get(name) or (None,) * count)
    values = pa.array(flat, pa.string()).dictionary_encode()
    return pa.ListArray.from_arrays(pa.array(offsets), values)


def with_layers(batch: pa.RecordBatch, layers: Sequence[str]) -> pa.RecordBatch:
    """The batch with these token layers first, in this order; those that it lacks are null.

    >>> with_layers(plain_batch(pa.array(["a"]), ["hi"]), ["lang"]).schema.names[3]
    'token.lang'
    """
    own = layers_of(batch.schema)
    names = [*layers, *(name for name in own if name not in layers)]
    if list(own) == names:
        return batch
    tokens = batch.column("tokens")
    arrays = []
    for field in schema(names):
        missing = field.name.startswith(PREFIX) and field.name.removeprefix(PREFIX) not in own
        arrays.append(_nulls(tokens) if missing else batch.column(field.name))
    return pa.RecordBatch.from_arrays(arrays, schema=schema(names))


def _nulls(tokens: pa.Array) -> pa.Array:
    lengths = pc.fill_null(pc.list_value_length(tokens), 0).to_numpy(zero_copy_only=False)
    offsets = np.zeros(len(lengths) + 1, dtype=np.int32)
    np.cumsum(lengths, out=offsets[1:])
    flat = pa.nulls(int(offsets[-1]), LAYER.value_type)
    return pa.ListArray.from_arrays(pa.array(offsets), flat)


def dump(meta: Any) -> str:
    """`meta` as JSON in one line; an empty string for nothing."""
    if not meta:
        return ""
    text = _encode(meta)
    return text if text.isascii() or _encodable(text) else json.dumps(meta, default=str)


_encode = json.JSONEncoder(ensure_ascii=False, default=str).encode


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def usable(text: str, where: str, line: int, problems: Problems) -> bool:
    """Whether a text out of JSON or a table can stand in a corpus; otherwise the problem is counted."""
    if "\0" in text:
        problems.add(where, line, "a NUL character in the text", kind="nul")
        return False
    if text.isascii() or _encodable(text):
        return True
    problems.add(where, line, "half of a surrogate pair in the text", kind="encoding")
    return False
