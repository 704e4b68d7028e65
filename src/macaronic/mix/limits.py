"""The mixtures that floors and caps allow, and the points of that set that solvers need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from macaronic.core.errors import UnknownName, UsageError

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Limits:
    """Lower and upper limits of each share, with at least one mixture between them.

    Args:
        low: shape (m,), in [0, 1].
        high: shape (m,), in [low, 1].
    """

    low: Floats
    high: Floats

    def allows(self, mixtures: Floats, *, slack: float = 1e-9) -> NDArray[np.bool_]:
        """Which mixtures (n, m) lie within the limits, shape (n,)."""
        return np.all((mixtures >= self.low - slack) & (mixtures <= self.high + slack), axis=1)

    def nearest(self, weights: Floats) -> Floats:
        """The mixture s * weights, cut at the limits, that sums to one: kept shares keep their proportions.

        Args:
            weights: shape (m,), not negative; a weight of 0 is raised only where nothing else can fill the sum.
        """
        weights = np.maximum(weights, 1e-12)
        lower, upper = 0.0, 1.0
        while np.clip(upper * weights, self.low, self.high).sum() < 1 - 1e-12 and upper < 1e15:
            upper *= 2
        for _ in range(200):
            middle = (lower + upper) / 2
            if np.clip(middle * weights, self.low, self.high).sum() < 1:
                lower = middle
            else:
                upper = middle
        found: Floats = np.clip(upper * weights, self.low, self.high)
        return found / found.sum()

    def vertex(self, gradient: Floats) -> Floats:
        """The mixture within the limits with the least gradient . p, shape (m,)."""
        out, left = self.low.copy(), 1 - float(self.low.sum())
        for j in np.argsort(gradient, kind="stable"):
            taken = min(left, float(self.high[j] - self.low[j]))
            out[j] += taken
            left -= taken
        return out


def limits(
    domains: Sequence[str], *, caps: Mapping[str, float] | None = None, floors: Mapping[str, float] | None = None
) -> Limits:
    """Limits by name; a domain without a cap may fill the mixture, one without a floor may be left out.

    Args:
        domains: the order of the shares.
        caps: the largest share of some domains, in [0, 1]; larger values count as 1.
        floors: the smallest share of some domains, in [0, 1].

    Raises:
        UnknownName: a limit for a domain that is not there.
        UsageError: a limit outside its range, a floor above its cap, or limits that no mixture meets.

    >>> limits(["hi", "en"], caps={"en": 0.4}).nearest(np.array([0.5, 0.5])).round(3).tolist()
    [0.6, 0.4]
    """
    low, high = np.zeros(len(domains)), np.ones(len(domains))
    for kind, given, array in (("floor", floors, low), ("cap", caps, high)):
        for name, value in (given or {}).items():
            if name not in domains:
                raise UnknownName(f"domain of a {kind}", name, domains)
            if not value >= 0:
                raise UsageError(f"expected a {kind} of at least 0 for {name!r}; got {value}")
            array[domains.index(name)] = min(value, 1.0) if kind == "cap" else value
    if crossed := [name for name, a, b in zip(domains, low, high, strict=True) if a > b]:
        raise UsageError(f"the floor of {crossed[0]!r} lies above its cap. Lower the floor or raise the cap.")
    if low.sum() > 1 + 1e-9:
        raise UsageError(f"the floors sum to {low.sum():.4g}, more than 1: no mixture meets them. Lower some.")
    if high.sum() < 1 - 1e-9:
        raise UsageError(f"the caps sum to {high.sum():.4g}, less than 1: no mixture meets them. Raise some.")
    return Limits(low, high)
