"""Falling curves y = c + b x^-alpha with one exponent for all: losses against training steps, or against model size.

A single curve of three or four points does not tell its exponent from its floor. Many curves of the same kind do
together, so the exponent is shared, while each curve keeps a floor c and a scale b of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from macaronic.core.errors import UsageError

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
LOWEST, HIGHEST = 0.01, 3.0
GRID, PASSES = 20, 4


@dataclass(frozen=True, eq=False)
class PowerLaws:
    """Curves that share an exponent.

    Args:
        exponent: alpha, above 0.
        unit: x is counted in so many; b is the height above the floor there.
        floors: c of each curve, at least 0, shape (g,); NaN for a curve seen at one x only.
        scales: b of each curve, at least 0, shape (g,); 0 for a curve that does not fall, NaN as above.
    """

    exponent: float
    unit: float
    floors: Floats
    scales: Floats

    def predict(self, x: float | Floats, group: Ints | None = None) -> Floats:
        """y of each curve at x, or of the curves `group` at each x.

        >>> PowerLaws(1.0, 1.0, np.array([2.0]), np.array([1.0])).predict(4.0).tolist()
        [2.25]
        """
        at = slice(None) if group is None else group
        fall = (np.asarray(x, dtype=np.float64) / self.unit) ** -self.exponent
        return np.asarray(self.floors[at] + self.scales[at] * fall, dtype=np.float64)

    @property
    def at_edge(self) -> bool:
        """Whether the exponent ran to the end of what is tried: then the points do not show how the curves bend."""
        return not LOWEST * 1.01 < self.exponent < HIGHEST / 1.01


def fit_power_laws(
    x: Floats, y: Floats, group: Ints, *, count: int | None = None, weights: Floats | None = None
) -> PowerLaws:
    """Fit all curves at once: for a given exponent c and b are linear, so only the exponent is searched.

    The exponent minimises the sum over the curves of their root mean squares, not of the squares, so that one curve
    gone wrong does not bend the others.

    Args:
        x: where each point lies, above 0, shape (n,).
        y: its height, at least 0, shape (n,).
        group: which curve it belongs to, from 0, shape (n,).
        count: how many curves there are; as many as `group` names when left out.
        weights: how much each curve counts for the exponent, shape (count,); all alike when left out.

    Returns:
        the curves; those seen at one x only have no floor.

    Raises:
        UsageError: values out of range, or no curve with three or more different x.

    Source: S044, its step and size laws, whose exponents are shared; the way of fitting is ours.

    >>> x, group = np.tile([1.0, 2.0, 4.0], 2), np.repeat([0, 1], 3)
    >>> laws = fit_power_laws(x, np.array([1.0, 2.0])[group] + x**-0.5, group)
    >>> round(laws.exponent, 3), laws.floors.round(3).tolist()
    (0.5, [1.0, 2.0])
    """
    if not (x.shape == y.shape == group.shape) or not len(x):
        raise UsageError(f"expected an x, a y and a curve for each point; got {x.shape}, {y.shape}, {group.shape}")
    if not (np.isfinite(x).all() and np.isfinite(y).all() and (x > 0).all() and (y >= 0).all()):
        raise UsageError("expected finite points with x above 0 and y of at least 0 (did a run diverge?)")
    curves = int(group.max()) + 1 if count is None else count
    seen = np.bincount(np.unique(np.stack([group.astype(np.float64), x]), axis=1)[0].astype(np.intp), minlength=curves)
    if seen.max() < 3:
        raise UsageError(
            f"a power law needs a curve with at least 3 different points; the longest has {seen.max()}.\n"
            "With fewer points the exponent and the floor cannot be told apart; run one more."
        )
    unit = float(x.min())
    bent = (seen > 2).astype(np.float64)  # two points lie on a curve of any exponent
    matters = bent if weights is None or not (weights * bent).any() else weights * bent
    points = _Points(x / unit, y, group, curves)
    low, high = LOWEST, HIGHEST
    for _ in range(PASSES):
        tried = np.geomspace(low, high, GRID)
        costs = [float(matters @ points.solve(alpha)[2]) for alpha in tried]
        best = int(np.argmin(costs))
        low, high = tried[max(best - 1, 0)], tried[min(best + 1, GRID - 1)]
    floors, scales, _ = points.solve(tried[best])
    unknown = seen < 2
    return PowerLaws(float(tried[best]), unit, np.where(unknown, np.nan, floors), np.where(unknown, np.nan, scales))


class _Points:
    """The points of all curves, with the sums that do not depend on the exponent."""

    def __init__(self, x: Floats, y: Floats, group: Ints, curves: int) -> None:
        self.logs, self.y, self.group, self.curves = np.log(x), y, group, curves
        self.n = np.maximum(np.bincount(group, minlength=curves), 1)
        self.mean = self._sum(y) / self.n

    def _sum(self, values: Floats) -> Floats:
        return np.bincount(self.group, weights=values, minlength=self.curves).astype(np.float64)

    def solve(self, alpha: float) -> tuple[Floats, Floats, Floats]:
        """Floors, scales and root mean squares of the best curves with this exponent, c and b at least 0."""
        z = np.exp(-alpha * self.logs)
        middle = self._sum(z) / self.n
        spread = self._sum((z - middle[self.group]) ** 2)
        shared = self._sum((z - middle[self.group]) * (self.y - self.mean[self.group]))
        b = np.maximum(shared / np.where(spread > 0, spread, np.inf), 0.0)
        c = self.mean - b * middle
        through_zero = self._sum(z * self.y) / np.maximum(self._sum(z * z), 1e-300)
        b, c = np.where(c < 0, through_zero, b), np.maximum(c, 0.0)
        off = c[self.group] + b[self.group] * z - self.y
        return c, b, np.sqrt(self._sum(off**2) / self.n)
