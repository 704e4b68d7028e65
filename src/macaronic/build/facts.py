"""What the plan needs to know of each row, without its text: sizes, languages, how mixed it is, a fingerprint."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from macaronic.core import languages
from macaronic.core.columns import label_column, token_layer, token_offsets
from macaronic.curate.keep import text_hashes

NONE = "und"
"""The language of a row without any language word."""

Count = Callable[[list[str]], list[int]]


def facts(batch: pa.RecordBatch, *, count_tokens: Count | None = None, labels: Sequence[str] = ()) -> pa.RecordBatch:
    """One row of facts a row of text.

    Args:
        batch: rows with tokens and a language layer.
        count_tokens: how many subword tokens each text has, when there is a tokenizer.
        labels: sentence labels that make buckets.

    Returns:
        columns words, bytes, tokens, cmi (0 to 100), language, pair, script, mixedness, hash_a, hash_b, and
        `label:KEY` for each of `labels`.

    >>> from macaronic.core.corpus import to_batch
    >>> from macaronic.core.utterance import Utterance
    >>> u = Utterance.from_words(["so", "yaar", "kal"], layers={"lang": ["en", "hi-Latn", "hi-Latn"]})
    >>> row = facts(to_batch([u])).to_pylist()[0]
    >>> row["language"], row["pair"], row["script"], row["mixedness"], round(row["cmi"], 2)
    ('hi-Latn', 'en+hi-Latn', 'Latn', 'mixed', 33.33)
    """
    counts, first, names = language_counts(batch)
    total = counts.sum(axis=1)
    # The language with the most words; of equals the one that comes first in the sentence.
    order = np.lexsort((first, -counts), axis=1) if names else np.zeros((batch.num_rows, 0), np.int64)
    most = counts.max(axis=1, initial=0)
    cmi = np.where(total > 0, 100.0 * (1 - most / np.maximum(total, 1)), 0.0)
    matrix = [names[o[0]] if t else NONE for o, t in zip(order, total)] if names else [NONE] * batch.num_rows
    text = batch.column("text")
    hashes = text_hashes(batch)
    columns: dict[str, pa.Array] = {
        "words": pa.array(np.diff(token_offsets(batch)).astype(np.int32)),
        "bytes": pc.binary_length(text).cast(pa.int32()),
        "tokens": pa.array(count_tokens(text.to_pylist()) if count_tokens else [0] * batch.num_rows, pa.int32()),
        "cmi": pa.array(cmi.astype(np.float32)),
        "language": pa.array(matrix, pa.string()),
        "pair": pa.array(_pairs(counts, order, names, total), pa.string()),
        "script": pa.array([_script(tag) for tag in matrix], pa.string()),
        "mixedness": pa.array(np.where(cmi > 0, "mixed", "one").tolist(), pa.string()),
        "hash_a": pa.array(hashes[:, 0]),
        "hash_b": pa.array(hashes[:, 1]),
    }
    for key in labels:
        values = [value or NONE for value in label_column(batch, key)]
        columns[f"label:{key}"] = pa.array(values, pa.string())
    return pa.RecordBatch.from_pydict(columns)


def language_counts(batch: pa.RecordBatch) -> tuple[NDArray[np.int64], NDArray[np.int64], list[str]]:
    """Words of each language a row, the place of the first, and the languages in alphabetical order.

    Returns:
        counts (rows, k), first (rows, k; the token position in the batch), names (k,).
    """
    codes, labels, offsets = token_layer(batch, "lang")
    names = sorted(label for label in set(labels) if languages.is_language(label))
    place = {name: i for i, name in enumerate(names)}
    column = np.array([place.get(label, -1) for label in labels] + [-1], np.int64)[codes]
    rows = np.repeat(np.arange(batch.num_rows), np.diff(offsets))
    known = np.flatnonzero(column >= 0)
    cells = rows[known] * len(names) + column[known]
    shape = (batch.num_rows, len(names))
    counts = np.bincount(cells, minlength=shape[0] * shape[1]).astype(np.int64)
    first = np.full(shape[0] * shape[1], np.iinfo(np.int64).max)
    first[cells[::-1]] = known[::-1]
    return counts.reshape(shape), first.reshape(shape), names


def _pairs(
    counts: NDArray[np.int64], order: NDArray[np.int64], names: Sequence[str], total: NDArray[np.int64]
) -> list[str]:
    """The (at most three) most frequent languages of each row in alphabetical order, joined by a plus sign."""
    if not names:
        return [NONE] * len(total)
    distinct, back = np.unique(
        np.where(np.take_along_axis(counts, order, 1) > 0, order, -1)[:, :3], axis=0, return_inverse=True
    )
    joined = ["+".join(names[i] for i in sorted(row) if i >= 0) or NONE for row in distinct.tolist()]
    return [joined[i] for i in np.ravel(back).tolist()]


def _script(tag: str) -> str:
    return "Zyyy" if tag == NONE else languages.script(tag)
