"""How well a fitted regressor predicts runs that it has not seen: folds, rank correlation, squared error."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from macaronic.core.errors import UsageError

Floats = NDArray[np.float64]


class Predictor(Protocol):
    """What a fit gives: losses of mixtures."""

    def predict(self, mixtures: Floats) -> Floats:
        """Losses of mixtures (n, m), shape (n,)."""


Fitter = Callable[[Floats, Floats], Predictor]


@dataclass(frozen=True, slots=True)
class Score:
    """Agreement of predictions with losses.

    Args:
        spearman: rank correlation in [-1, 1]; 0 where predictions or losses do not vary.
        mse: mean squared error.
        n: how many runs.
        constant: whether the predictions do not vary.
    """

    spearman: float
    mse: float
    n: int
    constant: bool = False


def score(predicted: Floats, losses: Floats) -> Score:
    """Rank correlation and squared error; never NaN for finite input.

    >>> score(np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.0, 4.0]))
    Score(spearman=1.0, mse=0.3333333333333333, n=3, constant=False)
    """
    mse = float(np.mean((predicted - losses) ** 2))
    flat = bool(np.ptp(predicted) <= 1e-9 * max(1.0, float(np.abs(predicted).max())))
    if flat or np.ptp(losses) == 0 or not np.isfinite(predicted).all():
        return Score(0.0, mse, len(losses), flat or not bool(np.isfinite(predicted).all()))
    from scipy.stats import rankdata

    a, b = rankdata(predicted), rankdata(losses)
    rho = np.corrcoef(a, b)[0, 1]
    return Score(float(min(rho, 1.0)), mse, len(losses))


def folds(n: int, k: int, *, rng: np.random.Generator) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """(rows to learn from, rows to judge on) for each of k folds drawn at random.

    Args:
        n: how many rows.
        k: how many folds, from 2 to n.
        rng: which row falls in which fold.

    Raises:
        UsageError: k is not between 2 and n.

    >>> sorted(i for _, judged in folds(7, 3, rng=np.random.default_rng(1)) for i in judged.tolist())
    [0, 1, 2, 3, 4, 5, 6]
    """
    if not 2 <= k <= n:
        raise UsageError(f"expected from 2 to {n} folds for {n} runs; got {k}")
    fold = rng.permutation(n) % k
    for held in range(k):
        yield np.flatnonzero(fold != held), np.flatnonzero(fold == held)


def held_out(fit: Fitter, mixtures: Floats, losses: Floats, *, k: int, rng: np.random.Generator) -> Floats:
    """Predictions for each run by a fit that has not seen it.

    Args:
        fit: learns from mixtures (n, m) and losses (n,).
        mixtures: shape (n, m).
        losses: shape (n,).
        k: how many folds.
        rng: the folds.
    """
    out = np.full(len(losses), np.nan)
    for learn, judge in folds(len(losses), k, rng=rng):
        out[judge] = fit(mixtures[learn], losses[learn]).predict(mixtures[judge])
    return out
