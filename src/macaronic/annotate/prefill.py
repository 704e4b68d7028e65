"""Languages proposed for every word by the tagger, so that people only put right what is wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

import pyarrow as pa

from macaronic.annotate.items import Proposal
from macaronic.annotate.layers import LANGUAGE, MATRIX
from macaronic.core.columns import label_column, token_layer
from macaronic.core.corpus import Corpus
from macaronic.core.languages import is_language
from macaronic.identify.annotate import annotate
from macaronic.identify.named import tagger_named
from macaronic.text import words

SAMPLE_ROWS = 2000
SHARE = 0.02
"""A language that so many of a sample's words are in is one of the project's."""


def found_languages(corpus: Corpus, model: str | None = None) -> list[str]:
    """The languages of a corpus: those of its own word labels, or those that the tagger finds in the first rows.

    Args:
        corpus: any.
        model: a tagger's name; the shipped one when left out.

    >>> from macaronic.core.utterance import Utterance
    >>> found_languages(Corpus.from_utterances([Utterance("Guten Morgen, wie geht es dir heute?")]))
    ['de']
    """
    own = Counter(label for u in corpus.utterances() for label in u.langs if label is not None)
    if own:
        return [label for label, _ in own.most_common() if is_language(label)]
    counts: Counter[str] = Counter()
    seen = 0
    for batch in corpus.batches():
        part = words.annotate(batch.slice(0, SAMPLE_ROWS - seen))
        codes, names, _ = token_layer(annotate(part, tagger_named(model))[0], LANGUAGE)
        counts.update(names[code] for code in codes.tolist() if code >= 0 and is_language(names[code]))
        seen += part.num_rows
        if seen >= SAMPLE_ROWS:
            break
    return [name for name, n in counts.most_common() if n >= SHARE * counts.total()]


def proposals(
    batch: pa.RecordBatch, languages: Sequence[str] | None, allowed: Sequence[str], model: str | None = None
) -> Iterator[dict[str, Proposal]]:
    """What the tagger proposes for each row of a batch.

    Args:
        batch: rows with tokens.
        languages: those that may occur; found for each sentence when left out.
        allowed: the labels of the project; another label is not proposed.
        model: a tagger's name; the shipped one when left out.

    Returns:
        For each row the layers `lang` (with confidences) and `matrix`.
    """
    labelled, sure = annotate(batch, tagger_named(model), languages)
    codes, names, offsets = token_layer(labelled, LANGUAGE)
    known = set(allowed)
    shown = [name if name in known else None for name in names]
    flat = ((shown[code] if code >= 0 else None, round(s, 3)) for code, s in zip(codes.tolist(), sure.tolist()))
    for length, matrix in zip((offsets[1:] - offsets[:-1]).tolist(), label_column(labelled, "lang")):
        pairs = list(islice(flat, length))
        one = {LANGUAGE: Proposal(tuple(label for label, _ in pairs), tuple(s for _, s in pairs))}
        yield {**one, MATRIX: Proposal((matrix,))} if matrix in known else one
