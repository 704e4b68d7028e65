"""The aligner: IBM-1, then a hidden Markov model, in both directions at once.

Both directions share one table of expected counts, to which a pair of words adds the product of its two posteriors, so
that the directions learn to agree (Liang, Taskar & Klein 2006). Counts become probabilities as the mean field of a
Dirichlet prior (Riley & Gildea 2012), whose pseudo-counts come from spelling, a dictionary and the stems.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from macaronic.synth.align import hmm, ibm
from macaronic.synth.align.grid import Block, Cells
from macaronic.synth.align.priors import FLAT, STEMMED, Prior
from macaronic.synth.align.types import Floats, Ints, Types

Progress = Callable[[float], None]
Jumps = tuple[NDArray[np.float64], NDArray[np.float64]]

AGREE = 0.7
"""What a link adds to the counts: the product of its posteriors in the two directions to this power."""

_FLAT_JUMPS = 0.1


@dataclass(frozen=True, slots=True)
class Tables:
    """Translation probabilities of the cells: of the second form given the first, and the other way round."""

    second: Floats
    first: Floats


def first_counts(cells: Cells, first: Types, second: Types) -> Floats:
    """A guess before training: pairs that stand together as often as either of them stands at all."""
    most = np.maximum(first.counts[cells.first], second.counts[cells.second])
    return (cells.together * np.minimum(1, cells.together / np.maximum(1, most))).astype(np.float32)


def tables(counts: Floats, cells: Cells, prior: Prior) -> Tables:
    """Probabilities out of expected counts and pseudo-counts."""
    pairs = np.bincount(prior.stems, counts, minlength=len(prior.stem_first))
    own, other = np.bincount(prior.stem_first, pairs), np.bincount(prior.stem_second, pairs)
    second = (pairs / np.maximum(own[prior.stem_first], 1e-9)).astype(np.float32)[prior.stems] * prior.shares[1]
    first = (pairs / np.maximum(other[prior.stem_second], 1e-9)).astype(np.float32)[prior.stems] * prior.shares[0]
    known = counts + prior.fixed
    return Tables(_drawn(known + STEMMED * second, cells.first), _drawn(known + STEMMED * first, cells.second))


def _drawn(counts: Floats, given: Ints) -> Floats:
    total = np.bincount(given[1:], counts[1:], minlength=1)
    drawn = _geometric(counts) / _geometric(np.maximum(total, FLAT)).astype(np.float32)[given]
    drawn[0] = 0
    return drawn


def _geometric(x: NDArray[np.floating]) -> NDArray[np.floating]:
    """exp(digamma(x)), to four digits: the recurrence twice, then the asymptotic series."""
    y = x + 2
    return np.asarray(y * np.exp(-0.5 / y - 1 / (12 * y * y) - 1 / np.maximum(x, 1e-3) - 1 / (x + 1)))


def trained(
    blocks: Sequence[Block],
    cells: Cells,
    prior: Prior,
    first: Types,
    second: Types,
    *,
    ibm_rounds: int = 2,
    hmm_rounds: int = 2,
    progress: Progress | None = None,
) -> tuple[Floats, Jumps]:
    """Expected counts of the cells and the jumps of both directions, learnt from the blocks."""
    counts, jumps = first_counts(cells, first, second), (hmm.first_jumps(), hmm.first_jumps())
    for turn in range(ibm_rounds + hmm_rounds):
        known = tables(counts, cells, prior)
        total = np.zeros(len(counts))
        moved = np.zeros(hmm.first_jumps().shape), np.zeros(hmm.first_jumps().shape)
        for block in blocks:
            if turn < ibm_rounds:
                forward, backward = _by_ibm(block, known, first, second)
            else:
                forward, backward, seen = _by_hmm(block, known, first, second, jumps)
                moved[0][:] += seen[0]
                moved[1][:] += seen[1]
            np.add.at(total, block.cells.ravel(), _agreed(forward, backward))
        total[0] = 0
        counts = total.astype(np.float32)
        if turn >= ibm_rounds:
            jumps = _smoothed(moved[0]), _smoothed(moved[1])
        if progress:
            progress((turn + 1) / (ibm_rounds + hmm_rounds))
    return counts, jumps


def found(
    blocks: Sequence[Block], known: Tables, first: Types, second: Types, jumps: Jumps
) -> Iterator[tuple[Block, Floats, Floats]]:
    """Each block with the posteriors of its word pairs, both ways, each (B, n, m)."""
    for block in blocks:
        forward, backward, _ = _by_hmm(block, known, first, second, jumps)
        yield block, forward, backward


def _agreed(forward: Floats, backward: Floats) -> NDArray[np.float64]:
    return ((forward * backward) ** np.float32(AGREE)).ravel().astype(np.float64)


def _smoothed(moved: NDArray[np.float64]) -> NDArray[np.float64]:
    share = moved / max(moved.sum(), 1e-9) + _FLAT_JUMPS / len(moved)
    return np.asarray(share / share.sum())


def _null(words: Ints, types: Types, padding: float) -> Floats:
    """The probability of each word from nowhere: its share in the text."""
    return np.where(words >= 0, types.unigrams[words], np.float32(padding))


def _by_ibm(block: Block, known: Tables, first: Types, second: Types) -> tuple[Floats, Floats]:
    a, b = block.words
    forward = ibm.posteriors(known.second[block.cells], _null(b, second, 1), block.lengths[0])
    turned = known.first[block.cells].transpose(0, 2, 1)
    backward = ibm.posteriors(turned, _null(a, first, 1), block.lengths[1])
    return forward, backward.transpose(0, 2, 1)


def _by_hmm(
    block: Block, known: Tables, first: Types, second: Types, jumps: Jumps
) -> tuple[Floats, Floats, tuple[NDArray[np.float64], NDArray[np.float64]]]:
    a, b = block.words
    made = np.ascontiguousarray(known.second[block.cells].transpose(2, 0, 1))
    forward, ahead = hmm.posteriors(made, _null(b, second, 1 / ibm.NULL).T, block.lengths[0], jumps[0])
    made = np.ascontiguousarray(known.first[block.cells].transpose(1, 0, 2))
    backward, behind = hmm.posteriors(made, _null(a, first, 1 / ibm.NULL).T, block.lengths[1], jumps[1])
    return forward.transpose(1, 2, 0), backward.transpose(1, 0, 2), (ahead, behind)
