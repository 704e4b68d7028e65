"""The log-linear mixing law: loss = c + exp(t . p), fitted from a handful of starts with the exact Jacobian.

On the simplex a constant b in the exponent and the slopes t are only known up to a shift, so b is folded into t. For
two domains `line` gives the published pair: exp(k p_1 + b) with k = t_1 - t_2 and b = t_2.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from macaronic.core.errors import UsageError

Floats = NDArray[np.float64]
STARTS = (0.0, 0.5, 0.8, 0.95)
RIDGE = 1e-5
HUBER = 1.0
STEEP = 25.0
LOWEST, HIGHEST = -300.0, 50.0  # of a slope: losses that fall within the first few percent of a share need steep ones


@dataclass(frozen=True, eq=False)
class Law:
    """One target's law.

    Args:
        c: the loss that no mixture gets below, at least 0.
        t: slopes in the exponent, shape (m,); a domain that helps has a low one.
        warnings: why the parameters (not always the predictions) are not to be trusted.

    >>> round(float(Law(1.0, np.array([0.0, np.log(3.0)])).predict(np.array([[0.0, 1.0]]))[0]), 6)
    4.0
    """

    c: float
    t: Floats
    warnings: tuple[str, ...] = ()

    def predict(self, mixtures: Floats) -> Floats:
        """Losses of mixtures (n, m), shape (n,)."""
        return self.c + np.exp(np.minimum(mixtures @ self.t, 50.0))

    def line(self) -> tuple[float, float, float]:
        """(k, b, c) of a law of two domains: loss = c + exp(k p_1 + b).

        Raises:
            UsageError: not two domains.
        """
        if len(self.t) != 2:
            raise UsageError(f"a line needs 2 domains; this law has {len(self.t)}")
        return float(self.t[0] - self.t[1]), float(self.t[1]), self.c


def fit_law(
    mixtures: Floats,
    losses: Floats,
    *,
    ridge: float = RIDGE,
    huber: float | None = HUBER,
    start: Law | None = None,
) -> Law:
    """Fit c and t by least squares (Huber's loss) with the exact Jacobian.

    For a given c the law is linear in log(loss - c), which gives a start for each of four values of c; the two best
    are refined. A weak pull of the slopes to their mean keeps domains that hardly occur finite.

    Args:
        mixtures: shape (n, m), rows on the simplex.
        losses: shape (n,).
        ridge: how hard the slopes are pulled together, relative to the spread of the losses and the number of runs.
        huber: residuals beyond this many standard deviations of the losses count linearly; None: plain squares.
        start: where to start instead, such as the law of the same runs before they were resampled.

    Returns:
        the law, with warnings where it is degenerate.

    Raises:
        UsageError: fewer than three runs.

    Source: S044, exponential mixing law; the way of fitting is ours.

    >>> p = np.random.default_rng(1).dirichlet(np.ones(3), 40)
    >>> law = fit_law(p, 2 + np.exp(p @ np.array([-1.0, 0.5, 0.2])))
    >>> round(law.c, 2), np.round(law.t, 2).tolist()
    (2.0, [-1.0, 0.5, 0.2])
    """
    n, m = mixtures.shape
    if n < 3:
        raise UsageError(f"a law needs at least 3 runs; got {n}")
    spread = float(losses.std())
    if spread <= 1e-12 * max(1.0, abs(float(losses.mean()))):
        level = float(losses.mean())
        return Law(0.0, np.full(m, np.log(max(level, 1e-300))), ("the losses do not vary: nothing to learn",))
    starts = [(start.c, start.t)] if start is not None else _starts(mixtures, losses)
    fits = [_refined(mixtures, losses, c, t, ridge, huber, spread) for c, t in starts]
    _, c, t = min(fits, key=lambda found: found[0])
    return Law(c, t, _warnings(mixtures, losses, c, t))


def _starts(mixtures: Floats, losses: Floats) -> list[tuple[float, Floats]]:
    """The two best of the linear fits for a few values of c."""
    low, found = max(float(losses.min()), 0.0), []
    gram = mixtures.T @ mixtures + 1e-3 * np.eye(mixtures.shape[1])
    for share in STARTS:
        c = share * low
        log = np.log(np.maximum(losses - c, 1e-6))
        middle = log.mean()
        t = middle + np.linalg.solve(gram, mixtures.T @ (log - middle))
        error = float(np.mean((c + np.exp(np.minimum(mixtures @ t, 50.0)) - losses) ** 2))
        found.append((error, c, t))
    found.sort(key=lambda one: one[0])
    return [(c, t) for _, c, t in found[:2]]


def _refined(
    mixtures: Floats, losses: Floats, c: float, t: Floats, ridge: float, huber: float | None, spread: float
) -> tuple[float, float, Floats]:
    """(cost, c, t) after the solver, with residuals in standard deviations of the losses."""
    from scipy.optimize import least_squares

    n, m = mixtures.shape
    pull = np.sqrt(ridge * n / m)
    centre = np.eye(m) - 1.0 / m

    def residual(x: Floats) -> Floats:
        fitted = x[0] + np.exp(np.minimum(mixtures @ x[1:], 50.0))
        return np.concatenate([(fitted - losses) / spread, pull * (centre @ x[1:])])

    def jacobian(x: Floats) -> Floats:
        out = np.zeros((n + m, m + 1))
        out[:n, 0] = 1 / spread
        out[:n, 1:] = mixtures * (np.exp(np.minimum(mixtures @ x[1:], 50.0)) / spread)[:, None]
        out[n:, 1:] = pull * centre
        return out

    top = max(float(losses.mean()), 1e-9)
    lower, upper = np.full(m + 1, LOWEST), np.full(m + 1, HIGHEST)
    lower[0], upper[0] = 0.0, top
    x = np.concatenate([[min(max(c, 1e-6 * top), (1 - 1e-6) * top)], np.clip(t, 0.9 * LOWEST, 0.9 * HIGHEST)])
    found = least_squares(
        residual,
        x,
        jacobian,
        bounds=(lower, upper),
        loss="linear" if huber is None else "huber",
        f_scale=1.0 if huber is None else huber,
        x_scale="jac",
        max_nfev=100,
        ftol=1e-8,
        xtol=1e-8,
        gtol=1e-8,
    )
    return float(found.cost), float(found.x[0]), np.asarray(found.x[1:])


def _warnings(mixtures: Floats, losses: Floats, c: float, t: Floats) -> tuple[str, ...]:
    n, m = mixtures.shape
    out = []
    if c <= 1e-4 * float(losses.min()):
        out.append("degenerate: c lies at 0, so the runs do not show a lower limit of the loss")
    elif float(np.mean(losses < c)) > 0.05:
        out.append("bent: c lies above some losses, so near the optimum the law predicts too high a loss")
    if float(t.max() - t.min()) > STEEP:
        out.append(
            f"degenerate: slopes differ by {float(t.max() - t.min()):.0f}, a cliff that the runs do not pin down"
        )
    if n < m + 1:
        out.append(f"fewer runs than parameters ({n} < {m + 1}): the slopes are held by the pull to their mean")
    if np.any(mixtures.max(axis=0) <= 0):
        out.append("a domain has no share in any run: its slope is not known")
    return tuple(out)
