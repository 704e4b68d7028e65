"""Held-out text under the model of each source: what MixMin takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from macaronic.core.errors import UnknownName
from macaronic.mix.ngram_lm import RESERVED, learn, log_probabilities
from macaronic.mix.texts import Part, Texts, draw

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Per = Literal["document", "word"]
PER: tuple[Per, ...] = ("document", "word")


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """Pieces of held-out text under each model.

    Args:
        log_chances: nats of each piece given what stands before it, shape (pieces, sources).
        lengths: symbols of each piece, with the end of a document, shape (pieces,).
        document: the number of each piece's document, shape (pieces,).
        target: the number of each piece's target, shape (pieces,).
    """

    log_chances: Floats
    lengths: Floats
    document: Ints
    target: Ints

    @property
    def even(self) -> Floats:
        """Weights under which every target counts alike, and every symbol of one target, shape (pieces,)."""
        total = np.bincount(self.target, weights=self.lengths)
        return self.lengths / total[self.target]


def score(texts: Texts, *, order: int = 5, budget: int | None = None, per: Per = "document", seed: int = 0) -> Scored:
    """Learn one model a source, and score every held-out piece with each.

    Args:
        texts: what there is.
        order: the longest n-gram.
        budget: symbols that every model learns from, so that the sources are alike; as many as the smallest source
            has when left out.
        per: whether a piece is a whole document, or a word with the space behind it (each word given those before it
            in its document), which suits targets that mix languages inside a document.
        seed: which of a source's documents are learnt from.

    Raises:
        UnknownName: no such piece.
    """
    if per not in PER:
        raise UnknownName("piece", per, PER)
    alike = budget or min(len(part.symbols) for part in texts.train.values())
    first = [_starts(part, texts, per) for part in texts.held.values()]
    columns = []
    for name in texts.names:
        part = draw(texts, {name: 1.0}, alike, seed=seed)
        model = learn(part.symbols, part.offsets, vocabulary=texts.size, order=order)
        chances = [log_probabilities(model, held.symbols, held.offsets) for held in texts.held.values()]
        columns.append(np.concatenate([np.add.reduceat(c, at) for c, (at, _) in zip(chances, first)]))
    ends = [len(held.symbols) + held.documents for held in texts.held.values()]
    lengths = np.concatenate([np.diff(at, append=end) for (at, _), end in zip(first, ends)]).astype(np.float64)
    before = np.cumsum([0, *(held.documents for held in texts.held.values())])
    document = np.concatenate([own + shift for (_, own), shift in zip(first, before)])
    target = np.repeat(np.arange(len(first)), [len(at) for at, _ in first])
    return Scored(np.column_stack(columns), lengths, document, target)


def _starts(part: Part, texts: Texts, per: Per) -> tuple[Ints, Ints]:
    """Where each piece begins among the events (symbols and ends), and its document."""
    heads = part.offsets[:-1] + np.arange(part.documents)
    if per == "document":
        return heads, np.arange(part.documents)
    document = np.repeat(np.arange(part.documents), np.diff(part.offsets))
    if texts.unit == "words":
        after = np.arange(len(part.symbols)) + 1
    else:
        space = texts.vocabulary.index(" ") + RESERVED if " " in texts.vocabulary else -1
        after = np.flatnonzero(part.symbols == space) + 1
    inside = document[after - 1]
    starts = np.unique(np.concatenate([heads, after + inside]))
    return starts, np.searchsorted(heads, starts, side="right") - 1
