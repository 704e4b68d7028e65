"""R&B: put texts into groups by meaning, then balance the groups by the gradients that training computes anyway.

Regrouping is `macaronic.mix.clusters.regroup` over embeddings. Balancing adds up the groups' mean gradients during a
round; their inner products say how training on one group helps another. The form of the update is written down from
memory of the paper and not checked against its text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from macaronic.core.errors import UsageError
from macaronic.core.mixture import Mixture
from macaronic.mix.online.named import Floats, Gradients, finite, known, named, shares, softmax


@dataclass(frozen=True, eq=False)
class State:
    """What balancing knows.

    Args:
        domains: names of the groups, the order of the arrays.
        goal: shares of the groups in the text that matters, shape (m,).
        weights: shares of this round, shape (m,).
        sums: sum of each group's gradients in this round, shape (m, d); (m, 0) at its begin.
        counts: how many gradients each sum holds, shape (m,).
    """

    domains: tuple[str, ...]
    goal: Floats
    weights: Floats
    sums: Floats
    counts: Floats

    @property
    def mixture(self) -> Mixture:
        """What to train on in this round."""
        return named(self.domains, self.weights)


def start(
    domains: Sequence[str], goal: Mapping[str, float] | None = None, prior: Mapping[str, float] | None = None
) -> State:
    """The state before training.

    Args:
        domains: names of two or more groups.
        goal: shares of the groups in the text that matters; even ones when left out.
        prior: shares of the first round; those of the goal when left out.

    >>> start(["c0", "c1"], {"c0": 3, "c1": 1}).mixture.weights
    {'c0': 0.75, 'c1': 0.25}
    """
    wanted = shares(goal, domains)
    weights = shares(prior, domains) if prior else wanted
    return State(tuple(domains), wanted, weights, np.zeros((len(wanted), 0)), np.zeros(len(wanted)))


def gather(state: State, gradients: Mapping[str, Floats]) -> State:
    """Add the gradients of one batch; groups that are not in it are left out.

    Args:
        state: within a round.
        gradients: group -> mean gradient of its loss in the batch, flat, all of one length; the last layer's is
            enough.

    Raises:
        UnknownName: a gradient of a group that is not known.
        UsageError: another length than before, or a NaN.

    >>> gather(start(["c0", "c1"]), {"c0": np.array([1.0, 2.0])}).counts.tolist()
    [1.0, 0.0]
    """
    known(gradients, state.domains, "domain of a gradient")
    if not gradients:
        return state
    size = len(next(iter(gradients.values())))
    sums = state.sums.copy() if state.sums.shape[1] else np.zeros((len(state.domains), size))
    counts = state.counts.copy()
    for name, gradient in gradients.items():
        if np.shape(gradient) != (sums.shape[1],):
            raise UsageError(f"expected gradients of {sums.shape[1]} numbers; got {np.shape(gradient)} for {name!r}")
        sums[state.domains.index(name)] += finite(np.asarray(gradient, dtype=np.float64), f"the gradient of {name!r}")
        counts[state.domains.index(name)] += 1
    return replace(state, sums=sums, counts=counts)


def gram(state: State) -> Floats:
    """Inner products of the groups' mean gradients, shape (m, m); zeros for a group without a gradient.

    >>> state = gather(start(["c0", "c1"]), {"c0": np.array([1.0, 2.0]), "c1": np.array([0.0, 1.0])})
    >>> gram(state).tolist()
    [[5.0, 2.0], [2.0, 1.0]]
    """
    means = state.sums / np.maximum(state.counts, 1)[:, None]
    return means @ means.T


def balance(state: State, *, rate: float, floor: float = 0.0, scale: bool = False) -> State:
    """End the round: the next shares are softmax(rate G goal), then a little of the even mixture.

    Args:
        state: at the end of a round.
        rate: how strongly gains decide, above 0.
        floor: share of the even mixture, 0 to 1.
        scale: divide G by its mean diagonal, so that the rate does not depend on the size of the gradients.

    Returns:
        the state at the begin of the next round; without any gradient the shares stay.

    Raises:
        UsageError: a rate or floor out of range.

    Source: Ge et al. 2025 (R&B), balance step, from memory.

    >>> state = gather(start(["c0", "c1"]), {"c0": np.array([1.0, 0.0]), "c1": np.array([0.0, 1.0])})
    >>> balance(state, rate=1.0).mixture.weights
    {'c0': 0.5, 'c1': 0.5}
    """
    if not rate > 0 or not 0 <= floor <= 1:
        raise UsageError(f"balancing needs a rate above 0 and a floor from 0 to 1; got {rate} and {floor}")
    m = len(state.domains)
    inner = gram(state)
    size = float(np.trace(inner)) / m if scale else 1.0
    weights = softmax(rate * (inner @ state.goal) / (size or 1.0)) if state.counts.any() else state.weights
    weights = (1 - floor) * weights + floor / m
    return replace(state, weights=weights, sums=np.zeros((m, 0)), counts=np.zeros(m))


def step(state: State, seen: Gradients, *, rate: float, floor: float = 0.0, scale: bool = False) -> State:
    """A round of one batch: `gather`, then `balance`; a target in `seen` is not used.

    >>> seen = Gradients({"c0": [2.0, 0.0], "c1": [0.0, 1.0]})
    >>> step(start(["c0", "c1"]), seen, rate=1.0).mixture.weights["c0"] > 0.8
    True
    """
    rows = seen.matrix(state.domains)
    return balance(gather(state, dict(zip(state.domains, rows, strict=True))), rate=rate, floor=floor, scale=scale)
