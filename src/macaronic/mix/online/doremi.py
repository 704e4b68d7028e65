"""DoReMi: raise the weight of domains where a small model is still worse than a reference model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from macaronic.core.errors import UsageError
from macaronic.core.mixture import Mixture
from macaronic.mix.online.named import Floats, logs, named, ordered, shares, softmax


@dataclass(frozen=True, eq=False)
class State:
    """What DoReMi knows.

    Args:
        domains: names, the order of the arrays.
        weights: weights of the domains' losses now, shape (m,).
        excess: last excess loss of each domain, shape (m,); one that is missing from a batch keeps it.
        total: sum of the weights over the steps, shape (m,).
        steps: how many steps were taken.
    """

    domains: tuple[str, ...]
    weights: Floats
    excess: Floats
    total: Floats
    steps: int = 0

    @property
    def mixture(self) -> Mixture:
        """The weights of the domains' losses now; the batch itself may be drawn evenly."""
        return named(self.domains, self.weights)

    @property
    def average(self) -> Mixture:
        """DoReMi's answer: the mean of the weights over all steps."""
        return named(self.domains, self.total if self.steps else self.weights)


def start(domains: Sequence[str], prior: Mapping[str, float] | None = None) -> State:
    """The state before training.

    Args:
        domains: two or more names.
        prior: weights to begin with; even ones when left out.

    >>> start(["hi", "en"]).average.weights
    {'hi': 0.5, 'en': 0.5}
    """
    weights = shares(prior, domains)
    return State(tuple(domains), weights, np.zeros(len(weights)), np.zeros(len(weights)))


def step(
    state: State,
    losses: Mapping[str, float],
    *,
    reference: Mapping[str, float],
    rate: float = 1.0,
    smoothing: float = 1e-3,
) -> State:
    """One step of exponentiated ascent on the excess losses, then a little of the even mixture.

    log a += rate max(0, loss - reference); a = softmax; a <- (1 - smoothing) a + smoothing / m.

    Args:
        state: before the step.
        losses: mean loss of each domain in the batch under the small model, in nats; may lack domains.
        reference: the same under the reference model, for every domain in `losses`.
        rate: step size, above 0.
        smoothing: share of the even mixture, 0 to 1.

    Raises:
        UsageError: a loss without its reference, a NaN, or a setting out of range.

    Source: Xie et al. 2023 (DoReMi), algorithm 1, as their code does it.

    >>> step(start(["hi", "en"]), {"hi": 3.0, "en": 2.0}, reference={"hi": 2.0, "en": 2.0}).mixture.weights["hi"] > 0.7
    True
    """
    if not rate > 0 or not 0 <= smoothing <= 1:
        raise UsageError(f"DoReMi needs a rate above 0 and smoothing from 0 to 1; got {rate} and {smoothing}")
    lacking = sorted(set(losses) - set(reference))
    if lacking:
        raise UsageError(f"expected a reference loss for every loss; none came for {', '.join(lacking)}")
    drawn = np.array([name in losses for name in state.domains])
    nothing = np.zeros(len(drawn))
    over = ordered(losses, state.domains, "domain", nothing) - ordered(reference, state.domains, "domain", nothing)
    excess = np.where(drawn, np.maximum(over, 0.0), state.excess)
    weights = softmax(logs(state.weights) + rate * excess)
    weights = (1 - smoothing) * weights + smoothing / len(weights)
    return replace(state, weights=weights, excess=excess, total=state.total + weights, steps=state.steps + 1)
