"""The authors' own protocols, kept only to check published figures: RegMix's looks at the rows that judge it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from macaronic.core.errors import UsageError
from macaronic.mix.fitted import Fit, TargetFit
from macaronic.mix.runs import Runs
from macaronic.mix.trees import Trees, fit_trees, from_text, lightgbm
from macaronic.mix.validate import Score, held_out, score

Floats = NDArray[np.float64]
REGMIX = {
    "objective": "regression",
    "metric": ["l1", "l2"],
    "learning_rate": 1e-2,
    "seed": 42,
    "num_threads": 1,
    "verbosity": -1,
}


def regmix(train: Runs, test: Runs, *, rounds: int = 1000, patience: int = 3) -> dict[str, tuple[Trees, Score]]:
    """LightGBM for each target, stopped early ON THE TEST ROWS, and its score on those same rows.

    Shares are taken as they are written in the tables, without scaling them to sum to one.

    Args:
        train: runs to learn from.
        test: runs that stop the boosting and judge it.
        rounds: the most trees.
        patience: rounds without improvement of either metric before it stops.

    Returns:
        target -> (trees, score).

    Raises:
        MissingExtra: LightGBM is not installed.
        UnknownName: a domain that only one table has.

    Source: S047, the authors' notebook for the fits.
    """
    package = lightgbm()
    test = test.aligned(train.domains)
    seen, judge = as_stated(train).mixtures, as_stated(test).mixtures
    out = {}
    for name in train.targets:
        if name not in test.targets:
            continue
        booster: Any = package.train(
            REGMIX,
            package.Dataset(seen, train.target(name)),
            num_boost_round=rounds,
            valid_sets=[package.Dataset(judge, test.target(name))],
            callbacks=[package.early_stopping(patience, verbose=False)],
        )
        trees = from_text(booster.model_to_string(num_iteration=booster.best_iteration))
        out[name] = (trees, score(trees.predict(judge), test.target(name)))
    return out


def as_stated(runs: Runs) -> Runs:
    """The runs with their shares as the table has them, without scaling them to sum to one."""
    return runs if runs.stated is None else replace(runs, mixtures=runs.stated)


def regmix_fit(train: Runs, test: Runs, *, folds: int = 5, seed: int = 0) -> Fit:
    """`regmix` as a fit: `summary(regmix_fit(train, test), as_stated(test))` gives the authors' figures.

    Beside them stand honest ones, of boosted trees that no judged row has stopped (`cv`).

    Args:
        train: runs to learn from.
        test: runs that stop the boosting.
        folds: how many folds the honest figures rest on; below 2: none.
        seed: of the folds.

    Raises:
        MissingExtra: LightGBM is not installed.
    """
    leak = "authors' protocol: the test rows stopped the boosting, so figures on them are too good"
    found, fits = regmix(train, test), []
    for name, (trees, _) in found.items():
        cv = {}
        if folds >= 2:
            rng, losses = np.random.default_rng(seed), train.target(name)
            cv["compat-regmix"] = score(held_out(fit_trees, train.mixtures, losses, k=folds, rng=rng), losses)
        fits.append(TargetFit(name, "compat-regmix", trees, cv, (leak,)))
    return Fit(as_stated(train), tuple(fits))


def regmix_optimum(trees: Trees, prior: Floats, *, count: int = 100_000, top: int = 128, seed: int = 42) -> Floats:
    """Mean of the best of many draws from Dirichlet(prior), with NumPy's old global generator as the authors used it.

    Args:
        trees: the regressor of the target.
        prior: token shares, shape (m,).
        count: how many draws.
        top: how many of the best are averaged.
        seed: of the generator.

    Source: S047, the authors' notebook.
    """
    drawn = np.random.RandomState(seed).dirichlet(prior, count)
    return np.asarray(drawn[np.argsort(trees.predict(drawn))[:top]].mean(axis=0), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Line:
    """loss = c + exp(k p + b) of one share p.

    Args:
        k: slope.
        b: shift.
        c: lower limit of the loss.
        warning: why the fit is not to be trusted; empty when it is.
    """

    k: float
    b: float
    c: float
    warning: str = ""

    def solve(self, loss: float) -> float:
        """The share at which the law gives this loss.

        Raises:
            UsageError: a loss that the law never gives.

        >>> round(Line(-1.0, 0.0, 1.0).solve(1.0 + np.exp(-0.5)), 6)
        0.5
        """
        if loss <= self.c or self.k == 0:
            raise UsageError(f"the law never gives a loss of {loss:.4g}: it stays above {self.c:.4g}")
        return float((np.log(loss - self.c) - self.b) / self.k)


def mixing_line(shares: Floats, losses: Floats, *, grid: int = 1000, huber: float = 0.02) -> Line:
    """The published way of fitting the law of one share: c on a grid, then slope and shift.

    c maximises |corr(p, log(loss - c))| over `grid` values in [0, lowest loss]; k and b then minimise Huber's loss.

    Args:
        shares: one domain's share in each run, shape (n,).
        losses: shape (n,).
        grid: how many values of c.
        huber: where Huber's loss turns linear.

    Raises:
        UsageError: fewer than three runs.

    Source: S044, the authors' notebook for two domains.

    >>> p = np.linspace(0.1, 0.9, 9)
    >>> line = mixing_line(p, 1.5 + np.exp(-2 * p + 0.3))
    >>> round(line.k, 1), round(line.b, 1), round(line.c, 1)
    (-2.0, 0.3, 1.5)
    """
    from scipy.optimize import least_squares

    if len(losses) < 3:
        raise UsageError(f"a law of one share needs at least 3 runs; got {len(losses)}")
    values = np.linspace(0, float(losses.min()), grid)[:-1]
    logs = np.log(losses[None, :] - values[:, None])
    logs -= logs.mean(axis=1, keepdims=True)
    centred = shares - shares.mean()
    with np.errstate(invalid="ignore"):
        agreement = np.abs(logs @ centred) / np.sqrt((logs**2).sum(axis=1) * (centred @ centred))
    c = float(values[int(np.nanargmax(agreement))])
    k, b = np.polyfit(shares, np.log(losses - c), 1)
    found = least_squares(
        lambda x: c + np.exp(x[0] * shares + x[1]) - losses,
        np.array([k, b]),
        jac=lambda x: np.exp(x[0] * shares + x[1])[:, None] * np.column_stack([shares, np.ones_like(shares)]),
        loss="huber",
        f_scale=huber,
        xtol=1e-14,
        ftol=1e-14,
        gtol=1e-14,
    )
    warning = "degenerate: c lies at 0, so the runs do not show a lower limit of the loss" if c == 0 else ""
    return Line(float(found.x[0]), float(found.x[1]), c, warning)
