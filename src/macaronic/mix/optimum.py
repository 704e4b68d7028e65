"""The exact optimum of mixing laws: a convex problem, solved with a certificate.

Minimise sum_i w_i exp(t_i . p) + kl * KL(p || q) over mixtures p within floors and caps. The gap that comes with the
answer is an upper limit of what any other mixture could still gain, so it proves the answer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from macaronic.core.errors import UsageError
from macaronic.mix.limits import Limits

Floats = NDArray[np.float64]
TINY = 1e-15


@dataclass(frozen=True, eq=False)
class Problem:
    """A convex objective over mixtures.

    Args:
        slopes: exponents' slopes t, shape (k, m).
        weights: how much each of the k targets counts, shape (k,), not negative.
        prior: q, shape (m,), on the simplex.
        kl: weight of KL(p || q), not negative. Domains that q lacks then stay out.
    """

    slopes: Floats
    weights: Floats
    prior: Floats
    kl: float = 0.0

    def value(self, p: Floats) -> float:
        """The objective at p."""
        return float(self.weights @ np.exp(self.slopes @ p)) + self.kl * divergence(p, self.prior)

    def gradient(self, p: Floats) -> Floats:
        """Its gradient at p, shape (m,)."""
        out: Floats = (self.weights * np.exp(self.slopes @ p)) @ self.slopes
        if self.kl > 0:
            out = out + self.kl * (np.log(np.maximum(p, TINY) / np.maximum(self.prior, TINY)) + 1)
        return out


def divergence(p: Floats, q: Floats) -> float:
    """KL(p || q) in nats; infinite where p has what q lacks.

    >>> divergence(np.array([0.5, 0.5]), np.array([0.5, 0.5]))
    0.0
    """
    at = p > 0
    if np.any(q[at] <= 0):
        return float("inf")
    return float(p[at] @ np.log(p[at] / q[at]))


def minimise(
    problem: Problem, allowed: Limits, *, tolerance: float = 1e-9, steps: int = 20_000
) -> tuple[Floats, float]:
    """The best mixture and a limit of how much better any other could be.

    A quasi-Newton run gives the neighbourhood; exchanges between pairs of shares, each with an exact line search, then
    go on until the certificate (the Frank-Wolfe gap) is below the tolerance.

    Args:
        problem: the objective.
        allowed: floors and caps.
        tolerance: the gap wanted, relative to the objective.
        steps: the most exchanges.

    Returns:
        the mixture, shape (m,), and its gap, at least 0.

    Raises:
        UsageError: with kl above 0, limits that ask for what the prior lacks.

    Source: the objective: olmix (AI2, 2026); the gap: Jaggi 2013, equation 2; exchanges: Fan et al. 2005.

    >>> problem = Problem(np.array([[-1.0, 0.0], [0.0, -1.0]]), np.ones(2), np.full(2, 0.5))
    >>> minimise(problem, Limits(np.zeros(2), np.ones(2)))[0].round(6).tolist()
    [0.5, 0.5]
    """
    if problem.kl > 0 and np.any(problem.prior <= 0):
        out = problem.prior <= 0
        if np.any(allowed.low[out] > 0) or allowed.high[~out].sum() < 1 - 1e-9:
            raise UsageError("the prior has no share of a domain that the limits ask for; use kl = 0 or another prior")
        allowed = Limits(allowed.low, np.where(out, 0.0, allowed.high))
    p = _neighbourhood(problem, allowed)
    z = problem.slopes @ p
    for step in range(steps):
        if step % 64 == 0:
            z = problem.slopes @ p
        gradient = problem.gradient(p)
        gap = float(gradient @ (p - allowed.vertex(gradient)))
        if gap <= tolerance * max(abs(problem.value(p)), 1e-12):
            break
        if not _exchange(problem, allowed, p, z, gradient):
            break
    gradient = problem.gradient(p)
    return p, max(0.0, float(gradient @ (p - allowed.vertex(gradient))))


def _neighbourhood(problem: Problem, allowed: Limits) -> Floats:
    """A good mixture, by sequential quadratic programming from the prior."""
    from scipy.optimize import minimize

    start = allowed.nearest(0.9 * problem.prior + 0.1 / len(problem.prior))
    scale = max(abs(problem.value(start)), 1e-12)
    found = minimize(
        lambda p: problem.value(np.maximum(p, TINY)) / scale,
        start,
        jac=lambda p: problem.gradient(p) / scale,
        method="SLSQP",
        bounds=list(zip(allowed.low, allowed.high, strict=True)),
        constraints=[{"type": "eq", "fun": lambda p: p.sum() - 1, "jac": np.ones_like}],
        options={"maxiter": 200, "ftol": 1e-13},
    )
    if not np.isfinite(found.x).all() or np.any(found.x < -1e-6):
        return start
    p = allowed.nearest(np.maximum(found.x, 0))
    if problem.kl > 0:
        p = allowed.nearest(np.where(problem.prior > 0, np.maximum(p, 1e-12), 0))
    return p if problem.value(p) < problem.value(start) else start


def _exchange(problem: Problem, allowed: Limits, p: Floats, z: Floats, gradient: Floats) -> bool:
    """Move share from the domain that gains most by it to the one that is missed most; False when none can move."""
    keep = TINY if problem.kl > 0 else 0.0
    can_rise, can_fall = p < allowed.high, p > np.maximum(allowed.low, keep)
    if not can_rise.any() or not can_fall.any():
        return False
    i = int(np.argmin(np.where(can_rise, gradient, np.inf)))
    drop = np.where(can_fall, gradient - gradient[i], -np.inf)
    if drop.max() <= 0:
        return False
    e = problem.weights * np.exp(z)
    apart = problem.slopes[:, [i]] - problem.slopes
    curve = e @ apart**2 + 1e-300
    if problem.kl > 0:
        curve = curve + problem.kl * (1 / max(p[i], TINY) + 1 / np.maximum(p, TINY))
    j = int(np.argmax(np.where(drop > 0, drop**2 / curve, -np.inf)))
    top = min(float(allowed.high[i] - p[i]), float(p[j] - max(float(allowed.low[j]), keep)))
    delta = _line(problem, e, apart[:, j], float(p[i]), float(p[j]), (i, j), top)
    if delta <= 0:
        return False
    p[i], p[j] = (allowed.high[i] if delta == allowed.high[i] - p[i] else p[i] + delta), p[j] - delta
    z += delta * apart[:, j]
    return True


def _line(
    problem: Problem, e: Floats, direction: Floats, pi: float, pj: float, pair: tuple[int, int], top: float
) -> float:
    """The best amount in (0, top] to move, by Newton's method kept inside a shrinking bracket."""
    i, j = pair

    def slope(d: float) -> tuple[float, float]:
        grown = e * np.exp(d * direction)
        first, second = float(grown @ direction), float(grown @ direction**2)
        if problem.kl > 0:
            a, b = max(pi + d, TINY), max(pj - d, TINY)
            qi, qj = max(problem.prior[i], TINY), max(problem.prior[j], TINY)
            first += problem.kl * float(np.log(a / qi) - np.log(b / qj))
            second += problem.kl * (1 / a + 1 / b)
        return first, second

    if slope(top)[0] <= 0:
        return top
    low, high, d = 0.0, top, 0.0
    for _ in range(60):
        first, second = slope(d)
        low, high = (d, high) if first < 0 else (low, d)
        following = d - first / second if second > 0 else (low + high) / 2
        if not low < following < high:
            following = (low + high) / 2
        if abs(following - d) <= 1e-16 + 1e-12 * d:
            return following
        d = following
    return d
