"""Percentile bootstrap intervals, for means and for ratios of sums."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def interval(
    values: Floats,
    *,
    rng: np.random.Generator,
    statistic: Callable[[Floats], Floats] | None = None,
    samples: int = 1000,
    level: float = 0.95,
) -> tuple[float, float] | None:
    """The percentile bootstrap interval of a statistic of independent values (their mean when left out).

    Args:
        values: shape (n,); NaN entries are left out.
        rng: where the randomness comes from.
        statistic: maps resamples (B, n) to (B,).
        samples: how many resamples.
        level: how much of the distribution lies inside, in (0, 1).

    Returns:
        (low, high), or None with fewer than two values.

    Source: Efron 1979, percentile method.

    >>> low, high = interval(np.array([1.0, 2.0, 3.0, 4.0]), rng=np.random.default_rng(1))
    >>> 1.0 <= low < 2.5 < high <= 4.0
    True
    """
    values = values[~np.isnan(values)]
    if len(values) < 2 or samples < 1:
        return None
    if statistic is None:
        weights = np.ones((len(values), 2))
        weights[:, 0] = values
        return ratio_interval(weights, lambda sums: sums[:, 0] / sums[:, 1], rng=rng, samples=samples, level=level)
    drawn = np.concatenate([statistic(values[rng.integers(0, len(values), (1, len(values)))]) for _ in range(samples)])
    return _ends(drawn, level)


def ratio_interval(
    columns: Floats,
    statistic: Callable[[Floats], Floats],
    *,
    rng: np.random.Generator,
    samples: int = 1000,
    level: float = 0.95,
) -> tuple[float, float] | None:
    """The bootstrap interval of a function of column sums, such as a ratio of counts.

    Sentences are resampled with replacement; only their counts are needed, so a resample is one small product.

    Args:
        columns: additive counts a sentence, shape (n, k).
        statistic: maps resampled sums (B, k) to values (B,); NaN where not defined.
        rng: where the randomness comes from.
        samples: how many resamples.
        level: how much of the distribution lies inside, in (0, 1).

    Returns:
        (low, high), or None with fewer than two sentences or when nothing is defined.

    >>> counts = np.array([[1.0, 2.0], [2.0, 2.0], [0.0, 2.0]])
    >>> ratio_interval(counts, lambda s: s[:, 0] / s[:, 1], rng=np.random.default_rng(0)) is not None
    True
    """
    if len(columns) < 2 or samples < 1:
        return None
    with np.errstate(divide="ignore", invalid="ignore"):
        return _ends(statistic(resampled_sums(columns, rng=rng, samples=samples)), level)


def resampled_sums(columns: Floats, *, rng: np.random.Generator, samples: int) -> Floats:
    """Column sums of `samples` resamples of the rows, shape (samples, k).

    >>> resampled_sums(np.ones((5, 1)), rng=np.random.default_rng(0), samples=2).ravel().tolist()
    [5.0, 5.0]
    """
    n = len(columns)
    sums = np.empty((samples, columns.shape[1]))
    for b in range(samples):
        sums[b] = np.bincount(rng.integers(0, n, n), minlength=n) @ columns
    return sums


def _ends(drawn: Floats, level: float) -> tuple[float, float] | None:
    drawn = drawn[~np.isnan(drawn)]
    if not len(drawn):
        return None
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
