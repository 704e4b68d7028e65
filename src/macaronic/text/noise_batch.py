"""Typing errors for whole batches of rows: words, layers and spans stay in step, and no row depends on another."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa

from macaronic.core.columns import token_offsets, token_spans, with_column, with_token_layer
from macaronic.core.corpus import SPANS, TOKENS
from macaronic.text.keyboard import Layout
from macaronic.text.noise import KINDS, Kind, Slip, moved, noisy, protected, row_rng


def noisy_batch(
    batch: pa.RecordBatch,
    *,
    rate: float,
    seed: int,
    kinds: Sequence[Kind] = KINDS,
    one_kind: bool = True,
    protect: Callable[[str], bool] = protected,
    layout: Layout = "qwerty",
    clean: str = "clean",
) -> pa.RecordBatch:
    """Rows with typing errors in their text; the tokens, their layers and the spans move along.

    Each row's errors follow from `seed` and its id alone (its text where it has no id), so that sharding, order and
    the other rows change nothing.

    Args:
        batch: rows, with tokens or without.
        rate: share of words with an error, in [0, 1].
        seed: of the whole run.
        kinds: see `text.noise.noisy`.
        one_kind: one kind a row.
        protect: words for which it is true stay as they are.
        layout: the keyboard.
        clean: name of the new token layer that keeps every word as it was; none when empty.

    >>> from macaronic.core.corpus import from_batch, to_batch
    >>> from macaronic.core.utterance import Utterance
    >>> rows = to_batch([Utterance.from_words(["so", "chill"], id="1", layers={"lang": ["en", "en"]})])
    >>> row = next(from_batch(noisy_batch(rows, rate=1, seed=1, kinds=["swap"])))
    >>> row.words, row.layers
    (('so', 'cihll'), {'lang': ('en', 'en'), 'clean': ('so', 'chill')})
    """
    texts, ids = batch.column("text").to_pylist(), batch.column("id").to_pylist()
    offsets = token_offsets(batch)
    starts, ends = token_spans(batch)
    new_texts: list[str | None] = []
    slips: list[Sequence[Slip]] = []
    new_starts, new_ends = starts.astype(np.int64), ends.astype(np.int64)
    for row, text in enumerate(texts):
        a, b = int(offsets[row]), int(offsets[row + 1])
        tokens = list(zip(starts[a:b].tolist(), ends[a:b].tolist())) if b > a else None
        typed, mine = noisy(
            text or "",
            rate=rate,
            rng=row_rng(seed, ids[row] or text or ""),
            kinds=kinds,
            one_kind=one_kind,
            protect=protect,
            layout=layout,
            tokens=tokens,
        )
        new_texts.append(typed if text is not None else None)
        slips.append(mine)
        if mine and b > a:
            new_starts[a:b], new_ends[a:b] = moved(starts[a:b], mine), moved(ends[a:b], mine)
    ends_of = [pa.array(side, pa.int32()) for side in (new_starts, new_ends)]
    flat = pa.StructArray.from_arrays(ends_of, ["start", "end"])
    tokens_column = pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), flat).cast(TOKENS)
    out = with_column(with_column(batch, "text", pa.array(new_texts, pa.string())), "tokens", tokens_column)
    out = with_column(out, "spans", _moved_spans(batch.column("spans"), slips))
    if not clean:
        return out
    of_row = np.repeat(np.arange(len(texts)), np.diff(offsets)).tolist()
    words = pa.array([texts[r][s:e] for r, s, e in zip(of_row, starts.tolist(), ends.tolist())], pa.string())
    coded = words.dictionary_encode()
    return with_token_layer(out, clean, coded.indices.to_numpy(zero_copy_only=False), coded.dictionary.to_pylist())


def _moved_spans(column: pa.Array, slips: Sequence[Sequence[Slip]]) -> pa.Array:
    rows = column.to_pylist()
    if not any(spans and mine for spans, mine in zip(rows, slips)):
        return column
    for spans, mine in zip(rows, slips):
        for span in spans or ():
            span["start"], span["end"] = moved([span["start"], span["end"]], mine).tolist()
    return pa.array(rows, SPANS)
