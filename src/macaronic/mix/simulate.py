"""The optimum of regressors that are not convex: predict very many mixtures and look at the best of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from macaronic.core.errors import UsageError
from macaronic.mix.limits import Limits

Floats = NDArray[np.float64]
CANDIDATES = 100_000
TOP = 128


@dataclass(frozen=True, eq=False)
class Simulated:
    """The best of many candidates.

    Args:
        best: mean of the best candidates, shape (m,).
        low: the smallest share of each domain among them, shape (m,).
        high: the largest.
        candidates: all candidates, shape (n, m).
        values: what was predicted for them, shape (n,).
    """

    best: Floats
    low: Floats
    high: Floats
    candidates: Floats
    values: Floats


def candidates(
    prior: Floats, allowed: Limits, *, count: int, rng: np.random.Generator, strength: float = 1.0
) -> Floats:
    """Mixtures from a Dirichlet distribution around the prior, within the limits, shape (count, m).

    Draws outside the limits are rejected; where almost all are, they are moved to the nearest mixture allowed.

    Args:
        prior: shape (m,), on the simplex; domains with no share there stay out unless a floor asks for them.
        allowed: floors and caps.
        count: how many.
        rng: the draws.
        strength: m times the prior times this is the Dirichlet's parameter: large keeps near the prior. RegMix's own
            draws use the prior itself, which is `strength=1/m`.
    """
    alpha = np.maximum(prior * strength * len(prior), 1e-6)
    drawn = rng.dirichlet(alpha, count)
    good = allowed.allows(drawn)
    if not good.all():
        more = rng.dirichlet(alpha, 3 * count)
        kept = np.concatenate([drawn[good], more[allowed.allows(more)]])[:count]
        lacking = count - len(kept)
        moved = [allowed.nearest(row) for row in drawn[~good][: min(lacking, 20_000)]]
        drawn = np.concatenate([kept, np.array(moved).reshape(-1, len(prior))])
    return drawn


def simulate(
    predict: Callable[[Floats], Floats], mixtures: Floats, *, top: int = TOP, worst: bool = False
) -> Simulated:
    """The mean and the spread of the candidates with the lowest predictions.

    Args:
        predict: objective of mixtures (n, m), shape (n,).
        mixtures: the candidates, shape (n, m).
        top: how many of the best are averaged; a boosted model's minimum is a plateau.
        worst: take the highest predictions instead.

    Raises:
        UsageError: no candidates.

    Source: S047, section 3.3 (simulation; the mean of the best 128 of 100,000).

    >>> grid = np.array([[x / 10, 1 - x / 10] for x in range(11)])
    >>> simulate(lambda p: (p[:, 0] - 0.3) ** 2, grid, top=1).best.round(2).tolist()
    [0.3, 0.7]
    """
    if not len(mixtures) or top < 1:
        raise UsageError(f"a simulation needs candidates and a top of at least 1; got {len(mixtures)} and {top}")
    values = predict(mixtures)
    order = np.argsort(-values if worst else values, kind="stable")[:top]
    chosen = mixtures[order]
    return Simulated(chosen.mean(axis=0), chosen.min(axis=0), chosen.max(axis=0), mixtures, values)
