"""Are paired differences more than chance: sign flips, and Holm's correction when many are looked at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

WHOLE = 14  # up to so many pairs all flips are tried
FLIPS = 10_000
_BLOCK = 1 << 22


def sign_flip(gaps: Floats, *, rng: np.random.Generator, flips: int = FLIPS) -> float:
    """Two-sided p of the mean of paired differences: how often flipped signs give a mean at least as far from 0.

    Up to 14 differences that are not 0 every flip is tried, so that p is exact; above, flips are drawn and the seen one
    is counted too. Memory does not grow with the number of pairs.

    Args:
        gaps: a difference a pair, finite, shape (n,).
        rng: the flips, where they are drawn.
        flips: how many are drawn.

    Returns:
        p in (0, 1]; 1 without pairs. With n pairs it cannot be below 2 / 2^n.

    Source: Fisher 1935, the randomisation test of paired differences.

    >>> sign_flip(np.array([1.0, 2.0, 1.5, 0.5]), rng=np.random.default_rng(0))
    0.125
    """
    gaps = gaps[gaps != 0]
    n = len(gaps)
    if not n:
        return 1.0
    seen = abs(float(gaps.sum())) * (1 - 1e-12)
    if n <= WHOLE:
        signs = 1 - 2 * ((np.arange(2**n)[:, None] >> np.arange(n)) & 1)
        return float(np.mean(np.abs(signs @ gaps) >= seen))
    reached = sum(int(np.count_nonzero(np.abs(sums) >= seen)) for sums in _flipped(gaps, rng, flips))
    return (1 + reached) / (1 + flips)


def _flipped(gaps: Floats, rng: np.random.Generator, flips: int) -> Iterator[Floats]:
    """Sums under drawn signs, some flips at a time; of equal sizes it is drawn how many are positive."""
    sizes, counts = np.unique(np.abs(gaps), return_counts=True)
    alike = 2 * len(sizes) <= len(gaps)
    rows = max(1, _BLOCK // (len(sizes) if alike else len(gaps)))
    for at in range(0, flips, rows):
        some = min(rows, flips - at)
        if alike:
            yield (2.0 * rng.binomial(counts, 0.5, (some, len(sizes))) - counts) @ sizes
        else:
            yield (2.0 * rng.integers(0, 2, (some, len(gaps))) - 1) @ gaps


def holm(ps: Sequence[float]) -> list[float]:
    """Holm's step-down correction: what each p is worth when as many were looked at.

    Source: Holm 1979.

    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    out, worst = [1.0] * len(ps), 0.0
    for rank, i in enumerate(sorted(range(len(ps)), key=lambda i: ps[i])):
        worst = max(worst, min(1.0, (len(ps) - rank) * ps[i]))
        out[i] = round(worst, 12)
    return out
