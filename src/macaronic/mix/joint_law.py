"""A joint law of model size and share for models of many languages, and the parameters that each really gets.

For each language L(N, p) = beta (f(p) N)^-alpha + floor: the exponent and the floor do not depend on the share p,
only the factor does, so that f(p) N is the number of parameters that a model of this language alone would need. The
form f(p) = p + c1 p^c2 (1 - p)^c3 is written down from memory of the paper; f(1) = 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from macaronic.core.errors import UsageError
from macaronic.core.mixture import Mixture

Floats = NDArray[np.float64]
STARTS = ((0.05, 0.5, 1.0), (0.3, 0.5, 1.0), (0.3, 1.0, 2.0), (1.0, 1.0, 1.0))


@dataclass(frozen=True, slots=True)
class JointLaw:
    """The law of one language.

    Args:
        beta: the factor of a model of this language alone, above 0.
        alpha: the exponent, above 0.
        floor: the loss that no size removes, not negative.
        transfer: (c1, c2, c3) of f.
        unit: N is counted in so many parameters.
        error: root mean square of the relative residuals of the fit.
    """

    beta: float
    alpha: float
    floor: float
    transfer: tuple[float, float, float]
    unit: float = 1.0
    error: float = 0.0

    def fraction(self, share: float | Floats) -> Floats:
        """f(p): the part of the model's parameters that works for this language; at shares of 0..1.

        >>> JointLaw(1.0, 0.5, 0.0, (0.0, 1.0, 1.0)).fraction(np.array([0.25, 1.0])).tolist()
        [0.25, 1.0]
        """
        c1, c2, c3 = self.transfer
        p = np.asarray(share, dtype=np.float64)
        grown: Floats = p + c1 * p**c2 * (1 - p) ** c3
        return grown

    def effective(self, size: float | Floats, share: float | Floats) -> Floats:
        """Effective parameters: f(p) N."""
        return self.fraction(share) * np.asarray(size, dtype=np.float64)

    def loss(self, size: float | Floats, share: float | Floats) -> Floats:
        """The loss at a size and share; infinite for a language that gets nothing.

        >>> float(JointLaw(2.0, 0.5, 1.0, (0.0, 1.0, 1.0)).loss(4.0, 0.25))
        3.0
        """
        with np.errstate(divide="ignore"):
            fall: Floats = (self.effective(size, share) / self.unit) ** -self.alpha
        return self.beta * fall + self.floor


def fit(sizes: Floats, shares: Floats, losses: Floats) -> JointLaw:
    """Fit one language's law to runs of several sizes and shares.

    First one exponent and floor with a factor for every share, robustly on relative errors; then f from the ratios of
    the factors; then all parameters together from there.

    Args:
        sizes: parameters of each run, above 0, shape (n,).
        shares: share of the language in each run, above 0 and up to 1, shape (n,); some runs should be of this
            language alone (share 1), otherwise beta and f are only known through the form of f.
        losses: its loss in each run, above 0, shape (n,).

    Raises:
        UsageError: shapes that do not fit, values out of range, fewer than three sizes or two shares.

    Source: Fernandes et al. 2023, the joint scaling law; f from memory.

    >>> n, p = (a.ravel() for a in np.meshgrid([1e7, 1e8, 1e9, 1e10], [0.1, 0.3, 0.5, 0.7, 1.0]))
    >>> truth = JointLaw(2.0, 0.3, 1.0, (0.2, 0.6, 1.0), unit=1e7)
    >>> found = fit(n, p, truth.loss(n, p))
    >>> round(found.alpha, 2), round(found.floor, 2)
    (0.3, 1.0)
    """
    from scipy.optimize import least_squares

    sizes, shares, losses = (np.asarray(a, dtype=np.float64) for a in (sizes, shares, losses))
    _check(sizes, shares, losses)
    unit = float(sizes.min())
    n = sizes / unit
    alpha, floor, rates, factors = _shared(n, shares, losses)
    whole = factors[rates.argmax()]
    fraction = (factors / whole) ** (-1 / alpha) * rates.max()
    guesses = [_transfer(rates, fraction, start) for start in STARTS]
    logs = np.log(losses)

    def residual(x: Floats) -> Floats:
        grown = shares + np.exp(x[3]) * shares ** x[4] * (1 - shares) ** x[5]
        return np.log(np.exp(x[0]) * (grown * n) ** -np.exp(x[1]) + x[2]) - logs

    low, high = [-20, -6, 0.0, -12, 0.01, 0.01], [20, 1.5, float(losses.min()), 4, 5, 5]
    best, least = None, np.inf
    for c1, c2, c3 in guesses:
        guess = [np.log(whole), np.log(alpha), floor, np.log(max(c1, 1e-4)), c2, c3]
        inside = np.clip(guess, np.array(low) + 1e-9, np.array(high) - 1e-9)
        found = least_squares(residual, inside, bounds=(low, high), loss="huber", f_scale=0.01, max_nfev=2000)
        if found.cost < least:
            best, least = found, float(found.cost)
    x = best.x if best is not None else inside
    error = float(np.sqrt((residual(x) ** 2).mean()))
    transfer = (float(np.exp(x[3])), float(x[4]), float(x[5]))
    return JointLaw(float(np.exp(x[0])), float(np.exp(x[1])), float(x[2]), transfer, unit, error)


def _check(sizes: Floats, shares: Floats, losses: Floats) -> None:
    if sizes.ndim != 1 or not sizes.shape == shares.shape == losses.shape:
        raise UsageError(f"expected one size, share and loss a run; got {sizes.shape}, {shares.shape}, {losses.shape}")
    if not all(np.isfinite(a).all() and (a > 0).all() for a in (sizes, shares, losses)) or (shares > 1).any():
        raise UsageError("sizes and losses must be above 0, shares above 0 and up to 1 (did a run diverge?)")
    if len(np.unique(sizes)) < 3 or len(np.unique(shares)) < 2:
        raise UsageError("a joint law needs runs of three or more sizes and of two or more shares")


def _shared(n: Floats, shares: Floats, losses: Floats) -> tuple[float, float, Floats, Floats]:
    """One exponent and floor for all shares, and a factor for each share."""
    from scipy.optimize import least_squares

    rates, which = np.unique(shares, return_inverse=True)
    logs = np.log(losses)

    def residual(x: Floats) -> Floats:
        return np.log(np.exp(x[2:][which]) * n ** -np.exp(x[0]) + x[1]) - logs

    most = float(losses.min())
    best, least = np.zeros(len(rates) + 2), np.inf
    for exponent in (0.1, 0.3, 0.6):
        guess = np.concatenate([[np.log(exponent), 0.5 * most], np.full(len(rates), np.log(losses.mean()))])
        bounds = ([-6.0, 0.0, *[-20.0] * len(rates)], [1.5, most, *[20.0] * len(rates)])
        found = least_squares(residual, guess, bounds=bounds, loss="huber", f_scale=0.01)
        if found.cost < least:
            best, least = found.x, float(found.cost)
    return float(np.exp(best[0])), float(best[1]), rates, np.exp(best[2:])


def _transfer(rates: Floats, fraction: Floats, start: tuple[float, float, float]) -> tuple[float, float, float]:
    """c1, c2, c3 through the points (share, fraction)."""
    from scipy.optimize import least_squares

    def residual(c: Floats) -> Floats:
        return np.log(rates + c[0] * rates ** c[1] * (1 - rates) ** c[2]) - np.log(np.maximum(fraction, 1e-9))

    found = least_squares(residual, start, bounds=([0.0, 0.01, 0.01], [50.0, 5.0, 5.0]))
    return float(found.x[0]), float(found.x[1]), float(found.x[2])


def best_mixture(
    laws: Mapping[str, JointLaw], size: float, *, weights: Mapping[str, float] | None = None, floor: float = 1e-4
) -> Mixture:
    """The shares that minimise the weighted sum of the laws' losses at a model size.

    Args:
        laws: language -> its law, two or more.
        size: parameters of the model, above 0.
        weights: how much each language's loss matters; all alike when left out.
        floor: least share of a language, below 1/m.

    Raises:
        UsageError: fewer than two laws, a size that is not above 0, or a floor that cannot be met.

    >>> law = JointLaw(2.0, 0.3, 1.0, (0.2, 0.6, 1.0))
    >>> {k: round(v, 3) for k, v in best_mixture({"hi": law, "sw": law}, 1e8).weights.items()}
    {'hi': 0.5, 'sw': 0.5}
    """
    from scipy.optimize import minimize

    names, m = list(laws), len(laws)
    if m < 2 or not size > 0 or not 0 < floor * m < 1:
        raise UsageError(f"expected two or more laws, a size above 0 and a floor below 1/{m}; got size {size}")
    matters = Mixture(weights).aligned(names) if weights else np.full(m, 1 / m)

    def total(p: Floats) -> float:
        return float(sum(w * laws[k].loss(size, s) for w, k, s in zip(matters, names, p, strict=True)))

    starts = [np.full(m, 1 / m), *(np.where(np.eye(m, dtype=bool)[j], 0.7, 0.3 / (m - 1)) for j in range(m))]
    constraint = {"type": "eq", "fun": lambda p: p.sum() - 1}
    scale = total(starts[0])
    answers = [
        minimize(lambda p: total(p) / scale, s, bounds=[(floor, 1.0)] * m, constraints=[constraint], tol=1e-12).x.clip(
            floor
        )
        for s in starts
    ]
    best = min(answers, key=lambda p: total(p / p.sum()))
    return Mixture(dict(zip(names, best.tolist(), strict=True)), "tokens")
