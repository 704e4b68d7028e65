"""MixMin: the mixture of one model a source that predicts a target best, found by convex optimisation.

Only one model a source is learnt, whatever the number of mixtures compared: the mixture of the sources' texts is
modelled by the mixture of their models, and the loss of that is convex in the weights.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from macaronic.core.errors import UsageError
from macaronic.core.mixture import Mixture
from macaronic.mix.limits import Limits, limits

Floats = NDArray[np.float64]

_STEPS = 2000


@dataclass(frozen=True, slots=True)
class Minimum:
    """The best mixture found.

    Args:
        mixture: the weights, by name.
        loss: of the mixture, in nats a unit of length.
        gap: by how much at most the loss is above the best possible one; a proof, not an estimate.
        steps: how many were taken.
        low: lower ends of the weights' intervals, by name; empty when none were asked for.
        high: upper ends.
    """

    mixture: Mixture
    loss: float
    gap: float
    steps: int
    low: Mapping[str, float]
    high: Mapping[str, float]


def minimise(
    names: tuple[str, ...],
    log_chances: Floats,
    lengths: Floats,
    *,
    groups: NDArray[np.int64] | None = None,
    weights: Floats | None = None,
    allowed: Limits | None = None,
    tolerance: float = 1e-6,
    samples: int = 0,
    level: float = 0.95,
    rng: np.random.Generator | None = None,
) -> Minimum:
    """The weights w that minimise the mean over target texts x of -log(sum_i w_i p_i(x)) / length(x).

    Args:
        names: of the sources, m of them.
        log_chances: log p_i(x) in nats, shape (n, m): a row a text of the target, a column a source's model.
        lengths: of each text, above 0, shape (n,).
        groups: which texts are drawn together when intervals are made, such as the number of their document, shape
            (n,); each on its own when left out.
        weights: how much each text counts, shape (n,); all alike when left out.
        allowed: floors and caps.
        tolerance: the proven gap at which to end, in nats.
        samples: bootstrap resamples for the intervals; 0 for none.
        level: how much of the resamples' weights an interval holds.
        rng: where the resamples come from; needed for intervals.

    Raises:
        UsageError: no target text, shapes that do not fit, or values that are not finite.

    Source: Thudi et al. 2025 (MixMin), section 4, by exponentiated gradient.

    >>> chances = np.log(np.array([[0.9, 0.1], [0.9, 0.1], [0.1, 0.9]]))
    >>> found = minimise(("a", "b"), chances, np.ones(3))
    >>> round(found.mixture.weights["a"], 3), found.gap < 1e-6
    (0.708, True)
    """
    share = _checked(names, log_chances, lengths, weights)
    room = allowed or limits(names)
    chances = np.exp(log_chances - log_chances.max(axis=1, keepdims=True))
    best, gap, steps = _descend(chances, share, _within(np.ones(len(names)), room), room, tolerance)
    peak = float(share @ log_chances.max(axis=1))
    loss = -float(share @ np.log(chances @ best)) - peak
    low, high = {}, {}
    if samples:
        if rng is None:
            raise UsageError("intervals need a random generator (rng)")
        own = groups if groups is not None else np.arange(len(share))
        drawn = _resampled(chances, share, own, best, room, tolerance, samples, rng)
        ends = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2], axis=0)
        low, high = (dict(zip(names, row.tolist())) for row in ends)
    return Minimum(Mixture(dict(zip(names, best.tolist()))), loss, gap, steps, low, high)


def _checked(names: tuple[str, ...], log_chances: Floats, lengths: Floats, weights: Floats | None) -> Floats:
    """How much each text's log-likelihood counts, shape (n,)."""
    n = len(lengths)
    if not n or log_chances.shape != (n, len(names)):
        raise UsageError(
            f"expected log-probabilities of shape (texts, {len(names)}) with at least one text; "
            f"got {log_chances.shape} for {n} lengths"
        )
    share = np.ones(n) if weights is None else np.asarray(weights, np.float64)
    if not (np.all(np.isfinite(log_chances)) and np.all(lengths > 0) and np.all(share >= 0) and share.sum() > 0):
        raise UsageError("log-probabilities must be finite, lengths above 0 and weights not negative")
    return share / share.sum() / lengths


def _within(weights: Floats, allowed: Limits) -> Floats:
    """The mixture within the limits that is nearest in relative entropy."""
    plain: Floats = weights / weights.sum()
    if np.all(plain <= allowed.high) and np.all(plain >= allowed.low):
        return plain
    return allowed.nearest(plain)


def _descend(
    chances: Floats, share: Floats, start: Floats, room: Limits, tolerance: float
) -> tuple[Floats, float, int]:
    """Exponentiated gradient with a step that grows while it helps and is halved when it does not."""
    total = float(share.sum())
    now, mixed = start, chances @ start
    value, rate = -float(share @ np.log(mixed)), 1.0
    for step in range(_STEPS):
        pull = (share / mixed) @ chances / total
        gap = total * float(np.log(max(float(pull @ room.vertex(-pull)), 1.0)))
        if gap <= tolerance:
            return now, gap, step
        while rate > 1e-9:
            trial = _within(np.maximum(now, 1e-300) * np.exp(np.clip(rate * (pull - 1), -50, 50)), room)
            ahead = chances @ trial
            lower = -float(share @ np.log(ahead))
            if lower <= value:
                break
            rate /= 2
        else:
            return now, gap, step
        now, mixed, value, rate = trial, ahead, lower, rate * 1.5
    return now, gap, _STEPS


def _resampled(
    chances: Floats,
    share: Floats,
    groups: NDArray[np.int64],
    best: Floats,
    room: Limits,
    tolerance: float,
    samples: int,
    rng: np.random.Generator,
) -> Floats:
    """The best weights of resamples of whole groups of texts, shape (samples, m)."""
    own = np.unique(groups, return_inverse=True)[1]
    count = int(own.max()) + 1
    start = _within(0.9 * best + 0.1 / len(best), room)
    out = np.empty((samples, len(best)))
    for b in range(samples):
        times = np.bincount(rng.integers(0, count, count), minlength=count)[own]
        rows = times > 0
        out[b] = _descend(chances[rows], share[rows] * times[rows], start, room, max(tolerance, 1e-5))[0]
    return out
