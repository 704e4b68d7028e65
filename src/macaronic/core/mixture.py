"""How much of each: named weights on the simplex, and the exact whole numbers they stand for."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from macaronic.core.errors import UnknownName, UsageError

UNITS = ("tokens", "words", "bytes", "documents")


@dataclass(frozen=True)
class Mixture:
    """Named weights that sum to one, with the unit they count said.

    Weights are matched by name, never by position.

    Args:
        weights: name -> weight, finite and not negative, at least one above zero; scaled to sum to one.
        unit: what a share is a share of: tokens, words, bytes or documents.

    Raises:
        UsageError: a weight that is negative, NaN or infinite, or nothing above zero.

    >>> Mixture({"hi": 3, "en": 1}).weights
    {'hi': 0.75, 'en': 0.25}
    """

    weights: Mapping[str, float]
    unit: str = "words"

    def __post_init__(self) -> None:
        if self.unit not in UNITS:
            raise UnknownName("unit", self.unit, UNITS)
        for name, weight in self.weights.items():
            if not math.isfinite(weight) or weight < 0:
                raise UsageError(f"the weight of {name!r} must be a number that is not negative; got {weight}")
        total = math.fsum(self.weights.values())
        if not total > 0:
            raise UsageError("a mixture needs at least one weight above zero")
        object.__setattr__(self, "weights", {name: weight / total for name, weight in self.weights.items()})

    @property
    def names(self) -> tuple[str, ...]:
        """The names, in the order given."""
        return tuple(self.weights)

    @property
    def array(self) -> NDArray[np.float64]:
        """The weights in the order of `names`, shape (m,)."""
        return np.array(list(self.weights.values()), dtype=np.float64)

    def aligned(self, names: Iterable[str]) -> NDArray[np.float64]:
        """The weights in the order of `names`; a name that is missing here weighs nothing.

        Raises:
            UnknownName: this mixture weighs something that `names` lacks.

        >>> Mixture({"b": 1, "a": 3}).aligned(["a", "b", "c"]).tolist()
        [0.75, 0.25, 0.0]
        """
        order = list(names)
        for name in self.weights:
            if name not in order:
                raise UnknownName("source of a weight", name, order)
        return np.array([self.weights.get(name, 0.0) for name in order], dtype=np.float64)

    def allocate(self, budget: int) -> dict[str, int]:
        """Whole units for each name that sum to `budget` exactly, by largest remainder; ties go by name.

        Args:
            budget: how many units there are to share, at least 0.

        Raises:
            UsageError: a negative budget.

        >>> Mixture({"a": 1, "b": 1, "c": 1}).allocate(10)
        {'a': 4, 'b': 3, 'c': 3}
        """
        if budget < 0:
            raise UsageError(f"a budget cannot be negative; got {budget}")
        exact = {name: Fraction(weight) for name, weight in self.weights.items()}
        total = sum(exact.values())
        quota = {name: share / total * budget for name, share in exact.items()}
        whole = {name: int(q) for name, q in quota.items()}
        left = budget - sum(whole.values())
        for name in sorted(quota, key=lambda n: (whole[n] - quota[n], n))[:left]:
            whole[name] += 1
        return whole
