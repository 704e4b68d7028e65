"""Losses and gradients by name: put in order, checked, and never matched by position."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from macaronic.core.errors import UnknownName, UsageError
from macaronic.core.mixture import Mixture

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Gradients:
    """Gradients of one moment of training: of each domain's loss, and of the loss that matters.

    Args:
        domains: domain -> gradient of its mean loss, flat, all of one length; part of the parameters is enough.
        target: gradient of the loss that is to fall; the mean of the domains' gradients when left out.
    """

    domains: Mapping[str, ArrayLike]
    target: ArrayLike | None = None

    def matrix(self, names: Sequence[str]) -> Floats:
        """The domains' gradients in the order of `names`, shape (m, d).

        >>> Gradients({"b": [1, 2], "a": [3, 4]}).matrix(["a", "b"]).tolist()
        [[3.0, 4.0], [1.0, 2.0]]
        """
        known(self.domains, names, "domain of a gradient")
        missing = [name for name in names if name not in self.domains]
        if missing:
            raise UsageError(f"expected a gradient for every domain; none came for {', '.join(missing)}")
        rows = [np.asarray(self.domains[name], dtype=np.float64).ravel() for name in names]
        if len({len(row) for row in rows}) > 1:
            raise UsageError(f"gradients must have one length; got {[len(row) for row in rows]} for {list(names)}")
        return finite(np.stack(rows), "gradients")

    def towards(self, names: Sequence[str]) -> Floats:
        """The gradient of the loss that is to fall, shape (d,).

        >>> Gradients({"a": [1, 0], "b": [0, 1]}).towards(["a", "b"]).tolist()
        [0.5, 0.5]
        """
        rows = self.matrix(names)
        if self.target is None:
            return rows.mean(axis=0)
        target = finite(np.asarray(self.target, dtype=np.float64).ravel(), "the target's gradient")
        if len(target) != rows.shape[1]:
            raise UsageError(f"the target's gradient has {len(target)} numbers; the domains' have {rows.shape[1]}")
        return target


def known(values: Mapping[str, object], names: Sequence[str], kind: str) -> None:
    """Refuse a name that is not among `names`, with the nearest one suggested."""
    for name in values:
        if name not in names:
            raise UnknownName(kind, name, names)


def finite(array: Floats, what: str) -> Floats:
    """The array, when it holds numbers only.

    Raises:
        UsageError: NaN or infinity, as a run that diverged gives.
    """
    if not np.isfinite(array).all():
        raise UsageError(f"{what} must be numbers; got NaN or infinity (did the run diverge?)")
    return array


def ordered(values: Mapping[str, float], names: Sequence[str], kind: str, missing: Floats | None = None) -> Floats:
    """Values in the order of `names`, shape (n,).

    Args:
        values: name -> number.
        names: the order.
        kind: what a name names, for messages.
        missing: what stands for a name that has no value, shape (n,); None refuses that.

    Raises:
        UnknownName: a value for a name that is not among `names`.
        UsageError: a name without a value, a NaN or an infinity.

    >>> ordered({"b": 1.0, "a": 2.0}, ["a", "b"], "domain").tolist()
    [2.0, 1.0]
    """
    known(values, names, kind)
    lacking = [name for name in names if name not in values]
    if lacking and missing is None:
        raise UsageError(f"expected a value for every {kind}; none came for {', '.join(lacking)}")
    back = missing if missing is not None else np.zeros(len(names))
    row = np.array([values.get(name, back[i]) for i, name in enumerate(names)], dtype=np.float64)
    return finite(row, f"the values of each {kind}")


def softmax(scores: Floats) -> Floats:
    """Positive shares that sum to one, shape (m,); no overflow whatever the scores.

    >>> softmax(np.array([1000.0, 1000.0])).tolist()
    [0.5, 0.5]
    """
    raised = np.exp(scores - scores.max())
    return raised / raised.sum()


def logs(weights: Floats) -> Floats:
    """Logarithms of shares; a share of nothing stays nothing (minus infinity), without a warning."""
    with np.errstate(divide="ignore"):
        return np.log(weights)


def shares(weights: Mapping[str, float] | None, names: Sequence[str]) -> Floats:
    """Shares to begin with, in the order of `names`, shape (m,): even ones when none are given.

    Raises:
        UsageError: fewer than two names, a name twice, a negative share or nothing above zero.

    >>> shares({"a": 3, "b": 1}, ["b", "a"]).tolist()
    [0.25, 0.75]
    """
    if len(names) < 2 or len(set(names)) < len(names):
        raise UsageError(f"a mixture that changes needs two or more domains with names of their own; got {list(names)}")
    if weights is None:
        return np.full(len(names), 1 / len(names))
    row = ordered(weights, names, "domain", np.zeros(len(names)))
    if (row < 0).any() or not row.sum() > 0:
        raise UsageError("shares to begin with must not be negative, and one must be above zero")
    return row / row.sum()


def named(domains: Sequence[str], weights: Floats) -> Mixture:
    """Shares in the order of `domains` as a mixture that counts tokens.

    >>> named(["hi", "en"], np.array([3.0, 1.0])).weights
    {'hi': 0.75, 'en': 0.25}
    """
    return Mixture(dict(zip(domains, weights.tolist(), strict=True)), "tokens")
