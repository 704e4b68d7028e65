"""How far shares can move while the objective stays almost as good: what an optimum leaves open."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from macaronic.mix.limits import Limits
from macaronic.mix.optimum import TINY, Problem

Floats = NDArray[np.float64]


def near_optimal(problem: Problem, allowed: Limits, best: Floats, slack: float) -> tuple[Floats, Floats]:
    """The smallest and largest share of each domain among mixtures at most `slack` worse than the best.

    The set is convex; each of its 2 m ends is found from the best mixture. An end that the solver does not reach is
    given too near, never too far.

    Args:
        problem: the objective.
        allowed: floors and caps.
        best: the optimum, shape (m,).
        slack: how much worse is still near, not negative, in units of the objective.

    Returns:
        (low, high), each of shape (m,).

    >>> flat = Problem(np.zeros((1, 2)), np.ones(1), np.full(2, 0.5))
    >>> low, high = near_optimal(flat, Limits(np.zeros(2), np.ones(2)), np.full(2, 0.5), 0.1)
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.0, 0.0], [1.0, 1.0])
    """
    from scipy.optimize import minimize

    m, level = len(best), problem.value(best) + slack
    scale = max(slack, 1e-9 * max(1.0, abs(level)))
    low, high = best.copy(), best.copy()
    constraints = [
        {"type": "eq", "fun": lambda p: p.sum() - 1, "jac": np.ones_like},
        {
            "type": "ineq",
            "fun": lambda p: (level - problem.value(np.maximum(p, TINY))) / scale,
            "jac": lambda p: -problem.gradient(p) / scale,
        },
    ]
    for j in range(m):
        for ends, sign in ((low, 1.0), (high, -1.0)):
            aim = np.zeros(m)
            aim[j] = sign
            found = minimize(
                lambda p, aim=aim: float(aim @ p),
                best,
                jac=lambda p, aim=aim: aim,
                method="SLSQP",
                bounds=list(zip(allowed.low, allowed.high, strict=True)),
                constraints=constraints,
                options={"maxiter": 60, "ftol": 1e-9},
            )
            end = _inside(problem, best, np.clip(found.x, allowed.low, allowed.high), level)
            ends[j] = min(ends[j], end[j]) if sign > 0 else max(ends[j], end[j])
    return low, high


def _inside(problem: Problem, best: Floats, end: Floats, level: float) -> Floats:
    """The point farthest from the best towards `end` that is still near enough."""
    if not np.isfinite(end).all() or end.sum() <= 0:
        return best
    end = end / end.sum()
    low, high = 0.0, 1.0
    if problem.value(end) <= level:
        return end
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if problem.value(best + middle * (end - best)) <= level else (low, middle)
    return best + low * (end - best)
