"""The mean of log(count + a) when the count is Poisson: what makes a bigram learner's expected loss exact."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_LARGE = 2000.0  # means from here on by a series
_KNOTS = 500


def expected_log(mean: Floats, added: float) -> tuple[Floats, Floats]:
    """E log(N + added) for N ~ Poisson(mean), and its slope in the mean; both of the shape of `mean`.

    Below a mean of 2,000 the sum over all counts is taken at 500 knots and interpolated by a cubic spline (off by less
    than 1e-7); above, Taylor's series around the mean.

    Args:
        mean: at least 0.
        added: above 0.

    >>> value, slope = expected_log(np.array([0.0, 1e6]), 0.5)
    >>> value.round(4).tolist(), slope.round(3).tolist()
    ([-0.6931, 13.8155], [1.099, 0.0])
    """
    spline = _spline(added)
    at = np.log1p(np.minimum(mean, _LARGE))
    value, slope = spline(at), spline(at, 1) / (1 + np.minimum(mean, _LARGE))
    large = mean > _LARGE
    if large.any():
        value, slope = np.array(value), np.array(slope)
        value[large], slope[large] = _series(mean[large], added)
    return value, slope


def summed(mean: float, added: float) -> float:
    """The same mean by the sum over all counts that matter.

    >>> round(summed(0.0, 2.0), 6)
    0.693147
    """
    from scipy.stats import poisson

    counts = np.arange(int(max(0.0, mean - 12 * mean**0.5 - 12)), int(mean + 12 * mean**0.5 + 40))
    return float(poisson.pmf(counts, mean) @ np.log(counts + added))


def _series(mean: Floats, added: float) -> tuple[Floats, Floats]:
    """Taylor's series with the central moments m, m and 3m^2 + m of a Poisson count."""
    s = mean + added
    value = np.log(s) - mean / (2 * s**2) + mean / (3 * s**3) - (3 * mean**2 + mean) / (4 * s**4)
    slope = 1 / s - 1 / (2 * s**2) + mean / s**3 - 3 * mean / (2 * s**4) + 3 * mean**2 / s**5
    return value, slope


@lru_cache(maxsize=16)
def _spline(added: float) -> Any:
    from scipy.interpolate import CubicSpline

    knots = np.linspace(0, np.log1p(_LARGE), _KNOTS)
    return CubicSpline(knots, [summed(float(np.expm1(x)), added) for x in knots])
