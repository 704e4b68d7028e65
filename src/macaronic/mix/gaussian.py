"""A Gaussian process over the square roots of the shares, with its likelihood maximised exactly and a guard.

Square roots turn distances on the simplex into Hellinger's. A process that explains all by noise gives the same
number for every mixture; that is said, and such a fit is not chosen.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
STARTS = ((0.5, 1e-2), (1.5, 1e-1))
SOUGHT = 160


@dataclass(frozen=True, eq=False)
class Process:
    """One target's process: a mean, and weights of a Matern 5/2 kernel at the runs.

    Args:
        places: square roots of the shares of the runs, shape (n, m).
        weights: shape (n,), in losses.
        mean: the mean loss of the runs.
        length: length scale.
        warnings: why it is not to be trusted.
    """

    places: Floats
    weights: Floats
    mean: float
    length: float
    warnings: tuple[str, ...] = ()

    def predict(self, mixtures: Floats) -> Floats:
        """Losses of mixtures (n, m), shape (n,)."""
        out = np.empty(len(mixtures))
        for at in range(0, len(mixtures), 4096):
            part = np.sqrt(np.maximum(mixtures[at : at + 4096], 0))
            out[at : at + 4096] = _matern(_distances(part, self.places) / self.length) @ self.weights
        return self.mean + out


def fit_process(mixtures: Floats, losses: Floats) -> Process:
    """Fit length scale, signal and noise by the marginal likelihood, from two starts.

    The signal's variance has a closed form for a given length and ratio of noise to signal, so that only those two are
    searched, on 160 evenly spaced runs where there are more; the weights then rest on all runs.

    Args:
        mixtures: shape (n, m).
        losses: shape (n,).

    Source: Rasmussen and Williams 2006, equations 2.30 and 5.8.

    >>> p = np.random.default_rng(1).dirichlet(np.ones(3), 40)
    >>> y = p @ np.array([1.0, 2.0, 3.0])
    >>> bool(np.abs(fit_process(p, y).predict(p) - y).max() < 0.05)
    True
    """
    from scipy.optimize import minimize

    places, mean, spread = np.sqrt(np.maximum(mixtures, 0)), float(losses.mean()), float(losses.std())
    if spread <= 1e-12 * max(1.0, abs(mean)):
        return Process(places, np.zeros(len(losses)), mean, 1.0, ("the losses do not vary: nothing to learn",))
    y, apart = (losses - mean) / spread, _distances(places, places)
    some = np.unique(np.linspace(0, len(y) - 1, min(len(y), SOUGHT)).astype(np.intp))
    few = apart[np.ix_(some, some)]

    def cost(x: Floats) -> float:
        return _cost(few, y[some], float(np.exp(x[0])), float(np.exp(x[1])))[0]

    limits = [(np.log(0.05), np.log(20.0)), (np.log(1e-6), np.log(10.0))]
    found = [
        minimize(cost, np.log(start), method="L-BFGS-B", bounds=limits, options={"maxiter": 30}) for start in STARTS
    ]
    best = min(found, key=lambda one: float(one.fun))
    length, noise = (float(v) for v in np.exp(best.x))
    _, weights = _cost(apart, y, length, noise)
    process = Process(places, weights * spread, mean, length)
    if float(process.predict(mixtures).std()) < 0.05 * spread:
        return Process(places, weights * spread, mean, length, ("collapsed: the process calls everything noise",))
    return process


def _cost(apart: Floats, y: Floats, length: float, noise: float) -> tuple[float, Floats]:
    """Minus the log likelihood (up to a constant) with the signal's variance at its best, and K^-1 y."""
    from scipy.linalg import LinAlgError, cho_factor, cho_solve

    kernel = _matern(apart / length)
    kernel[np.diag_indices_from(kernel)] += noise + 1e-9
    try:
        factor = cho_factor(kernel, lower=True, overwrite_a=True, check_finite=False)
    except LinAlgError:
        return 1e12, np.zeros_like(y)
    weights = cho_solve(factor, y, check_finite=False)
    logdet = 2 * float(np.log(np.diag(factor[0])).sum())
    return 0.5 * (len(y) * float(np.log(max(y @ weights / len(y), 1e-300))) + logdet), weights


def _matern(scaled: Floats) -> Floats:
    r = np.sqrt(5.0) * scaled
    return (1 + r + r * r / 3) * np.exp(-r)


def _distances(a: Floats, b: Floats) -> Floats:
    squared = (a * a).sum(axis=1)[:, None] + (b * b).sum(axis=1)[None, :] - 2 * a @ b.T
    return np.sqrt(np.maximum(squared, 0))
