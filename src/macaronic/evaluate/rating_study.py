"""Do automatic metrics say what people say? Correlations of metrics with ratings, with intervals."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from macaronic.core.result import Result

Floats = NDArray[np.float64]


def correlations(
    metrics: Mapping[str, Sequence[float]],
    ratings: Sequence[float],
    *,
    signature: str,
    samples: int = 1000,
    seed: int = 0,
) -> list[Result]:
    """Pearson, Spearman and Kendall (tau-b) of each metric with the ratings.

    Args:
        metrics: name -> a value an item, shape (n,).
        ratings: what people gave, shape (n,).
        signature: of the results.
        samples: resamples of items; 0 for no intervals.
        seed: of the resamples.

    Returns:
        a result a metric and kind of correlation; not defined where either does not vary.

    Source: S028 (metrics beside ratings of generated Hinglish).

    >>> found = correlations({"m": [1.0, 2.0, 3.0]}, [2.0, 4.0, 6.0], signature="x", samples=0)
    >>> [(r.level, r.value) for r in found]
    [('pearson', 1.0), ('spearman', 1.0), ('kendall', 1.0)]
    """
    wanted = np.asarray(ratings, np.float64)
    rng = np.random.default_rng(seed)
    drawn = rng.integers(0, len(wanted), (samples, len(wanted))) if samples and len(wanted) > 2 else None
    out = []
    for name, values in metrics.items():
        held = np.asarray(values, np.float64)
        for kind, measure in _KINDS.items():
            value = measure(held, wanted)
            low = high = None
            if drawn is not None and value is not None:
                found = [v for rows in drawn if (v := measure(held[rows], wanted[rows])) is not None]
                low, high = (float(x) for x in np.quantile(found, [0.025, 0.975])) if found else (None, None)
            out.append(Result(name, kind, value, low, high, len(wanted), "correlation", signature))
    return out


def _pearson(a: Floats, b: Floats) -> float | None:
    if len(a) < 2 or np.ptp(a) == 0 or np.ptp(b) == 0:
        return None
    return round(float(np.corrcoef(a, b)[0, 1]), 12)


def _spearman(a: Floats, b: Floats) -> float | None:
    from scipy.stats import rankdata

    return _pearson(rankdata(a), rankdata(b))


def _kendall(a: Floats, b: Floats) -> float | None:
    from scipy.stats import kendalltau

    if len(a) < 2 or np.ptp(a) == 0 or np.ptp(b) == 0:
        return None
    return round(float(kendalltau(a, b).statistic), 12)


_KINDS: Mapping[str, Callable[[Floats, Floats], float | None]] = {
    "pearson": _pearson,
    "spearman": _spearman,
    "kendall": _kendall,
}
