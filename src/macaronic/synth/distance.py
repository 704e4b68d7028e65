"""Distances between two samples of one quantity, with intervals from resampled sentences."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_CELLS = 4_000_000
"""Numbers held at a time while resampling."""


def wasserstein(a: Floats, b: Floats, *, rng: np.random.Generator, samples: int = 1000) -> tuple[float, Floats]:
    """How far one distribution must be moved to become the other, in the unit of the values (order 1).

    Args:
        a, b: one value a sentence, at least one each.
        rng: where resampling gets its randomness from.
        samples: resamples of the sentences of both.

    Returns:
        the distance, and that of each resample, (samples,).

    >>> wasserstein(np.array([0.0, 1.0]), np.array([5.0, 6.0]), rng=np.random.default_rng(1), samples=0)[0]
    5.0
    """
    values = np.concatenate([a, b])
    order = np.argsort(values, kind="stable")
    gaps = np.diff(values[order])
    ours = order < len(a)

    def apart(left: Floats, right: Floats) -> Floats:
        weight = np.zeros((len(left), len(values)))
        weight[:, ours], weight[:, ~ours] = left[:, order[ours]], -right[:, order[~ours] - len(a)]
        distance: Floats = np.abs(np.cumsum(weight, axis=1)[:, :-1]) @ gaps
        return distance

    point = apart(np.full((1, len(a)), 1 / len(a)), np.full((1, len(b)), 1 / len(b)))
    step = max(1, _CELLS // len(values))
    drawn = [
        apart(_shares(len(a), rng, min(step, samples - at)), _shares(len(b), rng, min(step, samples - at)))
        for at in range(0, samples, step)
    ]
    return float(point[0].round(12)), np.concatenate([np.zeros(0), *drawn])


def _shares(n: int, rng: np.random.Generator, samples: int) -> Floats:
    """The weight of each sentence in resamples with replacement, (samples, n)."""
    drawn = rng.integers(0, n, (samples, n))
    cells = drawn + n * np.arange(samples)[:, None]
    return np.bincount(cells.ravel(), minlength=samples * n).reshape(samples, n) / n


def jensen_shannon(p: Floats, q: Floats) -> Floats:
    """The Jensen-Shannon distance (square root, base 2) of counts: 0 for the same shares, 1 for nothing in common.

    Args:
        p, q: counts, shape (..., classes).

    Returns:
        shape (...); NaN where either has no count.

    Source: Lin 1991; Endres & Schindelin 2003.

    >>> jensen_shannon(np.array([[1.0, 1.0], [1.0, 0.0]]), np.array([[2.0, 2.0], [0.0, 1.0]])).tolist()
    [0.0, 1.0]
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        p, q = (x / x.sum(axis=-1, keepdims=True) for x in (p, q))
        middle = (p + q) / 2
        apart = sum(np.where(x > 0, x * np.log2(x / middle), 0.0).sum(axis=-1) for x in (p, q))
        return np.where(np.isnan(p.sum(axis=-1) + q.sum(axis=-1)), np.nan, np.sqrt(np.maximum(apart / 2, 0)))


def resampled_counts(counts: Floats, *, rng: np.random.Generator, samples: int) -> Floats:
    """Column sums of resamples of the sentences, (samples, ...).

    Args:
        counts: counts of each sentence, (n, ...).
    """
    flat = counts.reshape(len(counts), -1).astype(np.float64)
    step = max(1, _CELLS // max(len(flat), 1))
    parts = [_shares(len(flat), rng, min(step, samples - at)) @ flat for at in range(0, samples, step)]
    return len(flat) * np.concatenate([np.zeros((0, flat.shape[1])), *parts]).reshape(-1, *counts.shape[1:])


def centred(point: float, drawn: Floats, level: float = 0.95) -> tuple[float, float] | None:
    """The interval of a distance from its resamples, moved so that their mean is the point.

    Resamples of two samples lie further apart than the samples do; moving them takes that out. Never below 0.

    >>> low, high = centred(1.0, np.array([1.0, 2.0, 3.0]))
    >>> round(low, 2), round(high, 2)
    (0.05, 1.95)
    """
    drawn = drawn[np.isfinite(drawn)]
    if len(drawn) < 2:
        return None
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2]) - drawn.mean() + point
    return max(0.0, float(low)), float(high)
