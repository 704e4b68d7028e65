"""What a contest gives: a row a method, budget and seed, and what a person must know beside it."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Row:
    """One method in one trial.

    Args:
        method: its name.
        seed: of the trial.
        budget: symbols, or finished runs where runs are bought.
        loss: that its mixture leads to.
        regret: how much that is above the best possible with the whole budget.
        mixture_regret: the same if what it spent on runs and tests had been free; None where that is not known.
        overhead: share of the budget that the final model did not read.
        shares: the mixture.
    """

    method: str
    seed: int
    budget: float
    loss: float
    regret: float
    mixture_regret: float | None
    overhead: float
    shares: Mapping[str, float]


@dataclass(frozen=True, eq=False)
class Contest:
    """All rows, and pictures of one trial.

    Args:
        world: its name.
        unit: what the budget counts.
        rows: a row a method, budget and seed.
        optimum: the best shares of the first trial at the largest budget; empty where shares are not compared.
        truth: (foretold, measured) losses of held-out runs in that trial, by method.
        notes: what a person must know.
    """

    world: str
    unit: str
    rows: tuple[Row, ...]
    optimum: Mapping[str, float] = field(default_factory=dict)
    truth: Mapping[str, tuple[tuple[float, float], ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def methods(self) -> tuple[str, ...]:
        """The methods that have rows, in order."""
        return tuple(dict.fromkeys(row.method for row in self.rows))

    @property
    def budgets(self) -> tuple[float, ...]:
        """The budgets, ascending."""
        return tuple(sorted({row.budget for row in self.rows}))

    def regrets(self, method: str, budget: float) -> Floats:
        """Regret by seed, in the order of the seeds, shape (seeds,)."""
        own = [row for row in self.rows if row.method == method and row.budget == budget]
        return np.array([row.regret for row in sorted(own, key=lambda row: row.seed)])

    def of(self, method: str, budget: float) -> list[Row]:
        """The rows of a method at a budget."""
        return [row for row in self.rows if row.method == method and row.budget == budget]


def as_csv(rows: Sequence[Row]) -> str:
    """The rows as CSV, a row a method, budget and seed, shares in columns of their own.

    >>> row = Row("stratified", 0, 100.0, 2.5, 0.5, 0.5, 0.0, {"a1": 0.5, "b1": 0.5})
    >>> as_csv([row]).splitlines()[1]
    'stratified,0,100,2.5,0.5,0.5,0.0,0.5,0.5'
    """
    names = list(dict.fromkeys(name for row in rows for name in row.shares))
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    head = ("method", "seed", "budget", "loss", "regret", "mixture_regret", "overhead")
    writer.writerow([*head, *(f"share_{name}" for name in names)])
    for row in rows:
        free = "" if row.mixture_regret is None else repr(row.mixture_regret)
        told = [row.method, row.seed, f"{row.budget:.10g}", repr(row.loss), repr(row.regret), free, repr(row.overhead)]
        writer.writerow([*told, *(repr(row.shares.get(name, 0.0)) for name in names)])
    return out.getvalue()
