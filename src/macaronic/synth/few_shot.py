"""Few-shot examples out of annotators' rankings.

Source: S099, first stage: annotators rank candidate translations, the best go into the prompt.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from macaronic.core.errors import FormatError, UsageError
from macaronic.core.protocols import Embedder

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ranked:
    """One text, candidate translations of it, and how annotators ranked them.

    Args:
        source: the text.
        candidates: its translations.
        rankings: one an annotator: positions in `candidates`, best first; those left out share the last place.

    Raises:
        FormatError: a ranking names a candidate twice or one that is not there.
    """

    source: str
    candidates: tuple[str, ...]
    rankings: tuple[tuple[int, ...], ...]

    def __post_init__(self) -> None:
        for ranking in self.rankings:
            if len(set(ranking)) < len(ranking) or not set(ranking) <= set(range(len(self.candidates))):
                raise FormatError(
                    f"expected a ranking of candidates 0 to {len(self.candidates) - 1}, each once, got {ranking} "
                    f"for {self.source[:40]!r}"
                )


@dataclass(frozen=True, slots=True)
class Example:
    """A pair for a prompt, with what spoke for it.

    Args:
        source: the text.
        target: the translation that was ranked best.
        points: the share of the other candidates that it beat, mean over annotators, in [0, 1].
        agreement: Kendall's W of the annotators, in [0, 1]; None where one alone ranked.
    """

    source: str
    target: str
    points: float
    agreement: float | None = None


def ranks(item: Ranked) -> Floats:
    """The place of each candidate with each annotator, from 1; unranked ones share the mean of the places left.

    Returns:
        shape (annotators, candidates).

    >>> ranks(Ranked("t", ("a", "b", "c"), ((2, 0, 1), (1,)))).tolist()
    [[2.0, 3.0, 1.0], [2.5, 1.0, 2.5]]
    """
    n = len(item.candidates)
    places = np.empty((len(item.rankings), n))
    for row, ranking in zip(places, item.rankings):
        row[:] = (len(ranking) + 1 + n) / 2
        row[list(ranking)] = np.arange(1, len(ranking) + 1)
    return places


def points(item: Ranked) -> Floats:
    """The Borda score of each candidate: the share of the others that it beats, mean over annotators.

    Source: Borda 1781; S099 leaves the way of counting open.

    >>> points(Ranked("t", ("a", "b", "c"), ((2, 0, 1), (2, 1, 0)))).tolist()
    [0.25, 0.25, 1.0]
    """
    n = len(item.candidates)
    if not item.rankings or n == 1:
        return np.ones(n) if item.rankings else np.zeros(n)
    beaten: Floats = (n - ranks(item).mean(axis=0)) / (n - 1)
    return beaten


def agreement(item: Ranked) -> float | None:
    """Kendall's coefficient of concordance W, corrected for ties; None with fewer than two annotators or candidates.

    Source: Kendall & Smith 1939.

    >>> agreement(Ranked("t", ("a", "b"), ((0, 1), (0, 1)))), agreement(Ranked("t", ("a", "b"), ((0, 1), (1, 0))))
    (1.0, 0.0)
    """
    m, n = len(item.rankings), len(item.candidates)
    if m < 2 or n < 2:
        return None
    sums = ranks(item).sum(axis=0)
    left = [n - len(ranking) for ranking in item.rankings]
    most = m**2 * (n**3 - n) - m * sum(t**3 - t for t in left)
    return float(12 * ((sums - sums.mean()) ** 2).sum() / most) if most else None


def curate(
    items: Sequence[Ranked], k: int, *, embedder: Embedder | None = None, diversity: float = 0.0, least: float = 0.0
) -> list[Example]:
    """The best k examples: of each text the translation that was ranked best, of these the ones that won most clearly.

    Args:
        items: ranked texts; those that nobody ranked are passed over.
        k: how many examples at most.
        embedder: maps the texts to vectors; needed for `diversity`.
        diversity: from 0 (only the ranking counts) to 1 (only unlikeness to the examples chosen before).
        least: the agreement (Kendall's W) that a text needs to be taken.

    Raises:
        UsageError: k below 1, a diversity outside [0, 1] or without an embedder.

    Source: S099; the trade-off is maximal marginal relevance (Carbonell & Goldstein 1998).

    >>> items = [Ranked("lah", ("a", "b"), ((1, 0), (1, 0))), Ranked("sian", ("c", "d"), ((0, 1), (1, 0)))]
    >>> curate(items, 1)
    [Example(source='lah', target='b', points=1.0, agreement=1.0)]
    """
    if k < 1 or not 0 <= diversity <= 1 or (diversity and embedder is None):
        raise UsageError(
            f"expected k >= 1 and a diversity in [0, 1], with an embedder when above 0, got {k}, {diversity}."
        )
    found = [_winner(item) for item in items if item.rankings and item.candidates]
    found = [example for example in found if (1.0 if example.agreement is None else example.agreement) >= least]
    found.sort(key=lambda e: (-e.points, -(0.0 if e.agreement is None else e.agreement)))
    if not diversity or embedder is None or not found:
        return found[:k]
    return _spread(found, k, unit(embedder.embed([e.source for e in found])), diversity)


def _winner(item: Ranked) -> Example:
    scores = points(item)
    best = int(np.argmax(scores))
    return Example(item.source, item.candidates[best], float(scores[best]), agreement(item))


def _spread(found: list[Example], k: int, vectors: Floats, diversity: float) -> list[Example]:
    quality = np.array([example.points for example in found])
    nearest = np.zeros(len(found))
    chosen: list[int] = []
    while len(chosen) < min(k, len(found)):
        worth = (1 - diversity) * quality - diversity * nearest
        worth[chosen] = -np.inf
        chosen.append(int(np.argmax(worth)))
        nearest = np.maximum(nearest, vectors @ vectors[chosen[-1]])
    return [found[i] for i in chosen]


def unit(vectors: NDArray[np.float32]) -> Floats:
    """Vectors of length 1; what has no length or is not finite becomes 0.

    >>> unit(np.array([[3.0, 4.0], [0.0, 0.0]], dtype=np.float32)).round(1).tolist()
    [[0.6, 0.8], [0.0, 0.0]]
    """
    rows = np.nan_to_num(np.asarray(vectors, dtype=np.float64), posinf=0.0, neginf=0.0)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    scaled: Floats = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
    return scaled
