"""From rows as they were read to rows with languages, by the name of a tagger, so that any process can do it."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from macaronic.identify import named
from macaronic.identify.annotate import Floats, annotate, has_languages
from macaronic.text import words
from macaronic.text.presplit import split_at_spaces


@dataclass(frozen=True, slots=True)
class Labelling:
    """How rows get their languages.

    Args:
        model: what `named.tagger_named` takes; the shipped tagger when left out.
        languages: the languages that may occur; found when left out.
        presplit: whether the words are what stands between single spaces.

    >>> from macaronic.core.corpus import from_batch, to_batch
    >>> from macaronic.core.utterance import Utterance
    >>> batch, confidence = Labelling()(to_batch([Utterance("Guten Morgen")]))
    >>> next(from_batch(batch)).langs, len(confidence)
    (('de', 'de'), 2)
    """

    model: str | None = None
    languages: tuple[str, ...] | None = None
    presplit: bool = False

    def __call__(self, batch: pa.RecordBatch) -> tuple[pa.RecordBatch, Floats]:
        """The batch cut into words and labelled, and the confidence of each word, flat, in [0, 1]."""
        cut = split_at_spaces(batch) if self.presplit else words.annotate(batch)
        return annotate(cut, named.tagger_named(self.model), self.languages)

    def where_missing(self, batch: pa.RecordBatch) -> tuple[pa.RecordBatch, bool]:
        """The batch with languages, as they stand there unless a model is named, and whether it had none."""
        bare = not has_languages(batch)
        return (self(batch)[0] if bare or self.model is not None else batch), bare
