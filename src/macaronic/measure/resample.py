"""Resampling a corpus by the weights of its blocks: one small matrix product gives the sums of many resamples."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from macaronic.measure.counts import Counts
from macaronic.measure.pooled import Sums
from macaronic.measure.values import Floats

Weights = Callable[[int], Floats]
"""Draws weights for that many resamples, shape (B, m)."""

_CHUNK = 128


def sums(counts: Counts, *, k: int) -> Sums:
    """The sums over the corpus itself, B = 1."""
    return _weighted(counts, _table(counts), np.ones((1, len(counts.starts))), k)


def resampled(counts: Counts, *, k: int, draw: Weights, samples: int) -> Sums:
    """The sums over resamples of the corpus.

    Args:
        counts: a corpus of m blocks.
        k: languages for the M-index.
        draw: gives weights, such as those of `bootstrap`.
        samples: how many resamples B.
    """
    table = _table(counts)
    parts = [_weighted(counts, table, draw(size), k) for size in _chunks(samples)]
    columns = {name: np.concatenate([part.columns[name] for part in parts]) for name in counts.columns}
    return Sums(columns, np.concatenate([part.lengths for part in parts]), k)


def bootstrap(blocks: int, rng: np.random.Generator) -> Weights:
    """Weights that draw `blocks` blocks with replacement: how often each was drawn.

    >>> bootstrap(3, np.random.default_rng(0))(2).sum(axis=1).tolist()
    [3.0, 3.0]
    """

    def draw(size: int) -> Floats:
        drawn = rng.integers(0, blocks, (size, blocks)) + blocks * np.arange(size)[:, None]
        return np.bincount(drawn.ravel(), minlength=size * blocks).reshape(size, blocks).astype(np.float64)

    return draw


def ends(drawn: Floats, *, level: float = 0.95) -> tuple[float | None, float | None]:
    """The percentile interval of resampled values; (None, None) where fewer than half of them are defined.

    >>> low, high = ends(np.arange(101.0), level=0.9)
    >>> round(low, 6), round(high, 6)
    (5.0, 95.0)
    """
    defined = drawn[np.isfinite(drawn)]
    if not len(defined) or 2 * len(defined) < len(drawn):
        return None, None
    low, high = np.quantile(defined, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def _chunks(samples: int) -> Iterator[int]:
    for at in range(0, samples, _CHUNK):
        yield min(_CHUNK, samples - at)


def _table(counts: Counts) -> tuple[Floats, Any]:
    from scipy.sparse import csr_array

    columns = list(counts.columns.values())
    dense = np.stack(columns, axis=1) if columns else np.zeros((len(counts.starts), 0))
    cells = counts.lengths
    lengths, column = np.unique(cells.key, return_inverse=True)
    values = cells.n.astype(np.float64)
    return dense, csr_array((values, (cells.row, column)), shape=(len(counts.starts), len(lengths)))


def _weighted(counts: Counts, table: tuple[Floats, Any], weights: Floats, k: int) -> Sums:
    dense, lengths = table
    columns = dict(zip(counts.columns, (weights @ dense).T, strict=True))
    return Sums(columns, np.asarray((lengths.T @ weights.T).T), k)
