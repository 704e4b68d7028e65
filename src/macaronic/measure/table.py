"""Every measure of every sentence, as columns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from macaronic.core.languages import parse
from macaronic.measure.names import check_names
from macaronic.measure.sentences import Sentences, summarise
from macaronic.measure.symcom import Pair
from macaronic.measure.values import NAMES, sentence_values
from macaronic.measure.words import language_words


def sentence_table(
    batch: pa.RecordBatch,
    *,
    languages: Sequence[str] | None = None,
    names: Sequence[str] | None = None,
    k: int | None = None,
    pair: Pair | None = None,
    pos_layer: str = "pos",
) -> pa.RecordBatch:
    """One row a sentence, one column a measure.

    A row depends on its own sentence alone, whatever else is in the batch.

    Args:
        batch: rows with a token layer `lang`.
        languages: the languages that count, all when left out; the first two are the pair when `pair` is left out.
        names: which measures; all when left out.
        k: languages for the M-index; those present in each sentence when left out.
        pair: the two languages that SyMCoM compares; without one `symcom` is null.
        pos_layer: the layer of part-of-speech tags.

    Returns:
        Columns `id`, `tokens` (all), `words` (those with a language), `matrix_language`, then the measures in the order
        of `measure.values.NAMES`; null where a measure is not defined.

    Raises:
        UnknownName: a measure or language that does not exist.
        UsageError: the batch has no layer `lang`.

    >>> from macaronic.core.corpus import to_batch
    >>> from macaronic.core.utterance import Utterance
    >>> rows = [Utterance.from_words("so chalo".split(), layers={"lang": ["en", "hi-Latn"]}), Utterance("...")]
    >>> sentence_table(to_batch(rows), names=["cmi", "i_index"]).to_pylist()[1]
    {'id': '', 'tokens': 0, 'words': 0, 'matrix_language': None, 'cmi': 0.0, 'i_index': None}
    """
    check_names(names, ())
    tags = [parse(tag) for tag in languages] if languages is not None else None
    if pair is None and tags is not None and len(tags) > 1:
        pair = (tags[0], tags[1])
    s = summarise(language_words(batch, languages=tags, pos_layer=pos_layer, pair=pair))
    columns: dict[str, pa.Array] = {
        "id": batch.column("id"),
        "tokens": pa.array(s.tokens),
        "words": pa.array(s.words),
        "matrix_language": matrix_column(s),
    }
    values = sentence_values(s, k=k)
    for name in NAMES:
        if names is None or name in names:
            undefined = np.isnan(values[name])
            whole = values[name].astype(np.int64) if name == "switch_count" else values[name]
            columns[name] = pa.array(whole, mask=undefined)
    return pa.RecordBatch.from_pydict(columns)


def matrix_column(sentences: Sentences) -> pa.Array:
    """The main language of each sentence, null without one (see `measure.matrix.matrix_language`)."""
    codes = pa.array(sentences.matrix.astype(np.int32), mask=sentences.matrix < 0)
    return pa.DictionaryArray.from_arrays(codes, pa.array(sentences.languages, pa.string())).cast(pa.string())
