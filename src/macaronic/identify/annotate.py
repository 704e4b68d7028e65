"""Put a tagger's labels into a corpus's columns: the layer `lang`, and what each sentence as a whole is in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import chain
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from macaronic.core.columns import label_column, token_layer, token_offsets, token_spans, with_labels, with_token_layer
from macaronic.core.languages import is_language
from macaronic.core.protocols import Tagger
from macaronic.identify.tagger import EmbeddedTagger

Floats = NDArray[np.float32]
TOGETHER = 50
"""From so many rows on, the languages found in them are expected in each."""
ENOUGH = 500
"""About so many rows, evenly spread, are enough to know what to expect."""


def annotate(
    batch: pa.RecordBatch, tagger: Tagger, languages: Sequence[str] | None = None
) -> tuple[pa.RecordBatch, Floats]:
    """Label every token of a batch.

    Args:
        batch: rows with tokens.
        tagger: any tagger.
        languages: the languages that may occur; found when left out.

    Returns:
        the batch with the layer `lang` and the sentence labels `lang` (the matrix language) and `lang_confidence`,
        and the confidence of each token, flat, in [0, 1].
    """
    if isinstance(tagger, EmbeddedTagger):
        return _embedded(batch, tagger, languages)
    sentences = words_of(batch)
    tagged = tagger.tag(sentences, languages)
    names = sorted({label for t in tagged for label in t.labels})
    place = {name: i for i, name in enumerate(names)}
    codes = np.fromiter((place[label] for t in tagged for label in t.labels), np.int32)
    sure = np.fromiter(chain.from_iterable(t.confidence for t in tagged), np.float32)
    out = with_token_layer(batch, "lang", codes, names)
    main = [_matrix(t.labels) for t in tagged]
    mean = [f"{np.mean(t.confidence):.3f}" if m else None for t, m in zip(tagged, main)]
    return with_labels(with_labels(out, "lang", main), "lang_confidence", mean), sure


def _embedded(
    batch: pa.RecordBatch, tagger: EmbeddedTagger, languages: Sequence[str] | None
) -> tuple[pa.RecordBatch, Floats]:
    """The same by columns, without a Python object a word; rows that are read together inform each other."""
    rows = words_of(batch)
    expected = None
    if len(rows) >= TOGETHER:
        some = rows[:: max(1, len(rows) // ENOUGH)]
        expected = tagger.expectation(tagger.decode(*_flat(some), languages))
    done = tagger.decode(*_flat(rows), languages, expected=expected)
    used, codes = np.unique(done.code, return_inverse=True)
    out = with_token_layer(batch, "lang", codes.astype(np.int32), [tagger.label(int(code)) for code in used])
    main = [tagger.languages[i] if i >= 0 else None for i in done.main.tolist()]
    sure = [f"{c:.3f}" if m else None for c, m in zip(done.certainty.tolist(), main)]
    return with_labels(with_labels(out, "lang", main), "lang_confidence", sure), done.confidence


def _flat(rows: list[list[str]]) -> tuple[list[str], NDArray[np.int64]]:
    """The words of all rows, and where each row begins."""
    offsets = np.cumsum([0, *map(len, rows)], dtype=np.int64)
    return list(chain.from_iterable(rows)), offsets


def _matrix(labels: Sequence[str]) -> str | None:
    """The language of most words; of equals the one that comes first."""
    spoken = [label for label in labels if is_language(label)]
    return Counter(spoken).most_common(1)[0][0] if spoken else None


def words_of(batch: pa.RecordBatch) -> list[list[str]]:
    """The words of every row."""
    starts, ends = (column.tolist() for column in token_spans(batch))
    bounds = token_offsets(batch).tolist()
    texts = batch.column("text").to_pylist()
    return [[text[s:e] for s, e in zip(starts[a:b], ends[a:b])] for text, a, b in zip(texts, bounds[:-1], bounds[1:])]


def has_languages(batch: pa.RecordBatch) -> bool:
    """Whether any token of the batch has a language label."""
    if "token.lang" not in batch.schema.names:
        return False
    codes, _, _ = token_layer(batch, "lang")
    return bool((codes >= 0).any())


def sentences(batch: pa.RecordBatch) -> list[dict[str, Any]]:
    """What each row as a whole is in: its language, how sure that is, and the share of each language's words.

    Args:
        batch: rows that `annotate` gave.

    Returns:
        `lang` (None without any language word), `confidence` in [0, 1], `languages`: tag -> share, largest first.
    """
    codes, names, offsets = token_layer(batch, "lang")
    spoken = [is_language(name) for name in names]
    rows = []
    for a, b, lang, sure in zip(
        offsets[:-1].tolist(), offsets[1:].tolist(), label_column(batch, "lang"), label_column(batch, "lang_confidence")
    ):
        counts = Counter(names[c] for c in codes[a:b].tolist() if c >= 0 and spoken[c])
        total = counts.total()
        shares = {name: round(n / total, 4) for name, n in counts.most_common()}
        rows.append({"lang": lang, "confidence": float(sure or 0), "languages": shares})
    return rows
